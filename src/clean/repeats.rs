//! Printed lines that were read twice, as recognition does where a column or a page ends.
//!
//! A full line that is equal to its neighbour is taken out only where that is proved: it ends in
//! mid-sentence, and either it begins in mid-sentence too, or the sentence reads on without it as it
//! does not with it. Everything else that stands twice is a suspect.

use std::collections::BTreeSet;
use std::ops::Range;

use super::breaks::{Raw, ends_with_stop, may_join};
use super::layout::{Column, Page};
use super::sense;
use crate::script::is_han;

/// The name of the repair.
pub(super) const RULE: &str = "line.repeated";

/// The least number of different Chinese characters of such a line.
const LEAST: usize = 8;

/// Printed lines of one line of the file that repeat the one before them, with the blank that sets
/// them off.
pub(super) fn within(raw: &Raw, column: Option<&Column>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (Some(column), true) = (column, raw.codes.is_empty()) else {
        return found;
    };
    let text = raw.text.as_str();
    let mut start = text.len() - text.trim_start().len();
    for (i, &end) in raw.wraps.iter().enumerate() {
        let line = &text[start..end];
        let before = &text[..start];
        start = end + 1;
        let Some(&next_end) = raw.wraps.get(i + 1) else {
            break;
        };
        let after = &text[next_end + 1..];
        if text[start..next_end] == *line
            && column.is_full(column.unit.length(line))
            && is_read_twice(before, line, after)
        {
            found.push(end..next_end);
        }
    }
    found
}

/// The length in bytes of the printed line that `after` begins with, where it repeats the last one
/// of `before`. `next` is the line of the file that follows.
pub(super) fn across(before: &Raw, after: &Raw, page: &Page, next: Option<&str>) -> Option<usize> {
    if !may_join(before.role) || !may_join(after.role) || !after.codes.is_empty() {
        return None;
    }
    let left = before.text.trim_end();
    let right = after.text.trim();
    // The printed line may be a line of the file, or the last and first part of one.
    let by_lines = page
        .lines
        .map(|column| (column, left.rfind('\n'), right.len()));
    let by_blanks = page.blanks.map(|column| {
        let length = right.find(' ').unwrap_or(right.len());
        (column, left.rfind([' ', '\n']), length)
    });
    [by_lines, by_blanks]
        .into_iter()
        .flatten()
        .find_map(|(column, start, length)| {
            let start = start.map_or(0, |at| at + 1);
            let line = left.get(start..)?.trim_start();
            let repeated = right.get(..length)?;
            let rest = right[length..].trim_start();
            let next = if rest.is_empty() { next? } else { rest };
            (line == repeated
                && line.len() <= 8 * column.most
                && column.is_full(column.unit.length(line))
                && is_read_twice(&left[..start], line, next))
            .then_some(after.text.len() - after.text.trim_start().len() + length)
        })
}

/// Marks the printed line of this length with which the last line of the file begins.
pub(super) fn mark(mut raw: Raw, length: usize) -> Raw {
    if let Some(&(at, _)) = raw.starts.last() {
        let start = raw.text[..at].trim_end().len();
        raw.removed.push((start..at + length, RULE));
        raw.removed.sort_unstable_by_key(|(range, _)| range.start);
    }
    raw
}

/// Whether a line that stands twice between `before` and `after` was read twice.
fn is_read_twice(before: &str, line: &str, after: &str) -> bool {
    let after = after.trim_start();
    if after.is_empty()
        || line
            .chars()
            .filter(|&c| is_han(c))
            .collect::<BTreeSet<_>>()
            .len()
            < LEAST
        || ends_with_stop(line)
        || line.ends_with(['：', ':', '；', ';'])
        || sense::starts_item(line)
    {
        return false;
    }
    // A line that begins and ends in mid-sentence repeats no sentence and no clause: nobody wrote
    // it twice, and twice as wide as the column at that. One that begins a sentence must read on
    // better without its double.
    let before = before.trim_end();
    let begins_inside = !before.is_empty() && !ends_with_stop(before);
    begins_inside || sense::reads_on(line, after) >= sense::reads_on(line, line) + 2
}
