//! Whether a target text uses a term: letter case, inflection, hyphens, spelling and the usual
//! changes of word order aside.
//!
//! A term is used where its words stand one after the other. In English
//!
//! - words may be inflected (plural, possessive, tenses; irregular forms too), and their case is
//!   free, except that an abbreviation in capitals (`US` ≠ `us`) stays so;
//! - hyphens, joined words and full points in abbreviations make no difference (`e-commerce`,
//!   `ecommerce`; `US`, `U.S.`), nor does British or American spelling;
//! - articles and possessive pronouns come and go (`free the mind`, `free our minds`);
//! - `A B` may be `B of (the) A`, a verb with its object may be passive (`minds must be freed`),
//!   a particle may stand behind the object (`carry the plan out`), and a word that several share
//!   may be said once (`wind and solar power`).

mod words;

use std::ops::Range;

use self::words::{Word, is_determiner, words};
use crate::model::Lang;

/// The first place where `text` uses `term`, in byte offsets of `text`.
#[must_use]
pub fn find_term(term: &str, text: &str, lang: &Lang) -> Option<Range<usize>> {
    find_term_all(term, text, lang).into_iter().next()
}

/// All places where `text` uses `term`, in byte offsets of `text`, in order, not overlapping.
#[must_use]
pub fn find_term_all(term: &str, text: &str, lang: &Lang) -> Vec<Range<usize>> {
    let plain = || {
        text.match_indices(term)
            .filter(|(_, found)| !found.is_empty())
            .map(|(at, found)| at..at + found.len())
            .collect()
    };
    if !lang.separates_with_spaces() {
        return plain();
    }
    let english = lang.primary() == "en";
    let mut wanted = words(term, english);
    if english && wanted.iter().any(|word| !is_determiner(word.text)) {
        wanted.retain(|word| !is_determiner(word.text));
    }
    if wanted.is_empty() {
        return plain();
    }
    let present = words(text, english);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < present.len() {
        let Some(end) = match_at(&wanted, &present, at, english) else {
            at += 1;
            continue;
        };
        found.push(present[at].range.start..present[end - 1].range.end);
        at = end;
    }
    found
}

/// The index behind the last word of a use of the term that begins at word `at`.
fn match_at(wanted: &[Word<'_>], present: &[Word<'_>], at: usize, english: bool) -> Option<usize> {
    if !english {
        let window = present.get(at..at + wanted.len())?;
        let same = wanted.iter().zip(window).all(|(a, b)| a.same(b));
        return same.then_some(at + wanted.len());
    }
    in_order(wanted, present, at)
        .or_else(|| joined(wanted, present, at))
        .or_else(|| inverted(wanted, present, at))
        .or_else(|| passive(wanted, present, at))
        .or_else(|| with_particle(wanted, present, at))
        .or_else(|| shared_word(wanted, present, at))
}

/// The words one after the other, articles and possessive pronouns between them free.
fn in_order(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    let mut next = at;
    for (n, word) in wanted.iter().enumerate() {
        while n > 0
            && present
                .get(next)
                .is_some_and(|word| is_determiner(word.text))
        {
            next += 1;
        }
        if !word.same(present.get(next)?) || (n > 0 && present[next].after_stop) {
            return None;
        }
        next += 1;
    }
    Some(next)
}

