//! Alignment: which sentence of one text answers to which of another.
//!
//! Contract: [`align`] is pure and deterministic; each sentence of both texts is in exactly one
//! row; a row's sentences follow each other; work and memory grow linearly with the texts, but
//! for the chain of anchors, which costs a logarithm more.

mod band;
mod dictionary;
mod english;
mod evidence;
mod lattice;
mod lexicon;
mod moved;
mod number;
mod pairing;
pub mod revision;
mod romanization;
mod settings;
mod shapes;
pub mod table;
mod tokens;
mod versions;
mod words;

use band::Band;
pub use dictionary::{Dictionary, DictionaryError};
use lattice::{Lattice, Scorer, Step};
use lexicon::Lexicon;
pub(crate) use settings::Settings;
use shapes::Shapes;

use crate::model::{Lang, Target};

/// What [`align`] may use beside the two texts.
#[derive(Clone, Debug)]
pub struct AlignOptions<'a> {
    /// The language of the source.
    pub source: Lang,
    /// The language of the target.
    pub target: Lang,
    /// Terms: source term and target term.
    pub terms: Vec<(String, String)>,
    /// A Chinese-English dictionary; used where one side is Chinese and the other English.
    pub dictionary: Option<&'a Dictionary>,
    /// Approved pairs of sentences of these languages, source first.
    pub memory: Vec<(String, String)>,
}

impl AlignOptions<'_> {
    /// Options for this pair of languages, with nothing else.
    #[must_use]
    pub fn new(source: Lang, target: Lang) -> Self {
        Self {
            source,
            target,
            terms: Vec::new(),
            dictionary: None,
            memory: Vec::new(),
        }
    }
}

/// Sentences of both sides that say the same.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Row {
    /// Source sentences, numbered from 0 through all paragraphs, ascending; may be empty.
    pub source: Vec<usize>,
    /// Target sentences, likewise.
    pub target: Vec<usize>,
    /// How sure the row is: the estimated probability, 0 to 1, that a person would align so.
    pub score: f64,
}

impl Row {
    /// Whether a person should look at the row: its score is low
    /// ([`Target::DOUBTFUL_ALIGNMENT`]), or one side has nothing.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        (self.score * 100.0).round() < f64::from(Target::DOUBTFUL_ALIGNMENT)
            || self.source.is_empty()
            || self.target.is_empty()
    }
}

/// The alignment of two texts.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Alignment {
    /// The rows, in the order of the source; rows without source stand where the target has them.
    pub rows: Vec<Row>,
}

/// Aligns two texts, each given as paragraphs of sentences.
#[must_use]
pub fn align(
    source: &[Vec<String>],
    target: &[Vec<String>],
    options: &AlignOptions<'_>,
) -> Alignment {
    align_with(source, target, options, &Settings::default())
}

/// [`align`] with other constants.
pub(crate) fn align_with(
    source: &[Vec<String>],
    target: &[Vec<String>],
    options: &AlignOptions<'_>,
    settings: &Settings,
) -> Alignment {
    let evidence = evidence::gather(source, target, options);
    let (source, target) = (&evidence.source, &evidence.target);
    let (n, m) = (source.sentences.len(), target.sentences.len());
    if n == 0 || m == 0 {
        return one_sided(n, m);
    }
    let prior = Lexicon::from_listed(source, target, &evidence.listed, settings);
    let settings = &settings.for_coverage(prior.coverage(source, target));
    let length = |side: &tokens::Side| -> f32 { side.sentences.iter().map(|s| s.length).sum() };
    let ratio = length(target).max(1.0) / length(source).max(1.0);

    let memory = evidence
        .memory
        .iter()
        .map(|(s, t)| (s.clone(), t.clone(), 1.0));
    let memory: Vec<(Vec<u32>, Vec<u32>, f32)> = memory.collect();
    let mut lexicon = if memory.is_empty() {
        prior.clone()
    } else {
        prior.learn(source, target, &memory, settings)
    };
    let mut shapes = Shapes::usual(source, target, settings);
    let (mut path, mut band) = {
        let band = Band::around_anchors(source, target, &lexicon);
        let mut scorer = Scorer::new(source, target, &lexicon, &band, ratio, &shapes, settings);
        Lattice::new(&mut scorer, &shapes::SIMPLE).decode(&scorer)
    };
    for round in 0..=settings.rounds {
        // The first look knew only the simplest shapes.
        band = band.widened(if round == 0 { 6 } else { 2 }, m);
        let kinds = if round == settings.rounds {
            shapes::all()
        } else {
            shapes::common()
        };
        (path, band) = {
            let mut scorer = Scorer::new(source, target, &lexicon, &band, ratio, &shapes, settings);
            Lattice::new(&mut scorer, &kinds).decode(&scorer)
        };
        if round == settings.rounds {
            break;
        }
        shapes = Shapes::learned(&path, source, target, settings);
        let mut rows = memory.clone();
        rows.extend(path.iter().map(|step| row_words(source, target, step)));
        lexicon = prior.learn(source, target, &rows, settings);
    }
    let path = moved::join_moved(path, source, target, &lexicon, ratio, settings);
    let rows: Vec<Row> = path
        .iter()
        .map(|step| Row {
            source: (step.source.0..step.source.0 + step.source.1).collect(),
            target: (step.target.0..step.target.0 + step.target.1).collect(),
            score: f64::from(step.posterior),
        })
        .collect();
    Alignment {
        rows: in_order(rows),
    }
}

/// Rows in the order of the source; a row without source stands behind the row of the target
/// sentence before it.
fn in_order(rows: Vec<Row>) -> Vec<Row> {
    let (mut ordered, mut lone): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| !row.source.is_empty());
    ordered.sort_by_key(|row| row.source[0]);
    lone.sort_by_key(|row| row.target.first().copied());
    // By target sentence: the place of its row.
    let mut places: Vec<(usize, usize)> = ordered
        .iter()
        .enumerate()
        .flat_map(|(place, row)| row.target.iter().map(move |&sentence| (sentence, place)))
        .collect();
    places.sort_unstable();
    let mut behind: Vec<Vec<Row>> = vec![Vec::new(); ordered.len() + 1];
    for row in lone {
        let first = row.target.first().copied().unwrap_or_default();
        let before = places.partition_point(|&(sentence, _)| sentence < first);
        let place = if before == 0 {
            0
        } else {
            places[before - 1].1 + 1
        };
        behind[place].push(row);
    }
    let mut rows = std::mem::take(&mut behind[0]);
    for (row, lone) in ordered.into_iter().zip(behind.into_iter().skip(1)) {
        rows.push(row);
        rows.extend(lone);
    }
    rows
}

fn row_words(
    source: &tokens::Side,
    target: &tokens::Side,
    step: &Step,
) -> (Vec<u32>, Vec<u32>, f32) {
    let words = |side: &tokens::Side, (first, count): (usize, usize)| -> Vec<u32> {
        side.sentences[first..first + count]
            .iter()
            .flat_map(|sentence| sentence.tokens.iter().copied())
            .collect()
    };
    (
        words(source, step.source),
        words(target, step.target),
        step.posterior,
    )
}

fn one_sided(n: usize, m: usize) -> Alignment {
    let sources = (0..n).map(|i| (vec![i], vec![]));
    let targets = (0..m).map(|j| (vec![], vec![j]));
    let rows = sources
        .chain(targets)
        .map(|(source, target)| Row {
            source,
            target,
            score: 1.0,
        })
        .collect();
    Alignment { rows }
}

#[cfg(test)]
mod tests;
