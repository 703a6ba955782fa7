use proptest::prelude::*;

use super::*;

fn zh() -> Lang {
    "zh-Hans".parse().unwrap()
}

fn en() -> Lang {
    "en".parse().unwrap()
}

/// The mentions of a text in short: `kind value unit bound`.
fn short(text: &str, lang: &Lang) -> Vec<String> {
    read(text, lang)
        .iter()
        .filter(|mention| mention.weight > Weight::Soft || !mention.is_exact())
        .map(|mention| {
            let value = if mention.is_exact() {
                mention.low.to_string()
            } else {
                format!("{}..{}", mention.low, mention.high)
            };
            let unit = mention
                .unit
                .map_or(String::new(), |unit| format!(" {}", unit.name));
            let bound = match mention.bound {
                Bound::Exact => String::new(),
                bound => format!(" ({})", bound.words()),
            };
            format!("{:?} {value}{unit}{bound}", mention.kind)
        })
        .collect()
}

#[test]
fn chinese_scales_and_tails() {
    for (text, wanted) in [
        ("25.96亿元", "Count 2,596,000,000 CNY"),
        ("1.77万亿元", "Count 1,770,000,000,000 CNY"),
        ("2万4801人", "Count 24,801"),
        ("1亿2000万人", "Count 120,000,000"),
        ("三万五千名", "Count 35,000"),
        ("两百五十个", "Count 250"),
        ("一千零五户", "Count 1,005"),
        ("十二点五公里", "Count 12.5 kilometre"),
        ("250余万人", "Count 2,500,000 (at least)"),
        ("15多万吨", "Count 150,000 tonne (at least)"),
        ("近3亿人", "Count 300,000,000 (nearly)"),
        ("600余延长米", "Count 600 metre (at least)"),
        ("5千瓦", "Count 5 kilowatt"),
        ("４０００元", "Count 4,000 CNY"),
        ("40 多万美元", "Count 400,000 USD (at least)"),
        ("几十家", "Count 20..90"),
        ("七八十人", "Count 70..80"),
        ("上千名", "Count 1,000..9,999 (at least)"),
    ] {
        assert_eq!(short(text, &zh()), [wanted], "{text}");
    }
}

#[test]
fn chinese_shares_times_and_dates() {
    for (text, wanted) in [
        ("六成", vec!["Percent 60"]),
        ("三成五", vec!["Percent 35"]),
        ("百分之七八十", vec!["Percent 70..80"]),
        ("千分之三", vec!["Percent 0.3"]),
        ("万分之五", vec!["Percent 0.05"]),
        ("十分之一", vec!["Fraction 0.1"]),
        ("十分钟", vec!["Count 10 minute"]),
        ("一个半月", vec!["Count 1.5 month"]),
        ("3个百分点", vec!["Points 3"]),
        ("三分之二", vec!["Fraction 2/3"]),
        ("翻两番", vec!["Multiple 4"]),
        ("增长了2倍", vec!["Times 3"]),
        ("是去年的2倍", vec!["Times 2"]),
        (
            "二〇二〇年六月十八日",
            vec!["Year 2,020", "Month 6", "Day 18"],
        ),
        ("2020-06-18", vec!["Year 2,020", "Month 6", "Day 18"]),
        ("上世纪80年代", vec!["Decade 80"]),
        ("20世纪", vec!["Century 20"]),
        ("19时54分", vec!["Clock 1,194"]),
        ("晚上8点半", vec!["Clock 1,230"]),
        ("周三", vec!["Weekday 3"]),
        ("第三季度", vec!["Quarter 3"]),
        ("90后", vec!["Decade 90"]),
        ("1+11", vec!["Code 0"]),
    ] {
        assert_eq!(short(text, &zh()), wanted, "{text}");
    }
}

#[test]
fn chinese_words_that_state_no_number() {
    for text in [
        "千万不要",
        "万一下雨",
        "四川",
        "老百姓",
        "一带一路",
        "十分重要",
        "百货大楼",
        "数据",
        "万众一心",
        "一些人",
        "几乎",
        "成为",
        "唯一",
        "统一战线",
        "十字路口",
    ] {
        assert_eq!(short(text, &zh()), [""; 0], "{text}");
    }
}

#[test]
fn a_range_shares_scale_and_unit() {
    assert_eq!(
        short("3至5万元", &zh()),
        ["Count 30,000 CNY", "Count 50,000 CNY"]
    );
    assert_eq!(short("10%-15%", &zh()), ["Percent 10", "Percent 15"]);
    assert_eq!(
        short("3 to 5 million yuan", &en()),
        ["Count 3,000,000 CNY", "Count 5,000,000 CNY"]
    );
    assert_eq!(
        short("10 to 15 percent", &en()),
        ["Percent 10", "Percent 15"]
    );
    assert_eq!(
        short("between 3 and 5 million", &en()),
        ["Count 3,000,000", "Count 5,000,000"]
    );
}

#[test]
fn misread_numbers_are_marked() {
    let mentions = read("前0亿元以上项目4个", &zh());
    assert!(
        mentions
            .iter()
            .any(|mention| mention.suspect && mention.weight == Weight::Soft)
    );
}

