//! Brings returned XLIFF files back into the records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::PipelineError;
use super::export::hand_out;
use super::sync::{Synced, sync, wait_for_lock, write_records};
use super::terms::glossary;
use crate::align::revision::Changes;
use crate::model::{Article, ArticleId, Lang};
use crate::review::{
    Action, Class, Plan, Quarantine, Returned, ReturnedFile, Reviewer, Row, Snapshot,
    merge as merge_file, read_returned, read_returned_against,
};
use crate::workspace::{Workspace, WorkspaceError, read_file, read_file_up_to, write_durably};
use crate::xml::Limits;

/// What a run of [`merge`] did.
#[derive(Clone, Debug, Default)]
pub struct MergeReport {
    /// What each `<file>` did, in the order of the returned files.
    pub files: Vec<Merged>,
    /// The records that were written, relative to the workspace; none in a dry run. Only those of
    /// articles that the returned files changed.
    pub written: Vec<String>,
    /// Of the articles whose records were written: those whose sources had changed since, so that
    /// their records were brought in line with them.
    pub revised: BTreeMap<ArticleId, Changes>,
}

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
    /// The quarantine file that is settled by this merge and removed, or would be in a dry run:
    /// all of its units are applied, or wait in a newer one.
    pub settled: Option<PathBuf>,
}

impl Merged {
    /// How many units could not be applied.
    #[must_use]
    pub fn quarantined(&self) -> usize {
        let quarantined = |row: &&Row| row.action == Action::Quarantined;
        self.rows.iter().filter(quarantined).count()
    }

    /// Whether the article has something now that it had not: a target, a state, a suggestion, a
    /// note; or the ids of its sentences went out in a quarantine.
    fn touches_record(&self) -> bool {
        let changes =
            |row: &Row| row.notes > 0 || matches!(row.action, Action::Applied | Action::Suggested);
        self.quarantine.is_some() || self.rows.iter().any(changes)
    }
}

/// A file of the quarantine, and what waits in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The file.
    pub path: PathBuf,
    /// How many units it has; none if it can't be read.
    pub units: Option<usize>,
}

/// What waits in the quarantine, by file name.
pub fn waiting(workspace: &Workspace) -> Result<Vec<Waiting>, PipelineError> {
    let folder = workspace.quarantine_dir();
    let files = names_in(&folder)?
        .into_iter()
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|kind| kind == "xlf")
        })
        .map(|name| {
            let path = folder.join(name);
            let units = read_all(&path).ok().map(|returned| {
                let files = returned.files.iter();
                files.map(|file| file.units.len() + file.broken.len()).sum()
            });
            Waiting { path, units }
        });
    Ok(files.collect())
}

