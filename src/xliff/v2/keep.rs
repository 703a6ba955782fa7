//! What a record has that the article does not hold: extensions, foreign attributes, comments,
//! annotations. A person or a tool put them there, and saving must not lose them.
//!
//! A unit whose content is as it was is taken over as it stands. A unit that changed, and the
//! starts of files and groups, are written anew, with what was added to the old ones.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::model::Lang;
use crate::xml::{Element, Event, Limits, Parser, Tag, Writer};

use super::super::{WriteOptions, ns};
use super::names;
use super::read::segment;
use super::unit::read_unit;
use super::write::write_segment;

/// The additions to an old record.
#[derive(Default)]
pub(super) struct Kept {
    /// Comments before the root.
    before: Vec<String>,
    root: Additions,
    file: Additions,
    groups: HashMap<String, Additions>,
    units: HashMap<String, KeptUnit>,
}

/// What was added to an element, as it stands in the file.
#[derive(Default, PartialEq)]
struct Additions {
    attrs: Vec<String>,
    /// Elements, and comments between the children.
    children: Vec<String>,
    /// Groups of metadata.
    metadata: Vec<String>,
    /// Notes that the article does not hold.
    notes: Vec<String>,
    /// Comments behind the last unit.
    tail: Vec<String>,
}

/// A unit that is not as duizhao writes it.
struct KeptUnit {
    /// What duizhao would write for it.
    plain: String,
    raw: String,
    /// Comments before it.
    lead: Vec<String>,
    additions: Additions,
    segment_attrs: Vec<String>,
    /// Source and target as they stand, where duizhao would write them otherwise.
    texts: Vec<Text>,
}

struct Text {
    plain: String,
    raw: String,
}

/// A `file` or `group` that is open.
struct Open<'a> {
    tag: Tag<'a>,
    has_units: bool,
    additions: Additions,
}

impl Kept {
    /// Looks through an old record. None where it can't be read, or has nothing to keep.
    pub(super) fn of(text: &str, lang: &Lang, options: &WriteOptions) -> Option<Self> {
        let mut parser = Parser::new(text, &Limits::default());
        let mut kept = Self::default();
        let root = loop {
            match parser.next().ok()? {
                Event::Start(tag) => break tag,
                Event::Eof => return None,
                _ => {}
            }
        };
        kept.before = comments(&text[..root.start]);
        kept.root.attrs = attributes(&text[root.start..root.end])
            .into_iter()
            .filter(|(name, _)| !["version", "srcLang", "trgLang", "xmlns"].contains(name))
            .filter(|(name, _)| !["xmlns:mda", "xmlns:mtc", "xmlns:gls"].contains(name))
            .map(|(_, raw)| raw.to_owned())
            .collect();
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut last = root.end;
        let core = root.ns;
        loop {
            match parser.next().ok()? {
                Event::Start(tag) => {
                    let gap = comments(&text[last..tag.start]);
                    let structural = tag.ns == core && matches!(tag.local, "file" | "group");
                    let is_unit = tag.ns == core && tag.local == "unit";
                    if let Some(parent) = open.last_mut() {
                        if !is_unit {
                            parent.additions.children.extend(gap.iter().cloned());
                        }
                        parent.has_units |= is_unit || structural;
                    } else {
                        kept.before.extend(gap.iter().cloned());
                    }
                    if structural {
                        last = tag.end;
                        open.push(Open {
                            tag,
                            has_units: false,
                            additions: Additions::default(),
                        });
                        continue;
                    }
                    let element = parser.element(tag).ok()?;
                    last = element.span.end;
                    if is_unit {
                        kept.unit(&element, text, gap, lang, options, open.len() + 1)?;
                    } else if let Some(parent) = open.last_mut() {
                        parent.additions.child(&element, text, core, false);
                    }
                }
                Event::End { start, end } => {
                    let gap = comments(&text[last..start.max(last)]);
                    last = end;
                    let Some(Open {
                        tag,
                        has_units,
                        mut additions,
                    }) = open.pop()
                    else {
                        return (!kept.is_empty()).then_some(kept);
                    };
                    if has_units {
                        additions.tail.extend(gap);
                    } else {
                        additions.children.extend(gap);
                    }
                    let start_tag = &text[tag.start..tag.end];
                    if tag.local == "file" {
                        additions.attributes(start_tag, &["id", "original", "xml:space"]);
                        kept.file = additions;
                    } else {
                        additions.attributes(start_tag, &["id", "type", "translate"]);
                        if additions != Additions::default() {
                            let id = tag.attr("id").unwrap_or_default().to_owned();
                            kept.groups.insert(id, additions);
                        }
                    }
                }
                Event::Text(..) => {}
                Event::Eof => return (!kept.is_empty()).then_some(kept),
            }
        }
    }

