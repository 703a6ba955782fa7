//! Traditional characters in simplified text.

use std::sync::OnceLock;

use super::Doubts;
use crate::model::Passage;

/// Each traditional character with its simplified form, in pairs. Made by hand: the commonest
/// characters that the table of 1964 simplifies, one to one.
const PAIRS: &str = include_str!("traditional.txt");

/// The simplified form of every character of the main block, by its offset in it; NUL for none.
fn table() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = vec!['\0'; 0x5200];
        let pairs = PAIRS.lines().filter(|line| !line.starts_with('#'));
        for pair in pairs.flat_map(str::split_whitespace) {
            let mut chars = pair.chars();
            if let (Some(c), Some(other)) = (chars.next(), chars.next())
                && let Some(own) = index(c).and_then(|i| table.get_mut(i))
                && *own == '\0'
            {
                *own = other;
            }
        }
        table
    })
}

fn index(c: char) -> Option<usize> {
    u32::from(c).checked_sub(0x4e00).map(|i| i as usize)
}

fn simplified(c: char) -> Option<char> {
    let other = *table().get(index(c)?)?;
    (other != '\0').then_some(other)
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
        if let Some(other) = simplified(c) {
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
