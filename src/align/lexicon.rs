//! Which word renders which: what is listed, and what the two texts teach.
//!
//! The learning is IBM model 1 (Brown et al. 1993) in both directions with the listed
//! translations as a Dirichlet prior, after Moore (2002), "Fast and accurate sentence alignment
//! of bilingual corpora". A pair must occur in two rows before it teaches anything, and each
//! count is discounted, so that a row does not confirm itself.

use rustc_hash::FxHashMap;

use super::settings::Settings;
use super::tokens::Side;

/// A translation of a source word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The target word.
    pub target: u32,
    /// The probability of the target word, given the source word.
    pub forward: f32,
    /// The probability of the source word, given the target word.
    pub backward: f32,
}

/// Translations by source word.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    entries: Vec<Vec<Entry>>,
}

/// Listed translations, before they are probabilities.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// By source type: target type and weight.
    pairs: FxHashMap<(u32, u32), f32>,
    /// By source type: the weight of translations that the target text does not use.
    unused: FxHashMap<u32, f32>,
}

impl Listed {
    /// Adds a pair; the greater weight stays.
    pub fn add(&mut self, source: u32, target: u32, weight: f32) {
        let entry = self.pairs.entry((source, target)).or_default();
        *entry = entry.max(weight);
    }

    /// Says that a source word has translations of this weight that the text does not use.
    pub fn add_unused(&mut self, source: u32, weight: f32) {
        *self.unused.entry(source).or_default() += weight;
    }
}

impl Lexicon {
    /// The translations of a source word.
    pub fn of(&self, source: u32) -> &[Entry] {
        &self.entries[source as usize]
    }

    /// Turns weights into probabilities.
    pub fn from_listed(source: &Side, target: &Side, listed: &Listed, settings: &Settings) -> Self {
        let mut pairs: Vec<(u32, u32, f32)> = listed
            .pairs
            .iter()
            .map(|(&(s, t), &weight)| (s, t, weight))
            .collect();
        pairs.sort_unstable_by_key(|&(s, t, _)| (s, t));
        let mut by_source = vec![0.0_f32; source.types.len()];
        let mut by_target = vec![0.0_f32; target.types.len()];
        for &(s, t, weight) in &pairs {
            by_source[s as usize] += weight;
            by_target[t as usize] += weight;
        }
        let mut entries = vec![Vec::new(); source.types.len()];
        for (s, t, weight) in pairs {
            let unused = listed.unused.get(&s).copied().unwrap_or_default();
            let of_source = (by_source[s as usize] + 0.3 * unused).max(1.0);
            entries[s as usize].push(Entry {
                target: t,
                forward: settings.listed * weight / of_source,
                backward: settings.listed * weight / by_target[t as usize].max(1.0),
            });
        }
        Self { entries }
    }

    /// The part of both texts' words that have a translation in the other text.
    pub fn coverage(&self, source: &Side, target: &Side) -> f32 {
        let mut rendered = vec![false; target.types.len()];
        let mut known = 0;
        for (entries, &count) in self.entries.iter().zip(&source.counts) {
            if !entries.is_empty() {
                known += count;
            }
            for entry in entries {
                rendered[entry.target as usize] = true;
            }
        }
        let of_target = rendered.iter().zip(&target.counts);
        known += of_target
            .filter(|(is, _)| **is)
            .map(|(_, count)| count)
            .sum::<u32>();
        as_float(known) / as_float((source.total() + target.total()).max(1))
    }

    /// Learns from rows: source words, target words, and how sure the row is. `self` is the prior.
    pub fn learn(
        &self,
        source: &Side,
        target: &Side,
        rows: &[(Vec<u32>, Vec<u32>, f32)],
        settings: &Settings,
    ) -> Self {
        let mut model = Model::new(self, source, target, rows);
        for _ in 0..3 {
            model.step(settings);
        }
        model.lexicon(self, settings)
    }
}

/// The state of the learning: pairs that occur together, by number.
struct Model<'a> {
    rows: Vec<Row<'a>>,
    pairs: Vec<Pair>,
    source_counts: Vec<f32>,
    target_counts: Vec<f32>,
    source_share: Vec<f32>,
    target_share: Vec<f32>,
}

