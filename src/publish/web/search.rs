//! The index of the search: which article has which word, in files small enough to fetch one by
//! one.
//!
//! Chinese and Japanese text is cut into pairs of characters (and single ones, for a query of
//! one); other text into words, of which the first [`STEM`] letters count, so that *county* finds
//! *county's*, and *counties* too where the page is read. The index only says where to look: the
//! script reads the pages that it names and shows the sentences that have the words.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, escape_path};
use crate::model::{Article, Lang};

/// How many letters of a word count.
const STEM: usize = 5;

/// About how many bytes of terms and numbers one file of the index holds.
const SHARD: usize = 24_000;

/// The index while it grows.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    /// Address, and each language with the title in it.
    articles: Vec<[String; 5]>,
    /// The numbers of the articles that have a term, ascending.
    postings: BTreeMap<String, Vec<u32>>,
}

/// The terms of an article in both languages.
#[must_use]
pub fn terms(article: &Article, target: &Lang) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for block in &article.blocks {
        cut(&block.text(), &mut found);
        for segment in &block.segments {
            if let Some(translation) = segment.target(target) {
                cut(&translation.content.text(), &mut found);
            }
        }
    }
    found
}

/// Cuts a text into terms, as `assets/search.js` cuts a query.
fn cut(text: &str, found: &mut BTreeSet<String>) {
    let mut wide: Option<char> = None;
    let mut word = String::new();
    let mut length = 0;
    let mut add = |term: &str| {
        if !found.contains(term) {
            found.insert(term.to_owned());
        }
    };
    for c in text.chars().flat_map(char::to_lowercase) {
        if is_wide(c) {
            if length > 0 {
                add(&word);
                word.clear();
                length = 0;
            }
            let mut buffer = [0; 8];
            let single = c.encode_utf8(&mut buffer);
            add(single);
            if let Some(before) = wide {
                word.push(before);
                word.push(c);
                add(&word);
                word.clear();
            }
            wide = Some(c);
            continue;
        }
        wide = None;
        if c.is_alphanumeric() {
            if length < STEM {
                word.push(c);
            }
            length += 1;
        } else if length > 0 {
            add(&word);
            word.clear();
            length = 0;
        }
    }
    if length > 0 {
        add(&word);
    }
}

/// Characters of scripts that are written without spaces: kana and Han.
fn is_wide(c: char) -> bool {
    matches!(
        u32::from(c),
        0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff
    )
}

/// The file that a term stands in: FNV-1a over its code points.
fn shard_of(term: &str, shards: u32) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for c in term.chars() {
        hash = (hash ^ u32::from(c)).wrapping_mul(0x0100_0193);
    }
    hash % shards
}

impl SearchIndex {
    /// Adds an article with its terms.
    pub fn add(&mut self, entry: &Entry, terms: &BTreeSet<String>) {
        let number = u32::try_from(self.articles.len()).unwrap_or(u32::MAX);
        self.articles.push([
            escape_path(&entry.href),
            entry.source.to_string(),
            entry.title.clone(),
            entry.target.to_string(),
            entry.translated_title.clone(),
        ]);
        for term in terms {
            match self.postings.get_mut(term) {
                Some(numbers) => numbers.push(number),
                None => {
                    self.postings.insert(term.clone(), vec![number]);
                }
            }
        }
    }

    /// The files below `search/`: name and JSON. Numbers are steps from the one before.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let bytes: usize = self
            .postings
            .iter()
            .map(|(term, numbers)| term.len() + 6 + 2 * numbers.len())
            .sum();
        let shards = u32::try_from(bytes.div_ceil(SHARD).max(1)).unwrap_or(u32::MAX);
        let mut texts = vec![String::from("{"); shards as usize];
        for (term, numbers) in &self.postings {
            let text = &mut texts[shard_of(term, shards) as usize];
            if text.len() > 1 {
                text.push(',');
            }
            // Terms are letters and digits: nothing in them wants escaping.
            text.push('"');
            text.push_str(term);
            text.push_str("\":[");
            let mut last = 0;
            for (at, number) in numbers.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&(number - last).to_string());
                last = *number;
            }
            text.push(']');
        }
        let mut files: Vec<(String, String)> = texts
            .into_iter()
            .enumerate()
            .map(|(number, text)| (format!("search/{number}.json"), text + "}\n"))
            .collect();
        let index = serde_json::json!({ "shards": shards, "articles": self.articles });
        files.push(("search/index.json".to_owned(), format!("{index}\n")));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_of(text: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        cut(text, &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn chinese_is_cut_into_pairs_and_words_to_their_beginning() {
        assert_eq!(cut_of("通化县"), ["化", "化县", "县", "通", "通化"]);
        assert_eq!(
            cut_of("The Counties’ 2亿"),
            ["2", "count", "s", "the", "亿"]
                .into_iter()
                .filter(|term| *term != "s")
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn an_index_names_the_articles_of_a_term() {
        let entry = |id: &str| Entry {
            href: format!("{id}.html"),
            id: id.into(),
            source: "zh-Hans".parse().unwrap(),
            target: "en".parse().unwrap(),
            title: id.into(),
            translated_title: id.into(),
            summary: String::new(),
            outlet: None,
            date: None,
            authors: vec![],
        };
        let mut index = SearchIndex::default();
        for (id, text) in [("a", "oil"), ("b", "gas"), ("c", "oil")] {
            let mut found = BTreeSet::new();
            cut(text, &mut found);
            index.add(&entry(id), &found);
        }
        let files = index.files();
        assert_eq!(files[0].1, "{\"gas\":[1],\"oil\":[0,2]}\n");
        assert!(files[1].1.contains("\"shards\":1"), "{}", files[1].1);
    }
}
