//! Checks: findings about pairs of source and target.
//!
//! Contract: rules are named in the table [`RULES`] and run by functions in [`CHECKS`], one file a
//! family. A check reads, never changes. Every finding names its rule and the spans that it is
//! about. The same input gives the same findings in the same order; the work grows with the length
//! of the text.
//!
//! | entry | checks |
//! |---|---|
//! | [`check_segment`] | one answer, before it is taken over |
//! | [`check_article`] | an article: each segment, its neighbours, and the article as a whole |
//! | [`check_pairs`] | a list of pairs without a workspace |

mod alignment;
mod code;
mod consistency;
mod length;
mod name;
mod number;
mod options;
mod punctuation;
pub mod report;
mod rule;
mod script;
mod segment;
mod space;
mod suppress;
mod term;

use std::collections::BTreeMap;

pub use options::{CheckOptions, OptionError, Setting};
pub use rule::{RULES, Rule};
pub use suppress::{SUPPRESS, Suppression, suppressions};

use crate::glossary::FirstMentions;
use crate::model::{Article, Content, Finding, Lang, Location, NoteKind, Severity, Span};

/// The texts before and after a segment in its block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The sources before and after.
    pub sources: [Option<&'a str>; 2],
    /// The targets before and after.
    pub targets: [Option<&'a str>; 2],
}

/// A source and its target.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The source without inline codes.
    pub source: &'a str,
    /// The target without inline codes.
    pub target: &'a str,
    /// The source's language.
    pub source_lang: &'a Lang,
    /// The target's language.
    pub target_lang: &'a Lang,
    /// Source and target with their codes, where there are any.
    pub contents: Option<(&'a Content, &'a Content)>,
    /// What stands around it.
    pub beside: Beside<'a>,
}

/// Checks one pair and reports to the sink.
type Check = fn(&Pair<'_>, &mut Sink<'_>);

/// The checks of one pair, in the order of their families. A blank target is reported and not
/// looked into.
pub const CHECKS: &[Check] = &[
    number::check,
    term::check,
    segment::check,
    script::check,
    code::check,
    punctuation::check,
    space::check,
    length::check,
];

/// A rule is reported so often in one place at most: who has a hundred double spaces in a
/// sentence knows by then.
const MOST_OF_A_RULE: usize = 100;

/// Takes findings in: sets their place and severity, drops those that are off or suppressed.
pub struct Sink<'a> {
    options: &'a CheckOptions<'a>,
    location: Location,
    suppressed: Vec<Suppression>,
    findings: Vec<Finding>,
    /// The people of the article so far; None where a sentence's place in it is not known.
    people: Option<FirstMentions>,
}

impl<'a> Sink<'a> {
    fn new(options: &'a CheckOptions<'a>) -> Self {
        Self {
            options,
            location: Location::default(),
            suppressed: Vec::new(),
            findings: Vec::new(),
            people: None,
        }
    }

    /// Whether the rule was reported often enough in this place.
    fn is_full(&self, rule: &str) -> bool {
        let count = self
            .findings
            .iter()
            .rev()
            .take_while(|finding| finding.location == self.location)
            .filter(|finding| finding.rule == rule)
            .count();
        count >= MOST_OF_A_RULE
    }

    /// Whether the rule was reported in this place.
    fn has(&self, rule: &str) -> bool {
        self.findings
            .iter()
            .rev()
            .take_while(|finding| finding.location == self.location)
            .any(|finding| finding.rule == rule)
    }

    /// Reports a byte range of the target.
    fn in_target(
        &mut self,
        rule: &'static str,
        message: String,
        pair: &Pair<'_>,
        range: std::ops::Range<usize>,
    ) {
        // Counting characters from the start for every one of very many would be quadratic.
        if !self.is_full(rule) {
            let span = span(pair.target, range);
            self.at_target(rule, message, span);
        }
    }

    fn at_source(&mut self, rule: &'static str, message: String, span: Span) {
        self.add(rule, None, message, Some(span), None);
    }

    fn at_source_as(
        &mut self,
        rule: &'static str,
        severity: Severity,
        message: String,
        span: Span,
    ) {
        self.add(rule, Some(severity), message, Some(span), None);
    }

    fn at_target(&mut self, rule: &'static str, message: String, span: Span) {
        self.add(rule, None, message, None, Some(span));
    }

    fn at_both(&mut self, rule: &'static str, message: String, source: Span, target: Span) {
        self.add(rule, None, message, Some(source), Some(target));
    }

    fn at_both_as(
        &mut self,
        rule: &'static str,
        severity: Severity,
        message: String,
        source: Span,
        target: Span,
    ) {
        self.add(rule, Some(severity), message, Some(source), Some(target));
    }

    fn whole(&mut self, rule: &'static str, message: String) {
        self.add(rule, None, message, None, None);
    }

    fn add(
        &mut self,
        rule: &'static str,
        severity: Option<Severity>,
        message: String,
        source_span: Option<Span>,
        target_span: Option<Span>,
    ) {
        let default = Rule::named(rule).map_or(Severity::Warning, |rule| rule.severity);
        let found = severity.unwrap_or(default).min(default);
        let Some(severity) = self.options.severity(rule, found, default) else {
            return;
        };
        if self.suppressed.iter().any(|one| one.covers(rule)) {
            return;
        }
        if self.is_full(rule) {
            return;
        }
        self.findings.push(Finding {
            rule: rule.to_owned(),
            severity,
            location: self.location.clone(),
            message,
            source_span,
            target_span,
        });
    }
}

