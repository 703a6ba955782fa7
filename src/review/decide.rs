//! One unit: exported, returned, current.

use crate::model::{Content, Inline, Lang, Origin, Segment, SegmentId, State, Target};
use crate::xliff::Unit;

use super::normal::{bare_text, new_notes, same, tidy};
use super::snapshot::{SnapshotUnit, source_hash};
use super::{Action, Class};

/// What a unit comes to.
pub(super) struct Outcome {
    pub(super) class: Class,
    pub(super) action: Action,
    pub(super) message: String,
    pub(super) change: Option<Change>,
    /// The returned target as the record would keep it.
    pub(super) returned: Option<Content>,
}

/// What the article takes over.
pub(super) enum Change {
    /// This target, written by the reviewer.
    Edit(Content, State),
    /// The state of a target that stays.
    Raise(State),
    /// A lower state of a target that stays: a reviewer took the approval back.
    Lower(State),
    /// This target of an earlier source, as a suggestion.
    Suggest(Content, State),
    /// The target is part of that of this segment.
    Cover(SegmentId),
}

/// All that is known of a unit whose returned source is the exported one.
pub(super) struct Case<'a> {
    pub(super) exported: &'a SnapshotUnit,
    pub(super) unit: &'a Unit,
    /// The segment as the article has it now, perhaps among the obsolete ones.
    pub(super) current: Option<&'a Segment>,
    /// The source with those of the segments that the returned target covers too.
    pub(super) source: Content,
    /// The segment that covers this one, as the file shows it.
    pub(super) covered_by: Option<SegmentId>,
    pub(super) source_lang: &'a Lang,
    pub(super) lang: &'a Lang,
    /// Whether `exported` is what was exported; else it is what the article has now.
    pub(super) base_known: bool,
    /// Whether other approved units of the file came back approved.
    pub(super) keeps_approvals: bool,
}

/// Whether a unit says of itself less than was exported: in so many words, not by the lack of a
/// state, which is what a tool leaves that knows none.
pub(super) fn states_less(unit: &Unit, exported: State) -> bool {
    unit.stated.is_some_and(|stated| stated < exported)
        || (unit.approved == Some(false) && exported >= State::Reviewed)
}

fn nonblank(content: Option<&Content>) -> Option<&Content> {
    content.filter(|content| !content.is_blank())
}

