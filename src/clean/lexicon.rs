//! Words of Chinese with their frequencies and parts of speech: jieba's dictionary, as a trie that
//! `build.rs` has made of `lexicon/words.txt`.

use std::sync::OnceLock;

use smallvec::SmallVec;
use yada::DoubleArray;

static TRIE: DoubleArray<&[u8]> =
    DoubleArray(include_bytes!(concat!(env!("OUT_DIR"), "/words.trie")));
/// The parts of speech, in order.
static TAGS: &[&str] = &include!(concat!(env!("OUT_DIR"), "/tags.rs"));

/// The natural logarithm of the sum of all frequencies of the dictionary.
const LOG_TOTAL: f64 = 17.9116;
/// The log-likelihood of a character that is no word: of one that was seen once.
const ONCE: f64 = -LOG_TOTAL;
/// The logarithm of the likelihood of a word that the dictionary lacks: it is rarer than any that
/// it has.
pub(super) const UNKNOWN: f64 = ONCE - 2.0;

/// What the dictionary knows of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry(u32);

impl Entry {
    /// The natural logarithm of the word's share of all text.
    pub(super) fn log_frequency(self) -> f64 {
        f64::from(self.0 >> 6) / f64::from(1 << 20) - LOG_TOTAL
    }

    /// Its part of speech, in jieba's letters: `n`, `v`, `nr` for names of people.
    pub(super) fn tag(self) -> &'static str {
        TAGS[(self.0 & 0x3f) as usize]
    }
}

/// What the dictionary has of a word.
pub(super) fn find(word: &str) -> Option<Entry> {
    // The trie takes no NUL.
    if word.is_empty() || word.contains('\0') {
        return None;
    }
    TRIE.exact_match_search(word).map(Entry)
}

/// Whether the dictionary has a word.
pub(super) fn has(word: &str) -> bool {
    find(word).is_some()
}

/// The words of the dictionary with which a text begins, shortest first, with their lengths in
/// bytes.
pub(super) fn beginnings(text: &str) -> impl Iterator<Item = (usize, Entry)> {
    TRIE.common_prefix_search(text)
        .map(|(value, length)| (length, Entry(value)))
}

/// A word in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// As it stands there.
    pub(super) text: &'a str,
    /// What the dictionary has of it.
    pub(super) entry: Option<Entry>,
}

impl Word<'_> {
    /// Whether it is of one character.
    pub(super) fn is_single(&self) -> bool {
        let mut chars = self.text.chars();
        chars.next().is_some() && chars.next().is_none()
    }

    /// Its part of speech; empty where the dictionary lacks it.
    pub(super) fn tag(&self) -> &'static str {
        self.entry.map_or("", Entry::tag)
    }

    /// The logarithm of its likelihood.
    pub(super) fn log_frequency(&self) -> f64 {
        self.entry.map_or(UNKNOWN, Entry::log_frequency)
    }
}

/// The words of the likeliest way of cutting a text up. A character that is in no word, and a run
/// of ASCII letters and digits that is none, is a word of its own.
pub(super) fn cut(text: &str) -> SmallVec<[Word<'_>; 8]> {
    // From each place on: the likelihood of the best way, and its first word.
    let mut best: SmallVec<[(f64, usize, Option<Entry>); 64]> = SmallVec::new();
    best.resize(text.len() + 1, (0.0, 0, None));
    for (at, c) in text.char_indices().rev() {
        let unknown = c.len_utf8();
        let mut likeliest = (ONCE + best[at + unknown].0, unknown, None);
        for (length, entry) in beginnings(&text[at..]) {
            let likelihood = entry.log_frequency() + best[at + length].0;
            if likelihood >= likeliest.0 || length == unknown {
                likeliest = (likelihood, length, Some(entry));
            }
        }
        best[at] = likeliest;
    }
    let mut words: SmallVec<[Word<'_>; 8]> = SmallVec::new();
    let mut at = 0;
    // Where a run of ASCII letters and digits started.
    let mut run = None;
    while at < text.len() {
        let (_, length, entry) = best[at];
        let word = &text[at..at + length];
        let in_run = length == 1 && word.as_bytes()[0].is_ascii_alphanumeric();
        match (words.last_mut(), run) {
            (Some(last), Some(start)) if in_run => {
                last.text = &text[start..=at];
                last.entry = None;
            }
            _ => words.push(Word { text: word, entry }),
        }
        run = in_run.then(|| run.unwrap_or(at));
        at += length;
    }
    words
}

/// The characters of common use: the first level of GB 2312, in the order of the standard.
pub(super) fn common_characters() -> impl Iterator<Item = char> {
    static CHARACTERS: OnceLock<String> = OnceLock::new();
    CHARACTERS
        .get_or_init(|| {
            let bytes: Vec<u8> = (0xb0..=0xd7_u8)
                .flat_map(|row| (0xa1..=0xfe_u8).flat_map(move |cell| [row, cell]))
                .collect();
            let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(&bytes);
            text.into_owned()
        })
        .chars()
        .filter(|&c| crate::script::is_han(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> impl Iterator<Item = (&'static str, u32, &'static str)> {
        include_str!("../../lexicon/words.txt").lines().map(|line| {
            let mut fields = line.split(' ');
            let mut next = || fields.next().unwrap();
            (next(), next().parse().unwrap(), next())
        })
    }

    fn texts(text: &str) -> Vec<&str> {
        cut(text).iter().map(|word| word.text).collect()
    }

    #[test]
    fn the_trie_has_every_word_with_its_frequency_and_tag() {
        let mut total = 0.0;
        for (word, frequency, tag) in dictionary() {
            let entry = find(word).unwrap_or_else(|| panic!("{word}"));
            let expected = f64::from(frequency).ln() - LOG_TOTAL;
            assert!((entry.log_frequency() - expected).abs() < 1e-6, "{word}");
            assert_eq!(entry.tag(), tag, "{word}");
            total += f64::from(frequency);
        }
        assert!((total.ln() - LOG_TOTAL).abs() < 1e-4);
    }

    #[test]
    fn a_text_is_cut_into_its_likeliest_words() {
        assert_eq!(texts("推动高质量发展"), ["推动", "高质量", "发展"]);
        assert_eq!(
            texts("他买了3D打印机，贵"),
            ["他", "买", "了", "3D", "打印机", "，", "贵"]
        );
        assert_eq!(texts("𠀀\0a1 中"), ["𠀀", "\0", "a1", " ", "中"]);
        assert!(cut("").is_empty());
        assert!(!has("\0") && !has(""));
    }
}
