//! `build/`: books, hand-outs, the web edition and the manifest.
//!
//! Only what changed is made again. The manifest holds a digest of everything that the build
//! depended on, and for each file its own digest and one of what it was made from. A build whose
//! inputs are those of the last one, and whose files lie there as it left them, does nothing.

mod books;
mod output;
mod volumes;
mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::books::BookPlan;
use self::output::{Output, key};
use self::web::WebPlan;
use super::PipelineError;
use super::cache;
use super::check::terms_at_odds;
use super::export::hand_out;
use super::parallel::{Job, each, run};
use super::sync::Synced;
use super::terms::glossary;
use super::translate::settings;
use crate::glossary::Glossary;
use crate::model::{Article, ArticleId, Lang, State};
use crate::publish::manifest::{Counts, Manifest, sha256};
use crate::workspace::{Workspace, WorkspaceError, read_file, write_if_changed};
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
    let folder = workspace.build_dir();
    let inputs = Inputs::read(workspace, options)?;
    let last = std::fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|json| Manifest::from_json(&json));
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
    let synced = cache::sync(workspace, &inputs.files)?;
    let mut report = BuildReport {
        warnings: warnings(workspace, &synced),
        ..BuildReport::default()
    };
    let texts = Texts::new(&synced)?;
    let mut plans = Vec::new();
    for config in &workspace.config().books {
        plans.push(BookPlan::new(workspace, config, &synced, options, &output)?);
        report
            .warnings
            .extend(plans.last().and_then(BookPlan::warning));
    }
    let glossaries = glossaries(workspace, &inputs)?;
    for (lang, glossary, _) in &glossaries {
        let wrong = terms_at_odds(glossary.concepts());
        if wrong > 0 {
            report.warnings.push(format!(
                "the glossary for {lang} contradicts itself or repeats itself in {wrong} place(s); \
                 `duizhao glossary check` lists them"
            ));
        }
    }
    let site = WebPlan::new(workspace, &synced, &plans, options);
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for plan in &plans {
        plan.jobs(&texts, &output, &mut jobs);
    }
    for (lang, glossary, digest) in &glossaries {
        for article in &synced.articles {
            jobs.push(hand_outs(article, lang, glossary, digest, &texts, &output));
        }
    }
    site.jobs(&texts, &output, &mut jobs);
    run(&jobs)?;
    drop(jobs);
    site.finish(&texts, &output)?;
    if let Some(name) = output.collision() {
        return Err(PipelineError::Nothing(format!(
            "two outputs would be build/{name}; give one of the books or articles another id"
        )));
    }
    let (files, written) = output.finish();
    report.written = written;
    report.counts = counts(workspace, &synced);
    report.missing = report.counts.missing;
    let manifest = Manifest {
        generator: format!("{} {}", tool().name, tool().version),
        inputs: inputs.digest,
        engine: settings(workspace)?.engine().to_owned(),
        counts: report.counts,
        warnings: report.warnings.clone(),
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

/// A digest of each article with all that is stored about it.
pub(super) struct Texts<'a>(BTreeMap<&'a ArticleId, String>);

impl<'a> Texts<'a> {
    fn new(synced: &'a Synced) -> Result<Self, PipelineError> {
        let digests = each(&synced.articles, |article| {
            #[expect(clippy::expect_used, reason = "an article is strings and numbers")]
            let json = serde_json::to_vec(article).expect("strings and numbers are JSON");
            Ok((&article.id, sha256(&[&json])))
        });
        digests.into_iter().collect::<Result<_, _>>().map(Self)
    }

    fn digest(&self, article: &Article) -> &str {
        self.0.get(&article.id).map_or("", String::as_str)
    }
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
        glossaries.push((lang.clone(), glossary(workspace, lang)?, key(&files)));
    }
    Ok(glossaries)
}

/// The XLIFF files that go out to translators.
fn hand_outs<'a>(
    article: &'a Article,
    lang: &'a Lang,
    glossary: &'a Glossary,
    glossary_digest: &'a str,
    texts: &'a Texts<'_>,
    output: &'a Output<'_>,
) -> Job<'a> {
    Box::new(move || {
        let from = key(&["xliff", texts.digest(article), glossary_digest]);
        let options = || hand_out(article, lang, glossary);
        let name = format!("xliff/{}.{lang}.xlf", article.id);
        output.make(&name, from.clone(), || {
            Ok(v1_2::write(article, lang, &options()?).into_bytes())
        })?;
        let name = format!("xliff2/{}.{lang}.xlf", article.id);
        output.make(&name, from, || {
            Ok(v2::write(article, lang, &options()?).into_bytes())
        })
    })
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
            // An id may hold what would be a pattern.
            if pattern == article.id.as_str() || matcher.is_match(article.id.as_str()) {
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

fn warnings(workspace: &Workspace, synced: &Synced) -> Vec<String> {
    let mut warnings = Vec::new();
    for about in &workspace.config().articles {
        if !synced
            .articles
            .iter()
            .any(|article| article.id.as_str() == about.id)
        {
            warnings.push(format!(
                "duizhao.toml: [[article]] {:?} is about no article; `duizhao status` lists them",
                about.id
            ));
        }
    }
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
    warnings.extend(synced.stale_decisions.values().flatten().cloned());
    for orphan in &synced.orphans {
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
            let bytes = read_file(&workspace.path(name))?;
            Ok((name.clone(), sha256(&[&bytes])))
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
        let digest = key(&parts);
        Ok(Self { files, digest })
    }
}
