//! What is wrong with a term base: terms that contradict each other, terms that nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use super::Glossary;
use crate::model::{Concept, Finding, Location, Severity, TermStatus};

/// Contradictions inside a term base, in the order of its concepts:
///
/// - `term.conflict`: one source with two preferred terms, or a term that is both to be used and
///   forbidden, in the same scope or in a scope and everywhere;
/// - `term.ambiguous`: one target term for several sources, so that the way back is lost (info);
/// - `term.duplicate`: the same term twice.
#[must_use]
pub fn conflicts(concepts: &[Concept]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_source: BTreeMap<&str, Vec<&Concept>> = BTreeMap::new();
    for concept in concepts {
        within(concept, &mut findings);
        let others = by_source.entry(&concept.source).or_default();
        for other in &*others {
            if overlap(other, concept) {
                between(other, concept, &mut findings);
            }
        }
        others.push(concept);
    }
    let mut sources: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for concept in concepts {
        if let Some(term) = concept.preferred() {
            let known = sources.entry(term.text.to_lowercase()).or_default();
            known.insert(&concept.source);
        }
    }
    for (term, sources) in sources.iter().filter(|(_, sources)| sources.len() > 1) {
        let list: Vec<&str> = sources.iter().copied().collect();
        findings.push(finding(
            "term.ambiguous",
            Severity::Info,
            format!("{term:?} is the term for {}", list.join(", ")),
        ));
    }
    findings
}

fn within(concept: &Concept, findings: &mut Vec<Finding>) {
    let source = &concept.source;
    let mut known: BTreeMap<String, TermStatus> = BTreeMap::new();
    for term in &concept.terms {
        match known.insert(term.text.to_lowercase(), term.status) {
            Some(status) if status == term.status => findings.push(finding(
                "term.duplicate",
                Severity::Warning,
                format!("{source}: {:?} stands twice", term.text),
            )),
            Some(_) => findings.push(finding(
                "term.conflict",
                Severity::Error,
                format!("{source}: {:?} has two statuses; keep one", term.text),
            )),
            None => {}
        }
    }
    let mut preferred: Vec<&str> = Vec::new();
    for term in &concept.terms {
        let known = preferred
            .iter()
            .any(|text| text.to_lowercase() == term.text.to_lowercase());
        if term.status == TermStatus::Preferred && !known {
            preferred.push(&term.text);
        }
    }
    if preferred.len() > 1 {
        findings.push(finding(
            "term.conflict",
            Severity::Warning,
            format!(
                "{source} has {} preferred terms ({}); keep one and admit the others",
                preferred.len(),
                preferred.join(", ")
            ),
        ));
    }
}

fn between(one: &Concept, other: &Concept, findings: &mut Vec<Finding>) {
    let scope = |concept: &Concept| concept.scope.clone().unwrap_or_else(|| "no scope".into());
    for forbidden in one.forbidden().chain(other.forbidden()) {
        let allows = |concept: &Concept| {
            concept
                .allowed()
                .any(|term| term.text.eq_ignore_ascii_case(&forbidden.text))
        };
        if allows(one) || allows(other) {
            findings.push(finding(
                "term.conflict",
                Severity::Error,
                format!(
                    "{}: {:?} is forbidden in {} and allowed in {}",
                    one.source,
                    forbidden.text,
                    if one.forbidden().any(|term| term == forbidden) {
                        scope(one)
                    } else {
                        scope(other)
                    },
                    if allows(one) {
                        scope(one)
                    } else {
                        scope(other)
                    },
                ),
            ));
        }
    }
    if let (Some(a), Some(b)) = (one.preferred(), other.preferred())
        && !a.text.eq_ignore_ascii_case(&b.text)
    {
        findings.push(finding(
            "term.conflict",
            Severity::Warning,
            format!(
                "{} is {:?} in {} and {:?} in {}; where both hold, neither is sure",
                one.source,
                a.text,
                scope(one),
                b.text,
                scope(other)
            ),
        ));
    }
}

/// Whether two concepts can hold in one article: not if they are limited to different ones.
fn overlap(one: &Concept, other: &Concept) -> bool {
    let article = |concept: &Concept| {
        let scope = concept.scope.as_deref()?;
        Some(scope.strip_prefix("article:")?.trim().to_owned())
    };
    match (article(one), article(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Concepts whose source stands in none of the texts, in the order of the term base
/// (`term.unused`). A source that stands only inside longer terms counts as unused: the longer
/// ones always win.
pub fn unused<'a>(glossary: &Glossary, texts: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    for text in texts {
        let sources = glossary.applying(text).into_iter();
        used.extend(sources.map(|entry| entry.source.to_ascii_lowercase()));
    }
    glossary
        .concepts()
        .iter()
        .filter(|concept| !used.contains(&concept.source.to_ascii_lowercase()))
        .map(|concept| {
            finding(
                "term.unused",
                Severity::Info,
                format!(
                    "{} stands in no source, or only inside longer terms",
                    concept.source
                ),
            )
        })
        .collect()
}

fn finding(rule: &str, severity: Severity, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        location: Location::default(),
        message,
        source_span: None,
        target_span: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_csv;
    use super::*;

    fn rules(csv: &str) -> Vec<String> {
        let text = format!("source,target,status,scope,note\n{csv}");
        conflicts(&read_csv("t.csv", text.as_bytes()).unwrap())
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn contradictions_are_found_and_fine_term_bases_have_none() {
        assert_eq!(
            rules("县,county,,,\n市,city,,,\n县,shire,admitted,,\n"),
            [""; 0]
        );
        assert_eq!(rules("县,county,,,\n县,shire,,,\n"), ["term.conflict"]);
        assert_eq!(
            rules("县,county,,,\n县,County,forbidden,,\n"),
            ["term.conflict"]
        );
        assert_eq!(rules("县,county,,,\n县,county,,,\n"), ["term.duplicate"]);
        assert_eq!(
            rules("龙,dragon,,article:a,\n龙,loong,,article:b,\n"),
            [""; 0]
        );
        assert_eq!(
            rules("龙,dragon,,article:a,\n龙,loong,,,\n"),
            ["term.conflict"]
        );
        assert_eq!(
            rules("国企,state firm,,,\n国有企业,state firm,,,\n"),
            ["term.ambiguous"]
        );
    }

    #[test]
    fn what_no_source_has_is_unused() {
        let csv = "source,target\n县委书记,a\n书记,b\n市长,c\n";
        let mut concepts = read_csv("t.csv", csv.as_bytes()).unwrap();
        // Another file speaks of a source that is used.
        let other = "source,target,status\n县委书记,d,forbidden\n";
        concepts.extend(read_csv("u.csv", other.as_bytes()).unwrap());
        let glossary =
            Glossary::new("zh".parse().unwrap(), "en".parse().unwrap(), concepts).unwrap();
        let unused = unused(&glossary, ["县委书记来了"].into_iter());
        let messages: Vec<&str> = unused
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "书记 stands in no source, or only inside longer terms",
                "市长 stands in no source, or only inside longer terms"
            ]
        );
    }
}
