//! What [`sync`](super::sync::sync) gave for source files that have not changed since, so that a
//! build after one change need not read and segment everything.
//!
//! Contract: [`sync()`] here gives what the other gives, with or without what is kept in
//! `.duizhao/articles/`, which is safe to delete. A file's articles are taken from there only
//! where the configuration, the names of all sources and records, and the bytes of the file, of
//! the decisions about its repairs and of its articles' records are what they were.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::PipelineError;
use super::parallel::each;
use super::sync::{self, Synced};
use crate::align::revision::Changes;
use crate::model::{Article, ArticleId};
use crate::publish::manifest::sha256;
use crate::workspace::{SourceFile, Workspace, write_if_changed};

/// The articles of one source file.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    articles: Vec<Article>,
    changes: Vec<Changes>,
    stale_decisions: Vec<String>,
}

/// Reads sources and records, and brings the two together; `digests` has the SHA-256 of each file
/// of the workspace by name.
pub(super) fn sync(
    workspace: &Workspace,
    digests: &BTreeMap<String, String>,
) -> Result<Synced, PipelineError> {
    let sources = workspace.sources()?;
    let keys = Keys::new(workspace, digests);
    let mut kept: Vec<Option<Kept>> = Vec::with_capacity(sources.len());
    for found in each(&sources, |source| Ok(keys.look_up(source))) {
        kept.push(found?);
    }
    let (clean, dirty): (Vec<_>, Vec<_>) = sources
        .iter()
        .zip(&kept)
        .partition(|(_, kept)| kept.is_some());
    let clean_names: BTreeSet<&str> = clean
        .iter()
        .map(|(source, _)| source.name.as_str())
        .collect();
    let clean_ids: BTreeSet<ArticleId> = clean
        .iter()
        .filter_map(|(_, kept)| kept.as_ref())
        .flat_map(|kept| kept.articles.iter().map(|article| article.id.clone()))
        .collect();
    let dirty: Vec<SourceFile> = dirty
        .into_iter()
        .map(|(source, _)| source.clone())
        .collect();
    let Some(fresh) = sync::sync_some(workspace, &dirty, &clean_names, &clean_ids)? else {
        let synced = sync::sync(workspace)?;
        keys.keep(&sources, &synced);
        return Ok(synced);
    };
    keys.keep(&dirty, &fresh);
    let mut by_file: BTreeMap<String, Vec<Article>> = BTreeMap::new();
    for article in fresh.articles {
        by_file
            .entry(article.original.clone())
            .or_default()
            .push(article);
    }
    let mut articles = Vec::new();
    let mut changes = fresh.changes;
    let mut stale_decisions = fresh.stale_decisions;
    for (source, kept) in sources.iter().zip(kept) {
        match kept {
            Some(kept) => {
                let ids = kept.articles.iter().map(|article| article.id.clone());
                changes.extend(ids.zip(kept.changes));
                articles.extend(kept.articles);
                if !kept.stale_decisions.is_empty() {
                    stale_decisions.insert(source.name.clone(), kept.stale_decisions);
                }
            }
            None => articles.extend(by_file.remove(&source.name).unwrap_or_default()),
        }
    }
    Ok(Synced {
        articles,
        changes,
        orphans: fresh.orphans,
        stale_decisions,
    })
}

struct Keys<'a> {
    workspace: &'a Workspace,
    digests: &'a BTreeMap<String, String>,
    /// What every key has: version, configuration, names of sources and records.
    common: String,
}

impl<'a> Keys<'a> {
    fn new(workspace: &'a Workspace, digests: &'a BTreeMap<String, String>) -> Self {
        let mut parts = vec![env!("CARGO_PKG_VERSION"), workspace.config_text()];
        parts.extend(digests.keys().map(String::as_str));
        // Rules for sentences, too, change what a source gives.
        let srx = workspace.config().segment.srx.as_ref();
        parts.extend(srx.and_then(|srx| digests.get(srx)).map(String::as_str));
        Self {
            workspace,
            digests,
            common: digest(&parts),
        }
    }

    fn path(&self, source: &SourceFile) -> PathBuf {
        let name = digest(&[&source.name]);
        let folder = self.workspace.state_dir().join("articles");
        folder.join(format!("{name}.json"))
    }

    /// None where an article has no record yet: its id is not settled.
    fn key(&self, source: &SourceFile, articles: &[Article]) -> Option<String> {
        let mut parts = vec![self.common.as_str()];
        // The file itself, and what lies beside it under its name.
        for (name, digest) in self.digests.range(source.name.clone()..) {
            if !name.starts_with(&source.name) {
                break;
            }
            parts.push(digest);
        }
        for article in articles {
            let mut recorded = false;
            for lang in &self.workspace.config().targets {
                let name = format!("translations/{}.{lang}.xlf", article.id);
                let digest = self.digests.get(&name);
                recorded |= digest.is_some();
                parts.push(digest.map_or("", String::as_str));
            }
            if !recorded {
                return None;
            }
        }
        Some(digest(&parts))
    }

    fn look_up(&self, source: &SourceFile) -> Option<Kept> {
        let json = std::fs::read(self.path(source)).ok()?;
        let kept: Kept = serde_json::from_slice(&json).ok()?;
        (self.key(source, &kept.articles)? == kept.key).then_some(kept)
    }

    /// Keeps the articles of these files. What can't be written is made anew the next time.
    fn keep(&self, sources: &[SourceFile], synced: &Synced) {
        let mut by_file: BTreeMap<&str, Vec<&Article>> = BTreeMap::new();
        for article in &synced.articles {
            by_file.entry(&article.original).or_default().push(article);
        }
        let written = each(sources, |source| {
            let articles: Vec<Article> = by_file
                .get(source.name.as_str())
                .into_iter()
                .flatten()
                .map(|article| (*article).clone())
                .collect();
            if let Some(key) = self.key(source, &articles) {
                let changes = articles
                    .iter()
                    .map(|article| synced.changes.get(&article.id).copied().unwrap_or_default())
                    .collect();
                let kept = Kept {
                    key,
                    articles,
                    changes,
                    stale_decisions: (synced.stale_decisions.get(&source.name))
                        .cloned()
                        .unwrap_or_default(),
                };
                if let Ok(json) = serde_json::to_vec(&kept) {
                    let _ = write_if_changed(&self.path(source), &json);
                }
            }
            Ok(())
        });
        drop(written);
        self.forget();
    }

    /// Removes what is kept for files that are gone.
    fn forget(&self) {
        let Ok(sources) = self.workspace.sources() else {
            return;
        };
        let wanted: BTreeSet<PathBuf> = sources.iter().map(|source| self.path(source)).collect();
        let folder = self.workspace.state_dir().join("articles");
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ours = path
                .extension()
                .is_some_and(|extension| extension == "json");
            if ours && !wanted.contains(&path) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn digest(parts: &[&str]) -> String {
    let all: Vec<&[u8]> = parts
        .iter()
        .flat_map(|part| [part.as_bytes(), b"\0".as_slice()])
        .collect();
    sha256(&all)
}
