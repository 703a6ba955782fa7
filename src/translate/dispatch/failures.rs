//! What comes of requests that fail: another try, another engine, or the end of the run.

use std::time::Instant;

use super::lane::Batch;
use super::{Dispatcher, Filled, Trouble};
use crate::translate::TranslateError;
use crate::translate::engine::{EngineError, Failure};
use crate::translate::pace::PATIENCE;

/// Answers in a row that say "busy" until the service counts as gone.
const BUSY: u32 = 200;
/// Requests for single segments that are refused before any has succeeded, until the service
/// counts as wrongly set up.
const REFUSALS: usize = 3;

impl Dispatcher<'_> {
    pub(super) fn failed(
        &mut self,
        name: &str,
        mut batch: Batch,
        sent: Instant,
        error: &EngineError,
    ) {
        let now = Instant::now();
        let message = format!("the engine {name} {}", error.message);
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.in_flight -= 1;
        // A fault that passes for others and stays for these segments is about them.
        let mut alone = error.kind == Failure::Request;
        let close = match error.kind {
            Failure::Closed => true,
            Failure::Busy => {
                lane.busy += 1;
                lane.busy > BUSY || error.retry_after.is_some_and(|wait| wait > PATIENCE)
            }
            Failure::Passing => {
                batch.tries += 1;
                let others = batch.since.is_some_and(|since| lane.answered > since);
                let enough = batch.tries > lane.retries;
                alone = enough && others;
                enough && !others
            }
            Failure::Request => {
                if batch.jobs.len() == 1 {
                    lane.refused += 1;
                }
                lane.answered == 0 && lane.refused >= REFUSALS
            }
        };
        self.trouble = Some(Trouble {
            message: message.clone(),
            again: !close && !lane.closed && (!alone || batch.jobs.len() > 1),
        });
        if close {
            lane.alone.extend(&batch.jobs);
            return self.close(name, error);
        }
        if lane.closed {
            lane.alone.extend(&batch.jobs);
            return self.leave(name);
        }
        if alone {
            if batch.jobs.len() > 1 {
                lane.alone.extend(&batch.jobs);
            } else {
                self.next_engine(batch.jobs[0], &message);
            }
            return;
        }
        let salt = batch.jobs.first().map_or(0, |&job| job as u64) + u64::from(batch.tries) * 7919;
        let until = lane.pace.failed(error, sent, now, salt);
        lane.again.push((until, batch));
    }

    /// An engine is out of the run: its jobs go to the next of their chains.
    pub(super) fn close(&mut self, name: &str, error: &EngineError) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.closed = true;
        lane.reason.get_or_insert_with(|| error.clone());
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
    pub(super) fn leave(&mut self, name: &str) {
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

    pub(super) fn next_engine(&mut self, job: usize, reason: &str) {
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
        // Whoever gives the next answer must not be credited with this one.
        job.best = None;
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
