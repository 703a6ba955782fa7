//! A page with the pairs side by side and the findings marked in them.
//!
//! One file without scripts or external resources. Its filters are radio buttons and style rules,
//! so they work wherever a page can be opened, and in print.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Report, Row, place};
use crate::check::Rule;
use crate::model::{Finding, Severity};

const SEVERITIES: [(Severity, &str, &str); 3] = [
    (Severity::Error, "Error", "Errors"),
    (Severity::Warning, "Warning", "Warnings"),
    (Severity::Info, "Note", "Notes"),
];

/// Writes the page.
pub fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let families = families(report);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Checks: {title}</title>\n<style>\n{STYLE}{rules}</style>\n</head>\n<body>",
        title = escape(&report.title),
        rules = filter_rules(&families),
    )?;
    controls(out, report, &families)?;
    writeln!(out, "<main>")?;
    let mut of_row: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    let index: BTreeMap<_, usize> = report
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| (&row.location, at))
        .collect();
    let mut elsewhere = Vec::new();
    for finding in &report.findings {
        match index.get(&finding.location) {
            Some(at) => of_row.entry(*at).or_default().push(finding),
            None => elsewhere.push(finding),
        }
    }
    if report.findings.is_empty() {
        writeln!(
            out,
            "<p class=\"none\">Nothing to report: every rule is content.</p>"
        )?;
    }
    for finding in elsewhere {
        writeln!(
            out,
            "<ol class=\"findings loose\">{}</ol>",
            item(finding, 0)
        )?;
    }
    let of_row = |at: usize| of_row.get(&at).map_or(&[][..], Vec::as_slice);
    let mut rows = report.rows.iter().enumerate().peekable();
    while let Some((first, row)) = rows.next() {
        // A heading with its rows goes out of sight when all of them do.
        let mut section = vec![(first, row)];
        while let Some(next) = rows.next_if(|(_, row)| row.heading.is_none()) {
            section.push(next);
        }
        let all: Vec<&Finding> = section
            .iter()
            .flat_map(|(at, _)| of_row(*at))
            .copied()
            .collect();
        writeln!(out, "<section class=\"part {}\">", classes(&all))?;
        if let Some(text) = &row.heading {
            let lang = match &row.location.language {
                Some(lang) if report.target_langs.len() > 1 => format!(" · {lang}"),
                _ => String::new(),
            };
            let source_lang = escape(&report.source_lang);
            let text = escape(text);
            writeln!(out, "<h2 lang=\"{source_lang}\">{text}{lang}</h2>")?;
        }
        for (at, row) in section {
            pair(out, report, row, of_row(at))?;
        }
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</main>")?;
    legend(out, report)?;
    writeln!(out, "</body>\n</html>")
}

fn families(report: &Report) -> BTreeMap<&str, usize> {
    let mut families = BTreeMap::new();
    for finding in &report.findings {
        *families.entry(family(finding)).or_default() += 1;
    }
    families
}

fn family(finding: &Finding) -> &str {
    finding
        .rule
        .split_once('.')
        .map_or(finding.rule.as_str(), |(family, _)| family)
}

/// The style rules that make the radio buttons filter.
fn filter_rules(families: &BTreeMap<&str, usize>) -> String {
    let mut css = String::new();
    let mut hide = |chosen: &str, wanted: &str| {
        let hidden: Vec<String> = [".part", ".pair", ".f", "mark sup"]
            .iter()
            .map(|what| match what.split_once(' ') {
                Some((mark, inner)) => format!("{chosen}~main {mark}:not(.{wanted}) {inner}"),
                None => format!("{chosen}~main {what}:not(.{wanted})"),
            })
            .collect();
        let _ = writeln!(
            css,
            "{}{{display:none}}\n{chosen}~main mark:not(.{wanted}){{padding:0;background:none}}",
            hidden.join(",")
        );
    };
    for (severity, _, _) in SEVERITIES {
        let name = severity.name();
        hide(&format!("#s-{name}:checked"), name);
        for family in families.keys() {
            hide(
                &format!("#s-{name}:checked~#f-{family}:checked"),
                &format!("{family}-{name}"),
            );
        }
    }
    for family in families.keys() {
        hide(&format!("#f-{family}:checked"), &format!("in-{family}"));
    }
    let ids = ["s-all", "s-error", "s-warning", "s-info", "f-all", "clean"]
        .into_iter()
        .map(str::to_owned)
        .chain(families.keys().map(|family| format!("f-{family}")));
    let chosen: Vec<String> = ids
        .map(|id| format!("#{id}:checked~nav label[for={id}]"))
        .collect();
    let _ = writeln!(
        css,
        "{}{{color:var(--paper);background:var(--accent);border-color:var(--accent)}}",
        chosen.join(",")
    );
    css
}

