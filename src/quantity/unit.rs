//! Units of measure and currencies, with their names in Chinese and English.

use super::Rational;

/// What a unit measures. Units of one dimension convert into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Cubic metres.
    Volume,
    /// Grams.
    Mass,
    /// Seconds.
    Time,
    /// Joules, counted in kilowatt-hours.
    Energy,
    /// Watts.
    Power,
    /// Volts.
    Voltage,
    /// Metres a second, counted in kilometres an hour.
    Speed,
    /// Degrees Celsius; Fahrenheit is converted apart, having another zero.
    Temperature,
    /// Bytes.
    Data,
    /// Hertz.
    Frequency,
    /// Money; never converted.
    Money,
}

/// A unit of measure or a currency.
///
/// Two units are equal if they have the same dimension and size (千米 and kilometre), two
/// currencies if they have the same ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// What it measures.
    pub dimension: Dimension,
    /// The English name in the singular, or the ISO 4217 code.
    pub name: &'static str,
    /// How many of the dimension's base unit one of it is, as a fraction.
    size: (i128, i128),
}

impl Unit {
    const fn new(dimension: Dimension, name: &'static str, over: i128, under: i128) -> Self {
        Self {
            dimension,
            name,
            size: (over, under),
        }
    }

    const fn money(code: &'static str) -> Self {
        Self::new(Dimension::Money, code, 1, 1)
    }

    /// Whether it is a currency.
    #[must_use]
    pub fn is_currency(&self) -> bool {
        self.dimension == Dimension::Money
    }

    /// `value` of this unit in the base unit of its dimension.
    #[must_use]
    pub fn to_base(&self, value: Rational) -> Option<Rational> {
        if self.name == FAHRENHEIT.name {
            return value
                .minus(Rational::whole(32))?
                .times(Rational::new(5, 9)?);
        }
        value.times(Rational::new(self.size.0, self.size.1)?)
    }
}

use Dimension::{
    Area, Data, Energy, Frequency, Length, Mass, Power, Speed, Temperature, Time, Voltage, Volume,
};

/// Renminbi.
pub(super) const CNY: Unit = Unit::money("CNY");
/// United States dollar.
pub(super) const USD: Unit = Unit::money("USD");
/// A dollar of whichever country; agrees with every dollar.
pub(super) const DOLLAR: Unit = Unit::money("dollar");
/// Japanese yen.
pub(super) const JPY: Unit = Unit::money("JPY");
/// Pound sterling.
pub(super) const GBP: Unit = Unit::money("GBP");
/// Euro.
pub(super) const EUR: Unit = Unit::money("EUR");
/// ¥, which is the yuan's sign and the yen's.
pub(super) const YUAN_OR_YEN: Unit = Unit::money("CNY or JPY");
const HKD: Unit = Unit::money("HKD");
const TWD: Unit = Unit::money("TWD");
const MOP: Unit = Unit::money("MOP");
const SGD: Unit = Unit::money("SGD");
const AUD: Unit = Unit::money("AUD");
const CAD: Unit = Unit::money("CAD");
const NZD: Unit = Unit::money("NZD");
const KRW: Unit = Unit::money("KRW");
const INR: Unit = Unit::money("INR");
const RUB: Unit = Unit::money("RUB");
const CHF: Unit = Unit::money("CHF");
const MYR: Unit = Unit::money("MYR");
const THB: Unit = Unit::money("THB");
const ILS: Unit = Unit::money("ILS");
const BRL: Unit = Unit::money("BRL");
const TRY: Unit = Unit::money("TRY");
const PHP: Unit = Unit::money("PHP");
const VND: Unit = Unit::money("VND");
const IDR: Unit = Unit::money("IDR");
const ZAR: Unit = Unit::money("ZAR");
const SEK: Unit = Unit::money("SEK");
const NOK: Unit = Unit::money("NOK");
const DKK: Unit = Unit::money("DKK");
const SAR: Unit = Unit::money("SAR");
const AED: Unit = Unit::money("AED");
const IRR: Unit = Unit::money("IRR");
const BTC: Unit = Unit::money("BTC");

