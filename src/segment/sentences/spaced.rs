//! Sentences of English.
//!
//! A full stop ends a sentence where a space and a capital letter, digit or opening mark follow,
//! unless it belongs to a title (*Mr.*), an initial (*J. Smith*), or an abbreviation that seldom
//! ends one (*U.S. officials*, but *in the U.S. The*). Question and exclamation marks end one
//! likewise, so that *“Why?” he asked* is one sentence. What stands in brackets is not cut.

/// Abbreviations that never end a sentence: a name or number follows.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "gov", "sen", "rep", "lt", "col", "maj", "capt",
    "cmdr", "sgt", "rev", "hon", "pres", "mt", "ft", "vs", "fig", "cf", "e.g", "i.e", "messrs",
    "mme", "mlle", "viz", "ca", "approx", "pp",
];

/// Abbreviations that end a sentence only where a word follows that begins sentences.
const OFTEN_INSIDE: &[&str] = &[
    "inc", "ltd", "co", "corp", "llc", "jr", "sr", "etc", "al", "a.m", "p.m", "u.s", "u.k", "u.n",
    "e.u", "u.s.a", "d.c", "ph.d", "b.c", "a.d", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "vol",
    "ed", "eds", "dept", "est", "ave", "blvd", "rd", "bros", "univ", "assn",
];

/// Words that begin sentences.
const STARTERS: &[&str] = &[
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "It",
    "Its",
    "He",
    "She",
    "They",
    "We",
    "I",
    "You",
    "His",
    "Her",
    "Their",
    "Our",
    "My",
    "But",
    "And",
    "So",
    "Or",
    "Yet",
    "This",
    "That",
    "These",
    "Those",
    "There",
    "Here",
    "However",
    "As",
    "For",
    "From",
    "If",
    "When",
    "While",
    "After",
    "Before",
    "Since",
    "Although",
    "Though",
    "Because",
    "With",
    "To",
    "By",
    "Of",
    "What",
    "Who",
    "Where",
    "Why",
    "How",
    "Then",
    "Now",
    "Some",
    "Many",
    "Most",
    "All",
    "Both",
    "Each",
    "No",
    "Not",
    "One",
    "Another",
    "Such",
    "According",
    "Meanwhile",
    "Moreover",
    "Today",
    "Yesterday",
];

/// How far, in bytes, a bracket is looked for that closes one.
const BRACKET: usize = 600;

/// Byte offsets at which `text` is cut into sentences.
pub(super) fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut start = 0;
    let mut closed_until = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '(' | '[') && at >= closed_until {
            closed_until = bracket_end(text, at).unwrap_or(closed_until);
            continue;
        }
        let full_width = matches!(c, '。' | '！' | '？');
        let stop = full_width || matches!(c, '.' | '!' | '?' | '…');
        // A whole sentence in brackets ends with them.
        let bracketed = at == closed_until && text[..at].ends_with(['.', '!', '?', '…']);
        if at < closed_until || !(stop || bracketed) {
            continue;
        }
        let end = stop_end(text, at);
        while chars.next_if(|&(next, _)| next < end).is_some() {}
        let rest = &text[end..];
        let blank = rest.len() - rest.trim_start().len();
        if rest.len() == blank {
            break;
        }
        let ends = (full_width || blank > 0)
            && begins_sentence(&rest[blank..])
            && (c != '.' || full_stop_ends(&text[start..at], &text[at..end], &rest[blank..]));
        if ends {
            start = end + blank;
            cuts.push(start);
        }
    }
    cuts
}

/// Where the marks end that belong to a stop: further stops, closing quotation marks, brackets.
fn stop_end(text: &str, at: usize) -> usize {
    let marks = |c: char| {
        matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | ')'
                | ']'
                | '」'
                | '』'
        )
    };
    let length: usize = text[at..]
        .chars()
        .take_while(|&c| marks(c))
        .map(char::len_utf8)
        .sum();
    at + length
}

