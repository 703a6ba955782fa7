//! Writing below `build/`: only what is not there already.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::outputs::{Made, Outputs};
use crate::pipeline::PipelineError;
use crate::pipeline::parallel::run;
use crate::publish::manifest::{Digest, Facts, File, Files, Sum};
use crate::workspace::{NewFile, WorkspaceError, read_file, read_in_parts, write_if_changed};

/// SHA-256 over everything that one output depends on.
pub(super) fn key(parts: impl IntoIterator<Item = impl AsRef<str>>) -> Digest {
    let mut sum = Sum::default();
    sum.add(env!("CARGO_PKG_VERSION").as_bytes());
    for part in parts {
        // No part holds a NUL: names, JSON and digests.
        sum.add(b"\0");
        sum.add(part.as_ref().as_bytes());
    }
    sum.digest()
}

/// The outputs of one build, as they are made.
pub(super) struct Output<'a> {
    folder: &'a Path,
    /// The files of the last build.
    last: &'a Files,
    /// Which of them lie there as it left them.
    intact: Vec<bool>,
    progress: &'a (dyn Fn(&str) + Sync),
    made: Mutex<Made>,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        folder: &'a Path,
        last: &'a Files,
        progress: &'a (dyn Fn(&str) + Sync),
    ) -> Result<Self, PipelineError> {
        let intact: Vec<AtomicBool> = last.iter().map(|_| AtomicBool::new(false)).collect();
        run(last.len(), |at| {
            let File { name, facts } = last.get(at);
            intact[at].store(is_intact(folder, name, &facts), Ordering::Relaxed);
            Ok(())
        })?;
        Ok(Self {
            folder,
            last,
            intact: intact.into_iter().map(AtomicBool::into_inner).collect(),
            progress,
            made: Mutex::new(Made {
                kept: vec![false; last.len()],
                ..Made::default()
            }),
        })
    }

    /// Whether all files of the last build are as it left them.
    pub(super) fn is_intact(&self) -> bool {
        self.intact.iter().all(|&intact| intact)
    }

    /// A file of the last build that is as it left it: its place and what is known of it.
    fn intact(&self, name: &str) -> Option<(usize, Facts)> {
        let at = self.last.find(name).filter(|&at| self.intact[at])?;
        Some((at, self.last.get(at).facts))
    }

    /// Such a file that was made from this.
    fn up_to_date(&self, name: &str, from: Option<Digest>) -> Option<(usize, Facts)> {
        self.intact(name)
            .filter(|(_, facts)| from.is_some() && facts.from == from)
    }

    /// The bytes of a file of the last build that has this key.
    pub(super) fn kept(&self, name: &str, from: Digest) -> Option<Vec<u8>> {
        self.up_to_date(name, Some(from))?;
        self.read_last(name)
    }

    /// The bytes of a file of the last build.
    pub(super) fn read_last(&self, name: &str) -> Option<Vec<u8>> {
        self.intact(name)?;
        std::fs::read(self.folder.join(name)).ok()
    }

    /// The places of the last build's files below a folder that have this key.
    fn below(&self, folder: &str, from: Digest) -> impl Iterator<Item = usize> {
        (self.last.place_of(folder)..self.last.len())
            .take_while(move |&at| self.last.get(at).name.starts_with(folder))
            .filter(move |&at| self.intact[at] && self.last.get(at).facts.from == Some(from))
    }

    /// How many files of the last build below a folder have this key.
    pub(super) fn count_below(&self, folder: &str, from: Digest) -> usize {
        self.below(folder, from).count()
    }

    /// Keeps the files of the last build below a folder that have this key.
    pub(super) fn keep_below(&self, folder: &str, from: Digest) {
        for at in self.below(folder, from) {
            self.keep(at);
        }
    }

    /// Makes a file unless the last build made it from the same.
    pub(super) fn make(
        &self,
        name: &str,
        from: Digest,
        make: impl FnOnce() -> Result<Vec<u8>, PipelineError>,
    ) -> Result<Facts, PipelineError> {
        if let Some((at, facts)) = self.up_to_date(name, Some(from)) {
            self.keep(at);
            return Ok(facts);
        }
        (self.progress)(name);
        self.write(name, Some(from), &make()?)
    }

    /// Writes a file that was made already, from something that has this key, if any.
    pub(super) fn write(
        &self,
        name: &str,
        from: Option<Digest>,
        bytes: &[u8],
    ) -> Result<Facts, PipelineError> {
        let facts = Facts::of(from, bytes);
        let last = self.intact(name);
        let is_there = last.is_some_and(|(_, last)| last.sha256 == facts.sha256);
        let written = !is_there && write_if_changed(&self.folder.join(name), bytes)?;
        self.add(name, facts, last, written);
        Ok(facts)
    }

    /// The SHA-256 of a file as the last build left it, if it is intact.
    pub(super) fn digest(&self, name: &str) -> Option<Digest> {
        self.intact(name).map(|(_, facts)| facts.sha256)
    }

    /// Makes a file that is too large for memory, part by part, unless the last build made it from
    /// the same. Gives its SHA-256 where it was made.
    pub(super) fn stream(
        &self,
        name: &str,
        from: Option<Digest>,
        make: impl FnOnce(&mut Stream) -> Result<(), PipelineError>,
    ) -> Result<Option<Digest>, PipelineError> {
        if let Some((at, _)) = self.up_to_date(name, from) {
            self.keep(at);
            return Ok(None);
        }
        (self.progress)(name);
        let path = self.folder.join(name);
        let last = self.intact(name);
        let mut stream = Stream {
            file: NewFile::begin(&path)?,
            sum: Sum::default(),
            last: last.and_then(|_| std::fs::File::open(&path).ok()),
            path,
        };
        make(&mut stream)?;
        let facts = stream.sum.facts(from);
        let same = match last {
            Some((_, last)) => last.sha256 == facts.sha256,
            None => is_intact(self.folder, name, &facts),
        };
        if !same {
            stream.file.put()?;
        }
        self.add(name, facts, last, !same);
        Ok(Some(facts.sha256))
    }

    /// Puts a file that was made below another name too: as a hard link where the file system
    /// knows them, else as a copy.
    pub(super) fn link(&self, made: &str, facts: Facts, name: &str) -> Result<(), PipelineError> {
        let last = self.intact(name);
        let is_there = last.is_some_and(|(_, last)| last.sha256 == facts.sha256);
        if !is_there {
            let target = self.folder.join(name);
            let failed = |source| WorkspaceError::Io {
                path: target.clone(),
                action: "writing",
                source,
            };
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).map_err(failed)?;
            }
            match std::fs::remove_file(&target) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed(error).into());
                }
                _ => {}
            }
            let source = self.folder.join(made);
            if std::fs::hard_link(&source, &target).is_err() {
                // Not over what may have become a link meanwhile: that would write to both.
                write_if_changed(&target, &read_file(&source)?)?;
            }
        }
        self.add(name, facts, last, !is_there);
        Ok(())
    }

    /// What was made.
    pub(super) fn finish(self) -> Outputs<'a> {
        let made = self
            .made
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Outputs::new(self.last, made)
    }

    /// Takes a file of the last build for one of this.
    fn keep(&self, at: usize) {
        let mut made = self.made();
        if std::mem::replace(&mut made.kept[at], true) {
            made.twice.push(self.last.get(at).name.to_owned());
        }
    }

    /// Takes a file for one of this build; `last` is what the last one left of it.
    fn add(&self, name: &str, facts: Facts, last: Option<(usize, Facts)>, written: bool) {
        match last {
            Some((at, last)) if last == facts => self.keep(at),
            _ => {
                let mut made = self.made();
                made.files.push(name, facts);
                made.written.push(written);
            }
        }
    }

    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file as it is made part by part.
