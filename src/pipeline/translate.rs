//! Translation of a workspace: records are brought up to date, then what has no target is filled.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::PipelineError;
use super::check::{options, verify};
use super::memory::{memory_of, recall};
use super::sync::{Synced, sync, sync_and_save};
use super::terms::{Scoped, glossary};
use crate::model::{Content, Lang};
use crate::translate::{
    Cancel, Journal, Keys, Outcome, Plan, Progress, Run, Session, Settings, Sum, fill,
};
use crate::workspace::{Workspace, WorkspaceError, line_of, read_file};

/// What a run is told beside the workspace.
pub struct TranslateInputs<'a> {
    /// The `[translate]` table, with the command line's options already in it.
    pub settings: &'a Settings,
    /// The keys of engines.
    pub keys: &'a Keys,
    /// Who is told how it goes.
    pub progress: &'a dyn Progress,
    /// The switch that stops it.
    pub cancel: &'a Cancel,
    /// The day of the run as ISO 8601 writes it.
    pub today: &'a str,
    /// Whether to ask again for segments whose answers were rejected in an earlier run.
    pub retry_rejected: bool,
}

/// What a run did.
pub struct Translated {
    /// The articles with what was filled, and how they changed.
    pub synced: Synced,
    /// What happened in each target language.
    pub outcomes: BTreeMap<Lang, Outcome>,
    /// The records that were written.
    pub written: Vec<String>,
}

/// The `[translate]` table of `duizhao.toml`.
pub fn settings(workspace: &Workspace) -> Result<Settings, PipelineError> {
    #[derive(Deserialize)]
    struct Section {
        #[serde(default)]
        translate: Settings,
    }
    let text = workspace.config_text();
    let section: Section = toml::from_str(text).map_err(|error| WorkspaceError::Config {
        path: workspace.path(crate::workspace::CONFIG_FILE),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    Ok(section.translate)
}

/// Brings `translations/` up to date with `sources/` and fills what has no target. What was
/// filled is saved, also where the run was stopped; [`Outcome::stopped`] says why it was.
pub async fn translate(
    workspace: &Workspace,
    inputs: &TranslateInputs<'_>,
) -> Result<Translated, PipelineError> {
    // Saved before anything is sent: ids that a run is paid for must outlive it.
    let (mut synced, mut written) = sync_and_save(workspace)?;
    let prompt = prompt(workspace, inputs.settings)?;
    let journal = Journal::open(&journal_file(workspace))?;
    let options = options(workspace)?;
    // All that can be wrong with files is found before the first language is filled.
    let mut languages = Vec::new();
    for lang in &workspace.config().targets {
        let memory = memory_of(workspace, lang, &synced.articles)?;
        languages.push((lang, [glossary(workspace, lang)?], memory));
    }
    let mut outcomes = BTreeMap::new();
    let name = name(workspace);
    // One pace of each engine and one limit for all languages of the run.
    let mut session = Session::default();
    let mut failed = None;
    for (lang, glossaries, memory) in &languages {
        let lang = *lang;
        let scoped = Scoped::new(&glossaries[0], &synced.articles);
        let run = Run {
            settings: inputs.settings,
            keys: inputs.keys,
            prompt: prompt.as_deref(),
            glossaries,
            memory: &|source: &Content, _: &Lang, _: &Lang| recall(memory, source),
            verify: &|article, segment, lang, answer| {
                let terms = scoped.of(&article.id);
                verify(terms, &options, article, segment, lang, answer)
            },
            journal: &journal,
            progress: inputs.progress,
            cancel: inputs.cancel,
            today: inputs.today,
            retry_rejected: inputs.retry_rejected,
            workspace: &name,
        };
        // The checks build their tables when they are first used. That must not be while answers
        // wait to be journaled: a kill would lose them.
        if let Some(article) = synced.articles.first()
            && let Some(segment) = article.segments().next()
        {
            let _ = verify(
                scoped.of(&article.id),
                &options,
                article,
                segment,
                lang,
                &segment.source,
            );
        }
        let outcome = match fill(&mut synced.articles, lang, &run, &mut session).await {
            Ok(outcome) => outcome,
            Err(error) => {
                failed = Some(error);
                break;
            }
        };
        let stopped = outcome.stopped.is_some();
        outcomes.insert(lang.clone(), outcome);
        if stopped {
            break;
        }
    }
    let (synced, filled) = synced.save_filled(workspace)?;
    // What was filled in other languages is saved by now.
    if let Some(error) = failed {
        return Err(error.into());
    }
    written.extend(filled);
    written.sort();
    written.dedup();
    Ok(Translated {
        synced,
        outcomes,
        written,
    })
}

/// What [`translate`] would send and cost, by language. Sends nothing and writes nothing.
pub async fn plan(
    workspace: &Workspace,
    inputs: &TranslateInputs<'_>,
) -> Result<BTreeMap<Lang, Plan>, PipelineError> {
    let synced = sync(workspace)?;
    let prompt = prompt(workspace, inputs.settings)?;
    let path = journal_file(workspace);
    let journal = if path.exists() {
        Journal::open(&path)?
    } else {
        Journal::absent()
    };
    let mut plans = BTreeMap::new();
    for lang in &workspace.config().targets {
        let glossaries = [glossary(workspace, lang)?];
        let memory = memory_of(workspace, lang, &synced.articles)?;
        let run = Run {
            settings: inputs.settings,
            keys: inputs.keys,
            prompt: prompt.as_deref(),
            glossaries: &glossaries,
            memory: &|source: &Content, _: &Lang, _: &Lang| recall(&memory, source),
            verify: &|_, _, _, _| Vec::new(),
            journal: &journal,
            progress: inputs.progress,
            cancel: inputs.cancel,
            today: inputs.today,
            retry_rejected: inputs.retry_rejected,
            workspace: "",
        };
        let plan = crate::translate::plan(&synced.articles, lang, &run).await?;
        plans.insert(lang.clone(), plan);
    }
    Ok(plans)
}

/// What tells a workspace from others that use the same account of a service: a digest of its
/// folder's name and its first book's id, which clones of one repository share and an edit leaves
/// as they are.
fn name(workspace: &Workspace) -> String {
    let root = std::path::absolute(workspace.root()).unwrap_or_default();
    let folder = root.file_name().unwrap_or_default().to_string_lossy();
    let book = workspace.config().books.first();
    let book = book.map_or("", |book| book.id.as_str());
    Sha256::digest(format!("{folder}\n{book}"))[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What was spent on each article with each engine.
pub fn costs(workspace: &Workspace) -> Result<Vec<Sum>, PipelineError> {
    Ok(Journal::sums(&journal_file(workspace))?)
}

fn journal_file(workspace: &Workspace) -> PathBuf {
    workspace.state_dir().join("journal.sqlite")
}

/// The user's own instructions to a language model.
fn prompt(workspace: &Workspace, settings: &Settings) -> Result<Option<String>, PipelineError> {
    let Some(file) = settings.prompt_file()? else {
        return Ok(None);
    };
    let path = workspace.path(file);
    let text = String::from_utf8(read_file(&path)?).map_err(|_| {
        PipelineError::Nothing(format!("{}: the prompt is not UTF-8", path.display()))
    })?;
    Ok(Some(text))
}