/// By target word: how often it meets the source word at hand, and the number of their pair.
struct Scratch {
    meetings: Vec<u32>,
    numbers: Vec<u32>,
    used: Vec<u32>,
}

impl Scratch {
    const NONE: u32 = u32::MAX;

    fn new(types: usize) -> Self {
        Self {
            meetings: vec![0; types],
            numbers: vec![Self::NONE; types],
            used: Vec::new(),
        }
    }

    fn count(&mut self, t: u32) {
        let meetings = &mut self.meetings[t as usize];
        if *meetings == 0 {
            self.used.push(t);
        }
        *meetings += 1;
    }

    fn clear(&mut self) {
        for t in self.used.drain(..) {
            self.meetings[t as usize] = 0;
            self.numbers[t as usize] = Self::NONE;
        }
    }
}

struct Row<'a> {
    source: &'a [u32],
    target: &'a [u32],
    weight: f32,
    /// Which source word (by place), which target word, and the number of their pair.
    cells: Vec<(u16, u16, u32)>,
}

#[derive(Clone, Copy)]
struct Pair {
    source: u32,
    target: u32,
    rows: f32,
    prior_forward: f32,
    prior_backward: f32,
    forward: f32,
    backward: f32,
    count_forward: f32,
    count_backward: f32,
}

const NULL: f32 = 0.3;

impl<'a> Model<'a> {
    fn new(
        prior: &Lexicon,
        source: &Side,
        target: &Side,
        rows: &'a [(Vec<u32>, Vec<u32>, f32)],
    ) -> Self {
        let share = |side: &Side| -> Vec<f32> {
            let total = as_float(side.total().max(1));
            side.counts.iter().map(|&n| as_float(n) / total).collect()
        };
        let mut model = Self {
            rows: Vec::with_capacity(rows.len()),
            pairs: Vec::new(),
            source_counts: vec![0.0; source.types.len()],
            target_counts: vec![0.0; target.types.len()],
            source_share: share(source),
            target_share: share(target),
        };
        // Where each source word stands: row, and place in it.
        let mut places: Vec<(u32, u32, u16)> = Vec::new();
        for (number, (source_words, target_words, weight)) in (0_u32..).zip(rows) {
            for (place, &s) in (0_u16..).zip(source_words) {
                model.source_counts[s as usize] += weight;
                places.push((s, number, place));
            }
            for &t in target_words {
                model.target_counts[t as usize] += weight;
            }
            model.rows.push(Row {
                source: source_words,
                target: target_words,
                weight: *weight,
                cells: Vec::new(),
            });
        }
        places.sort_unstable();
        let mut scratch = Scratch::new(target.types.len());
        for places in places.chunk_by(|a, b| a.0 == b.0) {
            model.add_pairs(places, prior, &mut scratch);
        }
        model
    }

    /// Adds the pairs of one source word, given where it stands. One that meets only once and is
    /// not listed can teach nothing, and is left out.
    fn add_pairs(&mut self, places: &[(u32, u32, u16)], prior: &Lexicon, scratch: &mut Scratch) {
        let Some(&(s, ..)) = places.first() else {
            return;
        };
        for &(_, row, _) in places {
            for &t in self.rows[row as usize].target {
                scratch.count(t);
            }
        }
        for entry in prior.of(s) {
            if scratch.meetings[entry.target as usize] > 0 {
                scratch.numbers[entry.target as usize] =
                    self.add_pair(s, entry.target, Some(entry));
            }
        }
        for &(_, row, place) in places {
            let weight = self.rows[row as usize].weight;
            for (column, &t) in (0_u16..).zip(self.rows[row as usize].target) {
                let slot = t as usize;
                if scratch.numbers[slot] == Scratch::NONE {
                    if scratch.meetings[slot] < 2 {
                        continue;
                    }
                    scratch.numbers[slot] = self.add_pair(s, t, None);
                }
                let number = scratch.numbers[slot];
                self.pairs[number as usize].rows += weight;
                self.rows[row as usize].cells.push((place, column, number));
            }
        }
        scratch.clear();
    }

