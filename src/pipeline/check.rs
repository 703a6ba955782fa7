//! Findings over the whole workspace.

use super::PipelineError;
use super::sync::Synced;
use super::terms::glossary;
use crate::check::report::{Report, Row};
use crate::check::{Beside, CheckOptions, Pair, Setting, check_article, check_segment};
use crate::glossary::Glossary;
use crate::model::{Article, Content, Finding, Lang, Location, Segment};
use crate::workspace::{CONFIG_FILE, Workspace};

/// The findings of every article in every language, in the workspace's order.
pub fn check(workspace: &Workspace, synced: &Synced) -> Result<Vec<Finding>, PipelineError> {
    let mut findings = Vec::new();
    for lang in &workspace.config().targets {
        let glossary = glossary(workspace, lang)?;
        for article in &synced.articles {
            let glossary = glossary.for_article(&article.id)?;
            let options = options(workspace)?.with_glossary(&glossary);
            findings.extend(check_article(article, lang, &options));
        }
    }
    Ok(findings)
}

/// The findings of every article in one language, with the pairs that they speak of, in reading
/// order.
pub fn report(
    workspace: &Workspace,
    synced: &Synced,
    lang: &Lang,
) -> Result<Report, PipelineError> {
    let all_terms = glossary(workspace, lang)?;
    let options = options(workspace)?;
    let mut report = Report {
        title: title(workspace),
        source_lang: workspace.config().source.to_string(),
        target_lang: lang.to_string(),
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
        set.map_err(|error| PipelineError::Nothing(format!("{CONFIG_FILE}: [check]: {error}")))?;
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
