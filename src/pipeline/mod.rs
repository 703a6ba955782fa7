//! The only place where stages meet: a workspace's sources become articles, articles get
//! translations, and articles become books.
//!
//! Contract: functions take a [`Workspace`](crate::workspace::Workspace) and values, never the
//! clock or the environment. `translations/` is written by [`sync`] and by what brings work back
//! (merge, align, import, snapshots of exports), `build/` by [`build::build`] only.

pub mod align;
pub mod build;
pub mod check;
pub mod export;
pub mod kit;
mod library;
pub mod memory;
pub mod merge;
mod moved;
mod parallel;
pub mod source;
pub mod status;
pub mod sync;
pub mod terms;
pub mod translate;

use std::path::PathBuf;

use crate::clean::DecisionError;
use crate::glossary::GlossaryError;
use crate::ingest::IngestError;
use crate::publish::CoverError;
use crate::publish::epub::EpubError;
use crate::review::SnapshotError;
use crate::segment::SrxError;
use crate::tbx::TbxError;
use crate::tmx::TmxError;
use crate::translate::TranslateError;
use crate::workspace::WorkspaceError;
use crate::xliff::XliffError;

/// Why a pipeline stopped. Each variant carries the stage's own error, which names file and line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The workspace can't be read or written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A source can't be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The decisions about a source's repairs can't be used.
    #[error(transparent)]
    Decisions(#[from] DecisionError),
    /// The rules for sentences can't be used.
    #[error(transparent)]
    Srx(#[from] SrxError),
    /// A term base can't be read.
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    /// A file in `translations/` can't be read.
    #[error("{0}; mend the file, or take its last good version from git")]
    Record(XliffError),
    /// An XLIFF file that came back can't be read.
    #[error(transparent)]
    Xliff(#[from] XliffError),
    /// The snapshot of an export can't be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A term base in TBX can't be read.
    #[error(transparent)]
    Tbx(#[from] TbxError),
    /// A translation memory can't be read.
    #[error(transparent)]
    Tmx(#[from] TmxError),
    /// A cover can't be made.
    #[error("the cover of the book {book:?}: {error}")]
    Cover {
        /// The book's id.
        book: String,
        /// Why.
        error: CoverError,
    },
    /// A book can't be made.
    #[error(transparent)]
    Epub(#[from] EpubError),
    /// A translation run could not begin or go on.
    #[error(transparent)]
    Translate(#[from] TranslateError),
    /// A name or pattern that matches nothing.
    #[error("{0}")]
    Nothing(String),
    /// What is kept of articles that were read before is not what was written there.
    #[error("{0} is damaged; run the same command again")]
    Kept(PathBuf),
    /// Another process is writing in this workspace.
    #[error("{0} is locked: another duizhao is writing in this workspace; wait until it is done")]
    Locked(PathBuf),
}
