//! `duizhao merge`: brings reviewed XLIFF back.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use duizhao::pipeline::merge::{Merged, merge};
use duizhao::review::{Action, Class, Reviewer};

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
use crate::output;

/// Options of `merge`.
#[derive(clap::Args)]
pub struct Args {
    /// The files that came back: XLIFF 1.2 or 2.x
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Who reviewed; written into the history of each target
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Merges the files and tells what became of each unit.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let reviewer = Reviewer {
        name: args.by.clone(),
        when: Some(crate::translate::today()),
    };
    let done = merge(&workspace, &args.files, &reviewer, args.dry_run)?;
    let merged = &done.files;
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let files: Vec<serde_json::Value> = merged.iter().map(json).collect();
            let report = serde_json::json!({
                "dry_run": args.dry_run,
                "files": files,
                "written": done.written,
            });
            writeln!(out, "{report:#}")?;
        }
        Format::Text => {
            for merged in merged {
                print(&mut out, merged, args.dry_run)?;
            }
            for (id, changes) in &done.revised {
                writeln!(
                    out,
                    "{id}: brought in line with its source: {} as before, {}",
                    output::count(changes.unchanged, "sentence"),
                    output::changes(changes)
                )?;
            }
            for name in &done.written {
                writeln!(out, "wrote   {name}")?;
            }
        }
    }
    let quarantined: usize = merged.iter().map(Merged::quarantined).sum();
    Ok(if quarantined > 0 {
        Status::Findings
    } else {
        Status::Done
    })
}

fn json(merged: &Merged) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = merged
        .rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "id": row.id,
                "line": row.line,
                "class": row.class.name(),
                "action": row.action.name(),
                "message": row.message,
                "new_notes": row.notes,
            })
        })
        .collect();
    serde_json::json!({
        "file": merged.path,
        "article": merged.article,
        "language": merged.lang,
        "counts": counts(merged)
            .into_iter()
            .map(|((class, action), count)| serde_json::json!({
                "class": class.name(), "action": action.name(), "units": count
            }))
            .collect::<Vec<_>>(),
        "quarantine": merged.quarantine.as_ref().map(|(path, _)| path),
        "waiting": merged.quarantine.as_ref().map_or(0, |(_, quarantine)| quarantine.units),
        "settled": merged.settled,
        "rows": rows,
    })
}

fn counts(merged: &Merged) -> BTreeMap<(Class, Action), usize> {
    let mut counts = BTreeMap::new();
    for row in &merged.rows {
        *counts.entry((row.class, row.action)).or_default() += 1;
    }
    counts
}

fn print(out: &mut impl Write, merged: &Merged, dry_run: bool) -> std::io::Result<()> {
    let bold = anstyle::Style::new().bold();
    writeln!(
        out,
        "{bold}{}{bold:#} → {} ({})",
        merged.path.display(),
        merged.article,
        merged.lang
    )?;
    for ((class, action), count) in counts(merged) {
        let color = match action {
            Action::Kept => anstyle::Style::new(),
            Action::Applied => output::GOOD,
            Action::Suggested => output::WARNING,
            Action::Quarantined => output::ERROR,
        };
        writeln!(
            out,
            "  {count:>6}  {:<21} {color}{}{color:#}",
            class.name(),
            action.name()
        )?;
    }
    let notes: usize = merged.rows.iter().map(|row| row.notes).sum();
    if notes > 0 {
        writeln!(out, "  {notes:>6}  new notes")?;
    }
    for row in &merged.rows {
        if row.message.is_empty() || row.class == Class::Approved {
            continue;
        }
        let line = row.line.map_or_else(String::new, |line| format!(":{line}"));
        writeln!(
            out,
            "  {}{line}: {} {}, {}: {}",
            merged.path.display(),
            row.id,
            row.class.name(),
            row.action.name(),
            row.message
        )?;
    }
    if let Some((path, quarantine)) = &merged.quarantine {
        let verb = match (dry_run, quarantine.units) {
            (true, _) => "would wait",
            (false, 1) => "waits",
            (false, _) => "wait",
        };
        let units = if quarantine.units == 1 {
            "unit"
        } else {
            "units"
        };
        writeln!(
            out,
            "  {} {units} {verb} in {}: mend what is there, then merge that file",
            quarantine.units,
            path.display()
        )?;
    }
    if let Some(path) = &merged.settled {
        let verb = if dry_run {
            "would be removed"
        } else {
            "is removed"
        };
        writeln!(out, "  {} is settled and {verb}", path.display())?;
    }
    Ok(())
}
