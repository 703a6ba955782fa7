//! Checks elements against the tables.

use crate::model::Lang;
use crate::xml::{Element, Node, XML_NS, is_nmtoken};

use super::report::Report;
use super::schema::{ElementRule, Foreign, Found, Holds, Step, Value};

/// Checks an element and all in it. `find` gives the rule of an element; extensions are not
/// looked into.
pub(super) fn check(
    element: &Element<'_>,
    find: &dyn Fn(&str, &str) -> Found,
    report: &mut Report<'_>,
) {
    check_element(element, find, true, report);
}

/// The same, but attributes that a rule does not name are allowed.
pub(super) fn check_open(
    element: &Element<'_>,
    find: &dyn Fn(&str, &str) -> Found,
    report: &mut Report<'_>,
) {
    check_element(element, find, false, report);
}

fn check_element(
    element: &Element<'_>,
    find: &dyn Fn(&str, &str) -> Found,
    closed: bool,
    report: &mut Report<'_>,
) {
    let rule = match find(element.ns, element.local) {
        Found::Rule(rule) => rule,
        Found::Extension => return,
        Found::NoSuch => {
            report.error(
                element,
                "structure.element",
                format!("<{}> is not an element of the standard", element.local),
            );
            return;
        }
    };
    check_attributes(element, rule, closed, report);
    check_children(element, rule, report);
    for child in element.elements() {
        check_element(child, find, closed, report);
    }
}

fn check_attributes(
    element: &Element<'_>,
    rule: &ElementRule,
    closed: bool,
    report: &mut Report<'_>,
) {
    for attr in &element.attrs {
        let name = match attr.ns {
            "" => attr.local.to_owned(),
            XML_NS => format!("xml:{}", attr.local),
            _ if rule.foreign == Foreign::Any => continue,
            ns if rule.foreign == Foreign::Modules
                && ns.starts_with("urn:oasis:names:tc:xliff:") =>
            {
                continue;
            }
            ns => {
                report.error(
                    element,
                    "structure.attribute",
                    format!(
                        "<{}> can't have the attribute {} of {ns}",
                        element.local, attr.local
                    ),
                );
                continue;
            }
        };
        match rule.attrs.iter().find(|known| known.name == name) {
            Some(known) => {
                if let Some(expected) = mismatch(known.value, &attr.value) {
                    report.error(
                        element,
                        "structure.value",
                        format!("{name}={:?} must be {expected}", shorten(&attr.value)),
                    );
                }
            }
            None if !closed => {}
            None if attr.ns == XML_NS && rule.foreign == Foreign::Any => {}
            None => report.error(
                element,
                "structure.attribute",
                format!("<{}> can't have the attribute {name}", element.local),
            ),
        }
    }
    for known in rule.attrs.iter().filter(|known| known.required) {
        if element.attr(known.name).is_none() {
            report.error(
                element,
                "structure.missing",
                format!("<{}> needs the attribute {}", element.local, known.name),
            );
        }
    }
}

fn shorten(value: &str) -> String {
    value.chars().take(60).collect()
}

