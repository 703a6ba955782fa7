//! DOCX (ECMA-376, WordprocessingML): paragraphs with styles, lists, emphasis and links.

mod body;
mod symbol;

use std::collections::BTreeMap;

use self::body::Reader;
use super::IngestError;
use super::container::Container;
use crate::model::{BlockKind, LeftOut, Line, Meta};
use crate::xml::{Event, Limits, Parser, Tag};

const W: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];
const R: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

/// The rule that names the running heads and feet of pages.
const RUNNING_HEAD: &str = "page.running-head";

/// A document's paragraphs, what is left out of them, and what it says of itself.
type Read = (Vec<Line>, Vec<LeftOut>, Meta);

pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Read, IngestError> {
    let mut container = Container::open(path, "DOCX", bytes)?;
    let Some(document) = container.part("word/document.xml")? else {
        return Err(container.fail("there is no word/document.xml in it"));
    };
    let styles = container.part("word/styles.xml")?.unwrap_or_default();
    let styles = read_styles(&styles).map_err(|error| container.fail(error))?;
    let relations = container
        .part("word/_rels/document.xml.rels")?
        .unwrap_or_default();
    let relations = read_relations(&relations).map_err(|error| container.fail(error))?;
    let core = container.part("docProps/core.xml")?.unwrap_or_default();
    let meta = read_core(&core).map_err(|error| container.fail(error))?;
    let comments = container.part("word/comments.xml")?.unwrap_or_default();
    let comments = read_comments(&comments)
        .map_err(|error| container.fail(format!("word/comments.xml: {error}")))?;
    let mut reader = Reader::new(&styles, &relations.links, &comments);
    reader
        .read(&document)
        .map_err(|error| container.fail(format!("word/document.xml: {error}")))?;
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(notes) = container.part(part)? {
            reader.note = true;
            reader
                .read(&notes)
                .map_err(|error| container.fail(format!("{part}: {error}")))?;
        }
    }
    let (mut lines, body) = reader.finish();
    let mut left_out: Vec<LeftOut> = Vec::new();
    for part in &relations.running_heads {
        let Some(xml) = container.part(part)? else {
            continue;
        };
        let mut reader = Reader::new(&styles, &relations.links, &comments);
        reader
            .read(&xml)
            .map_err(|error| container.fail(format!("{part}: {error}")))?;
        for line in reader.finish().0 {
            let text = line.text.trim().to_owned();
            // First, left and right pages have the same one each.
            if left_out.iter().all(|piece| piece.text != text) {
                left_out.push(LeftOut::new(RUNNING_HEAD, 1, text));
            }
        }
    }
    left_out.extend(body);
    give_title(&mut lines);
    Ok((lines, left_out, meta))
}

/// A document without a title that opens with its only heading of the first level has it for one.
fn give_title(lines: &mut [Line]) {
    let is_first = |line: &Line| {
        (line.role).is_some_and(|role| (role.kind, role.level) == (BlockKind::Heading, Some(1)))
    };
    let is_title = |line: &Line| line.role.is_some_and(|role| role.kind == BlockKind::Title);
    if lines.iter().any(is_title) || lines.iter().filter(|line| is_first(line)).count() != 1 {
        return;
    }
    if let Some(first) = lines.first_mut().filter(|line| is_first(line))
        && let Some(role) = &mut first.role
    {
        (role.kind, role.level) = (BlockKind::Title, None);
    }
}

/// What a style makes of its paragraphs.
type Styles = BTreeMap<String, (BlockKind, Option<u8>)>;

fn limits() -> Limits {
    Limits {
        bytes: 64 << 20,
        depth: 200,
        attributes: 256,
    }
}

fn is_w(tag: &Tag<'_>) -> bool {
    W.contains(&tag.ns)
}

fn value<'t>(tag: &'t Tag<'_>) -> Option<&'t str> {
    attribute(tag, &W, "val")
}

fn attribute<'t>(tag: &'t Tag<'_>, namespaces: &[&str], local: &str) -> Option<&'t str> {
    tag.attrs
        .iter()
        .find(|attr| attr.local == local && namespaces.contains(&attr.ns))
        .map(|attr| &*attr.value)
}

