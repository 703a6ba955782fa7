//! Hyphens and the numeral 一: in print they are one stroke.

use super::Doubts;
use crate::clean::lexicon;
use crate::script::{is_cjk, is_cjk_punctuation, is_han};

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    for (at, _) in text.match_indices('-') {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        let hyphen_elsewhere = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
            || after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        if hyphen_elsewhere || !before.is_none_or(is_cjk) {
            continue;
        }
        if names_a_site(&text[at + 1..]) {
            continue;
        }
        if !after.is_some_and(is_han) {
            // 之一。 and 第一， end in the numeral.
            let ends_word = after.is_none_or(is_cjk_punctuation)
                && before.is_some_and(|c| is_han(c) && lexicon::has(&format!("{c}一")));
            if ends_word {
                doubts.raise(
                    at..at + 1,
                    "ocr.hyphen",
                    Some("一".to_owned()),
                    0.8,
                    "a hyphen at the end of a word: the numeral 一",
                );
            }
            continue;
        }
        let (suggestion, confidence) = if makes_word(text, at) {
            ("一", 0.9)
        } else {
            ("一", 0.6)
        };
        doubts.raise(
            at..at + 1,
            "ocr.hyphen",
            Some(suggestion.to_owned()),
            confidence,
            "a hyphen between Chinese characters: the numeral 一, or a dash (——)",
        );
    }
    for (at, _) in text.match_indices('一') {
        if joins_like_places(text, at) {
            doubts.raise(
                at..at + '一'.len_utf8(),
                "ocr.hyphen",
                Some("—".to_owned()),
                0.7,
                "the same word stands before and after: a dash between two places, not the numeral",
            );
        }
    }
}

/// Whether only the name of a site follows, as it stands behind a headline (-新华网).
fn names_a_site(after: &str) -> bool {
    const ENDS: [&str; 11] = [
        "网",
        "網",
        "报",
        "報",
        "社",
        "网站",
        "在线",
        "频道",
        "新闻",
        "客户端",
        "门户",
    ];
    after.len() <= 60
        && (2..=12).contains(&after.chars().count())
        && after.chars().all(|c| is_han(c) || matches!(c, '-' | '_'))
        && ENDS.iter().any(|end| after.ends_with(end))
}

/// Whether 一 makes a word with its neighbours, or counts what follows.
fn makes_word(text: &str, at: usize) -> bool {
    let before: Vec<char> = text[..at].chars().rev().take(2).collect();
    let after: Vec<char> = text[at + 1..].chars().take(3).collect();
    let has = |word: String| lexicon::has(&word);
    let head = |n: usize| after.get(..n).map(|part| part.iter().collect::<String>());
    (1..=3).any(|n| head(n).is_some_and(|part| has(format!("一{part}"))))
        || before.first().is_some_and(|c| has(format!("{c}一")))
        || before
            .first()
            .zip(head(1))
            .is_some_and(|(c, part)| has(format!("{c}一{part}")))
}

/// 甲广场一乙广场: the text before 一 ends with the word that ends the name after it.
fn joins_like_places(text: &str, at: usize) -> bool {
    let mut left: Vec<char> = text[..at].chars().rev().take(2).collect();
    left.reverse();
    if left.len() < 2 || !left.iter().all(|&c| is_han(c)) {
        return false;
    }
    let right: Vec<char> = text[at + '一'.len_utf8()..]
        .chars()
        .take_while(|&c| is_han(c))
        .take(9)
        .collect();
    // The name ends where the Han characters end.
    (4..9).contains(&right.len()) && right.ends_with(&left)
}
