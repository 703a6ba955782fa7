//! How near a run comes to what the service's latency allows, and what it takes of this machine.
//!
//! `cargo bench --bench translate` prints makespan, share of the ideal, CPU of the client's threads
//! and memory, and ends with an error where a limit is broken: 1.10 of the ideal, 15 % of a core.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

#[path = "../tests/suite/translate/bench.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod bench;
#[path = "../tests/suite/translate/server.rs"]
mod server;

use std::time::{Duration, Instant};

use bench::{Bench, article, sentences};
use server::Server;

/// Ticks of `/proc/*/stat` in a second, on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut broken = false;
    for (name, texts, concurrency, latency) in [
        ("400 texts, 16 at a time, 200 ms", 400, 16, 200),
        ("47 texts, 8 at a time, 200 ms", 47, 8, 200),
        ("2000 texts, 64 at a time, 50 ms", 2000, 64, 50),
    ] {
        let server = Server::start(Duration::from_millis(latency), |text| {
            "word ".repeat(text.chars().count() * 2 / 3)
        });
        let more = format!("concurrency = {concurrency}\nbatch = 1");
        let bench = Bench::new("libretranslate", &server.address, &more);
        let mut articles = [article("a", &sentences(texts))];
        let (cpu, memory) = (client_cpu(), memory());
        let start = Instant::now();
        let outcome = runtime.block_on(bench.fill(&mut articles)).unwrap();
        let took = start.elapsed();
        assert!(outcome.stopped.is_none(), "{:?}", outcome.stopped);
        assert_eq!((server.texts(), server.twice()), (texts, 0));
        let rounds = u32::try_from(texts.div_ceil(concurrency)).unwrap();
        let ideal = Duration::from_millis(latency) * rounds;
        let share = took.as_secs_f64() / ideal.as_secs_f64();
        let load = (client_cpu() - cpu) / took.as_secs_f64() * 100.0;
        println!(
            "{name}: {:.3} s, {share:.3} of the ideal {:.3} s; CPU {load:.1} % of a core; memory \
             {} kB more",
            took.as_secs_f64(),
            ideal.as_secs_f64(),
            self::memory().saturating_sub(memory),
        );
        broken |= texts == 400 && (share > 1.10 || load > 15.0);
    }
    assert!(!broken, "a limit is broken");
}

/// Seconds of CPU that this thread and the journal's have used; the server's threads have other
/// names. Zero where there is no /proc.
fn client_cpu() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let mut ticks = 0.0;
    for task in tasks.flatten() {
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else {
            continue;
        };
        let (head, rest) = stat.rsplit_once(')').unwrap();
        if head.ends_with("(service") {
            continue;
        }
        let fields: Vec<&str> = rest.split_whitespace().collect();
        ticks += fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    }
    ticks / TICKS
}

/// Resident memory in kilobytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
