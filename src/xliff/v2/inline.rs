//! Content with inline codes as XLIFF 2 writes it: `pc`, `ph`, `sc`, `ec`, `cp`, `mrk`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Code, CodeKind, Content, Inline, Note, NoteAbout, NoteKind};
use crate::xml::{
    Element, Fault, Node, escape_attribute, escape_text, is_xml_char, legal, nmtoken,
    unescape_illegal,
};

use super::super::error::XliffProblem;

/// How deep `pc` is nested before `sc` and `ec` are written instead, so that what is written can
/// always be read.
const MAX_NESTING: usize = 30;

/// The `originalData` of a unit: what the codes stand for, each text once, in order of use.
#[derive(Default)]
pub(super) struct OriginalData<'c> {
    texts: Vec<&'c str>,
    ids: BTreeMap<&'c str, usize>,
}

impl<'c> OriginalData<'c> {
    pub(super) fn add(&mut self, content: &'c Content) {
        for inline in content.inlines() {
            if let Inline::Open(code) | Inline::Placeholder(code) = inline
                && let Some(text) = data(&code.kind)
            {
                self.ids.entry(text).or_insert_with(|| {
                    self.texts.push(text);
                    self.texts.len() - 1
                });
            }
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = (String, &'c str)> + '_ {
        self.texts
            .iter()
            .enumerate()
            .map(|(at, text)| (format!("d{}", at + 1), *text))
    }

    fn id(&self, kind: &CodeKind) -> Option<String> {
        let at = self.ids.get(data(kind)?)?;
        Some(format!("d{}", at + 1))
    }
}

/// What a code keeps in the original data.
fn data(kind: &CodeKind) -> Option<&str> {
    match kind {
        CodeKind::Link(text) | CodeKind::Image { src: text, .. } | CodeKind::Other(text) => {
            Some(text)
        }
        _ => None,
    }
}

/// `type` and `subType`.
fn types(kind: &CodeKind) -> (&'static str, Option<&'static str>) {
    match kind {
        CodeKind::Bold => ("fmt", Some("xlf:b")),
        CodeKind::Italic => ("fmt", Some("xlf:i")),
        CodeKind::Underline => ("fmt", Some("xlf:u")),
        CodeKind::Superscript => ("fmt", Some("duizhao:sup")),
        CodeKind::Subscript => ("fmt", Some("duizhao:sub")),
        CodeKind::LineBreak => ("fmt", Some("xlf:lb")),
        CodeKind::Link(_) => ("link", None),
        CodeKind::Image { .. } => ("image", None),
        CodeKind::Other(_) => ("other", None),
    }
}

/// Text with what XML does not allow written as `cp`.
pub(super) fn write_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| !is_xml_char(c)) {
        escape_text(out, &rest[..at]);
        let mut following = rest[at..].chars();
        if let Some(c) = following.next() {
            let _ = write!(out, "<cp hex=\"{:04X}\"/>", u32::from(c));
        }
        rest = following.as_str();
    }
    escape_text(out, rest);
}

pub(super) fn write_content(out: &mut String, content: &Content, data: &OriginalData<'_>) {
    let roles = pair(content);
    for (inline, role) in content.inlines().iter().zip(roles) {
        match (inline, role) {
            (Inline::Text(text), _) => write_text(out, text),
            (Inline::Placeholder(code), _) => {
                write_code(out, "ph", code, data);
                out.push_str("/>");
            }
            (Inline::Open(code), Role::Nested) => {
                write_code(out, "pc", code, data);
                out.push('>');
            }
            (Inline::Open(code), role) => {
                write_code(out, "sc", code, data);
                out.push_str(match role {
                    Role::Isolated => " isolated=\"yes\"/>",
                    _ => "/>",
                });
            }
            (Inline::Close(_), Role::Nested) => out.push_str("</pc>"),
            (Inline::Close(id), role) => {
                out.push_str(match role {
                    Role::Isolated => "<ec isolated=\"yes\" id=\"",
                    _ => "<ec startRef=\"",
                });
                escape_attribute(out, &nmtoken(id));
                out.push_str("\"/>");
            }
        }
    }
}

fn write_code(out: &mut String, element: &str, code: &Code, data: &OriginalData<'_>) {
    let _ = write!(out, "<{element} id=\"");
    escape_attribute(out, &nmtoken(&code.id));
    let (kind, sub) = types(&code.kind);
    let _ = write!(out, "\" type=\"{kind}\"");
    if let Some(sub) = sub {
        let _ = write!(out, " subType=\"{sub}\"");
    }
    if let CodeKind::Image { alt, .. } = &code.kind {
        let name = if element == "pc" {
            "equivStart"
        } else {
            "equiv"
        };
        let _ = write!(out, " {name}=\"");
        escape_attribute(out, &legal(alt));
        out.push('"');
    }
    if let Some(id) = data.id(&code.kind) {
        let name = if element == "pc" {
            "dataRefStart"
        } else {
            "dataRef"
        };
        let _ = write!(out, " {name}=\"{id}\"");
    }
}

/// How a code is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Role {
    /// Text, or a code that stands alone.
    Single,
    /// One half of a pair that nests with the others.
    Nested,
    /// One half of a pair that crosses another.
    Crossing,
    /// One half whose other half is not here.
    Isolated,
}

