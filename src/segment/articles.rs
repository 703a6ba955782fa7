//! Where an article begins.

use std::ops::Range;

use super::kinds::{self, Shape};
use crate::model::Passage;
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
struct SoFar {
    text: bool,
    byline_above_text: bool,
    dateline: bool,
}

impl SoFar {
    fn add(&mut self, shape: Shape, passage: &Passage) {
        match shape {
            Shape::Prose => {
                self.text = true;
                self.dateline |= kinds::opens_with_dateline(&passage.text);
            }
            Shape::Byline => self.byline_above_text |= !self.text,
            _ => {}
        }
    }
}

fn begins(passages: &[Passage], shapes: &[Shape], i: usize, so_far: &SoFar, usual: u32) -> bool {
    let passage = &passages[i];
    if passage.role.is_some_and(|role| role.begins_article) {
        return true;
    }
    if passage
        .role
        .is_some_and(|role| role.kind != crate::model::BlockKind::Title)
    {
        return false;
    }
    if !so_far.text || shapes[i] != Shape::Display {
        return false;
    }
    // A headline after a byline that closed the article before.
    let closes = i >= 2 && matches!(shapes[i - 2], Shape::Prose | Shape::Item);
    if shapes[i - 1] == Shape::Byline && closes {
        return true;
    }
    // A wide gap, then a headline with text below it.
    let wide = passage.blank_before >= usual + 2;
    let follows = |shape: Shape| shapes.get(i + 1) == Some(&shape);
    if wide && (follows(Shape::Prose) || follows(Shape::Byline) || follows(Shape::Display)) {
        return true;
    }
    // A headline with a byline or a dateline below it.
    let next = passages.get(i + 1);
    let has_own_byline = follows(Shape::Byline)
        && shapes.get(i + 2) == Some(&Shape::Prose)
        && so_far.byline_above_text;
    let has_own_dateline =
        next.is_some_and(|next| kinds::opens_with_dateline(&next.text)) && so_far.dateline;
    (has_own_byline || has_own_dateline) && is_headline(&passage.text)
}

fn is_headline(text: &str) -> bool {
    text.chars()
        .filter(|&c| script::is_han(c) || c.is_alphanumeric())
        .count()
        >= 6
}
