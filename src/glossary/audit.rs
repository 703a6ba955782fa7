//! Whether a translation uses the term of a concept.

use std::borrow::Borrow;
use std::ops::Range;

use super::usage::find_term_all;
use crate::model::{Concept, Lang};

/// What a translation makes of one concept of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermUse {
    /// Where a term that may be used stands first, in byte offsets of the translation.
    pub used: Option<Range<usize>>,
    /// Where terms that must not be used stand. A forbidden term inside an allowed one ("chief" in
    /// "police chief") is none, whichever concept of the source allows it.
    pub forbidden: Vec<Misuse>,
    /// Whether the concept has a term that may be used, so that one has to be there.
    pub required: bool,
}

/// A term that stands where it must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The term, as the term base has it.
    pub term: String,
    /// Where it stands, in byte offsets of the translation.
    pub range: Range<usize>,
}

impl TermUse {
    /// Whether the translation keeps to the term base.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.forbidden.is_empty() && (self.used.is_some() || !self.required)
    }
}

/// Looks for the terms of all `concepts` that apply to one source in its translation: one result
/// for each, in their order. Inflection, letter case and hyphens are free (see
/// [`super::find_term`]).
#[must_use]
pub fn term_uses<C: Borrow<Concept>>(concepts: &[C], target: &str, lang: &Lang) -> Vec<TermUse> {
    let allowed: Vec<Vec<Range<usize>>> = concepts
        .iter()
        .map(|concept| {
            let terms = concept.borrow().allowed();
            let places = terms.flat_map(|term| find_term_all(&term.text, target, lang));
            let mut places: Vec<Range<usize>> = places.collect();
            places.sort_by_key(|range| (range.start, range.end));
            places
        })
        .collect();
    let inside = |range: &Range<usize>| {
        let mut good = allowed.iter().flatten();
        good.any(|good| good.start <= range.start && range.end <= good.end)
    };
    concepts
        .iter()
        .zip(&allowed)
        .map(|(concept, places)| {
            let concept = concept.borrow();
            let terms = concept.forbidden();
            let mut forbidden: Vec<Misuse> = terms
                .flat_map(|term| {
                    let places = find_term_all(&term.text, target, lang);
                    places.into_iter().map(|range| Misuse {
                        term: term.text.clone(),
                        range,
                    })
                })
                .filter(|misuse| !inside(&misuse.range))
                .collect();
            forbidden.sort_by_key(|misuse| (misuse.range.start, misuse.range.end));
            TermUse {
                used: places.first().cloned(),
                forbidden,
                required: concept.allowed().next().is_some(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, TermStatus};

    #[test]
    fn what_another_concept_of_the_sentence_asks_for_is_not_forbidden() {
        let concept = |source: &str, terms: &[(&str, TermStatus)]| Concept {
            source: source.into(),
            scope: None,
            terms: terms
                .iter()
                .map(|(text, status)| Term {
                    text: (*text).into(),
                    status: *status,
                    note: None,
                })
                .collect(),
        };
        let secretary = concept(
            "总书记",
            &[
                ("general secretary", TermStatus::Preferred),
                ("president", TermStatus::Forbidden),
            ],
        );
        let president = concept("国家主席", &[("president", TermStatus::Preferred)]);
        let en = "en".parse().unwrap();
        let target = "The general secretary and president came.";
        let right = |concepts: &[&Concept], target: &str| {
            term_uses(concepts, target, &en)
                .iter()
                .all(TermUse::is_right)
        };
        assert!(right(&[&secretary, &president], target));
        assert!(!right(&[&secretary], target));
        assert!(!right(&[&secretary, &president], "The president came."));
    }
}
