//! English words that hold a number.

/// A cardinal below 100 in one word.
pub(super) fn cardinal(word: &str) -> Option<i128> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// A power of ten in one word, singular.
pub(super) fn scale(word: &str) -> Option<i128> {
    Some(match word {
        "hundred" => 100,
        "thousand" => 1000,
        "lakh" => 100_000,
        "million" | "millon" | "mn" | "mln" => 1_000_000,
        "crore" => 10_000_000,
        "billion" | "billon" | "bilion" | "bn" | "bln" => 1_000_000_000,
        "trillion" | "trilion" | "tn" | "trn" => 1_000_000_000_000,
        _ => return None,
    })
}

/// A power of ten in the plural, for `tens of thousands`.
pub(super) fn scales(word: &str) -> Option<i128> {
    Some(match word {
        "tens" => 10,
        "dozens" => 12,
        "scores" => 20,
        _ => return scale(word.strip_suffix('s')?),
    })
}

/// An ordinal in one word.
pub(super) fn ordinal(word: &str) -> Option<i128> {
    Some(match word {
        "first" | "firstly" => 1,
        "second" | "secondly" => 2,
        "third" | "thirdly" => 3,
        "fourth" | "fourthly" => 4,
        "fifth" | "fifthly" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        "fortieth" => 40,
        "fiftieth" => 50,
        "sixtieth" => 60,
        "seventieth" => 70,
        "eightieth" => 80,
        "ninetieth" => 90,
        "hundredth" => 100,
        "thousandth" => 1000,
        _ => return None,
    })
}

/// The denominator of a fraction: `thirds`, `quarter`, `tenth`.
pub(super) fn denominator(word: &str) -> Option<i128> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    match singular {
        "half" | "halve" => Some(2),
        "quarter" => Some(4),
        "first" | "second" | "firstly" => None,
        other => ordinal(other).filter(|value| *value <= 100),
    }
}

/// A month, by name or usual abbreviation.
pub(super) fn month(word: &str) -> Option<i128> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// A day of the week; Monday is 1.
pub(super) fn weekday(word: &str) -> Option<i128> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "monday" | "mon" => 1,
        "tuesday" | "tue" => 2,
        "wednesday" | "wed" | "wedne" => 3,
        "thursday" | "thur" | "thu" => 4,
        "friday" | "fri" => 5,
        "saturday" | "sat" => 6,
        "sunday" => 7,
        _ => return None,
    })
}

/// A decade by name: `the eighties`.
pub(super) fn decade(word: &str) -> Option<i128> {
    Some(match word {
        "twenties" => 20,
        "thirties" => 30,
        "forties" => 40,
        "fifties" => 50,
        "sixties" => 60,
        "seventies" => 70,
        "eighties" => 80,
        "nineties" => 90,
        _ => return None,
    })
}

/// A growth to a multiple, said by a verb.
pub(super) fn multiple(word: &str) -> Option<i128> {
    Some(match word {
        "double" | "doubles" | "doubled" | "doubling" => 2,
        "triple" | "triples" | "tripled" | "tripling" | "treble" | "trebled" => 3,
        "quadruple" | "quadruples" | "quadrupled" | "quadrupling" => 4,
        "quintuple" | "quintupled" => 5,
        _ => return None,
    })
}

/// `twofold`, `tenfold`; the digits of `10-fold` are read as a figure.
pub(super) fn fold(word: &str) -> Option<i128> {
    word.strip_suffix("fold").and_then(cardinal)
}

/// Words that may stand for a small number, and are never asked for.
pub(super) fn soft(word: &str) -> Option<i128> {
    Some(match word {
        "once" | "single" | "sole" | "only" | "another" | "each" | "every" | "per" | "alone" => 1,
        "both" | "couple" | "pair" | "pairs" | "duo" | "two-way" | "twin" | "twins"
        | "bilateral" | "either" | "neither" | "mutual" | "respective" | "brace" => 2,
        "trio" | "triplets" | "trilateral" | "hat" => 3,
        "quartet" | "quadrennial" | "semifinal" | "semifinals" => 4,
        "quarterfinal" | "quarterfinals" => 8,
        _ => return None,
    })
}