fn controls(
    out: &mut impl Write,
    report: &Report,
    families: &BTreeMap<&str, usize>,
) -> io::Result<()> {
    writeln!(
        out,
        "<header><p class=\"kicker\">duizhao check · {} → {}</p><h1 lang=\"{0}\">{}</h1><p class=\"sum\">",
        escape(&report.source_lang),
        escape(&report.target_langs.join(", ")),
        escape(&report.title)
    )?;
    for (severity, one, many) in SEVERITIES {
        let count = report.count(severity);
        let name = severity.name();
        let word = if count == 1 { one } else { many };
        writeln!(
            out,
            "<span class=\"count {name}\"><b>{count}</b> {}</span>",
            word.to_lowercase()
        )?;
    }
    writeln!(
        out,
        "<span class=\"count\"><b>{}</b> sentences</span></p></header>",
        report.rows.len()
    )?;
    let radio = |out: &mut dyn Write, group: &str, id: &str, checked: bool| {
        writeln!(
            out,
            "<input type=\"radio\" name=\"{group}\" id=\"{id}\"{}>",
            if checked { " checked" } else { "" }
        )
    };
    radio(out, "s", "s-all", true)?;
    for (severity, _, _) in SEVERITIES {
        radio(out, "s", &format!("s-{}", severity.name()), false)?;
    }
    radio(out, "f", "f-all", true)?;
    for family in families.keys() {
        radio(out, "f", &format!("f-{family}"), false)?;
    }
    writeln!(
        out,
        "<input type=\"checkbox\" id=\"clean\">\n<nav aria-label=\"Filters\"><div>\
         <label for=\"s-all\">All</label>"
    )?;
    for (severity, _, many) in SEVERITIES {
        let name = severity.name();
        writeln!(
            out,
            "<label for=\"s-{name}\" class=\"{name}\">{many} <i>{}</i></label>",
            report.count(severity)
        )?;
    }
    writeln!(out, "</div><div><label for=\"f-all\">Every family</label>")?;
    for (family, count) in families {
        writeln!(
            out,
            "<label for=\"f-{family}\">{family} <i>{count}</i></label>"
        )?;
    }
    writeln!(
        out,
        "</div><div><label for=\"clean\" class=\"clean\">Show sentences without findings</label></div></nav>"
    )
}

fn pair(out: &mut impl Write, report: &Report, row: &Row, findings: &[&Finding]) -> io::Result<()> {
    writeln!(
        out,
        "<article class=\"pair {}\"><p class=\"place\">{}</p><div class=\"texts\">\
         <p lang=\"{}\">{}</p><p lang=\"{}\">{}</p></div>",
        classes(findings),
        escape(&place(&row.location, report)),
        escape(&report.source_lang),
        marked(&row.source, findings, |finding| finding.source_span),
        row.location
            .language
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        if row.target.is_empty() {
            "<em class=\"missing\">no translation</em>".to_owned()
        } else {
            marked(&row.target, findings, |finding| finding.target_span)
        },
    )?;
    if !findings.is_empty() {
        writeln!(out, "<ol class=\"findings\">")?;
        for (at, finding) in findings.iter().enumerate() {
            writeln!(out, "{}", item(finding, at + 1))?;
        }
        writeln!(out, "</ol>")?;
    }
    writeln!(out, "</article>")
}

