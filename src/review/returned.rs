//! The files that come back, read as far as they can be read.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::decide::states_less;
use super::normal::new_notes;
use super::pairing::has_source;
use super::snapshot::{Snapshot, SnapshotUnit};
use crate::model::Lang;
use crate::xliff::{BrokenUnit, FileStart, Item, Reader, Unit, Version, XliffError, decode};
use crate::xml::Limits;

/// A returned XLIFF file: the `<file>` elements in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The version of the file.
    pub version: Version,
    /// The `<file>` elements, one an article.
    pub files: Vec<ReturnedFile>,
}

/// A `<file>` of a returned XLIFF file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedFile {
    /// What it says about itself.
    pub start: FileStart,
    /// The snapshot that it was read against.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// The units that are as they were exported: their places in the snapshot, and their lines.
    pub(super) as_exported: Vec<(usize, u32)>,
    /// The other units that can be read; all of them where there is no snapshot.
    pub units: Vec<Unit>,
    /// The units that can't be taken as they stand.
    pub broken: Vec<BrokenUnit>,
}

impl ReturnedFile {
    /// The snapshot that it was read against.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref()
    }

    /// The name of the export that it answers, if the tool left it in the file.
    #[must_use]
    pub fn export(&self) -> Option<&str> {
        self.start.meta("export", "name")
    }

    /// Whether it is a translation into this language, or a variety of it.
    #[must_use]
    pub fn is_into(&self, lang: &Lang) -> bool {
        self.start
            .target_lang
            .as_ref()
            .is_none_or(|target| target.primary() == lang.primary())
    }
}

/// Reads a returned file of any version. A unit with a fault of its own does not stop the
/// reading; what is not well-formed does.
pub fn read_returned(path: &Path, bytes: &[u8], limits: &Limits) -> Result<Returned, XliffError> {
    read_returned_against(path, bytes, limits, |_| None)
}

/// Does the same, but keeps no unit that is as it was exported: of a large file, few are left.
/// `exported` is asked for the snapshot of each `<file>`, of which nothing but the start is read
/// yet; without one all of its units are kept.
pub fn read_returned_against(
    path: &Path,
    bytes: &[u8],
    limits: &Limits,
    mut exported: impl FnMut(&ReturnedFile) -> Option<Arc<Snapshot>>,
) -> Result<Returned, XliffError> {
    let text = decode(path, bytes, limits)?;
    let mut reader = Reader::new(path, &text, limits)?.lenient();
    let mut returned = Returned {
        version: reader.version(),
        files: Vec::new(),
    };
    let mut base: Option<Base> = None;
    while let Some(item) = reader.next_item()? {
        match (item, returned.files.last_mut()) {
            (Item::File(start), _) => {
                let mut file = ReturnedFile {
                    start,
                    snapshot: None,
                    as_exported: Vec::new(),
                    units: Vec::new(),
                    broken: Vec::new(),
                };
                file.snapshot = exported(&file);
                base = file.snapshot.clone().map(Base::new);
                returned.files.push(file);
            }
            (Item::Unit(mut unit), Some(file)) => {
                if let Some(at) = base.as_mut().and_then(|base| base.find(&unit)) {
                    file.as_exported.push((at, unit.line));
                    continue;
                }
                unit.shrink_to_fit();
                file.units.push(*unit);
            }
            (Item::Broken(unit), Some(file)) => file.broken.push(*unit),
            _ => {}
        }
    }
    Ok(returned)
}

/// What the units of a `<file>` are compared with as they are read.
struct Base {
    snapshot: Arc<Snapshot>,
    /// Where the next unit is, if the file kept the order.
    next: usize,
    /// Places by id, made when the order is first broken.
    places: FxHashMap<String, usize>,
}

impl Base {
    fn new(snapshot: Arc<Snapshot>) -> Self {
        Self {
            snapshot,
            next: 0,
            places: FxHashMap::default(),
        }
    }

    /// The place in the snapshot of a unit that is as it was exported: source, target, and nothing
    /// that a reviewer added.
    fn find(&mut self, unit: &Unit) -> Option<usize> {
        let at = self.place(&unit.id)?;
        self.next = at + 1;
        is_as_exported(self.snapshot.units.get(at)?, unit).then_some(at)
    }

    fn place(&mut self, id: &str) -> Option<usize> {
        let units = &self.snapshot.units;
        if units
            .get(self.next)
            .is_some_and(|unit| unit.id.as_str() == id)
        {
            return Some(self.next);
        }
        if self.places.is_empty() {
            let ids = units.iter().map(|unit| unit.id.as_str().to_owned());
            self.places = ids.zip(0..).collect();
        }
        self.places.get(id).copied()
    }
}

fn is_as_exported(exported: &SnapshotUnit, unit: &Unit) -> bool {
    let [part] = unit.parts.as_slice() else {
        return false;
    };
    let target = part.target.as_ref().filter(|target| !target.is_blank());
    target.is_some()
        && target == exported.target.as_ref()
        && unit.state() == exported.state
        && !states_less(unit, exported.state)
        && unit.odd_state.is_none()
        && has_source(unit, &exported.source)
        && new_notes(unit, &exported.notes).next().is_none()
}
