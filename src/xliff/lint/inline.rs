//! The constraints in prose of XLIFF 2.x on inline codes and annotations.

use std::collections::{HashMap, HashSet};

use crate::xml::{Element, is_xml_char};

use super::fragment::Fragment;
use super::report::Report;
use super::v2::{FileFacts, reference};

/// A code or annotation of a unit.
#[derive(Clone, Copy)]
struct Spot<'a> {
    element: &'a Element<'a>,
    /// Which segment or ignorable it stands in.
    part: usize,
    /// The innermost `pc` around it.
    inside: Option<&'a str>,
}

/// The codes and annotations of a unit's sources, or targets, in order.
struct Side<'a> {
    spots: Vec<Spot<'a>>,
    ids: HashMap<&'a str, &'a Element<'a>>,
}

pub(super) fn check_unit(
    unit: &Element<'_>,
    parts: &[&Element<'_>],
    facts: &FileFacts<'_>,
    report: &mut Report<'_>,
) {
    let source = side(parts, facts.core, "source");
    let target = side(parts, facts.core, "target");
    check_ids(parts, &source, &target, report);
    let data: HashSet<&str> = unit
        .child(facts.core, "originalData")
        .into_iter()
        .flat_map(Element::elements)
        .filter_map(|data| data.attr("id"))
        .collect();
    for found in [&source, &target] {
        for spot in &found.spots {
            check_references(spot.element, &data, found, &source, facts, report);
            check_types(spot.element, report);
            check_rights(spot.element, report);
            check_annotation(spot.element, unit, facts, report);
        }
        check_pairs(found, report);
    }
    for part in parts {
        for name in ["source", "target"] {
            if let Some(content) = part.child(facts.core, name) {
                check_code_points(content, report);
            }
        }
    }
    check_correspondence(parts, &source, &target, facts, report);
    check_sequences(&source, &target, report);
}

fn side<'a>(parts: &[&'a Element<'a>], core: &str, name: &str) -> Side<'a> {
    let mut side = Side {
        spots: Vec::new(),
        ids: HashMap::new(),
    };
    for (at, part) in parts.iter().enumerate() {
        if let Some(content) = part.child(core, name) {
            collect(content, at, None, &mut side);
        }
    }
    side
}

fn collect<'a>(parent: &'a Element<'a>, part: usize, inside: Option<&'a str>, side: &mut Side<'a>) {
    for element in parent.elements() {
        side.spots.push(Spot {
            element,
            part,
            inside,
        });
        if let Some(id) = element.attr("id") {
            side.ids.entry(id).or_insert(element);
        }
        let inside = match element.local {
            "pc" => element.attr("id"),
            _ => inside,
        };
        collect(element, part, inside, side);
    }
}

/// Ids differ among segments, ignorables and the codes of a side. A target's code has the id of
/// the source's code that it stands for.
fn check_ids(
    parts: &[&Element<'_>],
    source: &Side<'_>,
    target: &Side<'_>,
    report: &mut Report<'_>,
) {
    let mut part_ids: HashSet<&str> = HashSet::new();
    for part in parts {
        if let Some(id) = part.attr("id")
            && !part_ids.insert(id)
        {
            report.error(
                part,
                "id.part",
                format!("the id {id:?} is used before in the unit"),
            );
        }
    }
    for side in [source, target] {
        let mut seen = part_ids.clone();
        for spot in &side.spots {
            if let Some(id) = spot.element.attr("id")
                && !seen.insert(id)
            {
                report.error(
                    spot.element,
                    "id.code",
                    format!("the id {id:?} is used before in the unit"),
                );
            }
        }
    }
    for spot in &target.spots {
        let Some(id) = spot.element.attr("id") else {
            continue;
        };
        if let Some(original) = source.ids.get(id)
            && !is_same_kind(original, spot.element)
        {
            report.error(
                spot.element,
                "code.kind",
                format!(
                    "the id {id:?} is that of a <{}> in the source",
                    original.local
                ),
            );
        }
    }
}

/// Whether a target's element can stand for a source's: a paired code may be written as `pc` or
/// as `sc`, an annotation as `mrk` or `sm`.
fn is_same_kind(one: &Element<'_>, other: &Element<'_>) -> bool {
    let kind = |element: &Element<'_>| match element.local {
        "pc" | "sc" => "pair".to_owned(),
        "mrk" | "sm" => "mark".to_owned(),
        other => other.to_owned(),
    };
    kind(one) == kind(other)
}

