//! Chinese numerals: digits, characters, and digits with 万 and 亿.

use super::Text;
use crate::quantity::Rational;

/// How a numeral is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `25.96`, `3,000万`.
    Digits,
    /// 二十五, 三万.
    Characters,
    /// 百万, 千亿: a scale with nothing before it.
    BareScale,
}

/// A numeral in the text.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the writing that may hold with any other"
)]
pub(super) struct Numeral {
    /// The index after its last character.
    pub end: usize,
    pub low: Rational,
    pub high: Rational,
    /// The worth of one in the last place that is not 0.
    pub precision: Rational,
    /// The number before the scale, and the scale: 3 and 10,000 for 3万.
    pub mantissa: Rational,
    pub scale: Rational,
    pub form: Form,
    /// Whether 余, 多 or 来 says that it is a little more.
    pub more: bool,
    /// 3万5 may be 35,000 or 30,005.
    pub ambiguous: bool,
    /// Written digit for digit: 二〇二〇.
    pub positional: bool,
    /// No writer would write it: 0亿, 007亿.
    pub suspect: bool,
}

/// The longest numeral that a writer would write.
const LONGEST: usize = 24;

pub(super) fn han_digit(c: char) -> Option<i128> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn scale_of(c: char) -> Option<i128> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// Reads the numeral that begins at `at`.
pub(super) fn read(text: &Text<'_>, at: usize) -> Option<Numeral> {
    if text.at(at).is_ascii_digit() {
        digits(text, at)
    } else {
        characters(text, at)
    }
}

/// The index after plain digits with groups and a decimal point from `at`.
pub(super) fn digits_end(text: &Text<'_>, at: usize) -> usize {
    let run = |from: usize| {
        let mut end = from;
        while text.at(end).is_ascii_digit() {
            end += 1;
        }
        end
    };
    let mut end = run(at);
    if end - at <= 3 && text.at(at) != '0' {
        while text.at(end) == ',' && run(end + 1) == end + 4 {
            end += 4;
        }
    }
    if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        end = run(end + 1);
    }
    end
}

fn digits(text: &Text<'_>, at: usize) -> Option<Numeral> {
    let mut end = digits_end(text, at);
    let written: String = (at..end)
        .map(|i| text.at(i))
        .filter(|c| *c != ',')
        .collect();
    let (mantissa, _) = Rational::from_digits(&written)?;
    let mut more = false;
    let mut scale: i128 = 1;
    let blank = usize::from(
        text.at(end) == ' ' && matches!(text.at(end + 1), '万' | '亿' | '千' | '百' | '余' | '多'),
    );
    let mut next = end + blank;
    // 4个亿
    if text.at(next) == '个'
        && matches!(text.at(next + 1), '亿' | '万')
        && !matches!(text.at(next + 2), '元' | '级' | '吨' | '亩')
    {
        next += 1;
    }
    if is_more(text, next) && scale_of(text.at(next + 1)).is_some_and(|scale| scale >= 100) {
        more = true;
        next += 1;
    }
    let from = next;
    while let Some(factor) = scale_of(text.at(next)) {
        let is_last = !matches!(text.at(next + 1), '万' | '亿');
        // 5千瓦 is five kilowatts, not five thousand watts; 10十 is no number.
        if factor == 10 || (factor < 10_000 && is_last && is_prefix_of_unit(text.at(next + 1))) {
            break;
        }
        scale = scale.checked_mul(factor)?;
        next += 1;
        if scale > 1_000_000_000_000_000 {
            return None;
        }
    }
    if next > from {
        end = next;
    } else {
        more = false;
    }
    let scale = Rational::whole(scale);
    let mut value = mantissa.times(scale)?;
    let mut precision = last_place(&written).times(scale)?;
    let mut ambiguous = false;
    if scale > Rational::ONE
        && !more
        && let Some(tail) = tail(text, end, scale)
    {
        value = value.plus(tail.value)?;
        precision = tail.precision;
        ambiguous = tail.ambiguous;
        end = tail.end;
    }
    if is_more(text, end) && !text.at(end + 1).is_ascii_digit() {
        more = true;
        end += 1;
    }
    let suspect = scale > Rational::ONE
        && (mantissa.is_zero() || (written.starts_with('0') && !written.starts_with("0.")));
    Some(Numeral {
        end,
        low: value,
        high: value,
        precision,
        mantissa,
        scale,
        form: Form::Digits,
        more,
        ambiguous,
        positional: false,
        suspect,
    })
}

