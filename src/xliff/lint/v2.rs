//! The constraints in prose of XLIFF 2.x on files, groups and units.

use std::collections::HashSet;

use crate::xml::{Element, Node, XML_NS};

use super::report::Report;
use super::{fragment, inline, modules, structure, tables};

/// What a place inherits from the elements around it.
#[derive(Clone, Copy)]
pub(super) struct Inherited<'a> {
    pub(super) lang: Option<&'a str>,
    pub(super) space: &'a str,
}

impl<'a> Inherited<'a> {
    pub(super) fn into(self, element: &'a Element<'_>) -> Self {
        Self {
            lang: element.attr_in(XML_NS, "lang").or(self.lang),
            space: element.attr_in(XML_NS, "space").unwrap_or(self.space),
        }
    }
}

/// What the rules of a unit need to know of its file.
pub(super) struct FileFacts<'a> {
    pub(super) core: &'a str,
    pub(super) source_lang: &'a str,
    pub(super) target_lang: Option<&'a str>,
    pub(super) file_id: &'a str,
    pub(super) units: HashSet<&'a str>,
}

pub(super) fn check(root: &Element<'_>, report: &mut Report<'_>) {
    structure::check(root, &tables::find, report);
    modules::check_tree(root, report);
    let target_lang = root.attr("trgLang");
    if target_lang.is_none() && has_target(root) {
        report.error(
            root,
            "language.target-missing",
            "the file has targets, so <xliff> needs trgLang".to_owned(),
        );
    }
    let inherited = Inherited {
        lang: None,
        space: "default",
    }
    .into(root);
    let mut files = Ids::new("id.file", "file");
    for file in root.elements().filter(|child| child.is(root.ns, "file")) {
        files.check(file, report);
        let mut facts = FileFacts {
            core: root.ns,
            source_lang: root.attr("srcLang").unwrap_or_default(),
            target_lang,
            file_id: file.attr("id").unwrap_or_default(),
            units: HashSet::new(),
        };
        let mut units = Ids::new("id.unit", "unit");
        let mut groups = Ids::new("id.group", "group");
        collect(
            file,
            root.ns,
            &mut facts.units,
            &mut units,
            &mut groups,
            report,
        );
        check_skeleton(file, root.ns, report);
        check_part(file, &facts, inherited, report);
    }
}

/// Ids that must differ.
pub(super) struct Ids<'a> {
    rule: &'static str,
    what: &'static str,
    seen: HashSet<&'a str>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(rule: &'static str, what: &'static str) -> Self {
        Self {
            rule,
            what,
            seen: HashSet::new(),
        }
    }

    /// Checks the element's `id`; whether it is new, or there is none.
    pub(super) fn check(&mut self, element: &'a Element<'_>, report: &mut Report<'_>) -> bool {
        let Some(id) = element.attr("id") else {
            return true;
        };
        let new = self.seen.insert(id);
        if !new {
            report.error(
                element,
                self.rule,
                format!("the {} id {id:?} is used before", self.what),
            );
        }
        new
    }
}

fn has_target(element: &Element<'_>) -> bool {
    element.elements().any(|child| {
        child.ns == element.ns
            && match child.local {
                "target" => true,
                "file" | "group" | "unit" | "segment" | "ignorable" => has_target(child),
                _ => false,
            }
    })
}

fn collect<'a>(
    parent: &'a Element<'_>,
    core: &str,
    known: &mut HashSet<&'a str>,
    units: &mut Ids<'a>,
    groups: &mut Ids<'a>,
    report: &mut Report<'_>,
) {
    for child in parent.elements().filter(|child| child.ns == core) {
        match child.local {
            "unit" => {
                units.check(child, report);
                known.extend(child.attr("id"));
            }
            "group" => {
                groups.check(child, report);
                collect(child, core, known, units, groups, report);
            }
            _ => {}
        }
    }
}

fn check_skeleton(file: &Element<'_>, core: &str, report: &mut Report<'_>) {
    let Some(skeleton) = file.child(core, "skeleton") else {
        return;
    };
    let empty = skeleton.children.is_empty();
    if empty != skeleton.attr("href").is_some() {
        report.error(
            skeleton,
            "reference.skeleton",
            "<skeleton> has an href if it is empty, and only then".to_owned(),
        );
    }
}

/// Checks a file or group and what is in it.
fn check_part<'a>(
    part: &'a Element<'_>,
    facts: &FileFacts<'_>,
    inherited: Inherited<'a>,
    report: &mut Report<'_>,
) {
    let inherited = inherited.into(part);
    check_enclosed_ids(part, facts.core, report);
    for child in part.elements().filter(|child| child.ns == facts.core) {
        match child.local {
            "group" => check_part(child, facts, inherited, report),
            "unit" => check_unit(child, facts, inherited, report),
            _ => {}
        }
    }
}

