//! The record of an article, read back.

use std::path::Path;

use crate::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Lang, Lines, Meta as ArticleMeta, Position,
    Provenance, Segment, SegmentId, State, Suggestion, Target, Translation,
};
use crate::xml::{Limits, Place, unescape_illegal};

use super::super::reader::{FileStart, GroupStart, Item, Reader, decode};
use super::super::unit::{Meta, Unit, UnitNote, find};
use super::super::{XliffError, XliffProblem};
use super::write::block_kind;
use super::{EMPTY, names, origin_from_name};

/// Reads what [`write`](super::write()) wrote: the article with its one target language.
///
/// Any other XLIFF of one `<file>` is read too: a group without duizhao's type is a paragraph, and
/// so is a run of units outside of groups. `path` is named in errors.
pub fn read(path: &Path, bytes: &[u8], limits: &Limits) -> Result<Article, XliffError> {
    let text = decode(path, bytes, limits)?;
    let mut reader = Reader::new(path, &text, limits)?;
    let fail = |line, problem| XliffError {
        place: Place {
            path: path.to_owned(),
            line,
            column: 1,
        },
        problem,
    };
    let mut builder: Option<Builder> = None;
    let mut files = 0;
    while let Some(item) = reader.next_item()? {
        match (item, &mut builder) {
            (Item::File(file), _) => {
                files += 1;
                if files > 1 {
                    return Err(fail(file.line, XliffProblem::Files(files)));
                }
                let line = file.line;
                builder = Some(Builder::new(file).map_err(|problem| fail(line, problem))?);
            }
            (Item::Group(group), Some(builder)) => {
                let line = group.line;
                builder
                    .group(&group)
                    .map_err(|problem| fail(line, problem))?;
            }
            (Item::EndGroup, Some(builder)) => builder.into = Into::NewBlock,
            (Item::Unit(unit), Some(builder)) => {
                let line = unit.line;
                builder.unit(*unit).map_err(|problem| fail(line, problem))?;
            }
            _ => {}
        }
    }
    match builder {
        Some(builder) => Ok(builder.article),
        None => Err(fail(1, XliffProblem::Files(0))),
    }
}

/// Where the next unit goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    /// A paragraph of its own, which follows.
    NewBlock,
    /// The last block.
    LastBlock,
    /// The obsolete segments.
    Obsolete,
}

struct Builder {
    article: Article,
    target: Lang,
    into: Into,
}

type Built<T> = Result<T, XliffProblem>;

impl Builder {
    fn new(file: FileStart) -> Built<Self> {
        let missing = |element: &str, attribute| XliffProblem::Attribute {
            element: element.to_owned(),
            attribute,
        };
        let value = |name| file.meta(names::ARTICLE, name).map(str::to_owned);
        let meta = ArticleMeta {
            outlet: value("outlet"),
            date: value("date"),
            authors: file
                .metadata
                .iter()
                .filter(|meta| meta.category == names::ARTICLE && meta.name == "author")
                .map(|meta| meta.value.clone())
                .collect(),
            section: value("section"),
            address: value("address"),
            rights: value("rights"),
        };
        Ok(Self {
            article: Article {
                id: ArticleId::new(file.id.ok_or_else(|| missing("file", "id"))?),
                lang: file
                    .source_lang
                    .ok_or_else(|| missing("xliff", "srcLang"))?,
                original: file.original.unwrap_or_default(),
                meta,
                blocks: Vec::new(),
                obsolete: Vec::new(),
            },
            target: file
                .target_lang
                .ok_or_else(|| missing("xliff", "trgLang"))?,
            into: Into::NewBlock,
        })
    }

