//! The articles of a workspace as a build sees them: a card for each, and its text when it is asked
//! for, so that no more texts are in memory than are worked on.
//!
//! Contract: [`Library::open`] gives what [`sync`](super::sync::sync) gives, with or without what
//! is kept in `.duizhao/articles/`, which is safe to delete. A file's articles are taken from
//! there only where the configuration, the names of all sources and records, and the bytes of the
//! file, of the decisions about its repairs and of its articles' records are what they were, and
//! where no sentence moved from one article to another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::PipelineError;
use super::moved::left_and_wanted;
use super::parallel::each;
use super::sync::{self, Synced};
use crate::align::revision::Changes;
use crate::model::{Article, ArticleId, CodeKind, Inline, Meta, State};
use crate::publish::manifest::{Counts, sha256};
use crate::publish::web::{Entry, entry};
use crate::workspace::{SourceFile, Workspace, WorkspaceError, write_if_changed};

/// Source files whose articles stay in memory after they were asked for.
const RECENT: usize = 8;

/// Source files that are read at a time.
const PART: usize = 128;

/// What was made of source files, by name.
type Made = BTreeMap<String, (Kept, Shelf)>;

/// What a build has to know of an article all the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Card {
    pub(super) id: ArticleId,
    /// The file that it came from.
    pub(super) original: String,
    pub(super) meta: Meta,
    /// SHA-256 of all that is stored about it.
    pub(super) digest: String,
    pub(super) counts: Counts,
    /// How many pictures its source has.
    pub(super) pictures: usize,
    /// What changed against what is stored.
    pub(super) changes: Changes,
    /// What lists say of it, by target language.
    pub(super) entries: Vec<Entry>,
    /// See [`left_and_wanted`].
    pub(super) left_and_wanted: [Vec<u64>; 2],
    /// Where its text is: file, and place in it.
    #[serde(skip)]
    pub(super) place: (usize, usize),
}

/// The cards of one source file.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    /// SHA-256 of the file with the texts.
    texts: String,
    cards: Vec<Card>,
    stale_decisions: Vec<String>,
}

/// Where the articles of a source file are.
enum Shelf {
    /// In a file, and its SHA-256.
    Kept(PathBuf, String),
    /// They could not be kept: an id is not settled, a translation has just moved, or the folder
    /// can't be written.
    Held(Arc<Vec<Article>>),
}

/// An article's text, in memory as long as this lives.
pub(super) struct Text {
    of_file: Arc<Vec<Article>>,
    at: usize,
}

impl Deref for Text {
    type Target = Article;

    fn deref(&self) -> &Article {
        &self.of_file[self.at]
    }
}

/// The articles of a workspace.
pub(super) struct Library {
    /// Where a build may keep what makes the next one faster.
    pub(super) state_dir: PathBuf,
    /// In the order of the files' names, then of the articles in a file.
    pub(super) cards: Vec<Card>,
    /// Stored articles that no source has any more.
    pub(super) orphans: Vec<ArticleId>,
    /// Decisions about repairs that apply to nothing any more, each as a sentence.
    pub(super) stale_decisions: Vec<String>,
    shelves: Vec<Shelf>,
    recent: Mutex<VecDeque<(usize, Arc<Vec<Article>>)>>,
}

