//! Whether two mentions that found no partner are one gone wrong.

use super::fit::{Units, power_apart, units};
use crate::check::Pair;
use crate::model::Severity;
use crate::quantity::{Dimension, Kind, Mention, Rational, Weight};

/// What went wrong between two mentions that are left over.
pub(super) struct Wrong {
    pub rule: &'static str,
    pub severity: Severity,
}

/// How the one may be the other gone wrong, and how unlikely that is; `None` if they have nothing
/// to do with each other.
pub(super) fn wrong(
    pair: &Pair<'_>,
    a: &Mention,
    b: &Mention,
    only_pair: bool,
) -> Option<(u32, Wrong)> {
    let say = |cost, rule, severity| Some((cost, Wrong { rule, severity }));
    // 上亿元 and "1 billion yuan": the order of magnitude is another.
    let is_magnitude = |vague: &Mention, exact: &Mention| {
        !vague.is_exact()
            && exact.is_exact()
            && exact.weight == Weight::Strong
            && vague.high >= Rational::whole(100)
    };
    let is_vague = a.kind == b.kind && (is_magnitude(a, b) || is_magnitude(b, a));
    if is_vague && (units(a, b) == Units::Agree && (a.unit.is_some() || only_pair)) {
        return say(45, "number.value", Severity::Error);
    }
    // 三分之二 and "half": a share for a share.
    let are_shares = a.kind == Kind::Fraction && b.kind == Kind::Fraction && a.unit == b.unit;
    if are_shares && a.weight.max(b.weight) == Weight::Strong && a.low != b.low {
        return say(25, "number.value", Severity::Error);
    }
    // 7日 and "the 17th"
    let are_days = matches!(
        (a.kind, b.kind),
        (Kind::Day, Kind::Ordinal) | (Kind::Ordinal, Kind::Day)
    );
    if are_days && only_pair && a.weight.min(b.weight) == Weight::Medium {
        return say(28, "date.value", Severity::Error);
    }
    if a.weight == Weight::Soft
        || b.weight == Weight::Soft
        || a.suspect
        || !a.is_exact()
        || !b.is_exact()
    {
        return None;
    }
    let both_strong = a.weight == Weight::Strong && b.weight == Weight::Strong;
    match (a.kind, b.kind) {
        (Kind::Points, Kind::Percent) | (Kind::Percent, Kind::Points) if a.low == b.low => {
            return say(0, "percent.points", Severity::Error);
        }
        _ => {}
    }
    let unit_fit = units(a, b);
    let same_kind = a.kind == b.kind;
    if same_kind && a.low == b.low && unit_fit == Units::Conflict {
        let is_money = a.unit.is_some_and(|unit| unit.is_currency())
            && b.unit.is_some_and(|unit| unit.is_currency());
        return if is_money {
            let severity = if is_local_dollar(pair, a, b) {
                Severity::Warning
            } else {
                Severity::Error
            };
            say(1, "currency.wrong", severity)
        } else {
            say(
                2,
                "unit.wrong",
                if both_strong || a.low != Rational::ONE || !is_time(a) {
                    Severity::Error
                } else {
                    Severity::Warning
                },
            )
        };
    }
    if same_kind
        && unit_fit != Units::Conflict
        && power_apart(a, b).is_some()
        && (both_strong || only_pair)
    {
        return say(3, "number.scale", Severity::Error);
    }
    value(a, b, unit_fit, only_pair, both_strong)
}

/// Another value in the place of the one: what [`wrong`] says where neither scale nor unit
/// explains it.
fn value(
    a: &Mention,
    b: &Mention,
    unit_fit: Units,
    only_pair: bool,
    both_strong: bool,
) -> Option<(u32, Wrong)> {
    let say = |cost, rule, severity| Some((cost, Wrong { rule, severity }));
    let rule = match a.kind {
        _ if a.is_date() => "date.value",
        Kind::Percent | Kind::Points | Kind::Price => "percent.value",
        _ => "number.value",
    };
    if a.kind == b.kind {
        if a.is_date() {
            // The same sort of date in its place.
            let severity = if only_pair {
                Severity::Error
            } else {
                Severity::Warning
            };
            return say(20, rule, severity);
        }
        let near = distance(a, b);
        match unit_fit {
            // Neither the number nor, converted, the amount is the same: 三十余年 and "two decades".
            Units::Conflict => {
                let same_dimension = matches!(
                    (&a.unit, &b.unit),
                    (Some(x), Some(y)) if x.dimension == y.dimension && !x.is_currency()
                );
                if same_dimension && only_pair {
                    say(35, rule, Severity::Error)
                } else {
                    None
                }
            }
            Units::Agree if a.unit.is_some() || a.kind != Kind::Count => {
                say(10 + near, rule, Severity::Error)
            }
            Units::Agree if both_strong => say(15 + near, rule, Severity::Error),
            _ if only_pair => say(30 + near, rule, Severity::Error),
            _ => say(40 + near, rule, Severity::Warning),
        }
    } else if only_pair
        && matches!(
            (a.kind, b.kind),
            (Kind::Multiple, Kind::Times | Kind::Percent | Kind::Fraction)
                | (Kind::Times, Kind::Multiple | Kind::Percent | Kind::Fraction)
                | (Kind::Percent, Kind::Times | Kind::Multiple | Kind::Fraction)
                | (Kind::Fraction, Kind::Percent)
                | (Kind::Price, Kind::Percent | Kind::Fraction)
                | (Kind::Percent | Kind::Fraction, Kind::Price)
        )
    {
        let is_price = a.kind == Kind::Price || b.kind == Kind::Price;
        let rule = if is_price {
            "percent.value"
        } else {
            "number.value"
        };
        say(50, rule, Severity::Error)
    } else {
        None
    }
}

fn is_time(mention: &Mention) -> bool {
    mention
        .unit
        .is_some_and(|unit| unit.dimension == Dimension::Time)
}

/// Whether 元 may be the dollar of a place that the Chinese text speaks of.
fn is_local_dollar(pair: &Pair<'_>, a: &Mention, b: &Mention) -> bool {
    const PLACES: &[&str] = &[
        "美元",
        "美金",
        "美国",
        "加州",
        "纽约",
        "洛杉矶",
        "旧金山",
        "华盛顿",
        "香港",
        "台湾",
        "台北",
        "澳门",
        "新加坡",
        "澳大利亚",
        "悉尼",
        "墨尔本",
        "加拿大",
        "温哥华",
        "多伦多",
        "新西兰",
        "奥克兰",
        "美籍",
        "全美",
        "北美",
        "华裔",
    ];
    let name = |mention: &Mention| mention.unit.map_or("", |unit| unit.name);
    let (chinese, in_chinese, in_english) = if pair.source_lang.is_chinese() {
        (pair.source, a, b)
    } else {
        (pair.target, b, a)
    };
    let is_pair = name(in_chinese) == "CNY" && matches!(name(in_english), "dollar" | "USD");
    is_pair && PLACES.iter().any(|place| chinese.contains(place)) && !chinese.contains("人民币")
}

/// 0 for numbers of like size, more for others.
fn distance(a: &Mention, b: &Mention) -> u32 {
    if a.low.is_within(b.low, 10) {
        0
    } else if a.low.is_within(b.low, 50) {
        1
    } else if a.low.is_within(b.low, 90) {
        2
    } else {
        3
    }
}
