//! Whether a translation is as long as translations are.

use super::{Pair, Sink};
use crate::script::is_cjk;

/// The length in units that take about as much time to read in any language: a Han character
/// counts 1, a letter of an alphabet 1/3 (English news has about three letters and spaces to a
/// Chinese character).
fn thirds(text: &str) -> usize {
    text.chars().map(|c| if is_cjk(c) { 3 } else { 1 }).sum()
}

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let (source, target) = (thirds(pair.source), thirds(pair.target));
    // Headlines and fragments vary too much to judge.
    if source < 60 {
        return;
    }
    let ratio = |over: usize, under: usize| 100 * over / under.max(1);
    let percent = ratio(target, source);
    let (least, most) = LIMITS;
    if percent < least {
        sink.whole(
            "length.ratio",
            format!("the translation has {percent} % of the length to be expected; is something missing?"),
        );
    } else if percent > most {
        sink.whole(
            "length.ratio",
            format!(
                "the translation has {percent} % of the length to be expected; was something added?"
            ),
        );
    }
}

/// The least and most percent of the expected length. Of some five thousand pairs of professionally
/// translated news from Chinese into English, one in a thousand lies outside.
const LIMITS: (usize, usize) = (38, 280);
