//! Terms of the glossary: used where they must be, forbidden ones nowhere.

use std::collections::BTreeMap;

use super::{Pair, Sink, span};
use crate::glossary::{FirstMentions, term_uses};
use crate::model::Concept;

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
    let entries: Vec<&Concept> = first.keys().map(|&at| &glossary.entries()[at]).collect();
    let concepts = match &mut sink.people {
        Some(people) => people.terms(&entries),
        None => entries.into_iter().map(FirstMentions::later).collect(),
    };
    let uses = term_uses(&concepts, pair.target, pair.target_lang);
    for ((concept, found), range) in concepts.iter().zip(uses).zip(first.into_values()) {
        let source_span = span(pair.source, range);
        for misuse in found.forbidden {
            let instead = concept
                .preferred()
                .map_or_else(String::new, |term| format!("; use {:?}", term.text));
            sink.at_both(
                "term.forbidden",
                format!(
                    "{:?} must not be used for {}{instead}",
                    misuse.term, concept.source
                ),
                source_span,
                span(pair.target, misuse.range),
            );
        }
        if found.used.is_none() && found.required {
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

/// Takes note of the people in a source that has no translation to check.
pub(super) fn mention(source: &str, sink: &mut Sink<'_>) {
    if let (Some(glossary), Some(people)) = (sink.options.glossary, &mut sink.people) {
        let _ = people.terms(&glossary.applying(source));
    }
}
