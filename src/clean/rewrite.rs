//! One pass over a paragraph in which every repair is made and recorded.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::breaks::Raw;
use super::layout::Page;
use super::{CleanOptions, Policy, code, dashes, emphasis, invisible, quotes, space, width};
use crate::model::{Inline, Lines, Passage, RepairRef, Repairs};
use crate::script::{self, is_han};

/// What a repair rule sees: the file's text, what has been written so far, and where it stands.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about the paragraph, each for a rule or two"
)]
pub(super) struct Rewriter<'a> {
    pub(super) raw: &'a Raw,
    pub(super) options: &'a CleanOptions,
    pub(super) page: &'a Page,
    /// Whether the paragraph is Chinese text: it has Han characters and its language is Chinese.
    pub(super) chinese: bool,
    /// Whether it is running text, not a headline or a byline.
    pub(super) running: bool,
    /// Whether it has letters that run from right to left, once that was asked.
    from_right: OnceCell<bool>,
    /// Whether it is an entry of a bibliography, whose points are no full stops.
    pub(super) reference: bool,
    /// Whether tabs set parts of it off.
    pub(super) has_cells: bool,
    /// Whether its figures are set with blanks between the digits.
    pub(super) spaced_figures: bool,
    /// The clean text so far.
    pub(super) out: String,
    /// The number of characters in `out`.
    at: usize,
    /// The byte offset in the raw text up to which it is written.
    pub(super) pos: usize,
    repairs: Repairs,
    codes: Vec<(usize, Inline)>,
    /// Index of the next code of the format to be placed.
    next_code: usize,
    /// Where the last repair ended, in bytes of the raw text and characters of the clean text, so
    /// that like repairs in a row become one.
    last_end: (usize, usize),
}

/// Repairs in a row become one up to this length in bytes.
const LONGEST_MERGED: usize = 256;

impl<'a> Rewriter<'a> {
    /// Whether the paragraph has letters that run from right to left.
    pub(super) fn runs_from_right(&self) -> bool {
        *self
            .from_right
            .get_or_init(|| invisible::runs_from_right(&self.raw.text))
    }

    /// The raw text that is still to be written.
    pub(super) fn rest(&self) -> &'a str {
        &self.raw.text[self.pos..]
    }

    /// The last character written that is not white space.
    pub(super) fn before(&self) -> Option<char> {
        self.out.chars().rev().find(|c| !c.is_whitespace())
    }

    /// The next raw character that is not white space, from `from` bytes after the position on.
    pub(super) fn after(&self, from: usize) -> Option<char> {
        self.rest()[from..].chars().find(|c| !c.is_whitespace())
    }

    /// Copies `length` bytes.
    pub(super) fn keep(&mut self, length: usize) {
        let end = self.pos + length;
        self.place_codes(self.pos);
        while let Some(&(at, _)) = self.raw.codes.get(self.next_code)
            && at < end
        {
            self.copy(at - self.pos);
            self.place_codes(self.pos);
        }
        self.copy(end - self.pos);
    }

    fn copy(&mut self, length: usize) {
        let part = &self.raw.text[self.pos..self.pos + length];
        self.out.push_str(part);
        self.at += part.chars().count();
        self.pos += length;
    }

    fn place_codes(&mut self, upto: usize) {
        while let Some((at, code)) = self.raw.codes.get(self.next_code)
            && *at <= upto
        {
            self.codes.push((self.out.len(), code.clone()));
            self.next_code += 1;
        }
    }

    /// Writes `after` in place of the next `length` bytes, and records it; says whether it did. A
    /// person may have decided to keep what is there.
    pub(super) fn change(&mut self, length: usize, after: &str, rule: &'static str) -> bool {
        let before = &self.raw.text[self.pos..self.pos + length];
        let line = self.raw.line_at(self.pos);
        if before == after || self.is_rejected(rule, line, before) {
            self.keep(length);
            return false;
        }
        self.place_codes(self.pos);
        // A million marks in a row are not one repair: each step would cost as much as all before.
        let continues = self.last_end == (self.pos, self.at)
            && (self.repairs.last())
                .is_some_and(|last| last.rule == rule && last.before.len() < LONGEST_MERGED);
        if continues {
            self.repairs.extend_last(before, after);
        } else {
            self.repairs.push(RepairRef {
                rule,
                line,
                before,
                after,
                at: self.at,
            });
        }
        self.out.push_str(after);
        self.at += after.chars().count();
        self.pos += length;
        self.last_end = (self.pos, self.at);
        // Codes inside what was changed stand after it.
        let end = self.pos;
        if self
            .raw
            .codes
            .get(self.next_code)
            .is_some_and(|(at, _)| *at < end)
        {
            self.place_codes(end - 1);
        }
        true
    }

    /// A person may keep what a rule would change; line ends inside a paragraph are decided before.
    fn is_rejected(&self, rule: &str, line: u32, before: &str) -> bool {
        !self.options.decisions.is_empty()
            && !rule.starts_with("line.")
            && self.options.decisions.rejects(rule, line, before)
    }

    /// Puts an inline code of cleaning's own here.
    pub(super) fn code(&mut self, code: Inline) {
        self.place_codes(self.pos);
        self.codes.push((self.out.len(), code));
    }

    /// Goes over the text up to `end`, and does at each place what a rule has to do there.
    fn go_over(&mut self, end: usize, marks: Marks) {
        let mut quotes = marks.quotes.into_iter().peekable();
        let mut bold = marks.bold.into_iter().peekable();
        let mut brackets = width::Brackets::default();
        let text = self.raw.text.as_str();
        let bytes = text.as_bytes();
        let mut removed = self.raw.removed.iter().peekable();
        let mut spans = marks.spans.iter().peekable();
        // The byte that begins it begins full-width marks as well.
        let has_mark = text.contains('\u{feff}');
        while self.pos < end {
            let here = self.pos;
            while removed.next_if(|(range, _)| range.start < here).is_some() {}
            if let Some((range, rule)) = removed.next_if(|(range, _)| range.start == here) {
                self.change(range.len(), "", rule);
                continue;
            }
            while spans.next_if(|span| span.start < here).is_some() {}
            if let Some(span) = spans.next_if(|span| span.start == here) {
                self.keep(span.len());
                continue;
            }
            // The next place at which there may be something to do.
            let next_removed = removed.peek().map_or(end, |(range, _)| range.start);
            let end_of_plain = spans
                .peek()
                .map_or(end, |span| span.start)
                .min(next_removed);
            let plain = bytes[here..end_of_plain]
                .iter()
                .position(|&byte| INTERESTING[byte as usize] || byte == 0xef && has_mark)
                .unwrap_or(end_of_plain - here);
            if plain > 0 {
                self.keep(plain);
                continue;
            }
            while quotes.next_if(|(at, _)| *at < here).is_some() {}
            while bold.next_if(|mark| mark.at < here).is_some() {}
            if let Some((_, quote)) = quotes.next_if(|(at, _)| *at == here) {
                quotes::write(self, quote);
            } else if let Some(mark) = bold.next_if(|mark| mark.at == here) {
                emphasis::write(self, &mark);
            } else if !(invisible::write(self)
                || space::write(self, end)
                || space::write_hyphen(self, end)
                || dashes::write(self)
                || width::write(self, &mut brackets))
            {
                let length = self.rest().chars().next().map_or(1, char::len_utf8);
                self.keep(length);
            }
        }
    }
}

