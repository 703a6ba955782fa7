//! Which returned unit answers which exported one.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::xliff::Unit;

use super::returned::ReturnedFile;
use super::snapshot::{Snapshot, source_hash};

/// What the file has for each exported unit.
pub(super) struct Pairing<'a> {
    /// For each exported unit, by its place in the snapshot.
    pub(super) answers: Vec<Answer<'a>>,
    /// Units that answer none.
    pub(super) unknown: Vec<&'a Unit>,
}

#[derive(Clone, Copy)]
pub(super) enum Answer<'a> {
    /// The unit of this id, in this line, as it was exported.
    AsExported(u32),
    /// The unit of this id with the source that was exported.
    Unit(&'a Unit),
    /// A unit of another id whose source was exported under this one.
    Renamed(&'a Unit),
    /// The unit of this id, but with another source.
    Altered(&'a Unit),
    /// There is none.
    Missing,
}

/// Pairs by id, and checks each pair by its source: a tool that numbered units anew must not have
/// targets land under other sentences. What id and source don't pair is paired by source alone,
/// where that leaves no choice.
pub(super) fn pair<'a>(snapshot: &Snapshot, file: &'a ReturnedFile) -> Pairing<'a> {
    let places: FxHashMap<&str, usize> = snapshot
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| (unit.id.as_str(), at))
        .collect();
    let mut answers = vec![Answer::Missing; snapshot.units.len()];
    let mut loose: Vec<&Unit> = Vec::new();
    for &(at, line) in &file.as_exported {
        if let Some(answer) = answers.get_mut(at) {
            *answer = Answer::AsExported(line);
        }
    }
    for unit in &file.units {
        let place = places.get(unit.id.as_str()).copied();
        match place {
            Some(at) if has_source(unit, &snapshot.units[at].source) => {
                answers[at] = Answer::Unit(unit);
            }
            _ => loose.push(unit),
        }
    }
    if loose.is_empty() {
        return Pairing {
            answers,
            unknown: Vec::new(),
        };
    }
    // Hashes of sources that no unit answers yet, and the loose units that have them.
    let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, unit) in snapshot.units.iter().enumerate() {
        if matches!(answers[at], Answer::Missing) {
            open.entry(&unit.source).or_default().push(at);
        }
    }
    let mut offers: BTreeMap<CompactString, Vec<&Unit>> = BTreeMap::new();
    for unit in &loose {
        offers
            .entry(source_hash(&unit.source()))
            .or_default()
            .push(unit);
    }
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (hash, units) in &offers {
        let Some(ats) = open.get(hash.as_str()) else {
            continue;
        };
        // Equal sentences are told apart by their order, if none of them is gone.
        if ats.len() == units.len() {
            for (&at, unit) in ats.iter().zip(units) {
                answers[at] = Answer::Renamed(unit);
                taken.insert(&unit.id);
            }
        }
    }
    let mut unknown = Vec::new();
    for unit in loose {
        if taken.contains(unit.id.as_str()) {
            continue;
        }
        match places.get(unit.id.as_str()) {
            Some(&at) if matches!(answers[at], Answer::Missing) => {
                answers[at] = Answer::Altered(unit);
            }
            _ => unknown.push(unit),
        }
    }
    Pairing { answers, unknown }
}

pub(super) fn has_source(unit: &Unit, hash: &str) -> bool {
    let joined;
    let source = if let [part] = unit.parts.as_slice() {
        &part.source
    } else {
        joined = unit.source();
        &joined
    };
    source_hash(source) == hash
        // A bilingual unit whose source a tool left empty can't be checked, and is not trusted.
        && !(source.is_blank() && unit.target().is_some_and(|target| !target.is_blank()))
}
