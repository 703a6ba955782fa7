//! Text with inline codes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

/// A run of text, or an inline code that stands between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Plain text; never empty, and never next to another `Text`.
    Text(String),
    /// The start of a paired code (XLIFF 2 `pc` or `sc`, XLIFF 1.2 `g` or `bx`).
    Open(Box<Code>),
    /// The end of the paired code of this id; its start may lie in an earlier segment.
    Close(String),
    /// A code that stands alone (XLIFF 2 `ph`, XLIFF 1.2 `x`).
    Placeholder(Box<Code>),
}

/// What an inline code is and how the file it came from wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Code {
    /// Unique within the block, the same in source and target. An XML NMTOKEN.
    pub id: String,
    /// What the code means.
    pub kind: CodeKind,
}

/// The meaning of an inline code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Strong emphasis, set in bold type.
    Bold,
    /// Emphasis, set in italic type.
    Italic,
    /// Underlined text.
    Underline,
    /// Raised text.
    Superscript,
    /// Lowered text.
    Subscript,
    /// A hyperlink to this address.
    Link(String),
    /// A forced line break.
    LineBreak,
    /// An image of this address, with this alternative text.
    Image {
        /// Where the image lies, as the source gave it.
        src: String,
        /// What a reader is told who can't see it; may be empty.
        alt: String,
    },
    /// Anything else, named as the file that it came from named it.
    Other(String),
}

/// Text plus inline codes, never markup inside a string.
///
/// Invariants: no empty text, no two texts in a row (kept by [`Content::push_text`] and
/// [`Content::push`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Content(SmallVec<[Inline; 1]>);

/// Why inline codes of a target don't fit its source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// The source has a code that the target lacks.
    #[error("the inline code {0:?} of the source is missing from the target")]
    Missing(String),
    /// The target has a code that the source lacks.
    #[error("the target has an inline code {0:?} that the source does not have")]
    Unknown(String),
    /// A code occurs more than once, or a pair is closed before it is opened.
    #[error("the inline code {0:?} is repeated, or closed before it is opened")]
    Unpaired(String),
}

impl Content {
    /// Content without codes.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self(smallvec![Inline::Text(text.to_owned())])
    }

    /// The runs and codes in order.
    #[must_use]
    pub fn inlines(&self) -> &[Inline] {
        &self.0
    }

    /// The text alone, codes left out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for inline in &self.0 {
            if let Inline::Text(run) = inline {
                text.push_str(run);
            }
        }
        text
    }

    /// Whether there is neither text nor code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the text is empty or white space only.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|inline| match inline {
            Inline::Text(run) => run.trim().is_empty(),
            Inline::Open(_) | Inline::Close(_) | Inline::Placeholder(_) => true,
        })
    }

    /// Adds text at the end.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Inline::Text(last)) = self.0.last_mut() {
            last.push_str(text);
        } else {
            self.0.push(Inline::Text(text.to_owned()));
        }
    }

    /// Gives back memory that was set aside for more runs and codes.
    pub fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
        for inline in &mut self.0 {
            if let Inline::Text(text) = inline {
                text.shrink_to_fit();
            }
        }
    }

    /// Adds a run or a code at the end.
    pub fn push(&mut self, inline: Inline) {
        match inline {
            Inline::Text(text) => self.push_text(&text),
            code => self.0.push(code),
        }
    }

    /// Adds all of `other` at the end.
    pub fn extend(&mut self, other: &Self) {
        for inline in &other.0 {
            self.push(inline.clone());
        }
    }

    /// Cuts at byte offsets of [`Content::text`], which must be sorted and lie on character
    /// boundaries. A code at a cut goes with the text that it encloses: a start with what
    /// follows, an end or a placeholder with what goes before. The pieces concatenate to `self`.
    #[must_use]
    pub fn split_at(&self, cuts: &[usize]) -> Vec<Self> {
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        let mut piece = Self::default();
        let mut cuts = cuts.iter().copied().peekable();
        let mut offset = 0;
        for inline in &self.0 {
            match inline {
                Inline::Text(run) => {
                    let mut rest = run.as_str();
                    while let Some(&cut) = cuts.peek() {
                        if cut >= offset + rest.len() {
                            break;
                        }
                        let (head, tail) = rest.split_at(cut - offset);
                        piece.push_text(head);
                        pieces.push(std::mem::take(&mut piece));
                        offset = cut;
                        rest = tail;
                        cuts.next();
                    }
                    piece.push_text(rest);
                    offset += rest.len();
                }
                Inline::Open(_) => {
                    while cuts.next_if(|&cut| cut <= offset).is_some() {
                        pieces.push(std::mem::take(&mut piece));
                    }
                    piece.push(inline.clone());
                }
                Inline::Close(_) | Inline::Placeholder(_) => piece.push(inline.clone()),
            }
        }
        for _ in cuts {
            pieces.push(std::mem::take(&mut piece));
        }
        pieces.push(piece);
        pieces
    }

    /// Splits white space off both ends of the text: before, content, after. Codes stay in the
    /// content.
    #[must_use]
    pub fn split_edge_space(&self) -> (String, Self, String) {
        let text = self.text();
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len().max(start);
        let before = text[..start].to_owned();
        let after = text[end..].to_owned();
        let mut core = Self::default();
        let mut offset = 0;
        for inline in &self.0 {
            if let Inline::Text(run) = inline {
                let from = start.clamp(offset, offset + run.len()) - offset;
                let to = end.clamp(offset, offset + run.len()) - offset;
                core.push_text(&run[from..to]);
                offset += run.len();
            } else {
                core.push(inline.clone());
            }
        }
        (before, core, after)
    }

    /// Whether the codes of this target are those of its `source`: each once, none added, no
    /// pair closed before it is opened. Order may differ: languages differ in it.
    pub fn check_codes(&self, source: &Self) -> Result<(), ContentError> {
        let wanted = source.code_events();
        let mut found = BTreeSet::new();
        for event in self.0.iter().filter_map(Event::of) {
            if !wanted.contains(&event) {
                return Err(ContentError::Unknown(event.id().to_owned()));
            }
            let opened_in_source = |id: &str| wanted.contains(&Event::Open(id.to_owned()));
            if let Event::Close(id) = &event
                && opened_in_source(id)
                && !found.contains(&Event::Open(id.clone()))
            {
                return Err(ContentError::Unpaired(id.clone()));
            }
            if !found.insert(event.clone()) {
                return Err(ContentError::Unpaired(event.id().to_owned()));
            }
        }
        match wanted.difference(&found).next() {
            Some(event) => Err(ContentError::Missing(event.id().to_owned())),
            None => Ok(()),
        }
    }

    fn code_events(&self) -> BTreeSet<Event> {
        self.0.iter().filter_map(Event::of).collect()
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Open(String),
    Close(String),
    Placeholder(String),
}