    fn group(&mut self, group: &GroupStart) -> Built<()> {
        if group.kind.as_deref() == Some(names::OBSOLETE) {
            self.into = Into::Obsolete;
            return Ok(());
        }
        if group.kind.is_none() && group.id.as_deref() == Some(EMPTY) {
            return Ok(());
        }
        let mut block = self.new_block(group.id.clone());
        block.kind = block_kind(group.kind.as_deref()).unwrap_or(BlockKind::Paragraph);
        let number = |name: &str, value: &str| {
            value.parse().map_err(|_| XliffProblem::Metadata {
                name: name.to_owned(),
                value: value.to_owned(),
            })
        };
        if let Some(lines) = group.meta(names::BLOCK, "lines") {
            let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
            block.lines = Lines {
                first: number("lines", first)?,
                last: number("lines", last)?,
            };
        }
        if let Some(level) = group.meta(names::BLOCK, "level") {
            block.level = u8::try_from(number("level", level)?).ok();
        }
        block.position = Position::of_values(|name| group.meta(names::BLOCK, name)).map_err(
            |(name, value)| XliffProblem::Metadata {
                name: name.to_owned(),
                value: value.to_owned(),
            },
        )?;
        self.article.blocks.push(block);
        self.into = Into::LastBlock;
        Ok(())
    }

    fn new_block(&self, id: Option<String>) -> Block {
        let id = id.unwrap_or_else(|| format!("b{}", self.article.blocks.len() + 1));
        Block {
            id: BlockId::new(id),
            kind: BlockKind::Paragraph,
            level: None,
            position: None,
            lines: Lines { first: 1, last: 1 },
            segments: Vec::new(),
            repairs: Vec::new(),
            suspects: Vec::new(),
        }
    }

    fn unit(&mut self, unit: Unit) -> Built<()> {
        let segment = segment(unit, &self.target)?;
        if self.into == Into::Obsolete {
            self.article.obsolete.push(segment);
            return Ok(());
        }
        if self.into == Into::NewBlock || self.article.blocks.is_empty() {
            let block = self.new_block(None);
            self.article.blocks.push(block);
            self.into = Into::LastBlock;
        }
        if let Some(block) = self.article.blocks.last_mut() {
            block.segments.push(segment);
        }
        Ok(())
    }
}

pub(super) fn segment(mut unit: Unit, lang: &Lang) -> Built<Segment> {
    if let Some(state) = unit.odd_state {
        return Err(XliffProblem::State(state));
    }
    let space_after = match unit.parts.last() {
        Some(part) if part.ignorable && part.source.text().trim().is_empty() => {
            let space = part.source.text();
            unit.parts.pop();
            space
        }
        _ => String::new(),
    };
    let mut translation = Translation {
        covered_by: unit
            .meta(names::TARGET, names::COVERED_BY)
            .map(SegmentId::new),
        ..Translation::default()
    };
    if let Some(content) = unit.target() {
        translation.target = Some(Target {
            content,
            state: unit.state(),
            provenance: provenance(&unit.metadata)?,
        });
    }
    for found in std::mem::take(&mut unit.matches) {
        let state = match find(&found.metadata, names::TARGET, "state") {
            None => State::default(),
            Some(name) => {
                State::from_name(name).ok_or_else(|| XliffProblem::State(name.to_owned()))?
            }
        };
        translation.suggestions.push(Suggestion {
            source: found.source,
            target: Target {
                content: found.target,
                state,
                provenance: provenance(&found.metadata)?,
            },
            similarity: found.similarity.unwrap_or_default(),
        });
    }
    let mut segment = Segment::new(SegmentId::new(unit.id.clone()), unit.source(), space_after);
    for UnitNote { id, note } in unit.notes {
        if id.is_some_and(|id| id.starts_with('n')) {
            segment.notes.push(note);
        } else {
            translation.notes.push(note);
        }
    }
    if !translation.is_empty() {
        segment.targets.insert(lang.clone(), translation);
    }
    Ok(segment)
}

fn provenance(metadata: &[Meta]) -> Built<Vec<Provenance>> {
    metadata
        .iter()
        .filter(|meta| meta.category == names::PROVENANCE)
        .map(|meta| {
            let origin = origin_from_name(&meta.name).ok_or_else(|| XliffProblem::Metadata {
                name: names::PROVENANCE.to_owned(),
                value: meta.name.clone(),
            })?;
            let (when, by) = match meta.value.split_once(' ') {
                Some((when, by)) => (when, Some(by.to_owned())),
                None => (meta.value.as_str(), None),
            };
            let when = (when != "-").then(|| unescape_illegal(when).into_owned());
            Ok(Provenance { origin, by, when })
        })
        .collect()
}
