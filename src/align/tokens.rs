//! Texts as sequences of word types: the units that evidence is counted in.

use rustc_hash::{FxHashMap, FxHashSet};

use super::english;
use super::number;
use super::romanization;
use super::words::Words;
use crate::model::Lang;

/// One sentence.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Its word types, in order.
    pub tokens: Vec<u32>,
    /// Its length in letters and digits, those that make up words in scripts of another kind
    /// (Latin words in Chinese text) weighed down to what they take in translation.
    pub length: f32,
}

/// One of the two texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// All sentences, paragraphs joined.
    pub sentences: Vec<Sentence>,
    /// Whether a paragraph ends after the sentence.
    pub paragraph_end: Vec<bool>,
    /// The word types.
    pub types: Vec<String>,
    /// How often each type occurs.
    pub counts: Vec<u32>,
    /// How often each type stands with a capital letter where no sentence begins, less how often
    /// it stands in lower case: positive for names.
    pub capitals: Vec<i32>,
    /// Words with a capital letter that can be read as pinyin, in lower case, and their types.
    pub names: FxHashMap<String, u32>,
    ids: FxHashMap<String, u32>,
}

impl Side {
    /// The type of this word, if it occurs.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// The number of words in the whole text.
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// These sentences alone, with the counts of the whole text; for scoring only.
    pub fn part(&self, sentences: &[usize]) -> Self {
        let all = sentences.iter();
        Self {
            sentences: all.clone().map(|&at| self.sentences[at].clone()).collect(),
            paragraph_end: all.map(|&at| self.paragraph_end[at]).collect(),
            counts: self.counts.clone(),
            ..Self::default()
        }
    }

    fn intern(&mut self, word: &str) -> u32 {
        let id = if let Some(&id) = self.ids.get(word) {
            id
        } else {
            let id = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
            self.ids.insert(word.to_owned(), id);
            self.types.push(word.to_owned());
            self.counts.push(0);
            self.capitals.push(0);
            id
        };
        self.counts[id as usize] += 1;
        id
    }

    fn push_sentence(&mut self, pieces: &[Piece], length: f32) {
        let tokens = pieces
            .iter()
            .map(|piece| {
                let id = self.intern(&piece.word);
                self.capitals[id as usize] += piece.capital;
                if let Some(name) = &piece.name {
                    self.names.insert(name.clone(), id);
                }
                id
            })
            .collect();
        self.sentences.push(Sentence { tokens, length });
    }
}

struct Piece {
    word: String,
    capital: i32,
    /// The whole word in lower case where it may be a name in pinyin.
    name: Option<String>,
}

impl From<&str> for Piece {
    fn from(word: &str) -> Self {
        Self {
            word: word.to_owned(),
            capital: 0,
            name: None,
        }
    }
}

/// Reads the sentences of a language that separates words with spaces.
pub(super) fn read_spaced(paragraphs: &[Vec<String>], lang: &Lang) -> Side {
    let english = lang.primary() == "en";
    let mut side = Side::default();
    for paragraph in paragraphs {
        for sentence in paragraph {
            let (pieces, length) = spaced_pieces(sentence, lang, english);
            side.push_sentence(&pieces, length);
            side.paragraph_end.push(false);
        }
        if let Some(end) = side.paragraph_end.last_mut() {
            *end = true;
        }
    }
    side
}

/// Reads the sentences of a language written without spaces, cut into these words and, where
/// none is known, into characters.
pub(super) fn read_unspaced(paragraphs: &[Vec<String>], lang: &Lang, words: &Words<'_>) -> Side {
    let mut side = Side::default();
    for paragraph in paragraphs {
        for sentence in paragraph {
            let (pieces, length) = unspaced_pieces(sentence, lang, words);
            side.push_sentence(&pieces, length);
            side.paragraph_end.push(false);
        }
        if let Some(end) = side.paragraph_end.last_mut() {
            *end = true;
        }
    }
    side
}

