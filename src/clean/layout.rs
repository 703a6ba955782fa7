//! The page that the text came from: how wide its column was, and where its lines ended.
//!
//! Copied from a page or read by OCR, the ends of printed lines become blanks or line ends. They
//! betray themselves by their distance: nearly all lines of a column are equally long. Some pages
//! count characters (a Han character and a digit alike), others columns of fixed pitch, with some
//! play because a mark must not begin a line.

use std::collections::BTreeSet;

use crate::model::Line;
use crate::script;

/// What a page counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Characters.
    Chars,
    /// Columns: an East Asian character is two wide.
    Columns,
}

impl Unit {
    pub(super) fn of(self, c: char) -> usize {
        match self {
            Self::Chars => 1,
            Self::Columns => script::columns(c),
        }
    }

    pub(super) fn length(self, text: &str) -> usize {
        text.chars().map(|c| self.of(c)).sum()
    }
}

/// The column of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// What its width counts.
    pub(super) unit: Unit,
    /// The length of a full line.
    pub(super) full: usize,
    /// The least length of a line that is still full: a mark, number or word may have moved on.
    pub(super) least: usize,
    /// The greatest length of a full line: a mark may have been squeezed in.
    pub(super) most: usize,
}

impl Column {
    pub(super) fn is_full(&self, length: usize) -> bool {
        (self.least..=self.most).contains(&length)
    }
}

/// What is known of a document's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// The column whose line ends became blanks.
    pub(super) blanks: Option<Column>,
    /// The column whose line ends are line ends of the file.
    pub(super) lines: Option<Column>,
    /// The column whose line ends are line ends of the file with a blank line after each.
    pub(super) spaced: Option<Column>,
    /// Whether paragraphs are set off by blank lines.
    pub(super) has_blank_lines: bool,
    /// Whether paragraphs begin with an indent.
    pub(super) has_indents: bool,
    /// The beginning of the document's text, to ask whether words stand together elsewhere.
    pub(super) sample: String,
    /// How often the sample was searched.
    questions: std::cell::Cell<u32>,
    /// Words of two to four characters that stand between blanks in short lines: names in bylines.
    pub(super) names: BTreeSet<String>,
}

/// How many names are kept: far more than any newspaper has authors.
const MOST_NAMES: usize = 4096;

impl Page {
    /// Whether the two characters on either side of a seam stand together elsewhere. Asked of a
    /// document a few hundred times at most: then it is no article, and the answer is no.
    pub(super) fn has_together(&self, before: &str, after: &str) -> bool {
        const MOST_QUESTIONS: u32 = 400;
        if self.questions.get() >= MOST_QUESTIONS {
            return false;
        }
        self.questions.set(self.questions.get() + 1);
        super::sense::seam(before, after).is_some_and(|seam| self.sample.contains(&seam))
    }
}

impl Page {
    /// Whether the document has a Latin word, or it with a capital or without.
    pub(super) fn has_word(&self, word: &str) -> bool {
        const MOST_QUESTIONS: u32 = 2000;
        if self.questions.get() >= MOST_QUESTIONS || word.len() > 40 {
            return false;
        }
        self.questions.set(self.questions.get() + 1);
        let letter = |c: char| c.is_alphanumeric() && !script::is_cjk(c);
        let lower = word.to_lowercase();
        let mut capital = String::new();
        let mut chars = lower.chars();
        capital.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        capital.push_str(chars.as_str());
        [word, &lower, &capital].into_iter().any(|word| {
            self.sample.match_indices(word).any(|(at, _)| {
                !self.sample[..at].ends_with(letter)
                    && !self.sample[at + word.len()..].starts_with(letter)
            })
        })
    }
}

/// The length of [`Page::sample`] in bytes: an article or two.
const SAMPLE: usize = 60_000;

/// Pieces of text longer than this were never one line of a column.
const WIDEST: usize = 120;
/// Pieces shorter than this don't show a column.
const NARROWEST: usize = 8;

