//! What stands around a Chinese numeral: classifiers, limits, changes, shares.

use super::numeral::{Form, Numeral, han_digit};
use super::{Draft, Text};
use crate::quantity::unit::{CNY, PREFIXES};
use crate::quantity::{Bound, Change, Dimension, Direction, Kind, Rational, Unit, Weight};

/// Characters that count things after a numeral.
const CLASSIFIERS: &str = "个名人位家次项条件块处栋座场架辆艘只头匹颗枚张部台套份支所间层起届轮步种类岁年\
天日周月时秒户口村县市车强省国州区城队组批级版期号路楼页章集篇封幅倍杯瓶株棵朵片桶箱袋盒双对遍回门剂针例宗桩笔股票席局盘球连起张\
万亿元米里吨亩斤公英平立美欧港日韩分";

pub(super) fn is_classifier(text: &Text<'_>, at: usize) -> bool {
    let c = text.at(text.skip_blank(at));
    c != '\0' && CLASSIFIERS.contains(c)
}

/// How much a numeral demands a counterpart, by its form, its size and what it counts.
pub(super) fn weight(text: &Text<'_>, at: usize, numeral: &Numeral) -> Weight {
    let small = numeral.high < Rational::whole(13);
    let is_counted = numeral.scale > Rational::ONE
        || is_classifier(text, numeral.end)
        || matches!(
            text.at(numeral.end),
            '\0' | '，'
                | '。'
                | '、'
                | '；'
                | ','
                | '.'
                | ';'
                | '的'
                | '和'
                | '比'
                | '与'
                | '至'
                | '到'
                | '以'
                | '左'
                | '多'
                | '余'
                | ')'
                | '）'
        ) && !matches!(text.before(at, 1), '-' | '·');
    let is_vague = numeral.low != numeral.high;
    match numeral.form {
        Form::BareScale => Weight::Soft,
        Form::Digits if small && numeral.low.to_whole().is_some() => {
            // 4比1 is a score.
            let is_score = matches!(text.before(at, 1), '比' | '-' | ':')
                && text.before(at, 2).is_ascii_digit()
                || matches!(text.at(numeral.end), '比' | '-' | ':')
                    && text.at(numeral.end + 1).is_ascii_digit();
            if numeral.low <= Rational::ONE && !is_score {
                Weight::Soft
            } else {
                Weight::Medium
            }
        }
        // 鹰击83, 2016秋季: a number that counts nothing is part of a name.
        Form::Digits if !is_counted => Weight::Medium,
        Form::Digits => Weight::Strong,
        Form::Characters if numeral.low >= Rational::whole(10_000) && !is_vague => Weight::Strong,
        Form::Characters if is_vague || numeral.low <= Rational::ONE => Weight::Soft,
        Form::Characters if !is_classifier(text, numeral.end) => Weight::Soft,
        Form::Characters if small => {
            // 两 is "both" as often as it is a number.
            if text.at(at) == '两' {
                Weight::Soft
            } else {
                Weight::Medium
            }
        }
        Form::Characters if numeral.low >= Rational::whole(100) => Weight::Strong,
        Form::Characters => Weight::Medium,
    }
}

const AT_LEAST_BEFORE: &[&str] = &[
    "超过了",
    "超过",
    "逾",
    "多于",
    "至少",
    "最少",
    "高于",
    "大于",
    "超",
    "起码",
    "多过",
    "不止",
    "不下于",
    "不下",
];
const AT_MOST_BEFORE: &[&str] = &[
    "低于", "少于", "不足", "不到", "小于", "至多", "最多", "未满", "不满", "未达", "未到", "不及",
];
const ABOUT_BEFORE: &[&str] = &[
    "大约",
    "约",
    "大概",
    "差不多",
    "约为",
    "约有",
    "接近于",
    "上下",
    "估计",
    "约合",
    "约等于",
    "相当于",
];
const NEARLY_BEFORE: &[&str] = &["将近", "接近", "近"];
const UP_TO_BEFORE: &[&str] = &["可达", "最高", "最长"];

