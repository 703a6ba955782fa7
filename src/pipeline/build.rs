//! `build/`: books, hand-outs and the manifest.
//!
//! A build whose inputs are those of the last one is not made again: the manifest holds a digest
//! of everything that the outputs depend on, and the digest of each output.

use std::collections::BTreeSet;
use std::path::Path;

use super::PipelineError;
use super::export::hand_out;
use super::sync::{Synced, sync};
use super::terms::glossary;
use super::translate::settings;
use crate::glossary::Glossary;
use crate::model::{Article, Edition, Lang, State};
use crate::publish::manifest::{Counts, File, Manifest, sha256};
use crate::publish::{Book, Cover, CoverText, draw_cover, epub};
use crate::tmx::{self, Tmx};
use crate::workspace::{BookConfig, Workspace, WorkspaceError, read_file, write_if_changed};
use crate::xliff::{Tool, v1_2, v2};

/// What a build is told beside the workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuildOptions {
    /// `SOURCE_DATE_EPOCH`: seconds since 1970 that outputs are dated with. Without it, the
    /// book's own date is taken, or else 1980-01-01.
    pub source_date_epoch: Option<i64>,
}

/// What a build did.
#[derive(Clone, Debug, Default)]
pub struct BuildReport {
    /// Whether everything was up to date.
    pub up_to_date: bool,
    /// The files that were written, below `build/`.
    pub written: Vec<String>,
    /// Files of the last build that this one does not have; they were removed.
    pub removed: Vec<String>,
    /// The numbers over the workspace.
    pub counts: Counts,
    /// Translations that are missing, summed over the languages.
    pub missing: usize,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// The program that outputs name as their maker.
pub(super) fn tool() -> Tool {
    Tool {
        name: "duizhao".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Makes `build/`, unless it is up to date. `progress` is told each file before it is made.
pub fn build(
    workspace: &Workspace,
    options: &BuildOptions,
    progress: &dyn Fn(&str),
) -> Result<BuildReport, PipelineError> {
    let folder = workspace.build_dir();
    let inputs = inputs(workspace, options)?;
    let last = std::fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|json| Manifest::from_json(&json));
    if let Some(last) = &last
        && last.inputs == inputs
        && last.files.iter().all(|file| is_intact(&folder, file))
    {
        let missing = last.counts.missing;
        let counts = last.counts;
        return Ok(BuildReport {
            up_to_date: true,
            counts,
            missing,
            ..BuildReport::default()
        });
    }
    let synced = sync(workspace)?;
    let mut output = Output {
        folder: &folder,
        files: Vec::new(),
        report: BuildReport::default(),
    };
    output.report.warnings = warnings(&synced);
    write_if_changed(&folder.join(".gitignore"), b"*\n!.gitignore\n")?;
    for lang in &workspace.config().targets {
        let glossary = glossary(workspace, lang)?;
        for article in &synced.articles {
            write_hand_outs(article, lang, &glossary, &mut output, progress)?;
        }
    }
    for book in &workspace.config().books {
        write_book(workspace, book, &synced, options, &mut output, progress)?;
    }
    let Output {
        mut files,
        mut report,
        ..
    } = output;
    files.sort();
    report.counts = counts(workspace, &synced);
    report.missing = report.counts.missing;
    let manifest = Manifest {
        generator: format!("{} {}", tool().name, tool().version),
        inputs,
        engine: settings(workspace)?.engine().to_owned(),
        counts: report.counts,
        files,
    };
    if let Some(last) = last {
        remove_stale(&folder, &last, &manifest, &mut report)?;
    }
    if write_if_changed(&folder.join("manifest.json"), manifest.to_json().as_bytes())? {
        report.written.push("manifest.json".into());
    }
    Ok(report)
}

struct Output<'a> {
    folder: &'a Path,
    files: Vec<File>,
    report: BuildReport,
}

impl Output<'_> {
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), PipelineError> {
        if write_if_changed(&self.folder.join(name), bytes)? {
            self.report.written.push(name.to_owned());
        }
        self.files.push(File::of(name, bytes));
        Ok(())
    }
}

