//! Amounts in Chinese.

mod context;
mod dates;
mod lexicon;
mod numeral;
mod words;

pub(super) use numeral::last_place;
use numeral::{Form, Numeral};

use super::unit::{CHINESE, ENGLISH};
use super::{Bound, Change, Kind, Mention, Rational, Unit, Weight};

/// The text as characters with their places. Full-width digits and traditional forms of numeral
/// characters are read as their plain counterparts.
struct Text<'a> {
    chars: Vec<char>,
    /// The byte offset of each character, and of the end.
    bytes: Vec<usize>,
    source: &'a str,
}

impl<'a> Text<'a> {
    fn new(source: &'a str) -> Self {
        let mut chars = Vec::with_capacity(source.len() / 2);
        let mut bytes = Vec::with_capacity(source.len() / 2 + 1);
        for (at, c) in source.char_indices() {
            chars.push(plain(c));
            bytes.push(at);
        }
        bytes.push(source.len());
        Self {
            chars,
            bytes,
            source,
        }
    }

    /// The character at an index; NUL past the end.
    fn at(&self, index: usize) -> char {
        self.chars.get(index).copied().unwrap_or('\0')
    }

    /// The character `back` places before `index`; NUL before the start.
    fn before(&self, index: usize, back: usize) -> char {
        index.checked_sub(back).map_or('\0', |index| self.at(index))
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.at(at + i) == c)
    }

    fn ends_with(&self, end: usize, word: &str) -> bool {
        let length = word.chars().count();
        end >= length && self.starts_with(end - length, word)
    }

    fn any(&self, at: usize, words: &[&'static str]) -> Option<&'static str> {
        words
            .iter()
            .copied()
            .find(|word| self.starts_with(at, word))
    }

    fn any_before(&self, end: usize, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.ends_with(end, word))
    }

    fn len(&self) -> usize {
        self.chars.len()
    }

    fn skip_blank(&self, at: usize) -> usize {
        at + usize::from(matches!(self.at(at), ' ' | '\u{a0}' | '\u{3000}'))
    }
}

fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFF10 + 0x30).unwrap_or(c),
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '．' => '.',
        '：' => ':',
        '％' | '﹪' => '%',
        '～' | '〜' | '∼' => '~',
        '－' | '–' | '—' | '―' => '-',
        '＋' => '+',
        '／' => '/',
        '＄' => '$',
        '〇' => '零',
        '萬' => '万',
        '億' => '亿',
        '兩' | '俩' => '两',
        '點' => '点',
        '幾' => '几',
        '數' => '数',
        '餘' => '余',
        '來' => '来',
        '約' => '约',
        '過' => '过',
        '達' => '达',
        '個' => '个',
        '號' => '号',
        '時' => '时',
        '歲' => '岁',
        '週' => '周',
        '噸' => '吨',
        '畝' => '亩',
        '裡' => '里',
        '當' => '当',
        '紀' => '纪',
        '後' => '后',
        _ => c,
    }
}

/// A mention under construction, in character indices.
struct Draft {
    start: usize,
    end: usize,
    kind: Kind,
    low: Rational,
    high: Rational,
    also: Option<Rational>,
    precision: Rational,
    unit: Option<Unit>,
    bound: Bound,
    change: Change,
    weight: Weight,
    suspect: bool,
    /// Mantissa and scale, for a range that shares the scale of its end.
    parts: Option<(Rational, Rational, bool)>,
}

impl Draft {
    fn exact(start: usize, end: usize, kind: Kind, value: Rational, weight: Weight) -> Self {
        Self {
            start,
            end,
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
            parts: None,
        }
    }

    fn of(start: usize, numeral: &Numeral, kind: Kind, weight: Weight) -> Self {
        Self {
            low: numeral.low,
            high: numeral.high,
            precision: numeral.precision,
            bound: if numeral.more {
                Bound::AtLeast
            } else {
                Bound::Exact
            },
            suspect: numeral.suspect,
            parts: Some((
                numeral.mantissa,
                numeral.scale,
                numeral.form == Form::Digits,
            )),
            also: numeral.ambiguous.then(|| literal_tail(numeral)).flatten(),
            ..Self::exact(start, numeral.end, kind, numeral.low, weight)
        }
    }
}

