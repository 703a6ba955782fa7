//! `duizhao export`: hand-out files for translators.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use duizhao::pipeline::export::{ExportOptions, export};

use crate::exit::Status;
use crate::options::InWorkspace;
use crate::output;

/// Options of `export`.
#[derive(clap::Args)]
pub struct Args {
    /// Write XLIFF of this version; may be given twice [default: 1.2, if nothing is asked for]
    #[arg(long, value_enum, value_name = "VERSION")]
    xliff: Vec<XliffVersion>,
    /// Write a translation memory, TMX 1.4b
    #[arg(long)]
    tmx: bool,
    /// Write a table, CSV
    #[arg(long)]
    csv: bool,
    /// Give sentences without a translation their source as target, in XLIFF 1.2: for tools that
    /// show only what has a target (OmegaT 3)
    #[arg(long)]
    copy_source: bool,
    /// Write a zip for each article: XLIFF, TMX, TBX, a page to read, a README
    #[arg(long)]
    kit: bool,
    /// Where the files go [default: build/export]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The articles, by id or pattern [default: all]
    #[arg(value_name = "ARTICLE")]
    articles: Vec<String>,
}

/// The versions of XLIFF that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum XliffVersion {
    /// For every tool
    #[value(name = "1.2")]
    V1_2,
    /// For tools that read it
    #[value(name = "2.0")]
    V2_0,
}

/// Writes the files and names them.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let nothing_asked = args.xliff.is_empty() && !args.tmx && !args.csv && !args.kit;
    let options = ExportOptions {
        xliff_1_2: nothing_asked || args.xliff.contains(&XliffVersion::V1_2),
        xliff_2_0: args.xliff.contains(&XliffVersion::V2_0),
        tmx: args.tmx,
        csv: args.csv,
        kit: args.kit,
        copy_source: args.copy_source,
        articles: args.articles.clone(),
    };
    let folder = args
        .out
        .clone()
        .unwrap_or_else(|| workspace.build_dir().join("export"));
    let mut out = output::stdout();
    for path in export(&workspace, &options, &folder)? {
        writeln!(out, "wrote   {}", path.display())?;
    }
    Ok(Status::Done)
}
