//! What several commands take.

use std::path::PathBuf;

use clap::ValueEnum;
use duizhao::workspace::{Workspace, WorkspaceError};

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

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}
