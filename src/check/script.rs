//! Characters of the other language's script.

use super::{Pair, Sink};
use crate::script::is_han;

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let written_in_han = matches!(
        pair.target_lang.primary(),
        "zh" | "ja" | "ko" | "yue" | "wuu"
    );
    if written_in_han {
        if pair.target_lang.is_chinese() {
            half_width(pair, sink);
        }
    } else {
        han(pair, sink);
        full_width(pair, sink);
    }
}

/// Han characters, except in brackets after their translation: "the Wangzha (王炸)".
fn han(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let text = pair.target;
    let mut run: Option<usize> = None;
    let mut brackets = 0_usize;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        if is_han(c) && brackets == 0 {
            run.get_or_insert(at);
            continue;
        }
        if let Some(start) = run.take() {
            sink.in_target(
                "script.han",
                format!("{} is left in Chinese", &text[start..at]),
                pair,
                start..at,
            );
        }
        match c {
            '(' | '（' | '[' => brackets += 1,
            ')' | '）' | ']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
    }
}

/// Marks that only East Asian text has. Curly quotes and dashes are English too.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}'
        | '\u{ff01}'..='\u{ff5e}' | '\u{3000}')
}

fn full_width(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let mut run: Option<usize> = None;
    let text = pair.target;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        if is_full_width(c) {
            run.get_or_insert(at);
        } else if let Some(start) = run.take() {
            let marks = &text[start..at];
            sink.in_target(
                "script.full-width",
                format!("{marks} is full width; {} is not", narrow(marks)),
                pair,
                start..at,
            );
        }
    }
}

fn narrow(marks: &str) -> String {
    marks
        .chars()
        .map(|c| match c {
            '、' => ',',
            '。' => '.',
            '《' | '》' | '〈' | '〉' | '「' | '」' | '『' | '』' => '"',
            '【' => '[',
            '】' => ']',
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// , ; : ? ! and brackets right after a Han character in Chinese text.
fn half_width(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let mut before = '\0';
    for (at, c) in pair.target.char_indices() {
        if is_han(before) && matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')') {
            sink.in_target(
                "script.half-width",
                format!("{c} is half width after a Chinese character"),
                pair,
                at..at + 1,
            );
        }
        before = c;
    }
}
