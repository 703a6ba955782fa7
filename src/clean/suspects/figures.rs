//! Figures that no one writes: 0亿, a figure with a letter in it.

use super::Doubts;
use crate::clean::lexicon::{self, Word};
use crate::script::is_han;

const LETTERS: [(char, char); 6] = [
    ('O', '0'),
    ('o', '0'),
    ('l', '1'),
    ('I', '1'),
    ('〇', '0'),
    ('S', '5'),
];

/// Letters that stand for digits at the beginning of a figure.
const LEADING: [(char, char); 4] = [('l', '1'), ('I', '1'), ('O', '0'), ('o', '0')];

/// What only a figure stands before.
const SURE_UNITS: &str = "%％‰亿万億萬千百元年月日";

/// Measures, which are words by themselves (15台) or the beginning of one (台式).
const MEASURES: &str = "个座人名位项条家次件台套所处户吨米岁届倍批只股亩里斤时分秒";

pub(super) fn look(doubts: &mut Doubts<'_>) {
    beginnings(doubts);
    spaced(doubts);
    thousands(doubts);
    ranges(doubts);
    let text = doubts.text;
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len() && (bytes[i].is_ascii_digit() || matches!(bytes[i], b'.' | b',')) {
            i += 1;
        }
        let figure = &text[start..i];
        let before = text[..start].chars().next_back();
        let after = text[i..].chars().next();
        let large = after.is_some_and(|c| matches!(c, '亿' | '万' | '億' | '萬'));
        if large && figure.starts_with('0') && !figure.contains('.') && before != Some('-') {
            doubts.raise(
                start..i,
                "number.leading-zero",
                None,
                0.9,
                "a figure before 亿 or 万 does not begin with 0: digits are lost or misread",
            );
        } else if figure == "0" && (text[i..].starts_with("月份") || text[i..].starts_with("个月"))
        {
            doubts.raise(
                start..i,
                "number.leading-zero",
                None,
                0.8,
                "no month has the number 0: digits are lost or misread",
            );
        } else if let Some(word) = mixed(text, start) {
            let figure: String = word
                .chars()
                .map(|c| {
                    LETTERS
                        .iter()
                        .find(|(l, _)| *l == c)
                        .map_or(c, |&(_, digit)| digit)
                })
                .collect();
            doubts.raise(
                start..start + word.len(),
                "number.letter",
                Some(figure),
                0.8,
                "letters in a figure: perhaps digits",
            );
            i = start + word.len();
        } else if let Some((letter, digit)) =
            after.and_then(|c| LETTERS.iter().find(|(letter, _)| *letter == c).copied())
        {
            let next = text[i + letter.len_utf8()..].chars().next();
            let in_figure = next.is_some_and(|c| {
                c.is_ascii_digit()
                    || matches!(c, '%' | '亿' | '万' | '元' | '年' | '个' | '月' | '日')
            });
            let model = before.is_some_and(|c| c.is_ascii_alphabetic());
            if in_figure && !model && (letter != '〇' || next.is_some_and(|c| c.is_ascii_digit()))
            {
                doubts.raise(
                    i..i + letter.len_utf8(),
                    "number.letter",
                    Some(digit.to_string()),
                    0.8,
                    "a letter in a figure: perhaps a digit",
                );
            }
        }
    }
}

/// A figure with two letters or more that look like digits, none of them the first, before what
/// only a figure stands before: 2O2l年.
fn mixed(text: &str, start: usize) -> Option<&str> {
    let rest = &text[start..];
    let word = &rest[..rest
        .bytes()
        .take(24)
        .take_while(u8::is_ascii_alphanumeric)
        .count()];
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    let alike = letters.clone().all(|c| matches!(c, 'O' | 'o' | 'l' | 'I'));
    let figures = word.chars().filter(char::is_ascii_digit).count();
    let next = rest[word.len()..].chars().next()?;
    (alike
        && letters.count() >= 2
        && figures >= 2
        && SURE_UNITS.contains(next)
        && stands_alone(&text[..start]))
    .then_some(word)
}

/// Figures of two digits with a blank between them: 3 6人, 1 2月.
fn spaced(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices(' ') {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if at == 0 || !digit(at - 1) || !digit(at + 1) {
            continue;
        }
        let before = text[..at - 1].chars().next_back();
        let after = text[at + 2..].chars().next();
        let unit = |c| SURE_UNITS.contains(c) || MEASURES.contains(c);
        if before.is_some_and(is_han) && after.is_some_and(unit) {
            let figure = format!("{}{}", &text[at - 1..at], &text[at + 1..at + 2]);
            doubts.raise(
                at - 1..at + 2,
                "number.spaced",
                Some(figure),
                0.6,
                "a blank between two digits: perhaps one figure",
            );
        }
    }
}

