//! The text of a part: its paragraphs, with all that stands in them.

use std::collections::BTreeMap;

use super::{R, Styles, W, attribute, is_on, is_w, limits, symbol, value};
use crate::ingest::paragraph::Paragraphs;
use crate::model::{BlockKind, CodeKind, LeftOut, Line, Position};
use crate::xml::{Event, Parser, Tag};

const MATH: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
];
const COMPATIBILITY: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
const VML: &str = "urn:schemas-microsoft-com:vml";

/// The rule that names text which a tracked change deletes.
const DELETED: &str = "page.deleted";
/// The rule that names a comment.
const COMMENT: &str = "page.comment";

/// The most columns that a Word table has.
const MOST_COLUMNS: u16 = 63;

/// A reader of one part at a time.
pub(super) struct Reader<'a> {
    styles: &'a Styles,
    links: &'a BTreeMap<String, String>,
    comments: &'a BTreeMap<String, String>,
    paragraphs: Paragraphs,
    number: u32,
    /// Whether the part holds notes.
    pub(super) note: bool,
    pub(super) left_out: Vec<LeftOut>,
    /// Names of open elements.
    open: Vec<String>,
    /// How many elements are open whose text is no text: the code of a field, what was moved away.
    hidden: usize,
    /// The text of the tracked deletion at hand.
    deleted: Option<String>,
    run: Run,
    tables: Tables,
    /// The paragraphs around the text box at hand.
    around: Vec<(Paragraphs, Run, Tables)>,
    /// The paragraphs of text boxes, which follow the paragraph that they are anchored in.
    boxes: Vec<Line>,
    /// The reading of the word at hand.
    reading: Option<String>,
}

/// Tables that are open: the row and the column at hand, from 1, and how many columns the cell takes.
type Tables = Vec<(u16, u16, u16)>;

/// The emphasis of a run.
#[derive(Default)]
struct Run {
    kinds: Vec<(&'static str, CodeKind)>,
    opened: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        styles: &'a Styles,
        links: &'a BTreeMap<String, String>,
        comments: &'a BTreeMap<String, String>,
    ) -> Self {
        Self {
            styles,
            links,
            comments,
            paragraphs: Paragraphs::default(),
            number: 0,
            note: false,
            left_out: Vec::new(),
            open: Vec::new(),
            hidden: 0,
            deleted: None,
            run: Run::default(),
            tables: Vec::new(),
            around: Vec::new(),
            boxes: Vec::new(),
            reading: None,
        }
    }

    /// All paragraphs, and what was left out.
    pub(super) fn finish(self) -> (Vec<Line>, Vec<LeftOut>) {
        (self.paragraphs.finish(), self.left_out)
    }

    /// Reads a part.
    pub(super) fn read(&mut self, xml: &str) -> Result<(), String> {
        let limits = limits();
        let mut parser = Parser::new(xml, &limits);
        loop {
            match parser.next().map_err(|fault| fault.problem.to_string())? {
                Event::Start(tag) => self.start(&tag),
                Event::End { .. } => {
                    if let Some(name) = self.open.pop() {
                        self.end(&name);
                    }
                }
                Event::Text(text, _) => match self.open.last().map(String::as_str) {
                    Some("t" | "m:t") => self.text(&text),
                    Some("delText") => {
                        if let Some(deleted) = &mut self.deleted {
                            deleted.push_str(&text);
                        }
                    }
                    _ => {}
                },
                Event::Eof => break,
            }
        }
        self.paragraphs.end();
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let name = if is_w(tag) {
            tag.local.to_owned()
        } else if MATH.contains(&tag.ns) {
            format!("m:{}", tag.local)
        } else if tag.ns == COMPATIBILITY {
            format!("mc:{}", tag.local)
        } else {
            String::new()
        };
        self.open.push(name);
        let name = self.open.last().cloned().unwrap_or_default();
        match name.as_str() {
            "del" => {
                self.deleted.get_or_insert_default();
            }
            // What is said here was said in the choice before it.
            "moveFrom" | "instrText" | "mc:Fallback" => self.hidden += 1,
            "txbxContent" => {
                let around = std::mem::take(&mut self.paragraphs);
                let run = std::mem::take(&mut self.run);
                let tables = std::mem::take(&mut self.tables);
                self.around.push((around, run, tables));
            }
            "tbl" => self.tables.push((0, 0, 1)),
            "tr" => {
                if let Some((row, column, _)) = self.tables.last_mut() {
                    *row = row.saturating_add(1);
                    *column = 0;
                }
            }
            "tc" => {
                if let Some((_, column, columns)) = self.tables.last_mut() {
                    *column = column.saturating_add(1);
                    *columns = 1;
                }
            }
            "gridSpan" => {
                if let Some((_, _, columns)) = self.tables.last_mut() {
                    let span = value(tag).and_then(|v| v.parse().ok());
                    *columns = span.unwrap_or(1).clamp(1, MOST_COLUMNS);
                }
            }
            "p" => {
                self.paragraphs.end();
                self.number += 1;
                if let Some((row, column, columns)) = self.tables.last() {
                    self.paragraphs.set_role(BlockKind::Table, None);
                    self.paragraphs.set_position(Some(Position::Cell {
                        row: (*row).max(1),
                        column: (*column).max(1),
                        rows: 1,
                        columns: *columns,
                        header: false,
                    }));
                } else if self.note {
                    self.paragraphs.set_role(BlockKind::Note, None);
                }
            }
            "pStyle" => {
                if let Some((kind, level)) = value(tag).and_then(|id| self.styles.get(id)) {
                    self.paragraphs.set_role(*kind, *level);
                }
            }
            "outlineLvl" if self.open.iter().any(|name| name == "pPr") => {
                if let Some(level) = value(tag).and_then(|v| v.parse::<u8>().ok())
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
                let address = attribute(tag, &R, "id")
                    .and_then(|id| self.links.get(id))
                    .cloned()
                    .or_else(|| attribute(tag, &W, "anchor").map(|name| format!("#{name}")));
                self.paragraphs
                    .open("hyperlink", CodeKind::Link(address.unwrap_or_default()));
            }
            "r" => self.run = Run::default(),
            "b" | "i" | "u" | "vertAlign" if self.in_run_properties() => self.run.add(tag),
            "commentReference" => {
                let id = attribute(tag, &W, "id").unwrap_or_default();
                if let Some(text) = self.comments.get(id) {
                    self.leave_out(COMMENT, text);
                }
            }
            "rt" => self.reading = Some(String::new()),
            "textpath" => {}
            "" if tag.ns == VML && tag.local == "textpath" => {
                if let Some(text) = tag.attr("string").map(str::to_owned) {
                    self.text(&text);
                }
            }
            name => self.piece(name, tag),
        }
    }