impl Library {
    /// Reads sources and records, and brings the two together; `digests` has the SHA-256 of each
    /// file of the workspace by name.
    pub(super) fn open(
        workspace: &Workspace,
        digests: &BTreeMap<String, String>,
    ) -> Result<Self, PipelineError> {
        let sources = workspace.sources()?;
        let keys = Keys::new(workspace, digests);
        let mut kept: Vec<Option<Kept>> = Vec::with_capacity(sources.len());
        for found in each(&sources, |source| Ok(keys.look_up(source))) {
            kept.push(found?);
        }
        let dirty: Vec<&SourceFile> = sources
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| kept.is_none())
            .map(|(source, _)| source)
            .collect();
        let (mut made, mut orphans) = match keys.read_in_parts(&dirty, &kept)? {
            Some(read) => read,
            None => keys.read_at_once(&sources, &dirty, &mut kept)?,
        };
        if has_moved(&kept, &made) {
            (made, orphans) = keys.read_all(&sources, &mut kept)?;
        }
        let mut library = Self {
            state_dir: workspace.state_dir(),
            cards: Vec::new(),
            orphans,
            stale_decisions: Vec::new(),
            shelves: Vec::new(),
            recent: Mutex::default(),
        };
        // A card is with the build from here to its end: none has room for more than it holds.
        let made_cards = made.values().map(|(kept, _)| kept);
        let count = kept.iter().flatten().chain(made_cards);
        library
            .cards
            .reserve_exact(count.map(|kept| kept.cards.len()).sum());
        library.shelves.reserve_exact(sources.len());
        for (source, kept) in sources.iter().zip(kept) {
            let (kept, shelf) = match (kept, made.remove(&source.name)) {
                (Some(kept), _) => {
                    let shelf = Shelf::Kept(keys.path(source, "texts"), kept.texts.clone());
                    (kept, shelf)
                }
                (None, Some(made)) => made,
                (None, None) => continue,
            };
            library.stale_decisions.extend(kept.stale_decisions);
            for (at, mut card) in kept.cards.into_iter().enumerate() {
                card.place = (library.shelves.len(), at);
                card.entries.shrink_to_fit();
                for texts in &mut card.left_and_wanted {
                    texts.shrink_to_fit();
                }
                library.cards.push(card);
            }
            library.shelves.push(shelf);
        }
        keys.forget();
        Ok(library)
    }

    /// Removes what is kept of all articles.
    pub(super) fn forget_all(workspace: &Workspace) -> Result<(), PipelineError> {
        let path = folder(workspace);
        match std::fs::remove_dir_all(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(WorkspaceError::Io {
                    path,
                    action: "removing the folder",
                    source,
                }
                .into())
            }
            _ => Ok(()),
        }
    }

    /// Reads the articles of a file again, and keeps them among the recent ones.
    fn fetch(
        &self,
        file: usize,
        path: &Path,
        digest: &str,
    ) -> Result<Arc<Vec<Article>>, PipelineError> {
        let json = std::fs::read(path).unwrap_or_default();
        let articles: Option<Vec<Article>> = (sha256(&[&json]) == digest)
            .then(|| serde_json::from_slice(&json).ok())
            .flatten();
        let Some(articles) = articles else {
            return Err(PipelineError::Kept(path.to_owned()));
        };
        let articles = Arc::new(articles);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_back((file, Arc::clone(&articles)));
        if recent.len() > RECENT {
            recent.pop_front();
        }
        Ok(articles)
    }

    /// The text of an article.
    pub(super) fn text(&self, card: &Card) -> Result<Text, PipelineError> {
        let (file, at) = card.place;
        let (path, digest) = match &self.shelves[file] {
            Shelf::Held(articles) => {
                return Ok(Text {
                    of_file: Arc::clone(articles),
                    at,
                });
            }
            Shelf::Kept(path, digest) => (path, digest),
        };
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recent
            .iter()
            .find(|(other, _)| *other == file)
            .map(|(_, articles)| Arc::clone(articles));
        drop(recent);
        let of_file = match known {
            Some(articles) => Ok(articles),
            None => self.fetch(file, path, digest),
        }?;
        Ok(Text { of_file, at })
    }
}

