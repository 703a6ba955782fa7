//! Alignments as tab-separated tables: for programs, for `check --pairs`, and for a person with a
//! spreadsheet, whose corrections are read back.
//!
//! Numbers of sentences stand in one cell with a blank between them (`4 5`), because spreadsheets
//! take other separators for decimals or dates.

use std::fmt::Write;

use super::Row;

const SOURCE: &str = "source_sentences";
const TARGET: &str = "target_sentences";
const SCORE: &str = "score";

/// Why a table of rows could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {problem}")]
pub struct TableError {
    /// The file.
    pub path: String,
    /// The 1-based line.
    pub line: usize,
    /// What is wrong.
    pub problem: TableProblem,
}

/// What is wrong with a table of rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableProblem {
    /// A column is missing from the header.
    #[error(
        "the header has no column {0:?}; use a file that `duizhao align --review` wrote, with its \
         header"
    )]
    Column(&'static str),
    /// A cell is no list of sentence numbers.
    #[error("{0:?} is not a list of sentence numbers (write `4`, or `4 5` for two)")]
    Number(String),
    /// A score is not between 0 and 1.
    #[error("the score {0:?} is not a number from 0 to 1; empty the cell if you are sure")]
    Score(String),
    /// A sentence that the text does not have.
    #[error("the {side} has no sentence {number}; its last one is {last}")]
    NoSentence {
        /// Source or target.
        side: &'static str,
        /// The number.
        number: usize,
        /// The greatest number there is.
        last: usize,
    },
    /// A sentence in two rows.
    #[error("sentence {number} of the {side} is already in the row of line {first}")]
    Twice {
        /// Source or target.
        side: &'static str,
        /// The number.
        number: usize,
        /// The line that has it too.
        first: usize,
    },
    /// A sentence in no row.
    #[error(
        "sentence {number} of the {side} is in no row; give it a row of its own if it has no \
         counterpart"
    )]
    Missing {
        /// Source or target.
        side: &'static str,
        /// The number.
        number: usize,
    },
}

/// Writes pairs: the texts first, as `check --pairs` reads them, then score and sentence numbers.
/// `source` and `target` are all sentences; `join` is what stands between sentences of a row.
#[must_use]
pub fn write_pairs(rows: &[Row], source: &[String], target: &[String], join: [&str; 2]) -> String {
    let mut text = format!("source\ttarget\t{SCORE}\t{SOURCE}\t{TARGET}\n");
    for row in rows {
        let texts = [
            joined(&row.source, source, join[0]),
            joined(&row.target, target, join[1]),
        ];
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{}\t{}\t{:.2}\t{}\t{}",
            texts[0],
            texts[1],
            row.score,
            numbers(&row.source),
            numbers(&row.target)
        );
    }
    text
}

/// Writes a table to correct: sentence numbers first, each sentence with its number before it, and
/// `?` in the last column where a person should look ([`Row::is_doubtful`]).
#[must_use]
pub fn write_review(rows: &[Row], source: &[String], target: &[String]) -> String {
    let mut text = format!("{SOURCE}\t{TARGET}\t{SCORE}\tsource\ttarget\tlook\n");
    for row in rows {
        let look = if row.is_doubtful() { "?" } else { "" };
        let _ = writeln!(
            text,
            "{}\t{}\t{:.2}\t{}\t{}\t{look}",
            numbers(&row.source),
            numbers(&row.target),
            row.score,
            numbered(&row.source, source),
            numbered(&row.target, target)
        );
    }
    text
}

/// Reads rows back, in the order of the source. Only the sentence numbers and the score count; the
/// texts may be edited or deleted. An empty score is 1: a person is sure. `lengths` are the numbers
/// of source and target sentences; each must be in exactly one row.
pub fn read_rows(path: &str, text: &str, lengths: [usize; 2]) -> Result<Vec<Row>, TableError> {
    let at = |line: usize, problem: TableProblem| TableError {
        path: path.to_owned(),
        line,
        problem,
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate();
    let header: Vec<&str> = lines
        .next()
        .map(|(_, line)| line.split('\t').map(unquoted).collect())
        .unwrap_or_default();
    let column = |name: &'static str| {
        let found = header.iter().position(|cell| *cell == name);
        found.ok_or_else(|| at(1, TableProblem::Column(name)))
    };
    let columns = [column(SOURCE)?, column(TARGET)?];
    let score_column = column(SCORE)?;
    let mut rows = Vec::new();
    let mut seen = [vec![0; lengths[0]], vec![0; lengths[1]]];
    for (index, line) in lines {
        let number = index + 1;
        let cells: Vec<&str> = line.split('\t').map(unquoted).collect();
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default().trim();
        let mut sides = [Vec::new(), Vec::new()];
        for side in [0, 1] {
            for word in cell(columns[side]).split([' ', ',', '\u{a0}']) {
                if word.is_empty() {
                    continue;
                }
                let sentence: usize = word
                    .parse()
                    .map_err(|_| at(number, TableProblem::Number(cell(columns[side]).into())))?;
                let name = SIDES[side];
                match seen[side].get_mut(sentence) {
                    None => {
                        let problem = TableProblem::NoSentence {
                            side: name,
                            number: sentence,
                            last: lengths[side].saturating_sub(1),
                        };
                        return Err(at(number, problem));
                    }
                    Some(0) => seen[side][sentence] = number,
                    Some(&mut first) => {
                        let problem = TableProblem::Twice {
                            side: name,
                            number: sentence,
                            first,
                        };
                        return Err(at(number, problem));
                    }
                }
                sides[side].push(sentence);
            }
            sides[side].sort_unstable();
        }
        let [source, target] = sides;
        if source.is_empty() && target.is_empty() {
            continue;
        }
        let score = match cell(score_column) {
            "" => 1.0,
            word => word
                .replace(',', ".")
                .parse()
                .ok()
                .filter(|score| (0.0..=1.0).contains(score))
                .ok_or_else(|| at(number, TableProblem::Score(word.into())))?,
        };
        rows.push(Row {
            source,
            target,
            score,
        });
    }
    let last = text.lines().count().max(1);
    for (side, seen) in SIDES.iter().zip(&seen) {
        if let Some(number) = seen.iter().position(|&line| line == 0) {
            return Err(at(last, TableProblem::Missing { side, number }));
        }
    }
    Ok(super::in_order(rows))
}

