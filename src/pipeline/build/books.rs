//! Books: their volumes, covers, and the files of each edition.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::output::{Output, key};
use super::volumes::split;
use super::{BuildOptions, collision, select};
use crate::model::{Article, Edition, Lang};
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::publish::epub::{self, identifier};
use crate::publish::manifest::Digest;
use crate::publish::web::Download;
use crate::publish::{Book, Cover, CoverText, Series, draw_cover, seconds_of, volume_title};
use crate::workspace::{BookConfig, Workspace, read_file};

/// A book of the configuration, ready to be made.
pub(super) struct BookPlan<'a> {
    pub config: &'a BookConfig,
    pub source: &'a Lang,
    pub target: &'a Lang,
    pub articles: Vec<&'a Card>,
    pub editions: BTreeSet<Edition>,
    pub volumes: Vec<VolumePlan<'a>>,
    pub cover: Option<Cover>,
    /// What every file of the book is made from.
    common: String,
    modified: i64,
    /// Size and SHA-256 of each volume's editions, once they are made.
    made: Box<[OnceLock<(u64, Digest)>]>,
}

/// A volume of a book; the only one where the configuration has no rule.
pub(super) struct VolumePlan<'a> {
    /// The stem of its files.
    pub id: Box<str>,
    /// What its title has behind the book's.
    label: Option<Box<str>>,
    pub articles: Box<[&'a Card]>,
    /// Its place in the book, from 1, where the book is split.
    number: Option<u32>,
}

impl<'a> BookPlan<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        config: &'a BookConfig,
        library: &'a Library,
        options: &BuildOptions,
        output: &Output<'_>,
    ) -> Result<Self, PipelineError> {
        let who = format!("duizhao.toml: the book {:?}", config.id);
        let articles = select(&who, &config.articles, &library.cards, |card| &card.id)?;
        let source = &workspace.config().source;
        let target = workspace.config().target_of(config);
        let (cover, cover_digest) = cover(workspace, config, target, output)?;
        let volumes: Vec<VolumePlan<'_>> = (1..)
            .zip(split(&articles, config.volume.as_ref()))
            .map(|(number, part)| VolumePlan {
                id: match &part.suffix {
                    None => config.id.as_str().into(),
                    Some(suffix) => format!("{}-{suffix}", config.id).into(),
                },
                label: part.label.map(String::into),
                articles: part.articles,
                number: part.suffix.map(|_| number),
            })
            .collect();
        let date = config.date.as_deref().and_then(seconds_of);
        let modified = options
            .source_date_epoch
            .or(date)
            .unwrap_or(NINETEEN_EIGHTY);
        let editions: BTreeSet<Edition> = config.editions.iter().copied().collect();
        let files = volumes.len() * editions.len();
        Ok(Self {
            config,
            source,
            target,
            articles,
            editions,
            volumes,
            cover,
            common: format!("{config:?} {source} {target} {cover_digest} {modified}"),
            modified,
            made: (0..files).map(|_| OnceLock::new()).collect(),
        })
    }

    /// What a person should know.
    pub(super) fn warning(&self) -> Option<String> {
        self.cover.is_none().then(|| {
            format!(
                "the book {:?} has no cover: name an image, or fonts to draw one with, under \
                 [book.cover]",
                self.config.id
            )
        })
    }

    /// The title of a volume in each language.
    pub(super) fn title(&self, volume: &VolumePlan<'_>) -> BTreeMap<Lang, String> {
        let title = &self.config.title;
        let Some(number) = volume.number else {
            return title.clone();
        };
        let label = volume.label.as_deref();
        let of_volume = |(lang, title): (&Lang, &String)| {
            (lang.clone(), volume_title(title, lang, label, number))
        };
        title.iter().map(of_volume).collect()
    }

    /// The name of the series that a volume is part of, and its place there.
    pub(super) fn series(
        &self,
        volume: &VolumePlan<'_>,
    ) -> Option<(&'a BTreeMap<Lang, String>, Option<u32>)> {
        let config = self.config;
        match volume.number {
            Some(number) => Some((&config.title, Some(number))),
            None => config.series.as_ref().map(|s| (&s.name, s.position)),
        }
    }

    /// The book that a volume is, with its title, and with the texts of its articles, or without
    /// any where only its names are asked for.
    pub(super) fn book<'b>(
        &'b self,
        volume: &'b VolumePlan<'a>,
        title: &'b BTreeMap<Lang, String>,
        articles: &'b [&'b Article],
    ) -> Book<'b> {
        let config = self.config;
        Book {
            id: &volume.id,
            source: self.source,
            target: self.target,
            title,
            subtitle: &config.subtitle,
            articles,
            translators: &config.translators,
            publisher: config.publisher.as_deref(),
            rights: config.rights.as_deref(),
            date: config.date.as_deref(),
            identifier: config.identifier.as_deref(),
            description: config.description.as_deref(),
            subjects: &config.subjects,
            series: self
                .series(volume)
                .map(|(name, position)| Series { name, position }),
            // The configuration's identifier names the whole, of which a volume is a part.
            is_part: config.volume.is_some(),
            cover: self.cover.as_ref(),
            modified: self.modified,
        }
    }

    /// The name of an edition's file.
    fn file_name(&self, volume: &VolumePlan<'_>, edition: Edition) -> String {
        // The title is no part of it.
        let book = self.book(volume, &self.config.title, &[]);
        book.file_name(edition)
    }

    /// The editions of all volumes, in order: the number of the volume, and the edition.
    fn files(&self) -> impl Iterator<Item = (usize, Edition)> {
        let editions = || self.editions.iter().copied();
        (0..self.volumes.len()).flat_map(move |at| editions().map(move |edition| (at, edition)))
    }

    /// How many files the book's volumes are.
    pub(super) fn file_count(&self) -> usize {
        self.made.len()
    }

    /// Makes one of the files, counted from 0, and puts it beside the pages of the web edition, so
    /// that the folder `web/` is whole.
    pub(super) fn make(
        &self,
        number: usize,
        library: &Library,
        output: &Output<'_>,
    ) -> Result<(), PipelineError> {
        let Some(volume) = self.volumes.get(number / self.editions.len()) else {
            return Ok(());
        };
        let Some(&edition) = self.editions.iter().nth(number % self.editions.len()) else {
            return Ok(());
        };
        let title = self.title(volume);
        let about = format!("{title:?} {:?}", self.series(volume));
        let parts = ["epub", &volume.id, edition.name(), &self.common, &about];
        let parts = parts.into_iter().map(Cow::Borrowed);
        let articles = volume.articles.iter();
        let articles = articles.map(|card| Cow::Owned(card.digest.to_string()));
        let file_name = self.file_name(volume, edition);
        let name = format!("epub/{file_name}");
        let facts = output.make(&name, key(parts.chain(articles)), || {
            let texts = volume.articles.iter().map(|card| library.text(card));
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            let articles: Vec<&Article> = texts.iter().map(|text| &**text).collect();
            Ok(epub::write(&self.book(volume, &title, &articles), edition)?)
        })?;
        let _ = self.made[number].set((facts.size, facts.sha256));
        output.link(&name, facts, &format!("web/books/{file_name}"))
    }

    /// What readers can take away of a volume, once it is made; its number is counted from 0.
    pub(super) fn downloads(&self, number: usize, title: &BTreeMap<Lang, String>) -> Vec<Download> {
        let Some(volume) = self.volumes.get(number) else {
            return vec![];
        };
        let book = self.book(volume, title, &[]);
        let made = self.made.iter().skip(number * self.editions.len());
        (self.editions.iter().zip(made))
            .filter_map(|(&edition, made)| {
                let &(size, sha256) = made.get()?;
                Some(Download {
                    edition,
                    languages: book.languages(edition).into_iter().cloned().collect(),
                    href: format!("books/{}", book.file_name(edition)),
                    size,
                    sha256,
                    identifier: identifier(&book, edition),
                })
            })
            .collect()
    }
}

