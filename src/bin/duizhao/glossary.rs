//! `duizhao glossary`: term bases in and out, checked, and suggested from the sources.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use duizhao::glossary::{SuggestedTerm, conflicts, read_csv, suggest, unused, write_csv};
use duizhao::model::{Block, Concept, Finding, Lang, Severity};
use duizhao::pipeline::sync::sync;
use duizhao::pipeline::terms::glossary;
use duizhao::tbx::{self, Dialect};
use duizhao::workspace::{Workspace, read_file, write_durably};
use duizhao::xml::Limits;

use crate::exit::Status;
use crate::options::{Format, InWorkspace, target};
use crate::output;

/// Options of `glossary`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The target language [default: the workspace's, if it has one]
    #[arg(long, value_name = "LANG", global = true)]
    lang: Option<Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Take the terms of CSV, TSV and TBX files into glossary/<source>.<target>.csv
    Import {
        /// The files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Write all terms as one file
    Export {
        /// The format [default: what the file's name says, or csv]
        #[arg(long, value_enum)]
        to: Option<ExportFormat>,
        /// Where the file goes [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Find terms that contradict each other and terms that no source uses
    Check {
        /// End with status 1 if there is a finding of severity error
        #[arg(long)]
        strict: bool,
        /// How the report is printed
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Propose terms from the sources: frequent phrases, names, organisations, slogans
    Suggest {
        /// How often a phrase must stand in the sources
        #[arg(long, value_name = "N", default_value_t = 3)]
        least: usize,
        /// How the report is printed
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormat {
    /// source,target,status,scope,note
    Csv,
    /// TBX of 2019 (ISO 30042:2019)
    Tbx,
    /// TBX of 2008, for older tools
    Tbx2,
}

/// Runs the subcommand.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let lang = target(&workspace, args.lang.as_ref())?;
    match &args.command {
        Command::Import { files } => import(&workspace, &lang, files),
        Command::Export { to, out } => export(&workspace, &lang, *to, out.as_deref()),
        Command::Check { strict, format } => check(&workspace, &lang, *strict, *format),
        Command::Suggest { least, format } => propose(&workspace, &lang, *least, *format),
    }
}

fn import(workspace: &Workspace, lang: &Lang, files: &[PathBuf]) -> anyhow::Result<Status> {
    let source = &workspace.config().source;
    let name = format!("glossary/{source}.{lang}.csv");
    let path = workspace.path(&name);
    let mut concepts = if path.exists() {
        read_csv(&name, &read_file(&path)?)?
    } else {
        Vec::new()
    };
    let mut out = output::stdout();
    for file in files {
        let bytes = read_file(file)?;
        let is_tbx = file
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("tbx"));
        let read = if is_tbx {
            tbx::read(file, &bytes, source, lang, &Limits::default())?
        } else {
            read_csv(&file.display().to_string(), &bytes)?
        };
        let added = merge(&mut concepts, read);
        let added = output::count(added, "term");
        writeln!(out, "{}: {added} added to {name}", file.display())?;
    }
    write_durably(&path, write_csv(&concepts).as_bytes())?;
    let found = conflicts(&concepts);
    print_findings(&mut out, &found)?;
    Ok(Status::Done)
}

/// Adds the terms that are new; gives their number. What the workspace says of a term stays.
fn merge(concepts: &mut Vec<Concept>, read: Vec<Concept>) -> usize {
    let mut added = 0;
    for concept in read {
        let known = concepts
            .iter_mut()
            .find(|known| known.source == concept.source && known.scope == concept.scope);
        let Some(known) = known else {
            added += concept.terms.len();
            concepts.push(concept);
            continue;
        };
        for term in concept.terms {
            if known.terms.iter().all(|other| other.text != term.text) {
                known.terms.push(term);
                added += 1;
            }
        }
        known.terms.sort_by_key(|term| term.status);
    }
    added
}

fn export(
    workspace: &Workspace,
    lang: &Lang,
    to: Option<ExportFormat>,
    path: Option<&Path>,
) -> anyhow::Result<Status> {
    let named_tbx = path
        .and_then(Path::extension)
        .is_some_and(|extension| extension.eq_ignore_ascii_case("tbx"));
    let to = to.unwrap_or(if named_tbx {
        ExportFormat::Tbx
    } else {
        ExportFormat::Csv
    });
    let glossary = glossary(workspace, lang)?;
    let tbx = |dialect| tbx::write(glossary.concepts(), glossary.source(), lang, dialect);
    let text = match to {
        ExportFormat::Csv => write_csv(glossary.concepts()),
        ExportFormat::Tbx => tbx(Dialect::V3),
        ExportFormat::Tbx2 => tbx(Dialect::V2),
    };
    let mut out = output::stdout();
    match path {
        Some(path) => {
            write_durably(path, text.as_bytes())?;
            let count = glossary.concepts().len();
            writeln!(out, "{}: {count} concepts", path.display())?;
        }
        None => out.write_all(text.as_bytes())?,
    }
    Ok(Status::Done)
}

/// The source texts of the workspace, a block each.
fn texts(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let synced = sync(workspace)?;
    let blocks = synced.articles.iter().flat_map(|article| &article.blocks);
    Ok(blocks.map(Block::text).collect())
}

fn check(
    workspace: &Workspace,
    lang: &Lang,
    strict: bool,
    format: Format,
) -> anyhow::Result<Status> {
    let glossary = glossary(workspace, lang)?;
    let texts = texts(workspace)?;
    let mut findings = conflicts(glossary.concepts());
    findings.extend(unused(&glossary, texts.iter().map(String::as_str)));
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let json = serde_json::json!({ "findings": findings });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            print_findings(&mut out, &findings)?;
            writeln!(
                out,
                "{}, {}",
                output::count(glossary.concepts().len(), "concept"),
                output::count(findings.len(), "finding")
            )?;
        }
    }
    let wrong = findings.iter().any(|one| one.severity == Severity::Error);
    Ok(if strict && wrong {
        Status::Findings
    } else {
        Status::Done
    })
}

fn print_findings(out: &mut impl Write, findings: &[Finding]) -> std::io::Result<()> {
    for finding in findings {
        writeln!(
            out,
            "{}: {}: {}",
            finding.severity.name(),
            finding.rule,
            finding.message
        )?;
    }
    Ok(())
}

fn propose(
    workspace: &Workspace,
    lang: &Lang,
    least: usize,
    format: Format,
) -> anyhow::Result<Status> {
    let glossary = glossary(workspace, lang)?;
    let texts = texts(workspace)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let suggestions = suggest(&texts, &workspace.config().source, &glossary, least);
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let json = serde_json::json!({ "suggestions": suggestions });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            for suggestion in &suggestions {
                print_suggestion(&mut out, suggestion)?;
            }
            if suggestions.is_empty() {
                writeln!(out, "nothing that the glossary lacks recurs {least} times")?;
            }
        }
    }
    Ok(Status::Done)
}

fn print_suggestion(out: &mut impl Write, suggestion: &SuggestedTerm) -> std::io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let kind = serde_json::to_value(suggestion.kind).unwrap_or_default();
    writeln!(
        out,
        "{bold}{}{bold:#}  {} times, {}",
        suggestion.source,
        suggestion.count,
        kind.as_str().unwrap_or_default()
    )?;
    for context in &suggestion.contexts {
        writeln!(out, "    …{context}…")?;
    }
    Ok(())
}