#[test]
fn english_numbers() {
    for (text, wanted) in [
        ("RMB 2.596 bn", "Count 2,596,000,000 CNY"),
        ("$37 billion", "Count 37,000,000,000 dollar"),
        ("US$1.5m", "Count 1,500,000 USD"),
        ("50K", "Count 50,000"),
        ("448.3 thousand", "Count 448,300"),
        ("twenty-two people", "Count 22"),
        ("one hundred and five thousand", "Count 105,000"),
        ("two and a half million", "Count 2,500,000"),
        ("half a million dollars", "Count 500,000 dollar"),
        ("more than 600 linear meters", "Count 600 metre (at least)"),
        ("no more than 5 percent", "Percent 5 (at most)"),
        ("three percentage points", "Points 3"),
        ("two-thirds", "Fraction 2/3"),
        ("quadrupled", "Multiple 4"),
        ("fivefold", "Times 5"),
        ("the 26th", "Ordinal 26"),
        ("the 1980s", "Decade 80"),
        ("8:30 p.m.", "Clock 1,230"),
        ("2:13:38", "Count 8,018 second"),
        ("tens of thousands of people", "Count 10,000..990,000"),
        ("28-year-old", "Count 28 year"),
        ("60 square meters", "Count 60 square metre"),
        ("Ka-52M", "Code 0"),
    ] {
        assert_eq!(short(text, &en()), [wanted], "{text}");
    }
}

#[test]
fn two_sentences_share_their_values() {
    let source = read("131户企业贷款25.96亿元", &zh());
    let target = read("131 firms borrowed RMB 2.596 bn in 2020", &en());
    let shared = overlap(&source, &target);
    assert_eq!(
        (shared.shared, shared.source_only, shared.target_only),
        (2, 0, 1)
    );
}

/// Text that is full of what the readers look for.
fn numeric_text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "一",
        "二",
        "两",
        "三",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "零",
        "点",
        "分之",
        "成",
        "倍",
        "半",
        "年",
        "月",
        "日",
        "时",
        "余",
        "多",
        "几",
        "数",
        "至",
        "-",
        "~",
        "%",
        "‰",
        "元",
        "美元",
        "亩",
        "千瓦",
        "个百分点",
        "第",
        "周",
        "世纪",
        "后",
        "0",
        "1",
        "12",
        "2020",
        "3.5",
        "1,000",
        ",",
        ".",
        ":",
        "/",
        "+",
        " ",
        "A",
        "Ka",
        "$",
        "US$",
        "RMB",
        "million",
        "billion",
        "hundred",
        "and",
        "a",
        "half",
        "third",
        "dozen",
        "times",
        "percent",
        "points",
        "p.m.",
        "May",
        "of",
        "to",
        "twenty",
        "½",
        "𠀀",
        "\u{0}",
        "\u{feff}",
        "é",
    ]);
    prop::collection::vec(parts, 0..60).prop_map(|parts| parts.concat())
}

fn spans_hold(text: &str, lang: &Lang) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    let mut before = 0;
    for mention in read(text, lang) {
        prop_assert!(mention.range.start < mention.range.end && mention.range.end <= text.len());
        prop_assert!(text.get(mention.range.clone()).is_some(), "{mention:?}");
        prop_assert!(mention.span[0] < mention.span[1] && mention.span[1] <= length);
        prop_assert_eq!(text[..mention.range.start].chars().count(), mention.span[0]);
        prop_assert!(mention.range.start >= before, "not in text order");
        prop_assert!(mention.low <= mention.high);
        before = mention.range.start;
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_and_spans_lie_in_it(text in "\\PC{0,200}") {
        for lang in ["zh-Hans", "en", "fr"] {
            spans_hold(&text, &lang.parse().unwrap())?;
        }
    }

    #[test]
    fn any_heap_of_numerals_is_read(text in numeric_text()) {
        for lang in ["zh-Hans", "en", "fr"] {
            spans_hold(&text, &lang.parse().unwrap())?;
        }
    }

    #[test]
    fn a_number_reads_the_same_in_both_languages(value in 13_u64..1_000_000_000, tens in 0_u32..3) {
        let chinese = format!("共{}万元", value * 10_u64.pow(tens));
        let english = format!("{} yuan in all", value * 10_u64.pow(tens) * 10_000);
        let (source, target) = (read(&chinese, &zh()), read(&english, &en()));
        prop_assert_eq!(source[0].low, target[0].low);
        prop_assert_eq!(source[0].unit, target[0].unit);
    }
}

/// Twice the text takes about twice the time: measured in mentions read a second on a text of 160,000
/// bytes against one of an eighth of it.
#[test]
fn reading_is_linear() {
    for (part, lang) in [
        ("增长3.5%，共12万元，一二三四五六七八九十", zh()),
        ("1,000,000,000,", en()),
        ("twenty-two hundred and ", en()),
        ("1-2-3-4-5-6-7:8:9 ", en()),
        ("零零零零", zh()),
        ("A1b2C3", zh()),
    ] {
        let time = |times: usize| {
            let text = part.repeat(times);
            let start = std::time::Instant::now();
            let count = read(&text, &lang).len();
            (start.elapsed(), count)
        };
        let times = 20_000 / part.len();
        time(times);
        let (small, _) = time(times);
        let (large, _) = time(times * 8);
        // Eight times the text: quadratic work would take 64 times as long.
        assert!(
            large < small * 40 + std::time::Duration::from_millis(50),
            "{part:?}: {small:?} and {large:?}"
        );
    }
}
