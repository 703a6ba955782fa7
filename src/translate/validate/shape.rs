//! What an answer is made of: letters where the source has some, and no line break, control
//! character, JSON or markup that the source lacks.

use crate::model::{Content, Inline};

/// Elements that models set around what they say.
const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "i",
    "u",
    "s",
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "span",
    "div",
    "font",
    "sup",
    "sub",
    "small",
    "mark",
    "code",
    "pre",
    "del",
    "ins",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "html",
    "body",
    "ruby",
    "rt",
    "think",
    "translation",
    "target",
    "source",
    "segment",
    "text",
    "answer",
    "output",
];

/// What is wrong with what the answer is made of.
pub(super) fn misshapen(source: &Content, target: &Content) -> Option<String> {
    let (from, to) = (source.text(), target.text());
    let has_words = |text: &str| text.chars().any(char::is_alphanumeric);
    if has_words(&from) && !has_words(&to) {
        return Some("the answer has no letter and no digit".to_owned());
    }
    if to.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
        && !from.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
    {
        return Some("the answer has a line break, which the source does not have".to_owned());
    }
    let unfit = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r'))
            || c == '\u{fffd}'
            || (u32::from(c) & 0xfffe) == 0xfffe
            || matches!(c, '\u{fdd0}'..='\u{fdef}')
    };
    if let Some(c) = to.chars().find(|&c| unfit(c) && !from.contains(c)) {
        return Some(format!(
            "the answer has the character U+{:04X}, which the source does not have",
            u32::from(c)
        ));
    }
    if is_json(&to) && !from.contains(['{', '[', '｛', '［', '【']) {
        return Some("the answer is JSON, not text".to_owned());
    }
    if let Some(markup) = markup(&to).find(|markup| !from.contains(markup)) {
        return Some(format!(
            "the answer has the markup {markup}, which the source does not have"
        ));
    }
    emptied(source, target)
        .then(|| "a pair of inline codes that holds text in the source holds none".to_owned())
}

fn is_json(text: &str) -> bool {
    let text = text.trim();
    let ends = |open, close| text.starts_with(open) && text.ends_with(close);
    (ends('{', '}') || ends('[', ']'))
        && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| {
            value.is_object()
                || value.as_array().is_some_and(|all| {
                    !all.is_empty() && !all.iter().any(serde_json::Value::is_number)
                })
        })
}

/// Markup in a text: elements of HTML and the like, `**`, and a heading's `#`.
fn markup(text: &str) -> impl Iterator<Item = &str> {
    let elements = text.match_indices('<').filter_map(|(at, _)| {
        let rest = &text[at..];
        // No element that a model would set is longer.
        let end = rest.bytes().take(80).position(|byte| byte == b'>')?;
        let inside = rest[1..end].trim_start_matches('/').trim_end_matches('/');
        let name = inside.split_ascii_whitespace().next()?.to_ascii_lowercase();
        let tag = name
            .strip_prefix(['g', 'x'])
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
        (tag || ELEMENTS.contains(&name.as_str())).then(|| &rest[..=end])
    });
    // Two marks that open a word and two later on; those in "f**k" open none.
    let bold = text
        .match_indices("**")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '*'))
        .filter(|(at, _)| text[at + 2..].starts_with(|c: char| !c.is_whitespace() && c != '*'))
        .find(|(at, _)| text[at + 2..].contains("**"))
        .map(|(_, marks)| marks);
    let heading = text.trim_start();
    let heading = heading
        .trim_start_matches('#')
        .starts_with(' ')
        .then(|| &heading[..1])
        .filter(|mark| *mark == "#");
    elements.chain(bold).chain(heading)
}

/// Whether a pair of codes that holds letters in the source holds none in the target.
fn emptied(source: &Content, target: &Content) -> bool {
    let full = filled(source);
    let kept = filled(target);
    full.iter().any(|id| !kept.contains(id))
}

/// The ids of the pairs that hold letters or digits.
fn filled(content: &Content) -> Vec<&str> {
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut found = Vec::new();
    for inline in content.inlines() {
        match inline {
            Inline::Text(text) => {
                if text.chars().any(char::is_alphanumeric) {
                    for (_, holds) in &mut open {
                        *holds = true;
                    }
                }
            }
            Inline::Open(code) => open.push((&code.id, false)),
            Inline::Close(id) => {
                if let Some(at) = open.iter().rposition(|(opened, _)| opened == id)
                    && open.remove(at).1
                {
                    found.push(id.as_str());
                }
            }
            Inline::Placeholder(_) => {}
        }
    }
    found
}