#[expect(clippy::cast_precision_loss, reason = "lengths of sentences are small")]
fn spaced_pieces(sentence: &str, lang: &Lang, english: bool) -> (Vec<Piece>, f32) {
    let mut pieces = Vec::new();
    let length = sentence.chars().filter(|c| c.is_alphanumeric()).count();
    let numbers = number::find(sentence, lang);
    let mut begins = true;
    let mut cursor = 0;
    for found in &numbers {
        push_spaced(
            &mut pieces,
            &sentence[cursor..found.range.start],
            english,
            &mut begins,
        );
        pieces.push(found.name.as_str().into());
        begins = false;
        cursor = found.range.end;
    }
    push_spaced(&mut pieces, &sentence[cursor..], english, &mut begins);
    (pieces, length as f32)
}

/// Adds the words and marks of a piece of text; `begins` says whether no word came yet.
fn push_spaced(pieces: &mut Vec<Piece>, text: &str, english: bool, begins: &mut bool) {
    let mut rest = text;
    let mut previous = None;
    while let Some(first) = rest.chars().next() {
        if first.is_alphanumeric() {
            let end = word_end(rest);
            push_word(pieces, &rest[..end], english, *begins);
            *begins = false;
            previous = rest[..end].chars().next_back();
            rest = &rest[end..];
            continue;
        }
        if let Some(mark) = mark(first, previous) {
            let run = rest.len() - rest.trim_start_matches(first).len();
            if first != '.' || run >= 3 {
                pieces.push(mark.into());
                *begins |= matches!(mark, "“" | "”" | "?" | "!");
            }
            previous = Some(first);
            rest = &rest[run..];
            continue;
        }
        previous = Some(first);
        rest = &rest[first.len_utf8()..];
    }
}

/// Where the word that a text begins with ends: letters and digits with inner apostrophes and
/// hyphens.
fn word_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(c, '\'' | '’' | '-' | '‐')
            && chars
                .peek()
                .is_some_and(|&(_, next)| next.is_alphanumeric());
        if !c.is_alphanumeric() && !inner {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn push_word(pieces: &mut Vec<Piece>, word: &str, english: bool, begins: bool) {
    let upper = word.chars().next().is_some_and(char::is_uppercase);
    let capital = match (upper, begins) {
        (true, false) => 1,
        (true, true) => 0,
        (false, _) => -1,
    };
    let lower = word.to_lowercase().replace('’', "'");
    let joined = lower.replace(['-', '‐', '\''], "");
    if upper && lower.len() != joined.len() && romanization::is_pinyin(&joined) {
        pieces.push(Piece {
            name: Some(joined.clone()),
            word: joined,
            capital,
        });
        return;
    }
    for part in lower.split(['-', '‐']) {
        let mut part = part;
        let negated = english && part.ends_with("n't");
        if let Some(at) = part.find('\'') {
            part = if negated {
                part[..at].strip_suffix('n').unwrap_or(&part[..at])
            } else {
                &part[..at]
            };
        }
        if english {
            let stem = english::stem(part);
            if !stem.is_empty() && !english::is_function_word(&stem) {
                pieces.push(Piece {
                    word: stem,
                    capital,
                    name: (upper && romanization::is_pinyin(part)).then(|| part.to_owned()),
                });
            }
            if negated {
                pieces.push("not".into());
            }
        } else if part.chars().count() > 1 {
            pieces.push(Piece {
                word: part.to_owned(),
                capital,
                name: None,
            });
        }
    }
}

fn unspaced_pieces(sentence: &str, lang: &Lang, words: &Words<'_>) -> (Vec<Piece>, f32) {
    let mut pieces = Vec::new();
    let mut length = 0.0;
    for c in sentence.chars().filter(|c| c.is_alphanumeric()) {
        length += if c.is_ascii() { 0.3 } else { 1.0 };
    }
    let numbers = number::find(sentence, lang);
    let mut cursor = 0;
    for found in &numbers {
        push_unspaced(&mut pieces, &sentence[cursor..found.range.start], words);
        pieces.push(found.name.as_str().into());
        cursor = found.range.end;
    }
    push_unspaced(&mut pieces, &sentence[cursor..], words);
    (pieces, length)
}

fn push_unspaced(pieces: &mut Vec<Piece>, text: &str, words: &Words<'_>) {
    let mut rest = text;
    let mut previous = None;
    while let Some(first) = rest.chars().next() {
        let taken = if let Some(mark) = mark(first, previous) {
            let run = rest.len() - rest.trim_start_matches(first).len();
            if first != '.' || run >= 3 {
                pieces.push(mark.into());
            }
            run
        } else if first.is_ascii_alphabetic() || (first.is_alphabetic() && !is_ideographic(first)) {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() || is_ideographic(c))
                .unwrap_or(rest.len());
            let word = english::stem(&rest[..end].to_lowercase());
            if !english::is_function_word(&word) {
                pieces.push(word.as_str().into());
            }
            end
        } else if first.is_alphanumeric() {
            let end = words.longest_at(rest);
            if !words.is_function_word(&rest[..end]) {
                pieces.push(rest[..end].into());
            }
            end
        } else {
            first.len_utf8()
        };
        previous = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
}

/// Whether a character is written in scripts that don't separate words.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The mark, in one writing for all languages, that says something about the sentence; commas
/// and full stops don't.
fn mark(c: char, previous: Option<char>) -> Option<&'static str> {
    Some(match c {
        '?' | '？' | '؟' => "?",
        '!' | '！' => "!",
        '…' | '⋯' | '.' => "…",
        ':' | '：' => ":",
        ';' | '；' => ";",
        '(' | '（' => "(",
        ')' | '）' => ")",
        '—' | '―' => "—",
        '%' | '％' => "%",
        '《' | '》' => "《",
        '“' | '‘' | '「' | '『' | '«' => "“",
        '”' | '’' | '」' | '』' | '»' => "”",
        '"' | '\'' => {
            if previous.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '—' | '“')) {
                "“"
            } else {
                "”"
            }
        }
        _ => return None,
    })
}

