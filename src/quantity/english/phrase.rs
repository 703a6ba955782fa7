//! One English number: figures or words with their scale, and fractions.

use super::{Reader, words};
use crate::quantity::chinese::last_place;
use crate::quantity::{Kind, Rational, Weight};

/// A number that begins at a token.
pub(super) struct Phrase {
    /// The token after it.
    pub end: usize,
    pub kind: Kind,
    pub low: Rational,
    pub high: Rational,
    pub also: Option<Rational>,
    pub precision: Rational,
    pub weight: Weight,
    /// The number before the scale, and the scale.
    pub parts: Option<(Rational, Rational)>,
    /// Whether it is figures alone, without point, scale or word.
    pub is_bare: bool,
    pub is_vague: bool,
}

impl Phrase {
    fn new(end: usize, value: Rational, precision: Rational, weight: Weight) -> Self {
        Self {
            end,
            kind: Kind::Count,
            low: value,
            high: value,
            also: None,
            precision,
            weight,
            parts: None,
            is_bare: false,
            is_vague: false,
        }
    }
}

/// Reads a number at a token. `is_money` lets a glued `m` mean million.
pub(super) fn read(reader: &Reader<'_>, at: usize, is_money: bool) -> Option<Phrase> {
    if reader.figure(at).is_some() {
        return figures(reader, at, is_money);
    }
    half_or_quarter(reader, at).or_else(|| spelt(reader, at))
}

fn figures(reader: &Reader<'_>, at: usize, is_money: bool) -> Option<Phrase> {
    let digits = reader.figure(at)?;
    let (value, _) = Rational::from_digits(digits)?;
    let precision = last_place(digits);
    // 1/3, 3 1/2
    if reader.sign(at + 1, '/')
        && reader.is_glued(at + 1)
        && let Some(below) = reader.whole(at + 2)
        && (2..=20).contains(&below)
        && !reader.sign(at + 3, '/')
        && value < Rational::whole(below)
    {
        let value = value.over(Rational::whole(below))?;
        let mut phrase = Phrase::new(at + 3, value, Rational::ONE, Weight::Strong);
        phrase.kind = Kind::Fraction;
        return Some(phrase);
    }
    // 2 ½
    let part = [
        ('½', 1, 2),
        ('¼', 1, 4),
        ('¾', 3, 4),
        ('⅓', 1, 3),
        ('⅔', 2, 3),
    ]
    .into_iter()
    .find(|(sign, _, _)| reader.sign(at + 1, *sign));
    if let Some((_, above, below)) = part {
        let value = value.plus(Rational::new(above, below)?)?;
        return Some(Phrase::new(
            at + 2,
            value,
            Rational::new(1, below)?,
            Weight::Strong,
        ));
    }
    // 1 in 5, 4 out of 5
    if let Some(phrase) = one_in(reader, at + 1, value) {
        return Some(phrase);
    }
    let small = value < Rational::whole(13) && value.to_whole().is_some();
    let is_joined =
        |at: usize| (reader.sign(at, '-') || reader.sign(at, ':')) && reader.is_glued(at);
    let is_score = is_joined(at + 1) && reader.figure(at + 2).is_some()
        || at >= 2 && is_joined(at - 1) && reader.is_glued(at) && reader.figure(at - 2).is_some();
    let weight = if small {
        if value <= Rational::ONE && !is_score {
            Weight::Soft
        } else {
            Weight::Medium
        }
    } else {
        Weight::Strong
    };
    let mut phrase = Phrase::new(at + 1, value, precision, weight);
    let (end, scale, also) = scales(reader, at + 1, is_money)?;
    phrase.is_bare = end == at + 1 && !digits.contains('.');
    if scale > Rational::ONE {
        let scaled = value.times(scale)?;
        (phrase.low, phrase.high) = (scaled, scaled);
        phrase.precision = precision.times(scale)?;
        phrase.weight = Weight::Strong;
    }
    phrase.also = also.and_then(|factor| value.times(factor));
    phrase.parts = Some((value, scale));
    phrase.end = end;
    Some(phrase)
}

