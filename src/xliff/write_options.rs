//! What a writer is told beside the article.

use std::collections::BTreeMap;

use crate::model::{Article, Lang, SegmentId, TermStatus, translation_origin};

/// The program that a file names as its maker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A term of the glossary that applies to a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermNote {
    /// The term in the source language.
    pub source: String,
    /// The term in the target language.
    pub target: String,
    /// Whether it is to be used.
    pub status: TermStatus,
    /// What a translator should know.
    pub note: Option<String>,
}

/// What a writer is told beside the article. The default writes the record for `translations/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether the file goes out to a translator. A hand-out leaves out what only the record
    /// needs: obsolete segments and provenance.
    pub hand_out: bool,
    /// The name of the snapshot that the hand-out is compared with when it comes back.
    pub export: Option<String>,
    /// The terms that apply, by segment: written as notes, and in 2.0 as a glossary too.
    pub terms: BTreeMap<SegmentId, Vec<TermNote>>,
    /// Whether a sentence without a translation gets its source as target, with state `new`: for
    /// tools that show only what has a target, such as OmegaT 3. In 1.2 only. What comes back
    /// unchanged is known for what it is.
    pub copy_source: bool,
    /// The program that the file names as its maker. Left out of the record, where a new version
    /// would change every file.
    pub tool: Option<Tool>,
}

impl TermNote {
    /// The note as a line for a person: `提法 → formulation (admitted): in headings only`.
    #[must_use]
    pub fn to_line(&self) -> String {
        let status = match self.status {
            TermStatus::Preferred => "",
            TermStatus::Admitted => " (admitted)",
            TermStatus::Forbidden => " (must not be used)",
        };
        let note = self
            .note
            .as_deref()
            .map_or(String::new(), |note| format!(": {note}"));
        format!("{} → {}{status}{note}", self.source, self.target)
    }
}

/// Where the file's translation comes from, as a line for whoever opens it; None where there is
/// no translation yet.
pub(super) fn origin_line(article: &Article, target: &Lang) -> Option<String> {
    let origin = translation_origin(&[article], target);
    (origin.missing < origin.segments).then(|| origin.in_english())
}
