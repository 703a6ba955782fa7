//! What comes of claims and answers: validation, what is recorded, and where it goes on.

use std::sync::Arc;

use super::lane::Batch;
use super::{Dispatcher, Event, Filled, Trouble};
use crate::translate::TranslateError;
use crate::translate::accept::{self, Decision};
use crate::translate::engine::{Reply, Usage};
use crate::translate::journal::{Accepted, Claim, Record};
use crate::translate::price::full_name;
use crate::translate::validate::judge;

impl Dispatcher<'_> {
    pub(super) fn claimed(
        &mut self,
        name: &str,
        jobs: &[usize],
        claims: Result<Vec<Claim>, TranslateError>,
    ) {
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

    pub(super) fn answered(&mut self, name: &str, batch: &Batch, reply: &Reply) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        lane.in_flight -= 1;
        lane.answered += 1;
        lane.busy = 0;
        lane.pace.answered();
        // Who does not say what was used may have used all that the request allowed.
        let usage = reply.usage.unwrap_or(Usage {
            estimated: batch.most.requests,
            ..batch.most
        });
        lane.usage.add(&usage);
        let cost = lane.price.as_ref().map(|price| price.of(&usage));
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
        let again = filled.len() < batch.jobs.len();
        self.trouble = reply.remark.as_ref().map(|remark| Trouble {
            message: format!("the engine {name}: {remark}"),
            again,
        });
        let record = Record {
            day: self.run.today.to_owned(),
            article: batch.request.context.article.to_string(),
            engine: engine.name().to_owned(),
            model: engine.model().to_owned(),
            batch: self.describe(batch),
            usage,
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
    pub(super) fn describe(&self, batch: &Batch) -> String {
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
}
