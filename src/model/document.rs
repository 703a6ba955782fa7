//! Text on its way from a file to articles: as read, and as cleaned.

use super::{BlockKind, CodeKind, Inline, Lines, Meta, Repair, Repairs, Suspect};

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

/// What the markup of a file says about a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The part that it plays.
    pub kind: BlockKind,
    /// The level of a heading: 1 for the highest.
    pub level: Option<u8>,
    /// Whether a new article begins here.
    pub begins_article: bool,
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

impl Passage {
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
