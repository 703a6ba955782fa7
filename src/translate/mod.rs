//! From segments to targets: engines, and what makes them safe to pay for.
//!
//! Contract: [`fill`] changes nothing but segments without a target (a pseudo-translation counts
//! as none). Only an answer that passed validation becomes a target, every answer that was paid
//! for is in the [`Journal`] before it is used, and no text is sent twice, whatever happens to the
//! process. [`plan()`] says beforehand what a run will send and cost.
//!
//! Numbers and terms are checked by a function that the pipeline hands in ([`Run::verify`]), the
//! translation memory is one that it hands in ([`Recall`]): stages don't import each other.

mod accept;
mod anthropic;
mod cancel;
mod codes;
mod deepl;
mod dispatch;
pub mod engine;
mod error;
mod http;
mod journal;
mod libretranslate;
mod llm;
mod openai;
mod pace;
mod plan;
pub mod price;
pub mod pseudo;
mod run;
mod secret;
mod settings;
mod validate;
mod work;

pub use self::cancel::Cancel;
pub use self::dispatch::Session;
pub use self::error::TranslateError;
pub use self::journal::{Journal, Sum};
pub use self::plan::{Plan, PlanRow, plan};
pub use self::run::{
    Counts, EngineSum, Outcome, Progress, Recall, Run, Snapshot, Trouble, Verify, fill,
    nothing_to_recall,
};
pub use self::secret::{Keys, Secret};
pub use self::settings::{ArticleSettings, EngineSettings, Formality, Settings};