fn check_references(
    element: &Element<'_>,
    data: &HashSet<&str>,
    side: &Side<'_>,
    source: &Side<'_>,
    facts: &FileFacts<'_>,
    report: &mut Report<'_>,
) {
    for name in ["dataRef", "dataRefStart", "dataRefEnd"] {
        if let Some(id) = element.attr(name)
            && !data.contains(id)
        {
            report.error(
                element,
                "reference.data",
                format!("{name}={id:?}, but the unit has no such <data>"),
            );
        }
    }
    for name in ["subFlows", "subFlowsStart", "subFlowsEnd"] {
        for id in element
            .attr(name)
            .into_iter()
            .flat_map(str::split_whitespace)
        {
            if !facts.units.contains(id) {
                report.error(
                    element,
                    "reference.sub-flow",
                    format!("{name} names the unit {id:?}, which the file does not have"),
                );
            }
        }
    }
    if let Some(id) = element.attr("copyOf") {
        match side.ids.get(id).or(source.ids.get(id)) {
            None => report.error(
                element,
                "reference.copy",
                format!("copyOf={id:?}, but the unit has no such code"),
            ),
            Some(base) if base.attr("canCopy") == Some("no") => report.error(
                element,
                "reference.copy",
                format!("copyOf={id:?}, but that code has canCopy=\"no\""),
            ),
            Some(base) if base.local != element.local => report.error(
                element,
                "reference.copy",
                format!("copyOf={id:?}, but that code is a <{}>", base.local),
            ),
            Some(_) => {}
        }
        if ["dataRef", "dataRefStart", "dataRefEnd"]
            .iter()
            .any(|name| element.attr(name).is_some())
        {
            report.error(
                element,
                "reference.copy",
                "a copy has the data of its original: copyOf and dataRef exclude each other"
                    .to_owned(),
            );
        }
    }
}

fn check_types(element: &Element<'_>, report: &mut Report<'_>) {
    let Some(sub) = element.attr("subType") else {
        return;
    };
    let Some(kind) = element.attr("type") else {
        report.error(
            element,
            "code.sub-without-type",
            "subType needs a type beside it".to_owned(),
        );
        return;
    };
    let wanted = match sub {
        "xlf:lb" | "xlf:pb" | "xlf:b" | "xlf:i" | "xlf:u" => "fmt",
        "xlf:var" => "ui",
        _ if sub.starts_with("xlf:") => {
            report.error(
                element,
                "code.type",
                format!("{sub:?} is not a subType of the standard"),
            );
            return;
        }
        _ => return,
    };
    if kind != wanted {
        report.error(
            element,
            "code.type",
            format!("subType={sub:?} goes with type={wanted:?}, not {kind:?}"),
        );
    }
}

/// A code that can't be moved can be neither copied nor deleted.
fn check_rights(element: &Element<'_>, report: &mut Report<'_>) {
    let fixed = matches!(element.attr("canReorder"), Some("no" | "firstNo"));
    if fixed && (element.attr("canCopy") != Some("no") || element.attr("canDelete") != Some("no")) {
        report.error(
            element,
            "code.reorder-rights",
            "canReorder other than yes needs canCopy=\"no\" and canDelete=\"no\"".to_owned(),
        );
    }
    if element.local == "ec" && element.attr("canReorder") == Some("firstNo") {
        report.error(
            element,
            "code.reorder",
            "an <ec> can't begin a sequence: canReorder is no or yes".to_owned(),
        );
    }
}

