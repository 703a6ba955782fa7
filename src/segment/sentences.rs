//! Where a sentence ends.

use crate::model::Lang;

mod chinese;

/// Byte offsets at which `text` is cut into sentences: sorted, none at either end. White space
/// after a sentence belongs to it.
pub(super) fn cuts(text: &str, lang: &Lang) -> Vec<usize> {
    if lang.is_chinese() {
        return chinese::cuts(text);
    }
    chinese::cuts(text)
}
