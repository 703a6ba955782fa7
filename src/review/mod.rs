//! What translators send back, brought into the article of record.
//!
//! Contract: a returned target is compared with the target that was exported ([`Snapshot`]) and
//! with the one that the article has now; a state attribute alone is never evidence. What is safe
//! is applied, what is not is put into a [`Quarantine`] with its reason, and nothing is lost: an
//! edit that is neither applied nor already there is in the quarantine. Merging the same file
//! twice changes nothing.

mod compare;
mod covered;
mod decide;
mod normal;
mod pairing;
mod quarantine;
mod returned;
mod snapshot;

pub use compare::merge;
pub use quarantine::Quarantine;
pub use returned::{Returned, ReturnedFile, read_returned, read_returned_against};
pub use snapshot::{Snapshot, SnapshotError, SnapshotUnit};

use crate::model::{Article, SegmentId};

/// What became of a unit between export and return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The target is as it was exported, or as the article has it already.
    Unchanged,
    /// The target was changed.
    Edited,
    /// The target is the same and its state was raised.
    Approved,
    /// The target is the same, and its approval was taken back, or so the file says.
    Rejected,
    /// The target was merged into that of a neighbour.
    Covered,
    /// The target is gone.
    Emptied,
    /// The target is a copy of the source.
    TargetEqualsSource,
    /// The source of the article was changed after the export.
    SourceChanged,
    /// The source of the file is not the one that was exported.
    SourceAltered,
    /// The inline codes of the target are not those of the source.
    CodesBroken,
    /// Somebody else changed the target of the article after the export.
    Conflict,
    /// The file does not have the unit.
    Missing,
    /// The file has a unit that was not exported.
    Unknown,
    /// The file has the unit twice.
    Duplicate,
    /// The unit can't be read.
    Broken,
}

impl Class {
    /// Every class, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Unchanged,
        Self::Edited,
        Self::Approved,
        Self::Rejected,
        Self::Covered,
        Self::Emptied,
        Self::TargetEqualsSource,
        Self::SourceChanged,
        Self::SourceAltered,
        Self::CodesBroken,
        Self::Conflict,
        Self::Missing,
        Self::Unknown,
        Self::Duplicate,
        Self::Broken,
    ];

    /// The name that reports carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Edited => "edited",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Covered => "covered",
            Self::Emptied => "emptied",
            Self::TargetEqualsSource => "target-equals-source",
            Self::SourceChanged => "source-changed",
            Self::SourceAltered => "source-altered",
            Self::CodesBroken => "codes-broken",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Duplicate => "duplicate",
            Self::Broken => "broken",
        }
    }
}

/// What is done about a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing: there is nothing to do.
    Kept,
    /// The article takes what was returned.
    Applied,
    /// The article takes what was returned as a suggestion.
    Suggested,
    /// What was returned is put into the quarantine.
    Quarantined,
}

impl Action {
    /// The name that reports carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Applied => "applied",
            Self::Suggested => "suggested",
            Self::Quarantined => "quarantined",
        }
    }
}

/// A unit of the export or of the returned file, and what is done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The unit's id.
    pub id: SegmentId,
    /// The line of the returned file; none where the file lacks the unit.
    pub line: Option<u32>,
    /// What became of it.
    pub class: Class,
    /// What is done about it.
    pub action: Action,
    /// Why, in a sentence for a person; empty where the class says all.
    pub message: String,
    /// How many notes of the reviewer are new.
    pub notes: usize,
}

/// Who returned the file, and when; written into the history of what is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewer {
    /// The name.
    pub name: Option<String>,
    /// The day, as ISO 8601 writes it.
    pub when: Option<String>,
}

/// All that a returned file does to an article. Nothing is done yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The article with all that is safe applied.
    pub article: Article,
    /// A row for each unit, in the order of the article; unknown ones behind.
    pub rows: Vec<Row>,
    /// What can't be applied.
    pub quarantine: Option<Quarantine>,
}

impl Plan {
    /// How many units are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.rows.iter().filter(|row| row.class == class).count()
    }
}