/// Ids that must differ within a file, group or unit: of notes, and of extensions.
fn check_enclosed_ids(part: &Element<'_>, core: &str, report: &mut Report<'_>) {
    let mut notes = Ids::new("id.note", "note");
    if let Some(list) = part.child(core, "notes") {
        for note in list.elements() {
            notes.check(note, report);
        }
    }
    let mut seen = HashSet::new();
    for child in part.elements() {
        if child.ns != core && !child.ns.starts_with("urn:oasis:names:tc:xliff:") {
            check_extension_ids(child, &mut seen, report);
        }
    }
}

fn check_extension_ids<'a>(
    element: &'a Element<'_>,
    seen: &mut HashSet<(&'a str, &'a str)>,
    report: &mut Report<'_>,
) {
    if let Some(id) = element.attr("id").or(element.attr_in(XML_NS, "id"))
        && !seen.insert((element.ns, id))
    {
        report.error(
            element,
            "id.extension",
            format!("the id {id:?} is used before by this extension"),
        );
    }
    for child in element.elements() {
        check_extension_ids(child, seen, report);
    }
}

fn check_unit<'a>(
    unit: &'a Element<'_>,
    facts: &FileFacts<'_>,
    inherited: Inherited<'a>,
    report: &mut Report<'_>,
) {
    let inherited = inherited.into(unit);
    check_enclosed_ids(unit, facts.core, report);
    let mut data = Ids::new("id.data", "data");
    if let Some(list) = unit.child(facts.core, "originalData") {
        for entry in list.elements() {
            data.check(entry, report);
            inline::check_code_points(entry, report);
        }
    }
    let parts: Vec<&Element<'_>> = unit
        .elements()
        .filter(|child| child.ns == facts.core && matches!(child.local, "segment" | "ignorable"))
        .collect();
    if !parts.iter().any(|part| part.local == "segment") {
        report.error(
            unit,
            "structure.missing",
            "<unit> needs a <segment>".to_owned(),
        );
    }
    for part in &parts {
        if part.attr("subState").is_some() && part.attr("state").is_none() {
            report.error(
                part,
                "state.sub-without-state",
                "subState needs a state beside it".to_owned(),
            );
        }
        let target = part.child(facts.core, "target");
        if part.attr("state").is_some_and(|state| state != "initial") && target.is_none() {
            report.warning(
                part,
                "state.without-target",
                "a state other than initial, but no <target>".to_owned(),
            );
        }
        check_language(part, facts, inherited, report);
    }
    check_order(&parts, facts.core, report);
    inline::check_unit(unit, &parts, facts, report);
}

fn check_language(
    part: &Element<'_>,
    facts: &FileFacts<'_>,
    inherited: Inherited<'_>,
    report: &mut Report<'_>,
) {
    let expected = [
        ("source", Some(facts.source_lang)),
        ("target", facts.target_lang),
    ];
    let mut spaces = Vec::new();
    for (name, lang) in expected {
        let Some(element) = part.child(facts.core, name) else {
            continue;
        };
        let found = inherited.into(element);
        spaces.push(found.space);
        if let (Some(found), Some(lang)) = (found.lang, lang)
            && !found.eq_ignore_ascii_case(lang)
        {
            report.error(
                element,
                "language.mismatch",
                format!("the language here is {found:?}, but the file's {name} is {lang:?}"),
            );
        }
    }
    if let [source, target] = spaces.as_slice()
        && source != target
    {
        report.error(
            part,
            "space.mismatch",
            "xml:space must be the same for source and target".to_owned(),
        );
    }
}

/// The order of targets: each place once.
fn check_order(parts: &[&Element<'_>], core: &str, report: &mut Report<'_>) {
    let mut explicit: HashSet<usize> = HashSet::new();
    let mut any = false;
    for part in parts {
        let Some(target) = part.child(core, "target") else {
            continue;
        };
        let Some(order) = target.attr("order").and_then(|order| order.parse().ok()) else {
            continue;
        };
        any = true;
        if order > parts.len() {
            report.error(
                target,
                "order.range",
                format!("order={order}, but the unit has {} parts", parts.len()),
            );
        }
        if !explicit.insert(order) {
            report.error(
                target,
                "order.unique",
                format!("order={order} is used before"),
            );
        }
    }
    if !any {
        return;
    }
    // A target without order stands at its own place, which no other may claim.
    for (at, part) in parts.iter().enumerate() {
        if let Some(target) = part.child(core, "target")
            && target.attr("order").is_none()
            && explicit.contains(&(at + 1))
        {
            report.error(
                target,
                "order.unique",
                format!("stands at place {}, which another target claims", at + 1),
            );
        }
    }
}

/// Checks a reference that begins with `#`, and gives its parts; none for others and broken ones.
pub(super) fn reference<'v>(
    element: &Element<'_>,
    value: &'v str,
    report: &mut Report<'_>,
) -> Option<fragment::Fragment<'v>> {
    match fragment::parse(value.strip_prefix('#')?) {
        Ok(fragment) => Some(fragment),
        Err(message) => {
            report.error(
                element,
                "reference.syntax",
                format!("{value:?} is no fragment identifier: {message}"),
            );
            None
        }
    }
}

/// Whether an element has nothing but white space in it.
pub(super) fn is_blank(element: &Element<'_>) -> bool {
    element.children.iter().all(|node| match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(_) => false,
    })
}
