//! Cleaning until nothing is left to clean: a repair can make another one possible (a full stop
//! before a bracket that has just become full width). What is clean stays as it is when it is read
//! again.

use super::CleanOptions;
use super::breaks::Raw;
use super::layout::Page;
use super::rewrite::rewrite;
use crate::model::{Passage, RepairRef, Repairs, undo};

/// How often a paragraph is cleaned at most. Nearly all are settled after the first time.
const MOST_PASSES: usize = 6;

/// Cleans one paragraph.
pub(super) fn clean(raw: &Raw, page: &Page, options: &CleanOptions) -> Passage {
    let mut passage = rewrite(raw, page, options, 1);
    for _ in 1..MOST_PASSES {
        if passage
            .repairs
            .iter()
            .all(|repair| repair.after.is_empty() && repair.rule == "space.edge")
        {
            break;
        }
        let first_code = 1 + passage.codes.len();
        let again = rewrite(&as_read(&passage, raw), page, options, first_code);
        if again.repairs.is_empty() {
            break;
        }
        passage = compose(passage, again);
    }
    passage
}

/// A clean paragraph as one that is read. Inline codes are left out: they change nothing.
fn as_read(passage: &Passage, raw: &Raw) -> Raw {
    let mut starts = vec![(0, passage.lines.first)];
    let (mut chars, mut bytes) = (0, 0);
    for repair in passage.repairs.iter() {
        let ends = repair.before.matches('\n').count();
        if ends > 0 {
            let ahead = passage.text[bytes..].chars().take(repair.at - chars);
            bytes += ahead.map(char::len_utf8).sum::<usize>();
            chars = repair.at;
            let line = repair.line + u32::try_from(ends).unwrap_or(0);
            starts.push((bytes, line.min(passage.lines.last)));
        }
    }
    Raw {
        text: passage.text.clone(),
        starts,
        arrangement: raw.arrangement,
        ..Raw::default()
    }
}

/// Walks over a text by characters.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    bytes: usize,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            bytes: 0,
        }
    }

    /// The text up to a place, which must not be behind.
    fn to(&mut self, place: usize) -> &'a str {
        let rest = &self.text[self.bytes..];
        let length: usize = rest
            .chars()
            .take(place.saturating_sub(self.at))
            .map(char::len_utf8)
            .sum();
        self.at = self.at.max(place);
        self.bytes += length;
        &rest[..length]
    }
}

/// One paragraph from `first` and `second`, which was made of it: the repairs of both, those that
/// touch the same text as one.
fn compose(first: Passage, second: Passage) -> Passage {
    let mut repairs = Repairs::default();
    let mut olds = first.repairs.iter().peekable();
    let mut news = second.repairs.iter().peekable();
    let (mut before, mut after) = (Walk::new(&first.text), Walk::new(&second.text));
    // What is added to a place in the first text to have it in the second.
    let mut shift = 0_isize;
    let moved = |place: usize, shift: isize| place.saturating_add_signed(shift);
    let size = |text: &str| text.chars().count();
    while let Some(new) = news.next() {
        let place = moved(new.at, -shift);
        let (mut start, mut end) = (place, place + size(new.before));
        let mut grown = shift + signed(size(new.after)) - signed(size(new.before));
        let mut within: Vec<RepairRef<'_>> = Vec::new();
        loop {
            if let Some(old) = olds.next_if(|old| old.at < end || old.at + size(old.after) <= start)
            {
                let old_end = old.at + size(old.after);
                let touches = old_end > start || (old.at > start && old.at < end);
                if touches {
                    start = start.min(old.at);
                    end = end.max(old_end);
                    within.push(old);
                } else {
                    repairs.push(RepairRef {
                        at: moved(old.at, shift),
                        ..old
                    });
                }
            } else if let Some(more) = news.next_if(|more| moved(more.at, -grown) < end) {
                end = end.max(moved(more.at, -grown) + size(more.before));
                grown += signed(size(more.after)) - signed(size(more.before));
            } else {
                break;
            }
        }
        before.to(start);
        let old = before.to(end);
        after.to(moved(start, shift));
        let text = after.to(moved(end, grown));
        let within = within
            .iter()
            .map(|old| (old.at - start, old.before, old.after));
        let before = undo(old, within);
        if before != text {
            repairs.push(RepairRef {
                before: &before,
                after: text,
                at: moved(start, shift),
                ..new
            });
        }
        shift = grown;
    }
    for old in olds {
        repairs.push(RepairRef {
            at: moved(old.at, shift),
            ..old
        });
    }
    repairs.shrink_to_fit();
    let codes = codes(&first, &second);
    Passage {
        text: second.text,
        codes,
        repairs,
        ..first
    }
}

/// The codes of the first text at their places in the second, and the second's own.
fn codes(first: &Passage, second: &Passage) -> Vec<(usize, crate::model::Inline)> {
    if first.codes.is_empty() {
        return second.codes.clone();
    }
    let mut codes = Vec::with_capacity(first.codes.len() + second.codes.len());
    let mut repairs = second.repairs.iter().peekable();
    let mut walk = Walk::new(&second.text);
    // Where both texts have been read to, in bytes.
    let (mut old, mut new) = (0, 0);
    for (at, code) in &first.codes {
        while let Some(repair) = repairs.peek() {
            walk.to(repair.at);
            let start = old + walk.bytes - new;
            // A code inside of what was changed stands after it.
            if start + repair.before.len() > *at && (start >= *at || repair.before.is_empty()) {
                break;
            }
            (old, new) = (start + repair.before.len(), walk.bytes + repair.after.len());
            walk.to(repair.at + repair.after.chars().count());
            repairs.next();
        }
        codes.push((new + at.saturating_sub(old), code.clone()));
    }
    codes.extend(second.codes.iter().cloned());
    codes.sort_by_key(|&(at, _)| at);
    codes
}

fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}
