//! `duizhao translate`: brings translations/ up to date with sources/ and fills what has no target.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use duizhao::model::{ArticleId, Finding, Lang, SegmentId, Severity};
use duizhao::pipeline::translate::{TranslateInputs, Translated, plan, settings, translate};
use duizhao::translate::price::full_name;
use duizhao::translate::{Cancel, Keys, Outcome, Plan, Settings, Snapshot, engine};
use duizhao::workspace::Workspace;

use crate::exit::Status;
use crate::options::{Format, InWorkspace};
use crate::progress::Progress;
use crate::{keys, output};

/// Options of `translate`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: EngineOptions,
    /// Print segments, characters, tokens and cost per engine; call and write nothing
    #[arg(long)]
    dry_run: bool,
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
    /// The engine's model
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Stop before the run has cost more than this, in the price table's currency
    #[arg(long, value_name = "N", value_parser = cost)]
    max_cost: Option<f64>,
    /// Requests under way at a time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: Option<u16>,
    /// Sentences in one request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    batch: Option<u16>,
    /// Ask again for sentences whose answers an earlier run rejected
    #[arg(long)]
    retry_rejected: bool,
}

fn cost(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(cost) if cost.is_finite() && cost >= 0.0 => Ok(cost),
        _ => Err("write a sum like 2.50".to_owned()),
    }
}

/// Updates and fills the records, and reports what changed.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    if args.dry_run {
        return dry_run(&workspace, args);
    }
    let done = update(&workspace, &args.options)?;
    for stale in done.synced.stale_decisions.values().flatten() {
        output::warn(stale);
    }
    print(&done, args.format)?;
    finish(done)
}

/// Brings translations/ up to date and fills what has no target.
pub fn update(workspace: &Workspace, options: &EngineOptions) -> anyhow::Result<Translated> {
    let settings = with_options(settings(workspace)?, options);
    for name in settings.engines_in_use() {
        engine::check_name(&name)?;
    }
    let keys = keys::of_environment();
    let cancel = Cancel::default();
    let progress = Bar::new();
    let inputs = TranslateInputs {
        settings: &settings,
        keys: &keys,
        progress: &progress,
        cancel: &cancel,
        today: &today(),
        retry_rejected: options.retry_rejected,
    };
    let done = runtime()?.block_on(async {
        let listener = tokio::spawn(listen(cancel.clone()));
        let done = translate(workspace, &inputs).await;
        listener.abort();
        done
    });
    progress.line.finish();
    Ok(done?)
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Stops the run at the first Ctrl-C, when what is in flight has come in; at the second at once.
async fn listen(cancel: Cancel) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    cancel.cancel();
    output::say("stopping when what is in flight has come in; Ctrl-C again stops at once");
    if tokio::signal::ctrl_c().await.is_ok() {
        #[expect(
            clippy::exit,
            reason = "the user asked twice; the journal is safe at any moment"
        )]
        std::process::exit(Status::Interrupted as i32);
    }
}

/// Prints what a run would send and cost.
fn dry_run(workspace: &Workspace, args: &Args) -> anyhow::Result<Status> {
    let settings = with_options(settings(workspace)?, &args.options);
    let inputs = TranslateInputs {
        settings: &settings,
        keys: &Keys::default(),
        progress: &|_: &Snapshot| {},
        cancel: &Cancel::default(),
        today: &today(),
        retry_rejected: args.options.retry_rejected,
    };
    let plans = runtime()?.block_on(plan(workspace, &inputs))?;
    let mut out = output::stdout();
    if args.format == Format::Json {
        let json: serde_json::Map<String, serde_json::Value> = plans
            .iter()
            .map(|(lang, plan)| Ok((lang.to_string(), serde_json::to_value(plan)?)))
            .collect::<serde_json::Result<_>>()?;
        writeln!(out, "{:#}", serde_json::json!({ "plans": json }))?;
        return Ok(Status::Done);
    }
    for (lang, plan) in &plans {
        print_plan(&mut out, lang, plan)?;
    }
    Ok(Status::Done)
}