struct Tail {
    end: usize,
    value: Rational,
    precision: Rational,
    ambiguous: bool,
}

/// What follows a scale: 2万**4801**, 1亿**2000万**, 3万**5**.
fn tail(text: &Text<'_>, at: usize, above: Rational) -> Option<Tail> {
    if !text.at(at).is_ascii_digit() {
        return None;
    }
    let end = digits_end(text, at);
    let written: String = (at..end).map(|i| text.at(i)).collect();
    let (value, _) = Rational::from_digits(&written)?;
    let own = match text.at(end) {
        '万' => 10_000,
        '千' if !is_prefix_of_unit(text.at(end + 1)) => 1000,
        '百' => 100,
        _ => 1,
    };
    let own_scale = Rational::whole(own);
    let worth = value.times(own_scale)?;
    if worth >= above || written.contains('.') && own == 1 {
        return None;
    }
    if own > 1 {
        return Some(Tail {
            end: end + 1,
            value: worth,
            precision: last_place(&written).times(own_scale)?,
            ambiguous: false,
        });
    }
    if written.len() == 1 && !value.is_zero() {
        let place = above.over(Rational::whole(10))?;
        return Some(Tail {
            end,
            value: value.times(place)?,
            precision: place,
            ambiguous: true,
        });
    }
    Some(Tail {
        end,
        value,
        precision: last_place(&written),
        ambiguous: false,
    })
}

/// The worth of one in the last place of plain digits that is not 0.
pub(in crate::quantity) fn last_place(written: &str) -> Rational {
    let places = written.split_once('.').map_or(0, |(_, part)| part.len());
    let mut exponent = -i32::try_from(places).unwrap_or(0);
    for digit in written.bytes().rev().filter(|byte| *byte != b'.') {
        if digit != b'0' || exponent < 0 {
            break;
        }
        exponent += 1;
    }
    Rational::power_of_ten(exponent).unwrap_or(Rational::ONE)
}

/// Whether 余, 多 or 来 at `at` says "a little more", and does not begin a word of its own.
fn is_more(text: &Text<'_>, at: usize) -> bool {
    let next = text.at(at + 1);
    match text.at(at) {
        '余' => !matches!(
            next,
            '额' | '地' | '震' | '温' | '热' | '下' | '量' | '生' | '波'
        ),
        '多' => !matches!(
            next,
            '云' | '元' | '少' | '功' | '边' | '媒' | '发' | '样' | '于' | '数'
        ),
        '来' => matches!(
            next,
            '个' | '名'
                | '人'
                | '家'
                | '位'
                | '岁'
                | '年'
                | '天'
                | '万'
                | '亿'
                | '米'
                | '次'
                | '块'
        ),
        _ => false,
    }
}

/// Whether 千 or 百 before this character belongs to a unit: 千瓦, 千伏, 千克, 千米, 百帕.
fn is_prefix_of_unit(next: char) -> bool {
    matches!(
        next,
        '瓦' | '伏' | '克' | '米' | '卡' | '帕' | '赫' | '焦' | '字' | '乏'
    )
}

#[derive(Clone, Copy, Default)]
struct Pair {
    low: i128,
    high: i128,
}

impl Pair {
    fn of(value: i128) -> Self {
        Self {
            low: value,
            high: value,
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_add(other.low)?,
            high: self.high.checked_add(other.high)?,
        })
    }

    fn times(self, factor: i128) -> Option<Self> {
        Some(Self {
            low: self.low.checked_mul(factor)?,
            high: self.high.checked_mul(factor)?,
        })
    }

    fn is_zero(self) -> bool {
        self.high == 0
    }
}

