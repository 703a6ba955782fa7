//! Marks of notes behind a sentence: raised figures (`。¹`) and figures in brackets (`。[1]`).

use crate::model::{CodeKind, Inline};

/// The longest mark without its brackets, in bytes: 123, or ※.
const LONGEST: usize = 3;
/// As many codes are looked at for one mark: a page may have a million at one place.
const MOST_CODES: usize = 16;

/// Inline codes with their byte offsets in the text, in order.
type Codes = [(usize, Inline)];

/// The length in bytes of the marks that a text goes on with at `at`.
pub fn length_at(text: &str, codes: &Codes, at: usize) -> usize {
    let mut end = at;
    while end < text.len() {
        let length = bracketed(&text[end..]).or_else(|| {
            let first = codes.partition_point(|&(place, _)| place < end);
            raised(text, &codes[first..])
                .and_then(|(start, close)| (start == end).then_some(close - start))
        });
        let Some(length) = length else { break };
        end += length;
    }
    end - at
}

/// A text without the marks that it ends with.
pub fn stripped<'a>(text: &'a str, codes: &Codes) -> &'a str {
    let mut end = text.len();
    while end > 0 {
        // With its brackets a mark has at most three characters of three bytes.
        let near = text.floor_char_boundary(end.saturating_sub(9));
        let start = (near..end)
            .filter(|&at| text.is_char_boundary(at))
            .find(|&at| bracketed(&text[at..end]) == Some(end - at))
            .or_else(|| {
                let first = codes.partition_point(|&(place, _)| place + LONGEST < end);
                let last = codes.partition_point(|&(place, _)| place <= end);
                (first.max(last.saturating_sub(MOST_CODES))..last).find_map(|i| {
                    let (start, close) = raised(text, &codes[i..last])?;
                    (close == end).then_some(start)
                })
            });
        let Some(start) = start else { break };
        end = start;
    }
    &text[..end]
}

/// The length of a figure in brackets at the start of a text.
fn bracketed(text: &str) -> Option<usize> {
    let close = match text.chars().next()? {
        '[' => ']',
        '［' => '］',
        '〔' => '〕',
        _ => return None,
    };
    let open = close.len_utf8();
    let digits = text[open..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .take(LONGEST + 1)
        .count();
    let end = open + digits;
    ((1..=LONGEST).contains(&digits) && text[end..].starts_with(close)).then(|| end + open)
}

/// Where the first raised text begins and ends, if it is short, and codes that begin at one place
/// begin with it.
fn raised(text: &str, codes: &Codes) -> Option<(usize, usize)> {
    let codes = &codes[..codes.len().min(MOST_CODES)];
    let start = codes.first()?.0;
    let opened =
        codes
            .iter()
            .take_while(|(at, _)| *at == start)
            .find_map(|(_, code)| match code {
                Inline::Open(code) if code.kind == CodeKind::Superscript => Some(&code.id),
                _ => None,
            })?;
    let end = codes
        .iter()
        .find_map(|(at, code)| matches!(code, Inline::Close(id) if id == opened).then_some(*at))?;
    ((1..=LONGEST).contains(&end.saturating_sub(start)) && !text[start..end].trim().is_empty())
        .then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn raised_code(start: usize, end: usize) -> Vec<(usize, Inline)> {
        let code = |id: &str, kind| {
            Inline::Open(Box::new(Code {
                id: id.to_owned(),
                kind,
            }))
        };
        vec![
            (start, code("1", CodeKind::Link("#n".to_owned()))),
            (start, code("2", CodeKind::Superscript)),
            (end, Inline::Close("2".to_owned())),
            (end, Inline::Close("1".to_owned())),
        ]
    }

    #[test]
    fn figures_in_brackets_are_marks() {
        assert_eq!(length_at("完。[1][12]水清了。", &[], 6), 7);
        assert_eq!(length_at("完。〔3〕水", &[], 6), 7);
        assert_eq!(length_at("完。[2026]水", &[], 6), 0);
        assert_eq!(length_at("完。[注]水", &[], 6), 0);
        assert_eq!(stripped("完。［9］", &[]), "完。");
        assert_eq!(stripped("完。[1][2]", &[]), "完。");
        assert_eq!(stripped("完。", &[]), "完。");
        assert_eq!(stripped("[1]", &[]), "");
    }

    #[test]
    fn short_raised_text_is_a_mark() {
        let codes = raised_code(6, 7);
        assert_eq!(length_at("完。1水清了。", &codes, 6), 1);
        assert_eq!(length_at("完。1水清了。", &codes, 3), 0);
        assert_eq!(stripped("完。1", &codes), "完。");
        assert_eq!(stripped("完。1", &[]), "完。1");
        let long = raised_code(6, 15);
        assert_eq!(length_at("完。水清了。", &long, 6), 0);
    }
}
