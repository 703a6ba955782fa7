//! XLIFF 1.2 and 2.x: the bilingual files that translators and their tools speak.
//!
//! | module | does |
//! |---|---|
//! | [`v2`] | writes an article as XLIFF 2.0 (the record in `translations/`, and hand-outs), reads the record back |
//! | [`v1_2`] | writes an article as XLIFF 1.2 (transitional), the hand-out that every tool reads |
//! | [`Reader`] | reads 1.x and 2.x as any tool returns them, unit by unit, in bounded memory |
//! | [`lint`] | checks a file against the standard's structure and its constraints in prose |

mod error;
pub mod lint;
mod reader;
mod rewrite;
mod unit;
pub mod v1_2;
pub mod v2;
mod write_options;

pub use error::{XliffError, XliffProblem};
pub use reader::{BrokenUnit, FileStart, GroupStart, Item, Reader, decode};
pub use rewrite::{RewriteError, rewrite};
pub use unit::{Match, Meta, Part, Unit, UnitNote};
pub use write_options::{TermNote, Tool, WriteOptions};

/// The version of an XLIFF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 1.0, 1.1 and 1.2, which differ in nothing that duizhao reads.
    V1,
    /// 2.0.
    V2_0,
    /// 2.1.
    V2_1,
    /// 2.2.
    V2_2,
}

pub(crate) mod ns {
    //! Namespaces of XLIFF and its modules.
    pub(crate) const V1_1: &str = "urn:oasis:names:tc:xliff:document:1.1";
    pub(crate) const V1_2: &str = "urn:oasis:names:tc:xliff:document:1.2";
    pub(crate) const V2: &str = "urn:oasis:names:tc:xliff:document:2.0";
    pub(crate) const V2_2: &str = "urn:oasis:names:tc:xliff:document:2.2";
    pub(crate) const MATCHES: &str = "urn:oasis:names:tc:xliff:matches:2.0";
    pub(crate) const METADATA: &str = "urn:oasis:names:tc:xliff:metadata:2.0";
    pub(crate) const GLOSSARY: &str = "urn:oasis:names:tc:xliff:glossary:2.0";
}
