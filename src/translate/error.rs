//! What can stop a run.

use std::path::PathBuf;

/// Why a translation run stopped. All that was answered before is in the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TranslateError {
    /// No engine of this name.
    #[error("there is no engine {name:?}; the engines are {}", known.join(", "))]
    UnknownEngine {
        /// The name as given.
        name: String,
        /// All names.
        known: Vec<&'static str>,
    },
    /// The engine needs a key and there is none.
    #[error("the engine {engine} needs a key: set {variable}")]
    MissingKey {
        /// The engine.
        engine: String,
        /// The environment variable that the binary reads it from.
        variable: &'static str,
    },
    /// The settings contradict themselves or name what does not exist.
    #[error("{message}")]
    Settings {
        /// What is wrong and what to do.
        message: String,
    },
    /// The engine failed after its retries, or refused for good, and no fallback was left.
    #[error("the engine {engine} {reason}")]
    Engine {
        /// The engine.
        engine: String,
        /// What happened and what to do.
        reason: String,
        /// Whether the same run may succeed later.
        retryable: bool,
    },
    /// The next request could have cost more than the limit leaves.
    #[error(
        "the limit of {limit:.2} {currency} is reached: {spent:.4} spent, and the next request may \
         cost {next:.4}; run again with a higher --max-cost to go on"
    )]
    Budget {
        /// The limit.
        limit: f64,
        /// What this run has spent.
        spent: f64,
        /// What the next request may cost at most.
        next: f64,
        /// The currency of all three.
        currency: String,
    },
    /// A limit was set for an engine whose price is not known.
    #[error(
        "no price is known for {model}, so --max-cost can't be kept; give one in \
         [translate.prices.{model:?}] of duizhao.toml"
    )]
    NoPrice {
        /// `engine/model`.
        model: String,
    },
    /// The journal could not be read or written.
    #[error("{}: the journal of paid answers: {message}", path.display())]
    Journal {
        /// The database.
        path: PathBuf,
        /// What is wrong and what to do.
        message: String,
        /// Whether it may work later (a full disk, a lock).
        retryable: bool,
    },
    /// The user asked to stop. What was in flight is saved.
    #[error("stopped; what was answered is saved, and the same command goes on from there")]
    Cancelled,
    /// The glossary could not be searched.
    #[error(transparent)]
    Glossary(#[from] crate::glossary::GlossaryError),
}

impl TranslateError {
    /// Whether the same run may succeed later without a change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Engine { retryable, .. } | Self::Journal { retryable, .. } => *retryable,
            Self::Cancelled => true,
            Self::UnknownEngine { .. }
            | Self::MissingKey { .. }
            | Self::Settings { .. }
            | Self::Budget { .. }
            | Self::NoPrice { .. }
            | Self::Glossary(_) => false,
        }
    }

    /// The exit status that the command line promises for it: 2 unknown engine, missing key or
    /// wrong settings, 3 bad input, 4 the engine failed or refused, 5 the budget was reached,
    /// 130 stopped by the user.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::UnknownEngine { .. }
            | Self::MissingKey { .. }
            | Self::Settings { .. }
            | Self::NoPrice { .. } => 2,
            Self::Journal { .. } | Self::Glossary(_) => 3,
            Self::Engine { .. } => 4,
            Self::Budget { .. } => 5,
            Self::Cancelled => 130,
        }
    }
}
