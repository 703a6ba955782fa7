//! Books: their volumes, covers, and the files of each edition.

use std::collections::{BTreeMap, BTreeSet};

use super::output::{Output, key};
use super::volumes::split;
use super::{BuildOptions, memory, select};
use crate::model::{Article, Edition, Lang};
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::pipeline::parallel::Job;
use crate::publish::{Book, Cover, CoverText, Series, draw_cover, epub, seconds_of, volume_title};
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
    cover_digest: String,
    modified: i64,
}

/// A volume of a book; the only one where the configuration has no rule.
pub(super) struct VolumePlan<'a> {
    /// The stem of its files.
    pub id: String,
    pub title: BTreeMap<Lang, String>,
    pub articles: Vec<&'a Card>,
    /// The name of the series, and its place there.
    pub series: Option<(&'a BTreeMap<Lang, String>, Option<u32>)>,
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
        let parts = split(&articles, config.volume.as_ref());
        let volumes = parts
            .into_iter()
            .enumerate()
            .map(|(index, part)| {
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                match part.suffix {
                    None => VolumePlan {
                        id: config.id.clone(),
                        title: config.title.clone(),
                        articles: part.articles,
                        series: config.series.as_ref().map(|s| (&s.name, s.position)),
                    },
                    Some(suffix) => VolumePlan {
                        id: format!("{}-{suffix}", config.id),
                        title: config
                            .title
                            .iter()
                            .map(|(lang, title)| {
                                let label = part.label.as_deref();
                                (lang.clone(), volume_title(title, lang, label, number))
                            })
                            .collect(),
                        articles: part.articles,
                        series: Some((&config.title, Some(number))),
                    },
                }
            })
            .collect();
        let date = config.date.as_deref().and_then(seconds_of);
        Ok(Self {
            config,
            source,
            target,
            articles,
            editions: config.editions.iter().copied().collect(),
            volumes,
            cover,
            cover_digest,
            modified: options
                .source_date_epoch
                .or(date)
                .unwrap_or(NINETEEN_EIGHTY),
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

    /// The book that a volume is, with the texts of its articles, or without any where only its
    /// names are asked for.
    pub(super) fn book<'b>(
        &'b self,
        volume: &'b VolumePlan<'a>,
        articles: &'b [&'b Article],
    ) -> Book<'b> {
        let config = self.config;
        Book {
            id: &volume.id,
            source: self.source,
            target: self.target,
            title: &volume.title,
            subtitle: &config.subtitle,
            articles,
            translators: &config.translators,
            publisher: config.publisher.as_deref(),
            rights: config.rights.as_deref(),
            date: config.date.as_deref(),
            identifier: config.identifier.as_deref(),
            description: config.description.as_deref(),
            subjects: &config.subjects,
            series: volume
                .series
                .map(|(name, position)| Series { name, position }),
            // The configuration's identifier names the whole, of which a volume is a part.
            is_part: config.volume.is_some(),
            cover: self.cover.as_ref(),
            modified: self.modified,
        }
    }

    /// The name of an edition's file below `build/`.
    pub(super) fn file_name(&self, volume: &VolumePlan<'_>, edition: Edition) -> String {
        format!("epub/{}", self.book(volume, &[]).file_name(edition))
    }

    /// The work that the book is.
    pub(super) fn jobs<'b>(
        &'b self,
        library: &'b Library,
        output: &'b Output<'_>,
        jobs: &mut Vec<Job<'b>>,
    ) {
        for volume in &self.volumes {
            for &edition in &self.editions {
                jobs.push(Box::new(move || {
                    self.make(volume, edition, library, output)
                }));
            }
        }
        jobs.push(Box::new(move || {
            memory::make(
                &self.config.id,
                &self.articles,
                self.target,
                library,
                output,
            )
        }));
    }

    fn make(
        &self,
        volume: &VolumePlan<'_>,
        edition: Edition,
        library: &Library,
        output: &Output<'_>,
    ) -> Result<(), PipelineError> {
        let config = format!("{:?}", self.config);
        let modified = self.modified.to_string();
        let about = format!("{:?} {:?}", volume.title, volume.series);
        let langs = format!("{} {}", self.source, self.target);
        let mut parts = vec![
            "epub",
            volume.id.as_str(),
            edition.name(),
            &config,
            &langs,
            &about,
            &self.cover_digest,
            &modified,
        ];
        parts.extend(volume.articles.iter().map(|card| card.digest.as_str()));
        output.make(&self.file_name(volume, edition), key(&parts), || {
            let texts = volume.articles.iter().map(|card| library.text(card));
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            let articles: Vec<&Article> = texts.iter().map(|text| &**text).collect();
            Ok(epub::write(&self.book(volume, &articles), edition)?)
        })
    }
}

/// An error where two books would have a file of one name, before either is written.
pub(super) fn tell_apart(plans: &[BookPlan<'_>]) -> Result<(), PipelineError> {
    let mut names = BTreeSet::new();
    for plan in plans {
        for volume in &plan.volumes {
            for &edition in &plan.editions {
                let name = plan.file_name(volume, edition);
                if names.contains(&name) {
                    return Err(PipelineError::Nothing(format!(
                        "two outputs would be build/{name}; give one of the books another id"
                    )));
                }
                names.insert(name);
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
