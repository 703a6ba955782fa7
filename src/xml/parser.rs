//! A pull parser that gives start tags with resolved names, ends and text.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event as Token;
use quick_xml::events::attributes::Attributes;

use super::XML_NS;
use super::decode::Limits;
use super::error::{Fault, Problem};

/// How many namespace declarations may be in force at once: each name is looked up among them.
const MAX_SCOPES: usize = 256;

/// A start tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag<'a> {
    /// The namespace; empty where there is none.
    pub(crate) ns: &'a str,
    pub(crate) local: &'a str,
    pub(crate) attrs: Vec<Attr<'a>>,
    /// The byte offset of `<`.
    pub(crate) start: usize,
    /// The byte offset behind `>`.
    pub(crate) end: usize,
}

/// An attribute that is no namespace declaration.
#[derive(Clone, Debug)]
pub(crate) struct Attr<'a> {
    /// The namespace; empty where there is none.
    pub(crate) ns: &'a str,
    pub(crate) local: &'a str,
    pub(crate) value: Cow<'a, str>,
}

#[derive(Debug)]
pub(crate) enum Event<'a> {
    Start(Tag<'a>),
    /// An end tag, or the end of an empty element; with the offsets before and behind the tag.
    End {
        start: usize,
        end: usize,
    },
    /// A piece of text, with the offset where it begins; neighbours are not joined.
    Text(Cow<'a, str>, usize),
    /// The end of a well-formed document.
    Eof,
}

/// Reads a text that is already decoded.
pub(crate) struct Parser<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    limits: Limits,
    /// Prefixes with their namespaces and the depth of the element that declares them.
    scopes: Vec<(&'a str, &'a str, usize)>,
    depth: usize,
    seen_root: bool,
    /// The offsets of an empty element whose end is still to be given.
    empty: Option<usize>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        Self {
            text,
            reader,
            limits: *limits,
            scopes: vec![("xml", XML_NS, 0)],
            depth: 0,
            seen_root: false,
            empty: None,
        }
    }

    /// The next event. After an error or [`Event::Eof`] there is none to ask for.
    pub(crate) fn next(&mut self) -> Result<Event<'a>, Fault> {
        if let Some(end) = self.empty.take() {
            self.leave();
            return Ok(Event::End { start: end, end });
        }
        // The reader would pass over a byte order mark, and its offsets with it. Decoding took the
        // file's own away.
        if !self.seen_root && self.text.starts_with('\u{feff}') {
            return Err(Fault::syntax(0, "text outside the root element"));
        }
        loop {
            let start = self.offset();
            let token = self.reader.read_event().map_err(|error| {
                let at = usize::try_from(self.reader.error_position()).unwrap_or(start);
                Fault::syntax(at, error.to_string())
            })?;
            let end = self.offset();
            match token {
                Token::Start(_) => return self.start(start, end, end - 1).map(Event::Start),
                Token::Empty(_) => {
                    let tag = self.start(start, end, end - 2)?;
                    self.empty = Some(end);
                    return Ok(Event::Start(tag));
                }
                Token::End(_) => {
                    self.leave();
                    return Ok(Event::End { start, end });
                }
                Token::Text(_) => {
                    if let Some(text) = self.text_between(start, end)? {
                        return Ok(Event::Text(text, start));
                    }
                }
                Token::CData(_) => {
                    if self.depth == 0 {
                        return Err(Fault::syntax(start, "text outside the root element"));
                    }
                    // `<![CDATA[` and `]]>`.
                    let raw = &self.text[start + 9..end - 3];
                    check_characters(raw, start + 9)?;
                    return Ok(Event::Text(normalize_newlines(raw), start));
                }
                Token::GeneralRef(_) => {
                    if self.depth == 0 {
                        return Err(Fault::syntax(start, "text outside the root element"));
                    }
                    let character = resolve(&self.text[start + 1..end - 1], start)?;
                    return Ok(Event::Text(Cow::Owned(character.to_string()), start));
                }
                Token::DocType(_) => {
                    if self.text[start..end].contains('[') {
                        return Err(Fault::new(start, Problem::Doctype));
                    }
                    if self.seen_root {
                        return Err(Fault::syntax(start, "a document type after the root"));
                    }
                }
                Token::Decl(_) if start != 0 => {
                    return Err(Fault::syntax(start, "an XML declaration inside the file"));
                }
                Token::Comment(_) | Token::PI(_) | Token::Decl(_) => {
                    check_characters(&self.text[start..end], start)?;
                }
                Token::Eof if self.depth > 0 => {
                    return Err(Fault::syntax(end, "the file ends inside an element"));
                }
                Token::Eof if !self.seen_root => {
                    return Err(Fault::syntax(end, "the file has no element"));
                }
                Token::Eof => return Ok(Event::Eof),
            }
        }
    }

    fn offset(&self) -> usize {
        // A position in a slice always fits.
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn leave(&mut self) {
        while self
            .scopes
            .last()
            .is_some_and(|&(_, _, depth)| depth >= self.depth && depth > 0)
        {
            self.scopes.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn text_between(&self, start: usize, end: usize) -> Result<Option<Cow<'a, str>>, Fault> {
        let raw = &self.text[start..end];
        if self.depth == 0 {
            return match raw.find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n')) {
                None => Ok(None),
                Some(at) => Err(Fault::syntax(start + at, "text outside the root element")),
            };
        }
        check_characters(raw, start)?;
        if raw.as_bytes().contains(&b']')
            && let Some(at) = raw.find("]]>")
        {
            return Err(Fault::syntax(start + at, "]]> in text; write ]]&gt;"));
        }
        Ok(Some(normalize_newlines(raw)))
    }

    /// Takes in the tag between `<` at `start` and `end`; its name and attributes end at `close`.
    fn start(&mut self, start: usize, end: usize, close: usize) -> Result<Tag<'a>, Fault> {
        if self.depth == 0 && self.seen_root {
            return Err(Fault::syntax(start, "a second root element"));
        }
        self.seen_root = true;
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(Fault::new(start, Problem::Depth(self.limits.depth)));
        }
        let body = &self.text[start + 1..close];
        let name_length = body
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(body.len());
        let name = &body[..name_length];
        let mut found: Vec<(&'a str, Cow<'a, str>)> = Vec::new();
        if name_length < body.len() {
            // The check for repeated names compares each with each, so it is done after the count
            // is known to be small.
            let mut attributes = Attributes::new(body, name_length);
            attributes.with_checks(false);
            for attribute in attributes {
                let attribute =
                    attribute.map_err(|error| Fault::syntax(start, error.to_string()))?;
                if found.len() == self.limits.attributes {
                    let problem = Problem::Attributes(self.limits.attributes);
                    return Err(Fault::new(start, problem));
                }
                let name = slice_in(body, attribute.key.as_ref());
                let raw = slice_in(body, &attribute.value);
                let value = attribute_value(raw, start)?;
                if found.iter().any(|(other, _)| *other == name) {
                    return Err(Fault::syntax(
                        start,
                        format!("the attribute {name} is given twice"),
                    ));
                }
                if name.as_bytes().first() == Some(&b'x')
                    && let Some(prefix) = name
                        .strip_prefix("xmlns")
                        .and_then(|rest| rest.strip_prefix(':').or(rest.is_empty().then_some("")))
                {
                    if self.scopes.len() == MAX_SCOPES {
                        let message = format!("more than {MAX_SCOPES} namespaces in force");
                        return Err(Fault::syntax(start, message));
                    }
                    self.scopes.push((prefix, raw, self.depth));
                }
                found.push((name, value));
            }
        }
        let (prefix, local) = split_name(name, start)?;
        let ns = self.namespace(prefix, start)?;
        let mut attrs = Vec::with_capacity(found.len());
        for (name, value) in found {
            let declares = name.as_bytes().first() == Some(&b'x')
                && (name == "xmlns" || name.starts_with("xmlns:"));
            if declares {
                continue;
            }
            let (prefix, local) = split_name(name, start)?;
            let ns = match prefix {
                "" => "",
                prefix => self.namespace(prefix, start)?,
            };
            attrs.push(Attr { ns, local, value });
        }
        Ok(Tag {
            ns,
            local,
            attrs,
            start,
            end,
        })
    }

    fn namespace(&self, prefix: &'a str, at: usize) -> Result<&'a str, Fault> {
        let found = self.scopes.iter().rev().find(|scope| {
            scope.0.len() == prefix.len() && (prefix.is_empty() || scope.0 == prefix)
        });
        match found {
            Some(&(_, uri, _)) => Ok(uri),
            None if prefix.is_empty() => Ok(""),
            None => Err(Fault::new(at, Problem::Prefix(prefix.to_owned()))),
        }
    }
}