fn bracket_end(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text[open..].char_indices() {
        if at > BRACKET {
            return None;
        }
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(open + at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a sentence can begin so: with a capital letter, a digit, a script without capitals, or
/// marks before one of these.
fn begins_sentence(text: &str) -> bool {
    let opening = |c: char| {
        matches!(
            c,
            '"' | '\''
                | '“'
                | '‘'
                | '«'
                | '('
                | '['
                | '¿'
                | '¡'
                | '「'
                | '『'
                | '《'
                | '-'
                | '–'
                | '—'
                | '•'
                | '*'
                | '…'
                | '.'
        ) || c.is_whitespace()
    };
    let first = text.trim_start_matches(opening).chars().next();
    first.is_some_and(|c| !c.is_lowercase() && (c.is_alphanumeric() || is_sign(c)))
}

fn is_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '€' | '¥' | '#' | '@' | '%' | '&')
}

/// Whether a full stop ends the sentence, given what stands before it, the stop with its closing
/// marks, and what follows.
fn full_stop_ends(before: &str, stop: &str, after: &str) -> bool {
    // Dots in a row, or a closing mark behind the dot, belong to no abbreviation.
    if stop != "." {
        return true;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '‘' | '—' | '–'))
        .next()
        .unwrap_or_default();
    if word.is_empty() {
        return true;
    }
    let lower = word.to_lowercase();
    if TITLES.contains(&lower.as_str()) {
        return false;
    }
    let follows_starter = {
        let next = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = next
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(next.len());
        STARTERS.contains(&&next[..end])
    };
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    // Letters with dots between them: U.S, p.m.
    let dotted = word.contains('.')
        && word
            .split('.')
            .all(|part| part.chars().count() <= 2 && !part.is_empty())
        && word.chars().all(|c| c.is_alphabetic() || c == '.');
    if initial || dotted || OFTEN_INSIDE.contains(&lower.as_str()) {
        return follows_starter;
    }
    if lower == "no" || lower == "nos" {
        return !after.starts_with(|c: char| c.is_ascii_digit());
    }
    // A number at the beginning counts an item of a list.
    let numbered = before.len() == word.len() && word.chars().all(|c| c.is_ascii_digit());
    !numbered
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut from = 0;
        let mut sentences = Vec::new();
        for cut in cuts(text).into_iter().chain([text.len()]) {
            sentences.push(text[from..cut].trim());
            from = cut;
        }
        sentences
    }

    #[test]
    fn stops_end_sentences_where_a_capital_follows() {
        assert_eq!(
            sentences("It rained. Nobody came! Why? 12 people were ill. It cost 3.5 million."),
            [
                "It rained.",
                "Nobody came!",
                "Why?",
                "12 people were ill.",
                "It cost 3.5 million."
            ]
        );
    }

    #[test]
    fn abbreviations_do_not() {
        for whole in [
            "Mr. Smith met Dr. J. K. Wang in St. Petersburg.",
            "The U.S. Congress sat at 9 a.m. Friday.",
            "Acme Inc. Chairman Li left.",
            "See No. 5 and pp. 3.",
            "1. First of all",
            "e.g. China",
        ] {
            assert_eq!(sentences(whole), [whole]);
        }
        assert_eq!(
            sentences("He lives in the U.S. The house is old. Made by Acme Inc. It is good."),
            [
                "He lives in the U.S.",
                "The house is old.",
                "Made by Acme Inc.",
                "It is good."
            ]
        );
    }

    #[test]
    fn quotations_and_brackets_stay_whole() {
        assert_eq!(
            sentences(
                "\"Why?\" he asked. \"Because.\" She left. “So what!” (He stayed. Alone.) Well... Maybe... not."
            ),
            [
                "\"Why?\" he asked.",
                "\"Because.\"",
                "She left.",
                "“So what!”",
                "(He stayed. Alone.)",
                "Well...",
                "Maybe... not."
            ]
        );
    }

    proptest! {
        #[test]
        fn cuts_are_sorted_and_inside(text in "[A-Ca-c0-9 .!?…()\\[\\]\"'“”。]{0,80}") {
            let cuts = cuts(&text);
            prop_assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(cuts.iter().all(|&cut| cut > 0 && cut < text.len()));
            prop_assert!(cuts.iter().all(|&cut| text.is_char_boundary(cut)));
        }
    }
}