fn print_plan(out: &mut impl Write, lang: &Lang, plan: &Plan) -> std::io::Result<()> {
    writeln!(
        out,
        "{lang}: {}; {} translated already, {} free (memory, journal, figures), {}{}",
        output::count(plan.segments, "sentence"),
        plan.kept,
        plan.free,
        output::count(plan.repeated, "repetition"),
        match plan.given_up {
            0 => String::new(),
            given_up => format!(", {given_up} given up (--retry-rejected asks again)"),
        }
    )?;
    writeln!(
        out,
        "  {:<32} {:>9} {:>10} {:>9} {:>12} {:>12}  {:>12}  price of",
        "engine", "segments", "characters", "requests", "tokens in", "tokens out", "cost"
    )?;
    for row in &plan.rows {
        let cost = row.cost.map_or_else(
            || "unknown".to_owned(),
            |cost| format!("{cost:.4} {}", row.currency),
        );
        let mark = if row.chosen { "*" } else { " " };
        let usage = &row.usage;
        writeln!(
            out,
            "{mark} {:<32} {:>9} {:>10} {:>9} {:>12} {:>12}  {cost:>12}  {}",
            full_name(&row.engine, &row.model),
            row.segments,
            row.characters,
            usage.requests,
            usage.input_tokens + usage.cached_tokens + usage.cache_write_tokens,
            usage.output_tokens,
            row.as_of.as_deref().unwrap_or("-")
        )?;
    }
    Ok(())
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
        model,
        max_cost,
        concurrency,
        batch,
        retry_rejected: _,
    } = options;
    if let Some(name) = engine {
        if settings.engine() != name {
            // The address and model in duizhao.toml belong to the engine that stands there.
            settings.base_url = None;
            settings.model = None;
        }
        settings.engine = Some(name.clone());
        settings.articles.clear();
    }
    let main = settings.engine().to_owned();
    if base_url.is_some() || model.is_some() || concurrency.is_some() || batch.is_some() {
        // What the command line says comes before the engine's own table too.
        let own = settings.engines.entry(main).or_default();
        own.base_url = base_url.clone().or(own.base_url.take());
        own.model = model.clone().or(own.model.take());
        own.concurrency = concurrency.map(usize::from).or(own.concurrency);
        own.batch = batch.map(usize::from).or(own.batch);
    }
    settings.max_cost = max_cost.or(settings.max_cost);
    warn_of_idle(&settings, options);
    settings
}

