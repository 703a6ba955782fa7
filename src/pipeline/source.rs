//! One source file becomes articles: ingest, clean, segment.

use crate::clean::{CleanOptions, Decisions, Policy, clean};
use crate::ingest::{IngestOptions, ingest};
use crate::model::{Article, CleanDocument};
use crate::segment::{SegmentOptions, segment};
use crate::workspace::{CleanPolicy, SourceFile, Workspace, read_file};

use super::PipelineError;

/// The articles of a file, freshly segmented, with what `duizhao.toml` says about the file.
pub fn read_source(
    workspace: &Workspace,
    source: &SourceFile,
) -> Result<Vec<Article>, PipelineError> {
    let config = workspace.config();
    let about = config
        .source_files
        .iter()
        .find(|about| about.file == source.name);
    let bytes = read_file(&workspace.path(&source.name))?;
    let options = IngestOptions {
        encoding: about.and_then(|about| about.encoding.clone()),
        ..IngestOptions::default()
    };
    let mut cleaning = CleanOptions::new(config.source.clone());
    cleaning.policy = match config.clean.policy {
        CleanPolicy::None => Policy::None,
        CleanPolicy::Safe => Policy::Safe,
        CleanPolicy::All => Policy::All,
    };
    let decisions = Decisions::file_of(&source.name);
    let path = workspace.path(&decisions);
    if path.is_file() {
        let text = String::from_utf8_lossy(&read_file(&path)?).into_owned();
        cleaning.decisions = Decisions::parse(&decisions, &text)?;
    }
    let mut segmenting = SegmentOptions::new(&source.name, config.source.clone());
    if let Some(lines) = about.and_then(|about| about.articles_at.clone()) {
        segmenting.article_lines = lines;
    }
    let cleaned = clean_bytes(&source.name, bytes, &options, &cleaning)?;
    Ok(segment(cleaned, &segmenting))
}

/// The clean text of these bytes. `path` names the file in messages and tells its format.
pub fn clean_bytes(
    path: &str,
    bytes: Vec<u8>,
    reading: &IngestOptions,
    cleaning: &CleanOptions,
) -> Result<CleanDocument, PipelineError> {
    let document = ingest(path, &bytes, reading)?;
    // The text is in the document now; a large file need not be held twice.
    drop(bytes);
    Ok(clean(document, cleaning))
}
