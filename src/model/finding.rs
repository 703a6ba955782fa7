//! What checks find.

use serde::{Deserialize, Serialize};

use super::{ArticleId, Lang, SegmentId};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong.
    Warning,
    /// Wrong: must be mended or suppressed before publication.
    Error,
}

impl Severity {
    /// The name that reports carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Half-open, in Unicode scalar values.
pub type Span = [usize; 2];

/// Where a finding was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// The article.
    pub article: Option<ArticleId>,
    /// The segment.
    pub segment: Option<SegmentId>,
    /// The 1-based data row of a list of pairs.
    pub pair: Option<usize>,
    /// The language of the translation, where the finding is about one.
    pub language: Option<Lang>,
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, `family.name`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    #[serde(flatten)]
    pub location: Location,
    /// What is wrong and what to do, in a sentence for a person.
    pub message: String,
    /// The part of the source text that it is about.
    pub source_span: Option<Span>,
    /// The part of the target text that it is about.
    pub target_span: Option<Span>,
}
