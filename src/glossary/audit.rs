//! Whether a translation uses the term of a concept.

use std::ops::Range;

use super::usage::find_term_all;
use crate::model::{Concept, Lang};

/// What a translation makes of one concept of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermUse {
    /// Where a term that may be used stands first, in byte offsets of the translation.
    pub used: Option<Range<usize>>,
    /// Where a term that must not be used stands first. A forbidden term inside an allowed one
    /// ("chief" in "police chief") is none.
    pub forbidden: Option<Range<usize>>,
    /// Whether the concept has a term that may be used, so that one has to be there.
    pub required: bool,
}

impl TermUse {
    /// Whether the translation keeps to the term base.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.forbidden.is_none() && (self.used.is_some() || !self.required)
    }
}

/// Looks for the terms of `concept` in `target`. Inflection, letter case and hyphens are free (see
/// [`super::find_term`]).
#[must_use]
pub fn term_use(concept: &Concept, target: &str, lang: &Lang) -> TermUse {
    let mut allowed: Vec<Range<usize>> = concept
        .allowed()
        .flat_map(|term| find_term_all(&term.text, target, lang))
        .collect();
    allowed.sort_by_key(|range| (range.start, range.end));
    let inside = |range: &Range<usize>| {
        allowed
            .iter()
            .any(|good| good.start <= range.start && range.end <= good.end)
    };
    let forbidden = concept
        .forbidden()
        .flat_map(|term| find_term_all(&term.text, target, lang))
        .filter(|range| !inside(range))
        .min_by_key(|range| range.start);
    TermUse {
        used: allowed.into_iter().next(),
        forbidden,
        required: concept.allowed().next().is_some(),
    }
}
