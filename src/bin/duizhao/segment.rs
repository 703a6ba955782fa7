//! `duizhao segment`: what duizhao makes of a file. Needs no workspace; for a file that lies in one,
//! what its `duizhao.toml` says holds as for `publish`, unless an option says otherwise.

mod diff;
mod json;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context;
use clap::ValueEnum;
use duizhao::clean::{self, Decisions};
use duizhao::model::{CleanDocument, Lang};
use duizhao::pipeline::source::{SourceOptions, SourceReader, clean_bytes};
use duizhao::segment::{Draft, SegmentOptions, Srx, drafts};
use duizhao::workspace::{Workspace, WorkspaceError};

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
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
    /// How much cleaning may change [default: what duizhao.toml says, or safe]
    #[arg(long, value_enum, hide_default_value = true)]
    policy: Option<Policy>,
    /// The encoding, where detection guesses wrong (gb18030, big5, utf-16le, …)
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<String>,
    /// The language of the text [default: what duizhao.toml says, or zh-Hans]
    #[arg(long, value_name = "TAG")]
    lang: Option<Lang>,
    /// Rules for sentences (SRX 2.0), in place of duizhao's own
    #[arg(long, value_name = "FILE")]
    srx: Option<PathBuf>,
    /// Don't look for suspected misreadings
    #[arg(long)]
    no_suspects: bool,
}

/// How much cleaning may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// Nothing
    None,
    /// What can be proved
    Safe,
    /// Also what is only very likely
    All,
}

/// An encoding that exists.
fn encoding(label: &str) -> Result<String, String> {
    if encoding_rs::Encoding::for_label(label.as_bytes()).is_some() {
        Ok(label.to_owned())
    } else {
        Err("no such encoding; gb18030, big5, utf-16le and utf-8 are some".into())
    }
}

/// Prints the report.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
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
        files.push(read(file, args, place, srx.clone())?);
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

/// The workspace that a file belongs to, and the file's name in it: that of `-C`, else the nearest
/// one above the file.
fn workspace_of(
    file: &Path,
    place: &InWorkspace,
) -> Result<Option<(Workspace, String)>, WorkspaceError> {
    let path = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let workspace = if place.directory.is_some() {
        place.open()?
    } else {
        match Workspace::find(path.parent().unwrap_or(&path)) {
            Ok(workspace) => workspace,
            Err(WorkspaceError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
    };
    let root = workspace.root().canonicalize().unwrap_or_default();
    let name = path.strip_prefix(root).ok().map(|inside| {
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    });
    Ok(Some((workspace, name.unwrap_or_default())))
}

fn read(
    file: &Path,
    args: &Args,
    place: &InWorkspace,
    srx: Option<Arc<Srx>>,
) -> anyhow::Result<(CleanDocument, SegmentOptions)> {
    let path = file.to_string_lossy();
    let bytes = std::fs::read(file).with_context(|| {
        format!("{path}: the file can't be read; check the name and its rights")
    })?;
    let workspace = workspace_of(file, place)?;
    let mut options = match &workspace {
        Some((workspace, name)) => SourceReader::new(workspace)?.options(name),
        None => SourceOptions::new(&path, Lang::from_str("zh-Hans")?),
    };
    if let Some(lang) = &args.lang {
        options.reading.lang = Some(lang.clone());
        options.cleaning.lang = lang.clone();
        options.segmenting.lang = lang.clone();
    }
    // The file may lie elsewhere: its own name counts.
    options.segmenting = SegmentOptions {
        article_lines: options.segmenting.article_lines,
        srx: srx.or(options.segmenting.srx),
        ..SegmentOptions::new(&path, options.segmenting.lang)
    };
    if args.encoding.is_some() {
        options.reading.encoding.clone_from(&args.encoding);
    }
    match args.policy {
        Some(Policy::None) => options.cleaning.policy = clean::Policy::None,
        Some(Policy::Safe) => options.cleaning.policy = clean::Policy::Safe,
        Some(Policy::All) => options.cleaning.policy = clean::Policy::All,
        None => {}
    }
    options.cleaning.suspects = !args.no_suspects;
    let decisions = PathBuf::from(Decisions::file_of(&path));
    match std::fs::read_to_string(&decisions) {
        Ok(text) => {
            options.cleaning.decisions = Decisions::parse(&decisions.to_string_lossy(), &text)?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("{}: reading failed", decisions.display()));
        }
    }
    let mut cleaned = clean_bytes(&path, bytes, &options.reading, &options.cleaning)?;
    for stale in std::mem::take(&mut cleaned.stale_decisions) {
        output::warn(&format!(
            "{}: {stale}; remove the decision",
            decisions.display()
        ));
    }
    if let Some((workspace, name)) = &workspace {
        SourceReader::new(workspace)?.check_article_lines(name, &cleaned)?;
    }
    Ok((cleaned, options.segmenting))
}
