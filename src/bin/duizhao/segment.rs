//! `duizhao segment`: what duizhao makes of a file. Needs no workspace.

mod diff;
mod json;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::ValueEnum;
use duizhao::clean::{self, CleanOptions, Decisions};
use duizhao::ingest::IngestOptions;
use duizhao::model::{CleanDocument, Lang};
use duizhao::pipeline::source::clean_bytes;
use duizhao::segment::{Draft, SegmentOptions, Srx, drafts};

use crate::exit::Status;
use crate::options::Format;
use crate::output;

/// Options of `segment`.
#[derive(clap::Args)]
pub struct Args {
    /// The files: plain text, Markdown, HTML, DOCX or EPUB
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show the file's text against the clean text
    #[arg(long, conflicts_with = "format")]
    diff: bool,
    /// How much cleaning may change
    #[arg(long, value_enum, default_value_t)]
    policy: Policy,
    /// The encoding, where detection guesses wrong (gb18030, big5, utf-16le, …)
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The language of the text
    #[arg(long, value_name = "TAG", default_value = "zh-Hans")]
    lang: Lang,
    /// Rules for sentences (SRX 2.0), in place of duizhao's own
    #[arg(long, value_name = "FILE")]
    srx: Option<PathBuf>,
    /// Don't look for suspected misreadings
    #[arg(long)]
    no_suspects: bool,
}

/// How much cleaning may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// Nothing
    None,
    /// What can be proved
    #[default]
    Safe,
    /// Also what is only very likely
    All,
}

/// Prints the report.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let srx = match &args.srx {
        Some(path) => {
            let bytes = std::fs::read(path)
                .with_context(|| format!("{}: reading failed", path.display()))?;
            Some(Arc::new(Srx::parse(&path.to_string_lossy(), &bytes)?))
        }
        None => None,
    };
    let mut files = Vec::with_capacity(args.files.len());
    for file in &args.files {
        files.push(read(file, args, srx.clone())?);
    }
    // Articles are made one at a time, so that a large file's are never in memory together.
    let drafts = files
        .iter_mut()
        .flat_map(|(cleaned, options)| drafts(std::mem::take(cleaned), options));
    if args.format == Format::Json && !args.diff {
        // There are no colours in it that a terminal might have to be spared.
        let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        json::write(&mut out, drafts)?;
        out.flush()?;
        return Ok(Status::Done);
    }
    let mut out = std::io::BufWriter::new(output::stdout());
    let articles = drafts.map(Draft::into_article);
    if args.diff {
        diff::write(&mut out, articles)?;
    } else {
        text::write(&mut out, articles)?;
    }
    out.flush()?;
    Ok(Status::Done)
}

fn read(
    file: &Path,
    args: &Args,
    srx: Option<Arc<Srx>>,
) -> anyhow::Result<(CleanDocument, SegmentOptions)> {
    let path = file.to_string_lossy();
    let bytes = std::fs::read(file).with_context(|| {
        format!("{path}: the file can't be read; check the name and its rights")
    })?;
    let reading = IngestOptions {
        encoding: args.encoding.clone(),
        ..IngestOptions::default()
    };
    let mut options = CleanOptions::new(args.lang.clone());
    options.policy = match args.policy {
        Policy::None => clean::Policy::None,
        Policy::Safe => clean::Policy::Safe,
        Policy::All => clean::Policy::All,
    };
    options.suspects = !args.no_suspects;
    let decisions = PathBuf::from(Decisions::file_of(&path));
    match std::fs::read_to_string(&decisions) {
        Ok(text) => options.decisions = Decisions::parse(&decisions.to_string_lossy(), &text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("{}: reading failed", decisions.display()));
        }
    }
    let segmenting = SegmentOptions {
        srx,
        ..SegmentOptions::new(&path, args.lang.clone())
    };
    let mut cleaned = clean_bytes(&path, bytes, &reading, &options)?;
    for stale in std::mem::take(&mut cleaned.stale_decisions) {
        output::warn(&format!(
            "{}: {stale}; remove the decision",
            decisions.display()
        ));
    }
    Ok((cleaned, segmenting))
}
