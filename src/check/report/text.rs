//! Findings for a person at a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::{Report, cut, place, summary};
use crate::model::Severity;

/// Colours of the severities; the default has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Styles {
    /// Of errors.
    pub error: Style,
    /// Of warnings.
    pub warning: Style,
    /// Of places and headings.
    pub place: Style,
}

/// Writes each place with its findings, source and target, then a summary. With `quiet`, notes
/// are counted and not listed.
pub fn write(
    out: &mut impl Write,
    report: &Report,
    styles: &Styles,
    quiet: bool,
) -> io::Result<()> {
    let rows: BTreeMap<_, _> = report.rows.iter().map(|row| (&row.location, row)).collect();
    let mut findings = report
        .findings
        .iter()
        .filter(|finding| !quiet || finding.severity > Severity::Info)
        .peekable();
    while let Some(first) = findings.next() {
        let row = rows.get(&first.location);
        let head = styles.place;
        writeln!(out, "{head}{}{head:#}", place(&first.location, report))?;
        let mut finding = Some(first);
        while let Some(current) = finding {
            let style = match current.severity {
                Severity::Error => styles.error,
                Severity::Warning => styles.warning,
                Severity::Info => Style::new(),
            };
            writeln!(
                out,
                "  {style}{}{style:#} {}: {}",
                current.severity.name(),
                current.rule,
                current.message
            )?;
            if let Some(row) = row {
                let quote = |text: &str, span: Option<[usize; 2]>| {
                    span.map(|span| around(text, span)).unwrap_or_default()
                };
                let source = quote(&row.source, current.source_span);
                let target = quote(&row.target, current.target_span);
                for line in [source, target].into_iter().filter(|line| !line.is_empty()) {
                    writeln!(out, "      {line}")?;
                }
            }
            finding = findings.next_if(|next| next.location == first.location);
        }
    }
    writeln!(out, "{}", summary(report))
}

/// The span in brackets, with some of the text around it.
fn around(text: &str, span: [usize; 2]) -> String {
    const BESIDE: usize = 24;
    let from = span[0].saturating_sub(BESIDE);
    let length = text.chars().count();
    let to = (span[1] + BESIDE).min(length);
    let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
    format!(
        "{}{}⟦{}⟧{}{}",
        ellipsis(from > 0),
        cut(text, [from, span[0]]),
        cut(text, span),
        cut(text, [span[1], to]),
        ellipsis(to < length)
    )
}
