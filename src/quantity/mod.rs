//! Numbers, dates and units in running text, as exact values.
//!
//! [`read`] takes a text and its language and gives one [`Mention`] for each amount that the text
//! states: `25.96亿元` and `RMB 2.596 bn` both read as 2,596,000,000 CNY. Chinese and English have
//! readers of their own; of other languages only digits are read. The readers know no word of any
//! particular text, work in one pass with bounded look-around, and never fail: what they can't
//! read they leave out.

mod bound;
mod chinese;
mod digits;
mod english;
mod rational;
mod unit;

use std::collections::BTreeMap;
use std::ops::Range;

pub use bound::{Bound, Change, Direction};
pub use rational::Rational;
pub use unit::{DAY, Dimension, HOUR, MINUTE, MONTH, SECOND, Unit, WEEK, YEAR, agree};

use crate::model::{Lang, Span};

/// What an amount says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A number of things, or of the unit that the mention carries.
    Count,
    /// A place in an order: 第三, `26th`.
    Ordinal,
    /// Hundredths: the value of 5% is 5. 六成 is 60.
    Percent,
    /// Hundredths of a price that are paid: 80 for 八折, for `20% off` and for `80% of the price`.
    Price,
    /// Percentage points.
    Points,
    /// A part of something: the value of 三分之一 is 1/3.
    Fraction,
    /// A growth to a multiple said by a word: 翻两番 is 4, `doubled` is 2.
    Multiple,
    /// A growth by or to so many times: 增长2倍, `three times`, `fivefold`.
    Times,
    /// A calendar year.
    Year,
    /// A month of the year, 1 to 12.
    Month,
    /// A quarter of a year, 1 to 4.
    Quarter,
    /// A day of the month, 1 to 31.
    Day,
    /// A day of the week, Monday is 1.
    Weekday,
    /// A time of day, in minutes after midnight.
    Clock,
    /// A decade, by its first year within the century: 90 for the 1990s and for 90后.
    Decade,
    /// A century, by its number.
    Century,
    /// A name with digits in it that is written alike in every language: `Ka-52M`, `1+11`.
    Code,
}

/// How much a mention demands a counterpart in the other language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// A word that may stand for a number but often does not (`first`, 一个, 几): it can meet a
    /// demand, and makes none.
    Soft,
    /// A small number or a date, which a translator may say otherwise or leave to the context;
    /// a different one in its place is wrong.
    Medium,
    /// A figure that a faithful translation states.
    Strong,
}

/// One amount that a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in bytes, with its currency sign, scale and unit.
    pub range: Range<usize>,
    /// Where it stands, in Unicode scalar values.
    pub span: Span,
    /// What it says.
    pub kind: Kind,
    /// The lowest value that it may mean; the value itself if it is exact.
    pub low: Rational,
    /// The highest value that it may mean: 七八十 is 70 to 80, `dozens` 24 to 99.
    pub high: Rational,
    /// Another value that the same words may mean: 2 for 增长2倍, which strictly is 3; the other
    /// half of the day for a time that does not tell its own.
    pub also: Option<Rational>,
    /// The worth of one in the last digit as written: 1,000,000 for `2.1亿`… and for `210 million`.
    pub precision: Rational,
    /// The unit or currency.
    pub unit: Option<Unit>,
    /// Whether it is a limit or an estimate.
    pub bound: Bound,
    /// Whether it tells of a change, which way, and whether it is the step or the result.
    pub change: Change,
    /// How much it demands a counterpart.
    pub weight: Weight,
    /// Whether it looks misread: 前0亿元, 1O0.
    pub suspect: bool,
}

impl Mention {
    /// Whether it has one value.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The text that it was read from.
    #[must_use]
    pub fn raw<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether it belongs to a date or time of day.
    #[must_use]
    pub fn is_date(&self) -> bool {
        matches!(
            self.kind,
            Kind::Year
                | Kind::Month
                | Kind::Quarter
                | Kind::Day
                | Kind::Weekday
                | Kind::Clock
                | Kind::Decade
                | Kind::Century
        )
    }
}

/// Reads the amounts in `text`, in the order of their place. Spans lie inside the text, on
/// character boundaries, and don't overlap except where one word carries two amounts.
///
/// Time and memory grow with the length of the text.
#[must_use]
pub fn read(text: &str, lang: &Lang) -> Vec<Mention> {
    let mut mentions = match lang.primary() {
        "zh" => chinese::read(text),
        "en" => english::read(text),
        _ => digits::read(text),
    };
    mentions.sort_by_key(|mention| (mention.range.start, mention.range.end));
    fill_spans(text, &mut mentions);
    mentions
}

/// Sets each span from its byte range in one walk through the text.
fn fill_spans(text: &str, mentions: &mut [Mention]) {
    let mut places: Vec<usize> = mentions
        .iter()
        .flat_map(|mention| [mention.range.start, mention.range.end])
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut scalars = BTreeMap::new();
    let (mut byte, mut scalar) = (0, 0);
    for place in places {
        scalar += text[byte..place].chars().count();
        byte = place;
        scalars.insert(place, scalar);
    }
    for mention in mentions {
        let at = |place| scalars.get(&place).copied().unwrap_or(0);
        mention.span = [at(mention.range.start), at(mention.range.end)];
    }
}

/// How many values two sentences share, for an aligner that wants to know whether they may be
/// translations of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Values that both sides state.
    pub shared: usize,
    /// Values of the source that the target does not state; soft ones are not counted.
    pub source_only: usize,
    /// Values of the target that the source does not state; soft ones are not counted.
    pub target_only: usize,
}

/// Compares the bare values of two lists of mentions, whatever their units. Cheap: it sorts both.
#[must_use]
pub fn overlap(source: &[Mention], target: &[Mention]) -> Overlap {
    let keys = |mentions: &[Mention]| {
        let mut keys: Vec<(Rational, bool)> = mentions
            .iter()
            .filter(|mention| mention.is_exact())
            .map(|mention| (mention.low, mention.weight > Weight::Soft))
            .collect();
        keys.sort_unstable();
        keys
    };
    let (source, target) = (keys(source), keys(target));
    let (mut i, mut j) = (0, 0);
    let mut overlap = Overlap::default();
    while i < source.len() || j < target.len() {
        let order = match (source.get(i), target.get(j)) {
            (Some(a), Some(b)) => a.0.cmp(&b.0),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Equal => {
                overlap.shared += usize::from(source[i].1 || target[j].1);
                (i, j) = (i + 1, j + 1);
            }
            std::cmp::Ordering::Less => {
                overlap.source_only += usize::from(source[i].1);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                overlap.target_only += usize::from(target[j].1);
                j += 1;
            }
        }
    }
    overlap
}

#[cfg(test)]
mod tests;
