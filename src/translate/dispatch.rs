//! The one loop that sends, waits, validates and records.
//!
//! Everything is decided here, in one task; what runs beside it is one exchange with a service, or
//! one wait for the journal. So no two workers can break a limit, a hold or the budget between
//! them, and a request takes its place the moment the one before has its answer, while that answer
//! is still on its way to the disk.

mod answers;
mod failures;
mod lane;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::lane::{Batch, Lane, take_batch};
use super::engine::{EngineError, Failure, Reply};
use super::journal::{Claim, Key, Recorded};
use super::pace::Load;
use super::price::{self, Purse, full_name};
use super::run::{Run, Snapshot, Trouble};
use super::work::{self, Engines, Job};
use super::{EngineSum, TranslateError};
use crate::model::{Article, Content, Lang};

/// How often another process's claims are looked at.
const POLL: Duration = Duration::from_millis(250);

/// How a job ended.
#[derive(Debug)]
pub(super) enum Filled {
    /// An engine answered in this run.
    Answered {
        content: Content,
        engine: String,
        model: String,
    },
    /// It was answered in an earlier run, or by another process.
    Journal {
        content: Content,
        engine: String,
        model: String,
        day: String,
    },
    /// No answer was good enough.
    Left {
        reason: String,
        offer: Option<(Content, String)>,
    },
}

/// What the loop has done.
#[derive(Default)]
pub(super) struct Done {
    /// By job, in no order.
    pub(super) filled: Vec<(usize, Filled)>,
    pub(super) engines: Vec<EngineSum>,
    pub(super) stopped: Option<TranslateError>,
}

/// What the languages of one run share: the engines, how fast they may be asked, and the money.
#[derive(Default)]
pub struct Session {
    engines: Engines,
    lanes: BTreeMap<String, Lane>,
    purse: Purse,
}

impl Session {
    /// Makes the engines ready that these jobs may need.
    pub(super) async fn open(
        &mut self,
        jobs: &[Job],
        run: &Run<'_>,
        sketches: &Engines,
    ) -> Result<(), TranslateError> {
        work::open_engines(jobs, run, sketches, &mut self.engines).await?;
        if run.settings.max_cost.is_none() {
            return Ok(());
        }
        // A limit can't be kept without a price, or over two currencies.
        let mut currencies = BTreeSet::new();
        for engine in self.engines.values() {
            let Some(price) = price::price(run.settings, engine.name(), engine.model()) else {
                return Err(TranslateError::NoPrice {
                    model: full_name(engine.name(), engine.model()),
                });
            };
            currencies.insert(price.currency().to_owned());
        }
        if currencies.len() > 1 {
            let list: Vec<String> = currencies.into_iter().collect();
            return Err(TranslateError::Settings {
                message: format!(
                    "a limit of cost needs one currency, and the prices of the engines are in {}",
                    list.join(" and ")
                ),
            });
        }
        Ok(())
    }

    /// The lanes for jobs with these engines. Those that are not open have nothing to send: the
    /// journal answers their jobs.
    fn lanes(&mut self, sketches: &Engines, run: &Run<'_>) -> BTreeMap<String, Lane> {
        let mut lanes = std::mem::take(&mut self.lanes);
        for (name, sketch) in sketches {
            let engine = self.engines.get(name).unwrap_or(sketch);
            lanes
                .entry(name.clone())
                .and_modify(|lane| lane.engine = Arc::clone(engine))
                .or_insert_with(|| {
                    let settings = run.settings.for_engine(name);
                    let price = price::price(run.settings, engine.name(), engine.model());
                    Lane::new(engine, &settings, price)
                });
        }
        lanes
    }
}

enum Event {
    Claimed(String, Vec<usize>, Result<Vec<Claim>, TranslateError>),
    /// What came of what was sent for a batch: a reply, or none where it was a step of
    /// preparation.
    Answered(String, Batch, Instant, Result<Option<Reply>, EngineError>),
    Recorded(Vec<(usize, Filled)>, Result<Recorded, TranslateError>),
}

