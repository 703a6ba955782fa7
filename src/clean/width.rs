//! ASCII marks in Chinese text become full width.

use super::rewrite::{Rewriter, in_chinese};
use crate::script::{self, is_cjk, is_han};

/// The brackets that are open, and whether each was made full width.
#[derive(Default)]
pub(super) struct Brackets(Vec<bool>);

const RULE: &str = "punctuation.width";

/// Deals with an ASCII mark at the writer's position. Says whether it did.
pub(super) fn write(writer: &mut Rewriter<'_>, brackets: &mut Brackets) -> bool {
    if !writer.chinese {
        return false;
    }
    let Some(mark) = writer.rest().chars().next() else {
        return false;
    };
    let before = writer.before();
    // The raw neighbours: a number or a Latin word goes on without a blank.
    let next = writer.rest()[mark.len_utf8()..].chars().next();
    let after = writer.after(mark.len_utf8());
    let full = match mark {
        ',' | ';' | ':' | '!' | '?' => {
            let digits = before.is_some_and(|c| c.is_ascii_digit())
                && next.is_some_and(|c| c.is_ascii_digit());
            let chinese = in_chinese(before, after)
                || (is_quote_or_bracket(before) && writer.out.chars().rev().take(8).any(is_han))
                || (before == Some('%') && !digits && after.is_none());
            (chinese && !digits).then_some(match mark {
                ',' => "，",
                ';' => "；",
                ':' => "：",
                '!' => "！",
                _ => "？",
            })
        }
        '.' => {
            let ends = match next {
                None => true,
                Some(c) => {
                    c.is_whitespace()
                        || is_cjk(c)
                        || matches!(c, '"' | '\'' | ')' | '”' | '!' | '?' | ',' | ';' | ':')
                }
            };
            let chinese = before.is_some_and(|c| is_han(c) || script::is_closer(c) && is_cjk(c));
            (chinese && ends).then_some("。")
        }
        '(' => {
            let chinese = before.is_some_and(is_cjk) || after.is_some_and(is_han);
            brackets.0.push(chinese);
            chinese.then_some("（")
        }
        ')' => {
            let chinese = match brackets.0.pop() {
                Some(opened) => opened,
                None => before.is_some_and(is_han) || after.is_some_and(is_han),
            };
            chinese.then_some("）")
        }
        _ => None,
    };
    match full {
        Some(full) => {
            writer.change(1, full, RULE);
            true
        }
        None => false,
    }
}

fn is_quote_or_bracket(c: Option<char>) -> bool {
    c.is_some_and(|c| script::is_closer(c) && is_cjk(c))
}
