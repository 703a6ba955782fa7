//! What a page has beside its text: page numbers and running heads.
//!
//! They end up between two halves of a sentence where a page ends. A group of such lines is taken
//! out where that is proved: the sentence reads on across it, or what it holds recurs (a head, or
//! numbers that ascend) and was proved so elsewhere. A number that may be content stays.

use rustc_hash::{FxHashMap, FxHashSet};

use super::layout::Page;
use super::{CleanOptions, Policy, breaks, sense};
use crate::model::{Line, is_code_block};
use crate::script::{self, is_han};

/// The repair of a page number.
pub(super) const NUMBER: &str = "page.number";
/// The repair of a running head.
pub(super) const HEAD: &str = "page.head";

/// The longest running head, in characters.
const LONGEST_HEAD: usize = 30;
/// As many lines of furniture may stand at the end of a page and the beginning of the next.
const MOST_LINES: usize = 4;
/// What makes it sure that a sentence reads on.
const SURE: i32 = 3;

/// A line that is nothing but a page number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageNumber {
    value: u32,
    /// Whether it has a dress that only page numbers have (· 43 ·, 第43页).
    pub(super) dressed: bool,
}

/// Reads a line that is nothing but a page number: 43, - 43 -, · 43 ·, 第43页, 43/120.
pub(super) fn page_number(line: &str) -> Option<PageNumber> {
    const DRESS: [char; 14] = [
        '·', '•', '・', '-', '—', '–', '―', '－', '~', '～', '|', '｜', '=', '*',
    ];
    let line = line.trim();
    if line.is_empty() || line.len() > 40 {
        return None;
    }
    let of_pages = line
        .strip_prefix('第')
        .and_then(|rest| rest.split_once('页').or_else(|| rest.split_once('頁')));
    if let Some((number, rest)) = of_pages {
        let rest = rest.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '/' | '／' | '，' | ',' | '（' | '）' | '(' | ')')
        });
        let rest = rest.strip_prefix('共').unwrap_or(rest);
        let rest = rest.strip_suffix(['页', '頁']).unwrap_or(rest).trim();
        return (rest.is_empty() || value(rest).is_some()).then_some(PageNumber {
            value: value(number.trim())?,
            dressed: true,
        });
    }
    let lower = line.to_ascii_lowercase();
    if let Some(number) = lower.strip_prefix("page") {
        return value(number.trim()).map(|value| PageNumber {
            value,
            dressed: true,
        });
    }
    let bare = line.trim_matches(|c: char| DRESS.contains(&c) || c.is_whitespace());
    // The dress is on both sides: what has it on one is a sign or the item of a list.
    let both = line.starts_with(DRESS) && line.ends_with(DRESS);
    if !both && (line.starts_with(DRESS) || line.ends_with(DRESS)) {
        return None;
    }
    Some(PageNumber {
        value: value(bare)?,
        dressed: both,
    })
}

/// A number of one to four digits, of either width.
fn value(number: &str) -> Option<u32> {
    let digits = number.chars().count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    number.chars().try_fold(0, |sum, c| {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            _ => return None,
        };
        Some(sum * 10 + digit)
    })
}

/// A line's text without the numbers and blanks at its ends, if it may be a running head.
fn head(line: &Line) -> Option<&str> {
    let text = line.text.trim();
    if text.len() > 4 * LONGEST_HEAD || text.chars().count() > LONGEST_HEAD {
        return None;
    }
    let bare = text.trim_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '·' | '-' | '—' | '|' | '｜')
    });
    let marks = ['，', ',', '。', '；', '、', '！', '？', '：', '“', '”', '"'];
    (bare.chars().any(char::is_alphabetic) && bare.chars().count() >= 3 && !text.contains(marks))
        .then_some(bare)
}

/// What takes a line out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Furniture {
    /// The rule.
    pub(super) rule: &'static str,
    /// Whether a sentence reads on across it.
    pub(super) inside: bool,
}

/// The furniture among `lines`.
pub(super) fn find(lines: &[Line], page: &Page, options: &CleanOptions) -> Vec<Option<Furniture>> {
    let mut found = vec![None; lines.len()];
    if options.policy == Policy::None {
        return found;
    }
    let numbers: Vec<Option<PageNumber>> = lines
        .iter()
        .map(|line| {
            let plain = breaks::may_join(line.role) && line.role.is_none();
            (plain && !is_code_block(&line.codes))
                .then(|| page_number(&line.text))
                .flatten()
        })
        .collect();
    let mut recurring: FxHashMap<&str, u32> = FxHashMap::default();
    for text in lines.iter().filter_map(head) {
        *recurring.entry(text).or_default() += 1;
    }
    if numbers.iter().all(Option::is_none) && recurring.values().all(|&count| count < 2) {
        return found;
    }
    let recurs = |i: usize| {
        head(&lines[i])
            .and_then(|text| recurring.get(text))
            .is_some_and(|&count| count >= 2)
    };
    let may_be = |i: usize| numbers[i].is_some() || recurs(i);
    // Groups that a sentence reads on across.
    let mut proved = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        if !may_be(i) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < lines.len() && may_be(end) {
            end += 1;
        }
        let group = Group {
            lines,
            page,
            start: i,
            end,
        };
        if let Some((start, end)) = group.between_halves(&numbers) {
            for (at, rule) in found.iter_mut().enumerate().take(end).skip(start) {
                *rule = Some(Furniture {
                    rule: if numbers[at].is_some() { NUMBER } else { HEAD },
                    inside: true,
                });
                proved.push(at);
            }
        }
        i = end;
    }
    // What recurs as what was proved, if no sentence goes on across it.
    let mut heads: FxHashSet<&str> = FxHashSet::default();
    for &at in &proved {
        if numbers[at].is_none()
            && let Some(text) = head(&lines[at])
        {
            heads.insert(text);
        }
    }
    ascending(&numbers, &mut found);
    // The first of all may be the headline that the head repeats, unless it stands by a number.
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (at, line) in lines.iter().enumerate() {
        let Some(text) = head(line).filter(|text| heads.contains(text)) else {
            continue;
        };
        let is_first = seen.insert(text);
        let by_number = |at: usize| numbers[at].is_some() && found[at].is_some();
        let beside = at > 0 && by_number(at - 1) || at + 1 < lines.len() && by_number(at + 1);
        if found[at].is_none() && (beside || !is_first) {
            found[at] = Some(Furniture {
                rule: HEAD,
                inside: false,
            });
        }
    }
    if !options.decisions.is_empty() {
        for (found, line) in found.iter_mut().zip(lines) {
            if found.is_some_and(|it| options.decisions.rejects_any(it.rule, line.number)) {
                *found = None;
            }
        }
    }
    found
}

