//! What may be misread: raised for a person to decide, never changed.
//!
//! Each rule has a file of its own and looks at one paragraph at a time, with the text around it
//! as a witness ([`witness`]).

mod counts;
mod figures;
mod hyphens;
mod lookalikes;
mod lost;
mod repeats;
mod scripts;
mod witness;

use crate::model::{Passage, Suspect};
use crate::script;

use super::CleanOptions;
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

/// Raises suspects in all passages.
pub(super) fn raise(passages: &mut [Passage], options: &CleanOptions) {
    if !options.lang.is_chinese() {
        return;
    }
    let mut start = 0;
    while start < passages.len() {
        let mut end = start;
        let mut length = 0;
        while end < passages.len() && (end == start || length < CHUNK) {
            length += passages[end].text.len() / 3;
            end += 1;
        }
        let chunk = &mut passages[start..end];
        let witness = Witness::of(chunk.iter().map(|passage| passage.text.as_str()));
        let simplified = options.lang.is_simplified_chinese() && scripts::is_simplified(chunk);
        for i in 0..chunk.len() {
            let unfinished = lost::looks_unfinished(chunk, i);
            let found = {
                let passage = &chunk[i];
                if !passage.text.chars().any(script::is_han) {
                    continue;
                }
                let mut doubts = Doubts {
                    text: &passage.text,
                    found: Vec::new(),
                };
                lookalikes::look(&mut doubts, &witness);
                hyphens::look(&mut doubts);
                figures::look(&mut doubts);
                if simplified {
                    scripts::look(&mut doubts);
                }
                lost::look(&mut doubts, &witness, passage, unfinished);
                repeats::look(&mut doubts);
                counts::look(&mut doubts);
                doubts.found
            };
            chunk[i].suspects = placed(&chunk[i], found);
        }
        start = end;
    }
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
