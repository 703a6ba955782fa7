//! Languages without a reader of their own: digits and percent signs.

use super::{Bound, Change, Kind, Mention, Rational, Weight};

/// Whole numbers and percentages. A point or comma between digits may group or divide, which
/// differs from language to language: such numbers are left out rather than misread.
pub(super) fn read(text: &str) -> Vec<Mention> {
    let bytes = text.as_bytes();
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || is_divider(bytes, at)) {
            at += 1;
        }
        let Some((value, precision)) = Rational::from_digits(&text[start..at]) else {
            continue;
        };
        if text[start..at].contains('.') {
            continue;
        }
        let percent = text[at..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let kind = if percent.starts_with(['%', '％', '٪']) {
            Kind::Percent
        } else {
            Kind::Count
        };
        mentions.push(Mention {
            range: start..at,
            span: [0, 0],
            kind,
            low: value,
            high: value,
            also: None,
            precision,
            unit: None,
            bound: Bound::Exact,
            change: Change::default(),
            weight: Weight::Medium,
            suspect: false,
        });
    }
    mentions
}

fn is_divider(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'.' | b',')
        && at > 0
        && bytes[at - 1].is_ascii_digit()
        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}
