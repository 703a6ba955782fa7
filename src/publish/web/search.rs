//! The index of the search: which article has which word, in files small enough to fetch one by
//! one.
//!
//! Chinese and Japanese text is cut into pairs of characters (and single ones, for a query of
//! one); other text into words, of which the first [`STEM`] letters count, so that *county* finds
//! *county's*, and *counties* too where the page is read. The index only says where to look: the
//! script reads the pages that it names and shows the sentences that have the words.

use rustc_hash::{FxHashMap, FxHashSet};

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
    postings: FxHashMap<Term, Vec<u32>>,
}

/// A term: at most [`STEM`] code points of 21 bits, the first one in the highest place, so that
/// terms sort as their texts do. Texts of a large publication have millions of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u128);

impl Term {
    /// How far the character in this place, counted from 0, is moved up; none beyond the last.
    fn shift(place: usize) -> Option<u32> {
        u32::try_from(STEM.checked_sub(place + 1)?)
            .ok()
            .map(|after| 21 * after)
    }

    /// The term with this character in this place; places beyond the last don't count.
    fn with(self, place: usize, c: char) -> Self {
        Self::shift(place).map_or(self, |shift| {
            Self(self.0 | u128::from(u32::from(c)) << shift)
        })
    }

    fn chars(self) -> impl Iterator<Item = char> {
        (0..STEM)
            .map_while(Self::shift)
            .map(move |shift| self.0 >> shift & 0x1f_ffff)
            .take_while(|&code| code != 0)
            .filter_map(|code| char::from_u32(u32::try_from(code).ok()?))
    }
}

/// The terms of an article in both languages, sorted.
#[must_use]
pub fn terms(article: &Article, target: &Lang) -> Vec<Term> {
    let mut found = FxHashSet::default();
    for block in &article.blocks {
        cut(&block.text(), &mut found);
        for segment in &block.segments {
            if let Some(translation) = segment.target(target) {
                cut(&translation.content.text(), &mut found);
            }
        }
    }
    sorted(found)
}

fn sorted(found: FxHashSet<Term>) -> Vec<Term> {
    let mut found: Vec<Term> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// Cuts a text into terms, as `assets/search.js` cuts a query.
fn cut(text: &str, found: &mut FxHashSet<Term>) {
    let mut wide: Option<char> = None;
    let mut word = Term::default();
    let mut length = 0;
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && !is_wide(c) {
            word = word.with(length, c);
            length += 1;
            wide = None;
            continue;
        }
        if length > 0 {
            found.insert(std::mem::take(&mut word));
            length = 0;
        }
        let before = wide.take();
        if is_wide(c) {
            found.insert(Term::default().with(0, c));
            if let Some(before) = before {
                found.insert(Term::default().with(0, before).with(1, c));
            }
            wide = Some(c);
        }
    }
    if length > 0 {
        found.insert(word);
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
fn shard_of(term: Term, shards: u32) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for c in term.chars() {
        hash = (hash ^ u32::from(c)).wrapping_mul(0x0100_0193);
    }
    hash % shards
}

impl SearchIndex {
    /// Adds an article with its terms.
    pub fn add(&mut self, entry: &Entry, terms: &[Term]) {
        let number = u32::try_from(self.articles.len()).unwrap_or(u32::MAX);
        self.articles.push([
            escape_path(&entry.href),
            entry.source.to_string(),
            entry.title.clone(),
            entry.target.to_string(),
            entry.translated_title.clone(),
        ]);
        for term in terms {
            self.postings.entry(*term).or_default().push(number);
        }
    }

    /// The files below `search/`: name and JSON. Numbers are steps from the one before.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let mut postings: Vec<(Term, &[u32])> = self
            .postings
            .iter()
            .map(|(term, numbers)| (*term, numbers.as_slice()))
            .collect();
        postings.sort_unstable();
        let letters = |term: Term| term.chars().map(char::len_utf8).sum::<usize>();
        let bytes: usize = postings
            .iter()
            .map(|(term, numbers)| letters(*term) + 6 + 2 * numbers.len())
            .sum();
        let shards = u32::try_from(bytes.div_ceil(SHARD).max(1)).unwrap_or(u32::MAX);
        let mut texts = vec![String::from("{"); shards as usize];
        for (term, numbers) in postings {
            let text = &mut texts[shard_of(term, shards) as usize];
            if text.len() > 1 {
                text.push(',');
            }
            // Terms are letters and digits: nothing in them wants escaping.
            text.push('"');
            text.extend(term.chars());
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
        let mut found = FxHashSet::default();
        cut(text, &mut found);
        let found = sorted(found);
        found.iter().map(|term| term.chars().collect()).collect()
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
            let mut found = FxHashSet::default();
            cut(text, &mut found);
            index.add(&entry(id), &sorted(found));
        }
        let files = index.files();
        assert_eq!(files[0].1, "{\"gas\":[1],\"oil\":[0,2]}\n");
        assert!(files[1].1.contains("\"shards\":1"), "{}", files[1].1);
    }
}
