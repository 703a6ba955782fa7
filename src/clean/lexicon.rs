//! Words and their frequencies, from jieba's dictionary.

use std::sync::OnceLock;

use jieba_rs::Jieba;

/// The dictionary; read at the first question, which takes a tenth of a second.
pub(super) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// The natural logarithm of a word's frequency among all words; a word that the dictionary lacks
/// is taken as rarer than any that it has.
pub(super) fn log_frequency(word: &str) -> f64 {
    // The sum of all frequencies of jieba's dictionary.
    const LOG_TOTAL: f64 = 17.91;
    let jieba = jieba();
    if jieba.has_word(word) {
        #[expect(clippy::cast_precision_loss, reason = "frequencies are far below 2^52")]
        let frequency = jieba.suggest_freq(word) as f64;
        frequency.max(1.0).ln() - LOG_TOTAL
    } else {
        -LOG_TOTAL - 2.0
    }
}

/// The characters of common use: the first level of GB 2312, in the order of the standard.
pub(super) fn common_characters() -> impl Iterator<Item = char> {
    static CHARACTERS: OnceLock<String> = OnceLock::new();
    CHARACTERS
        .get_or_init(|| {
            let bytes: Vec<u8> = (0xb0..=0xd7_u8)
                .flat_map(|row| (0xa1..=0xfe_u8).flat_map(move |cell| [row, cell]))
                .collect();
            let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(&bytes);
            text.into_owned()
        })
        .chars()
        .filter(|&c| crate::script::is_han(c))
}
