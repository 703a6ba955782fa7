//! `duizhao publish`: the main job: translate, check, build.

use crate::args::{Format, InWorkspace};
use crate::exit::Status;
use crate::translate::EngineOptions;
use crate::{build, translate};

/// Options of `publish`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: EngineOptions,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Brings translations/ up to date, then build/.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let done = translate::update(&workspace, &args.options)?;
    if args.format == Format::Text {
        translate::print(&done, args.format)?;
    }
    let report = build::make(&workspace)?;
    build::print(&report, args.format)?;
    translate::finish(done)
}
