//! What engines charge.

use serde::{Deserialize, Serialize};

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