/// The limit right before a numeral.
fn bound_before(text: &Text<'_>, at: usize) -> Option<Bound> {
    let end = if text.before(at, 1) == ' ' {
        at - 1
    } else {
        at
    };
    // Currency before the amount: 约人民币3万元.
    let end = text
        .any_before(end, &["人民币", "美金", "港币", "马币"])
        .map_or(end, |word| end - word.chars().count());
    let limit = [
        (AT_MOST_BEFORE, Bound::AtMost),
        (AT_LEAST_BEFORE, Bound::AtLeast),
    ]
    .into_iter()
    .find_map(|(words, bound)| Some((text.any_before(end, words)?, bound)));
    if let Some((word, bound)) = limit {
        let start = end - word.chars().count();
        let before = text.before(start, 1);
        // 中超3 and 英超3 are leagues.
        if word == "超" && matches!(before, '中' | '英' | '赶' | '反' | '意' | '德') {
            return None;
        }
        let is_negated = text
            .any_before(
                start,
                &[
                    "不", "未", "没", "没有", "不会", "不得", "不能", "不应", "不可", "不再",
                    "不宜", "并未", "从未", "无",
                ],
            )
            .is_some();
        return Some(match (bound, is_negated) {
            (Bound::AtLeast, false) | (Bound::AtMost, true) => Bound::AtLeast,
            _ => Bound::AtMost,
        });
    }
    if let Some(word) = text.any_before(end, NEARLY_BEFORE) {
        let before = text.before(end - word.chars().count(), 1);
        let is_word = word == "近"
            && matches!(
                before,
                '最' | '附' | '靠' | '新' | '临' | '远' | '邻' | '晚'
            );
        return (!is_word).then_some(Bound::Nearly);
    }
    if text.any_before(end, ABOUT_BEFORE).is_some() {
        return Some(Bound::About);
    }
    text.any_before(end, UP_TO_BEFORE).map(|_| Bound::UpTo)
}

/// The limit after an amount: 以上, 以内, 左右.
pub(super) fn bound_after(text: &Text<'_>, end: usize) -> Option<Bound> {
    let end = text.skip_blank(end);
    // A classifier may stand between: 5万人以上, 90后以上 is none.
    let skip = usize::from(is_classifier(text, end) && text.at(end) != '分');
    for at in [end, end + skip] {
        if text
            .any(
                at,
                &["以上", "及以上", "或以上", "以外", "有余", "开外", "起步"],
            )
            .is_some()
        {
            return Some(Bound::AtLeast);
        }
        if text
            .any(
                at,
                &[
                    "以下",
                    "及以下",
                    "或以下",
                    "以内",
                    "之内",
                    "不到",
                    "未满",
                    "内",
                ],
            )
            .is_some()
        {
            return Some(Bound::AtMost);
        }
        if text.any(at, &["左右", "上下", "前后"]).is_some() {
            return Some(Bound::About);
        }
        if matches!(text.at(at), '多' | '余')
            && !matches!(text.at(at + 1), '元' | '样' | '云' | '额')
            && at > 0
        {
            return Some(Bound::AtLeast);
        }
    }
    None
}

/// Whether a limit stands right before, which makes even a bare 万 a number: 上万, 近千.
pub(super) fn limits(text: &Text<'_>, at: usize) -> bool {
    bound_before(text, at).is_some()
}

pub(super) fn bound(text: &Text<'_>, start: usize, end: usize, own: Bound) -> Bound {
    match (bound_before(text, start), bound_after(text, end)) {
        // 至少…左右 and 约…以上: the firmer one.
        (Some(Bound::About | Bound::UpTo) | None, Some(after)) => after,
        // 近10年以下 does not occur; 不足…余 neither.
        (Some(before), _) => before,
        (None, None) => own,
    }
}

const UP: &[&str] = &[
    "增长", "增加", "上升", "上涨", "提高", "提升", "上调", "攀升", "增幅", "涨幅", "升值", "扩大",
    "增至", "升至", "涨至", "增到", "升到", "涨到", "增", "涨", "升", "上扬", "多收", "走高",
    "猛增", "激增", "飙升",
];
const DOWN: &[&str] = &[
    "减少", "下降", "下跌", "降低", "下滑", "下调", "缩减", "跌幅", "降幅", "贬值", "缩小", "降至",
    "跌至", "减至", "降到", "跌到", "减到", "缩短", "萎缩", "回落", "减", "降", "跌", "骤降",
    "锐减", "暴跌", "减缓", "降价", "减价",
];

