//! Findings that a person has judged: a note in the translation says which and why.

use crate::model::{Note, NoteAbout, NoteKind};

/// The category of a note that suppresses a rule; its text is `rule: reason`.
pub const SUPPRESS: &str = "suppress";

/// A rule or family that is suppressed in one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The rule (`number.value`) or family (`number`).
    pub rule: String,
    /// Why, in a person's words; never blank.
    pub reason: String,
}

impl Suppression {
    /// Reads a note; `None` if it is of another kind or gives no reason.
    #[must_use]
    pub fn of(note: &Note) -> Option<Self> {
        if !super::is_suppression(&note.kind) {
            return None;
        }
        let (rule, reason) = note.text.split_once([':', '：'])?;
        let (rule, reason) = (rule.trim(), reason.trim());
        (!rule.is_empty() && !reason.is_empty()).then(|| Self {
            rule: rule.to_owned(),
            reason: reason.to_owned(),
        })
    }

    /// The note that keeps it in `translations/`.
    #[must_use]
    pub fn to_note(&self) -> Note {
        Note {
            kind: NoteKind::Other(SUPPRESS.to_owned()),
            about: NoteAbout::Target,
            text: format!("{}: {}", self.rule, self.reason),
        }
    }

    /// Whether it holds for findings of `rule`.
    #[must_use]
    pub fn covers(&self, rule: &str) -> bool {
        rule.strip_prefix(self.rule.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// What is wrong with the suppressions among the notes of a translation: those that give no reason,
/// or name no rule, hold for nothing.
pub(super) fn faults(notes: &[Note]) -> Vec<String> {
    notes
        .iter()
        .filter(|note| super::is_suppression(&note.kind))
        .filter_map(|note| match Suppression::of(note) {
            None => Some(format!(
                "the note {:?} suppresses nothing: write rule, colon, reason",
                note.text
            )),
            Some(one) if !super::is_rule(&one.rule) => Some(format!(
                "the note {:?} suppresses nothing: no rule and no family is called {:?}; \
                 `duizhao check --explain all` lists them",
                note.text, one.rule
            )),
            Some(_) => None,
        })
        .collect()
}

/// The suppressions among the notes of a translation.
#[must_use]
pub fn suppressions(notes: &[Note]) -> Vec<Suppression> {
    notes.iter().filter_map(Suppression::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppression_survives_its_note_and_needs_a_reason() {
        let one = Suppression {
            rule: "number.value".into(),
            reason: "the source has a slip: 3 is right".into(),
        };
        assert_eq!(Suppression::of(&one.to_note()), Some(one.clone()));
        assert!(one.covers("number.value") && !one.covers("number.values"));
        let mut note = one.to_note();
        note.text = "number.value:".into();
        assert_eq!(Suppression::of(&note), None);
    }
}
