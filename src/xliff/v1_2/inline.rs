//! Content with inline codes as XLIFF 1.2 writes it: `g`, `x`, `bx`, `ex`, `it`; read also
//! `ph`, `bpt`, `ept`, `mrk`, `sub`.

use std::fmt::Write as _;

use crate::model::{Code, CodeKind, Content, Inline, Note, NoteAbout, NoteKind};
use crate::xml::{
    Element, Fault, Node, escape_attribute, escape_text, is_xml_char, legal, nmtoken,
    unescape_illegal,
};

use super::super::error::XliffProblem;
use super::super::v2::inline::{Role, pair};

/// A character that XML does not allow stands as a placeholder of this `ctype` and its number.
const CHARACTER: &str = "x-char-";

/// The `ctype` of a code. 1.2 has some for codes that enclose text and some for codes that stand
/// alone; with `x-` any name is allowed.
fn ctype(kind: &CodeKind, alone: bool) -> &'static str {
    match (kind, alone) {
        (CodeKind::Bold, false) => "bold",
        (CodeKind::Bold, true) => "x-bold",
        (CodeKind::Italic, false) => "italic",
        (CodeKind::Italic, true) => "x-italic",
        (CodeKind::Underline, false) => "underlined",
        (CodeKind::Underline, true) => "x-underlined",
        (CodeKind::Superscript, _) => "x-superscript",
        (CodeKind::Subscript, _) => "x-subscript",
        (CodeKind::Link(_), false) => "link",
        (CodeKind::Link(_), true) => "x-link",
        (CodeKind::LineBreak, true) => "lb",
        (CodeKind::LineBreak, false) => "x-lb",
        (CodeKind::Image { .. }, true) => "image",
        (CodeKind::Image { .. }, false) => "x-image",
        (CodeKind::Other(_), _) => "x-other",
    }
}

fn write_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| !is_xml_char(c)) {
        escape_text(out, &rest[..at]);
        let mut following = rest[at..].chars();
        if let Some(c) = following.next() {
            let number = u32::from(c);
            let _ = write!(
                out,
                "<x id=\"char-{number:04X}\" ctype=\"{CHARACTER}{number:04X}\"/>"
            );
        }
        rest = following.as_str();
    }
    escape_text(out, rest);
}

pub(super) fn write_content(out: &mut String, content: &Content) {
    for (inline, role) in content.inlines().iter().zip(pair(content)) {
        match (inline, role) {
            (Inline::Text(text), _) => write_text(out, text),
            (Inline::Placeholder(code), _) => {
                write_code(out, "x", code);
                out.push_str("/>");
            }
            (Inline::Open(code), Role::Nested) => {
                write_code(out, "g", code);
                out.push('>');
            }
            (Inline::Open(code), Role::Crossing) => {
                write_code(out, "bx", code);
                out.push_str("/>");
            }
            (Inline::Open(code), _) => {
                write_code(out, "it", code);
                out.push_str(" pos=\"open\"/>");
            }
            (Inline::Close(_), Role::Nested) => out.push_str("</g>"),
            (Inline::Close(id), role) => {
                let id = nmtoken(id);
                out.push_str(match role {
                    Role::Crossing => "<ex id=\"",
                    _ => "<it pos=\"close\" id=\"",
                });
                escape_attribute(out, &id);
                out.push_str("-end\" rid=\"");
                escape_attribute(out, &id);
                out.push_str("\"/>");
            }
        }
    }
}

fn write_code(out: &mut String, element: &str, code: &Code) {
    let id = nmtoken(&code.id);
    let _ = write!(out, "<{element} id=\"");
    escape_attribute(out, &id);
    if matches!(element, "bx" | "it") {
        out.push_str("\" rid=\"");
        escape_attribute(out, &id);
    }
    let _ = write!(out, "\" ctype=\"{}\"", ctype(&code.kind, element == "x"));
    let equivalent = match &code.kind {
        CodeKind::Image { alt, .. } if !alt.is_empty() => alt,
        _ => return,
    };
    if element == "x" {
        out.push_str(" equiv-text=\"");
        escape_attribute(out, &legal(equivalent));
        out.push('"');
    }
}

