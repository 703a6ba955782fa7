//! The checks of a workspace.

use super::sync::Synced;
use super::{PipelineError, terms};
use crate::check::report::{Report, Row};
use crate::check::{CheckOptions, check_article};
use crate::model::{Lang, Location};
use crate::workspace::Workspace;

/// Checks every article's translation into `lang`, with the term bases and the `[check]` table of
/// the workspace. Rows and findings stand in reading order.
pub fn check(workspace: &Workspace, synced: &Synced, lang: &Lang) -> Result<Report, PipelineError> {
    let glossary = terms::glossary(workspace, lang)?;
    let mut options = CheckOptions::default();
    for (rule, setting) in &workspace.config().check.rules {
        options.set(rule, setting.parse()?)?;
    }
    let mut report = Report {
        title: title(workspace),
        source_lang: workspace.config().source.to_string(),
        target_lang: lang.to_string(),
        ..Report::default()
    };
    for article in &synced.articles {
        let terms = glossary.for_article(&article.id)?;
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
