//! The constraints in prose of XLIFF 2.x's modules.

use std::collections::HashSet;

use crate::xml::{Element, XML_NS};

use super::report::Report;
use super::v2::{Ids, is_blank, reference};

const FORMAT_STYLE: &str = "urn:oasis:names:tc:xliff:fs:2.0";
const MATCHES: &str = "urn:oasis:names:tc:xliff:matches:2.0";
const GLOSSARY: &str = "urn:oasis:names:tc:xliff:glossary:2.0";
const METADATA: &str = "urn:oasis:names:tc:xliff:metadata:2.0";
const RESOURCES: &str = "urn:oasis:names:tc:xliff:resourcedata:2.0";
const SIZES: &str = "urn:oasis:names:tc:xliff:sizerestriction:2.0";
const VALIDATION: &str = "urn:oasis:names:tc:xliff:validation:2.0";
/// Change tracking of 2.0 and 2.1; the namespaces differ in the version only.
const CHANGES: &str = "urn:oasis:names:tc:xliff:changetracking:";

/// HTML elements that `fs:fs` may name.
const HTML: &[&str] = &[
    "a",
    "b",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "label",
    "legend",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "select",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
];

/// What a module's element needs to know of those around it.
#[derive(Clone, Copy)]
struct Around<'a> {
    root: &'a Element<'a>,
    unit: Option<&'a Element<'a>>,
    parent: Option<&'a Element<'a>>,
    sizes: Option<&'a Sizes<'a>>,
}

/// Ids of size data that stand beside an element or one of its ancestors.
struct Sizes<'a> {
    ids: HashSet<&'a str>,
    outer: Option<&'a Sizes<'a>>,
}

impl Sizes<'_> {
    fn has(&self, id: &str) -> bool {
        let mut level = Some(self);
        while let Some(sizes) = level {
            if sizes.ids.contains(id) {
                return true;
            }
            level = sizes.outer;
        }
        false
    }
}

pub(super) fn check_tree(root: &Element<'_>, report: &mut Report<'_>) {
    check_element(
        root,
        Around {
            root,
            unit: None,
            parent: None,
            sizes: None,
        },
        report,
    );
}

fn check_element(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    check_style(element, report);
    check_size(element, around, report);
    match element.ns {
        MATCHES => check_matches(element, around, report),
        GLOSSARY => check_glossary(element, around, report),
        METADATA if element.local == "metadata" => check_metadata(element, report),
        RESOURCES => check_resources(element, around, report),
        VALIDATION if element.local == "rule" => check_rule(element, report),
        ns if ns.starts_with(CHANGES) && element.local == "revisions" => {
            check_changes(element, around, report);
        }
        _ => {}
    }
    let core = element.ns == around.root.ns;
    let unit = if core && element.local == "unit" {
        Some(element)
    } else {
        around.unit
    };
    let mut ids = HashSet::new();
    for data in element.elements().filter(|child| child.is(SIZES, "data")) {
        collect_ids(data, &mut ids);
    }
    let sizes = Sizes {
        ids,
        outer: around.sizes,
    };
    for child in element.elements() {
        let around = Around {
            root: around.root,
            unit,
            parent: Some(element),
            sizes: Some(&sizes),
        };
        check_element(child, around, report);
    }
}

fn collect_ids<'a>(element: &'a Element<'_>, ids: &mut HashSet<&'a str>) {
    for child in element.elements() {
        ids.extend(child.attr("id"));
        collect_ids(child, ids);
    }
}

fn is_isolated(element: &Element<'_>) -> bool {
    element.local != "ec" || element.attr("isolated") == Some("yes")
}

fn check_style(element: &Element<'_>, report: &mut Report<'_>) {
    for attr in element.attrs.iter().filter(|attr| attr.ns == FORMAT_STYLE) {
        match attr.local {
            "fs" if HTML.contains(&attr.value.as_ref()) => {
                if !is_isolated(element) {
                    report.error(
                        element,
                        "module.style",
                        "fs:fs on an <ec> that is not isolated".to_owned(),
                    );
                }
            }
            "fs" => report.error(
                element,
                "module.style",
                format!("fs:fs={:?} is no HTML element of the list", attr.value),
            ),
            "subFs" => {
                if element.attr_in(FORMAT_STYLE, "fs").is_none() {
                    report.error(
                        element,
                        "module.style",
                        "fs:subFs needs an fs:fs beside it".to_owned(),
                    );
                }
            }
            other => report.error(
                element,
                "module.style",
                format!("fs:{other} is no attribute of the module"),
            ),
        }
    }
}

