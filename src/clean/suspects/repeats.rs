//! A stretch of text that stands twice in a row: a line that was read twice.

use super::Doubts;
use crate::script::is_han;

/// The least and the greatest length of a doubled stretch, in characters: a printed line.
const LEAST: usize = 10;
const MOST: usize = 60;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    let distances = distances(text);
    if distances == 0 {
        return;
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    // How many characters in a row are equal to those `length` further on.
    for length in LEAST..=MOST.min(chars.len() / 2) {
        if distances & 1 << length == 0 {
            continue;
        }
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

/// At which distances, as bits, some four characters stand again: a stretch that stands twice in a
/// row is as long as one of them. Most paragraphs have none, and need no closer look.
fn distances(text: &str) -> u64 {
    const PLACES: usize = 512;
    // Where each run of four stood last, by a hash; NUL stands nowhere.
    let mut last = [(0_u64, 0_usize); PLACES];
    let mut found = 0;
    let mut run = 0_u64;
    for (i, c) in text.chars().enumerate() {
        run = run << 16 | u64::from(u32::from(c) & 0xffff);
        let place = (run.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize % PLACES;
        let (before, at) = std::mem::replace(&mut last[place], (run, i));
        if before == run && i - at <= MOST {
            // What repeats at this distance repeats at its multiples too.
            let multiples = (1..=MOST / (i - at)).map(|n| n * (i - at));
            found |= multiples
                .filter(|distance| *distance >= LEAST)
                .fold(0, |bits, distance| bits | 1_u64 << distance);
        }
    }
    found
}
