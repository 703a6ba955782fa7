//! Traditional characters in simplified text.

use std::sync::OnceLock;

use super::Doubts;
use crate::model::Passage;

/// Each traditional character with its simplified form, in pairs. Made by hand: the commonest
/// characters that the table of 1964 simplifies, one to one.
const PAIRS: &str = include_str!("traditional.txt");

fn table() -> &'static [(char, char)] {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<(char, char)> = PAIRS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .filter_map(|pair| {
                let mut chars = pair.chars();
                Some((chars.next()?, chars.next()?))
            })
            .collect();
        table.sort_unstable();
        table.dedup_by_key(|pair| pair.0);
        table
    })
}

fn simplified(c: char) -> Option<char> {
    let table = table();
    table
        .binary_search_by_key(&c, |pair| pair.0)
        .ok()
        .map(|i| table[i].1)
}

/// Whether the text is simplified: of a hundred of its characters at most three are traditional.
pub(super) fn is_simplified(passages: &[Passage]) -> bool {
    let (mut all, mut traditional) = (0_usize, 0_usize);
    for c in passages
        .iter()
        .flat_map(|passage| passage.text.chars())
        .filter(|&c| crate::script::is_han(c))
        .take(5000)
    {
        all += 1;
        traditional += usize::from(simplified(c).is_some());
    }
    100 * traditional <= 3 * all
}

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    for (at, c) in text.char_indices() {
        if u32::from(c) >= 0x4e00
            && let Some(other) = simplified(c)
        {
            doubts.raise(
                at..at + c.len_utf8(),
                "script.traditional",
                Some(other.to_string()),
                0.6,
                "a traditional character in simplified text: misread, or meant in a name",
            );
        }
    }
}
