//! Collects what the rules say.

use std::path::Path;

use crate::model::Severity;
use crate::xml::{Element, Place};

use super::Lint;

pub(super) struct Report<'a> {
    path: &'a Path,
    text: &'a str,
    /// Offsets of line starts.
    lines: Vec<usize>,
    found: Vec<(usize, Lint)>,
}

impl<'a> Report<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            path,
            text,
            lines: std::iter::once(0).chain(starts).collect(),
            found: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, at: &Element<'_>, rule: &'static str, message: String) {
        self.push(at, rule, Severity::Error, message);
    }

    pub(super) fn warning(&mut self, at: &Element<'_>, rule: &'static str, message: String) {
        self.push(at, rule, Severity::Warning, message);
    }

    fn push(&mut self, at: &Element<'_>, rule: &'static str, severity: Severity, message: String) {
        let offset = at.span.start;
        let line = self.lines.partition_point(|&start| start <= offset).max(1);
        let column = self.text[self.lines[line - 1]..offset].chars().count() + 1;
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let place = Place {
            path: self.path.to_owned(),
            line: small(line),
            column: small(column),
        };
        self.found.push((
            offset,
            Lint {
                place,
                rule,
                severity,
                message,
            },
        ));
    }

    pub(super) fn finish(mut self) -> Vec<Lint> {
        self.found.sort_by_key(|(offset, _)| *offset);
        self.found.into_iter().map(|(_, lint)| lint).collect()
    }
}
