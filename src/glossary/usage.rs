//! Whether a target text uses a term: letter case, inflection, hyphens and quotation marks aside.
//!
//! A term is used where its words stand one after the other. English words may be inflected
//! (plural, possessive, -ed, -ing) and their case is free, except that a term in capitals
//! (`PARTY` ≠ `party`) stays so only where it is an all-capital abbreviation.

use std::ops::Range;

use crate::model::Lang;

/// The first place where `text` uses `term`, in byte offsets of `text`.
#[must_use]
pub fn find_term(term: &str, text: &str, lang: &Lang) -> Option<Range<usize>> {
    find_term_all(term, text, lang).into_iter().next()
}

/// All places where `text` uses `term`, in byte offsets of `text`, in order, not overlapping.
#[must_use]
pub fn find_term_all(term: &str, text: &str, lang: &Lang) -> Vec<Range<usize>> {
    if !lang.separates_with_spaces() {
        return text
            .match_indices(term)
            .map(|(at, found)| at..at + found.len())
            .collect();
    }
    let wanted: Vec<&str> = words(term).map(|range| &term[range]).collect();
    if wanted.is_empty() {
        return text
            .match_indices(term)
            .map(|(at, found)| at..at + found.len())
            .collect();
    }
    let present: Vec<Range<usize>> = words(text).collect();
    let english = lang.primary() == "en";
    let mut found = Vec::new();
    let mut at = 0;
    while at + wanted.len() <= present.len() {
        let window = &present[at..at + wanted.len()];
        let same = wanted
            .iter()
            .zip(window)
            .all(|(wanted, range)| same_word(wanted, &text[range.clone()], english));
        if same {
            found.push(window[0].start..window[wanted.len() - 1].end);
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    found
}

/// The words of a text: runs of letters, digits and inner apostrophes. Hyphens separate, so that
/// `high-quality` and `high quality` are the same.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|&(_, c)| !c.is_alphanumeric()).is_some() {}
        let &(start, _) = chars.peek()?;
        let mut end = start;
        while let Some(&(at, c)) = chars.peek() {
            let inner_apostrophe = is_apostrophe(c)
                && text[at + c.len_utf8()..]
                    .chars()
                    .next()
                    .is_some_and(char::is_alphanumeric);
            let inner_point = (c == '.' || c == ',')
                && text[..at].ends_with(|c: char| c.is_ascii_digit())
                && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
            if !c.is_alphanumeric() && !inner_apostrophe && !inner_point {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        Some(start..end)
    })
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

fn same_word(wanted: &str, present: &str, english: bool) -> bool {
    if wanted == present {
        return true;
    }
    let abbreviation = wanted.chars().count() > 1 && wanted.chars().all(char::is_uppercase);
    if abbreviation {
        return possessive_of(present) == wanted
            || present.strip_suffix('s').is_some_and(|stem| stem == wanted);
    }
    let wanted = wanted.to_lowercase();
    let present = present.to_lowercase();
    if wanted == present {
        return true;
    }
    english && {
        let (wanted, present) = (possessive_of(&wanted), possessive_of(&present));
        wanted == present || stems(wanted).any(|stem| stems(present).any(|other| other == stem))
    }
}

fn possessive_of(word: &str) -> &str {
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word)
}

/// What an English word may be an inflection of, the word itself first. Words of up to three
/// letters are not stripped, so that `as` is no plural.
fn stems(word: &str) -> impl Iterator<Item = String> {
    let mut stems = vec![word.to_owned()];
    let mut add = |suffix: &str, replacement: &str| {
        if let Some(stem) = word.strip_suffix(suffix)
            && stem.chars().count() >= 3
        {
            stems.push(format!("{stem}{replacement}"));
            let doubled = stem.chars().rev().take(2).collect::<Vec<_>>();
            if replacement.is_empty()
                && matches!(suffix, "ed" | "ing")
                && doubled.len() == 2
                && doubled[0] == doubled[1]
            {
                stems.push(stem[..stem.len() - doubled[0].len_utf8()].to_owned());
            }
        }
    };
    if !word.ends_with("ss") {
        add("s", "");
    }
    add("es", "");
    add("ies", "y");
    add("ed", "");
    add("ed", "e");
    add("ied", "y");
    add("ing", "");
    add("ing", "e");
    stems.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(term: &str, text: &str) -> bool {
        find_term(term, text, &"en".parse().unwrap()).is_some()
    }

    #[test]
    fn inflection_case_and_hyphens_are_free() {
        assert!(uses(
            "county Party secretary",
            "Both County Party Secretaries spoke."
        ));
        assert!(uses(
            "high-quality development",
            "the path of high quality development"
        ));
        assert!(uses("industrial park", "the industrial park\u{2019}s gate"));
        assert!(uses("plan", "They planned it"));
        assert!(uses("emancipate the mind", "emancipating the mind"));
    }

    #[test]
    fn other_words_are_no_inflection() {
        assert!(!uses("as", "a"));
        assert!(!uses("Party secretary", "secretary of the Party"));
        assert!(!uses("US", "us"));
        assert!(!uses("mine", "mini"));
    }

    #[test]
    fn chinese_terms_are_found_as_they_stand() {
        let zh = "zh-Hans".parse().unwrap();
        assert_eq!(find_term_all("县", "县与县", &zh), [0..3, 6..9]);
    }
}
