//! `duizhao translate`: brings translations/ up to date with sources/ and fills what has no target.

use std::io::Write;

use duizhao::model::Lang;
use duizhao::pipeline::translate::{TranslateInputs, Translated, settings, translate};
use duizhao::translate::{Cancel, Keys, Outcome, Secret, Settings, Snapshot, engine};
use duizhao::workspace::Workspace;

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
use crate::output;
use crate::progress::Progress;

/// Options of `translate`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: EngineOptions,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What overrides the `[translate]` table.
#[derive(clap::Args)]
pub struct EngineOptions {
    /// The engine that fills what has no target [default: that of duizhao.toml, or none]
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// Where the engine listens, in place of its public address
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Stop before the run has cost more than this, in the price table's currency
    #[arg(long, value_name = "N")]
    max_cost: Option<f64>,
    /// Requests under way at a time
    #[arg(long, value_name = "N")]
    concurrency: Option<usize>,
}

/// Updates and fills the records, and reports what changed.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let done = update(&workspace, &args.options)?;
    print(&done, args.format)?;
    finish(done)
}

/// Brings translations/ up to date and fills what has no target.
pub fn update(workspace: &Workspace, options: &EngineOptions) -> anyhow::Result<Translated> {
    let settings = with_options(settings(workspace)?, options);
    engine::check_name(settings.engine())?;
    let progress = Bar(Progress::spinner("translating"));
    let inputs = TranslateInputs {
        settings: &settings,
        keys: &keys(),
        progress: &progress,
        cancel: &Cancel::default(),
        today: &today(),
        retry_rejected: false,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(translate(workspace, &inputs))?;
    progress.0.finish();
    Ok(done)
}

/// The status of a run that may have been stopped.
pub fn finish(done: Translated) -> anyhow::Result<Status> {
    for outcome in done.outcomes.into_values() {
        if let Some(error) = outcome.stopped {
            return Err(error.into());
        }
    }
    Ok(Status::Done)
}

fn with_options(mut settings: Settings, options: &EngineOptions) -> Settings {
    let EngineOptions {
        engine,
        base_url,
        max_cost,
        concurrency,
    } = options;
    settings.engine = engine.clone().or(settings.engine);
    settings.base_url = base_url.clone().or(settings.base_url);
    settings.max_cost = max_cost.or(settings.max_cost);
    settings.concurrency = concurrency.or(settings.concurrency);
    settings
}

/// The keys that the environment has.
fn keys() -> Keys {
    let mut keys = Keys::default();
    for name in engine::names() {
        let Some(variable) = engine::key_variable(name) else {
            continue;
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the binary is where the environment is read"
        )]
        let value = std::env::var(variable);
        if let Some(secret) = value.ok().as_deref().and_then(Secret::new) {
            keys.insert(name, secret);
        }
    }
    keys
}

/// The day in UTC, for provenance.
pub fn today() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the binary is where the clock is read"
    )]
    let now = std::time::SystemTime::now();
    jiff::Timestamp::try_from(now).map_or_else(
        |_| String::new(),
        |now| now.strftime("%Y-%m-%d").to_string(),
    )
}

struct Bar(Progress);

impl duizhao::translate::Progress for Bar {
    fn update(&self, snapshot: &Snapshot) {
        let costs: Vec<String> = snapshot
            .cost
            .iter()
            .map(|(unit, sum)| format!("{sum:.4} {unit}"))
            .collect();
        self.0.say(&format!(
            "{} of {} sentences, {} in flight {}",
            snapshot.done,
            snapshot.total,
            snapshot.in_flight,
            costs.join(", ")
        ));
    }
}

/// Prints what changed in each article, and what was filled.
pub fn print(done: &Translated, format: Format) -> anyhow::Result<()> {
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let changes: serde_json::Map<String, serde_json::Value> = done
                .synced
                .changes
                .iter()
                .map(|(id, changes)| Ok((id.to_string(), serde_json::to_value(changes)?)))
                .collect::<serde_json::Result<_>>()?;
            let json = serde_json::json!({ "changes": changes, "written": done.written });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            for (id, changes) in &done.synced.changes {
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
            for (lang, outcome) in &done.outcomes {
                print_outcome(&mut out, lang, outcome)?;
            }
            for name in &done.written {
                writeln!(out, "wrote   {name}")?;
            }
            if done.written.is_empty() {
                writeln!(out, "translations/ is up to date with sources/")?;
            }
        }
    }
    Ok(())
}

fn print_outcome(out: &mut impl Write, lang: &Lang, outcome: &Outcome) -> std::io::Result<()> {
    let counts = &outcome.counts;
    let parts = [
        (counts.translated, "translated"),
        (counts.memory, "from the memory"),
        (counts.journal, "from the journal"),
        (counts.repeated, "repeated"),
        (counts.pseudo, "pseudo-translated"),
        (counts.left, "left without a translation"),
    ];
    for (count, what) in parts.iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "{lang}: {count} sentences {what}")?;
    }
    Ok(())
}