/// Metre.
pub(super) const METRE: Unit = Unit::new(Length, "metre", 1, 1);
const KILOMETRE: Unit = Unit::new(Length, "kilometre", 1000, 1);
const CENTIMETRE: Unit = Unit::new(Length, "centimetre", 1, 100);
const MILLIMETRE: Unit = Unit::new(Length, "millimetre", 1, 1000);
const MICROMETRE: Unit = Unit::new(Length, "micrometre", 1, 1_000_000);
const NANOMETRE: Unit = Unit::new(Length, "nanometre", 1, 1_000_000_000);
const LI: Unit = Unit::new(Length, "li", 500, 1);
const CHI: Unit = Unit::new(Length, "chi", 1, 3);
const MILE: Unit = Unit::new(Length, "mile", 1_609_344, 1000);
const NAUTICAL_MILE: Unit = Unit::new(Length, "nautical mile", 1852, 1);
const FOOT: Unit = Unit::new(Length, "foot", 3048, 10_000);
const INCH: Unit = Unit::new(Length, "inch", 254, 10_000);
const YARD: Unit = Unit::new(Length, "yard", 9144, 10_000);
const LIGHT_YEAR: Unit = Unit::new(Length, "light-year", 9_460_730_472_580_800, 1);
const SQUARE_METRE: Unit = Unit::new(Area, "square metre", 1, 1);
const SQUARE_CENTIMETRE: Unit = Unit::new(Area, "square centimetre", 1, 10_000);
const SQUARE_KILOMETRE: Unit = Unit::new(Area, "square kilometre", 1_000_000, 1);
const SQUARE_MILE: Unit = Unit::new(Area, "square mile", 2_589_988, 1);
const SQUARE_FOOT: Unit = Unit::new(Area, "square foot", 9_290_304, 100_000_000);
const HECTARE: Unit = Unit::new(Area, "hectare", 10_000, 1);
const ACRE: Unit = Unit::new(Area, "acre", 40_468_564, 10_000);
/// 亩: a fifteenth of a hectare.
const MU: Unit = Unit::new(Area, "mu", 10_000, 15);
const CUBIC_METRE: Unit = Unit::new(Volume, "cubic metre", 1, 1);
const CUBIC_FOOT: Unit = Unit::new(Volume, "cubic foot", 28_316_847, 1_000_000_000);
const CUBIC_KILOMETRE: Unit = Unit::new(Volume, "cubic kilometre", 1_000_000_000, 1);
const LITRE: Unit = Unit::new(Volume, "litre", 1, 1000);
const MILLILITRE: Unit = Unit::new(Volume, "millilitre", 1, 1_000_000);
const BARREL: Unit = Unit::new(Volume, "barrel", 158_987, 1_000_000);
const GALLON: Unit = Unit::new(Volume, "gallon", 3_785_412, 1_000_000_000);
const GRAM: Unit = Unit::new(Mass, "gram", 1, 1);
const MILLIGRAM: Unit = Unit::new(Mass, "milligram", 1, 1000);
const MICROGRAM: Unit = Unit::new(Mass, "microgram", 1, 1_000_000);
const KILOGRAM: Unit = Unit::new(Mass, "kilogram", 1000, 1);
const TONNE: Unit = Unit::new(Mass, "tonne", 1_000_000, 1);
/// 斤: half a kilogram.
const JIN: Unit = Unit::new(Mass, "jin", 500, 1);
/// 两: a tenth of a 斤.
const LIANG: Unit = Unit::new(Mass, "liang", 50, 1);
const POUND: Unit = Unit::new(Mass, "pound", 45_359_237, 100_000);
const OUNCE: Unit = Unit::new(Mass, "ounce", 28_349_523, 1_000_000);
const STONE: Unit = Unit::new(Mass, "stone", 6_350_293, 1000);
const CARAT: Unit = Unit::new(Mass, "carat", 1, 5);
/// A mean Gregorian year.
pub const YEAR: Unit = Unit::new(Time, "year", 31_556_952, 1);
/// A twelfth of a year.
pub const MONTH: Unit = Unit::new(Time, "month", 2_629_746, 1);
/// Seven days.
pub const WEEK: Unit = Unit::new(Time, "week", 604_800, 1);
/// A day.
pub const DAY: Unit = Unit::new(Time, "day", 86_400, 1);
/// An hour.
pub const HOUR: Unit = Unit::new(Time, "hour", 3600, 1);
/// A minute.
pub const MINUTE: Unit = Unit::new(Time, "minute", 60, 1);
/// A second.
pub const SECOND: Unit = Unit::new(Time, "second", 1, 1);
const MILLISECOND: Unit = Unit::new(Time, "millisecond", 1, 1000);
const FORTNIGHT: Unit = Unit::new(Time, "fortnight", 1_209_600, 1);
const DECADE: Unit = Unit::new(Time, "decade", 315_569_520, 1);
const CENTURY: Unit = Unit::new(Time, "century", 3_155_695_200, 1);
const QUARTER_HOUR: Unit = Unit::new(Time, "quarter of an hour", 900, 1);
const KILOWATT_HOUR: Unit = Unit::new(Energy, "kilowatt-hour", 1, 1);
const MEGAWATT_HOUR: Unit = Unit::new(Energy, "megawatt-hour", 1000, 1);
const GIGAWATT_HOUR: Unit = Unit::new(Energy, "gigawatt-hour", 1_000_000, 1);
const TERAWATT_HOUR: Unit = Unit::new(Energy, "terawatt-hour", 1_000_000_000, 1);
const JOULE: Unit = Unit::new(Energy, "joule", 1, 3_600_000);
const CALORIE: Unit = Unit::new(Energy, "calorie", 4184, 3_600_000_000);
const KILOCALORIE: Unit = Unit::new(Energy, "kilocalorie", 4184, 3_600_000);
const WATT: Unit = Unit::new(Power, "watt", 1, 1);
const KILOWATT: Unit = Unit::new(Power, "kilowatt", 1000, 1);
const MEGAWATT: Unit = Unit::new(Power, "megawatt", 1_000_000, 1);
const GIGAWATT: Unit = Unit::new(Power, "gigawatt", 1_000_000_000, 1);
const HORSEPOWER: Unit = Unit::new(Power, "horsepower", 745_700, 1000);
const VOLT: Unit = Unit::new(Voltage, "volt", 1, 1);
const KILOVOLT: Unit = Unit::new(Voltage, "kilovolt", 1000, 1);
const KILOMETRES_AN_HOUR: Unit = Unit::new(Speed, "kilometre an hour", 1, 1);
const MILES_AN_HOUR: Unit = Unit::new(Speed, "mile an hour", 1_609_344, 1_000_000);
const KNOT: Unit = Unit::new(Speed, "knot", 1852, 1000);
const CELSIUS: Unit = Unit::new(Temperature, "degree Celsius", 1, 1);
const FAHRENHEIT: Unit = Unit::new(Temperature, "degree Fahrenheit", 1, 1);
const BYTE: Unit = Unit::new(Data, "byte", 1, 1);
const KILOBYTE: Unit = Unit::new(Data, "kilobyte", 1000, 1);
const MEGABYTE: Unit = Unit::new(Data, "megabyte", 1_000_000, 1);
const GIGABYTE: Unit = Unit::new(Data, "gigabyte", 1_000_000_000, 1);
const TERABYTE: Unit = Unit::new(Data, "terabyte", 1_000_000_000_000, 1);
const HERTZ: Unit = Unit::new(Frequency, "hertz", 1, 1);
const KILOHERTZ: Unit = Unit::new(Frequency, "kilohertz", 1000, 1);
const MEGAHERTZ: Unit = Unit::new(Frequency, "megahertz", 1_000_000, 1);
const GIGAHERTZ: Unit = Unit::new(Frequency, "gigahertz", 1_000_000_000, 1);

