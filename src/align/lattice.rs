//! The lattice of possible rows within a band, their scores, and the best path by expected gain.
//!
//! A state is a pair of cuts (i, j): the first i source and the first j target sentences are
//! aligned. A row of k source and l target sentences leads from (i, j) to (i + k, j + l). Its
//! score is the logarithm of how much more probable its words and lengths are as translations of
//! each other than by chance, plus that of its shape. Forward and backward sums turn scores into
//! the probability of each row, and the path is the one with the greatest expected number of
//! right rows (minimum Bayes risk), which makes fewer errors than the single most probable path.

use std::cell::RefCell;

use super::band::Band;
use super::lexicon::Lexicon;
use super::settings::Settings;
use super::shapes::{MOST, Shapes};
use super::tokens::Side;

/// A row that the path takes.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The first source sentence, and how many.
    pub source: (usize, usize),
    /// The first target sentence, and how many.
    pub target: (usize, usize),
    /// The probability of the row, given both texts.
    pub posterior: f32,
    /// Lexical evidence per word, both directions; 0 where there is none.
    pub support: f32,
}

/// What scores rows.
pub(super) struct Scorer<'a> {
    source: &'a Side,
    target: &'a Side,
    settings: &'a Settings,
    shapes: &'a Shapes,
    matches: Matches,
    /// Expected target length of one unit of source length.
    ratio: f32,
    /// Sums of lengths and word counts before each sentence.
    source_sums: Vec<(f64, u32)>,
    target_sums: Vec<(f64, u32)>,
    /// By cell and number of sentences on the other side, the first of which is the cell's: what
    /// the words of the cell's sentence gain; NaN until asked.
    forward_gains: Vec<f32>,
    backward_gains: Vec<f32>,
    /// Words in the longest source and target sentence.
    longest: (usize, usize),
    /// Sums by position in a sentence, and the positions that have one.
    scratch: RefCell<(Vec<f32>, Vec<u16>)>,
}

/// For each cell (source sentence × target sentence in the band), which words match.
struct Matches {
    band: Band,
    cell_start: Vec<usize>,
    forward_start: Vec<u32>,
    forward: Vec<(u16, f32)>,
    backward_start: Vec<u32>,
    backward: Vec<(u16, f32)>,
}

impl Matches {
    fn new(source: &Side, target: &Side, lexicon: &Lexicon, band: &Band) -> Self {
        let n = source.sentences.len();
        let mut cell_start = Vec::with_capacity(n + 1);
        let mut cells = 0;
        for i in 0..n {
            cell_start.push(cells);
            let (low, high) = band.columns(i);
            cells += high - low;
        }
        cell_start.push(cells);
        let target_total = as_float(target.total().max(1));
        let source_total = as_float(source.total().max(1));
        let target_rarity: Vec<f32> = rarity(&target.counts, target_total);
        let source_rarity: Vec<f32> = rarity(&source.counts, source_total);

        let mut matches = Self {
            band: band.clone(),
            cell_start,
            forward_start: Vec::with_capacity(cells + 1),
            forward: Vec::new(),
            backward_start: Vec::with_capacity(cells + 1),
            backward: Vec::new(),
        };
        // For the current source sentence: by target word, its summed probability, and the first
        // of a chain of source positions that it may render.
        let mut sums = vec![0.0_f32; target.counts.len()];
        let mut heads = vec![u32::MAX; target.counts.len()];
        let mut chain: Vec<(u16, f32, u32)> = Vec::new();
        let mut used: Vec<u32> = Vec::new();
        for i in 0..n {
            for (position, &s) in source.sentences[i].tokens.iter().enumerate() {
                let Ok(position) = u16::try_from(position) else {
                    break;
                };
                for entry in lexicon.of(s) {
                    let t = entry.target as usize;
                    if sums[t] == 0.0 && heads[t] == u32::MAX {
                        used.push(entry.target);
                    }
                    sums[t] += entry.forward;
                    let link = u32::try_from(chain.len()).unwrap_or(u32::MAX);
                    chain.push((
                        position,
                        entry.backward * source_rarity[s as usize],
                        heads[t],
                    ));
                    heads[t] = link;
                }
            }
            let (low, high) = band.columns(i);
            for sentence in &target.sentences[low..high] {
                matches
                    .forward_start
                    .push(position_of(matches.forward.len()));
                matches
                    .backward_start
                    .push(position_of(matches.backward.len()));
                for (position, &t) in sentence.tokens.iter().enumerate() {
                    let Ok(position) = u16::try_from(position) else {
                        break;
                    };
                    let t = t as usize;
                    if heads[t] == u32::MAX {
                        continue;
                    }
                    matches.forward.push((position, sums[t] * target_rarity[t]));
                    let mut link = heads[t];
                    while link != u32::MAX {
                        let (position, weight, next) = chain[link as usize];
                        matches.backward.push((position, weight));
                        link = next;
                    }
                }
            }
            for t in used.drain(..) {
                sums[t as usize] = 0.0;
                heads[t as usize] = u32::MAX;
            }
            chain.clear();
        }
        matches
            .forward_start
            .push(position_of(matches.forward.len()));
        matches
            .backward_start
            .push(position_of(matches.backward.len()));
        matches
    }

    fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let (low, high) = self.band.columns(i);
        (low..high)
            .contains(&j)
            .then(|| self.cell_start[i] + j - low)
    }

    fn of(&self, cell: usize, direction: Direction) -> &[(u16, f32)] {
        let (starts, list) = match direction {
            Direction::Forward => (&self.forward_start, &self.forward),
            Direction::Backward => (&self.backward_start, &self.backward),
        };
        &list[starts[cell] as usize..starts[cell + 1] as usize]
    }
}

fn rarity(counts: &[u32], total: f32) -> Vec<f32> {
    counts
        .iter()
        .map(|&count| total / as_float(count.max(1)))
        .collect()
}

impl<'a> Scorer<'a> {
    /// Prepares to score rows within the band.
    pub fn new(
        source: &'a Side,
        target: &'a Side,
        lexicon: &Lexicon,
        band: &Band,
        ratio: f32,
        shapes: &'a Shapes,
        settings: &'a Settings,
    ) -> Self {
        let matches = Matches::new(source, target, lexicon, band);
        let cells = matches.forward_start.len() - 1;
        let longest = |side: &Side| {
            let lengths = side.sentences.iter().map(|sentence| sentence.tokens.len());
            lengths.max().unwrap_or_default()
        };
        Self {
            source,
            target,
            settings,
            shapes,
            forward_gains: vec![f32::NAN; cells * MOST],
            backward_gains: vec![f32::NAN; cells * MOST],
            longest: (longest(source), longest(target)),
            matches,
            ratio,
            source_sums: sums(source),
            target_sums: sums(target),
            scratch: RefCell::default(),
        }
    }

    /// The score of a row, and its lexical part; `None` where it is out of the band.
    fn score(&mut self, i: usize, j: usize, k: usize, l: usize) -> Option<(f32, f32)> {
        let settings = self.settings;
        let (source_length, source_words) = span(&self.source_sums, i, k);
        let (target_length, target_words) = span(&self.target_sums, j, l);
        let shape = self.shapes.score(self.source, self.target, (i, k), (j, l));
        if k == 0 || l == 0 {
            let lone = as_float(source_words + target_words) * settings.lone_word;
            return Some((shape - lone, 0.0));
        }
        let length = settings.length * self.length_score(source_length, target_length);
        let lexical = self.lexical((i, k), (j, l), source_words, target_words)?;
        Some((shape + length + settings.lexical * lexical, lexical))
    }

    fn length_score(&self, source: f32, target: f32) -> f32 {
        let expected = source * self.ratio;
        let mean = f32::midpoint(expected, target).max(1.0);
        let scale = self.ratio.max(1.0).sqrt();
        let off =
            (target - expected) / (self.settings.spread * scale * (mean + 4.0 * scale).sqrt());
        let freedom = self.settings.freedom;
        -0.5 * (freedom + 1.0) * (1.0 + off * off / freedom).ln()
    }

    fn lexical(
        &mut self,
        (i, k): (usize, usize),
        (j, l): (usize, usize),
        source_words: u32,
        target_words: u32,
    ) -> Option<f32> {
        for row in i..i + k {
            self.matches.cell(row, j)?;
            self.matches.cell(row, j + l - 1)?;
        }
        let factor = (1.0 - self.settings.unexplained) / self.settings.unexplained;
        let per_source = factor / as_float(source_words.max(4));
        let per_target = factor / as_float(target_words.max(4));
        let mut sum = 0.0;
        // Target words, explained by all source sentences of the row.
        for column in j..j + l {
            sum += self.gain((i, k), column, per_source, Direction::Forward)?;
        }
        // Source words, explained by all target sentences of the row.
        for row in i..i + k {
            sum += self.gain((j, l), row, per_target, Direction::Backward)?;
        }
        let words = as_float(source_words + target_words);
        Some(sum + words * self.settings.unexplained.ln())
    }

