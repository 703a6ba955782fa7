//! Figures that no one writes: 0亿, a figure with a letter in it.

use super::Doubts;

const LETTERS: [(char, char); 6] = [
    ('O', '0'),
    ('o', '0'),
    ('l', '1'),
    ('I', '1'),
    ('〇', '0'),
    ('S', '5'),
];

pub(super) fn look(doubts: &mut Doubts<'_>) {
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