fn write_hand_outs(
    article: &Article,
    lang: &Lang,
    glossary: &Glossary,
    output: &mut Output<'_>,
    progress: &dyn Fn(&str),
) -> Result<(), PipelineError> {
    let options = hand_out(article, lang, glossary)?;
    let name = format!("xliff/{}.{lang}.xlf", article.id);
    progress(&name);
    output.write(&name, v1_2::write(article, lang, &options).as_bytes())?;
    let name = format!("xliff2/{}.{lang}.xlf", article.id);
    progress(&name);
    output.write(&name, v2::write(article, lang, &options).as_bytes())
}

/// The translated pairs of a book's articles, whoever has read them: translators want them all.
fn write_memory(
    config: &BookConfig,
    target: &Lang,
    articles: &[&Article],
    output: &mut Output<'_>,
) -> Result<(), PipelineError> {
    let Tool { name, version } = tool();
    let memory = Tmx::from_articles(
        articles.iter().copied(),
        target,
        State::Translated,
        (name, version),
    );
    output.write(
        &format!("tmx/{}.tmx", config.id),
        tmx::write(&memory).as_bytes(),
    )
}

fn write_book(
    workspace: &Workspace,
    config: &BookConfig,
    synced: &Synced,
    options: &BuildOptions,
    output: &mut Output<'_>,
    progress: &dyn Fn(&str),
) -> Result<(), PipelineError> {
    let who = format!("duizhao.toml: the book {:?}", config.id);
    let articles = select(&who, &config.articles, synced)?;
    let source = &workspace.config().source;
    let target = workspace.config().target_of(config);
    write_memory(config, target, &articles, output)?;
    let cover = cover(workspace, config, target)?;
    if cover.is_none() {
        output.report.warnings.push(format!(
            "the book {:?} has no cover: name an image, or fonts to draw one with, under \
             [book.cover]",
            config.id
        ));
    }
    if config.cover.image.is_none()
        && let Some(drawn) = &cover
    {
        output.write(&format!("cover/{}.png", config.id), &drawn.bytes)?;
    }
    let book = Book {
        id: &config.id,
        source,
        target,
        title: &config.title,
        subtitle: &config.subtitle,
        articles: &articles,
        publisher: config.publisher.as_deref(),
        rights: config.rights.as_deref(),
        date: config.date.as_deref(),
        identifier: config.identifier.as_deref(),
        description: config.description.as_deref(),
        subjects: &config.subjects,
        cover: cover.as_ref(),
        modified: options.source_date_epoch.unwrap_or_else(|| date_of(config)),
    };
    let editions: BTreeSet<Edition> = config.editions.iter().copied().collect();
    for edition in editions {
        let name = format!("epub/{}", book.file_name(edition));
        progress(&name);
        output.write(&name, &epub::write(&book, edition)?)?;
    }
    Ok(())
}

/// The articles that patterns name: pattern by pattern, each in the workspace's order, none twice.
/// `who` asks for them, for the message where a pattern names none.
pub(super) fn select<'a>(
    who: &str,
    patterns: &[String],
    synced: &'a Synced,
) -> Result<Vec<&'a Article>, PipelineError> {
    let mut articles: Vec<&Article> = Vec::new();
    for pattern in patterns {
        let nothing = |why: &str| {
            let known: Vec<&str> = synced
                .articles
                .iter()
                .map(|article| article.id.as_str())
                .take(20)
                .collect();
            let known = if known.is_empty() {
                "none (sources/ is empty)".into()
            } else {
                known.join(", ")
            };
            PipelineError::Nothing(format!(
                "{who} asks for the article {pattern:?}, {why}; there are: {known}"
            ))
        };
        let glob = globset::Glob::new(pattern).map_err(|error| nothing(&error.to_string()))?;
        let matcher = glob.compile_matcher();
        let mut found = false;
        for article in &synced.articles {
            if matcher.is_match(article.id.as_str()) {
                found = true;
                if !articles.iter().any(|other| other.id == article.id) {
                    articles.push(article);
                }
            }
        }
        if !found {
            return Err(nothing("which no source gives"));
        }
    }
    Ok(articles)
}