    /// What the words of a sentence gain from these sentences of the other side; kept, because
    /// rows of several shapes ask again. `None` where the first is out of the band.
    fn gain(
        &mut self,
        (first, count): (usize, usize),
        sentence: usize,
        share: f32,
        direction: Direction,
    ) -> Option<f32> {
        let (cell, size) = match direction {
            Direction::Forward => (self.matches.cell(first, sentence)?, self.longest.1),
            Direction::Backward => (self.matches.cell(sentence, first)?, self.longest.0),
        };
        let at = cell * MOST + count - 1;
        let known = match direction {
            Direction::Forward => self.forward_gains[at],
            Direction::Backward => self.backward_gains[at],
        };
        if !known.is_nan() {
            return Some(known);
        }
        let cells = (first..first + count).filter_map(|other| match direction {
            Direction::Forward => self.matches.cell(other, sentence),
            Direction::Backward => self.matches.cell(sentence, other),
        });
        let gain = self.together(cells, size, share, direction);
        match direction {
            Direction::Forward => self.forward_gains[at] = gain,
            Direction::Backward => self.backward_gains[at] = gain,
        }
        Some(gain)
    }

    /// What the words of a sentence gain from all cells of a row together.
    fn together(
        &self,
        cells: impl Iterator<Item = usize>,
        size: usize,
        share: f32,
        direction: Direction,
    ) -> f32 {
        let mut scratch = self.scratch.borrow_mut();
        let (sums, touched) = &mut *scratch;
        if sums.len() < size {
            sums.resize(size, 0.0);
        }
        for cell in cells {
            for &(position, ratio) in self.matches.of(cell, direction) {
                let slot = &mut sums[usize::from(position)];
                if *slot == 0.0 {
                    touched.push(position);
                }
                *slot += ratio;
            }
        }
        // One logarithm for many words.
        let surprise = self.settings.surprise;
        let mut gain = 0.0;
        let mut product = 1.0_f32;
        for position in touched.drain(..) {
            let ratio = std::mem::take(&mut sums[usize::from(position)]);
            product *= 1.0 + (ratio * share).min(surprise);
            if product > 1e30 {
                gain += product.ln();
                product = 1.0;
            }
        }
        gain + product.ln()
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Backward,
}

fn sums(side: &Side) -> Vec<(f64, u32)> {
    let mut sums = Vec::with_capacity(side.sentences.len() + 1);
    let mut sum = (0.0, 0);
    sums.push(sum);
    for sentence in &side.sentences {
        sum.0 += f64::from(sentence.length);
        sum.1 += position_of(sentence.tokens.len());
        sums.push(sum);
    }
    sums
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the length of a row; sums of a whole text keep their digits"
)]
fn span(sums: &[(f64, u32)], first: usize, count: usize) -> (f32, u32) {
    let (from, to) = (sums[first], sums[first + count]);
    ((to.0 - from.0) as f32, to.1 - from.1)
}

/// The scored lattice.
pub(super) struct Lattice {
    state_start: Vec<usize>,
    band: Band,
    shapes: Vec<(usize, usize)>,
    /// By state and shape, of the row that leads to the state.
    scores: Vec<f32>,
    lexical: Vec<f32>,
    source_len: usize,
    target_len: usize,
}

impl Lattice {
    /// Scores all rows of these shapes in the band.
    pub fn new(scorer: &mut Scorer<'_>, shapes: &[(usize, usize)]) -> Self {
        let n = scorer.source.sentences.len();
        let m = scorer.target.sentences.len();
        let band = scorer.matches.band.clone();
        let mut state_start = Vec::with_capacity(n + 2);
        let mut states = 0;
        for i in 0..=n {
            state_start.push(states);
            let (low, high) = band.cuts(i);
            states += high - low + 1;
        }
        state_start.push(states);
        let mut lattice = Self {
            state_start,
            band,
            shapes: shapes.to_vec(),
            scores: vec![f32::NEG_INFINITY; states * shapes.len()],
            lexical: vec![0.0; states * shapes.len()],
            source_len: n,
            target_len: m,
        };
        for i in 0..=n {
            let (low, high) = lattice.band.cuts(i);
            for j in low..=high {
                let Some(state) = lattice.state(i, j) else {
                    continue;
                };
                for (number, &(k, l)) in shapes.iter().enumerate() {
                    if k > i || l > j || lattice.state(i - k, j - l).is_none() {
                        continue;
                    }
                    if let Some((score, lexical)) = scorer.score(i - k, j - l, k, l) {
                        lattice.scores[state * shapes.len() + number] = score;
                        lattice.lexical[state * shapes.len() + number] = lexical;
                    }
                }
            }
        }
        lattice
    }

    fn state(&self, i: usize, j: usize) -> Option<usize> {
        let (low, high) = self.band.cuts(i);
        (low..=high)
            .contains(&j)
            .then(|| self.state_start[i] + j - low)
    }

