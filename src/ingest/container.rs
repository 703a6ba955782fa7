//! Files that are ZIP archives: bounded reading of their parts.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::IngestError;

/// The largest part that is unpacked, in MiB. A book's chapter has a hundredth of it.
const LIMIT: u64 = 64;
/// The most that is unpacked of one file altogether, in MiB.
const TOTAL: u64 = 256;

pub(super) struct Container<'a> {
    path: &'a str,
    format: &'static str,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Container<'a> {
    pub(super) fn open(
        path: &'a str,
        format: &'static str,
        bytes: &'a [u8],
    ) -> Result<Self, IngestError> {
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| IngestError::Container {
                path: path.to_owned(),
                format,
                reason: error.to_string(),
            })?;
        Ok(Self {
            path,
            format,
            archive,
            unpacked: 0,
        })
    }

    pub(super) fn fail(&self, reason: impl Into<String>) -> IngestError {
        IngestError::Container {
            path: self.path.to_owned(),
            format: self.format,
            reason: reason.into(),
        }
    }

    /// The text of a part, which must be UTF-8 or UTF-16; none where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, IngestError> {
        let mut bytes = Vec::new();
        let limit = LIMIT << 20;
        // What the archive says of the size is not to be trusted: reading is bounded.
        let read = match self.archive.by_name(name) {
            Ok(file) => file
                .take(limit + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| error.to_string()),
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = read {
            return Err(self.fail(format!("{name}: {error}")));
        }
        let length = bytes.len() as u64;
        self.unpacked += length;
        if length > limit || self.unpacked > TOTAL << 20 {
            return Err(IngestError::TooLarge {
                path: self.path.to_owned(),
                part: name.to_owned(),
                limit: if length > limit { LIMIT } else { TOTAL },
            });
        }
        let whole = format!("{}:{name}", self.path);
        super::encoding::decode(&whole, &bytes, None, None).map(|(text, _)| Some(text.into_owned()))
    }
}
