//! A returned file against what was exported and what the article has now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{
    Article, Content, Lang, Note, NoteKind, Origin, Provenance, Segment, SegmentId, Suggestion,
    Target, Translation,
};
use crate::xliff::{Unit, Version, XliffProblem};

use super::covered::{self, Place, sentence_ends};
use super::decide::{Case, Change, Outcome};
use super::normal::{bare_text, is_generated, same, same_note, tidy};
use super::pairing::{Answer, pair};
use super::quarantine::{Entry, Quarantine};
use super::returned::ReturnedFile;
use super::snapshot::Snapshot;
use super::{Action, Class, Plan, Reviewer, Row};

/// Works out what a returned `<file>` does to its article.
///
/// `snapshots` are those of the article and language. The one that the file names is taken; where
/// the tool dropped the name, the one whose targets the file has most of. Where neither is to be
/// had, nobody knows what was exported: then the article as it stands is compared with, and no
/// target that a person had a hand in is replaced. `version` is that of the returned file: the
/// quarantine is written in the same.
#[must_use]
pub fn merge(
    article: &Article,
    lang: &Lang,
    snapshots: &[Snapshot],
    file: &ReturnedFile,
    version: Version,
    reviewer: &Reviewer,
) -> Plan {
    let fallback;
    let (snapshot, base_known) = if let Some(snapshot) = choose(snapshots, file) {
        (snapshot, true)
    } else {
        fallback = Snapshot::of(article, lang, &crate::xliff::WriteOptions::default());
        (&fallback, false)
    };
    let current = Current::of(article);
    let pairing = pair(snapshot, file);
    let covers = if covered::any_blank(&pairing.answers) {
        covered::find(&places(snapshot, &pairing.answers, &current), lang)
    } else {
        BTreeMap::new()
    };
    let repeated: BTreeSet<&str> = file
        .broken
        .iter()
        .filter(|unit| matches!(unit.problem, XliffProblem::Duplicate { .. }))
        .filter_map(|unit| unit.id.as_deref())
        .collect();

    let mut merging = Merging {
        article: article.clone(),
        lang,
        reviewer,
        rows: Vec::new(),
        entries: Vec::new(),
        places: segment_places(article),
    };
    let mut covered_sources: BTreeMap<&SegmentId, Vec<usize>> = BTreeMap::new();
    for (at, by) in &covers {
        covered_sources.entry(by).or_default().push(*at);
    }
    for (at, exported) in snapshot.units.iter().enumerate() {
        let segment = current.segments.get(exported.id.as_str()).copied();
        if let Answer::Unit(unit) = pairing.answers[at]
            && is_untouched(exported, unit, segment, lang)
            && !repeated.contains(unit.id.as_str())
        {
            merging.take(exported, Some(unit), Outcome::unchanged(""));
            continue;
        }
        let source = joined_source(snapshot, &current, at, covered_sources.get(&exported.id));
        let (unit, outcome) = match pairing.answers[at] {
            Answer::Missing => {
                let outcome = Outcome::kept(Class::Missing, "the file does not have it".to_owned());
                merging.take(exported, None, outcome);
                continue;
            }
            Answer::Altered(unit) => (unit, altered(unit, exported, lang)),
            Answer::Unit(unit) | Answer::Renamed(unit) => {
                let case = Case {
                    exported,
                    unit,
                    current: segment,
                    source,
                    covered_by: covers.get(&at).cloned(),
                    source_lang: &article.lang,
                    lang,
                    base_known,
                };
                let mut outcome = case.decide();
                if repeated.contains(unit.id.as_str()) && differs(file, unit) {
                    outcome = Outcome {
                        returned: outcome.returned,
                        ..Outcome::quarantined(
                            Class::Duplicate,
                            "the file has this id more than once, with different targets"
                                .to_owned(),
                        )
                    };
                }
                (unit, outcome)
            }
        };
        merging.take(exported, Some(unit), outcome);
    }
    merging.unknown(&pairing.unknown);
    merging.broken(file);
    merging.finish(version)
}

