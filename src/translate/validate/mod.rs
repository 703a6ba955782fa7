//! What an answer must pass before it can become a target.
//!
//! Contract: [`judge`] looks at a whole reply and gives a verdict for each segment that was sent;
//! an answer that it passes has the source's codes, is not empty, has no markup of its own, is no
//! refusal, has a sane length, no Han left over, and does not stand in another segment's place. It knows nothing of numbers'
//! and terms' correctness: those are asked about apart, for they depend on the checks that the
//! pipeline hands in.

mod phrases;
mod place;
mod seam;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Tagged;
use super::engine::{Complaint, Item, Reply, Request};
use super::llm::ECHO;
use crate::model::{Content, Lang};

/// What [`judge`] says of one segment.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// The answer can stand, as far as form goes.
    Good(Content),
    /// It can't; why.
    Bad(Complaint),
    /// Nothing is wrong with the answer itself, but its batch is in disorder: ask for the segment
    /// alone.
    Doubtful(Complaint),
}

/// Gives a verdict for each item of `request`, in their order.
pub(super) fn judge(request: &Request, reply: &Reply, instructions: &str) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = request
        .items
        .iter()
        .map(|item| judge_one(item, request, reply, instructions))
        .collect();
    let unknown = reply
        .answers
        .iter()
        .any(|answer| request.items.iter().all(|item| item.id != answer.id));
    doubt_neighbours(request, &mut verdicts, unknown);
    doubt_equals(request, &mut verdicts);
    let good: BTreeMap<usize, String> = verdicts
        .iter()
        .enumerate()
        .filter_map(|(at, verdict)| match verdict {
            Verdict::Good(content) => Some((at, content.text())),
            Verdict::Bad(_) | Verdict::Doubtful(_) => None,
        })
        .collect();
    for at in seam::torn(request, &good) {
        doubt(
            &mut verdicts[at],
            "a sentence of the batch has no end, or the end of the one before",
        );
    }
    for at in place::misplaced(request, &good) {
        doubt(
            &mut verdicts[at],
            "the answer fits another segment of the batch better than its own",
        );
    }
    verdicts
}

fn judge_one(item: &Item, request: &Request, reply: &Reply, instructions: &str) -> Verdict {
    let bad = |answer: &str, reason: String| {
        Verdict::Bad(Complaint {
            answer: answer.to_owned(),
            reasons: vec![reason],
        })
    };
    let mut answers = reply.answers.iter().filter(|answer| answer.id == item.id);
    let Some(answer) = answers.next() else {
        let reason = reply
            .remark
            .clone()
            .unwrap_or_else(|| "there was no answer for the segment".to_owned());
        return bad("", reason);
    };
    if answers.next().is_some() {
        return bad(
            &answer.raw,
            "there was more than one answer for the segment".to_owned(),
        );
    }
    if let Some(echo) = &answer.echo
        && !echoes(&item.source, echo)
    {
        let start = beginning(&item.source);
        return bad(
            &answer.raw,
            format!("the echo was {echo:?}, but the segment begins {start:?}"),
        );
    }
    let content = match &answer.content {
        Ok(content) => content,
        Err(reason) => return bad(&answer.raw, reason.clone()),
    };
    match fault(item, content, request, instructions) {
        Some(reason) => bad(&answer.raw, reason),
        None => Verdict::Good(content.clone()),
    }
}

/// What is wrong with one answer by itself.
fn fault(item: &Item, content: &Content, request: &Request, instructions: &str) -> Option<String> {
    if content.is_blank() {
        return Some("the answer is empty".to_owned());
    }
    if let Err(error) = content.check_codes(&item.source) {
        return Some(error.to_string());
    }
    if let Some(reason) = shape::misshapen(&item.source, content) {
        return Some(reason);
    }
    let source = item.source.text();
    let target = content.text();
    if let Some(reason) =
        phrases::not_a_translation(&source, &target, &request.source, instructions)
    {
        return Some(reason);
    }
    if let Some(reason) = left_over(item, &source, &target, request) {
        return Some(reason);
    }
    let length = count(&target);
    let expected = expected_length(&source, &request.source, &request.target);
    // A third of what is usual leaves room for terse headings, three times for glosses of names;
    // a few characters either way don't count.
    if length < expected * 0.3 - 4.0 {
        return Some(format!(
            "the answer is too short: {length} characters where about {expected:.0} are usual"
        ));
    }
    if length > expected * 3.0 + 40.0 {
        return Some(format!(
            "the answer is too long: {length} characters where about {expected:.0} are usual"
        ));
    }
    None
}

/// Source text that was left as it was.
fn left_over(item: &Item, source: &str, target: &str, request: &Request) -> Option<String> {
    let takes_han = matches!(request.target.primary(), "zh" | "ja" | "ko" | "yue" | "wuu");
    if !takes_han {
        let mut rest = target.to_owned();
        for term in item.terms.iter().flat_map(crate::model::Concept::allowed) {
            rest = rest.replace(&term.text, "");
        }
        let han: String = rest.chars().filter(|&c| is_han(c)).take(12).collect();
        if !han.is_empty() {
            return Some(format!("the answer has Chinese characters left: {han}"));
        }
    }
    let takes_kana = request.target.primary() == "ja";
    if takes_han && !takes_kana && request.source.primary() != request.target.primary() {
        let letters = target.chars().filter(|c| c.is_alphabetic()).count();
        let wide = target.chars().filter(|&c| c >= '\u{1100}').count();
        if letters > 20 && wide * 4 < letters && source.chars().count() > 20 {
            return Some("the answer is not in the target language".to_owned());
        }
    }
    let words = source.chars().filter(|c| c.is_alphabetic()).count();
    if words > 12 && source.trim() == target.trim() {
        return Some("the answer is the source, untranslated".to_owned());
    }
    None
}