/// The same letters with the words cut elsewhere: `live stream`, `livestream`; `US`, `U.S.`.
fn joined(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    let join = |words: &[Word<'_>]| words.iter().map(|word| word.text).collect::<String>();
    let length = wanted.len();
    let most = length + 2;
    for count in (1..=most).filter(|&count| count != length) {
        let window = present.get(at..at + count)?;
        if window[1..].iter().any(|word| word.after_stop) {
            continue;
        }
        let (a, b) = (join(wanted), join(window));
        let (a, b) = (Word::alone(&a), Word::alone(&b));
        if a.same(&b) {
            return Some(at + count);
        }
    }
    None
}

/// `alleviation of poverty` for `poverty alleviation`; `development is of high quality`; what stands
/// before may stay there (`targeted alleviation of poverty`).
fn inverted(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    (0..wanted.len().saturating_sub(1)).find_map(|kept| {
        let (before, turned) = wanted.split_at(kept);
        turned_round(turned, present, in_order(before, present, at)?)
    })
}

fn turned_round(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    for cut in 1..wanted.len() {
        let (head, tail) = wanted.split_at(cut);
        let Some(mut next) = in_order(tail, present, at) else {
            continue;
        };
        while present
            .get(next)
            .is_some_and(|word| word.is_be() || word.is_auxiliary())
        {
            next += 1;
        }
        if present.get(next).is_none_or(|word| !word.is("of")) {
            continue;
        }
        next += 1;
        while present
            .get(next)
            .is_some_and(|word| is_determiner(word.text))
        {
            next += 1;
        }
        if let Some(end) = in_order(head, present, next) {
            return Some(end);
        }
    }
    None
}

/// `the plan has been carried out` for `carry out the plan`, `truth was sought from facts` for
/// `seek truth from facts`: the object, then a form of "be" and what may stand around it, then the
/// verb and the rest.
fn passive(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    for cut in 1..=wanted.len().saturating_sub(1).min(2) {
        let (verb, object) = wanted.split_at(cut);
        for length in (1..=object.len()).rev() {
            let (object, rest) = object.split_at(length);
            let Some(start) = in_order(object, present, at) else {
                continue;
            };
            let mut next = start;
            let mut be = false;
            while let Some(word) = present.get(next)
                && next - start < 6
                && (word.is_be() || word.is_auxiliary() || word.is_adverb())
            {
                be |= word.is_be();
                next += 1;
            }
            if be
                && let Some(end) = in_order(verb, present, next)
                && present[next].is_participle()
                && let Some(end) = in_order(rest, present, end)
            {
                return Some(end);
            }
        }
    }
    None
}

/// `carry the plan out` for `carry out the plan`, and `carry it out` for `carry out`.
fn with_particle(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    const REACH: usize = 4;
    let [verb, particle, object @ ..] = wanted else {
        return None;
    };
    if !particle.is_particle() || !verb.same(present.get(at)?) {
        return None;
    }
    if object.is_empty() {
        let near = present.get(at + 1..)?.iter().take(REACH);
        let found = near
            .take_while(|word| !word.after_stop)
            .position(|word| word.same(particle))?;
        return Some(at + 1 + found + 1);
    }
    let mut next = at + 1;
    while present
        .get(next)
        .is_some_and(|word| is_determiner(word.text))
    {
        next += 1;
    }
    let end = in_order(object, present, next)?;
    particle.same(present.get(end)?).then_some(end + 1)
}

/// `wind and solar power` for `wind power`: the last word said once for several first ones.
fn shared_word(wanted: &[Word<'_>], present: &[Word<'_>], at: usize) -> Option<usize> {
    const REACH: usize = 5;
    let (last, first) = wanted.split_last()?;
    if first.is_empty() {
        return None;
    }
    let next = in_order(first, present, at)?;
    let gap = present.get(next..)?;
    let conjunction = gap
        .iter()
        .take(REACH)
        .position(|word| word.is("and") || word.is("or"))?;
    // Only a list may stand between: "wind, hydro and solar power".
    let is_list = gap[..conjunction].iter().all(|word| word.after_comma);
    let tail = gap.get(conjunction + 1..)?.iter().take(2).enumerate();
    if is_determiner(gap.get(conjunction + 1)?.text) {
        return None;
    }
    let shared = tail
        .skip(1)
        .find(|(_, word)| last.same(word) && !word.after_stop)
        .map(|(n, _)| next + conjunction + 1 + n + 1);
    shared.filter(|_| is_list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(term: &str, text: &str) -> bool {
        find_term(term, text, &"en".parse().unwrap()).is_some()
    }

    #[test]
    fn inflection_case_and_hyphens_are_free() {
        for (term, text) in [
            (
                "county Party secretary",
                "Both County Party Secretaries spoke.",
            ),
            (
                "high-quality development",
                "the path of high quality development",
            ),
            ("industrial park", "the industrial park\u{2019}s gate"),
            ("plan", "They planned it"),
            ("emancipate the mind", "emancipating the mind"),
            ("left-behind child", "Left-behind children study here."),
            ("build a park", "They built two roads; they built parks."),
            (
                "hold a meeting",
                "a meeting held yesterday; they held meetings",
            ),
            ("leading enterprise", "the leading enterprises' output"),
            ("box", "boxes"),
            ("city", "cities"),
            ("Qi'an County", "They came to Qi\u{2019}an County."),
            ("go global", "firms going global"),
            ("rebuild", "The bridge was rebuilt."),
            ("withstand", "It withstood the flood."),
            ("oversee", "The office oversaw the works."),
            ("flee", "Villagers fled."),
            ("axis", "two axes"),
            ("na\u{ef}ve", "a naive man"),
        ] {
            assert!(uses(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn spelling_and_joining_are_free() {
        for (term, text) in [
            ("e-commerce", "Ecommerce grew."),
            ("livestream", "live streams and live-streaming"),
            ("US", "the U.S. side"),
            ("R&D centre", "an R & D center"),
            ("modernisation", "modernization"),
            ("labour union", "labor unions"),
            ("Qingshan Co.", "Qingshan Company said"),
            ("practise", "They were practicing."),
            ("practice", "a practised hand"),
        ] {
            assert!(uses(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn word_order_may_change_as_english_does() {
        for (term, text) in [
            ("poverty alleviation", "the alleviation of poverty"),
            (
                "high-quality development",
                "Development must be of high quality.",
            ),
            ("emancipate the mind", "Minds must be further emancipated."),
            ("carry out the plan", "They carried the plan out."),
            ("carry out the plan", "The plan has been carried out."),
            ("set up", "They set a fund up."),
            ("seek truth from facts", "Truth was sought from facts."),
            ("wind power", "wind and solar power"),
            ("wind power", "wind, hydro and solar power"),
            ("emancipate the mind", "emancipating our minds"),
            (
                "targeted poverty alleviation",
                "the targeted alleviation of poverty",
            ),
            ("set up a fund", "A fund was set up."),
            ("put people first", "People are put first."),
            ("reset the clock", "The clock was reset."),
        ] {
            assert!(uses(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn other_words_are_no_inflection() {
        for (term, text) in [
            ("as", "a"),
            ("US", "us"),
            ("mine", "mini"),
            ("plan", "two planes"),
            ("new area", "the news area"),
            ("coal mine", "the mine and the coal"),
            ("industrial park", "a park in an industrial city"),
            ("Party secretary", "the party chose its secretary"),
            ("county", "country"),
            ("wind power", "wind and the power of the people"),
            ("county seat", "He left the county. Seat prices rose."),
            ("policy", "police"),
            ("put people first", "People put it first."),
            ("red", "reading"),
            ("see", "oversaw"),
        ] {
            assert!(!uses(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn chinese_terms_are_found_as_they_stand() {
        let zh = "zh-Hans".parse().unwrap();
        assert_eq!(find_term_all("县", "县与县", &zh), [0..3, 6..9]);
    }

    #[test]
    fn other_languages_are_matched_word_by_word() {
        let fr = "fr".parse().unwrap();
        assert!(find_term("parc industriel", "Le Parc industriel", &fr).is_some());
        assert!(find_term("parc", "parcs", &fr).is_none());
    }
}
