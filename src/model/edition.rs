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
}

impl Edition {
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
