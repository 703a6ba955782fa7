//! What engines charge: a dated table that duizhao.toml overrides, and the limit of a run's cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::TranslateError;
use super::engine::Usage;
use super::settings::Settings;

/// The price of one engine and model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Price {
    /// The price of a million input tokens.
    pub input: f64,
    /// The price of a million output tokens.
    pub output: f64,
    /// The price of a million input tokens read from the engine's prompt cache; that of `input`
    /// where it is absent.
    pub cached: Option<f64>,
    /// The price of a million input tokens written to the engine's prompt cache; that of `input`
    /// where it is absent.
    pub cache_write: Option<f64>,
    /// The price of a million source characters.
    pub characters: f64,
    /// The currency, as ISO 4217 writes it; USD where it is absent.
    pub currency: Option<String>,
    /// The day on which it was read from the engine's price list.
    pub as_of: Option<String>,
}

/// duizhao's own table: list prices in US dollars for a million tokens or characters. Services
/// change theirs; `[translate.prices]` of duizhao.toml comes first, and every sum is shown with
/// its day.
const TABLE: &[(&str, [f64; 5])] = &[
    // engine/model: input, output, cached, cache write, characters
    ("deepl", [0.0, 0.0, 0.0, 0.0, 25.0]),
    ("openai/gpt-6-astra", [10.0, 50.0, 1.0, 12.5, 0.0]),
    ("openai/gpt-6-sol", [2.0, 10.0, 0.2, 2.5, 0.0]),
    ("openai/gpt-6-luna", [0.1, 0.5, 0.01, 0.125, 0.0]),
    ("openai/gpt-5.6-sol", [5.0, 30.0, 0.5, 6.25, 0.0]),
    ("openai/gpt-5.6-terra", [2.0, 12.0, 0.2, 2.5, 0.0]),
    ("openai/gpt-5.6-luna", [0.2, 1.2, 0.02, 0.25, 0.0]),
    ("openai/gpt-5.5", [5.0, 30.0, 0.5, 5.0, 0.0]),
    ("openai/gpt-5.4", [2.5, 15.0, 0.25, 2.5, 0.0]),
    ("openai/gpt-5.4-mini", [0.75, 4.5, 0.075, 0.75, 0.0]),
    ("openai/gpt-5.4-nano", [0.2, 1.25, 0.02, 0.2, 0.0]),
    ("openai/gpt-5.2", [1.75, 14.0, 0.175, 1.75, 0.0]),
    ("openai/gpt-5", [1.25, 10.0, 0.125, 1.25, 0.0]),
    ("openai/gpt-5-mini", [0.25, 2.0, 0.025, 0.25, 0.0]),
    ("openai/gpt-5-nano", [0.05, 0.4, 0.005, 0.05, 0.0]),
    ("openai/gpt-4.1", [2.0, 8.0, 0.5, 2.0, 0.0]),
    ("openai/gpt-4.1-mini", [0.4, 1.6, 0.1, 0.4, 0.0]),
    ("openai/gpt-4o", [2.5, 10.0, 1.25, 2.5, 0.0]),
    ("openai/gpt-4o-mini", [0.15, 0.6, 0.075, 0.15, 0.0]),
    // At its peak hours; half of it at others.
    ("openai/deepseek-flash", [0.3, 1.2, 0.006, 0.3, 0.0]),
    ("openai/deepseek-v4-pro", [1.32, 3.96, 0.044, 1.32, 0.0]),
    ("anthropic/claude-fable-5-1", [10.0, 50.0, 0.25, 12.5, 0.0]),
    ("anthropic/claude-opus-5-5", [4.0, 20.0, 0.2, 5.0, 0.0]),
    ("anthropic/claude-opus-5", [5.0, 25.0, 0.5, 6.25, 0.0]),
    ("anthropic/claude-sonnet-5-5", [2.0, 10.0, 0.1, 2.5, 0.0]),
    ("anthropic/claude-sonnet-5", [2.0, 10.0, 0.2, 2.5, 0.0]),
    ("anthropic/claude-haiku-5-5", [0.1, 0.5, 0.01, 0.125, 0.0]),
    ("anthropic/claude-opus-4-5", [5.0, 25.0, 0.5, 6.25, 0.0]),
    ("anthropic/claude-opus-4-6", [5.0, 25.0, 0.5, 6.25, 0.0]),
    ("anthropic/claude-opus-4-7", [5.0, 25.0, 0.5, 6.25, 0.0]),
    ("anthropic/claude-opus-4-8", [5.0, 25.0, 0.5, 6.25, 0.0]),
    ("anthropic/claude-sonnet-4-5", [3.0, 15.0, 0.3, 3.75, 0.0]),
    ("anthropic/claude-sonnet-4-6", [3.0, 15.0, 0.3, 3.75, 0.0]),
    ("anthropic/claude-haiku-4-5", [1.0, 5.0, 0.1, 1.25, 0.0]),
];

/// The day of [`TABLE`].
const AS_OF: &str = "2026-11-05";

