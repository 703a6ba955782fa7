//! Findings over the whole workspace.

use super::PipelineError;
use super::sync::Synced;
use super::terms::glossary;
use crate::check::report::{Report, Row};
use crate::check::{Beside, CheckOptions, Pair, Setting, check_article, check_segment};
use crate::glossary::{Glossary, conflicts};
use crate::model::{Article, Concept, Content, Finding, Lang, Location, Segment, Severity};
use crate::workspace::Workspace;

/// The findings of every article in every language, in the workspace's order.
pub fn check(workspace: &Workspace, synced: &Synced) -> Result<Vec<Finding>, PipelineError> {
    let mut findings = Vec::new();
    for lang in &workspace.config().targets {
        let all_terms = glossary(workspace, lang)?;
        for article in &synced.articles {
            let glossary = all_terms.for_article(&article.id)?;
            let options = options(workspace)?.with_glossary(&glossary);
            findings.extend(check_article(article, lang, &options));
        }
        findings.extend(of_terms(&all_terms, lang, &options(workspace)?));
    }
    Ok(findings)
}

/// How many contradictions and repetitions term bases have.
pub(super) fn terms_at_odds(concepts: &[Concept]) -> usize {
    let at_odds = |finding: &Finding| finding.severity > Severity::Info;
    conflicts(concepts).into_iter().filter(at_odds).count()
}

/// What is wrong with the term bases of a language: contradictions and what stands twice.
fn of_terms(glossary: &Glossary, lang: &Lang, options: &CheckOptions<'_>) -> Vec<Finding> {
    conflicts(glossary.concepts())
        .into_iter()
        .filter(|finding| finding.severity > Severity::Info)
        .filter_map(|mut finding| {
            finding.location.language = Some(lang.clone());
            options.settle(finding)
        })
        .collect()
}

/// The findings of every article in one language, with the pairs that they speak of, in reading
/// order. `rules` are set over what the `[check]` table decides.
pub fn report(
    workspace: &Workspace,
    synced: &Synced,
    lang: &Lang,
    rules: &[(String, Setting)],
) -> Result<Report, PipelineError> {
    let all_terms = glossary(workspace, lang)?;
    let mut options = options(workspace)?;
    for (rule, setting) in rules {
        options
            .set(rule, *setting)
            .map_err(|error| PipelineError::Nothing(error.to_string()))?;
    }
    let mut report = Report {
        title: title(workspace),
        source_lang: workspace.config().source.to_string(),
        target_langs: vec![lang.to_string()],
        ..Report::default()
    };
    for article in &synced.articles {
        let terms = all_terms.for_article(&article.id)?;
        let options = options.clone().with_glossary(&terms);
        report
            .findings
            .extend(check_article(article, lang, &options));
        let mut heading = Some(article.title());
        for segment in article.segments() {
            report.rows.push(Row {
                location: Location {
                    article: Some(article.id.clone()),
                    segment: Some(segment.id.clone()),
                    pair: None,
                    language: Some(lang.clone()),
                },
                source: segment.source.text(),
                target: segment
                    .target(lang)
                    .map(|target| target.content.text())
                    .unwrap_or_default(),
                heading: heading.take(),
            });
        }
    }
    report.findings.extend(of_terms(&all_terms, lang, &options));
    Ok(report)
}

/// The first book's title in its source language, or the workspace's folder.
fn title(workspace: &Workspace) -> String {
    let config = workspace.config();
    config
        .books
        .first()
        .and_then(|book| {
            book.title
                .get(&config.source)
                .or_else(|| book.title.values().next())
        })
        .cloned()
        .or_else(|| {
            let name = workspace.root().file_name()?;
            Some(name.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| "workspace".to_owned())
}

/// What the `[check]` table of `duizhao.toml` decides.
pub fn options<'a>(workspace: &Workspace) -> Result<CheckOptions<'a>, PipelineError> {
    let mut options = CheckOptions::default();
    for (rule, setting) in &workspace.config().check {
        let set = setting
            .parse::<Setting>()
            .and_then(|setting| options.set(rule, setting));
        set.map_err(|error| workspace.config_error(rule, format!("[check]: {error}")))?;
    }
    Ok(options)
}

/// Checks one answer of an engine before it becomes a target; `glossary` is what holds in its
/// article.
#[must_use]
pub fn verify(
    glossary: Option<&Glossary>,
    options: &CheckOptions<'_>,
    article: &Article,
    segment: &Segment,
    lang: &Lang,
    answer: &Content,
) -> Vec<Finding> {
    let (source, target) = (segment.source.text(), answer.text());
    let pair = Pair {
        source: &source,
        target: &target,
        source_lang: &article.lang,
        target_lang: lang,
        contents: Some((&segment.source, answer)),
        beside: Beside::default(),
    };
    let mut options = options.clone();
    options.glossary = glossary;
    check_segment(&pair, &options)
}
