//! Numbers, dates, percentages, currencies and units: what the source states, the target states.
//!
//! Mentions of both sides are paired ([`matching`]), and what does not pair is judged
//! ([`verdict`]). An error is reported only where there is a counterpart that is wrong, or where
//! a figure that a faithful translation states is nowhere in the target; what a free translation
//! may do (round, convert, leave out a small number) is a warning or a note at most.

mod fit;
mod labels;
mod matching;
mod relative;
mod scores;
mod verdict;
mod wrong;

use super::{Pair, Sink};
use crate::quantity::{self, Mention};

/// The amounts of a pair and of the sentences beside it.
struct Amounts {
    source: Vec<Mention>,
    target: Vec<Mention>,
    /// Of the targets right before and after: a number may move to them.
    beside: Vec<Mention>,
    /// Of the sources right before and after.
    source_beside: Vec<Mention>,
}

/// Runs the families number, date, percent, currency and unit.
pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    relative::check(pair, sink);
    let amounts = Amounts {
        source: quantity::read(pair.source, pair.source_lang),
        target: quantity::read(pair.target, pair.target_lang),
        beside: Vec::new(),
        source_beside: Vec::new(),
    };
    if amounts.source.is_empty() && amounts.target.is_empty() {
        return;
    }
    // The neighbours are read only where something is left over, which is seldom.
    let matching = matching::pair(&amounts.source, &amounts.target);
    let read_all = |texts: [Option<&str>; 2], lang| {
        texts
            .into_iter()
            .flatten()
            .flat_map(|text| quantity::read(text, lang))
            .collect()
    };
    let amounts = if matching.source_left.is_empty() && matching.target_left.is_empty() {
        amounts
    } else {
        Amounts {
            beside: read_all(pair.beside.targets, pair.target_lang),
            source_beside: read_all(pair.beside.sources, pair.source_lang),
            ..amounts
        }
    };
    verdict::judge(pair, &amounts, &matching, sink);
}

/// The amounts of `source` that `target` does not state, judged as the rules of this family do,
/// without reports: what a validation of an engine's answer asks for.
#[must_use]
pub(super) fn languages_have_readers(pair: &Pair<'_>) -> bool {
    let known = |lang: &crate::model::Lang| matches!(lang.primary(), "zh" | "en");
    known(pair.source_lang) && known(pair.target_lang)
}
