//! What may be misread: raised for a person to decide, never changed.
//!
//! Each rule has a file of its own and looks at one paragraph at a time, with the text around it
//! as a witness ([`witness`]).

mod columns;
mod counts;
mod figures;
mod frames;
mod hyphens;
mod lookalikes;
mod lost;
mod marks;
mod pages;
mod quotes;
mod repeats;
mod scripts;
mod witness;

use crate::model::{Passage, Suspect};
use crate::script;

use super::CleanOptions;
use super::breaks::begins_with_quantity;
use witness::Witness;

/// How much text is looked at together, in characters: a long article or a chapter.
const CHUNK: usize = 60_000;

/// Doubts raised in one paragraph.
struct Doubts<'a> {
    text: &'a str,
    found: Vec<Doubt>,
}

/// A doubt, placed by byte offset.
struct Doubt {
    at: usize,
    length: usize,
    rule: &'static str,
    suggestion: Option<String>,
    confidence: f64,
    message: String,
}

impl Doubts<'_> {
    fn raise(
        &mut self,
        range: std::ops::Range<usize>,
        rule: &'static str,
        suggestion: Option<String>,
        confidence: f64,
        message: impl Into<String>,
    ) {
        self.found.push(Doubt {
            at: range.start,
            length: range.len(),
            rule,
            suggestion,
            confidence: (confidence * 100.0).round() / 100.0,
            message: message.into(),
        });
    }
}

/// What rules remember from one paragraph to the next, to be faster.
#[derive(Default)]
struct Memory {
    reader: lookalikes::Reader,
    beginnings: lost::Beginnings,
}

/// Raises suspects in all passages.
pub(super) fn raise(passages: &mut [Passage], options: &CleanOptions) {
    if !options.lang.is_chinese() {
        return;
    }
    let mut memory = Memory::default();
    let mut start = 0;
    while start < passages.len() {
        let mut end = start;
        let mut length = 0;
        while end < passages.len() && (end == start || length < CHUNK) {
            length += passages[end].text.len() / 3;
            end += 1;
        }
        raise_together(&mut passages[start..end], options, &mut memory);
        start = end;
    }
}

/// Raises suspects in passages that bear witness for each other.
fn raise_together(chunk: &mut [Passage], options: &CleanOptions, memory: &mut Memory) {
    let simplified = options.lang.is_simplified_chinese() && scripts::is_simplified(chunk);
    // A very long paragraph is taken in parts.
    let is_long = |passage: &Passage| passage.text.len() > 6 * CHUNK;
    let short = chunk.iter().filter(|passage| !is_long(passage));
    let witness = Witness::of(short.map(|passage| passage.text.as_str()));
    for i in 0..chunk.len() {
        let unfinished = lost::looks_unfinished(chunk, i);
        let passage = &chunk[i];
        let pages = pages::look(passage);
        if !passage.text.chars().any(script::is_han) {
            chunk[i].suspects = placed(&chunk[i], pages);
            continue;
        }
        let mut found = if is_long(passage) {
            in_parts(passage, simplified, unfinished, memory)
        } else {
            let seams = lost::seams(passage);
            look(
                &passage.text,
                &witness,
                seams,
                simplified,
                unfinished,
                memory,
            )
        };
        found.extend(pages);
        found.extend(columns::look(chunk, i));
        if unfinished
            && chunk
                .get(i + 1)
                .is_some_and(|next| begins_with_quantity(&next.text))
        {
            lost::goes_on_with_figure(&mut found);
        }
        chunk[i].suspects = placed(&chunk[i], found);
    }
}