/// Chinese names; the longest that fits is taken. 度 is left out: degrees, kilowatt-hours and
/// times all bear the name. 里 alone is a suffix more often than a unit (两里 is rare in print).
pub(super) const CHINESE: &[(&str, Unit)] = &[
    ("元人民币", CNY),
    ("人民币", CNY),
    ("元", CNY),
    ("块钱", CNY),
    ("美元", USD),
    ("美金", USD),
    ("美刀", USD),
    ("港元", HKD),
    ("港币", HKD),
    ("港幣", HKD),
    ("新台币", TWD),
    ("台币", TWD),
    ("澳门元", MOP),
    ("新加坡元", SGD),
    ("新元", SGD),
    ("澳元", AUD),
    ("澳大利亚元", AUD),
    ("加元", CAD),
    ("加拿大元", CAD),
    ("新西兰元", NZD),
    ("纽元", NZD),
    ("日元", JPY),
    ("日圆", JPY),
    ("韩元", KRW),
    ("韩币", KRW),
    ("欧元", EUR),
    ("英镑", GBP),
    ("卢比", INR),
    ("印度卢比", INR),
    ("卢布", RUB),
    ("瑞士法郎", CHF),
    ("瑞郎", CHF),
    ("马币", MYR),
    ("令吉", MYR),
    ("林吉特", MYR),
    ("泰铢", THB),
    ("谢克尔", ILS),
    ("雷亚尔", BRL),
    ("里拉", TRY),
    ("比索", PHP),
    ("越南盾", VND),
    ("印尼盾", IDR),
    ("兰特", ZAR),
    ("瑞典克朗", SEK),
    ("挪威克朗", NOK),
    ("丹麦克朗", DKK),
    ("沙特里亚尔", SAR),
    ("迪拉姆", AED),
    ("里亚尔", IRR),
    ("比特币", BTC),
    ("米", METRE),
    ("公尺", METRE),
    ("延长米", METRE),
    ("延米", METRE),
    ("公里", KILOMETRE),
    ("千米", KILOMETRE),
    ("厘米", CENTIMETRE),
    ("公分", CENTIMETRE),
    ("毫米", MILLIMETRE),
    ("微米", MICROMETRE),
    ("纳米", NANOMETRE),
    ("华里", LI),
    ("里地", LI),
    ("里路", LI),
    ("市尺", CHI),
    ("英里", MILE),
    ("海里", NAUTICAL_MILE),
    ("英尺", FOOT),
    ("英寸", INCH),
    ("码", YARD),
    ("光年", LIGHT_YEAR),
    ("平方米", SQUARE_METRE),
    ("平米", SQUARE_METRE),
    ("平方厘米", SQUARE_CENTIMETRE),
    ("平方公里", SQUARE_KILOMETRE),
    ("平方千米", SQUARE_KILOMETRE),
    ("平方英里", SQUARE_MILE),
    ("平方英尺", SQUARE_FOOT),
    ("公顷", HECTARE),
    ("英亩", ACRE),
    ("亩", MU),
    ("畝", MU),
    ("立方米", CUBIC_METRE),
    ("立方英尺", CUBIC_FOOT),
    ("方木材", CUBIC_METRE),
    ("立方千米", CUBIC_KILOMETRE),
    ("升", LITRE),
    ("公升", LITRE),
    ("毫升", MILLILITRE),
    ("桶", BARREL),
    ("加仑", GALLON),
    ("克", GRAM),
    ("毫克", MILLIGRAM),
    ("微克", MICROGRAM),
    ("千克", KILOGRAM),
    ("公斤", KILOGRAM),
    ("吨", TONNE),
    ("斤", JIN),
    ("市斤", JIN),
    ("磅", POUND),
    ("盎司", OUNCE),
    ("英石", STONE),
    ("克拉", CARAT),
    ("岁", YEAR),
    ("周岁", YEAR),
    ("年", YEAR),
    ("周年", YEAR),
    ("载", YEAR),
    ("个月", MONTH),
    ("个多月", MONTH),
    ("周", WEEK),
    ("星期", WEEK),
    ("个星期", WEEK),
    ("个礼拜", WEEK),
    ("天", DAY),
    ("日", DAY),
    ("昼夜", DAY),
    ("小时", HOUR),
    ("个小时", HOUR),
    ("个多小时", HOUR),
    ("个钟头", HOUR),
    ("分钟", MINUTE),
    ("秒", SECOND),
    ("秒钟", SECOND),
    ("毫秒", MILLISECOND),
    ("个世纪", CENTURY),
    ("刻钟", QUARTER_HOUR),
    ("千瓦时", KILOWATT_HOUR),
    ("度电", KILOWATT_HOUR),
    ("兆瓦时", MEGAWATT_HOUR),
    ("吉瓦时", GIGAWATT_HOUR),
    ("太瓦时", TERAWATT_HOUR),
    ("焦耳", JOULE),
    ("卡路里", CALORIE),
    ("千卡", KILOCALORIE),
    ("大卡", KILOCALORIE),
    ("瓦", WATT),
    ("千瓦", KILOWATT),
    ("兆瓦", MEGAWATT),
    ("吉瓦", GIGAWATT),
    ("马力", HORSEPOWER),
    ("匹马力", HORSEPOWER),
    ("伏", VOLT),
    ("伏特", VOLT),
    ("千伏", KILOVOLT),
    ("公里/小时", KILOMETRES_AN_HOUR),
    ("千米/小时", KILOMETRES_AN_HOUR),
    ("英里/小时", MILES_AN_HOUR),
    ("节航速", KNOT),
    ("摄氏度", CELSIUS),
    ("℃", CELSIUS),
    ("°C", CELSIUS),
    ("华氏度", FAHRENHEIT),
    ("℉", FAHRENHEIT),
    ("°F", FAHRENHEIT),
    ("字节", BYTE),
    ("兆字节", MEGABYTE),
    ("赫兹", HERTZ),
    ("千赫", KILOHERTZ),
    ("兆赫", MEGAHERTZ),
    ("吉赫", GIGAHERTZ),
];

