//! A returned file against what was exported and what the article has now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::model::{
    Article, Content, Lang, Note, NoteAbout, NoteKind, Origin, Provenance, Segment, SegmentId,
    State, Suggestion, Target, Translation,
};
use crate::xliff::{Unit, Version, XliffProblem};

use super::covered::{self, Place, sentence_ends};
use super::decide::{Case, Change, Outcome, states_less};
use super::normal::{bare_text, is_generated, kept_note, new_notes, same, same_note, tidy};
use super::pairing::{Answer, pair};
use super::quarantine::{Entry, Quarantine};
use super::returned::ReturnedFile;
use super::snapshot::Snapshot;
use super::{Action, Class, Plan, Reviewer, Row};

/// Works out what a returned `<file>` does to its article.
///
/// `snapshots` are those of the article and language. The one that the file names is taken; where
/// the tool dropped the name, the one whose targets the file has most of. Where neither is to be
/// had, nobody knows what was exported: then the article as it stands is compared with, and no
/// target that a person had a hand in is replaced. `version` is that of the returned file: the
/// quarantine is written in the same.
#[must_use]
pub fn merge(
    article: Article,
    lang: &Lang,
    snapshots: &[Snapshot],
    file: &ReturnedFile,
    version: Version,
    reviewer: &Reviewer,
) -> Plan {
    let fallback;
    let (snapshot, base_known) = if let Some(snapshot) = choose(snapshots, file) {
        (snapshot, true)
    } else {
        fallback = Snapshot::of(&article, lang, &crate::xliff::WriteOptions::default());
        (&fallback, false)
    };
    let places = segment_places(&article);
    let current = Current {
        article: &article,
        places: &places,
    };
    let pairing = pair(snapshot, file);
    let covers = if covered::any_blank(&pairing.answers) {
        covered::find(&in_blocks(snapshot, &pairing.answers, &current), lang)
    } else {
        BTreeMap::new()
    };
    let mut covered_sources: BTreeMap<&SegmentId, Vec<usize>> = BTreeMap::new();
    for (at, by) in &covers {
        covered_sources.entry(by).or_default().push(*at);
    }
    let repeated: BTreeSet<&str> = file
        .broken
        .iter()
        .filter(|unit| matches!(unit.problem, XliffProblem::Duplicate { .. }))
        .filter_map(|unit| unit.id.as_deref())
        .collect();
    let keeps_approvals = keeps_approvals(snapshot, &pairing.answers);
    // Where there is something to do or to say: nearly all units of a file are as they were.
    let mut found: BTreeMap<usize, Outcome> = BTreeMap::new();
    // Of the units whose targets cover others, those whose targets do not get into the article.
    let mut refused: BTreeMap<&SegmentId, (Class, String)> = BTreeMap::new();
    for (at, exported) in snapshot.units.iter().enumerate() {
        let segment = current.segment(&exported.id);
        let outcome = match pairing.answers[at] {
            Answer::Missing => {
                Outcome::kept(Class::Missing, "the file does not have it".to_owned())
            }
            Answer::Altered(unit) => altered(unit, exported, lang),
            Answer::AsExported(_) => match newer(exported, segment, lang) {
                None if repeated.is_empty() => continue,
                outcome => outcome.unwrap_or_else(|| Outcome::unchanged("")),
            },
            Answer::Unit(unit) if is_untouched(exported, unit, segment, lang) => {
                Outcome::unchanged("")
            }
            Answer::Unit(unit) | Answer::Renamed(unit) => Case {
                exported,
                unit,
                current: segment,
                source: joined_source(snapshot, &current, at, covered_sources.get(&exported.id)),
                covered_by: covers.get(&at).cloned(),
                source_lang: &article.lang,
                lang,
                base_known,
                keeps_approvals,
            }
            .decide(),
        };
        let outcome = told_once(outcome, exported, pairing.answers[at], &repeated, file);
        if covered_sources.contains_key(&exported.id)
            && let Some(reason) = outcome.refusal(segment.and_then(|segment| segment.target(lang)))
        {
            refused.insert(&exported.id, reason);
        }
        if !outcome.is_silent() {
            found.insert(at, outcome);
        }
    }
    for outcome in found.values_mut() {
        if let Some(Change::Cover(by)) = &outcome.change
            && let Some((class, reason)) = refused.get(by)
        {
            *outcome = Outcome::quarantined(
                *class,
                format!("merged into {by}, whose target is not in the article: {reason}"),
            );
        }
    }

    let mut merging = Merging {
        article,
        lang,
        reviewer,
        rows: Vec::with_capacity(snapshot.units.len()),
        entries: Vec::new(),
        places,
    };
    for (at, exported) in snapshot.units.iter().enumerate() {
        let outcome = found.remove(&at).unwrap_or_else(|| Outcome::unchanged(""));
        let (unit, line) = match pairing.answers[at] {
            Answer::Missing => (None, None),
            Answer::AsExported(line) => (None, Some(line)),
            Answer::Unit(unit) | Answer::Renamed(unit) | Answer::Altered(unit) => {
                (Some(unit), Some(unit.line))
            }
        };
        merging.take(exported, unit, line, outcome);
    }
    merging.unknown(&pairing.unknown);
    merging.broken(file, &pairing.answers, snapshot);
    merging.finish(version)
}