fn check_annotation(
    element: &Element<'_>,
    unit: &Element<'_>,
    facts: &FileFacts<'_>,
    report: &mut Report<'_>,
) {
    if !matches!(element.local, "mrk" | "sm") {
        return;
    }
    let fragment = element
        .attr("ref")
        .and_then(|value| reference(element, value, report));
    if element.attr("type") != Some("comment") {
        if let Some(fragment) = &fragment
            && is_inside(fragment, unit, facts)
            && !names_something(fragment, unit, facts)
        {
            report.error(
                element,
                "reference.annotation",
                format!(
                    "ref={:?} names nothing in this unit",
                    element.attr("ref").unwrap_or_default()
                ),
            );
        }
        return;
    }
    if element.attr("value").is_some() == element.attr("ref").is_some() {
        report.error(
            element,
            "reference.comment",
            "a comment has its text in value, or a note in ref: one of the two".to_owned(),
        );
    }
    if element.attr("ref").is_none() {
        return;
    }
    let note = fragment.as_ref().and_then(|fragment| {
        let here = match (fragment.file, fragment.group, fragment.unit) {
            (None, None, None) => true,
            (file, _, Some(id)) => {
                file.is_none_or(|file| file == facts.file_id) && unit.attr("id") == Some(id)
            }
            _ => false,
        };
        fragment
            .leaf
            .filter(|(prefix, _)| here && *prefix == "n")
            .map(|(_, id)| id)
    });
    let known = note.is_some_and(|id| {
        unit.child(facts.core, "notes")
            .is_some_and(|notes| notes.elements().any(|note| note.attr("id") == Some(id)))
    });
    if !known {
        report.error(
            element,
            "reference.comment",
            "the ref of a comment must name a note of the same unit (#n=ID)".to_owned(),
        );
    }
}

/// Whether a fragment identifier speaks of the unit that it stands in.
fn is_inside(fragment: &Fragment<'_>, unit: &Element<'_>, facts: &FileFacts<'_>) -> bool {
    let in_file = fragment.file.is_none_or(|file| file == facts.file_id);
    match (fragment.group, fragment.unit) {
        (_, Some(id)) => in_file && unit.attr("id") == Some(id),
        (None, None) => fragment.file.is_none(),
        (Some(_), None) => false,
    }
}

/// Whether the unit has what the last part of a fragment identifier names: a note, a piece of
/// original data, an element of a module, a segment, or a code of source or target.
fn names_something(fragment: &Fragment<'_>, unit: &Element<'_>, facts: &FileFacts<'_>) -> bool {
    let core = facts.core;
    let Some((prefix, id)) = fragment.leaf else {
        return true;
    };
    let named = |parent: &Element<'_>| parent.elements().any(|child| child.attr("id") == Some(id));
    match prefix {
        "n" => unit.child(core, "notes").is_some_and(named),
        "d" => unit.child(core, "originalData").is_some_and(named),
        "" | "t" => super::modules::names_span(unit, core, prefix, id),
        // Modules and extensions keep their ids where they like.
        _ => has_outside(unit, core, id),
    }
}

fn has_outside(parent: &Element<'_>, core: &str, id: &str) -> bool {
    parent.elements().any(|child| {
        child.ns != core && child.attr("id") == Some(id) || has_outside(child, core, id)
    })
}