/// Whether exported, returned and current target are one and the same: so are most, and then there
/// is nothing to work out.
fn is_untouched(
    exported: &super::SnapshotUnit,
    unit: &Unit,
    segment: Option<&Segment>,
    lang: &Lang,
) -> bool {
    let [part] = unit.parts.as_slice() else {
        return false;
    };
    let current = segment
        .and_then(|segment| segment.targets.get(lang)?.target.as_ref())
        .map(|target| &target.content);
    part.target.is_some()
        && part.target == exported.target
        && current == exported.target.as_ref()
        && unit.state() <= exported.state
}

/// The snapshot that a file answers.
fn choose<'a>(snapshots: &'a [Snapshot], file: &ReturnedFile) -> Option<&'a Snapshot> {
    if let Some(name) = file.export() {
        return snapshots.iter().find(|snapshot| snapshot.name == name);
    }
    let units: BTreeMap<&str, &Unit> = file
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit))
        .collect();
    let agreeing = |snapshot: &&Snapshot| {
        snapshot
            .units
            .iter()
            .filter(|exported| {
                let Some(unit) = units.get(exported.id.as_str()) else {
                    return false;
                };
                match (unit.target(), &exported.target) {
                    (Some(one), Some(other)) => same(&one, other),
                    (None, None) => true,
                    _ => false,
                }
            })
            .count()
    };
    snapshots.iter().max_by_key(agreeing)
}

/// Where a segment stands: its block (none for the obsolete ones) and its place there.
type SegmentPlaces = HashMap<SegmentId, (Option<usize>, usize)>;

fn segment_places(article: &Article) -> SegmentPlaces {
    let mut places = HashMap::new();
    for (block, found) in article.blocks.iter().enumerate() {
        for (at, segment) in found.segments.iter().enumerate() {
            places.insert(segment.id.clone(), (Some(block), at));
        }
    }
    for (at, segment) in article.obsolete.iter().enumerate() {
        places.insert(segment.id.clone(), (None, at));
    }
    places
}

/// The segments of the article by id, with their blocks.
struct Current<'a> {
    segments: HashMap<&'a str, &'a Segment>,
    blocks: HashMap<&'a str, usize>,
}

impl<'a> Current<'a> {
    fn of(article: &'a Article) -> Self {
        let mut current = Self {
            segments: HashMap::new(),
            blocks: HashMap::new(),
        };
        for segment in &article.obsolete {
            current.segments.insert(segment.id.as_str(), segment);
        }
        for (at, block) in article.blocks.iter().enumerate() {
            for segment in &block.segments {
                current.segments.insert(segment.id.as_str(), segment);
                current.blocks.insert(segment.id.as_str(), at);
            }
        }
        current
    }
}

fn places<'a>(
    snapshot: &'a Snapshot,
    answers: &[Answer<'a>],
    current: &Current<'_>,
) -> Vec<Place<'a>> {
    snapshot
        .units
        .iter()
        .zip(answers)
        .map(|(exported, &answer)| {
            let id = exported.id.as_str();
            let source = current
                .segments
                .get(id)
                .map(|segment| segment.source.text());
            Place {
                exported,
                answer,
                block: current.blocks.get(id).copied().unwrap_or(usize::MAX),
                source_length: source.as_ref().map(|text| text.chars().count()),
                source_ends: source.as_deref().map_or(0, sentence_ends),
            }
        })
        .collect()
}

/// The source of a unit with those that its target covers too, in the order of the article.
fn joined_source(
    snapshot: &Snapshot,
    current: &Current<'_>,
    at: usize,
    covered: Option<&Vec<usize>>,
) -> Content {
    let mut places = covered.cloned().unwrap_or_default();
    places.push(at);
    places.sort_unstable();
    let mut joined = Content::default();
    for place in places {
        let id = snapshot.units[place].id.as_str();
        if let Some(segment) = current.segments.get(id) {
            joined.extend(&segment.source);
        }
    }
    joined
}

