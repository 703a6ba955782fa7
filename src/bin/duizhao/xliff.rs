//! `duizhao xliff lint`: checks XLIFF files against the standard.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use duizhao::model::Severity;
use duizhao::workspace::read_file_up_to;
use duizhao::xliff::lint::{Lint, lint};
use duizhao::xml::Limits;

use crate::exit::Status;
use crate::options::Format;
use crate::output;

/// Options of `xliff`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check XLIFF 1.2 and 2.x files: structure, ids, references, languages, states, codes
    Lint(LintArgs),
}

#[derive(clap::Args)]
struct LintArgs {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Checks the files and tells what is wrong with them.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let Command::Lint(args) = &args.command;
    let limits = Limits::default();
    let mut found: Vec<Lint> = Vec::new();
    let mut unread: Option<anyhow::Error> = None;
    for path in &args.files {
        // What the other files have is told all the same.
        match read_file_up_to(path, limits.bytes) {
            Ok(bytes) => found.extend(lint(path, &bytes, &limits)),
            Err(error) => {
                if let Some(before) = unread.replace(error.into()) {
                    output::warn(&format!("{before:#}"));
                }
            }
        }
    }
    let errors = found
        .iter()
        .filter(|lint| lint.severity == Severity::Error)
        .count();
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let results: Vec<serde_json::Value> = found.iter().map(json).collect();
            writeln!(out, "{:#}", serde_json::json!({ "results": results }))?;
        }
        Format::Text => {
            for lint in &found {
                let color = match lint.severity {
                    Severity::Error => output::ERROR,
                    _ => output::WARNING,
                };
                writeln!(
                    out,
                    "{}: {color}{}{color:#} {}: {}",
                    lint.place,
                    lint.severity.name(),
                    lint.rule,
                    lint.message
                )?;
            }
            let files = output::count(args.files.len(), "file");
            let warnings = output::count(found.len() - errors, "warning");
            let errors = output::count(errors, "error");
            writeln!(out, "{files}: {errors}, {warnings}")?;
        }
    }
    out.flush()?;
    if let Some(error) = unread {
        return Err(error);
    }
    Ok(if errors > 0 {
        Status::Findings
    } else {
        Status::Done
    })
}

fn json(lint: &Lint) -> serde_json::Value {
    serde_json::json!({
        "file": lint.place.path,
        "line": lint.place.line,
        "column": lint.place.column,
        "rule": lint.rule,
        "severity": lint.severity,
        "message": lint.message,
    })
}
