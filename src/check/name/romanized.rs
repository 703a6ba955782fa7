//! Names of the source and how the translation spells them.
//!
//! A capitalised word is known to be a Chinese name where its letters are the pinyin of two to four
//! characters in a row of the source; a name of the glossary by the letters of its term. Spellings
//! of one name are then compared wherever it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pinyin::{ToPinyin, ToPinyinMulti};

use super::super::consistency::{Text, name_of};
use super::super::{Sink, span};
use super::folded;
use crate::glossary::Glossary;

/// How many characters of a Chinese name are looked for at least and at most.
const CHARACTERS: std::ops::RangeInclusive<usize> = 2..=4;
/// How many words of a translation make a name at most.
const WORDS: usize = 4;

/// A run of capitalised words: where each stands.
type Words = Vec<Range<usize>>;

/// Some words of a run.
struct Part {
    range: Range<usize>,
    letters: String,
    /// The letters when the last word is put first: "Weiguo Zhang".
    turned: Option<String>,
    /// Whether it is one word that opens a sentence, whose capital says nothing.
    opens: bool,
}

/// What is known of a name's spellings.
#[derive(Default)]
struct Spellings {
    /// Places by spelling: the number of the text, and the range there.
    places: BTreeMap<String, Vec<(usize, Range<usize>)>>,
    letters: String,
}

/// Reports names that are spelled otherwise than in the glossary or than elsewhere. Gives, for each
/// text, the ranges of its target that are known to be names.
pub(super) fn check(
    texts: &[Text<'_>],
    glossary: Option<&Glossary>,
    chinese: bool,
    sink: &mut Sink<'_>,
) -> Vec<Vec<Range<usize>>> {
    let mut names: BTreeMap<String, Spellings> = BTreeMap::new();
    let mut all_taken = Vec::with_capacity(texts.len());
    let mut loose: Vec<Vec<Part>> = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let mut taken: Vec<Range<usize>> = Vec::new();
        if let Some(glossary) = glossary {
            against_glossary(text, glossary, &mut taken, sink);
        }
        let mut parts = parts(text.target);
        if !chinese {
            all_taken.push(taken);
            continue;
        }
        let source: Vec<char> = text.source.chars().collect();
        for part in &parts {
            if taken.iter().any(|range| overlap(range, &part.range)) {
                continue;
            }
            let found = in_source(&part.letters, &source);
            let found = match (&part.turned, found.is_empty()) {
                (Some(turned), true) => in_source(turned, &source),
                _ => found,
            };
            if found.is_empty() {
                continue;
            }
            taken.push(part.range.clone());
            // Where two names of the sentence sound alike, nobody knows which is meant.
            let mut found = found.into_iter();
            if let (Some(name), None) = (found.next(), found.next()) {
                let spellings = names.entry(name).or_default();
                let spelling = text.target[part.range.clone()].replace('’', "'");
                if in_source(&part.letters, &source).len() == 1 {
                    spellings.letters.clone_from(&part.letters);
                }
                spellings
                    .places
                    .entry(spelling)
                    .or_default()
                    .push((at, part.range.clone()));
            }
        }
        parts.retain(|part| !part.opens && !taken.iter().any(|range| overlap(range, &part.range)));
        loose.push(parts);
        all_taken.push(taken);
    }
    for (name, spellings) in &names {
        variants(texts, spellings, sink);
        misspelled(texts, name, spellings, &loose, sink);
    }
    all_taken
}

/// Where the glossary has a name for something in the source, and the translation has its letters
/// in another spelling.
fn against_glossary(
    text: &Text<'_>,
    glossary: &Glossary,
    taken: &mut Vec<Range<usize>>,
    sink: &mut Sink<'_>,
) {
    let concepts = glossary.applying(text.source);
    if concepts.is_empty() {
        return;
    }
    let parts = parts(text.target);
    for concept in concepts {
        let terms: Vec<&str> = concept
            .allowed()
            .map(|term| term.text.as_str())
            .filter(|term| {
                term.split_whitespace()
                    .all(|word| word.starts_with(char::is_uppercase))
            })
            .collect();
        let same = |term: &str, spelling: &str| {
            term.trim_end_matches(|c: char| !c.is_alphanumeric())
                .replace('’', "'")
                .eq_ignore_ascii_case(&spelling.replace('’', "'"))
        };
        for part in &parts {
            let spelling = &text.target[part.range.clone()];
            let meant: Vec<&&str> = terms
                .iter()
                .filter(|term| folded(term) == part.letters)
                .collect();
            let Some(first) = meant.first() else { continue };
            taken.push(part.range.clone());
            if meant.iter().any(|term| same(term, spelling)) {
                continue;
            }
            let message = format!("{spelling} is spelled {first} in the glossary");
            report(text, &part.range, message, sink);
        }
    }
}

fn report(text: &Text<'_>, range: &Range<usize>, message: String, sink: &mut Sink<'_>) {
    sink.location = text.location.clone();
    sink.suppressed.clone_from(&text.suppressed);
    sink.at_target("name.variant", message, span(text.target, range.clone()));
}

