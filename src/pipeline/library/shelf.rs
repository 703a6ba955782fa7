//! What a build keeps of the articles of a source file, and when that holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::card::{Noted, note};
use crate::model::{Article, ArticleId};
use crate::pipeline::PipelineError;
use crate::pipeline::parallel::each;
use crate::pipeline::sync::{self, Synced};
use crate::publish::manifest::{Digest, Facts, Sum};
use crate::workspace::{SourceFile, Workspace, write_if_changed};

/// Source files that are read at a time.
const PART: usize = 128;

/// What was made of source files, by name.
pub(super) type Made = BTreeMap<String, (Kept, Shelf)>;

/// The cards of one source file.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    key: Option<Digest>,
    /// SHA-256 of the file with the texts.
    pub(super) texts: Digest,
    pub(super) cards: Box<[Noted]>,
    pub(super) stale_decisions: Vec<String>,
}

/// Where the articles of a source file are.
pub(super) enum Shelf {
    /// In the file of this name, and its SHA-256.
    Kept(Digest, Digest),
    /// They could not be kept: an id is not settled, a translation has just moved, or the folder
    /// can't be written.
    Held(Arc<Vec<Article>>),
}

/// Where articles are kept.
pub(super) fn folder(state_dir: &Path) -> PathBuf {
    state_dir.join("articles")
}

/// What the files that keep a source file's articles are named by.
pub(super) fn file_name(source: &SourceFile) -> Digest {
    digest([&source.name])
}

pub(super) fn path(state_dir: &Path, name: Digest, what: &str) -> PathBuf {
    folder(state_dir).join(format!("{name}.{what}.json"))
}

pub(super) struct Keys<'a> {
    workspace: &'a Workspace,
    digests: &'a BTreeMap<String, Digest>,
    /// What every key has: version, configuration, names of sources and records.
    common: Digest,
}

impl<'a> Keys<'a> {
    pub(super) fn new(workspace: &'a Workspace, digests: &'a BTreeMap<String, Digest>) -> Self {
        // What is handed out, comes back or is remembered changes no article.
        let apart = ["exports/", "quarantine/", "memory/"];
        let names = digests.keys().map(String::as_str).filter(|name| {
            let name = name.strip_prefix("translations/").unwrap_or_default();
            !apart.iter().any(|folder| name.starts_with(folder))
        });
        // Rules for sentences, too, change what a source gives.
        let srx = workspace.config().segment.srx.as_ref();
        let srx = srx.and_then(|srx| digests.get(srx)).map(Digest::to_string);
        let parts = [env!("CARGO_PKG_VERSION"), workspace.config_text()];
        let parts = parts.into_iter().chain(names).chain(srx.as_deref());
        Self {
            workspace,
            digests,
            common: digest(parts),
        }
    }

    fn path(&self, source: &SourceFile, what: &str) -> PathBuf {
        path(&self.workspace.state_dir(), file_name(source), what)
    }

