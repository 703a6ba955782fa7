//! `duizhao.toml`: languages, engine, books, editions; never a secret.

mod blanks;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::model::{Edition, Lang, Meta};

/// The whole configuration. A key that is not known is an error, so that a typing slip is not
/// ignored in silence.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The language of the sources.
    pub source: Lang,
    /// The languages that they are translated into; the first is the default of a book.
    pub targets: Vec<Lang>,
    /// How sources are cleaned.
    #[serde(default)]
    pub clean: CleanConfig,
    /// How sources are cut into sentences.
    #[serde(default)]
    pub segment: SegmentConfig,
    /// How segments are translated: the table as it stands, for the stage that knows its keys.
    #[serde(default)]
    pub translate: toml::Table,
    /// Severities by rule (`number.extra`) or family (`number`): `off`, `info`, `warning`,
    /// `error`.
    #[serde(default)]
    pub check: BTreeMap<String, String>,
    /// What the text does not say about single sources.
    #[serde(default, rename = "source-file")]
    pub source_files: Vec<SourceConfig>,
    /// What the text does not say about single articles.
    #[serde(default, rename = "article")]
    pub articles: Vec<ArticleConfig>,
    /// The books.
    #[serde(default, rename = "book")]
    pub books: Vec<BookConfig>,
    /// The web edition.
    #[serde(default)]
    pub web: WebConfig,
}

/// How sources are cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CleanConfig {
    /// `none`, `safe` (the default) or `all`.
    pub policy: CleanPolicy,
}

/// How sources are cut into sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentConfig {
    /// A file of rules (SRX 2.0), relative to the workspace, in place of duizhao's own for the
    /// languages that it maps.
    pub srx: Option<String>,
}

/// How much cleaning may repair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CleanPolicy {
    /// Nothing.
    None,
    /// What can be proved.
    #[default]
    Safe,
    /// Also what is only likely.
    All,
}

/// What the text does not say about one source file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// The file, relative to the workspace.
    pub file: String,
    /// Its character encoding, by a name of the WHATWG Encoding Standard, where the guess is
    /// wrong.
    pub encoding: Option<String>,
    /// 1-based lines at which an article begins, where the guess is wrong.
    pub articles_at: Option<Vec<u32>>,
}

/// What the text does not say about one article. What is given here wins over the text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleConfig {
    /// The article's id.
    pub id: String,
    /// The newspaper, magazine or site that published it.
    pub outlet: Option<String>,
    /// When it was published: `2020`, `2020-06` or `2020-06-18`.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<String>,
    /// The people who wrote it.
    pub authors: Option<Vec<String>>,
    /// The section or column.
    pub section: Option<String>,
    /// Where it can be read.
    pub address: Option<String>,
    /// Who holds the rights, in a sentence.
    pub rights: Option<String>,
}

impl ArticleConfig {
    /// Lays what is given here over what the text said.
    pub fn apply(&self, meta: &mut Meta) {
        let lay = |over: &Option<String>, under: &mut Option<String>| {
            if over.is_some() {
                under.clone_from(over);
            }
        };
        lay(&self.outlet, &mut meta.outlet);
        lay(&self.date, &mut meta.date);
        lay(&self.section, &mut meta.section);
        lay(&self.address, &mut meta.address);
        lay(&self.rights, &mut meta.rights);
        if let Some(authors) = &self.authors {
            meta.authors.clone_from(authors);
        }
    }
}

/// A book: which articles, under which title, in which editions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookConfig {
    /// The stem of its files.
    pub id: String,
    /// Its title in each language.
    pub title: BTreeMap<Lang, String>,
    /// Its subtitle in each language.
    #[serde(default)]
    pub subtitle: BTreeMap<Lang, String>,
    /// The target language; the workspace's first where it is left out.
    pub target: Option<Lang>,
    /// Article ids or patterns (`*`, `?`, `[…]`), in reading order; what a pattern matches is
    /// sorted by id. All articles where it is left out.
    #[serde(default = "every_article")]
    pub articles: Vec<String>,
    /// The editions; bilingual, translation and source where it is left out.
    #[serde(default = "every_edition")]
    pub editions: Vec<Edition>,
    /// How it is split into volumes, each a book of its own; one volume where it is left out.
    pub volume: Option<VolumeRule>,
    /// The series that it is part of. The volumes of a split book are a series of their own.
    pub series: Option<SeriesConfig>,
    /// The people who translated it, where the records do not say.
    #[serde(default)]
    pub translators: Vec<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// Who holds the rights, in a sentence.
    pub rights: Option<String>,
    /// When it was published: `2020`, `2020-06` or `2020-06-18`.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<String>,
    /// A URN that names the book (`urn:isbn:…`); made from the id and title where left out.
    pub identifier: Option<String>,
    /// What it is about, in a sentence or two.
    pub description: Option<String>,
    /// Subject headings.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// The cover.
    #[serde(default)]
    pub cover: CoverConfig,
}

