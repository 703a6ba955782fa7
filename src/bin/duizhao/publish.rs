//! `duizhao publish`: the main job: translate, check, build.

use crate::args::{Format, InWorkspace};
use crate::exit::Status;
use crate::{build, translate};

/// Options of `publish`.
#[derive(clap::Args)]
pub struct Args {
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Brings translations/ up to date, then build/.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let (synced, written) = translate::update(&workspace)?;
    if args.format == Format::Text {
        translate::print(&synced, &written, args.format)?;
    }
    let report = build::make(&workspace)?;
    build::print(&report, args.format)?;
    Ok(Status::Done)
}
