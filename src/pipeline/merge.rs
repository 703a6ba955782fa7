//! Brings returned XLIFF files back into the records.

use std::path::{Path, PathBuf};

use super::PipelineError;
use super::export::hand_out;
use super::sync::{save, sync};
use super::terms::glossary;
use crate::model::{Article, ArticleId, Lang};
use crate::review::{
    Action, Plan, Returned, ReturnedFile, Reviewer, Snapshot, merge as merge_file, read_returned,
};
use crate::workspace::{Workspace, WorkspaceError, read_file, read_file_up_to, write_if_changed};
use crate::xml::Limits;

/// What one `<file>` of a returned XLIFF file did.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The returned file.
    pub path: PathBuf,
    /// The article.
    pub article: ArticleId,
    /// The target language.
    pub lang: Lang,
    /// The units, with what became of them.
    pub plan: Plan,
    /// Where the quarantine is, or would be in a dry run.
    pub quarantine: Option<PathBuf>,
}

impl Merged {
    /// How many units could not be applied.
    #[must_use]
    pub fn quarantined(&self) -> usize {
        let quarantined = |row: &&crate::review::Row| row.action == Action::Quarantined;
        self.plan.rows.iter().filter(quarantined).count()
    }
}

/// Merges returned files in this order: each sees what those before it changed. A dry run writes
/// nothing. If one of the files can't be read, nothing is merged.
pub fn merge(
    workspace: &Workspace,
    files: &[PathBuf],
    reviewer: &Reviewer,
    dry_run: bool,
) -> Result<Vec<Merged>, PipelineError> {
    let mut returned: Vec<(PathBuf, Returned)> = Vec::new();
    for path in files {
        let limits = Limits::default();
        let bytes = read_file_up_to(path, limits.bytes)?;
        let read = read_returned(path, &bytes, &limits)?;
        returned.push((path.clone(), read));
    }
    let mut articles = sync(workspace)?.articles;
    let mut merged = Vec::new();
    for (path, returned) in &returned {
        for file in &returned.files {
            let lang = language(workspace, path, file)?;
            let at = find_article(&articles, &lang, path, file, workspace)?;
            let article = &articles[at];
            let mut snapshots = load_snapshots(workspace, &article.id, &lang)?;
            // What `build` writes has no snapshot of its own: the record is its snapshot.
            let options = hand_out(article, &lang, &glossary(workspace, &lang)?)?;
            let now = Snapshot::of(article, &lang, &options);
            if file.export() == Some(now.name.as_str()) {
                snapshots.push(now);
            }
            let plan = merge_file(article, &lang, &snapshots, file, returned.version, reviewer);
            let quarantine = plan
                .quarantine
                .as_ref()
                .map(|quarantine| workspace.quarantine_dir().join(quarantine.file_name()));
            articles[at] = plan.article.clone();
            merged.push(Merged {
                path: path.clone(),
                article: articles[at].id.clone(),
                lang,
                plan,
                quarantine,
            });
        }
    }
    if !dry_run {
        // The quarantine first: were the run cut short, the edits would still be in the file.
        for merged in &merged {
            if let (Some(path), Some(quarantine)) = (&merged.quarantine, &merged.plan.quarantine) {
                let snapshot = &quarantine.snapshot;
                let place = workspace.exports_dir().join(snapshot.file_name());
                write_if_changed(&place, snapshot.to_text().as_bytes())?;
                write_if_changed(path, quarantine.text.as_bytes())?;
            }
        }
        save(workspace, &articles)?;
    }
    Ok(merged)
}

/// The workspace's language that a file is a translation into.
fn language(
    workspace: &Workspace,
    path: &Path,
    file: &ReturnedFile,
) -> Result<Lang, PipelineError> {
    let targets = &workspace.config().targets;
    let stated = file.start.target_lang.as_ref();
    let found = match stated {
        None => targets.first().filter(|_| targets.len() == 1),
        Some(stated) => targets.iter().find(|lang| *lang == stated).or_else(|| {
            let mut near = targets.iter().filter(|lang| file.is_into(lang));
            near.next().filter(|_| near.next().is_none())
        }),
    };
    found.cloned().ok_or_else(|| {
        let stated = stated.map_or_else(|| "no language".to_owned(), ToString::to_string);
        let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
        PipelineError::Nothing(format!(
            "{}:{}: the file says {stated}, but the workspace translates into {}",
            path.display(),
            file.start.line,
            targets.join(", ")
        ))
    })
}

/// The article that a file belongs to: by the id that the file has, by its export, by where the
/// text came from, or by its units.
fn find_article(
    articles: &[Article],
    lang: &Lang,
    path: &Path,
    file: &ReturnedFile,
    workspace: &Workspace,
) -> Result<usize, PipelineError> {
    let by_id = |id: &str| {
        articles
            .iter()
            .position(|article| article.id.as_str() == id)
    };
    if let Some(at) = file.start.id.as_deref().and_then(by_id) {
        return Ok(at);
    }
    if let Some(name) = file.export() {
        let suffix = format!(".{lang}.{name}.jsonl");
        let exported = snapshot_names(workspace)?
            .into_iter()
            .find_map(|file| file.strip_suffix(&suffix).map(str::to_owned));
        if let Some(at) = exported.as_deref().and_then(by_id) {
            return Ok(at);
        }
    }
    // The units tell: most sources must be those of the article.
    let shared = |article: &Article| {
        let sources: std::collections::BTreeSet<String> = article
            .segments()
            .map(|segment| bare(&segment.source.text()))
            .collect();
        file.units
            .iter()
            .filter(|unit| sources.contains(&bare(&unit.source().text())))
            .count()
    };
    let best = articles
        .iter()
        .enumerate()
        .map(|(at, article)| (shared(article), at))
        .max_by_key(|&(count, at)| (count, usize::MAX - at));
    match best {
        Some((count, at)) if count * 2 > file.units.len() => Ok(at),
        _ => Err(PipelineError::Nothing(format!(
            "{}:{}: the file belongs to no article of the workspace",
            path.display(),
            file.start.line
        ))),
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The names of the snapshots' files, sorted.
fn snapshot_names(workspace: &Workspace) -> Result<Vec<String>, PipelineError> {
    let folder = workspace.exports_dir();
    let failed = |source| WorkspaceError::Io {
        path: folder.clone(),
        action: "listing the folder",
        source,
    };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error).into()),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry.map_err(failed)?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn load_snapshots(
    workspace: &Workspace,
    article: &ArticleId,
    lang: &Lang,
) -> Result<Vec<Snapshot>, PipelineError> {
    let prefix = format!("{article}.{lang}.");
    let mut snapshots = Vec::new();
    for name in snapshot_names(workspace)? {
        let Some(rest) = name.strip_prefix(&prefix) else {
            continue;
        };
        if Path::new(rest)
            .extension()
            .is_none_or(|kind| kind != "jsonl")
            || rest.matches('.').count() != 1
        {
            continue;
        }
        let path = workspace.exports_dir().join(&name);
        let bytes = read_file(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        snapshots.push(Snapshot::read(&path, &text)?);
    }
    Ok(snapshots)
}
