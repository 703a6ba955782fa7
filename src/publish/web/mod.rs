//! The web edition: static pages that any host serves, whole without a script.
//!
//! Contract: links between its files are relative; addresses that formats want absolute (Atom,
//! OPDS, sitemap) are so where the site's address is known. No page has a script or style inside,
//! so that the strictest Content-Security-Policy holds, which each page declares.

mod article;
mod feed;
mod frame;
mod index;
mod opds;
pub mod search;

use std::collections::BTreeMap;

pub use self::article::{ArticlePage, article_page};
pub use self::feed::{atom, newest, sitemap};
pub use self::index::{index_name, index_pages, page_count};
pub use self::opds::{opds1, opds2};
use super::manifest::Digest;
use super::page;
use crate::model::{Article, BlockKind, Edition, Lang};

/// The files that are the same in every web edition: name and text.
pub const ASSETS: [(&str, &str); 4] = [
    ("style.css", include_str!("assets/style.css")),
    ("reader.js", include_str!("assets/reader.js")),
    ("search.js", include_str!("assets/search.js")),
    ("icon.svg", include_str!("assets/icon.svg")),
];

/// How many publications a page of a catalog lists, and articles a page of the index.
pub const PER_PAGE: usize = 100;

/// A web edition.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// Its title in each language.
    pub title: &'a BTreeMap<Lang, String>,
    /// The address that its files lie below, with `/` at its end.
    pub address: Option<&'a str>,
    /// The language of the source texts.
    pub source: &'a Lang,
    /// The language that its pages speak.
    pub target: &'a Lang,
    /// When it was made: seconds since 1970, UTC.
    pub modified: i64,
}

/// The volumes of a site in order. They are made when they are asked for: of a large publication
/// they are too many to be in memory together.
pub trait Shelves {
    /// How many books and how many articles each volume has.
    fn sizes(&self) -> impl Iterator<Item = (usize, usize)>;

    /// The volumes.
    fn volumes(&self) -> impl Iterator<Item = Volume<'_>>;
}

/// A volume with what readers can take away.
#[derive(Clone, Debug)]
pub struct Volume<'a> {
    /// The stem of its files.
    pub id: &'a str,
    /// The title in each language.
    pub title: BTreeMap<Lang, String>,
    /// The subtitle in each language; may lack some.
    pub subtitle: Option<&'a BTreeMap<Lang, String>>,
    /// The language of its translations.
    pub target: &'a Lang,
    /// What it is about.
    pub description: Option<&'a str>,
    /// The publisher.
    pub publisher: Option<&'a str>,
    /// Who holds the rights.
    pub rights: Option<&'a str>,
    /// When it was published.
    pub date: Option<&'a str>,
    /// Subject headings.
    pub subjects: &'a [String],
    /// The authors of its articles.
    pub authors: Vec<String>,
    /// The newspapers, magazines and sites that its articles come from.
    pub outlets: Vec<String>,
    /// The series that it is part of, and its place there.
    pub series: Option<(&'a BTreeMap<Lang, String>, Option<u32>)>,
    /// The cover: address and media type.
    pub cover: Option<(String, &'static str)>,
    /// Its books.
    pub downloads: Vec<Download>,
    /// Its articles.
    pub entries: Vec<Entry>,
}

impl<'a> Volume<'a> {
    /// A volume of nothing.
    #[must_use]
    pub fn empty(target: &'a Lang) -> Self {
        Self {
            id: "",
            title: BTreeMap::new(),
            subtitle: None,
            target,
            description: None,
            publisher: None,
            rights: None,
            date: None,
            subjects: &[],
            authors: vec![],
            outlets: vec![],
            series: None,
            cover: None,
            downloads: vec![],
            entries: vec![],
        }
    }

    /// The title in a language; the id where there is none.
    fn title_in(&self, lang: &Lang) -> &str {
        self.title.get(lang).map_or(self.id, String::as_str)
    }
}

/// Who publishes: the first publisher of a volume.
fn publisher(shelves: &impl Shelves) -> String {
    let publisher = shelves.volumes().find_map(|volume| volume.publisher);
    publisher.unwrap_or("duizhao").to_owned()
}

/// A file that readers can take away.
#[derive(Clone, Debug)]
pub struct Download {
    /// What it shows.
    pub edition: Edition,
    /// Its languages, the first one first.
    pub languages: Vec<Lang>,
    /// Its address.
    pub href: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Digest,
    /// The identifier of the publication.
    pub identifier: String,
}

/// What lists say of an article.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// The address of its page.
    pub href: String,
    /// The article's id.
    pub id: String,
    /// The language of the source.
    pub source: Lang,
    /// The language of the translation.
    pub target: Lang,
    /// The title in the source language.
    pub title: String,
    /// The title in the target language.
    pub translated_title: String,
    /// The beginning of the text in the target language.
    pub summary: String,
    /// The newspaper, magazine or site.
    pub outlet: Option<String>,
    /// When it was published, as ISO 8601 writes it.
    pub date: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
}

