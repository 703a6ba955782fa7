//! Whether two mentions say the same amount, and how nearly.

use crate::quantity::{self, Bound, Dimension, Direction, Kind, Mention, Rational, Unit, Weight};

/// How two mentions fit, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The same value, kind and unit.
    Same,
    /// The same value said another way: 50% and a half, 7月 and the seventh month.
    Alike,
    /// Another unit, the same amount: 6000亩 and 400 hectares.
    Converted,
    /// An order of magnitude, or a reading that the words allow.
    Vague,
    /// Fewer digits of the same number.
    Rounded,
}

/// The best way in which the two fit; `None` if they don't.
pub(super) fn fit(a: &Mention, b: &Mention) -> Option<Fit> {
    if a.kind == Kind::Code || b.kind == Kind::Code {
        return None;
    }
    let units = units(a, b);
    if units == Units::Conflict {
        return converted(a, b).then_some(Fit::Converted);
    }
    let same_kind = a.kind == b.kind;
    if a.is_exact() && b.is_exact() {
        if same_kind && same_value(a, b) {
            return Some(if units == Units::Agree {
                Fit::Same
            } else {
                Fit::Alike
            });
        }
        if alike(a, b) || alike(b, a) || is_rest(a, b) {
            return Some(Fit::Alike);
        }
        if same_kind && (a.also == Some(b.low) || b.also == Some(a.low)) {
            return Some(Fit::Vague);
        }
        if units == Units::Agree && converted(a, b) {
            return Some(Fit::Converted);
        }
        if !same_kind && a.kind != Kind::Multiple && b.kind != Kind::Multiple {
            let also =
                |m: &Mention, n: &Mention| m.also == Some(n.low) && comparable(m.kind, n.kind);
            if also(a, b) || also(b, a) {
                return Some(Fit::Vague);
            }
        }
    } else if comparable(a.kind, b.kind) && overlaps(a, b) {
        return Some(Fit::Vague);
    }
    (same_kind && rounded(a, b)).then_some(Fit::Rounded)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    /// The same unit, or neither has one.
    Agree,
    /// Only one has a unit.
    Open,
    /// Different units.
    Conflict,
}

pub(super) fn units(a: &Mention, b: &Mention) -> Units {
    match (&a.unit, &b.unit) {
        (Some(a), Some(b)) if quantity::agree(a, b) => Units::Agree,
        (Some(_), Some(_)) => Units::Conflict,
        (None, None) => Units::Agree,
        _ => Units::Open,
    }
}

fn same_value(a: &Mention, b: &Mention) -> bool {
    match a.kind {
        // '98 and 1998
        Kind::Year => {
            a.low == b.low
                || ((a.low < Rational::whole(100)) != (b.low < Rational::whole(100))
                    && modulo(a.low, 100) == modulo(b.low, 100))
        }
        // 8点 may be 20:00 where no word tells the half of the day.
        Kind::Clock => {
            a.low == b.low
                || a.also == Some(b.low)
                || b.also == Some(a.low)
                || modulo(a.low, 720) == modulo(b.low, 720) && modulo(a.low, 720) == Some(0)
        }
        _ => a.low == b.low,
    }
}

pub(super) fn modulo(value: Rational, by: i128) -> Option<i128> {
    value.to_whole().map(|value| value.rem_euclid(by))
}

/// Whether values of the two kinds may be compared as bare numbers.
fn comparable(a: Kind, b: Kind) -> bool {
    let plain = |kind| {
        matches!(
            kind,
            Kind::Count
                | Kind::Ordinal
                | Kind::Year
                | Kind::Day
                | Kind::Quarter
                | Kind::Decade
                | Kind::Century
                | Kind::Times
                | Kind::Month
        )
    };
    let is_month = |kind| kind == Kind::Month;
    let numbers_months = |kind| matches!(kind, Kind::Month | Kind::Count | Kind::Ordinal);
    if is_month(a) || is_month(b) {
        return numbers_months(a) && numbers_months(b);
    }
    a == b
        || (plain(a) && plain(b))
        || matches!(
            (a, b),
            (Kind::Count, Kind::Percent) | (Kind::Percent, Kind::Count)
        )
        || matches!(
            (a, b),
            (Kind::Count, Kind::Fraction) | (Kind::Fraction, Kind::Count)
        )
}

/// Whether one is what is left after a fall by the other: 降至十分之一 and "fell by 90%".
pub(super) fn is_rest(a: &Mention, b: &Mention) -> bool {
    let share = |m: &Mention| match m.kind {
        Kind::Percent => m.low.over(Rational::whole(100)),
        Kind::Fraction => Some(m.low),
        _ => None,
    };
    let both_fall = [a, b].map(|m| m.change.direction) == [Some(Direction::Down); 2];
    let results = [a, b].map(|m| m.change.is_result);
    both_fall
        && matches!(
            results,
            [Some(true), Some(false)] | [Some(false), Some(true)]
        )
        && share(a).zip(share(b)).and_then(|(a, b)| a.plus(b)) == Some(Rational::ONE)
        && share(a) != share(b)
}

