//! Reading files: bytes in, a [`Document`] out.
//!
//! The format is told by the file name and, where that says nothing, by the content; the encoding
//! by a byte order mark, a declaration or detection. Nothing is cleaned here: the text is what the
//! file holds.

mod container;
mod docx;
mod encoding;
mod epub;
mod error;
mod html;
mod markdown;
mod paragraph;
mod text;

pub use error::IngestError;

use crate::model::{Document, Lang, Line, Meta};

/// A line that says no more than this in a comment (`<!-- article -->`) begins a new article, in
/// plain text, Markdown and HTML alike.
const ARTICLE_MARK: &str = "article";

/// What the caller knows better than the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestOptions {
    /// The encoding by any of its WHATWG labels (`gbk`, `big5`, `utf-16le`), where detection
    /// would guess wrong. For DOCX and EPUB it has no meaning.
    pub encoding: Option<String>,
    /// The language of the text, which tells apart what bytes alone don't. Without it, whatever
    /// the bytes can be is taken.
    pub lang: Option<Lang>,
    /// The format, where name and content would mislead.
    pub format: Option<Format>,
}

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown (`CommonMark`, with tables, footnotes and front matter).
    Markdown,
    /// HTML or XHTML.
    Html,
    /// Word's DOCX.
    Docx,
    /// EPUB 2 or 3.
    Epub,
}

impl Format {
    /// The format of a file by its name, or where that says nothing by its first bytes.
    #[must_use]
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let extension = name.rfind('.').map_or("", |dot| &name[dot + 1..]);
        match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => return Self::Text,
            "md" | "markdown" | "mdown" => return Self::Markdown,
            "html" | "htm" | "xhtml" | "shtml" => return Self::Html,
            "docx" | "docm" => return Self::Docx,
            "epub" => return Self::Epub,
            _ => {}
        }
        if bytes.starts_with(b"PK\x03\x04") {
            // The names of the parts stand at the end of the archive.
            let foot = &bytes[bytes.len().saturating_sub(1 << 18)..];
            let name = b"META-INF/container.xml";
            let epub = foot.windows(name.len()).any(|part| part == name);
            return if epub { Self::Epub } else { Self::Docx };
        }
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
        let head = head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        if ["<!doctype html", "<html", "<?xml"]
            .iter()
            .any(|start| head.starts_with(start))
        {
            Self::Html
        } else {
            Self::Text
        }
    }
}

/// Reads a file.
///
/// `path` names the file in errors and tells the format; nothing is read from disk. Lines are
/// numbered as in the file; in DOCX and EPUB paragraphs are.
///
/// # Errors
/// [`IngestError`] where the file holds no text or can't be read as what it claims to be.
pub fn ingest(path: &str, bytes: &[u8], options: &IngestOptions) -> Result<Document, IngestError> {
    let format = options.format.unwrap_or_else(|| Format::of(path, bytes));
    let label = options.encoding.as_deref();
    let lang = options.lang.as_ref();
    if !matches!(format, Format::Docx | Format::Epub)
        && let Some(kind) = other_format(bytes)
    {
        return Err(IngestError::OtherFormat {
            path: path.to_owned(),
            kind,
        });
    }
    let mut left_out = Vec::new();
    let (lines, meta, encoding): (Vec<Line>, Meta, &str) = match format {
        Format::Text => {
            let (text, encoding) = encoding::decode(path, bytes, label, lang)?;
            (text::lines(&text), Meta::default(), encoding)
        }
        Format::Markdown => {
            let (text, encoding) = encoding::decode(path, bytes, label, lang)?;
            let (lines, out, meta) = markdown::read(&text);
            left_out = out;
            (lines, meta, encoding)
        }
        Format::Html => {
            let declared = encoding::declared(bytes);
            let (text, encoding) =
                encoding::decode(path, bytes, label.or(declared.as_deref()), lang)?;
            let page = html::read(&text, html::Kind::Page);
            left_out = page.left_out;
            (page.lines, page.meta, encoding)
        }
        Format::Docx => {
            let (lines, out, meta) = docx::read(path, bytes)?;
            left_out = out;
            (lines, meta, "UTF-8")
        }
        Format::Epub => {
            let (lines, out, meta) = epub::read(path, bytes)?;
            left_out = out;
            (lines, meta, "UTF-8")
        }
    };
    if lines.is_empty() {
        return Err(IngestError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(Document {
        path: path.to_owned(),
        encoding: encoding.to_owned(),
        meta,
        lines,
        left_out,
    })
}

/// What a file is by its first bytes, where that is no text.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 3] = [
        (b"{\\rtf", "a rich text file (RTF)"),
        (b"%PDF-", "a PDF file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a file of Word 97 to 2003",
        ),
    ];
    let found = starts.iter().find(|(start, _)| bytes.starts_with(start));
    found.map(|(_, kind)| *kind)
}

/// The date that a text begins with, as ISO 8601 writes it: `2020-06-18T08:00` and `2020年6月18日`
/// both give `2020-06-18`.
fn iso_date(text: &str) -> Option<String> {
    let mut numbers = text
        .trim()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let year = numbers.next().filter(|year| year.len() == 4)?;
    let in_range = |part: Option<&str>, most: u8| {
        part.and_then(|part| part.parse::<u8>().ok())
            .filter(|number| (1..=most).contains(number))
    };
    let Some(month) = in_range(numbers.next(), 12) else {
        return Some(year.to_owned());
    };
    match in_range(numbers.next(), 31) {
        Some(day) => Some(format!("{year}-{month:02}-{day:02}")),
        None => Some(format!("{year}-{month:02}")),
    }
}