fn check_size(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    let value = |name| element.attr_in(SIZES, name);
    for name in ["sizeRestriction", "storageRestriction"] {
        if let Some(value) = value(name)
            && !is_size(value)
        {
            report.error(
                element,
                "module.size",
                format!("slr:{name}={value:?} is no size: 90, 0,90 or 0,*"),
            );
        }
    }
    for name in ["sizeInfo", "equivStorage"] {
        // What stands there is up to the profile, but a size is a whole number in all of them.
        let text = name == "sizeInfo" && value(name).is_some_and(|v| v.parse::<f64>().is_err());
        if let Some(value) = value(name)
            && !is_integer(value)
            && !text
        {
            report.error(
                element,
                "module.size",
                format!("slr:{name}={value:?} is no whole number"),
            );
        }
    }
    if value("sizeInfo").is_some() && value("sizeInfoRef").is_some() {
        report.error(
            element,
            "module.size",
            "slr:sizeInfo and slr:sizeInfoRef exclude each other".to_owned(),
        );
    }
    let on_end = ["sizeInfo", "sizeInfoRef", "equivStorage"]
        .into_iter()
        .find(|name| value(name).is_some());
    if let Some(name) = on_end
        && !is_isolated(element)
    {
        report.error(
            element,
            "module.size",
            format!("slr:{name} on an <ec> that is not isolated"),
        );
    }
    if let Some(id) = value("sizeInfoRef")
        && !around.sizes.is_some_and(|sizes| sizes.has(id))
    {
        report.error(
            element,
            "module.size",
            format!("slr:sizeInfoRef={id:?} names nothing in a <data> beside it or above"),
        );
    }
}

fn is_integer(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
}

fn is_size(value: &str) -> bool {
    match value.split_once(',') {
        None => value == "*" || is_integer(value),
        Some((least, most)) => is_integer(least) && (most == "*" || is_integer(most)),
    }
}

/// Whether a reference names a segment or a code of the unit.
pub(super) fn names_span(unit: &Element<'_>, core: &str, prefix: &str, id: &str) -> bool {
    let side = match prefix {
        "" => "source",
        "t" => "target",
        _ => return false,
    };
    unit.elements()
        .filter(|part| part.ns == core && matches!(part.local, "segment" | "ignorable"))
        .any(|part| {
            prefix.is_empty() && part.attr("id") == Some(id)
                || part
                    .child(core, side)
                    .is_some_and(|content| has_id(content, id))
        })
}

fn has_id(parent: &Element<'_>, id: &str) -> bool {
    parent
        .elements()
        .any(|child| child.attr("id") == Some(id) || has_id(child, id))
}

/// A reference to a span of the unit that the element stands in.
fn check_span(
    element: &Element<'_>,
    value: &str,
    around: Around<'_>,
    rule: &'static str,
    report: &mut Report<'_>,
) {
    let fail = |report: &mut Report<'_>| {
        report.error(
            element,
            rule,
            format!("ref={value:?} must name a span of the same unit (#ID)"),
        );
    };
    if !value.starts_with('#') {
        fail(report);
        return;
    }
    let Some(fragment) = reference(element, value, report) else {
        return;
    };
    let Some(unit) = around.unit else { return };
    let here = fragment.unit.is_none_or(|id| unit.attr("id") == Some(id));
    let found = fragment
        .leaf
        .is_some_and(|(prefix, id)| names_span(unit, around.root.ns, prefix, id));
    if !here || !found {
        fail(report);
    }
}

fn check_matches(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    if element.local == "matches" {
        let mut ids = Ids::new("module.match", "match");
        for found in element.elements() {
            ids.check(found, report);
        }
        return;
    }
    if element.local != "match" {
        return;
    }
    if let Some(value) = element.attr("ref") {
        check_span(element, value, around, "module.match", report);
    }
    if element.attr("subType").is_some() && element.attr("type").is_none() {
        report.error(
            element,
            "module.match",
            "subType needs a type beside it".to_owned(),
        );
    }
    if element.attr_in(XML_NS, "lang").is_some() {
        report.error(
            element,
            "module.match",
            "xml:lang can't stand on a match".to_owned(),
        );
    }
    let core = around.root.ns;
    let langs = [
        ("source", around.root.attr("srcLang")),
        (
            "target",
            around
                .root
                .attr("trgLang")
                .filter(|_| element.attr("reference") != Some("yes")),
        ),
    ];
    for (name, expected) in langs {
        let found = element
            .child(core, name)
            .and_then(|content| content.attr_in(XML_NS, "lang"));
        if let (Some(found), Some(expected)) = (found, expected)
            && !found.eq_ignore_ascii_case(expected)
        {
            report.error(
                element,
                "module.match",
                format!("the language of the match's {name} is {found:?}, not {expected:?}"),
            );
        }
    }
}

fn check_glossary(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    match element.local {
        "glossary" => {
            let mut ids = Ids::new("module.glossary", "glossary");
            for entry in element.elements() {
                ids.check(entry, report);
                for translation in entry
                    .elements()
                    .filter(|child| child.local == "translation")
                {
                    ids.check(translation, report);
                }
            }
        }
        "glossEntry" => {
            let says = element.elements().any(|child| {
                child.ns == GLOSSARY && matches!(child.local, "translation" | "definition")
            });
            if !says {
                report.error(
                    element,
                    "module.glossary",
                    "an entry needs a <translation> or a <definition>".to_owned(),
                );
            }
        }
        _ => {}
    }
    // Any other IRI is none of our business.
    if let Some(value) = element.attr("ref").filter(|value| value.starts_with('#')) {
        check_span(element, value, around, "module.glossary", report);
    }
}