/// Reads the content of a `source` or `target`. Annotations are dropped, but the comments among
/// them are given to `notes`.
pub(super) fn read_content(
    element: &Element<'_>,
    about: NoteAbout,
    notes: &mut Vec<Note>,
) -> Result<Content, Fault<XliffProblem>> {
    let mut content = Content::default();
    read_into(&mut content, element, about, notes)?;
    Ok(content)
}

fn read_into(
    content: &mut Content,
    element: &Element<'_>,
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
            "g" => {
                let code = code(child, false)?;
                let id = code.id.clone();
                content.push(Inline::Open(Box::new(code)));
                read_into(content, child, about, notes)?;
                content.push(Inline::Close(id));
            }
            "x" | "ph" => match character(child) {
                Some(c) => content.push_text(&c.to_string()),
                None => content.push(Inline::Placeholder(Box::new(code(child, false)?))),
            },
            "ex" | "ept" => content.push(Inline::Close(pair_id(child)?)),
            "it" if child.attr("pos") == Some("close") => {
                content.push(Inline::Close(pair_id(child)?));
            }
            "bx" | "bpt" | "it" => content.push(Inline::Open(Box::new(code(child, true)?))),
            _ => {
                if child.local == "mrk" && child.attr("mtype") == Some("x-comment")
                    || child.attr("comment").is_some()
                {
                    notes.push(Note {
                        kind: NoteKind::Comment,
                        about,
                        text: child.attr("comment").unwrap_or_default().to_owned(),
                    });
                }
                // `mrk`, and what no standard knows: its text is kept.
                read_into(content, child, about, notes)?;
            }
        }
    }
    Ok(())
}

fn character(element: &Element<'_>) -> Option<char> {
    let hex = element.attr("ctype")?.strip_prefix(CHARACTER)?;
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

/// The id that both halves of a pair share.
fn pair_id(element: &Element<'_>) -> Result<String, Fault<XliffProblem>> {
    let id = element.attr("rid").or(element.attr("id"));
    let id = id.ok_or_else(|| Fault {
        at: element.span.start,
        problem: XliffProblem::Attribute {
            element: element.local.to_owned(),
            attribute: "id",
        },
    })?;
    Ok(unescape_illegal(id).into_owned())
}

fn code(element: &Element<'_>, paired: bool) -> Result<Code, Fault<XliffProblem>> {
    let id = if paired {
        pair_id(element)?
    } else {
        let id = element.attr("id").ok_or_else(|| Fault {
            at: element.span.start,
            problem: XliffProblem::Attribute {
                element: element.local.to_owned(),
                attribute: "id",
            },
        })?;
        unescape_illegal(id).into_owned()
    };
    let ctype = element.attr("ctype");
    let kind = match ctype.map(|ctype| ctype.strip_prefix("x-").unwrap_or(ctype)) {
        Some("bold") => CodeKind::Bold,
        Some("italic") => CodeKind::Italic,
        Some("underlined") => CodeKind::Underline,
        Some("superscript") => CodeKind::Superscript,
        Some("subscript") => CodeKind::Subscript,
        Some("lb") => CodeKind::LineBreak,
        // 1.2 hand-outs name codes only; what they stand for is in the record.
        Some("link") => CodeKind::Link(String::new()),
        Some("image") => CodeKind::Image {
            src: String::new(),
            alt: unescape_illegal(element.attr("equiv-text").unwrap_or_default()).into_owned(),
        },
        other => {
            let native = element.text();
            let name = other.unwrap_or_default();
            CodeKind::Other(if native.is_empty() {
                name.to_owned()
            } else {
                native
            })
        }
    };
    Ok(Code { id, kind })
}
