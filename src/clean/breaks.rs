//! Which lines make a paragraph, and which line holds two.

use std::ops::Range;

use super::layout::{Column, Page, Unit};
use super::rows::{self, Arrangement};
use super::{CleanOptions, Policy, apart, fences, furniture, repeats, sense};
use crate::model::{BlockKind, Inline, Line, Role, is_code_block};
use crate::{note_mark, script};

/// The text of one paragraph as the file has it, before any repair.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    /// The lines, with as many `\n` between them as the file has line ends.
    pub(super) text: String,
    /// Where in `text` each line of the file begins, and its number.
    pub(super) starts: Vec<(usize, u32)>,
    /// Inline codes of the format, by byte offset in `text`.
    pub(super) codes: Vec<(usize, Inline)>,
    /// Blank lines before it.
    pub(super) blank_before: u32,
    /// What the format says it is.
    pub(super) role: Option<Role>,
    /// Byte offsets of blanks that were the ends of printed lines.
    pub(super) wraps: Vec<usize>,
    /// Byte ranges that go whole, with what sets them off before, in order, each with its rule:
    /// printed lines that were read twice, furniture of the page.
    pub(super) removed: Vec<(Range<usize>, &'static str)>,
    /// Whether the column counted characters, so that its lines ended at any place.
    pub(super) exact: bool,
    /// Whether the paragraph was cut off the end of another one on the same line.
    pub(super) was_run_on: bool,
    /// Whether it is a block of computer code, in which nothing is mended.
    pub(super) is_code: bool,
    /// Whether it is a row, and of what.
    pub(super) arrangement: Option<Arrangement>,
}

impl Raw {
    /// The number of the file's line that the byte at `at` stands on.
    pub(super) fn line_at(&self, at: usize) -> u32 {
        let after = self.starts.partition_point(|&(start, _)| start <= at);
        self.starts[after.saturating_sub(1)].1
    }

    fn push_line(&mut self, text: &str, number: u32) {
        self.starts.push((self.text.len(), number));
        self.text.push_str(text);
    }
}

/// Hands the paragraphs of `lines` to `emit` one by one, in order.
pub(super) fn passages(
    mut lines: Vec<Line>,
    page: &Page,
    options: &CleanOptions,
    mut emit: impl FnMut(Raw),
) {
    let repairs = options.policy != Policy::None;
    let mut open: Option<Raw> = None;
    let mut arrangements = Vec::new();
    if repairs {
        fences::mark(&mut lines);
        arrangements = rows::find(&lines);
    }
    let furniture = furniture::find(&lines, page, options);
    // Furniture that no paragraph has taken yet.
    let mut waiting: Vec<(Raw, furniture::Furniture)> = Vec::new();
    let mut lines = lines.into_iter().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        if let Some(found) = furniture[index] {
            waiting.extend(strips(line, Vec::new(), &[], false).map(|raw| (raw, found)));
            continue;
        }
        let next = lines.peek().map(|(_, next)| next.text.trim());
        let is_code = is_code_block(&line.codes);
        let arrangement = arrangements.get(index).copied().flatten();
        let (wraps, mut cuts) = if repairs && !is_code && arrangement.is_none() {
            printed_lines(&line.text, page.blanks.as_ref())
        } else {
            (Vec::new(), Vec::new())
        };
        if rejects(options, "line.split", Some(&(0, line.number))) {
            cuts.clear();
        }
        let exact = page.blanks.is_some_and(|column| column.unit == Unit::Chars);
        let unwanted = rejects(options, repeats::RULE, Some(&(0, line.number)));
        let mut strips = strips(line, wraps, &cuts, exact);
        let Some(mut first) = strips.next() else {
            continue;
        };
        first.is_code = is_code;
        first.arrangement = arrangement;
        if arrangement == Some(Arrangement::Row) {
            first.role = Some(Role::new(BlockKind::Table));
        }
        if repairs && !unwanted && !is_code && arrangement.is_none() {
            let twice = repeats::within(&first, page.blanks.as_ref());
            first.removed = twice
                .into_iter()
                .map(|range| (range, repeats::RULE))
                .collect();
            if waiting.is_empty()
                && let Some(before) = &mut open
                && let Some(length) = repeats::across(before, &first, page, next)
            {
                let joined = join(std::mem::take(before), first);
                *before = repeats::mark(joined, length);
                for strip in strips {
                    emit(open.take().unwrap_or_default());
                    open = Some(strip);
                }
                continue;
            }
        }
        open = match open {
            Some(before) => {
                let inside = waiting.iter().any(|(_, found)| found.inside);
                let joins = repairs
                    && !rejects(options, "line.join", before.starts.last())
                    && (inside && may_join(before.role) && may_join(first.role)
                        || belongs_together(&before, &first, page, &waiting, index == 1));
                let before = waiting.drain(..).fold(before, take_out_after);
                if joins {
                    Some(join(before, first))
                } else {
                    emit(before);
                    Some(first)
                }
            }
            None => Some(take_out_before(waiting.drain(..), first)),
        };
        for strip in strips {
            emit(open.take().unwrap_or_default());
            open = Some(strip);
        }
    }
    match open {
        Some(last) => emit(waiting.into_iter().fold(last, take_out_after)),
        None => waiting.into_iter().for_each(|(raw, _)| emit(raw)),
    }
}

