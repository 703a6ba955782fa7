//! Dashes and ellipses.

use super::Policy;
use super::rewrite::Rewriter;
use super::sense;
use crate::script::{is_cjk, is_han};

/// Deals with a dash or dots at the writer's position. Says whether it did.
pub(super) fn write(writer: &mut Rewriter<'_>) -> bool {
    if !writer.chinese {
        return false;
    }
    let rest = writer.rest();
    let before = writer.before();
    match rest.chars().next() {
        Some('-') => {
            let count = rest.bytes().take_while(|&b| b == b'-').count();
            let after = writer.after(count);
            let begins = after
                .is_some_and(|c| is_han(c) || matches!(c, '“' | '‘' | '《' | '"' | '\'' | '*'));
            let opens_line = before.is_none() && begins;
            let between = before.is_some_and(is_cjk) && begins;
            // Two are how a typewriter writes a dash; one opens a line as a dash only, and with a
            // blank behind it is the bullet of a list; before a measure it is a misread 一.
            let bullet = rest[count..].starts_with(char::is_whitespace)
                || opens_line && sense::counts_with_hyphen(rest);
            if (count == 1 && opens_line && !bullet) || (count == 2 && (opens_line || between)) {
                writer.change(count, "——", "punctuation.dash");
                return true;
            }
            false
        }
        Some('—' | '–' | '―') => {
            let count = rest
                .chars()
                .take_while(|c| matches!(c, '—' | '–' | '―'))
                .count();
            let length = count * '—'.len_utf8();
            let after = writer.after(length);
            let chinese = after.is_some_and(is_han) || before.is_some_and(is_han);
            let wrong = (count == 2 && !rest.starts_with("——"))
                || (count == 1 && before.is_none() && after.is_some_and(is_han))
                || (count == 1
                    && writer.options.policy == Policy::All
                    && before.is_some_and(is_han)
                    && after.is_some_and(is_han));
            if chinese && wrong {
                writer.change(length, "——", "punctuation.dash");
            } else {
                writer.keep(length);
            }
            true
        }
        Some('.') => {
            let count = rest.bytes().take_while(|&b| b == b'.').count();
            if count >= 3 && (before.is_some_and(is_cjk) || writer.after(count).is_some_and(is_cjk))
            {
                writer.change(count, "……", "punctuation.ellipsis");
                return true;
            }
            false
        }
        Some('。') => {
            let count = rest.chars().take_while(|&c| c == '。').count();
            if count >= 3 {
                writer.change(count * '。'.len_utf8(), "……", "punctuation.ellipsis");
                return true;
            }
            false
        }
        Some('…') => {
            let count = rest.chars().take_while(|&c| c == '…').count();
            let length = count * '…'.len_utf8();
            if count == 1 && before.is_some_and(is_cjk) {
                writer.change(length, "……", "punctuation.ellipsis");
            } else {
                writer.keep(length);
            }
            true
        }
        _ => false,
    }
}
