//! What stands around an English number: limits, changes, units.

use super::token::{Sort, Token};
use crate::quantity::unit::ENGLISH;
use crate::quantity::{Bound, Change, Direction, Unit};

/// Phrases before an amount, the longer before the shorter that ends it.
const BEFORE: &[(&str, Bound)] = &[
    ("not more than", Bound::AtMost),
    ("no more than", Bound::AtMost),
    ("no greater than", Bound::AtMost),
    ("no higher than", Bound::AtMost),
    ("not over", Bound::AtMost),
    ("not exceeding", Bound::AtMost),
    ("not exceed", Bound::AtMost),
    ("no less than", Bound::AtLeast),
    ("no fewer than", Bound::AtLeast),
    ("not less than", Bound::AtLeast),
    ("not fewer than", Bound::AtLeast),
    ("no lower than", Bound::AtLeast),
    ("not lower than", Bound::AtLeast),
    ("slightly more than", Bound::AtLeast),
    ("more than", Bound::AtLeast),
    ("greater than", Bound::AtLeast),
    ("higher than", Bound::AtLeast),
    ("larger than", Bound::AtLeast),
    ("longer than", Bound::AtLeast),
    ("older than", Bound::AtLeast),
    ("upwards of", Bound::AtLeast),
    ("upward of", Bound::AtLeast),
    ("in excess of", Bound::AtLeast),
    ("at least", Bound::AtLeast),
    ("a minimum of", Bound::AtLeast),
    ("exceeding", Bound::AtLeast),
    ("exceeded", Bound::AtLeast),
    ("exceeds", Bound::AtLeast),
    ("exceed", Bound::AtLeast),
    ("surpassing", Bound::AtLeast),
    ("surpassed", Bound::AtLeast),
    ("topped", Bound::AtLeast),
    ("topping", Bound::AtLeast),
    ("above", Bound::AtLeast),
    ("over", Bound::AtLeast),
    ("less than", Bound::AtMost),
    ("fewer than", Bound::AtMost),
    ("lower than", Bound::AtMost),
    ("smaller than", Bound::AtMost),
    ("shorter than", Bound::AtMost),
    ("younger than", Bound::AtMost),
    ("a maximum of", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("under", Bound::AtMost),
    ("below", Bound::AtMost),
    ("within", Bound::AtMost),
    ("short of", Bound::AtMost),
    ("up to", Bound::UpTo),
    ("as many as", Bound::Exact),
    ("as much as", Bound::Exact),
    ("as high as", Bound::Exact),
    ("as long as", Bound::Exact),
    ("as low as", Bound::Exact),
    ("nearly", Bound::Nearly),
    ("almost", Bound::Nearly),
    ("close to", Bound::Nearly),
    ("approaching", Bound::Nearly),
    ("approximately", Bound::About),
    ("about", Bound::About),
    ("around", Bound::About),
    ("roughly", Bound::About),
    ("an estimated", Bound::About),
    ("estimated at", Bound::About),
    ("some", Bound::About),
    ("circa", Bound::About),
];

/// Phrases after an amount.
const AFTER: &[(&str, Bound)] = &[
    ("or more", Bound::AtLeast),
    ("or above", Bound::AtLeast),
    ("or over", Bound::AtLeast),
    ("or older", Bound::AtLeast),
    ("or higher", Bound::AtLeast),
    ("or longer", Bound::AtLeast),
    ("and above", Bound::AtLeast),
    ("and over", Bound::AtLeast),
    ("and older", Bound::AtLeast),
    ("and more", Bound::AtLeast),
    ("and up", Bound::AtLeast),
    ("plus", Bound::AtLeast),
    ("or less", Bound::AtMost),
    ("or fewer", Bound::AtMost),
    ("or below", Bound::AtMost),
    ("or under", Bound::AtMost),
    ("or younger", Bound::AtMost),
    ("and below", Bound::AtMost),
    ("and under", Bound::AtMost),
    ("or so", Bound::About),
    ("odd", Bound::AtLeast),
];

/// The part of `lower` before `at` that a phrase may take up.
fn window(lower: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(48);
    while !lower.is_char_boundary(from) {
        from += 1;
    }
    lower[from..at].trim_end_matches([' ', '-', '\u{a0}', '('])
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
}

pub(super) fn bound(lower: &str, start: usize, end: usize) -> Bound {
    let mut before = window(lower, start);
    let mut has_article = false;
    for word in [
        " the",
        " a",
        " an",
        " of them",
        " rmb",
        " cny",
        " us",
        " a total of",
        " another",
    ] {
        if let Some(rest) = before.strip_suffix(word) {
            before = rest.trim_end();
            has_article |= matches!(word, " the" | " a" | " an");
        }
    }
    let own = BEFORE
        .iter()
        .find(|(phrase, _)| ends_with_word(before, phrase))
        .map(|(phrase, bound)| {
            let rest = before[..before.len() - phrase.len()].trim_end();
            let rest = rest.strip_suffix(" be").unwrap_or(rest);
            // "Over a 24-hour period" is how long it took.
            if *phrase == "over" && has_article {
                return Bound::Exact;
            }
            if *phrase == "over"
                && ["took", "take", "taken", "taking", "takes"]
                    .iter()
                    .any(|verb| ends_with_word(rest, verb))
            {
                return Bound::Exact;
            }
            let negated = ends_with_word(rest, "not")
                || rest.ends_with("n't")
                || ends_with_word(rest, "never");
            match bound {
                Bound::AtLeast if negated => Bound::AtMost,
                Bound::AtMost if negated => Bound::AtLeast,
                bound => *bound,
            }
        });
    let mut until = (end + 48).min(lower.len());
    while !lower.is_char_boundary(until) {
        until -= 1;
    }
    let after = lower[end..until].trim_start_matches([' ', ',']);
    if let Some(bound) = own {
        return bound;
    }
    if lower[end..].starts_with('+') {
        return Bound::AtLeast;
    }
    // A counted noun may stand between: "50 people or more".
    let beyond = after
        .split_once(' ')
        .filter(|(noun, _)| noun.chars().all(char::is_alphabetic))
        .map(|(_, rest)| rest);
    [Some(after), beyond]
        .into_iter()
        .flatten()
        .find_map(|rest| {
            AFTER.iter().find_map(|(phrase, bound)| {
                let tail = rest.strip_prefix(phrase)?;
                (!tail.starts_with(char::is_alphanumeric)).then_some(*bound)
            })
        })
        .unwrap_or_default()
}

const UP: &[&str] = &[
    "increase",
    "increased",
    "increases",
    "increasing",
    "rise",
    "rose",
    "risen",
    "rises",
    "rising",
    "grow",
    "grew",
    "grown",
    "grows",
    "growing",
    "growth",
    "gain",
    "gained",
    "gains",
    "up",
    "climbed",
    "climb",
    "jumped",
    "jump",
    "surged",
    "surge",
    "soared",
    "higher",
    "expanded",
    "expand",
    "improved",
    "raised",
    "raise",
    "added",
    "advanced",
    "boosted",
    "climbing",
    "surging",
    "soaring",
];
const DOWN: &[&str] = &[
    "decrease",
    "decreased",
    "decreases",
    "decreasing",
    "fall",
    "fell",
    "fallen",
    "falls",
    "falling",
    "drop",
    "dropped",
    "drops",
    "dropping",
    "decline",
    "declined",
    "declines",
    "declining",
    "down",
    "reduce",
    "reduced",
    "reduces",
    "reducing",
    "reduction",
    "cut",
    "cuts",
    "cutting",
    "lost",
    "lower",
    "lowered",
    "slid",
    "slumped",
    "plunged",
    "shrank",
    "shrunk",
    "shrink",
    "slipped",
    "dipped",
    "tumbled",
];

/// What the words before an amount say of a change: `rose by`, `fell to`, `an increase of`, `up`.
pub(super) fn change(lower: &str, start: usize) -> Change {
    let mut before = window(lower, start);
    for (phrase, bound) in BEFORE {
        if ends_with_word(before, phrase) {
            // "falling as low as 54" and "surge close to 3%" name what was reached.
            if matches!(bound, Bound::UpTo | Bound::Exact) || *phrase == "close to" {
                return Change::default();
            }
            before = before[..before.len() - phrase.len()].trim_end();
            break;
        }
    }
    let mut is_result = None;
    let mut rest = before;
    for (word, result) in [
        ("by", Some(false)),
        ("to", Some(true)),
        ("of", Some(false)),
        ("at", None),
    ] {
        if ends_with_word(before, word) {
            is_result = result;
            rest = before[..before.len() - word.len()].trim_end();
            break;
        }
    }
    let has_preposition = rest.len() < before.len();
    let near: Vec<&str> = rest
        .rsplit(|c: char| !(c.is_alphabetic()))
        .filter(|word| !word.is_empty())
        .take(match is_result {
            Some(true) => 5,
            _ if has_preposition => 3,
            _ => 2,
        })
        .collect();
    let direction = near.iter().find_map(|word| {
        if UP.contains(word) {
            Some(Direction::Up)
        } else if DOWN.contains(word) {
            Some(Direction::Down)
        } else {
            None
        }
    });
    if direction.is_none() {
        return Change::default();
    }
    // "a rise of 5%" and "rose 5%" are steps; "rose to" must have its verb close by.
    let is_result = if has_preposition {
        is_result
    } else {
        Some(false)
    };
    Change {
        direction,
        is_result,
    }
}

/// The unit after the token before `at`, and the index after it.
pub(super) fn unit(tokens: &[Token], at: usize) -> Option<(usize, Unit)> {
    let mut from = at;
    if tokens.get(from).is_some_and(|token| token.is_sign('-')) {
        from += 1;
    }
    let mut names: Vec<(usize, String)> = Vec::new();
    let mut name = String::new();
    let mut next = from;
    while names.len() < 4 {
        let Some(token) = tokens.get(next) else { break };
        match &token.sort {
            Sort::Word(word) => {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(word);
                names.push((next + 1, name.clone()));
                next += 1;
            }
            Sort::Sign('-') if !name.is_empty() && !token.apart => next += 1,
            Sort::Sign('/') if !token.apart => {
                name.push('/');
                next += 1;
                if let Some(word) = tokens.get(next).and_then(Token::word) {
                    name.push_str(word);
                    names.push((next + 1, name.clone()));
                    next += 1;
                } else {
                    break;
                }
            }
            Sort::Sign(sign @ ('℃' | '℉')) if name.is_empty() => {
                names.push((next + 1, sign.to_string()));
                break;
            }
            Sort::Sign('°') if name.is_empty() => {
                if let Some(word) = tokens.get(next + 1).and_then(Token::word) {
                    names.push((next + 2, format!("°{word}")));
                }
                break;
            }
            _ => break,
        }
    }
    names
        .iter()
        .rev()
        .find_map(|(end, name)| named(name).map(|unit| (*end, unit)))
}

/// The unit of this name, in the singular or plural, in British or American spelling.
fn named(name: &str) -> Option<Unit> {
    let spelt = name.replace("meter", "metre").replace("km / h", "km/h");
    let find = |name: &str| {
        ENGLISH
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, unit)| *unit)
    };
    // "second" alone is an ordinal more often than a unit.
    if spelt == "second" {
        return None;
    }
    find(&spelt)
        .or_else(|| find(spelt.strip_suffix('s')?))
        .or_else(|| {
            // degrees celsius
            let (first, rest) = spelt.split_once(' ')?;
            find(&format!("{} {rest}", first.strip_suffix('s')?))
        })
}
