//! The words that a text without spaces is cut into, and what they mean in English.
//!
//! Three sources, strongest first: a user's dictionary in CC-CEDICT's format, the terms and names
//! of this text, and a list of common words that comes with duizhao (written by hand for it).

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::dictionary::Dictionary;
use super::english;

static COMMON: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("lexicon/zh-en.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// Longest word, in characters, that cutting looks for.
const LONGEST: usize = 8;

/// Chinese particles that stand in every other sentence.
const FUNCTION_WORDS: &[&str] = &[
    "的", "了", "着", "地", "得", "个", "之", "吧", "呢", "啊", "呀", "嘛", "所", "等", "是", "在",
    "一", "上", "把", "也", "就", "都", "而", "以", "为", "于", "里", "到", "会", "与", "和",
];

/// What cutting looks words up in.
pub(super) struct Words<'a> {
    /// Whether the language is Chinese, so that the built-in list speaks of it.
    pub chinese: bool,
    /// The user's dictionary.
    pub dictionary: Option<&'a Dictionary>,
    /// Terms, names, and strings that this text repeats.
    pub own: FxHashSet<String>,
}

impl Words<'_> {
    /// The length in bytes of the longest known word that the text begins with; of its first
    /// character where none is known.
    pub fn longest_at(&self, text: &str) -> usize {
        let mut ends = [0; LONGEST];
        let mut count = 0;
        for (at, c) in text.char_indices().take(LONGEST) {
            if !c.is_alphanumeric() {
                break;
            }
            ends[count] = at + c.len_utf8();
            count += 1;
        }
        let known = |end: &&usize| self.knows(&text[..**end]);
        match ends[..count].iter().skip(1).rev().find(known) {
            Some(&end) => end,
            None => text.chars().next().map_or(0, char::len_utf8),
        }
    }

    fn knows(&self, word: &str) -> bool {
        self.own.contains(word)
            || (self.chinese && COMMON.contains_key(word))
            || self
                .dictionary
                .is_some_and(|dictionary| dictionary.contains(word))
    }

    /// Whether a word is too common to tell sentences apart.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.chinese && FUNCTION_WORDS.contains(&word)
    }

    /// English stems that render a Chinese word, with weights: each that stands first or alone in
    /// its gloss weighs 1, the words of a longer gloss share. A word that is only known by its
    /// parts gets what its characters mean, weighed down.
    pub fn english_of(&self, word: &str) -> Vec<(String, f32)> {
        let mut weights: FxHashMap<String, f32> = FxHashMap::default();
        self.collect(word, 1.0, &mut weights);
        if word.chars().count() > 1 {
            let share = if weights.is_empty() { 0.5 } else { 0.25 };
            for c in word.chars() {
                let mut buffer = [0; 4];
                self.collect(c.encode_utf8(&mut buffer), share, &mut weights);
            }
        }
        let mut weights: Vec<(String, f32)> = weights.into_iter().collect();
        weights.sort_by(|a, b| a.0.cmp(&b.0));
        weights
    }

    fn collect(&self, word: &str, factor: f32, weights: &mut FxHashMap<String, f32>) {
        if self.chinese
            && let Some(words) = COMMON.get(word)
        {
            for word in words.split(' ') {
                raise(weights, english::stem(word), factor);
            }
        }
        if let Some(dictionary) = self.dictionary {
            for (word, weight) in dictionary.words(word) {
                raise(weights, english::stem(&word), factor * weight);
            }
        }
    }
}

fn raise(weights: &mut FxHashMap<String, f32>, word: String, weight: f32) {
    if english::is_function_word(&word) {
        return;
    }
    let entry = weights.entry(word).or_default();
    *entry = entry.max(weight);
}