pub(super) struct Stream {
    path: PathBuf,
    file: NewFile,
    sum: Sum,
    /// The file of the last build, if it is intact.
    last: Option<std::fs::File>,
}

impl Stream {
    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), PipelineError> {
        self.sum.add(bytes);
        Ok(self.file.write(bytes)?)
    }

    /// Adds a stretch of the last build's file, which has to be intact.
    pub(super) fn copy(&mut self, start: u64, length: u64) -> Result<(), PipelineError> {
        let failed = |path: &Path, source| WorkspaceError::Io {
            path: path.to_owned(),
            action: "reading",
            source,
        };
        let Some(mut last) = self.last.take() else {
            return Err(PipelineError::Kept(self.path.clone()));
        };
        last.seek(SeekFrom::Start(start))
            .map_err(|source| failed(&self.path, source))?;
        let mut part = [0; 1 << 14];
        let mut left = length;
        while left > 0 {
            let most = usize::try_from(left).map_or(part.len(), |left| left.min(part.len()));
            last.read_exact(&mut part[..most])
                .map_err(|source| failed(&self.path, source))?;
            self.write(&part[..most])?;
            left -= most as u64;
        }
        self.last = Some(last);
        Ok(())
    }
}

/// The SHA-256 of a file, which is not in memory as a whole.
pub(super) fn digest_of(path: &Path) -> Result<Digest, WorkspaceError> {
    let mut sum = Sum::default();
    read_in_parts(path, |part| sum.add(part))?;
    Ok(sum.digest())
}