/// A unit of the right id with another source.
fn altered(unit: &Unit, exported: &super::SnapshotUnit, lang: &Lang) -> Outcome {
    let target = unit
        .target()
        .map(|target| tidy(&target, &unit.source(), exported.target.as_ref(), lang))
        .filter(|target| !target.is_blank());
    let untouched = match (&target, &exported.target) {
        (None, _) => true,
        (Some(one), Some(other)) => same(one, other),
        (Some(target), None) => bare_text(target) == bare_text(&unit.source()),
    };
    let text = unit.source().text();
    let message = format!("the file has another source under this id: {text:?}");
    let outcome = if untouched {
        Outcome::kept(Class::SourceAltered, message)
    } else {
        Outcome::quarantined(Class::SourceAltered, message)
    };
    Outcome {
        returned: target,
        ..outcome
    }
}

/// Whether the units that repeat this one's id have other targets.
fn differs(file: &ReturnedFile, unit: &Unit) -> bool {
    file.broken
        .iter()
        .filter(|broken| broken.id.as_deref() == Some(unit.id.as_str()))
        .any(|broken| {
            broken
                .unit
                .as_ref()
                .is_none_or(|other| match (other.target(), unit.target()) {
                    (Some(one), Some(other)) => !same(&one, &other),
                    (one, other) => one.is_some() != other.is_some(),
                })
        })
}

struct Merging<'a> {
    article: Article,
    lang: &'a Lang,
    reviewer: &'a Reviewer,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    places: SegmentPlaces,
}

