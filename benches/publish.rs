//! How long it takes to publish 1,000 articles of 40 sentences, made from the sample's pairs, and
//! how that compares with pandoc, which makes one EPUB of the same pairs.
//!
//! `cargo bench --bench publish [-- ARTICLES]`. Prints seconds and the most memory that the
//! program had; pandoc is left out where it is not installed.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use duizhao::model::{Article, BlockKind, Content, Edition, State, Target, Translation};
use duizhao::pipeline::sync::sync;
use duizhao::publish::{Book, epub};
use duizhao::workspace::Workspace;

const SENTENCES: usize = 40;
const CONFIG: &str = "source = \"zh-Hans\"\ntargets = [\"en\"]\n\n[[book]]\nid = \"archive\"\n\
                      title = { zh-Hans = \"报道\", en = \"Reports\" }\ndate = \"2020\"\n";

fn main() {
    let count = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1000);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = dir.path();
    let pairs = make(root, count);
    let sentences: usize = sync(&open(root))
        .expect("a workspace")
        .articles
        .iter()
        .map(|article| article.segments().count())
        .sum();
    println!("{count} articles, {sentences} sentences");

    let epubs = three_books(root);
    println!(
        "three EPUBs from articles in memory: {:.2} s",
        epubs.as_secs_f64()
    );
    report("everything, one volume", &run(root));
    report("nothing changed", &run(root));
    let config = format!("{CONFIG}volume = \"size:1\"\n");
    std::fs::write(root.join("duizhao.toml"), config).expect("a written file");
    report("everything, one article a volume", &run(root));
    change(root);
    report("one article changed", &run(root));
    pandoc(root, &pairs, epubs);
    growth(count);
}

/// How memory grows with the articles, one article a volume.
fn growth(count: usize) {
    let peaks = [count, 5 * count].map(|count| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        make(root, count);
        let config = format!("{CONFIG}volume = \"size:1\"\n");
        std::fs::write(root.join("duizhao.toml"), config).expect("a written file");
        let all = run(root);
        report(&format!("{count} articles, one a volume"), &all);
        change(root);
        report("one of them changed", &run(root));
        all.memory
    });
    if let [Some(few), Some(many)] = peaks {
        let more = many.saturating_sub(few) as f64 / (4 * count) as f64;
        println!("memory grows by {more:.1} kB an article");
    }
}

fn open(root: &Path) -> Workspace {
    Workspace::open(root).expect("a workspace")
}

/// Makes the workspace; gives back the pairs for pandoc.
fn make(root: &Path, count: usize) -> Vec<Vec<(String, String)>> {
    let en = "en".parse().expect("a language");
    let sample = sync(&open(Path::new(env!("CARGO_MANIFEST_DIR")))).expect("the sample");
    let mut known: HashMap<String, Content> = HashMap::new();
    let mut paragraphs = Vec::new();
    for block in sample.articles.iter().flat_map(|article| &article.blocks) {
        for segment in &block.segments {
            if let Some(target) = segment.target(&en) {
                known.insert(segment.source.text(), target.content.clone());
            }
        }
        if block.kind == BlockKind::Paragraph {
            paragraphs.push((block.text(), block.segments.len()));
        }
    }
    std::fs::create_dir_all(root.join("sources")).expect("a folder");
    std::fs::write(root.join("duizhao.toml"), CONFIG).expect("a written file");
    let mut next = 0;
    for number in 0..count {
        let mut text = format!("县域报道第{number}篇\n");
        let mut length = 1;
        while length < SENTENCES {
            let (paragraph, sentences) = &paragraphs[next % paragraphs.len()];
            let _ = write!(text, "\n{paragraph}\n");
            length += sentences;
            next += 1;
        }
        std::fs::write(root.join(format!("sources/report-{number:04}.txt")), text)
            .expect("a written file");
    }
    let mut synced = sync(&open(root)).expect("a workspace");
    let mut pairs = Vec::new();
    for article in &mut synced.articles {
        let mut of_article = Vec::new();
        for segment in article.segments_mut() {
            let source = segment.source.text();
            let content = known
                .get(&source)
                .cloned()
                .unwrap_or_else(|| Content::from_text("A report from the counties"));
            of_article.push((source, content.text()));
            segment.targets.insert(
                en.clone(),
                Translation {
                    target: Some(Target {
                        content,
                        state: State::Reviewed,
                        provenance: vec![],
                    }),
                    ..Translation::default()
                },
            );
        }
        pairs.push(of_article);
    }
    synced.save(&open(root)).expect("written records");
    pairs
}

