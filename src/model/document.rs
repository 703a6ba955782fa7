//! Text on its way from a file to articles: as read, and as cleaned.

use super::{
    BlockKind, CodeKind, Inline, Lines, Meta, Position, Repair, RepairRef, Repairs, Suspect,
};

/// A file as it was read: its text in lines, each with its place in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The file, as the caller named it.
    pub path: String,
    /// The encoding that the bytes were read as, by its WHATWG name.
    pub encoding: String,
    /// What the file itself says about its text (a web page's `meta` elements, a DOCX file's
    /// properties).
    pub meta: Meta,
    /// The text in reading order. Blank lines are counted in [`Line::blank_before`].
    pub lines: Vec<Line>,
    /// Text of the file that is not in `lines`, in reading order.
    pub left_out: Vec<LeftOut>,
}

/// Text of a file that reading leaves out, because it is no part of what the file is about: the
/// navigation of a web page, the running head of a Word file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Why, `family.name`: the rule of the repair that names it.
    pub rule: &'static str,
    /// Where it stands, counted as [`Line::number`] is.
    pub line: u32,
    /// The text.
    pub text: String,
    /// How many lines of [`Document::lines`] stand before it.
    pub before: usize,
}

impl LeftOut {
    /// A piece at the beginning of the text.
    #[must_use]
    pub fn new(rule: &'static str, line: u32, text: String) -> Self {
        Self {
            rule,
            line,
            text,
            before: 0,
        }
    }

    /// The piece with as many lines before it.
    #[must_use]
    pub fn before(self, before: usize) -> Self {
        Self { before, ..self }
    }
}

/// A line of a plain text, or a paragraph of a format that has paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// 1-based: the line of the file, or where a format has no lines the paragraph.
    pub number: u32,
    /// The text without its line end. Not blank, and without `\n`.
    pub text: String,
    /// Inline codes with the byte offset in `text` where they stand, in order.
    pub codes: Vec<(usize, Inline)>,
    /// How many blank lines stand before it.
    pub blank_before: u32,
    /// The part that the format itself says it plays.
    pub role: Option<Role>,
}

impl Line {
    /// Lets a new article begin here.
    pub fn begin_article(&mut self) {
        let role = self.role.get_or_insert(Role::new(BlockKind::Paragraph));
        role.begins_article = true;
    }
}

/// What the markup of a file says about a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The part that it plays.
    pub kind: BlockKind,
    /// The level of a heading: 1 for the highest.
    pub level: Option<u8>,
    /// Where it stands in its list or table.
    pub position: Option<Position>,
    /// Whether a new article begins here.
    pub begins_article: bool,
}

impl Role {
    /// The role of a paragraph of which no more than its part is known.
    #[must_use]
    pub fn new(kind: BlockKind) -> Self {
        Self {
            kind,
            level: None,
            position: None,
            begins_article: false,
        }
    }
}

/// A cleaned file: what [`Document`] says, in paragraphs, with all that was changed or doubted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanDocument {
    /// The file, as the caller named it.
    pub path: String,
    /// What the file itself says about its text.
    pub meta: Meta,
    /// The paragraphs in reading order.
    pub passages: Vec<Passage>,
    /// Decisions that apply to nothing in this file any more, each as a sentence for a person.
    pub stale_decisions: Vec<String>,
}

/// One cleaned paragraph, headline or the like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The clean text.
    pub text: String,
    /// Inline codes with the byte offset in `text` where they stand, in order.
    pub codes: Vec<(usize, Inline)>,
    /// Where it came from.
    pub lines: Lines,
    /// How many blank lines stand before it.
    pub blank_before: u32,
    /// The part that the format itself says it plays.
    pub role: Option<Role>,
    /// What was changed, in text order.
    pub repairs: Repairs,
    /// What is doubted, in text order.
    pub suspects: Vec<Suspect>,
}

/// How the code that encloses a block of computer code is named ([`CodeKind::Other`]).
pub const CODE_BLOCK: &str = "pre";

/// Whether a paragraph with these codes is a block of computer code: one encloses it whole.
#[must_use]
pub fn is_code_block(codes: &[(usize, Inline)]) -> bool {
    matches!(
        codes.first(),
        Some((0, Inline::Open(code))) if matches!(&code.kind, CodeKind::Other(name) if name == CODE_BLOCK)
    )
}

impl CleanDocument {
    /// Names what reading left out as repairs of the paragraphs beside it, so that undoing the
    /// repairs gives it back too.
    pub fn name_left_out(&mut self, left_out: Vec<LeftOut>) {
        let mut pieces = left_out.into_iter().peekable();
        while let Some(LeftOut {
            rule,
            line,
            mut text,
            before,
        }) = pieces.next()
        {
            while let Some(more) = pieces.next_if(|more| more.rule == rule && more.before == before)
            {
                text.push('\n');
                text.push_str(&more.text);
            }
            // Lines were joined and split, but their numbers rise.
            let behind = (self.passages).partition_point(|passage| passage.lines.first <= line);
            let (index, at_start) = match behind {
                _ if before == 0 => (0, true),
                0 => (0, true),
                behind => (behind - 1, false),
            };
            if let Some(passage) = self.passages.get_mut(index) {
                passage.name(rule, line, &text, at_start);
            }
        }
    }
}

impl Passage {
    /// Adds the repair that names text which stood before or behind the paragraph.
    fn name(&mut self, rule: &'static str, line: u32, text: &str, at_start: bool) {
        let (at, before) = if at_start {
            (0, format!("{text}\n"))
        } else {
            (self.text.chars().count(), format!("\n{text}"))
        };
        let repair = RepairRef {
            rule,
            line,
            before: &before,
            after: "",
            at,
        };
        if at_start {
            let others = std::mem::take(&mut self.repairs);
            self.repairs.push(repair);
            self.repairs.extend(others.iter());
        } else {
            self.repairs.push(repair);
        }
    }

    /// The text of the file that the passage came from, rebuilt from the clean text and its
    /// repairs. Lines are set off by `\n`.
    ///
    /// This is the promise of cleaning: nothing is lost or changed without a repair that names
    /// it, so that undoing the repairs gives back what was read.
    #[must_use]
    pub fn restore(&self) -> String {
        undo(
            &self.text,
            (self.repairs.iter()).map(|repair| (repair.at, repair.before, repair.after)),
        )
    }
}

/// Undoes `repairs`, which are in text order, in `clean`.
#[must_use]
pub fn restore(clean: &str, repairs: &[Repair]) -> String {
    let changes = repairs.iter();
    undo(
        clean,
        changes.map(|repair| (repair.at, repair.before.as_str(), repair.after.as_str())),
    )
}

/// Undoes changes, each with its place in characters, what stood there and what stands there now.
pub(crate) fn undo<'a>(
    clean: &str,
    changes: impl Iterator<Item = (usize, &'a str, &'a str)>,
) -> String {
    let mut source = String::with_capacity(clean.len());
    let mut chars = clean.chars();
    let mut at = 0;
    for (place, before, after) in changes {
        source.extend(chars.by_ref().take(place.saturating_sub(at)));
        at = at.max(place);
        source.push_str(before);
        let skipped = after.chars().count();
        at += chars.by_ref().take(skipped).count();
    }
    source.extend(chars);
    source
}