/// Strings of two to four characters that come up again and again, and more often than their
/// parts would by chance: the words and names of this text.
pub(super) fn repeated_strings(paragraphs: &[Vec<String>]) -> FxHashSet<String> {
    let mut characters: FxHashMap<char, u32> = FxHashMap::default();
    let mut strings: FxHashMap<&str, u32> = FxHashMap::default();
    let mut total = 0_u32;
    for sentence in paragraphs.iter().flatten() {
        for run in sentence.split(|c| !is_ideographic(c)) {
            let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
            for c in run.chars() {
                *characters.entry(c).or_default() += 1;
                total += 1;
            }
            for size in 2..=4 {
                for first in 0..=starts.len().saturating_sub(size) {
                    if first + size > starts.len() {
                        continue;
                    }
                    let end = starts.get(first + size).copied().unwrap_or(run.len());
                    *strings.entry(&run[starts[first]..end]).or_default() += 1;
                }
            }
        }
    }
    let stands_out = |string: &str, count: u32| {
        let expected = string
            .chars()
            .map(|c| f64::from(characters[&c]) / f64::from(total))
            .product::<f64>()
            * f64::from(total);
        f64::from(count) > 12.0 * expected.max(0.02)
    };
    // A name with one more character at its edge (who said, whose hand) is no longer name.
    let extends_another = |string: &str, count: u32| {
        let first = string.chars().next().map_or(0, char::len_utf8);
        let last = string.chars().next_back().map_or(0, char::len_utf8);
        [&string[first..], &string[..string.len() - last]]
            .iter()
            .any(|part| {
                strings
                    .get(part)
                    .is_some_and(|&of_part| of_part >= 2 * count)
            })
    };
    strings
        .iter()
        .filter(|&(_, &count)| count >= 3)
        .filter(|(string, _)| {
            !string.contains([
                '的', '了', '着', '是', '在', '不', '我', '你', '他', '她', '也', '就', '和',
            ])
        })
        .filter(|&(string, &count)| stands_out(string, count) && !extends_another(string, count))
        .map(|(string, _)| (*string).to_owned())
        .collect()
}