    fn add_pair(&mut self, s: u32, t: u32, listed: Option<&Entry>) -> u32 {
        let number = u32::try_from(self.pairs.len()).unwrap_or(u32::MAX);
        let prior_forward = listed.map_or(0.0, |entry| entry.forward);
        let prior_backward = listed.map_or(0.0, |entry| entry.backward);
        self.pairs.push(Pair {
            source: s,
            target: t,
            rows: 0.0,
            prior_forward,
            prior_backward,
            forward: prior_forward.max(self.target_share[t as usize]),
            backward: prior_backward.max(self.source_share[s as usize]),
            count_forward: 0.0,
            count_backward: 0.0,
        });
        number
    }

    fn step(&mut self, settings: &Settings) {
        for pair in &mut self.pairs {
            pair.count_forward = 0.0;
            pair.count_backward = 0.0;
        }
        let mut by_source = Vec::new();
        let mut by_target = Vec::new();
        for row in &self.rows {
            let (n, m) = (row.source.len(), row.target.len());
            if n == 0 || m == 0 {
                continue;
            }
            let per_source = (1.0 - NULL) / as_float_len(n);
            let per_target = (1.0 - NULL) / as_float_len(m);
            by_target.clear();
            by_target.extend(
                row.target
                    .iter()
                    .map(|&t| NULL * self.target_share[t as usize]),
            );
            by_source.clear();
            by_source.extend(
                row.source
                    .iter()
                    .map(|&s| NULL * self.source_share[s as usize]),
            );
            for &(s, t, number) in &row.cells {
                let pair = &self.pairs[number as usize];
                by_target[usize::from(t)] += per_source * pair.forward;
                by_source[usize::from(s)] += per_target * pair.backward;
            }
            for &(s, t, number) in &row.cells {
                let pair = &mut self.pairs[number as usize];
                pair.count_forward +=
                    row.weight * per_source * pair.forward / by_target[usize::from(t)];
                pair.count_backward +=
                    row.weight * per_target * pair.backward / by_source[usize::from(s)];
            }
        }
        let trust = settings.trust;
        for pair in &mut self.pairs {
            let taught = |count: f32| {
                if pair.rows > 1.5 {
                    (count - settings.discount).max(0.0)
                } else {
                    0.0
                }
            };
            let forward = taught(pair.count_forward);
            let backward = taught(pair.count_backward);
            pair.forward = (forward + trust * pair.prior_forward)
                / (self.source_counts[pair.source as usize] + trust);
            pair.backward = (backward + trust * pair.prior_backward)
                / (self.target_counts[pair.target as usize] + trust);
        }
    }

    /// The learned entries, and the listed ones that no row has.
    fn lexicon(&self, prior: &Lexicon, settings: &Settings) -> Lexicon {
        let mut entries: Vec<Vec<Entry>> = vec![Vec::new(); prior.entries.len()];
        for pair in &self.pairs {
            if pair.forward.max(pair.backward) > 0.01 {
                entries[pair.source as usize].push(Entry {
                    target: pair.target,
                    forward: pair.forward,
                    backward: pair.backward,
                });
            }
        }
        for (s, listed) in prior.entries.iter().enumerate() {
            let learned = &mut entries[s];
            learned.sort_unstable_by_key(|entry| entry.target);
            let known = learned.len();
            let trust = settings.trust;
            let fade_forward = trust / (self.source_counts[s] + trust);
            for entry in listed {
                let found = learned[..known].binary_search_by_key(&entry.target, |e| e.target);
                if found.is_err() {
                    let fade_backward = trust / (self.target_counts[entry.target as usize] + trust);
                    learned.push(Entry {
                        target: entry.target,
                        forward: entry.forward * fade_forward,
                        backward: entry.backward * fade_backward,
                    });
                }
            }
        }
        Lexicon { entries }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words in two texts")]
fn as_float(count: u32) -> f32 {
    count as f32
}

#[expect(clippy::cast_precision_loss, reason = "words in a row")]
fn as_float_len(count: usize) -> f32 {
    count as f32
}