/// Scale words or letters from a token on: the token after them, their product, and a second
/// reading (60m is 60 metres or 60 million).
fn scales(
    reader: &Reader<'_>,
    at: usize,
    is_money: bool,
) -> Option<(usize, Rational, Option<Rational>)> {
    let mut scale = Rational::ONE;
    let mut also = None;
    let mut end = at;
    while end < at + 4 {
        let hyphen = usize::from(reader.sign(end, '-') && reader.is_glued(end));
        let word = reader.word(end + hyphen);
        let glued = reader.is_glued(end) && hyphen == 0;
        let factor = match word {
            "dozen" => Some(12),
            "k" if glued => Some(1000),
            "b" if is_money => Some(1_000_000_000),
            "m" if glued && is_money => Some(1_000_000),
            "t" if glued && is_money => Some(1_000_000_000_000),
            "m" if glued => {
                also = Some(Rational::whole(1_000_000));
                None
            }
            word => words::scale(word),
        };
        let Some(factor) = factor else { break };
        scale = scale.times(Rational::whole(factor))?;
        end += 1 + hyphen;
        if also.is_some() || word_is_letter(word) {
            break;
        }
    }
    Some((end, scale, also))
}

fn word_is_letter(word: &str) -> bool {
    word.len() == 1
}

/// `one in five`, `four out of five`.
fn one_in(reader: &Reader<'_>, next: usize, above: Rational) -> Option<Phrase> {
    let from = match (reader.word(next), reader.word(next + 1)) {
        ("out", "of") | ("in", "every") => next + 2,
        ("in", _) => next + 1,
        _ => return None,
    };
    let below = reader
        .whole(from)
        .or_else(|| words::cardinal(reader.word(from)))?;
    let value = above.over(Rational::whole(below)).filter(|_| below > 1)?;
    let is_share = above < Rational::whole(below)
        && below <= 20
        && reader.word(from + 1) != "of"
        && words::month(reader.word(from + 1)).is_none()
        && words::scale(reader.word(from + 1)).is_none()
        && !reader.word(from + 1).starts_with("year")
        && !reader.word(from + 1).starts_with("day")
        && !reader.word(from + 1).starts_with("match")
        && !reader.word(from + 1).starts_with("game");
    is_share.then(|| {
        let mut phrase = Phrase::new(from + 1, value, Rational::ONE, Weight::Medium);
        phrase.kind = Kind::Fraction;
        phrase
    })
}

/// `half`, `a quarter`, `half a million`, `a quarter of a billion`; not `the first half`.
fn half_or_quarter(reader: &Reader<'_>, at: usize) -> Option<Phrase> {
    let article =
        usize::from(matches!(reader.word(at), "a" | "an" | "one") && !reader.sign(at + 1, '-'));
    let hyphen = usize::from(reader.sign(at + 1, '-') && matches!(reader.word(at), "one" | "a"));
    let from = at + article + if hyphen == 1 { 2 } else { 0 };
    let (value, word) = match reader.word(from) {
        "half" | "halves" => (Rational::new(1, 2)?, "half"),
        "quarter" if from > at => (Rational::new(1, 4)?, "quarter"),
        _ => return None,
    };
    let mut end = from + 1;
    let of = usize::from(reader.word(end) == "of");
    if matches!(reader.word(end + of), "a" | "an")
        || (word == "half" && reader.sign(end, '-') && words::scale(reader.word(end + 1)).is_some())
    {
        let scale_at = if reader.sign(end, '-') {
            end + 1
        } else {
            end + of + 1
        };
        let factor = if reader.word(scale_at) == "dozen" {
            Some(12)
        } else {
            words::scale(reader.word(scale_at))
        };
        if let Some(factor) = factor {
            let factor = Rational::whole(factor);
            let value = value.times(factor)?;
            let precision = factor.over(Rational::whole(10))?;
            end = scale_at + 1;
            let weight = if factor > Rational::whole(100) {
                Weight::Strong
            } else {
                Weight::Medium
            };
            return Some(Phrase::new(end, value, precision, weight));
        }
    }
    let weight = if word == "quarter" && of == 1 {
        Weight::Medium
    } else {
        Weight::Soft
    };
    let mut phrase = Phrase::new(end, value, Rational::ONE, weight);
    phrase.kind = Kind::Fraction;
    Some(phrase)
}