    fn is_empty(&self) -> bool {
        let nothing = Additions::default();
        self.before.is_empty()
            && self.root == nothing
            && self.file == nothing
            && self.groups.is_empty()
            && self.units.is_empty()
    }

    fn unit(
        &mut self,
        element: &Element<'_>,
        text: &str,
        lead: Vec<String>,
        lang: &Lang,
        options: &WriteOptions,
        depth: usize,
    ) -> Option<()> {
        let unit = read_unit(element, element.ns, true, 0).ok()?;
        let id = unit.id.clone();
        let segment = segment(unit, lang).ok()?;
        let plain = Writer::fragment(depth, |out| write_segment(out, &segment, lang, options));
        let raw = &text[element.span.clone()];
        if plain.trim() == raw && lead.is_empty() {
            return Some(());
        }
        let mut kept = KeptUnit {
            raw: raw.to_owned(),
            lead,
            additions: Additions::default(),
            segment_attrs: Vec::new(),
            texts: Vec::new(),
            plain,
        };
        kept.additions.attributes(raw, &["id"]);
        let mut at = element.inner.start;
        for child in element.elements() {
            kept.additions
                .children
                .extend(comments(&text[at..child.span.start]));
            at = child.span.end;
            if child.is(element.ns, "segment") && kept.texts.is_empty() {
                kept.segment(child, text);
            }
            kept.additions.child(child, text, element.ns, true);
        }
        kept.additions
            .children
            .extend(comments(&text[at..element.inner.end]));
        self.units.insert(id, kept);
        Some(())
    }

    /// The file's text up to and with the root's start tag, from what duizhao writes for it.
    pub(super) fn root(&self, plain: &str) -> String {
        let mut text = self.root.added_to(plain, "");
        if !self.before.is_empty()
            && let Some(at) = text.find("<xliff")
        {
            text.insert_str(at, &lines(&self.before, ""));
        }
        text
    }

    /// The start of the file element, from what duizhao writes for it.
    pub(super) fn file(&self, plain: &str) -> String {
        self.file.added_to(plain, "    ")
    }

    /// The start of a group, from what duizhao writes for it.
    pub(super) fn group(&self, id: &str, plain: &str) -> Option<String> {
        Some(self.groups.get(id)?.added_to(plain, "      "))
    }

    /// What stands behind the last unit of a group.
    pub(super) fn group_tail(&self, id: &str) -> Option<String> {
        let tail = &self.groups.get(id)?.tail;
        Some(lines(tail, "      "))
    }

    /// What stands behind the last group of the file.
    pub(super) fn file_tail(&self) -> String {
        lines(&self.file.tail, "    ")
    }

    /// A unit, from what duizhao writes for it.
    pub(super) fn unit_text(&self, id: &str, plain: &str) -> Option<String> {
        let kept = self.units.get(id)?;
        let indent = &plain[..plain.len() - plain.trim_start().len()];
        let mut text = lines(&kept.lead, indent);
        if plain.trim() == kept.plain.trim() {
            text.push_str(indent);
            text.push_str(&kept.raw);
            text.push('\n');
            return Some(text);
        }
        let mut changed = kept.additions.added_to(plain, &format!("{indent}  "));
        for Text { plain, raw } in &kept.texts {
            changed = changed.replacen(plain.as_str(), raw, 1);
        }
        if let Some(at) = changed.find("<segment") {
            let at = at + "<segment".len();
            let end = at + changed[at..].find('>').unwrap_or_default();
            for attr in &kept.segment_attrs {
                let is_id = attr.starts_with("id=");
                if !(is_id && changed[at..end].contains(" id=")) {
                    changed.insert_str(at, &format!(" {attr}"));
                }
            }
        }
        text.push_str(&changed);
        Some(text)
    }
}

impl KeptUnit {
    fn segment(&mut self, segment: &Element<'_>, text: &str) {
        let start = &text[segment.span.start..segment.inner.start];
        self.segment_attrs = attributes(start)
            .into_iter()
            .filter(|(name, _)| *name != "state")
            .map(|(_, raw)| raw.to_owned())
            .collect();
        for name in ["source", "target"] {
            let Some(child) = segment.child(segment.ns, name) else {
                continue;
            };
            let raw = &text[child.span.clone()];
            let plain = self.plain.find(&format!("<{name}>")).and_then(|from| {
                let close = format!("</{name}>");
                let length = self.plain[from..].find(&close)? + close.len();
                Some(&self.plain[from..from + length])
            });
            // References to data may mean other data in a unit that is written anew.
            if let Some(plain) = plain
                && plain != raw
                && !raw.contains("dataRef")
            {
                self.texts.push(Text {
                    plain: plain.to_owned(),
                    raw: raw.to_owned(),
                });
            }
        }
    }
}