/// Starts and ends of codes and annotations.
fn check_pairs(side: &Side<'_>, report: &mut Report<'_>) {
    let mut open: HashMap<&str, (&Element<'_>, usize)> = HashMap::new();
    for (at, spot) in side.spots.iter().enumerate() {
        if matches!(spot.element.local, "sc" | "sm")
            && let Some(id) = spot.element.attr("id")
        {
            open.entry(id).or_insert((spot.element, at));
        }
    }
    let mut closed: HashSet<&str> = HashSet::new();
    for (at, spot) in side.spots.iter().enumerate() {
        let element = spot.element;
        if !matches!(element.local, "ec" | "em") {
            continue;
        }
        let isolated = element.attr("isolated") == Some("yes");
        let start = element.attr("startRef");
        if element.local == "ec" {
            check_end(element, isolated, start, report);
        }
        let Some(start) = start else { continue };
        let wanted = if element.local == "ec" { "sc" } else { "sm" };
        match open.get(start) {
            Some((found, place)) if found.local == wanted => {
                if *place > at {
                    report.error(
                        element,
                        "code.pair",
                        format!("ends {start:?} before it begins"),
                    );
                }
                closed.insert(start);
                if element.local == "ec" {
                    check_agreement(found, element, report);
                }
            }
            _ => report.error(
                element,
                "code.pair",
                format!("startRef={start:?}, but the unit has no such <{wanted}>"),
            ),
        }
    }
    for spot in &side.spots {
        let element = spot.element;
        let Some(id) = element
            .attr("id")
            .filter(|_| matches!(element.local, "sc" | "sm"))
        else {
            continue;
        };
        let isolated = element.attr("isolated") == Some("yes");
        if isolated == closed.contains(id) {
            report.error(
                element,
                "code.pair",
                if isolated {
                    format!("{id:?} is isolated, but its end is in the unit")
                } else {
                    format!("{id:?} has no end in the unit")
                },
            );
        }
    }
}

fn check_end(element: &Element<'_>, isolated: bool, start: Option<&str>, report: &mut Report<'_>) {
    let id = element.attr("id");
    if isolated && (start.is_some() || id.is_none()) {
        report.error(
            element,
            "code.isolated",
            "an isolated <ec> has an id and no startRef".to_owned(),
        );
    }
    if !isolated && (start.is_none() || id.is_some()) {
        report.error(
            element,
            "code.isolated",
            "an <ec> that is not isolated has a startRef and no id".to_owned(),
        );
    }
    if !isolated && element.attr("dir").is_some() {
        report.error(
            element,
            "code.isolated",
            "only an isolated <ec> has a dir".to_owned(),
        );
    }
}

/// What is allowed for the start is allowed for the end.
fn check_agreement(start: &Element<'_>, end: &Element<'_>, report: &mut Report<'_>) {
    let defaults = [
        ("canCopy", "yes"),
        ("canDelete", "yes"),
        ("canOverlap", "yes"),
        ("canReorder", "yes"),
    ];
    for (name, default) in defaults {
        let value = |element: &Element<'_>| match element.attr(name).unwrap_or(default) {
            // A start can begin a sequence; its end then belongs to it.
            "firstNo" => "no".to_owned(),
            value => value.to_owned(),
        };
        if value(start) != value(end) {
            report.error(
                end,
                "code.agreement",
                format!("{name} differs from that of the <sc>"),
            );
        }
    }
}

/// `cp` is for characters that XML does not allow, and for no others.
pub(super) fn check_code_points(content: &Element<'_>, report: &mut Report<'_>) {
    for element in content.elements() {
        if element.local == "cp" {
            let hex = element.attr("hex").unwrap_or_default();
            let digits = (4..=6).contains(&hex.len()) && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let number = u32::from_str_radix(hex, 16).ok().filter(|_| digits);
            // A surrogate is no character, but is no XML either.
            let allowed = number.is_some_and(|number| {
                number <= 0x0010_FFFF && char::from_u32(number).is_none_or(|c| !is_xml_char(c))
            });
            if !allowed {
                report.error(
                    element,
                    "code.point",
                    format!("hex={hex:?} is no character that XML forbids"),
                );
            }
        }
        check_code_points(element, report);
    }
}