/// Adds a line that goes to the end of a paragraph.
fn take_out_after(before: Raw, (line, found): (Raw, furniture::Furniture)) -> Raw {
    let start = before.text.trim_end().len();
    let mut joined = join(before, line);
    let end = joined.text.trim_end().len();
    joined.removed.push((start..end, found.rule));
    joined
}

/// Adds lines that go to the beginning of a paragraph.
fn take_out_before(
    lines: impl IntoIterator<Item = (Raw, furniture::Furniture)>,
    after: Raw,
) -> Raw {
    let mut lines = lines.into_iter();
    let Some((mut first, found)) = lines.next() else {
        return after;
    };
    let start = first.text.len() - first.text.trim_start().len();
    first
        .removed
        .push((start..first.text.trim_end().len(), found.rule));
    let (role, blank_before) = (after.role, first.blank_before);
    let length = after.text.trim_start().len();
    let mut joined = join(lines.fold(first, take_out_after), after);
    // The blanks between it and the paragraph go with it.
    let end = joined.text.len() - length;
    if let Some((last, _)) = joined
        .removed
        .iter_mut()
        .rfind(|(range, _)| range.start < end)
    {
        last.end = end;
    }
    Raw {
        blank_before,
        role,
        ..joined
    }
}

/// Whether a person has decided against a break of this line.
fn rejects(options: &CleanOptions, rule: &str, line: Option<&(usize, u32)>) -> bool {
    !options.decisions.is_empty()
        && line.is_some_and(|&(_, line)| options.decisions.rejects_any(rule, line))
}

/// Cuts a line at `cuts`.
fn strips(line: Line, wraps: Vec<usize>, cuts: &[usize], exact: bool) -> impl Iterator<Item = Raw> {
    let Line {
        number,
        text,
        codes,
        blank_before,
        role,
    } = line;
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    let mut bounds = vec![0];
    bounds.extend_from_slice(cuts);
    bounds.push(text.len());
    if cuts.is_empty() {
        pieces.push(Raw {
            text,
            starts: vec![(0, number)],
            codes,
            blank_before,
            role,
            wraps,
            removed: Vec::new(),
            exact,
            was_run_on: false,
            is_code: false,
            arrangement: None,
        });
    } else {
        for (i, bound) in bounds.windows(2).enumerate() {
            let (from, to) = (bound[0], bound[1]);
            let last = to == text.len();
            let here = |at: usize| at >= from && (at < to || last);
            let mut raw = Raw {
                codes: codes
                    .iter()
                    .filter(|(at, _)| here(*at))
                    .map(|(at, code)| (at - from, code.clone()))
                    .collect(),
                blank_before: if i == 0 { blank_before } else { 0 },
                role,
                wraps: wraps
                    .iter()
                    .filter(|&&at| here(at))
                    .map(|at| at - from)
                    .collect(),
                exact,
                was_run_on: i > 0,
                ..Raw::default()
            };
            raw.push_line(&text[from..to], number);
            pieces.push(raw);
        }
    }
    pieces.into_iter()
}