/// 干 for 千 between a figure and its unit: 6干吨.
fn thousands(doubts: &mut Doubts<'_>) {
    const UNITS: &str = "吨米克瓦元人亩户伏卡头斤字册台套件万";
    const LONGER: [&str; 5] = ["公里", "公斤", "公顷", "多", "余"];
    let text = doubts.text;
    for (at, _) in text.match_indices('干') {
        let after = &text[at + '干'.len_utf8()..];
        let unit = after.starts_with(|c| UNITS.contains(c))
            || LONGER.iter().any(|unit| after.starts_with(unit));
        let figure = text[..at]
            .ends_with(|c: char| c.is_ascii_digit() || "一二两三四五六七八九几数".contains(c));
        if unit && figure {
            doubts.raise(
                at..at + '干'.len_utf8(),
                "ocr.lookalike",
                Some("千".to_owned()),
                0.9,
                "干 may be 千: it stands between a figure and a unit",
            );
        }
    }
}

/// 一 for a dash between two figures: 3一5元.
fn ranges(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    for (at, _) in text.match_indices('一') {
        let after = &text[at + '一'.len_utf8()..];
        if text[..at].ends_with(|c: char| c.is_ascii_digit())
            && after.starts_with(|c: char| c.is_ascii_digit())
        {
            doubts.raise(
                at..at + '一'.len_utf8(),
                "ocr.hyphen",
                Some("—".to_owned()),
                0.8,
                "the numeral 一 between two figures: a dash",
            );
        }
    }
}

/// Figures that begin with a letter or are all letters: l0座, 8月l5日, O.5%.
fn beginnings(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    let bytes = text.as_bytes();
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b',');
    let mut i = 0;
    while i < bytes.len() {
        if !in_word(bytes[i]) {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len() && in_word(bytes[i]) {
            i += 1;
        }
        let word = text[start..i].trim_start_matches(['.', ',']);
        let start = i - word.len();
        if let Some(figure) = as_figure(word)
            && stands_alone(&text[..start])
            && counts(word, &text[..start], &text[i..])
        {
            doubts.raise(
                start..i,
                "number.letter",
                Some(figure),
                0.8,
                "a figure that begins with a letter: perhaps a digit",
            );
        }
    }
}

/// The figure that a word is when the letters it begins with, and others like them, are digits.
fn as_figure(word: &str) -> Option<String> {
    // No figure is longer, and a longer word is not gone through.
    if word.len() > 24 || !word.starts_with(|c: char| LEADING.iter().any(|(l, _)| *l == c)) {
        return None;
    }
    if word.ends_with(['.', ',']) {
        return None;
    }
    word.chars()
        .map(|c| match LEADING.iter().find(|(letter, _)| *letter == c) {
            Some((_, digit)) => Some(*digit),
            None => (c.is_ascii_digit() || matches!(c, '.' | ',')).then_some(c),
        })
        .collect()
}

/// Whether no Latin word, model name or number goes on in what follows this text.
fn stands_alone(before: &str) -> bool {
    let glued = |c: char| !c.is_whitespace() && !is_han(c) && c.is_alphanumeric();
    !before.ends_with(|c: char| glued(c) || matches!(c, '-' | '_' | '/' | '+' | '&' | '@' | '#'))
        && !before.trim_end().ends_with(glued)
}

/// Whether a word that may be a figure stands where only a figure does.
fn counts(word: &str, before: &str, after: &str) -> bool {
    let Some(next) = after.chars().next() else {
        return false;
    };
    let sure = SURE_UNITS.contains(next) || goes_on(after);
    let measured = sure || MEASURES.contains(next) && is_measure(after) || has_metric(after);
    let dated = matches!(next, '月' | '日') && before.ends_with(['年', '月']);
    match word.as_bytes() {
        // 0.5; no other figure begins with 0, but chemistry has O2 and O3. A single letter has many
        // meanings, most of all a capital (O型, I级).
        [b'l'] | [b'O' | b'o', b'.', ..] => measured,
        [b'I'] => dated,
        [b'O' | b'o'] => matches!(next, '%' | '％' | '‰'),
        [b'O' | b'o', ..] => false,
        _ if word.bytes().any(|byte| byte.is_ascii_digit()) => measured,
        // Roman numerals and abbreviations are all capitals.
        _ => sure && word.contains('l'),
    }
}

/// A measure that is not the beginning of a word.
fn is_measure(after: &str) -> bool {
    let end = after
        .char_indices()
        .nth(6)
        .map_or(after.len(), |(at, _)| at);
    lexicon::cut(&after[..end])
        .first()
        .is_some_and(Word::is_single)
}

fn has_metric(after: &str) -> bool {
    const METRIC: [&str; 9] = [
        "公里", "公斤", "公顷", "公分", "平方", "立方", "小时", "分钟", "多",
    ];
    METRIC.iter().any(|unit| after.starts_with(unit))
}

/// Whether a range goes on with a figure (l0至20座).
fn goes_on(after: &str) -> bool {
    let mut chars = after.chars();
    matches!(chars.next(), Some('至' | '—' | '～'))
        && chars.next().is_some_and(|c| c.is_ascii_digit())
}
