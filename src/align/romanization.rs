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

/// Places where a Chinese text spells one of these names: the characters and the name's number.
/// `names` maps names in lower case, without blanks, to numbers.
pub(super) fn find_names<'t>(text: &'t str, names: &FxHashMap<&str, u32>) -> Vec<(&'t str, u32)> {
    let mut found = Vec::new();
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let readings: Vec<Vec<String>> = characters.iter().map(|&(_, c)| readings(c)).collect();
    for first in 0..characters.len() {
        let mut spellings = vec![String::new()];
        for size in 1..=4 {
            let Some(next) = readings
                .get(first + size - 1)
                .filter(|list| !list.is_empty())
            else {
                break;
            };
            spellings = spellings
                .iter()
                .flat_map(|head| next.iter().map(move |tail| format!("{head}{tail}")))
                .take(8)
                .collect();
            let start = characters[first].0;
            let end = characters
                .get(first + size)
                .map_or(text.len(), |&(at, _)| at);
            for spelling in &spellings {
                if let Some(&name) = names.get(spelling.as_str()) {
                    found.push((&text[start..end], name));
                }
            }
        }
    }
    found
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
        let names: FxHashMap<&str, u32> = [("yinchuan", 7)].into_iter().collect();
        assert_eq!(find_names("他去银川了", &names), [("银川", 7)]);
    }
}