/// English names in lower case, singular; a plural `s` is taken off before the look-up, and
/// metres may be meters. Names of several words are joined with one blank.
pub(super) const ENGLISH: &[(&str, Unit)] = &[
    ("yuan", CNY),
    ("rmb", CNY),
    ("cny", CNY),
    ("renminbi", CNY),
    ("yuan renminbi", CNY),
    ("yuan rmb", CNY),
    ("chinese yuan", CNY),
    ("dollar", DOLLAR),
    ("buck", DOLLAR),
    ("us dollar", USD),
    ("u.s. dollar", USD),
    ("american dollar", USD),
    ("usd", USD),
    ("hong kong dollar", HKD),
    ("hk dollar", HKD),
    ("hkd", HKD),
    ("new taiwan dollar", TWD),
    ("nt dollar", TWD),
    ("taiwan dollar", TWD),
    ("singapore dollar", SGD),
    ("singaporean dollar", SGD),
    ("australian dollar", AUD),
    ("aud", AUD),
    ("canadian dollar", CAD),
    ("cad", CAD),
    ("new zealand dollar", NZD),
    ("yen", JPY),
    ("japanese yen", JPY),
    ("won", KRW),
    ("korean won", KRW),
    ("south korean won", KRW),
    ("euro", EUR),
    ("eur", EUR),
    ("british pound", GBP),
    ("pound sterling", GBP),
    ("gbp", GBP),
    ("quid", GBP),
    ("rupee", INR),
    ("ruble", RUB),
    ("rouble", RUB),
    ("swiss franc", CHF),
    ("ringgit", MYR),
    ("myr", MYR),
    ("baht", THB),
    ("thai baht", THB),
    ("shekel", ILS),
    ("reais", BRL),
    ("lira", TRY),
    ("peso", PHP),
    ("vietnamese dong", VND),
    ("rupiah", IDR),
    ("rand", ZAR),
    ("swedish krona", SEK),
    ("norwegian krone", NOK),
    ("danish krone", DKK),
    ("dirham", AED),
    ("riyal", SAR),
    ("rial", IRR),
    ("bitcoin", BTC),
    ("metre", METRE),
    ("m", METRE),
    ("linear metre", METRE),
    ("kilometre", KILOMETRE),
    ("km", KILOMETRE),
    ("centimetre", CENTIMETRE),
    ("cm", CENTIMETRE),
    ("millimetre", MILLIMETRE),
    ("mm", MILLIMETRE),
    ("micrometre", MICROMETRE),
    ("micron", MICROMETRE),
    ("nanometre", NANOMETRE),
    ("nm", NANOMETRE),
    ("li", LI),
    ("mile", MILE),
    ("nautical mile", NAUTICAL_MILE),
    ("foot", FOOT),
    ("feet", FOOT),
    ("ft", FOOT),
    ("inch", INCH),
    ("inche", INCH),
    ("yard", YARD),
    ("light-year", LIGHT_YEAR),
    ("light year", LIGHT_YEAR),
    ("square metre", SQUARE_METRE),
    ("sq m", SQUARE_METRE),
    ("sqm", SQUARE_METRE),
    ("m²", SQUARE_METRE),
    ("square centimetre", SQUARE_CENTIMETRE),
    ("square kilometre", SQUARE_KILOMETRE),
    ("km²", SQUARE_KILOMETRE),
    ("sq km", SQUARE_KILOMETRE),
    ("square mile", SQUARE_MILE),
    ("square foot", SQUARE_FOOT),
    ("square feet", SQUARE_FOOT),
    ("hectare", HECTARE),
    ("ha", HECTARE),
    ("acre", ACRE),
    ("mu", MU),
    ("cubic metre", CUBIC_METRE),
    ("m³", CUBIC_METRE),
    ("cubic foot", CUBIC_FOOT),
    ("cubic feet", CUBIC_FOOT),
    ("cubic kilometre", CUBIC_KILOMETRE),
    ("litre", LITRE),
    ("liter", LITRE),
    ("millilitre", MILLILITRE),
    ("milliliter", MILLILITRE),
    ("ml", MILLILITRE),
    ("barrel", BARREL),
    ("gallon", GALLON),
    ("gram", GRAM),
    ("gramme", GRAM),
    ("g", GRAM),
    ("milligram", MILLIGRAM),
    ("mg", MILLIGRAM),
    ("microgram", MICROGRAM),
    ("kilogram", KILOGRAM),
    ("kilo", KILOGRAM),
    ("kg", KILOGRAM),
    ("ton", TONNE),
    ("tonne", TONNE),
    ("metric ton", TONNE),
    ("metric tonne", TONNE),
    ("jin", JIN),
    ("catty", JIN),
    ("catties", JIN),
    ("liang", LIANG),
    ("tael", LIANG),
    ("pound", POUND),
    ("lb", POUND),
    ("lbs", POUND),
    ("ounce", OUNCE),
    ("oz", OUNCE),
    ("stone", STONE),
    ("carat", CARAT),
    ("year", YEAR),
    ("year old", YEAR),
    ("anniversary", YEAR),
    ("month", MONTH),
    ("week", WEEK),
    ("day", DAY),
    ("hour", HOUR),
    ("minute", MINUTE),
    ("second", SECOND),
    ("millisecond", MILLISECOND),
    ("fortnight", FORTNIGHT),
    ("decade", DECADE),
    ("century", CENTURY),
    ("centuries", CENTURY),
    ("kilowatt-hour", KILOWATT_HOUR),
    ("kilowatt hour", KILOWATT_HOUR),
    ("kwh", KILOWATT_HOUR),
    ("kw·h", KILOWATT_HOUR),
    ("megawatt-hour", MEGAWATT_HOUR),
    ("megawatt hour", MEGAWATT_HOUR),
    ("mwh", MEGAWATT_HOUR),
    ("gigawatt-hour", GIGAWATT_HOUR),
    ("gigawatt hour", GIGAWATT_HOUR),
    ("gwh", GIGAWATT_HOUR),
    ("terawatt-hour", TERAWATT_HOUR),
    ("terawatt hour", TERAWATT_HOUR),
    ("twh", TERAWATT_HOUR),
    ("joule", JOULE),
    ("kilocalorie", KILOCALORIE),
    ("kcal", KILOCALORIE),
    ("watt", WATT),
    ("kilowatt", KILOWATT),
    ("kw", KILOWATT),
    ("megawatt", MEGAWATT),
    ("mw", MEGAWATT),
    ("gigawatt", GIGAWATT),
    ("gw", GIGAWATT),
    ("horsepower", HORSEPOWER),
    ("hp", HORSEPOWER),
    ("volt", VOLT),
    ("v", VOLT),
    ("kilovolt", KILOVOLT),
    ("kv", KILOVOLT),
    ("kilovolt-ampere", KILOVOLT),
    ("km/h", KILOMETRES_AN_HOUR),
    ("kph", KILOMETRES_AN_HOUR),
    ("kmh", KILOMETRES_AN_HOUR),
    ("mph", MILES_AN_HOUR),
    ("knot", KNOT),
    ("degree celsius", CELSIUS),
    ("degree centigrade", CELSIUS),
    ("celsius", CELSIUS),
    ("℃", CELSIUS),
    ("°c", CELSIUS),
    ("degree fahrenheit", FAHRENHEIT),
    ("fahrenheit", FAHRENHEIT),
    ("℉", FAHRENHEIT),
    ("°f", FAHRENHEIT),
    ("byte", BYTE),
    ("kb", KILOBYTE),
    ("megabyte", MEGABYTE),
    ("mb", MEGABYTE),
    ("gigabyte", GIGABYTE),
    ("gb", GIGABYTE),
    ("terabyte", TERABYTE),
    ("tb", TERABYTE),
    ("hertz", HERTZ),
    ("hz", HERTZ),
    ("khz", KILOHERTZ),
    ("kilohertz", KILOHERTZ),
    ("mhz", MEGAHERTZ),
    ("megahertz", MEGAHERTZ),
    ("ghz", GIGAHERTZ),
    ("gigahertz", GIGAHERTZ),
];

