//! The journal of paid answers: what an engine has answered is never asked for again.
//!
//! Contract: an answer counts once [`Journal::record`] has returned, and it is on the disk then
//! (`SQLite`, write-ahead log, `synchronous=FULL`). Errors are never recorded as answers. A segment
//! is claimed before it is sent, so that two processes on one workspace never pay for the same
//! text; the claims of a process that was killed are void at once, for the lock on its file in the
//! same folder is gone with it. Room is kept on the disk: where it is found full, what is in flight
//! is still recorded, and whoever records is told to stop.
//!
//! One thread owns the connection and commits everything that has come in since its last commit at
//! once; a second one brings commits to the disk and tells whoever waits. So an answer is safe
//! from a kill as soon as it was read, and sixteen workers wait for one disk flush and not for
//! sixteen.

mod key;
mod store;
mod sums;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

pub(super) use self::key::{Key, KeyParts};
use self::store::Store;
pub use self::sums::Sum;
use super::engine::{Complaint, Usage};
use super::error::TranslateError;
use crate::model::Content;

/// The journal of one workspace. Cheap to hand around by reference; it is closed when dropped.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    commands: Option<mpsc::Sender<Command>>,
    writer: Option<thread::JoinHandle<()>>,
}

/// A segment that a run wants to send.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The key under which it would be sent.
    pub(super) key: Key,
    /// The keys of other engines whose answer would do as well.
    pub(super) also: Vec<Key>,
}

/// What is known of a segment before it is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether there is an answer.
    pub(super) answered: bool,
    /// How many answers were rejected.
    pub(super) rejected: usize,
}

/// What came of a claim.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Claim {
    /// It was answered before.
    Answered {
        /// The answer.
        content: Content,
        /// The engine that gave it.
        engine: String,
        /// Its model.
        model: String,
        /// The day on which it was given.
        day: String,
    },
    /// It is this process's to send.
    Mine {
        /// The answers that were rejected before, oldest first.
        rejected: Vec<Complaint>,
    },
    /// Another living process is at it.
    Theirs,
}

/// An answered request.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The day.
    pub(super) day: String,
    /// The article.
    pub(super) article: String,
    /// The engine.
    pub(super) engine: String,
    /// The model; may be empty.
    pub(super) model: String,
    /// The ids of the segments that went along; for people.
    pub(super) batch: String,
    /// What it used.
    pub(super) usage: Usage,
    /// What it cost; None where no price is known.
    pub(super) cost: Option<f64>,
    /// The currency of the cost.
    pub(super) currency: String,
    /// The answers that passed.
    pub(super) accepted: Vec<Accepted>,
    /// The answers that did not.
    pub(super) rejected: Vec<(Key, Complaint)>,
}

/// An answer that passed validation.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    /// Its key.
    pub(super) key: Key,
    /// The segment that asked first.
    pub(super) segment: String,
    /// The source text, for people.
    pub(super) source: String,
    /// The answer.
    pub(super) content: Content,
}

/// What was recorded is safe.
#[derive(Debug)]
pub(super) struct Recorded {
    /// Why nothing more can be recorded than what is in flight.
    pub(super) last: Option<TranslateError>,
}

type Reply<T> = oneshot::Sender<Result<T, TranslateError>>;

enum Command {
    Claim(Vec<Wanted>, bool, Reply<Vec<Claim>>),
    Record(Box<Record>, Reply<Recorded>),
    Release(Vec<Key>, Reply<()>),
    Known(Vec<Wanted>, Reply<Vec<Standing>>),
}

