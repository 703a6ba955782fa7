//! EPUB 2 and 3: the chapters in reading order.

use std::collections::BTreeMap;

use super::IngestError;
use super::container::Container;
use super::html;
use crate::model::{LeftOut, Line, Meta};
use crate::xml::{Event, Limits, Parser};

pub(super) fn read(
    path: &str,
    bytes: &[u8],
) -> Result<(Vec<Line>, Vec<LeftOut>, Meta), IngestError> {
    let mut container = Container::open(path, "EPUB", bytes)?;
    let Some(root) = container.part("META-INF/container.xml")? else {
        return Err(container.fail("there is no META-INF/container.xml in it"));
    };
    let package_path = root_file(&root)
        .map_err(|error| container.fail(format!("META-INF/container.xml: {error}")))?
        .ok_or_else(|| container.fail("META-INF/container.xml names no package document"))?;
    let Some(package) = container.part(&package_path)? else {
        return Err(container.fail(format!("there is no {package_path} in it")));
    };
    let book = Package::read(&package)
        .map_err(|error| container.fail(format!("{package_path}: {error}")))?;
    let folder = package_path
        .rfind('/')
        .map_or("", |slash| &package_path[..=slash]);
    let mut lines: Vec<Line> = Vec::new();
    let mut left_out: Vec<LeftOut> = Vec::new();
    for href in &book.chapters {
        let name = resolve(folder, href);
        let Some(chapter) = container.part(&name)? else {
            return Err(container.fail(format!(
                "there is no {name} in it, though the spine names it"
            )));
        };
        let mut page = html::read(&chapter, html::Kind::Chapter);
        if let Some(first) = page.lines.first_mut()
            && !lines.is_empty()
        {
            first.begin_article();
            first.blank_before = 1;
        }
        for piece in page.left_out {
            let before = lines.len() + piece.before;
            left_out.push(piece.before(before));
        }
        lines.append(&mut page.lines);
    }
    // Lines of chapters say nothing to a reader of a book: paragraphs are counted through.
    for (number, line) in (1..).zip(&mut lines) {
        line.number = number;
    }
    for piece in &mut left_out {
        piece.line = u32::try_from(piece.before).unwrap_or(u32::MAX).max(1);
    }
    Ok((lines, left_out, book.meta))
}

/// A path relative to the package document, with `..` and percent escapes resolved.
fn resolve(folder: &str, href: &str) -> String {
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let mut parts: Vec<String> = folder
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(unescape(part)),
        }
    }
    parts.join("/")
}

fn unescape(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(value) if byte == b'%' => {
                bytes.push(value);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}

fn limits() -> Limits {
    Limits {
        bytes: 64 << 20,
        depth: 64,
        attributes: 128,
    }
}

fn root_file(xml: &str) -> Result<Option<String>, String> {
    let limits = limits();
    let mut parser = Parser::new(xml, &limits);
    loop {
        match parser.next().map_err(|fault| fault.problem.to_string())? {
            Event::Start(tag) if tag.local == "rootfile" => {
                return Ok(tag.attr("full-path").map(str::to_owned));
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Package {
    meta: Meta,
    /// The addresses of the chapters, navigation left out.
    chapters: Vec<String>,
}

impl Package {
    fn read(xml: &str) -> Result<Self, String> {
        let limits = limits();
        let mut parser = Parser::new(xml, &limits);
        let mut package = Self::default();
        let mut items: BTreeMap<String, (String, bool)> = BTreeMap::new();
        let mut spine: Vec<String> = Vec::new();
        let mut name = String::new();
        loop {
            match parser.next().map_err(|fault| fault.problem.to_string())? {
                Event::Start(tag) => {
                    tag.local.clone_into(&mut name);
                    match tag.local {
                        "item" => {
                            if let (Some(id), Some(href)) = (tag.attr("id"), tag.attr("href")) {
                                let nav = tag
                                    .attr("properties")
                                    .is_some_and(|all| all.split_whitespace().any(|p| p == "nav"));
                                let is_text = tag.attr("media-type").is_none_or(|kind| {
                                    matches!(kind, "application/xhtml+xml" | "text/html")
                                });
                                if is_text {
                                    items.insert(id.to_owned(), (href.to_owned(), nav));
                                }
                            }
                        }
                        "itemref" => {
                            if let Some(id) = tag.attr("idref")
                                && tag.attr("linear") != Some("no")
                            {
                                spine.push(id.to_owned());
                            }
                        }
                        _ => {}
                    }
                }
                Event::End { .. } => name.clear(),
                Event::Text(text, _) => package.describe(&name, text.trim()),
                Event::Eof => break,
            }
        }
        for id in spine {
            if let Some((href, false)) = items.get(&id) {
                package.chapters.push(href.clone());
            }
        }
        Ok(package)
    }

    fn describe(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        match name {
            "creator" => self.meta.authors.push(text.to_owned()),
            "publisher" => self.meta.outlet = Some(text.to_owned()),
            "rights" => self.meta.rights = Some(text.to_owned()),
            "date" => self.meta.date = super::iso_date(text),
            _ => {}
        }
    }
}