impl Case<'_> {
    pub(super) fn decide(&self) -> Outcome {
        let exported = nonblank(self.exported.target.as_ref());
        let returned = self
            .unit
            .target()
            .map(|raw| {
                let target = tidy(&raw, &self.source, exported, self.lang);
                match exported {
                    Some(exported)
                        if same(&raw, exported) || self.is_relaid(&raw, &target, exported) =>
                    {
                        exported.clone()
                    }
                    _ => target,
                }
            })
            .filter(|target| !target.is_blank());
        let mut outcome = match &returned {
            None => self.blank(exported),
            Some(target) => self.written(target, exported),
        };
        outcome.returned = returned;
        outcome
    }

    /// Whether the target differs from the exported one in nothing but what tools do to a text that
    /// they lay out, cut into segments, or escape once too often.
    fn is_relaid(&self, raw: &Content, target: &Content, exported: &Content) -> bool {
        let has_line = |content: &Content| content.text().contains('\n');
        let laid_out = self.unit.segmented || has_line(raw) && !has_line(exported);
        let text = bare_text(target);
        let same_text = if laid_out {
            text == bare_text(exported)
        } else {
            text.contains('&') && unescaped(&text) == bare_text(exported)
        };
        same_text && codes(target).eq(codes(exported))
    }

    fn current_target(&self) -> Option<&Target> {
        let target = self.current?.targets.get(self.lang)?.target.as_ref()?;
        (!target.content.is_blank()).then_some(target)
    }

    fn current_cover(&self) -> Option<&SegmentId> {
        self.current?.covered_by(self.lang)
    }

    fn source_changed(&self) -> bool {
        self.current
            .is_none_or(|segment| source_hash(&segment.source) != self.exported.source)
    }

    /// The returned target is blank.
    fn blank(&self, exported: Option<&Content>) -> Outcome {
        let current = self.current_target();
        if let Some(by) = &self.covered_by {
            if self.current_cover() == Some(by) && current.is_none() {
                return Outcome::unchanged("");
            }
            if !same_or_none(current.map(|target| &target.content), exported) {
                return Outcome::quarantined(
                    Class::Conflict,
                    format!(
                        "merged into {by}, but the article has a newer target here; \
                         empty it there or put the sentences apart again"
                    ),
                );
            }
            return Outcome::applied(
                Class::Covered,
                format!("the target of {by} says this too"),
                Change::Cover(by.clone()),
            );
        }
        match (exported, current) {
            (None, _) | (_, None) => Outcome::unchanged(""),
            (Some(_), Some(_)) => Outcome::quarantined(
                Class::Emptied,
                "the target came back empty; the article keeps its own. Delete it there if it is \
                 to go"
                    .to_owned(),
            ),
        }
    }

    fn written(&self, target: &Content, exported: Option<&Content>) -> Outcome {
        let current = self.current_target();
        let raised = Some(self.unit.state()).filter(|&state| state > self.exported.state);
        if let Some(current) = current
            && same(&current.content, target)
        {
            return match raised.filter(|&state| state > current.state) {
                Some(_) if self.source_changed() => Outcome::kept(
                    Class::SourceChanged,
                    "approved before its source changed; it wants a look".to_owned(),
                ),
                Some(state) => Outcome::applied(
                    Class::Approved,
                    format!("{} → {}", current.state.name(), state.name()),
                    Change::Raise(state),
                ),
                None => self
                    .lowered(current)
                    .unwrap_or_else(|| Outcome::unchanged("")),
            };
        }
        if exported.is_some_and(|exported| same(exported, target)) {
            return match raised {
                None => Outcome::unchanged("the article has a newer target, which stays")
                    .quiet_unless(current.is_some()),
                Some(_) if self.source_changed() => Outcome::kept(
                    Class::SourceChanged,
                    "approved before its source changed; it wants a look".to_owned(),
                ),
                Some(_) => Outcome::quarantined(
                    Class::Conflict,
                    "approved as it was exported, but the article has another target now"
                        .to_owned(),
                ),
            };
        }
        if let Some(exported) = exported
            && has_no_codes(target)
            && bare_text(exported) == bare_text(target)
        {
            return Outcome::unchanged("the tool dropped the inline codes; the text is the same");
        }
        if let Some(outcome) = self.copied(target, exported) {
            return outcome;
        }
        if self.source_changed() {
            return self.suggest(target);
        }
        let Err(error) = target.check_codes(&self.source) else {
            return self.edit(target, exported, current, raised);
        };
        match enclosed(target, &self.source) {
            Some(target) => {
                let mut outcome = self.edit(&target, exported, current, raised);
                if outcome.action == Action::Applied {
                    outcome.message = String::from(
                        "the tool dropped the inline codes; they enclose the whole sentence and \
                         were put back",
                    );
                }
                outcome
            }
            None => Outcome::quarantined(Class::CodesBroken, error.to_string()),
        }
    }

    fn suggest(&self, target: &Content) -> Outcome {
        let Some(segment) = self.current else {
            return Outcome::quarantined(
                Class::SourceChanged,
                "the article does not have this sentence any more".to_owned(),
            );
        };
        let known = segment.targets.get(self.lang).is_some_and(|translation| {
            translation
                .suggestions
                .iter()
                .any(|suggestion| same(&suggestion.target.content, target))
        });
        if known {
            return Outcome::unchanged("offered as a suggestion already");
        }
        Outcome {
            class: Class::SourceChanged,
            action: Action::Suggested,
            message: "the source was changed after the export; the target is offered".to_owned(),
            change: Some(Change::Suggest(
                target.clone(),
                self.unit.state().max(State::Translated),
            )),
            returned: None,
        }
    }

    fn edit(
        &self,
        target: &Content,
        exported: Option<&Content>,
        current: Option<&Target>,
        raised: Option<State>,
    ) -> Outcome {
        let mut message = String::new();
        let moved_on = !same_or_none(current.map(|target| &target.content), exported)
            || self.current_cover() != self.exported.covered_by.as_ref()
            || (!self.base_known && current.is_some());
        if moved_on {
            match current {
                Some(current) if is_draft(current) => {
                    message.push_str("replaces a draft that no person had seen");
                }
                // Somebody took the target away, which is an edit too.
                _ => {
                    let now = current.map_or_else(String::new, |target| target.content.text());
                    return Outcome::quarantined(
                        Class::Conflict,
                        if self.base_known {
                            format!("the article has a newer target: {now:?}; choose one")
                        } else {
                            format!(
                                "the file does not say which export it answers, and the article \
                                 has {now:?}; choose one"
                            )
                        },
                    );
                }
            }
        }
        // A state that stood in the export says nothing about a text that came after it.
        let state = raised.unwrap_or_default().max(State::Translated);
        Outcome::applied(Class::Edited, message, Change::Edit(target.clone(), state))
    }

    /// What is to be done about a target that is as it was, of a unit that states less than was
    /// exported: nothing is to be said if it states no less, or if no approval is left to take
    /// back.
    ///
    /// A reviewer who rejects a sentence wants it reviewed again. Taken for a rejection is only
    /// what says that there is work to do (`needs-review-translation`), in a file that left other
    /// approvals alone or with a note of the reviewer beside it. What a tool may write by itself
    /// (`approved="no"`, `translated` for a sentence that was only opened, one state for all) is
    /// told and lowers nothing.
    fn lowered(&self, current: &Target) -> Option<Outcome> {
        let exported = self.exported.state;
        let is_approved = exported.min(current.state) >= State::Reviewed;
        if !is_approved || !states_less(self.unit, exported) {
            return None;
        }
        let has_note = || new_notes(self.unit, &self.exported.notes).next().is_some();
        let is_rejection = self.unit.needs_work && (self.keeps_approvals || has_note());
        let as_exported = self.base_known && current.state == exported && !self.source_changed();
        let (was, lower) = (current.state.name(), State::Translated);
        Some(if is_rejection && as_exported {
            Outcome::applied(
                Class::Rejected,
                format!("{was} → {}: the file says that it needs work", lower.name()),
                Change::Lower(lower),
            )
        } else {
            let said = match self.unit.stated {
                _ if self.unit.needs_work => "that it needs work",
                Some(stated) if stated < exported => stated.name(),
                _ => "that it is not approved",
            };
            Outcome::kept(
                Class::Rejected,
                format!(
                    "the file says {said}, which a tool may have written by itself; the article \
                     keeps it as {was}. If a person took the approval back, set the state in the \
                     record to translated"
                ),
            )
        })
    }

    /// What is to be done about a target that is the source; none if it is another text, or if it
    /// may be the same in both languages and a person says that it is.
    ///
    /// Tools show and send back the source where there is no target, and so does a hand-out with
    /// copied sources. The snapshot can't tell, since one snapshot serves both: the state does.
    /// Who leaves it at `new` or without a word has said nothing.
    fn copied(&self, target: &Content, exported: Option<&Content>) -> Option<Outcome> {
        let text = bare_text(target);
        // The source of the file too: the article may have another one by now.
        if text != bare_text(&self.source) && text != bare_text(&self.unit.source()) {
            return None;
        }
        // A figure is its own translation.
        if !text.contains(char::is_alphabetic) {
            return None;
        }
        let may_be_same = self.source_lang.primary() == self.lang.primary()
            || !(text.chars().any(|c| c.is_alphabetic() && !c.is_ascii())
                || target.text().split_whitespace().count() > 3);
        let untouched = exported.is_none() && self.unit.state() == State::Initial;
        match (may_be_same, exported) {
            (true, _) if untouched => Some(Outcome::kept(
                Class::TargetEqualsSource,
                "a copy of the source that no state calls a translation; if it is one, set its \
                 state to translated and merge again"
                    .to_owned(),
            )),
            (true, _) => None,
            (false, None) if self.unit.approved != Some(true) => {
                Some(Outcome::kept(Class::TargetEqualsSource, String::new()))
            }
            (false, _) => Some(Outcome::quarantined(
                Class::TargetEqualsSource,
                "the target is a copy of the source".to_owned(),
            )),
        }
    }
}

