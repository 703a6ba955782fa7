//! Page numbers that could not be proved: a line that is only one, a number that had a line of its
//! own inside a sentence.

use super::Doubt;
use crate::clean::furniture::{NUMBER, page_number};
use crate::model::Passage;

pub(super) fn look(passage: &Passage) -> Vec<Doubt> {
    let text = passage.text.as_str();
    if passage.role.is_some() {
        return Vec::new();
    }
    if page_number(text).is_some_and(|number| number.dressed) {
        return vec![doubt(0, text.len(), "the line is only a page number")];
    }
    let mut found = Vec::new();
    // The end of the line before, in characters and bytes.
    let mut last: Option<(usize, usize)> = None;
    let (mut chars, mut bytes) = (0, 0);
    for repair in passage
        .repairs
        .iter()
        .filter(|repair| repair.rule == "line.join")
    {
        let ahead = text[bytes..].chars().take(repair.at.saturating_sub(chars));
        bytes += ahead.map(char::len_utf8).sum::<usize>();
        chars = chars.max(repair.at);
        if let Some((from, start)) = last
            && (1..=4).contains(&(chars - from))
            && page_number(&text[start..bytes]).is_some()
        {
            found.push(doubt(
                start,
                bytes - start,
                "a number with a line of its own inside a sentence: perhaps a page number",
            ));
        }
        let joint = repair.after.len();
        last = Some((chars + repair.after.chars().count(), bytes + joint));
    }
    found
}

fn doubt(at: usize, length: usize, message: &str) -> Doubt {
    Doubt {
        at,
        length,
        rule: NUMBER,
        suggestion: None,
        confidence: 0.6,
        message: message.to_owned(),
    }
}
