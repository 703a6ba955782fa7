//! Term bases as CSV: header `source,target,status,scope,note`, the last three optional.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::GlossaryError;
use crate::model::{Concept, Term, TermStatus};

const COLUMNS: [&str; 5] = ["source", "target", "status", "scope", "note"];

#[derive(Serialize, Deserialize)]
struct Row {
    source: String,
    target: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    note: String,
}

/// Reads a term base. Rows with the same source and scope make one concept; the preferred term
/// comes first, else the order is the file's. Tabs are taken as separators where the header has
/// them. A byte order mark is ignored.
///
/// Errors name the file and line: a header without `source` and `target`, an unknown column or
/// status, an empty term, text that is not UTF-8.
pub fn read_csv(path: &str, bytes: &[u8]) -> Result<Vec<Concept>, GlossaryError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let at = |line: u64, message: String| GlossaryError::Row {
        path: path.into(),
        line,
        message,
    };
    let header_line = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let delimiter = if header_line.contains(&b'\t') {
        b'\t'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(false)
        .from_reader(bytes);
    let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
    let headers = reader
        .headers()
        .map_err(|error| at(line_of(&error), error.to_string()))?
        .clone();
    for needed in &COLUMNS[..2] {
        if !headers.iter().any(|name| name == *needed) {
            let message = format!(
                "the header has no column {needed:?}; write {}",
                COLUMNS.join(",")
            );
            return Err(at(1, message));
        }
    }
    if let Some(unknown) = headers.iter().find(|name| !COLUMNS.contains(name)) {
        let message = format!(
            "the column {unknown:?} is not known; columns are {}",
            COLUMNS.join(",")
        );
        return Err(at(1, message));
    }

    let mut concepts: Vec<Concept> = Vec::new();
    let mut index: BTreeMap<(String, String), usize> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| at(line_of(&error), error.to_string()))?;
        let line = record.position().map_or(1, csv::Position::line);
        let row: Row = record
            .deserialize(Some(&headers))
            .map_err(|error| at(line, error.to_string()))?;
        if row.source.is_empty() || row.target.is_empty() {
            return Err(at(line, "source and target must not be empty".into()));
        }
        let status = if row.status.is_empty() {
            TermStatus::Preferred
        } else {
            TermStatus::from_name(&row.status.to_lowercase()).ok_or_else(|| {
                let status = &row.status;
                at(
                    line,
                    format!("status {status:?} is not preferred, admitted or forbidden"),
                )
            })?
        };
        let term = Term {
            text: row.target,
            status,
            note: some(row.note),
        };
        let at = *index
            .entry((row.source.clone(), row.scope.clone()))
            .or_insert_with(|| {
                concepts.push(Concept {
                    source: row.source,
                    scope: some(row.scope),
                    terms: vec![],
                });
                concepts.len() - 1
            });
        concepts[at].terms.push(term);
    }
    for concept in &mut concepts {
        concept.terms.sort_by_key(|term| term.status as u8);
    }
    Ok(concepts)
}

/// Writes a term base that [`read_csv`] reads back to equal concepts.
#[must_use]
pub fn write_csv(concepts: &[Concept]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for concept in concepts {
        for term in &concept.terms {
            let row = Row {
                source: concept.source.clone(),
                target: term.text.clone(),
                status: term.status.name().into(),
                scope: concept.scope.clone().unwrap_or_default(),
                note: term.note.clone().unwrap_or_default(),
            };
            #[expect(clippy::expect_used, reason = "a Vec takes every byte")]
            writer
                .serialize(row)
                .expect("writing strings to memory cannot fail");
        }
    }
    #[expect(
        clippy::expect_used,
        reason = "a Vec takes every byte, and the rows are UTF-8"
    )]
    let text = String::from_utf8(writer.into_inner().expect("memory flushes")).expect("UTF-8");
    if text.is_empty() {
        COLUMNS.join(",") + "\n"
    } else {
        text
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "source,target,status,scope,note\n\
        县委书记,county Party secretary,preferred,office,\"head of the county, in fact\"\n\
        县委书记,county party chief,admitted,office,\n\
        县委书记,county clerk,forbidden,office,\n\
        亿元,,,\n";

    #[test]
    fn rows_with_one_source_are_one_concept_and_come_back_equal() {
        let good = SAMPLE.rsplit_once("亿元").unwrap().0;
        let concepts = read_csv("t.csv", good.as_bytes()).unwrap();
        assert_eq!(concepts.len(), 1);
        assert_eq!(concepts[0].allowed().count(), 2);
        assert_eq!(concepts[0].forbidden().count(), 1);
        assert_eq!(
            read_csv("t.csv", write_csv(&concepts).as_bytes()).unwrap(),
            concepts
        );
    }

    #[test]
    fn optional_columns_and_tabs() {
        let concepts = read_csv(
            "t.tsv",
            "\u{feff}source\ttarget\n千伏\tkilovolt\n".as_bytes(),
        );
        assert_eq!(concepts.unwrap()[0].preferred().unwrap().text, "kilovolt");
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| read_csv("t.csv", text.as_bytes()).unwrap_err().to_string();
        assert!(error(SAMPLE).starts_with("t.csv:5: "), "{}", error(SAMPLE));
        assert!(error("zh,en\na,b\n").contains("no column \"source\""));
        assert!(
            error("source,target,status\na,b,wrong\n").starts_with("t.csv:2: status \"wrong\"")
        );
        assert!(error("").starts_with("t.csv:1: "));
    }
}