/// 3万5 read as 30,005.
fn literal_tail(numeral: &Numeral) -> Option<Rational> {
    let above = numeral.mantissa.times(numeral.scale)?;
    let digit = numeral.low.minus(above)?.over(numeral.precision)?;
    above.plus(digit)
}

pub(super) fn read(source: &str) -> Vec<Mention> {
    let text = Text::new(source);
    let words = lexicon::covered(source);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut covered = words.iter().peekable();
    let mut at = 0;
    while at < text.len() {
        while covered
            .next_if(|range| range.end <= text.bytes[at])
            .is_some()
        {}
        if let Some(range) = covered.peek()
            && range.contains(&text.bytes[at])
        {
            at += 1;
            continue;
        }
        at = step(&text, at, &mut drafts).max(at + 1);
    }
    drafts
        .into_iter()
        .map(|draft| Mention {
            range: text.bytes[draft.start]..text.bytes[draft.end.min(text.len())],
            span: [0, 0],
            kind: draft.kind,
            low: draft.low,
            high: draft.high,
            also: draft.also,
            precision: draft.precision,
            unit: draft.unit,
            bound: draft.bound,
            change: draft.change,
            weight: if draft.suspect {
                Weight::Soft
            } else {
                draft.weight
            },
            suspect: draft.suspect,
        })
        .collect()
}