/// Numbers that ascend page by page with one that is proved, or that all have the dress of page
/// numbers.
fn ascending(numbers: &[Option<PageNumber>], found: &mut [Option<Furniture>]) {
    let all: Vec<(usize, PageNumber)> = numbers
        .iter()
        .enumerate()
        .filter_map(|(at, number)| Some((at, (*number)?)))
        .collect();
    let mut start = 0;
    while start < all.len() {
        let mut end = start + 1;
        while end < all.len() {
            let (before, after) = (all[end - 1], all[end]);
            let next = after.1.value == before.1.value + 1;
            // A page has more than a line or two.
            if !next || after.1.dressed != before.1.dressed || after.0 < before.0 + 3 {
                break;
            }
            end += 1;
        }
        let run = &all[start..end];
        let dressed = run.len() >= 2 && run[0].1.dressed;
        let known = run.iter().any(|&(at, _)| found[at].is_some());
        if dressed || known {
            for &(at, _) in run {
                found[at].get_or_insert(Furniture {
                    rule: NUMBER,
                    inside: false,
                });
            }
        }
        start = end;
    }
}

/// Lines in a row that may be furniture.
struct Group<'a> {
    lines: &'a [Line],
    page: &'a Page,
    start: usize,
    end: usize,
}

impl Group<'_> {
    /// The group, perhaps with a head beside its number, if a sentence reads on across it.
    fn between_halves(&self, numbers: &[Option<PageNumber>]) -> Option<(usize, usize)> {
        let (start, end) = (self.start, self.end);
        if end - start > MOST_LINES {
            return None;
        }
        let alone = self.reads_across(start, end, numbers);
        if alone.is_some_and(|score| score >= SURE) {
            return Some((start, end));
        }
        // A head that stands here alone, after the number or before it: the sentence reads on
        // across it, and not without it. A full line is one of the text.
        let is_head = |at: usize| {
            self.lines
                .get(at)
                .is_some_and(|line| head(line).is_some() && !self.is_full(line))
        };
        let has_number = numbers[start..end].iter().any(Option::is_some);
        if has_number && end - start < MOST_LINES {
            let wider = [(start, end + 1), (start.saturating_sub(1), end)];
            let heads = [Some(end), start.checked_sub(1)];
            for ((start, end), head) in wider.into_iter().zip(heads) {
                if head.is_some_and(is_head)
                    && let Some(score) = self.reads_across(start, end, numbers)
                    && score >= alone.unwrap_or(0).max(0) + 2
                {
                    return Some((start, end));
                }
            }
        }
        alone.map(|_| (start, end))
    }

    fn is_full(&self, line: &Line) -> bool {
        let text = line.text.trim_end();
        self.page.lines.is_some_and(|column| {
            text.len() <= 8 * column.most && column.is_full(column.unit.length(text))
        })
    }

    /// How surely a sentence reads on across lines, if it does.
    fn reads_across(
        &self,
        start: usize,
        end: usize,
        numbers: &[Option<PageNumber>],
    ) -> Option<i32> {
        let before = self.lines.get(start.checked_sub(1)?)?;
        let after = self.lines.get(end)?;
        if !breaks::may_join(before.role) || !breaks::may_join(after.role) {
            return None;
        }
        let left = breaks::tail_of(before.text.trim_end());
        let right = breaks::head_of(after.text.trim_start());
        if breaks::ends_with_stop(left)
            || left.ends_with(['：', ':', '；'])
            || after.text.starts_with(char::is_whitespace)
            || sense::starts_item(right)
            || page_number(right).is_some()
        {
            return None;
        }
        let only_plain = end - start == 1 && numbers[start].is_some_and(|number| !number.dressed);
        let full = self.is_full(before);
        // A headline has no stop either.
        let headline = start == 1 || left.chars().take(9).count() <= 8;
        if only_plain && counts(left, right) || headline && !full {
            return None;
        }
        let score = sense::reads_on(left, right);
        (score >= if full { 0 } else { SURE }).then_some(score)
    }
}

/// Whether a number between these two is one of the text: something counts with it.
fn counts(left: &str, right: &str) -> bool {
    const COUNTING: [&str; 23] = [
        "共", "达", "为", "约", "第", "是", "到", "至", "近", "超", "以", "有", "比", "满", "月",
        "号", "足", "余", "达到", "超过", "增长", "下降", "分别",
    ];
    COUNTING.iter().any(|word| left.ends_with(word))
        || right.starts_with(sense::is_unit)
        || right.starts_with(|c: char| !is_han(c) && !script::is_opener(c))
        || left.ends_with(|c: char| !script::is_cjk(c))
}
