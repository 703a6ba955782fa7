//! The one loop that sends, waits, validates and records.
//!
//! Everything is decided here, in one task; what runs beside it is one exchange with a service, or
//! one wait for the journal. So no two workers can break a limit, a hold or the budget between
//! them, and a request takes its place the moment the one before has its answer, while that answer
//! is still on its way to the disk.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::accept::{self, Decision};
use super::engine::{Engine, EngineError, Failure, Reply, Request, Usage};
use super::journal::{Accepted, Claim, Key, Record, Recorded};
use super::pace::{Load, PATIENCE, Pace};
use super::price::{self, Price, Purse, full_name};
use super::run::{Run, Snapshot};
use super::validate::judge;
use super::work::{Engines, Job, batch_length, request};
use super::{EngineSum, TranslateError};
use crate::model::{Article, Content, Lang};

/// Requests at a time where the settings give no number.
const CONCURRENCY: usize = 4;
/// How often a request that failed for a passing reason is sent again.
const RETRIES: u32 = 8;
/// Answers in a row that say "busy" until the service counts as gone.
const BUSY: u32 = 200;
/// How often another process's claims are looked at.
const POLL: Duration = Duration::from_millis(250);
/// Requests for single segments that are refused before any has succeeded, until the service
/// counts as wrongly set up.
const REFUSALS: usize = 3;

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

struct Lane {
    engine: Arc<dyn Engine>,
    pace: Pace,
    retries: u32,
    price: Option<Price>,
    usage: Usage,
    cost: f64,
    /// Jobs that have not been claimed yet.
    unclaimed: VecDeque<usize>,
    /// Jobs whose claims are being made.
    claiming: usize,
    /// Jobs to send in batches.
    ready: VecDeque<usize>,
    /// Jobs to send alone.
    alone: VecDeque<usize>,
    /// Batches that failed and go out again, not before their time.
    again: Vec<(Instant, Batch)>,
    /// Jobs that another process is at.
    theirs: Vec<usize>,
    looked: Option<Instant>,
    in_flight: usize,
    answered: usize,
    refused: usize,
    busy: u32,
    closed: bool,
}

/// Jobs that travel together.
struct Batch {
    jobs: Vec<usize>,
    request: Arc<Request>,
    load: Load,
    at_most: f64,
    tries: u32,
}

enum Event {
    Claimed(String, Vec<usize>, Result<Vec<Claim>, TranslateError>),
    Answered(String, Batch, Instant, Result<Reply, EngineError>),
    Recorded(Vec<(usize, Filled)>, Result<Recorded, TranslateError>),
}

pub(super) struct Dispatcher<'a> {
    articles: &'a [Article],
    lang: &'a Lang,
    run: &'a Run<'a>,
    jobs: &'a mut Vec<Job>,
    lanes: BTreeMap<String, Lane>,
    purse: Purse,
    inbox: mpsc::UnboundedReceiver<Event>,
    outbox: mpsc::UnboundedSender<Event>,
    tasks: JoinSet<()>,
    recording: usize,
    total: usize,
    free: usize,
    finished: usize,
    done: Done,
}

impl<'a> Dispatcher<'a> {
    pub(super) fn new(
        articles: &'a [Article],
        lang: &'a Lang,
        run: &'a Run<'a>,
        jobs: &'a mut Vec<Job>,
        engines: &Engines,
    ) -> Result<Self, TranslateError> {
        let mut lanes = BTreeMap::new();
        for (name, engine) in engines {
            let settings = run.settings.for_engine(name);
            let price = price::price(run.settings, engine.name(), engine.model());
            if price.is_none() && run.settings.max_cost.is_some() {
                return Err(TranslateError::NoPrice {
                    model: full_name(engine.name(), engine.model()),
                });
            }
            let made = Lane {
                engine: Arc::clone(engine),
                pace: Pace::new(&settings, CONCURRENCY),
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
            };
            lanes.insert(name.clone(), made);
        }
        one_currency(&lanes, run)?;
        let total = jobs.iter().map(|job| job.places.len()).sum();
        for (index, job) in jobs.iter().enumerate() {
            if let Some(lane) = lanes.get_mut(job.engine()) {
                lane.unclaimed.push_back(index);
            }
        }
        let (outbox, inbox) = mpsc::unbounded_channel();
        Ok(Self {
            articles,
            lang,
            run,
            jobs,
            lanes,
            purse: Purse::new(run.settings.max_cost),
            inbox,
            outbox,
            tasks: JoinSet::new(),
            recording: 0,
            total,
            free: 0,
            finished: 0,
            done: Done::default(),
        })
    }

