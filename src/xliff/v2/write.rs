//! An article as XLIFF 2.0.

use std::io;

use crate::model::{
    Article, Block, BlockKind, Content, Lang, Note, NoteAbout, NoteKind, Position, Provenance,
    Segment, SegmentId, Suggestion, Translation,
};
use crate::xml::{Writer, escape_illegal, legal, nmtoken};

use super::super::write_options::origin_line;
use super::super::{TermNote, WriteOptions, ns};
use super::inline::{OriginalData, write_content, write_text};
use super::keep::Kept;
use super::{EMPTY, names, origin_name};

/// How many bytes are held before they are handed on.
const FLUSH: usize = 1 << 20;

/// An article with its translation into `target` as XLIFF 2.0: UTF-8, one structural element a
/// line, the same bytes for the same input.
///
/// Ids that are no NMTOKEN, and characters that XML does not allow outside of content, are
/// written as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). Repairs and suspects are not written.
#[must_use]
pub fn write(article: &Article, target: &Lang, options: &WriteOptions) -> String {
    write_over(article, target, options, None)
}

/// Writes what [`write()`] gives into `sink` piece by piece: of a large article no more than a
/// megabyte is held as text.
pub fn write_to(
    sink: &mut impl io::Write,
    article: &Article,
    target: &Lang,
    options: &WriteOptions,
) -> io::Result<()> {
    let mut flush = |out: &mut Writer| sink.write_all(out.take().as_bytes());
    let rest = write_flushing(article, target, options, None, &mut flush)?;
    sink.write_all(rest.as_bytes())
}

/// What [`write()`] gives, with what an older record has beside.
pub(super) fn write_over(
    article: &Article,
    target: &Lang,
    options: &WriteOptions,
    kept: Option<&Kept>,
) -> String {
    // Without a sink nothing can fail.
    write_flushing(article, target, options, kept, &mut |_| Ok(())).unwrap_or_default()
}

/// Writes all; `flush` may take what there is after each block. Gives what is left.
fn write_flushing(
    article: &Article,
    target: &Lang,
    options: &WriteOptions,
    kept: Option<&Kept>,
    flush: &mut dyn FnMut(&mut Writer) -> io::Result<()>,
) -> io::Result<String> {
    let mut out = Writer::new();
    let source_lang = article.lang.to_string();
    let target_lang = target.to_string();
    let mut attrs = vec![
        ("xmlns", ns::V2),
        ("xmlns:mda", ns::METADATA),
        ("xmlns:mtc", ns::MATCHES),
    ];
    if !options.terms.is_empty() {
        attrs.push(("xmlns:gls", ns::GLOSSARY));
    }
    attrs.extend([
        ("version", "2.0"),
        ("srcLang", source_lang.as_str()),
        ("trgLang", target_lang.as_str()),
    ]);
    out.open("xliff", &attrs);
    if let Some(kept) = kept {
        let text = kept.root(out.since(0));
        out.replace_since(0, &text);
    }
    let head = out.place();
    out.open(
        "file",
        &[
            ("id", &nmtoken(article.id.as_str())),
            ("original", &legal(&article.original)),
            ("xml:space", "preserve"),
        ],
    );
    write_file_metadata(&mut out, article, options);
    if let Some(origin) = origin_line(article, target) {
        out.open("notes", &[]);
        out.text("note", &[("id", "origin"), ("category", "origin")], &origin);
        out.close();
    }
    if let Some(kept) = kept {
        let text = kept.file(out.since(head));
        out.replace_since(head, &text);
    }
    for block in &article.blocks {
        write_block(&mut out, block, target, options, kept, flush)?;
    }
    if !options.hand_out && (!article.obsolete.is_empty() || article.blocks.is_empty()) {
        out.open(
            "group",
            &[
                ("id", "obsolete"),
                ("translate", "no"),
                ("type", names::OBSOLETE),
            ],
        );
        for segment in &article.obsolete {
            write_kept_segment(&mut out, segment, target, options, kept);
        }
        out.close();
    } else if article.blocks.is_empty() {
        // The standard wants a group or a unit in each file.
        out.empty("group", &[("id", EMPTY)]);
    }
    if let Some(kept) = kept {
        out.raw_lines(&kept.file_tail());
    }
    Ok(out.finish())
}

fn write_file_metadata(out: &mut Writer, article: &Article, options: &WriteOptions) {
    let meta = &article.meta;
    let mut values: Vec<(&str, &str)> = Vec::new();
    for (name, value) in [
        ("outlet", &meta.outlet),
        ("date", &meta.date),
        ("section", &meta.section),
        ("address", &meta.address),
        ("rights", &meta.rights),
    ] {
        if let Some(value) = value {
            values.push((name, value));
        }
    }
    for author in &meta.authors {
        values.push(("author", author));
    }
    let mut made: Vec<(&str, &str)> = Vec::new();
    if let Some(name) = &options.export {
        made.push(("name", name));
    }
    if let Some(tool) = &options.tool {
        made.push(("tool", &tool.name));
        made.push(("version", &tool.version));
    }
    if values.is_empty() && made.is_empty() {
        return;
    }
    out.open("mda:metadata", &[]);
    for (category, values) in [(names::ARTICLE, values), (names::EXPORT, made)] {
        write_group(out, category, &values);
    }
    out.close();
}

