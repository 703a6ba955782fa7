//! Content as XHTML.

use std::fmt::Write;

use url::Url;

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

/// Text without the control characters that [`escape`] leaves out.
pub(super) fn printable(text: &str) -> String {
    let printed = |c: &char| !matches!(c, '\0'..'\t' | '\u{b}' | '\u{c}' | '\u{e}'..' ' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(printed).collect()
}

/// `lang` and `xml:lang`, which reading systems need side by side.
pub(super) fn lang_attributes(lang: &crate::model::Lang) -> String {
    format!("lang=\"{lang}\" xml:lang=\"{lang}\"{}", direction(lang))
}

/// Text that runs from right to left says so, wherever it stands.
fn direction(lang: &crate::model::Lang) -> &'static str {
    if lang.is_right_to_left() {
        " dir=\"rtl\""
    } else {
        ""
    }
}

/// The language of an element: `lang` in HTML; `lang` and `xml:lang` in XHTML.
pub(super) fn language(lang: &crate::model::Lang, dialect: Dialect) -> String {
    match dialect {
        Dialect::Xhtml => lang_attributes(lang),
        Dialect::Html => format!("lang=\"{lang}\"{}", direction(lang)),
    }
}

/// How elements without content are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `<br/>`, for books.
    Xhtml,
    /// `<br>`, for the web.
    Html,
}

/// A paragraph that grows sentence by sentence. Codes that cross each other, or the end of a
/// sentence, are closed and opened again; a code that is never closed ends with its paragraph; a
/// link whose address is no web or mail address keeps its text alone.
pub(super) struct Flow<'a> {
    html: String,
    open: Vec<(&'a str, Tag)>,
    dialect: Dialect,
}

impl<'a> Flow<'a> {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            html: String::new(),
            open: Vec::new(),
            dialect,
        }
    }

    /// Markup between sentences, as it stands.
    pub(super) fn markup(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Text between sentences.
    pub(super) fn text(&mut self, text: &str) {
        self.html.push_str(&escape(text));
    }

    /// A sentence. Codes that earlier sentences left open are open in it.
    pub(super) fn sentence(&mut self, content: &'a Content) {
        for (_, tag) in &self.open {
            self.html.push_str(&tag.start());
        }
        for inline in content.inlines() {
            self.inline(inline);
        }
        for (_, tag) in self.open.iter().rev() {
            self.html.push_str(tag.end());
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        let Self { html, open, .. } = self;
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
                CodeKind::LineBreak => html.push_str(match self.dialect {
                    Dialect::Xhtml => "<br/>",
                    Dialect::Html => "<br>",
                }),
                // Pictures are not carried into books; what they say is.
                CodeKind::Image { alt, .. } => html.push_str(&escape(alt)),
                _ => {}
            },
        }
    }

    /// What was written so far; codes that are open stay open in the next sentence.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.html)
    }

    pub(super) fn finish(self) -> String {
        self.html
    }
}

/// A link's address as books and pages may have it; none where it leads to no page or letter, or
/// is none.
fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    if !matches!(url.scheme(), "https" | "http" | "mailto") {
        return None;
    }
    let mut whole = String::new();
    let mut rest = url.as_str();
    // The parser keeps a percent sign that encodes nothing; EPUB's checkers do not.
    while let Some(at) = rest.find('%') {
        let is_code = rest.as_bytes()[at + 1..]
            .get(..2)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        whole.push_str(&rest[..at]);
        whole.push_str(if is_code { "%" } else { "%25" });
        rest = &rest[at + 1..];
    }
    whole.push_str(rest);
    Some(whole)
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
                let clean = !address.contains(|c: char| c.is_whitespace() || c.is_control());
                Self::Link(web_address(address).filter(|_| clean)?)
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
        Inline::Open(Box::new(Code {
            id: id.into(),
            kind,
        }))
    }

    fn html(inlines: Vec<Inline>) -> String {
        let content = inlines.into_iter().collect();
        let mut flow = Flow::new(Dialect::Xhtml);
        flow.sentence(&content);
        flow.finish()
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
    fn a_code_that_spans_sentences_is_whole_in_each() {
        let first = [open("1", CodeKind::Bold), Inline::Text("a".into())];
        let second = [Inline::Text("b".into()), Inline::Close("1".into())];
        let (first, second) = (
            first.into_iter().collect::<Content>(),
            second.into_iter().collect::<Content>(),
        );
        let mut flow = Flow::new(Dialect::Html);
        for sentence in [&first, &second] {
            flow.markup("<span>");
            flow.sentence(sentence);
            flow.markup("</span>");
        }
        assert_eq!(flow.finish(), "<span><b>a</b></span><span><b>b</b></span>");
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
        assert_eq!(link("http://[bad"), "x");
        assert_eq!(
            link("https://a.example/%zz\"%41|"),
            "<a href=\"https://a.example/%25zz%22%41|\">x</a>"
        );
    }
}
