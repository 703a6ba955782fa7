//! Names that are spelled in two ways.
//!
//! Chinese names and those of the glossary are known by their source ([`romanized`]). For the
//! others, two spellings are told to be of one name by their likeness: the same letters but for
//! case, accents, hyphens, apostrophes and spaces (Al-Assad, Al Assad), in sentences of one article
//! or list.

mod romanized;

use std::collections::BTreeMap;

use super::consistency::{Text, name_of};
use super::{Sink, span};
use crate::model::Lang;

/// A place where a spelling stands.
struct Place {
    text: usize,
    start: usize,
    end: usize,
}

pub(super) fn check(
    texts: &[Text<'_>],
    source_lang: &Lang,
    target_lang: &Lang,
    sink: &mut Sink<'_>,
) {
    // Names must be told from words by their capitals.
    if !matches!(
        target_lang.primary(),
        "en" | "fr" | "es" | "it" | "pt" | "vi"
    ) || source_lang == target_lang
    {
        return;
    }
    let known = romanized::check(texts, sink.options.glossary, source_lang.is_chinese(), sink);
    let mut spellings: BTreeMap<String, BTreeMap<String, Vec<Place>>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        for (start, end) in names(text.target) {
            if known[at]
                .iter()
                .any(|range| range.start < end && start < range.end)
            {
                continue;
            }
            // A straight apostrophe and a curly one are a matter of the typesetter.
            let spelling = text.target[start..end].replace('’', "'");
            spellings
                .entry(folded(&spelling))
                .or_default()
                .entry(spelling)
                .or_default()
                .push(Place {
                    text: at,
                    start,
                    end,
                });
        }
    }
    for variants in spellings.values().filter(|variants| variants.len() > 1) {
        // The most frequent spelling is taken to be meant; the first in the alphabet among equals.
        let Some((usual, usual_places)) = variants
            .iter()
            .max_by(|(a, x), (b, y)| x.len().cmp(&y.len()).then_with(|| b.cmp(a)))
        else {
            continue;
        };
        for (spelling, places) in variants {
            if spelling == usual {
                continue;
            }
            for place in places {
                let text = &texts[place.text];
                sink.location = text.location.clone();
                sink.suppressed.clone_from(&text.suppressed);
                let where_usual = usual_places
                    .first()
                    .map_or_else(String::new, |place| name_of(&texts[place.text].location));
                sink.at_target(
                    "name.variant",
                    format!("{spelling} is spelled {usual} in {where_usual}"),
                    span(text.target, place.start..place.end),
                );
            }
        }
    }
}

/// Runs of capitalised words that don't open the sentence, and single ones with an inner hyphen or
/// apostrophe.
fn names(text: &str) -> Vec<(usize, usize)> {
    let mut names = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    let mut at = 0;
    let mut opens = true;
    for word in text.split_inclusive(|c: char| c.is_whitespace()) {
        let start = at
            + (word.len()
                - word
                    .trim_start_matches(|c: char| !c.is_alphanumeric())
                    .len());
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let core = core
            .strip_suffix("'s")
            .or_else(|| core.strip_suffix("’s"))
            .unwrap_or(core);
        let end = start + core.len();
        at += word.len();
        let ends_phrase = word.trim_end().ends_with(|c: char| !c.is_alphanumeric());
        let is_name = core.starts_with(char::is_uppercase)
            && core.chars().any(char::is_lowercase)
            && core
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
            && !opens;
        if is_name {
            run = Some(run.map_or((start, end), |(first, _)| (first, end)));
        }
        if (!is_name || ends_phrase)
            && let Some(found) = run.take()
        {
            names.push(found);
        }
        if !core.is_empty() || ends_phrase {
            opens = word
                .trim_end()
                .ends_with(['.', '!', '?', ':', '“', '"', '”']);
        }
    }
    names.extend(run);
    names
}

/// Letters alone, without case and accents.
fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}