    /// None where an article has no record yet: its id is not settled.
    fn key<'i>(
        &self,
        source: &SourceFile,
        ids: impl Iterator<Item = &'i ArticleId>,
    ) -> Option<Digest> {
        let mut parts = vec![self.common.to_string()];
        // The file itself, and what lies beside it under its name.
        for (name, digest) in self.digests.range(source.name.clone()..) {
            if !name.starts_with(&source.name) {
                break;
            }
            parts.push(digest.to_string());
        }
        for id in ids {
            let mut recorded = false;
            for lang in &self.workspace.config().targets {
                let name = format!("translations/{id}.{lang}.xlf");
                let digest = self.digests.get(&name);
                recorded |= digest.is_some();
                parts.push(digest.map_or_else(String::new, Digest::to_string));
            }
            if !recorded {
                return None;
            }
        }
        Some(digest(parts))
    }

    pub(super) fn look_up(&self, source: &SourceFile) -> Option<Kept> {
        let json = std::fs::read(self.path(source, "cards")).ok()?;
        let kept: Kept = serde_json::from_slice(&json).ok()?;
        let ids = kept.cards.iter().map(|noted| &noted.card.id);
        let key = self.key(source, ids)?;
        let valid = kept.key == Some(key) && self.path(source, "texts").is_file();
        valid.then_some(kept)
    }

    /// Reads source files part by part, so that few are in memory. None where one of them is not
    /// in step with its records. Gives the orphaned records too.
    pub(super) fn read_in_parts(
        &self,
        dirty: &[&SourceFile],
        kept: &[Option<Kept>],
    ) -> Result<Option<(Made, Vec<ArticleId>)>, PipelineError> {
        let mut made = Made::new();
        for part in dirty.chunks(PART) {
            let part: Vec<SourceFile> = part.iter().map(|&source| source.clone()).collect();
            let Some(synced) = sync::sync_part(self.workspace, &part)? else {
                return Ok(None);
            };
            made.append(&mut self.keep(&part, synced)?);
        }
        let live: BTreeSet<&ArticleId> = kept
            .iter()
            .flatten()
            .chain(made.values().map(|(kept, _)| kept))
            .flat_map(|kept| &kept.cards)
            .map(|noted| &noted.card.id)
            .collect();
        let mut orphans = BTreeSet::new();
        for lang in &self.workspace.config().targets {
            let records = self.workspace.records(lang)?;
            orphans.extend(records.into_iter().map(|(id, _)| id));
        }
        orphans.retain(|id| !live.contains(id));
        let orphans = orphans.into_iter().collect();
        Ok(Some((made, orphans)))
    }

    /// Reads source files together. Where that can't tell what belongs to what, all are read, and
    /// nothing that was kept holds.
    pub(super) fn read_at_once(
        &self,
        sources: &[SourceFile],
        dirty: &[&SourceFile],
        kept: &mut Vec<Option<Kept>>,
    ) -> Result<(Made, Vec<ArticleId>), PipelineError> {
        let dirty: Vec<SourceFile> = dirty.iter().map(|&source| source.clone()).collect();
        let clean = sources.iter().zip(kept.iter());
        let clean_names: BTreeSet<&str> = clean
            .filter(|(_, kept)| kept.is_some())
            .map(|(source, _)| source.name.as_str())
            .collect();
        let clean_ids: BTreeSet<ArticleId> = kept
            .iter()
            .flatten()
            .flat_map(|kept| kept.cards.iter().map(|noted| noted.card.id.clone()))
            .collect();
        let fresh = sync::sync_some(self.workspace, &dirty, &clean_names, &clean_ids)?;
        if let Some(fresh) = fresh {
            let orphans = fresh.orphans.clone();
            return Ok((self.keep(&dirty, fresh)?, orphans));
        }
        self.read_all(sources, kept)
    }

    /// Reads all source files together; nothing that was kept holds.
    pub(super) fn read_all(
        &self,
        sources: &[SourceFile],
        kept: &mut Vec<Option<Kept>>,
    ) -> Result<(Made, Vec<ArticleId>), PipelineError> {
        *kept = sources.iter().map(|_| None).collect();
        let fresh = sync::sync(self.workspace)?;
        let orphans = fresh.orphans.clone();
        Ok((self.keep(sources, fresh)?, orphans))
    }

    /// Keeps the articles of these files; what can't be written stays in memory.
    fn keep(&self, sources: &[SourceFile], fresh: Synced) -> Result<Made, PipelineError> {
        let mut by_file: BTreeMap<String, Vec<Article>> = BTreeMap::new();
        for article in fresh.articles {
            by_file
                .entry(article.original.clone())
                .or_default()
                .push(article);
        }
        let mut work = Vec::new();
        for source in sources {
            let articles = by_file.remove(&source.name).unwrap_or_default();
            work.push((source, Mutex::new(articles)));
        }
        let targets = &self.workspace.config().targets;
        let made = each(&work, |(source, articles)| {
            let articles =
                std::mem::take(&mut *articles.lock().unwrap_or_else(PoisonError::into_inner));
            let mut cards = Vec::with_capacity(articles.len());
            let mut texts = vec![b'['];
            for article in &articles {
                #[expect(clippy::expect_used, reason = "an article is strings and numbers")]
                let json = serde_json::to_vec(article).expect("strings and numbers are JSON");
                if texts.len() > 1 {
                    texts.push(b',');
                }
                texts.extend_from_slice(&json);
                let changes = fresh.changes.get(&article.id).copied().unwrap_or_default();
                let digest = Facts::of(None, &json).sha256;
                cards.push(note(article, targets, digest, changes));
            }
            texts.push(b']');
            let ids = articles.iter().map(|article| &article.id);
            // What an article took from another's record would not follow that record.
            let followed = articles
                .iter()
                .any(|article| fresh.followed.contains(&article.id));
            let key = self.key(source, ids).filter(|_| !followed);
            let kept = Kept {
                key,
                texts: Facts::of(None, &texts).sha256,
                cards: cards.into(),
                stale_decisions: (fresh.stale_decisions.get(&source.name))
                    .cloned()
                    .unwrap_or_default(),
            };
            let (path, cards) = (self.path(source, "texts"), self.path(source, "cards"));
            // Cards must never stand beside the texts of another time.
            let _ = std::fs::remove_file(&cards);
            let written = key.is_some()
                && write_if_changed(&path, &texts).is_ok()
                && serde_json::to_vec(&kept)
                    .is_ok_and(|json| write_if_changed(&cards, &json).is_ok());
            let place = if written {
                Shelf::Kept(file_name(source), kept.texts)
            } else {
                Shelf::Held(Arc::new(articles))
            };
            Ok((source.name.clone(), (kept, place)))
        })?;
        Ok(made.into_iter().collect())
    }

    /// Removes what is kept for files that are gone.
    pub(super) fn forget(&self) {
        let Ok(sources) = self.workspace.sources() else {
            return;
        };
        let wanted: FxHashSet<String> = sources
            .iter()
            .map(|source| file_name(source).to_string())
            .collect();
        for entry in std::fs::read_dir(folder(&self.workspace.state_dir()))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = entry.path();
            let ours = path
                .extension()
                .is_some_and(|extension| extension == "json");
            let name = entry.file_name();
            let stem = name.to_string_lossy().split('.').next().map(str::to_owned);
            if ours && stem.is_none_or(|stem| !wanted.contains(&stem)) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn digest(parts: impl IntoIterator<Item = impl AsRef<str>>) -> Digest {
    let mut sum = Sum::default();
    for part in parts {
        sum.add(part.as_ref().as_bytes());
        sum.add(b"\0");
    }
    sum.digest()
}
