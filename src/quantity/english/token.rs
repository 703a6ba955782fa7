//! Words, figures and signs of an English text.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A word in lower case, without a possessive `'s`.
    Word(String),
    /// Plain digits, groups taken out, with at most one point.
    Figure(String),
    /// A name with digits in it.
    Code,
    /// Any other character but white space.
    Sign(char),
}

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub range: Range<usize>,
    pub sort: Sort,
    /// Whether white space, or the start of the text, stands before it.
    pub apart: bool,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.sort {
            Sort::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.sort == Sort::Sign(sign)
    }
}

/// Words that stand before digits without making a name of them: `mid-1980s`, `RMB500`.
fn is_prefix(word: &str) -> bool {
    matches!(
        word,
        "us" | "fy"
            | "rub"
            | "krw"
            | "jpy"
            | "twd"
            | "nzd"
            | "sgd"
            | "cad"
            | "chf"
            | "inr"
            | "thb"
            | "ils"
            | "brl"
            | "php"
            | "idr"
            | "zar"
            | "sek"
            | "nok"
            | "dkk"
            | "sar"
            | "aed"
            | "rmb"
            | "cny"
            | "usd"
            | "hk"
            | "nt"
            | "rs"
            | "rm"
            | "myr"
            | "eur"
            | "gbp"
            | "aud"
            | "hkd"
            | "no"
            | "mid"
            | "post"
            | "pre"
            | "early"
            | "late"
            | "under"
            | "over"
            | "sub"
            | "ex"
            | "non"
            | "about"
            | "to"
            | "a"
            | "an"
            | "and"
            | "the"
            | "than"
            | "from"
            | "nearly"
            | "at"
            | "in"
            | "of"
            | "by"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "may"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
            | "q"
            | "january"
            | "february"
            | "march"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "year"
            | "week"
            | "day"
            | "yuan"
            | "plus"
            | "minus"
    )
}

/// Letters glued to digits that don't make a name of them.
fn is_suffix(letters: &str) -> bool {
    matches!(
        letters.to_ascii_lowercase().as_str(),
        "st" | "nd"
            | "rd"
            | "th"
            | "s"
            | "bn"
            | "b"
            | "m"
            | "mn"
            | "mln"
            | "bln"
            | "k"
            | "tn"
            | "trn"
            | "t"
            | "km"
            | "sq"
            | "p"
            | "kg"
            | "cm"
            | "mm"
            | "nm"
            | "g"
            | "mg"
            | "kwh"
            | "kw"
            | "mw"
            | "gw"
            | "mwh"
            | "gwh"
            | "twh"
            | "kv"
            | "v"
            | "w"
            | "ml"
            | "l"
            | "ft"
            | "mph"
            | "kph"
            | "kmh"
            | "am"
            | "pm"
            | "x"
            | "hz"
            | "khz"
            | "mhz"
            | "ghz"
            | "gb"
            | "mb"
            | "tb"
            | "kb"
            | "lb"
            | "lbs"
            | "oz"
            | "ha"
            | "sqm"
            | "pc"
            | "yo"
            | "yuan"
            | "rmb"
            | "usd"
            | "percent"
            | "million"
            | "billion"
            | "trillion"
            | "year"
            | "c"
            | "f"
            | "h"
            | "min"
            | "hp"
            | "pts"
            | "kilometer"
            | "kilometers"
            | "meters"
            | "metres"
            | "years"
            | "days"
            | "hours"
            | "minutes"
            | "seconds"
    )
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut apart = true;
    while at < bytes.len() {
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        if c.is_whitespace() || c == '\u{feff}' {
            apart = true;
            at += c.len_utf8();
            continue;
        }
        let (end, sort) = if c.is_ascii_digit() {
            figure(text, at)
        } else if c.is_alphabetic() {
            word(text, at)
        } else {
            (at + c.len_utf8(), Sort::Sign(plain(c)))
        };
        tokens.push(Token {
            range: at..end,
            sort,
            apart,
            capital: c.is_uppercase(),
        });
        at = end;
        apart = false;
        if text[at..].starts_with("'s") || text[at..].starts_with("\u{2019}s") {
            let length = if bytes[at] == b'\'' { 2 } else { 4 };
            if !text[at + length..].starts_with(char::is_alphanumeric)
                && matches!(tokens.last().map(|token| &token.sort), Some(Sort::Word(_)))
            {
                at += length;
            }
        }
    }
    tokens
}