    /// Works until everything is done, or something stops it and what was in flight is saved.
    pub(super) async fn run(mut self) -> Done {
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
        let filled: std::collections::BTreeSet<usize> = self
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
        for lane in self.lanes.values() {
            if lane.usage.requests > 0 {
                self.done.engines.push(EngineSum {
                    engine: lane.engine.name().to_owned(),
                    model: lane.engine.model().to_owned(),
                    usage: lane.usage,
                    cost: lane.price.is_some().then_some(lane.cost),
                    currency: lane.currency().to_owned(),
                });
            }
        }
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
            let ready = lane.pace.ready_at(batch.load, now);
            if ready > now {
                lane.again.push((ready, batch));
                break;
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
        if lane.in_flight < lane.pace.at_a_time() {
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

    fn send(&mut self, name: &str, batch: Batch, now: Instant) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.pace.sent(batch.load, now);
        lane.in_flight += 1;
        self.purse.reserve(batch.at_most);
        let engine = Arc::clone(&lane.engine);
        let outbox = self.outbox.clone();
        let name = name.to_owned();
        self.tasks.spawn(async move {
            let request = Arc::clone(&batch.request);
            let result = engine.translate(&request).await;
            let _ = outbox.send(Event::Answered(name, batch, now, result));
        });
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Claimed(name, jobs, claims) => self.claimed(&name, &jobs, claims),
            Event::Answered(name, batch, _, Ok(reply)) => {
                self.answered(&name, &batch, &reply);
            }
            Event::Answered(name, batch, sent, Err(error)) => {
                self.failed(&name, batch, sent, &error);
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

    fn claimed(&mut self, name: &str, jobs: &[usize], claims: Result<Vec<Claim>, TranslateError>) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.claiming -= 1;
        let claims = match claims {
            Ok(claims) => claims,
            Err(error) => return self.stop(error),
        };
        let limit = accept::asks(lane.engine.as_ref());
        let mut ended = Vec::new();
        for (&job, claim) in jobs.iter().zip(claims) {
            match claim {
                Claim::Answered {
                    content,
                    engine,
                    model,
                    day,
                } => ended.push((
                    job,
                    Filled::Journal {
                        content,
                        engine,
                        model,
                        day,
                    },
                )),
                Claim::Mine { rejected } if rejected.len() >= limit => {
                    let last = rejected.last().map(|last| last.reasons.join("; "));
                    ended.push((
                        job,
                        Filled::Left {
                            reason: format!(
                                "no answer was accepted in an earlier run ({}); --retry-rejected \
                                 asks again",
                                last.unwrap_or_default()
                            ),
                            offer: None,
                        },
                    ));
                }
                Claim::Mine { rejected } => {
                    let alone = !rejected.is_empty();
                    self.jobs[job].rejected = rejected;
                    self.jobs[job].item.complaint = self.jobs[job].rejected.last().cloned();
                    if alone {
                        lane.alone.push_back(job);
                    } else {
                        lane.ready.push_back(job);
                    }
                }
                Claim::Theirs => lane.theirs.push(job),
            }
        }
        if lane.closed {
            self.leave(name);
        }
        for (job, how) in ended {
            self.fill(job, how);
        }
    }

    fn answered(&mut self, name: &str, batch: &Batch, reply: &Reply) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.in_flight -= 1;
        lane.answered += 1;
        lane.busy = 0;
        lane.pace.answered();
        lane.usage.add(&reply.usage);
        let cost = lane.price.as_ref().map(|price| price.of(&reply.usage));
        lane.cost += cost.unwrap_or_default();
        let currency = lane.currency().to_owned();
        self.purse
            .settle(batch.at_most, cost.unwrap_or_default(), &currency);
        let engine = Arc::clone(&lane.engine);

        let verdicts = judge(&batch.request, reply, engine.instructions());
        let mut accepted = Vec::new();
        let mut rejected = Vec::new();
        let mut filled = Vec::new();
        for (&index, verdict) in batch.jobs.iter().zip(verdicts) {
            let job = &mut self.jobs[index];
            job.alone |= batch.jobs.len() == 1;
            let decision = accept::decide(
                job,
                verdict,
                engine.as_ref(),
                &accept::Checks {
                    articles: self.articles,
                    lang: self.lang,
                    verify: self.run.verify,
                },
            );
            let key = job.key();
            match decision {
                Decision::Accept(content) => {
                    let (article, at) = job.places[0];
                    let segment = self.articles[article].segments().nth(at);
                    accepted.push(Accepted {
                        key,
                        segment: segment.map_or_else(String::new, |s| s.id.to_string()),
                        source: job.item.source.text(),
                        content: content.clone(),
                    });
                    filled.push((
                        index,
                        Filled::Answered {
                            content,
                            engine: engine.name().to_owned(),
                            model: engine.model().to_owned(),
                        },
                    ));
                }
                Decision::AskAgain(complaint) => {
                    rejected.push((key, complaint.clone()));
                    job.rejected.push(complaint.clone());
                    job.item.complaint = Some(complaint);
                    if let Some(lane) = self.lanes.get_mut(name) {
                        lane.alone.push_back(index);
                    }
                }
                Decision::GiveUp(complaint) => {
                    rejected.push((key, complaint.clone()));
                    let by = full_name(engine.name(), engine.model());
                    filled.push((
                        index,
                        Filled::Left {
                            reason: complaint.reasons.join("; "),
                            offer: job.best.clone().map(|content| (content, by)),
                        },
                    ));
                }
            }
        }
        let record = Record {
            day: self.run.today.to_owned(),
            article: batch.request.context.article.to_string(),
            engine: engine.name().to_owned(),
            model: engine.model().to_owned(),
            batch: self.describe(batch),
            usage: reply.usage,
            cost,
            currency,
            accepted,
            rejected,
        };
        self.recording += 1;
        let recorded = self.run.journal.record(record);
        let outbox = self.outbox.clone();
        self.tasks.spawn(async move {
            let _ = outbox.send(Event::Recorded(filled, recorded.await));
        });
        if self.lanes.get(name).is_some_and(|lane| lane.closed) {
            self.leave(name);
        }
    }

    /// The segments of a batch by their ids, for the journal.
    fn describe(&self, batch: &Batch) -> String {
        let ids: Vec<String> = batch
            .jobs
            .iter()
            .filter_map(|&job| {
                let (article, at) = self.jobs[job].places[0];
                Some(self.articles[article].segments().nth(at)?.id.to_string())
            })
            .collect();
        ids.join(" ")
    }

    fn failed(&mut self, name: &str, mut batch: Batch, sent: Instant, error: &EngineError) {
        let now = Instant::now();
        self.purse.give_up(batch.at_most, error.maybe_billed);
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.in_flight -= 1;
        let close = match error.kind {
            Failure::Closed => true,
            Failure::Busy => {
                lane.busy += 1;
                lane.busy > BUSY || error.retry_after.is_some_and(|wait| wait > PATIENCE)
            }
            Failure::Passing => {
                batch.tries += 1;
                batch.tries > lane.retries
            }
            Failure::Request => {
                if batch.jobs.len() == 1 {
                    lane.refused += 1;
                }
                lane.answered == 0 && lane.refused >= REFUSALS
            }
        };
        if close {
            lane.alone.extend(&batch.jobs);
            return self.close(name, error);
        }
        if lane.closed {
            lane.alone.extend(&batch.jobs);
            return self.leave(name);
        }
        if error.kind == Failure::Request {
            if batch.jobs.len() > 1 {
                lane.alone.extend(&batch.jobs);
            } else {
                self.next_engine(
                    batch.jobs[0],
                    &format!("the engine {name} {}", error.message),
                );
            }
            return;
        }
        let salt = batch.jobs.first().map_or(0, |&job| job as u64) + u64::from(batch.tries) * 7919;
        let until = lane.pace.failed(error, sent, now, salt);
        lane.again.push((until, batch));
    }

    /// An engine is out of the run: its jobs go to the next of their chains.
    fn close(&mut self, name: &str, error: &EngineError) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.closed = true;
        let open = lane.open_jobs();
        let last = open
            .iter()
            .chain(&lane.theirs)
            .any(|&job| self.jobs[job].engine + 1 >= self.jobs[job].chain.len());
        if last {
            self.stop(TranslateError::Engine {
                engine: name.to_owned(),
                reason: error.message.clone(),
                retryable: error.is_retryable(),
            });
        }
        self.leave(name);
    }

    /// Hands the jobs of a closed engine on.
    fn leave(&mut self, name: &str) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        let mut open = lane.open_jobs();
        lane.unclaimed.clear();
        lane.ready.clear();
        lane.alone.clear();
        lane.again.clear();
        open.append(&mut lane.theirs);
        for job in open {
            self.next_engine(job, &format!("the engine {name} is not available"));
        }
    }

