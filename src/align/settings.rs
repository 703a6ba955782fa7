//! The constants of the aligner, in one place.

/// Constants. Lengths and scores are in natural logarithms unless said otherwise. They were fitted
/// on manual alignments of Chinese novels, speeches, magazine and academic texts with their
/// English; none of them is specific to a text.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The part of a sentence's words that its translation does not explain.
    pub unexplained: f32,
    /// How much lexical evidence counts, both directions together being 2.
    pub lexical: f32,
    /// How much length counts.
    pub length: f32,
    /// The spread of a translation's length around what its source lets expect, in units of the
    /// square root of that length.
    pub spread: f32,
    /// The degrees of freedom of the length's distribution; small is tolerant.
    pub freedom: f32,
    /// The most that one word can be more probable next to its translation.
    pub surprise: f32,
    /// What a word that stands on one side only costs, in a row that has only one side.
    pub lone_word: f32,
    /// The part of a known word's probability that its listed translations take.
    pub listed: f32,
    /// How many occurrences a listed translation is worth when the texts teach others.
    pub trust: f32,
    /// What is taken off each count before it teaches.
    pub discount: f32,
    /// The scale on which scores are turned to probabilities.
    pub temperature: f32,
    /// What a right row with only one side is worth, a row with both being worth 1.
    pub lone_row: f32,
    /// How many rows the expected shares of row shapes are worth against those found.
    pub shape_trust: f32,
    /// How much paragraph breaks count.
    pub paragraphs: f32,
    /// How often the texts teach and are aligned again.
    pub rounds: usize,
}

impl Settings {
    /// The constants for two versions of one text: most words stay, and length says little beside
    /// them.
    pub fn one_language() -> Self {
        Self {
            unexplained: 0.3,
            lexical: 1.0,
            length: 0.5,
            rounds: 0,
            lone_word: 0.6,
            ..Self::default()
        }
    }

    /// The constants for texts of which so large a part has listed translations. Where little is
    /// listed, much is unexplained even in right rows, and the texts must teach more.
    pub fn for_coverage(&self, coverage: f32) -> Self {
        let lacking = 1.0 - (coverage / ENOUGH).min(1.0);
        Self {
            unexplained: self.unexplained + lacking * (UNLISTED - self.unexplained).max(0.0),
            rounds: self.rounds + if lacking > 0.5 { 2 } else { 0 },
            ..self.clone()
        }
    }
}

/// From this part of listed words on, there is enough to go by.
const ENOUGH: f32 = 0.45;

/// [`Settings::unexplained`] where nothing is listed.
const UNLISTED: f32 = 0.77;

impl Default for Settings {
    fn default() -> Self {
        Self {
            unexplained: 0.65,
            lexical: 0.7,
            length: 0.9,
            spread: 1.0,
            freedom: 10.0,
            surprise: 60.0,
            lone_word: 0.15,
            listed: 0.8,
            trust: 5.0,
            discount: 0.5,
            temperature: 0.8,
            lone_row: 0.2,
            shape_trust: 100.0,
            paragraphs: 1.0,
            rounds: 2,
        }
    }
}
