//! Checks XLIFF files against the standard: its structure, and its constraints in prose.
//!
//! The rules are those of XLIFF 1.2 (transitional), 2.0, 2.1 and 2.2. Extensions are left alone
//! where the standard allows them.

mod fragment;
mod inline;
mod modules;
mod report;
mod schema;
mod structure;
mod tables;
mod v1;
mod v2;

use std::path::Path;

use crate::model::Severity;
use crate::xml::{Event, Limits, Parser, Place};

use super::reader::decode;
use super::{XliffError, ns};
use report::Report;

/// What the lint says about a place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// Where it is.
    pub place: Place,
    /// The rule, `family.name`: families are xml, structure, id, reference, language, state, code,
    /// order, space, module.
    pub rule: &'static str,
    /// How bad it is: an error breaks the standard, a warning is allowed but likely to be lost.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// Checks a file; `path` is named in the results. The list is in the order of the file.
///
/// A file that can't be read as XML, or is no XLIFF at all, gives one result.
#[must_use]
pub fn lint(path: &Path, bytes: &[u8], limits: &Limits) -> Vec<Lint> {
    let unreadable = |error: XliffError| {
        vec![Lint {
            place: error.place,
            rule: "xml.unreadable",
            severity: Severity::Error,
            message: error.problem.to_string(),
        }]
    };
    let text = match decode(path, bytes, limits) {
        Ok(text) => text,
        Err(error) => return unreadable(error),
    };
    // The reader knows which roots are XLIFF.
    if let Err(error) = super::Reader::new(path, &text, limits) {
        return unreadable(error);
    }
    let mut parser = Parser::new(&text, limits);
    let tree = loop {
        match parser.next() {
            Ok(Event::Start(tag)) => {
                break parser.element(tag).and_then(|root| {
                    // What stands behind the root must be nothing.
                    parser.next().map(|_| root)
                });
            }
            Ok(_) => {}
            Err(fault) => break Err(fault),
        }
    };
    let root = match tree {
        Ok(root) => root,
        Err(fault) => {
            return unreadable(XliffError {
                place: Place::of(path, &text, fault.at),
                problem: fault.problem.into(),
            });
        }
    };
    let mut report = Report::new(path, &text);
    if root.ns == ns::V2 || root.ns == ns::V2_2 {
        v2::check(&root, &mut report);
    } else {
        v1::check(&root, &mut report);
    }
    report.finish()
}