/// Codes that must not go must be in a target, and a target's codes must come from somewhere.
fn check_correspondence(
    parts: &[&Element<'_>],
    source: &Side<'_>,
    target: &Side<'_>,
    facts: &FileFacts<'_>,
    report: &mut Report<'_>,
) {
    for spot in &source.spots {
        let Some(id) = spot.element.attr("id") else {
            continue;
        };
        let Some(in_target) = parts[spot.part].child(facts.core, "target") else {
            continue;
        };
        if spot.element.attr("canDelete") == Some("no") && !target.ids.contains_key(id) {
            report.error(
                in_target,
                "code.deleted",
                format!("the code {id:?} can't be deleted, but no target has it"),
            );
        }
    }
    for spot in &target.spots {
        let element = spot.element;
        let Some(id) = element.attr("id") else {
            continue;
        };
        match source.ids.get(id) {
            None if matches!(element.local, "ph" | "pc" | "sc" | "ec")
                && element.attr("copyOf").is_none() =>
            {
                report.warning(
                    element,
                    "code.target-only",
                    format!("the code {id:?} is in a target only; tools that write the document back will not know it"),
                );
            }
            Some(original) => {
                for name in ["type", "subType"] {
                    if let (Some(one), Some(other)) = (original.attr(name), element.attr(name))
                        && one != other
                    {
                        report.error(
                            element,
                            "code.type",
                            format!("{name} is {one:?} in the source and {other:?} here"),
                        );
                    }
                }
            }
            None => {}
        }
    }
}

/// A sequence of codes that keep their order: `firstNo`, then `no`.
fn check_sequences(source: &Side<'_>, target: &Side<'_>, report: &mut Report<'_>) {
    let sequences = sequences(source, report);
    if target.spots.is_empty() {
        return;
    }
    let place: HashMap<&str, (usize, Option<&str>)> = target
        .spots
        .iter()
        .filter(|spot| !matches!(spot.element.local, "mrk" | "sm" | "em"))
        .enumerate()
        .filter_map(|(at, spot)| Some((spot.element.attr("id")?, (at, spot.inside))))
        .collect();
    for sequence in sequences {
        // What stands in the target must be as close together, in the same order and nesting.
        let found: Vec<(usize, Option<&str>, &Spot<'_>)> = sequence
            .iter()
            .filter_map(|&spot| {
                let (at, inside) = place.get(spot.element.attr("id")?)?;
                Some((*at, *inside, spot))
            })
            .collect();
        for pair in found.windows(2) {
            if pair[1].0 != pair[0].0 + 1 || pair[1].1 != pair[1].2.inside {
                report.error(
                    target_element(target, pair[1].2),
                    "code.reorder",
                    format!(
                        "the code {:?} must follow {:?} as in the source",
                        pair[1].2.element.attr("id").unwrap_or_default(),
                        pair[0].2.element.attr("id").unwrap_or_default()
                    ),
                );
            }
        }
    }
}

fn target_element<'a>(target: &Side<'a>, spot: &Spot<'a>) -> &'a Element<'a> {
    spot.element
        .attr("id")
        .and_then(|id| target.ids.get(id))
        .copied()
        .unwrap_or(spot.element)
}

fn sequences<'s, 'a>(source: &'s Side<'a>, report: &mut Report<'_>) -> Vec<Vec<&'s Spot<'a>>> {
    let mut sequences: Vec<Vec<&Spot<'_>>> = Vec::new();
    let mut open = false;
    for spot in &source.spots {
        match spot.element.attr("canReorder") {
            Some("firstNo") => {
                sequences.push(vec![spot]);
                open = true;
            }
            Some("no") if open => {
                if let Some(last) = sequences.last_mut() {
                    last.push(spot);
                }
            }
            // The end of a pair belongs to its start.
            Some("no") if spot.element.local == "ec" => {}
            Some("no") => report.error(
                spot.element,
                "code.reorder",
                "a sequence of codes that keep their order begins with canReorder=\"firstNo\""
                    .to_owned(),
            ),
            _ if matches!(spot.element.local, "mrk" | "sm" | "em") => {}
            _ => open = false,
        }
    }
    sequences
}