/// Reads what stands at `at`, and gives the index to go on from.
fn step(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> usize {
    let c = text.at(at);
    if c.is_ascii_alphabetic() {
        return words::latin(text, at, drafts);
    }
    if let Some(end) = per_unit(text, at, drafts) {
        return end;
    }
    if let Some(end) = dates::read(text, at, drafts) {
        return end;
    }
    if let Some(end) = words::fixed(text, at, drafts) {
        return end;
    }
    if !(c.is_ascii_digit()
        || numeral::han_digit(c).is_some()
        || matches!(c, '十' | '百' | '千' | '万' | '亿' | '几' | '数'))
    {
        return at + 1;
    }
    if c.is_ascii_digit()
        && let Some(end) = words::code(text, at)
    {
        drafts.push(Draft::exact(
            at,
            end,
            Kind::Code,
            Rational::ZERO,
            Weight::Medium,
        ));
        return end;
    }
    let Some(numeral) = numeral::read(text, at) else {
        let mut end = at + 1;
        while c.is_ascii_digit() && text.at(end).is_ascii_digit() {
            end += 1;
        }
        return end;
    };
    amount(text, at, &numeral, drafts)
}

/// Reads a numeral with what follows it.
fn amount(text: &Text<'_>, at: usize, numeral: &Numeral, drafts: &mut Vec<Draft>) -> usize {
    let mut draft = Draft::of(at, numeral, Kind::Count, context::weight(text, at, numeral));
    let after = text.skip_blank(numeral.end);
    if let Some(end) = duration(text, numeral, after, &mut draft) {
        draft.end = end;
    } else if let Some(end) = context::part(text, numeral, after, &mut draft) {
        draft.end = end;
    } else if let Some(end) = context::times(text, at, after, &mut draft) {
        draft.end = end;
    } else {
        unit(text, at, numeral, after, &mut draft);
    }
    if numeral.form == Form::BareScale && draft.unit.is_none() && draft.kind == Kind::Count {
        // 百, 千 and 万 begin too many words to be numbers of their own.
        let means_number = context::is_classifier(text, numeral.end)
            || context::bound_after(text, numeral.end).is_some()
            || context::limits(text, at)
            || numeral.low >= Rational::whole(100_000_000);
        if !means_number {
            return numeral.end;
        }
        if context::is_classifier(text, numeral.end) {
            draft.weight = Weight::Medium;
        }
    }
    context::sign(text, &mut draft, drafts.last());
    draft.bound = context::bound(text, at, draft.end, draft.bound);
    draft.change = context::change(text, at);
    if draft.kind == Kind::Price {
        draft.change = Change::default();
        if text.at(draft.end - 1) == '%' {
            draft.bound = draft.bound.turned();
        }
    }
    share(text, &draft, drafts);
    let end = draft.end;
    drafts.push(draft);
    end
}

/// 每亩, 每公斤: one of a unit of area, mass or volume.
fn per_unit(text: &Text<'_>, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    use super::Dimension::{Area, Mass, Volume};
    if text.at(at) != '每' {
        return None;
    }
    let (end, unit) = unit_at(text, at + 1)?;
    if !matches!(unit.dimension, Area | Mass | Volume) {
        return None;
    }
    let mut draft = Draft::exact(at, end, Kind::Count, Rational::ONE, Weight::Medium);
    draft.unit = Some(unit);
    drafts.push(draft);
    Some(end)
}

/// 2小时13分38秒, 1分57秒79, 1小时30分钟: one length of time, in seconds.
fn duration(text: &Text<'_>, numeral: &Numeral, at: usize, draft: &mut Draft) -> Option<usize> {
    const PARTS: &[(&str, i128)] = &[
        ("个小时", 3600),
        ("小时", 3600),
        ("分钟", 60),
        ("分", 60),
        ("秒钟", 1),
        ("秒", 1),
    ];
    let part = |at: usize| {
        PARTS
            .iter()
            .find(|(name, _)| text.starts_with(at, name))
            .map(|(name, size)| (at + name.chars().count(), *size))
    };
    let (mut end, mut size) = part(at)?;
    let mut total = numeral.low.times(Rational::whole(size))?;
    let mut parts = 1;
    let mut last = Rational::ONE;
    while let Some(next) = numeral::read(text, text.skip_blank(end)) {
        let from = text.skip_blank(next.end);
        if let Some((after, smaller)) = part(from).filter(|(_, smaller)| *smaller < size) {
            total = total.plus(next.low.times(Rational::whole(smaller))?)?;
            (end, size) = (after, smaller);
        } else if size == 1 && next.form == Form::Digits && next.end - end <= 3 {
            // Hundredths after the seconds: 57秒79.
            let places = i32::try_from(next.end - end).ok()?;
            last = Rational::power_of_ten(-places)?;
            total = total.plus(next.low.times(last)?)?;
            end = next.end;
            parts += 1;
            break;
        } else {
            break;
        }
        parts += 1;
    }
    if parts < 2 || !numeral.low.is_within(numeral.high, 0) {
        return None;
    }
    (draft.low, draft.high) = (total, total);
    draft.precision = Rational::whole(size).times(last)?;
    draft.unit = Some(super::SECOND);
    draft.weight = Weight::Strong;
    Some(end)
}

/// Takes the unit after an amount: 平方米, 亿美元, 个月, and a half after it: 两年半, 3个半小时.
fn unit(text: &Text<'_>, at: usize, numeral: &Numeral, after: usize, draft: &mut Draft) {
    let half = Rational::new(1, 2);
    let has_half = |at: usize| {
        text.at(at) == '半'
            && !matches!(
                text.at(at + 1),
                '数' | '价' | '夜' | '导' | '岛' | '场' | '决' | '径' | '球' | '程'
            )
    };
    let mut from = after;
    if numeral.scale == Rational::ONE && text.at(from) == '个' && has_half(from + 1) {
        if let Some(value) = half.and_then(|half| draft.low.plus(half)) {
            (draft.low, draft.high) = (value, value);
            draft.precision = Rational::new(1, 2).unwrap_or(Rational::ONE);
        }
        from += 2;
        draft.end = from;
    }
    let has_own_half = from > after;
    let month = (has_own_half && text.at(from) == '月').then(|| (from + 1, super::MONTH));
    if let Some((end, unit)) = month.or_else(|| unit_at(text, from)) {
        draft.unit = Some(unit);
        draft.end = end;
        if let Some((end, value, precision)) = tail_of_unit(text, numeral, end, unit) {
            (draft.low, draft.high, draft.precision) = (value, value, precision);
            draft.end = end;
            draft.weight = Weight::Strong;
            return;
        }
        if matches!(unit.dimension, super::Dimension::Time) && has_half(end) {
            if let Some(value) = half.and_then(|half| draft.low.plus(half)) {
                (draft.low, draft.high) = (value, value);
                draft.precision = Rational::new(1, 2).unwrap_or(Rational::ONE);
            }
            draft.end = end + 1;
        }
        if numeral.form == Form::Digits && (unit.is_currency() || draft.low >= Rational::whole(13))
        {
            // 24小时 is "around the clock" as often.
            let is_all_day = unit.name == "hour" && draft.low == Rational::whole(24);
            draft.weight = if is_all_day {
                Weight::Medium
            } else {
                Weight::Strong
            };
        } else if draft.weight == Weight::Soft && draft.low > Rational::ONE {
            draft.weight = Weight::Medium;
        }
        if numeral.form == Form::BareScale {
            draft.weight = Weight::Medium;
        }
    } else if let Some((end, value, precision)) = (text.at(from) == '块')
        .then(|| tail_of_unit(text, numeral, from + 1, super::unit::CNY))
        .flatten()
    {
        (draft.low, draft.high, draft.precision) = (value, value, precision);
        (draft.unit, draft.weight, draft.end) = (Some(super::unit::CNY), Weight::Strong, end);
    } else if let Some(unit) = context::money_before(text, at) {
        draft.unit = Some(unit);
        draft.weight = Weight::Strong;
    }
}

/// Tenths and hundredths after metres and yuan: 一米八, 1米75, 三块五, 3元5角. The index after
/// them, the whole amount and its precision.
fn tail_of_unit(
    text: &Text<'_>,
    numeral: &Numeral,
    at: usize,
    unit: Unit,
) -> Option<(usize, Rational, Rational)> {
    let is_money = unit == super::unit::CNY;
    if !(is_money || unit == super::unit::METRE)
        || numeral.more
        || numeral.low != numeral.high
        || numeral.low.to_whole().is_none_or(|whole| whole >= 1000)
    {
        return None;
    }
    let mut end = at;
    let mut value: i128 = 0;
    while let Some(digit) = text
        .at(end)
        .to_digit(10)
        .map(i128::from)
        .or_else(|| numeral::han_digit(text.at(end)))
        .filter(|_| end < at + if is_money { 1 } else { 3 })
    {
        value = value * 10 + digit;
        end += 1;
    }
    let digits = end - at;
    if digits == 0 || digits > 2 || value == 0 {
        return None;
    }
    let next = text.at(end);
    let is_end = !next.is_alphanumeric() && !matches!(next, '.' | ':' | '%' | '-' | '~' | '/');
    // The 八 in 三米八人 counts people.
    let fits = if is_money && matches!(next, '角' | '毛') {
        end += 1;
        digits == 1
    } else if is_money {
        // 五元二次方程; 块 only says what is counted as often.
        text.before(at, 1) == '块' && (is_end || matches!(next, '钱' | '的' | '一' | '左' | '每'))
    } else {
        is_end
            || matches!(
                next,
                '的' | '高' | '宽' | '深' | '长' | '左' | '以' | '几' | '大' | '多' | '厚'
            )
    };
    if !fits {
        return None;
    }
    let precision = Rational::power_of_ten(-i32::try_from(digits).ok()?)?;
    let value = numeral.low.plus(Rational::whole(value).times(precision)?)?;
    Some((end, value, precision))
}

fn unit_at(text: &Text<'_>, at: usize) -> Option<(usize, Unit)> {
    let at = text.skip_blank(at);
    let mut from = at;
    // 3多个小时, 40余亩: the numeral took 余 already; 名义上的 classifiers come first: 5个小时.
    if text.at(from) == '多' || text.at(from) == '余' {
        from += 1;
    }
    if text.at(from).is_ascii_alphabetic() {
        return latin_unit(text, from);
    }
    let mut best: Option<(usize, Unit)> = None;
    for (name, unit) in CHINESE {
        let length = name.chars().count();
        if best.is_none_or(|(end, _)| from + length > end) && text.starts_with(from, name) {
            best = Some((from + length, *unit));
        }
    }
    let (end, unit) = best?;
    let next = text.at(end);
    let is_word = match &text.source[text.bytes[from]..text.bytes[end]] {
        "元" => matches!(next, '旦' | '首' | '素' | '件' | '老' | '宝' | '宵'),
        "日" => matches!(next, '本' | '元' | '程'),
        "天" => matches!(next, '津' | '王' | '门' | '台'),
        "年" => matches!(next, '轻' | '级' | '代'),
        "周" => matches!(next, '边' | '围' | '转' | '知'),
        "米" => matches!(next, '饭' | '粉' | '线' | '兰'),
        "码" => matches!(next, '头' | '事'),
        "克" => matches!(next, '服' | '里' | '罗' | '隆'),
        "升" => matches!(next, '级' | '至' | '到' | '学' | '值' | '起' | '空'),
        "伏" | "瓦" => matches!(next, '特' | '解' | '击' | '斯' | '法'),
        "载" => matches!(next, '人' | '客' | '重' | '荷'),
        _ => false,
    };
    (!is_word).then_some((end, unit))
}

/// A unit in Latin letters: 5km, 30MW.
fn latin_unit(text: &Text<'_>, at: usize) -> Option<(usize, Unit)> {
    let mut end = at;
    while end - at < 6 && (text.at(end).is_ascii_alphabetic() || text.at(end) == '/') {
        end += 1;
    }
    let name: String = (at..end).map(|i| text.at(i).to_ascii_lowercase()).collect();
    if !words::is_latin_unit(&name) || text.at(end).is_ascii_alphanumeric() {
        return None;
    }
    ENGLISH
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, unit)| (end, *unit))
}

