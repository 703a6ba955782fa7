//! How far each article has come.

use serde::Serialize;

use super::PipelineError;
use super::sync::Synced;
use super::terms::glossary;
use crate::glossary::{FirstMentions, Glossary, term_uses};
use crate::model::{Article, Lang, State};
use crate::workspace::Workspace;

/// One article in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleStatus {
    /// The article's id.
    pub article: String,
    /// Its title.
    pub title: String,
    /// The file that it comes from.
    pub source: String,
    /// The target language.
    pub language: String,
    /// Sentences.
    pub segments: usize,
    /// Sentences with a translation, those included that another unit covers.
    pub translated: usize,
    /// Sentences whose translation a person approved.
    pub reviewed: usize,
    /// Sentences without a translation, but with one of an earlier wording on offer.
    pub outdated: usize,
    /// Notes of doubt, in source and translation.
    pub doubts: usize,
    /// Words of the translation.
    pub words: usize,
    /// Characters of the source, without white space.
    pub characters: usize,
    /// Terms of the glossary that apply to translated sentences, each once a sentence.
    pub terms: usize,
    /// Of these, the terms that the translation uses.
    pub terms_used: usize,
}

/// The status of every article in every language.
pub fn status(workspace: &Workspace, synced: &Synced) -> Result<Vec<ArticleStatus>, PipelineError> {
    let languages = &workspace.config().targets;
    let glossaries: Vec<Glossary> = languages
        .iter()
        .map(|lang| glossary(workspace, lang))
        .collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for article in &synced.articles {
        for (lang, glossary) in languages.iter().zip(&glossaries) {
            let glossary = glossary.for_article(&article.id)?;
            all.push(of_article(article, lang, &glossary));
        }
    }
    Ok(all)
}

fn of_article(article: &Article, lang: &Lang, glossary: &Glossary) -> ArticleStatus {
    let mut status = ArticleStatus {
        article: article.id.to_string(),
        title: article.title(),
        source: article.original.clone(),
        language: lang.to_string(),
        segments: 0,
        translated: 0,
        reviewed: 0,
        outdated: 0,
        doubts: 0,
        words: 0,
        characters: 0,
        terms: 0,
        terms_used: 0,
    };
    let mut people = FirstMentions::default();
    for segment in article.segments() {
        let source = segment.source.text();
        let terms = people.terms(&glossary.applying(&source));
        status.segments += 1;
        status.characters += source.chars().filter(|c| !c.is_whitespace()).count();
        let doubt = |note: &&crate::model::Note| note.kind == crate::model::NoteKind::Doubt;
        status.doubts += segment.notes.iter().filter(doubt).count();
        let Some(translation) = segment.targets.get(lang) else {
            continue;
        };
        status.doubts += translation.notes.iter().filter(doubt).count();
        if let Some(target) = segment.target(lang).filter(|target| !target.is_pseudo()) {
            status.translated += 1;
            status.reviewed += usize::from(target.state >= State::Reviewed);
            let text = target.content.text();
            status.words += words(&text, lang);
            for found in term_uses(&terms, &text, lang) {
                status.terms += 1;
                status.terms_used += usize::from(found.is_right());
            }
        } else if translation.covered_by.is_some() {
            status.translated += 1;
        } else if !translation.suggestions.is_empty() {
            status.outdated += 1;
        }
    }
    status
}

/// Words where words are separated, else characters.
fn words(text: &str, lang: &Lang) -> usize {
    if lang.separates_with_spaces() {
        text.split_whitespace().count()
    } else {
        text.chars().filter(|c| !c.is_whitespace()).count()
    }
}
