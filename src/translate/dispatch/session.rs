//! What outlives one language of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lane::Lane;
use crate::translate::TranslateError;
use crate::translate::price::{self, Purse, full_name};
use crate::translate::run::Run;
use crate::translate::work::{self, Engines, Job};

/// What the languages of one run share: the engines, how fast they may be asked, and the money.
#[derive(Default)]
pub struct Session {
    engines: Engines,
    pub(super) lanes: BTreeMap<String, Lane>,
    pub(super) purse: Purse,
}

impl Session {
    /// Makes the engines ready that these jobs may need.
    pub(in crate::translate) async fn open(
        &mut self,
        jobs: &[Job],
        run: &Run<'_>,
        sketches: &Engines,
    ) -> Result<(), TranslateError> {
        work::open_engines(jobs, run, sketches, &mut self.engines).await?;
        if run.settings.max_cost.is_none() {
            return Ok(());
        }
        // A limit can't be kept without a price, or over two currencies.
        let mut currencies = BTreeSet::new();
        for engine in self.engines.values() {
            let Some(price) = price::price(run.settings, engine.name(), engine.model()) else {
                return Err(TranslateError::NoPrice {
                    model: full_name(engine.name(), engine.model()),
                });
            };
            currencies.insert(price.currency().to_owned());
        }
        if currencies.len() > 1 {
            let list: Vec<String> = currencies.into_iter().collect();
            return Err(TranslateError::Settings {
                message: format!(
                    "a limit of cost needs one currency, and the prices of the engines are in {}",
                    list.join(" and ")
                ),
            });
        }
        Ok(())
    }

    /// The lanes for jobs with these engines. Those that are not open have nothing to send: the
    /// journal answers their jobs.
    pub(super) fn lanes(&mut self, sketches: &Engines, run: &Run<'_>) -> BTreeMap<String, Lane> {
        let mut lanes = std::mem::take(&mut self.lanes);
        for (name, sketch) in sketches {
            let engine = self.engines.get(name).unwrap_or(sketch);
            lanes
                .entry(name.clone())
                .and_modify(|lane| lane.engine = Arc::clone(engine))
                .or_insert_with(|| {
                    let settings = run.settings.for_engine(name);
                    let price = price::price(run.settings, engine.name(), engine.model());
                    Lane::new(engine, &settings, price)
                });
        }
        lanes
    }
}