fn write_group(out: &mut Writer, category: &str, values: &[(&str, &str)]) {
    if values.is_empty() {
        return;
    }
    out.open("mda:metaGroup", &[("category", category)]);
    for (name, value) in values {
        out.text("mda:meta", &[("type", name)], value);
    }
    out.close();
}

fn write_block(
    out: &mut Writer,
    block: &Block,
    target: &Lang,
    options: &WriteOptions,
    kept: Option<&Kept>,
    flush: &mut dyn FnMut(&mut Writer) -> io::Result<()>,
) -> io::Result<()> {
    let head = out.place();
    let id = block.id.as_str();
    let kind = format!("{}{}", names::TYPE_PREFIX, block.kind.name());
    out.open("group", &[("id", &nmtoken(id)), ("type", &kind)]);
    if !options.hand_out {
        let lines = format!("{}-{}", block.lines.first, block.lines.last);
        let level = block.level.map(|level| level.to_string());
        let mut values = vec![("lines", lines.as_str())];
        if let Some(level) = &level {
            values.push(("level", level));
        }
        let position = block.position.map(Position::values).unwrap_or_default();
        values.extend(position.iter().map(|(name, value)| (*name, value.as_str())));
        out.open("mda:metadata", &[]);
        write_group(out, names::BLOCK, &values);
        out.close();
    }
    if let Some(text) = kept.and_then(|kept| kept.group(id, out.since(head))) {
        out.replace_since(head, &text);
    }
    for segment in &block.segments {
        write_kept_segment(out, segment, target, options, kept);
        if out.place() > FLUSH {
            flush(out)?;
        }
    }
    if let Some(text) = kept.and_then(|kept| kept.group_tail(id)) {
        out.raw_lines(&text);
    }
    out.close();
    Ok(())
}

fn write_kept_segment(
    out: &mut Writer,
    segment: &Segment,
    target: &Lang,
    options: &WriteOptions,
    kept: Option<&Kept>,
) {
    let place = out.place();
    write_segment(out, segment, target, options);
    let id = segment.id.as_str();
    if let Some(text) = kept.and_then(|kept| kept.unit_text(id, out.since(place))) {
        out.replace_since(place, &text);
    }
}

pub(super) fn write_segment(
    out: &mut Writer,
    segment: &Segment,
    target: &Lang,
    options: &WriteOptions,
) {
    let nothing = Translation::default();
    let translation = segment.targets.get(target).unwrap_or(&nothing);
    let terms = options
        .terms
        .get(&segment.id)
        .map_or(&[][..], Vec::as_slice);
    let id = segment_id(segment, translation);
    out.open("unit", &[("id", &nmtoken(segment.id.as_str()))]);
    write_unit_metadata(out, translation, options);
    if !translation.suggestions.is_empty() {
        out.open("mtc:matches", &[]);
        for suggestion in &translation.suggestions {
            write_match(out, suggestion, &id, options);
        }
        out.close();
    }
    write_glossary(out, terms, &id);
    write_notes(out, segment, translation, terms, options.hand_out);
    let mut data = OriginalData::default();
    data.add(&segment.source);
    if let Some(target) = &translation.target {
        data.add(&target.content);
    }
    write_data(out, &data);
    let mut attrs = Vec::new();
    // Matches and glossary entries refer to the segment.
    if !translation.suggestions.is_empty() || !terms.is_empty() {
        attrs.push(("id", id.as_str()));
    }
    if let Some(target) = &translation.target {
        attrs.push(("state", target.state.name()));
    }
    out.open("segment", &attrs);
    out.raw("source", &[], |out| {
        write_content(out, &segment.source, &data);
    });
    if let Some(target) = &translation.target {
        out.raw("target", &[], |out| {
            write_content(out, &target.content, &data);
        });
    }
    out.close();
    if !segment.space_after.is_empty() {
        out.open("ignorable", &[]);
        out.raw("source", &[], |out| write_text(out, &segment.space_after));
        out.close();
    }
    out.close();
}

/// An id for the segment that no code of the unit has.
fn segment_id(segment: &Segment, translation: &Translation) -> String {
    let mut id = "text".to_owned();
    let target = translation.target.as_ref().map(|target| &target.content);
    let taken = |id: &str| {
        [Some(&segment.source), target]
            .into_iter()
            .flatten()
            .any(|content| has_code(content, id))
    };
    while taken(&id) {
        id.push('_');
    }
    id
}

fn has_code(content: &Content, id: &str) -> bool {
    use crate::model::Inline::{Close, Open, Placeholder, Text};
    content.inlines().iter().any(|inline| match inline {
        Text(_) => false,
        Open(code) | Placeholder(code) => code.id == id,
        Close(other) => other == id,
    })
}