/// `twenty-two`, `one hundred and five thousand`, `a million`, `two and a half million`,
/// `two-thirds`, `a fifth`.
fn spelt(reader: &Reader<'_>, at: usize) -> Option<Phrase> {
    let is_article = matches!(reader.word(at), "a" | "an");
    if is_article {
        let word = reader.word(at + 1);
        if let Some(below) = words::denominator(word).filter(|below| *below > 2)
            && !word.ends_with('s')
        {
            // "a third" may be "another"; "a third of" is the share.
            let weight = if reader.word(at + 2) == "of" {
                Weight::Medium
            } else {
                Weight::Soft
            };
            return Some(fraction(at + 2, 1, below, weight));
        }
        if words::scale(word).is_none() && word != "dozen" {
            return None;
        }
    }
    let sum = sum(reader, at, is_article)?;
    if !is_article && let Some(phrase) = spelt_fraction(reader, at, &sum) {
        return Some(phrase);
    }
    if let Some(phrase) = one_in(reader, sum.end, Rational::whole(sum.value)) {
        return Some(phrase);
    }
    let mut end = sum.end;
    let mut number = Rational::whole(sum.value);
    let mut precision = sum.precision;
    if let Some((next, value, last)) = and_a_half(reader, &sum) {
        (end, number, precision) = (next, value, last);
    }
    let weight = if number <= Rational::ONE {
        Weight::Soft
    } else if sum.value < 100 || is_article {
        Weight::Medium
    } else {
        Weight::Strong
    };
    let mut phrase = Phrase::new(end, number, precision, weight);
    if sum.words == 1 && !is_article {
        phrase.parts = Some((number, Rational::ONE));
    } else if sum.scale > 1 {
        let scale = Rational::whole(sum.scale);
        phrase.parts = number.over(scale).map(|mantissa| (mantissa, scale));
    }
    // Three dozen are thirty-odd.
    if reader.word(end - 1) == "dozen" {
        let dozens = sum.value / 12;
        phrase.low = Rational::whole(10 * dozens);
        phrase.high = Rational::whole(12 * dozens + 11);
        phrase.is_vague = true;
        phrase.weight = Weight::Soft;
    }
    Some(phrase)
}

/// A number in words.
struct Spelt {
    end: usize,
    value: i128,
    precision: Rational,
    /// The last scale from thousand up, 99,999 after a mere hundred, 1 without.
    scale: i128,
    /// How many words it has, the article left out.
    words: usize,
}

