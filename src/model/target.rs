//! Translations of a segment: state, provenance, suggestions, notes.

use serde::{Deserialize, Serialize};

use super::{Content, SegmentId};

/// How far a target has come: the states of XLIFF 2.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not translated, or a target that its source has outrun.
    #[default]
    Initial,
    /// Translated; not read by a second person.
    Translated,
    /// Read and approved by a person.
    Reviewed,
    /// Signed off.
    Final,
}

impl State {
    /// The name that XLIFF 2 and JSON carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Translated => "translated",
            Self::Reviewed => "reviewed",
            Self::Final => "final",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Initial, Self::Translated, Self::Reviewed, Self::Final]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// An accepted translation of one segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The translation, with the codes of its source.
    pub content: Content,
    /// How far it has come.
    pub state: State,
    /// How it came to be, oldest first.
    pub provenance: Vec<Provenance>,
}

impl Target {
    /// The engine name under which pseudo-translations are recorded.
    pub const PSEUDO: &str = "pseudo";

    /// Aligned targets with a lower score, in percent, want a person's eye: on manual alignments of
    /// novels about half of them are wrong, and one in fourteen of the others.
    pub const DOUBTFUL_ALIGNMENT: u8 = 60;

    /// The score, in percent, of a target that was aligned so doubtfully that a person should
    /// compare it; none once a person did.
    #[must_use]
    pub fn doubtful_alignment(&self) -> Option<u8> {
        match self.provenance.last()?.origin {
            Origin::Aligned(score)
                if score < Self::DOUBTFUL_ALIGNMENT && self.state < State::Reviewed =>
            {
                Some(score)
            }
            _ => None,
        }
    }

    /// Whether this is a pseudo-translation: a filler that no reader should take for a
    /// translation and that nobody would miss.
    #[must_use]
    pub fn is_pseudo(&self) -> bool {
        self.provenance.last().is_some_and(|last| {
            last.origin == Origin::Drafted && last.by.as_deref() == Some(Self::PSEUDO)
        })
    }
}

/// One step in a target's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// What was done.
    pub origin: Origin,
    /// The engine, model or person that did it.
    pub by: Option<String>,
    /// When, as ISO 8601 writes it; a day is enough.
    pub when: Option<String>,
}

/// What was done to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Drafted by an engine.
    Drafted,
    /// Taken from the translation memory with this match quality in percent.
    Memory(u8),
    /// Aligned from an existing translation with this score in percent.
    Aligned(u8),
    /// Written or changed by a person.
    Edited,
    /// Read and approved by a person.
    Reviewed,
    /// Taken over from the source: a figure that both languages write alike.
    Copied,
    /// Kept although a repair changed the source; wants a person's eye.
    Carried,
}

/// A translation that is offered, not accepted: of an earlier wording of the sentence, or a fuzzy
/// match from the memory. XLIFF 2's `mtc:match`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The source that it translates.
    pub source: Content,
    /// The offered translation and how it came to be.
    pub target: Target,
    /// How like the two sources are, in percent.
    pub similarity: u8,
}

/// All that there is for one segment in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The accepted target.
    pub target: Option<Target>,
    /// Translations that a person may take over, best first.
    pub suggestions: Vec<Suggestion>,
    /// The unit whose target also covers this one.
    pub covered_by: Option<SegmentId>,
    /// Notes on this translation.
    pub notes: Vec<Note>,
}

impl Translation {
    /// Whether nothing would be lost if this were dropped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.target.is_none()
            && self.suggestions.is_empty()
            && self.covered_by.is_none()
            && self.notes.is_empty()
    }
}

/// A remark for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What sort of remark it is.
    pub kind: NoteKind,
    /// What it is about.
    pub about: NoteAbout,
    /// The remark.
    pub text: String,
}

/// How the note on text begins that only the translation has.
const TARGET_ONLY: &str = "Only the translation has, after this sentence: ";
/// The note on a sentence that only the source has.
const SOURCE_ONLY: &str = "The translation has nothing for this sentence.";

impl Note {
    /// Keeps text of an aligned translation that no source sentence says: a doubt on the sentence
    /// before it.
    #[must_use]
    pub fn target_only(text: &str) -> Self {
        Self::doubt(format!("{TARGET_ONLY}{text}"))
    }

    /// Marks a sentence that an aligned translation left out.
    #[must_use]
    pub fn source_only() -> Self {
        Self::doubt(SOURCE_ONLY.to_owned())
    }

    /// Whether alignment left this note.
    #[must_use]
    pub fn is_of_alignment(&self) -> bool {
        self.kind == NoteKind::Doubt
            && (self.text.starts_with(TARGET_ONLY) || self.text == SOURCE_ONLY)
    }

    fn doubt(text: String) -> Self {
        Self {
            kind: NoteKind::Doubt,
            about: NoteAbout::Target,
            text,
        }
    }
}

/// Sorts of notes. The name is the `category` of an XLIFF 2 note.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A doubt about the source or its translation that a person should resolve.
    Doubt,
    /// A suspected misreading that cleaning raised; written anew at each run.
    Suspect,
    /// A term of the glossary that applies; written anew at each export.
    Term,
    /// What a reviewer or translator wrote.
    Comment,
    /// Anything else, by its name.
    Other(String),
}

impl NoteKind {
    /// The category's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Doubt => "doubt",
            Self::Suspect => "suspect",
            Self::Term => "term",
            Self::Comment => "comment",
            Self::Other(name) => name,
        }
    }

    /// The kind of this name; a name that duizhao does not know is kept.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "doubt" => Self::Doubt,
            "suspect" => Self::Suspect,
            "term" => Self::Term,
            "comment" => Self::Comment,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteAbout {
    /// The source sentence.
    Source,
    /// The translation.
    Target,
}
