//! What a person decided about suspects and repairs: a file beside the source, so that the
//! decision outlives the next run.
//!
//! ```toml
//! [[decision]]
//! line = 21
//! as_read = "纳人"
//! action = "accept"     # take the suggestion
//!
//! [[decision]]
//! line = 43
//! as_read = "人企"
//! action = "rewrite"    # write something else
//! text = "入企"
//!
//! [[decision]]
//! line = 61
//! as_read = "拆旧"
//! action = "reject"     # it is right as it stands
//!
//! [[decision]]
//! line = 12
//! rule = "line.join"
//! action = "reject"     # don't join what follows line 12
//! ```

use serde::Deserialize;

use super::suspects::LineFinder;
use crate::model::{Passage, RepairRef, Repairs, undo};

/// The decisions about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions(Vec<Decision>);

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// The 1-based line of the source.
    line: u32,
    /// The suspect word, as the report shows it; for a repair what the file has.
    #[serde(default)]
    as_read: Option<String>,
    /// The rule, where a line has several doubts about the same word.
    #[serde(default)]
    rule: Option<String>,
    action: Action,
    /// What to write, for `rewrite`.
    #[serde(default)]
    text: Option<String>,
    /// Which of several equal words of the line, from 1.
    #[serde(default)]
    occurrence: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Accept,
    Reject,
    Rewrite,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    decision: Vec<Decision>,
}

/// Why a file of decisions can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// It is not TOML of this form.
    #[error(
        "{path}: {message}; each [[decision]] has line, action (accept, reject or rewrite) and as_read or rule"
    )]
    Syntax {
        /// The file.
        path: String,
        /// What is wrong, with the line.
        message: String,
    },
    /// A decision lacks what its action needs.
    #[error("{path}: the decision about line {line} {problem}")]
    Incomplete {
        /// The file.
        path: String,
        /// The line of the source that it is about.
        line: u32,
        /// What is missing.
        problem: &'static str,
    },
}

impl Decisions {
    /// The name of the file of decisions about `source`.
    #[must_use]
    pub fn file_of(source: &str) -> String {
        format!("{source}.repairs.toml")
    }

