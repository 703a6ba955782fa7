//! The segmentation as JSON: a contract with scripts.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::Write;

use duizhao::model::{Block, Inline, Position, Repair, Segment, Suspect};
use duizhao::segment::Draft;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// Writes one object with all articles. Articles and blocks are made and written one after the
/// other, so that the report is never in memory as a whole.
pub fn write<'a>(
    out: &mut impl Write,
    drafts: impl Iterator<Item = Draft<'a>>,
) -> anyhow::Result<()> {
    let articles = drafts.map(|draft| ArticleJson {
        id: draft.id().to_string(),
        title: draft.title(),
        byline: draft.byline(),
        blocks: stream(draft.into_blocks().map(OneBlock)),
    });
    let report = Report {
        articles: stream(articles),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)?;
    Ok(())
}

#[derive(Serialize)]
struct Report<A: Serialize> {
    articles: A,
}

/// A sequence that is used up as it is written.
struct Stream<I>(RefCell<I>);

fn stream<I: Iterator<Item: Serialize>>(items: I) -> Stream<I> {
    Stream(RefCell::new(items))
}

impl<I: Iterator<Item: Serialize>> Serialize for Stream<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&mut *self.0.borrow_mut())
    }
}

/// A sequence whose items are turned into their JSON shape as they are written.
struct List<'a, T>(&'a [T]);

trait Shape {
    type Json<'a>: Serialize
    where
        Self: 'a;
    fn json(&self) -> Self::Json<'_>;
}

impl<T: Shape> Serialize for List<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            list.serialize_element(&item.json())?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct ArticleJson<B: Serialize> {
    id: String,
    title: String,
    byline: Option<String>,
    blocks: B,
}

struct OneBlock(Block);

impl Serialize for OneBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.json().serialize(serializer)
    }
}

#[derive(Serialize)]
struct BlockJson<'a> {
    id: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    text: String,
    lines: [u32; 2],
    sentences: List<'a, Segment>,
    repairs: List<'a, Repair>,
    suspects: List<'a, Suspect>,
}

impl Shape for Block {
    type Json<'a> = BlockJson<'a>;
    fn json(&self) -> BlockJson<'_> {
        BlockJson {
            id: self.id.as_str(),
            kind: self.kind.name(),
            level: self.level,
            position: self.position,
            text: self.text(),
            lines: [self.lines.first, self.lines.last],
            sentences: List(&self.segments),
            repairs: List(&self.repairs),
            suspects: List(&self.suspects),
        }
    }
}

#[derive(Serialize)]
struct SentenceJson<'a> {
    id: &'a str,
    /// With the space that follows it, so that the sentences of a block make its text.
    text: Cow<'a, str>,
}

impl Shape for Segment {
    type Json<'a> = SentenceJson<'a>;
    fn json(&self) -> SentenceJson<'_> {
        SentenceJson {
            id: self.id.as_str(),
            text: match self.source.inlines() {
                // Nearly all sentences are one run of text.
                [Inline::Text(run)] if self.space_after.is_empty() => Cow::Borrowed(run),
                _ => Cow::Owned(self.source.text() + &self.space_after),
            },
        }
    }
}

#[derive(Serialize)]
struct RepairJson<'a> {
    rule: &'a str,
    line: u32,
    before: &'a str,
    after: &'a str,
}

impl Shape for Repair {
    type Json<'a> = RepairJson<'a>;
    fn json(&self) -> RepairJson<'_> {
        RepairJson {
            rule: &self.rule,
            line: self.line,
            before: &self.before,
            after: &self.after,
        }
    }
}

#[derive(Serialize)]
struct SuspectJson<'a> {
    rule: &'a str,
    line: u32,
    as_read: &'a str,
    suggestion: Option<&'a str>,
    confidence: f64,
    message: &'a str,
}

impl Shape for Suspect {
    type Json<'a> = SuspectJson<'a>;
    fn json(&self) -> SuspectJson<'_> {
        SuspectJson {
            rule: &self.rule,
            line: self.line,
            as_read: &self.as_read,
            suggestion: self.suggestion.as_deref(),
            confidence: self.confidence,
            message: &self.message,
        }
    }
}