impl Additions {
    fn attributes(&mut self, start_tag: &str, ours: &[&str]) {
        self.attrs = attributes(start_tag)
            .into_iter()
            .filter(|(name, _)| !ours.contains(name))
            .map(|(_, raw)| raw.to_owned())
            .collect();
    }

    /// Takes in a child, if duizhao does not write it anew.
    fn child(&mut self, child: &Element<'_>, text: &str, core: &str, of_unit: bool) {
        let raw = |element: &Element<'_>| text[element.span.clone()].to_owned();
        if child.is(ns::METADATA, "metadata") {
            for group in child.elements() {
                let ours = [
                    names::ARTICLE,
                    names::BLOCK,
                    names::TARGET,
                    names::PROVENANCE,
                    names::EXPORT,
                ];
                if !group
                    .attr("category")
                    .is_some_and(|name| ours.contains(&name))
                {
                    self.metadata.push(raw(group));
                }
            }
        } else if child.ns == core {
            match child.local {
                "segment" | "ignorable" | "originalData" => {}
                // Those of units are in the article.
                "notes" if of_unit => {}
                "notes" => {
                    let notes = child
                        .elements()
                        .filter(|note| note.attr("category") != Some("origin"));
                    self.notes.extend(notes.map(raw));
                }
                _ => self.children.push(raw(child)),
            }
        } else if !child.is(ns::MATCHES, "matches") {
            self.children.push(raw(child));
        }
    }

    /// The plain text with these additions; `indent` is that of children.
    fn added_to(&self, plain: &str, indent: &str) -> String {
        let mut text = plain.to_owned();
        if !self.notes.is_empty() {
            let notes = lines(&self.notes, &format!("{indent}  "));
            match text.rfind("</notes>") {
                Some(at) => text.insert_str(at, &format!("{}{indent}", notes.trim_start())),
                None => {
                    let _ = write!(text, "{indent}<notes>\n{notes}{indent}</notes>\n");
                }
            }
        }
        let Some((inside, empty)) = end_of_tag(&text) else {
            return text;
        };
        if !self.metadata.is_empty() {
            let groups = lines(&self.metadata, &format!("{indent}  "));
            let open = "<mda:metadata>\n";
            // Matches have metadata of their own.
            let known = text
                .find(open)
                .filter(|at| !text[..*at].contains("<mtc:match"));
            if let Some(at) = known {
                text.insert_str(at + open.len(), &groups);
            } else {
                let all = format!("{indent}<mda:metadata>\n{groups}{indent}</mda:metadata>\n");
                text.insert_str(inside, &all);
            }
        }
        text.insert_str(inside, &lines(&self.children, indent));
        let close = if empty { "/>" } else { ">" };
        let at = text[..inside].rfind(close).unwrap_or(inside);
        for attr in self.attrs.iter().rev() {
            text.insert_str(at, &format!(" {attr}"));
        }
        text
    }
}

/// Where the content of the first element begins, behind the line of its start tag; and whether it
/// is empty.
fn end_of_tag(text: &str) -> Option<(usize, bool)> {
    let start = text.rfind("<xliff").or_else(|| text.find('<'))?;
    let mut quoted = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let end = start + at + 1;
                let line = text[end..].starts_with('\n');
                return Some((end + usize::from(line), text[..end].ends_with("/>")));
            }
            _ => {}
        }
    }
    None
}

fn lines(pieces: &[String], indent: &str) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.extend([indent, piece, "\n"]);
    }
    text
}

/// The comments and processing instructions in what stands between elements.
fn comments(gap: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = gap;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let close = if rest.starts_with("<!--") {
            "-->"
        } else {
            "?>"
        };
        if !rest.starts_with("<!--") && !rest.starts_with("<?") {
            break;
        }
        let Some(length) = rest.find(close).map(|at| at + close.len()) else {
            break;
        };
        if !rest.starts_with("<?xml ") {
            found.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    found
}

/// The attributes of a well-formed start tag: names, and name with value as they stand.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let Some(at) = tag.find(char::is_whitespace) else {
        return found;
    };
    let mut rest = tag[at..].trim_start();
    while let Some(equals) = rest.find('=') {
        let name = rest[..equals].trim();
        let value = &rest[equals + 1..];
        let space = value.len() - value.trim_start().len();
        let Some(quote) = value.trim_start().chars().next() else {
            break;
        };
        if !matches!(quote, '"' | '\'') || name.contains(['>', '<']) {
            break;
        }
        let Some(length) = value[space + 1..].find(quote) else {
            break;
        };
        let end = equals + 1 + space + 1 + length + 1;
        found.push((name, &rest[..end]));
        rest = rest[end..].trim_start();
    }
    found
}
