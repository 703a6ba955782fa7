//! Chinese words that hold a number, words that only look like it, and names with digits.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::numeral::{self, han_digit};
use super::{Draft, Text, context};
use crate::quantity::{Bound, Kind, Rational, Weight};

/// Words with a numeral character that state no number.
const NOT_NUMBERS: &[&str] = &[
    "千万别",
    "千万不",
    "千万要",
    "千万记",
    "千万注意",
    "万一",
    "一万一",
    "万众",
    "万物",
    "万象",
    "万圣",
    "万岁",
    "万能",
    "万事",
    "万里长",
    "万万",
    "万分",
    "万达",
    "万科",
    "万宝",
    "万州",
    "万隆",
    "万豪",
    "万维",
    "万全",
    "万古",
    "万户",
    "千家万户",
    "千方百计",
    "千变万化",
    "千丝万缕",
    "千军万马",
    "千钧",
    "千秋",
    "千古",
    "千禧",
    "千差万别",
    "千篇一律",
    "千里马",
    "千里迢迢",
    "千百年",
    "千金",
    "千斤顶",
    "千叶",
    "百姓",
    "百般",
    "百科",
    "百货",
    "百花",
    "百度",
    "百事",
    "百合",
    "百色",
    "百叶",
    "百老汇",
    "百慕大",
    "百思",
    "百家争鸣",
    "百年大计",
    "百日",
    "老百",
    "百里",
    "十分",
    "十足",
    "十堰",
    "十字",
    "十全",
    "十面",
    "十八大",
    "十九大",
    "二十大",
    "十七大",
    "亿万",
    "九牛",
    "四川",
    "九江",
    "三亚",
    "六安",
    "七台河",
    "八宝",
    "三峡",
    "三明",
    "四平",
    "五指山",
    "九寨",
    "五台",
    "三国",
    "三星",
    "三菱",
    "三井",
    "三角",
    "三军",
    "三农",
    "三通",
    "三亩",
    "五常",
    "四季",
    "四周",
    "四处",
    "四面",
    "四肢",
    "四海",
    "四通",
    "七夕",
    "八卦",
    "八路",
    "八一",
    "五四",
    "六一",
    "五一",
    "十一黄金",
    "三八",
    "九一八",
    "七七事变",
    "双十一",
    "双十二",
    "六四",
    "九二",
    "一二九",
    "二战",
    "一战",
    "二手",
    "二维",
    "二次",
    "二胡",
    "二氧化",
    "三氧化",
    "二甲",
    "一氧化",
    "三聚",
    "一些",
    "一样",
    "一起",
    "一直",
    "一定",
    "一般",
    "一旦",
    "一切",
    "一致",
    "一向",
    "一贯",
    "一带",
    "一路",
    "一方面",
    "一下",
    "一番",
    "一体",
    "一线",
    "一律",
    "一再",
    "一边",
    "一味",
    "一齐",
    "一同",
    "一道",
    "一时",
    "一度",
    "一身",
    "一点",
    "一举",
    "一流",
    "统一",
    "唯一",
    "之一",
    "不一",
    "逐一",
    "进一步",
    "一步",
    "单一",
    "万无",
    "一心",
    "一如",
    "一经",
    "一概",
    "一连",
    "一手",
    "一口气",
    "一言",
    "第一时间",
    "第一夫人",
    "第三方",
    "第一线",
    "二线",
    "三线",
    "四线城市",
    "五官",
    "五金",
    "五脏",
    "六神",
    "七上八下",
    "乱七八糟",
    "三思",
    "三番五次",
    "接二连三",
    "三心二意",
    "四分五裂",
    "五花八门",
    "五颜六色",
    "五湖四海",
    "九霄",
    "十万火急",
    "百分百",
    "举一反三",
    "独一无二",
    "说一不二",
    "一五一十",
    "三令五申",
    "三三两两",
    "四通八达",
    "七嘴八舌",
    "八仙",
    "三文鱼",
    "三明治",
    "三轮车",
    "二奶",
    "二郎",
    "三藏",
    "四书",
    "五经",
    "李四",
    "张三",
    "王五",
    "王八",
    "初一",
    "初二",
    "初三",
    "高一",
    "高二",
    "高三",
    "大一",
    "大二",
    "大三",
    "大四",
    "数十分",
    "几何",
    "几乎",
    "数据",
    "数字",
    "数量",
    "数码",
    "数学",
    "数值",
    "数目",
    "数额",
    "万吨轮",
    "两岸",
    "两会",
    "两极",
    "两性",
    "两栖",
    "两手",
    "两边",
    "两侧",
    "两难",
    "一九九几",
    "千瓦",
    "兆瓦",
    "百帕",
    "两学一做",
    "三严三实",
    "四个全面",
    "五位一体",
    "三个代表",
    "三中全会",
    "四中全会",
    "五中全会",
    "六中全会",
    "七中全会",
    "二中全会",
    "一中全会",
    "零售",
    "零部件",
    "零件",
    "零食",
    "零距离",
    "零星",
    "零散",
    "零碎",
    "零钱",
    "零下",
    "零上",
    "一百八十度",
    "九九重阳",
    "二十四节气",
    "三伏",
    "三九天",
    "三七",
    "五谷",
    "六合彩",
    "五月花",
    "一月一",
    "人山人海",
    "三人行",
];

