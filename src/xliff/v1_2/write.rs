//! An article as XLIFF 1.2.

use crate::model::{Article, Block, Lang, Note, NoteAbout, Segment, State, Translation};
use crate::xml::{Writer, legal, nmtoken};

use super::super::write_options::origin_line;
use super::super::{WriteOptions, ns};
use super::inline::write_content;

/// The `from` of the header's note that names the export.
pub(super) const EXPORT_NOTE: &str = "duizhao-export";

/// The `from` of notes that duizhao itself makes for a hand-out.
pub(super) const OWN_NOTE: &str = "duizhao";

/// An article with its translation into `target` as XLIFF 1.2, transitional: one flat
/// `trans-unit` a sentence, grouped by block. UTF-8, the same bytes for the same input.
///
/// It is a hand-out: obsolete segments, provenance, suggestions (a TMX carries them better) and
/// what inline codes stand for are not in it.
#[must_use]
pub fn write(article: &Article, target: &Lang, options: &WriteOptions) -> String {
    let mut out = Writer::new();
    out.open("xliff", &[("xmlns", ns::V1_2), ("version", "1.2")]);
    let source_lang = article.lang.to_string();
    let target_lang = target.to_string();
    let original = legal(&article.original);
    let id = legal(article.id.as_str());
    let mut attrs = vec![
        ("original", &*original),
        ("source-language", &source_lang),
        ("target-language", &target_lang),
        ("datatype", "plaintext"),
        ("product-name", &*id),
    ];
    if options.tool.is_some() {
        attrs.push(("tool-id", "duizhao"));
    }
    out.open("file", &attrs);
    write_header(&mut out, origin_line(article, target).as_deref(), options);
    out.open("body", &[]);
    for block in &article.blocks {
        write_block(&mut out, block, target, options);
    }
    out.finish()
}

fn write_header(out: &mut Writer, origin: Option<&str>, options: &WriteOptions) {
    if options.tool.is_none() && options.export.is_none() && origin.is_none() {
        return;
    }
    out.open("header", &[]);
    if let Some(origin) = origin {
        out.text("note", &[("from", OWN_NOTE)], origin);
    }
    if let Some(export) = &options.export {
        out.text("note", &[("from", EXPORT_NOTE)], export);
    }
    if let Some(tool) = &options.tool {
        out.empty(
            "tool",
            &[
                ("tool-id", "duizhao"),
                ("tool-name", &legal(&tool.name)),
                ("tool-version", &legal(&tool.version)),
            ],
        );
    }
    out.close();
}

fn write_block(out: &mut Writer, block: &Block, target: &Lang, options: &WriteOptions) {
    let kind = format!("x-{}", block.kind.name());
    out.open(
        "group",
        &[("id", &nmtoken(block.id.as_str())), ("restype", &kind)],
    );
    for segment in &block.segments {
        write_segment(out, segment, target, options);
    }
    out.close();
}

fn write_segment(out: &mut Writer, segment: &Segment, target: &Lang, options: &WriteOptions) {
    let nothing = Translation::default();
    let translation = segment.targets.get(target).unwrap_or(&nothing);
    let id = nmtoken(segment.id.as_str());
    let approved = match &translation.target {
        Some(target) if target.state >= State::Reviewed => "yes",
        _ => "no",
    };
    out.open(
        "trans-unit",
        &[
            ("id", &id),
            ("approved", approved),
            ("xml:space", "preserve"),
        ],
    );
    out.raw("source", &[], |out| write_content(out, &segment.source));
    if let Some(target) = &translation.target {
        out.raw("target", &[("state", state(target.state))], |out| {
            write_content(out, &target.content);
        });
    }
    if options.copy_source && translation.target.is_none() && translation.covered_by.is_none() {
        out.raw("target", &[("state", "new")], |out| {
            write_content(out, &segment.source);
        });
    }
    for note in segment.notes.iter().chain(&translation.notes) {
        write_note(out, note);
    }
    if let Some(other) = &translation.covered_by {
        let text = format!("The target of {other} covers this sentence too.");
        out.text(
            "note",
            &[("from", OWN_NOTE), ("annotates", "target")],
            &text,
        );
    }
    for term in options.terms.get(&segment.id).into_iter().flatten() {
        let attrs = [("from", "term"), ("annotates", "source")];
        out.text("note", &attrs, &term.to_line());
    }
    out.close();
}

fn write_note(out: &mut Writer, note: &Note) {
    let about = match note.about {
        NoteAbout::Source => "source",
        NoteAbout::Target => "target",
    };
    let kind = legal(note.kind.name());
    let attrs = [("from", kind.as_ref()), ("annotates", about)];
    out.text("note", &attrs, &note.text);
}

/// The state of 1.2 that is nearest to one of XLIFF 2.
fn state(state: State) -> &'static str {
    match state {
        State::Initial => "needs-translation",
        State::Translated => "translated",
        State::Reviewed => "signed-off",
        State::Final => "final",
    }
}
