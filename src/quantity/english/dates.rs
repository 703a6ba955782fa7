//! English dates, times of day and ordinals.

use super::{Reader, words};
use crate::quantity::{Kind, Rational, Weight};

impl Reader<'_> {
    /// A date or time that begins with a figure: `26th`, `1980s`, `8:30 p.m.`, `18 June 2020`.
    pub(super) fn date_from_figure(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = self.clock(at) {
            return Some(end);
        }
        let value = self.whole(at)?;
        let digits = self.figure(at)?.len();
        // 2020-06-18
        if digits == 4
            && (1000..2200).contains(&value)
            && (self.sign(at + 1, '-') || self.sign(at + 1, '/'))
            && let Some(month) = self.whole(at + 2).filter(|month| (1..=12).contains(month))
            && (self.sign(at + 3, '-') || self.sign(at + 3, '/'))
            && let Some(day) = self.whole(at + 4).filter(|day| (1..=31).contains(day))
        {
            self.push_whole(at, at + 1, Kind::Year, value, Weight::Medium);
            self.push_whole(at + 2, at + 3, Kind::Month, month, Weight::Medium);
            self.push_whole(at + 4, at + 5, Kind::Day, day, Weight::Medium);
            return Some(at + 5);
        }
        if self.is_glued(at + 1) {
            match self.word(at + 1) {
                "st" | "nd" | "rd" | "th" => return Some(self.ordinal(at, at + 2, value)),
                "s" if value % 10 == 0 && digits >= 2 => {
                    self.push_whole(at, at + 2, Kind::Decade, value % 100, Weight::Medium);
                    return Some(at + 2);
                }
                _ => {}
            }
        }
        if self.sign(at + 1, '\'')
            && self.is_glued(at + 1)
            && self.word(at + 2) == "s"
            && value % 10 == 0
        {
            self.push_whole(at, at + 3, Kind::Decade, value % 100, Weight::Medium);
            return Some(at + 3);
        }
        // 18 June
        if digits <= 2 && (1..=31).contains(&value) && self.is_month(at + 1) {
            self.push_whole(at, at + 1, Kind::Day, value, Weight::Medium);
            return Some(at + 1);
        }
        None
    }

    /// `8:30`, `8.30pm`, `8 p.m.`, `8 o'clock`.
    fn clock(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = self.stopwatch(at) {
            return Some(end);
        }
        let digits = self.figure(at)?.to_owned();
        let (hour, mut minute, mut end, mut exact) = match digits.split_once('.') {
            Some((hour, minute)) if minute.len() == 2 => {
                (hour.parse().ok()?, minute.parse().ok()?, at + 1, true)
            }
            Some(_) => return None,
            None => (digits.parse::<i128>().ok()?, 0, at + 1, false),
        };
        let with_point = exact;
        if !exact
            && self.sign(end, ':')
            && self.is_glued(end)
            && let Some(value) = self.whole(end + 1)
            && self.is_glued(end + 1)
            && self.figure(end + 1).is_some_and(|digits| digits.len() == 2)
        {
            minute = value;
            end += 2;
            exact = true;
        }
        let mark = self.word(end);
        let is_marked = matches!(mark, "am" | "pm")
            || (mark == "o" && self.sign(end + 1, '\'') && self.word(end + 2) == "clock")
            || mark == "oclock"
            // At 8 in the morning.
            || (!exact
                && (1..=12).contains(&hour)
                && self.part_of_day(end).is_some()
                && at.checked_sub(1).is_some_and(|before| {
                    matches!(
                        self.word(before),
                        "at" | "around" | "about" | "until" | "till" | "by" | "before" | "after"
                            | "from" | "past" | "to"
                    )
                }));
        if hour > 24 || minute > 59 || !(is_marked || (exact && !with_point)) {
            return None;
        }
        let spoken = end
            + match mark {
                "o" if is_marked => 3,
                "oclock" => 1,
                _ => 0,
            };
        let is_pm = match mark {
            "pm" => Some(true),
            "am" => Some(false),
            _ => self.part_of_day(spoken),
        };
        let is_told = is_pm.is_some() || hour == 0 || hour > 12;
        let hour = match is_pm {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour % 24,
        };
        if matches!(mark, "am" | "pm") {
            end += 1;
        } else if is_marked && matches!(mark, "o" | "oclock") {
            end += if mark == "oclock" { 1 } else { 3 };
        }
        self.push(
            at,
            end,
            Kind::Clock,
            Rational::whole(hour * 60 + minute),
            Weight::Medium,
        );
        if let Some(last) = self.mentions.last_mut() {
            last.precision = Rational::whole(if exact { 1 } else { 60 });
            last.also = (!is_told).then(|| Rational::whole((hour * 60 + minute + 720) % 1440));
        }
        Some(end)
    }

    /// Whether words after a time say that it is after noon: `in the evening`.
    fn part_of_day(&self, at: usize) -> Option<bool> {
        match (self.word(at), self.word(at + 1), self.word(at + 2)) {
            ("in", "the", "morning") => Some(false),
            ("in", "the", "afternoon" | "evening") => Some(true),
            _ => None,
        }
    }

    /// `2:13:38` and `3:51.94`: lengths of time, in seconds.
    fn stopwatch(&mut self, at: usize) -> Option<usize> {
        let two = |reader: &Self, at: usize| {
            reader.whole(at).filter(|value| {
                *value < 60 && reader.figure(at).is_some_and(|digits| digits.len() == 2)
            })
        };
        let first = self.whole(at)?;
        if !self.sign(at + 1, ':') || first > 99 {
            return None;
        }
        let sixty = Rational::whole(60);
        let (total, end) = if let Some(second) = two(self, at + 2) {
            let third = two(self, at + 4).filter(|_| self.sign(at + 3, ':'))?;
            (Rational::whole((first * 60 + second) * 60 + third), at + 5)
        } else {
            let (seconds, _) = Rational::from_digits(self.figure(at + 2)?)?;
            if !self.figure(at + 2)?.contains('.') || seconds >= sixty {
                return None;
            }
            (Rational::whole(first * 60).plus(seconds)?, at + 3)
        };
        self.push(at, end, Kind::Count, total, Weight::Strong);
        if let Some(last) = self.mentions.last_mut() {
            last.unit = Some(crate::quantity::SECOND);
        }
        Some(end)
    }

    /// Adds an ordinal, or the century or quarter that it names.
    fn ordinal(&mut self, start: usize, end: usize, value: i128) -> usize {
        let mut end = end;
        let hyphen = usize::from(self.sign(end, '-'));
        let kind = match self.word(end + hyphen) {
            "century" | "centuries" => {
                end += 1 + hyphen;
                Kind::Century
            }
            "quarter" if (1..=4).contains(&value) => {
                end += 1 + hyphen;
                Kind::Quarter
            }
            _ => Kind::Ordinal,
        };
        // "The late 18th and early 19th centuries"
        if kind == Kind::Century
            && let Some(last) = self.mentions.last_mut()
            && last.kind == Kind::Ordinal
            && self
                .tokens
                .get(start.saturating_sub(3))
                .is_some_and(|token| token.range.start <= last.range.end)
        {
            last.kind = Kind::Century;
            last.weight = Weight::Medium;
        }
        let weight = if value <= 3 && kind == Kind::Ordinal {
            Weight::Soft
        } else {
            Weight::Medium
        };
        self.push_whole(start, end, kind, value, weight);
        end
    }

    fn is_month(&self, at: usize) -> bool {
        words::month(self.word(at)).is_some()
            && self.tokens.get(at).is_some_and(|token| token.capital)
    }

    /// A date that begins with a word: months, weekdays, ordinals, decades, `Q3`.
    pub(super) fn date_from_word(&mut self, at: usize) -> Option<usize> {
        let word = self.word(at).to_owned();
        let capital = self.tokens[at].capital;
        if capital && let Some(month) = words::month(&word) {
            return Some(self.month(at, &word, month));
        }
        if capital
            && let Some(day) = words::weekday(&word)
            && (word.len() > 4 || self.sign(at + 1, '.'))
        {
            self.push_whole(at, at + 1, Kind::Weekday, day, Weight::Medium);
            return Some(at + 1);
        }
        if let Some(decade) = words::decade(&word) {
            self.push_whole(at, at + 1, Kind::Decade, decade, Weight::Soft);
            return Some(at + 1);
        }
        if word == "q" && self.is_glued(at + 1) {
            let value = self.whole(at + 1).filter(|value| (1..=4).contains(value))?;
            self.push_whole(at, at + 2, Kind::Quarter, value, Weight::Medium);
            return Some(at + 2);
        }
        // twenty-first
        let tens = words::cardinal(&word).filter(|value| *value >= 20);
        if let Some(tens) = tens
            && self.sign(at + 1, '-')
            && let Some(ones) = words::ordinal(self.word(at + 2)).filter(|ones| *ones < 10)
            && !self.word(at + 2).ends_with('s')
        {
            return Some(self.ordinal(at, at + 3, tens + ones));
        }
        if let Some(value) = words::ordinal(&word) {
            return Some(self.ordinal(at, at + 1, value));
        }
        None
    }

    /// `June 18, 2020`, `June 18-20`, `June 2020`, `mid-June`.
    fn month(&mut self, at: usize, word: &str, month: i128) -> usize {
        let day_at = at + 1 + usize::from(self.sign(at + 1, '.'));
        let day = self.whole(day_at);
        // May and March begin sentences, Mar and Jan are also names.
        let is_ambiguous = matches!(
            word,
            "may" | "march" | "mar" | "jan" | "jun" | "sun" | "august"
        );
        if is_ambiguous && day.is_none() {
            let before = at.checked_sub(1).map_or("", |before| self.word(before));
            let dated = matches!(
                before,
                "in" | "of"
                    | "since"
                    | "until"
                    | "till"
                    | "by"
                    | "from"
                    | "to"
                    | "last"
                    | "this"
                    | "next"
                    | "early"
                    | "late"
                    | "mid"
                    | "through"
                    | "between"
                    | "and"
                    | "on"
                    | "th"
                    | "st"
                    | "nd"
                    | "rd"
                    | "for"
            ) || at
                .checked_sub(1)
                .is_some_and(|before| self.figure(before).is_some() || self.sign(before, '-'))
                || matches!(self.word(at + 1), "of" | "this" | "last");
            if !dated {
                return at + 1;
            }
        }
        self.push_whole(at, at + 1, Kind::Month, month, Weight::Medium);
        let Some(day) = day else { return at + 1 };
        let digits = self.figure(day_at).map_or(0, str::len);
        if digits > 2 || !(1..=31).contains(&day) {
            return at + 1;
        }
        let suffix = usize::from(matches!(self.word(day_at + 1), "st" | "nd" | "rd" | "th"));
        // "June 18 people" does not occur; "June 8 p.m." does not either.
        self.push_whole(day_at, day_at + 1 + suffix, Kind::Day, day, Weight::Medium);
        let mut end = day_at + 1 + suffix;
        while (self.sign(end, '-') || matches!(self.word(end), "and" | "to"))
            && let Some(next) = self.whole(end + 1).filter(|next| (1..=31).contains(next))
            && self.figure(end + 1).is_some_and(|digits| digits.len() <= 2)
            && (self.word(end + 2).is_empty() || self.word(end + 2) == "th")
        {
            self.push_whole(end + 1, end + 2, Kind::Day, next, Weight::Medium);
            end += 2 + usize::from(self.word(end + 2) == "th");
        }
        end
    }
}