/// An error where two books would have a file of one name, before either is written.
pub(super) fn tell_apart(plans: &[BookPlan<'_>]) -> Result<(), PipelineError> {
    let mut names = BTreeSet::new();
    for plan in plans {
        for (number, edition) in plan.files() {
            let name = plan.file_name(&plan.volumes[number], edition);
            if let Some(name) = names.replace(name) {
                return Err(collision(&format!("epub/{name}")));
            }
        }
    }
    Ok(())
}

/// What a book without a date is dated with: the earliest date that ZIP knows.
pub(super) const NINETEEN_EIGHTY: i64 = 315_532_800;

/// A book's cover and a digest of what it is made from. A drawn one is kept below `cover/`.
fn cover(
    workspace: &Workspace,
    config: &BookConfig,
    target: &Lang,
    output: &Output<'_>,
) -> Result<(Option<Cover>, String), PipelineError> {
    let failed = |error| PipelineError::Cover {
        book: config.id.clone(),
        error,
    };
    if let Some(image) = &config.cover.image {
        let bytes = read_file(&workspace.path(image))?;
        let digest = crate::publish::manifest::sha256(&[&bytes]);
        let cover = Cover::from_file(image, bytes).map_err(failed)?;
        return Ok((Some(cover), digest));
    }
    if config.cover.fonts.is_empty() {
        return Ok((None, String::new()));
    }
    let mut fonts = Vec::new();
    for font in &config.cover.fonts {
        fonts.push((font.clone(), read_file(&workspace.path(font))?));
    }
    let title = |lang| config.title.get(lang).map_or("", String::as_str);
    let foot: Vec<&str> = [&config.publisher, &config.date]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let text = CoverText {
        title: title(&workspace.config().source),
        translated_title: title(target),
        foot: &foot.join(" · "),
    };
    let digests: Vec<String> = fonts
        .iter()
        .map(|(_, bytes)| crate::publish::manifest::sha256(&[bytes]))
        .collect();
    let mut parts = vec!["cover", text.title, text.translated_title, text.foot];
    parts.extend(digests.iter().map(String::as_str));
    let from = key(&parts);
    let name = format!("cover/{}.png", config.id);
    let cover = match output.kept(&name, from) {
        Some(bytes) => Cover::from_file(&name, bytes).map_err(failed)?,
        None => draw_cover(&text, &fonts).map_err(failed)?,
    };
    output.write(&name, Some(from), &cover.bytes)?;
    Ok((Some(cover), from.to_string()))
}