/// Where a quarantine is written: a file that others wait in, or that a person has changed
/// meanwhile, is not written over.
fn place_of(
    folder: &Path,
    quarantine: &Quarantine,
    merged_file: &Path,
    merged: &[Merged],
) -> PathBuf {
    let name = quarantine.file_name();
    let stem = name.strip_suffix(".xlf").unwrap_or(&name);
    let is_free = |path: &Path| {
        let in_this_run = merged
            .iter()
            .filter_map(|merged| merged.quarantine.as_ref());
        let mut taken = in_this_run.filter(|(other, _)| other == path).peekable();
        if taken.peek().is_some() {
            return taken.all(|(_, other)| other.text == quarantine.text);
        }
        match std::fs::read(path) {
            Ok(text) => text == quarantine.text.as_bytes() || is_same_file(path, merged_file),
            Err(_) => true,
        }
    };
    std::iter::once(name.clone())
        .chain((2..=merged.len() + 1000).map(|number| format!("{stem}-{number}.xlf")))
        .map(|name| folder.join(name))
        .find(|path| is_free(path))
        .unwrap_or_else(|| folder.join(&name))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The quarantine file that merging `path` settles: the file itself, or the one that it is a copy
/// of, if the copy has all of its units.
fn settles(
    workspace: &Workspace,
    path: &Path,
    file: &ReturnedFile,
    rows: &[Row],
) -> Option<PathBuf> {
    let folder = workspace.quarantine_dir();
    let name = path.file_name()?;
    if is_same_file(&folder.join(name), path) {
        return Some(folder.join(name));
    }
    let suffix = format!(".{}", file.export()?);
    let mut answered = names_in(&folder).ok()?.into_iter().filter(|name| {
        name.strip_suffix(".xlf")
            .is_some_and(|stem| stem.ends_with(&suffix) || stem.contains(&format!("{suffix}-")))
    });
    let only = answered.next().filter(|_| answered.next().is_none())?;
    let is_whole = rows.iter().all(|row| row.class != Class::Missing);
    is_whole.then(|| folder.join(only))
}

/// Merges returned files in this order: each sees what those before it changed. A dry run writes
/// nothing. If one of the files can't be read, nothing is merged.
///
/// Waits for another process that is writing, and keeps others from it until all is written: what
/// is merged is compared with the records as they are, and so must they stay. The records of
/// articles that no returned file changes are left alone.
pub fn merge(
    workspace: &Workspace,
    files: &[PathBuf],
    reviewer: &Reviewer,
    dry_run: bool,
) -> Result<MergeReport, PipelineError> {
    // The files are read under the lock too: one may be a quarantine that another merge replaces.
    let _lock = if dry_run {
        None
    } else {
        Some(wait_for_lock(workspace)?)
    };
    let mut returned: Vec<(PathBuf, Returned)> = Vec::new();
    for path in files {
        returned.push((path.clone(), read(workspace, path)?));
    }
    let Synced {
        mut articles,
        mut changes,
        ..
    } = sync(workspace)?;
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
            let quarantine = quarantine.map(|quarantine| {
                let folder = workspace.quarantine_dir();
                let place = place_of(&folder, &quarantine, path, &merged);
                (place, quarantine)
            });
            let settled = settles(workspace, path, file, &rows)
                .filter(|_| returned.files.len() == 1)
                .filter(|old| quarantine.as_ref().is_none_or(|(new, _)| new != old));
            merged.push(Merged {
                path: path.clone(),
                article: article.id.clone(),
                lang,
                rows,
                quarantine,
                settled,
            });
            articles.insert(at, article);
        }
    }
    let mut report = MergeReport {
        files: merged,
        ..MergeReport::default()
    };
    if dry_run {
        return Ok(report);
    }
    let merged = &report.files;
    // The quarantine first: were the run cut short, the edits would still be in the file. It may
    // soon be the only place that has them.
    for (path, quarantine) in merged.iter().filter_map(|file| file.quarantine.as_ref()) {
        let snapshot = &quarantine.snapshot;
        let place = workspace.exports_dir().join(snapshot.file_name());
        write_durably(&place, snapshot.to_text().as_bytes())?;
        write_durably(path, quarantine.text.as_bytes())?;
    }
    let touched: BTreeSet<ArticleId> = merged
        .iter()
        .filter(|file| file.touches_record())
        .map(|file| file.article.clone())
        .collect();
    articles.retain(|article| touched.contains(&article.id));
    report.written = write_records(workspace, &articles)?;
    remove_settled(merged)?;
    changes.retain(|id, changes| touched.contains(id) && changes.any());
    report.revised = changes;
    Ok(report)
}

/// Removes the quarantine files of which all is in the records, or waits in a newer one.
fn remove_settled(merged: &[Merged]) -> Result<(), WorkspaceError> {
    let written = |path: &PathBuf| {
        let mut places = merged
            .iter()
            .filter_map(|merged| merged.quarantine.as_ref());
        places.any(|(place, _)| place == path)
    };
    let settled = merged.iter().filter_map(|merged| merged.settled.as_ref());
    for path in settled.filter(|path| !written(path)) {
        match std::fs::remove_file(path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(WorkspaceError::Io {
                    path: path.clone(),
                    action: "removing",
                    source,
                });
            }
            _ => {}
        }
    }
    Ok(())
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
    names_in(&workspace.exports_dir())
}

/// The names of the files in a folder, sorted; none if it is not there.
fn names_in(folder: &Path) -> Result<Vec<String>, PipelineError> {
    let failed = |source| WorkspaceError::Io {
        path: folder.to_path_buf(),
        action: "listing the folder",
        source,
    };
    let entries = match std::fs::read_dir(folder) {
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
