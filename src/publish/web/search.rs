//! The index of the search: which article has which word, in files small enough to fetch one by
//! one.
//!
//! Chinese and Japanese text is cut into pairs of characters (and single ones, for a query of
//! one); other text into words, of which the first [`STEM`] letters count, so that *county* finds
//! *county's*, and *counties* too where the page is read. The index only says where to look: the
//! script reads the pages that it names and shows the sentences that have the words.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_hash::FxHashSet;
use serde_json::json;

use super::{Entry, escape_path};
use crate::model::{Article, Lang};

/// How many letters of a word count.
const STEM: usize = 5;

/// About how many bytes of terms and numbers one file of the index holds.
const SHARD: usize = 24_000;

/// About how many bytes stand in the index for a term of an article.
const POSTING: usize = 4;

/// How many articles one file of the index names.
const NAMED: usize = 200;

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

    /// The term as bytes, which sort as terms do.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 14] {
        let mut bytes = [0; 14];
        bytes.copy_from_slice(&self.0.to_be_bytes()[2..]);
        bytes
    }

    /// The term that [`Term::to_bytes`] gave these bytes for.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 14]) -> Self {
        let mut all = [0; 16];
        all[2..].copy_from_slice(&bytes);
        Self(u128::from_be_bytes(all))
    }

    /// Where the term stands in an index: terms of one file follow each other, however many files
    /// there are, in the order of [`shards_in_order`].
    #[must_use]
    pub fn order(self) -> u32 {
        self.hash().reverse_bits()
    }

    /// FNV-1a over its code points.
    fn hash(self) -> u32 {
        let mut hash: u32 = 0x811c_9dc5;
        for c in self.chars() {
            hash = (hash ^ u32::from(c)).wrapping_mul(0x0100_0193);
        }
        hash
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

/// How many files an index has whose articles have so many terms, summed over the articles: a
/// power of two, so that a publication that grows keeps its files for long.
#[must_use]
pub fn shards(postings: usize) -> u32 {
    let files = postings.saturating_mul(POSTING) / SHARD;
    files.checked_ilog2().map_or(1, |bits| 1 << bits.min(31))
}

/// The numbers of `shards` files in the order of the terms that they hold; see [`Term::order`].
pub fn shards_in_order(shards: u32) -> impl Iterator<Item = u32> {
    let bits = shards.trailing_zeros();
    (0..shards).map(move |at| at.reverse_bits().checked_shr(32 - bits).unwrap_or(0))
}

/// The number of the file, among `shards`, that a term stands in.
#[must_use]
pub fn shard_of(term: Term, shards: u32) -> u32 {
    term.hash() % shards
}

/// The name of a file of terms.
#[must_use]
pub fn shard_name(shard: u32) -> String {
    format!("search/{shard}.json")
}

/// A file of terms, each with the numbers of the articles that have it, ascending. The numbers
/// are written as steps from the one before.
#[must_use]
pub fn shard(mut postings: Vec<(Term, Vec<u32>)>) -> String {
    postings.sort_unstable();
    let mut text = String::from("{");
    for (term, numbers) in postings {
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
            let _ = write!(text, "{}", number - last);
            last = *number;
        }
        text.push(']');
    }
    text + "}\n"
}

/// Reads what [`shard`] wrote; none where it is something else.
#[must_use]
pub fn read_shard(json: &[u8]) -> Option<Vec<(Term, Vec<u32>)>> {
    let terms: BTreeMap<String, Vec<u32>> = serde_json::from_slice(json).ok()?;
    let read = |(text, steps): (String, Vec<u32>)| {
        let mut term = Term::default();
        for (place, c) in text.chars().enumerate() {
            term = term.with(place, c);
        }
        let mut number = 0u32;
        let mut numbers = Vec::with_capacity(steps.len());
        for step in steps {
            number = number.checked_add(step)?;
            numbers.push(number);
        }
        Some((term, numbers))
    };
    terms.into_iter().map(read).collect()
}

/// The files that name the articles, in the order of their numbers: address, and each language
/// with the title in it. The first one says how many files of terms there are.
pub fn names(
    entries: impl Iterator<Item = Entry>,
    shards: u32,
) -> impl Iterator<Item = (String, String)> {
    let mut named = entries.map(|entry| {
        [
            escape_path(&entry.href),
            entry.source.to_string(),
            entry.title,
            entry.target.to_string(),
            entry.translated_title,
        ]
    });
    let mut at = 0;
    std::iter::from_fn(move || {
        let articles: Vec<[String; 5]> = named.by_ref().take(NAMED).collect();
        let number = at;
        at += 1;
        if number == 0 {
            let index = json!({ "shards": shards, "named": NAMED, "articles": articles });
            return Some(("search/index.json".to_owned(), format!("{index}\n")));
        }
        let name = format!("search/articles-{number}.json");
        (!articles.is_empty()).then(|| (name, format!("{}\n", json!(articles))))
    })
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

    fn entry(id: &str) -> Entry {
        Entry {
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
        }
    }

    fn term(text: &str) -> Term {
        let mut found = FxHashSet::default();
        cut(text, &mut found);
        sorted(found)[0]
    }

    #[test]
    fn a_file_of_terms_is_read_as_it_was_written() {
        let postings = vec![(term("oil"), vec![0, 2, 7]), (term("gas"), vec![1])];
        let text = shard(postings.clone());
        assert_eq!(text, "{\"gas\":[1],\"oil\":[0,2,5]}\n");
        let mut read = read_shard(text.as_bytes()).unwrap();
        read.reverse();
        assert_eq!(read, postings);
        assert_eq!(read_shard(b"{\"oil\":[1,4294967295]}"), None);
        for (term, _) in read {
            assert_eq!(Term::from_bytes(term.to_bytes()), term);
        }
    }

    #[test]
    fn terms_in_order_fill_one_file_after_the_other() {
        let mut terms: Vec<Term> = (0..500).map(|n| term(&format!("t{n}"))).collect();
        terms.sort_by_key(|term| term.order());
        for shards in [1, 2, 16] {
            let mut files: Vec<u32> = terms.iter().map(|term| shard_of(*term, shards)).collect();
            files.dedup();
            let in_order: Vec<u32> = shards_in_order(shards).collect();
            assert_eq!(files, in_order);
        }
        assert_eq!([shards(0), shards(11_000), shards(200_000)], [1, 1, 32]);
    }

    #[test]
    fn articles_are_named_in_files_of_a_size() {
        let entries = (0..450).map(|n| entry(&n.to_string()));
        let files: Vec<(String, String)> = names(entries, 4).collect();
        assert_eq!(files.len(), 3);
        assert!(files[0].1.contains("\"shards\":4,\"named\":200"));
        assert!(files[2].0.ends_with("/articles-2.json"));
        assert!(files[2].1.starts_with("[[\"400.html\","));
    }
}
