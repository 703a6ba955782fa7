//! Quantities as evidence: the same quantity has one name in all languages.

use std::ops::Range;

use crate::model::Lang;

/// A quantity in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Byte offsets into the sentence.
    pub range: Range<usize>,
    /// What it is called: `#` and the value, the same for equal quantities in all languages.
    pub name: String,
}

/// The quantities in a sentence, in order, not overlapping.
pub(super) fn find(sentence: &str, _lang: &Lang) -> Vec<Named> {
    let mut found = Vec::new();
    let bytes = sentence.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_digit()
                || (matches!(bytes[at], b'.' | b',')
                    && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)))
        {
            at += 1;
        }
        let digits: String = sentence[start..at].chars().filter(|&c| c != ',').collect();
        found.push(Named {
            range: start..at,
            name: format!("#{digits}"),
        });
    }
    found
}