/// Reads 二十五, 三万五千, 七八十, 几百, 数十, 二〇二〇, 两百五, 十二点五.
fn characters(text: &Text<'_>, at: usize) -> Option<Numeral> {
    let mut end = at;
    while end - at < LONGEST
        && (han_digit(text.at(end)).is_some() || scale_of(text.at(end)).is_some())
    {
        end += 1;
    }
    let is_vague_start = matches!(text.at(at), '几' | '数') && scale_of(text.at(at + 1)).is_some();
    if end == at && !is_vague_start {
        return None;
    }
    if let Some(positional) = positional(text, at, end) {
        return Some(positional);
    }
    let (mut sum, mut end, mut more) = add_up(text, at, is_vague_start)?;
    let mut value = sum.total()?;
    if value.low == value.high
        && text.at(end) == '点'
        && let Some(numeral) = with_decimals(text, end, value.low)
    {
        return Some(numeral);
    }
    let precision = Rational::whole(sum.place.max(1));
    let bare = scale_of(text.at(at)).is_some_and(|scale| scale > 10);
    if end > at && is_more(text, end) {
        more = true;
        end += 1;
    }
    if bare && value.is_zero() {
        value = Pair::of(1);
    }
    let scale = sum.last_scale.max(1);
    let mantissa = Rational::new(value.low, scale)?;
    Some(Numeral {
        end,
        low: Rational::whole(value.low),
        high: Rational::whole(value.high),
        precision,
        mantissa,
        scale: Rational::whole(scale),
        form: if bare && value.low == value.high {
            Form::BareScale
        } else {
            Form::Characters
        },
        more,
        ambiguous: false,
        positional: false,
        suspect: false,
    })
}

/// Adds up the characters from `at` on: the sum, the index after it, and whether 余 or 多 stands
/// inside.
fn add_up(text: &Text<'_>, at: usize, is_vague_start: bool) -> Option<(Sum, usize, bool)> {
    let mut sum = Sum::default();
    let mut end = at;
    let mut more = false;
    while end - at < LONGEST {
        let c = text.at(end);
        if let Some(digit) = han_digit(c) {
            if !sum.digit(digit) {
                break;
            }
        } else if (c == '几' && (end == at || text.at(end - 1) == '十')) || (c == '数' && end == at)
        {
            if end == at && !is_vague_start {
                return None;
            }
            sum.some(end == at);
        } else if let Some(scale) = scale_of(c) {
            // 三千瓦 is three kilowatts, 一百帕 one hectopascal.
            let is_unit = (100..10_000).contains(&scale)
                && end > at
                && is_prefix_of_unit(text.at(end + 1))
                && han_digit(text.at(end - 1)).is_some()
                && c == '千';
            if is_unit || !sum.scale(scale)? {
                break;
            }
        } else if end > at
            && is_more(text, end)
            && scale_of(text.at(end + 1)).is_some_and(|scale| scale >= 10_000)
        {
            more = true;
        } else {
            break;
        }
        end += 1;
    }
    if end == at {
        return None;
    }
    Some((sum, end, more))
}

/// 十二点五, 一点七万亿: `whole` with the decimals after the point at `at`.
fn with_decimals(text: &Text<'_>, at: usize, whole: i128) -> Option<Numeral> {
    let decimal = decimal_part(text, at + 1)?;
    let mantissa = Rational::whole(whole).plus(decimal.value)?;
    let mut end = decimal.end;
    let mut scale = Rational::ONE;
    while let Some(factor) = scale_of(text.at(end)).filter(|factor| *factor >= 10_000) {
        scale = scale.times(Rational::whole(factor))?;
        end += 1;
        if end > decimal.end + 2 {
            return None;
        }
    }
    let value = mantissa.times(scale)?;
    Some(Numeral {
        end,
        low: value,
        high: value,
        precision: decimal.precision.times(scale)?,
        mantissa,
        scale,
        form: Form::Characters,
        more: false,
        ambiguous: false,
        positional: false,
        suspect: false,
    })
}

