//! How well it works on the project's damaged news texts, where they lie at hand. They belong to
//! their publishers and are no part of the repository.

use std::collections::HashSet;
use std::path::PathBuf;

use duizhao::model::Article;
use serde_json::Value;

use super::{articles, sentences};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("DUIZHAO_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if folder.join("data").is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no {}/data", folder.display());
    None
}

/// Text in which spelling variants of marks and all white space are gone, so that only the places
/// of breaks differ.
fn squeezed(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !c.is_whitespace() && duizhao::script::is_han(*c))
        .collect()
}

/// The places of breaks between paragraphs, as counts of Han characters before them.
fn breaks<'a>(paragraphs: impl Iterator<Item = &'a str>) -> HashSet<usize> {
    let mut at = 0;
    let mut places: Vec<usize> = paragraphs
        .map(|paragraph| {
            at += squeezed(paragraph).len();
            at
        })
        .collect();
    places.pop();
    places.into_iter().collect()
}

fn texts(articles: &[Article]) -> Vec<String> {
    articles
        .iter()
        .flat_map(|article| &article.blocks)
        .map(duizhao::model::Block::text)
        .collect()
}

#[test]
fn damaged_texts_are_mended() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("data/segment");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "txt"))
        .collect();
    files.sort();
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    let (mut flagged, mut substitutions, mut flags, mut characters) = (0, 0, 0, 0);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let truth: Value =
            serde_json::from_slice(&std::fs::read(path.with_extension("truth.json")).unwrap())
                .unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let articles = articles(&name, &bytes);
        let paragraphs: Vec<&str> = truth["paragraphs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|paragraph| paragraph["text"].as_str().unwrap())
            .collect();
        // A numeral read as a hyphen is no Han character any more: the places are compared in a
        // text that has the truth's characters, so that one substitution moves nothing.
        let mine = texts(&articles);
        let substitutes: Vec<&Value> = truth["subs"].as_array().unwrap().iter().collect();
        let hyphens = substitutes.iter().filter(|sub| sub["read"] == "-").count();
        let mine_breaks = breaks(mine.iter().map(String::as_str));
        let true_breaks = breaks(paragraphs.iter().copied());
        let near = |place: &usize, places: &HashSet<usize>| {
            (0..=hyphens).any(|d| places.contains(&(place + d)))
        };
        right += mine_breaks
            .iter()
            .filter(|place| near(place, &true_breaks))
            .count();
        found += mine_breaks.len();
        wanted += true_breaks.len();
        let suspects: Vec<_> = articles
            .iter()
            .flat_map(|article| &article.blocks)
            .flat_map(|block| &block.suspects)
            .collect();
        let mut used = HashSet::new();
        for sub in &substitutes {
            let (read, meant) = (sub["read"].as_str().unwrap(), sub["true"].as_str().unwrap());
            let paragraph = paragraphs[usize::try_from(sub["para"].as_u64().unwrap()).unwrap()];
            let hit = suspects.iter().enumerate().find(|(i, suspect)| {
                !used.contains(i)
                    && suspect.as_read.contains(read)
                    && suspect
                        .suggestion
                        .as_deref()
                        .is_some_and(|text| text.contains(meant) && paragraph.contains(text))
            });
            if let Some((i, _)) = hit {
                used.insert(i);
                flagged += 1;
            }
        }
        substitutions += substitutes.len();
        flags += suspects.len() - used.len();
        characters += paragraphs.iter().map(|p| p.chars().count()).sum::<usize>();
    }
    let real = |count: usize| f64::from(u32::try_from(count).unwrap());
    let f1 = 2.0 * real(right) / real(found + wanted);
    let recall = real(flagged) / real(substitutions);
    let false_flags = 1000.0 * real(flags) / real(characters);
    eprintln!(
        "breaks F1 {f1:.3}; substitutions flagged {flagged} of {substitutions}; \
         {false_flags:.2} other flags in 1,000 characters"
    );
    assert!(f1 >= 0.95, "{f1}");
    assert!(recall >= 0.6, "{recall}");
    assert!(false_flags <= 2.0, "{false_flags}");
}

#[test]
fn the_sample_is_two_articles_of_forty_six_blocks() {
    let Some(shared) = shared() else { return };
    let path = shared.join("data/articles/jilin-daily-liberate-thinking.txt");
    let found = articles(
        "jilin-daily-liberate-thinking.txt",
        &std::fs::read(path).unwrap(),
    );
    assert_eq!(found.len(), 2);
    assert_eq!(texts(&found).len(), 46);
    assert_eq!(sentences(&found).len(), 99);
    let repairs: Vec<_> = found
        .iter()
        .flat_map(|article| &article.blocks)
        .flat_map(|block| &block.repairs)
        .collect();
    let count = |rule: &str| repairs.iter().filter(|repair| repair.rule == rule).count();
    assert_eq!((count("line.join"), count("line.split")), (2, 1));
    let blanks: usize = repairs
        .iter()
        .filter(|repair| repair.rule.starts_with("space."))
        .map(|repair| repair.before.matches(' ').count())
        .sum();
    let kept: usize = texts(&found)
        .iter()
        .map(|text| text.matches(' ').count())
        .sum();
    assert_eq!((blanks, kept), (94, 8));
    let suspects: Vec<_> = found
        .iter()
        .flat_map(|article| &article.blocks)
        .flat_map(|block| &block.suspects)
        .collect();
    eprintln!("{} suspects", suspects.len());
    assert!(suspects.len() <= 30);
    let lookalikes = suspects
        .iter()
        .filter(|s| {
            s.rule.starts_with("ocr.")
                || s.rule.starts_with("script.")
                || s.rule == "number.leading-zero"
        })
        .count();
    assert!(lookalikes >= 8, "{lookalikes}");
}