/// The address of an article's page: the first target language's pages have the plain names.
#[must_use]
pub fn article_href(id: &str, target: &Lang, first_target: &Lang) -> String {
    let name = if target == first_target {
        format!("{id}.html")
    } else {
        format!("{id}.{target}.html")
    };
    // A file of the site itself keeps its name.
    if name == "index.html" || name.starts_with("index-") {
        return format!("article-{name}");
    }
    name
}

/// What lists say of this article.
#[must_use]
pub fn entry(article: &Article, target: &Lang, first_target: &Lang) -> Entry {
    const SUMMARY: usize = 300;
    let opening = [BlockKind::Standfirst, BlockKind::Paragraph]
        .into_iter()
        .find_map(|kind| article.first_of(kind));
    let text = opening.map_or_else(String::new, |block| page::plain(block, target, target));
    let summary = match text.char_indices().nth(SUMMARY) {
        None => text,
        Some((end, _)) => {
            let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
            format!("{} …", text[..cut].trim_end())
        }
    };
    Entry {
        href: article_href(article.id.as_str(), target, first_target),
        id: article.id.to_string(),
        source: article.lang.clone(),
        target: target.clone(),
        title: page::title(article, &article.lang, target),
        translated_title: page::title(article, target, target),
        summary,
        outlet: article.meta.outlet.clone(),
        date: article.meta.date.clone(),
        authors: article.meta.authors.clone(),
    }
}

impl Site<'_> {
    /// The title in a language, or else in another; `duizhao` where there is none.
    #[must_use]
    pub fn title_in(&self, lang: &Lang) -> &str {
        let title = self.title.get(lang).or_else(|| self.title.values().next());
        title.map_or("duizhao", String::as_str)
    }

    /// The absolute address of one of its files where the site's is known, the relative one
    /// elsewhere.
    fn address_of(&self, href: &str) -> String {
        match self.address {
            Some(address) => format!("{address}{}", escape_path(href)),
            None => escape_path(href),
        }
    }

    /// A name for this thing that each run gives again, wherever the site is put: readers'
    /// programs take a thing of another name for a new one.
    fn urn(&self, what: &str) -> String {
        let name = format!("duizhao:web:{}:{what}", self.title_in(self.source));
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes())
            .urn()
            .to_string()
    }
}

/// A relative reference whose path segments are percent-encoded as RFC 3986 wants.
fn escape_path(href: &str) -> String {
    use std::fmt::Write;
    let mut escaped = String::with_capacity(href.len());
    for byte in href.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// RFC 3339 for a day, month or year as ISO 8601 writes it; else for these seconds.
fn timestamp(date: Option<&str>, seconds: i64) -> String {
    let seconds = date.and_then(super::seconds_of).unwrap_or(seconds);
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_percent_encoded_and_never_the_index() {
        let en: Lang = "en".parse().unwrap();
        let fr: Lang = "fr".parse().unwrap();
        assert_eq!(article_href("a", &en, &en), "a.html");
        assert_eq!(article_href("a", &fr, &en), "a.fr.html");
        assert_eq!(article_href("index", &en, &en), "article-index.html");
        assert_eq!(escape_path("books/吉 1.epub"), "books/%E5%90%89%201.epub");
    }

    #[test]
    fn a_year_is_its_first_second() {
        assert_eq!(timestamp(Some("2020"), 0), "2020-01-01T00:00:00Z");
        assert_eq!(timestamp(Some("2020-06-18"), 0), "2020-06-18T00:00:00Z");
        assert_eq!(timestamp(Some("summer"), 86_400), "1970-01-02T00:00:00Z");
    }
}
