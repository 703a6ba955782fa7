//! A unit as a file has it, whatever the version.

use std::ops::Range;

use crate::model::{Content, Note, State};
use crate::xml::Element;

/// A `<trans-unit>` of 1.2 or a `<unit>` of 2.x.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// `resname` or `name`.
    pub name: Option<String>,
    /// Whether it is to be translated (inherited from the groups and the file around it).
    pub translate: bool,
    /// A state, or a value of `approved`, that the standard does not have; it counts as none.
    pub odd_state: Option<String>,
    /// The state that the file has in so many words, the least one of the segments'; none where it
    /// says nothing, which the standard takes for the first state.
    pub stated: Option<State>,
    /// Whether that state says that there is work to do: `new` and `needs-…` of 1.2, `initial` of
    /// 2.x.
    pub needs_work: bool,
    /// `approved` of 1.2; none in 2.x, which has states only.
    pub approved: Option<bool>,
    /// Segments and ignorables in document order. 1.2 has one.
    pub parts: Vec<Part>,
    /// Whether a tool cut the unit into segments: it has more than one, or `seg-source`.
    pub segmented: bool,
    /// Notes, and comments that annotate the text.
    pub notes: Vec<UnitNote>,
    /// Offered translations: `mtc:match`, `alt-trans`.
    pub matches: Vec<Match>,
    /// The metadata module's values.
    pub metadata: Vec<Meta>,
    /// Where the element stands, in bytes of the decoded text.
    pub span: Range<usize>,
    /// The line of its start tag, from 1.
    pub line: u32,
}

/// A `<segment>` or `<ignorable>`; all of a `<trans-unit>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its id.
    pub id: Option<String>,
    /// Whether this is the text between segments.
    pub ignorable: bool,
    /// The state, as near as the file says it.
    pub state: State,
    /// The source.
    pub source: Content,
    /// The target, where there is an element for it.
    pub target: Option<Content>,
    /// Where the source element stands, in bytes of the decoded text.
    pub source_place: Range<usize>,
    /// Where the content of the target stands; all of an element without content; behind the
    /// source where there is no target.
    pub target_place: Range<usize>,
    /// The place of the target among those of the unit, from 1, where it differs from the
    /// source's.
    pub order: Option<usize>,
}

/// A note as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitNote {
    /// Its id, which 2.x has.
    pub id: Option<String>,
    /// The note.
    pub note: Note,
}

/// An offered translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The source that it translates.
    pub source: Content,
    /// The translation.
    pub target: Content,
    /// How like the two sources are, in percent.
    pub similarity: Option<u8>,
    /// The metadata module's values.
    pub metadata: Vec<Meta>,
}

/// A value of the metadata module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The category of the group that it stands in.
    pub category: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Unit {
    /// The whole source: the parts joined.
    #[must_use]
    pub fn source(&self) -> Content {
        let mut source = Content::default();
        for part in &self.parts {
            source.extend(&part.source);
        }
        source
    }

    /// The whole target in its own order, or none where no part has one. An ignorable without a
    /// target stands for itself, as the standard says.
    #[must_use]
    pub fn target(&self) -> Option<Content> {
        if let [part] = self.parts.as_slice() {
            return part.target.clone();
        }
        let last = self
            .parts
            .iter()
            .rposition(|part| !part.ignorable && part.target.is_some())?;
        let mut ordered: Vec<(usize, &Part)> = self.parts[..=last]
            .iter()
            .enumerate()
            .map(|(at, part)| (part.order.unwrap_or(at + 1), part))
            .collect();
        // Parts behind the last translated segment can still be ordered before it.
        for (at, part) in self.parts.iter().enumerate().skip(last + 1) {
            if part.target.is_some() {
                ordered.push((part.order.unwrap_or(at + 1), part));
            }
        }
        ordered.sort_by_key(|&(order, _)| order);
        let mut target = Content::default();
        for (_, part) in ordered {
            match &part.target {
                Some(content) => target.extend(content),
                None if part.ignorable => target.extend(&part.source),
                None => {}
            }
        }
        Some(target)
    }

    /// The state of the unit: that of the segment which has come least far.
    #[must_use]
    pub fn state(&self) -> State {
        let state = self
            .parts
            .iter()
            .filter(|part| !part.ignorable)
            .map(|part| part.state)
            .min()
            .unwrap_or_default();
        match self.approved {
            Some(true) => state.max(State::Reviewed),
            _ => state,
        }
    }

    /// Gives back memory that was set aside for more, for those who keep many units.
    pub fn shrink_to_fit(&mut self) {
        for part in &mut self.parts {
            part.source.shrink_to_fit();
            if let Some(target) = &mut part.target {
                target.shrink_to_fit();
            }
        }
        self.parts.shrink_to_fit();
        self.notes.shrink_to_fit();
        self.matches.shrink_to_fit();
        self.metadata.shrink_to_fit();
    }

    /// The value of a piece of metadata.
    #[must_use]
    pub fn meta(&self, category: &str, name: &str) -> Option<&str> {
        find(&self.metadata, category, name)
    }
}

/// [`Part::target_place`].
pub(super) fn target_place(source: &Element<'_>, target: Option<&Element<'_>>) -> Range<usize> {
    match target {
        None => source.span.end..source.span.end,
        // `<target/>` has no inside.
        Some(target) if target.inner.start == target.span.end => target.span.clone(),
        Some(target) => target.inner.clone(),
    }
}

pub(super) fn find<'m>(metadata: &'m [Meta], category: &str, name: &str) -> Option<&'m str> {
    metadata
        .iter()
        .find(|meta| meta.category == category && meta.name == name)
        .map(|meta| meta.value.as_str())
}