/// Tells which options have nothing to act on, as no engine will be asked.
fn warn_of_idle(settings: &Settings, options: &EngineOptions) {
    let none = |name: &str| name == engine::NONE;
    let of_engine = none(settings.engine());
    let of_run = settings.engines_in_use().iter().all(|name| none(name));
    let given = [
        ("--base-url", options.base_url.is_some() && of_engine),
        ("--model", options.model.is_some() && of_engine),
        ("--concurrency", options.concurrency.is_some() && of_engine),
        ("--batch", options.batch.is_some() && of_engine),
        ("--max-cost", options.max_cost.is_some() && of_run),
        ("--retry-rejected", options.retry_rejected && of_run),
    ];
    let idle: Vec<&str> = given
        .iter()
        .filter(|(_, idle)| *idle)
        .map(|(name, _)| *name)
        .collect();
    if !idle.is_empty() {
        output::warn(&format!(
            "no engine is set, so {} changes nothing; name one with --engine or in duizhao.toml",
            idle.join(", ")
        ));
    }
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

/// The line that says how a run goes on.
struct Bar {
    line: Progress,
    start: Instant,
    /// What was said about failing requests, each once, a few at most.
    said: Mutex<BTreeSet<String>>,
}

impl Bar {
    fn new() -> Self {
        Self {
            line: Progress::spinner("translating"),
            start: Instant::now(),
            said: Mutex::default(),
        }
    }
}

impl duizhao::translate::Progress for Bar {
    fn update(&self, snapshot: &Snapshot) {
        if let Some(trouble) = &snapshot.trouble {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            let again = if trouble.again {
                "; it is asked again"
            } else {
                ""
            };
            let message = format!("{}{again}", trouble.message);
            if said.len() < 5 && !said.contains(&message) {
                self.line.suspend(|| output::warn(&message));
                said.insert(message);
            }
        }
        self.line
            .say(&progress_line(snapshot, self.start.elapsed()));
    }
}

/// Count, rate, cost and time left. What cost nothing was there at once and says nothing about
/// the rate.
fn progress_line(snapshot: &Snapshot, elapsed: Duration) -> String {
    let mut parts = vec![format!("{}/{} sentences", snapshot.done, snapshot.total)];
    let paid = snapshot.done.saturating_sub(snapshot.free);
    if paid > 0 && !elapsed.is_zero() {
        #[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
        let (paid, left) = (paid as f64, (snapshot.total - snapshot.done) as f64);
        let rate = paid / elapsed.as_secs_f64();
        parts.push(format!("{rate:.1}/s"));
        let left = Duration::from_secs_f64((left / rate).ceil());
        if !left.is_zero() {
            parts.push(format!("{} left", indicatif::HumanDuration(left)));
        }
    }
    for (currency, sum) in &snapshot.cost {
        parts.push(format!("{sum:.4} {currency}"));
    }
    if snapshot.in_flight > 0 {
        parts.push(format!("{} in flight", snapshot.in_flight));
    }
    if let Some(held) = snapshot.held {
        parts.push(format!(
            "the service asked to wait {:.0} s",
            held.as_secs_f64().ceil()
        ));
    }
    parts.join(", ")
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
            let outcomes: serde_json::Map<String, serde_json::Value> = done
                .outcomes
                .iter()
                .map(|(lang, outcome)| {
                    let value = serde_json::json!({
                        "counts": outcome.counts,
                        "engines": outcome.engines,
                        "findings": outcome.findings,
                        "stopped": outcome.stopped.as_ref().map(ToString::to_string),
                    });
                    (lang.to_string(), value)
                })
                .collect();
            let json = serde_json::json!({
                "changes": changes,
                "outcomes": outcomes,
                "written": done.written,
            });
            writeln!(out, "{json:#}")?;
        }
        Format::Text => {
            for (id, changes) in &done.synced.changes {
                if !changes.any() {
                    continue;
                }
                writeln!(
                    out,
                    "{id}: {} as before, {}",
                    output::count(changes.unchanged, "sentence"),
                    output::changes(changes)
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

/// Findings that one run prints; `check` lists them all.
const SHOWN: usize = 20;

/// Prints what is wrong with what was filled, the worst first.
fn print_findings(findings: &[Finding]) {
    let mut worst: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .collect();
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in worst.iter().take(SHOWN) {
        let place = &finding.location;
        let article = place.article.as_ref().map_or("", ArticleId::as_str);
        let segment = place.segment.as_ref().map_or("", SegmentId::as_str);
        output::warn(&format!(
            "{article} {segment}: {}: {}",
            finding.rule, finding.message
        ));
    }
    if worst.len() > SHOWN {
        output::warn(&format!(
            "and {} more; `duizhao check` lists what is wrong in translations/",
            worst.len() - SHOWN
        ));
    }
}

fn print_outcome(out: &mut impl Write, lang: &Lang, outcome: &Outcome) -> std::io::Result<()> {
    let counts = &outcome.counts;
    let parts = [
        (counts.translated, "translated"),
        (counts.memory, "from the memory"),
        (counts.copied, "copied (figures)"),
        (counts.journal, "from the journal"),
        (counts.repeated, "repeated"),
        (counts.pseudo, "pseudo-translated"),
        (counts.left, "left without a translation"),
    ];
    for (count, what) in parts.iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "{lang}: {} {what}", output::count(*count, "sentence"))?;
    }
    if counts.terms > 0 {
        writeln!(
            out,
            "{lang}: {} of {} terms as the glossary has them",
            counts.terms_used, counts.terms
        )?;
    }
    for sum in &outcome.engines {
        let usage = &sum.usage;
        let cost = sum.cost.map_or_else(
            || "price unknown".to_owned(),
            |cost| format!("{cost:.4} {}", sum.currency),
        );
        writeln!(
            out,
            "{lang}: {}: {}, {}, {}, {cost}{}",
            full_name(&sum.engine, &sum.model),
            output::count(usage.requests, "request"),
            output::count(usage.characters, "character"),
            output::count(usage.tokens(), "token"),
            output::estimate(usage)
        )?;
    }
    print_findings(&outcome.findings);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_count_rate_time_left_and_cost() {
        let snapshot = Snapshot {
            total: 100,
            done: 40,
            free: 20,
            in_flight: 8,
            cost: [("USD".to_owned(), 0.25)].into(),
            held: None,
            trouble: None,
        };
        assert_eq!(
            progress_line(&snapshot, Duration::from_secs(10)),
            "40/100 sentences, 2.0/s, 30 seconds left, 0.2500 USD, 8 in flight"
        );
    }
}
