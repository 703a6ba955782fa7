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
