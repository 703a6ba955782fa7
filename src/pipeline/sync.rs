//! Brings the text of record in `translations/` up to date with `sources/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::PipelineError;
use super::moved::follow;
use super::parallel::each;
use super::source::SourceReader;
use crate::align::revision::{Changes, lay_over, likeness, revise, shared_part};
use crate::model::{Article, ArticleId, Lang, Target};
use crate::workspace::{SourceFile, Workspace, WorkspaceError, read_file, write_durably};
use crate::xliff::{WriteOptions, decode, v2};
use crate::xml::Limits;

/// From this part of shared sentences on, an article is one that another file had.
const MOVED_FILE: f64 = 0.5;
/// From this likeness on, an article may be the one that its file had.
const SAME_FILE: f64 = 0.2;

/// The articles of a workspace as its sources have them now, with all that is stored about them.
#[derive(Clone, Debug)]
pub struct Synced {
    /// In the order of the files' names, then of the articles in a file.
    pub articles: Vec<Article>,
    /// What changed against what is stored, by article; new articles count as added throughout.
    pub changes: BTreeMap<ArticleId, Changes>,
    /// Stored articles that no source has any more. Their records are left alone.
    pub orphans: Vec<ArticleId>,
    /// Decisions about repairs that apply to nothing any more, by source, each as a sentence.
    pub stale_decisions: BTreeMap<String, Vec<String>>,
    /// Articles with a translation that another article had for a sentence that moved, and that no
    /// record of theirs has yet.
    pub followed: BTreeSet<ArticleId>,
}

/// Reads sources and records, and brings the two together. Writes nothing.
pub fn sync(workspace: &Workspace) -> Result<Synced, PipelineError> {
    let sources = workspace.sources()?;
    let stored = load_records(workspace, |_| true)?;
    let (synced, _) = bring_together(workspace, &sources, stored, BTreeSet::new())?;
    Ok(synced)
}

/// The same, and writes the records that changed; says which. Waits for another process that is
/// writing, so that neither writes over what the other did.
pub fn sync_and_save(workspace: &Workspace) -> Result<(Synced, Vec<String>), PipelineError> {
    let _lock = wait_for_lock(workspace)?;
    let synced = sync(workspace)?;
    let written = write_records(workspace, &synced.articles)?;
    Ok((synced, written))
}

/// Does the same for some of the sources, where the others (`settled`, with the articles
/// `settled_ids`) are known to be as they were. None where that can't be told without the others:
/// an article is new, or a record says that it belongs to one of them.
pub(super) fn sync_some(
    workspace: &Workspace,
    some: &[SourceFile],
    settled: &BTreeSet<&str>,
    settled_ids: &BTreeSet<ArticleId>,
) -> Result<Option<Synced>, PipelineError> {
    let stored = load_records(workspace, |id| !settled_ids.contains(id))?;
    if stored
        .values()
        .any(|record| settled.contains(record.original.as_str()))
    {
        return Ok(None);
    }
    let (synced, known) = bring_together(workspace, some, stored, settled_ids.clone())?;
    Ok((known && synced.followed.is_empty()).then_some(synced))
}

/// Does the same for some of the sources with the records that may be theirs by name, so that no
/// more is in memory. None where a source and its records are not in step: then what other
/// articles have may matter.
pub(super) fn sync_part(
    workspace: &Workspace,
    some: &[SourceFile],
) -> Result<Option<Synced>, PipelineError> {
    let names: BTreeSet<&str> = some.iter().map(|source| source.name.as_str()).collect();
    let ids: BTreeSet<String> = names
        .iter()
        .map(|name| ArticleId::of_file(name).to_string())
        .collect();
    let may_be_theirs = |id: &ArticleId| {
        let id = id.as_str();
        // The articles of a file that has several are numbered: `id-2`.
        let of_file = id.rsplit_once('-').map_or(id, |(of_file, _)| of_file);
        ids.contains(id) || ids.contains(of_file)
    };
    let mut stored = load_records(workspace, may_be_theirs)?;
    stored.retain(|_, record| names.contains(record.original.as_str()));
    let (synced, known) = bring_together(workspace, some, stored, BTreeSet::new())?;
    let in_step = known
        && synced.followed.is_empty()
        && synced.changes.values().all(|changes| !changes.any());
    Ok(in_step.then_some(synced))
}

