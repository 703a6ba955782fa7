//! The engines of a run: what waits for each, and what it is sent next.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::model::Lang;
use crate::translate::engine::{Engine, EngineError, Request, Usage};
use crate::translate::pace::{Load, Pace};
use crate::translate::price::Price;
use crate::translate::settings::EngineSettings;
use crate::translate::work::{Job, batch_length, request};

/// Requests at a time where the settings give no number.
const CONCURRENCY: usize = 4;
/// How often a request that failed for a passing reason is sent again.
const RETRIES: u32 = 8;

/// One engine of a run, with what waits for it.
pub(super) struct Lane {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) pace: Pace,
    pub(super) retries: u32,
    pub(super) price: Option<Price>,
    pub(super) usage: Usage,
    pub(super) cost: f64,
    /// Jobs that have not been claimed yet.
    pub(super) unclaimed: VecDeque<usize>,
    /// Jobs whose claims are being made.
    pub(super) claiming: usize,
    /// Jobs to send in batches.
    pub(super) ready: VecDeque<usize>,
    /// Jobs to send alone.
    pub(super) alone: VecDeque<usize>,
    /// Batches that failed and go out again, not before their time.
    pub(super) again: Vec<(Instant, Batch)>,
    /// Jobs that another process is at.
    pub(super) theirs: Vec<usize>,
    pub(super) looked: Option<Instant>,
    pub(super) in_flight: usize,
    pub(super) answered: usize,
    pub(super) refused: usize,
    pub(super) busy: u32,
    pub(super) closed: bool,
    /// Why it was closed.
    pub(super) reason: Option<EngineError>,
    /// Whether a step of preparation is under way.
    pub(super) preparing: bool,
}

/// Jobs that travel together.
pub(super) struct Batch {
    pub(super) jobs: Vec<usize>,
    pub(super) request: Arc<Request>,
    pub(super) load: Load,
    /// What the request can use at most, and what that would cost.
    pub(super) most: Usage,
    pub(super) at_most: f64,
    pub(super) tries: u32,
    /// How many requests the engine had answered when this one was sent first.
    pub(super) since: Option<usize>,
    /// Whether what is under way for it is a step of preparation.
    pub(super) preparing: bool,
}

impl Lane {
    pub(super) fn new(
        engine: &Arc<dyn Engine>,
        settings: &EngineSettings,
        price: Option<Price>,
    ) -> Self {
        Self {
            engine: Arc::clone(engine),
            pace: Pace::new(settings, CONCURRENCY),
            retries: settings.retries.unwrap_or(RETRIES),
            price,
            usage: Usage::default(),
            cost: 0.0,
            unclaimed: VecDeque::new(),
            claiming: 0,
            ready: VecDeque::new(),
            alone: VecDeque::new(),
            again: Vec::new(),
            theirs: Vec::new(),
            looked: None,
            in_flight: 0,
            answered: 0,
            refused: 0,
            busy: 0,
            closed: false,
            reason: None,
            preparing: false,
        }
    }

    /// Makes it ready for other jobs: what is known of the service stays. Gives what it has used
    /// and what that cost.
    pub(super) fn reset(&mut self) -> (Usage, f64) {
        self.unclaimed.clear();
        self.ready.clear();
        self.alone.clear();
        self.again.clear();
        self.theirs.clear();
        self.looked = None;
        (
            std::mem::take(&mut self.usage),
            std::mem::take(&mut self.cost),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unclaimed.is_empty()
            && self.ready.is_empty()
            && self.alone.is_empty()
            && self.again.is_empty()
            && self.theirs.is_empty()
    }

    /// All jobs that wait here, but for those that another process is at.
    pub(super) fn open_jobs(&self) -> Vec<usize> {
        let again = self.again.iter().flat_map(|(_, batch)| &batch.jobs);
        let waiting = self.unclaimed.iter().chain(&self.ready).chain(&self.alone);
        waiting.chain(again).copied().collect()
    }

    pub(super) fn currency(&self) -> &str {
        self.price.as_ref().map_or("USD", Price::currency)
    }
}

/// The next batch of a lane: one that failed and whose time has come, a job that goes alone, or
/// jobs of one article.
pub(super) fn take_batch(
    lane: &mut Lane,
    jobs: &[Job],
    target: &Lang,
    now: Instant,
) -> Option<Batch> {
    let due = lane
        .again
        .iter()
        .enumerate()
        .filter(|(_, (at, _))| *at <= now)
        .min_by_key(|(_, (at, _))| *at)
        .map(|(index, _)| index);
    if let Some(index) = due {
        return Some(lane.again.swap_remove(index).1);
    }
    let limits = lane.engine.limits();
    let mut taken = Vec::new();
    if let Some(job) = lane.alone.pop_front() {
        taken.push(job);
    } else {
        let front: Vec<&Job> = lane
            .ready
            .iter()
            .take(limits.items)
            .map(|&job| &jobs[job])
            .collect();
        if front.is_empty() {
            return None;
        }
        taken.extend(lane.ready.drain(..batch_length(&front, limits)));
        // A batch that could still grow waits for the claims that are on their way.
        let more = lane.claiming > 0 && lane.ready.is_empty();
        if more && taken.len() < limits.items && lane.in_flight > 0 {
            for job in taken.into_iter().rev() {
                lane.ready.push_front(job);
            }
            return None;
        }
    }
    let members: Vec<&Job> = taken.iter().map(|&job| &jobs[job]).collect();
    let request = request(&members, target);
    let forecast = lane.engine.forecast(&request);
    Some(Batch {
        jobs: taken,
        load: Load {
            tokens: forecast.likely.tokens(),
            characters: forecast.likely.characters,
        },
        at_most: lane
            .price
            .as_ref()
            .map_or(0.0, |price| price.of(&forecast.at_most)),
        most: forecast.at_most,
        request: Arc::new(request),
        tries: 0,
        since: None,
        preparing: false,
    })
}