/// The text with one layer of XML's escapes taken off.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The codes in order: what each does, and its id.
fn codes(content: &Content) -> impl Iterator<Item = (u8, &str)> {
    content.inlines().iter().filter_map(|inline| match inline {
        Inline::Text(_) => None,
        Inline::Open(code) => Some((0, code.id.as_str())),
        Inline::Close(id) => Some((1, id.as_str())),
        Inline::Placeholder(code) => Some((2, code.id.as_str())),
    })
}

fn has_no_codes(content: &Content) -> bool {
    content
        .inlines()
        .iter()
        .all(|inline| matches!(inline, Inline::Text(_)))
}

/// A target that lost all its codes, with those of its source put back, where there is only one
/// place for them: before and behind the whole sentence.
fn enclosed(target: &Content, source: &Content) -> Option<Content> {
    let is_text = |inline: &Inline| matches!(inline, Inline::Text(_));
    let inlines = source.inlines();
    let text = inlines.iter().position(is_text)?;
    let one_text = inlines.iter().filter(|inline| is_text(inline)).count() == 1;
    let opens_first = inlines[..text]
        .iter()
        .all(|inline| matches!(inline, Inline::Open(_)));
    let closes_last = inlines[text + 1..]
        .iter()
        .all(|inline| matches!(inline, Inline::Close(_)));
    if !has_no_codes(target) || !one_text || !opens_first || !closes_last {
        return None;
    }
    let mut whole: Content = inlines[..text].iter().cloned().collect();
    whole.extend(target);
    for code in &inlines[text + 1..] {
        whole.push(code.clone());
    }
    whole.check_codes(source).ok()?;
    Some(whole)
}