fn join(mut before: Raw, after: Raw) -> Raw {
    for _ in 0..=after.blank_before {
        before.text.push('\n');
    }
    let shift = before.text.len();
    before.text.push_str(&after.text);
    before
        .starts
        .extend(after.starts.into_iter().map(|(at, n)| (at + shift, n)));
    before
        .codes
        .extend(after.codes.into_iter().map(|(at, c)| (at + shift, c)));
    before
        .wraps
        .extend(after.wraps.into_iter().map(|at| at + shift));
    let ranges = after.removed.into_iter();
    before
        .removed
        .extend(ranges.map(|(range, rule)| (range.start + shift..range.end + shift, rule)));
    before
}

/// Whether `after` is the rest of `before`'s paragraph.
fn belongs_together(
    before: &Raw,
    after: &Raw,
    page: &Page,
    between: &[(Raw, furniture::Furniture)],
    is_second: bool,
) -> bool {
    if !may_join(before.role) || !may_join(after.role) {
        return false;
    }
    let apart = |raw: &Raw| raw.is_code || raw.arrangement.is_some();
    if apart(before) || apart(after) {
        return false;
    }
    let unseen = |c: char| c.is_whitespace() || script::is_invisible(c);
    let left = before.text.trim_end_matches(unseen);
    let last_line = &left[left.rfind('\n').map_or(0, |at| at + 1)..];
    let right = after.text.trim_start_matches(unseen);
    let indented = after.text.starts_with(char::is_whitespace);
    // The blank lines around furniture are the page's.
    let adjacent = after.blank_before == 0 && between.iter().all(|(raw, _)| raw.blank_before == 0);
    if !adjacent && begins_with_capital(left, right) {
        return false;
    }
    // A blank line and an indent are what sets a paragraph off, twice over.
    if !adjacent && indented && page.has_indents {
        return false;
    }
    let column = match (adjacent, after.blank_before) {
        (true, _) => page.lines.as_ref(),
        (false, 1) => page.spaced.as_ref(),
        _ => None,
    };
    let full = column.is_some_and(|column| {
        // A line longer than any column need not be measured to its end.
        last_line.len() <= 8 * column.most
            && column.is_full(column.unit.length(last_line.trim_end()))
    });
    if apart::stands_apart(last_line) || apart::stands_apart(right) {
        return false;
    }
    if !full && apart::is_labelled(last_line) && apart::is_labelled(right) {
        return false;
    }
    // A soft hyphen at the end of a line stands inside a word.
    let hyphenated =
        before.text.trim_end().ends_with('\u{ad}') && right.starts_with(|c: char| c.is_lowercase());
    if hyphenated || cut_at_decimal_point(last_line, right) {
        return true;
    }
    // Provisions and items end with a semicolon.
    if left.ends_with(['；', ';'])
        && (!adjacent && !full
            || sense::starts_item(right) && (!full || sense::starts_item(&before.text)))
    {
        return false;
    }
    let ended = ends_with_stop(left)
        || closes_with_opener(left)
        || ends_with_stop(note_mark::stripped(left, &before.codes));
    if ended || left.ends_with(['：', ':']) {
        let sets_off = page.has_blank_lines || page.has_indents;
        let closes = right.starts_with(['”', '’', '」', '』', '）', '》']);
        return closes || (full && sets_off && !indented && !sense::starts_item(right));
    }
    if indented && page.has_indents && adjacent && !full {
        return false;
    }
    let mut score = sense::reads_on(tail_of(left), head_of(right));
    if full {
        score += if indented && page.has_indents { -3 } else { 6 };
    } else if column.is_some() && !left.ends_with(['，', '、']) {
        // A comma says more than a short line.
        score -= 2;
    }
    if let Some(column) = &page.blanks {
        if before.wraps.is_empty() {
            // Not printed in this column.
        } else {
            let last = before.wraps.last().map_or(0, |at| at + 1);
            let length = column.unit.length(left.get(last..).unwrap_or_default());
            score += if column.is_full(length) { 3 } else { -1 };
        }
    }
    if (-1..=1).contains(&score) && page.has_together(left, right) {
        score += 2;
    }
    // A headline has no stop either, and what follows it is no part of it.
    let short = !tail_of(left).contains(['。', '；']) && left.chars().take(31).count() <= 30;
    // A line with a comma is no headline, least of all one as long as the next, both apart from
    // what is above.
    let in_text = adjacent
        && page.has_blank_lines
        && before.starts.len() == 1
        && before.blank_before > 0
        && left.contains('，')
        && left.chars().take(16).count() == 16;
    let as_long = || {
        let length = |line: &str| line.chars().take(121).count();
        length(left).abs_diff(length(right)) <= 2
    };
    let wanted = match (is_second, short) {
        _ if in_text => i32::from(!as_long()),
        (true, _) if !tail_of(left).contains('。') => 4,
        (_, true) => 2,
        (_, false) => 1,
    };
    score >= wanted
}

