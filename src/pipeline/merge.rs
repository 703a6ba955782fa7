//! Brings returned XLIFF files back into the records.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::PipelineError;
use super::export::hand_out;
use super::sync::{save, sync};
use super::terms::glossary;
use crate::model::{Article, ArticleId, Lang};
use crate::review::{
    Action, Plan, Quarantine, Returned, ReturnedFile, Reviewer, Row, Snapshot, merge as merge_file,
    read_returned, read_returned_against,
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
    pub rows: Vec<Row>,
    /// What could not be applied, and where it is, or would be in a dry run.
    pub quarantine: Option<(PathBuf, Quarantine)>,
}

impl Merged {
    /// How many units could not be applied.
    #[must_use]
    pub fn quarantined(&self) -> usize {
        let quarantined = |row: &&Row| row.action == Action::Quarantined;
        self.rows.iter().filter(quarantined).count()
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
        returned.push((path.clone(), read(workspace, path)?));
    }
    let mut articles = sync(workspace)?.articles;
    let mut merged = Vec::new();
    for (path, returned) in &returned {
        for (number, file) in returned.files.iter().enumerate() {
            let lang = language(workspace, path, file)?;
            let at = find_article(&articles, &lang, path, file, workspace)?;
            let again;
            let file = if file
                .snapshot()
                .is_some_and(|s| s.article != articles[at].id)
            {
                // The snapshot's article has another id now: nothing is known of what was left out.
                again = read_all(path)?;
                again.files.get(number).unwrap_or(file)
            } else {
                file
            };
            let article = articles.remove(at);
            let snapshots = if file.snapshot().is_some() {
                Vec::new()
            } else {
                candidates(workspace, &article, &lang, file)?
            };
            let Plan {
                article,
                rows,
                quarantine,
            } = merge_file(article, &lang, &snapshots, file, returned.version, reviewer);
            merged.push(Merged {
                path: path.clone(),
                article: article.id.clone(),
                lang,
                rows,
                quarantine: quarantine.map(|quarantine| {
                    let folder = workspace.quarantine_dir();
                    (folder.join(quarantine.file_name()), quarantine)
                }),
            });
            articles.insert(at, article);
        }
    }
    if !dry_run {
        // The quarantine first: were the run cut short, the edits would still be in the file.
        for merged in &merged {
            if let Some((path, quarantine)) = &merged.quarantine {
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

/// Reads a returned file against the snapshots that its parts name, as far as they are there.
fn read(workspace: &Workspace, path: &Path) -> Result<Returned, PipelineError> {
    let limits = Limits::default();
    let bytes = read_file_up_to(path, limits.bytes)?;
    let names = snapshot_names(workspace)?;
    let mut failed = None;
    let read = read_returned_against(path, &bytes, &limits, |file| {
        let lang = language(workspace, path, file).ok()?;
        let suffix = format!(".{lang}.{}.jsonl", file.export()?);
        let mut fitting = names.iter().filter(|name| name.ends_with(&suffix));
        let (name, None) = (fitting.next()?, fitting.next()) else {
            return None;
        };
        let path = workspace.exports_dir().join(name);
        let snapshot = read_file(&path).map_err(PipelineError::from);
        match snapshot.and_then(|bytes| snapshot_of(&path, &bytes)) {
            Ok(snapshot) => Some(Arc::new(snapshot)),
            Err(error) => {
                failed = Some(error);
                None
            }
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(read),
    }
}

/// Reads a returned file with all of its units.
fn read_all(path: &Path) -> Result<Returned, PipelineError> {
    let limits = Limits::default();
    let bytes = read_file_up_to(path, limits.bytes)?;
    Ok(read_returned(path, &bytes, &limits)?)
}

fn snapshot_of(path: &Path, bytes: &[u8]) -> Result<Snapshot, PipelineError> {
    Ok(Snapshot::read(path, &String::from_utf8_lossy(bytes))?)
}

/// The snapshots that a file may answer which names none that is there.
fn candidates(
    workspace: &Workspace,
    article: &Article,
    lang: &Lang,
    file: &ReturnedFile,
) -> Result<Vec<Snapshot>, PipelineError> {
    let mut snapshots = load_snapshots(workspace, &article.id, lang)?;
    // What `build` writes has no snapshot of its own: the record is its snapshot.
    let options = hand_out(article, lang, &glossary(workspace, lang)?)?;
    let now = Snapshot::of(article, lang, &options);
    if file.export() == Some(now.name.as_str()) {
        snapshots.push(now);
    }
    Ok(snapshots)
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
    if let Some(at) = file
        .snapshot()
        .and_then(|exported| by_id(exported.article.as_str()))
    {
        return Ok(at);
    }
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
    let file = read_all(path)?
        .files
        .into_iter()
        .find(|read| read.start == file.start)
        .unwrap_or_else(|| file.clone());
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
        snapshots.push(snapshot_of(&path, &read_file(&path)?)?);
    }
    Ok(snapshots)
}
