//! Where a sentence ends.

use crate::model::Lang;

mod chinese;
mod spaced;

/// Byte offsets at which `text` is cut into sentences: sorted, none at either end. White space
/// after a sentence belongs to it.
pub(super) fn cuts(text: &str, lang: &Lang) -> Vec<usize> {
    if lang.separates_with_spaces() {
        return spaced::cuts(text);
    }
    chinese::cuts(text)
}
