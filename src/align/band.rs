//! The band of the lattice: which cuts of the target each cut of the source can go with.
//!
//! First from anchors: pairs of sentences that share rare words, chained so that both sides go
//! forward and the evidence is greatest (a longest increasing subsequence with weights). Then,
//! once a path is known, around it.

use rustc_hash::FxHashMap;

use super::lexicon::Lexicon;
use super::tokens::Side;

/// For each number of source sentences, the least and greatest number of target sentences.
#[derive(Clone, Debug)]
pub(super) struct Band {
    low: Vec<usize>,
    high: Vec<usize>,
}

/// A rare word occurs in at most this many sentences.
const RARE: usize = 12;

/// How far the band of a first look reaches beyond what anchors say.
const MARGIN: usize = 16;

/// The greatest gap between anchors that is searched whole.
const WHOLE: usize = 80;

/// How far the band reaches from the straight line through a wide gap, at most.
const WIDEST: usize = 200;

/// How many cells a wide gap may take.
const CELLS: usize = 4_000_000;

impl Band {
    /// The cuts of the target, least and greatest, that go with the first `i` source sentences.
    pub fn cuts(&self, i: usize) -> (usize, usize) {
        (self.low[i], self.high[i])
    }

    /// The target sentences, half-open, that source sentence `i` can go with.
    pub fn columns(&self, i: usize) -> (usize, usize) {
        (self.low[i], self.high[i + 1].max(self.low[i]))
    }

    /// The band around anchors.
    pub fn around_anchors(source: &Side, target: &Side, lexicon: &Lexicon) -> Self {
        let (n, m) = (source.sentences.len(), target.sentences.len());
        let mut points = vec![(0, 0)];
        points.extend(chain(&candidates(source, target, lexicon)));
        points.push((n, m));
        // Cells stay in proportion to the text where there is nothing to go by.
        let widest = (CELLS / (n + 1)).clamp(WHOLE / 2, WIDEST);
        let mut low = vec![m; n + 1];
        let mut high = vec![0; n + 1];
        for pair in points.windows(2) {
            let ((i0, j0), (i1, j1)) = (pair[0], pair[1]);
            let whole = j1 - j0 <= WHOLE && i1 - i0 <= WHOLE;
            for i in i0..=i1 {
                let (from, to) = if whole || i1 == i0 {
                    (j0, j1)
                } else {
                    // In a wide gap, the band opens from both ends around the straight line.
                    let line = j0 + (i - i0) * (j1 - j0) / (i1 - i0);
                    let reach = (WHOLE / 2 + (i - i0).min(i1 - i) / 4).min(widest);
                    (line.saturating_sub(reach).max(j0), (line + reach).min(j1))
                };
                low[i] = low[i].min(from);
                high[i] = high[i].max(to);
            }
        }
        Self { low, high }.widened(MARGIN, m)
    }

    /// All cuts.
    pub fn whole(n: usize, m: usize) -> Self {
        Self {
            low: vec![0; n + 1],
            high: vec![m; n + 1],
        }
    }

    /// The band of these cuts, least and greatest; cuts without any are bridged.
    pub fn of_cuts(cuts: Vec<(usize, usize)>, m: usize) -> Self {
        let (low, high) = cuts
            .into_iter()
            .map(|(least, greatest)| (least.min(m), greatest))
            .unzip();
        Self { low, high }.widened(0, m)
    }

    /// The band with a margin on both sides and at both ends of each step, monotone, with both
    /// corners.
    pub fn widened(self, margin: usize, m: usize) -> Self {
        let n = self.low.len() - 1;
        let reach = margin / 2;
        let mut low: Vec<usize> = (0..=n)
            .map(|i| self.low[i.saturating_sub(reach)].saturating_sub(margin))
            .collect();
        let mut high: Vec<usize> = (0..=n)
            .map(|i| (self.high[(i + reach).min(n)] + margin).min(m))
            .collect();
        for i in (0..n).rev() {
            low[i] = low[i].min(low[i + 1]);
        }
        for i in 1..=n {
            high[i] = high[i].max(high[i - 1]);
        }
        low[0] = 0;
        high[n] = m;
        // Where a source sentence was never cut after, the neighbours' cuts bridge it.
        for i in 1..=n {
            high[i] = high[i].max(low[i]);
        }
        Self { low, high }
    }
}

