//! A `<trans-unit>` of XLIFF 1.x as any tool returns it.

use crate::model::{Note, NoteAbout, NoteKind, State};
use crate::xml::{Element, Fault, unescape_illegal};

use super::super::error::XliffProblem;
use super::super::unit::{Match, Meta, Part, Unit, UnitNote, target_place};
use super::super::v2::percent;
use super::inline::read_content;
use super::write::OWN_NOTE;

/// Reads a unit. `core` is the file's namespace, `translate` what the unit inherits, `line` where
/// it stands.
pub(in super::super) fn read_unit(
    element: &Element<'_>,
    core: &str,
    translate: bool,
    line: u32,
) -> Result<Unit, Fault<XliffProblem>> {
    let fault = |problem| Fault {
        at: element.span.start,
        problem,
    };
    let id = element.attr("id").ok_or_else(|| {
        fault(XliffProblem::Attribute {
            element: "trans-unit".to_owned(),
            attribute: "id",
        })
    })?;
    let id = unescape_illegal(id).into_owned();
    // `seg-source` repeats the source; the target's `mrk` are read through.
    let source = element
        .child(core, "source")
        .ok_or_else(|| fault(XliffProblem::NoSource(id.clone())))?;
    let target = element.child(core, "target");
    let approved = element.attr("approved");
    let odd_approved = approved.filter(|value| !matches!(*value, "yes" | "no"));
    let stated = target.and_then(|target| target.attr("state"));
    // Tools may make up states of their own with x- before them.
    let odd_state = stated.filter(|name| !is_state(name) && !name.starts_with("x-"));
    let known_state = stated.filter(|name| is_state(name));
    let odd_state = odd_state.or(odd_approved).map(str::to_owned);
    let approved = approved.map(|value| value == "yes");
    let mut comments = Vec::new();
    let part = Part {
        id: None,
        ignorable: false,
        state: stated.map_or(State::Initial, state),
        source_place: source.span.clone(),
        target_place: target_place(source, target),
        source: read_content(source, NoteAbout::Source, &mut comments)?,
        target: match target {
            Some(target) => Some(read_content(target, NoteAbout::Target, &mut comments)?),
            None => None,
        },
        order: None,
    };
    let mut notes: Vec<UnitNote> = Vec::new();
    let mut matches = Vec::new();
    for child in element.elements().filter(|child| child.ns == core) {
        match child.local {
            "note" => notes.push(UnitNote {
                id: None,
                note: read_note(child),
            }),
            "alt-trans" => matches.extend(read_match(child, core, &part)?),
            _ => {}
        }
    }
    notes.extend(comments.into_iter().map(|note| UnitNote { id: None, note }));
    Ok(Unit {
        id,
        name: element.attr("resname").map(str::to_owned),
        translate: match element.attr("translate") {
            Some(value) => value != "no",
            None => translate,
        },
        odd_state,
        stated: known_state.map(state),
        needs_work: known_state.is_some_and(|name| name == "new" || name.starts_with("needs-")),
        approved,
        parts: vec![part],
        segmented: element.child(core, "seg-source").is_some(),
        notes,
        matches,
        metadata: Vec::new(),
        span: element.span.clone(),
        line,
    })
}

fn read_match(
    element: &Element<'_>,
    core: &str,
    part: &Part,
) -> Result<Option<Match>, Fault<XliffProblem>> {
    let mut no_notes = Vec::new();
    let Some(target) = element.child(core, "target") else {
        return Ok(None);
    };
    Ok(Some(Match {
        // Without a source of its own it translates the unit's.
        source: match element.child(core, "source") {
            Some(source) => read_content(source, NoteAbout::Source, &mut no_notes)?,
            None => part.source.clone(),
        },
        target: read_content(target, NoteAbout::Target, &mut no_notes)?,
        similarity: element.attr("match-quality").and_then(percent),
        metadata: Vec::new(),
    }))
}

/// A `<note>`; `from` names its kind, or the person who wrote it.
pub(in super::super) fn read_note(element: &Element<'_>) -> Note {
    Note {
        kind: match element.attr("from").map(NoteKind::from_name) {
            Some(kind @ (NoteKind::Doubt | NoteKind::Suspect | NoteKind::Term)) => kind,
            Some(kind) if kind.name() == OWN_NOTE => kind,
            _ => NoteKind::Comment,
        },
        about: match element.attr("annotates") {
            Some("source") => NoteAbout::Source,
            _ => NoteAbout::Target,
        },
        text: unescape_illegal(&element.text()).into_owned(),
    }
}

/// Takes the name of the export from the header.
pub(in super::super) fn absorb_header(header: &Element<'_>, metadata: &mut Vec<Meta>) {
    for note in header.elements().filter(|child| child.local == "note") {
        if note.attr("from") == Some(super::write::EXPORT_NOTE) {
            metadata.push(Meta {
                category: "export".to_owned(),
                name: "name".to_owned(),
                value: unescape_illegal(note.text().trim()).into_owned(),
            });
        }
    }
}

fn is_state(name: &str) -> bool {
    matches!(
        name,
        "final"
            | "needs-adaptation"
            | "needs-l10n"
            | "needs-review-adaptation"
            | "needs-review-l10n"
            | "needs-review-translation"
            | "needs-translation"
            | "new"
            | "signed-off"
            | "translated"
    )
}

/// The state of XLIFF 2 that is nearest to one of 1.2.
fn state(name: &str) -> State {
    match name {
        "translated"
        | "needs-review-translation"
        | "needs-review-adaptation"
        | "needs-review-l10n" => State::Translated,
        "signed-off" => State::Reviewed,
        "final" => State::Final,
        // new, needs-translation, needs-adaptation, needs-l10n and what tools make up.
        _ => State::Initial,
    }
}
