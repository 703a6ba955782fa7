//! Two marks where one stands: ，，.

use super::Doubts;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let is_mark = |c: char| matches!(c, '，' | '、' | '；' | '：' | '。');
    let text = doubts.text;
    let mut start = 0;
    while let Some(found) = text[start..].find(is_mark) {
        let at = start + found;
        let rest = text[at..].trim_start_matches(is_mark);
        let run = &text[at..text.len() - rest.len()];
        start = at + run.len();
        let mut marks = run.chars();
        // More than two are no slip, but dots.
        let (Some(first), Some(second), None) = (marks.next(), marks.next(), marks.next()) else {
            continue;
        };
        doubts.raise(
            at..start,
            "punctuation.doubled",
            (first == second).then(|| first.to_string()),
            0.8,
            "two marks stand where one does",
        );
    }
}
