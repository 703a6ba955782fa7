//! The articles of a workspace as a build sees them: a card for each, and its text when it is asked
//! for, so that no more texts are in memory than are worked on.
//!
//! Contract: [`Library::open`] gives what [`sync`](super::sync::sync) gives, with or without what
//! is kept in `.duizhao/articles/`, which is safe to delete. A file's articles are taken from
//! there only where the configuration, the names of all sources and records, and the bytes of the
//! file, of the decisions about its repairs and of its articles' records are what they were, and
//! where no sentence moved from one article to another.

mod card;
mod shelf;

use std::collections::{BTreeMap, VecDeque};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

pub(super) use self::card::Card;
use self::shelf::{Kept, Keys, Made, Shelf, file_name, folder, path};
use super::PipelineError;
use super::parallel::each;
use crate::model::{Article, ArticleId};
use crate::publish::manifest::{Counts, Digest, Facts};
use crate::workspace::{SourceFile, Workspace, WorkspaceError};

/// Source files whose articles stay in memory after they were asked for.
const RECENT: usize = 8;

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
    fn add(&mut self, name: &str, kept: Kept, place: Shelf) {
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
        self.shelves.push(place);
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