/// Whether a number was cut at its decimal point: the line ends with a figure and a point, and the
/// next begins with digits and a measure that takes decimals (1429. 44亿元).
fn cut_at_decimal_point(left: &str, right: &str) -> bool {
    const MEASURES: [&str; 16] = [
        "亿",
        "億",
        "万",
        "萬",
        "%",
        "％",
        "元",
        "倍",
        "个百分点",
        "個百分點",
        "公里",
        "公斤",
        "公顷",
        "平方",
        "吨",
        "米",
    ];
    let digit = |c: char| c.is_ascii_digit();
    let Some(figure) = left.strip_suffix('.') else {
        return false;
    };
    let before = figure.trim_end_matches(digit);
    let after = right.trim_start_matches(digit);
    let decimals = right.len() - after.len();
    before.len() < figure.len()
        && before.chars().next_back().is_some_and(script::is_cjk)
        && (1..=4).contains(&decimals)
        && MEASURES.iter().any(|measure| after.starts_with(measure))
}

/// Whether a text begins with a figure and the Chinese unit or measure that it counts.
pub(super) fn begins_with_quantity(text: &str) -> bool {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    after.len() < text.len()
        && after.starts_with(|c: char| {
            script::is_han(c) && !matches!(c, '年' | '月') || "%％".contains(c)
        })
}

/// Whether words on both sides of a blank line have case, and those after it begin with a capital:
/// a headline in English has no stop, and what follows it no part in it.
fn begins_with_capital(left: &str, right: &str) -> bool {
    let cased = |c: char| c.is_lowercase() || c.is_uppercase();
    let before = left.chars().rev().find(|c| c.is_alphabetic());
    let after = right.chars().find(|c| c.is_alphanumeric());
    before.is_some_and(cased) && after.is_some_and(char::is_uppercase)
}

/// A paragraph's markup is believed: only running text is ever joined.
pub(super) fn may_join(role: Option<Role>) -> bool {
    role.is_none_or(|role| role.kind == BlockKind::Paragraph && !role.begins_article)
}

/// The end of a paragraph, long enough to see its last clauses and quotes.
pub(super) fn tail_of(text: &str) -> &str {
    let start = text.len().saturating_sub(1500);
    &text[text.ceil_char_boundary(start)..]
}

pub(super) fn head_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(1500)]
}

/// Whether a line ends as a sentence does, closing quotes and brackets aside.
pub(super) fn ends_with_stop(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(|c| {
        script::is_closer(c) || script::is_invisible(c) || matches!(c, '"' | '\'' | '*' | ' ')
    });
    bare.ends_with(|c| script::is_stop(c) || c == '.')
}

/// Whether a quotation ends with a stop and a mark that should close it and opens (他说：“好。“).
fn closes_with_opener(left: &str) -> bool {
    let Some(rest) = left.strip_suffix('“') else {
        return false;
    };
    let tail = tail_of(rest);
    ends_with_stop(rest) && tail.matches('“').count() > tail.matches('”').count()
}

