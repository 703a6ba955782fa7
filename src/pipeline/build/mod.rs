//! `build/`: books, hand-outs, the web edition and the manifest.
//!
//! Only what changed is made again. The manifest holds a digest of everything that the build
//! depended on, and for each file its own digest and one of what it was made from. A build whose
//! inputs are those of the last one, and whose files lie there as it left them, does nothing.

mod books;
mod kept;
mod memory;
mod output;
mod outputs;
mod search;
mod volumes;
mod warnings;
mod web;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use self::books::BookPlan;
use self::output::{Output, digest_of, key};
use self::outputs::Outputs;
use self::warnings::warnings;
use self::web::WebPlan;
use super::PipelineError;
use super::check::terms_at_odds;
use super::export::hand_out;
use super::library::{Card, Library};
use super::parallel::{each, run};
use super::terms::glossary;
use super::translate::settings;
use crate::glossary::Glossary;
use crate::model::{ArticleId, Lang};
use crate::publish::manifest::{Counts, Digest, Manifest, Sum};
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
        .and_then(Manifest::read)
        .unwrap_or_default();
    let output = Output::new(&folder, &last.files, progress)?;
    write_if_changed(&folder.join(".gitignore"), b"*\n!.gitignore\n")?;
    if last.inputs == inputs.digest && output.is_intact() {
        return Ok(BuildReport {
            up_to_date: true,
            counts: last.counts,
            missing: last.counts.missing,
            warnings: last.warnings,
            ..BuildReport::default()
        });
    }
    let library = Library::open(workspace, &inputs.files)?;
    let glossaries = glossaries(workspace, &inputs)?;
    let Inputs { digest, files } = inputs;
    // Of many files it is much.
    drop(files);
    let mut report = BuildReport {
        warnings: warnings(workspace, &library),
        counts: library.counts,
        missing: library.counts.missing,
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
    let site = WebPlan::new(workspace, &library, &plans, options)?;
    let jobs = jobs(&plans, glossaries.len(), library.cards.len(), &site);
    run(jobs.len(), |at| match jobs[at] {
        Job::Volume(book, number) => plans[book as usize].make(number as usize, &library, &output),
        Job::Memory(book) => {
            let plan = &plans[book as usize];
            let BookPlan { config, target, .. } = plan;
            memory::make(&config.id, &plan.articles, target, &library, &output)
        }
        Job::HandOuts(lang, article) => {
            let card = &library.cards[article as usize];
            hand_outs(card, &glossaries[lang as usize], &library, &output)
        }
        Job::Page(at) => site.make(at as usize, &library, &output),
    })?;
    drop(jobs);
    site.finish(&library, &output)?;
    memory::forget(&library, plans.iter().map(|plan| plan.config.id.as_str()));
    let outputs = output.finish();
    if let Some(name) = outputs.collision() {
        return Err(collision(name));
    }
    drop(site);
    drop(plans);
    drop(library);
    remove_stale(&folder, &outputs, &mut report)?;
    let manifest = Manifest {
        generator: format!("{} {}", tool().name, tool().version),
        inputs: digest,
        engine: settings(workspace)?.engine().to_owned(),
        counts: report.counts,
        warnings: report.warnings.clone(),
        files: &outputs,
    };
    let is_new = write_manifest(&folder.join("manifest.json"), &manifest)?;
    report.written = outputs.written().map(str::to_owned).collect();
    report
        .written
        .extend(is_new.then(|| "manifest.json".to_owned()));
    Ok(report)
}

/// A piece of the work that a build is, by its numbers.
enum Job {
    /// A book, and one of its files.
    Volume(u32, u32),
    /// A book.
    Memory(u32),
    /// A target language, and an article.
    HandOuts(u32, u32),
    /// A page.
    Page(u32),
}

