//! Words and their frequencies, from jieba's dictionary.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use rustc_hash::FxHashMap;

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

/// The logarithm of the likelihood of a word that the dictionary lacks.
pub(super) const UNKNOWN: f64 = -19.91;

/// Log-frequencies of words, those asked for before remembered.
pub(super) struct Frequencies {
    /// Words of the dictionary, packed.
    words: FxHashMap<u64, f64>,
    /// What was asked last, packed, and the answer: NaN for what is no word. Each question has
    /// one place.
    asked: Vec<(u64, f64)>,
}

/// How many answers are remembered: they fit a processor's cache.
const REMEMBERED: usize = 1 << 16;

impl Default for Frequencies {
    fn default() -> Self {
        Self {
            words: FxHashMap::default(),
            asked: vec![(0, 0.0); REMEMBERED],
        }
    }
}

impl Frequencies {
    /// The logarithm of the frequency of the word of these characters; none if it is no word.
    pub(super) fn of(&mut self, word: impl Iterator<Item = char> + Clone) -> Option<f64> {
        let Some(key) = key(word.clone()) else {
            let word: String = word.collect();
            return jieba().has_word(&word).then(|| log_frequency(&word));
        };
        let place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize % REMEMBERED;
        let (asked, answer) = self.asked[place];
        if asked == key {
            return (!answer.is_nan()).then_some(answer);
        }
        // Four characters of the basic plane.
        let mut text = [0; 12];
        let mut length = 0;
        for c in word {
            length += c.encode_utf8(&mut text[length..]).len();
        }
        let text = std::str::from_utf8(&text[..length]).unwrap_or_default();
        let answer = jieba().has_word(text).then(|| self.of_known(key, text));
        self.asked[place] = (key, answer.unwrap_or(f64::NAN));
        answer
    }

    /// The same for a word that the dictionary is known to have.
    pub(super) fn of_word(&mut self, word: &str) -> f64 {
        match key(word.chars()) {
            Some(key) => self.of_known(key, word),
            None => log_frequency(word),
        }
    }

    fn of_known(&mut self, key: u64, word: &str) -> f64 {
        *self.words.entry(key).or_insert_with(|| log_frequency(word))
    }
}

/// One to four characters of the basic plane as a number; other words have none.
fn key(word: impl Iterator<Item = char>) -> Option<u64> {
    let mut key = 0_u64;
    for c in word {
        let unit = u16::try_from(u32::from(c)).ok()?;
        if unit == 0 || key >> 48 != 0 {
            return None;
        }
        key = key << 16 | u64::from(unit);
    }
    (key != 0).then_some(key)
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