/// What the record says of a target whose approval was taken back: a doubt, so that it is found
/// until a person edits or approves the target.
fn rejection(reviewer: &Reviewer) -> Note {
    let by = reviewer.name.as_deref().unwrap_or("a reviewer");
    let when = reviewer.when.as_ref();
    let when = when.map_or_else(String::new, |day| format!(" ({day})"));
    Note {
        kind: NoteKind::Doubt,
        about: NoteAbout::Target,
        text: format!("No longer approved by {by}{when}: it wants review again."),
    }
}

/// The outcome, unless the file has more than one text under the unit's id, or nobody has chosen
/// between such texts yet.
fn told_once(
    mut outcome: Outcome,
    exported: &super::SnapshotUnit,
    answer: Answer<'_>,
    repeated: &BTreeSet<&str>,
    file: &ReturnedFile,
) -> Outcome {
    let first = match answer {
        Answer::AsExported(_) => Some((exported.id.as_str(), exported.target.clone())),
        Answer::Unit(unit) | Answer::Renamed(unit) => Some((unit.id.as_str(), unit.target())),
        Answer::Altered(_) | Answer::Missing => None,
    };
    if let Some((id, target)) = first
        && repeated.contains(id)
        && differs(file, id, target.as_ref())
    {
        let text = outcome.returned.or(target);
        let text = text.as_ref().map_or_else(String::new, Content::text);
        outcome = Outcome::quarantined(
            Class::Duplicate,
            format!(
                "the file has this id more than once, with different targets; the first is \
                 {text:?}"
            ),
        );
    }
    if let Answer::Unit(unit) | Answer::Renamed(unit) | Answer::Altered(unit) = answer
        && outcome.class != Class::Duplicate
        && is_undecided(unit)
    {
        outcome = Outcome::quarantined(
            Class::Duplicate,
            "nothing is chosen yet: write one of the texts that the notes have".to_owned(),
        );
    }
    outcome
}

/// Whether a unit of a quarantine still waits for a choice between texts that came back under one
/// id: its target is left blank until then.
fn is_undecided(unit: &Unit) -> bool {
    let start = format!("{}:", Class::Duplicate.name());
    unit.target().is_none_or(|target| target.is_blank())
        && unit
            .notes
            .iter()
            .any(|note| is_generated(&note.note) && note.note.text.starts_with(&start))
}

/// Why a unit of a quarantine that comes back was put there, as its notes say.
fn earlier_reasons(unit: &Unit) -> Vec<String> {
    let is_reason = |text: &str| {
        Class::ALL.iter().any(|class| {
            text.strip_prefix(class.name())
                .is_some_and(|rest| rest.starts_with(':'))
        })
    };
    let notes = unit.notes.iter().map(|note| &note.note);
    notes
        .filter(|note| is_generated(note) && is_reason(&note.text))
        .map(|note| note.text.clone())
        .collect()
}

