//! A `<unit>` of XLIFF 2.x as any tool returns it.

use crate::model::{Note, NoteAbout, NoteKind, State};
use crate::xml::{Element, Fault, unescape_illegal};

use super::super::error::XliffProblem;
use super::super::ns;
use super::super::unit::{Match, Meta, Part, Unit, UnitNote, target_place};
use super::inline::{DataTexts, read_content};

/// Reads a unit. `core` is the namespace of the file's version, `translate` what the unit
/// inherits, `line` where it stands.
pub(in super::super) fn read_unit(
    element: &Element<'_>,
    core: &str,
    translate: bool,
    line: u32,
) -> Result<Unit, Fault<XliffProblem>> {
    let id = element.attr("id").ok_or_else(|| Fault {
        at: element.span.start,
        problem: XliffProblem::Attribute {
            element: "unit".to_owned(),
            attribute: "id",
        },
    })?;
    let mut unit = Unit {
        id: unescape_illegal(id).into_owned(),
        name: element.attr("name").map(str::to_owned),
        translate: match element.attr("translate") {
            Some(value) => value != "no",
            None => translate,
        },
        odd_state: None,
        stated: None,
        needs_work: false,
        approved: None,
        parts: Vec::new(),
        segmented: false,
        notes: Vec::new(),
        matches: Vec::new(),
        metadata: Vec::new(),
        span: element.span.clone(),
        line,
    };
    let data = match element.child(core, "originalData") {
        Some(data) => read_data(data)?,
        None => DataTexts::new(),
    };
    let mut comments = Vec::new();
    for child in element.elements() {
        if child.ns == core {
            match child.local {
                "segment" | "ignorable" => {
                    let odd = child
                        .attr("state")
                        .filter(|name| State::from_name(name).is_none());
                    unit.odd_state = unit.odd_state.or_else(|| odd.map(str::to_owned));
                    if let Some(stated) = child.attr("state").and_then(State::from_name) {
                        let least = unit.stated.map_or(stated, |other| other.min(stated));
                        unit.stated = Some(least);
                        unit.needs_work |= stated == State::Initial;
                    }
                    unit.parts
                        .push(read_part(child, core, &data, &unit.id, &mut comments)?);
                }
                "notes" => unit.notes.extend(
                    child
                        .elements()
                        .filter(|note| note.local == "note")
                        .map(read_note),
                ),
                _ => {}
            }
        } else if child.is(ns::MATCHES, "matches") {
            for found in child.elements().filter(|found| found.local == "match") {
                if let Some(found) = read_match(found, core)? {
                    unit.matches.push(found);
                }
            }
        } else if child.is(ns::METADATA, "metadata") {
            absorb_metadata(child, &mut unit.metadata);
        }
    }
    if unit.parts.iter().all(|part| part.ignorable) {
        return Err(Fault {
            at: element.span.start,
            problem: XliffProblem::NoSource(unit.id),
        });
    }
    unit.segmented = unit.parts.iter().filter(|part| !part.ignorable).count() > 1;
    unit.notes
        .extend(comments.into_iter().map(|note| UnitNote { id: None, note }));
    Ok(unit)
}

fn read_part(
    element: &Element<'_>,
    core: &str,
    data: &DataTexts,
    unit: &str,
    comments: &mut Vec<Note>,
) -> Result<Part, Fault<XliffProblem>> {
    let source = element.child(core, "source").ok_or_else(|| Fault {
        at: element.span.start,
        problem: XliffProblem::NoSource(unit.to_owned()),
    })?;
    let target = element.child(core, "target");
    Ok(Part {
        id: element.attr("id").map(str::to_owned),
        ignorable: element.local == "ignorable",
        state: element
            .attr("state")
            .and_then(State::from_name)
            .unwrap_or_default(),
        source_place: source.span.clone(),
        target_place: target_place(source, target),
        source: read_content(source, data, NoteAbout::Source, comments)?,
        order: target
            .and_then(|target| target.attr("order"))
            .and_then(|order| order.parse().ok()),
        target: match target {
            Some(target) => Some(read_content(target, data, NoteAbout::Target, comments)?),
            None => None,
        },
    })
}

fn read_data(element: &Element<'_>) -> Result<DataTexts, Fault<XliffProblem>> {
    let mut texts = DataTexts::new();
    let mut no_notes = Vec::new();
    for data in element.elements().filter(|data| data.local == "data") {
        if let Some(id) = data.attr("id") {
            // A `data` holds text and `cp`, which are content without codes.
            let content = read_content(data, &DataTexts::new(), NoteAbout::Source, &mut no_notes)?;
            texts.insert(id.to_owned(), content.text());
        }
    }
    Ok(texts)
}

fn read_match(element: &Element<'_>, core: &str) -> Result<Option<Match>, Fault<XliffProblem>> {
    let (Some(source), Some(target)) =
        (element.child(core, "source"), element.child(core, "target"))
    else {
        return Ok(None);
    };
    let data = match element.child(core, "originalData") {
        Some(data) => read_data(data)?,
        None => DataTexts::new(),
    };
    let mut metadata = Vec::new();
    if let Some(found) = element.child(ns::METADATA, "metadata") {
        absorb_metadata(found, &mut metadata);
    }
    let mut no_notes = Vec::new();
    Ok(Some(Match {
        source: read_content(source, &data, NoteAbout::Source, &mut no_notes)?,
        target: read_content(target, &data, NoteAbout::Target, &mut no_notes)?,
        similarity: element
            .attr("similarity")
            .or(element.attr("matchQuality"))
            .and_then(percent),
        metadata,
    }))
}

/// A similarity of 0 to 100, perhaps with decimals.
pub(in super::super) fn percent(value: &str) -> Option<u8> {
    let whole = value.trim().trim_end_matches('%');
    let whole = whole.split_once('.').map_or(whole, |(whole, _)| whole);
    whole.parse().ok()
}

/// A `<note>`. One without `appliesTo` is taken to be about the translation: reviewers write so.
pub(in super::super) fn read_note(element: &Element<'_>) -> UnitNote {
    UnitNote {
        id: element.attr("id").map(str::to_owned),
        note: Note {
            kind: element.attr("category").map_or(NoteKind::Comment, |name| {
                NoteKind::from_name(&unescape_illegal(name))
            }),
            about: match element.attr("appliesTo") {
                Some("source") => NoteAbout::Source,
                _ => NoteAbout::Target,
            },
            text: unescape_illegal(&element.text()).into_owned(),
        },
    }
}

/// Adds the values of a `mda:metadata`; of nested groups the innermost counts.
pub(in super::super) fn absorb_metadata(element: &Element<'_>, metadata: &mut Vec<Meta>) {
    for child in element.elements().filter(|child| child.ns == ns::METADATA) {
        match child.local {
            "meta" => metadata.push(Meta {
                category: unescape_illegal(element.attr("category").unwrap_or_default())
                    .into_owned(),
                name: unescape_illegal(child.attr("type").unwrap_or_default()).into_owned(),
                value: unescape_illegal(&child.text()).into_owned(),
            }),
            _ => absorb_metadata(child, metadata),
        }
    }
}
