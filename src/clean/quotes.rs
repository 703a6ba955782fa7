//! The direction of quotation marks.
//!
//! Straight quotes have none, and OCR gets that of curly ones wrong. For each paragraph the
//! cheapest reading is sought: every mark opens or closes, at a cost that its neighbours set, and
//! a mark that opens inside an open quotation of its own kind nests, at a further cost. This is
//! the Viterbi algorithm over the depth of nesting: linear in the number of marks.

use super::rewrite::Rewriter;
use crate::script::{self, is_cjk, is_han};

const RULE: &str = "punctuation.quote";

/// How deep one kind of mark nests in itself.
const DEEPEST: usize = 3;

/// The states of a reading: nothing open, each depth, and each depth in introduced speech.
const STATES: usize = 2 * DEEPEST + 1;

fn depth_of(state: usize) -> usize {
    if state > DEEPEST {
        state - DEEPEST
    } else {
        state
    }
}

/// A directed mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote(char);

pub(super) fn write(writer: &mut Rewriter<'_>, quote: Quote) {
    let length = writer.rest().chars().next().map_or(1, char::len_utf8);
    let mut buffer = [0; 4];
    writer.change(length, quote.0.encode_utf8(&mut buffer), RULE);
}

/// A mark on the way to its direction.
struct Mark {
    at: usize,
    open: f32,
    close: f32,
    /// Whether what stands before it introduces speech.
    introduced: bool,
    /// Whether speech can end here: a stop stands before it, or a mark behind it.
    ends_speech: bool,
}

/// The directed marks for `text`, by byte offset, in order.
///
/// Marks nested in their own kind keep it, unless `alternate` asks for the other kind, as the
/// national standard (GB/T 15834) has it.
pub(super) fn directions(text: &str, alternate: bool) -> Vec<(usize, Quote)> {
    let mut double = Vec::new();
    let mut single = Vec::new();
    let found = marks_of(text);
    for &(at, c) in &found {
        if is_double(c) {
            double.push(mark(text, at, c));
        } else {
            single.push(mark(text, at, c));
        }
    }
    let mut quotes = Vec::with_capacity(double.len() + single.len());
    let (doubles, singles) = (['“', '”'], ['‘', '’']);
    let inner = |own, other| if alternate { other } else { own };
    directed(&double, doubles, inner(doubles, singles), &mut quotes);
    directed(&single, singles, inner(singles, doubles), &mut quotes);
    quotes.sort_unstable_by_key(|&(at, _)| at);
    let crossed = !closed_by_other_kind(&found).is_empty();
    for (marks, is_of_kind) in [(&double, true), (&single, false)] {
        if !crossed && marks.len() % 2 == 0 {
            continue;
        }
        // What does not pair has no sure reading: marks with a direction keep it, others get one
        // only where their neighbours leave no doubt.
        let kept = |at: usize| match marks.binary_search_by_key(&at, |mark| mark.at) {
            Ok(i) => {
                let straight = text[at..].starts_with(['"', '\'']);
                !straight || (marks[i].open - marks[i].close).abs() < CERTAIN
            }
            Err(_) => false,
        };
        quotes.retain(|&(at, _)| {
            let double = text[at..].chars().next().is_some_and(is_double);
            double != is_of_kind || !kept(at)
        });
    }
    quotes
}

/// How much likelier one direction must be for a straight mark that pairs with no other.
const CERTAIN: f32 = 1.5;

fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}

/// The quotation marks of a text by byte offset, without apostrophes and the signs of feet,
/// inches, minutes and seconds.
fn marks_of(text: &str) -> Vec<(usize, char)> {
    let mut found = Vec::new();
    let (mut doubles, mut singles) = (0_usize, 0_usize);
    let mut from = 0;
    let bytes = text.as_bytes();
    while let Some(next) = bytes[from..]
        .iter()
        .position(|&b| matches!(b, b'"' | b'\'' | 0xe2))
    {
        let at = from + next;
        let c = text[at..].chars().next().unwrap_or_default();
        from = at + c.len_utf8();
        let count = match c {
            '\'' | '‘' | '’' if !is_apostrophe(text, at, c) => &mut singles,
            _ if is_double(c) => &mut doubles,
            _ => continue,
        };
        if !is_measure(text, at, c, *count % 2 == 1) {
            *count += 1;
            found.push((at, c));
        }
    }
    found
}

