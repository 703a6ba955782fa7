//! The workspace's term bases.

use std::collections::BTreeMap;
use std::path::Path;

use super::PipelineError;
use crate::glossary::{Glossary, read_csv};
use crate::model::{Article, Lang, SegmentId};
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
