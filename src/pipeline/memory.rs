//! The workspace's translation memory: the approved pairs of its records, and TMX files that were
//! imported into `translations/memory/`.

use std::path::{Path, PathBuf};

use super::PipelineError;
use super::sync::sync;
use crate::memory::Memory;
use crate::model::{Article, Content, Lang, Suggestion};
use crate::tmx;
use crate::workspace::{Workspace, WorkspaceError, read_file, read_file_up_to, write_durably};
use crate::xml::Limits;

/// From this likeness in percent on, a pair is shown to an engine as an example.
const EXAMPLE: u8 = 70;
/// How many examples an engine is shown for a sentence.
const EXAMPLES: usize = 3;

/// The approved pairs of the records and of the imported files.
pub fn memory(workspace: &Workspace, target: &Lang) -> Result<Memory, PipelineError> {
    memory_of(workspace, target, &sync(workspace)?.articles)
}

/// The same, with articles that were read already.
pub fn memory_of(
    workspace: &Workspace,
    target: &Lang,
    articles: &[Article],
) -> Result<Memory, PipelineError> {
    let mut memory = Memory::new(workspace.config().source.clone(), target.clone());
    for path in imported(workspace)? {
        let tmx = tmx::read(&path, &read_file(&path)?, &Limits::default())?;
        memory.add_tmx(&tmx);
    }
    // What the workspace approved itself comes later, and so counts more.
    for article in articles {
        memory.add_article(article);
    }
    Ok(memory)
}

/// What the memory offers for a source, best first.
#[must_use]
pub fn recall(memory: &Memory, source: &Content) -> Vec<Suggestion> {
    memory.suggestions(source, EXAMPLE, EXAMPLES)
}

/// What an import took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The file in `translations/memory/`.
    pub path: PathBuf,
    /// How many units the file has.
    pub units: usize,
    /// How many pairs of the workspace's languages are in them.
    pub pairs: usize,
}

/// Copies a TMX file into `translations/memory/`, written anew, with the pairs that the workspace
/// has a use for. A file of the same name is replaced.
pub fn import(workspace: &Workspace, path: &Path) -> Result<Imported, PipelineError> {
    let limits = Limits::default();
    let tmx = tmx::read(path, &read_file_up_to(path, limits.bytes)?, &limits)?;
    let config = workspace.config();
    let units = tmx.units.len();
    let mut kept = tmx;
    kept.units.retain(|unit| {
        unit.variant(&config.source).is_some()
            && config
                .targets
                .iter()
                .any(|lang| unit.variant(lang).is_some())
    });
    let pairs = kept.units.len();
    if pairs == 0 {
        return Err(PipelineError::Nothing(format!(
            "{}: none of its {units} units has the workspace's languages ({} and {})",
            path.display(),
            config.source,
            config
                .targets
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let place = folder(workspace).join(format!("{name}.tmx"));
    write_durably(&place, tmx::write(&kept).as_bytes())?;
    Ok(Imported {
        path: place,
        units,
        pairs,
    })
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.path("translations/memory")
}

fn imported(workspace: &Workspace) -> Result<Vec<PathBuf>, PipelineError> {
    let folder = folder(workspace);
    let failed = |source| WorkspaceError::Io {
        path: folder.clone(),
        action: "listing the folder",
        source,
    };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error).into()),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "tmx") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
