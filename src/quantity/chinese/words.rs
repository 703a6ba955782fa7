//! Chinese words that hold a number, and names with digits.

use super::lexicon::VAGUE;
use super::numeral::{self, han_digit};
use super::{Draft, Text, context};
use crate::quantity::{Bound, Kind, Rational, Weight};

/// A run of Latin letters, and digits glued to it: a name such as `Ka-52M`, or a currency.
pub(super) fn latin(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> usize {
    let mut end = at;
    let mut has_digit = false;
    while is_name_part(text, end) && end - at < 64 {
        has_digit |= text.at(end).is_ascii_digit();
        end += 1;
    }
    let letters = (at..end)
        .take_while(|i| text.at(*i).is_ascii_alphabetic())
        .count();
    let is_money = context::money_before(text, at + letters).is_some();
    if has_digit && !is_money && end - at < 64 {
        drafts.push(Draft::exact(
            at,
            end,
            Kind::Code,
            Rational::ZERO,
            Weight::Medium,
        ));
        return end;
    }
    at + letters.max(1)
}

fn is_name_part(text: &Text<'_>, at: usize) -> bool {
    let c = text.at(at);
    c.is_ascii_alphanumeric()
        || (matches!(c, '-' | '.' | '/' | '_')
            && text.at(at + 1).is_ascii_alphanumeric()
            && at > 0
            && text.at(at - 1).is_ascii_alphanumeric())
}

/// The end of a name that begins with digits: 5G, 000651.SZ, 1+11; `None` for a number with a
/// unit in Latin letters.
pub(super) fn code(text: &Text<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    let (mut letters, mut digits, mut plus) = (0, 0, false);
    while end - at < 64 {
        let c = text.at(end);
        if c == '+' && text.at(end + 1).is_ascii_digit() && end > at {
            plus = true;
        } else if !is_name_part(text, end) {
            break;
        }
        letters += usize::from(c.is_ascii_alphabetic());
        digits += usize::from(c.is_ascii_digit());
        end += 1;
    }
    if plus && letters == 0 {
        return Some(end);
    }
    if letters == 0 || digits == 0 {
        return None;
    }
    let run: String = (at..end).map(|i| text.at(i)).collect();
    // 5G is a name, 5g five grams.
    if matches!(run.as_bytes(), [_, b'G' | b'D' | b'K' | b'P']) {
        return Some(end);
    }
    let unit = run.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    (!is_latin_unit(unit)).then_some(end)
}

/// Units that Chinese writes in Latin letters.
pub(super) fn is_latin_unit(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "km" | "m"
            | "cm"
            | "mm"
            | "nm"
            | "kg"
            | "g"
            | "mg"
            | "t"
            | "kwh"
            | "kw"
            | "mw"
            | "gw"
            | "mwh"
            | "gwh"
            | "kv"
            | "v"
            | "w"
            | "ml"
            | "l"
            | "hz"
            | "khz"
            | "mhz"
            | "ghz"
            | "gb"
            | "mb"
            | "tb"
            | "kb"
            | "km/h"
            | "h"
            | "s"
            | "min"
            | "k"
            | "am"
            | "pm"
    )
}

/// Words and forms with a number inside: 第三, 百分之五, 三分之二, 翻两番, 一半, 成千上万.
pub(super) fn fixed(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    match text.at(at) {
        '第' => ordinal(text, at, drafts),
        '对' if text.at(at + 1) == '折' && matches!(text.before(at, 1), '打' | '了' | '个') => {
            let fifty = Rational::whole(50);
            let price = Draft::exact(at, at + 2, Kind::Price, fifty, Weight::Strong);
            drafts.push(price);
            Some(at + 2)
        }
        '百' if text.starts_with(at, "百分百") => {
            let hundred = Rational::whole(100);
            drafts.push(Draft::exact(
                at,
                at + 3,
                Kind::Percent,
                hundred,
                Weight::Soft,
            ));
            Some(at + 3)
        }
        '百' | '千' | '万' if text.starts_with(at + 1, "分之") => hundredths(text, at, drafts),
        '翻' => doubling(text, at, drafts),
        '半' | '一' | '过' | '大' => half(text, at, drafts),
        '双' => Some(soft(at, at + 1, 2, drafts)),
        '首' | '初' if !matches!(text.at(at + 1), '都' | '相' | '席' | '府' | '先' | '领') =>
        {
            drafts.push(Draft::exact(
                at,
                at + 1,
                Kind::Ordinal,
                Rational::ONE,
                Weight::Soft,
            ));
            Some(at + 1)
        }
        '上' | '成' | '数' => vague(text, at, drafts),
        c if c.is_ascii_digit() || han_digit(c).is_some() || c == '十' => {
            fraction(text, at, drafts)
        }
        _ => None,
    }
}

fn soft(start: usize, end: usize, value: i128, drafts: &mut Vec<Draft>) -> usize {
    drafts.push(Draft::exact(
        start,
        end,
        Kind::Count,
        Rational::whole(value),
        Weight::Soft,
    ));
    end
}

fn ordinal(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let numeral = numeral::read(text, text.skip_blank(at + 1))?;
    let mut end = numeral.end;
    let mut kind = Kind::Ordinal;
    if text.starts_with(end, "季度") {
        kind = Kind::Quarter;
        end += 2;
    }
    let weight = if numeral.high <= Rational::whole(3) && kind == Kind::Ordinal {
        Weight::Soft
    } else {
        Weight::Medium
    };
    let mut draft = Draft::of(at, &numeral, kind, weight);
    draft.end = end;
    drafts.push(draft);
    Some(end)
}

