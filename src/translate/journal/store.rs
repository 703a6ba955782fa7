//! The journal's tables.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};
use tempfile::NamedTempFile;

use super::{Accepted, Claim, Key, Record, Standing, Wanted};
use crate::model::Content;
use crate::translate::engine::Complaint;
use crate::translate::error::TranslateError;

/// The version of the tables, in the database's `user_version`.
const VERSION: i64 = 2;

/// How long a process waits for another one's transaction, which takes milliseconds.
const BUSY: Duration = Duration::from_secs(30);

const TABLES: &str = "
CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    article TEXT NOT NULL,
    engine TEXT NOT NULL,
    model TEXT NOT NULL,
    batch TEXT NOT NULL,
    requests INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost REAL,
    currency TEXT NOT NULL
) STRICT;
CREATE TABLE answer (
    key BLOB PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES request (id),
    segment TEXT NOT NULL,
    source TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE rejection (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    request INTEGER NOT NULL REFERENCES request (id),
    complaint TEXT NOT NULL
) STRICT;
CREATE INDEX rejection_key ON rejection (key);
CREATE TABLE claim (
    key BLOB PRIMARY KEY,
    owner TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// What version 2 has and version 1 had not.
const SINCE_1: &str = "
ALTER TABLE request ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
";

/// How much room is kept for answers that come in when the disk is full: 64 answers of 30 kB, as
/// long ones to long paragraphs are.
const RESERVE: usize = 2 << 20;

/// The connection, and the file whose lock says that this process lives. The file also holds the
/// room that is given free when the disk is full, so that what is in flight then is not lost.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    connection: Connection,
    owner: NamedTempFile,
    full: Fullness,
}

/// Whether the disk was found full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fullness {
    /// No.
    Roomy,
    /// Yes, and the room is still kept.
    Full,
    /// Yes, and the room was given free.
    Emptied,
}

/// An error of the disk or the database, with the journal's path.
pub(super) fn failed(path: &Path, error: &dyn std::fmt::Display) -> TranslateError {
    TranslateError::Journal {
        path: path.to_owned(),
        message: error.to_string(),
        retryable: false,
    }
}

fn disk_full(path: &Path, error: &dyn std::fmt::Display) -> TranslateError {
    TranslateError::Journal {
        path: path.to_owned(),
        message: format!(
            "{error}; free some space and run the same command again, it goes on from here"
        ),
        retryable: true,
    }
}

pub(super) fn sql(path: &Path, error: &rusqlite::Error) -> TranslateError {
    let code = error.sqlite_error_code();
    if code == Some(ErrorCode::DiskFull) {
        return disk_full(path, error);
    }
    let advice = match code {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "; move the file away to begin a new journal (what it held is paid for again)"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; another process has held it for too long"
        }
        _ => "",
    };
    TranslateError::Journal {
        path: path.to_owned(),
        message: format!("{error}{advice}"),
        retryable: matches!(
            code,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        ),
    }
}

/// The same error once more, for each command of a transaction that failed.
pub(super) fn again(error: &TranslateError) -> TranslateError {
    match error {
        TranslateError::Journal {
            path,
            message,
            retryable,
        } => TranslateError::Journal {
            path: path.clone(),
            message: message.clone(),
            retryable: *retryable,
        },
        other => TranslateError::Settings {
            message: other.to_string(),
        },
    }
}

