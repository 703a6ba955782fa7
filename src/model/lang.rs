//! Language tags.

use std::fmt;
use std::str::FromStr;

use icu_locale_core::{LanguageIdentifier, subtags};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A BCP 47 language tag in canonical case: `zh-Hans`, `en`, `en-GB`.
///
/// Invariant: well formed by Unicode Technical Standard 35 (language, script, region, variants);
/// private-use and extension subtags are not taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lang(LanguageIdentifier);

/// A string that is no BCP 47 language tag.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{tag:?} is not a BCP 47 language tag (write zh-Hans, en or en-GB, for example)")]
pub struct LangError {
    /// The string as given.
    pub tag: String,
}

impl Lang {
    /// The primary language subtag, in lower case: `zh` for `zh-Hans`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.language.as_str()
    }

    /// Whether this is Chinese in any script or region.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.primary() == "zh"
    }

    /// Whether this is Chinese written in simplified characters: said by the script, or implied
    /// by the region where no script is given (mainland China and Singapore).
    #[must_use]
    pub fn is_simplified_chinese(&self) -> bool {
        self.is_chinese()
            && match self.0.script {
                Some(script) => script == subtags::script!("Hans"),
                None => !matches!(
                    self.0.region.as_ref().map(subtags::Region::as_str),
                    Some("TW" | "HK" | "MO")
                ),
            }
    }

    /// Whether words are set off by spaces, so that sentences that follow each other are joined
    /// with one. Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan are written without.
    #[must_use]
    pub fn separates_with_spaces(&self) -> bool {
        !matches!(
            self.primary(),
            "zh" | "ja" | "th" | "lo" | "km" | "my" | "bo" | "yue" | "wuu"
        )
    }

    /// Whether the language's usual script runs from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        match self.0.script.as_ref().map(subtags::Script::as_str) {
            Some(script) => matches!(script, "Arab" | "Hebr" | "Syrc" | "Thaa" | "Nkoo"),
            None => matches!(
                self.primary(),
                "ar" | "he" | "fa" | "ur" | "ps" | "ug" | "yi" | "dv"
            ),
        }
    }

    /// The language's own name, as a reader's menu shows it, where duizhao knows it; else the tag.
    #[must_use]
    pub fn own_name(&self) -> String {
        let name = match (
            self.primary(),
            self.0.script.as_ref().map(subtags::Script::as_str),
        ) {
            ("zh", Some("Hant")) => "繁體中文",
            ("zh", _) => "中文",
            ("en", _) => "English",
            ("fr", _) => "Français",
            ("de", _) => "Deutsch",
            ("es", _) => "Español",
            ("it", _) => "Italiano",
            ("pt", _) => "Português",
            ("ru", _) => "Русский",
            ("ja", _) => "日本語",
            ("ko", _) => "한국어",
            ("ar", _) => "العربية",
            ("vi", _) => "Tiếng Việt",
            _ => return self.to_string(),
        };
        name.to_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(tag: &str) -> Result<Self, LangError> {
        match LanguageIdentifier::try_from_str(tag) {
            // "und" is what an empty tag parses to; text always has a language here.
            Ok(id) if !id.language.is_unknown() => Ok(Self(id)),
            _ => Err(LangError {
                tag: tag.to_owned(),
            }),
        }
    }
}

impl PartialOrd for Lang {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Lang {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        tag.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_canonical_or_refused() {
        assert_eq!("ZH-hans".parse::<Lang>().unwrap().to_string(), "zh-Hans");
        assert_eq!("en-gb".parse::<Lang>().unwrap().to_string(), "en-GB");
        for bad in ["", "zh_CN!", "English", "und", "中文"] {
            assert!(bad.parse::<Lang>().is_err(), "{bad}");
        }
    }

    #[test]
    fn chinese_is_told_by_script_before_region() {
        let simplified = |tag: &str| tag.parse::<Lang>().unwrap().is_simplified_chinese();
        assert!(simplified("zh") && simplified("zh-Hans") && simplified("zh-CN"));
        assert!(simplified("zh-Hans-HK"));
        assert!(!simplified("zh-Hant") && !simplified("zh-TW") && !simplified("ja"));
    }
}
