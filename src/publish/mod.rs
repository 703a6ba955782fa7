//! Publishing: articles become books and the list of what was made.
//!
//! Contract: same inputs, same bytes. Nothing here reads the clock, the environment or the disk;
//! times, fonts and images come in as values.

mod bead;
mod cover;
pub mod epub;
mod html;
pub mod manifest;
mod origin;
mod page;
mod phrases;

use std::collections::BTreeMap;

pub use self::cover::{Cover, CoverError, CoverText, draw_cover};
pub use self::origin::{TranslationOrigin, translation_origin};
use crate::model::{Article, Edition, Lang};

/// A book that is to be made.
#[derive(Clone, Debug)]
pub struct Book<'a> {
    /// The stem of its files.
    pub id: &'a str,
    /// The language of the source texts.
    pub source: &'a Lang,
    /// The language of the translations.
    pub target: &'a Lang,
    /// Its title in each language.
    pub title: &'a BTreeMap<Lang, String>,
    /// Its subtitle in each language; may lack some.
    pub subtitle: &'a BTreeMap<Lang, String>,
    /// The articles in reading order.
    pub articles: &'a [&'a Article],
    /// The publisher.
    pub publisher: Option<&'a str>,
    /// Who holds the rights, in a sentence.
    pub rights: Option<&'a str>,
    /// When it was published, as ISO 8601 writes it.
    pub date: Option<&'a str>,
    /// A URN that names the work.
    pub identifier: Option<&'a str>,
    /// What it is about.
    pub description: Option<&'a str>,
    /// Subject headings.
    pub subjects: &'a [String],
    /// The cover, if there is one.
    pub cover: Option<&'a Cover>,
    /// When this file was made: seconds since 1970, UTC.
    pub modified: i64,
}

impl Book<'_> {
    /// The languages of an edition, the first one first.
    #[must_use]
    pub fn languages(&self, edition: Edition) -> Vec<&Lang> {
        match edition {
            Edition::Bilingual | Edition::Study | Edition::Interleaved => {
                vec![self.source, self.target]
            }
            Edition::Translation => vec![self.target],
            Edition::Source => vec![self.source],
        }
    }

    /// The title in a language; the book's id where there is none.
    #[must_use]
    pub fn title_in(&self, lang: &Lang) -> &str {
        self.title.get(lang).map_or(self.id, String::as_str)
    }

    /// The name of an edition's file.
    #[must_use]
    pub fn file_name(&self, edition: Edition) -> String {
        match edition {
            Edition::Bilingual => format!("{}.epub", self.id),
            Edition::Translation => format!("{}.{}.epub", self.id, self.target),
            Edition::Source => format!("{}.{}.epub", self.id, self.source),
            Edition::Study | Edition::Interleaved => {
                format!("{}.{}.epub", self.id, edition.name())
            }
        }
    }
}
