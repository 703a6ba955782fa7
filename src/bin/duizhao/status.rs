//! `duizhao status`: how far each article has come.

use std::io::Write;

use duizhao::model::ArticleId;
use duizhao::pipeline::status::{ArticleStatus, status};
use duizhao::pipeline::sync::sync;

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
use crate::output;

/// Options of `status`.
#[derive(clap::Args)]
pub struct Args {
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the status of each article in each language.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let synced = sync(&workspace)?;
    let articles = status(&workspace, &synced);
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let orphans: Vec<&str> = synced.orphans.iter().map(ArticleId::as_str).collect();
            let json = serde_json::json!({ "articles": articles, "orphans": orphans });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            for article in &articles {
                print(&mut out, article)?;
            }
            if articles.is_empty() {
                writeln!(out, "no articles: put files into sources/")?;
            }
            for orphan in &synced.orphans {
                writeln!(
                    out,
                    "{orphan}: in translations/, but no source gives it any more"
                )?;
            }
        }
    }
    Ok(Status::Done)
}

fn print(out: &mut impl Write, article: &ArticleStatus) -> std::io::Result<()> {
    let bold = anstyle::Style::new().bold();
    writeln!(
        out,
        "{bold}{}{bold:#} → {}  {}",
        article.article, article.language, article.title
    )?;
    let missing = article.segments - article.translated;
    let color = if missing == 0 {
        output::GOOD
    } else {
        output::WARNING
    };
    writeln!(
        out,
        "  {} sentences, {color}{} translated{color:#}, {} reviewed, {} outdated, {} doubts; \
         {} characters, {} words",
        article.segments,
        article.translated,
        article.reviewed,
        article.outdated,
        article.doubts,
        article.characters,
        article.words
    )
}
