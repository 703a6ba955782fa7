//! Exit statuses: a contract with scripts.

use std::process::ExitCode;

use duizhao::pipeline::PipelineError;
use duizhao::workspace::WorkspaceError;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done = 0,
    /// Findings under `--strict`, quarantined units, errors found by a lint.
    Findings = 1,
    /// Bad usage: no workspace, unknown engine, missing key.
    Usage = 2,
    /// Bad input, with file, line and what to do.
    BadInput = 3,
}

impl Status {
    /// The status that an error calls for.
    pub fn of(error: &anyhow::Error) -> Self {
        let workspace = error.downcast_ref::<WorkspaceError>().or_else(|| {
            match error.downcast_ref::<PipelineError>() {
                Some(PipelineError::Workspace(error)) => Some(error),
                _ => None,
            }
        });
        match workspace {
            Some(WorkspaceError::NotFound(_)) => Self::Usage,
            _ => Self::BadInput,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