/// A series of books.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesConfig {
    /// Its name in each language.
    pub name: BTreeMap<Lang, String>,
    /// The book's place in it, from 1.
    pub position: Option<u32>,
}

/// How a book is split into volumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum VolumeRule {
    /// `size:N`: at most so many articles a volume.
    Size(usize),
    /// `date` or `date:day`: a volume for each date.
    Day,
    /// `date:month`.
    Month,
    /// `date:year`.
    Year,
    /// `source`: a volume for each file in `sources/`.
    Source,
    /// `outlet`: a volume for each newspaper, magazine or site.
    Outlet,
}

impl TryFrom<String> for VolumeRule {
    type Error = String;

    fn try_from(rule: String) -> Result<Self, String> {
        let size = |number: &str| number.parse().ok().filter(|&number| number > 0);
        match rule.as_str() {
            "date" | "date:day" => Ok(Self::Day),
            "date:month" => Ok(Self::Month),
            "date:year" => Ok(Self::Year),
            "source" => Ok(Self::Source),
            "outlet" => Ok(Self::Outlet),
            other => other
                .strip_prefix("size:")
                .and_then(size)
                .map(Self::Size)
                .ok_or_else(|| {
                    format!(
                        "{rule:?} is no rule for volumes: write \"size:N\" (articles a volume), \
                         \"date\", \"date:month\", \"date:year\", \"source\" or \"outlet\""
                    )
                }),
        }
    }
}

/// The web edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebConfig {
    /// Its title in each language; the first book's where it is left out.
    pub title: BTreeMap<Lang, String>,
    /// The address that `build/web/` is published at. Feeds and catalogs then carry absolute
    /// addresses, as their formats want, and there is a sitemap, which takes no others.
    pub address: Option<String>,
}

/// Where a book's cover comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoverConfig {
    /// A PNG or JPEG file in the workspace. Wins over `fonts`.
    pub image: Option<String>,
    /// Font files with which a cover is drawn; together they need the characters of all titles.
    pub fonts: Vec<String>,
}

fn every_article() -> Vec<String> {
    vec!["*".into()]
}

fn every_edition() -> Vec<Edition> {
    vec![Edition::Bilingual, Edition::Translation, Edition::Source]
}

impl Config {
    /// Reads the configuration. An error is a 1-based line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (line_of(text, at), error.message().to_owned())
        })?;
        config.drop_blanks();
        config.validate().map_err(|(needle, message)| {
            (
                text.find(&needle).map_or(1, |at| line_of(text, at)),
                message,
            )
        })?;
        Ok(config)
    }

    /// The target language of a book.
    #[must_use]
    pub fn target_of<'a>(&'a self, book: &'a BookConfig) -> &'a Lang {
        book.target.as_ref().unwrap_or(&self.targets[0])
    }

    /// What TOML's grammar can't say. An error is a string to look for and what is wrong with it.
    fn validate(&self) -> Result<(), (String, String)> {
        if self.targets.is_empty() {
            return Err((
                "targets".into(),
                "targets must name at least one language".into(),
            ));
        }
        let unique: std::collections::BTreeSet<&Lang> = self.targets.iter().collect();
        if unique.len() < self.targets.len() {
            return Err(("targets".into(), "targets names a language twice".into()));
        }
        let dates = self.books.iter().filter_map(|book| book.date.as_ref());
        for date in dates.chain(self.articles.iter().filter_map(|about| about.date.as_ref())) {
            if !is_date(date) {
                return Err((
                    format!("\"{date}\""),
                    format!("{date:?} is no date: write 2020, 2020-06 or 2020-06-18"),
                ));
            }
        }
        for about in &self.source_files {
            if let Some(label) = &about.encoding
                && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
            {
                return Err((
                    format!("\"{label}\""),
                    format!(
                        "{label:?} is no encoding of the WHATWG Encoding Standard; gb18030, big5 \
                         and utf-16le are, for example"
                    ),
                ));
            }
        }
        if self.targets.contains(&self.source) {
            let message = format!("{} is both source and target", self.source);
            return Err(("targets".into(), message));
        }
        if let Some(address) = &self.web.address {
            let web = address.starts_with("https://") || address.starts_with("http://");
            let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#');
            if !web || address.contains(odd) {
                return Err((
                    address.clone(),
                    format!(
                        "{address:?} is no web address: it begins with https:// and has no ? or #"
                    ),
                ));
            }
        }
        let mut ids = std::collections::BTreeSet::new();
        for book in &self.books {
            let quoted = format!("\"{}\"", book.id);
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            if book.id.is_empty() || book.id.starts_with('.') || !book.id.chars().all(plain) {
                let message =
                    format!("the book id {quoted} is a file's stem: letters, digits, - and _ only");
                return Err((quoted, message));
            }
            if !ids.insert(&book.id) {
                return Err((quoted.clone(), format!("two books are called {quoted}")));
            }
            if book.editions.is_empty() {
                let message = format!(
                    "the book {quoted} has no edition; leave `editions` out for the usual three"
                );
                return Err((quoted, message));
            }
            let target = self.target_of(book);
            if !self.targets.contains(target) {
                return Err((
                    quoted,
                    format!("the book's target {target} is not in targets"),
                ));
            }
            for lang in [&self.source, target] {
                if !book.title.contains_key(lang) {
                    let message = format!("the book {quoted} has no title in {lang}");
                    return Err((quoted, message));
                }
            }
        }
        Ok(())
    }
}

