//! Ends of lines that are lost, and stops.

use rustc_hash::FxHashMap;

use super::witness::Witness;
use super::{Doubt, Doubts};
use crate::clean::breaks::ends_with_stop;
use crate::clean::lexicon;
use crate::model::Passage;
use crate::script::{self, is_han};

/// Whether the passage at `i` is running text that ends without a stop. A headline, a heading or
/// a byline does not, and what introduces a list ends with a colon.
pub(super) fn looks_unfinished(passages: &[Passage], i: usize) -> bool {
    let passage = &passages[i];
    let text = passage.text.trim_end();
    if passage
        .role
        .is_some_and(|role| role.kind != crate::model::BlockKind::Paragraph)
    {
        return false;
    }
    let long = text.chars().take(46).count() > 45;
    let prose = long && text.contains(['，', '。', ',']);
    prose && !ends_with_stop(text) && !text.ends_with(['：', ':', '；', ';'])
}

/// What was found out about beginnings of words.
#[derive(Default)]
pub(super) struct Beginnings(FxHashMap<[char; 2], bool>);

/// Looks at the text of a paragraph or, where that is very long, a part of it. `seams` are the
/// places, in characters, at which printed lines were joined; `unfinished` says whether the
/// paragraph ends here and lacks a stop.
pub(super) fn look(
    doubts: &mut Doubts<'_>,
    witness: &Witness,
    beginnings: &mut Beginnings,
    seams: impl Iterator<Item = usize>,
    unfinished: bool,
) {
    let text = doubts.text;
    if unfinished {
        end_of_paragraph(doubts);
    }
    // Seams of printed lines: where one was lost, the words on either side don't fit.
    let mut chars = 0;
    let mut bytes = 0;
    for at in seams {
        let ahead = at.saturating_sub(chars);
        bytes += text[bytes..]
            .chars()
            .take(ahead)
            .map(char::len_utf8)
            .sum::<usize>();
        chars = at;
        seam(doubts, bytes, witness, beginnings);
    }
    weak_stops(doubts);
}

/// Where printed lines were joined in a paragraph, in characters.
pub(super) fn seams(passage: &Passage) -> impl Iterator<Item = usize> {
    passage
        .repairs
        .iter()
        .filter(|repair| {
            repair.after.is_empty()
                && matches!(repair.rule, "space.wrap" | "space.chinese" | "line.join")
        })
        .map(|repair| repair.at)
}

fn end_of_paragraph(doubts: &mut Doubts<'_>) {
    let text = doubts.text.trim_end();
    let Some((at, last)) = text.char_indices().next_back() else {
        return;
    };
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let broken = is_han(last) && ends_in_fragment(&tail);
    let end = at + last.len_utf8();
    if broken {
        doubts.raise(
            at..end,
            "line.lost-end",
            None,
            0.9,
            "the paragraph breaks off in the middle of a word: its end is lost",
        );
    } else if matches!(last, '，' | '、' | '“' | '（' | '《') {
        doubts.raise(
            at..end,
            "line.lost-end",
            None,
            0.9,
            "the paragraph breaks off: its end is lost",
        );
    } else {
        doubts.raise(
            at..end,
            "punctuation.lost-stop",
            Some(format!("{last}。")),
            0.7,
            "the paragraph ends without a stop: the stop or the end is lost",
        );
    }
}

/// Where the next paragraph begins with a quantity, what lacks may be no stop but the join.
pub(super) fn goes_on_with_figure(found: &mut [Doubt]) {
    if let Some(doubt) = found
        .iter_mut()
        .find(|doubt| doubt.rule == "punctuation.lost-stop")
    {
        doubt.rule = "line.lost-end";
        doubt.suggestion = None;
        doubt.message = String::from(
            "the paragraph ends without a stop, and the next begins with a quantity: they may be \
             one",
        );
    }
}

/// Whether the last character is the head of a word whose rest is missing: it stands alone, it is
/// rarely a word by itself, and with what goes before it begins a word.
fn ends_in_fragment(tail: &[char]) -> bool {
    let text: String = tail.iter().collect();
    let words = lexicon::cut(&text);
    let Some(last) = words.last() else {
        return false;
    };
    if !last.is_single() {
        return false;
    }
    // Characters that are words by themselves end sentences (了, 好, 说).
    !is_word_by_itself(last.text)
}