impl Journal {
    /// Opens the journal at `path`, which is made, with its folder, where it does not exist.
    pub fn open(path: &Path) -> Result<Self, TranslateError> {
        let mut store = Store::open(path)?;
        let (commands, inbox) = mpsc::channel();
        let writer = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(&mut store, &inbox))
            .map_err(|error| store::failed(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            commands: Some(commands),
            writer: Some(writer),
        })
    }

    /// The journal of a workspace that has none yet, for plans: it knows nothing and takes nothing.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            path: PathBuf::new(),
            commands: None,
            writer: None,
        }
    }

    /// What was spent, by article and engine, in the order of their names. Nothing where the
    /// journal does not exist; it is not made.
    pub fn sums(path: &Path) -> Result<Vec<Sum>, TranslateError> {
        sums::sums(path)
    }

    /// Claims segments before they are sent. With `again`, earlier rejections are forgotten. The
    /// claims are in the order of `wanted`. The work begins when this is called; the future waits.
    pub(super) fn claim(
        &self,
        wanted: Vec<Wanted>,
        again: bool,
    ) -> impl Future<Output = Result<Vec<Claim>, TranslateError>> + Send + use<> {
        self.ask(move |reply| Command::Claim(wanted, again, reply))
    }

    /// Writes an answered request. When the future is done, it is on the disk. The work begins
    /// when this is called.
    pub(super) fn record(
        &self,
        record: Record,
    ) -> impl Future<Output = Result<Recorded, TranslateError>> + Send + use<> {
        self.ask(move |reply| Command::Record(Box::new(record), reply))
    }

    /// Gives up claims on segments that got no answer.
    pub(super) fn release(
        &self,
        keys: Vec<Key>,
    ) -> impl Future<Output = Result<(), TranslateError>> + Send + use<> {
        self.ask(move |reply| Command::Release(keys, reply))
    }

    /// What is known of segments, without a claim. In the order of `wanted`.
    pub(super) fn known(
        &self,
        wanted: Vec<Wanted>,
    ) -> impl Future<Output = Result<Vec<Standing>, TranslateError>> + Send + use<> {
        let count = wanted.len();
        let asked = self
            .commands
            .is_some()
            .then(|| self.ask(move |reply| Command::Known(wanted, reply)));
        async move {
            match asked {
                Some(asked) => asked.await,
                None => Ok(vec![Standing::default(); count]),
            }
        }
    }

    fn ask<T, F>(
        &self,
        command: F,
    ) -> impl Future<Output = Result<T, TranslateError>> + Send + use<T, F>
    where
        T: Send,
        F: FnOnce(Reply<T>) -> Command,
    {
        let (reply, answer) = oneshot::channel();
        if let Some(commands) = &self.commands {
            // Where the writer has ended the reply is dropped, and the future says so.
            let _ = commands.send(command(reply));
        }
        let path = self.path.clone();
        async move {
            answer.await.map_err(|_| TranslateError::Journal {
                path,
                message: "its writer has ended".to_owned(),
                retryable: true,
            })?
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has nothing left to save.
            let _ = writer.join();
        }
    }
}

/// Commands that one commit takes along at most.
const GROUP: usize = 256;

type Waiting = Box<dyn FnOnce(Option<TranslateError>) + Send>;

/// Commits what comes in, at once, so that a killed process loses nothing that it was answered.
/// Whoever waits is told by a second thread, once the commit is on the disk too: the next commit
/// does not wait for the disk.
fn serve(store: &mut Store, inbox: &mpsc::Receiver<Command>) {
    let (committed, to_flush) = mpsc::channel::<Vec<Waiting>>();
    let log = store.log();
    thread::scope(|scope| {
        scope.spawn(move || {
            while let Ok(mut waiting) = to_flush.recv() {
                waiting.extend(to_flush.try_iter().flatten());
                let error = store::flush(&log).err();
                for reply in waiting {
                    reply(error.as_ref().map(store::again));
                }
            }
        });
        while let Ok(first) = inbox.recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = inbox.try_recv()
            {
                group.push(next);
            }
            let outcomes = commit(store, &group);
            let full = store.full();
            let waiting: Vec<Waiting> = group
                .into_iter()
                .zip(outcomes)
                .map(|(command, outcome)| waiting(command, outcome, full.as_ref()))
                .collect();
            // The other thread lives as long as this sender.
            drop(committed.send(waiting));
        }
        drop(committed);
    });
}

/// What came of a command.
enum Outcome {
    Claims(Vec<Claim>),
    Known(Vec<Standing>),
    Written,
}

/// Does these commands, all in one commit where nothing goes wrong; else each in its own, so that
/// one that can't be done takes no other along.
fn commit(store: &mut Store, group: &[Command]) -> Vec<Result<Outcome, TranslateError>> {
    let mut result = attempt(store, group);
    if store.make_room() {
        result = attempt(store, group);
    }
    match result {
        Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
        // Another process holds the journal: it holds it for each of them.
        Err(error) if group.len() == 1 || error.is_retryable() && store.full().is_none() => {
            group.iter().map(|_| Err(store::again(&error))).collect()
        }
        Err(_) => group
            .chunks(1)
            .flat_map(|command| commit(store, command))
            .collect(),
    }
}

/// Does these commands in one transaction, or none of them.
fn attempt(store: &mut Store, group: &[Command]) -> Result<Vec<Outcome>, TranslateError> {
    store.transaction(|store| {
        let each = group.iter().map(|command| match command {
            Command::Claim(wanted, again, _) => store.claim(wanted, *again).map(Outcome::Claims),
            Command::Record(record, _) => store.record(record).map(|()| Outcome::Written),
            Command::Release(keys, _) => store.release(keys).map(|()| Outcome::Written),
            Command::Known(wanted, _) => store.known(wanted).map(Outcome::Known),
        });
        each.collect()
    })
}