fn write_unit_metadata(out: &mut Writer, translation: &Translation, options: &WriteOptions) {
    let covered = translation.covered_by.as_ref().map(SegmentId::as_str);
    let steps = match &translation.target {
        Some(target) if !options.hand_out => target.provenance.as_slice(),
        _ => &[],
    };
    if covered.is_none() && steps.is_empty() {
        return;
    }
    out.open("mda:metadata", &[]);
    if let Some(id) = covered {
        write_group(out, names::TARGET, &[(names::COVERED_BY, id)]);
    }
    write_provenance(out, steps);
    out.close();
}

fn write_provenance(out: &mut Writer, steps: &[Provenance]) {
    let steps: Vec<(String, String)> = steps
        .iter()
        .map(|step| (origin_name(step.origin), step_value(step)))
        .collect();
    let values: Vec<(&str, &str)> = steps
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    write_group(out, names::PROVENANCE, &values);
}

/// `WHEN BY` on one line, so that a step is a line in a diff; `-` where there is no date.
fn step_value(step: &Provenance) -> String {
    let when = match step.when.as_deref() {
        None => "-".into(),
        // Alone it would be read as none; the reader takes the escape back.
        Some("-") => "_x002D_".into(),
        Some(when) => escape_illegal(when, |c| !c.is_whitespace()),
    };
    match &step.by {
        Some(by) => format!("{when} {by}"),
        None => when.into_owned(),
    }
}

fn write_match(out: &mut Writer, suggestion: &Suggestion, id: &str, options: &WriteOptions) {
    let similarity = suggestion.similarity.to_string();
    let target = &suggestion.target;
    let reference = format!("#{id}");
    out.open(
        "mtc:match",
        &[("ref", &reference), ("similarity", &similarity)],
    );
    if !options.hand_out {
        out.open("mda:metadata", &[]);
        write_group(out, names::TARGET, &[("state", target.state.name())]);
        write_provenance(out, &target.provenance);
        out.close();
    }
    let mut data = OriginalData::default();
    data.add(&suggestion.source);
    data.add(&target.content);
    write_data(out, &data);
    out.raw("source", &[], |out| {
        write_content(out, &suggestion.source, &data);
    });
    out.raw("target", &[], |out| {
        write_content(out, &target.content, &data);
    });
    out.close();
}

fn write_data(out: &mut Writer, data: &OriginalData<'_>) {
    if data.texts().next().is_none() {
        return;
    }
    out.open("originalData", &[]);
    for (id, text) in data.texts() {
        out.raw("data", &[("id", &id)], |out| write_text(out, text));
    }
    out.close();
}

fn write_glossary(out: &mut Writer, terms: &[TermNote], id: &str) {
    if terms.is_empty() {
        return;
    }
    let reference = format!("#{id}");
    out.open("gls:glossary", &[]);
    for term in terms {
        out.open("gls:glossEntry", &[("ref", &reference)]);
        out.text("gls:term", &[], &term.source);
        out.text("gls:translation", &[], &term.target);
        if let Some(note) = &term.note {
            out.text("gls:definition", &[], note);
        }
        out.close();
    }
    out.close();
}

/// Notes on the source have ids `n1`, `n2`; notes on the translation `t1`, `t2`: by that a reader
/// knows which list they belong to.
fn write_notes(
    out: &mut Writer,
    segment: &Segment,
    translation: &Translation,
    terms: &[TermNote],
    hand_out: bool,
) {
    // The record says it in its metadata, which translators don't see.
    let covered_by = translation.covered_by.as_ref().filter(|_| hand_out);
    if segment.notes.is_empty()
        && translation.notes.is_empty()
        && terms.is_empty()
        && covered_by.is_none()
    {
        return;
    }
    out.open("notes", &[]);
    for (letter, notes) in [("n", &segment.notes), ("t", &translation.notes)] {
        for (at, note) in notes.iter().enumerate() {
            write_note(out, &format!("{letter}{}", at + 1), note);
        }
    }
    if let Some(other) = covered_by {
        let note = Note {
            kind: NoteKind::Other("duizhao".to_owned()),
            about: NoteAbout::Target,
            text: format!("The target of {other} covers this sentence too."),
        };
        write_note(out, "c1", &note);
    }
    for (at, term) in terms.iter().enumerate() {
        let attrs = [
            ("id", format!("g{}", at + 1)),
            ("appliesTo", "source".to_owned()),
            ("category", "term".to_owned()),
        ];
        let attrs: Vec<(&str, &str)> = attrs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        out.text("note", &attrs, &term.to_line());
    }
    out.close();
}

fn write_note(out: &mut Writer, id: &str, note: &Note) {
    let about = match note.about {
        NoteAbout::Source => "source",
        NoteAbout::Target => "target",
    };
    out.text(
        "note",
        &[
            ("id", id),
            ("appliesTo", about),
            ("category", &legal(note.kind.name())),
        ],
        &note.text,
    );
}

/// The kind of block that a group's type names.
pub(super) fn block_kind(kind: Option<&str>) -> Option<BlockKind> {
    BlockKind::from_name(kind?.strip_prefix(names::TYPE_PREFIX)?)
}
