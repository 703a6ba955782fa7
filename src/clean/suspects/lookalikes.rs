//! Characters that print recognition takes for one another (人 for 入, 问 for 间).
//!
//! A character is doubted where putting a look-alike in its place makes a much likelier text: the
//! words around it become fewer and more frequent (by jieba's dictionary), or the document has the
//! same words elsewhere with the look-alike.

use std::sync::OnceLock;

use super::Doubts;
use super::witness::Witness;
use crate::clean::lexicon;
use crate::script::is_han;

/// How much likelier the other reading must be, as a natural logarithm.
const LEAST_GAIN: f64 = 3.4;
/// The same for look-alikes that are mixed up more rarely.
const LEAST_GAIN_OF_RARE: f64 = 5.5;
/// The same where the character as read is part of a word of the dictionary.
const LEAST_GAIN_IN_WORD: f64 = 5.0;
/// How many characters must agree with another place of the document.
const LEAST_AGREEMENT: usize = 4;
/// Measures and units that follow a figure.
const MEASURES: &str = "个家名位项条件次只台套座处所户吨米年月日元";
/// How far around a character words are looked at.
const REACH: usize = 4;

/// A look-alike.
#[derive(Clone, Copy)]
struct Other {
    c: char,
    /// Whether it is mixed up often.
    often: bool,
}

/// The look-alikes of every character of the main block, by its offset in it.
fn table() -> &'static [Vec<Other>] {
    static TABLE: OnceLock<Vec<Vec<Other>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = vec![Vec::new(); 0x5200];
        for group in include_str!("lookalikes.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let often = group.starts_with('+');
            let group = group.trim_start_matches('+');
            for c in group.chars() {
                let Some(own) = index(c).and_then(|i| table.get_mut(i)) else {
                    continue;
                };
                for other in group.chars() {
                    if other != c && !own.iter().any(|known: &Other| known.c == other) {
                        own.push(Other { c: other, often });
                    }
                }
            }
        }
        table
    })
}

fn index(c: char) -> Option<usize> {
    u32::from(c).checked_sub(0x4e00).map(|i| i as usize)
}

fn others(c: char) -> &'static [Other] {
    index(c)
        .and_then(|i| table().get(i))
        .map_or(&[], Vec::as_slice)
}

/// A reading that is likelier than the text.
struct Better {
    other: char,
    /// The word that it makes, as character offsets.
    word: std::ops::Range<usize>,
    gain: f64,
    /// Whether the document has it so elsewhere.
    agrees: bool,
}

pub(super) fn look(doubts: &mut Doubts<'_>, witness: &Witness) {
    let text = doubts.text;
    let mut start = 0;
    // Words don't cross marks: the text is taken in stretches of Han characters.
    while let Some(found) = text[start..].find(is_han) {
        let mut from = start + found;
        // After a figure a measure stands by itself: 14个人 is no 个人.
        let after_figure = text[..from].ends_with(|c: char| c.is_ascii_digit());
        if after_figure
            && let Some(c) = text[from..].chars().next()
            && MEASURES.contains(c)
        {
            from += c.len_utf8();
        }
        let length = text[from..]
            .find(|c| !is_han(c))
            .unwrap_or(text.len() - from);
        let end = (from + length).min(text.floor_char_boundary(from + 3000));
        stretch(doubts, from, &text[from..end], witness);
        start = end;
    }
}

fn stretch(doubts: &mut Doubts<'_>, offset: usize, text: &str, witness: &Witness) {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < 2 || !chars.iter().any(|&c| !others(c).is_empty()) {
        return;
    }
    let words = lexicon::jieba().cut(text, false);
    let mut bytes = 0;
    let mut at = 0;
    for word in &words {
        let length = word.word.chars().count();
        for i in at..at + length {
            if others(chars[i]).is_empty() {
                continue;
            }
            let Some(better) = better(&chars, i, length, witness) else {
                continue;
            };
            let first = better.word.start;
            let start: usize = chars[..first].iter().map(|c| c.len_utf8()).sum();
            let size: usize = chars[better.word.clone()]
                .iter()
                .map(|c| c.len_utf8())
                .sum();
            let suggestion: String = better
                .word
                .clone()
                .map(|k| if k == i { better.other } else { chars[k] })
                .collect();
            let (confidence, message) = weigh(&better, chars[i], &suggestion);
            doubts.raise(
                offset + start..offset + start + size,
                "ocr.lookalike",
                Some(suggestion),
                confidence,
                message,
            );
        }
        at += length;
        bytes += word.word.len();
    }
    debug_assert_eq!(bytes, text.len(), "the words of a text are the text");
}