/// 二〇二〇, 一九九八, 九八: digits only, and not 七八 or 三五, which are estimates.
fn positional(text: &Text<'_>, at: usize, end: usize) -> Option<Numeral> {
    if end - at < 2 {
        return None;
    }
    let mut value: i128 = 0;
    for i in at..end {
        let digit = han_digit(text.at(i))?;
        if text.at(i) == '两' {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    if end - at == 2 {
        let (a, b) = (han_digit(text.at(at))?, han_digit(text.at(at + 1))?);
        if b == a + 1 || (a, b) == (3, 5) {
            return None;
        }
    }
    let value = Rational::whole(value);
    Some(Numeral {
        end,
        low: value,
        high: value,
        precision: Rational::ONE,
        mantissa: value,
        scale: Rational::ONE,
        form: Form::Characters,
        more: false,
        ambiguous: false,
        positional: true,
        suspect: false,
    })
}

struct Decimal {
    end: usize,
    value: Rational,
    precision: Rational,
}

fn decimal_part(text: &Text<'_>, at: usize) -> Option<Decimal> {
    let mut end = at;
    let mut digits = String::from("0.");
    while let Some(digit) = han_digit(text.at(end)) {
        digits.push_str(&digit.to_string());
        end += 1;
        if end - at > 8 {
            return None;
        }
    }
    // 八点三十分 and 三点五十 are times of day.
    if matches!(text.at(end), '十' | '分' | '刻') {
        return None;
    }
    let (value, precision) = Rational::from_digits(&digits)?;
    Some(Decimal {
        end,
        value,
        precision,
    })
}

/// A Chinese numeral as it is added up.
#[derive(Default)]
struct Sum {
    /// Up to the last 亿, and from there to the last 万.
    billions: Pair,
    ten_thousands: Pair,
    /// What follows the last 万 or 亿.
    section: Pair,
    pending: Option<Pair>,
    last_scale: i128,
    after_zero: bool,
    /// The worth of one in the last place named.
    place: i128,
}

impl Sum {
    /// Takes a digit; false if it can't belong to this numeral.
    fn digit(&mut self, digit: i128) -> bool {
        match self.pending {
            None if digit == 0 => self.after_zero = true,
            None => self.pending = Some(Pair::of(digit)),
            // 七八十, 两三万, 三五百
            Some(Pair { low, high })
                if low == high && (digit == low + 1 || (low, digit) == (3, 5)) =>
            {
                self.pending = Some(Pair { low, high: digit });
            }
            Some(_) => return false,
        }
        true
    }

    /// 几 and 数: some. At the start it is two or more.
    fn some(&mut self, at_start: bool) {
        self.pending = Some(Pair {
            low: if at_start { 2 } else { 1 },
            high: 9,
        });
    }

    /// Takes a scale; `Some(false)` if it can't follow, `None` if the number is out of range.
    fn scale(&mut self, scale: i128) -> Option<bool> {
        if scale < 10_000 {
            let is_above = self.last_scale < 10_000 && self.last_scale > 0;
            if is_above && self.last_scale <= scale {
                return Some(false);
            }
            let digit = self.pending.take().unwrap_or(Pair::of(1));
            self.section = self.section.plus(digit.times(scale)?)?;
        } else {
            let pending = self.pending.take().unwrap_or_default();
            let mut section = self.section.plus(pending)?;
            let nothing_yet =
                section.is_zero() && self.ten_thousands.is_zero() && self.billions.is_zero();
            if nothing_yet {
                section = Pair::of(1);
            }
            self.section = Pair::default();
            if scale == 10_000 {
                if !self.ten_thousands.is_zero() {
                    return Some(false);
                }
                self.ten_thousands = section.times(scale)?;
            } else {
                let below = self.ten_thousands.plus(section)?;
                self.billions = self.billions.plus(below)?.times(scale)?;
                self.ten_thousands = Pair::default();
            }
        }
        self.last_scale = scale;
        self.place = if scale >= 10_000 && self.last_scale == scale {
            scale
        } else {
            scale.max(1)
        };
        self.after_zero = false;
        Some(true)
    }

    fn total(&mut self) -> Option<Pair> {
        if let Some(pending) = self.pending.take() {
            // 两百五 is 250, 三万五 is 35,000; 两百零五 is 205.
            let place = if self.last_scale >= 100 && !self.after_zero && pending.low == pending.high
            {
                self.last_scale / 10
            } else {
                1
            };
            self.section = self.section.plus(pending.times(place)?)?;
            self.place = place;
        }
        self.billions.plus(self.ten_thousands)?.plus(self.section)
    }
}