impl Store {
    pub(super) fn open(path: &Path) -> Result<Self, TranslateError> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder).map_err(|error| failed(path, &error))?;
        let mut owner = tempfile::Builder::new()
            .prefix("journal-")
            .suffix(".owner")
            .tempfile_in(folder)
            .map_err(|error| failed(path, &error))?;
        // Before anything is paid for, and on the disk: a file system may take the room only then.
        owner
            .write_all(&vec![0; RESERVE])
            .and_then(|()| owner.as_file().sync_data())
            .map_err(|error| match error.kind() {
                io::ErrorKind::StorageFull => disk_full(path, &error),
                _ => failed(path, &error),
            })?;
        owner
            .as_file()
            .lock()
            .map_err(|error| failed(path, &error))?;
        let connection = connect(path).map_err(|error| sql(path, &error))?;
        let mut store = Self {
            path: path.to_owned(),
            connection,
            owner,
            full: Fullness::Roomy,
        };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), TranslateError> {
        let path = self.path.clone();
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(|error| sql(&path, &error))?;
        let version: i64 = transaction
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(|error| sql(&path, &error))?;
        let steps: &[&str] = match version {
            0 => &[TABLES, SINCE_1],
            1 => &[SINCE_1],
            VERSION => &[],
            _ => {
                return Err(failed(
                    &path,
                    &format!("it is of version {version}, which this program does not know"),
                ));
            }
        };
        for step in steps {
            transaction
                .execute_batch(step)
                .and_then(|()| transaction.pragma_update(None, "user_version", VERSION))
                .map_err(|error| sql(&path, &error))?;
        }
        transaction.commit().map_err(|error| sql(&path, &error))
    }

    /// Runs `work` and commits; on an error nothing that `work` did holds. It must end at its
    /// first error: on some of them `SQLite` rolls everything back by itself, and what would
    /// come after were committed alone.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, TranslateError>,
    ) -> Result<T, TranslateError> {
        self.execute("BEGIN IMMEDIATE")?;
        let result = work(self).and_then(|done| {
            self.execute("COMMIT")
                .map_err(|error| self.full().unwrap_or(error))?;
            Ok(done)
        });
        if result.is_err() && !self.connection.is_autocommit() {
            let _ = self.execute("ROLLBACK");
        }
        result
    }

    /// Gives the kept room free where the disk was found full. Says whether it did.
    pub(super) fn make_room(&mut self) -> bool {
        if self.full != Fullness::Full {
            return false;
        }
        self.full = Fullness::Emptied;
        self.owner.as_file().set_len(0).is_ok()
    }

    /// What to tell where the disk was found full.
    pub(super) fn full(&self) -> Option<TranslateError> {
        (self.full != Fullness::Roomy).then(|| disk_full(&self.path, &"the disk is full"))
    }

    fn told(&mut self, error: &rusqlite::Error) -> TranslateError {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) && self.full == Fullness::Roomy {
            self.full = Fullness::Full;
        }
        sql(&self.path, error)
    }

    /// The file that commits go to before they are merged into the database.
    pub(super) fn log(&self) -> PathBuf {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        log.into()
    }

    fn execute(&mut self, statement: &str) -> Result<(), TranslateError> {
        let result = self.connection.execute_batch(statement);
        result.map_err(|error| self.told(&error))
    }

    pub(super) fn claim(
        &mut self,
        wanted: &[Wanted],
        again: bool,
    ) -> Result<Vec<Claim>, TranslateError> {
        let me = self.owner_name();
        let mut alive = BTreeMap::new();
        wanted
            .iter()
            .map(|wanted| self.claim_one(wanted, again, &me, &mut alive))
            .collect::<rusqlite::Result<_>>()
            .map_err(|error| self.told(&error))
    }

    fn claim_one(
        &self,
        wanted: &Wanted,
        again: bool,
        me: &str,
        alive: &mut BTreeMap<String, bool>,
    ) -> rusqlite::Result<Claim> {
        for key in std::iter::once(&wanted.key).chain(&wanted.also) {
            if let Some(answer) = self.answer(key)? {
                return Ok(answer);
            }
        }
        let key = wanted.key.as_bytes();
        let owner: Option<String> = self
            .connection
            .prepare_cached("SELECT owner FROM claim WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        if let Some(owner) = owner
            && owner != me
            && *alive
                .entry(owner.clone())
                .or_insert_with(|| self.lives(&owner))
        {
            return Ok(Claim::Theirs);
        }
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO claim (key, owner) VALUES (?1, ?2)")?
            .execute(params![key, me])?;
        if again {
            self.connection
                .prepare_cached("DELETE FROM rejection WHERE key = ?1")?
                .execute([key])?;
        }
        let rejected = self
            .connection
            .prepare_cached("SELECT complaint FROM rejection WHERE key = ?1 ORDER BY id")?
            .query_map([key], |row| row.get::<_, String>(0))?
            .map(|json| Ok(complaint(&json?)))
            .collect::<rusqlite::Result<_>>()?;
        Ok(Claim::Mine { rejected })
    }

    pub(super) fn known(&self, wanted: &[Wanted]) -> Result<Vec<Standing>, TranslateError> {
        let one = |wanted: &Wanted| -> rusqlite::Result<Standing> {
            for key in std::iter::once(&wanted.key).chain(&wanted.also) {
                if self.answer(key)?.is_some() {
                    return Ok(Standing {
                        answered: true,
                        rejected: 0,
                    });
                }
            }
            let rejected: i64 = self
                .connection
                .prepare_cached("SELECT count(*) FROM rejection WHERE key = ?1")?
                .query_row([wanted.key.as_bytes()], |row| row.get(0))?;
            Ok(Standing {
                answered: false,
                rejected: usize::try_from(rejected).unwrap_or(0),
            })
        };
        wanted
            .iter()
            .map(one)
            .collect::<rusqlite::Result<_>>()
            .map_err(|error| sql(&self.path, &error))
    }

    fn answer(&self, key: &Key) -> rusqlite::Result<Option<Claim>> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT content, engine, model, day FROM answer \
                 JOIN request ON request.id = answer.request WHERE key = ?1",
            )?
            .query_row([key.as_bytes()], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                ))
            })
            .optional()?;
        let Some((json, engine, model, day)) = row else {
            return Ok(None);
        };
        // An answer that does not read back is one that this program did not write; it is asked
        // for again rather than believed.
        let Ok(content) = serde_json::from_str::<Content>(&json) else {
            return Ok(None);
        };
        Ok(Some(Claim::Answered {
            content,
            engine,
            model,
            day,
        }))
    }

    /// Whether the process that made this claim still runs: it holds the lock on its file. What a
    /// dead one has left behind is cleared away.
    fn lives(&self, owner: &str) -> bool {
        // The name comes from the database: nothing but a file's name in the journal's folder.
        let is_name = Path::new(owner).file_name().is_some_and(|n| n == owner);
        let file = self.path.with_file_name(owner);
        let Ok(lock) = File::open(&file).and_then(|lock| {
            lock.try_lock_shared()?;
            Ok(lock)
        }) else {
            return is_name && file.exists();
        };
        drop(lock);
        if is_name && owner.starts_with("journal-") {
            // It may be gone already, cleared away by a third process.
            let _ = fs::remove_file(&file);
        }
        false
    }

    fn owner_name(&self) -> String {
        let name = self.owner.path().file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    pub(super) fn record(&mut self, record: &Record) -> Result<(), TranslateError> {
        self.record_all(record).map_err(|error| self.told(&error))
    }

    fn record_all(&self, record: &Record) -> rusqlite::Result<()> {
        let usage = &record.usage;
        self.connection
            .prepare_cached(
                "INSERT INTO request (day, article, engine, model, batch, requests, characters, \
                 input_tokens, cached_tokens, cache_write_tokens, output_tokens, cost, currency, \
                 estimated) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                record.day,
                record.article,
                record.engine,
                record.model,
                record.batch,
                count(usage.requests),
                count(usage.characters),
                count(usage.input_tokens),
                count(usage.cached_tokens),
                count(usage.cache_write_tokens),
                count(usage.output_tokens),
                record.cost,
                record.currency,
                count(usage.estimated),
            ])?;
        let request = self.connection.last_insert_rowid();
        for Accepted {
            key,
            segment,
            source,
            content,
        } in &record.accepted
        {
            let json = serde_json::to_string(content)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO answer (key, request, segment, source, content) \
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![key.as_bytes(), request, segment, source, json])?;
            self.unclaim(key)?;
        }
        for (key, complaint) in &record.rejected {
            let json = serde_json::to_string(complaint)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            self.connection
                .prepare_cached(
                    "INSERT INTO rejection (key, request, complaint) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![key.as_bytes(), request, json])?;
        }
        Ok(())
    }

    pub(super) fn release(&mut self, keys: &[Key]) -> Result<(), TranslateError> {
        keys.iter()
            .try_for_each(|key| self.unclaim(key))
            .map_err(|error| self.told(&error))
    }

    fn unclaim(&self, key: &Key) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("DELETE FROM claim WHERE key = ?1 AND owner = ?2")?
            .execute(params![key.as_bytes(), self.owner_name()])?;
        Ok(())
    }
}

