//! How long XLIFF takes: `cargo bench --bench xliff [-- UNITS]`.
//!
//! A file of 200,000 units (about 98 MB, XLIFF 1.2) is read and written again with every tenth
//! target changed (translate-toolkit does the same beside it, where it is installed), linted, and
//! merged into its article. Prints seconds, and the most memory that
//! the process held so far (Linux).

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use duizhao::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Content, Lang, Lines, Meta, Segment, SegmentId,
    State, Target, Translation,
};
use duizhao::review::{Reviewer, Snapshot, merge, read_returned_against};
use duizhao::xliff::{Version, WriteOptions, decode, rewrite};
use duizhao::xml::Limits;

fn main() {
    let units = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(200_000);
    let limits = Limits::default();
    let folder = std::env::temp_dir();
    let path = folder.join("duizhao-bench.xlf");
    let back = folder.join("duizhao-bench-back.xlf");
    std::fs::write(&path, file(units)).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    println!("{units} units, {} MB: {}", size / 1_000_000, path.display());

    let ((), ours) = timed(|| {
        let bytes = std::fs::read(&path).unwrap();
        let text = decode(&path, &bytes, &limits).unwrap();
        let file = std::fs::File::create(&back).unwrap();
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
        let mut n = 0;
        let changed = rewrite(&path, &text, &limits, &mut out, |unit| {
            n += 1;
            let target = unit.target()?.text();
            (n % 10 == 0).then(|| format!("{target} Edited."))
        })
        .unwrap();
        out.flush().unwrap();
        assert_eq!(changed, units / 10);
    });

    let theirs = peer(&path, &back);
    report("read and write again", ours, theirs);
    let lang: Lang = "en".parse().unwrap();
    let exported = article(units, &lang);
    let snapshot = Arc::new(Snapshot::of(&exported, &lang, &WriteOptions::default()));
    drop(exported);
    // In the order of the pipeline: the article is there once the returned file has been read.
    let (returned, reading) = timed(|| {
        let bytes = std::fs::read(&back).unwrap();
        let returned =
            read_returned_against(&back, &bytes, &limits, |_| Some(Arc::clone(&snapshot)));
        returned.unwrap()
    });
    drop(snapshot);
    let article = article(units, &lang);
    let record = folder.join("duizhao-bench-record.xlf");
    let ((), merging) = timed(|| {
        let plan = merge(
            article,
            &lang,
            &[],
            &returned.files[0],
            Version::V1,
            &Reviewer::default(),
        );
        let edited = plan.count(duizhao::review::Class::Edited);
        assert_eq!(edited, units / 10);
        drop(returned);
        let file = std::fs::File::create(&record).unwrap();
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
        let options = WriteOptions::default();
        duizhao::xliff::v2::write_to(&mut out, &plan.article, &lang, &options).unwrap();
        out.flush().unwrap();
    });
    report("merged, record written", reading + merging, theirs);
    measure("read the record", || {
        let bytes = std::fs::read(&record).unwrap();
        duizhao::xliff::v2::read(&record, &bytes, &limits).unwrap()
    });
    let _ = std::fs::remove_file(&record);
    measure("lint", || {
        let bytes = std::fs::read(&path).unwrap();
        let found = duizhao::xliff::lint::lint(&path, &bytes, &limits);
        assert!(found.is_empty(), "{:?}", found.first());
    });
    let _ = std::fs::remove_file(&path);
    let _ = std::fs::remove_file(&back);
}

/// The same work in translate-toolkit, where `DUIZHAO_PEERS` says that it is installed. It writes
/// a third file, so that what follows reads ours. Gives its seconds.
fn peer(path: &Path, back: &Path) -> Option<f64> {
    const SCRIPT: &str = "\
import sys, time, resource
from translate.storage import xliff
start = time.time()
store = xliff.xlifffile.parsefile(sys.argv[1])
for at, unit in enumerate(store.units, 1):
    if at % 10 == 0:
        unit.target = unit.target + ' Edited.'
store.savefile(sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(time.time() - start, peak)
";
    let Some(peers) = std::env::var_os("DUIZHAO_PEERS") else {
        println!("skipped: translate-toolkit (DUIZHAO_PEERS is not set)");
        return None;
    };
    let python = Path::new(&peers).join("venv/bin/python");
    let other = back.with_extension("peer.xlf");
    let output = std::process::Command::new(python)
        .args(["-c", SCRIPT])
        .arg(path)
        .arg(&other)
        .output()
        .unwrap();
    assert!(output.status.success());
    let _ = std::fs::remove_file(&other);
    let said = String::from_utf8(output.stdout).unwrap();
    let (seconds, peak) = said.trim().split_once(' ').unwrap();
    let seconds: f64 = seconds.parse().unwrap();
    println!("translate-toolkit, the same {seconds:6.2} s   {peak} MB at most");
    Some(seconds)
}

fn measure<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (result, seconds) = timed(work);
    report(what, seconds, None);
    result
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// Prints a figure; beside it, how many times as fast that is as translate-toolkit's reading and
/// writing.
fn report(what: &str, seconds: f64, theirs: Option<f64>) {
    let times = theirs.map_or_else(String::new, |theirs| {
        format!("   {:.1} times as fast", theirs / seconds)
    });
    println!(
        "{what:<27} {seconds:6.2} s   {} MB at most so far{times}",
        peak()
    );
}

/// The most memory that this process held, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or_default()
        / 1024
}

const SOURCE: &str =
    "为了进一步解放思想，通化县委书记告诉记者，全县上下围绕项目建设展开了新一轮行动";
const TARGET: &str = "To further emancipate the mind, the secretary of the county Party committee told \
    reporters, the whole county has launched a new round of action around project construction";

fn file(units: usize) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xliff xmlns=\"urn:oasis:names:tc:xliff:document:1.2\" version=\"1.2\">\n\
         <file original=\"bench\" source-language=\"zh-Hans\" target-language=\"en\" \
         datatype=\"plaintext\">\n<body>\n",
    );
    for n in 0..units {
        let _ = write!(
            text,
            "<trans-unit id=\"s{n}\" approved=\"no\" xml:space=\"preserve\">\n\
             <source>{SOURCE}{n}。</source>\n\
             <target state=\"translated\">{TARGET} {n}.</target>\n\
             <note from=\"term\" annotates=\"source\">解放思想 → emancipate the mind</note>\n\
             </trans-unit>\n"
        );
    }
    text.push_str("</body>\n</file>\n</xliff>\n");
    text
}

fn article(units: usize, lang: &Lang) -> Article {
    let segments = (0..units)
        .map(|n| {
            let source = Content::from_text(&format!("{SOURCE}{n}。"));
            let mut segment = Segment::new(SegmentId::new(format!("s{n}")), source, "");
            let target = Target {
                content: Content::from_text(&format!("{TARGET} {n}.")),
                state: State::Translated,
                provenance: Vec::new(),
            };
            let translation = Translation {
                target: Some(target),
                ..Translation::default()
            };
            segment.targets.insert(lang.clone(), translation);
            segment
        })
        .collect();
    Article {
        id: ArticleId::new("bench"),
        lang: "zh-Hans".parse().unwrap(),
        original: "bench".to_owned(),
        meta: Meta::default(),
        blocks: vec![Block {
            id: BlockId::new("b1"),
            kind: BlockKind::Paragraph,
            level: None,
            position: None,
            lines: Lines { first: 1, last: 1 },
            segments,
            repairs: Vec::new(),
            suspects: Vec::new(),
        }],
        obsolete: Vec::new(),
    }
}
