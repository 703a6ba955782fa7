//! Chinese dates and times of day.

use super::numeral::{self, Form, Numeral, han_digit};
use super::{Draft, Text};
use crate::quantity::{Bound, Kind, Rational, Weight};

/// Reads a date or time of day at `at`, and gives the index after it.
pub(super) fn read(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    match text.at(at) {
        '周' | '星' | '礼' => weekday(text, at, drafts),
        '上' | '下' | '前' => half_year(text, at, drafts),
        '元' if text.starts_with(at, "元旦") => {
            push(drafts, at, at + 2, Kind::Day, 1, Weight::Soft);
            push(drafts, at, at + 2, Kind::Month, 1, Weight::Soft);
            Some(at + 2)
        }
        '正' if text.starts_with(at, "正午") => {
            push(drafts, at, at + 2, Kind::Clock, 720, Weight::Soft);
            Some(at + 2)
        }
        c if c.is_ascii_digit() => {
            numeric_date(text, at, drafts).or_else(|| named(text, at, drafts))
        }
        c if han_digit(c).is_some() || c == '十' => named(text, at, drafts),
        _ => None,
    }
}

fn push(
    drafts: &mut Vec<Draft>,
    start: usize,
    end: usize,
    kind: Kind,
    value: i128,
    weight: Weight,
) {
    drafts.push(Draft::exact(
        start,
        end,
        kind,
        Rational::whole(value),
        weight,
    ));
}

/// 周三, 星期日, 礼拜天; not 周三次 or 一周五天.
fn weekday(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let name = text.any(at, &["周", "星期", "礼拜"])?;
    let place = at + name.chars().count();
    let day = match text.at(place) {
        '日' | '天' => 7,
        '末' => {
            push(drafts, at, place + 1, Kind::Weekday, 6, Weight::Soft);
            return Some(place + 1);
        }
        c => han_digit(c).filter(|day| (1..=6).contains(day))?,
    };
    let before = text.before(at, 1);
    let counts_weeks = han_digit(before).is_some() || before.is_ascii_digit() || before == '个';
    let next = text.at(place + 1);
    let counts_days = matches!(
        next,
        '次' | '天' | '场' | '节' | '堂' | '小' | '个' | '百' | '千' | '万' | '年' | '岁' | '十'
    );
    if counts_weeks || counts_days || (name == "周" && matches!(next, '围' | '边' | '期' | '报'))
    {
        return None;
    }
    push(drafts, at, place + 1, Kind::Weekday, day, Weight::Medium);
    Some(place + 1)
}

/// 上半年, 下半场, 前三季度: a half is a fraction, the quarters a count.
fn half_year(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    if text.at(at) == '前' {
        return None;
    }
    if text.at(at + 1) == '半'
        && matches!(
            text.at(at + 2),
            '年' | '场' | '叶' | '赛' | '程' | '身' | '月'
        )
    {
        let half = Rational::new(1, 2)?;
        drafts.push(Draft::exact(at, at + 3, Kind::Fraction, half, Weight::Soft));
        return Some(at + 3);
    }
    None
}

/// 2020-06-18, 2020/6/18, 2020.6.18 and 10:30.
fn numeric_date(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let (year, year_end) = plain(text, at)?;
    if text.before(at, 1).is_ascii_digit() || text.before(at, 1) == '.' {
        return None;
    }
    if year_end - at == 4 && (1000..2200).contains(&year) {
        let mark = text.at(year_end);
        if matches!(mark, '-' | '/' | '.') {
            let (month, month_end) = plain(text, year_end + 1)?;
            if (1..=12).contains(&month) && text.at(month_end) == mark {
                let (day, day_end) = plain(text, month_end + 1)?;
                if (1..=31).contains(&day) && !text.at(day_end).is_ascii_alphanumeric() {
                    push(drafts, at, year_end, Kind::Year, year, Weight::Medium);
                    push(
                        drafts,
                        year_end + 1,
                        month_end,
                        Kind::Month,
                        month,
                        Weight::Medium,
                    );
                    push(
                        drafts,
                        month_end + 1,
                        day_end,
                        Kind::Day,
                        day,
                        Weight::Medium,
                    );
                    return Some(day_end);
                }
            }
        }
        return None;
    }
    if text.at(year_end) == ':' && year < 25 && year_end - at <= 2 {
        let (minute, end) = plain(text, year_end + 1)?;
        let is_score = matches!(text.before(at, 1), '以' | '分' | '比')
            || text.any_before(at, &["以 ", "比分 "]).is_some();
        if let Some(found) = stopwatch(text, at, drafts) {
            return Some(found);
        }
        if minute < 60 && end == year_end + 3 && !is_score && text.at(end) != '.' {
            push_clock(text, at, end, year, minute, false, drafts);
            return Some(end);
        }
    }
    None
}

