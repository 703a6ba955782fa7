//! TMX 1.4b: translation memories, as tools exchange them.

mod error;
mod inline;
mod read;
mod write;

pub use error::{TmxError, TmxProblem};
pub use read::read;
pub use write::{TmxWriter, write};

use std::collections::BTreeSet;

use crate::model::{Article, Content, Lang, SegmentId, State};

/// A translation memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tmx {
    /// The language that the units are translated from; none where they differ (`*all*`).
    pub source_lang: Option<Lang>,
    /// The program that made it, with its version.
    pub tool: (String, String),
    /// The units, in order.
    pub units: Vec<TmxUnit>,
}

/// The same sentence in some languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TmxUnit {
    /// Its id.
    pub id: Option<String>,
    /// Properties, by type.
    pub properties: Vec<(String, String)>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// The sentence in each language; the source first.
    pub variants: Vec<Variant>,
}

/// A sentence in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The language.
    pub lang: Lang,
    /// The sentence.
    pub content: Content,
    /// Who changed it last.
    pub by: Option<String>,
    /// When, as TMX writes it: `20261124T000000Z`.
    pub when: Option<String>,
}

impl TmxUnit {
    /// The sentence in a language; where the exact tag is missing, in a variety of the same
    /// language (`zh-CN` for `zh-Hans`).
    #[must_use]
    pub fn variant(&self, lang: &Lang) -> Option<&Variant> {
        let exact = self.variants.iter().find(|variant| &variant.lang == lang);
        exact.or_else(|| {
            self.variants
                .iter()
                .find(|variant| variant.lang.primary() == lang.primary())
        })
    }
}

impl Tmx {
    /// The pairs of articles whose targets have come at least as far as `state`. Sentences whose
    /// target also covers another one are left out: they would teach a wrong pair.
    #[must_use]
    pub fn from_articles<'a>(
        articles: impl IntoIterator<Item = &'a Article>,
        target_lang: &Lang,
        state: State,
        tool: (String, String),
    ) -> Self {
        let mut source_lang: Option<Lang> = None;
        let mut mixed = false;
        let mut units = Vec::new();
        for article in articles {
            mixed |= source_lang
                .as_ref()
                .is_some_and(|lang| lang != &article.lang);
            source_lang.get_or_insert_with(|| article.lang.clone());
            let covering: BTreeSet<&SegmentId> = article
                .segments()
                .filter_map(|segment| segment.covered_by(target_lang))
                .collect();
            for segment in article.segments() {
                let Some(target) = segment.target(target_lang) else {
                    continue;
                };
                if target.state < state || covering.contains(&segment.id) {
                    continue;
                }
                let last = target.provenance.last();
                units.push(TmxUnit {
                    id: Some(format!("{}/{}", article.id, segment.id)),
                    properties: vec![("x-state".to_owned(), target.state.name().to_owned())],
                    notes: Vec::new(),
                    variants: vec![
                        Variant {
                            lang: article.lang.clone(),
                            content: segment.source.clone(),
                            by: None,
                            when: None,
                        },
                        Variant {
                            lang: target_lang.clone(),
                            content: target.content.clone(),
                            by: last.and_then(|step| step.by.clone()),
                            when: last
                                .and_then(|step| step.when.as_deref())
                                .and_then(tmx_date),
                        },
                    ],
                });
            }
        }
        Self {
            source_lang: source_lang.filter(|_| !mixed),
            tool,
            units,
        }
    }
}

/// An ISO 8601 date or time in UTC as TMX writes it; none for what is not one.
fn tmx_date(when: &str) -> Option<String> {
    let digits: String = when.chars().filter(char::is_ascii_digit).collect();
    let well_formed = when
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | 'Z'));
    match digits.len() {
        8 if well_formed => Some(format!("{digits}T000000Z")),
        14 if well_formed => Some(format!("{}T{}Z", &digits[..8], &digits[8..])),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
