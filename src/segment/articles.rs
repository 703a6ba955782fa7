//! Where an article begins.

use std::ops::Range;

use super::kinds::{self, Shape};
use crate::model::{BlockKind, Passage};
use crate::script;

/// The ranges of `passages`, which have these `shapes`, that make an article each. They cover all passages in order.
///
/// `lines` are lines of the file at which an article begins; where there are any, they alone
/// decide.
pub(super) fn split(passages: &[Passage], shapes: &[Shape], lines: &[u32]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    if lines.is_empty() {
        let usual = usual_gap(passages);
        let mut so_far = SoFar::default();
        for i in 1..passages.len() {
            so_far.add(shapes[i - 1], &passages[i - 1]);
            if begins(passages, shapes, i, &so_far, usual) {
                starts.push(i);
                so_far = SoFar::default();
            }
        }
    } else {
        for &line in lines {
            let at = passages.partition_point(|passage| passage.lines.first < line);
            if at > 0 && at < passages.len() && starts.last() != Some(&at) {
                starts.push(at);
            }
        }
        starts.sort_unstable();
        starts.dedup();
    }
    let ends = starts.iter().copied().skip(1).chain([passages.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| start..end)
        .collect()
}

/// The most usual number of blank lines between paragraphs.
fn usual_gap(passages: &[Passage]) -> u32 {
    let mut counts = [0_usize; 8];
    for passage in passages.iter().skip(1) {
        let gap = usize::try_from(passage.blank_before).unwrap_or(7).min(7);
        counts[gap] += 1;
    }
    let (gap, _) = counts
        .iter()
        .enumerate()
        .max_by_key(|&(gap, &count)| (count, std::cmp::Reverse(gap)))
        .unwrap_or((0, &0));
    u32::try_from(gap).unwrap_or(0)
}

/// What the article at hand has had so far.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts; no two of them make one state"
)]
struct SoFar {
    text: bool,
    /// A byline or an imprint.
    credit: bool,
    credit_above_text: bool,
    dateline: bool,
    /// A headline that the markup says is one.
    title: bool,
}

impl SoFar {
    fn add(&mut self, shape: Shape, passage: &Passage) {
        let is_title = |role: crate::model::Role| role.kind == BlockKind::Title;
        self.title |= passage.role.is_some_and(is_title);
        match shape {
            Shape::Prose => {
                self.text = true;
                self.dateline |= kinds::opens_with_dateline(&passage.text);
            }
            Shape::Byline => self.credit(),
            Shape::Note if kinds::is_imprint(&passage.text) => self.credit(),
            _ => {}
        }
    }

    fn credit(&mut self) {
        self.credit = true;
        self.credit_above_text |= !self.text;
    }
}

fn begins(passages: &[Passage], shapes: &[Shape], i: usize, so_far: &SoFar, usual: u32) -> bool {
    let passage = &passages[i];
    if passage.role.is_some_and(|role| role.begins_article) {
        return true;
    }
    if let Some(role) = passage.role
        && role.kind != BlockKind::Paragraph
    {
        // A second headline, with text between: no article has two.
        return role.kind == BlockKind::Title && so_far.title && so_far.text;
    }
    if !so_far.text || shapes[i] != Shape::Display {
        return false;
    }
    // A headline after a byline that closed the article before.
    let after_text = i >= 2 && matches!(shapes[i - 2], Shape::Prose | Shape::Item);
    if shapes[i - 1] == Shape::Byline && after_text {
        return true;
    }
    // A wide gap, then a headline with text below it.
    let wide = passage.blank_before >= usual + 2;
    let follows = |shape: Shape| shapes.get(i + 1) == Some(&shape);
    if wide && (follows(Shape::Prose) || follows(Shape::Byline) || follows(Shape::Display)) {
        return true;
    }
    // A headline, perhaps with the name of a section above it, with a byline, an imprint or a
    // dateline below it.
    let mut below = i + 1;
    while below < i + MOST_LINES_OF_HEAD && shapes.get(below) == Some(&Shape::Display) {
        below += 1;
    }
    if !(passages[i..below].iter()).any(|passage| is_headline(&passage.text)) {
        return false;
    }
    let is_credit = |at: usize| {
        shapes.get(at) == Some(&Shape::Byline)
            || shapes.get(at) == Some(&Shape::Note) && kinds::is_imprint(&passages[at].text)
    };
    let mut text = below;
    while text < below + 2 && is_credit(text) {
        text += 1;
    }
    let has_own_credit = text > below && shapes.get(text) == Some(&Shape::Prose);
    let was_closed = shapes[i - 1] == Shape::Note && kinds::closes(&passages[i - 1].text);
    if has_own_credit && (so_far.credit_above_text || !so_far.credit || was_closed) {
        return true;
    }
    let next = passages.get(i + 1);
    next.is_some_and(|next| kinds::opens_with_dateline(&next.text)) && so_far.dateline
}

/// A headline has as many lines above its text, with the name of a section.
const MOST_LINES_OF_HEAD: usize = 3;

fn is_headline(text: &str) -> bool {
    text.chars()
        .filter(|&c| script::is_han(c) || c.is_alphanumeric())
        .count()
        >= 6
}