/// What is to be said of a unit that is as it was exported: something only where the article has
/// another target now.
fn newer(
    exported: &super::SnapshotUnit,
    segment: Option<&Segment>,
    lang: &Lang,
) -> Option<Outcome> {
    let current = segment
        .and_then(|segment| segment.target(lang))
        .map(|target| &target.content);
    let exported = exported.target.as_ref();
    let as_it_was = match (current, exported) {
        (Some(one), Some(other)) => same(one, other),
        (None, _) => true,
        (Some(_), None) => false,
    };
    (!as_it_was).then(|| Outcome::unchanged("the article has a newer target, which stays"))
}

/// Whether exported, returned and current target are one and the same: so are most, and then there
/// is nothing to work out.
fn is_untouched(
    exported: &super::SnapshotUnit,
    unit: &Unit,
    segment: Option<&Segment>,
    lang: &Lang,
) -> bool {
    let [part] = unit.parts.as_slice() else {
        return false;
    };
    let current = segment
        .and_then(|segment| segment.targets.get(lang)?.target.as_ref())
        .map(|target| &target.content);
    part.target.is_some()
        && part.target == exported.target
        && current == exported.target.as_ref()
        && unit.state() <= exported.state
        && !states_less(unit, exported.state)
}

/// Whether any unit that was approved when it was exported came back so: then the tool writes
/// states as it finds them, and a lower one is not merely its default.
fn keeps_approvals(snapshot: &Snapshot, answers: &[Answer<'_>]) -> bool {
    let approved = snapshot.units.iter().zip(answers);
    approved
        .filter(|(exported, _)| exported.state >= State::Reviewed)
        .any(|(exported, answer)| match answer {
            Answer::AsExported(_) => true,
            Answer::Unit(unit) | Answer::Renamed(unit) => {
                unit.state() >= exported.state && !states_less(unit, exported.state)
            }
            Answer::Altered(_) | Answer::Missing => false,
        })
}

/// The snapshot that a file answers.
fn choose<'a>(snapshots: &'a [Snapshot], file: &'a ReturnedFile) -> Option<&'a Snapshot> {
    if let Some(snapshot) = &file.snapshot {
        return Some(snapshot);
    }
    if let Some(name) = file.export() {
        return snapshots.iter().find(|snapshot| snapshot.name == name);
    }
    if let [only] = snapshots {
        return Some(only);
    }
    let units: HashMap<&str, &Unit> = file
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit))
        .collect();
    let agreeing = |snapshot: &&Snapshot| {
        snapshot
            .units
            .iter()
            .filter(|exported| {
                let Some(unit) = units.get(exported.id.as_str()) else {
                    return false;
                };
                match (unit.target(), &exported.target) {
                    (Some(one), Some(other)) => same(&one, other),
                    (None, None) => true,
                    _ => false,
                }
            })
            .count()
    };
    snapshots.iter().max_by_key(agreeing)
}

/// Where a segment stands: its block (none for the obsolete ones) and its place there.
type SegmentPlaces = FxHashMap<SegmentId, (Option<usize>, usize)>;

fn segment_places(article: &Article) -> SegmentPlaces {
    let mut places = SegmentPlaces::default();
    places.reserve(article.segments().count() + article.obsolete.len());
    for (at, segment) in article.obsolete.iter().enumerate() {
        places.insert(segment.id.clone(), (None, at));
    }
    for (block, found) in article.blocks.iter().enumerate() {
        for (at, segment) in found.segments.iter().enumerate() {
            places.insert(segment.id.clone(), (Some(block), at));
        }
    }
    places
}

/// The segments of the article by id, with their blocks.
struct Current<'a> {
    article: &'a Article,
    places: &'a SegmentPlaces,
}

impl<'a> Current<'a> {
    fn segment(&self, id: &SegmentId) -> Option<&'a Segment> {
        match *self.places.get(id)? {
            (Some(block), at) => self.article.blocks.get(block)?.segments.get(at),
            (None, at) => self.article.obsolete.get(at),
        }
    }

    fn block(&self, id: &SegmentId) -> Option<usize> {
        self.places.get(id)?.0
    }
}

