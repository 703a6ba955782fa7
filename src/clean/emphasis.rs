//! Marks of bold type in plain text (`**`) become inline codes.

use super::rewrite::Rewriter;
use crate::model::{Code, CodeKind, Inline};

/// A mark that starts or ends bold type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The byte offset of the two asterisks.
    pub(super) at: usize,
    /// The number of its pair in the paragraph.
    number: usize,
    opens: bool,
}

/// The pairs of `**` in a paragraph, in order. A mark that opens stands before text, one that
/// closes after text; what has no partner, or holds nothing, is left as text. They are numbered from
/// `first`.
pub(super) fn pairs(text: &str, first: usize) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut open: Option<usize> = None;
    for (at, _) in text.match_indices("**") {
        let after = text[at + 2..].chars().next();
        let before = text[..at].chars().next_back();
        if after == Some('*') || before == Some('*') {
            continue;
        }
        match open {
            None if after.is_some_and(|c| !c.is_whitespace()) => open = Some(at),
            Some(start) if start + 2 < at && before.is_some_and(|c| !c.is_whitespace()) => {
                let number = first + marks.len() / 2;
                marks.push(Mark {
                    at: start,
                    number,
                    opens: true,
                });
                marks.push(Mark {
                    at,
                    number,
                    opens: false,
                });
                open = None;
            }
            _ => {}
        }
    }
    marks
}

/// Writes the code in place of the mark.
pub(super) fn write(writer: &mut Rewriter<'_>, mark: &Mark) {
    // The format's own codes are numbered, so these can't be taken for one of them.
    let id = format!("b{}", mark.number);
    if !writer.change(2, "", "markup.bold") {
        return;
    }
    writer.code(if mark.opens {
        Inline::Open(Box::new(Code {
            id,
            kind: CodeKind::Bold,
        }))
    } else {
        Inline::Close(id)
    });
}
