//! The kinds of books that are made from one set of articles.

use serde::{Deserialize, Serialize};

/// Which languages a book shows, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// Source and translation, paragraph beside paragraph.
    Bilingual,
    /// The translation alone.
    Translation,
    /// The source alone.
    Source,
    /// The source, with each sentence's translation as a note that pops up.
    Study,
    /// Source and translation, sentence by sentence.
    Interleaved,
}

impl Edition {
    /// Every edition, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::Bilingual,
        Self::Translation,
        Self::Source,
        Self::Study,
        Self::Interleaved,
    ];

    /// The name that duizhao.toml and file names carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bilingual => "bilingual",
            Self::Translation => "translation",
            Self::Source => "source",
            Self::Study => "study",
            Self::Interleaved => "interleaved",
        }
    }

    /// Whether the source text is in it.
    #[must_use]
    pub fn shows_source(self) -> bool {
        self != Self::Translation
    }

    /// Whether the translation is in it.
    #[must_use]
    pub fn shows_translation(self) -> bool {
        self != Self::Source
    }
}
