//! One source file becomes articles: ingest, clean, segment.

use std::sync::Arc;

use crate::clean::{CleanOptions, Decisions, Policy, clean};
use crate::ingest::{IngestOptions, ingest};
use crate::model::{Article, CleanDocument, Lang};
use crate::segment::{SegmentOptions, Srx, segment};
use crate::workspace::{CleanPolicy, SourceFile, Workspace, read_file};

use super::PipelineError;

/// Reads sources as `duizhao.toml` says.
#[derive(Clone, Debug)]
pub struct SourceReader<'a> {
    workspace: &'a Workspace,
    srx: Option<Arc<Srx>>,
}

/// How one source is read.
#[derive(Clone, Debug)]
pub struct SourceOptions {
    /// Bytes to text.
    pub reading: IngestOptions,
    /// Text to clean text.
    pub cleaning: CleanOptions,
    /// Clean text to articles.
    pub segmenting: SegmentOptions,
}

impl SourceOptions {
    /// How a file that belongs to no workspace is read.
    #[must_use]
    pub fn new(path: &str, lang: Lang) -> Self {
        Self {
            reading: IngestOptions {
                lang: Some(lang.clone()),
                ..IngestOptions::default()
            },
            cleaning: CleanOptions::new(lang.clone()),
            segmenting: SegmentOptions::new(path, lang),
        }
    }
}

impl<'a> SourceReader<'a> {
    /// A reader for the sources of a workspace. It is an error where `duizhao.toml` names a source
    /// or a file of rules that is not there.
    pub fn new(workspace: &'a Workspace) -> Result<Self, PipelineError> {
        let config = workspace.config();
        if !config.source_files.is_empty() {
            let sources = workspace.sources()?;
            for about in &config.source_files {
                if !sources.iter().any(|source| source.name == about.file) {
                    let message = format!(
                        "[[source-file]] is about {:?}, which is no file in sources/; write it as \
                         \"sources/page.txt\"",
                        about.file
                    );
                    let quoted = format!("\"{}\"", about.file);
                    return Err(workspace.config_error(&quoted, message).into());
                }
            }
        }
        let srx = match &config.segment.srx {
            Some(name) => {
                let path = workspace.path(name);
                let bytes = read_file(&path).map_err(|error| {
                    let message = format!(
                        "srx = {name:?} can't be read ({error}); name a file of rules (SRX 2.0) \
                         relative to the workspace, or take the line out"
                    );
                    workspace.config_error("srx", message)
                })?;
                Some(Arc::new(Srx::parse(&path.to_string_lossy(), &bytes)?))
            }
            None => None,
        };
        Ok(Self { workspace, srx })
    }

    /// What `duizhao.toml` says about the source of this name.
    #[must_use]
    pub fn options(&self, name: &str) -> SourceOptions {
        let config = self.workspace.config();
        let about = config.source_files.iter().find(|about| about.file == name);
        let mut cleaning = CleanOptions::new(config.source.clone());
        cleaning.policy = match config.clean.policy {
            CleanPolicy::None => Policy::None,
            CleanPolicy::Safe => Policy::Safe,
            CleanPolicy::All => Policy::All,
        };
        SourceOptions {
            reading: IngestOptions {
                encoding: about.and_then(|about| about.encoding.clone()),
                lang: Some(config.source.clone()),
                ..IngestOptions::default()
            },
            cleaning,
            segmenting: SegmentOptions {
                article_lines: about
                    .and_then(|about| about.articles_at.clone())
                    .unwrap_or_default(),
                srx: self.srx.clone(),
                ..SegmentOptions::new(name, config.source.clone())
            },
        }
    }

    /// The articles of a source, freshly segmented, and the decisions about it that apply to
    /// nothing any more, each as a sentence.
    pub fn read(&self, source: &SourceFile) -> Result<(Vec<Article>, Vec<String>), PipelineError> {
        let mut options = self.options(&source.name);
        let bytes = read_file(&self.workspace.path(&source.name))?;
        let decisions = Decisions::file_of(&source.name);
        let path = self.workspace.path(&decisions);
        if path.is_file() {
            let text = String::from_utf8_lossy(&read_file(&path)?).into_owned();
            options.cleaning.decisions = Decisions::parse(&decisions, &text)?;
        }
        let mut cleaned = clean_bytes(&source.name, bytes, &options.reading, &options.cleaning)?;
        let stale = std::mem::take(&mut cleaned.stale_decisions)
            .into_iter()
            .map(|stale| format!("{decisions}: {stale}; remove the decision"))
            .collect();
        self.check_article_lines(&source.name, &cleaned)?;
        Ok((segment(cleaned, &options.segmenting), stale))
    }

    /// Checks the lines at which articles begin (`articles_at`) against the text of the source of
    /// this name: they rise, and none lies behind the last line of text. The error names the line
    /// of `duizhao.toml`.
    pub fn check_article_lines(
        &self,
        name: &str,
        cleaned: &CleanDocument,
    ) -> Result<(), PipelineError> {
        let about = self.workspace.config().source_files.iter();
        let Some(lines) = about
            .filter(|about| about.file == name)
            .find_map(|about| about.articles_at.as_ref())
        else {
            return Ok(());
        };
        let last = (cleaned.passages.last()).map_or(0, |passage| passage.lines.last);
        let wrong = if lines.first() == Some(&0) {
            "lines are counted from 1".to_owned()
        } else if let Some((line, next)) = lines
            .iter()
            .zip(lines.iter().skip(1))
            .find(|(line, next)| line >= next)
        {
            format!("{line} stands before {next}; write each line once, in rising order")
        } else if let Some(line) = lines.iter().find(|&&line| line > last) {
            format!(
                "there is no text at line {line} of {name}, which ends at line {last}; give the \
                 line of a headline, as `duizhao segment {name}` tells it"
            )
        } else {
            return Ok(());
        };
        let message = format!("articles_at = {lines:?}: {wrong}");
        let place = place_of_setting(self.workspace.config_text(), name);
        Err(self.workspace.config_error(place, message).into())
    }
}

/// What follows `articles_at` of the source of this name to the end of the configuration, which
/// stands only there; else the setting's name.
fn place_of_setting<'a>(config: &'a str, name: &str) -> &'a str {
    const SETTING: &str = "articles_at";
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let mut from = 0;
    for table in config.split_inclusive("[[source-file]]") {
        // The table's keys end where the next table begins.
        let keys = table.find("\n[").map_or(table, |end| &table[..end]);
        let setting = keys.match_indices(SETTING).map(|(at, _)| at).find(|&at| {
            let start = keys[..at].rfind('\n').map_or(0, |end| end + 1);
            keys[start..at].trim().is_empty()
        });
        if quoted.iter().any(|quoted| keys.contains(quoted))
            && let Some(at) = setting
        {
            return &config[from + at..];
        }
        from += table.len();
    }
    SETTING
}

/// The clean text of these bytes. `path` names the file in messages and tells its format.
pub fn clean_bytes(
    path: &str,
    bytes: Vec<u8>,
    reading: &IngestOptions,
    cleaning: &CleanOptions,
) -> Result<CleanDocument, PipelineError> {
    let mut document = ingest(path, &bytes, reading)?;
    // The text is in the document now; a large file need not be held twice.
    drop(bytes);
    let left_out = std::mem::take(&mut document.left_out);
    let mut cleaned = clean(document, cleaning);
    cleaned.name_left_out(left_out);
    Ok(cleaned)
}