/// The time that the books alone take.
fn three_books(root: &Path) -> Duration {
    let workspace = open(root);
    let synced = sync(&workspace).expect("a workspace");
    let articles: Vec<&Article> = synced.articles.iter().collect();
    let config = &workspace.config().books[0];
    let book = Book {
        id: &config.id,
        source: &workspace.config().source,
        target: workspace.config().target_of(config),
        title: &config.title,
        subtitle: &config.subtitle,
        articles: &articles,
        translators: &[],
        publisher: None,
        rights: None,
        date: None,
        identifier: None,
        description: None,
        subjects: &[],
        series: None,
        is_part: false,
        cover: None,
        modified: 0,
    };
    let start = Instant::now();
    for edition in [Edition::Bilingual, Edition::Translation, Edition::Source] {
        epub::write(&book, edition).expect("a book");
    }
    start.elapsed()
}

/// Changes one sentence's translation.
fn change(root: &Path) {
    let path = root.join("translations/report-0000.en.xlf");
    let record = std::fs::read_to_string(&path).expect("a record");
    let changed = record.replacen("A report from the counties", "A report", 1);
    assert_ne!(record, changed, "the record has the title");
    std::fs::write(path, changed).expect("a written file");
}

struct Ran {
    time: Duration,
    /// Kilobytes, where the system says.
    memory: Option<u64>,
    written: usize,
}

fn run(root: &Path) -> Ran {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["build", "--format", "json", "-C"])
        .arg(root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stdout, &mut text).expect("UTF-8");
        text
    });
    let mut memory = None;
    let status = loop {
        memory = peak(child.id()).or(memory);
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let time = start.elapsed();
    assert!(status.success(), "{status}");
    let report: serde_json::Value =
        serde_json::from_str(&reader.join().expect("a report")).expect("JSON");
    Ran {
        time,
        memory,
        written: report["written"].as_array().map_or(0, Vec::len),
    }
}

/// The most memory that a process had so far, in kilobytes (Linux).
fn peak(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn report(what: &str, ran: &Ran) {
    let memory = ran
        .memory
        .map_or_else(String::new, |kb| format!(", {} MB", kb / 1000));
    println!(
        "{what}: {:.2} s{memory}, {} files written",
        ran.time.as_secs_f64(),
        ran.written
    );
}

fn pandoc(root: &Path, pairs: &[Vec<(String, String)>], epubs: Duration) {
    let mut text = String::from("---\ntitle: Reports\nlang: zh-Hans\n---\n");
    for article in pairs {
        for (at, (source, target)) in article.iter().enumerate() {
            let mark = if at == 0 { "# " } else { "" };
            let _ = write!(text, "\n{mark}{source}\n\n{target}\n");
        }
    }
    let input: PathBuf = root.join("pairs.md");
    std::fs::write(&input, text).expect("a written file");
    let start = Instant::now();
    let ran = Command::new("pandoc")
        .arg(&input)
        .arg("-o")
        .arg(root.join("pandoc.epub"))
        .stderr(Stdio::null())
        .status();
    match ran {
        Ok(status) if status.success() => {
            let time = start.elapsed().as_secs_f64();
            println!(
                "pandoc, one EPUB: {time:.2} s; the three EPUBs are {:.0} times as fast",
                time / epubs.as_secs_f64()
            );
        }
        _ => println!("pandoc is not installed: no comparison"),
    }
}