/// 2:13:38 and 3:51.94: lengths of time, in seconds.
fn stopwatch(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let (first, mut end) = plain(text, at)?;
    let (second, second_end) = plain(text, end + 1)?;
    if second_end != end + 3 || second > 59 {
        return None;
    }
    end = second_end;
    let mut total = Rational::whole(first * 60 + second);
    if text.at(end) == ':' {
        let (third, third_end) = plain(text, end + 1)?;
        if third_end != end + 3 || third > 59 {
            return None;
        }
        total = total
            .times(Rational::whole(60))?
            .plus(Rational::whole(third))?;
        end = third_end;
    } else if text.at(end) == '.' {
        let (part, part_end) = plain(text, end + 1)?;
        let places = i32::try_from(part_end - end - 1).ok()?;
        total = total.plus(Rational::whole(part).times(Rational::power_of_ten(-places)?)?)?;
        end = part_end;
    } else {
        return None;
    }
    let mut draft = Draft::exact(at, end, Kind::Count, total, Weight::Strong);
    draft.unit = Some(crate::quantity::SECOND);
    drafts.push(draft);
    Some(end)
}

/// A run of at most four plain digits.
fn plain(text: &Text<'_>, at: usize) -> Option<(i128, usize)> {
    let mut end = at;
    let mut value: i128 = 0;
    while end - at < 5 && text.at(end).is_ascii_digit() {
        value = value * 10 + i128::from(text.at(end).to_digit(10)?);
        end += 1;
    }
    (end > at && end - at < 5).then_some((value, end))
}

const AFTERNOON: &[&str] = &[
    "下午", "傍晚", "晚上", "晚间", "当晚", "夜间", "深夜", "今晚", "晚", "午后", "昨晚",
];
const MORNING: &[&str] = &[
    "凌晨", "早上", "上午", "清晨", "早晨", "今早", "早", "夜里", "午夜", "中午", "日",
];

/// Numerals with 年, 月, 日, 时 and their like.
fn named(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    if at > 0 && text.before(at, 1).is_ascii_digit() {
        return None;
    }
    let numeral = numeral::read(text, at)?;
    let value = numeral.low.to_whole()?;
    let exact = numeral.low == numeral.high && !numeral.more;
    let after = text.skip_blank(numeral.end);
    let next = text.at(after + 1);
    match text.at(after) {
        '年' => year(text, at, &numeral, value, after, drafts),
        '财' | '学' if next == '年' => year(text, at, &numeral, value, after + 1, drafts),
        '世' if next == '纪' && (1..=30).contains(&value) => {
            push(drafts, at, after + 2, Kind::Century, value, Weight::Medium);
            // 20世纪80年代: the decade is read next.
            Some(after + 2)
        }
        '后' if is_cohort(text, at, &numeral, after, value) => {
            push(
                drafts,
                at,
                after + 1,
                Kind::Decade,
                value % 100,
                Weight::Medium,
            );
            Some(after + 1)
        }
        '季' if next == '度' && (1..=4).contains(&value) => {
            push(drafts, at, after + 2, Kind::Quarter, value, Weight::Medium);
            Some(after + 2)
        }
        '月' if exact && (1..=12).contains(&value) && numeral.scale <= Rational::whole(10) => {
            let end = after + 1 + usize::from(next == '份');
            push(drafts, at, end, Kind::Month, value, Weight::Medium);
            share_kind(text, drafts, Kind::Month);
            Some(end)
        }
        '日' | '号' if exact && (1..=31).contains(&value) => {
            day(text, at, &numeral, value, after, drafts)
        }
        '时' if exact
            && value <= 24
            && !matches!(
                next,
                '代' | '候' | '间' | '期' | '而' | '不' | '装' | '尚' | '空' | '速'
            ) =>
        {
            Some(clock(text, at, value, after, drafts))
        }
        '点' if exact && (0..=24).contains(&value) && is_hour(text, at, after, drafts) => {
            Some(clock(text, at, value, after, drafts))
        }
        _ => None,
    }
}

