//! How often rows of each shape occur, and how paragraph breaks of the two sides go together.
//! Both are learned from the texts, starting from what is usual.

use rustc_hash::FxHashMap;

use super::lattice::Step;
use super::settings::Settings;
use super::tokens::Side;

/// Shapes (source sentences, target sentences) and their usual shares.
const USUAL: [((usize, usize), f32); 22] = [
    ((1, 1), 0.70),
    ((1, 2), 0.10),
    ((2, 1), 0.10),
    ((2, 2), 0.012),
    ((1, 3), 0.02),
    ((3, 1), 0.02),
    ((1, 4), 0.006),
    ((4, 1), 0.006),
    ((2, 3), 0.004),
    ((3, 2), 0.004),
    ((3, 3), 0.001),
    ((1, 5), 0.002),
    ((5, 1), 0.002),
    ((2, 4), 0.001),
    ((4, 2), 0.001),
    ((3, 4), 0.0004),
    ((4, 3), 0.0004),
    ((1, 6), 0.0008),
    ((6, 1), 0.0008),
    ((4, 4), 0.0002),
    ((1, 0), 0.01),
    ((0, 1), 0.01),
];

/// The most sentences that a side of a row has.
pub(super) const MOST: usize = 6;

/// The logarithm of the share of a shape that never occurs.
const NEVER: f32 = -12.0;

/// All shapes.
pub(super) fn all() -> Vec<(usize, usize)> {
    USUAL.iter().map(|&(shape, _)| shape).collect()
}

/// The shapes that are common enough to learn from.
pub(super) fn common() -> Vec<(usize, usize)> {
    let common = USUAL.iter().filter(|(_, share)| *share > 0.003);
    common.map(|&(shape, _)| shape).collect()
}

/// The shapes that a first look needs.
pub(super) const SIMPLE: [(usize, usize); 5] = [(1, 1), (1, 2), (2, 1), (1, 0), (0, 1)];

/// Log-probabilities of shapes and breaks.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    /// By source and target sentences of a row.
    shares: [[f32; MOST + 1]; MOST + 1],
    /// Whether both sides have paragraphs of their own.
    breaks: bool,
    /// How much more probable it is that a row ends where both sides, one or neither break.
    both: f32,
    one: f32,
    neither: f32,
    /// For each break within a row that the other side does not have there.
    inner: f32,
}

impl Shapes {
    /// What is usual.
    pub fn usual(source: &Side, target: &Side, settings: &Settings) -> Self {
        let breaks = [source, target]
            .iter()
            .all(|side| side.paragraph_end.iter().filter(|&&end| end).count() > 2);
        let weight = settings.paragraphs;
        let mut shares = [[NEVER; MOST + 1]; MOST + 1];
        for ((k, l), share) in USUAL {
            shares[k][l] = share.ln();
        }
        Self {
            shares,
            breaks,
            both: weight,
            one: -weight,
            neither: weight * 0.1,
            inner: weight * -1.5,
        }
    }

    /// What these rows show, with the usual as a prior.
    pub fn learned(path: &[Step], source: &Side, target: &Side, settings: &Settings) -> Self {
        let mut counts: FxHashMap<(usize, usize), f32> = FxHashMap::default();
        let mut total = 0.0;
        // Rows whose end both sides, the source, the target, or neither break after.
        let mut ends = [[0.5_f32; 2]; 2];
        let mut inner = 0.5;
        for step in path {
            *counts.entry((step.source.1, step.target.1)).or_default() += step.posterior;
            total += step.posterior;
            let (Some(s), Some(t)) = (last(step.source), last(step.target)) else {
                continue;
            };
            let (s, t) = (source.paragraph_end[s], target.paragraph_end[t]);
            ends[usize::from(s)][usize::from(t)] += step.posterior;
            inner += step.posterior
                * (inner_breaks(source, step.source) + inner_breaks(target, step.target));
        }
        let mut shapes = Self::usual(source, target, settings);
        for &(shape, share) in &USUAL {
            let found = counts.get(&shape).copied().unwrap_or_default();
            let share = (found + settings.shape_trust * share) / (total + settings.shape_trust);
            shapes.shares[shape.0][shape.1] = share.ln();
        }
        let all: f32 = ends.iter().flatten().sum();
        let source_share = (ends[1][0] + ends[1][1]) / all;
        let target_share = (ends[0][1] + ends[1][1]) / all;
        let weight = settings.paragraphs;
        let more = |found: f32, by_chance: f32| weight * (found / all / by_chance).ln();
        shapes.both = more(ends[1][1], source_share * target_share).clamp(-3.0, 3.0);
        shapes.neither =
            more(ends[0][0], (1.0 - source_share) * (1.0 - target_share)).clamp(-3.0, 3.0);
        let by_chance = source_share * (1.0 - target_share) + (1.0 - source_share) * target_share;
        shapes.one = more(ends[0][1] + ends[1][0], by_chance).clamp(-3.0, 3.0);
        shapes.inner = weight * (inner / (2.0 * ends[1][1] + inner)).ln().clamp(-4.0, 0.0);
        shapes
    }

    /// The score of a row's shape and of where it lies in the paragraphs.
    pub fn score(
        &self,
        source: &Side,
        target: &Side,
        (i, k): (usize, usize),
        (j, l): (usize, usize),
    ) -> f32 {
        let of_source = self.shares.get(k);
        let share = of_source
            .and_then(|row| row.get(l))
            .copied()
            .unwrap_or(NEVER);
        if !self.breaks || k == 0 || l == 0 {
            return share;
        }
        let end = match (
            source.paragraph_end[i + k - 1],
            target.paragraph_end[j + l - 1],
        ) {
            (true, true) => self.both,
            (false, false) => self.neither,
            _ => self.one,
        };
        let inner = inner_breaks(source, (i, k)) + inner_breaks(target, (j, l));
        share + end + self.inner * inner
    }
}

fn last((first, count): (usize, usize)) -> Option<usize> {
    (count > 0).then(|| first + count - 1)
}

fn inner_breaks(side: &Side, (first, count): (usize, usize)) -> f32 {
    let mut breaks = 0.0;
    for index in first..(first + count).saturating_sub(1) {
        if side.paragraph_end[index] {
            breaks += 1.0;
        }
    }
    breaks
}
