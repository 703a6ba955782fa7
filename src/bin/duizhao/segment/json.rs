//! The segmentation as JSON: a contract with scripts.

use std::io::Write;

use duizhao::model::{Article, Block, Repair, Segment, Suspect};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// Writes one object with all articles. Articles are written one after the other, so that the
/// report is never in memory as a whole.
pub fn write(out: &mut impl Write, articles: &[Article]) -> anyhow::Result<()> {
    let report = Report {
        articles: List(articles),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)?;
    Ok(())
}

#[derive(Serialize)]
struct Report<'a> {
    articles: List<'a, Article>,
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
struct ArticleJson<'a> {
    id: &'a str,
    title: String,
    byline: Option<String>,
    blocks: List<'a, Block>,
}

impl Shape for Article {
    type Json<'a> = ArticleJson<'a>;
    fn json(&self) -> ArticleJson<'_> {
        ArticleJson {
            id: self.id.as_str(),
            title: self.title(),
            byline: self.byline(),
            blocks: List(&self.blocks),
        }
    }
}

#[derive(Serialize)]
struct BlockJson<'a> {
    id: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
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
    text: String,
}

impl Shape for Segment {
    type Json<'a> = SentenceJson<'a>;
    fn json(&self) -> SentenceJson<'_> {
        SentenceJson {
            id: self.id.as_str(),
            text: self.source.text(),
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
