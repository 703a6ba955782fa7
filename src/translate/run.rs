//! The run over articles.

use std::collections::BTreeMap;
use std::time::Duration;

use super::engine::{self, NONE, PSEUDO, Usage};
use super::pseudo::{is_pseudo, pseudo_target};
use super::{Cancel, Journal, Keys, Settings, TranslateError};
use crate::glossary::Glossary;
use crate::model::{
    Article, Content, Finding, Lang, Origin, Provenance, Segment, State, Suggestion, Target,
};

/// Approved translations of earlier sentences.
pub trait Recall {
    /// What the memory has for this source, best first. A similarity of 100 is an exact match
    /// that may be taken over; others are offered to engines as examples.
    fn recall(&self, source: &Content, from: &Lang, to: &Lang) -> Vec<Suggestion>;
}

impl<F: Fn(&Content, &Lang, &Lang) -> Vec<Suggestion>> Recall for F {
    fn recall(&self, source: &Content, from: &Lang, to: &Lang) -> Vec<Suggestion> {
        self(source, from, to)
    }
}

/// A memory with nothing in it.
#[must_use]
pub fn nothing_to_recall(_: &Content, _: &Lang, _: &Lang) -> Vec<Suggestion> {
    Vec::new()
}

/// Checks a translation before it is accepted: the article, the segment, the language and the
/// translation. Gives what is wrong with it.
pub type Verify<'a> = dyn Fn(&Article, &Segment, &Lang, &Content) -> Vec<Finding> + 'a;

/// Is told how a run goes on, for a progress bar.
pub trait Progress {
    /// Something has changed.
    fn update(&self, snapshot: &Snapshot);
}

impl<F: Fn(&Snapshot)> Progress for F {
    fn update(&self, snapshot: &Snapshot) {
        self(snapshot);
    }
}

/// Where a run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Segments that this run is to fill.
    pub total: usize,
    /// Of these, those that are done: filled, or given up with a finding.
    pub done: usize,
    /// Of those, the ones that cost nothing: from the memory, the journal, or a repetition.
    pub free: usize,
    /// Requests under way.
    pub in_flight: usize,
    /// What has been spent, by currency.
    pub cost: BTreeMap<String, f64>,
    /// How long every request is held back because the service asked for it.
    pub held: Option<Duration>,
}

/// What a run works with.
pub struct Run<'a> {
    /// The `[translate]` table, with the command line's options already in it.
    pub settings: &'a Settings,
    /// The keys of engines.
    pub keys: &'a Keys,
    /// The text of the user's own instructions to a language model (the file that
    /// [`Settings::prompt`] names).
    pub prompt: Option<&'a str>,
    /// Term bases. Of those that fit the languages of an article the first is used.
    pub glossaries: &'a [Glossary],
    /// Approved translations.
    pub memory: &'a dyn Recall,
    /// The checks of numbers and the like.
    pub verify: &'a Verify<'a>,
    /// Where paid answers are kept.
    pub journal: &'a Journal,
    /// Who is told how it goes.
    pub progress: &'a dyn Progress,
    /// The switch that stops it.
    pub cancel: &'a Cancel,
    /// The day of the run as ISO 8601 writes it, for provenance and the journal.
    pub today: &'a str,
    /// Whether to ask again for segments whose answers were rejected in an earlier run.
    pub retry_rejected: bool,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many segments went which way.
    pub counts: Counts,
    /// What each engine used and cost in this run, in the order of their names.
    pub engines: Vec<EngineSum>,
    /// What is wrong with targets that were accepted, and why segments were left without one; in
    /// the order of articles and segments.
    pub findings: Vec<Finding>,
    /// Why the run ended before its work was done. What it had filled till then is filled.
    pub stopped: Option<TranslateError>,
}

/// How many segments went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Segments with text, obsolete ones left out.
    pub segments: usize,
    /// Those that had a target, or were covered by that of another segment.
    pub kept: usize,
    /// Filled from the memory.
    pub memory: usize,
    /// Filled from the journal: paid for in an earlier run.
    pub journal: usize,
    /// Filled with the answer to an equal sentence of this run.
    pub repeated: usize,
    /// Filled by an engine.
    pub translated: usize,
    /// Filled with a pseudo-translation.
    pub pseudo: usize,
    /// Left without a target.
    pub left: usize,
    /// Places where a term of the glossary applies in segments that an engine filled.
    pub terms: usize,
    /// Of these, the places whose translation uses the term.
    pub terms_used: usize,
}

/// What one engine used in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineSum {
    /// The engine.
    pub engine: String,
    /// The model; may be empty.
    pub model: String,
    /// What it used.
    pub usage: Usage,
    /// What that cost; None where no price is known.
    pub cost: Option<f64>,
    /// The currency of the cost.
    pub currency: String,
}

/// Fills the segments of `articles` that have no target in `lang`, or a pseudo-translation: from
/// the memory, the journal, and the article's engines. Everything else stays as it is.
///
/// Errors before anything is sent are returned as such; what stops the run later is in
/// [`Outcome::stopped`], so that the caller can save what was filled.
pub async fn fill(
    articles: &mut [Article],
    lang: &Lang,
    run: &Run<'_>,
) -> Result<Outcome, TranslateError> {
    let mut outcome = Outcome::default();
    for article in articles.iter_mut() {
        let chain = run.settings.chain(&article.id)?;
        for name in &chain {
            engine::check_name(name)?;
            engine::open(name, run.settings, run.keys, run.prompt)?;
        }
        let from = article.lang.clone();
        for segment in article.segments_mut() {
            if segment.source.is_blank() {
                continue;
            }
            outcome.counts.segments += 1;
            if !wants_target(segment, lang) {
                outcome.counts.kept += 1;
                continue;
            }
            if chain[0] == NONE {
                outcome.counts.left += 1;
            } else if let Some(target) = exact(segment, &from, lang, run) {
                outcome.counts.memory += 1;
                segment.targets.entry(lang.clone()).or_default().target = Some(target);
            } else if chain[0] == PSEUDO {
                outcome.counts.pseudo += 1;
                let target = pseudo_target(&segment.source, lang, Some(run.today));
                segment.targets.entry(lang.clone()).or_default().target = Some(target);
            }
        }
    }
    Ok(outcome)
}

/// Whether a run is to fill this segment: it has no target, or a pseudo-translation.
pub(super) fn wants_target(segment: &Segment, lang: &Lang) -> bool {
    !segment.source.is_blank()
        && segment.covered_by(lang).is_none()
        && segment.target(lang).is_none_or(is_pseudo)
}

fn exact(segment: &Segment, from: &Lang, to: &Lang, run: &Run<'_>) -> Option<Target> {
    let found = run.memory.recall(&segment.source, from, to);
    let exact = found.into_iter().find(|found| found.similarity == 100)?;
    exact.target.content.check_codes(&segment.source).ok()?;
    Some(Target {
        content: exact.target.content,
        state: State::Translated,
        provenance: vec![Provenance {
            origin: Origin::Memory(100),
            by: None,
            when: Some(run.today.to_owned()),
        }],
    })
}
