//! When two contents are the same although a tool wrote one of them anew.

use unicode_normalization::UnicodeNormalization;

use crate::model::{Content, Inline, Lang, Note, NoteKind};
use crate::xliff::Unit;

/// The text without white space, in NFC: what stays of a sentence however it is laid out.
pub(super) fn bare_text(content: &Content) -> String {
    let texts = content.inlines().iter().filter_map(|inline| match inline {
        Inline::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let mut bare = String::with_capacity(texts.clone().map(str::len).sum());
    bare.extend(texts.flat_map(str::split_whitespace));
    if bare.chars().all(is_settled) {
        bare
    } else {
        bare.nfc().collect()
    }
}

/// Whether the character is the same in NFC whatever stands beside it: Latin, the punctuation of
/// both languages, and nearly all Han.
fn is_settled(c: char) -> bool {
    matches!(c, '\0'..'\u{300}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// Whether two contents differ in nothing that a person wrote: white space is one blank or none
/// at all, text is compared in NFC, codes by their ids.
pub(super) fn same(one: &Content, other: &Content) -> bool {
    one == other || shape(one) == shape(other)
}

fn shape(content: &Content) -> String {
    let mut shape = String::new();
    let mut blank = false;
    for inline in content.inlines() {
        match inline {
            Inline::Text(text) if text.chars().all(is_settled) => {
                push_text(&mut shape, &mut blank, text);
            }
            Inline::Text(text) => {
                push_text(&mut shape, &mut blank, &text.nfc().collect::<String>());
            }
            Inline::Open(code) => push_code(&mut shape, &mut blank, '\u{1}', &code.id),
            Inline::Close(id) => push_code(&mut shape, &mut blank, '\u{2}', id),
            Inline::Placeholder(code) => push_code(&mut shape, &mut blank, '\u{3}', &code.id),
        }
    }
    shape
}

fn push_text(shape: &mut String, blank: &mut bool, text: &str) {
    *blank |= text.starts_with(char::is_whitespace);
    for word in text.split_whitespace() {
        if std::mem::take(blank) && !shape.is_empty() {
            shape.push(' ');
        }
        shape.push_str(word);
        *blank = true;
    }
    *blank = text.ends_with(char::is_whitespace);
}

fn push_code(shape: &mut String, blank: &mut bool, mark: char, id: &str) {
    if std::mem::take(blank) && !shape.is_empty() {
        shape.push(' ');
    }
    shape.push(mark);
    shape.push_str(id);
    shape.push(mark);
}

/// The returned target as the record keeps it: without white space at its ends, line breaks that
/// pretty-printing put into it taken out, and its codes with the meaning that the source gives
/// them.
pub(super) fn tidy(
    returned: &Content,
    source: &Content,
    exported: Option<&Content>,
    lang: &Lang,
) -> Content {
    let has_line = |content: &Content| content.text().contains(['\n', '\r']);
    let wrapped = has_line(returned) && !has_line(source) && !exported.is_some_and(has_line);
    let (_, inside, _) = returned.split_edge_space();
    let known = |id: &str| {
        source.inlines().iter().find_map(|inline| match inline {
            Inline::Open(code) | Inline::Placeholder(code) if code.id == id => Some(&code.kind),
            _ => None,
        })
    };
    let mut kept = Content::default();
    for inline in inside.inlines() {
        match inline {
            Inline::Text(text) if wrapped => kept.push_text(&unwrap(text, lang)),
            Inline::Open(code) | Inline::Placeholder(code) => {
                let mut code = code.clone();
                if let Some(kind) = known(&code.id) {
                    code.kind = kind.clone();
                }
                kept.push(match inline {
                    Inline::Open(_) => Inline::Open(code),
                    _ => Inline::Placeholder(code),
                });
            }
            other => kept.push(other.clone()),
        }
    }
    kept
}

/// Joins lines: with a blank where the language has blanks.
fn unwrap(text: &str, lang: &Lang) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let head = rest[..at].trim_end_matches(char::is_whitespace);
        let tail = rest[at..].trim_start_matches(char::is_whitespace);
        joined.push_str(head);
        if lang.separates_with_spaces() {
            joined.push(' ');
        }
        rest = tail;
    }
    joined.push_str(rest);
    joined
}

/// Whether two notes say the same, however they are laid out.
pub(super) fn same_note(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Whether a note is one that duizhao writes anew at each export.
pub(super) fn is_generated(note: &Note) -> bool {
    matches!(note.kind.name(), "term" | "suspect" | "duizhao")
}

/// The notes of a returned unit that a person wrote, beyond those that were sent along.
pub(super) fn new_notes<'a>(
    unit: &'a Unit,
    exported: &'a [String],
) -> impl Iterator<Item = &'a Note> {
    let notes = unit.notes.iter().map(|note| &note.note);
    notes.filter(|note| {
        !is_generated(note)
            && !note.text.trim().is_empty()
            && !exported.iter().any(|known| same_note(known, &note.text))
    })
}

/// A reviewer's note as the record keeps it.
pub(super) fn kept_note(note: &Note) -> Note {
    Note {
        kind: match &note.kind {
            NoteKind::Doubt => NoteKind::Doubt,
            _ => NoteKind::Comment,
        },
        about: note.about,
        text: note.text.trim().to_owned(),
    }
}
