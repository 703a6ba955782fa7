//! Computer code inside a sentence: a call with its arguments, what stands between backquotes.
//! Nothing in it is mended.

use std::ops::Range;

/// Code longer than this, in bytes, is not looked for.
const LONGEST: usize = 300;

/// The byte ranges of code in a text, in order.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    // Few paragraphs have one, and to look for one byte is fastest.
    if !text.contains('(') && !text.contains('`') {
        return found;
    }
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|b| matches!(b, b'(' | b'`')) {
        let here = at + next;
        at = here + 1;
        let span = if bytes[here] == b'`' {
            quoted(bytes, here)
        } else {
            call(bytes, found.last().map_or(0, |span| span.end), here)
        };
        if let Some(span) = span {
            at = span.end;
            found.push(span);
        }
    }
    found
}

fn is_printable(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte)
}

/// What stands between two backquotes.
fn quoted(bytes: &[u8], open: usize) -> Option<Range<usize>> {
    let rest = &bytes[open + 1..];
    let length = rest
        .iter()
        .take(LONGEST)
        .take_while(|&&byte| is_printable(byte))
        .position(|&byte| byte == b'`')?;
    (length > 0).then_some(open..open + length + 2)
}

/// The call whose bracket opens at `open`: a name before it, and in it a literal, an assignment or
/// the like, all ASCII.
fn call(bytes: &[u8], from: usize, open: usize) -> Option<Range<usize>> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let name = bytes[from..open]
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(|&&byte| is_name(byte))
        .count();
    let start = open - name;
    if name == 0 || !bytes[start].is_ascii_alphabetic() && bytes[start] != b'_' {
        return None;
    }
    let (mut depth, mut literal, mut is_code) = (0_usize, None, false);
    for (at, &byte) in bytes.iter().enumerate().skip(open).take(LONGEST) {
        if !is_printable(byte) {
            return None;
        }
        match (literal, byte) {
            (Some(quote), _) if byte == quote => literal = None,
            (None, b'"' | b'\'') => {
                literal = Some(byte);
                is_code = true;
            }
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return is_code.then_some(start..at + 1);
                }
            }
            (None, b'=' | b'\\' | b'_' | b'[' | b'{') => is_code = true,
            _ => {}
        }
    }
    None
}

/// The text with its code made letters, so that marks in it are none.
pub(super) fn masked(text: &str, spans: &[Range<usize>]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        masked.push_str(&text[from..span.start]);
        masked.extend(std::iter::repeat_n('x', span.len()));
        from = span.end;
    }
    masked.push_str(&text[from..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn calls_and_backquotes_are_code() {
        let code = |text: &str| -> Vec<String> {
            let found = spans(text).into_iter();
            found.map(|span| text[span].to_owned()).collect()
        };
        assert_eq!(
            code("用re.sub(r\"[^\\w]\", \"\", s)去掉标点，再用`a, b`排序。"),
            ["re.sub(r\"[^\\w]\", \"\", s)", "`a, b`"]
        );
        for text in [
            "GDP(国内生产总值)增长",
            "编号AB-12(C)",
            "CPI(2023)为1.2",
            "他(\"老王\")说",
            "f(\"人\")",
            "a(a(a(",
        ] {
            assert_eq!(code(text), [""; 0], "{text}");
        }
    }
}
