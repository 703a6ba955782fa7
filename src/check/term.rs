//! Terms of the glossary: used where they must be, forbidden ones nowhere.

use std::collections::BTreeMap;

use super::{Pair, Sink, span};
use crate::glossary::find_term_all;

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let Some(glossary) = sink.options.glossary else {
        return;
    };
    if glossary.source() != pair.source_lang || glossary.target() != pair.target_lang {
        return;
    }
    let mut first = BTreeMap::new();
    for found in glossary.matches(pair.source) {
        first.entry(found.concept).or_insert(found.range);
    }
    for (at, range) in first {
        let concept = &glossary.entries()[at];
        let find = |term: &str| find_term_all(term, pair.target, pair.target_lang);
        let allowed: Vec<_> = concept
            .allowed()
            .flat_map(|term| find(&term.text))
            .collect();
        let source_span = span(pair.source, range);
        for term in concept.forbidden() {
            for place in find(&term.text) {
                // "Party secretary" is forbidden, "county Party secretary" is not.
                let is_part = allowed
                    .iter()
                    .any(|good| good.start <= place.start && place.end <= good.end);
                if !is_part {
                    let instead = concept
                        .preferred()
                        .map_or_else(String::new, |term| format!("; use {:?}", term.text));
                    sink.at_both(
                        "term.forbidden",
                        format!(
                            "{:?} must not be used for {}{instead}",
                            term.text, concept.source
                        ),
                        source_span,
                        span(pair.target, place),
                    );
                }
            }
        }
        if allowed.is_empty() && concept.allowed().next().is_some() {
            let terms: Vec<String> = concept
                .allowed()
                .map(|term| format!("{:?}", term.text))
                .collect();
            sink.at_source(
                "term.missing",
                format!(
                    "{} is {} in the glossary; the translation says neither",
                    concept.source,
                    terms.join(" or ")
                )
                .replace(
                    "says neither",
                    if terms.len() == 1 {
                        "does not say so"
                    } else {
                        "says none of them"
                    },
                ),
                source_span,
            );
        }
    }
}