pub(super) fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
    )
}

/// What an echo of this segment is: its beginning as it was sent, tags and all.
fn beginning(source: &Content) -> String {
    Tagged::new(source, false).text.chars().take(ECHO).collect()
}

fn echoes(source: &Content, echo: &str) -> bool {
    // Punctuation may come back in another width, and tags as part of the text.
    let key = |text: &str| -> Vec<char> {
        let mut in_tag = false;
        text.chars()
            .filter(|&c| {
                if c == '<' {
                    in_tag = true;
                }
                let keep = !in_tag && c.is_alphanumeric();
                if c == '>' {
                    in_tag = false;
                }
                keep
            })
            .flat_map(char::to_lowercase)
            .collect()
    };
    // Tags and marks may leave few letters to what was to be copied.
    let enough = key(&beginning(source)).len().min(ECHO / 2);
    let (source, echo) = (key(&source.text()), key(echo));
    let shared = source.len().min(echo.len());
    // Half an echo is enough to know a segment by; none at all is not, unless there is no letter.
    shared >= enough && source[..shared] == echo[..shared]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "texts are shorter than 2 to the 52nd"
)]
pub(super) fn count(text: &str) -> f64 {
    text.chars().count() as f64
}

/// How long a translation usually is, in characters. Chinese to English: 3.5, by the median of
/// published newspaper translations; other pairs by whether each side writes words or characters.
pub(super) fn expected_length(source: &str, from: &Lang, to: &Lang) -> f64 {
    let mut expected = 0.0;
    for c in source.chars() {
        // A Chinese text's numbers and names in Latin letters stay about as long as they are.
        expected += match (c >= '\u{2e80}', to.separates_with_spaces()) {
            (true, true) => 3.5,
            (false, true) | (true, false) => 1.1,
            (false, false) if from.separates_with_spaces() => 0.35,
            (false, false) => 1.0,
        };
    }
    expected
}

/// Where an id was dropped, its neighbours may have taken its text in: they must be of usual
/// length, or are asked for alone.
fn doubt_neighbours(request: &Request, verdicts: &mut [Verdict], disorder: bool) {
    let dropped: Vec<bool> = verdicts
        .iter()
        .map(|verdict| matches!(verdict, Verdict::Bad(_)))
        .collect();
    for (at, verdict) in verdicts.iter_mut().enumerate() {
        let near = disorder
            || at.checked_sub(1).is_some_and(|before| dropped[before])
            || dropped.get(at + 1).copied().unwrap_or(false);
        let Verdict::Good(content) = verdict else {
            continue;
        };
        let expected = expected_length(
            &request.items[at].source.text(),
            &request.source,
            &request.target,
        );
        if near && count(&content.text()) > expected * 1.4 + 12.0 {
            doubt(
                verdict,
                "the answer may hold the text of a neighbour that was dropped",
            );
        }
    }
}

/// Two unlike sources with one answer, or an answer that holds another one whole.
fn doubt_equals(request: &Request, verdicts: &mut [Verdict]) {
    const LONG: usize = 24;
    let texts: Vec<Option<String>> = verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::Good(content) => Some(content.text().trim().to_lowercase()),
            Verdict::Bad(_) | Verdict::Doubtful(_) => None,
        })
        .collect();
    let sources: Vec<String> = request
        .items
        .iter()
        .map(|item| item.source.text())
        .collect();
    let mut doubtful = BTreeSet::new();
    for (a, one) in texts.iter().enumerate() {
        for (b, other) in texts.iter().enumerate() {
            let (Some(one), Some(other)) = (one, other) else {
                continue;
            };
            if a == b || sources[a] == sources[b] {
                continue;
            }
            let long = other.chars().count() >= LONG;
            let holds = long && one.contains(other.as_str()) && !sources[a].contains(&sources[b]);
            let equal =
                one == other && (long || says_something(other) && unlike(&sources[a], &sources[b]));
            if holds || equal {
                doubtful.insert(a);
            }
        }
    }
    for at in doubtful {
        doubt(
            &mut verdicts[at],
            "the answer also holds the answer to another segment",
        );
    }
}

/// Whether an answer is more than a word that many sentences may become ("Yes.").
fn says_something(answer: &str) -> bool {
    let wide = answer
        .chars()
        .filter(|&c| c >= '\u{2e80}' && c.is_alphanumeric());
    answer.split_whitespace().count() >= 2 || wide.count() >= 4
}

/// Whether two sources have less than half of the shorter one's letters in common, so that one
/// translation for both is strange.
fn unlike(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        letters.sort_unstable();
        letters
    };
    let (one, mut rest) = (letters(one), letters(other));
    let shorter = one.len().min(rest.len());
    let mut shared = 0;
    for letter in &one {
        if let Ok(at) = rest.binary_search(letter) {
            rest.remove(at);
            shared += 1;
        }
    }
    shared * 2 < shorter
}

fn doubt(verdict: &mut Verdict, reason: &str) {
    if let Verdict::Good(content) = verdict {
        *verdict = Verdict::Doubtful(Complaint {
            answer: content.text(),
            reasons: vec![reason.to_owned()],
        });
    }
}

#[cfg(test)]
mod tests;
