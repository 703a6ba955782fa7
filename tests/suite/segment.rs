//! From bytes to articles: what must hold for any input, and how well it works on damaged news.

mod accuracy;
mod formats;
mod invariants;
mod pages;
mod repairs;
mod workspace;

use duizhao::clean::{CleanOptions, Policy, clean};
use duizhao::ingest::{IngestOptions, ingest};
use duizhao::model::{Article, CleanDocument, Document, Lang};
use duizhao::segment::{SegmentOptions, segment};

fn chinese() -> Lang {
    "zh-Hans".parse().unwrap()
}

fn read(name: &str, bytes: &[u8]) -> Document {
    ingest(name, bytes, &IngestOptions::default()).unwrap()
}

fn cleaned(text: &str, policy: Policy) -> CleanDocument {
    let mut options = CleanOptions::new(chinese());
    options.policy = policy;
    clean(read("text.txt", text.as_bytes()), &options)
}

fn articles(name: &str, bytes: &[u8]) -> Vec<Article> {
    let cleaned = clean(read(name, bytes), &CleanOptions::new(chinese()));
    segment(cleaned, &SegmentOptions::new(name, chinese()))
}

/// The kinds and texts of all blocks.
fn blocks(articles: &[Article]) -> Vec<(&'static str, String)> {
    articles
        .iter()
        .flat_map(|article| &article.blocks)
        .map(|block| (block.kind.name(), block.text()))
        .collect()
}

fn sentences(articles: &[Article]) -> Vec<String> {
    articles
        .iter()
        .flat_map(Article::segments)
        .map(|segment| segment.source.text())
        .collect()
}