/// What a verb before the numeral says of a change: 同比增长5%, 下降了3个百分点, 增至40亿.
pub(super) fn change(text: &Text<'_>, at: usize) -> Change {
    let mut end = at;
    let skip = |end: &mut usize, words: &[&'static str]| {
        let found = text.any_before(*end, words);
        if let Some(word) = found {
            *end -= word.chars().count();
        }
        found.is_some()
    };
    skip(&mut end, &[" "]);
    for _ in 0..2 {
        skip(
            &mut end,
            &[
                "超过",
                "大约",
                "将近",
                "接近",
                "约为",
                "约",
                "近",
                "逾",
                "超",
                "人民币",
                "不到",
            ],
        );
    }
    // 涨到了, 增加了: 了 says only that it is done.
    skip(&mut end, &["了", "过"]);
    // 降至原来的十分之一
    skip(
        &mut end,
        &["原来的", "原先的", "原有的", "以前的", "此前的", "过去的"],
    );
    let reached = skip(&mut end, &["至", "到", "为", "达到", "达"]);
    skip(&mut end, &["了", "过"]);
    skip(&mut end, &["幅度", "率", "比例"]);
    let direction = if text.any_before(end, UP).is_some() {
        Some(Direction::Up)
    } else if text.any_before(end, DOWN).is_some() {
        Some(Direction::Down)
    } else {
        None
    };
    if direction.is_none() {
        return Change::default();
    }
    // 涨幅达5%, 增幅为3%: the extent of the step, not what was reached.
    let is_extent = text
        .any_before(end, &["增幅", "涨幅", "跌幅", "降幅"])
        .is_some();
    let is_result = if is_extent {
        Some(false)
    } else if reached {
        text.any_before(at, &["达", "为"]).is_none().then_some(true)
    } else {
        Some(false)
    };
    Change {
        direction,
        is_result,
    }
}

/// Percentages, points and tenths: 5%, 3个百分点, 六成, 千分之 is read where fractions are.
pub(super) fn part(
    text: &Text<'_>,
    numeral: &Numeral,
    after: usize,
    draft: &mut Draft,
) -> Option<usize> {
    if text.at(after) == '%' {
        draft.kind = Kind::Percent;
        draft.weight = Weight::Strong;
        if is_reduction(text, draft.start, after + 1) {
            draft.take_off();
        }
        return Some(after + 1);
    }
    if text.at(after) == '折' && after == numeral.end {
        return discount(text, numeral, draft);
    }
    if text.at(after) == '‰' {
        draft.kind = Kind::Percent;
        draft.weight = Weight::Strong;
        (draft.low, draft.high) = (tenth(draft.low)?, tenth(draft.high)?);
        draft.precision = tenth(draft.precision)?;
        return Some(after + 1);
    }
    // 25个基点 are a quarter of a percentage point.
    for name in ["个基点", "基点"] {
        if text.starts_with(after, name) {
            let hundred = Rational::whole(100);
            draft.kind = Kind::Points;
            draft.weight = Weight::Strong;
            (draft.low, draft.high) = (draft.low.over(hundred)?, draft.high.over(hundred)?);
            draft.precision = draft.precision.over(hundred)?;
            return Some(after + name.chars().count());
        }
    }
    for name in ["个百分点", "个多百分点", "百分点"] {
        if text.starts_with(after, name) {
            draft.kind = Kind::Points;
            draft.weight = Weight::Strong;
            return Some(after + name.chars().count());
        }
    }
    // 六成, 8成, 三成五; not 成为, 成立, 三成功.
    let is_digit = numeral.scale == Rational::ONE
        && numeral.high < Rational::whole(10)
        && numeral.low >= Rational::ONE;
    let follows = text.at(after + 1);
    let is_word = matches!(
        follows,
        '为' | '功'
            | '立'
            | '员'
            | '本'
            | '果'
            | '都'
            | '绩'
            | '交'
            | '长'
            | '熟'
            | '年'
            | '就'
            | '分'
            | '品'
            | '份'
            | '套'
            | '型'
            | '群'
            | '了'
            | '语'
            | '双'
            | '效'
            | '形'
            | '像'
    );
    if is_digit && text.at(after) == '成' && !is_word && text.before(draft.start, 1) != '第' {
        let ten = Rational::whole(10);
        draft.kind = Kind::Percent;
        draft.weight = Weight::Medium;
        (draft.low, draft.high) = (draft.low.times(ten)?, draft.high.times(ten)?);
        draft.precision = ten;
        let mut end = after + 1;
        if let Some(digit) = han_digit(follows)
            && !is_classifier(text, after + 2)
            && digit > 0
        {
            let value = draft.low.plus(Rational::whole(digit))?;
            (draft.low, draft.high) = (value, value);
            draft.precision = Rational::ONE;
            end += 1;
        }
        return Some(end);
    }
    None
}

