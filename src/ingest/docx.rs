//! DOCX (ECMA-376, WordprocessingML): paragraphs with styles, lists, emphasis and links.

use std::collections::BTreeMap;

use super::IngestError;
use super::container::Container;
use super::paragraph::Paragraphs;
use crate::model::{BlockKind, CodeKind, Line, Meta};
use crate::xml::{Event, Limits, Parser, Tag};

const W: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];
const R: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

pub(super) fn read(path: &str, bytes: &[u8]) -> Result<(Vec<Line>, Meta), IngestError> {
    let mut container = Container::open(path, "DOCX", bytes)?;
    let Some(document) = container.part("word/document.xml")? else {
        return Err(container.fail("there is no word/document.xml in it"));
    };
    let styles = container.part("word/styles.xml")?.unwrap_or_default();
    let styles = read_styles(&styles).map_err(|error| container.fail(error))?;
    let links = container
        .part("word/_rels/document.xml.rels")?
        .unwrap_or_default();
    let links = read_links(&links).map_err(|error| container.fail(error))?;
    let core = container.part("docProps/core.xml")?.unwrap_or_default();
    let meta = read_core(&core).map_err(|error| container.fail(error))?;
    let mut reader = Reader {
        styles: &styles,
        links: &links,
        paragraphs: Paragraphs::default(),
        number: 0,
        note: false,
    };
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
    Ok((reader.paragraphs.finish(), meta))
}

/// What a style makes of its paragraphs.
type Styles = BTreeMap<String, (BlockKind, Option<u8>)>;

/// A reader of one part at a time.
struct Reader<'a> {
    styles: &'a Styles,
    links: &'a BTreeMap<String, String>,
    paragraphs: Paragraphs,
    number: u32,
    /// Whether the part holds notes.
    note: bool,
}

/// The emphasis of a run.
#[derive(Default)]
struct Run {
    kinds: Vec<(&'static str, CodeKind)>,
    opened: bool,
}

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

impl Reader<'_> {
    fn read(&mut self, xml: &str) -> Result<(), String> {
        let limits = limits();
        let mut parser = Parser::new(xml, &limits);
        // Names of open elements; what stands in deleted text or a field's code is left out.
        let mut open: Vec<String> = Vec::new();
        let mut left_out = 0_usize;
        let mut run = Run::default();
        let mut in_table = 0_usize;
        loop {
            match parser.next().map_err(|fault| fault.problem.to_string())? {
                Event::Start(tag) => {
                    let name = if is_w(&tag) { tag.local } else { "" };
                    open.push(name.to_owned());
                    match name {
                        "del" | "moveFrom" | "instrText" | "txbxContent" => left_out += 1,
                        "tbl" => in_table += 1,
                        "p" => {
                            self.paragraphs.end();
                            self.number += 1;
                            if in_table > 0 {
                                self.paragraphs.set_role(BlockKind::Table, None);
                            } else if self.note {
                                self.paragraphs.set_role(BlockKind::Note, None);
                            }
                        }
                        "pStyle" => {
                            if let Some((kind, level)) =
                                value(&tag).and_then(|id| self.styles.get(id))
                            {
                                self.paragraphs.set_role(*kind, *level);
                            }
                        }
                        "outlineLvl" if open.iter().any(|name| name == "pPr") => {
                            if let Some(level) = value(&tag).and_then(|v| v.parse::<u8>().ok())
                                && level < 9
                            {
                                self.paragraphs
                                    .set_role(BlockKind::Heading, Some(level + 1));
                            }
                        }
                        "numPr" if self.paragraphs.role().is_none() => {
                            self.paragraphs.set_role(BlockKind::ListItem, None);
                        }
                        "hyperlink" => {
                            let address = attribute(&tag, &R, "id")
                                .and_then(|id| self.links.get(id))
                                .cloned()
                                .or_else(|| {
                                    attribute(&tag, &W, "anchor").map(|name| format!("#{name}"))
                                });
                            self.paragraphs
                                .open("hyperlink", CodeKind::Link(address.unwrap_or_default()));
                        }
                        "r" => run = Run::default(),
                        "b" | "i" | "u" | "vertAlign" if in_run_properties(&open) => {
                            run.add(&tag);
                        }
                        "tab" if !open.iter().any(|name| name == "tabs") => {
                            self.text(&mut run, "\t", left_out);
                        }
                        "br" | "cr" if left_out == 0 && attribute(&tag, &W, "type").is_none() => {
                            self.paragraphs.placeholder(CodeKind::LineBreak);
                        }
                        "footnoteReference" | "endnoteReference" if left_out == 0 => {
                            let id = attribute(&tag, &W, "id").unwrap_or_default();
                            self.paragraphs
                                .placeholder(CodeKind::Other(format!("footnote {id}")));
                        }
                        _ => {}
                    }
                }
                Event::End { .. } => match open.pop().as_deref() {
                    Some("del" | "moveFrom" | "instrText" | "txbxContent") => {
                        left_out = left_out.saturating_sub(1);
                    }
                    Some("tbl") => in_table = in_table.saturating_sub(1),
                    Some("p") => self.paragraphs.end(),
                    Some("hyperlink") => self.paragraphs.close("hyperlink"),
                    Some("r") => run.close(&mut self.paragraphs),
                    _ => {}
                },
                Event::Text(text, _) => {
                    if open.last().is_some_and(|name| name == "t") {
                        self.text(&mut run, &text, left_out);
                    }
                }
                Event::Eof => break,
            }
        }
        self.paragraphs.end();
        Ok(())
    }

    fn text(&mut self, run: &mut Run, text: &str, left_out: usize) {
        if left_out == 0 {
            run.open(&mut self.paragraphs);
            self.paragraphs.text(text, self.number);
        }
    }
}

fn in_run_properties(open: &[String]) -> bool {
    let above = |n: usize| open.len().checked_sub(n).and_then(|i| open.get(i));
    above(2).is_some_and(|name| name == "rPr") && above(3).is_some_and(|name| name == "r")
}

impl Run {
    fn add(&mut self, tag: &Tag<'_>) {
        let kind = match (tag.local, value(tag)) {
            ("b", _) if is_on(tag) => ("b", CodeKind::Bold),
            ("i", _) if is_on(tag) => ("i", CodeKind::Italic),
            ("u", _) if is_on(tag) => ("u", CodeKind::Underline),
            ("vertAlign", Some("superscript")) => ("sup", CodeKind::Superscript),
            ("vertAlign", Some("subscript")) => ("sub", CodeKind::Subscript),
            _ => return,
        };
        self.kinds.push(kind);
    }

    fn open(&mut self, paragraphs: &mut Paragraphs) {
        if !std::mem::replace(&mut self.opened, true) {
            for (key, kind) in &self.kinds {
                paragraphs.open(key, kind.clone());
            }
        }
    }

    fn close(&mut self, paragraphs: &mut Paragraphs) {
        if std::mem::take(&mut self.opened) {
            for (key, _) in self.kinds.iter().rev() {
                paragraphs.close(key);
            }
        }
    }
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

/// The addresses of hyperlinks by relationship id.
fn read_links(xml: &str) -> Result<BTreeMap<String, String>, String> {
    let mut links = BTreeMap::new();
    if xml.trim().is_empty() {
        return Ok(links);
    }
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) if tag.local == "Relationship" => {
                if let (Some(id), Some(target)) = (tag.attr("Id"), tag.attr("Target")) {
                    links.insert(id.to_owned(), target.to_owned());
                }
            }
            Event::Eof => return Ok(links),
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