/// Reports the places of all spellings but the most frequent one.
fn variants(texts: &[Text<'_>], spellings: &Spellings, sink: &mut Sink<'_>) {
    let Some((usual, first)) = usual(spellings) else {
        return;
    };
    let there = name_of(&texts[first].location);
    for (spelling, places) in spellings
        .places
        .iter()
        .filter(|(spelling, _)| *spelling != usual)
    {
        for (at, range) in places {
            let message = format!("{spelling} is spelled {usual} in {there}");
            report(&texts[*at], range, message, sink);
        }
    }
}

/// The most frequent spelling, the first in the alphabet among equals, and a text that has it.
fn usual(spellings: &Spellings) -> Option<(&str, usize)> {
    let most = spellings
        .places
        .iter()
        .max_by(|(a, x), (b, y)| x.len().cmp(&y.len()).then_with(|| b.cmp(a)))?;
    Some((most.0, most.1.first()?.0))
}

/// Reports words that are nearly a name which their source has and their translation else lacks.
fn misspelled(
    texts: &[Text<'_>],
    name: &str,
    spellings: &Spellings,
    loose: &[Vec<Part>],
    sink: &mut Sink<'_>,
) {
    let letters = &spellings.letters;
    let allowed = match letters.len() {
        0..5 => return,
        5..=8 => 1,
        _ => 2,
    };
    let Some((usual, first)) = usual(spellings) else {
        return;
    };
    let known: BTreeSet<usize> = spellings
        .places
        .values()
        .flatten()
        .map(|(at, _)| *at)
        .collect();
    for (at, text) in texts.iter().enumerate() {
        if known.contains(&at) || !text.source.contains(name) {
            continue;
        }
        let near = |part: &&Part| {
            part.letters.chars().next() == letters.chars().next()
                // Yemeni is of Yemen.
                && !part.letters.starts_with(letters.as_str())
                // The double a tells 陕西 from 山西.
                && part.letters != "shaanxi"
                && strsim::osa_distance(&part.letters, letters) <= allowed
        };
        if let Some(part) = loose.get(at).and_then(|parts| parts.iter().find(near)) {
            let spelling = &text.target[part.range.clone()];
            let there = name_of(&texts[first].location);
            let message = format!("{spelling}: {name} is spelled {usual} in {there}");
            report(text, &part.range, message, sink);
        }
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The names in the source, each once, that these letters are the pinyin of.
fn in_source(letters: &str, source: &[char]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in 0..source.len() {
        // The first character tells nearly always.
        if readings(source[start]).any(|reading| rest(letters, reading).is_some()) {
            read_on(letters, &source[start..], 0, &mut found);
        }
    }
    found
}

/// Goes on reading `letters`, `read` characters in; depth is bounded by [`CHARACTERS`].
fn read_on(letters: &str, source: &[char], read: usize, found: &mut BTreeSet<String>) {
    if letters.is_empty() {
        if CHARACTERS.contains(&read) {
            found.insert(source[..read].iter().collect());
        }
        return;
    }
    let Some(&next) = source.get(read).filter(|_| read < *CHARACTERS.end()) else {
        return;
    };
    for reading in readings(next) {
        if let Some(letters) = rest(letters, reading) {
            read_on(letters, source, read + 1, found);
        }
    }
}

fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let usual = c.to_pinyin().map(pinyin::Pinyin::plain);
    let others = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(pinyin::Pinyin::plain);
    usual
        .into_iter()
        .chain(others.filter(move |other| Some(*other) != usual))
}

/// What follows the reading, which writes ü as u or v.
fn rest<'a>(letters: &'a str, reading: &str) -> Option<&'a str> {
    let mut left = letters.chars();
    for c in reading.chars() {
        let next = left.next()?;
        if next != c && !(matches!(c, 'ü' | 'v') && matches!(next, 'u' | 'v')) {
            return None;
        }
    }
    Some(left.as_str())
}

/// The parts of runs of capitalised words that may be names, longer ones first in each place.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (words, opens) in runs(text) {
        for start in 0..words.len() {
            for length in (1..=WORDS.min(words.len() - start)).rev() {
                let chosen = &words[start..start + length];
                let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
                    continue;
                };
                let range = first.start..last.end;
                let turned = (length > 1).then(|| {
                    let head = &text[first.start..chosen[length - 2].end];
                    folded(&text[last.clone()]) + &folded(head)
                });
                parts.push(Part {
                    letters: folded(&text[range.clone()]),
                    range,
                    turned,
                    opens: opens && start == 0 && length == 1,
                });
            }
        }
    }
    parts
}

/// The runs of capitalised words with nothing but a blank between them, and whether they open a
/// sentence.
fn runs(text: &str) -> Vec<(Words, bool)> {
    let mut runs: Vec<(Words, bool)> = Vec::new();
    let mut at = 0;
    let mut opens = true;
    let mut joins = false;
    for word in text.split_inclusive(char::is_whitespace) {
        let outside = |c: char| !c.is_alphanumeric();
        let start = at + (word.len() - word.trim_start_matches(outside).len());
        let core = word.trim_matches(outside);
        let core = core
            .strip_suffix("'s")
            .or_else(|| core.strip_suffix("’s"))
            .unwrap_or(core);
        let range = start..start + core.len();
        let clean_end = word.trim_end().ends_with(char::is_alphanumeric);
        let is_name = core.starts_with(char::is_uppercase)
            && core.chars().any(char::is_lowercase)
            && core
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'));
        if is_name {
            match runs.last_mut() {
                Some((words, _)) if joins && start == at => words.push(range),
                _ => runs.push((vec![range], opens)),
            }
        }
        at += word.len();
        if !core.is_empty() || !clean_end {
            opens = word
                .trim_end()
                .ends_with(['.', '!', '?', ':', '“', '"', '”']);
        }
        joins = is_name && clean_end;
    }
    runs
}