pub(super) struct Dispatcher<'a> {
    articles: &'a [Article],
    lang: &'a Lang,
    run: &'a Run<'a>,
    jobs: &'a mut Vec<Job>,
    session: &'a mut Session,
    lanes: BTreeMap<String, Lane>,
    purse: Purse,
    inbox: mpsc::UnboundedReceiver<Event>,
    outbox: mpsc::UnboundedSender<Event>,
    tasks: JoinSet<()>,
    recording: usize,
    total: usize,
    free: usize,
    finished: usize,
    trouble: Option<Trouble>,
    done: Done,
}

/// What is under way. Where its task ends without an answer, as by a panic, the loop is told so and
/// does not wait for ever.
struct UnderWay {
    sent: Option<(String, Batch, Instant)>,
    outbox: mpsc::UnboundedSender<Event>,
}

impl UnderWay {
    fn end(mut self, result: Result<Option<Reply>, EngineError>) {
        self.tell(result);
    }

    fn tell(&mut self, result: Result<Option<Reply>, EngineError>) {
        if let Some((name, batch, sent)) = self.sent.take() {
            // The receiver lives as long as the loop that is waited for.
            let _ = self.outbox.send(Event::Answered(name, batch, sent, result));
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.tell(Err(EngineError {
            kind: Failure::Request,
            message: "answered something that duizhao fails at; please report it".to_owned(),
            retry_after: None,
            maybe_billed: true,
        }));
    }
}

impl<'a> Dispatcher<'a> {
    pub(super) fn new(
        articles: &'a [Article],
        lang: &'a Lang,
        run: &'a Run<'a>,
        jobs: &'a mut Vec<Job>,
        session: &'a mut Session,
        sketches: &Engines,
    ) -> Self {
        let mut lanes = session.lanes(sketches, run);
        let mut purse = std::mem::take(&mut session.purse);
        purse.limit(run.settings.max_cost);
        let total = jobs.iter().map(|job| job.places.len()).sum();
        for (index, job) in jobs.iter().enumerate() {
            if let Some(lane) = lanes.get_mut(job.engine()) {
                lane.unclaimed.push_back(index);
            }
        }
        let (outbox, inbox) = mpsc::unbounded_channel();
        Self {
            articles,
            lang,
            run,
            jobs,
            session,
            lanes,
            purse,
            inbox,
            outbox,
            tasks: JoinSet::new(),
            recording: 0,
            total,
            free: 0,
            finished: 0,
            trouble: None,
            done: Done::default(),
        }
    }

    /// Works until everything is done, or something stops it and what was in flight is saved.
    pub(super) async fn run(mut self) -> Done {
        // An engine that was out of the run in another language is out in this one.
        let closed: Vec<(String, EngineError)> = self
            .lanes
            .iter()
            .filter_map(|(name, lane)| Some((name.clone(), lane.reason.clone()?)))
            .collect();
        for (name, error) in closed {
            self.close(&name, &error);
        }
        loop {
            if self.run.cancel.is_cancelled() {
                self.stop(TranslateError::Cancelled);
            }
            let wake = self.pump();
            self.report();
            if self.is_idle() {
                break;
            }
            let stopping = self.done.stopped.is_some();
            tokio::select! {
                Some(event) = self.inbox.recv() => self.handle(event),
                () = sleep_until(wake) => {}
                () = self.run.cancel.cancelled(), if !stopping => {}
            }
            while let Ok(event) = self.inbox.try_recv() {
                self.handle(event);
            }
        }
        self.finish().await
    }

    fn is_idle(&self) -> bool {
        let stopping = self.done.stopped.is_some();
        self.recording == 0
            && self.lanes.values().all(|lane| {
                lane.in_flight == 0
                    && lane.claiming == 0
                    && (stopping || lane.closed || lane.is_empty())
            })
    }