fn plain(c: char) -> char {
    match c {
        '–' | '—' | '‐' | '‑' | '−' | '～' | '~' => '-',
        '％' => '%',
        '：' => ':',
        '’' => '\'',
        other => other,
    }
}

fn is_digit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

fn figure(text: &str, at: usize) -> (usize, Sort) {
    let bytes = text.as_bytes();
    let run = |from: usize| {
        let mut end = from;
        while is_digit(bytes, end) {
            end += 1;
        }
        end
    };
    let mut end = run(at);
    if end - at <= 3 && bytes[at] != b'0' {
        while bytes.get(end) == Some(&b',') && run(end + 1) == end + 4 {
            end += 4;
        }
    }
    if bytes.get(end) == Some(&b'.') && is_digit(bytes, end + 1) {
        end = run(end + 1);
    }
    // "2. 4 trillion" and "84. 32%": a blank slipped in after the point.
    if bytes.get(end) == Some(&b'.')
        && bytes.get(end + 1) == Some(&b' ')
        && is_digit(bytes, end + 2)
    {
        let tail = run(end + 2);
        let rest = text[tail..].trim_start();
        let goes_on = ["%", "million", "billion", "trillion", "percent"]
            .iter()
            .any(|word| rest.starts_with(word));
        if goes_on && !text[at..end].contains('.') {
            let digits = format!("{}.{}", &text[at..end], &text[end + 2..tail]);
            return (tail, Sort::Figure(digits.replace(',', "")));
        }
    }
    let is_sum = bytes.get(end) == Some(&b'+') && is_digit(bytes, end + 1);
    let is_version = bytes.get(end) == Some(&b'.') && is_digit(bytes, end + 1);
    let is_listed = bytes.get(end) == Some(&b'.')
        && bytes[end + 1..]
            .iter()
            .take(2)
            .filter(|byte| byte.is_ascii_uppercase())
            .count()
            == 2;
    let letters: &str = &text[end..end
        + bytes[end..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count()];
    let then_digit = is_digit(bytes, end + letters.len());
    // 5G is a name, 5g five grams; 3D and 4K are names, 50K is 50,000.
    let is_name = match letters {
        "" => false,
        "G" | "D" | "K" | "P" if end - at == 1 => true,
        letters => !is_suffix(letters) || then_digit,
    };
    if is_sum || is_version || is_listed || is_name {
        return (code_end(text, at), Sort::Code);
    }
    let digits = text[at..end].chars().filter(|c| *c != ',').collect();
    (end, Sort::Figure(digits))
}

fn word(text: &str, at: usize) -> (usize, Sort) {
    let bytes = text.as_bytes();
    for (dotted, plain) in [("a.m", "am"), ("p.m", "pm"), ("u.s", "us")] {
        let end = at + dotted.len();
        if bytes
            .get(at..end)
            .is_some_and(|part| part.eq_ignore_ascii_case(dotted.as_bytes()))
            && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
        {
            let end = end + usize::from(bytes.get(end) == Some(&b'.'));
            return (end, Sort::Word(plain.to_owned()));
        }
    }
    let mut end = at;
    for c in text[at..].chars() {
        if !c.is_alphabetic() {
            break;
        }
        end += c.len_utf8();
    }
    let word = text[at..end].to_lowercase();
    let glued = is_digit(bytes, end);
    let hyphen = matches!(bytes.get(end), Some(b'-')) && is_digit(bytes, end + 1);
    let is_upper = text[at..].starts_with(char::is_uppercase);
    if (glued && !is_prefix(&word)) || (hyphen && is_upper && !is_prefix(&word)) {
        return (code_end(text, at), Sort::Code);
    }
    (end, Sort::Word(word))
}

/// The end of a run of letters, digits and marks inside it.
fn code_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() {
        let is_mark = matches!(bytes[end], b'-' | b'.' | b'/' | b'_' | b'+')
            && bytes
                .get(end + 1)
                .is_some_and(|next| next.is_ascii_digit() || next.is_ascii_uppercase());
        if !(bytes[end].is_ascii_alphanumeric() || is_mark) {
            break;
        }
        end += 1;
    }
    if end == at {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    } else {
        end
    }
}
