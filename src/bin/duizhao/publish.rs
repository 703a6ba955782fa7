//! `duizhao publish`: the main job: translate, check, build.

use duizhao::model::{Finding, Severity};
use duizhao::pipeline::check::check;

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
use crate::translate::EngineOptions;
use crate::{build, output, translate};

/// Options of `publish`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: EngineOptions,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Brings translations/ up to date, checks them, then writes build/.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let done = translate::update(&workspace, &args.options)?;
    if args.format == Format::Text {
        translate::print(&done, args.format)?;
    }
    let findings = check(&workspace, &done.synced)?;
    summarize(&findings);
    let report = build::make(&workspace)?;
    build::print(&report, args.format)?;
    translate::finish(done)
}

/// How many findings of which severity there are; errors are worth a look at `duizhao check`.
fn summarize(findings: &[Finding]) {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        output::warn(&format!(
            "{} and {} in translations/; `duizhao check` lists them",
            output::count(errors, "error"),
            output::count(warnings, "warning")
        ));
    }
}
