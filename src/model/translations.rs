//! The translations of a segment by language.

use std::fmt;
use std::ops::Index;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Lang, Translation};

/// A sorted map from language to translation. Nearly every segment has one language: a list takes
/// a tenth of the room of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translations(Vec<(Lang, Translation)>);

impl Translations {
    /// Without any.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn place(&self, lang: &Lang) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(lang))
    }

    /// The translation into this language.
    #[must_use]
    pub fn get(&self, lang: &Lang) -> Option<&Translation> {
        self.place(lang).ok().map(|at| &self.0[at].1)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, lang: &Lang) -> Option<&mut Translation> {
        self.place(lang).ok().map(|at| &mut self.0[at].1)
    }

    /// The translation into this language, made empty where there is none.
    pub fn get_or_default(&mut self, lang: &Lang) -> &mut Translation {
        let at = self.place(lang).unwrap_or_else(|at| {
            self.insert_at(at, lang.clone(), Translation::default());
            at
        });
        &mut self.0[at].1
    }

    /// Sets the translation into this language; gives the one that was there.
    pub fn insert(&mut self, lang: Lang, translation: Translation) -> Option<Translation> {
        match self.place(&lang) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, translation)),
            Err(at) => {
                self.insert_at(at, lang, translation);
                None
            }
        }
    }

    fn insert_at(&mut self, at: usize, lang: Lang, translation: Translation) {
        self.0.reserve_exact(1);
        self.0.insert(at, (lang, translation));
    }

    /// Takes the translation into this language out.
    pub fn remove(&mut self, lang: &Lang) -> Option<Translation> {
        self.place(lang).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps those of which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Lang, &Translation) -> bool) {
        self.0.retain(|(lang, translation)| keep(lang, translation));
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Languages and translations, sorted by language.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &Translation)> {
        self.0.iter().map(|(lang, translation)| (lang, translation))
    }

    /// The same, to change the translations.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Lang, &mut Translation)> {
        self.0
            .iter_mut()
            .map(|(lang, translation)| (&*lang, translation))
    }

    /// The languages, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &Lang> {
        self.0.iter().map(|(lang, _)| lang)
    }

    /// The translations, sorted by language.
    pub fn values(&self) -> impl Iterator<Item = &Translation> {
        self.0.iter().map(|(_, translation)| translation)
    }
}

impl Index<&Lang> for Translations {
    type Output = Translation;

    /// # Panics
    ///
    /// Where there is no translation into this language.
    fn index(&self, lang: &Lang) -> &Translation {
        #[expect(clippy::expect_used, reason = "as for the standard library's maps")]
        self.get(lang).expect("no translation into this language")
    }
}

impl IntoIterator for Translations {
    type Item = (Lang, Translation);
    type IntoIter = std::vec::IntoIter<(Lang, Translation)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Translations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Translations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Translations;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from language tags to translations")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Translations, A::Error> {
                let mut translations = Translations::default();
                while let Some((lang, translation)) = map.next_entry()? {
                    translations.insert(lang, translation);
                }
                Ok(translations)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SegmentId;

    #[test]
    fn languages_are_sorted_and_found() {
        let lang = |tag: &str| tag.parse::<Lang>().unwrap();
        let mut translations = Translations::new();
        for tag in ["fr", "en", "de"] {
            let translation = Translation {
                covered_by: Some(SegmentId::new(tag)),
                ..Translation::default()
            };
            assert_eq!(translations.insert(lang(tag), translation), None);
        }
        let keys: Vec<String> = translations.keys().map(Lang::to_string).collect();
        assert_eq!(keys, ["de", "en", "fr"]);
        assert_eq!(
            translations[&lang("en")].covered_by,
            Some(SegmentId::new("en"))
        );
        let json = serde_json::to_string(&translations).unwrap();
        assert!(json.starts_with("{\"de\":"), "{json}");
        assert_eq!(
            serde_json::from_str::<Translations>(&json).unwrap(),
            translations
        );
        assert!(translations.get_or_default(&lang("it")).is_empty());
        translations.retain(|_, translation| !translation.is_empty());
        assert!(translations.get(&lang("it")).is_none());
        assert!(translations.remove(&lang("fr")).is_some());
        assert_eq!(translations.into_iter().count(), 2);
    }
}
