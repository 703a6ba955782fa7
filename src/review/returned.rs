//! The files that come back, read as far as they can be read.

use std::path::Path;

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
    /// The units that can be read.
    pub units: Vec<Unit>,
    /// The units that can't be taken as they stand.
    pub broken: Vec<BrokenUnit>,
}

impl ReturnedFile {
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
    let text = decode(path, bytes, limits)?;
    let mut reader = Reader::new(path, &text, limits)?.lenient();
    let mut returned = Returned {
        version: reader.version(),
        files: Vec::new(),
    };
    while let Some(item) = reader.next_item()? {
        match (item, returned.files.last_mut()) {
            (Item::File(start), _) => returned.files.push(ReturnedFile {
                start,
                units: Vec::new(),
                broken: Vec::new(),
            }),
            (Item::Unit(mut unit), Some(file)) => {
                unit.shrink_to_fit();
                file.units.push(*unit);
            }
            (Item::Broken(unit), Some(file)) => file.broken.push(*unit),
            _ => {}
        }
    }
    Ok(returned)
}
