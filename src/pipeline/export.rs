//! Hand-out files for translators.

use std::path::{Path, PathBuf};

use super::PipelineError;
use super::build::{select, tool};
use super::sync::sync;
use super::terms::{glossary, term_notes};
use crate::model::{Article, Lang, State};
use crate::tmx::{self, Tmx};
use crate::workspace::{Workspace, write_durably};
use crate::xliff::{Tool, WriteOptions, v1_2, v2};

/// What is to be written.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// XLIFF 1.2, transitional.
    pub xliff_1_2: bool,
    /// XLIFF 2.0.
    pub xliff_2_0: bool,
    /// The pairs as TMX 1.4b.
    pub tmx: bool,
    /// The pairs as CSV.
    pub csv: bool,
    /// Article ids or patterns; all where it is empty.
    pub articles: Vec<String>,
}

/// Writes the files into `folder`, those of each article together; says which. The name of an
/// XLIFF 2.0 file ends in `.2.0.xlf` where both versions are asked for.
pub fn export(
    workspace: &Workspace,
    options: &ExportOptions,
    folder: &Path,
) -> Result<Vec<PathBuf>, PipelineError> {
    let synced = sync(workspace)?;
    let every = vec!["*".to_owned()];
    let patterns = if options.articles.is_empty() {
        &every
    } else {
        &options.articles
    };
    let articles = select("export", patterns, &synced)?;
    let mut written = Vec::new();
    let mut write = |name: String, text: &str| -> Result<(), PipelineError> {
        let path = folder.join(name);
        write_durably(&path, text.as_bytes())?;
        written.push(path);
        Ok(())
    };
    for lang in &workspace.config().targets {
        let glossary = glossary(workspace, lang)?;
        for article in &articles {
            let file = format!("{}.{lang}", article.id);
            let hand_out = WriteOptions {
                hand_out: true,
                terms: term_notes(&glossary, article)?,
                tool: Some(tool()),
                ..WriteOptions::default()
            };
            if options.xliff_1_2 {
                write(
                    format!("{file}.xlf"),
                    &v1_2::write(article, lang, &hand_out),
                )?;
            }
            if options.xliff_2_0 {
                let middle = if options.xliff_1_2 { ".2.0" } else { "" };
                write(
                    format!("{file}{middle}.xlf"),
                    &v2::write(article, lang, &hand_out),
                )?;
            }
            if options.tmx {
                let Tool { name, version } = tool();
                let memory =
                    Tmx::from_articles([*article], lang, State::Translated, (name, version));
                write(format!("{file}.tmx"), &tmx::write(&memory))?;
            }
            if options.csv {
                write(format!("{file}.csv"), &table(article, lang)?)?;
            }
        }
    }
    Ok(written)
}

/// The sentences of an article as CSV: `id,kind,source,target,state,notes`. A byte order mark
/// makes spreadsheets read it as UTF-8.
fn table(article: &Article, lang: &Lang) -> Result<String, PipelineError> {
    let failed = |error: &dyn std::fmt::Display| {
        PipelineError::Nothing(format!("{}: writing CSV failed: {error}", article.id))
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["id", "kind", "source", "target", "state", "notes"])
        .map_err(|e| failed(&e))?;
    for block in &article.blocks {
        for segment in &block.segments {
            let target = segment.target(lang);
            let theirs = segment.targets.get(lang).map_or(&[][..], |t| &t.notes);
            let notes: Vec<&str> = segment
                .notes
                .iter()
                .chain(theirs)
                .map(|note| note.text.as_str())
                .collect();
            writer
                .write_record([
                    segment.id.as_str(),
                    block.kind.name(),
                    &segment.source.text(),
                    &target.map_or(String::new(), |target| target.content.text()),
                    target.map_or(State::Initial, |target| target.state).name(),
                    &notes.join("\n"),
                ])
                .map_err(|e| failed(&e))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    let text = String::from_utf8(bytes).map_err(|e| failed(&e))?;
    Ok(format!("\u{feff}{text}"))
}
