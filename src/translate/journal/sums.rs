//! What the journal says was spent.

use std::path::Path;

use super::store::{connect, sql};
use crate::translate::engine::Usage;
use crate::translate::error::TranslateError;

/// What was spent on one article with one engine.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Sum {
    /// The article.
    pub article: String,
    /// The engine.
    pub engine: String,
    /// The model; may be empty.
    pub model: String,
    /// What was used.
    pub usage: Usage,
    /// What it cost; None where no price was known for any of it.
    pub cost: Option<f64>,
    /// The currency of the cost.
    pub currency: String,
}

pub(super) fn sums(path: &Path) -> Result<Vec<Sum>, TranslateError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    read_sums(path).map_err(|error| sql(path, &error))
}

fn read_sums(path: &Path) -> rusqlite::Result<Vec<Sum>> {
    let connection = connect(path)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A journal of the first version says of no request that it is an estimate.
    let estimated = if version < 2 { "0" } else { "sum(estimated)" };
    let mut statement = connection.prepare(&format!(
        "SELECT article, engine, model, currency, sum(requests), sum(characters), \
         sum(input_tokens), sum(cached_tokens), sum(cache_write_tokens), sum(output_tokens), \
         sum(cost), {estimated} FROM request GROUP BY article, engine, model, currency \
         ORDER BY article, engine, model, currency",
    ))?;
    let count = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<u64> {
        Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0))
    };
    let rows = statement.query_map([], |row| {
        Ok(Sum {
            article: row.get(0)?,
            engine: row.get(1)?,
            model: row.get(2)?,
            currency: row.get(3)?,
            usage: Usage {
                requests: count(row, 4)?,
                estimated: count(row, 11)?,
                characters: count(row, 5)?,
                input_tokens: count(row, 6)?,
                cached_tokens: count(row, 7)?,
                cache_write_tokens: count(row, 8)?,
                output_tokens: count(row, 9)?,
            },
            cost: row.get(10)?,
        })
    })?;
    rows.collect()
}