/// Tells the one who gave the command what came of it, or the error that it is called with.
fn waiting(
    command: Command,
    outcome: Result<Outcome, TranslateError>,
    full: Option<&TranslateError>,
) -> Waiting {
    match (command, outcome) {
        // Nothing was sent yet, and nothing more should be.
        (Command::Claim(_, _, reply), outcome) => later(
            reply,
            match (outcome, full) {
                (_, Some(full)) => Some(Err(store::again(full))),
                (Ok(Outcome::Claims(claims)), None) => Some(Ok(claims)),
                (Err(error), None) => Some(Err(error)),
                (Ok(_), None) => None,
            },
        ),
        (Command::Record(_, reply), outcome) => {
            let last = full.map(store::again);
            later(reply, Some(outcome.map(|_| Recorded { last })))
        }
        (Command::Release(_, reply), outcome) => later(reply, Some(outcome.map(|_| ()))),
        (Command::Known(_, reply), Ok(Outcome::Known(known))) => later(reply, Some(Ok(known))),
        (Command::Known(_, reply), Err(error)) => later(reply, Some(Err(error))),
        (Command::Known(_, reply), Ok(_)) => later(reply, None),
    }
}

fn later<T: Send + 'static>(reply: Reply<T>, result: Option<Result<T, TranslateError>>) -> Waiting {
    Box::new(move |error| {
        // Where there is neither, the reply is dropped, which the one who waits is told. Nobody
        // waits where the run was dropped; the data is safe all the same.
        if let Some(result) = error.map(Err).or(result) {
            let _ = reply.send(result);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> Key {
        Key::from_bytes([n; 32])
    }

    fn wanted(n: u8) -> Wanted {
        Wanted {
            key: key(n),
            also: vec![key(n + 100)],
        }
    }

    fn record(accepted: &[u8], rejected: &[u8]) -> Record {
        Record {
            day: "2024-05-01".into(),
            article: "a".into(),
            engine: "openai".into(),
            model: "m".into(),
            batch: "s1".into(),
            usage: Usage {
                requests: 1,
                input_tokens: 10,
                output_tokens: 5,
                ..Usage::default()
            },
            cost: Some(0.25),
            currency: "USD".into(),
            accepted: accepted
                .iter()
                .map(|&n| Accepted {
                    key: key(n),
                    segment: format!("s{n}"),
                    source: "一".into(),
                    content: Content::from_text(&format!("answer {n}")),
                })
                .collect(),
            rejected: rejected
                .iter()
                .map(|&n| {
                    let complaint = Complaint {
                        answer: "no".into(),
                        reasons: vec!["empty".into()],
                    };
                    (key(n), complaint)
                })
                .collect(),
        }
    }

    fn text(claim: &Claim) -> String {
        match claim {
            Claim::Answered { content, .. } => content.text(),
            other => format!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_answer_is_there_after_a_restart_and_under_another_engines_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/journal.sqlite");
        {
            let journal = Journal::open(&path).unwrap();
            let claims = journal.claim(vec![wanted(1)], false).await.unwrap();
            assert_eq!(claims, [Claim::Mine { rejected: vec![] }]);
            journal.record(record(&[1, 102], &[])).await.unwrap();
        }
        let journal = Journal::open(&path).unwrap();
        let claims = journal
            .claim(vec![wanted(1), wanted(2), wanted(3)], false)
            .await
            .unwrap();
        assert_eq!(text(&claims[0]), "answer 1");
        assert_eq!(text(&claims[1]), "answer 102");
        assert_eq!(claims[2], Claim::Mine { rejected: vec![] });
        let sums = Journal::sums(&path).unwrap();
        assert_eq!(sums.len(), 1);
        assert_eq!((sums[0].usage.input_tokens, sums[0].cost), (10, Some(0.25)));
    }

    #[tokio::test]
    async fn a_living_process_keeps_its_claims_and_a_dead_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite");
        let one = Journal::open(&path).unwrap();
        let two = Journal::open(&path).unwrap();
        let mine = [Claim::Mine { rejected: vec![] }];
        assert_eq!(one.claim(vec![wanted(1)], false).await.unwrap(), mine);
        assert_eq!(
            two.claim(vec![wanted(1)], false).await.unwrap(),
            [Claim::Theirs]
        );
        one.release(vec![key(1)]).await.unwrap();
        assert_eq!(two.claim(vec![wanted(1)], false).await.unwrap(), mine);
        drop(two);
        assert_eq!(one.claim(vec![wanted(1)], false).await.unwrap(), mine);
    }

    #[tokio::test]
    async fn rejections_are_remembered_until_asked_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite");
        let journal = Journal::open(&path).unwrap();
        journal.claim(vec![wanted(1)], false).await.unwrap();
        journal.record(record(&[], &[1])).await.unwrap();
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        let rejected = |claims: Vec<Claim>| match &claims[0] {
            Claim::Mine { rejected } => rejected.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            rejected(journal.claim(vec![wanted(1)], false).await.unwrap()),
            1
        );
        assert_eq!(
            rejected(journal.claim(vec![wanted(1)], true).await.unwrap()),
            0
        );
    }

    #[tokio::test]
    async fn a_file_that_is_no_journal_is_an_error_that_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite");
        std::fs::write(&path, "not a database, but long enough to be looked at").unwrap();
        let error = Journal::open(&path).unwrap_err().to_string();
        assert!(error.contains("journal.sqlite"), "{error}");
    }
}
