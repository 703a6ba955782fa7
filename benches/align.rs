//! How fast and how well two texts are aligned.
//!
//! `cargo bench --bench align` makes a text of 11,000 sentences: 60 % of its rows are one to one,
//! the rest two to one or one to two, and a third of the words is left untranslated.
//! `cargo bench --bench align -- SOURCE TARGET [GOLD] [DICTIONARY]` takes files with a sentence a
//! line. A line of GOLD is `[0, 1]:[0]`, as the evaluation sets of aligners have it. Prints
//! seconds and, where the rows are known, strict F1: rows with both sides that are right letter
//! for letter.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a benchmark prints its figures and stops where something is wrong"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use duizhao::align::{AlignOptions, Dictionary, align};
use duizhao::pipeline::align::Text;

type Pair = (Vec<usize>, Vec<usize>);

fn main() {
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let read = |path: &String| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let texts: Vec<String> = files.iter().map(read).collect();
    let (source, target, gold) = match texts.as_slice() {
        [] => made(5000),
        [_] => panic!("give a source and a target, or nothing"),
        [source, target, rest @ ..] => {
            let gold = rest.first().map(|text| read_gold(text)).unwrap_or_default();
            (source.clone(), target.clone(), gold)
        }
    };
    let dictionary = files.get(3).map(|path| {
        let started = Instant::now();
        let dictionary = Dictionary::read(path, &texts[3]).expect("a dictionary");
        println!(
            "dictionary read in {:.2} s",
            started.elapsed().as_secs_f64()
        );
        dictionary
    });
    let (source, target) = (Text::of_lines(&source, None), Text::of_lines(&target, None));
    let mut options = AlignOptions::new(source.lang.clone(), target.lang.clone());
    options.dictionary = dictionary.as_ref();
    let (from, to) = (source.strings(), target.strings());
    let started = Instant::now();
    let alignment = align(&from, &to, &options);
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} + {} sentences aligned in {seconds:.2} s, {} rows",
        source.len(),
        target.len(),
        alignment.rows.len()
    );
    if gold.is_empty() {
        return;
    }
    let both = |(s, t): &Pair| !s.is_empty() && !t.is_empty();
    let gold: BTreeSet<Pair> = gold.into_iter().filter(both).collect();
    let found: BTreeSet<Pair> = alignment
        .rows
        .into_iter()
        .map(|row| (row.source, row.target))
        .filter(both)
        .collect();
    let right = found.intersection(&gold).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    let f1 = 2.0 * right as f64 / (found.len() + gold.len()) as f64;
    println!("strict F1 {f1:.4}");
    assert!(
        Path::new(files.first().map_or("", String::as_str)).exists() || f1 > 0.9,
        "a made text should be aligned nearly without error"
    );
}

fn read_gold(text: &str) -> Vec<Pair> {
    let numbers = |list: &str| -> Vec<usize> {
        list.split(|c: char| !c.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect()
    };
    text.lines()
        .filter_map(|line| {
            let mut sides = line.split([':', '\t']);
            Some((numbers(sides.next()?), numbers(sides.next()?)))
        })
        .collect()
}

/// Words that the made text consists of.
const WORDS: &[(&str, &str)] = &[
    ("父亲", "father"),
    ("河", "river"),
    ("城市", "city"),
    ("走", "walk"),
    ("看见", "see"),
    ("火车", "train"),
    ("老师", "teacher"),
    ("夜里", "night"),
    ("红", "red"),
    ("书", "book"),
    ("医院", "hospital"),
    ("风", "wind"),
    ("写", "write"),
    ("朋友", "friend"),
    ("船", "boat"),
    ("雪", "snow"),
    ("士兵", "soldier"),
    ("笑", "laugh"),
    ("桥", "bridge"),
    ("钱", "money"),
    ("音乐", "music"),
    ("母亲", "mother"),
    ("山", "mountain"),
    ("报纸", "newspaper"),
    ("春天", "spring"),
    ("门", "door"),
    ("茶", "tea"),
    ("医生", "doctor"),
    ("海", "sea"),
    ("马", "horse"),
    ("学校", "school"),
    ("哭", "cry"),
    ("信", "letter"),
    ("石头", "stone"),
    ("工厂", "factory"),
    ("月亮", "moon"),
    ("狗", "dog"),
    ("新", "new"),
    ("买", "buy"),
    ("电影", "film"),
];

/// A text of so many rows, its translation, and the rows.
fn made(rows: usize) -> (String, String, Vec<Pair>) {
    // A linear congruential generator: the same text on every machine.
    let mut state = 7_u64;
    let mut random = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % below).expect("small")
    };
    let (mut source, mut target, mut gold) = (String::new(), String::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    for _ in 0..rows {
        let (k, l) = match random(10) {
            0..6 => (1, 1),
            6 | 7 => (2, 1),
            _ => (1, 2),
        };
        for part in 0..2_usize {
            let first = part == 0;
            for _ in 0..4 + random(6) {
                let (zh, en) = WORDS[random(WORDS.len() as u64)];
                source.push_str(zh);
                if random(3) > 0 {
                    target.push_str(en);
                    target.push(' ');
                } else {
                    target.push_str("thing ");
                }
            }
            if !first || k == 2 {
                source.push_str("。\n");
            }
            if !first || l == 2 {
                target.push_str("end.\n");
            }
        }
        gold.push(((i..i + k).collect(), (j..j + l).collect()));
        i += k;
        j += l;
    }
    (source, target, gold)
}
