//! XLIFF 1.x: structure (1.2 transitional), and its constraints in prose.

use std::collections::HashSet;

use crate::xml::{Element, XML_NS};

use super::super::ns;
use super::report::Report;
use super::schema::{
    AttrRule, ElementRule, Foreign, Found, Holds, Value, many, maybe, one, opt, req, some,
};
use super::structure;

const INLINE: &[&str] = &["g", "x", "bx", "ex", "bpt", "ept", "ph", "it", "mrk"];
const NATIVE: &[&str] = &["sub"];
const STATES: &[&str] = &[
    "final",
    "needs-adaptation",
    "needs-l10n",
    "needs-review-adaptation",
    "needs-review-l10n",
    "needs-review-translation",
    "needs-translation",
    "new",
    "signed-off",
    "translated",
];
const QUALIFIERS: &[&str] = &[
    "exact-match",
    "fuzzy-match",
    "id-match",
    "leveraged-glossary",
    "leveraged-inherited",
    "leveraged-mt",
    "leveraged-repository",
    "leveraged-tm",
    "mt-suggestion",
    "rejected-grammar",
    "rejected-inaccurate",
    "rejected-length",
    "rejected-spelling",
    "tm-suggestion",
];
const IN_UNIT: &[&str] = &[
    "context-group",
    "count-group",
    "prop-group",
    "note",
    "alt-trans",
    "*",
];

const fn rule(name: &'static str, attrs: &'static [AttrRule], holds: Holds) -> ElementRule {
    ElementRule {
        name,
        attrs,
        foreign: Foreign::Any,
        holds,
    }
}

/// The attributes of groups and units that the constraints need; the many that describe layout
/// are free text and are taken as they are.
const TABLE: &[ElementRule] = &[
    rule(
        "xliff",
        &[
            req("version", Value::OneOf(&["1.0", "1.1", "1.2"])),
            opt("xml:lang", Value::Lang),
        ],
        Holds::Sequence(&[many(&["*"]), some(&["file"]), many(&["*"])]),
    ),
    rule(
        "file",
        &[
            req("original", Value::Any),
            req("source-language", Value::Lang),
            req("datatype", Value::Any),
            opt("target-language", Value::Lang),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
        ],
        Holds::Sequence(&[maybe(&["header"]), one(&["body"]), many(&["*"])]),
    ),
    rule(
        "body",
        &[],
        Holds::Sequence(&[many(&["group", "trans-unit", "bin-unit", "*"])]),
    ),
    rule(
        "group",
        &[
            opt("translate", Value::YesNo),
            opt("reformat", Value::Any),
            opt("merged-trans", Value::YesNo),
        ],
        Holds::Sequence(&[
            many(&["context-group"]),
            many(&["count-group", "prop-group"]),
            many(&["note"]),
            many(&["*"]),
            many(&["group", "trans-unit", "bin-unit", "*"]),
        ]),
    ),
    rule(
        "trans-unit",
        &[
            req("id", Value::Any),
            opt("approved", Value::YesNo),
            opt("translate", Value::YesNo),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
        ],
        Holds::Sequence(&[
            one(&["source"]),
            maybe(&["seg-source"]),
            maybe(&["target"]),
            many(IN_UNIT),
        ]),
    ),
    rule(
        "source",
        &[opt("xml:lang", Value::Lang), opt("ts", Value::Any)],
        Holds::Mixed(INLINE),
    ),
    rule(
        "seg-source",
        &[opt("xml:lang", Value::Lang), opt("ts", Value::Any)],
        Holds::Mixed(INLINE),
    ),
    rule(
        "target",
        &[
            opt("xml:lang", Value::Lang),
            opt("state", Value::OneOfOrX(STATES)),
            opt("state-qualifier", Value::OneOfOrX(QUALIFIERS)),
        ],
        Holds::Mixed(INLINE),
    ),
    rule(
        "alt-trans",
        &[
            opt("xml:lang", Value::Lang),
            opt(
                "alttranstype",
                Value::OneOfOrX(&[
                    "proposal",
                    "previous-version",
                    "rejected",
                    "reference",
                    "accepted",
                ]),
            ),
        ],
        Holds::Sequence(&[
            maybe(&["source"]),
            maybe(&["seg-source"]),
            some(&["target"]),
            many(&["context-group", "prop-group", "note", "*"]),
        ]),
    ),
    rule(
        "note",
        &[
            opt("xml:lang", Value::Lang),
            opt("from", Value::Any),
            opt("priority", Value::Integer(1, 10)),
            opt("annotates", Value::OneOf(&["source", "target", "general"])),
        ],
        Holds::Mixed(&[]),
    ),
    rule("g", &[req("id", Value::Any)], Holds::Mixed(INLINE)),
    rule("x", &[req("id", Value::Any)], Holds::Nothing),
    rule("bx", &[req("id", Value::Any)], Holds::Nothing),
    rule("ex", &[req("id", Value::Any)], Holds::Nothing),
    rule("bpt", &[req("id", Value::Any)], Holds::Mixed(NATIVE)),
    rule("ept", &[req("id", Value::Any)], Holds::Mixed(NATIVE)),
    rule("ph", &[req("id", Value::Any)], Holds::Mixed(NATIVE)),
    rule(
        "it",
        &[
            req("id", Value::Any),
            req("pos", Value::OneOf(&["open", "close"])),
        ],
        Holds::Mixed(NATIVE),
    ),
    rule("sub", &[], Holds::Mixed(INLINE)),
    rule("mrk", &[req("mtype", Value::Any)], Holds::Mixed(INLINE)),
];