/// How sure a reading is, and why.
///
/// The curve was fitted by eye to news text of twenty-six thousand characters with a hundred and
/// fifteen characters replaced: of the doubts with a gain of three to five about two in three were
/// right, of those with five to seven nine in ten, above that nearly all; and all of those that
/// the document itself spoke for.
fn weigh(better: &Better, read: char, suggestion: &str) -> (f64, String) {
    let by_words = 1.0 / (1.0 + (-(better.gain - 2.5) / 1.8).exp());
    let other = better.other;
    if better.agrees {
        (
            by_words.clamp(0.85, 0.97),
            format!("{read} may be {other}: the document has it so elsewhere"),
        )
    } else {
        (
            by_words.min(0.95),
            format!("{read} may be {other}: {suggestion} is a word, and likelier here"),
        )
    }
}

/// The best reading of the character at `i`, which stands in a word of `own` characters.
fn better(chars: &[char], i: usize, own: usize, witness: &Witness) -> Option<Better> {
    let from = i.saturating_sub(REACH);
    let to = (i + REACH + 1).min(chars.len());
    let mut best: Option<Better> = None;
    let mut as_read: Option<f64> = None;
    for &Other { c: other, often } in others(chars[i]) {
        let context = &chars[i.saturating_sub(8)..(i + 9).min(chars.len())];
        let middle = i - i.saturating_sub(8);
        let agreement = witness
            .agreement(context, middle, other)
            .filter(|found| found.length >= LEAST_AGREEMENT && is_alone(chars, i, witness));
        let agrees = agreement.is_some();
        let word = if own <= 2 {
            word_with(chars, i, other)
        } else {
            None
        };
        // Agreement on one side only needs a word, or a neighbourhood that has no other use.
        let agrees = agrees
            && (word.is_some()
                || agreement
                    .as_ref()
                    .is_some_and(|found| found.both_sides || found.settled && own == 1));
        if word.is_none() && !agrees {
            continue;
        }
        // What stands more than once is meant, unless the document also has it otherwise.
        if !agrees && repeats(chars, i, witness) {
            continue;
        }
        let old = *as_read.get_or_insert_with(|| {
            let window: String = chars[from..to].iter().collect();
            likelihood(&window)
        });
        let window: String = (from..to)
            .map(|k| if k == i { other } else { chars[k] })
            .collect();
        let gain = likelihood(&window) - old;
        let least = match (own, often) {
            (1, true) => LEAST_GAIN,
            (_, true) => LEAST_GAIN_IN_WORD,
            (1, false) => LEAST_GAIN_OF_RARE,
            (_, false) => LEAST_GAIN_OF_RARE + LEAST_GAIN_IN_WORD - LEAST_GAIN,
        };
        // One of the two places is misread: that where the change gains more. A frequent
        // character is likelier by itself, and likelier to be read for a rare one: the two even
        // out.
        let bias = single(chars[i]) - single(other);
        let misread_here = || {
            agrees
                && agreement.as_ref().is_some_and(|found| {
                    let (around, middle) = witness.around(found.place, REACH);
                    let there: String = around.iter().collect();
                    let changed: String = around
                        .iter()
                        .enumerate()
                        .map(|(k, &c)| if k == middle { chars[i] } else { c })
                        .collect();
                    gain + 1.25 * bias > likelihood(&changed) - likelihood(&there) - 1.25 * bias
                })
        };
        if (gain >= least || misread_here()) && best.as_ref().is_none_or(|best| gain > best.gain) {
            let word = word.unwrap_or_else(|| i.saturating_sub(1)..(i + 2).min(chars.len()));
            best = Some(Better {
                other,
                word,
                gain,
                agrees,
            });
        }
    }
    best
}

/// Whether the text as read around `i` stands nowhere else.
fn is_alone(chars: &[char], i: usize, witness: &Witness) -> bool {
    runs(chars, i).all(|run| witness.count(run) <= 1)
}

/// Whether the text as read around `i` stands elsewhere too.
fn repeats(chars: &[char], i: usize, witness: &Witness) -> bool {
    runs(chars, i).any(|run| witness.count(run) > 1)
}

/// The runs of three characters that hold the one at `i`.
fn runs(chars: &[char], i: usize) -> impl Iterator<Item = &[char]> {
    (i.saturating_sub(2)..=i).filter_map(move |start| chars.get(start..start + 3))
}

/// The longest word of two to four characters that `other` makes in the place of `i`.
fn word_with(chars: &[char], i: usize, other: char) -> Option<std::ops::Range<usize>> {
    for length in (2..=4).rev() {
        for start in (i + 1).saturating_sub(length)..=i {
            let Some(part) = chars.get(start..start + length) else {
                break;
            };
            let word: String = part
                .iter()
                .enumerate()
                .map(|(k, &c)| if start + k == i { other } else { c })
                .collect();
            if lexicon::jieba().has_word(&word) {
                return Some(start..start + length);
            }
        }
    }
    None
}

/// The logarithm of the likelihood of a character as a word.
fn single(c: char) -> f64 {
    let mut buffer = [0; 4];
    lexicon::log_frequency(c.encode_utf8(&mut buffer))
}

/// The logarithm of the likelihood of a text by the frequency of its words.
fn likelihood(text: &str) -> f64 {
    lexicon::jieba()
        .cut(text, false)
        .iter()
        .map(|word| lexicon::log_frequency(word.word))
        .sum()
}
