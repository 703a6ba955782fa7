//! Quantities as evidence: the same quantity has one name in all languages.

use std::ops::Range;

use crate::model::Lang;
use crate::quantity::{self, Kind, Weight};

/// A quantity in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Byte offsets into the sentence.
    pub range: Range<usize>,
    /// What it is called: `#` and the value, the same for equal quantities in all languages.
    pub name: String,
}

/// The quantities in a sentence, in order, not overlapping. Those that a translator may leave
/// out (一个, *first*) and those without one value stay words.
pub(super) fn find(sentence: &str, lang: &Lang) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for mention in quantity::read(sentence, lang) {
        let free = found
            .last()
            .is_none_or(|last| last.range.end <= mention.range.start);
        if !free || !mention.is_exact() || mention.weight == Weight::Soft {
            continue;
        }
        let value = mention.low;
        let name = match mention.kind {
            Kind::Month => format!("#month {value}"),
            Kind::Weekday => format!("#weekday {value}"),
            Kind::Percent => format!("#{value}%"),
            _ => format!("#{value}"),
        };
        found.push(Named {
            range: mention.range,
            name,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, lang: &str) -> Vec<String> {
        let lang = lang.parse().unwrap();
        find(text, &lang)
            .into_iter()
            .map(|found| found.name)
            .collect()
    }

    #[test]
    fn equal_quantities_have_one_name_in_both_languages() {
        for (zh, en) in [
            ("投资2亿元", "invested 200 million yuan"),
            ("7月26日", "July 26"),
            ("增长5.3%", "grew by 5.3 percent"),
        ] {
            let (zh, en) = (names(zh, "zh-Hans"), names(en, "en"));
            assert!(!zh.is_empty());
            assert_eq!(zh, en);
        }
    }
}
