//! Terms and the places where they apply.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Whether a term is to be used (TBX `administrativeStatus`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TermStatus {
    /// To be used.
    #[default]
    Preferred,
    /// May be used.
    Admitted,
    /// Must not be used.
    Forbidden,
}

impl TermStatus {
    /// The name that CSV carries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Admitted => "admitted",
            Self::Forbidden => "forbidden",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Preferred, Self::Admitted, Self::Forbidden]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// One target-language term of a concept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The term.
    pub text: String,
    /// Whether it is to be used.
    pub status: TermStatus,
    /// What a translator should know.
    pub note: Option<String>,
}

/// What a source term means, with all its target-language terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// The term in the source language.
    pub source: String,
    /// The domain, or the article (`article:ID`) that it is limited to.
    pub scope: Option<String>,
    /// The terms in the target language, preferred first.
    pub terms: Vec<Term>,
}

impl Concept {
    /// The terms that may be used, preferred first.
    pub fn allowed(&self) -> impl Iterator<Item = &Term> {
        self.terms
            .iter()
            .filter(|term| term.status != TermStatus::Forbidden)
    }

    /// The terms that must not be used.
    pub fn forbidden(&self) -> impl Iterator<Item = &Term> {
        self.terms
            .iter()
            .filter(|term| term.status == TermStatus::Forbidden)
    }

    /// The first preferred term.
    #[must_use]
    pub fn preferred(&self) -> Option<&Term> {
        self.terms
            .iter()
            .find(|term| term.status == TermStatus::Preferred)
    }
}

/// A place in a source text where a concept's term stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermMatch {
    /// The index among the entries of its glossary.
    pub concept: usize,
    /// Byte offsets into the text that was searched.
    pub range: Range<usize>,
}