/// The same amount in two kinds, `a` being the one that decides.
fn alike(a: &Mention, b: &Mention) -> bool {
    let hundred = Rational::whole(100);
    match (a.kind, b.kind) {
        // 八折 is 80% of the price, and a reduction of 20%.
        (Kind::Price, Kind::Percent | Kind::Fraction) => {
            let share = if b.kind == Kind::Fraction {
                b.low.times(hundred)
            } else {
                Some(b.low)
            };
            let is_rest = share.is_some() && share == hundred.minus(a.low);
            is_rest || (share == Some(a.low) && b.change.direction.is_none())
        }
        (Kind::Percent, Kind::Fraction) => b.low.times(hundred) == Some(a.low),
        // 增长100% is twice as much; 200% of it is too.
        (Kind::Percent, Kind::Times | Kind::Multiple) => {
            let share = a.low.over(hundred);
            let grown = share.and_then(|share| share.plus(Rational::ONE));
            share == Some(b.low)
                || b.also.is_some() && share == b.also
                || (a.change.direction == Some(Direction::Up) && grown == Some(b.low))
        }
        // 半 and "double" both may be said of halves; a half that falls is a division by two.
        (Kind::Clock, Kind::Count | Kind::Ordinal) => {
            let hour = Rational::whole(60);
            modulo(a.low, 60) == Some(0)
                && a.low
                    .over(hour)
                    .is_some_and(|value| modulo(value, 12) == modulo(b.low, 12))
        }
        (Kind::Decade, Kind::Year | Kind::Count) => modulo(a.low, 100) == modulo(b.low, 100),
        // 2017财年 may be "fiscal year 17".
        (Kind::Year, Kind::Count) => {
            a.low == b.low || Some(b.low) == modulo(a.low, 100).map(Rational::whole)
        }
        (Kind::Points | Kind::Percent, Kind::Count) | (Kind::Times, Kind::Multiple) => {
            a.low == b.low
        }
        // 百分点 are often "points".
        (Kind::Points, Kind::Percent) | (Kind::Multiple, _) | (_, Kind::Multiple) => false,
        (x, y) => x != y && comparable(x, y) && a.low == b.low,
    }
}

/// Whether the two are the same amount in units of one dimension, to two hundredths; estimates
/// and limits may be off by five.
fn converted(a: &Mention, b: &Mention) -> bool {
    let (Some(x), Some(y)) = (&a.unit, &b.unit) else {
        return false;
    };
    let is_speed = matches!(
        (x.dimension, y.dimension),
        (Dimension::Length, Dimension::Speed) | (Dimension::Speed, Dimension::Length)
    );
    if (x.dimension != y.dimension && !is_speed) || x.is_currency() {
        return false;
    }
    let loose = a.bound.is_loose() || b.bound.is_loose();
    // In the same unit only the same number is the same amount.
    if x == y {
        return false;
    }
    // 每小时120公里 reads as a length, and 75 mph as a speed.
    let base = |unit: &Unit, value: Rational| {
        let base = unit.to_base(value)?;
        if is_speed && unit.dimension == Dimension::Length {
            base.over(Rational::whole(1000))
        } else {
            Some(base)
        }
    };
    let (Some(a), Some(b)) = (base(x, a.low), base(y, b.low)) else {
        return false;
    };
    a.is_within(b, if loose { 5 } else { 2 })
}

fn overlaps(a: &Mention, b: &Mention) -> bool {
    let both_vague = !a.is_exact() && !b.is_exact();
    let open = |m: &Mention| match m.bound {
        // 上万 and "thousands" have no upper end.
        Bound::AtLeast if both_vague => m.high.times(Rational::whole(100)).unwrap_or(m.high),
        _ => m.high,
    };
    a.low <= open(b) && b.low <= open(a)
}

/// Whether one states fewer digits of the other: off by no more than half of its last digit, or
/// by less than one of it in the direction that a limit allows, and by no more than 5 % (10 % where
/// a word says that it is an estimate).
pub(super) fn rounded(a: &Mention, b: &Mention) -> bool {
    if !matches!(
        a.kind,
        Kind::Count | Kind::Percent | Kind::Price | Kind::Points | Kind::Times
    ) || !a.is_exact()
        || !b.is_exact()
    {
        return false;
    }
    let (coarse, fine) = if a.precision >= b.precision {
        (a, b)
    } else {
        (b, a)
    };
    let Some(distance) = coarse.low.minus(fine.low).map(Rational::abs) else {
        return false;
    };
    if coarse.precision == fine.precision {
        return false;
    }
    let loose = coarse.bound.is_loose() || fine.bound.is_loose();
    let (units, percent) = if loose { (2, 10) } else { (1, 5) };
    let allowed = coarse
        .precision
        .times(Rational::new(units, 2).unwrap_or(Rational::ONE));
    allowed.is_some_and(|allowed| distance <= allowed) && coarse.low.is_within(fine.low, percent)
}

/// The power of ten between the two, if that is all that sets them apart.
pub(super) fn power_apart(a: &Mention, b: &Mention) -> Option<i32> {
    if !a.is_exact() || !b.is_exact() || a.low.is_zero() || b.low.is_zero() {
        return None;
    }
    if let Some(power) = b.low.over(a.low)?.exponent_of_ten() {
        return (power != 0).then_some(power);
    }
    // 2.96亿 and 30 million: rounded as well.
    None
}

/// Whether a mention wants a counterpart of its own.
pub(super) fn is_demanding(mention: &Mention) -> bool {
    mention.weight == Weight::Strong && mention.is_exact() && !mention.suspect
}