/// The blanks of a line that were ends of printed lines, and where the line holds a further
/// paragraph: byte offsets, in order.
fn printed_lines(text: &str, column: Option<&Column>) -> (Vec<usize>, Vec<usize>) {
    let (mut wraps, mut cuts) = (Vec::new(), Vec::new());
    let body = text.trim_end();
    let start = body.len() - body.trim_start().len();
    let body = &body[start..];
    if !body.contains([' ', '\u{3000}']) {
        return (wraps, cuts);
    }
    let is_item = sense::starts_item(body);
    let mut length = 0;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != ' ' && c != '\u{3000}' {
            length += column.map_or(1, |column| column.unit.of(c));
            continue;
        }
        let before = &body[..at];
        let rest = &body[at..];
        let after = rest.trim_start_matches([' ', '\u{3000}']);
        let run = &rest[..rest.len() - after.len()];
        let indent = run.matches('\u{3000}').count() >= 2 || run.len() >= 4;
        let is_stop = ends_with_stop(last_chars(before, 4));
        if is_stop && indent {
            cuts.push(start + at);
            length = 0;
        } else if let Some(column) = column {
            let full = column.is_full(length);
            if run == " "
                && is_stop
                && begins_paragraph(column, length, after, !wraps.is_empty(), is_item)
            {
                cuts.push(start + at);
                length = 0;
            } else if full && !(run.len() > 1 && column.is_full(length + 1)) {
                wraps.push(start + at);
                length = 0;
            } else if run.len() > 1 && c == ' ' && column.is_full(length + 1) {
                // One blank of the text, one line end.
                wraps.push(start + at + 1);
                length = 0;
            } else {
                length += run.chars().map(|c| column.unit.of(c)).sum::<usize>();
            }
        }
        while chars.next_if(|&(next, _)| next < at + run.len()).is_some() {}
    }
    // A single blank lies at the width of the column by chance, unless what follows fits it too.
    if let (Some(column), [only]) = (column, wraps.as_slice()) {
        let rest = &body[only - start + 1..];
        if rest.len() > 8 * column.most
            || column.unit.length(rest) > column.most
            || !ends_with_stop(body)
        {
            wraps.clear();
        }
    }
    (wraps, cuts)
}

/// Whether a new paragraph begins at a blank that follows a stop: the printed line before it is
/// shorter than the column, or it ends an item of a list and direct speech follows, which no item
/// holds without saying first who speaks.
fn begins_paragraph(
    column: &Column,
    length: usize,
    after: &str,
    in_column: bool,
    is_item: bool,
) -> bool {
    let next = after.split(' ').next().unwrap_or_default();
    if next.len() > 8 * column.most {
        return false;
    }
    let next_length = column.unit.length(next);
    // The first line of a paragraph may be indented by two characters, or four columns.
    let indent = match column.unit {
        Unit::Chars => 2,
        Unit::Columns => 4,
    };
    let next_is_first = column.is_full(next_length) || column.is_full(next_length + indent);
    if length < column.least {
        let second = after.split(' ').nth(1).unwrap_or_default();
        let goes_on = second.len() <= 8 * column.most && column.is_full(column.unit.length(second));
        return next_is_first && (in_column || goes_on);
    }
    is_item && in_column && next_is_first && opens_speech(after)
}

/// Whether the text opens with a quotation that ends with a stop: speech, not a name or a phrase.
fn opens_speech(text: &str) -> bool {
    let mut chars = text.chars();
    let close = match chars.next() {
        Some('"') => '"',
        Some('“') => '”',
        Some('「') => '」',
        _ => return false,
    };
    let head = &text[..text.floor_char_boundary(3000)];
    let rest = &head[head.chars().next().map_or(0, char::len_utf8)..];
    rest.find(close)
        .is_some_and(|at| rest[..at].ends_with(script::is_stop))
}

fn last_chars(text: &str, count: usize) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take(count)
        .last()
        .map_or(0, |(at, _)| at);
    &text[start..]
}