fn year(
    text: &Text<'_>,
    at: usize,
    numeral: &Numeral,
    value: i128,
    after: usize,
    drafts: &mut Vec<Draft>,
) -> Option<usize> {
    let next = text.at(after + 1);
    let length = numeral.end - at;
    if next == '代' {
        let is_decade = value % 10 == 0 && (value < 100 || (1000..2200).contains(&value));
        if !is_decade {
            return None;
        }
        if value >= 1000 {
            push(
                drafts,
                at,
                after + 2,
                Kind::Decade,
                value % 100,
                Weight::Medium,
            );
        } else {
            push(drafts, at, after + 2, Kind::Decade, value, Weight::Medium);
        }
        return Some(after + 2);
    }
    if next == '级' {
        push(drafts, at, after + 2, Kind::Ordinal, value, Weight::Soft);
        return Some(after + 2);
    }
    let four = length == 4 && (numeral.positional || numeral.form == Form::Digits);
    // 98年 and 九八年; 19年6月. Two digits alone are a span of years as often.
    let two = length == 2
        && (numeral.positional
            || (numeral.form == Form::Digits
                && plain(text, after + 1).is_some_and(|(month, end)| {
                    (1..=12).contains(&month) && text.at(end) == '月'
                })));
    if (four && (1000..2200).contains(&value)) || two {
        let end = after + 1 + usize::from(matches!(next, '度' | '份'));
        push(drafts, at, end, Kind::Year, value, Weight::Medium);
        share_kind(text, drafts, Kind::Year);
        return Some(end);
    }
    None
}

/// 90后, 八零后, 00后: people by the decade of their birth.
fn is_cohort(text: &Text<'_>, at: usize, numeral: &Numeral, after: usize, value: i128) -> bool {
    let length = numeral.end - at;
    let spelt = length == 2 && (numeral.positional || numeral.form == Form::Digits);
    spelt
        && after == numeral.end
        && value < 100
        && value % 5 == 0
        && !matches!(text.at(after + 1), '来' | '天' | '续')
}

fn day(
    text: &Text<'_>,
    at: usize,
    numeral: &Numeral,
    value: i128,
    after: usize,
    drafts: &mut Vec<Draft>,
) -> Option<usize> {
    let next = text.at(after + 1);
    if text.at(after) == '日' && matches!(next, '本' | '元' | '圆' | '程' | '均') {
        return None;
    }
    let follows_month = drafts
        .last()
        .is_some_and(|last| last.kind == Kind::Month && last.end == at)
        || matches!(text.before(at, 1), '月');
    if text.at(after) == '号' && !follows_month {
        let is_day = matches!(
            next,
            '，' | '。' | '、' | '晚' | '早' | '上' | '下' | '中' | '凌' | '起' | '到' | '至'
        ) || matches!(text.before(at, 1), '到' | '至');
        if !is_day {
            push(drafts, at, after + 1, Kind::Ordinal, value, Weight::Medium);
            return Some(after + 1);
        }
    }
    // 一日三餐, 每日: a single han digit alone is a count of days.
    if numeral.form == Form::Characters && !follows_month && value < 11 {
        return None;
    }
    push(drafts, at, after + 1, Kind::Day, value, Weight::Medium);
    share_kind(text, drafts, Kind::Day);
    Some(after + 1)
}

