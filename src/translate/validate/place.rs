//! Whether answers stand in each other's places.
//!
//! A service that answers an array may shift it, and a model may copy every echo and still set the
//! translations one place off. What a pair of texts shares tells: how long they are, the numbers
//! in them, the terms. An answer that fits a neighbour's source clearly better than its own is
//! misplaced. A wrong suspicion costs one more request, a wrong trust a wrong book.

use std::collections::{BTreeMap, BTreeSet};

use super::{count, expected_length};
use crate::glossary::find_term;
use crate::model::{Concept, Lang};
use crate::quantity::{self, Mention};
use crate::translate::engine::Request;

/// How far away an answer's own segment is looked for.
const REACH: usize = 3;
/// How much better the other place must fit, as a difference of log likelihoods: one to fifty.
const MARGIN: f64 = 4.0;
/// The standard deviation of the logarithm of length over expected length.
const SPREAD: f64 = 0.25;

struct Side {
    length: f64,
    mentions: Vec<Mention>,
    words: BTreeSet<String>,
}

/// The places, among `good`, whose answers belong elsewhere.
pub(super) fn misplaced(request: &Request, good: &BTreeMap<usize, String>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    if request.items.len() < 2 {
        return found;
    }
    let (from, to) = (&request.source, &request.target);
    let sources: Vec<Side> = request
        .items
        .iter()
        .map(|item| {
            let text = item.source.text();
            side(&text, expected_length(&text, from, to), from)
        })
        .collect();
    let targets: BTreeMap<usize, (&str, Side)> = good
        .iter()
        .map(|(&at, text)| (at, (text.as_str(), side(text, count(text), to))))
        .collect();
    // Each cost is used several times: as one's own place and as another's.
    let mut costs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (&at, (text, target)) in &targets {
        let near = at.saturating_sub(REACH)..=(at + REACH).min(sources.len() - 1);
        for source in near {
            let terms = &request.items[source].terms;
            costs.insert(
                (source, at),
                cost(&sources[source], target, terms, text, to),
            );
        }
    }
    for &at in targets.keys() {
        let own = costs[&(at, at)];
        let other = costs
            .range(..)
            .filter(|((source, target), _)| *target == at && *source != at)
            .map(|(_, cost)| *cost)
            .fold(f64::INFINITY, f64::min);
        if own - other > MARGIN {
            found.insert(at);
        }
    }
    // A shift of the whole batch may be plain although no single answer is.
    for shift in 1..=REACH.min(request.items.len() - 1) {
        for forward in [true, false] {
            let moved: Vec<(f64, f64)> = targets
                .keys()
                .filter_map(|&at| {
                    let source = if forward {
                        at.checked_sub(shift)?
                    } else {
                        at + shift
                    };
                    Some((costs[&(at, at)], *costs.get(&(source, at))?))
                })
                .collect();
            let gain: f64 = moved.iter().map(|(own, other)| own - other).sum();
            let fit = moved.iter().filter(|(own, other)| other < own).count();
            if moved.len() >= 2 && gain > MARGIN && fit * 4 >= moved.len() * 3 {
                found.extend(targets.keys());
            }
        }
    }
    found
}

fn side(text: &str, length: f64, lang: &Lang) -> Side {
    Side {
        length,
        mentions: quantity::read(text, lang),
        words: latin_words(text),
    }
}

/// Words in Latin letters with a capital or a digit: names and codes that a Chinese text holds and
/// its translation repeats.
fn latin_words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() > 1)
        .filter(|word| word.bytes().any(|b| b.is_ascii_uppercase()))
        .map(str::to_lowercase)
        .collect()
}

/// Minus the logarithm of how likely the two are a pair, up to a constant.
fn cost(source: &Side, target: &Side, terms: &[Concept], text: &str, to: &Lang) -> f64 {
    let deviation = ((target.length + 8.0) / (source.length + 8.0)).ln() / SPREAD;
    let mut cost = (deviation * deviation / 2.0).min(6.0);
    let overlap = quantity::overlap(&source.mentions, &target.mentions);
    let alone = overlap.source_only.min(3) + overlap.target_only.min(3);
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    {
        cost += 1.5 * alone as f64 - 1.5 * overlap.shared.min(3) as f64;
    }
    if !source.words.is_empty() {
        cost += if source.words.is_disjoint(&target.words) {
            2.0
        } else {
            -1.0
        };
    }
    for concept in terms {
        let used = concept
            .allowed()
            .any(|term| find_term(&term.text, text, to).is_some());
        cost += if used { -1.0 } else { 1.5 };
    }
    cost
}
