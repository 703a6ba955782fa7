//! Reports of findings: text for people, JSON, SARIF for code hosts, and a page to read.

mod html;
mod sarif;
mod text;

use std::io;

use serde::Serialize;

pub use html::write as write_html;
pub use sarif::{Place, write as write_sarif};
pub use text::{Styles, write as write_text};

use crate::model::{Finding, Location, Severity};

/// A source and target that were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it is; findings name the same place.
    pub location: Location,
    /// The source without inline codes.
    pub source: String,
    /// The target without inline codes; empty where there is none.
    pub target: String,
    /// What opens here: an article's title. Shown once above the row.
    pub heading: Option<String>,
}

/// What a report is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was checked: a book's or a file's name.
    pub title: String,
    /// The source's language tag.
    pub source_lang: String,
    /// The targets' language tags; more than one where several languages are reported together.
    pub target_langs: Vec<String>,
    /// All pairs, in order.
    pub rows: Vec<Row>,
    /// All findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// Writes `{"findings": […]}`, each with rule, severity, article, segment, pair, language, message
/// and spans.
pub fn write_json(out: &mut impl io::Write, report: &Report) -> io::Result<()> {
    #[derive(Serialize)]
    struct Findings<'a> {
        findings: &'a [Finding],
    }
    serde_json::to_writer_pretty(
        &mut *out,
        &Findings {
            findings: &report.findings,
        },
    )?;
    writeln!(out)
}

/// "3 errors, 1 warning, 12 notes in 40 sentences".
#[must_use]
pub fn summary(report: &Report) -> String {
    let count = |severity, one: &str, many: &str| {
        let count = report.count(severity);
        format!("{count} {}", if count == 1 { one } else { many })
    };
    format!(
        "{}, {}, {} in {} {}",
        count(Severity::Error, "error", "errors"),
        count(Severity::Warning, "warning", "warnings"),
        count(Severity::Info, "note", "notes"),
        report.rows.len(),
        if report.rows.len() == 1 {
            "sentence"
        } else {
            "sentences"
        }
    )
}

/// A place in words: `article s12`, `pair 7`; with the language where there are several:
/// `article s12 (fr)`.
fn place(location: &Location, report: &Report) -> String {
    let place = match (&location.article, &location.segment, location.pair) {
        (Some(article), Some(segment), _) => format!("{article} {segment}"),
        (Some(article), None, _) => article.to_string(),
        (None, Some(segment), _) => segment.to_string(),
        (None, None, Some(pair)) => format!("pair {pair}"),
        (None, None, None) => "glossary".to_owned(),
    };
    match &location.language {
        Some(lang) if report.target_langs.len() > 1 => format!("{place} ({lang})"),
        _ => place,
    }
}

/// The characters of a text that a span covers; spans that reach past the end are cut.
fn cut(text: &str, span: [usize; 2]) -> String {
    text.chars()
        .skip(span[0])
        .take(span[1].saturating_sub(span[0]))
        .collect()
}
