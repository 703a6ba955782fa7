//! How fast and in how much memory `duizhao segment` makes articles of a file, on one core:
//! `cargo bench --bench segment`.
//!
//! Runs the program itself, with JSON as its output, without and with suspects, on files of 10 and
//! 100 MB: equal speeds show that the time is linear. Beside it stands ICU4X's sentence segmenter,
//! which finds sentences only, on the same text in memory. The text is put together anew from the
//! sentences of `sources/`, in articles with headlines and bylines; one character in thirty is
//! changed, so that no two sentences are equal and the rules for misread characters have much to
//! do. Arguments are sizes in MB.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;

/// A linear congruential generator (Knuth's MMIX): the same text on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn text(bytes: usize) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sources");
    let mut sources: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    sources.sort();
    let source: String = sources
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let sentences: Vec<&str> = source
        .lines()
        .flat_map(|line| line.split_inclusive('。'))
        .map(str::trim)
        .filter(|sentence| sentence.chars().count() > 5)
        .collect();
    let characters: Vec<char> = source
        .chars()
        .filter(|&c| duizhao::script::is_han(c))
        .collect();
    let mut dice = Dice(1);
    let mut text = String::with_capacity(bytes + 4096);
    let sentence = |text: &mut String, dice: &mut Dice| {
        for c in sentences[dice.below(sentences.len())].chars() {
            text.push(if duizhao::script::is_han(c) && dice.below(30) == 0 {
                characters[dice.below(characters.len())]
            } else {
                c
            });
        }
    };
    while text.len() < bytes {
        let headline = (0..8 + dice.below(16)).map(|_| characters[dice.below(characters.len())]);
        text.extend(headline);
        for _ in 0..5 + dice.below(20) {
            text.push_str("\n\n");
            for _ in 0..=dice.below(5) {
                sentence(&mut text, &mut dice);
            }
        }
        text.push_str("\n\n/本报记者 王小川 报道\n\n\n\n");
    }
    text
}

/// Runs the program; gives seconds and the most memory that it held, in bytes.
fn run(file: &Path, options: &[&str]) -> (f64, f64) {
    let start = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["segment", "--format", "json"])
        .args(options)
        .arg(file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", program.id());
    let mut peak = 0.0_f64;
    let done = loop {
        // The system counts the peak itself; where it does not, none is known.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let kilobytes = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = peak.max(kilobytes.unwrap_or(f64::NAN) * 1024.0);
        if let Some(done) = program.try_wait().unwrap() {
            break done;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(done.success(), "{done}");
    (start.elapsed().as_secs_f64(), peak)
}

/// The best of three runs, in MB a second, and the most memory for each byte of the file.
fn measure(file: &Path, bytes: usize, options: &[&str]) -> (f64, f64) {
    let (seconds, peak) = (0..3)
        .map(|_| run(file, options))
        .fold((f64::INFINITY, 0.0_f64), |(least, most), (time, peak)| {
            (least.min(time), most.max(peak))
        });
    (bytes as f64 / 1e6 / seconds, peak / bytes as f64)
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = vec![10, 100];
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bench.txt");
    for size in sizes {
        let text = text(size * 1_000_000);
        std::fs::write(&file, &text).unwrap();
        let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
        let icu = (0..3)
            .map(|_| {
                let start = Instant::now();
                assert!(segmenter.segment_str(&text).count() > 0);
                text.len() as f64 / 1e6 / start.elapsed().as_secs_f64()
            })
            .fold(0.0, f64::max);
        println!("{size} MB             MB/s   ratio to ICU4X   peak memory / input");
        for (name, options) in [
            ("without suspects", &["--no-suspects"][..]),
            ("with suspects", &[]),
        ] {
            let (speed, memory) = measure(&file, text.len(), options);
            println!(
                "  {name:<16} {speed:7.1} {:16.2} {memory:20.2}",
                speed / icu
            );
        }
        println!("  {:<16} {icu:7.1}", "ICU4X");
    }
}