/// Brings these sources and records together. `taken` are ids that no new article may get beside
/// those of the records. Says too whether every article has a record.
fn bring_together(
    workspace: &Workspace,
    some: &[SourceFile],
    mut stored: BTreeMap<ArticleId, Article>,
    mut taken: BTreeSet<ArticleId>,
) -> Result<(Synced, bool), PipelineError> {
    let mut fresh = Vec::new();
    let mut stale_decisions = BTreeMap::new();
    let reader = SourceReader::new(workspace)?;
    let read = each(some, |source| reader.read(source))?;
    for (source, (articles, stale)) in some.iter().zip(read) {
        fresh.extend(articles);
        if !stale.is_empty() {
            stale_decisions.insert(source.name.clone(), stale);
        }
    }
    let partners = find_partners(&fresh, &stored);
    let known = partners.iter().all(Option::is_some);
    taken.extend(stored.keys().cloned());

    let mut pairs = Vec::with_capacity(fresh.len());
    for (mut article, partner) in fresh.into_iter().zip(partners) {
        let record = partner.and_then(|id| stored.remove(&id));
        if record.is_none() {
            article.id = free_id(&article, &taken);
        }
        let id = record.as_ref().unwrap_or(&article).id.clone();
        taken.insert(id.clone());
        for about in &workspace.config().articles {
            if about.id == id.as_str() {
                about.apply(&mut article.meta);
            }
        }
        pairs.push(Mutex::new(Some((record, article))));
    }
    let mut articles = Vec::with_capacity(pairs.len());
    let mut changes = BTreeMap::new();
    let revised = each(&pairs, |pair| {
        let pair = pair.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(pair.map(|(record, article)| {
            if let Some(record) = record {
                return revise(record, article);
            }
            let changes = Changes {
                added: article.segments().count(),
                ..Changes::default()
            };
            (article, changes)
        }))
    })?;
    for (article, change) in revised.into_iter().flatten() {
        changes.insert(article.id.clone(), change);
        articles.push(article);
    }
    let followed = follow(&mut articles);
    let synced = Synced {
        articles,
        changes,
        orphans: stored.into_keys().collect(),
        stale_decisions,
        followed,
    };
    Ok((synced, known))
}

impl Synced {
    /// Writes the records that changed; says which, as paths relative to the workspace. A record
    /// is durable before this returns. What others wrote since the records were read is written
    /// over: for a workspace that nobody else works in.
    pub fn save(&self, workspace: &Workspace) -> Result<Vec<String>, PipelineError> {
        let _lock = lock(workspace)?;
        write_records(workspace, &self.articles)
    }

    /// Saves after a run that took its time: reads sources and records again and only adds the
    /// targets that the run filled where there is still none, so that what a person or another
    /// run wrote meanwhile stays. Gives the articles as they were saved, and which were written.
    pub fn save_filled(self, workspace: &Workspace) -> Result<(Self, Vec<String>), PipelineError> {
        let _lock = wait_for_lock(workspace)?;
        let mut latest = sync(workspace)?;
        add_filled(&mut latest.articles, self.articles);
        let written = write_records(workspace, &latest.articles)?;
        let saved = Self {
            articles: latest.articles,
            changes: self.changes,
            orphans: self.orphans,
            stale_decisions: latest.stale_decisions,
            followed: latest.followed,
        };
        Ok((saved, written))
    }
}

/// Writes the records of these articles that changed; says which. The caller holds the lock, and
/// has held it since it read the records.
pub(super) fn write_records(
    workspace: &Workspace,
    articles: &[Article],
) -> Result<Vec<String>, PipelineError> {
    let mut written = Vec::new();
    for article in articles {
        for lang in &workspace.config().targets {
            let path = workspace.record_path(&article.id, lang);
            let mut text = v2::write(article, lang, &WriteOptions::default());
            if let Ok(old) = std::fs::read(&path) {
                if old == text.as_bytes() {
                    continue;
                }
                if let Ok(old) = decode(&path, &old, &Limits::default()) {
                    text = v2::write_over(&old, article, lang, &WriteOptions::default());
                }
                if old == text.as_bytes() {
                    continue;
                }
            }
            write_durably(&path, text.as_bytes())?;
            written.push(format!("translations/{}.{lang}.xlf", article.id));
        }
    }
    Ok(written)
}

