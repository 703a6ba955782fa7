//! Computer code in plain text, between lines of three backquotes or tildes.

use crate::model::{CODE_BLOCK, Code, CodeKind, Inline, Line};

/// Marks each line of a fenced block as code.
pub(super) fn mark(lines: &mut [Line]) {
    let fence = |line: &Line| {
        let text = line.text.trim();
        let plain = line.role.is_none() && line.codes.is_empty();
        ["```", "~~~"]
            .into_iter()
            .find(|fence| plain && text.starts_with(fence) && !text[3..].contains(['`', '~']))
    };
    let mut at = 0;
    while at < lines.len() {
        let Some(opened) = fence(&lines[at]) else {
            at += 1;
            continue;
        };
        // The fence that closes it has nothing after it.
        let Some(length) = lines[at + 1..]
            .iter()
            .take(LONGEST)
            .position(|line| line.text.trim() == opened)
        else {
            at += 1;
            continue;
        };
        let end = at + 1 + length;
        for line in &mut lines[at..=end] {
            let code = Code {
                id: "1".to_owned(),
                kind: CodeKind::Other(CODE_BLOCK.to_owned()),
            };
            let all = line.text.len();
            line.codes = vec![
                (0, Inline::Open(Box::new(code))),
                (all, Inline::Close("1".to_owned())),
            ];
        }
        at = end + 1;
    }
}

/// A block of code has as many lines at most.
const LONGEST: usize = 2000;
