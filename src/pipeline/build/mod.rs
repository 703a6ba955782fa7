//! `build/`: books, hand-outs, the web edition and the manifest.
//!
//! Only what changed is made again. The manifest holds a digest of everything that the build
//! depended on, and for each file its own digest and one of what it was made from. A build whose
//! inputs are those of the last one, and whose files lie there as it left them, does nothing.

mod books;
mod kept;
mod memory;
mod output;
mod search;
mod volumes;
mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::books::BookPlan;
use self::output::{Output, digest_of, key};
use self::web::WebPlan;
use super::PipelineError;
use super::check::terms_at_odds;
use super::export::hand_out;
use super::library::{Card, Library};
use super::parallel::{Job, each, run};
use super::terms::glossary;
use super::translate::settings;
use crate::glossary::Glossary;
use crate::model::{ArticleId, Lang};
use crate::publish::manifest::{Counts, Manifest, Sum};
use crate::workspace::{NewFile, Workspace, WorkspaceError, write_if_changed};
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

/// Makes `build/`, or what changed of it. `progress` is told each file before it is made, from any
/// thread.
pub fn build(
    workspace: &Workspace,
    options: &BuildOptions,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BuildReport, PipelineError> {
    match make(workspace, options, progress) {
        // What was kept of the articles is good for nothing; this time they are read anew.
        Err(PipelineError::Kept(_)) => {
            Library::forget_all(workspace)?;
            make(workspace, options, progress)
        }
        made => made,
    }
}

fn make(
    workspace: &Workspace,
    options: &BuildOptions,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BuildReport, PipelineError> {
    // Rules that are none are told before a build, not at the next check.
    super::check::options(workspace)?;
    let folder = workspace.build_dir();
    let inputs = Inputs::read(workspace, options)?;
    let last = std::fs::File::open(folder.join("manifest.json"))
        .ok()
        .and_then(Manifest::read);
    let output = Output::new(&folder, last.as_ref(), progress);
    write_if_changed(&folder.join(".gitignore"), b"*\n!.gitignore\n")?;
    if let Some(last) = &last
        && last.inputs == inputs.digest
        && last.files.len() == output.intact()
    {
        return Ok(BuildReport {
            up_to_date: true,
            counts: last.counts,
            missing: last.counts.missing,
            warnings: last.warnings.clone(),
            ..BuildReport::default()
        });
    }
    let library = Library::open(workspace, &inputs.files)?;
    let glossaries = glossaries(workspace, &inputs)?;
    // Of many articles they are large, and nothing asks for them any more.
    let inputs = inputs.digest;
    let mut report = BuildReport {
        warnings: warnings(workspace, &library),
        ..BuildReport::default()
    };
    let mut plans = Vec::new();
    for config in &workspace.config().books {
        plans.push(BookPlan::new(
            workspace, config, &library, options, &output,
        )?);
        report
            .warnings
            .extend(plans.last().and_then(BookPlan::warning));
    }
    books::tell_apart(&plans)?;
    for (lang, glossary, _) in &glossaries {
        let wrong = terms_at_odds(glossary.concepts());
        if wrong > 0 {
            report.warnings.push(format!(
                "the glossary for {lang} contradicts itself or repeats itself in {wrong} place(s); \
                 `duizhao glossary check` lists them"
            ));
        }
    }
    let site = WebPlan::new(workspace, &library, &plans, options);
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for plan in &plans {
        plan.jobs(&library, &output, &mut jobs);
    }
    for (lang, glossary, digest) in &glossaries {
        for card in &library.cards {
            jobs.push(hand_outs(card, lang, glossary, digest, &library, &output));
        }
    }
    site.jobs(&library, &output, &mut jobs);
    run(&jobs)?;
    drop(jobs);
    site.finish(&library, &output)?;
    if let Some(name) = output.collision() {
        return Err(PipelineError::Nothing(format!(
            "two outputs would be build/{name}; give one of the books or articles another id"
        )));
    }
    let (files, written) = output.finish();
    report.written = written;
    report.counts = counts(&library);
    report.missing = report.counts.missing;
    let manifest = Manifest {
        generator: format!("{} {}", tool().name, tool().version),
        inputs,
        engine: settings(workspace)?.engine().to_owned(),
        counts: report.counts,
        warnings: report.warnings.clone(),
        files,
    };
    let last = last.as_ref();
    if let Some(last) = last {
        remove_stale(&folder, last, &manifest, &mut report)?;
    }
    if write_manifest(&folder.join("manifest.json"), &manifest)? {
        report.written.push("manifest.json".into());
    }
    Ok(report)
}

/// Writes the manifest unless it stands there; says whether it wrote.
fn write_manifest(path: &Path, manifest: &Manifest) -> Result<bool, PipelineError> {
    let failed = |source| WorkspaceError::Io {
        path: path.to_owned(),
        action: "writing",
        source,
    };
    let mut sum = Sum::default();
    manifest.write(&mut sum).map_err(failed)?;
    if digest_of(path).is_ok_and(|last| last == sum.digest()) {
        return Ok(false);
    }
    let mut file = NewFile::begin(path)?;
    manifest.write(&mut file).map_err(failed)?;
    file.put()?;
    Ok(true)
}

/// The glossary of each target language, with a digest of its files.
fn glossaries(
    workspace: &Workspace,
    inputs: &Inputs,
) -> Result<Vec<(Lang, Glossary, String)>, PipelineError> {
    let mut glossaries = Vec::new();
    for lang in &workspace.config().targets {
        let files: Vec<&str> = workspace
            .glossaries(lang)?
            .iter()
            .filter_map(|name| inputs.files.get(name))
            .map(String::as_str)
            .collect();
        glossaries.push((
            lang.clone(),
            glossary(workspace, lang)?,
            key(&files).to_string(),
        ));
    }
    Ok(glossaries)
}

/// The XLIFF files that go out to translators.
fn hand_outs<'a>(
    card: &'a Card,
    lang: &'a Lang,
    glossary: &'a Glossary,
    glossary_digest: &'a str,
    library: &'a Library,
    output: &'a Output<'_>,
) -> Job<'a> {
    Box::new(move || {
        let from = key(&["xliff", &card.digest, glossary_digest]);
        let name = format!("xliff/{}.{lang}.xlf", card.id);
        output.make(&name, from, || {
            let article = library.text(card)?;
            let options = hand_out(&article, lang, glossary)?;
            Ok(v1_2::write(&article, lang, &options).into_bytes())
        })?;
        let name = format!("xliff2/{}.{lang}.xlf", card.id);
        output.make(&name, from, || {
            let article = library.text(card)?;
            let options = hand_out(&article, lang, glossary)?;
            Ok(v2::write(&article, lang, &options).into_bytes())
        })
    })
}