/// Tells for each inline which role it plays.
pub(in super::super) fn pair(content: &Content) -> Vec<Role> {
    let inlines = content.inlines();
    let mut roles = vec![Role::Single; inlines.len()];
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, inline) in inlines.iter().enumerate() {
        match inline {
            Inline::Open(code) => {
                roles[at] = Role::Isolated;
                open.push((at, &code.id));
            }
            Inline::Close(id) => {
                let found = open.iter().rposition(|(_, other)| other == id);
                roles[at] = match found {
                    None => Role::Isolated,
                    Some(place) => {
                        let nested = place + 1 == open.len() && open.len() <= MAX_NESTING;
                        let (start, _) = open.remove(place);
                        roles[start] = if nested { Role::Nested } else { Role::Crossing };
                        roles[start]
                    }
                };
            }
            Inline::Text(_) | Inline::Placeholder(_) => {}
        }
    }
    // An unclosed start inside of a pair is an empty element and breaks no nesting, so nothing is
    // left to mend.
    roles
}

/// What the codes of a unit stand for, by the id of their `data`.
pub(in super::super) type DataTexts = BTreeMap<String, String>;

/// Reads the content of a `source` or `target`. Annotations are dropped, but the comments among
/// them are given to `notes`.
pub(in super::super) fn read_content(
    element: &Element<'_>,
    data: &DataTexts,
    about: NoteAbout,
    notes: &mut Vec<Note>,
) -> Result<Content, Fault<XliffProblem>> {
    let mut content = Content::default();
    read_into(&mut content, element, data, about, notes)?;
    Ok(content)
}

fn read_into(
    content: &mut Content,
    element: &Element<'_>,
    data: &DataTexts,
    about: NoteAbout,
    notes: &mut Vec<Note>,
) -> Result<(), Fault<XliffProblem>> {
    for node in &element.children {
        let child = match node {
            Node::Text(text) => {
                content.push_text(text);
                continue;
            }
            Node::Element(child) => child,
        };
        match child.local {
            "cp" => content.push_text(&code_point(child)?.to_string()),
            "ph" => content.push(Inline::Placeholder(Box::new(code(
                child, "dataRef", "equiv", data,
            )?))),
            "pc" => {
                let code = code(child, "dataRefStart", "equivStart", data)?;
                let id = code.id.clone();
                content.push(Inline::Open(Box::new(code)));
                read_into(content, child, data, about, notes)?;
                content.push(Inline::Close(id));
            }
            "sc" => content.push(Inline::Open(Box::new(code(
                child, "dataRef", "equiv", data,
            )?))),
            "ec" => {
                let id = child.attr("startRef").or(child.attr("id"));
                let id = id.ok_or_else(|| missing(child, "startRef"))?;
                content.push(Inline::Close(unescape_illegal(id).into_owned()));
            }
            _ => {
                if matches!(child.local, "mrk" | "sm")
                    && child.attr("type") == Some("comment")
                    && let Some(text) = child.attr("value")
                {
                    notes.push(Note {
                        kind: NoteKind::Comment,
                        about,
                        text: text.to_owned(),
                    });
                }
                // `mrk`, and what no standard knows: its text is kept.
                read_into(content, child, data, about, notes)?;
            }
        }
    }
    Ok(())
}

fn missing(element: &Element<'_>, attribute: &'static str) -> Fault<XliffProblem> {
    Fault {
        at: element.span.start,
        problem: XliffProblem::Attribute {
            element: element.local.to_owned(),
            attribute,
        },
    }
}

/// The character of a `cp`.
pub(in super::super) fn code_point(element: &Element<'_>) -> Result<char, Fault<XliffProblem>> {
    let hex = element.attr("hex").ok_or_else(|| missing(element, "hex"))?;
    u32::from_str_radix(hex, 16)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(|| Fault {
            at: element.span.start,
            problem: XliffProblem::CodePoint(hex.chars().take(20).collect()),
        })
}

fn code(
    element: &Element<'_>,
    data_ref: &str,
    equiv: &str,
    data: &DataTexts,
) -> Result<Code, Fault<XliffProblem>> {
    let id = element.attr("id").ok_or_else(|| missing(element, "id"))?;
    let text = element.attr(data_ref).and_then(|id| data.get(id)).cloned();
    let sub = element.attr("subType");
    let kind = match (element.attr("type"), sub) {
        (_, Some("xlf:b")) => CodeKind::Bold,
        (_, Some("xlf:i")) => CodeKind::Italic,
        (_, Some("xlf:u")) => CodeKind::Underline,
        (_, Some("xlf:lb")) => CodeKind::LineBreak,
        (_, Some("duizhao:sup")) => CodeKind::Superscript,
        (_, Some("duizhao:sub")) => CodeKind::Subscript,
        (Some("link"), _) => CodeKind::Link(text.unwrap_or_default()),
        (Some("image"), _) => CodeKind::Image {
            src: text.unwrap_or_default(),
            alt: unescape_illegal(element.attr(equiv).unwrap_or_default()).into_owned(),
        },
        (kind, sub) => CodeKind::Other(
            text.or_else(|| sub.or(kind).map(str::to_owned))
                .unwrap_or_default(),
        ),
    };
    Ok(Code {
        id: unescape_illegal(id).into_owned(),
        kind,
    })
}
