//! Publishing: articles become books and the list of what was made.
//!
//! Contract: same inputs, same bytes. Nothing here reads the clock, the environment or the disk;
//! times, fonts and images come in as values.

mod bead;
mod cover;
pub mod epub;
mod html;
pub mod manifest;
mod page;
mod phrases;
pub mod web;

use std::collections::BTreeMap;

pub use self::cover::{Cover, CoverError, CoverText, draw_cover};
use crate::model::{Article, Edition, Lang, Meta};

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
    /// The people who translated it, where the targets do not say.
    pub translators: &'a [String],
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
    /// The series that it is part of.
    pub series: Option<Series<'a>>,
    /// Whether `identifier` names a whole that this is a part of.
    pub is_part: bool,
    /// The cover, if there is one.
    pub cover: Option<&'a Cover>,
    /// When this file was made: seconds since 1970, UTC.
    pub modified: i64,
}

/// A series of books.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Its name in each language.
    pub name: &'a BTreeMap<Lang, String>,
    /// The book's place in it, from 1.
    pub position: Option<u32>,
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

    /// What is known about each article.
    pub(crate) fn metas(&self) -> impl Iterator<Item = &Meta> {
        self.articles.iter().map(|article| &article.meta)
    }

    /// The title in a language; where there is none, that in the target or source language.
    #[must_use]
    pub fn title_in(&self, lang: &Lang) -> &str {
        [lang, self.target, self.source]
            .into_iter()
            .find_map(|lang| self.title.get(lang))
            .map_or(self.id, String::as_str)
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

/// The title of a volume: the whole's with what its articles have in common, or with its number.
#[must_use]
pub fn volume_title(title: &str, lang: &Lang, label: Option<&str>, number: u32) -> String {
    match (label, lang.is_simplified_chinese()) {
        (Some(label), true) => format!("{title}（{label}）"),
        (Some(label), false) => format!("{title} ({label})"),
        (None, true) => format!("{title}（第{number}卷）"),
        (None, false) => format!("{title}, vol. {number}"),
    }
}

/// What a list calls the articles that are in no book.
#[must_use]
pub fn other_articles(languages: [&Lang; 2]) -> BTreeMap<Lang, String> {
    languages
        .into_iter()
        .map(|lang| (lang.clone(), phrases::Phrases::of(lang).articles.to_owned()))
        .collect()
}

/// Midnight UTC at the beginning of a day, month or year as ISO 8601 writes it, in seconds since
/// 1970; none where it is no such date.
#[must_use]
pub fn seconds_of(date: &str) -> Option<i64> {
    let padded = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    let date: jiff::civil::Date = padded.parse().ok()?;
    let time = jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0));
    time.ok().map(jiff::Timestamp::as_second)
}