/// The work that is to be done, the largest pieces first.
fn jobs(plans: &[BookPlan<'_>], langs: usize, articles: usize, site: &WebPlan<'_>) -> Vec<Job> {
    let numbers = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
    let mut jobs = Vec::new();
    for (book, plan) in (0..).zip(plans) {
        jobs.extend(numbers(plan.file_count()).map(|number| Job::Volume(book, number)));
        jobs.push(Job::Memory(book));
    }
    for lang in numbers(langs) {
        jobs.extend(numbers(articles).map(|article| Job::HandOuts(lang, article)));
    }
    jobs.extend(numbers(site.pages().len()).map(Job::Page));
    jobs
}

/// The error where two outputs would have one name: one of them would be lost.
fn collision(name: &str) -> PipelineError {
    PipelineError::Nothing(format!(
        "two outputs would be build/{name}; give one of the books or articles another id"
    ))
}

/// Writes the manifest unless it stands there; says whether it wrote.
fn write_manifest(path: &Path, manifest: &Manifest<&Outputs<'_>>) -> Result<bool, PipelineError> {
    let failed = |source| WorkspaceError::Io {
        path: path.to_owned(),
        action: "writing",
        source,
    };
    let mut file = NewFile::begin(path)?;
    let mut sum = Sum::default();
    manifest.write(Both(&mut file, &mut sum)).map_err(failed)?;
    if digest_of(path).is_ok_and(|last| last == sum.digest()) {
        return Ok(false);
    }
    file.put()?;
    Ok(true)
}

/// Writes to two places.
struct Both<'a, A, B>(&'a mut A, &'a mut B);

impl<A: Write, B: Write> Write for Both<'_, A, B> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()?;
        self.1.flush()
    }
}

/// The glossary of each target language, with a digest of its files.
fn glossaries(
    workspace: &Workspace,
    inputs: &Inputs,
) -> Result<Vec<(Lang, Glossary, String)>, PipelineError> {
    let mut glossaries = Vec::new();
    for lang in &workspace.config().targets {
        let files: Vec<String> = workspace
            .glossaries(lang)?
            .iter()
            .filter_map(|name| inputs.files.get(name))
            .map(Digest::to_string)
            .collect();
        glossaries.push((
            lang.clone(),
            glossary(workspace, lang)?,
            key(&files).to_string(),
        ));
    }
    Ok(glossaries)
}

/// Makes the XLIFF files that go out to translators.
fn hand_outs(
    card: &Card,
    (lang, glossary, glossary_digest): &(Lang, Glossary, String),
    library: &Library,
    output: &Output<'_>,
) -> Result<(), PipelineError> {
    let from = key(["xliff", &card.digest.to_string(), glossary_digest]);
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
    })?;
    Ok(())
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

/// Removes what the last build made and this one does not, and nothing else.
fn remove_stale(
    folder: &Path,
    outputs: &Outputs<'_>,
    report: &mut BuildReport,
) -> Result<(), PipelineError> {
    for name in outputs.stale() {
        let inside = Path::new(name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        let path = folder.join(name);
        if inside && path.is_file() {
            std::fs::remove_file(&path).map_err(|source| WorkspaceError::Io {
                path: path.clone(),
                action: "removing",
                source,
            })?;
            report.removed.push(name.to_owned());
            // Fails where the folder still holds something, which is then somebody's.
            let _ = path.parent().map(std::fs::remove_dir);
        }
    }
    Ok(())
}

/// Everything that outputs depend on.
struct Inputs {
    /// The SHA-256 of each file, by name.
    files: BTreeMap<String, Digest>,
    /// SHA-256 over them and what else counts.
    digest: String,
}

impl Inputs {
    fn read(workspace: &Workspace, options: &BuildOptions) -> Result<Self, PipelineError> {
        let names = workspace.input_files()?;
        let digests = each(&names, |name| Ok(digest_of(&workspace.path(name))?))?;
        let files: BTreeMap<String, Digest> = names.into_iter().zip(digests).collect();
        let epoch = format!("{:?}", options.source_date_epoch);
        let parts = [workspace.config_text(), &epoch].map(Cow::Borrowed);
        let files_parts = files.iter().flat_map(|(name, digest)| {
            [Cow::Borrowed(name.as_str()), Cow::Owned(digest.to_string())]
        });
        let digest = key(parts.into_iter().chain(files_parts)).to_string();
        Ok(Self { files, digest })
    }
}
