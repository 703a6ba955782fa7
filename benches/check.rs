//! How many sentences a second are read for their numbers, and how many pairs checked.
//!
//! `cargo bench --bench check [-- PAIRS]`. The pairs are those of `tests/suite/check/pairs.tsv`,
//! repeated; each copy is another article, so that no sentence is compared with its own copy.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

use std::time::Instant;

use duizhao::check::{CheckOptions, check_pairs};
use duizhao::model::Lang;
use duizhao::quantity;

const PAIRS: &str = include_str!("../tests/suite/check/pairs.tsv");

fn main() {
    let wanted: usize = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(40_000);
    let pairs: Vec<(String, String)> = PAIRS
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?.to_owned(), columns.next()?.to_owned()))
        })
        .collect();
    let rounds = wanted.div_ceil(pairs.len());
    let zh: Lang = "zh-Hans".parse().expect("a language tag");
    let en: Lang = "en".parse().expect("a language tag");
    let count = rounds * pairs.len();

    let mut mentions = 0;
    for (name, lang, target) in [("Chinese", &zh, false), ("English", &en, true)] {
        let start = Instant::now();
        for _ in 0..rounds {
            for (source, other) in &pairs {
                let text = if target { other } else { source };
                mentions += quantity::read(text, lang).len();
            }
        }
        print(&format!("{name} sentences read"), count, start);
    }
    let start = Instant::now();
    let mut findings = 0;
    for _ in 0..rounds {
        findings += check_pairs(&pairs, &zh, &en, &CheckOptions::default()).len();
    }
    print("pairs checked", count, start);
    println!("{mentions} numbers, {findings} findings");
}

fn print(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{count} {what} in {seconds:.2} s: {:.0} a second",
        count as f64 / seconds
    );
}
