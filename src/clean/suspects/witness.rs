//! What the rest of the document says: the same words in other places.

use crate::script::is_han;

/// A place where the document has the same text with another character in it.
pub(super) struct Agreement {
    /// How many characters agree, the other one included.
    pub(super) length: usize,
    /// Where the other character stands.
    pub(super) place: usize,
    /// Whether characters agree on both sides.
    pub(super) both_sides: bool,
    /// Whether the three neighbours that agree stand nowhere beside a third character.
    pub(super) settled: bool,
}

/// All runs of three Han characters of a stretch of text, to find where they stand.
pub(super) struct Witness {
    text: Vec<char>,
    /// Three characters in one number, and where they stand; sorted.
    runs: Vec<(u64, u32)>,
    /// A bit for each run's hash: most questions are about runs that stand nowhere.
    seen: Vec<u64>,
}

/// The bit of a run in `seen`: the word, and the bit in it.
fn bit(key: u64, words: usize) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    // There are fewer than 2^32 words.
    (hash as usize / 64 % words, 1 << (hash % 64))
}

fn key(run: &[char]) -> u64 {
    run.iter()
        .fold(0, |key, &c| key << 21 | u64::from(u32::from(c)))
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
        // About one bit in sixteen is set.
        let mut seen = vec![0; (runs.len() / 4).next_power_of_two()];
        for &(key, _) in &runs {
            let (word, mask) = bit(key, seen.len());
            seen[word] |= mask;
        }
        Self { text, runs, seen }
    }

    /// The Han characters around a place, `reach` on each side at most, and where it is in them.
    pub(super) fn around(&self, place: usize, reach: usize) -> (Vec<char>, usize) {
        let left: Vec<char> = self.text[..place]
            .iter()
            .rev()
            .take(reach)
            .take_while(|&&c| is_han(c))
            .copied()
            .collect();
        let middle = left.len();
        let right = self.text[place..]
            .iter()
            .take(reach + 1)
            .take_while(|&&c| is_han(c));
        (
            left.into_iter().rev().chain(right.copied()).collect(),
            middle,
        )
    }

    /// How often three characters stand together.
    pub(super) fn count(&self, run: &[char]) -> usize {
        self.places(run).count()
    }

    /// The longest stretch around `context[middle]` that stands elsewhere with `other` in its
    /// place, three characters at least.
    pub(super) fn agreement(
        &self,
        context: &[char],
        middle: usize,
        other: char,
    ) -> Option<Agreement> {
        let mut best: Option<Agreement> = None;
        let at = |i: usize| if i == middle { other } else { context[i] };
        for start in middle.saturating_sub(2)..=middle {
            if start + 3 > context.len() {
                break;
            }
            let run = [at(start), at(start + 1), at(start + 2)];
            if !run.iter().all(|&c| is_han(c)) {
                continue;
            }
            for place in self.places(&run) {
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
                let length = left + right;
                if best.as_ref().is_none_or(|best| length > best.length) {
                    let (first, end) = (start - left, start + right);
                    best = Some(Agreement {
                        length,
                        place: place + middle - start,
                        both_sides: first < middle && middle + 1 < end,
                        settled: false,
                    });
                }
            }
        }
        if let Some(found) = &mut best {
            found.settled = self.is_settled(context, middle, other);
        }
        best
    }

    /// Whether the three characters on one side stand, wherever they do, beside the character as
    /// read or `other`.
    fn is_settled(&self, context: &[char], middle: usize, other: char) -> bool {
        let ours = |c: Option<&char>| c.is_some_and(|&c| c == context[middle] || c == other);
        let after = context.get(middle + 1..middle + 4).is_some_and(|run| {
            self.places(run).count() == 2
                && self
                    .places(run)
                    .all(|place| place > 0 && ours(self.text.get(place - 1)))
        });
        let before = middle
            .checked_sub(3)
            .and_then(|from| context.get(from..middle))
            .is_some_and(|run| {
                self.places(run).count() == 2
                    && self.places(run).all(|place| ours(self.text.get(place + 3)))
            });
        after || before
    }

    /// Where three characters stand together; the first few places.
    fn places(&self, run: &[char]) -> impl Iterator<Item = usize> {
        let key = key(run);
        let (word, mask) = bit(key, self.seen.len());
        let first = if self.seen[word] & mask == 0 {
            self.runs.len()
        } else {
            self.runs.partition_point(|&(k, _)| k < key)
        };
        self.runs[first..]
            .iter()
            .take_while(move |&&(k, _)| k == key)
            .take(8)
            .map(|&(_, place)| place as usize)
    }
}

impl Witness {
    /// Whether the end of `left` stands elsewhere, there followed by a character other than
    /// `next`, and nowhere else followed by `next`.
    pub(super) fn continues(&self, left: &[char], next: char) -> bool {
        let Some(run) = left.len().checked_sub(3).and_then(|from| left.get(from..)) else {
            return false;
        };
        let mut places = 0;
        for place in self.places(run) {
            let follows = self.text.get(place + 3).copied();
            if follows.is_some_and(|c| is_han(c) && c != next) {
                places += 1;
            }
        }
        places > 0
    }
}
