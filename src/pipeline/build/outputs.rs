//! The files that a build made or kept, as a whole.

use serde::{Serialize, Serializer};

use crate::publish::manifest::{File, Files};

/// The files of a build as they come.
#[derive(Default)]
pub(super) struct Made {
    /// Which files of the last build are this one's too.
    pub(super) kept: Vec<bool>,
    /// The others, as they came.
    pub(super) files: Files,
    /// Which of those were written.
    pub(super) written: Vec<bool>,
    /// Names that two outputs have.
    pub(super) twice: Vec<String>,
}

/// All files of a build, sorted by name.
pub(super) struct Outputs<'a> {
    last: &'a Files,
    made: Made,
    /// The places of the made files, sorted by name.
    order: Vec<usize>,
}

impl<'a> Outputs<'a> {
    pub(super) fn new(last: &'a Files, mut made: Made) -> Self {
        let files = &made.files;
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_unstable_by_key(|&at| files.get(at).name);
        let names = || order.iter().map(|&at| files.get(at).name);
        let twice = names()
            .zip(names().skip(1))
            .filter(|(name, next)| name == next)
            .map(|(name, _)| name);
        let kept = names().filter(|name| last.find(name).is_some_and(|at| made.kept[at]));
        let twice: Vec<String> = twice.chain(kept).map(str::to_owned).collect();
        made.twice.extend(twice);
        Self { last, made, order }
    }

    /// The first name, in order, that two outputs have: one of them would be lost.
    pub(super) fn collision(&self) -> Option<&str> {
        self.made.twice.iter().min().map(String::as_str)
    }

    /// The files.
    pub(super) fn iter(&self) -> impl Iterator<Item = File<'_>> {
        let mut kept = (self.last.iter().zip(&self.made.kept))
            .filter_map(|(file, kept)| kept.then_some(file))
            .peekable();
        let made = self.order.iter();
        let mut made = made.map(|&at| self.made.files.get(at)).peekable();
        std::iter::from_fn(move || match (kept.peek(), made.peek()) {
            (Some(one), Some(other)) if one.name > other.name => made.next(),
            (None, _) => made.next(),
            _ => kept.next(),
        })
    }

    /// The names of the last build's files that are none of this.
    pub(super) fn stale(&self) -> impl Iterator<Item = &str> {
        let is_made = |name: &str| {
            let files = &self.made.files;
            let found = self
                .order
                .binary_search_by_key(&name, |&at| files.get(at).name);
            found.is_ok()
        };
        (self.last.iter().zip(&self.made.kept))
            .filter(move |(file, kept)| !**kept && !is_made(file.name))
            .map(|(file, _)| file.name)
    }

    /// The names of the files that were written.
    pub(super) fn written(&self) -> impl Iterator<Item = &str> {
        let written = self.order.iter().filter(|&&at| self.made.written[at]);
        written.map(|&at| self.made.files.get(at).name)
    }
}

impl Serialize for Outputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