fn same_or_none(one: Option<&Content>, other: Option<&Content>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => same(one, other),
        _ => false,
    }
}

/// Whether no person has had a hand in a target.
fn is_draft(target: &Target) -> bool {
    target.state < State::Reviewed
        && !target.provenance.is_empty()
        && target
            .provenance
            .iter()
            .all(|step| !matches!(step.origin, Origin::Edited | Origin::Reviewed))
}

impl Outcome {
    pub(super) fn unchanged(message: &str) -> Self {
        Self::kept(Class::Unchanged, message.to_owned())
    }

    /// Whether there is nothing to do and nothing to say.
    pub(super) fn is_silent(&self) -> bool {
        self.class == Class::Unchanged && self.message.is_empty() && self.change.is_none()
    }

    /// Why the returned target is not in the article once this is done; none if it is. `current` is
    /// what the article has before.
    pub(super) fn refusal(&self, current: Option<&Target>) -> Option<(Class, String)> {
        let is_there = current
            .zip(self.returned.as_ref())
            .is_some_and(|(current, returned)| same(&current.content, returned));
        if matches!(self.change, Some(Change::Edit(..))) {
            return None;
        }
        if is_there && self.action != Action::Quarantined {
            return None;
        }
        // Offered now, or offered by an earlier merge: the reason is the same.
        let offered = self.action == Action::Suggested || self.class == Class::Unchanged;
        Some(if offered {
            (
                Class::SourceChanged,
                "the source was changed after the export; the target is only offered".to_owned(),
            )
        } else {
            (self.class, self.message.clone())
        })
    }

    fn quiet_unless(mut self, said: bool) -> Self {
        if !said {
            self.message.clear();
        }
        self
    }

    pub(super) fn kept(class: Class, message: String) -> Self {
        Self {
            class,
            action: Action::Kept,
            message,
            change: None,
            returned: None,
        }
    }

    pub(super) fn quarantined(class: Class, message: String) -> Self {
        Self {
            action: Action::Quarantined,
            ..Self::kept(class, message)
        }
    }

    fn applied(class: Class, message: String, change: Change) -> Self {
        Self {
            action: Action::Applied,
            change: Some(change),
            ..Self::kept(class, message)
        }
    }
}