/// Whether a mark after a figure is the sign of a measure: of feet or minutes, inches or seconds
/// (5’10”), or one that closes nothing, as no quotation of its kind is open.
fn is_measure(text: &str, at: usize, c: char, is_open: bool) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let before = &text[..at];
    if !before.ends_with(digit) || matches!(c, '“' | '‘' | '„' | '‟') {
        return false;
    }
    if is_double(c) {
        // A figure has few digits: no more are looked at.
        let start = before.floor_char_boundary(at.saturating_sub(8));
        let rest = before[start..].trim_end_matches(digit);
        let feet = rest
            .strip_suffix(['\'', '’', '′'])
            .is_some_and(|rest| rest.ends_with(digit));
        return feet || c == '”' && !is_open;
    }
    c == '’' && !is_open
}

/// The marks that close a quotation of the other kind (“甲’), by byte offset, and what would close
/// it.
pub(super) fn mismatched(text: &str) -> Vec<(usize, char)> {
    closed_by_other_kind(&marks_of(text))
}

fn closed_by_other_kind(marks: &[(usize, char)]) -> Vec<(usize, char)> {
    let mut open: Vec<char> = Vec::new();
    let mut found = Vec::new();
    for &(at, c) in marks {
        match c {
            '“' | '‘' => open.push(c),
            '”' | '’' => {
                let Some(opener) = open.pop() else { continue };
                let closer = if opener == '“' { '”' } else { '’' };
                if closer != c {
                    found.push((at, closer));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_apostrophe(text: &str, at: usize, c: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + c.len_utf8()..].chars().next();
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
    latin(before) && latin(after)
}

fn mark(text: &str, at: usize, c: char) -> Mark {
    // Blanks between Chinese and a mark are not meant, so they say nothing about it; between
    // Latin and a mark they do.
    let beside = |adjacent: Option<char>, next: Option<char>| match next {
        Some(c)
            if is_cjk(c) || matches!(c, '"' | '\'' | ',' | '(' | ')' | ';' | ':' | '!' | '?') =>
        {
            next
        }
        // White space at the ends goes.
        None => None,
        _ => adjacent,
    };
    let left = &text[..at];
    let before = beside(
        left.chars().next_back(),
        left.trim_end().chars().next_back(),
    );
    let right = &text[at + c.len_utf8()..];
    let after = match right.trim_start() {
        // What these become, so that clean text reads as its source did.
        rest if rest.starts_with("...") || rest.starts_with("。。。") => Some('…'),
        rest if rest.starts_with("--") => Some('—'),
        rest => beside(right.chars().next(), rest.chars().next()),
    };
    let straight = |c: char| matches!(c, '"' | '\'');
    let (mut open, mut close) = (0.0, 0.0);
    match before {
        None => close += 4.0,
        Some(c) if straight(c) => {}
        Some(c) if c.is_whitespace() => {
            open += 0.1;
            close += 0.8;
        }
        Some('：' | ':') => close += 2.5,
        Some('，' | ',' | '、' | '；' | ';') => close += 1.7,
        Some(c) if script::is_stop(c) => open += 0.5,
        Some('.') => open += 0.5,
        Some(c) if script::is_opener(c) => close += 2.5,
        Some(c) if script::is_closer(c) => open += 0.2,
        Some(c) if is_han(c) => open += 0.3,
        Some(_) => open += 0.6,
    }
    match after {
        None => open += 4.0,
        Some(c) if straight(c) => {}
        Some(c) if c.is_whitespace() => {
            open += 1.0;
            close += 0.1;
        }
        Some(
            '，' | ',' | '、' | '；' | ';' | '：' | ':' | '。' | '！' | '!' | '？' | '?' | '.',
        ) => open += 2.5,
        Some(c) if script::is_closer(c) => open += 2.0,
        Some(c) if script::is_opener(c) => close += 0.2,
        Some(c) if is_han(c) => close += 0.4,
        Some(_) => close += 0.5,
    }
    match c {
        '“' | '‘' | '„' => close += 1.5,
        '”' | '’' => open += 1.5,
        _ => {}
    }
    let mark = |c: char| script::is_cjk_punctuation(c) || matches!(c, ',' | ';' | ':' | '.');
    Mark {
        at,
        open,
        close,
        introduced: matches!(before, Some('：' | ':')),
        ends_speech: before.is_some_and(|c| script::is_stop(c) || c == '.')
            || after.is_none_or(mark),
    }
}

// What each kind of step costs beside what its neighbours say.
const NEST: f32 = 1.3;
const NEST_IN_SPEECH: f32 = 0.9;
const NEST_AGAIN: f32 = 3.0;
const STRAY: f32 = 3.0;
const SPEECH_CUT_OFF: f32 = 1.6;
const LEFT_OPEN: f32 = 0.9;

/// Finds the cheapest reading of `marks` and adds it to `quotes`: `outer` marks at odd depths,
/// `inner` ones at even depths.
fn directed(marks: &[Mark], outer: [char; 2], inner: [char; 2], quotes: &mut Vec<(usize, Quote)>) {
    if marks.is_empty() {
        return;
    }
    // States: nothing open; one to three levels; the same in speech that was introduced.
    let mut cost = [f32::INFINITY; STATES];
    cost[0] = 0.0;
    let mut steps: Vec<[(u8, bool); STATES]> = Vec::with_capacity(marks.len());
    for mark in marks {
        let mut next = [f32::INFINITY; STATES];
        let mut step = [(0, false); STATES];
        for (state, &so_far) in cost.iter().enumerate() {
            if !so_far.is_finite() {
                continue;
            }
            let depth = depth_of(state);
            let in_speech = state > DEEPEST;
            let mut offer = |to: usize, total: f32, opens: bool| {
                if total < next[to] {
                    next[to] = total;
                    #[expect(clippy::cast_possible_truncation, reason = "a state is below seven")]
                    let from = state as u8;
                    step[to] = (from, opens);
                }
            };
            if depth < DEEPEST {
                let (to, extra) = match depth {
                    0 if mark.introduced => (DEEPEST + 1, 0.0),
                    0 => (1, 0.0),
                    1 if in_speech => (state + 1, NEST_IN_SPEECH),
                    1 => (state + 1, NEST),
                    _ => (state + 1, NEST_AGAIN),
                };
                offer(to, so_far + mark.open + extra, true);
            }
            let (to, extra) = match depth {
                0 => (0, STRAY),
                1 if in_speech && !mark.ends_speech => (0, SPEECH_CUT_OFF),
                1 => (0, 0.0),
                _ => (state - 1, 0.0),
            };
            offer(to, so_far + mark.close + extra, false);
        }
        // Only differences count: kept small, so that a million marks don't lose precision.
        let least = next.iter().copied().fold(f32::INFINITY, f32::min);
        cost = next.map(|total| total - least);
        steps.push(step);
    }
    let open_at_end = |state: usize| f32::from(u8::try_from(depth_of(state)).unwrap_or(0));
    let mut state = (0..STATES)
        .min_by(|&a, &b| {
            let total = |state: usize| cost[state] + LEFT_OPEN * open_at_end(state);
            total(a).total_cmp(&total(b))
        })
        .unwrap_or(0);
    let first = quotes.len();
    for (mark, step) in marks.iter().zip(&steps).rev() {
        let (from, opens) = step[state];
        let from = usize::from(from);
        // The level that the mark delimits: 1 is the outermost.
        let level = if opens {
            depth_of(state)
        } else {
            depth_of(from).max(1)
        };
        let kind = if level % 2 == 1 { outer } else { inner };
        quotes.push((mark.at, Quote(kind[usize::from(!opens)])));
        state = from;
    }
    quotes[first..].reverse();
}