/// Elements that describe the project and are taken as they are.
const DESCRIPTIVE: &[&str] = &[
    "header",
    "bin-unit",
    "bin-source",
    "bin-target",
    "context-group",
    "count-group",
    "prop-group",
    "phase-group",
    "tool",
    "skl",
    "glossary",
    "reference",
];

fn find(namespace: &str, local: &str) -> Found {
    if !matches!(namespace, ns::V1_2 | ns::V1_1 | "") || DESCRIPTIVE.contains(&local) {
        return Found::Extension;
    }
    let rule = TABLE.iter().find(|rule| rule.name == local);
    rule.map_or(Found::NoSuch, Found::Rule)
}

pub(super) fn check(root: &Element<'_>, report: &mut Report<'_>) {
    if root.ns.is_empty() && root.attr("version") != Some("1.0") {
        report.warning(
            root,
            "structure.namespace",
            format!("the namespace {:?} is missing", ns::V1_2),
        );
    }
    // Attributes that the table does not know describe layout; a closed list would only repeat
    // the schema. Those that it knows are checked.
    structure::check_open(root, &find, report);
    for file in root.elements().filter(|child| child.local == "file") {
        let mut ids = HashSet::new();
        check_units(file, file, &mut ids, report);
    }
}

fn check_units<'a>(
    parent: &'a Element<'_>,
    file: &Element<'_>,
    ids: &mut HashSet<&'a str>,
    report: &mut Report<'_>,
) {
    for child in parent.elements().filter(|child| child.ns == parent.ns) {
        match child.local {
            "body" | "group" => check_units(child, file, ids, report),
            "trans-unit" => {
                if let Some(id) = child.attr("id")
                    && !ids.insert(id)
                {
                    report.error(
                        child,
                        "id.unit",
                        format!("the unit id {id:?} is used before"),
                    );
                }
                check_unit(child, file, report);
            }
            _ => {}
        }
    }
}

