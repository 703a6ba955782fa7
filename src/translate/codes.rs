//! Inline codes as tags in the text that engines see.
//!
//! A pair becomes `<g1>…</g1>`, a code that stands alone (a pair whose other half lies in another
//! segment too) `<x1/>`; the numbers count the source's codes. What comes back is read to content
//! with the very codes of the source.

use crate::model::{Content, Inline};

/// A source text with tags for its codes.
#[derive(Clone, Debug)]
pub(super) struct Tagged {
    /// The text as an engine is to see it.
    pub(super) text: String,
    /// The tags, each with the code that it stands for.
    tags: Vec<(String, Inline)>,
    /// Whether `&`, `<` and `>` of the text are written as XML entities.
    xml: bool,
    /// The letters that tags begin with.
    letters: [String; 2],
}

impl Tagged {
    /// Writes `source` with tags. With `xml` the text's own `<`, `>` and `&` become entities.
    pub(super) fn new(source: &Content, xml: bool) -> Self {
        let plain = source.text();
        let letters = ["g", "x"].map(|letter| unused(letter, &plain));
        let [pair, alone] = &letters;
        let inlines = source.inlines();
        let mut tags: Vec<(String, Inline)> = Vec::new();
        let mut text = String::new();
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut number = 0;
        for (at, inline) in inlines.iter().enumerate() {
            let tag = match inline {
                Inline::Text(run) => {
                    if xml {
                        text.push_str(&quick_escape(run));
                    } else {
                        text.push_str(run);
                    }
                    continue;
                }
                Inline::Open(code) => {
                    number += 1;
                    let closes = inlines[at + 1..]
                        .iter()
                        .any(|later| matches!(later, Inline::Close(id) if *id == code.id));
                    if closes {
                        open.push((code.id.clone(), number));
                        format!("<{pair}{number}>")
                    } else {
                        format!("<{alone}{number}/>")
                    }
                }
                Inline::Close(id) => {
                    let found = open.iter().position(|(opened, _)| opened == id);
                    if let Some(found) = found {
                        format!("</{pair}{}>", open.remove(found).1)
                    } else {
                        number += 1;
                        format!("<{alone}{number}/>")
                    }
                }
                Inline::Placeholder(_) => {
                    number += 1;
                    format!("<{alone}{number}/>")
                }
            };
            text.push_str(&tag);
            tags.push((tag, inline.clone()));
        }
        Self {
            text,
            tags,
            xml,
            letters,
        }
    }

    /// Whether there is any code.
    pub(super) fn has_codes(&self) -> bool {
        !self.tags.is_empty()
    }

    /// Reads an answer. An error names a tag that the source does not have; whether each of the
    /// source's codes is there is for [`Content::check_codes`] to say.
    pub(super) fn read(&self, answer: &str) -> Result<Content, String> {
        let mut content = Content::default();
        let mut rest = answer;
        while let Some(at) = rest.find('<') {
            self.push_text(&mut content, &rest[..at]);
            rest = &rest[at..];
            if let Some((length, code)) = self.tag_at(rest) {
                content.push(code.clone());
                rest = &rest[length..];
            } else if let Some(unknown) = self.looks_like_tag(rest) {
                return Err(format!(
                    "the answer has the inline code {unknown}, which the source does not have"
                ));
            } else {
                content.push_text("<");
                rest = &rest[1..];
            }
        }
        self.push_text(&mut content, rest);
        Ok(content)
    }

    fn push_text(&self, content: &mut Content, text: &str) {
        if self.xml {
            content.push_text(&unescape(text));
        } else {
            content.push_text(text);
        }
    }

    /// The code whose tag `rest` begins with, and the tag's length; `<x1 />` and `<x1></x1>` are
    /// the same as `<x1/>`.
    fn tag_at(&self, rest: &str) -> Option<(usize, &Inline)> {
        self.tags.iter().find_map(|(tag, code)| {
            if rest.starts_with(tag.as_str()) {
                return Some((tag.len(), code));
            }
            let name = tag.strip_prefix('<')?.strip_suffix("/>")?;
            [format!("<{name} />"), format!("<{name}></{name}>")]
                .iter()
                .find(|other| rest.starts_with(other.as_str()))
                .map(|other| (other.len(), code))
        })
    }

    fn looks_like_tag<'a>(&self, rest: &'a str) -> Option<&'a str> {
        let end = rest.find('>')?;
        let inside = rest[1..end].trim_matches('/').trim_end();
        self.letters
            .iter()
            .any(|letter| {
                inside
                    .strip_prefix(letter.as_str())
                    .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            })
            .then(|| &rest[..=end])
    }
}

/// `letter`, repeated until no text of the source could be taken for a tag of it.
fn unused(letter: &str, text: &str) -> String {
    let mut name = letter.to_owned();
    while text.contains(&format!("<{name}")) || text.contains(&format!("</{name}")) {
        name.push_str(letter);
    }
    name
}

fn quick_escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, CodeKind};
    use proptest::prelude::*;

    fn code(id: &str) -> Code {
        Code {
            id: id.into(),
            kind: CodeKind::Bold,
        }
    }

    fn sample() -> Content {
        [
            Inline::Close("0".into()),
            Inline::Text("a<b & ".into()),
            Inline::Open(Box::new(code("7"))),
            Inline::Text("解放".into()),
            Inline::Close("7".into()),
            Inline::Placeholder(Box::new(code("8"))),
            Inline::Open(Box::new(code("9"))),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn codes_come_back_in_any_order() {
        let tagged = Tagged::new(&sample(), true);
        assert_eq!(tagged.text, "<x1/>a&lt;b &amp; <g2>解放</g2><x3/><x4/>");
        assert_eq!(tagged.read(&tagged.text).unwrap(), sample());
        let moved = tagged
            .read("<g2>Free &amp; easy</g2><x1/> <x3 /><x4></x4>")
            .unwrap();
        assert_eq!(moved.check_codes(&sample()), Ok(()));
        assert_eq!(moved.text(), "Free & easy ");
    }

    #[test]
    fn a_code_of_nowhere_is_an_error_and_a_lost_one_is_seen() {
        let tagged = Tagged::new(&sample(), false);
        assert!(tagged.read("<g9>x</g9>").unwrap_err().contains("<g9>"));
        let lost = tagged.read("<x1/>a < b").unwrap();
        assert!(lost.check_codes(&sample()).is_err());
        assert_eq!(lost.text(), "a < b");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(runs in proptest::collection::vec("[<>&a-z/0-9 gx]{0,12}", 1..5), xml: bool) {
            let mut content = Content::default();
            for (n, run) in runs.iter().enumerate() {
                content.push_text(run);
                content.push(Inline::Placeholder(Box::new(code(&n.to_string()))));
            }
            let tagged = Tagged::new(&content, xml);
            prop_assert_eq!(tagged.read(&tagged.text), Ok(content));
        }
    }
}