fn in_blocks<'a>(
    snapshot: &'a Snapshot,
    answers: &[Answer<'a>],
    current: &Current<'_>,
) -> Vec<Place<'a>> {
    snapshot
        .units
        .iter()
        .zip(answers)
        .map(|(exported, &answer)| {
            let source = current
                .segment(&exported.id)
                .map(|segment| segment.source.text());
            Place {
                exported,
                answer,
                block: current.block(&exported.id).unwrap_or(usize::MAX),
                source_length: source.as_ref().map(|text| text.chars().count()),
                source_ends: source.as_deref().map_or(0, sentence_ends),
            }
        })
        .collect()
}

/// The source of a unit with those that its target covers too, in the order of the article.
fn joined_source(
    snapshot: &Snapshot,
    current: &Current<'_>,
    at: usize,
    covered: Option<&Vec<usize>>,
) -> Content {
    let mut places = covered.cloned().unwrap_or_default();
    places.push(at);
    places.sort_unstable();
    let mut joined = Content::default();
    for place in places {
        if let Some(segment) = current.segment(&snapshot.units[place].id) {
            joined.extend(&segment.source);
        }
    }
    joined
}

/// A unit of the right id with another source.
fn altered(unit: &Unit, exported: &super::SnapshotUnit, lang: &Lang) -> Outcome {
    let target = unit
        .target()
        .map(|target| tidy(&target, &unit.source(), exported.target.as_ref(), lang))
        .filter(|target| !target.is_blank());
    let untouched = match (&target, &exported.target) {
        (None, _) => true,
        (Some(one), Some(other)) => same(one, other),
        (Some(target), None) => bare_text(target) == bare_text(&unit.source()),
    };
    let text = unit.source().text();
    let message = format!("the file has another source under this id: {text:?}");
    let outcome = if untouched {
        Outcome::kept(Class::SourceAltered, message)
    } else {
        Outcome::quarantined(Class::SourceAltered, message)
    };
    Outcome {
        returned: target,
        ..outcome
    }
}

/// Whether the units that repeat this id have other targets than the first one.
fn differs(file: &ReturnedFile, id: &str, first: Option<&Content>) -> bool {
    file.broken
        .iter()
        .filter(|broken| broken.id.as_deref() == Some(id))
        .any(|broken| {
            broken
                .unit
                .as_ref()
                .is_none_or(|other| match (other.target(), first) {
                    (Some(one), Some(other)) => !same(&one, other),
                    (one, other) => one.is_some() != other.is_some(),
                })
        })
}

struct Merging<'a> {
    article: Article,
    lang: &'a Lang,
    reviewer: &'a Reviewer,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    places: SegmentPlaces,
}