    async fn finish(mut self) -> Done {
        let filled: BTreeSet<usize> = self
            .done
            .filled
            .iter()
            .filter(|(_, how)| !matches!(how, Filled::Left { .. }))
            .map(|(job, _)| *job)
            .collect();
        let open: Vec<Key> = self
            .jobs
            .iter()
            .enumerate()
            .filter(|(index, _)| !filled.contains(index))
            .map(|(_, job)| job.key())
            .collect();
        if !open.is_empty()
            && let Err(error) = self.run.journal.release(open).await
        {
            self.stop(error);
        }
        for lane in self.lanes.values_mut() {
            let (usage, cost) = lane.reset();
            if usage.requests > 0 {
                self.done.engines.push(EngineSum {
                    engine: lane.engine.name().to_owned(),
                    model: lane.engine.model().to_owned(),
                    usage,
                    cost: lane.price.is_some().then_some(cost),
                    currency: lane.currency().to_owned(),
                });
            }
        }
        self.session.lanes = self.lanes;
        self.session.purse = self.purse;
        self.done
    }

    fn stop(&mut self, error: TranslateError) {
        // The first reason is the one that the user has to know.
        self.done.stopped.get_or_insert(error);
    }

    fn report(&self) {
        let now = Instant::now();
        self.run.progress.update(&Snapshot {
            total: self.total,
            done: self.finished,
            free: self.free,
            in_flight: self.lanes.values().map(|lane| lane.in_flight).sum(),
            cost: self.purse.spent().clone(),
            held: self.lanes.values().filter_map(|l| l.pace.held(now)).max(),
            trouble: self.trouble.clone(),
        });
    }

    /// Sends and claims all that may be sent and claimed now. Gives the time at which there is
    /// more to do.
    fn pump(&mut self) -> Option<Instant> {
        while self.tasks.try_join_next().is_some() {}
        if self.done.stopped.is_some() {
            return None;
        }
        let names: Vec<String> = self.lanes.keys().cloned().collect();
        let mut wake: Option<Instant> = None;
        for name in names {
            if let Some(at) = self.pump_lane(&name) {
                wake = Some(wake.map_or(at, |wake| wake.min(at)));
            }
        }
        wake
    }

    fn pump_lane(&mut self, name: &str) -> Option<Instant> {
        let now = Instant::now();
        self.claim_more(name, now);
        loop {
            let lane = self.lanes.get_mut(name)?;
            if lane.closed || lane.in_flight >= lane.pace.at_a_time() {
                break;
            }
            let Some(batch) = take_batch(lane, self.jobs, self.lang, now) else {
                break;
            };
            let prepared = lane.engine.is_ready(&batch.request);
            if !prepared && lane.preparing {
                lane.again.push((now, batch));
                break;
            }
            let load = if prepared {
                batch.load
            } else {
                Load::default()
            };
            let ready = lane.pace.ready_at(load, now);
            if ready > now {
                lane.again.push((ready, batch));
                break;
            }
            if !prepared {
                self.prepare(name, batch, now);
                continue;
            }
            if !self.purse.affords(batch.at_most) {
                let alone = self.lanes.values().all(|lane| lane.in_flight == 0);
                if alone && self.recording == 0 {
                    let currency = self.lanes.get(name)?.currency().to_owned();
                    self.stop(self.purse.exhausted(batch.at_most, &currency));
                }
                // What is in flight may turn out cheaper than it could have been; its answer
                // wakes this loop.
                self.lanes.get_mut(name)?.again.push((now, batch));
                return None;
            }
            self.send(name, batch, now);
        }
        let lane = self.lanes.get(name)?;
        let mut wakes: Vec<Instant> = Vec::new();
        // What waits for a step of preparation goes on when that is done.
        if lane.in_flight < lane.pace.at_a_time() && !lane.preparing {
            wakes.extend(lane.again.iter().map(|(at, _)| *at));
        }
        if !lane.theirs.is_empty() && lane.claiming == 0 {
            wakes.push(lane.looked.unwrap_or(now) + POLL);
        }
        wakes.into_iter().min()
    }