fn check_unit(unit: &Element<'_>, file: &Element<'_>, report: &mut Report<'_>) {
    let source = unit.child(unit.ns, "source");
    let segmented = unit.child(unit.ns, "seg-source");
    let target = unit.child(unit.ns, "target");
    for (content, lang) in [
        (source, file.attr("source-language")),
        (segmented, file.attr("source-language")),
        (target, file.attr("target-language")),
    ] {
        let Some(content) = content else { continue };
        if let (Some(found), Some(lang)) = (content.attr_in(XML_NS, "lang"), lang)
            && !found.eq_ignore_ascii_case(lang)
        {
            report.error(
                content,
                "language.mismatch",
                format!("the language here is {found:?}, but the file's is {lang:?}"),
            );
        }
        check_codes(content, report);
    }
    if target.is_some() && file.attr("target-language").is_none() {
        report.warning(
            unit,
            "language.target-missing",
            "the file has targets, but no target-language".to_owned(),
        );
    }
    if unit.attr("approved") == Some("yes")
        && target.is_none_or(|target| target.text().trim().is_empty())
        && source.is_some_and(|source| !source.text().trim().is_empty())
    {
        report.warning(
            unit,
            "state.without-target",
            "approved, but there is no target".to_owned(),
        );
    }
    if let (Some(source), Some(segmented)) = (source, segmented)
        && bare(source) != bare(segmented)
    {
        report.error(
            segmented,
            "reference.segments",
            "<seg-source> has another text than <source>".to_owned(),
        );
    }
    if let (Some(segmented), Some(target)) = (segmented, target) {
        let known: HashSet<String> = segments(segmented).into_iter().collect();
        for mid in segments(target) {
            if !known.contains(&mid) {
                report.error(
                    target,
                    "reference.segments",
                    format!("the segment mid={mid:?} is not in <seg-source>"),
                );
            }
        }
    }
    let (Some(source), Some(target)) = (source, target) else {
        return;
    };
    let (mut from, mut to) = (HashSet::new(), HashSet::new());
    codes(source, &mut from);
    codes(target, &mut to);
    let mut only: Vec<&(String, String)> = to.iter().filter(|code| !from.contains(*code)).collect();
    only.sort();
    for (element, id) in only {
        report.warning(
            target,
            "code.target-only",
            format!("the code <{element} id={id:?}> is in the target only"),
        );
    }
}

fn bare(element: &Element<'_>) -> String {
    element
        .text()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// The `mid`s of the segments in a content, in order.
fn segments(content: &Element<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for child in content.elements() {
        if child.local == "mrk" && child.attr("mtype") == Some("seg") {
            found.extend(child.attr("mid").map(str::to_owned));
        }
        found.extend(segments(child));
    }
    found
}

fn codes(content: &Element<'_>, found: &mut HashSet<(String, String)>) {
    for child in content.elements() {
        if matches!(
            child.local,
            "g" | "x" | "bx" | "ex" | "bpt" | "ept" | "ph" | "it"
        ) && let Some(id) = child.attr("id")
        {
            found.insert((child.local.to_owned(), id.to_owned()));
        }
        codes(child, found);
    }
}

/// Ids of codes differ within a content; each start has its end.
fn check_codes(content: &Element<'_>, report: &mut Report<'_>) {
    let mut seen = HashSet::new();
    let mut open: HashSet<(bool, String)> = HashSet::new();
    walk(content, &mut |element| {
        let id = element.attr("id").unwrap_or_default();
        // The halves of a pair may share an id; they are told apart by their element.
        if matches!(
            element.local,
            "g" | "x" | "bx" | "ex" | "bpt" | "ept" | "ph"
        ) && element.attr("id").is_some()
            && !seen.insert((element.local, id))
        {
            report.error(
                element,
                "id.code",
                format!("the id {id:?} is used before by a <{}>", element.local),
            );
        }
        let pair = element.attr("rid").unwrap_or(id).to_owned();
        let native = matches!(element.local, "bpt" | "ept");
        match element.local {
            "bx" | "bpt" => {
                open.insert((native, pair));
            }
            "ex" | "ept" if !open.remove(&(native, pair.clone())) => report.error(
                element,
                "code.pair",
                format!("ends {pair:?}, which has not begun"),
            ),
            _ => {}
        }
    });
    let mut left: Vec<(bool, String)> = open.into_iter().collect();
    left.sort();
    for (_, pair) in left {
        report.error(
            content,
            "code.pair",
            format!("{pair:?} begins here and does not end"),
        );
    }
}

fn walk<'a>(parent: &'a Element<'a>, visit: &mut dyn FnMut(&'a Element<'a>)) {
    for child in parent.elements() {
        visit(child);
        walk(child, visit);
    }
}
