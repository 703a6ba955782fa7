//! Scores: 2比2 and "3-2" share a number, which hides that the other is wrong.

use super::Amounts;
use super::matching::Matching;
use crate::check::{Pair, Sink};
use crate::quantity::{Kind, Mention, Rational};

/// Reports the score of a sentence that has one on each side, if the two differ and no number of
/// the source's is reported already.
pub(super) fn check(pair: &Pair<'_>, amounts: &Amounts, matching: &Matching, sink: &mut Sink<'_>) {
    let (Some(source), Some(target)) = (
        score(pair.source, &amounts.source),
        score(pair.target, &amounts.target),
    ) else {
        return;
    };
    let is_left = |at: usize| matching.source_left.contains(&at);
    if is_left(source.0) || is_left(source.0 + 1) {
        return;
    }
    let values = |all: &[Mention], at: usize| -> [Rational; 2] {
        let mut values = [all[at].low, all[at + 1].low];
        values.sort_unstable();
        values
    };
    if values(&amounts.source, source.0) != values(&amounts.target, target.0) {
        let raw = |text: &str, range: std::ops::Range<usize>| {
            text.get(range).unwrap_or_default().to_owned()
        };
        sink.at_both(
            "number.value",
            format!(
                "the score {} became {}",
                raw(pair.source, source.1.clone()),
                raw(pair.target, target.1.clone())
            ),
            [
                amounts.source[source.0].span[0],
                amounts.source[source.0 + 1].span[1],
            ],
            [
                amounts.target[target.0].span[0],
                amounts.target[target.0 + 1].span[1],
            ],
        );
    }
}

/// The only score in a text: the index of its first number, and its range.
fn score(text: &str, all: &[Mention]) -> Option<(usize, std::ops::Range<usize>)> {
    let is_part = |m: &Mention| m.kind == Kind::Count && m.unit.is_none() && m.is_exact();
    let mut found = all.windows(2).enumerate().filter(|(_, pair)| {
        let between = text
            .get(pair[0].range.end..pair[1].range.start)
            .unwrap_or_default();
        is_part(&pair[0]) && is_part(&pair[1]) && matches!(between, "-" | "–" | "比" | ":" | "：")
    });
    let (at, pair) = found.next()?;
    let range = pair[0].range.start..pair[1].range.end;
    found.next().is_none().then_some((at, range))
}
