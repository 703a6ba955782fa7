//! Reading and writing whole files.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::WorkspaceError;

/// The bytes of a file.
pub fn read_file(path: &Path) -> Result<Vec<u8>, WorkspaceError> {
    std::fs::read(path).map_err(|source| io(path, "reading", source))
}

/// The first bytes of a file: all of it if it has no more than `limit`, else one more than that,
/// so that a reader with the same limit can say that it is too large.
pub fn read_file_up_to(path: &Path, limit: usize) -> Result<Vec<u8>, WorkspaceError> {
    let failed = |source| io(path, "reading", source);
    let file = std::fs::File::open(path).map_err(failed)?;
    let most = limit.saturating_add(1);
    let size = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(most).min(most));
    file.take(u64::try_from(most).unwrap_or(u64::MAX))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

/// Writes a file beside its place, flushes it to the disk, then renames it. For what cost money
/// or a person's time. Makes the folder where it is missing.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), WorkspaceError> {
    write(path, bytes, true)
}

/// Gives a file's bytes to `with`, a part at a time and in order.
pub fn read_in_parts(path: &Path, mut with: impl FnMut(&[u8])) -> Result<(), WorkspaceError> {
    let failed = |source| io(path, "reading", source);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(length) => with(&part[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// Writes a file by renaming, unless it holds these bytes already. Says whether it wrote.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool, WorkspaceError> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    write(path, bytes, false)?;
    Ok(true)
}

/// A file that is written part by part beside its place, so that it need not be in memory as a
/// whole. What is not [put](NewFile::put) there leaves no trace.
pub struct NewFile {
    path: PathBuf,
    file: BufWriter<tempfile::NamedTempFile>,
}

impl NewFile {
    /// Begins a file that will stand at `path`. Makes the folder where it is missing.
    pub fn begin(path: &Path) -> Result<Self, WorkspaceError> {
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 16, beside(path)?),
        })
    }

    /// Adds bytes at its end.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), WorkspaceError> {
        let written = self.file.write_all(bytes);
        written.map_err(|source| io(&self.path, "writing", source))
    }

    /// Puts the file in its place, over what stands there.
    pub fn put(self) -> Result<(), WorkspaceError> {
        let failed = |source| io(&self.path, "writing", source);
        let file = self.file.into_inner();
        let file = file.map_err(|error| failed(error.into_error()))?;
        file.persist(&self.path)
            .map_err(|error| failed(error.error))?;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A temporary file in the folder of `path`, which is made where it is missing.
fn beside(path: &Path) -> Result<tempfile::NamedTempFile, WorkspaceError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| io(folder, "making the folder", e))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duizhao-");
    #[cfg(unix)]
    builder.permissions(permissions(path));
    let file = builder.tempfile_in(folder);
    file.map_err(|source| io(path, "writing", source))
}

fn write(path: &Path, bytes: &[u8], durably: bool) -> Result<(), WorkspaceError> {
    let mut file = beside(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |source| io(path, "writing", source);
    file.write_all(bytes).map_err(failed)?;
    if durably {
        file.as_file().sync_all().map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    if durably && let Ok(folder) = std::fs::File::open(folder) {
        // A rename is durable once its folder is; some file systems don't sync folders.
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Those of the file that is replaced, else what a new file gets by default.
#[cfg(unix)]
fn permissions(path: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).map_or_else(
        |_| std::fs::Permissions::from_mode(0o644),
        |old| old.permissions(),
    )
}

fn io(path: &Path, action: &'static str, source: std::io::Error) -> WorkspaceError {
    WorkspaceError::Io {
        path: path.into(),
        action,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_only_what_changed_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        assert!(write_if_changed(&path, b"one").unwrap());
        assert!(!write_if_changed(&path, b"one").unwrap());
        write_durably(&path, b"two").unwrap();
        assert_eq!(read_file(&path).unwrap(), b"two");
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1
        );
    }

    #[test]
    fn a_file_in_parts_stands_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        let begin = |text: &[u8]| {
            let mut file = NewFile::begin(&path).unwrap();
            for byte in text.chunks(1) {
                NewFile::write(&mut file, byte).unwrap();
            }
            file
        };
        begin(b"one").put().unwrap();
        drop(begin(b"two"));
        let mut read = Vec::new();
        read_in_parts(&path, |part| read.extend_from_slice(part)).unwrap();
        assert_eq!(read, b"one");
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1
        );
    }
}
