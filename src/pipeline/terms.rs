//! The workspace's term bases.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::PipelineError;
use crate::glossary::{Glossary, read_csv};
use crate::model::{Article, ArticleId, Lang, SegmentId};
use crate::tbx;
use crate::workspace::{Workspace, read_file};
use crate::xliff::TermNote;
use crate::xml::Limits;

/// All term bases of the workspace for one target language, as one glossary.
pub fn glossary(workspace: &Workspace, target: &Lang) -> Result<Glossary, PipelineError> {
    let mut concepts = Vec::new();
    for name in workspace.glossaries(target)? {
        let path = workspace.path(&name);
        let bytes = read_file(&path)?;
        if Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "tbx")
        {
            let source = &workspace.config().source;
            concepts.extend(tbx::read(
                &path,
                &bytes,
                source,
                target,
                &Limits::default(),
            )?);
        } else {
            concepts.extend(read_csv(&name, &bytes)?);
        }
    }
    Ok(Glossary::new(
        workspace.config().source.clone(),
        target.clone(),
        concepts,
    )?)
}

/// A glossary as it holds in each article, made when it is first asked for.
pub(super) struct Scoped<'a> {
    all: &'a Glossary,
    /// Empty where all terms hold in all articles.
    by_article: BTreeMap<ArticleId, OnceLock<Option<Glossary>>>,
}

impl<'a> Scoped<'a> {
    pub(super) fn new(all: &'a Glossary, articles: &[Article]) -> Self {
        let scoped = articles.iter().filter(|_| all.is_scoped());
        Self {
            all,
            by_article: scoped
                .map(|article| (article.id.clone(), OnceLock::new()))
                .collect(),
        }
    }

    /// The terms that hold in this article. None where they are too many to search, which is
    /// found before a run begins.
    pub(super) fn of(&self, article: &ArticleId) -> Option<&Glossary> {
        match self.by_article.get(article) {
            None => Some(self.all),
            Some(made) => made
                .get_or_init(|| self.all.for_article(article).ok())
                .as_ref(),
        }
    }
}

/// The terms that apply to each segment of an article, for hand-outs.
pub fn term_notes(
    glossary: &Glossary,
    article: &Article,
) -> Result<BTreeMap<SegmentId, Vec<TermNote>>, PipelineError> {
    let glossary = glossary.for_article(&article.id)?;
    let mut notes = BTreeMap::new();
    for segment in article.segments() {
        let mut lines = Vec::new();
        for concept in glossary.applying(&segment.source.text()) {
            lines.extend(concept.terms.iter().map(|term| TermNote {
                source: concept.source.clone(),
                target: term.text.clone(),
                status: term.status,
                note: term.note.clone(),
            }));
        }
        if !lines.is_empty() {
            notes.insert(segment.id.clone(), lines);
        }
    }
    Ok(notes)
}
