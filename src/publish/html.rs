//! Content as XHTML.

use std::fmt::Write;

use crate::model::{CodeKind, Content, Inline};

/// Text with the five characters escaped that XML gives a meaning, and without the control
/// characters that XML 1.0 forbids.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// `lang` and `xml:lang`, which reading systems need side by side.
pub(super) fn lang_attributes(lang: &crate::model::Lang) -> String {
    format!("lang=\"{lang}\" xml:lang=\"{lang}\"")
}

/// Content as well-formed XHTML. Codes that cross each other are closed and opened again; a code
/// that is never closed ends with the content; a link whose address is no web or mail address
/// keeps its text alone.
pub(super) fn render(contents: &[Content]) -> String {
    let mut html = String::new();
    let mut open: Vec<(&str, Tag)> = Vec::new();
    for inline in contents.iter().flat_map(Content::inlines) {
        match inline {
            Inline::Text(text) => html.push_str(&escape(text)),
            Inline::Open(code) => {
                if let Some(tag) = Tag::of(&code.kind) {
                    html.push_str(&tag.start());
                    open.push((&code.id, tag));
                }
            }
            Inline::Close(id) => {
                if let Some(at) = open.iter().rposition(|(open_id, _)| open_id == id) {
                    let crossed = open.split_off(at + 1);
                    for (_, tag) in crossed.iter().rev() {
                        html.push_str(tag.end());
                    }
                    if let Some((_, tag)) = open.pop() {
                        html.push_str(tag.end());
                    }
                    for (id, tag) in crossed {
                        html.push_str(&tag.start());
                        open.push((id, tag));
                    }
                }
            }
            Inline::Placeholder(code) => match &code.kind {
                CodeKind::LineBreak => html.push_str("<br/>"),
                // Pictures are not carried into books; what they say is.
                CodeKind::Image { alt, .. } => html.push_str(&escape(alt)),
                _ => {}
            },
        }
    }
    for (_, tag) in open.iter().rev() {
        html.push_str(tag.end());
    }
    html
}

enum Tag {
    Plain(&'static str, &'static str),
    Link(String),
}

impl Tag {
    fn of(kind: &CodeKind) -> Option<Self> {
        let plain = match kind {
            CodeKind::Bold => Self::Plain("<b>", "</b>"),
            CodeKind::Italic => Self::Plain("<i>", "</i>"),
            CodeKind::Underline => Self::Plain("<u>", "</u>"),
            CodeKind::Superscript => Self::Plain("<sup>", "</sup>"),
            CodeKind::Subscript => Self::Plain("<sub>", "</sub>"),
            CodeKind::Link(address) => {
                let web = ["https://", "http://", "mailto:"];
                let clean = !address.contains(|c: char| c.is_whitespace() || c.is_control());
                if !clean || !web.iter().any(|scheme| address.starts_with(scheme)) {
                    return None;
                }
                Self::Link(address.clone())
            }
            CodeKind::LineBreak | CodeKind::Image { .. } | CodeKind::Other(_) => return None,
        };
        Some(plain)
    }

    fn start(&self) -> String {
        match self {
            Self::Plain(start, _) => (*start).to_owned(),
            Self::Link(address) => {
                let mut start = String::new();
                let _ = write!(start, "<a href=\"{}\">", escape(address));
                start
            }
        }
    }

    fn end(&self) -> &'static str {
        match self {
            Self::Plain(_, end) => end,
            Self::Link(_) => "</a>",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn open(id: &str, kind: CodeKind) -> Inline {
        Inline::Open(Code {
            id: id.into(),
            kind,
        })
    }

    fn html(inlines: Vec<Inline>) -> String {
        render(&[inlines.into_iter().collect()])
    }

    #[test]
    fn text_is_escaped_and_codes_become_tags() {
        assert_eq!(
            html(vec![
                Inline::Text("a<script>&\u{0}".into()),
                open("1", CodeKind::Bold),
                Inline::Text("b".into()),
                Inline::Close("1".into()),
            ]),
            "a&lt;script&gt;&amp;<b>b</b>"
        );
    }

    #[test]
    fn crossing_and_unclosed_codes_stay_well_formed() {
        assert_eq!(
            html(vec![
                open("1", CodeKind::Bold),
                Inline::Text("a".into()),
                open("2", CodeKind::Italic),
                Inline::Text("b".into()),
                Inline::Close("1".into()),
                Inline::Text("c".into()),
                Inline::Close("9".into()),
            ]),
            "<b>a<i>b</i></b><i>c</i>"
        );
    }

    #[test]
    fn a_link_to_a_script_keeps_its_text_alone() {
        let link = |address: &str| {
            html(vec![
                open("1", CodeKind::Link(address.into())),
                Inline::Text("x".into()),
                Inline::Close("1".into()),
            ])
        };
        assert_eq!(
            link("https://a.example/?a=1&b=2"),
            "<a href=\"https://a.example/?a=1&amp;b=2\">x</a>"
        );
        assert_eq!(link("javascript:alert(1)"), "x");
        assert_eq!(link("http://a b"), "x");
    }
}
