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
const LEAST_GAIN: f64 = 7.0;
/// The same where the character as read is part of a word of the dictionary.
const LEAST_GAIN_IN_WORD: f64 = 9.0;
/// How many characters must agree with another place of the document.
const LEAST_AGREEMENT: usize = 4;
/// How far around a character words are looked at.
const REACH: usize = 4;

/// The look-alikes of every character of the main block, by its offset in it.
fn table() -> &'static [Vec<char>] {
    static TABLE: OnceLock<Vec<Vec<char>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = vec![Vec::new(); 0x5200];
        for group in include_str!("lookalikes.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            for c in group.chars() {
                let Some(own) = index(c).and_then(|i| table.get_mut(i)) else {
                    continue;
                };
                for other in group.chars() {
                    if other != c && !own.contains(&other) {
                        own.push(other);
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

fn others(c: char) -> &'static [char] {
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
    agreement: usize,
}

pub(super) fn look(doubts: &mut Doubts<'_>, witness: &Witness) {
    let text = doubts.text;
    let mut start = 0;
    // Words don't cross marks: the text is taken in stretches of Han characters.
    while let Some(found) = text[start..].find(is_han) {
        let from = start + found;
        let length = text[from..].find(|c| !is_han(c)).unwrap_or(text.len() - from);
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
            let size: usize = chars[better.word.clone()].iter().map(|c| c.len_utf8()).sum();
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

fn weigh(better: &Better, read: char, suggestion: &str) -> (f64, String) {
    // A gain of seven is a likelihood ratio of a thousand; look-alikes are rarer than that.
    let by_words = 1.0 - 4.0 / better.gain.max(4.1);
    if better.agreement >= LEAST_AGREEMENT {
        let sure = by_words.max(0.75) + 0.1;
        let message = format!(
            "{read} may be {}: elsewhere the document has {suggestion} here",
            better.other
        );
        (sure.min(0.97), message)
    } else {
        let message = format!("{read} may be {}: {suggestion} is a common word", better.other);
        (by_words.clamp(0.3, 0.9), message)
    }
}

/// The best reading of the character at `i`, which stands in a word of `own` characters.
fn better(chars: &[char], i: usize, own: usize, witness: &Witness) -> Option<Better> {
    let from = i.saturating_sub(REACH);
    let to = (i + REACH + 1).min(chars.len());
    let mut best: Option<Better> = None;
    let mut as_read: Option<f64> = None;
    for &other in others(chars[i]) {
        let context = &chars[i.saturating_sub(8)..(i + 9).min(chars.len())];
        let middle = i - i.saturating_sub(8);
        let agreement = witness.agreement(context, middle, other);
        let agrees = agreement >= LEAST_AGREEMENT && is_alone(chars, i, witness);
        let word = if own <= 2 { word_with(chars, i, other) } else { None };
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
        let least = if own == 1 { LEAST_GAIN } else { LEAST_GAIN_IN_WORD };
        if (gain >= least || agrees && gain > -6.0)
            && best.as_ref().is_none_or(|best| gain > best.gain)
        {
            let word = word.unwrap_or_else(|| i.saturating_sub(1)..(i + 2).min(chars.len()));
            best = Some(Better { other, word, gain, agreement: if agrees { agreement } else { 0 } });
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

/// The logarithm of the likelihood of a text by the frequency of its words.
fn likelihood(text: &str) -> f64 {
    lexicon::jieba()
        .cut(text, false)
        .iter()
        .map(|word| lexicon::log_frequency(word.word))
        .sum()
}