const SIDES: [&str; 2] = ["source", "target"];

/// A cell without the quotation marks that spreadsheets put around some.
fn unquoted(cell: &str) -> &str {
    let cell = cell.trim_end_matches('\r');
    cell.strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'))
        .unwrap_or(cell)
}

fn numbers(sentences: &[usize]) -> String {
    let words: Vec<String> = sentences.iter().map(usize::to_string).collect();
    words.join(" ")
}

fn joined(sentences: &[usize], texts: &[String], join: &str) -> String {
    let texts: Vec<String> = sentences
        .iter()
        .filter_map(|&index| texts.get(index))
        .map(|text| one_line(text))
        .collect();
    texts.join(join)
}

fn numbered(sentences: &[usize], texts: &[String]) -> String {
    let texts: Vec<String> = sentences
        .iter()
        .filter_map(|&index| Some(format!("[{index}] {}", one_line(texts.get(index)?))))
        .collect();
    texts.join(" ")
}

/// The text without what would end a cell or a row.
fn one_line(text: &str) -> String {
    text.split(['\t', '\n', '\r'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(source: &[usize], target: &[usize], score: f64) -> Row {
        Row {
            source: source.to_vec(),
            target: target.to_vec(),
            score,
        }
    }

    fn texts(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("sentence\t{n}")).collect()
    }

    #[test]
    fn a_review_comes_back_equal() {
        let rows = vec![
            row(&[0, 1], &[0], 0.5),
            row(&[], &[1], 0.25),
            row(&[2], &[], 1.0),
            row(&[3], &[2], 0.75),
        ];
        let review = write_review(&rows, &texts(4), &texts(3));
        assert!(review.contains("\t[0] sentence 0 [1] sentence 1\t"));
        assert_eq!(
            review.lines().filter(|line| line.ends_with("\t?")).count(),
            3
        );
        assert_eq!(read_rows("r.tsv", &review, [4, 3]).unwrap(), rows);
    }

    #[test]
    fn pairs_have_the_texts_first() {
        let rows = [row(&[0, 1], &[0], 0.5)];
        let pairs = write_pairs(&rows, &texts(2), &texts(1), ["", " "]);
        assert_eq!(
            pairs,
            "source\ttarget\tscore\tsource_sentences\ttarget_sentences\n\
             sentence 0sentence 1\tsentence 0\t0.50\t0 1\t0\n"
        );
    }

    #[test]
    fn a_person_may_delete_texts_and_scores() {
        let table = "source_sentences\ttarget_sentences\tscore\r\n\"1 0\"\t0\t\r\n";
        let rows = read_rows("r.tsv", table, [2, 1]).unwrap();
        assert_eq!(rows, [row(&[0, 1], &[0], 1.0)]);
    }

    #[test]
    fn mistakes_name_their_line() {
        let error = |rows: &str| {
            let table = format!("source_sentences\ttarget_sentences\tscore\n{rows}");
            read_rows("r.tsv", &table, [2, 1]).unwrap_err().to_string()
        };
        assert!(error("0\t0\t\n0\t\t\n").starts_with("r.tsv:3: sentence 0 of the source"));
        assert!(error("0\t0\t\n").contains("sentence 1 of the source is in no row"));
        assert!(error("0 x\t0\t\n").contains("not a list"));
        assert!(error("0\t7\t\n").contains("no sentence 7"));
        assert!(error("0\t0\t3\n").contains("score"));
        let no_header = read_rows("r.tsv", "0\t0\n", [1, 1]).unwrap_err();
        assert!(no_header.to_string().starts_with("r.tsv:1: "));
    }
}
