//! A quotation that is closed by the other kind of mark: “甲’.

use super::Doubts;
use crate::clean::quotes;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    for (at, closer) in quotes::mismatched(text) {
        let length = text[at..].chars().next().map_or(0, char::len_utf8);
        doubts.raise(
            at..at + length,
            "punctuation.quote-pair",
            Some(closer.to_string()),
            0.7,
            "the quotation was opened by the other kind of mark",
        );
    }
}
