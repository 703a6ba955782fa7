//! The workspace on disk: its root, its folders, and what is read from and written to them.
//!
//! Contract: `sources/`, `glossary/` and `duizhao.toml` are only read; every file is written
//! whole, beside its place and then renamed, so that a crash leaves the old file or the new one.

mod config;
mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

pub use self::config::{
    ArticleConfig, BookConfig, CleanConfig, CleanPolicy, Config, CoverConfig, SegmentConfig,
    SeriesConfig, SourceConfig, VolumeRule, WebConfig, line_of,
};
pub use self::files::{
    NewFile, read_file, read_file_up_to, read_in_parts, write_durably, write_if_changed,
};
use crate::model::{ArticleId, Lang};

/// The name of the file that makes a folder a workspace.
pub const CONFIG_FILE: &str = "duizhao.toml";

/// Why a workspace can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// No folder above has a configuration.
    #[error(
        "{0}: neither this folder nor one above it has a {CONFIG_FILE}; \
         make a workspace with `duizhao init`, or name one with -C"
    )]
    NotFound(PathBuf),
    /// The folder that was named has no configuration.
    #[error("{0}: this folder has no {CONFIG_FILE}; make a workspace with `duizhao init`")]
    NoConfig(PathBuf),
    /// The configuration is no TOML, or says something unknown.
    #[error("{path}:{line}: {message}")]
    Config {
        /// The file.
        path: PathBuf,
        /// The 1-based line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {action} failed")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Two sources would get the same article id.
    #[error(
        "{first} and {second} would both give the article id {id:?}; rename one of the two files"
    )]
    SameId {
        /// One file.
        first: String,
        /// The other file.
        second: String,
        /// The id.
        id: String,
    },
    /// A file in `glossary/` that belongs to no language pair of the workspace.
    #[error(
        "{path}: this is no term base of a language pair of {CONFIG_FILE} (CSV, TSV or TBX, with \
         the pair in its name); call it {example}, for example"
    )]
    GlossaryName {
        /// The file.
        path: String,
        /// A name that would be taken.
        example: String,
    },
}

/// A workspace that was found and whose configuration was read.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    config: Config,
    config_text: String,
}

/// A file in `sources/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// The path relative to the workspace, with `/` between folders: an article's `original`.
    pub name: String,
    /// The article id that the file gives: its stem in NFC with `-` for blanks.
    pub stem: String,
}

/// Whether a file is an article by its extension.
fn is_readable(name: &str) -> bool {
    const KINDS: [&str; 12] = [
        "txt", "text", "md", "markdown", "mdown", "html", "htm", "xhtml", "shtml", "docx", "docm",
        "epub",
    ];
    let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_lowercase());
    kind.is_some_and(|kind| KINDS.contains(&kind.as_str()))
}

/// Whether a file only goes along with articles: a picture or style of a saved page, what a file
/// manager leaves.
fn goes_along(name: &str) -> bool {
    const KINDS: [&str; 19] = [
        "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff", "css",
        "js", "woff", "woff2", "ttf", "otf", "db", "ini",
    ];
    let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_lowercase());
    kind.is_some_and(|kind| KINDS.contains(&kind.as_str()))
}

impl Workspace {
    /// The workspace in `start` or in the nearest folder above it.
    pub fn find(start: &Path) -> Result<Self, WorkspaceError> {
        let start = std::path::absolute(start).map_err(|source| WorkspaceError::Io {
            path: start.into(),
            action: "finding the folder",
            source,
        })?;
        match start
            .ancestors()
            .find(|folder| folder.join(CONFIG_FILE).is_file())
        {
            Some(root) => Self::open(root),
            None => Err(WorkspaceError::NotFound(start)),
        }
    }

