//! Plain text.

use crate::model::{BlockKind, Line, Role};

/// The lines of `text` that are not blank. Lines end with `\n`, `\r\n`, `\r`, U+2028, U+2029 or a
/// form feed; the last three are not counted, as editors don't count them.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut blank_before = 0;
    let mut begins_article = false;
    let mut number = 1;
    let mut rest = text;
    while !rest.is_empty() {
        let (line, end, after) = cut_line(rest);
        rest = after;
        if line.trim().is_empty() {
            blank_before += 1;
        } else if is_article_mark(line) {
            begins_article = true;
        } else {
            lines.push(Line {
                number,
                text: line.to_owned(),
                blank_before,
                role: std::mem::take(&mut begins_article).then_some(Role {
                    begins_article: true,
                    ..Role::new(BlockKind::Paragraph)
                }),
                ..Line::default()
            });
            blank_before = 0;
        }
        number += u32::from(end.starts_with(['\n', '\r']));
    }
    lines
}

fn is_article_mark(line: &str) -> bool {
    line.trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"))
        .is_some_and(|mark| mark.trim() == super::ARTICLE_MARK)
}

/// Cuts the first line off: the line without its end, its end, and what follows.
fn cut_line(text: &str) -> (&str, &str, &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r' | 0x0c | 0xe2))
    {
        let at = from + found;
        let length = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            0xe2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => 3,
            0xe2 => {
                from = at + 1;
                continue;
            }
            _ => 1,
        };
        let (end, after) = text[at..].split_at(length);
        return (&text[..at], end, after);
    }
    (text, "", "")
}
