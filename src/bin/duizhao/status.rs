//! `duizhao status`: how far each article has come.

use std::io::Write;

use duizhao::model::ArticleId;
use duizhao::pipeline::merge::{Waiting, waiting};
use duizhao::pipeline::status::{ArticleStatus, status};
use duizhao::pipeline::sync::sync;
use duizhao::pipeline::translate::costs;
use duizhao::translate::Sum;
use duizhao::translate::price::full_name;

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
    let articles = status(&workspace, &synced)?;
    let costs = costs(&workspace)?;
    let waiting = waiting(&workspace)?;
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let orphans: Vec<&str> = synced.orphans.iter().map(ArticleId::as_str).collect();
            let json = serde_json::json!({
                "articles": articles,
                "costs": costs,
                "orphans": orphans,
                "quarantine": waiting
                    .iter()
                    .map(|file| serde_json::json!({ "file": file.path, "units": file.units }))
                    .collect::<Vec<_>>(),
            });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            for article in &articles {
                print(&mut out, article)?;
            }
            for sum in &costs {
                print_cost(&mut out, sum)?;
            }
            for file in &waiting {
                writeln!(out, "{}", waits(file))?;
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
        "  {}, {color}{} translated{color:#}, {} reviewed, {} outdated, {}; {}, {}",
        output::count(article.segments, "sentence"),
        article.translated,
        article.reviewed,
        article.outdated,
        output::count(article.doubts, "doubt"),
        output::count(article.characters, "character"),
        output::count(article.words, "word")
    )?;
    if article.terms > 0 {
        writeln!(
            out,
            "  {} of {} terms as the glossary has them ({} %)",
            article.terms_used,
            article.terms,
            article.terms_used * 100 / article.terms
        )?;
    }
    Ok(())
}

/// What waits in a file of the quarantine, as a line for a person.
pub(crate) fn waits(file: &Waiting) -> String {
    let path = file.path.display();
    match file.units {
        Some(1) => format!("1 unit waits in {path}: mend it there, then merge that file"),
        Some(units) => {
            format!("{units} units wait in {path}: mend them there, then merge that file")
        }
        None => {
            format!("{path} can't be read: `duizhao xliff lint` says why; mend it, then merge it")
        }
    }
}

/// What one engine was paid for one article.
fn print_cost(out: &mut impl Write, sum: &Sum) -> std::io::Result<()> {
    let cost = sum.cost.map_or_else(
        || "price unknown".to_owned(),
        |cost| format!("{cost:.4} {}", sum.currency),
    );
    writeln!(
        out,
        "cost: {} with {}: {}, {}, {}, {cost}{}",
        sum.article,
        full_name(&sum.engine, &sum.model),
        output::count(sum.usage.requests, "request"),
        output::count(sum.usage.characters, "character"),
        output::count(sum.usage.tokens(), "token"),
        output::estimate(&sum.usage)
    )
}
