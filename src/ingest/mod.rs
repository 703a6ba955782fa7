//! Reading files: bytes in, a [`Document`] out.
//!
//! The format is told by the file name and, where that says nothing, by the content; the encoding
//! by a byte order mark, a declaration or detection. Nothing is cleaned here: the text is what the
//! file holds.

mod encoding;
mod error;
mod text;

pub use error::IngestError;

use crate::model::Document;

/// What the caller knows better than the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestOptions {
    /// The encoding by any of its WHATWG labels (`gbk`, `big5`, `utf-16le`), where detection
    /// would guess wrong.
    pub encoding: Option<String>,
    /// The format, where name and content would mislead.
    pub format: Option<Format>,
}

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
}

/// Reads a file.
///
/// `path` names the file in errors and tells the format; nothing is read from disk.
///
/// # Errors
/// [`IngestError`] where the file holds no text or can't be read as what it claims to be.
pub fn ingest(path: &str, bytes: &[u8], options: &IngestOptions) -> Result<Document, IngestError> {
    let (text, encoding) = encoding::decode(path, bytes, options.encoding.as_deref())?;
    let lines = text::lines(&text);
    if lines.is_empty() {
        return Err(IngestError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(Document {
        path: path.to_owned(),
        encoding: encoding.to_owned(),
        lines,
        ..Document::default()
    })
}
