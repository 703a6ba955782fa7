//! The commands. Each command's own options stand in its file.

use clap::{Parser, Subcommand};

use crate::options::InWorkspace;
use crate::{
    align, build, check, completions, export, glossary, init, memory, merge, publish, segment,
    serve, status, translate, xliff,
};

/// Turns articles into bilingual publications.
#[derive(Parser)]
#[command(
    name = "duizhao",
    version,
    about,
    propagate_version = true,
    max_term_width = 100
)]
pub struct Cli {
    /// Where the workspace is.
    #[command(flatten)]
    pub place: InWorkspace,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// The main job: translate, check, build
    Publish(publish::Args),
    /// Bring translations/ up to date with sources/
    Translate(translate::Args),
    /// Make the record from a translation that exists, or print the alignment
    Align(align::Args),
    /// Write build/: books, XLIFF, TMX, manifest
    Build(build::Args),
    /// Write hand-out files for translators
    Export(export::Args),
    /// Findings for the workspace, or for a list of pairs
    Check(check::Args),
    /// Bring reviewed XLIFF back into translations/
    Merge(merge::Args),
    /// Term bases: import, export, check, suggest
    Glossary(glossary::Args),
    /// The translation memory: import and export TMX
    Memory(memory::Args),
    /// Check XLIFF files
    Xliff(xliff::Args),
    /// Show the web edition on loopback and build again when something changes
    Serve(serve::Args),
    /// How far each article has come
    Status(status::Args),
    /// Make a new workspace with a commented duizhao.toml
    Init(init::Args),
    /// Print the segmentation of any file: what was joined, split, repaired and doubted
    Segment(segment::Args),
    /// Print the completions for a shell
    Completions(completions::Args),
    /// Write the manual pages
    Man(completions::ManArgs),
}