    /// The path with the greatest expected gain, with the probability of each row.
    pub fn decode(&self, scorer: &Scorer<'_>) -> (Vec<Step>, Band) {
        let settings = scorer.settings;
        let (posteriors, likely) = self.posteriors(settings.temperature);
        let width = self.shapes.len();
        let states = self.state_start[self.source_len + 1];
        let mut best = vec![f32::NEG_INFINITY; states];
        let mut choice = vec![u8::MAX; states];
        for i in 0..=self.source_len {
            let (low, high) = self.band.cuts(i);
            for j in low..=high {
                let Some(state) = self.state(i, j) else {
                    continue;
                };
                if i == 0 && j == 0 {
                    best[state] = 0.0;
                    continue;
                }
                for (number, &(k, l)) in self.shapes.iter().enumerate() {
                    let at = state * width + number;
                    if self.scores[at] == f32::NEG_INFINITY {
                        continue;
                    }
                    let Some(before) = self.state(i - k, j - l) else {
                        continue;
                    };
                    let worth = if k == 0 || l == 0 {
                        settings.lone_row
                    } else {
                        1.0
                    };
                    let value = best[before] + worth * posteriors[at];
                    if value > best[state] {
                        best[state] = value;
                        choice[state] = u8::try_from(number).unwrap_or(u8::MAX);
                    }
                }
            }
        }
        let mut path = Vec::new();
        let (mut i, mut j) = (self.source_len, self.target_len);
        while let Some(state) = self.state(i, j) {
            let number = usize::from(choice[state]);
            let Some(&(k, l)) = self.shapes.get(number) else {
                break;
            };
            let at = state * width + number;
            let words =
                span(&scorer.source_sums, i - k, k).1 + span(&scorer.target_sums, j - l, l).1;
            path.push(Step {
                source: (i - k, k),
                target: (j - l, l),
                posterior: posteriors[at],
                support: self.lexical[at] / as_float(words.max(1)),
            });
            i -= k;
            j -= l;
        }
        path.reverse();
        (path, likely)
    }

    /// The probability of each row, and the band of the states that are not improbable.
    fn posteriors(&self, temperature: f32) -> (Vec<f32>, Band) {
        let width = self.shapes.len();
        let states = self.state_start[self.source_len + 1];
        let mut forward = vec![f64::NEG_INFINITY; states];
        let mut backward = vec![f64::NEG_INFINITY; states];
        let mut terms = Vec::with_capacity(width);
        for i in 0..=self.source_len {
            let (low, high) = self.band.cuts(i);
            for j in low..=high {
                let Some(state) = self.state(i, j) else {
                    continue;
                };
                if i == 0 && j == 0 {
                    forward[state] = 0.0;
                    continue;
                }
                terms.clear();
                for (number, &(k, l)) in self.shapes.iter().enumerate() {
                    let score = self.scores[state * width + number];
                    if score == f32::NEG_INFINITY {
                        continue;
                    }
                    if let Some(before) = self.state(i - k, j - l) {
                        terms.push(forward[before] + f64::from(temperature * score));
                    }
                }
                forward[state] = sum_of_logs(&terms);
            }
        }
        let Some(end) = self.state(self.source_len, self.target_len) else {
            return (vec![0.0; states * width], self.band.clone());
        };
        let total = forward[end];
        backward[end] = 0.0;
        let mut posteriors = vec![0.0; states * width];
        let mut likely = vec![(usize::MAX, 0); self.source_len + 1];
        for i in (0..=self.source_len).rev() {
            let (low, high) = self.band.cuts(i);
            for j in (low..=high).rev() {
                let Some(state) = self.state(i, j) else {
                    continue;
                };
                let after = backward[state];
                if after == f64::NEG_INFINITY {
                    continue;
                }
                if forward[state] + after - total > IMPROBABLE {
                    let (least, greatest) = &mut likely[i];
                    *least = j.min(*least);
                    *greatest = j.max(*greatest);
                }
                for (number, &(k, l)) in self.shapes.iter().enumerate() {
                    let at = state * width + number;
                    let score = self.scores[at];
                    if score == f32::NEG_INFINITY {
                        continue;
                    }
                    let Some(before) = self.state(i - k, j - l) else {
                        continue;
                    };
                    let through = f64::from(temperature * score) + after;
                    backward[before] = add_logs(backward[before], through);
                    posteriors[at] = probability(forward[before] + through - total);
                }
            }
        }
        (posteriors, Band::of_cuts(likely, self.target_len))
    }
}

/// States less probable than this (a natural logarithm) are not looked at again.
const IMPROBABLE: f64 = -9.0;

/// The logarithm of the sum of what these are the logarithms of.
fn sum_of_logs(terms: &[f64]) -> f64 {
    let greatest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    let near = terms.iter().filter(|&&term| greatest - term < 30.0);
    greatest + near.map(|term| (term - greatest).exp()).sum::<f64>().ln()
}

fn add_logs(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY || high - low > 30.0 {
        return high;
    }
    high + (low - high).exp().ln_1p()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a probability needs no more digits"
)]
fn probability(log: f64) -> f32 {
    log.exp().min(1.0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "counts of words in two texts")]
fn as_float(count: u32) -> f32 {
    count as f32
}

fn position_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
