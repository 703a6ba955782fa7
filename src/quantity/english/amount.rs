//! An English number with what follows it: shares, multiples, units, ranges, lengths of time.

use super::phrase::{self, Phrase};
use super::token::Sort;
use super::{Reader, context, words};
use crate::quantity::{Change, Dimension, Kind, Mention, Rational, SECOND, Unit, Weight};

impl Reader<'_> {
    /// Reads a number from the token `at` on, with its unit; `start` is where its currency begins.
    pub(super) fn amount(&mut self, start: usize, at: usize, money: Option<Unit>) -> Option<usize> {
        let mut phrase = phrase::read(self, at, money.is_some())?;
        let mut unit = money;
        self.part_or_times(&mut phrase)?;
        if matches!(phrase.kind, Kind::Count | Kind::Fraction) {
            self.unit_after(&mut phrase, &mut unit);
        }
        // A bare 1998 is a year.
        if phrase.kind == Kind::Count
            && unit.is_none()
            && phrase.is_bare
            && self.figure(at).is_some_and(|digits| digits.len() == 4)
            && phrase.low >= Rational::whole(1800)
            && phrase.low < Rational::whole(2100)
            && self.looks_like_year(at, phrase.end)
        {
            phrase.kind = Kind::Year;
            phrase.weight = Weight::Medium;
        }
        let first = self.tokens.get(start)?.range.start;
        let last = self.tokens.get(phrase.end - 1)?.range.end;
        let change = context::change(&self.lower, first);
        // "Fell by a third" says how much.
        if phrase.kind == Kind::Fraction && change.direction.is_some() {
            phrase.weight = phrase.weight.max(Weight::Medium);
        }
        let mut change = change;
        let mut bound = context::bound(&self.lower, first, last);
        if phrase.kind == Kind::Percent {
            if self.is_of_price(phrase.end) {
                phrase.kind = Kind::Price;
                change = Change::default();
            } else if let Some(end) = self.reduction(start, phrase.end) {
                let hundred = Rational::whole(100);
                (phrase.low, phrase.high) =
                    (hundred.minus(phrase.high)?, hundred.minus(phrase.low)?);
                (phrase.kind, phrase.end) = (Kind::Price, end);
                (bound, change) = (bound.turned(), Change::default());
            }
        }
        let last = self.tokens.get(phrase.end - 1)?.range.end;
        self.sign_of(start, &mut phrase, unit)?;
        let mention = Mention {
            range: first..last,
            span: [0, 0],
            kind: phrase.kind,
            low: phrase.low,
            high: phrase.high,
            also: phrase.also,
            precision: phrase.precision,
            unit,
            bound,
            change,
            weight: phrase.weight,
            suspect: false,
        };
        self.share(&mention, &phrase, start);
        if !self.joins_duration(&mention, start) {
            self.mentions.push(mention);
        }
        Some(phrase.end)
    }

    /// Takes what makes a number a share, a step in points, or a multiple. `None` only where a
    /// value does not fit.
    fn part_or_times(&self, phrase: &mut Phrase) -> Option<()> {
        if !matches!(phrase.kind, Kind::Count | Kind::Fraction) {
            return Some(());
        }
        if let Some(next) = self.basis_points(phrase.end) {
            let hundred = Rational::whole(100);
            phrase.low = phrase.low.over(hundred)?;
            phrase.high = phrase.high.over(hundred)?;
            phrase.precision = phrase.precision.over(hundred)?;
            (phrase.end, phrase.kind, phrase.weight) = (next, Kind::Points, Weight::Strong);
        } else if phrase.kind == Kind::Fraction
            && let Some(next) = self.part_of_point(phrase.end)
        {
            (phrase.end, phrase.kind, phrase.weight) = (next, Kind::Points, Weight::Strong);
        } else if let Some((next, part)) = self.part(phrase.end) {
            // Half a percent is 0.5%.
            (phrase.end, phrase.kind, phrase.weight) = (next, part, Weight::Strong);
        } else if phrase.kind == Kind::Count
            && let Some((next, is_more)) = self.times_after(phrase.end)
        {
            (phrase.end, phrase.kind) = (next, Kind::Times);
            phrase.weight = phrase.weight.min(Weight::Medium);
            if is_more {
                phrase.also = phrase.low.plus(Rational::ONE);
            }
        }
        Some(())
    }

    /// Takes the unit after a number, and a half after the unit: `two years and a half`.
    fn unit_after(&self, phrase: &mut Phrase, unit: &mut Option<Unit>) {
        // Half a year, half of a year, half an hour.
        let of = usize::from(phrase.kind == Kind::Fraction && self.word(phrase.end) == "of");
        let article = usize::from(
            phrase.kind == Kind::Fraction && matches!(self.word(phrase.end + of), "a" | "an"),
        );
        let from = if article == 1 {
            phrase.end + of + 1
        } else {
            phrase.end
        };
        let Some((next, found)) = context::unit(self.tokens, from) else {
            return;
        };
        // "Won" after a small number is a verb.
        if found.name == "KRW" && phrase.low < Rational::whole(1000) {
            return;
        }
        phrase.end = next;
        // US$5 million dollars: the sign says more than the word.
        if unit.is_none() {
            *unit = Some(found);
        }
        if phrase.kind != Kind::Count {
            // Half a year is an amount, not a share.
            phrase.kind = Kind::Count;
            phrase.weight = phrase.weight.max(Weight::Medium);
            return;
        }
        if (phrase.low >= Rational::whole(13) || found.is_currency()) && !phrase.is_vague {
            phrase.weight = Weight::Strong;
        }
        let end = phrase.end;
        if (self.word(end), self.word(end + 1), self.word(end + 2)) == ("and", "a", "half")
            && let Some(half) = Rational::new(1, 2)
            && let Some(value) = phrase.low.plus(half)
        {
            (phrase.low, phrase.high, phrase.precision) = (value, value, half);
            phrase.end += 3;
        }
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
            ("hour", "minute") | ("minute" | "second", "second")
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
        last.unit = Some(SECOND);
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
            ("percentage" | "percent", "point" | "points") => Some((at + 2, Kind::Points)),
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

    /// Makes an amount negative where `minus`, its sign or `below zero` says so. A minus sign is
    /// told from a hyphen by the degrees after the number. `None` only where a value does not fit.
    fn sign_of(&self, start: usize, phrase: &mut Phrase, unit: Option<Unit>) -> Option<()> {
        if phrase.kind != Kind::Count || phrase.low != phrase.high {
            return Some(());
        }
        let is_warm = unit.is_some_and(|unit| unit.dimension == Dimension::Temperature);
        let has_degrees = is_warm
            || matches!(self.word(phrase.end), "degree" | "degrees")
            || self.sign(phrase.end, '°');
        let before = start.checked_sub(1);
        let is_word =
            before.is_some_and(|before| matches!(self.word(before), "minus" | "negative"));
        let is_sign = before.is_some_and(|before| {
            let is_free = self.tokens[before].apart
                || before.checked_sub(1).is_none_or(|at| {
                    matches!(self.tokens[at].sort, Sort::Sign(sign) if sign != '°' && sign != '℃')
                });
            self.is_glued(start)
                && (self.sign(before, '−')
                    || ((self.sign(before, '-') || self.sign(before, '–')) && is_free))
        });
        let mut next = phrase.end;
        while next < phrase.end + 3
            && (matches!(
                self.word(next),
                "degree" | "degrees" | "celsius" | "centigrade" | "fahrenheit" | "c" | "f"
            ) || self.sign(next, '°'))
        {
            next += 1;
        }
        let is_below = self.word(next) == "below"
            && (self.word(next + 1) == "zero" || self.figure(next + 1) == Some("0"));
        let negative = Rational::ZERO.minus(phrase.low)?;
        if is_below || ((is_word || is_sign) && has_degrees) {
            (phrase.low, phrase.high) = (negative, negative);
        } else if is_word
            || is_sign
            // It was 40 below.
            || (self.word(next) == "below"
                && self.word(next + 1).is_empty()
                && self.figure(next + 1).is_none())
            || has_degrees
                && [
                    "below zero",
                    "below freezing",
                    "subzero",
                    "sub-zero",
                    "minus",
                ]
                .iter()
                .any(|words| self.lower.contains(words))
        {
            phrase.also = phrase.also.or(Some(negative));
        }
        Some(())
    }

    /// Whether a percentage is of a price: `80% of the original price`.
    fn is_of_price(&self, at: usize) -> bool {
        self.word(at) == "of"
            && (at + 1..at + 4).any(|at| matches!(self.word(at), "price" | "prices"))
    }

    /// The token after a percentage that a price is less: `20% off`, `a 20 percent discount`, `a
    /// discount of 20%`.
    fn reduction(&self, start: usize, at: usize) -> Option<usize> {
        let hyphen = usize::from(self.sign(at, '-'));
        if matches!(
            self.word(at + hyphen),
            "off" | "discount" | "discounts" | "cheaper"
        ) {
            return Some(at + hyphen + 1);
        }
        let words = [start.checked_sub(2)?, start - 1].map(|at| self.word(at));
        matches!(
            words,
            ["discount" | "discounts", "of"] | ["discounted", "by"]
        )
        .then_some(at)
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

    /// Gives the start of a range the scale and unit of its end: `3 to 5 million`, `10-15%`.
    fn share(&mut self, mention: &Mention, phrase: &Phrase, start: usize) {
        let is_of_price = self.is_of_price(phrase.end);
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
        if !joined || !adjacent || !matches!(first.kind, Kind::Count | Kind::Ordinal) {
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
        // 20-50% off
        if is_range && mention.kind == Kind::Price && first.kind == Kind::Count {
            if !is_of_price && let Some(rest) = Rational::whole(100).minus(first.low) {
                (first.low, first.high) = (rest, rest);
            }
            first.kind = Kind::Price;
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
