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
use crate::model::{Article, ArticleId, CodeKind, Inline, Lang, Meta, State};
use crate::publish::manifest::{Counts, Digest, Facts, Sum};
use crate::publish::web::{Entry, article_href, entry};
use crate::workspace::{SourceFile, Workspace, WorkspaceError, write_if_changed};

/// Source files whose articles stay in memory after they were asked for.
const RECENT: usize = 8;

/// Source files that are read at a time.
const PART: usize = 128;

/// What was made of source files, by name.
type Made = BTreeMap<String, (Kept, Shelf)>;

/// What a build has to know of an article all the time: little, for of a large workspace there are
/// many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Card {
    pub(super) id: ArticleId,
    /// The language of its source text.
    pub(super) lang: Lang,
    /// The file that it came from.
    #[serde(skip)]
    pub(super) original: Arc<str>,
    /// Outlet, date and authors; nothing else of what is known.
    pub(super) meta: Meta,
    /// SHA-256 of all that is stored about it.
    pub(super) digest: Digest,
    /// Its title in its own language and in the target language, for each of those.
    titles: Box<[[Box<str>; 2]]>,
    /// Where its text is: file, and place in it.
    #[serde(skip)]
    place: (u32, u32),
}

impl Card {
    #[cfg(test)]
    pub(super) fn empty(id: ArticleId, original: &str, meta: Meta) -> Self {
        Self {
            id,
            lang: "zh-Hans".parse().expect("a language"),
            original: original.into(),
            meta,
            digest: digest::<&str>([]),
            titles: Box::default(),
            place: (0, 0),
        }
    }

    /// What lists say of it in the target language that has this number, but for the summary.
    pub(super) fn entry(&self, targets: &[Lang], number: usize) -> Option<Entry> {
        let ([title, translated_title], target) =
            (self.titles.get(number)?, targets.get(number)?);
        Some(Entry {
            href: article_href(self.id.as_str(), target, &targets[0]),
            id: self.id.to_string(),
            source: self.lang.clone(),
            target: target.clone(),
            title: title.to_string(),
            translated_title: translated_title.to_string(),
            summary: String::new(),
            outlet: self.meta.outlet.clone(),
            date: self.meta.date.clone(),
            authors: self.meta.authors.clone(),
        })
    }
}

/// A card with what is only asked for when it is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Noted {
    card: Card,
    counts: Counts,
    /// How many pictures its source has.
    pictures: usize,
    /// Whether its records are not what its source gives.
    is_behind: bool,
    /// See [`left_and_wanted`].
    left_and_wanted: [Box<[u64]>; 2],
}

/// The cards of one source file.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: Option<Digest>,
    /// SHA-256 of the file with the texts.
    texts: Digest,
    cards: Box<[Noted]>,
    stale_decisions: Vec<String>,
}

/// Where the articles of a source file are.
enum Shelf {
    /// In the file of this name, and its SHA-256.
    Kept(Digest, Digest),
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
    /// The numbers over all of them.
    pub(super) counts: Counts,
    /// How many pictures the sources have.
    pub(super) pictures: usize,
    /// How many articles' records are not what the source gives.
    pub(super) behind: usize,
    /// Stored articles that no source has any more.
    pub(super) orphans: Vec<ArticleId>,
    /// Decisions about repairs that apply to nothing any more, each as a sentence.
    pub(super) stale_decisions: Vec<String>,
    shelves: Vec<Shelf>,
    recent: Mutex<VecDeque<(u32, Arc<Vec<Article>>)>>,
}