impl Merging<'_> {
    fn segment(&mut self, id: &SegmentId) -> Option<&mut Segment> {
        match *self.places.get(id)? {
            (Some(block), at) => self.article.blocks.get_mut(block)?.segments.get_mut(at),
            (None, at) => self.article.obsolete.get_mut(at),
        }
    }

    /// Takes in what was found out about a unit.
    fn take(&mut self, exported: &super::SnapshotUnit, unit: Option<&Unit>, outcome: Outcome) {
        let id = exported.id.clone();
        let notes = unit.map_or(0, |unit| self.add_notes(exported, unit));
        if let Some(change) = outcome.change {
            self.apply(&id, unit, change);
        }
        if outcome.action == Action::Quarantined {
            self.entries.push(Entry {
                id: id.clone(),
                source: unit.map(Unit::source),
                target: outcome.returned,
                state: unit.map(Unit::state).unwrap_or_default(),
                reason: format!("{}: {}", outcome.class.name(), outcome.message),
            });
        }
        self.rows.push(Row {
            id,
            line: unit.map(|unit| unit.line),
            class: outcome.class,
            action: outcome.action,
            message: outcome.message,
            notes,
        });
    }

    fn add_notes(&mut self, exported: &super::SnapshotUnit, unit: &Unit) -> usize {
        let new: Vec<&Note> = unit
            .notes
            .iter()
            .map(|note| &note.note)
            .filter(|note| !is_generated(note) && !note.text.trim().is_empty())
            .filter(|note| {
                !exported
                    .notes
                    .iter()
                    .any(|known| same_note(known, &note.text))
            })
            .collect();
        if new.is_empty() {
            return 0;
        }
        let lang = self.lang.clone();
        let Some(segment) = self.segment(&exported.id) else {
            return 0;
        };
        let mut added = 0;
        for note in new {
            let text = note.text.trim();
            let translation = segment.targets.get(&lang);
            let known = segment
                .notes
                .iter()
                .chain(translation.into_iter().flat_map(|t| &t.notes))
                .any(|known| same_note(&known.text, text));
            if known {
                continue;
            }
            let kind = match &note.kind {
                NoteKind::Doubt => NoteKind::Doubt,
                _ => NoteKind::Comment,
            };
            let translation = segment.targets.entry(lang.clone()).or_default();
            translation.notes.push(Note {
                kind,
                about: note.about,
                text: text.to_owned(),
            });
            added += 1;
        }
        added
    }

    fn apply(&mut self, id: &SegmentId, unit: Option<&Unit>, change: Change) {
        let lang = self.lang.clone();
        let step = |origin| Provenance {
            origin,
            by: self.reviewer.name.clone(),
            when: self.reviewer.when.clone(),
        };
        let (edited, reviewed) = (step(Origin::Edited), step(Origin::Reviewed));
        let Some(segment) = self.segment(id) else {
            return;
        };
        let translation: &mut Translation = segment.targets.entry(lang).or_default();
        match change {
            Change::Edit(content, state) => {
                let old = translation.target.take();
                let mut provenance = old.map(|target| target.provenance).unwrap_or_default();
                provenance.push(edited);
                if state >= crate::model::State::Reviewed {
                    provenance.push(reviewed);
                }
                translation.covered_by = None;
                translation.target = Some(Target {
                    content,
                    state,
                    provenance,
                });
            }
            Change::Raise(state) => {
                if let Some(target) = &mut translation.target {
                    target.state = state;
                    target.provenance.push(reviewed);
                }
            }
            Change::Suggest(content, state) => translation.suggestions.push(Suggestion {
                source: unit.map(Unit::source).unwrap_or_default(),
                target: Target {
                    content,
                    state,
                    provenance: vec![edited],
                },
                similarity: 0,
            }),
            Change::Cover(by) => {
                translation.target = None;
                translation.covered_by = Some(by);
            }
        }
    }

    fn unknown(&mut self, units: &[&Unit]) {
        for unit in units {
            let target = unit.target().filter(|target| !target.is_blank());
            let id = SegmentId::new(unit.id.clone());
            // Some tools add a unit of their own, such as the header of a PO file.
            let source = unit.source();
            let nothing = source.is_blank()
                || target
                    .as_ref()
                    .is_some_and(|target| bare_text(target) == bare_text(&source));
            let message = if nothing {
                "a unit that the tool added; there is no translation in it"
            } else {
                "the export did not have this unit"
            }
            .to_owned();
            let action = if target.is_some() && !nothing {
                self.entries.push(Entry {
                    id: id.clone(),
                    source: Some(unit.source()),
                    target,
                    state: unit.state(),
                    reason: format!("unknown: {message}"),
                });
                Action::Quarantined
            } else {
                Action::Kept
            };
            self.rows.push(Row {
                id,
                line: Some(unit.line),
                class: Class::Unknown,
                action,
                message,
                notes: 0,
            });
        }
    }

    fn broken(&mut self, file: &ReturnedFile) {
        for unit in &file.broken {
            let duplicate = matches!(unit.problem, XliffProblem::Duplicate { .. });
            let first = file
                .units
                .iter()
                .find(|first| unit.id.as_ref() == Some(&first.id));
            if duplicate && first.is_some_and(|first| !differs(file, first)) {
                continue;
            }
            let id = SegmentId::new(unit.id.clone().unwrap_or_default());
            let class = if duplicate {
                Class::Duplicate
            } else {
                Class::Broken
            };
            let message = unit.problem.to_string();
            let target = unit.unit.as_ref().and_then(Unit::target);
            let known = self.entries.iter_mut().find(|entry| entry.id == id);
            let text = target
                .as_ref()
                .map_or_else(|| unit.text.clone(), Content::text);
            let said = format!(
                "{}: {message}; it has the text {:?}",
                class.name(),
                text.trim()
            );
            match known {
                Some(entry) => {
                    entry.reason.push_str("; ");
                    entry.reason.push_str(&said);
                }
                None => self.entries.push(Entry {
                    id: id.clone(),
                    source: unit.unit.as_ref().map(Unit::source),
                    target,
                    state: crate::model::State::Initial,
                    reason: said,
                }),
            }
            self.rows.push(Row {
                id,
                line: Some(unit.line),
                class,
                action: Action::Quarantined,
                message,
                notes: 0,
            });
        }
    }

    fn finish(self, version: Version) -> Plan {
        let quarantine = Quarantine::new(&self.article, self.lang, version, self.entries);
        Plan {
            article: self.article,
            rows: self.rows,
            quarantine,
        }
    }
}