fn is_intact(folder: &Path, name: &str, facts: &Facts) -> bool {
    let path = folder.join(name);
    // The size tells most damage without reading.
    std::fs::metadata(&path).is_ok_and(|data| data.len() == facts.size)
        && digest_of(&path).is_ok_and(|digest| digest == facts.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_again_only_from_something_else() {
        let dir = tempfile::tempdir().unwrap();
        let quiet = |_: &str| ();
        let make = |last: &Files, from: &str, text: &'static str| {
            let output = Output::new(dir.path(), last, &quiet).unwrap();
            let mut called = false;
            let facts = output
                .make("a/b.txt", key([from]), || {
                    called = true;
                    Ok(text.into())
                })
                .unwrap();
            output.link("a/b.txt", facts, "c/b.txt").unwrap();
            let outputs = output.finish();
            let json = serde_json::to_vec(&outputs).unwrap();
            let files: Files = serde_json::from_slice(&json).unwrap();
            (called, outputs.written().count(), files)
        };
        let (_, written, first) = make(&Files::default(), "1", "one");
        assert_eq!((written, first.len()), (2, 2));
        assert!(!make(&first, "1", "other").0);
        let (called, written, _) = make(&first, "2", "two");
        assert_eq!((called, written), (true, 2));
        assert_eq!(std::fs::read(dir.path().join("c/b.txt")).unwrap(), b"two");
        assert!(make(&first, "1", "one").0, "the file is not as it was left");
    }

    #[test]
    fn outputs_are_what_was_kept_and_what_was_made() {
        let dir = tempfile::tempdir().unwrap();
        let quiet = |_: &str| ();
        let write = |last: &Files, names: &[&str]| {
            let output = Output::new(dir.path(), last, &quiet).unwrap();
            for name in names {
                output.write(name, None, name.as_bytes()).unwrap();
            }
            let outputs = output.finish();
            let json = serde_json::to_vec(&outputs).unwrap();
            let sorted = |names: Vec<&str>| names.join(" ");
            let said = [
                sorted(outputs.iter().map(|file| file.name).collect()),
                sorted(outputs.written().collect()),
                sorted(outputs.stale().collect()),
                outputs.collision().unwrap_or_default().to_owned(),
            ];
            (said, serde_json::from_slice(&json).unwrap_or_default())
        };
        let (said, last) = write(&Files::default(), &["c", "a", "e"]);
        assert_eq!(said, ["a c e", "a c e", "", ""]);
        let (said, _) = write(&last, &["b", "e", "a", "f"]);
        assert_eq!(said, ["a b e f", "b f", "c", ""]);
        assert_eq!(write(&last, &["b", "b"]).0[3], "b");
        assert_eq!(write(&last, &["a", "a"]).0[3], "a");
        std::fs::write(dir.path().join("c"), "other").unwrap();
        let (said, _) = write(&last, &["c"]);
        assert_eq!(said, ["c", "c", "a e", ""]);
    }
}
