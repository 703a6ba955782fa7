//! Why an XLIFF file is not read.

use crate::xml::{self, Place, XmlError};

/// An XLIFF file that is not read, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct XliffError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: XliffProblem,
}

/// Why an XLIFF file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XliffProblem {
    /// It is not XML that is read.
    #[error(transparent)]
    Xml(#[from] xml::Problem),
    /// The root is another element.
    #[error("the root element is {0:?}, not \"xliff\"; this is no XLIFF file")]
    Root(String),
    /// The root is `xliff` in a namespace that no version of XLIFF has.
    #[error("{namespace:?} is no namespace of XLIFF {version}; expected {expected:?}")]
    Namespace {
        /// The namespace found.
        namespace: String,
        /// The version that the file states.
        version: String,
        /// The namespace of that version.
        expected: &'static str,
    },
    /// A version that duizhao does not read.
    #[error("XLIFF version {0:?} is not read; save the file as 1.2, 2.0, 2.1 or 2.2")]
    Version(String),
    /// A required attribute is missing.
    #[error("<{element}> has no {attribute} attribute")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// A language tag that is none.
    #[error("{attribute}: {message}")]
    Language {
        /// The attribute that holds it.
        attribute: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Two units of a file have the same id.
    #[error("the unit id {id:?} is used before, on line {first}; ids must differ within a file")]
    Duplicate {
        /// The id.
        id: String,
        /// The line of its first use.
        first: u32,
    },
    /// A unit without a source.
    #[error("the unit {0:?} has no <source>")]
    NoSource(String),
    /// Something stands where it can't.
    #[error("<{child}> can't stand in <{parent}>")]
    Misplaced {
        /// The element.
        child: String,
        /// The element around it.
        parent: String,
    },
    /// Text between structural elements.
    #[error("text outside of a source or target: {0:?}")]
    StrayText(String),
    /// A value of duizhao's own metadata that it did not write.
    #[error("the metadata {name:?} has the value {value:?}, which is not understood; restore it")]
    Metadata {
        /// The name of the value.
        name: String,
        /// The value.
        value: String,
    },
    /// A state that the standard does not have.
    #[error("the state {0:?} does not exist; write initial, translated, reviewed or final")]
    State(String),
    /// A record of an article with more or less than one file element.
    #[error("a record of an article holds one <file>, this one holds {0}")]
    Files(usize),
    /// A code with an illegal number.
    #[error("<cp hex={0:?}> names no character")]
    CodePoint(String),
}

impl From<XmlError> for XliffError {
    fn from(error: XmlError) -> Self {
        Self {
            place: error.place,
            problem: error.problem.into(),
        }
    }
}
