//! How fast files become articles, on one core: `cargo bench --bench segment`.
//!
//! Prints the speed of ingest, clean and segment together, without and with suspects, and that of
//! ICU4X's sentence segmenter on the same text. The text is made up, with the damage that rules
//! look for. An argument is the size in MB (default 16).

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use duizhao::clean::{CleanOptions, clean};
use duizhao::ingest::{IngestOptions, ingest};
use duizhao::model::{Article, Lang};
use duizhao::segment::{SegmentOptions, segment};
use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;

const PARAGRAPHS: [&str; 6] = [
    "今年春天，河口镇的茶农陈大山家里第一次装上了自动炒茶机。机器每小时可以炒制鲜叶120公斤，比手工快了8倍，全镇已有56户人家用上了这种设备。",
    "\"我们不愁销路。\"陈大山说,去年合作社与三家食品公司签订了供货合同,'走出去''请进来'的办法很管用。",
    "镇里对这些项目实行责任制,每月检查一 次。今年计划新建茶园三百亩,带动两百 多户农民增加收入,户均增收五千多元, 并把这个项目纳人全县规划。",
    "——修好一条路。从镇里到村里的公路有12.5公里，去年秋天全部铺上了沥青，运茶的卡车可以一直开到山脚下，路上的时间少了一半。",
    "村里的小学也有了变化：三位新老师来了，音乐课和美术课开起来了，孩子们的歌声在山谷里飘得很远；老人们说，这样的日子过去想也不敢想……",
    "新华社河口4月5日电（记者王小川）记者从河口镇了解到，今年以来，全镇共销售茶叶3.2万公斤，同比增长15.6%，销售收入达到8792万元。",
];

fn text(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1024);
    let mut i = 0;
    while text.len() < bytes {
        text.push_str(PARAGRAPHS[i % PARAGRAPHS.len()]);
        text.push_str("\n\n");
        i += 1;
    }
    text
}

fn articles(text: &str, suspects: bool) -> Vec<Article> {
    let lang: Lang = "zh-Hans".parse().expect("zh-Hans is a language tag");
    let document =
        ingest("bench.txt", text.as_bytes(), &IngestOptions::default()).expect("the text is UTF-8");
    let mut options = CleanOptions::new(lang.clone());
    options.suspects = suspects;
    segment(
        clean(document, &options),
        &SegmentOptions::new("bench.txt", lang),
    )
}

/// The best of three runs, in MB a second.
fn speed(bytes: usize, mut run: impl FnMut() -> usize) -> f64 {
    let best = (0..3)
        .map(|_| {
            let start = Instant::now();
            assert!(run() > 0, "there is something to find");
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    let megabytes = f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0;
    megabytes / best
}

fn main() {
    let size = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse::<usize>().ok())
        .unwrap_or(16);
    let text = text(size * 1_000_000);
    let part = &text[..text.floor_char_boundary(text.len() / 4)];
    // The dictionary is read once a program: that is no part of the speed.
    articles("今天", true);
    let plain = speed(text.len(), || articles(&text, false).len());
    let suspects = speed(part.len(), || articles(part, true).len());
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let icu = speed(text.len(), || segmenter.segment_str(&text).count());
    println!("ingest, clean, segment                {plain:7.1} MB/s");
    println!("the same with suspects                {suspects:7.1} MB/s");
    println!("ICU4X, sentences alone                {icu:7.1} MB/s");
    println!(
        "ratio to ICU4X                        {:7.2} without suspects, {:.2} with",
        plain / icu,
        suspects / icu
    );
}