    /// Adds what an element stands for: a tab, a line break, a sign.
    fn piece(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "tab" | "ptab" if !self.open.iter().any(|name| name == "tabs") => self.text("\t"),
            "noBreakHyphen" => self.text("\u{2011}"),
            "sym" => {
                let font = attribute(tag, &W, "font").unwrap_or_default();
                let code =
                    attribute(tag, &W, "char").and_then(|code| u32::from_str_radix(code, 16).ok());
                if let Some(sign) = code.and_then(|code| symbol::of(font, code)) {
                    self.text(sign.encode_utf8(&mut [0; 4]));
                }
            }
            "br" | "cr" if self.is_shown() => self.paragraphs.line_break(),
            "footnoteReference" | "endnoteReference" if self.is_shown() => {
                let id = attribute(tag, &W, "id").unwrap_or_default();
                self.paragraphs
                    .placeholder(CodeKind::Other(format!("footnote {id}")));
            }
            // Formulas as one would write them in a line.
            "m:sup" if self.is_shown() => self.paragraphs.open("m:sup", CodeKind::Superscript),
            "m:sub" if self.is_shown() => self.paragraphs.open("m:sub", CodeKind::Subscript),
            "m:den" => self.text("/"),
            "m:e" if self.stands_in("m:rad") => self.text("√"),
            "m:e" if self.stands_in("m:d") => self.text("("),
            "m:chr" if self.stands_in("m:naryPr") => {
                if let Some(sign) = attribute(tag, &MATH, "val").map(str::to_owned) {
                    self.text(&sign);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "del" if !self.open.iter().any(|name| name == "del") => {
                let deleted = self.deleted.take().unwrap_or_default();
                self.leave_out(DELETED, &deleted);
            }
            "moveFrom" | "instrText" | "mc:Fallback" => self.hidden = self.hidden.saturating_sub(1),
            "txbxContent" => {
                if let Some((around, run, tables)) = self.around.pop() {
                    let inside = std::mem::replace(&mut self.paragraphs, around);
                    self.boxes.extend(inside.finish());
                    self.run = run;
                    self.tables = tables;
                }
            }
            "tbl" => {
                self.tables.pop();
            }
            "tc" => {
                if let Some((_, column, columns)) = self.tables.last_mut() {
                    *column = column.saturating_add(*columns - 1);
                }
            }
            "p" => {
                self.paragraphs.end();
                if self.around.is_empty() {
                    let boxes = std::mem::take(&mut self.boxes);
                    self.paragraphs.append(boxes);
                }
            }
            "hyperlink" => self.paragraphs.close("hyperlink"),
            "r" => {
                self.run.close(&mut self.paragraphs);
                self.run = Run::default();
            }
            "m:sup" | "m:sub" => self.paragraphs.close(name),
            "m:e" if self.open.last().is_some_and(|name| name == "m:d") => self.text(")"),
            "ruby" => {
                let reading = self.reading.take().unwrap_or_default();
                if !reading.trim().is_empty() {
                    self.text(&format!("（{}）", reading.trim()));
                }
            }
            _ => {}
        }
    }

    /// Whether what stands here is text of the document.
    fn is_shown(&self) -> bool {
        self.hidden == 0 && self.deleted.is_none()
    }

    /// Whether the element at hand stands right in one of this name.
    fn stands_in(&self, name: &str) -> bool {
        let above = self
            .open
            .len()
            .checked_sub(2)
            .and_then(|i| self.open.get(i));
        above.is_some_and(|above| above == name)
    }

    fn in_run_properties(&self) -> bool {
        let above = |n: usize| {
            self.open
                .len()
                .checked_sub(n)
                .and_then(|i| self.open.get(i))
        };
        above(2).is_some_and(|name| name == "rPr") && above(3).is_some_and(|name| name == "r")
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if let Some(deleted) = &mut self.deleted {
            deleted.push_str(text);
        } else if let Some(reading) = &mut self.reading
            && self.open.iter().any(|name| name == "rt")
        {
            reading.push_str(text);
        } else {
            self.run.open(&mut self.paragraphs);
            self.paragraphs.text(text, self.number);
        }
    }

    fn leave_out(&mut self, rule: &'static str, text: &str) {
        if self.hidden == 0 && !text.trim().is_empty() {
            let before = self.paragraphs.len() + 1;
            let piece = LeftOut::new(rule, self.number, text.trim().to_owned());
            self.left_out.push(piece.before(before));
        }
    }
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