/// 八折, 8.5折, 八五折: the tenths or hundredths of the price that are paid; not 折叠 or 一波三折.
fn discount(text: &Text<'_>, numeral: &Numeral, draft: &mut Draft) -> Option<usize> {
    let end = numeral.end + 1;
    let is_word = matches!(
        text.at(end),
        '叠' | '断'
            | '腾'
            | '磨'
            | '射'
            | '返'
            | '页'
            | '子'
            | '合'
            | '旧'
            | '线'
            | '扇'
            | '纸'
            | '屏'
            | '戏'
            | '痕'
            | '弯'
            | '桥'
    ) || matches!(
        text.before(draft.start, 1),
        '第' | '波' | '百' | '骨' | '曲'
    );
    if is_word || numeral.scale > Rational::ONE || numeral.more {
        return None;
    }
    let (ten, hundred) = (Rational::whole(10), Rational::whole(100));
    let factor = if numeral.high < ten && numeral.low > Rational::ZERO {
        // Three alone may be folds or the acts of a play; a price is spoken of before or after.
        let from = draft.start.saturating_sub(6);
        let is_price = (from..draft.start).any(|at| {
            matches!(
                text.at(at),
                '打' | '享' | '按' | '价' | '惠' | '低' | '销' | '扣'
            )
        }) || (end..end + 4).any(|at| {
            matches!(
                text.at(at),
                '惠' | '价' | '售' | '销' | '起' | '购' | '卖' | '扣' | '券' | '票' | '封'
            )
        }) || matches!(text.before(draft.start, 1), '-' | '至' | '到' | '~')
            || (numeral.low >= Rational::whole(5) && !text.at(end).is_alphanumeric());
        if !is_price {
            return None;
        }
        ten
    } else if numeral.low > ten
        && numeral.high < hundred
        && (numeral.positional || numeral.form == Form::Digits)
    {
        Rational::ONE
    } else {
        return None;
    };
    draft.kind = Kind::Price;
    draft.weight = Weight::Strong;
    (draft.low, draft.high) = (draft.low.times(factor)?, draft.high.times(factor)?);
    draft.precision = draft.precision.times(factor)?;
    Some(end)
}

/// Whether a percentage is what a price is less: 优惠20%, 20%的折扣.
fn is_reduction(text: &Text<'_>, start: usize, end: usize) -> bool {
    let end = end + usize::from(text.at(end) == '的');
    text.any(end, &["折扣", "优惠"]).is_some()
        || text
            .any_before(start, &["优惠", "优惠了", "便宜", "便宜了"])
            .is_some()
}

