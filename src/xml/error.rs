//! What can be wrong with a file as XML.

use super::Place;

/// A file that is not read, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct XmlError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: Problem,
}

/// Why a file is not read as XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// XML's own grammar is broken.
    #[error("not well-formed XML: {0}")]
    Syntax(String),
    /// An internal document type, which could declare entities.
    #[error(
        "a document type with declarations of its own is not read; remove the part in brackets"
    )]
    Doctype,
    /// A reference to an entity that XML does not define.
    #[error("the entity &{0}; is not one of XML's five; write the character itself")]
    Entity(String),
    /// A character that XML does not allow, as such or as a reference.
    #[error("the character U+{0:04X} is not allowed in XML; remove it")]
    Character(u32),
    /// A prefix that no `xmlns` declares.
    #[error("the prefix {0:?} is not declared; add xmlns:{0}=\"…\"")]
    Prefix(String),
    /// Elements nested deeper than the limit.
    #[error("elements are nested deeper than {0} levels; this is no file of a translation tool")]
    Depth(usize),
    /// An element with more attributes than the limit.
    #[error("an element has more than {0} attributes; this is no file of a translation tool")]
    Attributes(usize),
    /// A file larger than the limit.
    #[error("the file has {size} bytes, more than the limit of {limit}; split it")]
    Size {
        /// The size of the file in bytes, as far as it was read.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Bytes that are not text in the encoding that the file states.
    #[error("the file is not valid {0}; save it as UTF-8")]
    Encoding(String),
    /// An encoding that is not known.
    #[error("the encoding {0:?} is not known; save the file as UTF-8")]
    UnknownEncoding(String),
}

/// A problem at a byte offset, before the path is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault<P = Problem> {
    pub(crate) at: usize,
    pub(crate) problem: P,
}

impl Fault {
    pub(crate) fn new(at: usize, problem: Problem) -> Self {
        Self { at, problem }
    }

    pub(crate) fn syntax(at: usize, message: impl Into<String>) -> Self {
        Self::new(at, Problem::Syntax(message.into()))
    }
}
