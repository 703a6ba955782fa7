//! Years, months, weeks and days told from today: 去年 and "next year" contradict each other.

use crate::check::{Pair, Sink, span};

/// One unit of the calendar: the words for the past one and the coming one, in Chinese and in
/// English, and other words that may be said so too.
struct Told {
    chinese: [&'static [&'static str]; 2],
    english: [&'static [&'static str]; 2],
    /// Chinese words that a translator may give with either.
    open: &'static [&'static str],
}

const TOLD: &[Told] = &[
    Told {
        chinese: [&["去年"], &["明年"]],
        english: [&["last year"], &["next year"]],
        open: &["次年", "翌年", "第二年", "来年", "上年", "上一年", "下一年"],
    },
    Told {
        chinese: [&["上个月", "上月"], &["下个月", "下月"]],
        english: [&["last month"], &["next month"]],
        open: &["次月", "第二个月"],
    },
    Told {
        chinese: [
            &["上周", "上星期", "上个星期"],
            &["下周", "下星期", "下个星期"],
        ],
        english: [&["last week"], &["next week"]],
        open: &["第二周"],
    },
    Told {
        chinese: [&["昨天", "昨日"], &["明天", "明日"]],
        english: [&["yesterday"], &["tomorrow"]],
        open: &["次日", "翌日", "第二天"],
    },
];

/// Reports the past told as the future, or the other way, where a sentence speaks of one of them
/// and its translation of nothing but the other.
pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    if !super::languages_have_readers(pair)
        || pair.source_lang.is_chinese() == pair.target_lang.is_chinese()
    {
        return;
    }
    let is_from_chinese = pair.source_lang.is_chinese();
    let (chinese, english) = if is_from_chinese {
        (pair.source, pair.target)
    } else {
        (pair.target, pair.source)
    };
    let lower = english.to_ascii_lowercase();
    for told in TOLD {
        if told.open.iter().any(|word| chinese.contains(word)) {
            continue;
        }
        let in_chinese = told.chinese.map(|words| {
            words
                .iter()
                .find_map(|word| chinese.find(word).map(|at| at..at + word.len()))
        });
        let in_english = told
            .english
            .map(|words| words.iter().find_map(|word| word_in(&lower, word)));
        let contradicts =
            |past: usize, coming: usize| in_chinese[coming].is_none() && in_english[past].is_none();
        for (past, coming) in [(0, 1), (1, 0)] {
            if let (Some(a), Some(b)) = (in_chinese[past].clone(), in_english[coming].clone())
                && contradicts(past, coming)
            {
                let (a, b) = if is_from_chinese { (a, b) } else { (b, a) };
                sink.at_both(
                    "date.value",
                    format!(
                        "{} became {}",
                        &pair.source[a.clone()],
                        &pair.target[b.clone()]
                    ),
                    span(pair.source, a),
                    span(pair.target, b),
                );
            }
        }
    }
}

/// Where whole words stand; not after "the": "the next year" is the one after another.
fn word_in(text: &str, words: &str) -> Option<std::ops::Range<usize>> {
    text.match_indices(words).find_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-')
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let is_other = before.trim_end().ends_with("the");
        (is_whole && !is_other).then(|| at..at + words.len())
    })
}