/// The part of `whole` that `part` was cut from; `part` itself says where that is.
fn slice_in<'a>(whole: &'a str, part: &str) -> &'a str {
    let offset = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    whole
        .get(offset..offset.wrapping_add(part.len()))
        .unwrap_or("")
}

fn split_name(name: &str, at: usize) -> Result<(&str, &str), Fault> {
    let plain = |b: &u8| b.is_ascii_alphabetic() || *b == b'-';
    if name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name.as_bytes().iter().all(plain)
    {
        return Ok(("", name));
    }
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let valid = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(is_name_start) && characters.all(is_name_char)
    };
    if valid(local) && (prefix.is_empty() && !name.starts_with(':') || valid(prefix)) {
        Ok((prefix, local))
    } else {
        Err(Fault::syntax(at, format!("{name:?} is no name")))
    }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && is_name_char(c))
}

/// Whether XML 1.0 (fifth edition) allows the character in names; the colon is left to the
/// caller.
pub(super) fn is_name_char(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.' | '\u{B7}'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{203F}'..='\u{2040}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// Whether XML 1.0 allows the character at all.
pub(crate) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, compilers look at many bytes at once"
)]
fn check_characters(text: &str, at: usize) -> Result<(), Fault> {
    let control = text.bytes().fold(false, |found, b| {
        found | ((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r'))
    });
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let none = |found: bool, w: &[u8]| found | ((w[0] == 0xEF) & (w[1] == 0xBF) & (w[2] >= 0xBE));
    if control || text.as_bytes().windows(3).fold(false, none) {
        for (offset, c) in text.char_indices() {
            if !is_xml_char(c) {
                return Err(Fault::new(at + offset, Problem::Character(u32::from(c))));
            }
        }
    }
    Ok(())
}

fn normalize_newlines(raw: &str) -> Cow<'_, str> {
    if raw.as_bytes().contains(&b'\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

/// The character that a reference without its `&` and `;` stands for.
fn resolve(name: &str, at: usize) -> Result<char, Fault> {
    let number = match name.strip_prefix('#') {
        None => {
            return match name {
                "amp" => Ok('&'),
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ => Err(Fault::new(at, Problem::Entity(shortened(name)))),
            };
        }
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                u32::from_str_radix(hex, 16).ok()
            }
            None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        },
    };
    let Some(number) = number else {
        return Err(Fault::syntax(at, "a character reference that is no number"));
    };
    char::from_u32(number)
        .filter(|&c| is_xml_char(c))
        .ok_or_else(|| Fault::new(at, Problem::Character(number)))
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

/// An attribute's value with references resolved and white space as XML normalises it.
fn attribute_value(raw: &str, at: usize) -> Result<Cow<'_, str>, Fault> {
    if !raw
        .bytes()
        .any(|b| matches!(b, b'&' | b'<' | b'\t' | b'\n' | b'\r') || b < 0x20)
    {
        return Ok(Cow::Borrowed(raw));
    }
    check_characters(raw, at)?;
    if raw.contains('<') {
        return Err(Fault::syntax(at, "< in an attribute; write &lt;"));
    }
    let raw = normalize_newlines(raw);
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw.as_ref();
    while let Some(found) = rest.find(['&', '\t', '\n']) {
        value.push_str(&rest[..found]);
        if rest.as_bytes()[found] != b'&' {
            value.push(' ');
            rest = &rest[found + 1..];
            continue;
        }
        let Some(length) = rest[found..].find(';') else {
            return Err(Fault::syntax(at, "& without a reference; write &amp;"));
        };
        value.push(resolve(&rest[found + 1..found + length], at)?);
        rest = &rest[found + length + 1..];
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

#[cfg(test)]
#[allow(clippy::format_collect, reason = "short texts of tests")]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<Vec<String>, Fault> {
        let mut parser = Parser::new(text, &Limits::default());
        let mut events = Vec::new();
        loop {
            match parser.next()? {
                Event::Start(tag) => {
                    let attrs: String = tag
                        .attrs
                        .iter()
                        .map(|a| format!(" {{{}}}{}={:?}", a.ns, a.local, a.value))
                        .collect();
                    events.push(format!("<{{{}}}{}{attrs}", tag.ns, tag.local));
                }
                Event::End { .. } => events.push(">".to_owned()),
                Event::Text(text, _) => events.push(text.into_owned()),
                Event::Eof => return Ok(events),
            }
        }
    }

    #[test]
    fn namespaces_follow_scopes() {
        let read = events("<p:a xmlns:p='u' xmlns='d'><b p:c='1' d='2'/><b xmlns=''/><b/></p:a>");
        assert_eq!(
            read.unwrap(),
            [
                "<{u}a",
                "<{d}b {u}c=\"1\" {}d=\"2\"",
                ">",
                "<{}b",
                ">",
                "<{d}b",
                ">",
                ">"
            ]
        );
    }

    #[test]
    fn references_sections_and_line_ends_are_text() {
        let read =
            events("<a b='&lt;&#x4E2D;\n&quot;'>x&amp;<![CDATA[<y>]]>\r\n&#20013;<!-- c --></a>");
        let read = read.unwrap();
        assert_eq!(read[0], "<{}a {}b=\"<中 \\\"\"");
        assert_eq!(read[1..read.len() - 1].concat(), "x&<y>\n中");
    }

    #[test]
    fn hostile_and_broken_files_are_refused() {
        let deep = "<a>".repeat(101);
        let wide: String = (0..300).map(|n| format!(" a{n}='1'")).collect();
        let wide = format!("<a{wide}/>");
        for (text, message) in [
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
            ("<a>&b;</a>", "&b;"),
            ("<a>&#0;</a>", "U+0000"),
            ("<a>&#xD800;</a>", "U+D800"),
            ("<a>\u{1}</a>", "U+0001"),
            ("<a>\u{FFFE}</a>", "U+FFFE"),
            ("<a>]]></a>", "]]&gt;"),
            ("<a b='<'/>", "&lt;"),
            ("<a b='1' b='2'/>", "twice"),
            ("<a b='&'/>", "&amp;"),
            ("<a></b>", "expected"),
            ("<a>", "ends inside"),
            ("", "no element"),
            ("<a/><b/>", "second root"),
            ("x<a/>", "outside"),
            ("\u{feff}\u{feff}x<a/>", "outside"),
            ("<p:a/>", "prefix"),
            ("<1/>", "no name"),
            (deep.as_str(), "100 levels"),
            (wide.as_str(), "200 attributes"),
        ] {
            let fault = events(text).unwrap_err();
            let said = fault.problem.to_string();
            assert!(said.contains(message), "{message}: {said}");
        }
    }
}