/// 百分之五, 百分之七八十, 百分之百, 千分之三.
fn hundredths(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let below = match text.at(at) {
        '千' => 10,
        '万' => 100,
        _ => 1,
    };
    let from = at + 3;
    let numeral = numeral::read(text, text.skip_blank(from));
    let mut draft = if let Some(numeral) = numeral {
        let mut draft = Draft::of(at, &numeral, Kind::Percent, Weight::Strong);
        // 百分之百: a bare scale is its own value.
        draft.parts = None;
        draft
    } else {
        return None;
    };
    let below = Rational::whole(below);
    draft.low = draft.low.over(below)?;
    draft.high = draft.high.over(below)?;
    draft.precision = draft.precision.over(below)?;
    draft.bound = context::bound(text, at, draft.end, draft.bound);
    draft.change = context::change(text, at);
    let end = draft.end;
    drafts.push(draft);
    Some(end)
}

/// 三分之二, 1/3, 10分之1.
fn fraction(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    if at > 0 && text.before(at, 1).is_ascii_digit() {
        return None;
    }
    let below = numeral::read(text, at)?;
    let (above, slash) = if text.starts_with(below.end, "分之") {
        (numeral::read(text, below.end + 2)?, false)
    } else if text.at(below.end) == '/' && text.at(below.end + 1).is_ascii_digit() {
        (numeral::read(text, below.end + 1)?, true)
    } else {
        return None;
    };
    let (above, below, end) = if slash {
        (below, above, above.end)
    } else {
        (above, below, above.end)
    };
    if slash && (below.low > Rational::whole(20) || above.low >= below.low || text.at(end) == '/') {
        return None;
    }
    let value = above.low.over(below.low)?;
    let mut draft = Draft::exact(at, end, Kind::Fraction, value, Weight::Strong);
    draft.bound = context::bound(text, at, end, Bound::Exact);
    draft.change = context::change(text, at);
    drafts.push(draft);
    Some(end)
}

/// 翻番, 翻一番, 翻了两番: each is a doubling.
fn doubling(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let from = at + 1 + usize::from(text.at(at + 1) == '了');
    if text.at(from) == '番' {
        drafts.push(Draft::exact(
            at,
            from + 1,
            Kind::Multiple,
            Rational::whole(2),
            Weight::Medium,
        ));
        return Some(from + 1);
    }
    let numeral = numeral::read(text, from)?;
    if text.at(numeral.end) != '番' {
        return None;
    }
    let doublings = u32::try_from(numeral.low.to_whole()?).ok()?;
    let value = 2_i128.checked_pow(doublings)?;
    drafts.push(Draft::exact(
        at,
        numeral.end + 1,
        Kind::Multiple,
        Rational::whole(value),
        Weight::Medium,
    ));
    Some(numeral.end + 1)
}

/// 一半, 半数, 过半, 大半, 半年: a half that need not be named.
fn half(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let word = text.any(
        at,
        &[
            "一半",
            "半数",
            "过半",
            "大半",
            "半年",
            "半个",
            "半天",
            "半小时",
            "半价",
            "半场",
            "半",
        ],
    )?;
    let length = word.chars().count();
    // 半 in 半导体, 半岛 and 半夜 is no half.
    if word == "半"
        && !matches!(
            text.at(at + 1),
            '亩' | '公' | '米' | '吨' | '斤' | '世' | '日' | '打' | '辈'
        )
    {
        return None;
    }
    let value = Rational::new(1, 2)?;
    let mut draft = Draft::exact(at, at + length, Kind::Fraction, value, Weight::Soft);
    draft.bound = if word == "过半" {
        Bound::AtLeast
    } else {
        context::bound(text, at, at + length, Bound::Exact)
    };
    // 下降了一半 says how much.
    draft.change = context::change(text, at);
    if draft.change.direction.is_some() || matches!(word, "一半" | "半数") {
        draft.weight = Weight::Medium;
    }
    let unit = match text.at(at + 1) {
        '年' => Some((2, crate::quantity::YEAR)),
        '个' if text.starts_with(at + 2, "月") => Some((3, crate::quantity::MONTH)),
        '个' if text.starts_with(at + 2, "小时") => Some((4, crate::quantity::HOUR)),
        _ if word.starts_with('半') => {
            super::unit_at(text, at + 1).map(|(end, unit)| (end - at, unit))
        }
        _ => None,
    };
    let length = unit.map_or(length, |(end, _)| end.max(length));
    let unit = unit.map(|(_, unit)| unit);
    draft.end = at + length;
    draft.unit = unit;
    if unit.is_some() {
        // Half a year is an amount, not a share.
        draft.kind = Kind::Count;
        draft.weight = Weight::Medium;
    }
    drafts.push(draft);
    Some(at + length)
}

fn vague(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    // 以上千 and 加上百 don't occur; 早上百 and 事实上万 do, rarely.
    let (word, low, high) = VAGUE
        .iter()
        .find(|(word, _, _)| text.starts_with(at, word))?;
    let mut draft = Draft::exact(
        at,
        at + word.chars().count(),
        Kind::Count,
        Rational::whole(*low),
        Weight::Soft,
    );
    draft.high = Rational::whole(*high);
    draft.bound = Bound::AtLeast;
    let end = draft.end;
    if let Some((unit_end, unit)) = super::unit_at(text, end) {
        draft.unit = Some(unit);
        draft.end = unit_end;
    }
    let end = draft.end;
    drafts.push(draft);
    Some(end)
}