pub(super) fn measure(lines: &[Line]) -> Page {
    let mut pieces = Histograms::default();
    let mut ends = Histograms::default();
    let mut stopped = Histograms::default();
    let (mut spaced, mut spaced_stopped, mut with_marks) =
        <(Histograms, Histograms, Histograms)>::default();
    let mut sample = String::new();
    let mut names = BTreeSet::new();
    let (mut blanks, mut indents, mut flush) = (0_usize, 0_usize, 0_usize);
    for (i, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        if sample.len() < SAMPLE {
            let room = SAMPLE - sample.len();
            sample.push_str(&text[..text.floor_char_boundary(room)]);
            sample.push('\n');
        }
        let count = text.matches(' ').count();
        if count > 0 && text.len() < 200 && names.len() < MOST_NAMES {
            let is_name = |word: &&str| {
                (2..=4).contains(&word.chars().count()) && word.chars().all(script::is_han)
            };
            names.extend(text.split_whitespace().filter(is_name).map(str::to_owned));
        }
        if count >= 2 && line.text.chars().any(script::is_han) {
            for piece in text.split(' ').take(count) {
                pieces.add(piece);
            }
        }
        if i > 0 && line.blank_before > 0 {
            blanks += 1;
        }
        if line.text.starts_with(['\u{3000}', '\t', ' ']) {
            indents += 1;
        } else {
            flush += 1;
        }
        let followed = lines.get(i + 1).is_some_and(|next| next.blank_before == 0);
        if followed {
            // The indent of a paragraph is part of its first line.
            let text = line.text.trim_end();
            ends.add(text);
            if super::breaks::ends_with_stop(text) {
                stopped.add(text);
            }
        }
        if lines.get(i + 1).is_some_and(|next| next.blank_before == 1) {
            let text = line.text.trim_end();
            spaced.add(text);
            if super::breaks::ends_with_stop(text) {
                spaced_stopped.add(text);
            }
            if text.contains(['，', '。', '、', '；']) {
                with_marks.add(text);
            }
        }
    }
    // Headlines have no stop and may be as long as each other, but hardly any marks.
    let spaced = spaced.column().filter(|column| {
        let all = spaced.within(column);
        ends.total < 3
            && all >= 6
            && 3 * spaced_stopped.within(column) <= all
            && 3 * with_marks.within(column) >= all
    });
    Page {
        blanks: pieces.column(),
        spaced,
        // Most lines of a column end in mid-sentence: lines that don't are paragraphs, and as long
        // as each other by chance.
        lines: ends
            .column()
            .filter(|column| 3 * stopped.within(column) <= ends.within(column)),
        has_blank_lines: blanks > 0,
        has_indents: indents > 0 && flush > 0,
        sample,
        questions: std::cell::Cell::default(),
        names,
    }
}

/// How often each length occurs, in both units.
struct Histograms {
    chars: [u32; WIDEST + 1],
    columns: [u32; WIDEST + 1],
    total: u32,
}

impl Default for Histograms {
    fn default() -> Self {
        Self {
            chars: [0; WIDEST + 1],
            columns: [0; WIDEST + 1],
            total: 0,
        }
    }
}

impl Histograms {
    fn add(&mut self, piece: &str) {
        // Four bytes a character at most: longer pieces need not be counted.
        if piece.is_empty() || piece.len() > 4 * WIDEST {
            self.total += u32::from(!piece.is_empty());
            return;
        }
        self.total += 1;
        let (chars, columns) = piece
            .chars()
            .fold((0, 0), |(n, w), c| (n + 1, w + script::columns(c)));
        if let Some(count) = self.chars.get_mut(chars) {
            *count += 1;
        }
        if let Some(count) = self.columns.get_mut(columns) {
            *count += 1;
        }
    }

    /// How many pieces are as long as a full line.
    fn within(&self, column: &Column) -> u32 {
        let counts = match column.unit {
            Unit::Chars => &self.chars,
            Unit::Columns => &self.columns,
        };
        let most = column.most.min(WIDEST);
        counts
            .get(column.least..=most)
            .map_or(0, |counts| counts.iter().sum())
    }

    /// The column that most pieces fit, if there is one.
    fn column(&self) -> Option<Column> {
        let (full, count) = best(&self.chars, 1);
        let (start, pitched) = best(&self.columns, 6);
        // A page that counts characters has lines of exactly one length; by columns they scatter
        // less only where the text has hardly any figures, and then both say the same.
        if full >= NARROWEST && count >= 3 && 2 * count >= self.total && 10 * count >= 9 * pitched {
            return Some(Column {
                unit: Unit::Chars,
                full,
                least: full,
                most: full,
            });
        }
        // In fixed pitch a full line is up to two characters short or one long.
        if start >= 2 * NARROWEST && pitched >= 3 && 2 * pitched >= self.total {
            let window = &self.columns[start..start + 6];
            let full = start
                + window
                    .iter()
                    .enumerate()
                    .max_by_key(|&(i, &n)| (n, i))
                    .map_or(0, |(i, _)| i);
            return Some(Column {
                unit: Unit::Columns,
                full,
                least: full.saturating_sub(5),
                most: full + 4,
            });
        }
        None
    }
}

/// The first length of the fullest window of `size` lengths, and how many pieces it holds. Of
/// equally full windows the longest lengths win.
fn best(counts: &[u32; WIDEST + 1], size: usize) -> (usize, u32) {
    counts
        .windows(size)
        .enumerate()
        .skip(NARROWEST)
        .map(|(start, window)| (start, window.iter().sum::<u32>()))
        .max_by_key(|&(start, count)| (count, start))
        .unwrap_or((0, 0))
}