    fn next_engine(&mut self, job: usize, reason: &str) {
        let index = job;
        let job = &mut self.jobs[index];
        if job.engine + 1 >= job.chain.len() {
            if self.done.stopped.is_none() {
                let left = Filled::Left {
                    reason: reason.to_owned(),
                    offer: None,
                };
                self.fill(index, left);
            }
            return;
        }
        job.engine += 1;
        job.rejected.clear();
        job.item.complaint = None;
        job.alone = false;
        let name = job.engine().to_owned();
        if self.lanes.get(&name).is_some_and(|lane| lane.closed) {
            return self.next_engine(index, reason);
        }
        if let Some(lane) = self.lanes.get_mut(&name) {
            lane.unclaimed.push_back(index);
        }
    }
}

impl Lane {
    fn is_empty(&self) -> bool {
        self.unclaimed.is_empty()
            && self.ready.is_empty()
            && self.alone.is_empty()
            && self.again.is_empty()
            && self.theirs.is_empty()
    }

    /// All jobs that wait here, but for those that another process is at.
    fn open_jobs(&self) -> Vec<usize> {
        let again = self.again.iter().flat_map(|(_, batch)| &batch.jobs);
        let waiting = self.unclaimed.iter().chain(&self.ready).chain(&self.alone);
        waiting.chain(again).copied().collect()
    }

    fn currency(&self) -> &str {
        self.price.as_ref().map_or("USD", Price::currency)
    }
}

/// A limit can't be kept over two currencies.
fn one_currency(lanes: &BTreeMap<String, Lane>, run: &Run<'_>) -> Result<(), TranslateError> {
    let currencies: std::collections::BTreeSet<&str> = lanes.values().map(Lane::currency).collect();
    if run.settings.max_cost.is_some() && currencies.len() > 1 {
        let list: Vec<&str> = currencies.into_iter().collect();
        return Err(TranslateError::Settings {
            message: format!(
                "a limit of cost needs one currency, and the prices of the engines are in {}",
                list.join(" and ")
            ),
        });
    }
    Ok(())
}

/// The next batch of a lane: one that failed and whose time has come, a job that goes alone, or
/// jobs of one article.
fn take_batch(lane: &mut Lane, jobs: &[Job], target: &Lang, now: Instant) -> Option<Batch> {
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
        request: Arc::new(request),
        tries: 0,
    })
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