/// Gives `latest` the targets and suggestions that `ours` has and it lacks, by article, id and
/// source.
fn add_filled(latest: &mut [Article], ours: Vec<Article>) {
    let mut ours: BTreeMap<ArticleId, Article> = ours
        .into_iter()
        .map(|article| (article.id.clone(), article))
        .collect();
    for article in latest {
        let Some(mut filled) = ours.remove(&article.id) else {
            continue;
        };
        let mut by_id: BTreeMap<_, _> = filled
            .segments_mut()
            .map(|segment| (segment.id.clone(), segment))
            .collect();
        for segment in article.segments_mut() {
            let Some(filled) = by_id.remove(&segment.id) else {
                continue;
            };
            if filled.source != segment.source {
                continue;
            }
            for (lang, translation) in std::mem::take(&mut filled.targets) {
                let theirs = segment.targets.get_or_default(&lang);
                let free = theirs.target.as_ref().is_none_or(Target::is_pseudo);
                if free && theirs.covered_by.is_none() && translation.target.is_some() {
                    theirs.target = translation.target;
                }
                for offer in translation.suggestions {
                    if !theirs.suggestions.contains(&offer) {
                        theirs.suggestions.push(offer);
                    }
                }
            }
            segment
                .targets
                .retain(|_, translation| !translation.is_empty());
        }
    }
}

/// Keeps other processes from writing in the workspace as long as the file lives. Another
/// process that is writing is an error.
pub fn lock(workspace: &Workspace) -> Result<File, PipelineError> {
    let (path, file) = lock_file(workspace)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(PipelineError::Locked(path)),
        Err(std::fs::TryLockError::Error(source)) => Err(WorkspaceError::Io {
            path,
            action: "locking",
            source,
        }
        .into()),
    }
}

/// The same, but waits for the other process, which holds the lock only while it reads records
/// again and writes them. Whoever has the lock must not ask for it again.
pub(super) fn wait_for_lock(workspace: &Workspace) -> Result<File, PipelineError> {
    let (path, file) = lock_file(workspace)?;
    match file.lock() {
        Ok(()) => Ok(file),
        Err(source) => Err(WorkspaceError::Io {
            path,
            action: "locking",
            source,
        }
        .into()),
    }
}

fn lock_file(workspace: &Workspace) -> Result<(PathBuf, File), WorkspaceError> {
    let path = workspace.state_dir().join("lock");
    let failed = |action| {
        let path = path.clone();
        move |source| WorkspaceError::Io {
            path,
            action,
            source,
        }
    };
    std::fs::create_dir_all(workspace.state_dir()).map_err(failed("making the folder"))?;
    let file = File::create(&path).map_err(failed("making the lock"))?;
    Ok((path, file))
}

/// The stored articles with their translations into all languages of the workspace.
fn load_records(
    workspace: &Workspace,
    wanted: impl Fn(&ArticleId) -> bool,
) -> Result<BTreeMap<ArticleId, Article>, PipelineError> {
    let mut stored: BTreeMap<ArticleId, Article> = BTreeMap::new();
    for lang in &workspace.config().targets {
        let mut records = workspace.records(lang)?;
        records.retain(|(id, _)| wanted(id));
        let read = each(&records, |(id, path)| {
            let bytes = read_file(path)?;
            let mut article =
                v2::read(path, &bytes, &Limits::default()).map_err(PipelineError::Record)?;
            // The file's name decides: a person may have renamed a file and not its inside.
            article.id = id.clone();
            settle_language(&mut article, lang, path)?;
            Ok(article)
        })?;
        for article in read {
            match stored.get_mut(&article.id) {
                None => {
                    stored.insert(article.id.clone(), article);
                }
                Some(known) => add_language(known, article, lang),
            }
        }
    }
    Ok(stored)
}

