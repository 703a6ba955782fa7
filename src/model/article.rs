//! Articles, their blocks, and the segments that are translated one by one.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Content, Inline, Lang, Note, Position, Repair, Suspect, Translations};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// Takes the id as it stands.
            pub fn new(id: impl Into<CompactString>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// Names an article in a workspace: the source file's stem, with `-1`, `-2` where the file
    /// holds several articles. Assigned once, then kept.
    ArticleId
}
id! {
    /// Names a block within its article (`b7`). Assigned once, then kept.
    BlockId
}
id! {
    /// Names a segment within its article (`s12`) and its XLIFF unit. Assigned once, then kept.
    SegmentId
}

impl ArticleId {
    /// The id that a file's article gets: the file's stem in NFC, with `-` for each run of white
    /// space.
    #[must_use]
    pub fn of_file(path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = match name.rfind('.') {
            Some(dot) if dot > 0 => &name[..dot],
            _ => name,
        };
        let stem: String = stem.nfc().collect();
        let id = stem.split_whitespace().collect::<Vec<_>>().join("-");
        Self::new(if id.is_empty() { "article" } else { &id })
    }
}

/// One article of a newspaper, magazine or archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Unique in the workspace.
    pub id: ArticleId,
    /// The language of the source text.
    pub lang: Lang,
    /// The file that it came from, relative to the workspace, with `/` between folders.
    pub original: String,
    /// What is known about the article beside its text.
    pub meta: Meta,
    /// The text, in reading order.
    pub blocks: Vec<Block>,
    /// Segments that the source no longer has but that somebody translated or noted: kept, as
    /// gettext keeps `#~` entries, and revived when their text comes back.
    pub obsolete: Vec<Segment>,
}

/// What is known about an article beside its text. Everything may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Meta {
    /// The newspaper, magazine or site that published it.
    pub outlet: Option<String>,
    /// When it was published, as ISO 8601 writes it: `2020`, `2020-06` or `2020-06-18`.
    pub date: Option<String>,
    /// The people who wrote it, as the byline spells them.
    pub authors: Vec<String>,
    /// The section or column.
    pub section: Option<String>,
    /// Where it can be read.
    pub address: Option<String>,
    /// Who holds the rights, in a sentence.
    pub rights: Option<String>,
}

/// The part that a block plays in its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// The headline.
    Title,
    /// A line above the headline, or the name of the series.
    Kicker,
    /// A line or paragraph below the headline that says what the article is about.
    Standfirst,
    /// A heading within the article.
    Heading,
    /// Running text. A dateline belongs to the paragraph that it opens.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A quotation set off from the text.
    Quote,
    /// Who wrote it.
    Byline,
    /// The text of a picture, with its credit.
    Caption,
    /// A note of the editors, a source line, a footnote.
    Note,
    /// A picture.
    Figure,
    /// A row of a table.
    Table,
}

impl BlockKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Kicker,
        Self::Standfirst,
        Self::Heading,
        Self::Paragraph,
        Self::ListItem,
        Self::Quote,
        Self::Byline,
        Self::Caption,
        Self::Note,
        Self::Figure,
        Self::Table,
    ];

    /// The name that JSON and XLIFF carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Kicker => "kicker",
            Self::Standfirst => "standfirst",
            Self::Heading => "heading",
            Self::Paragraph => "paragraph",
            Self::ListItem => "list_item",
            Self::Quote => "quote",
            Self::Byline => "byline",
            Self::Caption => "caption",
            Self::Note => "note",
            Self::Figure => "figure",
            Self::Table => "table",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The lines of the source file that a block came from: 1-based, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// The first line.
    pub first: u32,
    /// The last line; not before the first.
    pub last: u32,
}

/// A paragraph, heading, list item or the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Unique in the article.
    pub id: BlockId,
    /// The part that it plays.
    pub kind: BlockKind,
    /// The level of a heading: 2 stands right below the article's title. None for other kinds.
    pub level: Option<u8>,
    /// Where it stands in its list or table, if the file says so.
    pub position: Option<Position>,
    /// Where it came from.
    pub lines: Lines,
    /// Its sentences. Invariant: their [`Segment::full`] contents concatenate to the block.
    pub segments: Vec<Segment>,
    /// What cleaning changed in it, in text order.
    pub repairs: Vec<Repair>,
    /// What cleaning doubts in it, in text order.
    pub suspects: Vec<Suspect>,
}

impl Block {
    /// The clean text, without codes.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            for inline in segment.source.inlines() {
                if let Inline::Text(run) = inline {
                    text.push_str(run);
                }
            }
            text.push_str(&segment.space_after);
        }
        text
    }
}

/// One sentence, with all that is known of its translations. One XLIFF unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Unique in the article, obsolete segments included.
    pub id: SegmentId,
    /// The sentence without white space at its ends.
    pub source: Content,
    /// The white space between this sentence and the next of its block; empty in Chinese.
    pub space_after: String,
    /// Notes on the source, whatever the target language.
    pub notes: Vec<Note>,
    /// What there is in each target language.
    pub targets: Translations,
}

impl Segment {
    /// A segment that nobody has translated yet.
    #[must_use]
    pub fn new(id: SegmentId, source: Content, space_after: impl Into<String>) -> Self {
        Self {
            id,
            source,
            space_after: space_after.into(),
            notes: Vec::new(),
            targets: Translations::new(),
        }
    }

    /// The sentence with the white space that follows it.
    #[must_use]
    pub fn full(&self) -> Content {
        let mut content = self.source.clone();
        content.push_text(&self.space_after);
        content
    }

    /// The accepted translation into `lang`, if there is one that is not blank.
    #[must_use]
    pub fn target(&self, lang: &Lang) -> Option<&super::Target> {
        let target = self.targets.get(lang)?.target.as_ref()?;
        (!target.content.is_blank()).then_some(target)
    }

    /// The unit whose target also says what this one says, if a translator merged them.
    #[must_use]
    pub fn covered_by(&self, lang: &Lang) -> Option<&SegmentId> {
        self.targets.get(lang)?.covered_by.as_ref()
    }
}

impl Article {
    /// All segments in reading order, obsolete ones left out.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.blocks.iter().flat_map(|block| &block.segments)
    }

    /// All segments in reading order, to change them.
    pub fn segments_mut(&mut self) -> impl Iterator<Item = &mut Segment> {
        self.blocks.iter_mut().flat_map(|block| &mut block.segments)
    }

    /// The first title's blocks' text; the id where there is no title.
    #[must_use]
    pub fn title(&self) -> String {
        self.first_of(BlockKind::Title)
            .map_or_else(|| self.id.to_string(), Block::text)
    }

    /// The first byline's text.
    #[must_use]
    pub fn byline(&self) -> Option<String> {
        self.first_of(BlockKind::Byline).map(Block::text)
    }

    /// The first block of a kind.
    #[must_use]
    pub fn first_of(&self, kind: BlockKind) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_id_is_its_stem_in_nfc_without_blanks() {
        let id = |path| ArticleId::of_file(path).to_string();
        assert_eq!(id("sources/cafe\u{301} 1.txt"), "café-1");
        assert_eq!(id("sources/人民 日报.2020.md"), "人民-日报.2020");
        assert_eq!(id("a\\.hidden"), ".hidden");
        assert_eq!(id(" .txt"), "article");
    }
}