impl Library {
    /// Reads sources and records, and brings the two together; `digests` has the SHA-256 of each
    /// file of the workspace by name.
    pub(super) fn open(
        workspace: &Workspace,
        digests: &BTreeMap<String, Digest>,
    ) -> Result<Self, PipelineError> {
        let sources = workspace.sources()?;
        let keys = Keys::new(workspace, digests);
        let mut kept = each(&sources, |source| Ok(keys.look_up(source)))?;
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
            cards: Vec::with_capacity(sources.len()),
            counts: Counts::default(),
            pictures: 0,
            behind: 0,
            orphans,
            stale_decisions: Vec::new(),
            shelves: Vec::with_capacity(sources.len()),
            recent: Mutex::default(),
        };
        for (source, kept) in sources.iter().zip(kept) {
            let (kept, shelf) = match (kept, made.remove(&source.name)) {
                (Some(kept), _) => {
                    let shelf = Shelf::Kept(file_name(source), kept.texts);
                    (kept, shelf)
                }
                (None, Some(made)) => made,
                (None, None) => continue,
            };
            library.add(&source.name, kept, shelf);
        }
        keys.forget();
        Ok(library)
    }

    /// Adds the articles of a source file.
    fn add(&mut self, name: &str, kept: Kept, shelf: Shelf) {
        let original: Arc<str> = name.into();
        let file = u32::try_from(self.shelves.len()).unwrap_or(u32::MAX);
        for (at, noted) in (0..).zip(kept.cards) {
            let of = noted.counts;
            self.counts.articles += of.articles;
            self.counts.segments += of.segments;
            self.counts.translated += of.translated;
            self.counts.missing += of.missing;
            self.counts.reviewed += of.reviewed;
            self.pictures += noted.pictures;
            self.behind += usize::from(noted.is_behind);
            let mut card = noted.card;
            card.original = Arc::clone(&original);
            card.place = (file, at);
            self.cards.push(card);
        }
        self.stale_decisions.extend(kept.stale_decisions);
        self.shelves.push(shelf);
    }

    /// Removes what is kept of all articles.
    pub(super) fn forget_all(workspace: &Workspace) -> Result<(), PipelineError> {
        let path = folder(&workspace.state_dir());
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
        file: u32,
        name: Digest,
        digest: Digest,
    ) -> Result<Arc<Vec<Article>>, PipelineError> {
        let path = path(&self.state_dir, name, "texts");
        let json = std::fs::read(&path).unwrap_or_default();
        let articles: Option<Vec<Article>> = (Facts::of(None, &json).sha256 == digest)
            .then(|| serde_json::from_slice(&json).ok())
            .flatten();
        let Some(articles) = articles else {
            return Err(PipelineError::Kept(path));
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
        let at = at as usize;
        let (name, digest) = match &self.shelves[file as usize] {
            Shelf::Held(articles) => {
                return Ok(Text {
                    of_file: Arc::clone(articles),
                    at,
                });
            }
            Shelf::Kept(name, digest) => (*name, *digest),
        };
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recent
            .iter()
            .find(|(other, _)| *other == file)
            .map(|(_, articles)| Arc::clone(articles));
        drop(recent);
        let of_file = match known {
            Some(articles) => Ok(articles),
            None => self.fetch(file, name, digest),
        }?;
        Ok(Text { of_file, at })
    }
}

/// Where articles are kept.
fn folder(state_dir: &Path) -> PathBuf {
    state_dir.join("articles")
}

/// What the files that keep a source file's articles are named by.
fn file_name(source: &SourceFile) -> Digest {
    digest([&source.name])
}

fn path(state_dir: &Path, name: Digest, what: &str) -> PathBuf {
    folder(state_dir).join(format!("{name}.{what}.json"))
}

struct Keys<'a> {
    workspace: &'a Workspace,
    digests: &'a BTreeMap<String, Digest>,
    /// What every key has: version, configuration, names of sources and records.
    common: Digest,
}

impl<'a> Keys<'a> {
    fn new(workspace: &'a Workspace, digests: &'a BTreeMap<String, Digest>) -> Self {
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

    fn look_up(&self, source: &SourceFile) -> Option<Kept> {
        let json = std::fs::read(self.path(source, "cards")).ok()?;
        let kept: Kept = serde_json::from_slice(&json).ok()?;
        let ids = kept.cards.iter().map(|noted| &noted.card.id);
        let key = self.key(source, ids)?;
        let valid = kept.key == Some(key) && self.path(source, "texts").is_file();
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
                cards.push(self.note(article, Facts::of(None, &json).sha256, changes));
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

    fn note(&self, article: &Article, digest: Digest, changes: Changes) -> Noted {
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
        let titles = targets.iter().map(|target| {
            let entry = entry(article, target, &targets[0]);
            [entry.title.into(), entry.translated_title.into()]
        });
        Noted {
            card: Card {
                id: article.id.clone(),
                lang: article.lang.clone(),
                original: Arc::default(),
                meta: Meta {
                    outlet: article.meta.outlet.clone(),
                    date: article.meta.date.clone(),
                    authors: article.meta.authors.clone(),
                    ..Meta::default()
                },
                digest,
                titles: titles.collect(),
                place: (0, 0),
            },
            counts,
            pictures: pictures(article),
            is_behind: changes.any(),
            left_and_wanted: left_and_wanted(article).map(Vec::into),
        }
    }

    /// Removes what is kept for files that are gone.
    fn forget(&self) {
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
        .flat_map(|noted| &noted.left_and_wanted[0])
        .copied()
        .collect();
    !left.is_empty()
        && cards().any(|noted| {
            noted.left_and_wanted[1]
                .iter()
                .any(|text| left.contains(text))
        })
}

fn digest(parts: impl IntoIterator<Item = impl AsRef<str>>) -> Digest {
    let mut sum = Sum::default();
    for part in parts {
        sum.add(part.as_ref().as_bytes());
        sum.add(b"\0");
    }
    sum.digest()
}