/// Signs and codes that stand before an amount, in lower case.
pub(super) const PREFIXES: &[(&str, Unit)] = &[
    ("us$", USD),
    ("usd", USD),
    ("u.s.$", USD),
    ("hk$", HKD),
    ("nt$", TWD),
    ("s$", SGD),
    ("a$", AUD),
    ("au$", AUD),
    ("c$", CAD),
    ("ca$", CAD),
    ("nz$", NZD),
    ("rmb", CNY),
    ("cny", CNY),
    ("$", DOLLAR),
    ("¥", YUAN_OR_YEN),
    ("￥", YUAN_OR_YEN),
    ("€", EUR),
    ("£", GBP),
    ("₩", KRW),
    ("₹", INR),
    ("rs", INR),
    ("rm", MYR),
    ("myr", MYR),
    ("aud", AUD),
    ("hkd", HKD),
    ("eur", EUR),
    ("gbp", GBP),
    ("jpy", JPY),
    ("krw", KRW),
    ("twd", TWD),
    ("nzd", NZD),
    ("sgd", SGD),
    ("cad", CAD),
    ("chf", CHF),
    ("rub", RUB),
    ("inr", INR),
    ("thb", THB),
    ("ils", ILS),
    ("brl", BRL),
    ("try", TRY),
    ("php", PHP),
    ("idr", IDR),
    ("zar", ZAR),
    ("sek", SEK),
    ("nok", NOK),
    ("dkk", DKK),
    ("sar", SAR),
    ("aed", AED),
];