/// A toggle such as `<w:b/>` is on unless its value says otherwise.
fn is_on(tag: &Tag<'_>) -> bool {
    !matches!(value(tag), Some("0" | "false" | "off" | "none"))
}

/// What each paragraph style means, by its id: told by the style's name or its outline level.
fn read_styles(xml: &str) -> Result<Styles, String> {
    let mut styles = Styles::new();
    if xml.trim().is_empty() {
        return Ok(styles);
    }
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    let mut id = String::new();
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) if is_w(&tag) => match tag.local {
                "style" => attribute(&tag, &W, "styleId")
                    .unwrap_or_default()
                    .clone_into(&mut id),
                "name" => {
                    if let Some(meaning) = value(&tag).and_then(meaning) {
                        styles.insert(id.clone(), meaning);
                    }
                }
                "outlineLvl" => {
                    if let Some(level) = value(&tag).and_then(|v| v.parse::<u8>().ok())
                        && level < 9
                    {
                        styles
                            .entry(id.clone())
                            .or_insert((BlockKind::Heading, Some(level + 1)));
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// The built-in style names, which are the same in every language of the program.
fn meaning(name: &str) -> Option<(BlockKind, Option<u8>)> {
    let name = name.to_lowercase();
    if let Some(level) = name
        .strip_prefix("heading ")
        .and_then(|n| n.parse::<u8>().ok())
    {
        return Some((BlockKind::Heading, Some(level)));
    }
    Some(match name.as_str() {
        "title" => (BlockKind::Title, None),
        "subtitle" => (BlockKind::Standfirst, None),
        "quote" | "intense quote" => (BlockKind::Quote, None),
        "caption" => (BlockKind::Caption, None),
        "list paragraph" | "list bullet" | "list number" => (BlockKind::ListItem, None),
        "footnote text" | "endnote text" => (BlockKind::Note, None),
        _ => return None,
    })
}

/// What the document's relationships name.
#[derive(Default)]
struct Relations {
    /// The addresses of hyperlinks by relationship id.
    links: BTreeMap<String, String>,
    /// The parts with headers and footers.
    running_heads: Vec<String>,
}

fn read_relations(xml: &str) -> Result<Relations, String> {
    let mut relations = Relations::default();
    if xml.trim().is_empty() {
        return Ok(relations);
    }
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) if tag.local == "Relationship" => {
                let (Some(id), Some(target)) = (tag.attr("Id"), tag.attr("Target")) else {
                    continue;
                };
                let kind = tag.attr("Type").unwrap_or_default();
                if kind.ends_with("/header") || kind.ends_with("/footer") {
                    let part = match target.strip_prefix('/') {
                        Some(part) => part.to_owned(),
                        None => format!("word/{target}"),
                    };
                    relations.running_heads.push(part);
                }
                relations.links.insert(id.to_owned(), target.to_owned());
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The texts of comments by id.
fn read_comments(xml: &str) -> Result<BTreeMap<String, String>, String> {
    let mut comments = BTreeMap::new();
    if xml.trim().is_empty() {
        return Ok(comments);
    }
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    let mut id = String::new();
    let mut in_text = false;
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) if is_w(&tag) => {
                in_text = tag.local == "t";
                if tag.local == "comment" {
                    attribute(&tag, &W, "id")
                        .unwrap_or_default()
                        .clone_into(&mut id);
                }
            }
            Event::End { .. } => in_text = false,
            Event::Text(text, _) if in_text => {
                comments
                    .entry(id.clone())
                    .or_insert_with(String::new)
                    .push_str(&text);
            }
            Event::Eof => return Ok(comments),
            _ => {}
        }
    }
}

/// What the file says about itself.
fn read_core(xml: &str) -> Result<Meta, String> {
    let mut meta = Meta::default();
    if xml.trim().is_empty() {
        return Ok(meta);
    }
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    let mut name = String::new();
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) => tag.local.clone_into(&mut name),
            Event::End { .. } => name.clear(),
            Event::Text(text, _) => {
                let text = text.trim();
                match name.as_str() {
                    "creator" if !text.is_empty() => meta.authors.push(text.to_owned()),
                    "created" => meta.date = super::iso_date(text),
                    _ => {}
                }
            }
            Event::Eof => return Ok(meta),
        }
    }
}
