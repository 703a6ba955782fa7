//! What an export sent out, kept in git so that any clone can merge what comes back.

use std::path::{Path, PathBuf};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::{Article, ArticleId, Content, Lang, SegmentId, State};
use crate::xliff::WriteOptions;

use super::normal::bare_text;

/// What a hand-out had in it: one file under `translations/exports/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The name, made from the content: the same export has the same name.
    pub name: String,
    /// The article.
    pub article: ArticleId,
    /// The target language.
    pub target_lang: Lang,
    /// The units in the order of the article.
    pub units: Vec<SnapshotUnit>,
}

/// A unit as it was exported. One line of the snapshot's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotUnit {
    /// The segment.
    pub id: SegmentId,
    /// The hash of the source's text (white space aside): 16 hexadecimal digits of SHA-256.
    pub source: CompactString,
    /// The state of the target.
    pub state: State,
    /// The target, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Content>,
    /// The segment whose target covered this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_by: Option<SegmentId>,
    /// The notes that were sent along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    article: ArticleId,
    target_lang: Lang,
}

/// A snapshot's file that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}: {message}; restore the file from git", path.display())]
pub struct SnapshotError {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Snapshot {
    /// What a hand-out of the article into this language with these options has in it.
    #[must_use]
    pub fn of(article: &Article, target_lang: &Lang, options: &WriteOptions) -> Self {
        let units = article
            .segments()
            .map(|segment| {
                let translation = segment.targets.get(target_lang);
                let target = translation.and_then(|translation| translation.target.as_ref());
                let notes = segment
                    .notes
                    .iter()
                    .chain(translation.into_iter().flat_map(|t| &t.notes))
                    .map(|note| note.text.clone());
                let terms = options.terms.get(&segment.id).into_iter().flatten();
                SnapshotUnit {
                    id: segment.id.clone(),
                    source: source_hash(&segment.source),
                    state: target.map(|target| target.state).unwrap_or_default(),
                    target: target.map(|target| target.content.clone()),
                    covered_by: translation.and_then(|t| t.covered_by.clone()),
                    notes: notes
                        .chain(terms.map(crate::xliff::TermNote::to_line))
                        .collect(),
                }
            })
            .collect();
        let mut snapshot = Self {
            name: String::new(),
            article: article.id.clone(),
            target_lang: target_lang.clone(),
            units,
        };
        let mut digest = Sha256::new();
        snapshot.each_line(|line| digest.update(line));
        snapshot.name = hex(&digest.finalize(), 12);
        snapshot
    }

    /// The name of its file in `translations/exports/`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}.{}.jsonl", self.article, self.target_lang, self.name)
    }

    /// The text of its file: JSON, one unit a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.each_line(|line| text.push_str(line));
        text
    }

    fn each_line(&self, mut take: impl FnMut(&str)) {
        let head = Head {
            article: self.article.clone(),
            target_lang: self.target_lang.clone(),
        };
        take(&json(&head));
        for unit in &self.units {
            take("\n");
            take(&json(unit));
        }
        take("\n");
    }

    /// Reads the text of a snapshot's file. The name comes from the file's name.
    pub fn read(path: &Path, text: &str) -> Result<Self, SnapshotError> {
        let fail = |line: usize, message: String| SnapshotError {
            path: path.to_owned(),
            line,
            message,
        };
        let mut lines = text.lines().enumerate();
        let (_, head) = lines
            .next()
            .ok_or_else(|| fail(1, "the snapshot is empty".to_owned()))?;
        let head: Head = serde_json::from_str(head).map_err(|error| fail(1, error.to_string()))?;
        let units = lines
            .map(|(at, line)| {
                serde_json::from_str(line).map_err(|error| fail(at + 1, error.to_string()))
            })
            .collect::<Result<Vec<SnapshotUnit>, _>>()?;
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("");
        Ok(Self {
            name: stem.rsplit('.').next().unwrap_or_default().to_owned(),
            article: head.article,
            target_lang: head.target_lang,
            units,
        })
    }
}

fn json<T: Serialize>(value: &T) -> String {
    // Structs of strings, numbers and lists always have a form in JSON.
    serde_json::to_string(value).unwrap_or_default()
}

/// The hash of a source's text, white space aside: 16 hexadecimal digits.
pub(super) fn source_hash(source: &Content) -> CompactString {
    hex(&Sha256::digest(bare_text(source).as_bytes()), 16).into()
}

fn hex(bytes: &[u8], digits: usize) -> String {
    let mut hex = String::with_capacity(digits + 1);
    for byte in bytes.iter().take(digits.div_ceil(2)) {
        let _ = std::fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
    }
    hex
}
