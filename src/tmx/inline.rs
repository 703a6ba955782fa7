//! Content with inline codes as TMX writes it: `bpt`, `ept`, `it`, `ph`; read also `hi`, `ut`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Code, CodeKind, Content, Inline};
use crate::xml::{Element, Node, escape_text, is_xml_char, legal, unescape_illegal};

/// A character that XML does not allow stands as a placeholder of this type and its number.
const CHARACTER: &str = "x-char-";

fn code_type(kind: &CodeKind) -> &'static str {
    match kind {
        CodeKind::Bold => "bold",
        CodeKind::Italic => "italic",
        CodeKind::Underline => "ulined",
        CodeKind::Superscript => "x-superscript",
        CodeKind::Subscript => "x-subscript",
        CodeKind::Link(_) => "link",
        CodeKind::LineBreak => "lb",
        CodeKind::Image { .. } => "image",
        CodeKind::Other(_) => "x-other",
    }
}

fn native(kind: &CodeKind) -> &str {
    match kind {
        CodeKind::Link(text) | CodeKind::Image { src: text, .. } | CodeKind::Other(text) => text,
        _ => "",
    }
}

/// Numbers for the codes of a unit: the same code has the same number in each language.
#[derive(Default)]
pub(super) struct Numbers<'c>(BTreeMap<&'c str, usize>);

impl<'c> Numbers<'c> {
    fn of(&mut self, id: &'c str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(id).or_insert(next)
    }
}

pub(super) fn write_content<'c>(out: &mut String, content: &'c Content, numbers: &mut Numbers<'c>) {
    let inlines = content.inlines();
    let closes = |id: &str, from: usize| {
        inlines[from..]
            .iter()
            .any(|inline| matches!(inline, Inline::Close(other) if other == id))
    };
    let mut open: Vec<&str> = Vec::new();
    for (at, inline) in inlines.iter().enumerate() {
        match inline {
            Inline::Text(text) => write_text(out, text),
            Inline::Placeholder(code) => {
                let number = numbers.of(&code.id);
                let kind = code_type(&code.kind);
                let _ = write!(out, "<ph x=\"{number}\" type=\"{kind}\">");
                escape_text(out, &legal(native(&code.kind)));
                out.push_str("</ph>");
            }
            Inline::Open(code) => {
                let number = numbers.of(&code.id);
                let kind = code_type(&code.kind);
                let element = if closes(&code.id, at) {
                    open.push(&code.id);
                    let _ = write!(out, "<bpt i=\"{number}\" x=\"{number}\" type=\"{kind}\">");
                    "bpt"
                } else {
                    let _ = write!(out, "<it pos=\"begin\" x=\"{number}\" type=\"{kind}\">");
                    "it"
                };
                escape_text(out, &legal(native(&code.kind)));
                let _ = write!(out, "</{element}>");
            }
            Inline::Close(id) => {
                let number = numbers.of(id);
                if let Some(at) = open.iter().position(|other| other == id) {
                    open.remove(at);
                    let _ = write!(out, "<ept i=\"{number}\"></ept>");
                } else {
                    let _ = write!(out, "<it pos=\"end\" x=\"{number}\"></it>");
                }
            }
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| !is_xml_char(c)) {
        escape_text(out, &rest[..at]);
        let mut following = rest[at..].chars();
        if let Some(c) = following.next() {
            let _ = write!(out, "<ph type=\"{CHARACTER}{:04X}\"></ph>", u32::from(c));
        }
        rest = following.as_str();
    }
    escape_text(out, rest);
}

/// Reads a `seg`. Codes without a number are numbered by place, so that codes of a source and a
/// target of the same shape agree.
pub(super) fn read_content(element: &Element<'_>) -> Content {
    let mut content = Content::default();
    let mut unnumbered = 0;
    read_into(&mut content, element, &mut unnumbered, &mut BTreeMap::new());
    content
}

/// `pairs` maps an `i` to the id of its open code: `x` need not equal `i`.
fn read_into(
    content: &mut Content,
    element: &Element<'_>,
    unnumbered: &mut usize,
    pairs: &mut BTreeMap<String, String>,
) {
    for node in &element.children {
        let child = match node {
            Node::Text(text) => {
                content.push_text(text);
                continue;
            }
            Node::Element(child) => child,
        };
        let mut id = || {
            child.attr("x").map_or_else(
                || {
                    *unnumbered += 1;
                    format!("u{unnumbered}")
                },
                str::to_owned,
            )
        };
        match child.local {
            "bpt" => {
                let number = child.attr("i").unwrap_or_default().to_owned();
                let id = if child.attr("x").is_none() && !number.is_empty() {
                    format!("i{number}")
                } else {
                    id()
                };
                pairs.insert(number, id.clone());
                content.push(Inline::Open(Box::new(code(child, id))));
            }
            "ept" => {
                let number = child.attr("i").unwrap_or_default();
                let id = pairs.remove(number).unwrap_or_else(|| format!("i{number}"));
                content.push(Inline::Close(id));
            }
            "it" if child.attr("pos") == Some("end") => content.push(Inline::Close(id())),
            "it" => content.push(Inline::Open(Box::new(code(child, id())))),
            "ph" | "ut" => match character(child) {
                Some(c) => content.push_text(&c.to_string()),
                None => content.push(Inline::Placeholder(Box::new(code(child, id())))),
            },
            // `hi`, and what no standard knows: its text is kept.
            _ => read_into(content, child, unnumbered, pairs),
        }
    }
}

fn character(element: &Element<'_>) -> Option<char> {
    let hex = element.attr("type")?.strip_prefix(CHARACTER)?;
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

fn code(element: &Element<'_>, id: String) -> Code {
    let native = unescape_illegal(&element.text()).into_owned();
    let kind = match element.attr("type").unwrap_or_default() {
        "bold" => CodeKind::Bold,
        "italic" => CodeKind::Italic,
        "ulined" => CodeKind::Underline,
        "x-superscript" => CodeKind::Superscript,
        "x-subscript" => CodeKind::Subscript,
        "link" => CodeKind::Link(native),
        "lb" => CodeKind::LineBreak,
        "image" => CodeKind::Image {
            src: native,
            alt: String::new(),
        },
        kind if native.is_empty() => CodeKind::Other(kind.to_owned()),
        _ => CodeKind::Other(native),
    };
    Code { id, kind }
}
