//! What a build keeps in `.duizhao/` so that the next one takes less time. Safe to delete; what is
//! damaged counts as absent.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::publish::manifest::{Digest, Sum};
use crate::workspace::{NewFile, WorkspaceError};

/// Keeps a value: a line with the SHA-256 of its JSON, and the JSON.
pub(super) fn write(path: &Path, value: &impl Serialize) {
    let keep = || -> io::Result<()> {
        let failed = |error: WorkspaceError| io::Error::other(error);
        let mut sum = Sum::default();
        serde_json::to_writer(&mut sum, value)?;
        let mut file = NewFile::begin(path).map_err(failed)?;
        writeln!(file, "{}", sum.digest())?;
        serde_json::to_writer(&mut file, value)?;
        file.put().map_err(failed)
    };
    // Without it the next build only takes longer.
    let _ = keep();
}

/// Reads what [`write()`] kept.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let mut line = String::new();
    file.read_line(&mut line).ok()?;
    let expected: Digest = line.trim_end().parse().ok()?;
    let mut sum = Sum::default();
    io::copy(&mut file, &mut sum).ok()?;
    if sum.digest() != expected {
        return None;
    }
    file.seek(io::SeekFrom::Start(line.len() as u64)).ok()?;
    serde_json::from_reader(file).ok()
}
