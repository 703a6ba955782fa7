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
                || (before == Some('%') && !digits && after.is_none())
                || (before == Some('%') && mark == ',' && goes_on_in_chinese(writer));
            (chinese && !digits).then_some(match mark {
                ',' => "，",
                ';' => "；",
                ':' => "：",
                '!' => "！",
                _ => "？",
            })
        }
        '.' if writer.reference => None,
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
            (chinese && ends || after.is_none() && ends_after_figure(writer)).then_some("。")
        }
        '(' => {
            let chinese = before.is_some_and(is_cjk)
                || after.is_some_and(is_han)
                || before.is_some_and(|c| c.is_ascii_alphanumeric()) && holds_chinese(writer);
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

/// Whether a paragraph is an entry of a bibliography: it begins with its number in brackets, or
/// names the kind of its document as GB/T 7714 does.
pub(super) fn is_reference(text: &str) -> bool {
    const KINDS: [&str; 8] = ["[M]", "[J]", "[D]", "[N]", "[C]", "[R]", "[S]", "[EB/OL]"];
    let numbered = text
        .trim_start()
        .strip_prefix(['[', '［'])
        .and_then(|rest| rest.split_once([']', '］']))
        .is_some_and(|(number, _)| {
            (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        });
    numbered
        || text.len() < 1000 && text.contains('[') && KINDS.iter().any(|kind| text.contains(kind))
}

fn is_quote_or_bracket(c: Option<char>) -> bool {
    c.is_some_and(|c| script::is_closer(c) && is_cjk(c))
}

/// How far around a mark Han characters are looked for.
const REACH: usize = 12;

/// Whether Chinese stands before the mark at the position and, in the same clause, after it, which
/// no digit follows: 增长3.5%,CPI为.
fn goes_on_in_chinese(writer: &Rewriter<'_>) -> bool {
    let rest = &writer.rest()[1..];
    !rest.starts_with(|c: char| c.is_ascii_digit() || c.is_whitespace())
        && writer.out.chars().rev().take(REACH).any(is_han)
        && rest
            .chars()
            .take(REACH)
            .take_while(|c| !matches!(c, ',' | ';' | '.'))
            .any(is_han)
}

/// Whether the bracket that opens at the position holds Chinese, and closes soon.
fn holds_chinese(writer: &Rewriter<'_>) -> bool {
    let mut chinese = false;
    for c in writer.rest().chars().skip(1).take(3 * REACH) {
        match c {
            ')' | '）' => return chinese,
            '(' | '（' | '\n' => return false,
            _ => chinese |= is_han(c),
        }
    }
    false
}

/// Whether a figure that can't go on stands before the position, and Chinese before that: a
/// decimal that has its point (为1.2) or a percentage. A whole number may have been cut at its
/// point.
fn ends_after_figure(writer: &Rewriter<'_>) -> bool {
    let text = writer.out.as_str();
    let percent = text.ends_with('%');
    let figure = text.strip_suffix('%').unwrap_or(text);
    let before = figure.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let figure = &figure[before.len()..];
    writer.running
        && before.ends_with(is_han)
        && figure.starts_with(|c: char| c.is_ascii_digit())
        && figure.ends_with(|c: char| c.is_ascii_digit())
        && (percent || figure.matches('.').count() == 1)
}
