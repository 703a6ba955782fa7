//! What a run will send and cost.

use std::sync::Arc;

use serde::Serialize;

use super::accept;
use super::engine::{self, Engine, NONE, Usage};
use super::price;
use super::work::{self, Engines, Job, batch_length, request};
use super::{Run, TranslateError};
use crate::model::{Article, ArticleId, Lang};

/// What [`super::fill`] would do, found out without a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// Segments with text.
    pub segments: usize,
    /// Those that have a target.
    pub kept: usize,
    /// Those that the memory or the journal fills, and figures that both languages write alike.
    pub free: usize,
    /// Those that repeat another one of the same run.
    pub repeated: usize,
    /// Those whose answers earlier runs rejected, so that they are not sent again.
    pub given_up: usize,
    /// What each engine would use for the rest, in the order of the table of engines.
    pub rows: Vec<PlanRow>,
}

/// What one engine would use.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanRow {
    /// The engine.
    pub engine: String,
    /// The model; may be empty.
    pub model: String,
    /// Whether the settings choose it; the other rows are there to compare.
    pub chosen: bool,
    /// Segments to send.
    pub segments: usize,
    /// Source characters of these segments.
    pub characters: usize,
    /// What it would use, by estimate.
    pub usage: Usage,
    /// What that would cost; None where no price is known.
    pub cost: Option<f64>,
    /// The currency of the cost.
    pub currency: String,
    /// The day of the price.
    pub as_of: Option<String>,
}

/// Says what filling `articles` would take. Sends nothing, writes nothing, needs no key. An engine
/// that the settings choose has what it would be sent; the others have all of it, to compare.
/// Where no engine is chosen, all segments without a target count.
pub async fn plan(
    articles: &[Article],
    lang: &Lang,
    run: &Run<'_>,
) -> Result<Plan, TranslateError> {
    let mut engines = Engines::new();
    let mut all = Vec::new();
    for name in engine::services() {
        if let Some(engine) = engine::sketch(name, run)? {
            engines.insert(name.to_owned(), Arc::clone(&engine));
            all.push(engine);
        }
    }
    let mut chosen = false;
    for article in articles {
        let chain = run.settings.chain(&article.id)?;
        for name in &chain {
            engine::check_name(name)?;
        }
        chosen |= engines.contains_key(&chain[0]);
    }
    // Something has to stand for an engine that is not chosen yet.
    let first = all.first().map_or(NONE, |engine| engine.name());
    let chain_of = |id: &ArticleId| -> Result<Vec<String>, TranslateError> {
        if chosen {
            run.settings.chain(id)
        } else {
            Ok(vec![first.to_owned()])
        }
    };
    let work = work::collect(articles, lang, run, &engines, &chain_of)?;
    let known = run
        .journal
        .known(work.jobs.iter().map(Job::wanted).collect())
        .await?;
    let mut plan = Plan {
        segments: work.counts.segments,
        kept: work.counts.kept,
        free: work.counts.memory + work.counts.copied,
        ..Plan::default()
    };
    let mut open = Vec::new();
    for (job, known) in work.jobs.iter().zip(known) {
        let asks = engines
            .get(job.engine())
            .map_or(usize::MAX, |engine| accept::asks(engine.as_ref()));
        if known.answered {
            plan.free += job.places.len();
        } else if known.rejected >= asks && !run.retry_rejected {
            plan.given_up += job.places.len();
        } else {
            plan.repeated += job.places.len() - 1;
            open.push(job);
        }
    }
    plan.rows = all
        .iter()
        .map(|engine| {
            let own: Vec<&Job> = open
                .iter()
                .copied()
                .filter(|job| chosen && job.engine() == engine.name())
                .collect();
            // An engine that no article has is there to compare: with all of them.
            let has_own = chosen
                && articles.iter().any(|article| {
                    run.settings
                        .chain(&article.id)
                        .is_ok_and(|chain| chain[0] == engine.name())
                });
            let jobs = if has_own { &own } else { &open };
            row(engine.as_ref(), jobs, lang, run, has_own)
        })
        .collect();
    Ok(plan)
}

fn row(engine: &dyn Engine, jobs: &[&Job], lang: &Lang, run: &Run<'_>, chosen: bool) -> PlanRow {
    let limits = engine.limits();
    let mut usage = Usage::default();
    let mut characters = 0;
    let mut rest = jobs;
    while !rest.is_empty() {
        let take = batch_length(rest, limits);
        let (batch, later) = rest.split_at(take);
        let request = request(batch, lang);
        usage.add(&engine.forecast(&request).likely);
        characters += batch
            .iter()
            .map(|job| job.item.source.text().chars().count())
            .sum::<usize>();
        rest = later;
    }
    let price = price::price(run.settings, engine.name(), engine.model());
    PlanRow {
        engine: engine.name().to_owned(),
        model: engine.model().to_owned(),
        chosen,
        segments: jobs.len(),
        characters,
        usage,
        cost: price.as_ref().map(|price| price.of(&usage)),
        currency: price
            .as_ref()
            .map_or_else(String::new, |price| price.currency().to_owned()),
        as_of: price.and_then(|price| price.as_of),
    }
}
