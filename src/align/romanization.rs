//! Chinese names spelt in pinyin.

use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};
use rustc_hash::{FxHashMap, FxHashSet};

/// All syllables, without tones, `ü` written `u`.
static SYLLABLES: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    ('\u{4e00}'..='\u{9fff}')
        .filter_map(|c| c.to_pinyin())
        .map(|reading| plain(reading.plain()))
        .collect()
});

fn plain(reading: &str) -> String {
    reading.replace('ü', "u")
}

/// Whether a word in lower case can be read as one to four syllables of pinyin.
pub(super) fn is_pinyin(word: &str) -> bool {
    word.len() <= 24 && word.is_ascii() && !word.is_empty() && readable(word, 4)
}

fn readable(word: &str, syllables: usize) -> bool {
    if word.is_empty() {
        return true;
    }
    if syllables == 0 {
        return false;
    }
    (1..=word.len().min(6))
        .rev()
        .any(|size| SYLLABLES.contains(&word[..size]) && readable(&word[size..], syllables - 1))
}

/// Names in pinyin, to be found in Chinese text.
pub(super) struct Names<'n> {
    /// In lower case, without blanks, sorted, with their numbers.
    names: Vec<(&'n str, u32)>,
    /// The readings of characters that were met.
    readings: FxHashMap<char, Vec<String>>,
}

impl<'n> Names<'n> {
    /// Takes names in lower case, without blanks, each once, with their numbers.
    pub(super) fn new(names: impl IntoIterator<Item = (&'n str, u32)>) -> Self {
        let mut names: Vec<(&str, u32)> = names.into_iter().collect();
        names.sort_unstable();
        Self {
            names,
            readings: FxHashMap::default(),
        }
    }

    /// Places where a text spells one of the names: the characters and the name's number.
    pub(super) fn find<'t>(&mut self, text: &'t str) -> Vec<(&'t str, u32)> {
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        for &(_, c) in &characters {
            self.readings.entry(c).or_insert_with(|| readings(c));
        }
        let mut found = Vec::new();
        for first in 0..characters.len() {
            let mut spellings = vec![String::new()];
            for size in 1..=4 {
                let Some(&(_, last)) = characters.get(first + size - 1) else {
                    break;
                };
                spellings = self.longer(&spellings, last);
                if spellings.is_empty() {
                    break;
                }
                let start = characters[first].0;
                let end = characters
                    .get(first + size)
                    .map_or(text.len(), |&(at, _)| at);
                for spelling in &spellings {
                    if let Some(&(name, number)) = self.names.get(self.place(spelling))
                        && name == spelling
                    {
                        found.push((&text[start..end], number));
                    }
                }
            }
        }
        found
    }

    /// The spellings with a character's readings behind them, where a name begins so.
    fn longer(&self, spellings: &[String], c: char) -> Vec<String> {
        let mut longer = Vec::new();
        for tail in self.readings.get(&c).into_iter().flatten() {
            for head in spellings {
                let spelling = format!("{head}{tail}");
                let next = self.names.get(self.place(&spelling));
                if next.is_some_and(|(name, _)| name.starts_with(&spelling)) {
                    longer.push(spelling);
                }
            }
        }
        longer
    }

    /// The place of the first name that is not before this spelling.
    fn place(&self, spelling: &str) -> usize {
        self.names.partition_point(|&(name, _)| name < spelling)
    }
}

/// The readings of a character, the usual one first; at most two.
fn readings(c: char) -> Vec<String> {
    if c.is_ascii() {
        return Vec::new();
    }
    let mut readings: Vec<String> = Vec::new();
    if let Some(usual) = c.to_pinyin() {
        readings.push(plain(usual.plain()));
    }
    for other in c.to_pinyin_multi().into_iter().flatten() {
        let other = plain(other.plain());
        if readings.len() < 2 && !readings.contains(&other) {
            readings.push(other);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_is_told_from_english() {
        for word in ["xiaoping", "zhang", "qingyang", "luxun"] {
            assert!(is_pinyin(word), "{word}");
        }
        for word in ["bright", "street", "smith", ""] {
            assert!(!is_pinyin(word), "{word}");
        }
    }

    #[test]
    fn a_name_is_found_where_its_characters_stand() {
        let mut names = Names::new([("yinchuan", 7), ("yin", 8)]);
        assert_eq!(names.find("他去银川了"), [("银", 8), ("银川", 7)]);
    }
}