/// Lays another language's record over an article, by segment id. A segment that the article does
/// not have is kept among its obsolete ones.
fn add_language(article: &mut Article, other: Article, lang: &Lang) {
    let segments = other
        .blocks
        .into_iter()
        .flat_map(|block| block.segments)
        .chain(other.obsolete);
    let mut theirs: BTreeMap<_, _> = segments
        .map(|segment| (segment.id.clone(), segment))
        .collect();
    let ours = article
        .blocks
        .iter_mut()
        .flat_map(|block| &mut block.segments);
    for segment in ours.chain(&mut article.obsolete) {
        if let Some(other) = theirs.remove(&segment.id) {
            lay_over(segment, lang, other);
        }
    }
    article.obsolete.extend(
        theirs
            .into_values()
            .filter(|segment| !segment.targets.is_empty()),
    );
}

/// Puts the translations of a record under the language that its file's name says. A tool may
/// have written another variety of it (`en-US` for `en`); another language is refused.
fn settle_language(article: &mut Article, lang: &Lang, path: &Path) -> Result<(), PipelineError> {
    let blocks = article
        .blocks
        .iter_mut()
        .flat_map(|block| &mut block.segments);
    for segment in blocks.chain(&mut article.obsolete) {
        let others: Vec<Lang> = segment
            .targets
            .keys()
            .filter(|other| *other != lang)
            .cloned()
            .collect();
        for other in others {
            if other.primary() != lang.primary() {
                return Err(PipelineError::Nothing(format!(
                    "{}: the file's name says {lang}, but its trgLang is {other}; rename the file \
                     or mend its trgLang",
                    path.display()
                )));
            }
            if let Some(translation) = segment.targets.remove(&other)
                && segment.targets.get(lang).is_none()
            {
                segment.targets.insert(lang.clone(), translation);
            }
        }
    }
    Ok(())
}

/// For each fresh article the stored one that it is: the most alike of the same file first (the
/// same id counts for something), then, of what is left on both sides, the one that shares most
/// sentences: its file was renamed or cut differently.
fn find_partners(
    fresh: &[Article],
    stored: &BTreeMap<ArticleId, Article>,
) -> Vec<Option<ArticleId>> {
    /// What an equal id is worth beside the likeness of the texts.
    const SAME_ID: f64 = 0.1;
    let mut by_file: BTreeMap<&str, Vec<(&ArticleId, &Article)>> = BTreeMap::new();
    for (id, record) in stored {
        by_file
            .entry(&record.original)
            .or_default()
            .push((id, record));
    }
    let mut candidates = Vec::new();
    for (index, article) in fresh.iter().enumerate() {
        for &(id, record) in by_file.get(article.original.as_str()).into_iter().flatten() {
            let same_id = *id == article.id;
            let score = likeness(record, article) + if same_id { SAME_ID } else { 0.0 };
            if same_id || score >= SAME_FILE {
                candidates.push((score, index, id));
            }
        }
    }
    let mut partners: Vec<Option<ArticleId>> = vec![None; fresh.len()];
    let mut used: BTreeSet<&ArticleId> = BTreeSet::new();
    choose(candidates, &mut partners, &mut used);

    let left: Vec<(&ArticleId, &Article)> =
        stored.iter().filter(|(id, _)| !used.contains(id)).collect();
    let mut candidates = Vec::new();
    for (index, article) in fresh.iter().enumerate() {
        if partners[index].is_some() {
            continue;
        }
        for &(id, record) in &left {
            let part = shared_part(record, article);
            if part >= MOVED_FILE {
                candidates.push((part, index, id));
            }
        }
    }
    choose(candidates, &mut partners, &mut used);
    partners
}

/// Takes the best candidates, none twice.
fn choose<'a>(
    mut candidates: Vec<(f64, usize, &'a ArticleId)>,
    partners: &mut [Option<ArticleId>],
    used: &mut BTreeSet<&'a ArticleId>,
) {
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)));
    for (_, index, id) in candidates {
        if partners[index].is_none() && used.insert(id) {
            partners[index] = Some(id.clone());
        }
    }
}

/// The article's own id, or the file's stem with the next free number.
fn free_id(article: &Article, taken: &BTreeSet<ArticleId>) -> ArticleId {
    if !taken.contains(&article.id) {
        return article.id.clone();
    }
    let stem = ArticleId::of_file(&article.original);
    // One of these numbers is free: there is one more of them than of taken ids.
    (1..=taken.len() + 1)
        .map(|number| ArticleId::new(format!("{stem}-{number}")))
        .find(|id| !taken.contains(id))
        .unwrap_or(stem)
}

#[cfg(test)]
mod tests;
