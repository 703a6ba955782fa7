//! White space.

use super::{Pair, Sink};

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    edges(pair, sink);
    if pair.target_lang.separates_with_spaces() {
        inside(pair, sink);
    }
}

fn edges(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let text = pair.target;
    let (start, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
    if start > 0 && !pair.source.starts_with(char::is_whitespace) {
        sink.in_target(
            "space.edge",
            "the translation begins with a space".to_owned(),
            pair,
            0..start,
        );
    }
    if end < text.len() && end > 0 && !pair.source.ends_with(char::is_whitespace) {
        sink.in_target(
            "space.edge",
            "the translation ends with a space".to_owned(),
            pair,
            end..text.len(),
        );
    }
}

fn inside(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let text = pair.target;
    let core_end = text.trim_end().len();
    let mut chars = text.char_indices().peekable();
    let mut blanks: Option<usize> = None;
    let mut before = '\0';
    let mut before_that = '\0';
    while let Some((at, c)) = chars.next() {
        if at >= core_end {
            break;
        }
        if matches!(c, ' ' | '\u{a0}') {
            blanks.get_or_insert(at);
            continue;
        }
        if let Some(start) = blanks.take()
            && start > 0
        {
            if text[start..at].chars().count() > 1 {
                sink.in_target(
                    "space.double",
                    "two spaces in a row".to_owned(),
                    pair,
                    start..at,
                );
            }
            let next_is_letter = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            // " .NET" and " ..." are no slips; French sets a space before : ; ? !
            let is_english = pair.target_lang.primary() == "en";
            if is_english
                && matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | ')' | ']')
                && !(next_is_letter && c == '.')
                && !text[at..].starts_with("..")
                && !before.is_ascii_punctuation()
            {
                sink.in_target(
                    "space.before-mark",
                    format!("a space stands before {c:?}"),
                    pair,
                    start..at + 1,
                );
            }
            if matches!(before, '(' | '[') {
                sink.in_target(
                    "space.before-mark",
                    format!("a space stands after {before:?}"),
                    pair,
                    start..at,
                );
            }
        } else if c.is_alphabetic()
            && matches!(before, ',' | ';' | '!' | '?')
            && before_that.is_alphabetic()
            && pair.target_lang.primary() == "en"
        {
            sink.in_target(
                "space.missing",
                format!("no space after {before:?}"),
                pair,
                at - before.len_utf8()..at + c.len_utf8(),
            );
        }
        before_that = before;
        before = c;
    }
}