/// Looks at a very long paragraph part by part, each a witness for itself.
fn in_parts(
    passage: &Passage,
    simplified: bool,
    unfinished: bool,
    memory: &mut Memory,
) -> Vec<Doubt> {
    let text = passage.text.as_str();
    let mut seams = lost::seams(passage).peekable();
    let mut found = Vec::new();
    let (mut start, mut chars) = (0, 0);
    while start < text.len() {
        let least = text.floor_char_boundary(start + 3 * CHUNK);
        // Between two sentences, if one ends soon.
        let most = text.floor_char_boundary(least + CHUNK / 10);
        let stop = text[least..most]
            .find('。')
            .map(|at| least + at + '。'.len_utf8());
        let end = stop.unwrap_or(least);
        let part = &text[start..end];
        let length = part.chars().count();
        let witness = Witness::of(std::iter::once(part));
        let own = std::iter::from_fn(|| seams.next_if(|&at| at < chars + length))
            .map(|at| at.saturating_sub(chars));
        let at_end = end == text.len();
        let doubts = look(
            part,
            &witness,
            own,
            simplified,
            unfinished && at_end,
            memory,
        );
        found.extend(doubts.into_iter().map(|doubt| Doubt {
            at: doubt.at + start,
            ..doubt
        }));
        (start, chars) = (end, chars + length);
    }
    found
}

fn look(
    text: &str,
    witness: &Witness,
    seams: impl Iterator<Item = usize>,
    simplified: bool,
    unfinished: bool,
    memory: &mut Memory,
) -> Vec<Doubt> {
    let mut doubts = Doubts {
        text,
        found: Vec::new(),
    };
    memory.reader.simplified = simplified;
    lookalikes::look(&mut doubts, witness, &mut memory.reader);
    frames::look(&mut doubts);
    hyphens::look(&mut doubts);
    figures::look(&mut doubts);
    if simplified {
        scripts::look(&mut doubts);
    }
    lost::look(
        &mut doubts,
        witness,
        &mut memory.beginnings,
        seams,
        unfinished,
    );
    repeats::look(&mut doubts);
    quotes::look(&mut doubts);
    marks::look(&mut doubts);
    counts::look(&mut doubts);
    doubts.found
}

/// Turns byte offsets into characters and lines, in text order. Where two rules doubt the same
/// character the surer one is kept.
fn placed(passage: &Passage, mut found: Vec<Doubt>) -> Vec<Suspect> {
    found.sort_by(|a, b| {
        a.at.cmp(&b.at)
            .then(b.confidence.total_cmp(&a.confidence))
            .then(a.rule.cmp(b.rule))
    });
    let mut suspects: Vec<Suspect> = Vec::with_capacity(found.len());
    let (mut bytes, mut chars, mut covered) = (0, 0, 0);
    let mut lines = LineFinder::new(passage);
    for doubt in found {
        if doubt.at < covered && doubt.length > 0 {
            continue;
        }
        chars += passage.text[bytes..doubt.at].chars().count();
        bytes = doubt.at;
        covered = doubt.at + doubt.length;
        suspects.push(Suspect {
            rule: doubt.rule.to_owned(),
            line: lines.line_of(chars),
            as_read: passage.text[doubt.at..covered].to_owned(),
            suggestion: doubt.suggestion,
            confidence: doubt.confidence,
            message: doubt.message,
            at: chars,
        });
    }
    suspects
}

/// The line of the file for a place in the clean text: repairs that join lines move it on.
pub(super) struct LineFinder<'a> {
    passage: &'a Passage,
    next: usize,
    line: u32,
}

impl<'a> LineFinder<'a> {
    pub(super) fn new(passage: &'a Passage) -> Self {
        Self {
            passage,
            next: 0,
            line: passage.lines.first,
        }
    }

    /// Places must be asked for in order.
    pub(super) fn line_of(&mut self, at: usize) -> u32 {
        while let Some(repair) = self.passage.repairs.get(self.next)
            && repair.at <= at
        {
            self.line = repair.line;
            if repair.before.contains('\n') {
                let ends = repair.before.matches('\n').count();
                self.line = repair
                    .line
                    .saturating_add(u32::try_from(ends).unwrap_or(u32::MAX))
                    .min(self.passage.lines.last);
            }
            self.next += 1;
        }
        self.line
    }
}
