//! Amounts in English.

mod context;
mod dates;
mod phrase;
mod token;
mod words;

use token::{Sort, Token};

use super::unit::{DOLLAR, PREFIXES, USD};
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

    /// Reads a number from the token `at` on, with its unit; `start` is where its currency begins.
    fn amount(&mut self, start: usize, at: usize, money: Option<Unit>) -> Option<usize> {
        let phrase = phrase::read(self, at, money.is_some())?;
        let mut end = phrase.end;
        let mut kind = phrase.kind;
        let mut unit = money;
        let mut weight = phrase.weight;
        let (mut low, mut high, mut precision) = (phrase.low, phrase.high, phrase.precision);
        let mut also = phrase.also;
        if kind == Kind::Count || kind == Kind::Fraction {
            if let Some(next) = self.basis_points(end) {
                let hundred = Rational::whole(100);
                (low, high) = (low.over(hundred)?, high.over(hundred)?);
                precision = precision.over(hundred)?;
                (end, kind, weight) = (next, Kind::Points, Weight::Strong);
            } else if kind == Kind::Fraction
                && let Some(next) = self.part_of_point(end)
            {
                (end, kind, weight) = (next, Kind::Points, Weight::Strong);
            } else if let Some((next, part)) = self.part(end) {
                // Half a percent is 0.5%.
                (end, kind) = (next, part);
                weight = Weight::Strong;
            } else if kind == Kind::Count
                && let Some((next, value_also)) = self.times_after(end)
            {
                end = next;
                kind = Kind::Times;
                weight = weight.min(Weight::Medium);
                if value_also {
                    also = low.plus(Rational::ONE);
                }
            } else if let Some((next, found)) = context::unit(self.tokens, end)
                && !(found.name == "KRW" && low < Rational::whole(1000))
            {
                end = next;
                if unit.is_none() || found.is_currency() {
                    unit = Some(found);
                }
                if kind == Kind::Count
                    && (low >= Rational::whole(13) || found.is_currency())
                    && !phrase.is_vague
                {
                    weight = Weight::Strong;
                }
            } else if self.word(end) == "of"
                && self.word(end + 1) == "a"
                && let Some((next, found)) = context::unit(self.tokens, end + 2)
                && kind == Kind::Fraction
            {
                // Half of a year.
                end = next;
                unit = Some(found);
            } else if kind == Kind::Fraction
                && matches!(self.word(end), "a" | "an")
                && let Some((next, found)) = context::unit(self.tokens, end + 1)
            {
                end = next;
                unit = Some(found);
            }
        }
        if unit.is_some_and(|unit| unit.name == USD.name) && money.is_some() {
            unit = money;
        }
        // "two and a half years", "a year and a half"
        if unit.is_some()
            && kind == Kind::Count
            && self.word(end) == "and"
            && self.word(end + 1) == "a"
            && self.word(end + 2) == "half"
            && let Some(half) = Rational::new(1, 2)
            && let Some(value) = low.plus(half)
        {
            (low, high, precision) = (value, value, half);
            end += 3;
        }
        // A bare 1998 is a year.
        if kind == Kind::Count
            && unit.is_none()
            && phrase.is_bare
            && self.figure(at).is_some_and(|digits| digits.len() == 4)
            && low >= Rational::whole(1800)
            && low < Rational::whole(2100)
            && self.looks_like_year(at, end)
        {
            kind = Kind::Year;
            weight = Weight::Medium;
        }
        let first = self.tokens.get(start)?.range.start;
        let last = self.tokens.get(end - 1)?.range.end;
        let change = context::change(&self.lower, first);
        // "Fell by a third" says how much.
        if kind == Kind::Fraction && change.direction.is_some() {
            weight = weight.max(Weight::Medium);
        }
        let mention = Mention {
            range: first..last,
            span: [0, 0],
            kind,
            low,
            high,
            also,
            precision,
            unit,
            bound: context::bound(&self.lower, first, last),
            change,
            weight,
            suspect: false,
        };
        self.share(&mention, &phrase, start);
        if !self.joins_duration(&mention, start) {
            self.mentions.push(mention);
        }
        Some(end)
    }

    /// Adds minutes to the hours right before them, seconds to minutes: one length of time.
    fn joins_duration(&mut self, mention: &Mention, start: usize) -> bool {
        let Some(last) = self.mentions.last_mut() else {
            return false;
        };
        let (Some(larger), Some(smaller)) = (last.unit, mention.unit) else {
            return false;
        };
        let is_next = matches!(
            (larger.name, smaller.name),
            ("hour", "minute") | ("minute", "second") | ("second", "second")
        );
        let between = &self.lower[last.range.end..mention.range.start];
        let is_adjacent = matches!(between.trim(), "" | "," | "and" | ", and");
        if !is_next || !is_adjacent || start == 0 || mention.range.start <= last.range.end {
            return false;
        }
        let (Some(a), Some(b)) = (larger.to_base(last.low), smaller.to_base(mention.low)) else {
            return false;
        };
        let Some(total) = a.plus(b) else { return false };
        (last.low, last.high) = (total, total);
        last.precision = smaller.to_base(Rational::ONE).unwrap_or(Rational::ONE);
        last.range.end = mention.range.end;
        last.weight = Weight::Strong;
        // Minutes joined to hours may still take seconds.
        last.unit = Some(super::SECOND);
        true
    }

    /// Whether a four-digit figure is a year: no noun that it would count follows.
    fn looks_like_year(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let counts = !self.word(end).is_empty()
            && self.word(end).ends_with('s')
            && !matches!(
                before,
                "in" | "since" | "of" | "the" | "from" | "until" | "by" | "to"
            );
        let is_after_month = words::month(before).is_some();
        is_after_month || !counts
    }

    /// `%`, `percent`, `percentage points` after a number.
    fn part(&self, at: usize) -> Option<(usize, Kind)> {
        if self.sign(at, '%') {
            return Some((at + 1, Kind::Percent));
        }
        let at = at + usize::from(self.sign(at, '-'));
        match (self.word(at), self.word(at + 1)) {
            ("percentage", "point" | "points") | ("percent", "points" | "point") => {
                Some((at + 2, Kind::Points))
            }
            ("percentage", _)
                if self.sign(at + 1, '-') && self.word(at + 2).starts_with("point") =>
            {
                Some((at + 3, Kind::Points))
            }
            ("per", "cent") => Some((at + 2, Kind::Percent)),
            ("percent" | "pc", _) => Some((at + 1, Kind::Percent)),
            ("ppt" | "ppts" | "pp", _) => Some((at + 1, Kind::Points)),
            _ => None,
        }
    }

    /// `basis points` after a number.
    fn basis_points(&self, at: usize) -> Option<usize> {
        let at = at + usize::from(self.sign(at, '-'));
        let next = at + 1 + usize::from(self.sign(at + 1, '-'));
        (self.word(at) == "basis" && self.word(next).starts_with("point")).then_some(next + 1)
    }

    /// `point` after `a quarter` and `half a`, where it is a percentage point.
    fn part_of_point(&self, at: usize) -> Option<usize> {
        let at = at + usize::from(self.sign(at, '-') || self.word(at) == "of");
        let at = at + usize::from(matches!(self.word(at), "a" | "an"));
        match self.word(at) {
            "percentage" if self.word(at + 1) == "point" => Some(at + 2),
            "point" => Some(at + 1),
            _ => None,
        }
    }

    /// `times`, `-fold` after a number, and whether "more" makes it one more.
    fn times_after(&self, at: usize) -> Option<(usize, bool)> {
        let at = at + usize::from(self.sign(at, '-'));
        match self.word(at) {
            "times" => {
                let is_more = matches!(
                    self.word(at + 1),
                    "more" | "higher" | "larger" | "greater" | "bigger" | "faster" | "longer"
                );
                Some((at + 1, is_more))
            }
            "fold" => Some((at + 1, false)),
            "x" if self.is_glued(at) => Some((at + 1, false)),
            _ => None,
        }
    }

    /// `an hour`, `a year and a half`, `per hectare`: one of a unit.
    fn one_unit(&mut self, at: usize) -> Option<usize> {
        use super::Dimension::{Area, Mass, Time, Volume};
        if !matches!(self.word(at), "a" | "an" | "per" | "each" | "every") {
            return None;
        }
        // "A m" and "a second" are no units; a short name must follow a number.
        let (mut end, unit) = context::unit(self.tokens, at + 1)
            .filter(|(end, unit)| matches!(unit.dimension, Time | Area | Mass | Volume) && self.word(end - 1).len() > 1)?;
        let mut value = Rational::ONE;
        let mut weight = if unit.dimension == Time { Weight::Soft } else { Weight::Medium };
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
            let is_verb = word.ends_with("ed") || word.ends_with("ing") || word.ends_with('s');
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

    /// Gives the start of a range the scale and unit of its end: `3 to 5 million`, `10-15%`.
    fn share(&mut self, mention: &Mention, phrase: &phrase::Phrase, start: usize) {
        let Some(first) = self.mentions.last_mut() else {
            return;
        };
        let joined = start >= 1
            && self
                .tokens
                .get(start - 1)
                .is_some_and(|token| token.range.start >= first.range.end);
        let adjacent = start >= 2
            && self
                .tokens
                .get(start - 2)
                .is_some_and(|token| token.range.end == first.range.end);
        if !joined
            || !adjacent
            || !matches!(first.kind, Kind::Count | Kind::Fraction | Kind::Ordinal)
        {
            return;
        }
        let join = &self.tokens[start - 1];
        let is_and = join.word() == Some("and")
            && self.lower[..first.range.start]
                .trim_end()
                .ends_with("between");
        let is_range = join.is_sign('-') || matches!(join.word(), Some("to" | "or")) || is_and;
        let is_list = join.word() == Some("and") || join.is_sign(',');
        if !is_range && !is_list {
            return;
        }
        if is_range
            && let Some((mantissa, scale)) = phrase.parts
            && scale > Rational::ONE
            && first.low < mantissa
            && first.unit.is_none_or(|unit| unit.is_currency())
            && first.is_exact()
            && let (Some(value), Some(precision)) =
                (first.low.times(scale), first.precision.times(scale))
        {
            (first.low, first.high, first.precision) = (value, value, precision);
            first.weight = first.weight.max(mention.weight);
        }
        if is_range && first.unit.is_none() && first.kind == Kind::Count {
            first.unit = mention.unit;
            if matches!(mention.kind, Kind::Percent | Kind::Points | Kind::Times) {
                first.kind = mention.kind;
                first.weight = first.weight.max(mention.weight);
            }
        } else if is_list
            && first.kind == Kind::Count
            && first.unit.is_none()
            && matches!(mention.kind, Kind::Percent | Kind::Points)
        {
            first.kind = mention.kind;
        }
    }
}
