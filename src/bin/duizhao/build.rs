//! `duizhao build`: writes build/.

use std::io::Write;

use anyhow::Context;
use duizhao::pipeline::build::{BuildOptions, BuildReport, build};
use duizhao::publish::manifest::Counts;
use duizhao::workspace::Workspace;

use crate::exit::{BadUsage, Status};
use crate::options::{Format, InWorkspace};
use crate::output;
use crate::progress::Progress;

/// Options of `build`.
#[derive(clap::Args)]
pub struct Args {
    /// End with status 1 where translations are missing
    #[arg(long)]
    strict: bool,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Builds and reports.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let report = make(&workspace)?;
    print(&report, args.format)?;
    Ok(status(&report, args.strict))
}

/// Builds, with progress.
pub fn make(workspace: &Workspace) -> anyhow::Result<BuildReport> {
    let progress = Progress::spinner("building");
    let options = BuildOptions {
        source_date_epoch: source_date_epoch()?,
    };
    let report = build(workspace, &options, &|name| progress.say(name))?;
    progress.finish();
    for warning in &report.warnings {
        output::warn(warning);
    }
    Ok(report)
}

/// What `--strict` makes of a report.
pub fn status(report: &BuildReport, strict: bool) -> Status {
    if strict && report.missing > 0 {
        Status::Findings
    } else {
        Status::Done
    }
}

/// Prints the report.
pub fn print(report: &BuildReport, format: Format) -> anyhow::Result<()> {
    let mut out = output::stdout();
    match format {
        Format::Json => {
            /// In this order, and nothing copied: the names can be many.
            #[derive(serde::Serialize)]
            struct Json<'a> {
                up_to_date: bool,
                written: &'a [String],
                removed: &'a [String],
                counts: &'a Counts,
                warnings: &'a [String],
            }
            let json = Json {
                up_to_date: report.up_to_date,
                written: &report.written,
                removed: &report.removed,
                counts: &report.counts,
                warnings: &report.warnings,
            };
            serde_json::to_writer_pretty(&mut out, &json)?;
            writeln!(out)?;
        }
        Format::Text => {
            let good = output::GOOD;
            if report.up_to_date {
                writeln!(out, "{good}build/ is up to date{good:#}")?;
            }
            for name in &report.written {
                writeln!(out, "wrote   build/{name}")?;
            }
            for name in &report.removed {
                writeln!(out, "removed build/{name}")?;
            }
            let counts = &report.counts;
            writeln!(
                out,
                "{}, {}: {} translated, {} of them reviewed, {} missing",
                output::count(counts.articles, "article"),
                output::count(counts.segments, "sentence"),
                counts.translated,
                counts.reviewed,
                report.missing
            )?;
        }
    }
    Ok(())
}

/// The date that reproducible builds are given (reproducible-builds.org).
fn source_date_epoch() -> anyhow::Result<Option<i64>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the binary is where the environment is read"
    )]
    let value = std::env::var("SOURCE_DATE_EPOCH");
    match value {
        Ok(text) => text.parse().map(Some).with_context(|| {
            BadUsage(format!(
                "SOURCE_DATE_EPOCH={text}: write seconds since 1970"
            ))
        }),
        Err(_) => Ok(None),
    }
}