/// Adds up the words of a number; an article before it stands for one.
fn sum(reader: &Reader<'_>, at: usize, is_article: bool) -> Option<Spelt> {
    let mut end = at + usize::from(is_article);
    let mut total: i128 = 0;
    let mut current: Option<i128> = is_article.then_some(1);
    let mut largest = i128::MAX;
    let mut precision = Rational::ONE;
    let mut words_read = 0;
    while words_read < 16 {
        let joined = end > at && reader.sign(end, '-') && reader.is_glued(end);
        let and = words_read > 0
            && reader.word(end) == "and"
            && largest < i128::MAX
            && words::cardinal(reader.word(end + 1)).is_some();
        let next = end + usize::from(joined) + usize::from(and);
        let word = reader.word(next);
        if let Some(value) = words::cardinal(word) {
            match current {
                None => current = Some(value),
                Some(tens)
                    if tens % 100 >= 20 && tens % 10 == 0 && (1..10).contains(&value) && joined =>
                {
                    current = Some(tens + value);
                }
                Some(hundreds)
                    if hundreds >= 100 && hundreds % 100 == 0 && (and || words_read > 0) =>
                {
                    current = Some(hundreds + value);
                }
                Some(_) => break,
            }
            precision = Rational::ONE;
        } else if word == "dozen" && current.is_some() && total == 0 {
            current = current.and_then(|value| value.checked_mul(12));
            end = next + 1;
            words_read += 1;
            break;
        } else if let Some(scale) = words::scale(word) {
            let value = current?;
            if scale == 100 {
                if value >= 100 {
                    break;
                }
                current = Some(value.checked_mul(100)?);
                largest = largest.min(99_999);
            } else {
                // "a hundred thousand million" is not written; "hundred million" is.
                if scale >= largest && total > 0 {
                    break;
                }
                let product = value.checked_mul(scale)?;
                if words::scale(reader.word(next + 1)).is_none() {
                    total = total.checked_add(product)?;
                    current = None;
                } else {
                    current = Some(product);
                }
                largest = scale;
            }
            precision = Rational::whole(scale);
        } else {
            break;
        }
        end = next + 1;
        words_read += 1;
    }
    (words_read > 0).then_some(Spelt {
        end,
        value: total.checked_add(current.unwrap_or(0))?,
        precision,
        scale: if largest < i128::MAX { largest } else { 1 },
        words: words_read,
    })
}

/// `two-thirds`, `three quarters`, `one fifth`; "the first three quarters" are of a year.
fn spelt_fraction(reader: &Reader<'_>, at: usize, sum: &Spelt) -> Option<Phrase> {
    let joined = usize::from(reader.sign(sum.end, '-') && reader.is_glued(sum.end));
    let word = reader.word(sum.end + joined);
    let before = at.checked_sub(1).map_or("", |before| reader.word(before));
    let is_of_year = word.starts_with("quarter")
        && matches!(
            before,
            "first" | "last" | "past" | "previous" | "next" | "these" | "final"
        );
    let below = words::denominator(word).filter(|_| sum.value < 20 && !is_of_year)?;
    let is_clock = below == 4 && matches!(reader.word(sum.end + joined + 1), "to" | "past");
    if (sum.value == 1) == word.ends_with('s') || is_clock {
        return None;
    }
    let weight = if sum.value == 1 && below == 2 {
        Weight::Soft
    } else {
        Weight::Medium
    };
    Some(fraction(sum.end + joined + 1, sum.value, below, weight))
}

/// `two and a half million`, `two-and-a-half`: the token after it, its value and precision.
fn and_a_half(reader: &Reader<'_>, sum: &Spelt) -> Option<(usize, Rational, Rational)> {
    let words_after: Vec<usize> = (sum.end..sum.end + 6)
        .filter(|at| !reader.sign(*at, '-'))
        .take(3)
        .collect();
    let [and, article, part] = words_after[..] else {
        return None;
    };
    if sum.words != 1 || sum.value >= 20 || reader.word(and) != "and" || reader.word(article) != "a"
    {
        return None;
    }
    let below = match reader.word(part) {
        "half" => 2,
        "quarter" => 4,
        _ => return None,
    };
    let number = Rational::whole(sum.value).plus(Rational::new(1, below)?)?;
    let tenth = Rational::new(1, 10)?;
    Some(match words::scale(reader.word(part + 1)) {
        Some(scale) => {
            let scale = Rational::whole(scale);
            (part + 2, number.times(scale)?, tenth.times(scale)?)
        }
        None => (part + 1, number, tenth),
    })
}

fn fraction(end: usize, above: i128, below: i128, weight: Weight) -> Phrase {
    let value = Rational::new(above, below).unwrap_or(Rational::ONE);
    let mut phrase = Phrase::new(end, value, Rational::ONE, weight);
    phrase.kind = Kind::Fraction;
    phrase
}
