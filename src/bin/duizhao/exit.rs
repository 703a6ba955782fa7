//! Exit statuses: a contract with scripts.

use std::process::ExitCode;

use duizhao::pipeline::PipelineError;
use duizhao::translate::TranslateError;
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
    /// The engine failed after its retries, or refused for good; what was answered is kept.
    Engine = 4,
    /// The budget was reached.
    Budget = 5,
    /// The user stopped it: 128 + SIGINT.
    Interrupted = 130,
}

/// What the user, or the environment, asked for can't be done. As an error, or as the context of
/// one.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadUsage(pub String);

impl Status {
    /// The status that an error calls for.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<BadUsage>().is_some() {
            return Self::Usage;
        }
        let pipeline = error.downcast_ref::<PipelineError>();
        let workspace = error.downcast_ref::<WorkspaceError>().or(match pipeline {
            Some(PipelineError::Workspace(error)) => Some(error),
            _ => None,
        });
        let translate = error.downcast_ref::<TranslateError>().or(match pipeline {
            Some(PipelineError::Translate(error)) => Some(error),
            _ => None,
        });
        match (workspace, translate) {
            (Some(WorkspaceError::NotFound(_) | WorkspaceError::NoConfig(_)), _) => Self::Usage,
            (_, Some(error)) => match error.exit_status() {
                2 => Self::Usage,
                4 => Self::Engine,
                5 => Self::Budget,
                130 => Self::Interrupted,
                _ => Self::BadInput,
            },
            _ => Self::BadInput,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}