    fn claim_more(&mut self, name: &str, now: Instant) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        let items = lane.engine.limits().items;
        // Enough for every request that may be under way, twice; the rest stays free for other
        // processes.
        let enough = lane.pace.most() * items * 2;
        let mut wanted: Vec<usize> = Vec::new();
        if !lane.closed && lane.claiming == 0 && lane.ready.len() < enough {
            let take = lane.unclaimed.len().min(enough);
            wanted.extend(lane.unclaimed.drain(..take));
        }
        if wanted.is_empty()
            && lane.claiming == 0
            && !lane.theirs.is_empty()
            && lane.looked.is_none_or(|looked| now >= looked + POLL)
        {
            lane.looked = Some(now);
            wanted.append(&mut lane.theirs);
        }
        if wanted.is_empty() {
            return;
        }
        lane.claiming += 1;
        let keys = wanted.iter().map(|&job| self.jobs[job].wanted()).collect();
        let claims = self.run.journal.claim(keys, self.run.retry_rejected);
        let outbox = self.outbox.clone();
        let name = name.to_owned();
        self.tasks.spawn(async move {
            // The receiver lives as long as the loop that is waited for.
            let _ = outbox.send(Event::Claimed(name, wanted, claims.await));
        });
    }

    fn send(&mut self, name: &str, mut batch: Batch, now: Instant) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.pace.sent(batch.load, now);
        lane.in_flight += 1;
        batch.since.get_or_insert(lane.answered);
        self.purse.reserve(batch.at_most);
        let engine = Arc::clone(&lane.engine);
        let request = Arc::clone(&batch.request);
        let under_way = self.under_way(name, batch, now);
        self.tasks.spawn(async move {
            let result = engine.translate(&request).await;
            under_way.end(result.map(Some));
        });
    }

    /// Takes one step towards sending a batch. It counts as a request.
    fn prepare(&mut self, name: &str, mut batch: Batch, now: Instant) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.pace.sent(Load::default(), now);
        lane.in_flight += 1;
        lane.preparing = true;
        batch.preparing = true;
        let engine = Arc::clone(&lane.engine);
        let request = Arc::clone(&batch.request);
        let under_way = self.under_way(name, batch, now);
        self.tasks.spawn(async move {
            let result = engine.prepare(&request).await;
            under_way.end(result.map(|()| None));
        });
    }

    fn under_way(&self, name: &str, batch: Batch, now: Instant) -> UnderWay {
        UnderWay {
            sent: Some((name.to_owned(), batch, now)),
            outbox: self.outbox.clone(),
        }
    }

    /// A step of preparation has been taken.
    fn prepared(&mut self, name: &str, mut batch: Batch) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.in_flight -= 1;
        lane.pace.answered();
        batch.tries = 0;
        lane.again.push((Instant::now(), batch));
        if lane.closed {
            self.leave(name);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Claimed(name, jobs, claims) => self.claimed(&name, &jobs, claims),
            Event::Answered(name, mut batch, sent, result) => {
                let preparing = std::mem::take(&mut batch.preparing);
                if preparing && let Some(lane) = self.lanes.get_mut(&name) {
                    lane.preparing = false;
                }
                match result {
                    Ok(Some(reply)) => self.answered(&name, &batch, &reply),
                    Ok(None) => self.prepared(&name, batch),
                    Err(error) => {
                        if !preparing {
                            self.purse.give_up(batch.at_most, error.maybe_billed);
                        }
                        self.failed(&name, batch, sent, &error);
                    }
                }
            }
            Event::Recorded(filled, result) => {
                self.recording -= 1;
                match result {
                    Ok(recorded) => {
                        for (job, how) in filled {
                            self.fill(job, how);
                        }
                        if let Some(error) = recorded.last {
                            self.stop(error);
                        }
                    }
                    Err(error) => self.stop(error),
                }
            }
        }
    }

    fn fill(&mut self, job: usize, how: Filled) {
        let places = self.jobs[job].places.len();
        self.finished += places;
        self.free += match how {
            Filled::Journal { .. } => places,
            Filled::Answered { .. } => places - 1,
            Filled::Left { .. } => 0,
        };
        self.done.filled.push((job, how));
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