impl Event {
    fn of(inline: &Inline) -> Option<Self> {
        match inline {
            Inline::Text(_) => None,
            Inline::Open(code) => Some(Self::Open(code.id.clone())),
            Inline::Close(id) => Some(Self::Close(id.clone())),
            Inline::Placeholder(code) => Some(Self::Placeholder(code.id.clone())),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Open(id) | Self::Close(id) | Self::Placeholder(id) => id,
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::from_text(text)
    }
}

impl FromIterator<Inline> for Content {
    fn from_iter<I: IntoIterator<Item = Inline>>(inlines: I) -> Self {
        let mut content = Self::default();
        for inline in inlines {
            content.push(inline);
        }
        content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bold(id: &str) -> Inline {
        Inline::Open(Box::new(Code {
            id: id.to_owned(),
            kind: CodeKind::Bold,
        }))
    }

    fn sample() -> Content {
        [
            Inline::Text("谈".into()),
            bold("1"),
            Inline::Text("解放。思想".into()),
            Inline::Close("1".into()),
            Inline::Text("。".into()),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn pieces_concatenate_to_the_whole() {
        let whole = sample();
        for cuts in [
            vec![],
            vec![0],
            vec![3],
            vec![3, 12],
            vec![12, 18],
            vec![18, 21],
        ] {
            let pieces = whole.split_at(&cuts);
            assert_eq!(pieces.len(), cuts.len() + 1);
            let mut joined = Content::default();
            for piece in &pieces {
                joined.extend(piece);
            }
            assert_eq!(joined, whole, "{cuts:?}");
        }
    }

    #[test]
    fn a_code_at_a_cut_goes_with_its_text() {
        let pieces = sample().split_at(&[3, 18]);
        assert_eq!(pieces[0], Content::from_text("谈"));
        assert_eq!(pieces[1].inlines().first(), Some(&bold("1")));
        assert_eq!(pieces[1].inlines().last(), Some(&Inline::Close("1".into())));
    }

    #[test]
    fn codes_must_agree_with_the_source() {
        let source = sample();
        assert_eq!(source.check_codes(&source), Ok(()));
        let plain = Content::from_text("On emancipation");
        assert_eq!(
            plain.check_codes(&source),
            Err(ContentError::Missing("1".into()))
        );
        assert_eq!(
            source.check_codes(&plain),
            Err(ContentError::Unknown("1".into()))
        );
        let swapped: Content = [
            Inline::Close("1".into()),
            Inline::Text("x".into()),
            bold("1"),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            swapped.check_codes(&source),
            Err(ContentError::Unpaired("1".into()))
        );
    }

    #[test]
    fn edge_space_is_split_off_around_codes() {
        let content: Content = [
            Inline::Text(" ".into()),
            bold("1"),
            Inline::Text(" a b ".into()),
            Inline::Close("1".into()),
            Inline::Text("\n".into()),
        ]
        .into_iter()
        .collect();
        let (before, core, after) = content.split_edge_space();
        assert_eq!(
            (before.as_str(), core.text().as_str(), after.as_str()),
            ("  ", "a b", " \n")
        );
        assert_eq!(core.inlines().len(), 3);
    }
}