/// Whether two units say the same: the same size of the same dimension, the same currency, or a
/// sign that several currencies share and one of them.
#[must_use]
pub fn agree(a: &Unit, b: &Unit) -> bool {
    if a == b {
        return true;
    }
    if a.dimension != b.dimension {
        // "Pounds" are of mass or sterling.
        if matches!((a.name, b.name), ("pound", "GBP") | ("GBP", "pound")) {
            return true;
        }
        // 每小时14英里 reads as miles; which of them are an hour's, the words around say.
        let speed = |length: &Unit, speed: &Unit| {
            matches!(
                (length.name, speed.name),
                ("kilometre", "kilometre an hour") | ("mile", "mile an hour")
            )
        };
        return speed(a, b) || speed(b, a);
    }
    if !a.is_currency() {
        return a.size == b.size && a.name != FAHRENHEIT.name && b.name != FAHRENHEIT.name;
    }
    let shared = |sign: &Unit, code: &Unit| match sign.name {
        "dollar" => matches!(
            code.name,
            "USD" | "HKD" | "TWD" | "SGD" | "AUD" | "CAD" | "NZD"
        ),
        "CNY or JPY" => matches!(code.name, "CNY" | "JPY"),
        // Where the country is said elsewhere, Chinese calls its dollar 元.
        "CNY" => matches!(code.name, "HKD" | "TWD" | "SGD" | "MOP"),
        _ => false,
    };
    shared(a, b) || shared(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_convert_exactly() {
        let six_thousand_mu = MU.to_base(Rational::whole(6000)).unwrap();
        assert_eq!(HECTARE.to_base(Rational::whole(400)), Some(six_thousand_mu));
        let boiling = FAHRENHEIT.to_base(Rational::whole(212)).unwrap();
        assert_eq!(boiling, Rational::whole(100));
    }

    #[test]
    fn names_are_unique() {
        for table in [CHINESE, ENGLISH, PREFIXES] {
            let mut names: Vec<_> = table.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
