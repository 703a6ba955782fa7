//! `duizhao check`: findings for the workspace, or for a list of pairs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use duizhao::check::report::{self, Place, Report, Row, Styles};
use duizhao::check::{CheckOptions, RULES, Rule, Setting, check_pairs};
use duizhao::model::{Lang, Location, Severity};
use duizhao::pipeline;
use duizhao::pipeline::sync::sync;
use duizhao::workspace::Workspace;

use crate::exit::Status;
use crate::options::InWorkspace;
use crate::output;

/// Options of `check`.
#[derive(clap::Args)]
pub struct Args {
    /// Check a tab-separated list of pairs instead of a workspace: a header line, then source and
    /// target in the first two columns
    #[arg(long, value_name = "FILE", requires = "langs")]
    pairs: Option<PathBuf>,
    /// The languages of the pairs
    #[arg(long, value_name = "SOURCE:TARGET", requires = "pairs", value_parser = parse_langs)]
    langs: Option<(Lang, Lang)>,
    /// End with status 1 if there is a finding of severity error
    #[arg(long)]
    strict: bool,
    /// Say what a rule is about; `all` lists every rule
    #[arg(long, value_name = "RULE", conflicts_with_all = ["pairs", "strict"])]
    explain: Option<String>,
    /// Set a rule or a family: off, info, warning or error
    #[arg(
        long = "rule",
        value_name = "RULE=SEVERITY",
        requires = "pairs",
        value_parser = parse_rule
    )]
    rules: Vec<(String, Setting)>,
    /// Leave notes out of the text report
    #[arg(long)]
    quiet: bool,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Source and target with a colon between.
fn parse_langs(text: &str) -> Result<(Lang, Lang), String> {
    let (source, target) = text
        .split_once(':')
        .ok_or("write source and target with a colon between, as zh-Hans:en")?;
    let lang = |tag: &str| tag.parse::<Lang>().map_err(|error| error.to_string());
    Ok((lang(source)?, lang(target)?))
}

/// A rule and what it is set to.
fn parse_rule(text: &str) -> Result<(String, Setting), String> {
    let (rule, setting) = text
        .split_once('=')
        .ok_or("write rule and severity, as number.extra=off")?;
    let setting = setting
        .parse::<Setting>()
        .map_err(|error| error.to_string())?;
    CheckOptions::default()
        .set(rule, setting)
        .map_err(|error| error.to_string())?;
    Ok((rule.to_owned(), setting))
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For code hosts: SARIF 2.1.0
    Sarif,
    /// A page to read
    Html,
}

/// Checks and prints the report.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    if let Some(rule) = &args.explain {
        return explain(rule);
    }
    let mut is_clean = true;
    if let (Some(file), Some(langs)) = (&args.pairs, &args.langs) {
        let report = check_file(file, langs, &args.rules)?;
        is_clean &= report.count(Severity::Error) == 0;
        let name = file.to_string_lossy().replace('\\', "/");
        let locate = |location: &Location| {
            // Row 1 stands in line 2, below the header.
            location.pair.map(|pair| Place {
                file: name.clone(),
                line: pair + 1,
            })
        };
        print(&report, args, &locate)?;
    } else {
        let workspace = place.open()?;
        let synced = sync(&workspace)?;
        for stale in synced.stale_decisions.values().flatten() {
            output::warn(stale);
        }
        let mut whole: Option<Report> = None;
        let mut lines = BTreeMap::new();
        for lang in &workspace.config().targets {
            let report = pipeline::check::report(&workspace, &synced, lang)?;
            lines.extend(record_lines(&workspace, &report, lang));
            match &mut whole {
                None => whole = Some(report),
                Some(whole) => {
                    whole.target_langs.extend(report.target_langs);
                    whole.rows.extend(report.rows);
                    whole.findings.extend(report.findings);
                }
            }
        }
        let report = whole.unwrap_or_default();
        is_clean &= report.count(Severity::Error) == 0;
        print(&report, args, &|location| lines.get(location).cloned())?;
    }
    Ok(if args.strict && !is_clean {
        Status::Findings
    } else {
        Status::Done
    })
}

fn print(
    report: &Report,
    args: &Args,
    locate: &dyn Fn(&Location) -> Option<Place>,
) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(output::stdout());
    match args.format {
        Format::Text => {
            let styles = Styles {
                error: output::ERROR,
                warning: output::WARNING,
                place: anstyle::Style::new().bold(),
            };
            report::write_text(&mut out, report, &styles, args.quiet)?;
        }
        Format::Json => report::write_json(&mut out, report)?,
        Format::Sarif => report::write_sarif(&mut out, report, locate)?,
        Format::Html => report::write_html(&mut out, report)?,
    }
    out.flush()?;
    Ok(())
}

