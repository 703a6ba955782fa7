//! Amounts in English.

mod amount;
mod context;
mod dates;
mod phrase;
mod token;
mod words;

use token::{Sort, Token};

use super::unit::{DOLLAR, PREFIXES};
use super::{Bound, Change, Kind, Mention, Rational, Unit, Weight};

/// The text as tokens, with an ASCII-lower-cased copy whose offsets are the same.
struct Reader<'a> {
    tokens: &'a [Token],
    lower: String,
    mentions: Vec<Mention>,
}

pub(super) fn read(text: &str) -> Vec<Mention> {
    let tokens = token::tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        lower: text.to_ascii_lowercase().replace('\u{a0}', "  "),
        mentions: Vec::new(),
    };
    let mut at = 0;
    while at < tokens.len() {
        at = reader.step(at).max(at + 1);
    }
    reader.mentions
}

impl<'a> Reader<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .and_then(Token::word)
            .unwrap_or_default()
    }

    fn sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_sign(sign))
    }

    fn figure(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at).map(|token| &token.sort) {
            Some(Sort::Figure(digits)) => Some(digits),
            _ => None,
        }
    }

    /// A figure without a point.
    fn whole(&self, at: usize) -> Option<i128> {
        self.figure(at)?.parse().ok()
    }

    fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.apart)
    }

    /// Adds a mention that covers the tokens from `start` to before `end`.
    fn push(&mut self, start: usize, end: usize, kind: Kind, value: Rational, weight: Weight) {
        let (Some(first), Some(last)) = (self.tokens.get(start), self.tokens.get(end - 1)) else {
            return;
        };
        self.mentions.push(Mention {
            range: first.range.start..last.range.end,
            span: [0, 0],
            kind,
            low: value,
            high: value,
            also: None,
            precision: Rational::ONE,
            unit: None,
            bound: Bound::Exact,
            change: Change::default(),
            weight,
            suspect: false,
        });
    }

    fn push_whole(&mut self, start: usize, end: usize, kind: Kind, value: i128, weight: Weight) {
        self.push(start, end, kind, Rational::whole(value), weight);
    }

    /// Reads what stands at a token, and gives the token to go on from.
    fn step(&mut self, at: usize) -> usize {
        let token = &self.tokens[at];
        match &token.sort {
            Sort::Code => {
                self.push(at, at + 1, Kind::Code, Rational::ZERO, Weight::Medium);
                at + 1
            }
            Sort::Sign(_) => match self.currency_sign(at) {
                Some((next, unit)) => self.amount(at, next, Some(unit)).unwrap_or(at + 1),
                None => at + 1,
            },
            Sort::Figure(_) => self
                .date_from_figure(at)
                .or_else(|| self.amount(at, at, None))
                .unwrap_or(at + 1),
            Sort::Word(_) => self
                .currency_word(at)
                .and_then(|(next, unit)| self.amount(at, next, Some(unit)))
                .or_else(|| self.date_from_word(at))
                .or_else(|| self.one_unit(at))
                .or_else(|| self.growth(at))
                .or_else(|| self.vague(at))
                .or_else(|| self.amount(at, at, None))
                .or_else(|| self.soft(at))
                .unwrap_or(at + 1),
        }
    }

    /// `$`, `€` before a figure, and the token after it.
    fn currency_sign(&self, at: usize) -> Option<(usize, Unit)> {
        let Sort::Sign(sign) = self.tokens[at].sort else {
            return None;
        };
        let mut buffer = [0; 4];
        let sign: &str = sign.encode_utf8(&mut buffer);
        let (_, unit) = PREFIXES.iter().find(|(name, _)| *name == sign)?;
        Some((at + 1, *unit))
    }

    /// `RMB`, `US$`, `HK$` before a figure, and the token after them.
    fn currency_word(&self, at: usize) -> Option<(usize, Unit)> {
        let word = self.word(at);
        if !self.tokens[at].capital {
            return None;
        }
        let with_sign = self.sign(at + 1, '$');
        let next = at + 1 + usize::from(with_sign);
        self.figure(next)?;
        let unit = if with_sign {
            PREFIXES
                .iter()
                .find(|(name, _)| name.strip_suffix('$') == Some(word))
                .map_or(DOLLAR, |(_, unit)| *unit)
        } else if word == "us" {
            return None;
        } else {
            PREFIXES.iter().find(|(name, _)| *name == word)?.1
        };
        Some((next, unit))
    }

    /// `an hour`, `a year and a half`, `per hectare`: one of a unit.
    fn one_unit(&mut self, at: usize) -> Option<usize> {
        use super::Dimension::{Area, Mass, Time, Volume};
        if !matches!(self.word(at), "a" | "an" | "per" | "each" | "every") {
            return None;
        }
        // "A m" and "a second" are no units; a short name must follow a number.
        let (mut end, unit) = context::unit(self.tokens, at + 1).filter(|(end, unit)| {
            matches!(unit.dimension, Time | Area | Mass | Volume) && self.word(end - 1).len() > 1
        })?;
        let mut value = Rational::ONE;
        let mut weight = if unit.dimension == Time {
            Weight::Soft
        } else {
            Weight::Medium
        };
        if (self.word(end), self.word(end + 1), self.word(end + 2)) == ("and", "a", "half") {
            value = Rational::new(3, 2)?;
            weight = Weight::Medium;
            end += 3;
        }
        self.push(at, end, Kind::Count, value, weight);
        if let Some(last) = self.mentions.last_mut() {
            last.unit = Some(unit);
        }
        Some(end)
    }

    /// `doubled`, `threefold`, `twice`.
    fn growth(&mut self, at: usize) -> Option<usize> {
        let word = self.word(at);
        if let Some(value) = words::multiple(word) {
            // "double standards" and "double room" are no growth: an adjective is never asked for.
            let before = at.checked_sub(1).map_or("", |before| self.word(before));
            let follows_verb = matches!(
                before,
                "to" | "will"
                    | "would"
                    | "could"
                    | "may"
                    | "might"
                    | "should"
                    | "than"
                    | "nearly"
                    | "almost"
            );
            let is_verb = follows_verb
                || word.ends_with("ed")
                || word.ends_with("ing")
                || word.ends_with('s');
            let weight = if is_verb {
                Weight::Medium
            } else {
                Weight::Soft
            };
            self.push_whole(at, at + 1, Kind::Multiple, value, weight);
            return Some(at + 1);
        }
        if let Some(value) = words::fold(word) {
            self.push_whole(at, at + 1, Kind::Times, value, Weight::Medium);
            return Some(at + 1);
        }
        if matches!(word, "twice" | "thrice") {
            let value = if word == "twice" { 2 } else { 3 };
            self.push_whole(at, at + 1, Kind::Times, value, Weight::Soft);
            return Some(at + 1);
        }
        None
    }

    /// `dozens`, `tens of thousands`, `hundreds of millions`, `several hundred`, `a few thousand`.
    fn vague(&mut self, at: usize) -> Option<usize> {
        let few = matches!(self.word(at), "several" | "few" | "many" | "couple");
        let mut end = at;
        let (mut low, mut high);
        if few {
            let of = usize::from(self.word(at + 1) == "of");
            let factor = match self.word(at + 1 + of) {
                "dozen" => 12,
                word => words::scale(word)
                    .or_else(|| words::scales(word))
                    .unwrap_or(1),
            };
            if factor == 1 {
                self.push_whole(at, at + 1, Kind::Count, 2, Weight::Soft);
                if let Some(last) = self.mentions.last_mut() {
                    last.high = Rational::whole(9);
                }
                return None;
            }
            low = 2 * factor;
            high = 9 * factor;
            end += 2 + of;
        } else {
            let factor = words::scales(self.word(at))?;
            low = factor;
            high = factor.checked_mul(99)?;
            end += 1;
        }
        while let Some(factor) = words::scale(self.word(end)).or_else(|| {
            (self.word(end) == "of")
                .then(|| words::scales(self.word(end + 1)))
                .flatten()
        }) {
            if end - at > 5 {
                break;
            }
            low = low.checked_mul(factor)?;
            high = high.checked_mul(factor)?;
            end += 1 + usize::from(self.word(end) == "of");
        }
        self.push_whole(at, end, Kind::Count, low, Weight::Soft);
        let unit = self.word(end) == "of";
        let unit = context::unit(self.tokens, end + usize::from(unit));
        if let Some(last) = self.mentions.last_mut() {
            last.high = Rational::whole(high);
            last.unit = unit.map(|(_, unit)| unit);
        }
        Some(end)
    }

    /// Words that may stand for a number and are never asked for.
    fn soft(&mut self, at: usize) -> Option<usize> {
        let word = self.word(at);
        let (kind, value) = if let Some(value) = words::soft(word) {
            (Kind::Count, value)
        } else {
            match word {
                "dozen" => (Kind::Count, 12),
                "decade" | "decadelong" => (Kind::Count, 10),
                "century" | "centenary" | "centennial" => (Kind::Count, 100),
                "fortnight" => (Kind::Count, 14),
                "noon" | "midday" => (Kind::Clock, 720),
                "midnight" => (Kind::Clock, 0),
                "teenage" | "teenager" | "teenagers" | "teens" => (Kind::Count, 13),
                "weekend" => (Kind::Weekday, 6),
                "christmas" => (Kind::Day, 25),
                _ => return None,
            }
        };
        self.push_whole(at, at + 1, kind, value, Weight::Soft);
        if matches!(word, "teenage" | "teenager" | "teenagers" | "teens")
            && let Some(last) = self.mentions.last_mut()
        {
            last.high = Rational::whole(19);
        }
        if matches!(word, "decade" | "century" | "fortnight")
            && let Some(last) = self.mentions.last_mut()
        {
            last.unit = Some(if word == "fortnight" {
                super::DAY
            } else {
                super::YEAR
            });
        }
        Some(at + 1)
    }
}