/// Single characters that may end a clause.
fn is_word_by_itself(word: &str) -> bool {
    "是在有对向把被让将从由以为与和及而但并也都还又再很最更不没可能会要应该使给就所于至自因如若且或其此这那各每某本该的了着过地得上下中里内外前后时说道称看到来去好大多少高低人事家年月日号元亿万个次项条名位户口岁级等者们吗呢吧啊完成开走给做用强弱快慢长短新老县市省区镇村路街店厂院校会社报网队组院所室".contains(word)
}

fn seam(doubts: &mut Doubts<'_>, at: usize, witness: &Witness, beginnings: &mut Beginnings) {
    let text = doubts.text;
    let left: Vec<char> = {
        let mut left: Vec<char> = text[..at]
            .chars()
            .rev()
            .take(4)
            .take_while(|&c| is_han(c))
            .collect();
        left.reverse();
        left
    };
    let right: Vec<char> = text[at..]
        .chars()
        .take(4)
        .take_while(|&c| is_han(c))
        .collect();
    if left.len() < 2 || right.is_empty() {
        return;
    }
    let joint: String = left.iter().chain(&right).collect();
    let words = lexicon::cut(&joint);
    let head: usize = left.iter().map(|c| c.len_utf8()).sum();
    let mut end = 0;
    let mut last = None;
    for word in &words {
        end += word.text.len();
        if end > head {
            // A word across the seam: nothing is lost.
            return;
        }
        last = Some(word.text);
        if end == head {
            break;
        }
    }
    let Some(last) = last else { return };
    if last.chars().count() != 1 || is_word_by_itself(last) {
        return;
    }
    // The document has the same words with another character after them, or the dictionary has a
    // longer word that begins so.
    let pair = [left[left.len() - 2], left[left.len() - 1]];
    let elsewhere = witness.continues(&left, right[0]);
    if (elsewhere || beginnings.begins_word(pair, right[0])) && !fits(pair[1], &right) {
        let start = at - left[left.len() - 1].len_utf8();
        doubts.raise(
            start..at,
            "line.lost-end",
            None,
            if elsewhere { 0.8 } else { 0.5 },
            "the line breaks off in the middle of a word, and the next does not go on with it",
        );
    }
}

/// Whether the character goes well with what follows, as a word of its own.
fn fits(c: char, right: &[char]) -> bool {
    let text: String = std::iter::once(c).chain(right.iter().copied()).collect();
    lexicon::cut(&text)
        .first()
        .is_some_and(|word| !word.is_single())
}

impl Beginnings {
    /// Whether a word of three characters begins with `pair`, and not goes on with `next`.
    fn begins_word(&mut self, pair: [char; 2], next: char) -> bool {
        let mut word: String = pair.iter().collect();
        let length = word.len();
        if lexicon::has(&word) {
            return false;
        }
        word.push(next);
        !lexicon::has(&word)
            && *self.0.entry(pair).or_insert_with(|| {
                lexicon::common_characters().any(|c| {
                    word.truncate(length);
                    word.push(c);
                    lexicon::has(&word)
                })
            })
    }
}

/// A stop that is no stop: 结合……改革。 has no predicate, so that 。 may be 、 or ，.
fn weak_stops(doubts: &mut Doubts<'_>) {
    const HEADS: [&str; 8] = [
        "结合", "围绕", "针对", "随着", "为了", "关于", "通过", "按照",
    ];
    let text = doubts.text;
    let mut start = 0;
    for (at, _) in text.match_indices('。') {
        let sentence = text[start..at].trim_start_matches(script::is_closer);
        let rest = &text[at + '。'.len_utf8()..];
        if sentence.chars().take(15).count() <= 14
            && !sentence.contains(['，', '：'])
            && HEADS.iter().any(|head| sentence.starts_with(head))
            && rest.chars().next().is_some_and(is_han)
        {
            doubts.raise(
                at..at + '。'.len_utf8(),
                "ocr.stop",
                Some("、".to_owned()),
                0.6,
                "the sentence has no predicate: the stop may be 、 or ，",
            );
        }
        start = at + '。'.len_utf8();
    }
}