impl Merging<'_> {
    fn segment(&mut self, id: &SegmentId) -> Option<&mut Segment> {
        match *self.places.get(id)? {
            (Some(block), at) => self.article.blocks.get_mut(block)?.segments.get_mut(at),
            (None, at) => self.article.obsolete.get_mut(at),
        }
    }

    /// Takes in what was found out about a unit.
    fn take(
        &mut self,
        exported: &super::SnapshotUnit,
        unit: Option<&Unit>,
        line: Option<u32>,
        mut outcome: Outcome,
    ) {
        let id = exported.id.clone();
        let new: Vec<Note> = unit.map_or_else(Vec::new, |unit| {
            new_notes(unit, &exported.notes).map(kept_note).collect()
        });
        // Where the article has lost the sentence, nothing but the quarantine can keep them.
        let homeless = self.segment(&id).is_none() && !new.is_empty();
        let (notes, left) = if homeless {
            if outcome.action != Action::Quarantined {
                outcome = Outcome {
                    returned: outcome.returned,
                    ..Outcome::quarantined(
                        Class::SourceChanged,
                        "the article does not have this sentence any more, and there is a note on \
                         it"
                        .to_owned(),
                    )
                };
            }
            (0, new)
        } else {
            (self.add_notes(&id, new), Vec::new())
        };
        let mut message = outcome.message;
        if let Some(state) = unit.and_then(|unit| unit.odd_state.as_ref()) {
            if !message.is_empty() {
                message.push_str("; ");
            }
            let _ = write!(
                message,
                "the state {state:?} does not exist and counts as none"
            );
        }
        if let Some(change) = outcome.change {
            self.apply(&id, unit, change);
        }
        if outcome.action == Action::Quarantined {
            self.entries.push(Entry {
                id: id.clone(),
                source: unit.map(Unit::source),
                target: outcome.returned,
                state: unit.map_or(exported.state, Unit::state),
                reason: format!("{}: {message}", outcome.class.name()),
                earlier: unit.map_or_else(Vec::new, earlier_reasons),
                notes: left,
            });
        }
        self.rows.push(Row {
            id,
            line,
            class: outcome.class,
            action: outcome.action,
            message,
            notes,
        });
    }

    /// Gives the segment the notes that it does not have; says how many those are.
    fn add_notes(&mut self, id: &SegmentId, new: Vec<Note>) -> usize {
        if new.is_empty() {
            return 0;
        }
        let lang = self.lang.clone();
        let Some(segment) = self.segment(id) else {
            return 0;
        };
        let mut added = 0;
        for note in new {
            let translation = segment.targets.get(&lang);
            let known = segment
                .notes
                .iter()
                .chain(translation.into_iter().flat_map(|t| &t.notes))
                .any(|known| same_note(&known.text, &note.text));
            if !known {
                segment.targets.get_or_default(&lang).notes.push(note);
                added += 1;
            }
        }
        added
    }

    fn apply(&mut self, id: &SegmentId, unit: Option<&Unit>, change: Change) {
        let lang = self.lang.clone();
        let step = |origin| Provenance {
            origin,
            by: self.reviewer.name.clone(),
            when: self.reviewer.when.clone(),
        };
        let (edited, reviewed) = (step(Origin::Edited), step(Origin::Reviewed));
        let rejected = rejection(self.reviewer);
        let Some(segment) = self.segment(id) else {
            return;
        };
        let translation: &mut Translation = segment.targets.get_or_default(&lang);
        if matches!(change, Change::Edit(..) | Change::Raise(_)) {
            // A person has looked at it: what was doubted is settled.
            let doubted = |note: &Note| {
                note.kind == NoteKind::Doubt && matches!(note.about, NoteAbout::Target)
            };
            translation.notes.retain(|note| !doubted(note));
        }
        match change {
            Change::Edit(content, state) => {
                let old = translation.target.take();
                let mut provenance = old.map(|target| target.provenance).unwrap_or_default();
                provenance.push(edited);
                if state >= State::Reviewed {
                    provenance.push(reviewed);
                }
                translation.covered_by = None;
                translation.target = Some(Target {
                    content,
                    state,
                    provenance,
                });
            }
            Change::Raise(state) => {
                if let Some(target) = &mut translation.target {
                    target.state = state;
                    target.provenance.push(reviewed);
                }
            }
            Change::Lower(state) => {
                if let Some(target) = &mut translation.target {
                    target.state = state;
                }
                translation.notes.push(rejected);
            }
            Change::Suggest(content, state) => translation.suggestions.push(Suggestion {
                source: unit.map(Unit::source).unwrap_or_default(),
                target: Target {
                    content,
                    state,
                    provenance: vec![edited],
                },
                similarity: 0,
            }),
            Change::Cover(by) => {
                translation.target = None;
                translation.covered_by = Some(by);
            }
        }
    }

    fn unknown(&mut self, units: &[&Unit]) {
        for unit in units {
            let target = unit.target().filter(|target| !target.is_blank());
            let id = SegmentId::new(unit.id.clone());
            // Some tools add a unit of their own, such as the header of a PO file.
            let source = unit.source();
            let nothing = source.is_blank()
                || target
                    .as_ref()
                    .is_some_and(|target| bare_text(target) == bare_text(&source));
            let notes: Vec<Note> = new_notes(unit, &[]).map(kept_note).collect();
            let mut message = if nothing {
                "a unit that the tool added; there is no translation in it"
            } else {
                "the export did not have this unit"
            }
            .to_owned();
            // What a tool notes on its own head is told; a note on a sentence waits with it.
            if source.is_blank() {
                for note in &notes {
                    let _ = write!(message, "; it has the note {:?}", note.text);
                }
            }
            let is_noted = !notes.is_empty() && !source.is_blank();
            let action = if target.is_some() && !nothing || is_noted {
                self.entries.push(Entry {
                    id: id.clone(),
                    source: Some(unit.source()),
                    target,
                    state: unit.state(),
                    reason: format!("unknown: {message}"),
                    earlier: earlier_reasons(unit),
                    notes,
                });
                Action::Quarantined
            } else {
                Action::Kept
            };
            self.rows.push(Row {
                id,
                line: Some(unit.line),
                class: Class::Unknown,
                action,
                message,
                notes: 0,
            });
        }
    }

    fn broken(&mut self, file: &ReturnedFile, answers: &[Answer<'_>], snapshot: &Snapshot) {
        // The targets of the units that have an id first, and what was exported under each.
        let mut firsts: FxHashMap<&str, Option<Content>> = FxHashMap::default();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        if !file.broken.is_empty() {
            let ids = snapshot.units.iter().map(|unit| unit.id.as_str());
            places.extend(ids.zip(0..));
            let units = file.units.iter();
            firsts.extend(units.map(|unit| (unit.id.as_str(), unit.target())));
            for (exported, answer) in snapshot.units.iter().zip(answers) {
                if matches!(answer, Answer::AsExported(_)) {
                    firsts.insert(exported.id.as_str(), exported.target.clone());
                }
            }
        }
        for unit in &file.broken {
            let duplicate = matches!(unit.problem, XliffProblem::Duplicate { .. });
            let id = unit.id.as_deref().unwrap_or_default();
            let first = firsts.get(id);
            let exported = places.get(id).map(|&at| &snapshot.units[at]);
            let known = exported.map_or(&[][..], |exported| &exported.notes);
            let notes = unit.unit.iter().flat_map(|unit| new_notes(unit, known));
            let mut notes: Vec<Note> = notes.map(kept_note).collect();
            let id = SegmentId::new(id);
            let repeats = first.is_some_and(|first| !differs(file, id.as_str(), first.as_ref()));
            let at_home = notes.is_empty() || self.segment(&id).is_some();
            if duplicate && repeats && at_home {
                let added = self.add_notes(&id, notes);
                // Rows come in the order of the snapshot first.
                let at = places.get(id.as_str()).copied();
                if let Some(row) = at.and_then(|at| self.rows.get_mut(at)) {
                    row.notes += added;
                }
                continue;
            }
            let class = if duplicate {
                Class::Duplicate
            } else {
                Class::Broken
            };
            let message = unit.problem.to_string();
            let target = unit.unit.as_ref().and_then(Unit::target);
            let known = self.entries.iter_mut().find(|entry| entry.id == id);
            let text = target
                .as_ref()
                .map_or_else(|| unit.text.clone(), Content::text);
            let said = format!(
                "{}: {message}; it has the text {:?}",
                class.name(),
                text.trim()
            );
            match known {
                Some(entry) => {
                    entry.reason.push_str("; ");
                    entry.reason.push_str(&said);
                    entry.notes.append(&mut notes);
                }
                None => self.entries.push(Entry {
                    id: id.clone(),
                    source: unit.unit.as_ref().map(Unit::source),
                    // Which of them is meant, a person says.
                    target: target.filter(|_| !duplicate),
                    state: State::Initial,
                    reason: said,
                    earlier: unit.unit.as_ref().map_or_else(Vec::new, earlier_reasons),
                    notes,
                }),
            }
            self.rows.push(Row {
                id,
                line: Some(unit.line),
                class,
                action: Action::Quarantined,
                message,
                notes: 0,
            });
        }
    }

    fn finish(self, version: Version) -> Plan {
        let quarantine = Quarantine::new(&self.article, self.lang, version, self.entries);
        Plan {
            article: self.article,
            rows: self.rows,
            quarantine,
        }
    }
}
