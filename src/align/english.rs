//! English word forms brought to one stem, so that *went*, *going* and a dictionary's *to go*
//! meet.
//!
//! A light stemmer is enough: both texts, the word lists and the dictionary pass through the same
//! function, so what counts is that forms of one word agree, not that the stem is a word.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static IRREGULAR: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("lexicon/en-irregular.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(base, forms)| forms.split(' ').map(move |form| (form, base)))
        .collect()
});

/// Words that carry too little to say which sentence they come from.
const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "as", "that", "be", "it",
    "and", "from", "this", "but", "or", "so", "have", "do", "which", "there", "then", "would",
    "could", "will", "up", "out", "into", "its", "if", "than", "s", "t", "d", "ll", "ve", "re",
    "m", "upon", "such", "these", "those", "just", "very", "get", "one",
];

/// Whether a word, in lower case and stemmed, is too common to tell sentences apart.
pub(super) fn is_function_word(stem: &str) -> bool {
    FUNCTION_WORDS.contains(&stem)
}

/// The stem of a word given in lower case.
pub(super) fn stem(word: &str) -> String {
    let word = IRREGULAR.get(word).copied().unwrap_or(word);
    if !word.is_ascii() || word.len() < 4 {
        return word.to_owned();
    }
    let stem = strip_plural(word);
    let stem = strip_suffix(stem);
    let stem = stem.strip_suffix('e').unwrap_or(stem);
    match stem.strip_suffix('y') {
        Some(head) if head.len() > 2 => format!("{head}i"),
        _ => stem.to_owned(),
    }
}

fn strip_plural(word: &str) -> &str {
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return &word[..word.len() - 2];
        }
    }
    if word.ends_with("ies") {
        return &word[..word.len() - 2];
    }
    word.strip_suffix('s').unwrap_or(word)
}

fn strip_suffix(word: &str) -> &str {
    for ending in ["ing", "ed", "ly"] {
        let Some(head) = word.strip_suffix(ending) else {
            continue;
        };
        let has_vowel = head.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        // `need` and `red` are no past tenses.
        let shortest = if ending == "ing" { 2 } else { 3 };
        if head.len() < shortest || !has_vowel {
            continue;
        }
        let mut last = head.bytes().rev();
        let (Some(end), Some(before)) = (last.next(), last.next()) else {
            continue;
        };
        let doubled = end == before && !matches!(end, b'l' | b's' | b'z' | b'e' | b'o');
        return if doubled {
            &head[..head.len() - 1]
        } else {
            head
        };
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for forms in [
            &["go", "went", "gone", "going"][..],
            &["stop", "stops", "stopped", "stopping"],
            &["city", "cities"],
            &["carry", "carried", "carries", "carrying"],
            &["church", "churches"],
            &["quick", "quickly"],
            &["love", "loves", "loved", "loving"],
            &["child", "children"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
    }

    #[test]
    fn short_words_and_other_scripts_stay() {
        assert_eq!(stem("red"), "red");
        assert_eq!(stem("bus"), "bus");
        assert_eq!(stem("need"), "need");
        assert_eq!(stem("glass"), "glass");
        assert_eq!(stem("café"), "café");
    }
}