/// Checks one target against its source: what a validation of an engine's answer asks. `notes` of
/// the translation may hold suppressions.
#[must_use]
pub fn check_segment(pair: &Pair<'_>, options: &CheckOptions<'_>) -> Vec<Finding> {
    let mut sink = Sink::new(options);
    check_pair(pair, &mut sink);
    sink.findings
}

fn check_pair(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for check in CHECKS {
        check(pair, sink);
    }
}

/// Checks a list of pairs of source and target. Findings name the pair by its 1-based row.
#[must_use]
pub fn check_pairs(
    pairs: &[(String, String)],
    source_lang: &Lang,
    target_lang: &Lang,
    options: &CheckOptions<'_>,
) -> Vec<Finding> {
    let mut sink = Sink::new(options);
    let mut places = Vec::with_capacity(pairs.len());
    for (at, (source, target)) in pairs.iter().enumerate() {
        sink.location.pair = Some(at + 1);
        sink.location.language = Some(target_lang.clone());
        places.push(sink.location.clone());
        if source.trim().is_empty() || target.trim().is_empty() {
            if !(source.trim().is_empty() && target.trim().is_empty()) {
                let side = if source.trim().is_empty() {
                    "source"
                } else {
                    "target"
                };
                sink.whole("segment.missing", format!("the {side} is blank"));
            }
            continue;
        }
        let pair = Pair {
            source,
            target,
            source_lang,
            target_lang,
            contents: None,
            beside: Beside::default(),
        };
        check_pair(&pair, &mut sink);
    }
    let texts: Vec<_> = pairs
        .iter()
        .zip(places)
        .map(|((source, target), location)| consistency::Text {
            source,
            target,
            location,
            suppressed: Vec::new(),
        })
        .collect();
    whole(&texts, source_lang, target_lang, &mut sink);
    sort(&mut sink.findings);
    sink.findings
}

/// Checks what only shows across sentences.
fn whole(
    texts: &[consistency::Text<'_>],
    source_lang: &Lang,
    target_lang: &Lang,
    sink: &mut Sink<'_>,
) {
    consistency::check(texts, sink);
    name::check(texts, source_lang, target_lang, sink);
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.location.pair, std::cmp::Reverse(a.severity))
            .cmp(&(b.location.pair, std::cmp::Reverse(b.severity)))
    });
}

/// Checks an article's translations into `lang`. Findings name article and segment and stand in
/// reading order, the worst first within a segment.
#[must_use]
pub fn check_article(article: &Article, lang: &Lang, options: &CheckOptions<'_>) -> Vec<Finding> {
    let mut sink = Sink::new(options);
    sink.people = Some(FirstMentions::default());
    let mut texts = Vec::new();
    let mut order = BTreeMap::new();
    sink.location.article = Some(article.id.clone());
    sink.location.language = Some(lang.clone());
    let owned: Vec<Vec<(String, Option<String>)>> = article
        .blocks
        .iter()
        .map(|block| {
            block
                .segments
                .iter()
                .map(|segment| {
                    let target = segment.target(lang).filter(|target| !target.is_pseudo());
                    (
                        segment.source.text(),
                        target.map(|target| target.content.text()),
                    )
                })
                .collect()
        })
        .collect();
    for (block, owned) in article.blocks.iter().zip(&owned) {
        for (at, segment) in block.segments.iter().enumerate() {
            order.insert(segment.id.clone(), order.len());
            sink.location.segment = Some(segment.id.clone());
            sink.suppressed = segment
                .targets
                .get(lang)
                .map(|translation| suppressions(&translation.notes))
                .unwrap_or_default();
            let notes = segment
                .targets
                .get(lang)
                .map(|translation| &translation.notes);
            for fault in notes.map_or_else(Vec::new, |notes| suppress::faults(notes)) {
                sink.whole("segment.suppression", fault);
            }
            let (source, target) = &owned[at];
            if source.trim().is_empty() {
                continue;
            }
            alignment::check(segment, lang, &mut sink);
            let (Some(target), Some(translation)) = (target, segment.target(lang)) else {
                segment::without_target(article, segment, lang, &mut sink);
                term::mention(source, &mut sink);
                continue;
            };
            let near = |at: Option<usize>| at.and_then(|at| owned.get(at));
            let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
            let pair = Pair {
                source,
                target,
                source_lang: &article.lang,
                target_lang: lang,
                contents: Some((&segment.source, &translation.content)),
                beside: Beside {
                    sources: [before, after].map(|near| near.map(|(source, _)| source.as_str())),
                    targets: [before, after]
                        .map(|near| near.and_then(|(_, target)| target.as_deref())),
                },
            };
            check_pair(&pair, &mut sink);
            texts.push(consistency::Text {
                source,
                target,
                location: sink.location.clone(),
                suppressed: sink.suppressed.clone(),
            });
        }
    }
    whole(&texts, &article.lang, lang, &mut sink);
    let place = |finding: &Finding| {
        finding
            .location
            .segment
            .as_ref()
            .and_then(|id| order.get(id).copied())
    };
    sink.findings
        .sort_by_key(|finding| (place(finding), std::cmp::Reverse(finding.severity)));
    sink.findings
}

/// Whether a rule or a family has this name.
fn is_rule(name: &str) -> bool {
    RULES
        .iter()
        .any(|known| known.name == name || known.family() == name)
}

/// The kind of note that suppresses a rule in a segment.
fn is_suppression(kind: &NoteKind) -> bool {
    matches!(kind, NoteKind::Other(name) if name == SUPPRESS)
}

/// The span of a byte range of `text`, in Unicode scalar values.
fn span(text: &str, range: std::ops::Range<usize>) -> Span {
    let start = text[..range.start].chars().count();
    [start, start + text[range].chars().count()]
}

#[cfg(test)]
mod tests;
