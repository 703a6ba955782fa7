//! A stretch of text that stands twice in a row: a line that was read twice.

use super::Doubts;
use crate::script::is_han;

/// The least and the greatest length of a doubled stretch, in characters: a printed line.
const LEAST: usize = 10;
const MOST: usize = 60;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    // How many characters in a row are equal to those `length` further on.
    for length in LEAST..=MOST.min(chars.len() / 2) {
        let mut run = 0;
        for i in 0..chars.len() - length {
            if chars[i].1 == chars[i + length].1 {
                run += 1;
            } else {
                run = 0;
            }
            if run == length {
                let first = i + 1 - length;
                let from = chars[first + length].0;
                let to = chars.get(first + 2 * length).map_or(text.len(), |c| c.0);
                let doubled = &text[from..to];
                if doubled.chars().filter(|&c| is_han(c)).count() >= LEAST {
                    doubts.raise(
                        from..to,
                        "line.doubled",
                        Some(String::new()),
                        0.8,
                        "the same text stands twice in a row: a line may have been read twice",
                    );
                    return;
                }
            }
        }
    }
}
