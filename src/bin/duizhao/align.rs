//! `duizhao align`: makes a record from a translation that exists, or prints the alignment.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::ValueEnum;
use duizhao::align::table::{write_pairs, write_review};
use duizhao::align::{Alignment, Dictionary};
use duizhao::model::Lang;
use duizhao::pipeline::align::{Pair, PairOptions, RecordOptions, Stored, read_dictionary, record};
use duizhao::tmx;
use duizhao::workspace::{Workspace, WorkspaceError};

use crate::exit::Status;
use crate::options::InWorkspace;
use crate::output;

/// Options of `align`.
#[derive(clap::Args)]
pub struct Args {
    /// The source; to write a record, a file in sources/
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Its translation, in any format that a source can have
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    /// Take each line of both files as one sentence; blank lines end a paragraph
    #[arg(long, requires = "print")]
    lines: bool,
    /// A Chinese-English dictionary in CC-CEDICT's format
    #[arg(long, value_name = "FILE")]
    dictionary: Option<PathBuf>,
    /// Print the alignment in this format and write no record; needs no workspace
    #[arg(long, value_enum, group = "print")]
    format: Option<Format>,
    /// Print a table to correct in a spreadsheet; needs no workspace
    #[arg(long, group = "print")]
    review: bool,
    /// Take the rows from this table, which --review printed and a person corrected
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// The languages, as zh-Hans:en [default: the workspace's, else told by script]
    #[arg(long, value_name = "SOURCE:TARGET", value_parser = parse_langs)]
    langs: Option<(Lang, Lang)>,
}

/// How an alignment is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One pair a line, the texts first
    Tsv,
    /// A translation memory
    Tmx,
    /// Sentence numbers, counted from 0
    Json,
}

fn parse_langs(text: &str) -> Result<(Lang, Lang), String> {
    let (source, target) = text
        .split_once(':')
        .ok_or("write two language tags with a colon between them, as in zh-Hans:en")?;
    let parse = |tag: &str| tag.parse::<Lang>().map_err(|error| error.to_string());
    Ok((parse(source)?, parse(target)?))
}

/// Writes the record and reports, or prints the alignment.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let dictionary = args
        .dictionary
        .as_deref()
        .map(read_dictionary)
        .transpose()?;
    if args.format.is_some() || args.review {
        let workspace = match place.open() {
            Ok(workspace) => Some(workspace),
            // A folder that was named must be one.
            Err(WorkspaceError::NotFound(_)) if place.directory.is_none() => None,
            Err(error) => return Err(error.into()),
        };
        print(args, workspace.as_ref(), dictionary.as_ref())?;
        return Ok(Status::Done);
    }
    let workspace = place.open()?;
    if let Some((source, _)) = &args.langs
        && *source != workspace.config().source
    {
        bail!(
            "the workspace's source language is {}, not {source}",
            workspace.config().source
        );
    }
    let options = RecordOptions {
        lang: args.langs.as_ref().map(|(_, target)| target.clone()),
        dictionary: dictionary.as_ref(),
        rows: args.rows.as_deref(),
    };
    let stored = record(&workspace, &args.source, &args.target, &options)?;
    report(&stored)?;
    Ok(Status::Done)
}

fn print(
    args: &Args,
    workspace: Option<&Workspace>,
    dictionary: Option<&Dictionary>,
) -> anyhow::Result<()> {
    let options = PairOptions {
        lines: args.lines,
        langs: args.langs.clone(),
    };
    let pair = Pair::read(&args.source, &args.target, workspace, &options)?;
    let alignment = match &args.rows {
        Some(rows) => pair.read_rows(rows, dictionary)?,
        None => pair.align(dictionary),
    };
    let mut out = std::io::BufWriter::new(output::stdout());
    match args.format {
        Some(Format::Json) => write_json(&mut out, &alignment)?,
        Some(Format::Tmx) => {
            let tool = ("duizhao".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
            write!(out, "{}", tmx::write(&pair.to_tmx(&alignment, tool)))?;
        }
        format => {
            let (source, target) = (pair.source.texts(), pair.target.texts());
            let table = if format.is_some() {
                let join = [pair.source.space(), pair.target.space()];
                write_pairs(&alignment.rows, &source, &target, join)
            } else {
                write_review(&alignment.rows, &source, &target)
            };
            write!(out, "{table}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// One row a line, so that two alignments can be compared with `diff`.
fn write_json(out: &mut impl Write, alignment: &Alignment) -> anyhow::Result<()> {
    write!(out, "{{\"rows\":[")?;
    for (index, row) in alignment.rows.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let mut row = row.clone();
        row.score = (row.score * 1e4).round() / 1e4;
        write!(out, "{comma}\n{}", serde_json::to_string(&row)?)?;
    }
    writeln!(out, "\n]}}")?;
    Ok(())
}

fn report(stored: &Stored) -> anyhow::Result<()> {
    let mut out = output::stdout();
    let articles: Vec<String> = stored.articles.iter().map(ToString::to_string).collect();
    writeln!(
        out,
        "{}: {} translated, {} more covered by them, {} kept as they were",
        articles.join(", "),
        output::count(stored.translated, "sentence"),
        stored.covered,
        stored.kept
    )?;
    let warning = output::WARNING;
    for finding in &stored.findings {
        let article = finding.location.article.as_ref();
        let segment = finding.location.segment.as_ref();
        writeln!(
            out,
            "{}/{}: {warning}{}{warning:#}: {}",
            article.map_or("", |id| id.as_str()),
            segment.map_or("", |id| id.as_str()),
            finding.rule,
            finding.message
        )?;
    }
    for name in &stored.written {
        writeln!(out, "wrote   {name}")?;
    }
    if stored.written.is_empty() {
        writeln!(out, "translations/ has this alignment already")?;
    }
    Ok(())
}