/// What the value should have been, if it is not.
fn mismatch(rule: Value, value: &str) -> Option<String> {
    let list = |values: &[&str]| values.join(", ");
    let own = |value: &str| {
        value
            .split_once(':')
            .is_some_and(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
    };
    let (good, expected) = match rule {
        Value::Any => (true, String::new()),
        Value::Nmtoken => (is_nmtoken(value), "an NMTOKEN".to_owned()),
        Value::Nmtokens => (
            !value.trim().is_empty() && value.split_whitespace().all(is_nmtoken),
            "NMTOKENs".to_owned(),
        ),
        Value::YesNo => (matches!(value, "yes" | "no"), "yes or no".to_owned()),
        Value::YesNoFirst => (
            matches!(value, "yes" | "no" | "firstNo"),
            "yes, firstNo or no".to_owned(),
        ),
        Value::Lang => (is_lang(value), "a BCP 47 language tag".to_owned()),
        Value::Dir => (
            matches!(value, "ltr" | "rtl" | "auto"),
            "ltr, rtl or auto".to_owned(),
        ),
        Value::Integer(low, high) => (
            value
                .parse::<u64>()
                .is_ok_and(|number| (low..=high).contains(&number)),
            if high == u64::MAX {
                format!("a whole number from {low}")
            } else {
                format!("a whole number from {low} to {high}")
            },
        ),
        Value::Percent => (
            value
                .parse::<f64>()
                .is_ok_and(|number| (0.0..=100.0).contains(&number)),
            "a number of 0 to 100".to_owned(),
        ),
        Value::OneOf(values) => (values.contains(&value), format!("one of {}", list(values))),
        Value::OneOfOrOwn(values) => (
            values.contains(&value) || own(value),
            format!("one of {}, or prefix:value", list(values)),
        ),
        Value::Own => (own(value), "prefix:value".to_owned()),
        Value::OneOfOrX(values) => (
            values.contains(&value)
                || value
                    .strip_prefix("x-")
                    .is_some_and(|name| !name.is_empty()),
            format!("one of {}, or x-name", list(values)),
        ),
        Value::Fixed(fixed) => (value == fixed, format!("{fixed:?}")),
    };
    (!good).then_some(expected)
}

/// Whether it is a language tag. BCP 47 also has private-use and grandfathered tags, which
/// duizhao does not translate into but the standard allows.
pub(super) fn is_lang(value: &str) -> bool {
    let well_formed = value.split('-').all(|subtag| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let primary = value.split('-').next().unwrap_or_default();
    let plain =
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    value.parse::<Lang>().is_ok()
        || (well_formed
            && (matches!(primary, "x" | "i" | "X" | "I")
                || plain && !value.eq_ignore_ascii_case(primary) && has_singleton(value)))
        || well_formed && plain && value.len() == primary.len()
}

/// Whether an extension or private-use part follows, which [`Lang`] does not take.
fn has_singleton(value: &str) -> bool {
    value.split('-').skip(1).any(|subtag| subtag.len() == 1)
}

fn check_children(element: &Element<'_>, rule: &ElementRule, report: &mut Report<'_>) {
    let text = element
        .children
        .iter()
        .any(|node| matches!(node, Node::Text(text) if !text.trim().is_empty()));
    match &rule.holds {
        Holds::Anything => {}
        Holds::Nothing => {
            if text || element.elements().next().is_some() {
                report.error(
                    element,
                    "structure.content",
                    format!("<{}> must be empty", element.local),
                );
            }
        }
        Holds::Mixed(names) => {
            for child in element.elements() {
                if !names.iter().any(|name| matches(child, element, name)) {
                    misplaced(child, element, report);
                }
            }
        }
        Holds::Sequence(steps) => {
            if text {
                report.error(
                    element,
                    "structure.content",
                    format!("<{}> can't hold text", element.local),
                );
            }
            check_sequence(element, steps, report);
        }
    }
}

fn check_sequence(element: &Element<'_>, steps: &[Step], report: &mut Report<'_>) {
    let mut counts = vec![0_usize; steps.len()];
    let mut at = 0;
    for child in element.elements() {
        let fits = |step: &Step| step.names.iter().any(|name| matches(child, element, name));
        let found =
            (at..steps.len()).find(|&next| fits(&steps[next]) && counts[next] < steps[next].max);
        match found {
            Some(next) => {
                at = next;
                counts[next] += 1;
            }
            None => misplaced(child, element, report),
        }
    }
    for (step, count) in steps.iter().zip(counts) {
        if count < step.min {
            report.error(
                element,
                "structure.missing",
                format!(
                    "<{}> needs a <{}>",
                    element.local,
                    step.names.join("> or <")
                ),
            );
        }
    }
}

fn misplaced(child: &Element<'_>, parent: &Element<'_>, report: &mut Report<'_>) {
    report.error(
        child,
        "structure.order",
        format!(
            "<{}> can't stand here in <{}>, or not once more",
            child.local, parent.local
        ),
    );
}

/// `name` is an element of the parent's namespace; `*` one of another; `core:name` one of XLIFF's
/// core; `mda:metadata` one of the metadata module.
fn matches(child: &Element<'_>, parent: &Element<'_>, name: &str) -> bool {
    match name.split_once(':') {
        None if name == "*" => child.ns != parent.ns,
        None => child.ns == parent.ns && child.local == name,
        Some(("mda", name)) => child.ns == super::ns::METADATA && child.local == name,
        Some((_, name)) => {
            child.ns.starts_with("urn:oasis:names:tc:xliff:document:2.") && child.local == name
        }
    }
}
