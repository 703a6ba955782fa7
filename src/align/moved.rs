//! Text that stands at another place in the translation: two paragraphs that were swapped, a
//! sentence that opens the article instead of closing it.
//!
//! The lattice only goes forward, so that such text comes out as rows with one side each. Runs of
//! these are compared with each other, and rows that words speak for are taken.

use super::band::Band;
use super::lattice::{Lattice, Scorer, Step};
use super::lexicon::Lexicon;
use super::settings::Settings;
use super::shapes::{self, Shapes};
use super::tokens::Side;

/// Runs longer than this are not looked at; a whole chapter at another place wants a person.
const LONGEST: usize = 60;

/// How many runs of the other side, to each side, a run is compared with.
const NEIGHBOURS: usize = 6;

/// From this probability on, and with words that speak for it, a row is taken.
const SURE: f32 = 0.8;

/// Lexical evidence per word that a row needs.
const SUPPORT: f32 = 0.05;

/// Consecutive sentences without counterpart.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    count: usize,
    /// How many rows with both sides came before it.
    place: usize,
}

/// The path with moved text put together. Rows are no longer all in the order of the target.
pub(super) fn join_moved(
    path: Vec<Step>,
    source: &Side,
    target: &Side,
    lexicon: &Lexicon,
    ratio: f32,
    settings: &Settings,
) -> Vec<Step> {
    let source_runs = runs(&path, |step| step.source, |step| step.target);
    let target_runs = runs(&path, |step| step.target, |step| step.source);
    if source_runs.is_empty() || target_runs.is_empty() {
        return path;
    }
    // Work stays in proportion to the texts.
    let mut budget = 40 * (source.sentences.len() + target.sentences.len());
    let mut found: Vec<(f32, Run, Run, Vec<Step>)> = Vec::new();
    for s in &source_runs {
        let middle = target_runs.partition_point(|t| t.place < s.place);
        let from = middle.saturating_sub(NEIGHBOURS);
        let to = (middle + NEIGHBOURS).min(target_runs.len());
        for t in target_runs[from..to].iter().filter(|t| t.place != s.place) {
            let cost = s.count * t.count;
            if cost > budget {
                continue;
            }
            budget -= cost;
            let rows = compare(s, t, source, target, lexicon, ratio, settings);
            let evidence: f32 = rows.iter().map(|step| step.support).sum();
            if !rows.is_empty() {
                found.push((evidence, *s, *t, rows));
            }
        }
    }
    found.sort_by(|a, b| {
        (b.0.total_cmp(&a.0))
            .then(a.1.first.cmp(&b.1.first))
            .then(a.2.first.cmp(&b.2.first))
    });
    let mut used: Vec<(usize, usize)> = Vec::new();
    let mut moved: Vec<Step> = Vec::new();
    for (_, s, t, rows) in found {
        if used.iter().all(|&(i, j)| i != s.first && j != t.first) {
            used.push((s.first, t.first));
            moved.extend(rows);
        }
    }
    if moved.is_empty() {
        return path;
    }
    merge(path, moved)
}

/// The runs of one side.
fn runs(
    path: &[Step],
    ours: impl Fn(&Step) -> (usize, usize),
    theirs: impl Fn(&Step) -> (usize, usize),
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut place = 0;
    for step in path {
        let ((first, count), (_, others)) = (ours(step), theirs(step));
        if others > 0 && count > 0 {
            place += 1;
        }
        if others > 0 || count == 0 {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.place == place && run.first + run.count == first => run.count += count,
            _ => runs.push(Run {
                first,
                count,
                place,
            }),
        }
    }
    runs.retain(|run| run.count <= LONGEST);
    runs
}

/// The rows that two runs make together, if words speak for them.
fn compare(
    s: &Run,
    t: &Run,
    source: &Side,
    target: &Side,
    lexicon: &Lexicon,
    ratio: f32,
    settings: &Settings,
) -> Vec<Step> {
    let sentences = |run: &Run| (run.first..run.first + run.count).collect::<Vec<usize>>();
    let source = source.part(&sentences(s));
    let target = target.part(&sentences(t));
    let band = Band::whole(s.count, t.count);
    let shapes = Shapes::usual(&source, &target, settings);
    let mut scorer = Scorer::new(&source, &target, lexicon, &band, ratio, &shapes, settings);
    let (path, _) = Lattice::new(&mut scorer, &shapes::common()).decode(&scorer);
    path.into_iter()
        .filter(|step| step.source.1 > 0 && step.target.1 > 0)
        .filter(|step| step.posterior >= SURE && step.support >= SUPPORT)
        .map(|step| Step {
            source: (step.source.0 + s.first, step.source.1),
            target: (step.target.0 + t.first, step.target.1),
            ..step
        })
        .collect()
}

/// The path without the one-sided rows whose sentences are in `moved`, and with `moved`.
fn merge(path: Vec<Step>, moved: Vec<Step>) -> Vec<Step> {
    let covers =
        |(first, count): (usize, usize), index: usize| (first..first + count).contains(&index);
    let mut merged: Vec<Step> = path
        .into_iter()
        .filter(|step| {
            let with_source = moved.iter().any(|row| covers(row.source, step.source.0));
            let with_target = moved.iter().any(|row| covers(row.target, step.target.0));
            let alone = step.source.1 == 0 || step.target.1 == 0;
            let gone = (step.target.1 == 0 && with_source) || (step.source.1 == 0 && with_target);
            !(alone && gone)
        })
        .collect();
    for row in moved {
        // Where the source has it; a row with only a target keeps its neighbours.
        let at = merged
            .iter()
            .position(|step| step.source.1 > 0 && step.source.0 > row.source.0)
            .unwrap_or(merged.len());
        merged.insert(at, row);
    }
    merged
}