    /// Reads the text of a file of decisions; `path` names it in errors.
    pub fn parse(path: &str, text: &str) -> Result<Self, DecisionError> {
        let file: File = toml::from_str(text).map_err(|error| DecisionError::Syntax {
            path: path.to_owned(),
            message: error.to_string().trim().replace('\n', " "),
        })?;
        for decision in &file.decision {
            let problem = match decision.action {
                Action::Rewrite if decision.text.is_none() => "is to rewrite, but has no text",
                Action::Rewrite | Action::Accept if decision.as_read.is_none() => {
                    "does not say which word it is about: give as_read"
                }
                Action::Accept | Action::Reject if decision.text.is_some() => {
                    "has a text: say rewrite for that"
                }
                Action::Reject if decision.as_read.is_none() && decision.rule.is_none() => {
                    "does not say what it rejects: give as_read or rule"
                }
                _ => continue,
            };
            return Err(DecisionError::Incomplete {
                path: path.to_owned(),
                line: decision.line,
                problem,
            });
        }
        Ok(Self(file.decision))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a repair of `before` by `rule` on `line` is not wanted.
    pub(super) fn rejects(&self, rule: &str, line: u32, before: &str) -> bool {
        self.0.iter().any(|decision| {
            decision.action == Action::Reject
                && decision.line == line
                && decision.rule.as_deref() == Some(rule)
                && decision
                    .as_read
                    .as_deref()
                    .is_none_or(|text| text == before)
        })
    }
}

impl Decisions {
    /// Whether a repair by `rule` on `line` is not wanted, whatever it changes.
    pub(super) fn rejects_any(&self, rule: &str, line: u32) -> bool {
        self.0.iter().any(|decision| {
            decision.action == Action::Reject
                && decision.line == line
                && decision.rule.as_deref() == Some(rule)
        })
    }
}

/// Carries the decisions out, suspects having been raised. Gives those that apply to nothing.
pub(super) fn apply(decisions: &Decisions, passages: &mut [Passage]) -> Vec<String> {
    let mut stale = Vec::new();
    for decision in &decisions.0 {
        let is_of_repair = decision.action == Action::Reject
            && decision.rule.as_deref().is_some_and(is_repair_rule);
        if is_of_repair {
            continue;
        }
        // Paragraphs stand in the order of their lines; several can share one.
        let from = passages.partition_point(|passage| passage.lines.last < decision.line);
        let applied = passages[from..]
            .iter_mut()
            .take_while(|passage| passage.lines.first <= decision.line)
            .any(|passage| carry_out(decision, passage));
        if !applied {
            stale.push(format!(
                "line {} has no {:?} any more that could be {}",
                decision.line,
                decision
                    .as_read
                    .as_deref()
                    .or(decision.rule.as_deref())
                    .unwrap_or_default(),
                match decision.action {
                    Action::Accept => "accepted: there is no such suspect with a suggestion",
                    Action::Reject => "rejected",
                    Action::Rewrite => "rewritten",
                }
            ));
        }
    }
    stale
}

/// Rules that change text; all others raise suspects.
fn is_repair_rule(rule: &str) -> bool {
    matches!(
        rule,
        "line.join"
            | "line.split"
            | "line.repeated"
            | "page.number"
            | "page.head"
            | "space.wrap"
            | "space.chinese"
            | "space.name"
            | "space.edge"
            | "space.cell"
            | "space.figure"
            | "character.invisible"
            | "punctuation.width"
            | "punctuation.quote"
            | "punctuation.dash"
            | "punctuation.ellipsis"
            | "markup.bold"
    )
}

fn carry_out(decision: &Decision, passage: &mut Passage) -> bool {
    let matches = |suspect: &crate::model::Suspect| {
        suspect.line == decision.line
            && decision
                .as_read
                .as_ref()
                .is_none_or(|text| *text == suspect.as_read)
            && decision
                .rule
                .as_ref()
                .is_none_or(|rule| *rule == suspect.rule)
    };
    let found = (0..passage.suspects.len())
        .filter(|&i| matches(&passage.suspects[i]))
        .nth(decision.occurrence.unwrap_or(1).saturating_sub(1));
    match (decision.action, found) {
        (Action::Reject, Some(i)) => {
            passage.suspects.remove(i);
            true
        }
        (Action::Accept, Some(i)) => {
            let suspect = &passage.suspects[i];
            let Some(text) = suspect.suggestion.clone() else {
                return false;
            };
            let (at, length) = (suspect.at, suspect.as_read.chars().count());
            replace(passage, at, length, &text, "decision.accept");
            true
        }
        (Action::Rewrite, found) => {
            let (Some(text), Some(as_read)) = (&decision.text, &decision.as_read) else {
                return false;
            };
            // A person may rewrite what no rule doubted.
            let at = match found {
                Some(i) => Some(passage.suspects[i].at),
                None => place(passage, decision, as_read),
            };
            let Some(at) = at else { return false };
            replace(
                passage,
                at,
                as_read.chars().count(),
                text,
                "decision.rewrite",
            );
            true
        }
        (Action::Reject | Action::Accept, None) => false,
    }
}

/// Where the word of a decision stands in the clean text, in characters.
fn place(passage: &Passage, decision: &Decision, as_read: &str) -> Option<usize> {
    let mut lines = LineFinder::new(passage);
    let (mut bytes, mut chars) = (0, 0);
    passage
        .text
        .match_indices(as_read)
        .map(|(at, _)| {
            chars += passage.text[bytes..at].chars().count();
            bytes = at;
            (chars, lines.line_of(chars))
        })
        .filter(|&(_, line)| line == decision.line)
        .nth(decision.occurrence.unwrap_or(1).saturating_sub(1))
        .map(|(at, _)| at)
}

/// Replaces `length` characters at `at` of the clean text; repairs, codes and suspects behind move
/// along, and repairs within become part of the new one, so that the source can still be restored.
fn replace(passage: &mut Passage, at: usize, length: usize, text: &str, rule: &'static str) {
    let byte = |chars: usize| {
        passage
            .text
            .char_indices()
            .nth(chars)
            .map_or(passage.text.len(), |(byte, _)| byte)
    };
    let (start, end) = (byte(at), byte(at + length));
    let old = passage.text[start..end].to_owned();
    let inside = |repair: &RepairRef<'_>| {
        let size = repair.after.chars().count();
        let begins = repair.at > at || repair.at == at && size > 0;
        begins && (repair.at + size <= at + length) && (size > 0 || repair.at < at + length)
    };
    let new_length = text.chars().count();
    let line = passage
        .suspects
        .iter()
        .find(|suspect| suspect.at == at)
        .map_or_else(
            || LineFinder::new(passage).line_of(at),
            |suspect| suspect.line,
        );
    let repairs = std::mem::take(&mut passage.repairs);
    let within = repairs
        .iter()
        .filter(inside)
        .map(|repair| (repair.at - at, repair.before, repair.after));
    let before = undo(&old, within);
    let mut new = Some(RepairRef {
        rule,
        line,
        before: &before,
        after: text,
        at,
    });
    let mut kept = Repairs::default();
    for mut repair in repairs.iter().filter(|repair| !inside(repair)) {
        if repair.at >= at + length {
            repair.at = repair.at - length + new_length;
        }
        if repair.at > at || repair.at == at && !repair.after.is_empty() {
            kept.extend(new.take());
        }
        kept.push(repair);
    }
    kept.extend(new);
    passage.repairs = kept;
    passage.text.replace_range(start..end, text);
    for (place, _) in &mut passage.codes {
        if *place >= end {
            *place = *place - old.len() + text.len();
        } else if *place > start {
            *place = start + text.len();
        }
    }
    passage.suspects.retain(|suspect| {
        suspect.at + suspect.as_read.chars().count() <= at || suspect.at >= at + length
    });
    for suspect in &mut passage.suspects {
        if suspect.at >= at + length {
            suspect.at = suspect.at - length + new_length;
        }
    }
}