/// Where articles are kept.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.state_dir().join("articles")
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
        // What is handed out, comes back or is remembered changes no article.
        let apart = ["exports/", "quarantine/", "memory/"];
        parts.extend(digests.keys().map(String::as_str).filter(|name| {
            let name = name.strip_prefix("translations/").unwrap_or_default();
            !apart.iter().any(|folder| name.starts_with(folder))
        }));
        // Rules for sentences, too, change what a source gives.
        let srx = workspace.config().segment.srx.as_ref();
        parts.extend(srx.and_then(|srx| digests.get(srx)).map(String::as_str));
        Self {
            workspace,
            digests,
            common: digest(&parts),
        }
    }

    fn path(&self, source: &SourceFile, what: &str) -> PathBuf {
        let name = digest(&[&source.name]);
        folder(self.workspace).join(format!("{name}.{what}.json"))
    }

    /// None where an article has no record yet: its id is not settled.
    fn key<'i>(
        &self,
        source: &SourceFile,
        ids: impl Iterator<Item = &'i ArticleId>,
    ) -> Option<String> {
        let mut parts = vec![self.common.as_str()];
        // The file itself, and what lies beside it under its name.
        for (name, digest) in self.digests.range(source.name.clone()..) {
            if !name.starts_with(&source.name) {
                break;
            }
            parts.push(digest);
        }
        for id in ids {
            let mut recorded = false;
            for lang in &self.workspace.config().targets {
                let name = format!("translations/{id}.{lang}.xlf");
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
        let json = std::fs::read(self.path(source, "cards")).ok()?;
        let kept: Kept = serde_json::from_slice(&json).ok()?;
        let ids = kept.cards.iter().map(|card| &card.id);
        let valid = self.key(source, ids)? == kept.key && self.path(source, "texts").is_file();
        valid.then_some(kept)
    }

    /// Reads source files part by part, so that few are in memory. None where one of them is not
    /// in step with its records. Gives the orphaned records too.
    fn read_in_parts(
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
            .map(|card| &card.id)
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
    fn read_at_once(
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
            .flat_map(|kept| kept.cards.iter().map(|card| card.id.clone()))
            .collect();
        let fresh = sync::sync_some(self.workspace, &dirty, &clean_names, &clean_ids)?;
        if let Some(fresh) = fresh {
            let orphans = fresh.orphans.clone();
            return Ok((self.keep(&dirty, fresh)?, orphans));
        }
        self.read_all(sources, kept)
    }

    /// Reads all source files together; nothing that was kept holds.
    fn read_all(
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
                cards.push(self.card(article, sha256(&[&json]), changes));
            }
            texts.push(b']');
            let ids = articles.iter().map(|article| &article.id);
            // What an article took from another's record would not follow that record.
            let followed = articles
                .iter()
                .any(|article| fresh.followed.contains(&article.id));
            let key = self.key(source, ids).filter(|_| !followed);
            let texts_digest = sha256(&[&texts]);
            let kept = Kept {
                key: key.clone().unwrap_or_default(),
                texts: texts_digest.clone(),
                cards,
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
                Shelf::Kept(path, texts_digest)
            } else {
                Shelf::Held(Arc::new(articles))
            };
            Ok((source.name.clone(), (kept, place)))
        });
        made.into_iter().collect()
    }

    fn card(&self, article: &Article, digest: String, changes: Changes) -> Card {
        let targets = &self.workspace.config().targets;
        let mut counts = Counts {
            articles: 1,
            ..Counts::default()
        };
        for segment in article.segments() {
            counts.segments += 1;
            for lang in targets {
                let target = segment.target(lang).filter(|target| !target.is_pseudo());
                let covered = segment.covered_by(lang).is_some();
                counts.translated += usize::from(target.is_some() || covered);
                counts.missing += usize::from(target.is_none() && !covered);
                let approved = target.is_some_and(|target| target.state >= State::Reviewed);
                counts.reviewed += usize::from(approved);
            }
        }
        Card {
            id: article.id.clone(),
            original: article.original.clone(),
            meta: article.meta.clone(),
            digest,
            counts,
            pictures: pictures(article),
            changes,
            entries: targets
                .iter()
                .map(|target| entry(article, target, &targets[0]))
                .collect(),
            left_and_wanted: left_and_wanted(article),
            place: (0, 0),
        }
    }

    /// Removes what is kept for files that are gone.
    fn forget(&self) {
        let Ok(sources) = self.workspace.sources() else {
            return;
        };
        let wanted: BTreeSet<PathBuf> = sources
            .iter()
            .flat_map(|source| ["cards", "texts"].map(|what| self.path(source, what)))
            .collect();
        for entry in std::fs::read_dir(folder(self.workspace))
            .into_iter()
            .flatten()
            .flatten()
        {
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

fn pictures(article: &Article) -> usize {
    let is_picture = |inline: &&Inline| match inline {
        Inline::Placeholder(code) => matches!(code.kind, CodeKind::Image { .. }),
        _ => false,
    };
    article
        .segments()
        .flat_map(|segment| segment.source.inlines())
        .filter(is_picture)
        .count()
}

/// Whether an article has no translation for a text that another article once had.
fn has_moved(kept: &[Option<Kept>], made: &Made) -> bool {
    let cards = || {
        let made = made.values().map(|(kept, _)| kept);
        kept.iter()
            .flatten()
            .chain(made)
            .flat_map(|kept| &kept.cards)
    };
    let left: FxHashSet<u64> = cards()
        .flat_map(|card| &card.left_and_wanted[0])
        .copied()
        .collect();
    !left.is_empty()
        && cards().any(|card| {
            card.left_and_wanted[1]
                .iter()
                .any(|text| left.contains(text))
        })
}

fn digest(parts: &[&str]) -> String {
    let all: Vec<&[u8]> = parts
        .iter()
        .flat_map(|part| [part.as_bytes(), b"\0".as_slice()])
        .collect();
    sha256(&all)
}
