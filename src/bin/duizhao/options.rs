//! What several commands take.

use std::path::PathBuf;

use clap::ValueEnum;
use duizhao::model::Lang;
use duizhao::workspace::{Workspace, WorkspaceError};

use crate::exit::BadUsage;

/// Where the workspace is.
#[derive(clap::Args)]
pub struct InWorkspace {
    /// The workspace [default: the nearest parent with a duizhao.toml]
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
}

impl InWorkspace {
    /// The workspace that is meant.
    pub fn open(&self) -> Result<Workspace, WorkspaceError> {
        match &self.directory {
            Some(directory) if !directory.join(duizhao::workspace::CONFIG_FILE).is_file() => {
                Err(WorkspaceError::NoConfig(directory.clone()))
            }
            Some(directory) => Workspace::open(directory),
            None => Workspace::find(std::path::Path::new(".")),
        }
    }
}

/// The target language that is meant: the one that was named, or the workspace's only one.
pub fn target(workspace: &Workspace, named: Option<&Lang>) -> Result<Lang, BadUsage> {
    let targets = &workspace.config().targets;
    match (named, targets.as_slice()) {
        (Some(lang), _) if targets.contains(lang) => Ok(lang.clone()),
        (None, [lang]) => Ok(lang.clone()),
        _ => {
            let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
            let targets = targets.join("|");
            Err(BadUsage(format!(
                "name one of the workspace's languages: --lang {targets}"
            )))
        }
    }
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}
