//! Sentences that a translator merged: the target of one says what two sources say.

use std::collections::BTreeMap;

use crate::model::{Content, Lang, SegmentId};

use super::pairing::Answer;
use super::snapshot::SnapshotUnit;

/// A unit in its block, as exported and as returned.
pub(super) struct Place<'a> {
    pub(super) exported: &'a SnapshotUnit,
    pub(super) answer: Answer<'a>,
    /// The block that it stands in.
    pub(super) block: usize,
    /// How many letters its source has; none where the article has lost it.
    pub(super) source_length: Option<usize>,
    /// How many sentences its source ends.
    pub(super) source_ends: usize,
}

/// How much of the emptied target must stand in the neighbour's new one.
const SHARE: f64 = 0.5;

/// How many pairs a file must have for its usual length ratio to mean something.
const MIN_PAIRS: usize = 5;

struct Returned {
    text: Option<String>,
    edited: bool,
}

/// Whether any unit came back without a target: else nothing can be covered.
pub(super) fn any_blank(answers: &[Answer<'_>]) -> bool {
    answers.iter().any(|answer| match answer {
        Answer::Unit(unit) | Answer::Renamed(unit) => {
            let parts = unit.parts.iter();
            parts
                .filter_map(|part| part.target.as_ref())
                .all(Content::is_blank)
        }
        Answer::AsExported(_) | Answer::Altered(_) | Answer::Missing => false,
    })
}

/// For each unit that a neighbour's target covers: that neighbour. `places` are in the order of
/// the article.
pub(super) fn find(places: &[Place<'_>], lang: &Lang) -> BTreeMap<usize, SegmentId> {
    let returned: Vec<Returned> = places.iter().map(returned).collect();
    let usual = usual_ratio(places, &returned);
    let mut found = BTreeMap::new();
    for at in 0..places.len() {
        if returned[at].text.is_some()
            || !matches!(places[at].answer, Answer::Unit(_) | Answer::Renamed(_))
        {
            continue;
        }
        let neighbour = |step: isize| {
            let mut next = at;
            loop {
                next = next
                    .checked_add_signed(step)
                    .filter(|&next| next < places.len())?;
                if places[next].block != places[at].block {
                    return None;
                }
                if returned[next].text.is_some() {
                    return Some(next);
                }
            }
        };
        let covering = [neighbour(-1), neighbour(1)]
            .into_iter()
            .flatten()
            .find(|&by| returned[by].edited && covers(places, &returned, at, by, usual, lang));
        if let Some(by) = covering {
            found.insert(at, places[by].exported.id.clone());
        }
    }
    found
}

fn returned(place: &Place<'_>) -> Returned {
    let target = match place.answer {
        Answer::AsExported(_) => {
            return Returned {
                text: place.exported.target.as_ref().map(Content::text),
                edited: false,
            };
        }
        Answer::Unit(unit) | Answer::Renamed(unit) => unit.target(),
        Answer::Altered(_) | Answer::Missing => None,
    };
    let target = target.filter(|target| !target.is_blank());
    let edited = target.as_ref().is_some_and(|target| {
        !place
            .exported
            .target
            .as_ref()
            .is_some_and(|exported| super::normal::same(exported, target))
    });
    Returned {
        text: target.map(|target| target.text()),
        edited,
    }
}

fn covers(
    places: &[Place<'_>],
    returned: &[Returned],
    at: usize,
    by: usize,
    usual: Option<f64>,
    lang: &Lang,
) -> bool {
    let Some(new) = &returned[by].text else {
        return false;
    };
    let old = |place: &Place<'_>| place.exported.target.as_ref().map(Content::text);
    if let Some(lost) = old(&places[at]).filter(|text| !text.trim().is_empty()) {
        // Its words must have come to the neighbour, not have stood there before.
        let had = old(&places[by]).unwrap_or_default();
        return share_gained(&lost, new, &had, lang) >= SHARE;
    }
    // Nothing was exported for it: the neighbour is as long as both together, and has a sentence
    // more than its source.
    let (Some(usual), Some(own), Some(neighbour)) =
        (usual, places[at].source_length, places[by].source_length)
    else {
        return false;
    };
    if own == 0 || neighbour == 0 || places[by].exported.target.is_some() {
        return false;
    }
    let length = to_f64(new.chars().count());
    let alone = length / to_f64(neighbour) / usual;
    let together = length / to_f64(neighbour + own) / usual;
    alone > 1.4 && (0.7..1.4).contains(&together) && sentence_ends(new) > places[by].source_ends
}

/// The median of target length to source length over the file's new targets.
fn usual_ratio(places: &[Place<'_>], returned: &[Returned]) -> Option<f64> {
    let mut ratios: Vec<f64> = places
        .iter()
        .zip(returned)
        .filter_map(|(place, returned)| {
            let source = place.source_length.filter(|&length| length > 0)?;
            let target = returned.text.as_ref()?.chars().count();
            Some(to_f64(target) / to_f64(source))
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    (ratios.len() >= MIN_PAIRS).then(|| ratios[ratios.len() / 2])
}

#[expect(
    clippy::cast_precision_loss,
    reason = "lengths of sentences are far below 2^52"
)]
fn to_f64(n: usize) -> f64 {
    n as f64
}

/// How many sentences a text ends: full stops and the like before white space, an end or a
/// closing quote.
pub(super) fn sentence_ends(text: &str) -> usize {
    let mut ends = 0;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek();
        ends += usize::from(match c {
            '。' | '！' | '？' => !after.is_some_and(|c| matches!(c, '。' | '！' | '？')),
            '.' | '!' | '?' => {
                after.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '”' | '’' | ')'))
            }
            _ => false,
        });
    }
    ends
}

/// The share of `lost`'s words that `new` has beyond those that it had before.
fn share_gained(lost: &str, new: &str, had: &str, lang: &Lang) -> f64 {
    let lost = words(lost, lang);
    if lost.is_empty() {
        return 0.0;
    }
    let mut gained: BTreeMap<String, usize> = BTreeMap::new();
    for word in words(new, lang) {
        *gained.entry(word).or_default() += 1;
    }
    for word in words(had, lang) {
        if let Some(count) = gained.get_mut(&word) {
            *count = count.saturating_sub(1);
        }
    }
    let mut found = 0;
    for word in &lost {
        if let Some(count) = gained.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            found += 1;
        }
    }
    to_f64(found) / to_f64(lost.len())
}

/// Words in lower case; characters where the language has no blanks.
fn words(text: &str, lang: &Lang) -> Vec<String> {
    if lang.separates_with_spaces() {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    } else {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| c.to_string())
            .collect()
    }
}