/// Where each segment of the report stands in `translations/`, for reports that name lines.
fn record_lines(workspace: &Workspace, report: &Report, lang: &Lang) -> BTreeMap<Location, Place> {
    let mut lines = BTreeMap::new();
    let mut articles: BTreeMap<_, BTreeMap<String, &Location>> = BTreeMap::new();
    for row in &report.rows {
        if let (Some(article), Some(segment)) = (&row.location.article, &row.location.segment) {
            articles
                .entry(article.clone())
                .or_default()
                .insert(format!("id=\"{segment}\""), &row.location);
        }
    }
    for (article, segments) in articles {
        let path = workspace.record_path(&article, lang);
        let file = path
            .strip_prefix(workspace.root())
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        // A record that is not there yet has no lines.
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            let Some(from) = line
                .contains("<unit ")
                .then(|| line.find(" id=\""))
                .flatten()
            else {
                continue;
            };
            let attribute = &line[from + 1..];
            let end = attribute
                .match_indices('"')
                .nth(1)
                .map_or(attribute.len(), |(at, _)| at + 1);
            if let Some(location) = segments.get(&attribute[..end]) {
                lines.insert(
                    (*location).clone(),
                    Place {
                        file: file.clone(),
                        line: at + 1,
                    },
                );
            }
        }
    }
    lines
}

/// Checks a list of pairs.
fn check_file(
    file: &Path,
    (from, into): &(Lang, Lang),
    rules: &[(String, Setting)],
) -> anyhow::Result<Report> {
    let mut options = CheckOptions::default();
    for (rule, setting) in rules {
        options.set(rule, *setting)?;
    }
    let name = file.to_string_lossy();
    let bytes = std::fs::read(file).with_context(|| {
        format!("{name}: the file can't be read; check the name and its rights")
    })?;
    let pairs = read_pairs(&name, &bytes)?;
    let findings = check_pairs(&pairs, from, into, &options);
    let rows = pairs
        .into_iter()
        .enumerate()
        .map(|(at, (source, target))| Row {
            location: Location {
                pair: Some(at + 1),
                language: Some(into.clone()),
                ..Location::default()
            },
            source,
            target,
            heading: None,
        })
        .collect();
    Ok(Report {
        title: file.file_name().map_or_else(
            || name.clone().into_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        source_lang: from.to_string(),
        target_langs: vec![into.to_string()],
        rows,
        findings,
    })
}

/// Reads the rows of a TSV: no quoting, columns after the second ignored, a header first.
fn read_pairs(name: &str, bytes: &[u8]) -> anyhow::Result<Vec<(String, String)>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let readable = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = 1 + readable.matches('\n').count();
        anyhow::anyhow!("{name}:{line}: not UTF-8; save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    if header.len() < 2 || header[0].trim() != "source" || header[1].trim() != "target" {
        bail!("{name}:1: the first line must name the columns: source, a tab, target");
    }
    let mut pairs = Vec::new();
    let mut lines = lines.enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        if line.is_empty() && lines.peek().is_none() {
            break;
        }
        let mut columns = line.split('\t');
        let source = columns.next().unwrap_or_default();
        let Some(target) = columns.next() else {
            bail!(
                "{name}:{}: no tab; each line has a source, a tab and a target",
                at + 2
            );
        };
        pairs.push((source.to_owned(), target.to_owned()));
    }
    Ok(pairs)
}

fn explain(name: &str) -> anyhow::Result<Status> {
    let mut out = output::stdout();
    if name == "all" {
        for rule in RULES {
            writeln!(
                out,
                "{:<24} {:<8} {}",
                rule.name,
                rule.severity.name(),
                rule.summary
            )?;
        }
        return Ok(Status::Done);
    }
    let family: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| rule.name == name || rule.family() == name)
        .collect();
    if family.is_empty() {
        output::warn(&format!(
            "no rule and no family is called {name:?}; `duizhao check --explain all` lists them"
        ));
        return Ok(Status::Usage);
    }
    let bold = anstyle::Style::new().bold();
    for (at, rule) in family.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{bold}{}{bold:#} ({}): {}\n\n{}",
            rule.name,
            rule.severity.name(),
            rule.summary,
            rule.explanation
        )?;
    }
    Ok(Status::Done)
}
