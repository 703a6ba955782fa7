//! What a run will send and cost.

use super::engine::Usage;
use super::{Run, TranslateError};
use crate::model::{Article, Lang};

/// What [`super::fill`] would do, found out without a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Segments with text.
    pub segments: usize,
    /// Those that have a target.
    pub kept: usize,
    /// Those that the memory or the journal fills.
    pub free: usize,
    /// Those that repeat another one of the same run.
    pub repeated: usize,
    /// What each engine would use for the rest, in the order of the table of engines.
    pub rows: Vec<PlanRow>,
}

/// What one engine would use.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRow {
    /// The engine.
    pub engine: String,
    /// The model; may be empty.
    pub model: String,
    /// Whether the settings choose it; the other rows are there to compare.
    pub chosen: bool,
    /// Segments to send.
    pub segments: usize,
    /// Source characters of these segments.
    pub characters: usize,
    /// What it would use, by estimate.
    pub usage: Usage,
    /// What that would cost; None where no price is known.
    pub cost: Option<f64>,
    /// The currency of the cost.
    pub currency: String,
    /// The day of the price.
    pub as_of: Option<String>,
}

/// Says what filling `articles` would take.
pub async fn plan(
    articles: &[Article],
    lang: &Lang,
    run: &Run<'_>,
) -> Result<Plan, TranslateError> {
    let mut plan = Plan::default();
    for article in articles {
        for name in run.settings.chain(&article.id)? {
            super::engine::check_name(&name)?;
        }
        for segment in article.segments().filter(|s| !s.source.is_blank()) {
            plan.segments += 1;
            if !super::run::wants_target(segment, lang) {
                plan.kept += 1;
            }
        }
    }
    Ok(plan)
}