/// A date as text, or as TOML writes dates and years.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::String(date) => Ok(Some(date)),
        toml::Value::Datetime(date) => Ok(Some(date.to_string())),
        toml::Value::Integer(year) => Ok(Some(year.to_string())),
        other => Err(serde::de::Error::custom(format!(
            "{other} is no date: write 2020, 2020-06 or 2020-06-18"
        ))),
    }
}

/// Whether this is a year, a month or a day as ISO 8601 writes them.
fn is_date(date: &str) -> bool {
    let whole = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    whole.len() == 10 && !whole.starts_with("0000") && whole.parse::<jiff::civil::Date>().is_ok()
}

/// The 1-based line of a byte offset.
#[must_use]
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())]
        .split(|&byte| byte == b'\n')
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "source = \"zh-Hans\"\ntargets = [\"en\"]\n";

    #[test]
    fn an_unknown_encoding_is_told_with_its_line() {
        let text = format!("{MINIMAL}[[source-file]]\nfile = \"a\"\nencoding = \"klingon\"\n");
        let (line, message) = Config::parse(&text).unwrap_err();
        assert_eq!(line, 5, "{message}");
        assert!(message.contains("klingon"), "{message}");
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let text = format!(
            "{MINIMAL}[[book]]\nid = \"b\"\ntitle = {{ zh-Hans = \"书\", en = \"Book\" }}\n"
        );
        let config = Config::parse(&text).unwrap();
        assert_eq!(config.books[0].editions.len(), 3);
        assert_eq!(config.target_of(&config.books[0]).to_string(), "en");
    }

    #[test]
    fn volumes_follow_a_rule() {
        let rule = |rule: &str| VolumeRule::try_from(rule.to_owned());
        assert_eq!(rule("size:40"), Ok(VolumeRule::Size(40)));
        assert_eq!(rule("date"), Ok(VolumeRule::Day));
        for bad in ["size:0", "size:", "size:-1", "weekday", ""] {
            assert!(rule(bad).unwrap_err().contains("size:N"), "{bad}");
        }
    }

    #[test]
    fn the_site_has_a_web_address() {
        let parse =
            |address: &str| Config::parse(&format!("{MINIMAL}[web]\naddress = \"{address}\"\n"));
        assert!(parse("https://a.example/papers").is_ok());
        for bad in [
            "ftp://a.example",
            "a.example",
            "https://a.example/?x",
            "https://a b",
        ] {
            assert_eq!(parse(bad).unwrap_err().0, 4, "{bad}");
        }
    }

    #[test]
    fn errors_name_the_line() {
        let error = |more: &str| Config::parse(&format!("{MINIMAL}{more}")).unwrap_err();
        assert_eq!(error("tragets = 1\n").0, 3);
        assert_eq!(error("[[article]]\nid = \"a\"\noutlett = \"x\"\n").0, 5);
        let (line, message) = error("[[book]]\nid = \"b\"\ntitle = { en = \"B\" }\n");
        assert_eq!(
            (line, message.contains("no title in zh-Hans")),
            (4, true),
            "{message}"
        );
        assert_eq!(
            error("[[book]]\nid = \"../b\"\ntitle = { en = \"B\" }\n").0,
            4
        );
        assert_eq!(
            Config::parse("source = \"zh_\"\ntargets = []")
                .unwrap_err()
                .0,
            1
        );
    }
}
