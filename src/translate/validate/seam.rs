//! Whether the end of one sentence stands at the beginning of the next.
//!
//! A model that cuts its translation elsewhere than the source is cut copies every echo and leaves
//! the lengths nearly as they should be. What it can't hide is the seam: a sentence without an end.

use std::collections::{BTreeMap, BTreeSet};

use super::{count, expected_length};
use crate::model::{BlockKind, Lang};
use crate::translate::engine::Request;

/// Marks that end a sentence, of the scripts that have such marks.
const ENDS: &[char] = &[
    '.', '!', '?', '…', '。', '！', '？', '｡', '．', '‼', '⁇', '⁈', '⁉', '।', '॥', '։', '።', '۔',
    '؟', '။', '៕',
];

/// How much fuller than this sentence the next is, at least, if it took a part of it in.
const SHIFT: f64 = 1.5;

/// The places, among `good`, whose answers seem to share a sentence that is one place's.
pub(super) fn torn(request: &Request, good: &BTreeMap<usize, String>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    if request.items.len() < 2 || !ends_sentences_with_marks(&request.target) {
        return found;
    }
    for (&at, target) in good {
        let item = &request.items[at];
        let is_line = matches!(
            item.kind,
            BlockKind::Title | BlockKind::Kicker | BlockKind::Heading
        );
        let ended = ends(&item.source.text());
        if !(ended || is_line) || ends(target) {
            continue;
        }
        let last = target.trim_end().chars().next_back();
        let comma = last.is_some_and(|c| matches!(c, ',' | '，' | '、'));
        let Some(next) = good.get(&(at + 1)) else {
            if ended && comma {
                found.insert(at);
            }
            continue;
        };
        let goes_on = begins_small(next);
        // The end may only have been forgotten, if the two have their usual lengths.
        let shifted = last.is_some_and(char::is_alphanumeric)
            && fill(request, at + 1, next) > fill(request, at, target) * SHIFT;
        if goes_on || (ended && (comma || shifted)) {
            found.extend([at, at + 1]);
        }
    }
    found
}

/// Whether a text begins in the middle of a sentence: with a word in lower case, which "iPhone" is
/// not.
fn begins_small(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let first = words.find(|word| !word.is_empty());
    first.is_some_and(|word| {
        word.starts_with(char::is_lowercase) && !word.contains(char::is_uppercase)
    })
}

/// How long an answer is, as a share of what is usual; a few characters don't count.
fn fill(request: &Request, at: usize, target: &str) -> f64 {
    let source = request.items[at].source.text();
    (count(target) + 8.0) / (expected_length(&source, &request.source, &request.target) + 8.0)
}

/// Thai, Lao, Khmer and their like set a space.
fn ends_sentences_with_marks(lang: &Lang) -> bool {
    !matches!(lang.primary(), "th" | "lo" | "km" | "shn" | "bo" | "dz")
}

/// Whether a text ends as a sentence does, closing quotes and brackets aside.
fn ends(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || (!c.is_alphanumeric() && closes(c)))
        .ends_with(ENDS)
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '’'
            | '“'
            | '»'
            | '›'
            | '«'
            | ')'
            | ']'
            | '）'
            | '］'
            | '」'
            | '』'
            | '》'
            | '〉'
            | '】'
    )
}
