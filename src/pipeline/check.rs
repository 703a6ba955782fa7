//! Findings over the whole workspace.

use super::PipelineError;
use super::sync::Synced;
use super::terms::glossary;
use crate::check::{Beside, CheckOptions, Pair, Setting, check_article, check_segment};
use crate::glossary::Glossary;
use crate::model::{Article, Content, Finding, Lang, Segment};
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

/// Checks one answer of an engine before it becomes a target.
pub fn verify(
    glossary: &Glossary,
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
    // A glossary that is too large to search was refused before the run began.
    let scoped = glossary.for_article(&article.id).ok();
    let mut options = options.clone();
    options.glossary = scoped.as_ref();
    check_segment(&pair, &options)
}