/// Gives the start of a range the scale and unit of its end: 3至5万, 10%-15%, 5到8月.
fn share(text: &Text<'_>, draft: &Draft, drafts: &mut [Draft]) {
    let Some(first) = drafts.last_mut() else {
        return;
    };
    let between = first.end..draft.start;
    let joins = match between.len() {
        1 => matches!(
            text.at(between.start),
            '-' | '~' | '至' | '到' | '、' | '或'
        ),
        2 => text.starts_with(between.start, "--") || text.starts_with(between.start, "~~"),
        _ => false,
    };
    if !joins || first.unit.is_some() || !matches!(first.kind, Kind::Count) {
        return;
    }
    if let (Some((mantissa, scale, _)), Some((end_mantissa, end_scale, _))) =
        (first.parts, draft.parts)
        && scale == Rational::ONE
        && end_scale > Rational::ONE
        && mantissa < end_mantissa
        && !matches!(text.at(between.start), '、')
        && let (Some(low), Some(high), Some(precision)) = (
            first.low.times(end_scale),
            first.high.times(end_scale),
            first.precision.times(end_scale),
        )
    {
        (first.low, first.high, first.precision) = (low, high, precision);
    }
    // 5到8折
    if draft.kind == Kind::Price && text.at(draft.end - 1) == '折' {
        let ten = Rational::whole(10);
        let factor = if first.high < ten { ten } else { Rational::ONE };
        if let (Some(low), Some(high)) = (first.low.times(factor), first.high.times(factor)) {
            (first.low, first.high, first.kind) = (low, high, Kind::Price);
            first.weight = draft.weight;
        }
    }
    if matches!(draft.kind, Kind::Percent | Kind::Points | Kind::Count) {
        first.kind = draft.kind;
        first.unit = draft.unit;
        first.weight = first.weight.max(draft.weight);
    }
}
