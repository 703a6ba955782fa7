//! Words and their frequencies, from jieba's dictionary.

use std::sync::OnceLock;

use jieba_rs::Jieba;

/// The dictionary; read at the first question, which takes a tenth of a second.
pub(super) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}
