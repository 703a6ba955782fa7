//! A user's Chinese-English dictionary in CC-CEDICT's format:
//! `傳統 传统 [chuan2 tong3] /tradition/traditional/`.

use rustc_hash::FxHashMap;

/// A dictionary that was read. Both the traditional and the simplified form of a word find it.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    text: String,
    /// Where the glosses of a word stand in `text`; a word can have several entries.
    entries: FxHashMap<String, Vec<(u32, u32)>>,
}

/// Why a dictionary could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DictionaryError {
    /// A line breaks the format.
    #[error(
        "{path}:{line}: not a line of CC-CEDICT; a line is \
         `traditional simplified [pin1 yin1] /gloss/gloss/`, a comment begins with #"
    )]
    Line {
        /// The file.
        path: String,
        /// The 1-based line.
        line: usize,
    },
    /// The file is larger than any dictionary.
    #[error("{path}: larger than 256 MiB; is this a dictionary?")]
    Size {
        /// The file.
        path: String,
    },
}

impl Dictionary {
    /// Reads a dictionary; `path` is for messages. Comments (`#`) and blank lines are skipped.
    pub fn read(path: &str, text: &str) -> Result<Self, DictionaryError> {
        if text.len() > 1 << 28 {
            return Err(DictionaryError::Size { path: path.into() });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let mut entries: FxHashMap<String, Vec<(u32, u32)>> = FxHashMap::default();
        let mut offset = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let start = offset;
            offset += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || DictionaryError::Line {
                path: path.into(),
                line: index + 1,
            };
            let (head, _) = line.split_once(" [").ok_or_else(bad)?;
            let (traditional, simplified) = head.split_once(' ').ok_or_else(bad)?;
            let glosses = line.find("] /").ok_or_else(bad)? + 3;
            // Texts are bounded above, so that offsets fit.
            let range = (
                u32::try_from(start + glosses).map_err(|_| bad())?,
                u32::try_from(start + line.len()).map_err(|_| bad())?,
            );
            entries
                .entry(simplified.to_owned())
                .or_default()
                .push(range);
            if traditional != simplified {
                entries
                    .entry(traditional.to_owned())
                    .or_default()
                    .push(range);
            }
        }
        Ok(Self { text, entries })
    }

    /// Whether the word has an entry.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.entries.contains_key(word)
    }

    /// The number of words that have an entry.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The English words of a word's glosses in lower case, with weights: 1 for a gloss of one
    /// word, less for each word of a longer one. Remarks in brackets, classifiers (`CL:`) and
    /// references to other entries are left out.
    pub(super) fn words(&self, word: &str) -> Vec<(String, f32)> {
        let mut words = Vec::new();
        for &(start, end) in self.entries.get(word).into_iter().flatten() {
            let glosses = &self.text[start as usize..end as usize];
            for gloss in glosses.split(['/', ';']) {
                push_gloss(&mut words, gloss);
            }
        }
        words
    }
}

fn push_gloss(words: &mut Vec<(String, f32)>, gloss: &str) {
    let gloss = gloss.trim();
    if [
        "CL:",
        "variant of",
        "old variant",
        "see ",
        "abbr. for",
        "surname ",
    ]
    .iter()
    .any(|start| gloss.starts_with(start))
    {
        if let Some(name) = gloss.strip_prefix("surname ") {
            words.push((name.to_lowercase(), 0.7));
        }
        return;
    }
    let mut depth = 0_u32;
    let plain: String = gloss
        .chars()
        .filter(|&c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let parts: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(str::to_lowercase)
        .filter(|part| !part.is_empty())
        .filter(|part| !super::english::is_function_word(part) && !is_gloss_word(part))
        .collect();
    if parts.is_empty() || parts.len() > 6 {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most six")]
    let weight = 1.0 / (parts.len() as f32).sqrt();
    words.extend(parts.into_iter().map(|part| (part, weight)));
}

/// Words that glosses explain with, not words that render the entry.
fn is_gloss_word(word: &str) -> bool {
    matches!(
        word,
        "sb" | "sth"
            | "etc"
            | "fig"
            | "lit"
            | "esp"
            | "one's"
            | "somebody"
            | "used"
            | "e"
            | "g"
            | "i"
            | "idiom"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# CC-CEDICT\n\
        傳統 传统 [chuan2 tong3] /tradition/traditional/convention/CL:個|个[ge4]/\n\
        看病 看病 [kan4 bing4] /to visit a doctor; to see a doctor/(of a doctor) to see a patient/\n";

    #[test]
    fn both_scripts_find_an_entry() {
        let dictionary = Dictionary::read("d.u8", SAMPLE).unwrap();
        assert!(dictionary.contains("傳統") && dictionary.contains("传统"));
        let words: Vec<String> = dictionary.words("传统").into_iter().map(|w| w.0).collect();
        assert_eq!(words, ["tradition", "traditional", "convention"]);
    }

    #[test]
    fn longer_glosses_share_their_weight_and_remarks_are_left_out() {
        let dictionary = Dictionary::read("d.u8", SAMPLE).unwrap();
        let words = dictionary.words("看病");
        assert!(words.iter().all(|(_, weight)| *weight < 1.0));
        assert!(words.iter().any(|(word, _)| word == "doctor"));
        assert!(words.iter().any(|(word, _)| word == "patient"));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = Dictionary::read("d.u8", "# x\n传统 tradition\n").unwrap_err();
        assert!(error.to_string().starts_with("d.u8:2: "), "{error}");
    }
}
