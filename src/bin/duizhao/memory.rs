//! `duizhao memory`: the translation memory, in and out as TMX.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use duizhao::model::Lang;
use duizhao::pipeline::memory::{import, memory};
use duizhao::tmx;
use duizhao::workspace::write_durably;

use crate::exit::Status;
use crate::options::{InWorkspace, target};
use crate::output;

/// Options of `memory`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take the pairs of TMX files into translations/memory/
    Import {
        /// The files
        #[arg(value_name = "FILE.tmx", required = true)]
        files: Vec<PathBuf>,
    },
    /// Write the approved pairs as TMX 1.4b
    Export {
        /// The target language [default: the workspace's, if it has one]
        #[arg(long, value_name = "LANG")]
        lang: Option<Lang>,
        /// Where the file goes [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Imports or exports.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let mut out = output::stdout();
    match &args.command {
        Command::Import { files } => {
            for file in files {
                let done = import(&workspace, file)?;
                writeln!(
                    out,
                    "{}: {} of {}, in {}",
                    file.display(),
                    done.pairs,
                    output::count(done.units, "unit"),
                    done.path.display()
                )?;
            }
        }
        Command::Export { lang, out: path } => {
            let lang = &target(&workspace, lang.as_ref())?;
            let tool = ("duizhao".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
            let memory = memory(&workspace, lang)?;
            let text = tmx::write(&memory.to_tmx(tool));
            match path {
                Some(path) => {
                    write_durably(path, text.as_bytes())?;
                    let pairs = output::count(memory.entries().len(), "pair");
                    writeln!(out, "wrote   {} ({pairs})", path.display())?;
                }
                None => out.write_all(text.as_bytes())?,
            }
        }
    }
    Ok(Status::Done)
}