/// What the whole paragraph has to be seen for.
struct Marks {
    /// Stretches of code, which are kept as they are.
    spans: Vec<std::ops::Range<usize>>,
    quotes: Vec<(usize, quotes::Quote)>,
    bold: Vec<emphasis::Mark>,
}

/// Cleans one paragraph, going over it once. The first code of cleaning's own gets the number
/// `first_code`.
pub(super) fn rewrite(
    raw: &Raw,
    page: &Page,
    options: &CleanOptions,
    first_code: usize,
) -> Passage {
    let chinese = options.lang.is_chinese() && raw.text.chars().any(is_han);
    let repairs = options.policy != Policy::None && !raw.is_code;
    let spans = if repairs && chinese {
        code::spans(&raw.text)
    } else {
        Vec::new()
    };
    let seen = if spans.is_empty() {
        Cow::Borrowed(raw.text.as_str())
    } else {
        Cow::Owned(code::masked(&raw.text, &spans))
    };
    let quotes = if repairs && chinese {
        quotes::directions(&seen, options.policy == Policy::All)
    } else {
        Vec::new()
    };
    let bold = if repairs {
        emphasis::pairs(&seen, first_code)
    } else {
        Vec::new()
    };
    let marks = Marks {
        spans,
        quotes,
        bold,
    };
    let mut writer = Rewriter {
        raw,
        options,
        page,
        chinese,
        running: space::is_running_text(&raw.text),
        from_right: OnceCell::new(),
        reference: width::is_reference(&raw.text),
        has_cells: raw.text.trim().contains('\t'),
        spaced_figures: chinese && space::has_spaced_figure(&raw.text),
        out: String::with_capacity(raw.text.len() + raw.text.len() / 16),
        at: 0,
        pos: 0,
        repairs: Repairs::default(),
        codes: Vec::new(),
        next_code: 0,
        last_end: (usize::MAX, usize::MAX),
    };
    let text = raw.text.as_str();
    // White space at the ends belongs to the page, whatever the policy.
    let start = text.len() - text.trim_start().len();
    if start > 0 {
        let rule = if raw.was_run_on {
            "line.split"
        } else {
            "space.edge"
        };
        writer.change(start, "", rule);
    }
    let end = start.max(text.trim_end().len());
    if repairs {
        writer.go_over(end, marks);
    } else {
        writer.keep(end - start);
    }
    if end < text.len() {
        writer.change(text.len() - end, "", "space.edge");
    }
    writer.place_codes(usize::MAX);
    let (mut out, codes, mut repairs) = (writer.out, writer.codes, writer.repairs);
    out.shrink_to_fit();
    repairs.shrink_to_fit();
    let lines = Lines {
        first: raw.starts.first().map_or(1, |&(_, line)| line),
        last: raw.starts.last().map_or(1, |&(_, line)| line),
    };
    Passage {
        text: out,
        codes,
        lines,
        blank_before: raw.blank_before,
        role: raw.role,
        repairs,
        suspects: Vec::new(),
    }
}

/// The bytes at which a rule may want to act: ASCII marks and white space, and the first bytes of
/// full-width blanks, dashes, quotes and ellipses. No byte of a Han character is among them.
static INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80_u8 {
        table[byte as usize] = byte.is_ascii_punctuation() || byte <= b' ' || byte == 0x7f;
        byte += 1;
    }
    table[0xc2] = true;
    table[0xd8] = true;
    table[0xe2] = true;
    table[0xe3] = true;
    table
};

/// Whether a mark between these two characters stands in Chinese text.
pub(super) fn in_chinese(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(script::is_cjk) || after.is_some_and(is_han)
}
