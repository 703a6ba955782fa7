//! Two columns of text that were read side by side.

use super::Doubt;
use crate::clean::rows::second_column;
use crate::model::Passage;

/// As many lines show that there are columns.
const LEAST: usize = 3;

/// Doubts the paragraph at `i` if it is the first of such lines.
pub(super) fn look(passages: &[Passage], i: usize) -> Option<Doubt> {
    let column = second_column(&passages[i].text)?;
    let is_like = |passage: &Passage| {
        second_column(&passage.text).is_some_and(|other| other.abs_diff(column) <= 2)
    };
    let follows = |at: usize| passages[at].blank_before <= 1 && is_like(&passages[at]);
    if passages[i].blank_before <= 1 && i > 0 && is_like(&passages[i - 1]) {
        return None;
    }
    let end = (i + 1..passages.len())
        .find(|&at| !follows(at))
        .unwrap_or(passages.len());
    let run = &passages[i..end];
    let marks = run
        .iter()
        .filter(|p| p.text.contains(['，', '。', '、', '；']));
    if run.len() < LEAST || 2 * marks.count() < run.len() {
        return None;
    }
    let (first, last) = (run[0].lines.first, run[run.len() - 1].lines.last);
    Some(Doubt {
        at: 0,
        length: passages[i].text.len(),
        rule: "layout.columns",
        suggestion: None,
        confidence: 0.8,
        message: format!(
            "lines {first} to {last} seem to be two columns of text side by side: their order is that of the page"
        ),
    })
}
