//! Hand-out files for translators.

use std::path::{Path, PathBuf};

use super::PipelineError;
use super::build::{select, tool};
use super::kit::kit;
use super::sync::sync_and_save;
use super::terms::{glossary, term_notes};
use crate::glossary::Glossary;
use crate::model::{Article, Lang, State};
use crate::review::Snapshot;
use crate::tmx::{self, Tmx};
use crate::workspace::{Workspace, write_durably};
use crate::xliff::{Tool, WriteOptions, v1_2, v2};

/// What is to be written.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line, and any of them go together"
)]
pub struct ExportOptions {
    /// XLIFF 1.2, transitional.
    pub xliff_1_2: bool,
    /// XLIFF 2.0.
    pub xliff_2_0: bool,
    /// The pairs as TMX 1.4b.
    pub tmx: bool,
    /// The pairs as CSV.
    pub csv: bool,
    /// The source as target where there is none, in XLIFF 1.2.
    pub copy_source: bool,
    /// A zip for each article with all that a translator needs.
    pub kit: bool,
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
    if let Some(kept) = kept_folder(workspace, folder) {
        return Err(PipelineError::Nothing(format!(
            "{}: hand-outs would overwrite what {kept}/ keeps; name another folder with --out",
            folder.display()
        )));
    }
    // Ids that go out must still be those of the record when they come back.
    let (synced, _) = sync_and_save(workspace)?;
    let every = vec!["*".to_owned()];
    let patterns = if options.articles.is_empty() {
        &every
    } else {
        &options.articles
    };
    let articles = select("export", patterns, &synced.articles, |article| &article.id)?;
    let mut written = Vec::new();
    let mut write = |name: String, bytes: &[u8]| -> Result<(), PipelineError> {
        let path = folder.join(name);
        write_durably(&path, bytes)?;
        written.push(path);
        Ok(())
    };
    for lang in &workspace.config().targets {
        let glossary = glossary(workspace, lang)?;
        for article in &articles {
            let file = format!("{}.{lang}", article.id);
            let hand_out = WriteOptions {
                copy_source: options.copy_source,
                ..hand_out(article, lang, &glossary)?
            };
            if options.xliff_1_2 || options.xliff_2_0 || options.kit {
                keep_snapshot(workspace, article, lang, &hand_out)?;
            }
            if options.xliff_1_2 {
                write(
                    format!("{file}.xlf"),
                    v1_2::write(article, lang, &hand_out).as_bytes(),
                )?;
            }
            if options.xliff_2_0 {
                let middle = if options.xliff_1_2 { ".2.0" } else { "" };
                write(
                    format!("{file}{middle}.xlf"),
                    v2::write(article, lang, &hand_out).as_bytes(),
                )?;
            }
            if options.tmx {
                let Tool { name, version } = tool();
                let memory =
                    Tmx::from_articles([*article], lang, State::Translated, (name, version));
                write(format!("{file}.tmx"), tmx::write(&memory).as_bytes())?;
            }
            if options.csv {
                write(format!("{file}.csv"), table(article, lang)?.as_bytes())?;
            }
            if options.kit {
                let kit = kit(article, lang, &hand_out, glossary.concepts())?;
                write(format!("{file}.zip"), &kit)?;
            }
        }
    }
    Ok(written)
}

/// The folder of people's work that `folder` is, or lies in.
fn kept_folder(workspace: &Workspace, folder: &Path) -> Option<&'static str> {
    let whole = |path: &Path| {
        // What does not exist yet has no canonical form; its nearest parent that exists has.
        let path = std::path::absolute(path).ok()?;
        let there = path.ancestors().find(|part| part.exists())?;
        let rest = path.strip_prefix(there).ok()?;
        Some(there.canonicalize().ok()?.join(rest))
    };
    let folder = whole(folder)?;
    ["translations", "sources", "glossary"]
        .into_iter()
        .find(|name| whole(&workspace.path(name)).is_some_and(|kept| folder.starts_with(kept)))
}

/// The options of a hand-out, with the name of its snapshot: what is in a hand-out is compared
/// with when it comes back.
pub(super) fn hand_out(
    article: &Article,
    lang: &Lang,
    glossary: &Glossary,
) -> Result<WriteOptions, PipelineError> {
    let options = WriteOptions {
        hand_out: true,
        terms: term_notes(glossary, article)?,
        tool: Some(tool()),
        ..WriteOptions::default()
    };
    let name = Snapshot::of(article, lang, &options).name;
    Ok(WriteOptions {
        export: Some(name),
        ..options
    })
}

fn keep_snapshot(
    workspace: &Workspace,
    article: &Article,
    lang: &Lang,
    hand_out: &WriteOptions,
) -> Result<(), PipelineError> {
    let snapshot = Snapshot::of(article, lang, hand_out);
    let path = workspace.exports_dir().join(snapshot.file_name());
    // What comes back is worth little without it.
    write_durably(&path, snapshot.to_text().as_bytes())?;
    Ok(())
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
