//! What the rest of the document says: the same words in other places.

use crate::script::is_han;

/// All runs of three Han characters of a stretch of text, to find where they stand.
pub(super) struct Witness {
    text: Vec<char>,
    /// Three characters in one number, and where they stand; sorted.
    runs: Vec<(u64, u32)>,
}

fn key(run: &[char]) -> u64 {
    run.iter().fold(0, |key, &c| key << 21 | u64::from(u32::from(c)))
}

impl Witness {
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut text = Vec::new();
        for part in texts {
            text.extend(part.chars());
            text.push('\n');
        }
        let mut runs: Vec<(u64, u32)> = text
            .windows(3)
            .zip(0_u32..)
            .filter(|(run, _)| run.iter().all(|&c| is_han(c)))
            .map(|(run, at)| (key(run), at))
            .collect();
        runs.sort_unstable();
        Self { text, runs }
    }

    /// How often three characters stand together.
    pub(super) fn count(&self, run: &[char]) -> usize {
        let key = key(run);
        let first = self.runs.partition_point(|&(k, _)| k < key);
        self.runs[first..].iter().take_while(|&&(k, _)| k == key).take(99).count()
    }

    /// The longest stretch around `context[middle]`, in characters, that stands elsewhere with
    /// `other` in its place; zero where it is shorter than three.
    pub(super) fn agreement(&self, context: &[char], middle: usize, other: char) -> usize {
        let mut best = 0;
        let at = |i: usize| if i == middle { other } else { context[i] };
        for start in middle.saturating_sub(2)..=middle {
            if start + 3 > context.len() {
                break;
            }
            let run = [at(start), at(start + 1), at(start + 2)];
            if !run.iter().all(|&c| is_han(c)) {
                continue;
            }
            let key = key(&run);
            let first = self.runs.partition_point(|&(k, _)| k < key);
            for &(_, place) in self.runs[first..].iter().take_while(|&&(k, _)| k == key).take(8) {
                let place = place as usize;
                let mut left = 0;
                while start > left
                    && place > left
                    && is_han(context[start - left - 1])
                    && self.text[place - left - 1] == at(start - left - 1)
                {
                    left += 1;
                }
                let mut right = 3;
                while start + right < context.len()
                    && is_han(context[start + right])
                    && self.text.get(place + right) == Some(&at(start + right))
                {
                    right += 1;
                }
                best = best.max(left + right);
            }
        }
        best
    }
}

impl Witness {
    /// Whether the end of `left` stands elsewhere, there followed by a character other than
    /// `next`, and nowhere else followed by `next`.
    pub(super) fn continues(&self, left: &[char], next: char) -> bool {
        let Some(run) = left.len().checked_sub(3).and_then(|from| left.get(from..)) else {
            return false;
        };
        let key = key(run);
        let first = self.runs.partition_point(|&(k, _)| k < key);
        let mut places = 0;
        for &(_, place) in self.runs[first..].iter().take_while(|&&(k, _)| k == key).take(32) {
            let follows = self.text.get(place as usize + 3).copied();
            if follows.is_some_and(|c| is_han(c) && c != next) {
                places += 1;
            }
        }
        places > 0
    }
}
