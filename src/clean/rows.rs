//! Lines that are rows: of a table whose cells are set off by tabs or wide gaps, or of two columns
//! of text that were read side by side. They are never joined, and their gaps stay.

use crate::model::{Line, is_code_block};
use crate::script;

/// How the text of a line is arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// A row of a table.
    Row,
    /// A line of each of two columns of text.
    Columns,
}

/// A gap in a line: its byte range, and the column of the page at which the text goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    start: usize,
    end: usize,
    column: usize,
    has_tab: bool,
}

/// A line longer than this, in bytes, is no row.
const LONGEST: usize = 600;

/// The gaps inside a line: a tab, or two blanks or more.
fn gaps(line: &str) -> Vec<Gap> {
    let mut found = Vec::new();
    let body = line.trim();
    if body.len() > LONGEST || !body.contains(['\t', ' ', '\u{3000}']) {
        return found;
    }
    let offset = line.len() - line.trim_start().len();
    let mut column: usize = line[..offset].chars().map(script::columns).sum();
    let mut open: Option<(usize, usize, bool)> = None;
    for (at, c) in body.char_indices() {
        if c.is_whitespace() {
            let (_, count, has_tab) = open.get_or_insert((at, 0, false));
            *count += 1;
            *has_tab |= c == '\t';
        } else if let Some((start, count, has_tab)) = open.take()
            && (has_tab || count >= 2)
        {
            found.push(Gap {
                start: offset + start,
                end: offset + at,
                column,
                has_tab,
            });
        }
        column += script::columns(c);
    }
    found
}

/// What each line is arranged as, if it is.
pub(super) fn find(lines: &[Line]) -> Vec<Option<Arrangement>> {
    let mut found = vec![None; lines.len()];
    let gaps: Vec<Vec<Gap>> = lines
        .iter()
        .map(|line| {
            let plain = line.role.is_none() && !is_code_block(&line.codes);
            if plain { gaps(&line.text) } else { Vec::new() }
        })
        .collect();
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        if gaps[start].is_empty() {
            start += 1;
            continue;
        }
        // Rows stand below each other, or all with a blank line between.
        let spacing = lines.get(end).map_or(0, |line| line.blank_before);
        while end < lines.len()
            && spacing <= 1
            && lines[end].blank_before == spacing
            && is_like(&gaps[start], &gaps[end])
        {
            end += 1;
        }
        let run = &gaps[start..end];
        let tabs = run.iter().all(|gaps| gaps.iter().any(|gap| gap.has_tab));
        let kind = if are_columns(&lines[start..end], run) {
            Some(Arrangement::Columns)
        } else if tabs && end - start >= 2 || spacing == 0 && end - start >= 3 {
            Some(Arrangement::Row)
        } else {
            None
        };
        found[start..end].fill(kind);
        start = end;
    }
    found
}

/// Whether two lines have as many cells, or their cells are set off by tabs.
fn is_like(first: &[Gap], second: &[Gap]) -> bool {
    let tabs = |gaps: &[Gap]| gaps.iter().any(|gap| gap.has_tab);
    !second.is_empty()
        && (first.len() == second.len() && tabs(first) == tabs(second)
            || tabs(first) && tabs(second))
}

/// Whether the lines are two columns of text: one gap at one place, and on both sides of it text
/// with marks rather than names and figures.
fn are_columns(lines: &[Line], gaps: &[Vec<Gap>]) -> bool {
    if lines.len() < 3 || gaps.iter().any(|gaps| gaps.len() != 1 || gaps[0].has_tab) {
        return false;
    }
    let column = gaps[0][0].column;
    if gaps.iter().any(|gaps| gaps[0].column.abs_diff(column) > 2) {
        return false;
    }
    let (mut marks, mut chars) = (0, 0);
    for (line, gaps) in lines.iter().zip(gaps) {
        let (left, right) = (&line.text[..gaps[0].start], &line.text[gaps[0].end..]);
        for side in [left.trim_start(), right] {
            chars += side.chars().filter(|&c| script::is_cjk(c)).count();
            marks += usize::from(side.contains(['，', '。', '、', '；']));
        }
    }
    chars >= 10 * lines.len() && 2 * marks >= lines.len()
}

/// The column at which the text of a line goes on after its only gap of blanks.
pub(super) fn second_column(text: &str) -> Option<usize> {
    match gaps(text).as_slice() {
        [gap] if !gap.has_tab => Some(gap.column),
        _ => None,
    }
}