fn check_metadata(element: &Element<'_>, report: &mut Report<'_>) {
    fn groups<'a>(parent: &'a Element<'_>, ids: &mut Ids<'a>, report: &mut Report<'_>) {
        for group in parent.elements().filter(|child| child.local == "metaGroup") {
            ids.check(group, report);
            groups(group, ids, report);
        }
    }
    let mut ids = Ids::new("module.metadata", "metadata");
    ids.check(element, report);
    groups(element, &mut ids, report);
}

fn check_resources(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    match element.local {
        "resourceData" => {
            let mut ids = Ids::new("module.resource", "resource");
            for item in element.elements() {
                ids.check(item, report);
            }
        }
        "resourceItem" => {
            let contents = || {
                element
                    .elements()
                    .filter(|child| matches!(child.local, "source" | "target"))
            };
            let embedded = contents().any(|child| child.attr("href").is_none());
            if embedded && element.attr("mimeType").is_none() {
                report.error(
                    element,
                    "module.resource",
                    "a resource with its content in the file needs a mimeType".to_owned(),
                );
            }
        }
        "source" | "target" => {
            if is_blank(element) != element.attr("href").is_some() {
                report.error(
                    element,
                    "module.resource",
                    "a resource has an href if it is empty, and only then".to_owned(),
                );
            }
            let expected = match element.local {
                "source" => around.root.attr("srcLang"),
                _ => None,
            };
            if let (Some(found), Some(expected)) = (element.attr_in(XML_NS, "lang"), expected)
                && !found.eq_ignore_ascii_case(expected)
            {
                report.error(
                    element,
                    "module.resource",
                    format!("the language is {found:?}, not {expected:?}"),
                );
            }
        }
        _ => {}
    }
}

fn check_rule(element: &Element<'_>, report: &mut Report<'_>) {
    let standard = ["isPresent", "isNotPresent", "startsWith", "endsWith"];
    let own = element
        .attrs
        .iter()
        .filter(|attr| !attr.ns.is_empty() && attr.ns != XML_NS)
        .count();
    let given = standard
        .iter()
        .filter(|name| element.attr(name).is_some())
        .count();
    if given + usize::from(own > 0) != 1 {
        report.error(
            element,
            "module.validation",
            "a rule has one of isPresent, isNotPresent, startsWith, endsWith or an own attribute"
                .to_owned(),
        );
    }
    let with = |names: &[&str]| names.iter().any(|name| element.attr(name).is_some());
    if element.attr("existsInSource").is_some() && !with(&["isPresent", "startsWith", "endsWith"]) {
        report.error(
            element,
            "module.validation",
            "existsInSource needs isPresent, startsWith or endsWith".to_owned(),
        );
    }
    if element.attr("occurs").is_some() && !with(&["isPresent"]) {
        report.error(
            element,
            "module.validation",
            "occurs needs isPresent".to_owned(),
        );
    }
}

/// Revisions of change tracking name the element that they are about.
fn check_changes(element: &Element<'_>, around: Around<'_>, report: &mut Report<'_>) {
    let Some(kind) = element.attr("appliesTo") else {
        return;
    };
    // The element that holds the change track.
    let holder = around.unit.or(around.parent).unwrap_or(around.root);
    let mut candidates = Vec::new();
    find(holder, around.root.ns, kind, &mut candidates);
    let referenced = if let Some(id) = element.attr("ref") {
        let found = candidates.iter().find(|found| found.attr("id") == Some(id));
        if found.is_none() && !has_id(holder, id) {
            report.error(
                element,
                "module.change",
                format!("ref={id:?} names nothing here"),
            );
        }
        found.copied()
    } else {
        if candidates.len() > 1 && candidates.iter().any(|found| found.attr("id").is_some()) {
            report.error(
                element,
                "module.change",
                format!("there is more than one <{kind}>: ref must say which"),
            );
        }
        None
    };
    for revision in element.elements() {
        let mut seen = HashSet::new();
        for item in revision.elements().filter(|child| child.local == "item") {
            let Some(property) = item.attr("property") else {
                continue;
            };
            if !seen.insert(property) {
                report.error(
                    item,
                    "module.change",
                    format!("the property {property:?} is given twice in one revision"),
                );
            }
            let known = property == "content"
                || referenced.is_none_or(|found| found.attr(property).is_some());
            if !known {
                report.error(
                    item,
                    "module.change",
                    format!("{property:?} is no attribute of the <{kind}> that it is about"),
                );
            }
        }
    }
}

fn find<'a>(parent: &'a Element<'a>, core: &str, kind: &str, found: &mut Vec<&'a Element<'a>>) {
    for child in parent.elements().filter(|child| child.ns == core) {
        if child.local == kind {
            found.push(child);
        }
        if !matches!(child.local, "unit" | "group") {
            find(child, core, kind, found);
        }
    }
}