fn cover(
    workspace: &Workspace,
    config: &BookConfig,
    target: &Lang,
) -> Result<Option<Cover>, PipelineError> {
    let failed = |error| PipelineError::Cover {
        book: config.id.clone(),
        error,
    };
    if let Some(image) = &config.cover.image {
        let bytes = read_file(&workspace.path(image))?;
        return Cover::from_file(image, bytes).map(Some).map_err(failed);
    }
    if config.cover.fonts.is_empty() {
        return Ok(None);
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
    draw_cover(&text, &fonts).map(Some).map_err(failed)
}

/// Midnight UTC at the beginning of the book's date; 1980-01-01 where it has none.
fn date_of(config: &BookConfig) -> i64 {
    const NINETEEN_EIGHTY: i64 = 315_532_800;
    let date = config.date.as_deref().unwrap_or_default();
    let padded = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    padded
        .parse::<jiff::civil::Date>()
        .ok()
        .and_then(|date| {
            jiff::tz::TimeZone::UTC
                .to_timestamp(date.at(0, 0, 0, 0))
                .ok()
        })
        .map_or(NINETEEN_EIGHTY, jiff::Timestamp::as_second)
}

fn counts(workspace: &Workspace, synced: &Synced) -> Counts {
    let mut counts = Counts {
        articles: synced.articles.len(),
        ..Counts::default()
    };
    for segment in synced.articles.iter().flat_map(Article::segments) {
        counts.segments += 1;
        for lang in &workspace.config().targets {
            let target = segment.target(lang).filter(|target| !target.is_pseudo());
            let covered = segment.covered_by(lang).is_some();
            counts.translated += usize::from(target.is_some() || covered);
            counts.missing += usize::from(target.is_none() && !covered);
            let approved = target.is_some_and(|target| target.state >= State::Reviewed);
            counts.reviewed += usize::from(approved);
        }
    }
    counts
}

fn warnings(synced: &Synced) -> Vec<String> {
    let mut warnings = Vec::new();
    let behind = synced
        .changes
        .iter()
        .filter(|(_, changes)| changes.any())
        .count();
    if behind > 0 {
        warnings.push(format!(
            "translations/ is behind sources/ for {behind} article(s); run `duizhao translate`"
        ));
    }
    for orphan in &synced.orphans {
        warnings.push(format!(
            "translations/ has the article {orphan}, which no source gives any more; it is left out"
        ));
    }
    warnings
}

fn is_intact(folder: &Path, file: &File) -> bool {
    std::fs::read(folder.join(&file.name)).is_ok_and(|bytes| File::of(&file.name, &bytes) == *file)
}

/// Removes what the last build made and this one does not, and nothing else.
fn remove_stale(
    folder: &Path,
    last: &Manifest,
    now: &Manifest,
    report: &mut BuildReport,
) -> Result<(), PipelineError> {
    let kept: BTreeSet<&str> = now.files.iter().map(|file| file.name.as_str()).collect();
    for file in &last.files {
        let inside = Path::new(&file.name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        let path = folder.join(&file.name);
        if inside && !kept.contains(file.name.as_str()) && path.is_file() {
            std::fs::remove_file(&path).map_err(|source| WorkspaceError::Io {
                path: path.clone(),
                action: "removing",
                source,
            })?;
            report.removed.push(file.name.clone());
            // Fails where the folder still holds something, which is then somebody's.
            let _ = path.parent().map(std::fs::remove_dir);
        }
    }
    Ok(())
}

/// SHA-256 over everything that outputs depend on.
fn inputs(workspace: &Workspace, options: &BuildOptions) -> Result<String, PipelineError> {
    let mut parts: Vec<Vec<u8>> = vec![
        tool().version.into_bytes(),
        workspace.config_text().as_bytes().to_vec(),
        format!("{:?}", options.source_date_epoch).into_bytes(),
    ];
    for name in workspace.input_files()? {
        let bytes = read_file(&workspace.path(&name))?;
        parts.push(format!("{name}\n{}\n", bytes.len()).into_bytes());
        parts.push(bytes);
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(sha256(&parts))
}