/// Words that stand for an order of magnitude, with its limits.
const VAGUE: &[(&str, i128, i128)] = &[
    ("成千上万", 1000, 1_000_000),
    ("成百上千", 100, 100_000),
    ("数以亿计", 100_000_000, 10_000_000_000),
    ("数以千万计", 10_000_000, 1_000_000_000),
    ("数以百万计", 1_000_000, 100_000_000),
    ("数以十万计", 100_000, 10_000_000),
    ("数以万计", 10_000, 10_000_000),
    ("数以千计", 1000, 1_000_000),
    ("数以百计", 100, 100_000),
    ("数十万计", 100_000, 10_000_000),
    ("上百万", 1_000_000, 9_999_999),
    ("上千万", 10_000_000, 99_999_999),
    ("上亿", 100_000_000, 999_999_999),
    ("上万亿", 1_000_000_000_000, 9_999_999_999_999),
    ("上百亿", 10_000_000_000, 99_999_999_999),
    ("上千亿", 100_000_000_000, 999_999_999_999),
    ("上万", 10_000, 99_999),
    ("上千", 1000, 9999),
    ("上百", 100, 999),
    ("上十万", 100_000, 999_999),
];

static NOT_NUMBER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(NOT_NUMBERS)
        .ok()
});

/// The byte ranges of words with a numeral character that state no number, in text order. A word
/// that a longer numeral runs into is left out: 五一 in 三十五一 is none.
pub(super) fn covered(source: &str) -> Vec<Range<usize>> {
    let Some(words) = NOT_NUMBER.as_ref() else {
        return Vec::new();
    };
    let is_numeral = |c: Option<char>| {
        c.is_some_and(|c| {
            han_digit(c).is_some()
                || c.is_ascii_digit()
                || matches!(c, '十' | '百' | '千' | '万' | '亿')
        })
    };
    words
        .find_iter(source)
        .map(|found| found.range())
        .filter(|range| {
            let first = source[range.clone()].chars().next();
            let last = source[range.clone()].chars().next_back();
            let before = source[..range.start].chars().next_back();
            let after = source[range.end..].chars().next();
            !(is_numeral(first)
                && (is_numeral(before) || matches!(before, Some('第' | '几' | '数' | '之'))))
                && !(is_numeral(last) && is_numeral(after))
        })
        .collect()
}

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
        '百' | '千' if text.starts_with(at + 1, "分之") => hundredths(text, at, drafts),
        '翻' => doubling(text, at, drafts),
        '半' | '一' | '过' | '大' => half(text, at, drafts),
        '双' => soft(at, at + 1, 2, drafts),
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

fn soft(start: usize, end: usize, value: i128, drafts: &mut Vec<Draft>) -> Option<usize> {
    drafts.push(Draft::exact(
        start,
        end,
        Kind::Count,
        Rational::whole(value),
        Weight::Soft,
    ));
    Some(end)
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
    let per_mille = text.at(at) == '千';
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
    if per_mille {
        let ten = Rational::whole(10);
        draft.low = draft.low.over(ten)?;
        draft.high = draft.high.over(ten)?;
        draft.precision = draft.precision.over(ten)?;
    }
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
        '年' => Some(crate::quantity::YEAR),
        '小' => Some(crate::quantity::HOUR),
        '个' if text.starts_with(at + 2, "月") => Some(crate::quantity::MONTH),
        '个' if text.starts_with(at + 2, "小时") => Some(crate::quantity::HOUR),
        _ => None,
    };
    draft.unit = unit;
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
