//! A translation that exists: two files become an alignment, and the alignment becomes the record
//! of the source's articles.
//!
//! Contract: no sentence of the translation is lost. One that answers to source sentences is their
//! target; one that answers to none is kept in a note on the sentence before it. A target that a
//! person or an engine wrote is never replaced: the aligned one becomes a suggestion.

mod codes;
mod store;
mod text;

pub use store::Stored;
pub use text::Text;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::PipelineError;
use super::source::SourceReader;
use super::sync::{Synced, sync, wait_for_lock, write_records};
use super::terms::glossary;
use crate::align::table::{TableError, read_rows};
use crate::align::{AlignOptions, Alignment, Dictionary, DictionaryError, align};
use crate::ingest::IngestError;
use crate::model::{Article, Lang, State};
use crate::tmx::{Tmx, TmxUnit, Variant};
use crate::workspace::{SourceFile, Workspace, WorkspaceError, read_file};

/// Why two files could not be aligned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AlignFilesError {
    /// The workspace or its sources can't be read or written.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// A file can't be read as text.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A file can't be read at all.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The dictionary breaks its format.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The table of rows breaks its format.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A file is not UTF-8.
    #[error("{0}: not UTF-8; convert it, for example with iconv")]
    Encoding(PathBuf),
    /// The source does not belong to the workspace.
    #[error(
        "{0} is not in sources/ of the workspace, so that its alignment has no record to go to; \
         copy it to sources/, or print the alignment with --format"
    )]
    NotASource(PathBuf),
    /// A language that the workspace does not translate into.
    #[error("the workspace does not translate into {lang}; its targets are {targets}")]
    NotATarget {
        /// The language.
        lang: Lang,
        /// The languages that it translates into.
        targets: String,
    },
}

/// The two texts and all that helps to align them.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The source.
    pub source: Text,
    /// Its translation.
    pub target: Text,
    /// Terms of the workspace, where there is one.
    pub terms: Vec<(String, String)>,
    /// Approved pairs of sentences, likewise.
    pub memory: Vec<(String, String)>,
}

/// What to read, and how.
#[derive(Clone, Debug, Default)]
pub struct PairOptions {
    /// Each line is one sentence, and blank lines end a paragraph.
    pub lines: bool,
    /// The languages; told by script where they are not given.
    pub langs: Option<(Lang, Lang)>,
}

impl Pair {
    /// Reads both files. A source that lies in the workspace is cut as the workspace cuts it, so
    /// that numbers of sentences are those of the record.
    pub fn read(
        source: &Path,
        target: &Path,
        workspace: Option<&Workspace>,
        options: &PairOptions,
    ) -> Result<Self, AlignFilesError> {
        let langs = options.langs.as_ref();
        let known = match workspace {
            Some(workspace) if !options.lines => {
                find_source(workspace, source)?.map(|file| (workspace, file))
            }
            _ => None,
        };
        let source = match known {
            Some((workspace, file)) => Text::of_articles(
                workspace.config().source.clone(),
                &SourceReader::new(workspace)?.read(&file)?.0,
            ),
            None => Text::read(source, langs.map(|(lang, _)| lang), options.lines)?,
        };
        let target = Text::read(target, langs.map(|(_, lang)| lang), options.lines)?;
        let mut pair = Self {
            source,
            target,
            terms: Vec::new(),
            memory: Vec::new(),
        };
        if let Some(workspace) = workspace {
            pair.add_terms(workspace)?;
        }
        Ok(pair)
    }

    /// Aligns the pair; rows that a person gave are taken instead where there are any.
    #[must_use]
    pub fn align(&self, dictionary: Option<&Dictionary>) -> Alignment {
        let options = AlignOptions {
            source: self.source.lang.clone(),
            target: self.target.lang.clone(),
            terms: self.terms.clone(),
            dictionary,
            memory: self.memory.clone(),
        };
        align(&self.source.strings(), &self.target.strings(), &options)
    }

    /// Reads corrected rows. A row that the aligner would not make is a person's: its score is 1.
    pub fn read_rows(
        &self,
        path: &Path,
        dictionary: Option<&Dictionary>,
    ) -> Result<Alignment, AlignFilesError> {
        let table = read_text(path)?;
        let lengths = [self.source.len(), self.target.len()];
        let mut rows = read_rows(&path.to_string_lossy(), &table, lengths)?;
        let own = self.align(dictionary).rows;
        let own: BTreeSet<(&[usize], &[usize])> = own
            .iter()
            .map(|row| (row.source.as_slice(), row.target.as_slice()))
            .collect();
        for row in &mut rows {
            if !own.contains(&(row.source.as_slice(), row.target.as_slice())) {
                row.score = 1.0;
            }
        }
        Ok(Alignment { rows })
    }

    /// The alignment as a translation memory. A row with one side is a unit with one variant.
    #[must_use]
    pub fn to_tmx(&self, alignment: &Alignment, tool: (String, String)) -> Tmx {
        let variant = |text: &Text, sentences: &[usize]| {
            (!sentences.is_empty()).then(|| Variant {
                lang: text.lang.clone(),
                content: text.joined(sentences),
                by: None,
                when: None,
            })
        };
        let units = alignment.rows.iter().map(|row| TmxUnit {
            id: None,
            properties: vec![("x-score".to_owned(), format!("{:.2}", row.score))],
            notes: Vec::new(),
            variants: variant(&self.source, &row.source)
                .into_iter()
                .chain(variant(&self.target, &row.target))
                .collect(),
        });
        Tmx {
            source_lang: Some(self.source.lang.clone()),
            tool,
            units: units.collect(),
        }
    }

