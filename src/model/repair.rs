//! What cleaning changed, and what it only doubts.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A change that cleaning made because it could prove it. Source plus repairs is the clean text.
///
/// A long text has a repair every ten characters, most of one character: its strings are kept
/// in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The rule that made it, `family.name` (`space.wrap`, `punctuation.width`).
    pub rule: CompactString,
    /// The 1-based line of the source file.
    pub line: u32,
    /// What the file has; empty where something was inserted.
    pub before: CompactString,
    /// What the clean text has instead; empty where something was deleted.
    pub after: CompactString,
    /// Where `after` begins in the block's clean text, in Unicode scalar values.
    pub at: usize,
}

/// The repairs of one paragraph, in text order, packed: while a file is on its way to articles, all
/// repairs of its text are in memory at once, and there may be one for every ten characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// `before` and `after` of all repairs.
    text: String,
    items: Vec<Packed>,
}

/// A repair whose texts end at `before` and `after` in [`Repairs::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    rule: &'static str,
    line: u32,
    at: u32,
    before: u32,
    after: u32,
}

/// A repair in [`Repairs`]; the fields are those of [`Repair`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of Repair")]
pub struct RepairRef<'a> {
    pub rule: &'static str,
    pub line: u32,
    pub before: &'a str,
    pub after: &'a str,
    pub at: usize,
}

impl RepairRef<'_> {
    /// The repair by itself.
    #[must_use]
    pub fn to_repair(self) -> Repair {
        Repair {
            rule: CompactString::const_new(self.rule),
            line: self.line,
            before: self.before.into(),
            after: self.after.into(),
            at: self.at,
        }
    }
}

/// A paragraph is far below four gigabytes.
fn packed(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Repairs {
    /// Adds a repair, which must not stand before the last one.
    pub fn push(&mut self, repair: RepairRef<'_>) {
        self.text.push_str(repair.before);
        let before = packed(self.text.len());
        self.text.push_str(repair.after);
        self.items.push(Packed {
            rule: repair.rule,
            line: repair.line,
            at: packed(repair.at),
            before,
            after: packed(self.text.len()),
        });
    }

    /// Makes the last repair longer.
    pub fn extend_last(&mut self, before: &str, after: &str) {
        if let Some(last) = self.items.last_mut() {
            self.text.insert_str(last.before as usize, before);
            self.text.push_str(after);
            last.before += packed(before.len());
            last.after = packed(self.text.len());
        }
    }

    /// The repair at this place of the list.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<RepairRef<'_>> {
        let item = self.items.get(index)?;
        let start = index
            .checked_sub(1)
            .and_then(|index| self.items.get(index))
            .map_or(0, |item| item.after as usize);
        let (before, after) = (item.before as usize, item.after as usize);
        Some(RepairRef {
            rule: item.rule,
            line: item.line,
            before: &self.text[start..before],
            after: &self.text[before..after],
            at: item.at as usize,
        })
    }

    /// The last repair.
    #[must_use]
    pub fn last(&self) -> Option<RepairRef<'_>> {
        self.get(self.items.len().checked_sub(1)?)
    }

    /// All repairs in text order.
    pub fn iter(&self) -> impl Iterator<Item = RepairRef<'_>> {
        (0..self.items.len()).filter_map(|index| self.get(index))
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Gives back memory that was set aside for more.
    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.items.shrink_to_fit();
    }
}

impl<'a> Extend<RepairRef<'a>> for Repairs {
    fn extend<T: IntoIterator<Item = RepairRef<'a>>>(&mut self, repairs: T) {
        for repair in repairs {
            self.push(repair);
        }
    }
}

/// A character or word that may be misread. Never changed by itself: a person decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// The rule that raised it, `family.name` (`ocr.lookalike`, `line.lost-end`).
    pub rule: String,
    /// The 1-based line of the source file.
    pub line: u32,
    /// The suspect word or character as it stands in the file.
    pub as_read: String,
    /// What may be meant, where that is known.
    pub suggestion: Option<String>,
    /// How sure the rule is that something is wrong: 0 to 1.
    pub confidence: f64,
    /// Why, in a sentence for a person.
    pub message: String,
    /// Where it begins in the block's clean text, in Unicode scalar values.
    pub at: usize,
}

// A confidence is never NaN: rules give constants or ratios of counts that are not zero.
impl Eq for Suspect {}