/// The price of an engine and model: from the settings by `engine/model`, then by `engine`, then
/// from duizhao's own table, where a model's name may go on with a date (`gpt-4o-2024-08-06`).
#[must_use]
pub fn price(settings: &Settings, engine: &str, model: &str) -> Option<Price> {
    let full = full_name(engine, model);
    if let Some(price) = settings
        .prices
        .get(&full)
        .or_else(|| settings.prices.get(engine))
    {
        return Some(price.clone());
    }
    let row = TABLE.iter().filter(|(name, _)| {
        full.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("-20"))
    });
    let (_, [input, output, cached, cache_write, characters]) = row.max_by_key(|(n, _)| n.len())?;
    Some(Price {
        input: *input,
        output: *output,
        cached: Some(*cached),
        cache_write: Some(*cache_write),
        characters: *characters,
        currency: None,
        as_of: Some(AS_OF.to_owned()),
    })
}

/// The name under which prices are given: `engine/model`, or `engine` where there is one model.
#[must_use]
pub fn full_name(engine: &str, model: &str) -> String {
    if model.is_empty() {
        engine.to_owned()
    } else {
        format!("{engine}/{model}")
    }
}

impl Price {
    /// What this usage costs.
    #[must_use]
    pub fn of(&self, usage: &Usage) -> f64 {
        let million = |count: u64, price: f64| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "counts stay far below 2 to the 52nd"
            )]
            let count = count as f64;
            count * price / 1e6
        };
        million(usage.input_tokens, self.input)
            + million(usage.cached_tokens, self.cached.unwrap_or(self.input))
            + million(
                usage.cache_write_tokens,
                self.cache_write.unwrap_or(self.input),
            )
            + million(usage.output_tokens, self.output)
            + million(usage.characters, self.characters)
    }

    /// The currency.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or("USD")
    }
}

/// The money of one run: what is spent, what requests under way may cost, and what requests that
/// broke off may have cost.
#[derive(Debug, Default)]
pub(super) struct Purse {
    limit: Option<f64>,
    spent: BTreeMap<String, f64>,
    reserved: f64,
    lost: f64,
}

impl Purse {
    /// Sets what may be spent, with what is spent already.
    pub(super) fn limit(&mut self, limit: Option<f64>) {
        self.limit = limit;
    }

    /// What is spent, by currency.
    pub(super) fn spent(&self) -> &BTreeMap<String, f64> {
        &self.spent
    }

    /// Whether a request that costs `next` at most fits under the limit.
    pub(super) fn affords(&self, next: f64) -> bool {
        self.limit
            .is_none_or(|limit| self.total() + next <= limit + 1e-12)
    }

    /// The error that says so.
    pub(super) fn exhausted(&self, next: f64, currency: &str) -> TranslateError {
        TranslateError::Budget {
            limit: self.limit.unwrap_or_default(),
            spent: self.total(),
            next,
            currency: currency.to_owned(),
        }
    }

    /// Sets aside what a request may cost at most.
    pub(super) fn reserve(&mut self, at_most: f64) {
        self.reserved += at_most;
    }

    /// A request has come back: what was set aside is free, what it cost is spent.
    pub(super) fn settle(&mut self, at_most: f64, cost: f64, currency: &str) {
        self.reserved -= at_most;
        *self.spent.entry(currency.to_owned()).or_default() += cost;
    }

    /// A request has broken off. If it may have been billed, its price stays set aside.
    pub(super) fn give_up(&mut self, at_most: f64, maybe_billed: bool) {
        self.reserved -= at_most;
        if maybe_billed {
            self.lost += at_most;
        }
    }

    fn total(&self) -> f64 {
        self.spent.values().sum::<f64>() + self.reserved.max(0.0) + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_price_comes_first_and_dated_models_are_known() {
        let mut settings = Settings::default();
        let known = price(&settings, "openai", "gpt-4o-2024-08-06").unwrap();
        assert!((known.input - 2.5).abs() < 1e-9 && known.as_of.is_some());
        assert!(price(&settings, "openai", "gpt-4onion").is_none());
        assert!(price(&settings, "openai", "qwen3").is_none());
        let own: Price = toml::from_str("input = 1.0\ncurrency = 'EUR'").unwrap();
        settings.prices.insert("openai/gpt-4o".into(), own.clone());
        assert_eq!(price(&settings, "openai", "gpt-4o"), Some(own));
    }

    #[test]
    fn cached_tokens_have_their_own_price() {
        let price = price(&Settings::default(), "anthropic", "claude-sonnet-4-5").unwrap();
        let usage = Usage {
            input_tokens: 1_000_000,
            cached_tokens: 1_000_000,
            cache_write_tokens: 1_000_000,
            output_tokens: 1_000_000,
            ..Usage::default()
        };
        assert!((price.of(&usage) - (3.0 + 0.3 + 3.75 + 15.0)).abs() < 1e-9);
    }

    #[test]
    fn what_is_in_flight_counts_against_the_limit() {
        let mut purse = Purse::default();
        purse.limit(Some(1.0));
        assert!(purse.affords(1.0));
        purse.reserve(0.6);
        assert!(!purse.affords(0.6));
        purse.settle(0.6, 0.2, "USD");
        assert!(purse.affords(0.6));
        purse.reserve(0.6);
        purse.give_up(0.6, true);
        assert!(!purse.affords(0.6) && purse.affords(0.2));
    }
}
