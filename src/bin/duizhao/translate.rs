//! `duizhao translate`: brings translations/ up to date with sources/.

use std::io::Write;

use duizhao::pipeline::sync::{Synced, sync};
use duizhao::workspace::Workspace;

use crate::args::{Format, InWorkspace};
use crate::exit::Status;
use crate::output;

/// Options of `translate`.
#[derive(clap::Args)]
pub struct Args {
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Updates the records and reports what changed.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let (synced, written) = update(&workspace)?;
    print(&synced, &written, args.format)?;
    Ok(Status::Done)
}

/// Brings ids and sources in translations/ up to date.
pub fn update(workspace: &Workspace) -> anyhow::Result<(Synced, Vec<String>)> {
    let synced = sync(workspace)?;
    let written = synced.save(workspace)?;
    Ok((synced, written))
}

/// Prints what changed in each article.
pub fn print(synced: &Synced, written: &[String], format: Format) -> anyhow::Result<()> {
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let changes: serde_json::Map<String, serde_json::Value> = synced
                .changes
                .iter()
                .map(|(id, changes)| Ok((id.to_string(), serde_json::to_value(changes)?)))
                .collect::<serde_json::Result<_>>()?;
            writeln!(
                out,
                "{:#}",
                serde_json::json!({ "changes": changes, "written": written })
            )?;
        }
        Format::Text => {
            for (id, changes) in &synced.changes {
                if !changes.any() {
                    continue;
                }
                let parts = [
                    (changes.added, "added"),
                    (changes.changed, "changed"),
                    (changes.carried, "repaired, translation kept for review"),
                    (changes.moved, "moved"),
                    (changes.revived, "back again"),
                    (changes.gone, "gone"),
                ];
                let parts: Vec<String> = parts
                    .iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, what)| format!("{count} {what}"))
                    .collect();
                writeln!(
                    out,
                    "{id}: {} sentences as before, {}",
                    changes.unchanged,
                    parts.join(", ")
                )?;
            }
            for name in written {
                writeln!(out, "wrote   {name}")?;
            }
            if written.is_empty() {
                writeln!(out, "translations/ is up to date with sources/")?;
            }
        }
    }
    Ok(())
}