/// The classes that filters look for: severities, families, and families with severities.
fn classes(findings: &[&Finding]) -> String {
    let mut classes: BTreeSet<String> = BTreeSet::new();
    for finding in findings {
        let (family, severity) = (family(finding), finding.severity.name());
        classes.insert(severity.to_owned());
        classes.insert(format!("in-{family}"));
        classes.insert(format!("{family}-{severity}"));
    }
    if findings.is_empty() {
        classes.insert("ok".to_owned());
    }
    classes.into_iter().collect::<Vec<String>>().join(" ")
}

fn item(finding: &Finding, number: usize) -> String {
    let (family, severity) = (family(finding), finding.severity.name());
    let number = if number > 0 {
        number.to_string()
    } else {
        String::new()
    };
    format!(
        "<li class=\"f {severity} in-{family} {family}-{severity}\"><b class=\"n\">{number}</b>\
         <span>{}</span> <a href=\"#{rule}\">{rule}</a></li>",
        escape(&finding.message),
        rule = escape(&finding.rule),
    )
}

/// The text with the spans of its findings marked. Where spans overlap, each stretch carries the
/// worst of them, and the numbers of all that begin there.
fn marked(
    text: &str,
    findings: &[&Finding],
    span_of: impl Fn(&Finding) -> Option<[usize; 2]>,
) -> String {
    let spans: Vec<(usize, [usize; 2], Severity)> = findings
        .iter()
        .enumerate()
        .filter_map(|(at, finding)| Some((at + 1, span_of(finding)?, finding.severity)))
        .filter(|(_, span, _)| span[0] < span[1])
        .collect();
    let chars: Vec<char> = text.chars().collect();
    let mut cuts: BTreeSet<usize> = spans
        .iter()
        .flat_map(|(_, span, _)| [span[0].min(chars.len()), span[1].min(chars.len())])
        .collect();
    cuts.insert(0);
    cuts.insert(chars.len());
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let mut html = String::new();
    for piece in cuts.windows(2) {
        let [from, to] = [piece[0], piece[1]];
        let part: String = chars[from..to].iter().collect();
        let over = || {
            spans
                .iter()
                .filter(|(_, span, _)| span[0] <= from && to <= span[1])
        };
        let worst = over().map(|(_, _, severity)| *severity).max();
        match worst {
            None => html.push_str(&escape(&part)),
            Some(severity) => {
                let numbers: Vec<String> = spans
                    .iter()
                    .filter(|(_, span, _)| span[1].min(chars.len()) == to)
                    .map(|(number, _, _)| number.to_string())
                    .collect();
                let those: Vec<&Finding> = over().map(|(at, ..)| findings[at - 1]).collect();
                let _ = write!(
                    html,
                    "<mark class=\"worst-{} {}\">{}",
                    severity.name(),
                    classes(&those),
                    visible(&part)
                );
                if !numbers.is_empty() {
                    // No line breaks before the number.
                    let _ = write!(html, "\u{2060}<sup>{}</sup>", numbers.join(","));
                }
                html.push_str("</mark>");
            }
        }
    }
    html
}

/// Marked white space is shown, for it can't be seen otherwise.
fn visible(part: &str) -> String {
    if part.chars().all(char::is_whitespace) {
        "␣".repeat(part.chars().count())
    } else {
        escape(part)
    }
}

fn legend(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let names: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out, "<footer><h2>What the rules say</h2><dl>")?;
    for rule in names.into_iter().filter_map(Rule::named) {
        writeln!(
            out,
            "<div id=\"{name}\"><dt><code>{name}</code> {}</dt><dd>{}</dd></div>",
            escape(rule.summary),
            with_code(rule.explanation),
            name = rule.name,
        )?;
    }
    writeln!(
        out,
        "</dl><p class=\"hint\">A finding that a person has judged is put aside with a note in the \
         translation: category <code>suppress</code>, text <code>rule: reason</code>.</p></footer>"
    )
}

/// Text with what stands between backticks as code.
fn with_code(text: &str) -> String {
    let mut html = String::new();
    for (at, piece) in text.split('`').enumerate() {
        if at % 2 == 0 {
            html.push_str(&escape(piece));
        } else {
            let _ = write!(html, "<code>{}</code>", escape(piece));
        }
    }
    html
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Control characters are not allowed in HTML.
            c if c.is_control() && !matches!(c, '\n' | '\t') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

const STYLE: &str = include_str!("report.css");
