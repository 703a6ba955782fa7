//! Why a TMX file is not read.

use crate::xml::{self, Place};

/// A TMX file that is not read, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct TmxError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: TmxProblem,
}

/// Why a TMX file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TmxProblem {
    /// It is not XML that is read.
    #[error(transparent)]
    Xml(#[from] xml::Problem),
    /// The root is another element.
    #[error("the root element is {0:?}, not \"tmx\"; this is no TMX file")]
    Root(String),
    /// A variant without a language, or with none that is a language.
    #[error("<tuv>: {0}")]
    Language(String),
}
