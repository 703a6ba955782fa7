//! Writing below `build/`: only what is not there already.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::pipeline::PipelineError;
use crate::pipeline::parallel::each;
use crate::publish::manifest::{Digest, File, Listed, Manifest, Sum};
use crate::workspace::{NewFile, WorkspaceError, read_file, read_in_parts, write_if_changed};

/// SHA-256 over everything that one output depends on.
pub(super) fn key(parts: &[&str]) -> Digest {
    let mut sum = Sum::default();
    sum.add(env!("CARGO_PKG_VERSION").as_bytes());
    for part in parts {
        // No part holds a NUL: names, JSON and digests.
        sum.add(b"\0");
        sum.add(part.as_bytes());
    }
    sum.digest()
}

/// The outputs of one build, as they are made.
pub(super) struct Output<'a> {
    folder: &'a Path,
    /// The files of the last build that lie there as it left them.
    intact: BTreeSet<Listed>,
    progress: &'a (dyn Fn(&str) + Sync),
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    files: BTreeSet<Listed>,
    /// Names that two outputs have.
    twice: Vec<String>,
    written: Vec<String>,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        folder: &'a Path,
        last: Option<&Manifest>,
        progress: &'a (dyn Fn(&str) + Sync),
    ) -> Self {
        let files = last.map_or(&[][..], |last| &last.files);
        let intact = each(files, |file| Ok(is_intact(folder, file)))
            .into_iter()
            .zip(files)
            .filter(|(intact, _)| matches!(intact, Ok(true)))
            .map(|(_, file)| file.clone())
            .collect();
        Self {
            folder,
            intact,
            progress,
            made: Mutex::default(),
        }
    }

    /// How many files of the last build are as it left them.
    pub(super) fn intact(&self) -> usize {
        self.intact.len()
    }

    /// A file of the last build that is as it left it and was made from this.
    fn up_to_date(&self, name: &str, from: Digest) -> Option<&Listed> {
        self.intact.get(name).filter(|file| file.from == Some(from))
    }

    /// The bytes of a file of the last build that has this key.
    pub(super) fn kept(&self, name: &str, from: Digest) -> Option<Vec<u8>> {
        self.up_to_date(name, from)?;
        self.read_last(name)
    }

    /// The bytes of a file of the last build.
    pub(super) fn read_last(&self, name: &str) -> Option<Vec<u8>> {
        self.intact.get(name)?;
        std::fs::read(self.folder.join(name)).ok()
    }

    /// The files of the last build below a folder that have this key.
    pub(super) fn intact_below(&self, folder: &str, from: Digest) -> impl Iterator<Item = &Listed> {
        self.intact
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .take_while(move |file| file.name.starts_with(folder))
            .filter(move |file| file.from == Some(from))
    }

    /// Keeps the files of the last build below a folder that have this key.
    pub(super) fn keep_below(&self, folder: &str, from: Digest) {
        for file in self.intact_below(folder, from) {
            self.keep(file.clone(), false);
        }
    }

    /// Makes a file unless the last build made it from the same.
    pub(super) fn make(
        &self,
        name: &str,
        from: Digest,
        make: impl FnOnce() -> Result<Vec<u8>, PipelineError>,
    ) -> Result<(), PipelineError> {
        if let Some(file) = self.up_to_date(name, from) {
            self.keep(file.clone(), false);
            return Ok(());
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
    ) -> Result<(), PipelineError> {
        let file = File::of(name, from, bytes);
        match self.intact.get(name) {
            Some(last) if **last == file => self.keep(last.clone(), false),
            Some(last) if last.sha256 == file.sha256 => self.keep(file.into(), false),
            _ => {
                let written = write_if_changed(&self.folder.join(name), bytes)?;
                self.keep(file.into(), written);
            }
        }
        Ok(())
    }

    /// The SHA-256 of a file as the last build left it, if it is intact.
    pub(super) fn digest(&self, name: &str) -> Option<Digest> {
        self.intact.get(name).map(|file| file.sha256)
    }

    /// Makes a file that is too large for memory, part by part, unless the last build made it from
    /// the same. Gives its SHA-256 where it was made.
    pub(super) fn stream(
        &self,
        name: &str,
        from: Digest,
        make: impl FnOnce(&mut Stream) -> Result<(), PipelineError>,
    ) -> Result<Option<Digest>, PipelineError> {
        if let Some(file) = self.up_to_date(name, from) {
            self.keep(file.clone(), false);
            return Ok(None);
        }
        (self.progress)(name);
        let path = self.folder.join(name);
        let last = self.intact.get(name);
        let mut stream = Stream {
            file: NewFile::begin(&path)?,
            sum: Sum::default(),
            last: last.and_then(|_| std::fs::File::open(&path).ok()),
            path,
        };
        make(&mut stream)?;
        let file = File {
            name: name.to_owned(),
            size: stream.sum.size(),
            sha256: stream.sum.digest(),
            from: Some(from),
        };
        let same = match last {
            Some(last) => last.sha256 == file.sha256,
            None => is_intact(self.folder, &file),
        };
        if !same {
            stream.file.put()?;
        }
        let digest = file.sha256;
        self.keep(file.into(), !same);
        Ok(Some(digest))
    }

    /// Puts a file that was made below another name too: as a hard link where the file system
    /// knows them, else as a copy.
    pub(super) fn link(&self, made: &str, name: &str) -> Result<(), PipelineError> {
        let Some(file) = self.file(made) else {
            return Ok(());
        };
        let file = File {
            name: name.to_owned(),
            ..File::clone(&file)
        };
        let last = self.intact.get(name);
        let known = last.is_some_and(|last| last.sha256 == file.sha256);
        if !known {
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
        let same = last.filter(|last| ***last == file).cloned();
        self.keep(same.unwrap_or_else(|| file.into()), !known);
        Ok(())
    }

    /// A file of this build.
    pub(super) fn file(&self, name: &str) -> Option<Listed> {
        self.made().files.get(name).cloned()
    }

    /// All files of this build, sorted by name, and the names of those that were written.
    pub(super) fn finish(self) -> (Vec<Listed>, Vec<String>) {
        let Made {
            files, mut written, ..
        } = self
            .made
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        written.sort();
        (files.into_iter().collect(), written)
    }

    /// The first name, in order, that two outputs have: one of them would be lost.
    pub(super) fn collision(&self) -> Option<String> {
        self.made().twice.iter().min().cloned()
    }

    fn keep(&self, file: Listed, written: bool) {
        let mut made = self.made();
        if written {
            made.written.push(file.name.clone());
        }
        if made.files.contains(file.name.as_str()) {
            made.twice.push(file.name.clone());
        } else {
            made.files.insert(file);
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

fn is_intact(folder: &Path, file: &File) -> bool {
    let path = folder.join(&file.name);
    // The size tells most damage without reading.
    std::fs::metadata(&path).is_ok_and(|data| data.len() == file.size)
        && digest_of(&path).is_ok_and(|digest| digest == file.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_again_only_from_something_else() {
        let dir = tempfile::tempdir().unwrap();
        let quiet = |_: &str| ();
        let make = |last: Option<&Manifest>, from: &str, text: &'static str| {
            let output = Output::new(dir.path(), last, &quiet);
            let mut called = false;
            output
                .make("a/b.txt", key(&[from]), || {
                    called = true;
                    Ok(text.into())
                })
                .unwrap();
            output.link("a/b.txt", "c/b.txt").unwrap();
            let (files, written) = output.finish();
            let manifest = Manifest {
                files,
                ..Manifest::default()
            };
            (called, written.len(), manifest)
        };
        let (_, written, first) = make(None, "1", "one");
        assert_eq!(written, 2);
        assert!(!make(Some(&first), "1", "other").0);
        let (called, written, _) = make(Some(&first), "2", "two");
        assert_eq!((called, written), (true, 2));
        assert_eq!(std::fs::read(dir.path().join("c/b.txt")).unwrap(), b"two");
        assert!(
            make(Some(&first), "1", "one").0,
            "the file is not as it was left"
        );
    }
}
