//! Writing XML: one structural element a line, indented; content as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::parser::{is_name_char, is_xml_char};

/// Builds a document in memory. Values of attributes must be [`legal`].
pub(crate) struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self {
            out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
            open: Vec::new(),
        }
    }

    /// What `write` writes inside of `depth` open elements.
    pub(crate) fn fragment(depth: usize, write: impl FnOnce(&mut Self)) -> String {
        let mut writer = Self {
            out: String::new(),
            open: vec![""; depth],
        };
        write(&mut writer);
        writer.out
    }

    /// Where the next text will stand.
    pub(crate) fn place(&self) -> usize {
        self.out.len()
    }

    /// What was written since `place`, to be looked at.
    pub(crate) fn since(&self, place: usize) -> &str {
        &self.out[place..]
    }

    /// Puts something else in place of what was written since `place`.
    pub(crate) fn replace_since(&mut self, place: usize, text: &str) {
        self.out.truncate(place);
        self.out.push_str(text);
    }

    /// Adds lines as they stand.
    pub(crate) fn raw_lines(&mut self, lines: &str) {
        self.out.push_str(lines);
    }

    /// Adds a line as it stands.
    pub(crate) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// Opens an element whose children stand on lines of their own.
    pub(crate) fn open(&mut self, name: &'static str, attrs: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attrs);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.out, "</{name}>");
        }
    }

    /// An element with nothing in it.
    pub(crate) fn empty(&mut self, name: &str, attrs: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attrs);
        self.out.push_str("/>\n");
    }

    /// An element with text only. Characters that XML does not allow are written as `_xHHHH_`
    /// (see [`escape_illegal`]).
    pub(crate) fn text(&mut self, name: &str, attrs: &[(&str, &str)], text: &str) {
        self.raw(name, attrs, |out| {
            escape_text(out, &escape_illegal(text, is_xml_char));
        });
    }

    /// An element whose content `content` writes as it stands.
    pub(crate) fn raw(
        &mut self,
        name: &str,
        attrs: &[(&str, &str)],
        content: impl FnOnce(&mut String),
    ) {
        self.indent();
        self.tag(name, attrs);
        self.out.push('>');
        content(&mut self.out);
        let _ = writeln!(self.out, "</{name}>");
    }

    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.out.push_str("  ");
        }
    }

    fn tag(&mut self, name: &str, attrs: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attrs {
            let _ = write!(self.out, " {name}=\"");
            escape_attribute(&mut self.out, value);
            self.out.push('"');
        }
    }
}

/// Adds text, with what XML would read as markup or change written as references. Characters that
/// XML does not allow are the caller's affair.
pub(crate) fn escape_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\r']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&#xD;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Adds the value of an attribute in double quotes, so that it is read as it is.
pub(crate) fn escape_attribute(out: &mut String, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find(['&', '<', '"', '\r', '\n', '\t']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'"' => "&quot;",
            b'\r' => "&#xD;",
            b'\n' => "&#xA;",
            _ => "&#x9;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The text with each character that is not `allowed` written as `_xHHHH_`, and `_x` before a
/// hexadecimal number with its underscore written so, as ECMA-376 part 1 (22.9.2.19) does.
pub(crate) fn escape_illegal(text: &str, allowed: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(&allowed) && !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        // What is not allowed becomes an escape, whose underscore ends a number before it.
        let is_escape = c == '_' && escape_at(&text[at..], |c| c == '_' || !allowed(c)).is_some();
        if allowed(c) && !is_escape {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "_x{:04X}_", u32::from(c));
        }
    }
    Cow::Owned(escaped)
}

/// The text with what XML does not allow escaped.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    escape_illegal(text, is_xml_char)
}

/// Undoes [`escape_illegal`].
pub(crate) fn unescape_illegal(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, length)) = escape_at(rest, |c| c == '_') {
            plain.push(c);
            rest = &rest[length..];
        } else {
            plain.push('_');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The character that an escape at the start of `text` stands for, and the escape's length;
/// `ends` says what ends the number.
fn escape_at(text: &str, ends: impl Fn(char) -> bool) -> Option<(char, usize)> {
    let digits = text.strip_prefix("_x")?;
    let length = digits
        .find(ends)
        .filter(|length| (4..=6).contains(length))?;
    let hex = &digits[..length];
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
    Some((c, length + 3))
}

/// The text as an NMTOKEN: itself where it is one, escaped where it is not. Reversed by
/// [`unescape_illegal`]. An empty text stays empty, which no NMTOKEN is.
pub(crate) fn nmtoken(text: &str) -> Cow<'_, str> {
    escape_illegal(text, is_old_name_char)
}

/// The characters in names that the editions of XML 1.0 before the fifth allow too, as far as ids
/// are likely to use them: many parsers still read names so.
fn is_old_name_char(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.' | ':'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{131}'
        | '\u{3B1}'..='\u{3C9}' | '\u{410}'..='\u{44F}'
        | '\u{3041}'..='\u{3094}' | '\u{30A1}'..='\u{30FA}'
        | '\u{4E00}'..='\u{9FA5}' | '\u{AC00}'..='\u{D7A3}')
}

/// Whether the text is an XML NMTOKEN.
pub(crate) fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_name_char(c) || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn escapes_are_reversible(text in "\\PC*|[\\x00-\\x20_x0-9A-F]*|(_x00[0-9A-F]{2}_|_|x)*") {
            let escaped = escape_illegal(&text, is_xml_char);
            prop_assert!(escaped.chars().all(is_xml_char));
            prop_assert_eq!(unescape_illegal(&escaped), text.as_str());
            let token = nmtoken(&text);
            prop_assert!(text.is_empty() || is_nmtoken(&token));
            prop_assert_eq!(unescape_illegal(&token), text.as_str());
        }
    }
}
