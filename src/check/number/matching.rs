//! Which amount of the target stands for which of the source.

use std::collections::BTreeMap;

use super::fit::{Fit, fit};
use crate::quantity::{Kind, Mention, Rational};

/// Above so many mentions on one side only equal values are paired, which takes linear time:
/// no sentence that a person wrote has more.
pub(super) const MOST: usize = 200;

/// Pairs of indices with how they fit, and what found no partner.
#[derive(Debug, Default)]
pub(super) struct Matching {
    pub pairs: Vec<(usize, usize, Fit)>,
    pub source_left: Vec<usize>,
    pub target_left: Vec<usize>,
}

pub(super) fn pair(source: &[Mention], target: &[Mention]) -> Matching {
    if source.len() > MOST || target.len() > MOST {
        return pair_equal(source, target);
    }
    let mut fits: Vec<(Fit, usize, usize)> = Vec::new();
    for (i, a) in source.iter().enumerate() {
        for (j, b) in target.iter().enumerate() {
            if let Some(fit) = fit(a, b) {
                fits.push((fit, i, j));
            }
        }
    }
    // The best fit first; among equals the heavier target, then text order.
    fits.sort_by_key(|(fit, i, j)| {
        let weight = source[*i].weight.min(target[*j].weight);
        (*fit, std::cmp::Reverse(weight), *i, *j)
    });
    let mut partner_of_source: Vec<Option<usize>> = vec![None; source.len()];
    let mut taken = vec![false; target.len()];
    let mut matching = Matching::default();
    for (fit, i, j) in &fits {
        if partner_of_source[*i].is_none() && !taken[*j] {
            partner_of_source[*i] = Some(*j);
            taken[*j] = true;
            matching.pairs.push((*i, *j, *fit));
        }
    }
    matching.pairs.sort_unstable_by_key(|(i, j, _)| (*i, *j));
    // A number that is said twice on one side may be said once on the other.
    let may_repeat = |i: usize, j: usize| {
        let (a, b) = (source[i].kind, target[j].kind);
        a == b || a == Kind::Count || b == Kind::Count
    };
    let fits_any_source = |j: usize| {
        fits.iter()
            .any(|(_, i, other)| *other == j && may_repeat(*i, j))
    };
    let fits_any_target = |i: usize| {
        fits.iter()
            .any(|(_, other, j)| *other == i && may_repeat(i, *j))
    };
    matching.source_left = (0..source.len())
        .filter(|i| partner_of_source[*i].is_none() && !fits_any_target(*i))
        .collect();
    matching.target_left = (0..target.len())
        .filter(|j| !taken[*j] && !fits_any_source(*j))
        .collect();
    matching
}

fn pair_equal(source: &[Mention], target: &[Mention]) -> Matching {
    let key = |mention: &Mention| (mention.kind == Kind::Code, mention.low);
    let mut places: BTreeMap<(bool, Rational), Vec<usize>> = BTreeMap::new();
    for (j, mention) in target.iter().enumerate().rev() {
        places.entry(key(mention)).or_default().push(j);
    }
    let mut matching = Matching::default();
    for (i, mention) in source.iter().enumerate() {
        match places.get_mut(&key(mention)).and_then(Vec::pop) {
            Some(j) => matching.pairs.push((i, j, Fit::Same)),
            None => matching.source_left.push(i),
        }
    }
    matching.target_left = places.into_values().flatten().collect();
    matching.target_left.sort_unstable();
    matching
}