/// Whether 点 after a number is o'clock, not 3点建议 or 2点5.
fn is_hour(text: &Text<'_>, at: usize, after: usize, drafts: &[Draft]) -> bool {
    let from = if text.before(at, 1) == ' ' {
        at - 1
    } else {
        at
    };
    let marked = text.any_before(from, AFTERNOON).is_some()
        || text.any_before(from, MORNING).is_some()
        || drafts
            .last()
            .is_some_and(|last| last.end == at && matches!(last.kind, Kind::Day | Kind::Weekday));
    let next = text.at(after + 1);
    let minutes = plain(text, after + 1)
        .is_some_and(|(_, end)| matches!(text.at(end), '分' | '、'))
        || text.starts_with(after + 1, "半")
        || text.starts_with(after + 1, "一刻")
        || text.starts_with(after + 1, "三刻")
        || (matches!(next, '二' | '三' | '四' | '五' | '十')
            && matches!(text.at(after + 2), '十' | '分' | '五' | '二')
            || next == '十' && text.at(after + 2) == '分');
    marked
        || minutes
        || matches!(next, '钟' | '整' | '许' | '前' | '后' | '多')
        || text.starts_with(after + 1, "左右")
}

/// 19时54分, 8点半, 三点一刻, 下午2点.
fn clock(text: &Text<'_>, at: usize, hour: i128, after: usize, drafts: &mut Vec<Draft>) -> usize {
    let mut end = after + 1;
    if text.starts_with(end, "钟") || text.starts_with(end, "整") {
        end += 1;
    }
    let mut minute = 0;
    let mut is_full = false;
    if text.at(end) == '半' {
        minute = 30;
        end += 1;
        is_full = true;
    } else if text.starts_with(end, "一刻") || text.starts_with(end, "三刻") {
        minute = if text.at(end) == '一' { 15 } else { 45 };
        end += 2;
        is_full = true;
    } else if let Some(numeral) = numeral::read(text, text.skip_blank(end))
        && text.at(text.skip_blank(numeral.end)) == '分'
        && text.at(text.skip_blank(numeral.end) + 1) != '钟'
        && let Some(value) = numeral.low.to_whole().filter(|value| *value < 60)
    {
        minute = value;
        end = text.skip_blank(numeral.end) + 1;
        is_full = true;
    }
    push_clock(text, at, end, hour, minute, !is_full, drafts);
    end
}

fn push_clock(
    text: &Text<'_>,
    at: usize,
    end: usize,
    hour: i128,
    minute: i128,
    is_hour_only: bool,
    drafts: &mut Vec<Draft>,
) {
    let from = if text.before(at, 1) == ' ' {
        at - 1
    } else {
        at
    };
    let afternoon = text.any_before(from, AFTERNOON);
    let stated = hour;
    let hour = if afternoon.is_some() && hour < 12 {
        hour + 12
    } else {
        hour % 24
    };
    // Whether the words tell which half of the day it is: 晚上1点 is of either.
    let is_evening = afternoon.is_some_and(|word| !word.contains('午') && word != "傍晚");
    let is_told = match stated {
        0 | 13.. => true,
        12 => false,
        hour => {
            (afternoon.is_some() && (!is_evening || hour >= 5))
                || text
                    .any_before(
                        from,
                        &["凌晨", "早上", "上午", "清晨", "早晨", "今早", "早"],
                    )
                    .is_some()
        }
    };
    let mut draft = Draft::exact(
        at,
        end,
        Kind::Clock,
        Rational::whole(hour * 60 + minute),
        Weight::Medium,
    );
    draft.precision = Rational::whole(if is_hour_only { 60 } else { 1 });
    draft.bound = Bound::Exact;
    draft.also = (!is_told).then(|| Rational::whole((hour * 60 + minute + 720) % 1440));
    drafts.push(draft);
}

/// Gives the start of a range the kind of its end: 5至8月, 3-5日, 2018-2020年.
fn share_kind(text: &Text<'_>, drafts: &mut [Draft], kind: Kind) {
    let [.., first, last] = drafts else { return };
    let between = first.end..last.start;
    if between.len() == 1
        && matches!(
            text.at(between.start),
            '-' | '~' | '至' | '到' | '、' | '或' | '和'
        )
        && first.kind == Kind::Count
        && first.unit.is_none()
    {
        first.kind = kind;
        first.weight = Weight::Medium;
    }
}