/// Pairs of sentences that share rare words, with the weight of their evidence, sorted.
fn candidates(source: &Side, target: &Side, lexicon: &Lexicon) -> Vec<(usize, usize, f32)> {
    let source_places = places(source);
    let target_places = places(target);
    let mut weights: FxHashMap<(usize, usize), f32> = FxHashMap::default();
    let all = target.sentences.len().max(2);
    for (s, places) in (0_u32..).zip(&source_places) {
        if places.is_empty() || places.len() > RARE {
            continue;
        }
        for entry in lexicon.of(s) {
            let others = &target_places[entry.target as usize];
            if others.is_empty() || others.len() > RARE || entry.forward < 0.1 {
                continue;
            }
            let weight =
                information(all, places.len() * others.len()) * entry.forward.max(entry.backward);
            for &i in places {
                for &j in others {
                    *weights.entry((i, j)).or_default() += weight;
                }
            }
        }
    }
    let mut candidates: Vec<(usize, usize, f32)> = weights
        .into_iter()
        .map(|((i, j), weight)| (i, j, weight))
        .filter(|&(_, _, weight)| weight > 1.0)
        .collect();
    candidates.sort_unstable_by_key(|&(i, j, _)| (i, j));
    candidates
}

/// How telling it is that words of so many pairs of places meet, in a text of so many sentences.
#[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
fn information(sentences: usize, pairs: usize) -> f32 {
    (sentences as f32 / pairs as f32).ln().max(0.0)
}

/// The sentences that each type stands in; only for types rare enough to tell.
fn places(side: &Side) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); side.counts.len()];
    for (index, sentence) in side.sentences.iter().enumerate() {
        for &word in &sentence.tokens {
            let list = &mut places[word as usize];
            if list.len() <= RARE && list.last() != Some(&index) {
                list.push(index);
            }
        }
    }
    places
}

/// The chain of candidates, both sides going strictly forward, with the greatest weight.
fn chain(candidates: &[(usize, usize, f32)]) -> Vec<(usize, usize)> {
    let Some(columns) = candidates.iter().map(|&(_, j, _)| j + 1).max() else {
        return Vec::new();
    };
    // A Fenwick tree of the best chain that ends at a column or before.
    let mut tree: Vec<(f32, Option<usize>)> = vec![(0.0, None); columns + 1];
    let mut links: Vec<Option<usize>> = vec![None; candidates.len()];
    let mut first = 0;
    while first < candidates.len() {
        let row = candidates[first].0;
        let end = first
            + candidates[first..]
                .iter()
                .take_while(|&&(i, _, _)| i == row)
                .count();
        let mut found = Vec::with_capacity(end - first);
        for (link, &(_, j, weight)) in links[first..end].iter_mut().zip(&candidates[first..end]) {
            let mut best = (0.0_f32, None);
            let mut at = j;
            while at > 0 {
                if tree[at].0 > best.0 {
                    best = tree[at];
                }
                at &= at - 1;
            }
            *link = best.1;
            found.push((j, best.0 + weight));
        }
        for (offset, (j, value)) in found.into_iter().enumerate() {
            let mut at = j + 1;
            while at <= columns {
                if value > tree[at].0 {
                    tree[at] = (value, Some(first + offset));
                }
                at += at & at.wrapping_neg();
            }
        }
        first = end;
    }
    let mut best = (0.0_f32, None);
    let mut at = columns;
    while at > 0 {
        if tree[at].0 > best.0 {
            best = tree[at];
        }
        at &= at - 1;
    }
    let mut chain = Vec::new();
    let mut next = best.1;
    while let Some(index) = next {
        let (i, j, _) = candidates[index];
        chain.push((i, j));
        next = links[index];
    }
    chain.reverse();
    chain
}