/// What the database can hold; no count comes near its end.
fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn complaint(json: &str) -> Complaint {
    serde_json::from_str(json).unwrap_or_else(|_| Complaint {
        answer: String::new(),
        reasons: Vec::new(),
    })
}

pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY)?;
    // Where the file system has no shared memory the mode stays as it was, which with FULL is as
    // durable, only slower. In WAL mode a commit is in the system's hands at once, which outlives
    // this process; `flush` brings it to the disk, which outlives the machine.
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    let synchronous = if mode == "wal" { "NORMAL" } else { "FULL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(connection)
}

/// Brings what was committed to the disk. Where there is no log, `SQLite` has done so itself.
pub(super) fn flush(log: &Path) -> Result<(), TranslateError> {
    match fs::File::open(log) {
        Ok(file) => file.sync_data().map_err(|error| failed(log, &error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(log, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::engine::Usage;

    fn request() -> Record {
        Record {
            day: "2024-05-01".into(),
            article: "a".into(),
            engine: "openai".into(),
            model: "m".into(),
            batch: "long ".repeat(10_000),
            usage: Usage::default(),
            cost: None,
            currency: "USD".into(),
            accepted: vec![],
            rejected: vec![],
        }
    }

    #[test]
    fn a_journal_of_the_first_version_is_gone_on_with() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(TABLES).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute(
            "INSERT INTO request VALUES (1, 'd', 'a', 'e', 'm', 's1', 3, 0, 10, 0, 0, 5, 0.5, 'USD')",
            [],
        )
        .unwrap();
        drop(old);
        let sums = || crate::translate::Journal::sums(&path).unwrap();
        assert_eq!(
            (sums()[0].usage.requests, sums()[0].usage.estimated),
            (3, 0)
        );
        let mut store = Store::open(&path).unwrap();
        let mut record = request();
        record.usage.estimated = 1;
        record.usage.requests = 1;
        (record.engine, record.model) = ("e".into(), "m".into());
        store.transaction(|store| store.record(&record)).unwrap();
        assert_eq!(
            (sums()[0].usage.requests, sums()[0].usage.estimated),
            (4, 1)
        );
        drop(Store::open(&path).unwrap());
    }

    /// `SQLite` may roll back a whole transaction at one command's error, as when the disk is full.
    #[test]
    fn an_error_takes_no_other_command_along_and_nothing_is_written_twice() {
        use super::super::{Command, commit};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.sqlite");
        let mut store = Store::open(&path).unwrap();
        store
            .execute(
                "CREATE TRIGGER fails BEFORE INSERT ON request WHEN NEW.article = 'bad' \
                 BEGIN SELECT RAISE(ROLLBACK, 'full'); END",
            )
            .unwrap();
        let group: Vec<Command> = ["one", "bad", "two"]
            .into_iter()
            .map(|article| {
                let mut record = request();
                record.article = article.into();
                record.usage.requests = 1;
                Command::Record(Box::new(record), tokio::sync::oneshot::channel().0)
            })
            .collect();
        let outcomes = commit(&mut store, &group);
        let good: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
        assert_eq!(good, [true, false, true]);
        let sums = crate::translate::Journal::sums(&path).unwrap();
        let found: Vec<(&str, u64)> = sums
            .iter()
            .map(|sum| (sum.article.as_str(), sum.usage.requests))
            .collect();
        assert_eq!(found, [("one", 1), ("two", 1)]);
    }

    #[test]
    fn room_is_kept_for_what_comes_in_when_the_disk_is_full() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("journal.sqlite")).unwrap();
        let kept = |store: &Store| store.owner.as_file().metadata().unwrap().len();
        assert_eq!(kept(&store), RESERVE as u64);
        assert!(!store.make_room(), "there is no need");

        let limit = |store: &Store, pages: i64| {
            store
                .connection
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .unwrap();
        };
        limit(&store, 10);
        let result = store.transaction(|store| store.record(&request()));
        let error = result.unwrap_err();
        assert!(error.to_string().contains("free some space"), "{error}");
        assert!(store.make_room());
        assert_eq!(kept(&store), 0);

        limit(&store, 1000);
        store.transaction(|store| store.record(&request())).unwrap();
        assert!(store.full().is_some(), "whoever records is told to stop");
        assert!(!store.make_room(), "it was the last");
    }
}
