//! Building paragraphs from formats with markup: text, inline codes and where they stand.

use crate::model::{BlockKind, Code, CodeKind, Inline, Line, Position, Role};

/// Collects the text and codes of one paragraph after the other.
#[derive(Default)]
pub(super) struct Paragraphs {
    lines: Vec<Line>,
    text: String,
    codes: Vec<(usize, Inline)>,
    /// Codes that are open, with the key that closes them.
    open: Vec<OpenCode>,
    /// The last code number of this paragraph.
    number: usize,
    /// Where the paragraph began.
    place: Option<u32>,
    role: Option<Role>,
    begins_article: bool,
}

struct OpenCode {
    key: String,
    kind: CodeKind,
    id: String,
}

/// More codes than this may not be open at once: what is deeper is text without a code.
const MOST_OPEN: usize = 64;

impl Paragraphs {
    /// What the next paragraph is.
    pub(super) fn set_role(&mut self, kind: BlockKind, level: Option<u8>) {
        self.role = Some(Role {
            level,
            ..Role::new(kind)
        });
    }

    /// Where the next paragraph, which has a role, stands in its list or table.
    pub(super) fn set_position(&mut self, position: Option<Position>) {
        if let Some(role) = &mut self.role {
            role.position = position;
        }
    }

    /// The role of the paragraph at hand, if it has one yet.
    pub(super) fn role(&self) -> Option<BlockKind> {
        self.role.map(|role| role.kind)
    }

    /// A new article begins with the next paragraph.
    pub(super) fn begin_article(&mut self) {
        self.begins_article = true;
    }

    /// Whether the paragraph at hand has no text yet.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The last character of the paragraph at hand.
    pub(super) fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// Adds text that stands at `place` (a line or the number of a paragraph).
    pub(super) fn text(&mut self, text: &str, place: u32) {
        if !text.trim().is_empty() {
            self.place.get_or_insert(place);
        }
        self.text
            .extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
    }

    /// Adds text right behind what is there, before the blank that may be there.
    pub(super) fn behind(&mut self, text: &str) {
        let end = self.text.trim_end().len();
        self.text.insert_str(end, text);
        for (at, _) in &mut self.codes {
            if *at > end {
                *at += text.len();
            }
        }
    }

    /// Adds text in which white space is as good as one blank, as in HTML.
    pub(super) fn collapsed(&mut self, text: &str, place: u32) {
        let space = |c: char| matches!(c, ' ' | '\n' | '\r' | '\t' | '\x0c');
        let mut rest = text;
        // The line on which each piece stands.
        let mut place = place;
        while !rest.is_empty() {
            let word = rest.find(space).unwrap_or(rest.len());
            self.text(&rest[..word], place);
            rest = &rest[word..];
            let blank = rest.find(|c| !space(c)).unwrap_or(rest.len());
            if blank > 0 {
                place = place.saturating_add(lines_in(&rest[..blank]));
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
                rest = &rest[blank..];
            }
        }
    }

    /// Opens a paired code; `key` closes it.
    pub(super) fn open(&mut self, key: &str, kind: CodeKind) {
        if self.open.len() >= MOST_OPEN {
            return;
        }
        let id = self.next_id();
        self.codes.push((
            self.text.len(),
            Inline::Open(Box::new(Code {
                id: id.clone(),
                kind: kind.clone(),
            })),
        ));
        self.open.push(OpenCode {
            key: key.to_owned(),
            kind,
            id,
        });
    }

    /// Closes the innermost code of this key, and what was opened in it and not closed.
    pub(super) fn close(&mut self, key: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.key == key) else {
            return;
        };
        for open in self.open.drain(at..).rev().collect::<Vec<_>>() {
            self.codes.push((self.text.len(), Inline::Close(open.id)));
        }
    }

    /// Adds a code that stands alone.
    pub(super) fn placeholder(&mut self, kind: CodeKind) {
        let id = self.next_id();
        self.codes.push((
            self.text.len(),
            Inline::Placeholder(Box::new(Code { id, kind })),
        ));
    }

    /// A line break that the author set: a code, and a blank for those who read without codes.
    pub(super) fn line_break(&mut self) {
        if self.is_blank() {
            return;
        }
        self.placeholder(CodeKind::LineBreak);
        if !self.text.ends_with([' ', '\u{3000}']) {
            self.text.push(' ');
        }
    }

    /// Adds paragraphs that are made already, behind the last one that is at its end.
    pub(super) fn append(&mut self, lines: Vec<Line>) {
        for mut line in lines {
            line.blank_before = u32::from(!self.lines.is_empty());
            if std::mem::take(&mut self.begins_article) {
                line.begin_article();
            }
            self.lines.push(line);
        }
    }

    /// How many paragraphs are at their end.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether the next paragraph begins an article.
    pub(super) fn begins_article(&self) -> bool {
        self.begins_article
    }

    fn next_id(&mut self) -> String {
        self.number += 1;
        self.number.to_string()
    }

    /// Ends the paragraph. Codes that are still open go on in the next one.
    pub(super) fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mut codes = std::mem::take(&mut self.codes);
        let role = self.role.take();
        let place = self.place.take();
        for open in self.open.iter().rev() {
            codes.push((text.len(), Inline::Close(open.id.clone())));
        }
        self.number = 0;
        let mut reopened = Vec::new();
        for open in std::mem::take(&mut self.open) {
            reopened.push((open.key, open.kind));
        }
        for (key, kind) in reopened {
            self.open(&key, kind);
        }
        if text.trim().is_empty() {
            return;
        }
        let role = if std::mem::take(&mut self.begins_article) {
            Some(Role {
                begins_article: true,
                ..role.unwrap_or(Role::new(BlockKind::Paragraph))
            })
        } else {
            role
        };
        self.lines.push(Line {
            number: place.unwrap_or(1),
            text,
            codes: without_empty(codes),
            // A paragraph of its own is set off as by a blank line.
            blank_before: u32::from(!self.lines.is_empty()),
            role,
        });
    }

    /// All paragraphs.
    pub(super) fn finish(mut self) -> Vec<Line> {
        self.end();
        self.lines
    }
}

/// How many line ends there are in a text.
pub(super) fn lines_in(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// Leaves out pairs that hold no text: an anchor, a bold blank that was deleted.
fn without_empty(codes: Vec<(usize, Inline)>) -> Vec<(usize, Inline)> {
    let mut kept: Vec<(usize, Inline)> = Vec::with_capacity(codes.len());
    for (at, code) in codes {
        if let (Inline::Close(id), Some((start, Inline::Open(open)))) = (&code, kept.last())
            && open.id == *id
            && *start == at
        {
            kept.pop();
            continue;
        }
        kept.push((at, code));
    }
    kept
}