    fn add_terms(&mut self, workspace: &Workspace) -> Result<(), AlignFilesError> {
        let config = workspace.config();
        let same = |a: &Lang, b: &Lang| a.primary() == b.primary();
        if !same(&config.source, &self.source.lang) {
            return Ok(());
        }
        for lang in &config.targets {
            if !same(lang, &self.target.lang) {
                continue;
            }
            for concept in glossary(workspace, lang)?.concepts() {
                for term in concept.allowed() {
                    self.terms.push((concept.source.clone(), term.text.clone()));
                }
            }
        }
        Ok(())
    }

    fn add_memory(&mut self, articles: &[Article], lang: &Lang) {
        for segment in articles.iter().flat_map(Article::segments) {
            if let Some(target) = segment.target(lang)
                && target.state >= State::Reviewed
            {
                self.memory
                    .push((segment.source.text(), target.content.text()));
            }
        }
    }
}

/// Reads a dictionary in CC-CEDICT's format.
pub fn read_dictionary(path: &Path) -> Result<Dictionary, AlignFilesError> {
    Ok(Dictionary::read(
        &path.to_string_lossy(),
        &read_text(path)?,
    )?)
}

/// What to align into the record.
#[derive(Clone, Debug)]
pub struct RecordOptions<'a> {
    /// The language of the translation; may be left out where the workspace has one target.
    pub lang: Option<Lang>,
    /// A dictionary.
    pub dictionary: Option<&'a Dictionary>,
    /// A table of corrected rows.
    pub rows: Option<&'a Path>,
}

/// Aligns a source of the workspace with its translation and writes the records of its articles,
/// and no others.
///
/// The alignment takes its time, and others may write meanwhile. Before it is stored, sources and
/// records are read again, and nobody else writes until it is: what is stored adds to the records
/// as they are then. Where the source has other sentences by then, it is aligned anew.
pub fn record(
    workspace: &Workspace,
    source: &Path,
    target: &Path,
    options: &RecordOptions<'_>,
) -> Result<Stored, AlignFilesError> {
    let config = workspace.config();
    let names = || {
        let names: Vec<String> = config.targets.iter().map(Lang::to_string).collect();
        names.join(", ")
    };
    let lang = match (&options.lang, config.targets.as_slice()) {
        (Some(lang), targets) if targets.contains(lang) => lang.clone(),
        (None, [only]) => only.clone(),
        (Some(lang), _) => {
            return Err(AlignFilesError::NotATarget {
                lang: lang.clone(),
                targets: names(),
            });
        }
        (None, _) => {
            let message = format!(
                "the workspace translates into {}; say with --langs which one {} is",
                names(),
                target.display()
            );
            return Err(PipelineError::Nothing(message).into());
        }
    };
    let file = find_source(workspace, source)?
        .ok_or_else(|| AlignFilesError::NotASource(source.to_owned()))?;
    let target = Text::read(target, Some(&lang), false)?;
    let read = || -> Result<(Vec<Article>, Pair), AlignFilesError> {
        let Synced { articles, .. } = sync(workspace)?;
        let (ours, others): (Vec<Article>, Vec<Article>) = articles
            .into_iter()
            .partition(|article| article.original == file.name);
        let mut pair = Pair {
            source: Text::of_articles(config.source.clone(), &ours),
            target: target.clone(),
            terms: Vec::new(),
            memory: Vec::new(),
        };
        pair.add_terms(workspace)?;
        pair.add_memory(&others, &lang);
        Ok((ours, pair))
    };
    let align = |pair: &Pair| match options.rows {
        Some(path) => pair.read_rows(path, options.dictionary),
        None => Ok(pair.align(options.dictionary)),
    };
    let (_, before) = read()?;
    let mut alignment = align(&before)?;
    let _lock = wait_for_lock(workspace)?;
    let (mut ours, now) = read()?;
    if now.source != before.source {
        alignment = align(&now)?;
    }
    let mut stored = store::store(
        &mut ours,
        &now.target,
        &lang,
        &alignment,
        options.rows.is_some(),
    );
    stored.articles = ours.iter().map(|article| article.id.clone()).collect();
    stored.written = write_records(workspace, &ours)?;
    Ok(stored)
}

/// The file of `sources/` that a path names.
fn find_source(workspace: &Workspace, path: &Path) -> Result<Option<SourceFile>, AlignFilesError> {
    let Ok(wanted) = path.canonicalize() else {
        return Ok(None);
    };
    let sources = workspace.sources()?;
    Ok(sources.into_iter().find(|source| {
        let known = workspace.path(&source.name).canonicalize();
        known.is_ok_and(|known| known == wanted)
    }))
}

fn read_text(path: &Path) -> Result<String, AlignFilesError> {
    String::from_utf8(read_file(path)?).map_err(|_| AlignFilesError::Encoding(path.to_owned()))
}
