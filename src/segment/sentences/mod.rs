//! Where a sentence ends.
//!
//! Chinese and English have rules of their own here. Other languages go by Unicode's (UAX #29, from
//! ICU4X), less the breaks after abbreviations. Rules that a user supplies ([`Srx`]) take the place
//! of all of these for the languages that they map.

mod abbreviations;
mod chinese;
mod spaced;
mod srx;

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;

use crate::model::Lang;
pub use srx::{Srx, SrxError};

/// Byte offsets at which `text` is cut into sentences: sorted, none at either end. White space
/// after a sentence belongs to it.
pub(super) fn cuts(text: &str, lang: &Lang, srx: Option<&Srx>) -> Vec<usize> {
    let mut cuts = match srx.and_then(|srx| srx.rules_for(lang)) {
        Some(rules) => rules.breaks(text),
        None if matches!(lang.primary(), "zh" | "yue" | "wuu" | "ja") => {
            return chinese::cuts(text);
        }
        None if lang.primary() == "en" => return spaced::cuts(text),
        None => by_unicode(text, lang),
    };
    // Rules may break before white space; here it stays with the sentence before.
    for cut in &mut cuts {
        let rest = &text[*cut..];
        *cut += rest.len() - rest.trim_start().len();
    }
    cuts.dedup();
    cuts.retain(|&cut| cut > 0 && cut < text.len());
    cuts
}

fn by_unicode(text: &str, lang: &Lang) -> Vec<usize> {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    segmenter
        .segment_str(text)
        .filter(|&cut| cut > 0 && !abbreviations::ends_with_one(&text[..cut], lang))
        .collect()
}