    /// The workspace in this folder.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        let path = root.join(CONFIG_FILE);
        let config_text = String::from_utf8(read_file(&path)?).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(&error.as_bytes()[..valid]);
            let line = line_of(&readable, valid);
            WorkspaceError::Config {
                path: path.clone(),
                line,
                message: "not UTF-8".into(),
            }
        })?;
        let config =
            Config::parse(&config_text).map_err(|(line, message)| WorkspaceError::Config {
                path: path.clone(),
                line,
                message,
            })?;
        Ok(Self {
            root: root.to_owned(),
            config,
            config_text,
        })
    }

    /// The folder that holds the configuration.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration as it stands in the file, for fingerprints.
    #[must_use]
    pub fn config_text(&self) -> &str {
        &self.config_text
    }

    /// A path in the workspace.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where outputs go.
    #[must_use]
    pub fn build_dir(&self) -> PathBuf {
        self.root.join("build")
    }

    /// Where the snapshots of exports are.
    #[must_use]
    pub fn exports_dir(&self) -> PathBuf {
        self.root.join("translations/exports")
    }

    /// Where what could not be merged waits for a person.
    #[must_use]
    pub fn quarantine_dir(&self) -> PathBuf {
        self.root.join("translations/quarantine")
    }

    /// Where the journal and locks are.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.root.join(".duizhao")
    }

    /// The text of record of one article in one language.
    #[must_use]
    pub fn record_path(&self, article: &ArticleId, lang: &Lang) -> PathBuf {
        self.root
            .join("translations")
            .join(format!("{article}.{lang}.xlf"))
    }

    /// The files in `sources/` that are articles by their extension, or because `duizhao.toml` has
    /// a `[[source-file]]` about them, sorted by name.
    pub fn sources(&self) -> Result<Vec<SourceFile>, WorkspaceError> {
        let mut sources: Vec<SourceFile> = self
            .list("sources")?
            .into_iter()
            .filter(|name| self.is_source(name))
            .map(|name| SourceFile {
                stem: ArticleId::of_file(&name).to_string(),
                name,
            })
            .collect();
        sources.sort();
        // Many file systems take names for equal that differ in case or in how they are composed:
        // there one record would be written over the other.
        let mut seen: BTreeMap<String, &SourceFile> = BTreeMap::new();
        for source in &sources {
            let name = source.stem.nfc().collect::<String>().to_lowercase();
            if let Some(other) = seen.insert(name, source) {
                return Err(WorkspaceError::SameId {
                    first: other.name.clone(),
                    second: source.name.clone(),
                    id: source.stem.clone(),
                });
            }
        }
        Ok(sources)
    }

    fn is_source(&self, name: &str) -> bool {
        is_readable(name) || (self.config.source_files.iter()).any(|about| about.file == name)
    }

    /// The files in `sources/` that are no articles and seem not to belong to one either, sorted.
    pub fn unread_sources(&self) -> Result<Vec<String>, WorkspaceError> {
        let mut names = self.list("sources")?;
        names.retain(|name| {
            !self.is_source(name) && !name.ends_with(".repairs.toml") && !goes_along(name)
        });
        Ok(names)
    }

    /// The records of one language: article id and path, sorted.
    pub fn records(&self, lang: &Lang) -> Result<Vec<(ArticleId, PathBuf)>, WorkspaceError> {
        let suffix = format!(".{lang}.xlf");
        Ok(self
            .list("translations")?
            .into_iter()
            .filter_map(|name| {
                let file = name.strip_prefix("translations/")?;
                // Snapshots of exports lie in a folder of their own.
                let id = file.strip_suffix(&suffix).filter(|id| !id.contains('/'))?;
                Some((ArticleId::new(id), self.root.join(&name)))
            })
            .collect())
    }

    /// Every file that outputs depend on beside the configuration, sorted: sources with the
    /// decisions about their repairs, term bases, records, pictures and fonts of covers.
    pub fn input_files(&self) -> Result<Vec<String>, WorkspaceError> {
        let mut names = Vec::new();
        for folder in ["sources", "glossary", "translations"] {
            names.extend(self.list(folder)?);
        }
        for book in &self.config.books {
            names.extend(book.cover.image.iter().chain(&book.cover.fonts).cloned());
        }
        let srx = self.config.segment.srx.iter();
        names.extend(srx.filter(|name| self.path(name).is_file()).cloned());
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// An error of the configuration, at the line on which `text` stands.
    #[must_use]
    pub fn config_error(&self, text: &str, message: String) -> WorkspaceError {
        let at = self.config_text.find(text).unwrap_or(0);
        WorkspaceError::Config {
            path: self.root.join(CONFIG_FILE),
            line: line_of(&self.config_text, at),
            message,
        }
    }

    /// The term bases of one language pair, sorted by name: `<source>.<target>.csv`, or any name
    /// that ends so (`people.zh-Hans.en.csv`), in CSV, TSV or TBX. In a workspace of one pair the
    /// languages may be left out of the name.
    pub fn glossaries(&self, target: &Lang) -> Result<Vec<String>, WorkspaceError> {
        let pair_of = |target: &Lang| format!("{}.{target}", self.config.source);
        let pairs: Vec<String> = self.config.targets.iter().map(pair_of).collect();
        let wanted = pair_of(target);
        let mut found = Vec::new();
        for name in self.list("glossary")? {
            let file = name.rsplit('/').next().unwrap_or(&name);
            let Some((stem, extension)) = file.rsplit_once('.') else {
                continue;
            };
            if matches!(extension, "md" | "txt") {
                continue;
            }
            let readable = matches!(extension, "csv" | "tsv" | "tbx");
            let names = |pair: &String| stem == pair || stem.ends_with(&format!(".{pair}"));
            match pairs.iter().find(|pair| names(pair)) {
                _ if !readable => {
                    let example = format!("{wanted}.csv");
                    return Err(WorkspaceError::GlossaryName {
                        path: name,
                        example,
                    });
                }
                Some(pair) if *pair == wanted => found.push(name),
                Some(_) => {}
                // A TBX file says its languages itself.
                None if extension == "tbx" => found.push(name),
                None if pairs.len() == 1 && !names_a_pair(stem) => found.push(name),
                None => {
                    let example = format!("{wanted}.{extension}");
                    return Err(WorkspaceError::GlossaryName {
                        path: name,
                        example,
                    });
                }
            }
        }
        Ok(found)
    }

    /// The files below a folder of the workspace, relative to its root with `/`, sorted; none
    /// where the folder is absent. Hidden files are left out.
    fn list(&self, folder: &str) -> Result<Vec<String>, WorkspaceError> {
        let mut names = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            let failed = |source| WorkspaceError::Io {
                path: path.clone(),
                action: "listing the folder",
                source,
            };
            let entries = match std::fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                let Ok(name) = entry.file_name().into_string() else {
                    return Err(failed(std::io::Error::other(format!(
                        "the file name {} is not UTF-8; rename it",
                        entry.file_name().display()
                    ))));
                };
                if name.starts_with('.') {
                    continue;
                }
                let name = format!("{folder}/{name}");
                // Follows links: a source may be one.
                let kind =
                    std::fs::metadata(entry.path()).map_err(|source| WorkspaceError::Io {
                        path: entry.path(),
                        action: "reading",
                        source,
                    })?;
                if kind.is_dir() {
                    folders.push(name);
                } else {
                    names.push(name);
                }
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Whether a file's stem ends in two language tags, as in `people.zh-Hans.fr`.
fn names_a_pair(stem: &str) -> bool {
    let mut parts = stem.rsplit('.');
    let mut is_lang = || {
        parts
            .next()
            .is_some_and(|part| part.parse::<Lang>().is_ok())
    };
    is_lang() && is_lang()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        dir
    }

    const CONFIG: (&str, &str) = (CONFIG_FILE, "source = \"zh-Hans\"\ntargets = [\"en\"]\n");

    #[test]
    fn a_workspace_is_found_from_below() {
        let dir = workspace(&[CONFIG, ("sources/a/b.txt", "x")]);
        let found = Workspace::find(&dir.path().join("sources/a")).unwrap();
        assert_eq!(found.sources().unwrap()[0].name, "sources/a/b.txt");
        let nowhere = Workspace::find(&std::env::temp_dir()).unwrap_err();
        assert!(nowhere.to_string().contains("duizhao init"), "{nowhere}");
    }

    #[test]
    fn sources_with_one_stem_are_refused() {
        let dir = workspace(&[CONFIG, ("sources/a.txt", "x"), ("sources/b/a.md", "x")]);
        let error = Workspace::open(dir.path()).unwrap().sources().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("sources/a.txt and sources/b/a.md"),
            "{error}"
        );
    }

    #[test]
    fn pictures_beside_articles_are_no_articles() {
        let files = [
            CONFIG,
            ("sources/a.md", "x"),
            ("sources/a/图.JPG", "x"),
            ("sources/Thumbs.db", "x"),
        ];
        let dir = workspace(&files);
        let sources = Workspace::open(dir.path()).unwrap().sources().unwrap();
        assert_eq!(sources.len(), 1);
    }

    #[test]
    fn what_no_reader_knows_is_no_article_and_is_told() {
        let config = format!("{}[[source-file]]\nfile = \"sources/meant\"\n", CONFIG.1);
        let files = [
            (CONFIG_FILE, config.as_str()),
            ("sources/a.TXT", "x"),
            ("sources/a.TXT.repairs.toml", ""),
            ("sources/meant", "x"),
            ("sources/README", "x"),
            ("sources/bak.txt~", "x"),
            ("sources/b/notes.pdf", "x"),
            ("sources/b/图.png", "x"),
        ];
        let dir = workspace(&files);
        let open = Workspace::open(dir.path()).unwrap();
        let sources = open.sources().unwrap();
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["sources/a.TXT", "sources/meant"]);
        assert_eq!(
            open.unread_sources().unwrap(),
            ["sources/README", "sources/b/notes.pdf", "sources/bak.txt~"]
        );
    }

    #[test]
    fn a_glossary_is_never_ignored_in_silence() {
        let two = (
            CONFIG_FILE,
            "source = \"zh-Hans\"\ntargets = [\"en\", \"fr\"]\n",
        );
        let files = [
            two,
            ("glossary/zh-Hans.en.csv", ""),
            ("glossary/people.zh-Hans.fr.csv", ""),
        ];
        let dir = workspace(&files);
        let open = Workspace::open(dir.path()).unwrap();
        let fr = open.glossaries(&"fr".parse().unwrap()).unwrap();
        assert_eq!(fr, ["glossary/people.zh-Hans.fr.csv"]);
        std::fs::write(dir.path().join("glossary/people.csv"), "").unwrap();
        assert!(open.glossaries(&"fr".parse().unwrap()).is_err());
        let dir = workspace(&[CONFIG, ("glossary/people.csv", "")]);
        let open = Workspace::open(dir.path()).unwrap();
        assert_eq!(open.glossaries(&"en".parse().unwrap()).unwrap().len(), 1);
        for odd in ["glossary/zh-Hans.fr.csv", "glossary/terms.xlsx"] {
            std::fs::write(dir.path().join(odd), "").unwrap();
            assert!(open.glossaries(&"en".parse().unwrap()).is_err(), "{odd}");
            std::fs::remove_file(dir.path().join(odd)).unwrap();
        }
    }
}