/// The articles that patterns name: pattern by pattern, each in the workspace's order, none twice.
/// `who` asks for them, for the message where a pattern names none.
pub(super) fn select<'a, T>(
    who: &str,
    patterns: &[String],
    all: &'a [T],
    id: impl Fn(&T) -> &ArticleId,
) -> Result<Vec<&'a T>, PipelineError> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut articles: Vec<&T> = Vec::new();
    for pattern in patterns {
        let nothing = |why: &str| {
            let known: Vec<&str> = all.iter().map(|one| id(one).as_str()).take(20).collect();
            let known = if known.is_empty() {
                "none (sources/ is empty)".into()
            } else {
                known.join(", ")
            };
            PipelineError::Nothing(format!(
                "{who} asks for the article {pattern:?}, {why}; there are: {known}"
            ))
        };
        let matcher = globset::Glob::new(pattern).map(|glob| glob.compile_matcher());
        // An id may hold what would be a pattern, or a bad one.
        let is_id = all.iter().any(|article| id(article).as_str() == pattern);
        if let (Err(error), false) = (&matcher, is_id) {
            return Err(nothing(&error.to_string()));
        }
        let mut found = false;
        for article in all {
            let id = id(article).as_str();
            if pattern == id || matcher.as_ref().is_ok_and(|matcher| matcher.is_match(id)) {
                found = true;
                if taken.insert(id) {
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

fn counts(library: &Library) -> Counts {
    let mut counts = Counts::default();
    for card in &library.cards {
        let of = &card.counts;
        counts.articles += of.articles;
        counts.segments += of.segments;
        counts.translated += of.translated;
        counts.missing += of.missing;
        counts.reviewed += of.reviewed;
    }
    counts
}

fn warnings(workspace: &Workspace, library: &Library) -> Vec<String> {
    let mut warnings = Vec::new();
    for about in &workspace.config().articles {
        if !library
            .cards
            .iter()
            .any(|card| card.id.as_str() == about.id)
        {
            warnings.push(format!(
                "duizhao.toml: [[article]] {:?} is about no article; `duizhao status` lists them",
                about.id
            ));
        }
    }
    let behind = library
        .cards
        .iter()
        .filter(|card| card.changes.any())
        .count();
    if behind > 0 {
        warnings.push(format!(
            "translations/ is behind sources/ for {behind} article(s); run `duizhao translate`"
        ));
    }
    let pictures: usize = library.cards.iter().map(|card| card.pictures).sum();
    if pictures > 0 {
        warnings.push(format!(
            "the sources have {pictures} picture(s); books and pages have what is said of them, not \
             the pictures"
        ));
    }
    warnings.extend(library.stale_decisions.iter().cloned());
    let unread = workspace.unread_sources().unwrap_or_default();
    if !unread.is_empty() {
        warnings.push(format!(
            "no article is made of {}: duizhao reads txt, md, html, docx and epub; give the file one \
             of these endings, name it in a [[source-file]], or move it out of sources/",
            unread.join(", ")
        ));
    }
    for lang in workspace.config().targets.iter().skip(1) {
        let books = workspace.config().books.iter();
        if !books
            .map(|book| workspace.config().target_of(book))
            .any(|target| target == lang)
        {
            warnings.push(format!(
                "no book is in {lang}, so there are no EPUB and no web pages in it; give a [[book]] \
                 target = \"{lang}\""
            ));
        }
    }
    for orphan in &library.orphans {
        warnings.push(format!(
            "translations/ has the article {orphan}, which no source gives any more; it is left out"
        ));
    }
    warnings
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

/// Everything that outputs depend on.
struct Inputs {
    /// The SHA-256 of each file, by name.
    files: BTreeMap<String, String>,
    /// SHA-256 over them and what else counts.
    digest: String,
}

impl Inputs {
    fn read(workspace: &Workspace, options: &BuildOptions) -> Result<Self, PipelineError> {
        let names = workspace.input_files()?;
        let files: BTreeMap<String, String> = each(&names, |name| {
            Ok((name.clone(), digest_of(&workspace.path(name))?.to_string()))
        })
        .into_iter()
        .collect::<Result<_, _>>()?;
        let epoch = format!("{:?}", options.source_date_epoch);
        let mut parts = vec![workspace.config_text(), &epoch];
        parts.extend(
            files
                .iter()
                .flat_map(|(name, digest)| [name.as_str(), digest]),
        );
        let digest = key(&parts).to_string();
        Ok(Self { files, digest })
    }
}