/// Makes an amount negative where 零下, 负 or a minus says so. A minus is told from a hyphen by
/// the degrees after the number; the end of a range may take the sign from its start.
pub(super) fn sign(text: &Text<'_>, draft: &mut Draft, last: Option<&Draft>) {
    let at = if text.before(draft.start, 1) == ' ' {
        draft.start - 1
    } else {
        draft.start
    };
    let is_warmth = draft
        .unit
        .is_some_and(|unit| unit.dimension == Dimension::Temperature)
        || (text.at(draft.end) == '度' && draft.unit.is_none());
    let is_minus = match text.before(at, 1) {
        '负' | '−' => true,
        '-' => {
            !matches!(
                text.before(at, 2),
                '-' | '~' | '度' | '℃' | '%' | ')' | '）'
            ) && !text.before(at, 2).is_ascii_alphanumeric()
        }
        _ => false,
    };
    let negative = |value: Rational| Rational::ZERO.minus(value);
    if draft.kind != Kind::Count {
        return;
    }
    if text.ends_with(at, "零下") || (is_minus && is_warmth) {
        if let (Some(low), Some(high)) = (negative(draft.high), negative(draft.low)) {
            (draft.low, draft.high) = (low, high);
        }
        return;
    }
    let may_share = is_warmth
        && last.is_some_and(|last| {
            last.low < Rational::ZERO
                && draft.start == last.end + 1
                && matches!(text.at(last.end), '至' | '到' | '-' | '~')
        });
    if (is_minus || may_share) && draft.also.is_none() && draft.is_exact() {
        draft.also = negative(draft.low);
    }
}

fn tenth(value: Rational) -> Option<Rational> {
    value.over(Rational::whole(10))
}

/// 倍: 增长2倍 is three times as much (or twice, as many write); 是…的2倍 is twice.
pub(super) fn times(text: &Text<'_>, at: usize, after: usize, draft: &mut Draft) -> Option<usize> {
    let mut from = after;
    if text.at(from) == '多' || text.at(from) == '余' {
        from += 1;
    }
    if text.at(from) != '倍' {
        return None;
    }
    from += 1;
    let half = text.at(from) == '半';
    draft.kind = Kind::Times;
    draft.weight = Weight::Medium;
    if half {
        let value = draft.low.plus(Rational::new(1, 2)?)?;
        (draft.low, draft.high) = (value, value);
        from += 1;
    }
    let change = change(text, at);
    let is_growth = change.is_result == Some(false)
        || text
            .any_before(
                at,
                &[
                    "高出",
                    "多出",
                    "翻了",
                    "翻",
                    "超出",
                    "超过",
                    "超",
                    "大了",
                    "多了",
                    "高",
                    "多",
                    "快",
                    "大",
                    "贵",
                    "长",
                    "高了",
                    "快了",
                    "贵了",
                    "长了",
                    "增长",
                    "扩大了",
                ],
            )
            .is_some();
    if is_growth && draft.is_exact() {
        draft.also = Some(draft.low);
        let value = draft.low.plus(Rational::ONE)?;
        (draft.low, draft.high) = (value, value);
    }
    Some(from)
}

impl Draft {
    /// Makes what a price is less of what of it is paid.
    fn take_off(&mut self) {
        let hundred = Rational::whole(100);
        if let (Some(low), Some(high)) = (hundred.minus(self.high), hundred.minus(self.low)) {
            (self.low, self.high, self.kind) = (low, high, Kind::Price);
        }
    }

    fn is_exact(&self) -> bool {
        self.low == self.high
    }
}

/// A currency before the amount: 人民币5万, US$30, ￥20.
pub(super) fn money_before(text: &Text<'_>, at: usize) -> Option<Unit> {
    let end = if text.before(at, 1) == ' ' {
        at - 1
    } else {
        at
    };
    if text.ends_with(end, "人民币") {
        return Some(CNY);
    }
    let mut best: Option<(usize, Unit)> = None;
    for (name, unit) in PREFIXES {
        let length = name.chars().count();
        let fits = end >= length
            && name
                .chars()
                .enumerate()
                .all(|(i, c)| text.at(end - length + i).to_ascii_lowercase() == c)
            // A code of letters must not be the end of a longer word.
            && !(name.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.before(end - length, 1).is_ascii_alphanumeric());
        if fits && best.is_none_or(|(longest, _)| length > longest) {
            best = Some((length, *unit));
        }
    }
    best.map(|(_, unit)| unit)
}
