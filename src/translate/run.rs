//! The run over articles.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::accept;
use super::dispatch::{Dispatcher, Filled, Session};
use super::engine::Usage;
use super::price::full_name;
use super::work::{self, Job, Place};
use super::{Cancel, Journal, Keys, Settings, TranslateError};
use crate::glossary::{Glossary, term_uses};
use crate::model::{
    Article, Content, Finding, Lang, Location, Origin, Provenance, Segment, Severity, State,
    Suggestion, Target,
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
    /// Why the last request failed, as long as none was answered since.
    pub trouble: Option<Trouble>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// The engine and what happened.
    pub message: String,
    /// Whether the engine is asked again for the same segments.
    pub again: bool,
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
    /// What tells this workspace from others that use the same account of a service. It should
    /// stay the same from run to run.
    pub workspace: &'a str,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Segments with text, obsolete ones left out.
    pub segments: usize,
    /// Those that had a target, or were covered by that of another segment.
    pub kept: usize,
    /// Filled from the memory.
    pub memory: usize,
    /// Figures that the target language writes as the source does.
    pub copied: usize,
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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
///
/// Several languages, or several calls for one, are one run where they share a `session`: its
/// engines keep their pace, and what is spent counts against one limit.
///
/// Needs a Tokio runtime with time and I/O; one thread is enough.
pub async fn fill(
    articles: &mut [Article],
    lang: &Lang,
    run: &Run<'_>,
    session: &mut Session,
) -> Result<Outcome, TranslateError> {
    let sketches = work::sketch_engines(articles, run)?;
    let mut work = work::collect(articles, lang, run, &sketches, &|id| run.settings.chain(id))?;
    session.open(&work.jobs, run, &sketches).await?;
    let done = Dispatcher::new(articles, lang, run, &mut work.jobs, session, &sketches)
        .run()
        .await;
    let mut outcome = Outcome {
        counts: work.counts,
        engines: done.engines,
        findings: Vec::new(),
        stopped: done.stopped,
    };
    let mut findings: BTreeMap<Place, Vec<Finding>> = BTreeMap::new();
    for ((article, at), target) in work.free {
        set_target(articles, lang, (article, at), target);
    }
    let mut filled = vec![false; work.jobs.len()];
    for (index, how) in done.filled {
        filled[index] = true;
        let job = &work.jobs[index];
        for (n, &place) in job.places.iter().enumerate() {
            let found = apply(
                articles,
                lang,
                run,
                job,
                place,
                &how,
                n,
                &mut outcome.counts,
            );
            findings.entry(place).or_default().extend(found);
        }
    }
    for (job, filled) in work.jobs.iter().zip(filled) {
        if !filled {
            outcome.counts.left += job.places.len();
        }
    }
    outcome.findings = findings.into_values().flatten().collect();
    Ok(outcome)
}

/// Writes what came of a job to one of its places; gives what is wrong with it.
#[expect(clippy::too_many_arguments, reason = "the pieces of one run")]
fn apply(
    articles: &mut [Article],
    lang: &Lang,
    run: &Run<'_>,
    job: &Job,
    place: Place,
    how: &Filled,
    nth: usize,
    counts: &mut Counts,
) -> Vec<Finding> {
    let (content, engine, model, day) = match how {
        Filled::Answered {
            content,
            engine,
            model,
        } => {
            if nth == 0 {
                counts.translated += 1;
            } else {
                counts.repeated += 1;
            }
            (content, engine, model, run.today)
        }
        Filled::Journal {
            content,
            engine,
            model,
            day,
        } => {
            counts.journal += 1;
            (content, engine, model, day.as_str())
        }
        Filled::Left { reason, offer } => {
            counts.left += 1;
            if let Some((content, by)) = offer {
                offer_target(articles, lang, place, job, content, by, run.today);
            }
            let message = format!("left without a translation: {reason}");
            return vec![finding(
                articles,
                place,
                "segment.rejected",
                Severity::Warning,
                message,
            )];
        }
    };
    let by = full_name(engine, model);
    set_target(
        articles,
        lang,
        place,
        drafted(content.clone(), &by, day, State::Translated),
    );
    let text = content.text();
    for found in term_uses(&job.item.terms, &text, lang) {
        counts.terms += 1;
        counts.terms_used += usize::from(found.is_right());
    }
    let mut found: Vec<Finding> = accept::terms(&job.item.terms, &text, lang)
        .into_iter()
        .map(|message| finding(articles, place, "term.missing", Severity::Warning, message))
        .collect();
    let article = &articles[place.0];
    if let Some(segment) = article.segments().nth(place.1) {
        let checked = (run.verify)(article, segment, lang, content);
        found.extend(
            checked
                .into_iter()
                .filter(|one| !one.rule.starts_with("term."))
                .map(|one| Finding {
                    location: Location {
                        article: Some(article.id.clone()),
                        segment: Some(segment.id.clone()),
                        ..one.location
                    },
                    ..one
                }),
        );
    }
    found
}

fn drafted(content: Content, by: &str, day: &str, state: State) -> Target {
    Target {
        content,
        state,
        provenance: vec![Provenance {
            origin: Origin::Drafted,
            by: Some(by.to_owned()),
            when: Some(day.to_owned()),
        }],
    }
}

fn set_target(articles: &mut [Article], lang: &Lang, (article, at): Place, target: Target) {
    if let Some(segment) = articles[article].segments_mut().nth(at) {
        segment.targets.get_or_default(lang).target = Some(target);
    }
}

/// Offers an answer whose numbers are in doubt to the person who will translate the segment.
fn offer_target(
    articles: &mut [Article],
    lang: &Lang,
    (article, at): Place,
    job: &Job,
    content: &Content,
    by: &str,
    day: &str,
) {
    let Some(segment) = articles[article].segments_mut().nth(at) else {
        return;
    };
    let translation = segment.targets.get_or_default(lang);
    let known = |offered: &Suggestion| offered.target.content == *content;
    if !translation.suggestions.iter().any(known) {
        translation.suggestions.push(Suggestion {
            source: job.item.source.clone(),
            target: drafted(content.clone(), by, day, State::Initial),
            similarity: 100,
        });
    }
}

fn finding(
    articles: &[Article],
    (article, at): Place,
    rule: &str,
    severity: Severity,
    message: String,
) -> Finding {
    let article = &articles[article];
    Finding {
        rule: rule.to_owned(),
        severity,
        location: Location {
            article: Some(article.id.clone()),
            segment: article.segments().nth(at).map(|segment| segment.id.clone()),
            pair: None,
            language: None,
        },
        message,
        source_span: None,
        target_span: None,
    }
}
