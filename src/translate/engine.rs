//! The one trait that every engine implements, and the table of engines.
//!
//! Contract: an engine speaks its service's protocol and nothing else. It does not retry, limit
//! its rate, count money, validate or store: [`super::fill`] does that for all of them alike. A new
//! engine is one file with an [`Entry`], and one line in [`REGISTRY`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TranslateError;
use super::run::Run;
use super::secret::Secret;
use super::settings::{EngineSettings, Settings};
use crate::model::{ArticleId, BlockKind, Concept, Content, Lang, Suggestion};

/// All engines that call a service, in the order of the documentation. `none` and `pseudo` call
/// nothing and are not among them.
const REGISTRY: [&Entry; 4] = [
    &super::deepl::ENTRY,
    &super::openai::ENTRY,
    &super::anthropic::ENTRY,
    &super::libretranslate::ENTRY,
];

/// The engine that leaves everything as it is.
pub const NONE: &str = "none";
/// The engine that makes pseudo-translations ([`super::pseudo`]).
pub const PSEUDO: &str = "pseudo";

/// The names of all engines.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names = vec![NONE, PSEUDO];
    names.extend(REGISTRY.iter().map(|entry| entry.name));
    names
}

/// The environment variable that holds an engine's key; None for engines that take none.
#[must_use]
pub fn key_variable(name: &str) -> Option<&'static str> {
    Some(entry(name)?.key?.variable)
}

/// Whether there is an engine of this name.
pub fn check_name(name: &str) -> Result<(), TranslateError> {
    if names().contains(&name) {
        return Ok(());
    }
    Err(TranslateError::UnknownEngine {
        name: name.to_owned(),
        known: names(),
    })
}

fn entry(name: &str) -> Option<&'static Entry> {
    REGISTRY.into_iter().find(|entry| entry.name == name)
}

/// Makes the engine of this name ready. None for `none` and `pseudo`.
pub(super) fn open(name: &str, run: &Run<'_>) -> Result<Option<Arc<dyn Engine>>, TranslateError> {
    check_name(name)?;
    let Some(entry) = entry(name) else {
        return Ok(None);
    };
    let own = run.settings.for_engine(name);
    let key = run.keys.get(name);
    if let Some(need) = entry.key
        && key.is_none()
        && !(need.optional_elsewhere && own.base_url.is_some())
    {
        return Err(TranslateError::MissingKey {
            engine: name.to_owned(),
            variable: need.variable,
        });
    }
    (entry.build)(&Setup {
        settings: run.settings,
        own,
        key: key.cloned(),
        prompt: run.prompt,
        workspace: run.workspace,
    })
    .map(Some)
}

/// The engine of this name, to forecast with and not to be asked: it may lack its key.
pub(super) fn sketch(name: &str, run: &Run<'_>) -> Result<Option<Arc<dyn Engine>>, TranslateError> {
    check_name(name)?;
    let Some(entry) = entry(name) else {
        return Ok(None);
    };
    (entry.build)(&Setup {
        settings: run.settings,
        own: run.settings.for_engine(name),
        key: None,
        prompt: run.prompt,
        workspace: run.workspace,
    })
    .map(Some)
}

/// The names of the engines that call a service.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    REGISTRY.into_iter().map(|entry| entry.name)
}

/// One engine in the table.
pub(super) struct Entry {
    /// The name that settings and the command line use.
    pub(super) name: &'static str,
    /// The key that it needs.
    pub(super) key: Option<KeyNeed>,
    /// Makes it ready.
    pub(super) build: fn(&Setup<'_>) -> Result<Arc<dyn Engine>, TranslateError>,
}

/// The key of an engine.
#[derive(Clone, Copy)]
pub(super) struct KeyNeed {
    /// The environment variable that the binary reads it from.
    pub(super) variable: &'static str,
    /// Whether a server at another address (`base_url`) may go without.
    pub(super) optional_elsewhere: bool,
}

/// What an engine is made of.
pub(super) struct Setup<'a> {
    /// All settings.
    pub(super) settings: &'a Settings,
    /// Those of this engine.
    pub(super) own: EngineSettings,
    /// Its key.
    pub(super) key: Option<Secret>,
    /// The user's own instructions to a language model.
    pub(super) prompt: Option<&'a str>,
    /// What tells this workspace from others of the same account.
    pub(super) workspace: &'a str,
}

/// What an engine gives back, later.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply, EngineError>> + Send + 'a>>;

/// The end of a step of preparation, later.
pub type Preparing<'a> = Pin<Box<dyn Future<Output = Result<(), EngineError>> + Send + 'a>>;

/// A machine translation service or language model.
pub trait Engine: Send + Sync {
    /// The name in the table of engines.
    fn name(&self) -> &'static str;

    /// The model; empty where the service has but one.
    fn model(&self) -> &str;

    /// Everything else that changes its answers, in a fixed order: formality, prompt version,
    /// temperature. Part of the journal's key.
    fn options(&self) -> String;

    /// What one request can hold.
    fn limits(&self) -> Limits;

    /// Whether it can be told what was wrong with an answer, so that asking again makes sense.
    fn takes_complaints(&self) -> bool;

    /// The instructions that its requests carry, so that an answer that repeats them is known;
    /// empty where there are none.
    #[expect(
        clippy::unnecessary_literal_bound,
        reason = "engines with instructions lend their own"
    )]
    fn instructions(&self) -> &str {
        ""
    }

    /// What this request will use, as far as can be told before it is sent.
    fn forecast(&self, request: &Request) -> Forecast;

    /// Whether this request can be sent as things stand; where not, [`Engine::prepare`] comes
    /// first, until it can.
    fn is_ready(&self, _request: &Request) -> bool {
        true
    }

    /// Takes the next step towards sending this request. The future does one exchange with the
    /// service and nothing else; after finitely many that succeed the request can be sent.
    fn prepare<'a>(&'a self, _request: &'a Request) -> Preparing<'a> {
        Box::pin(async { Ok(()) })
    }

    /// Asks. The future does one exchange with the service and nothing else.
    fn translate<'a>(&'a self, request: &'a Request) -> Answering<'a>;
}

/// What a request will use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// What is likely.
    pub likely: Usage,
    /// What it can't exceed, by the limits that the request sets.
    pub at_most: Usage,
}

/// What one request to an engine can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Segments.
    pub items: usize,
    /// Unicode scalar values of all source texts together.
    pub characters: usize,
}

/// A batch of segments of one article.
#[derive(Clone, Debug)]
pub struct Request {
    /// The language of the sources.
    pub source: Lang,
    /// The language of the answers.
    pub target: Lang,
    /// What surrounds the segments; the same for all batches of an article.
    pub context: Arc<Context>,
    /// The segments, each with an id of its own. Never empty.
    pub items: Vec<Item>,
}

/// What an engine may know about the article beside the segments that it is to translate.
#[derive(Clone, Debug)]
pub struct Context {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// Its blocks' source texts in reading order.
    pub text: Vec<String>,
    /// The concepts whose terms stand in it, in the order of their first match.
    pub terms: Vec<Concept>,
    /// All concepts that hold in it, in the order of the term base.
    pub glossary: Vec<Concept>,
}

/// One segment to translate.
#[derive(Clone, Debug)]
pub struct Item {
    /// Unique in the request.
    pub id: String,
    /// The part that its block plays.
    pub kind: BlockKind,
    /// The sentence.
    pub source: Content,
    /// The concepts whose terms stand in the sentence.
    pub terms: Vec<Concept>,
    /// The sentences before and after it.
    pub neighbours: [Option<String>; 2],
    /// Approved translations of like sentences, best first.
    pub examples: Vec<Suggestion>,
    /// What was wrong with an earlier answer.
    pub complaint: Option<Complaint>,
}

/// Why an answer was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// The answer; empty where there was none.
    pub answer: String,
    /// What was wrong with it, a sentence each.
    pub reasons: Vec<String>,
}

/// What came back, in the order in which it came. Not yet validated: ids may be missing, doubled
/// or unknown.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The answers.
    pub answers: Vec<Answer>,
    /// What the service says it has used; None where it does not say.
    pub usage: Option<Usage>,
    /// What the service said in place of answers: a refusal, text that is no JSON.
    pub remark: Option<String>,
}

/// One answer of an engine.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The id that the engine gave back.
    pub id: String,
    /// What the engine gave back as the source's beginning; None for engines that are not asked.
    pub echo: Option<String>,
    /// The translation, or what is wrong with its inline codes.
    pub content: Result<Content, String>,
    /// The translation as it was sent, codes included.
    pub raw: String,
}

/// What requests use up. All counts are sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Requests answered.
    pub requests: u64,
    /// Of these, those whose service did not say what they used. The counts have for them the
    /// most that they can have used.
    pub estimated: u64,
    /// Source characters as the service bills them.
    pub characters: u64,
    /// Input tokens, those of the cache left out.
    pub input_tokens: u64,
    /// Input tokens read from the prompt cache.
    pub cached_tokens: u64,
    /// Input tokens written to the prompt cache.
    pub cache_write_tokens: u64,
    /// Output tokens.
    pub output_tokens: u64,
}

impl Usage {
    /// Adds what another request used.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.estimated += other.estimated;
        self.characters += other.characters;
        self.input_tokens += other.input_tokens;
        self.cached_tokens += other.cached_tokens;
        self.cache_write_tokens += other.cache_write_tokens;
        self.output_tokens += other.output_tokens;
    }

    /// All tokens.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.input_tokens + self.cached_tokens + self.cache_write_tokens + self.output_tokens
    }
}

/// A count in a service's JSON. Some servers write 1000 as `1000.0`.
pub(super) fn count(said: &Value, at: &str) -> Option<u64> {
    let number = said.pointer(at)?;
    number.as_u64().or_else(|| {
        let number = number.as_f64()?.ceil();
        // Counts are far below 2 to the 52nd; what is not is no count.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range by the condition"
        )]
        (0.0..4e15).contains(&number).then_some(number as u64)
    })
}

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// What sort of failure it is.
    pub kind: Failure,
    /// What happened, without keys, in a sentence that goes on after the engine's name.
    pub message: String,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether the request may have been worked on, and billed, all the same.
    pub maybe_billed: bool,
}

/// Sorts of failures, by what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Too many requests (429), or the service is overloaded (529, 503): wait, send fewer.
    Busy,
    /// A passing fault: connection cut, timeout, 5xx, a body that is no answer. Send again.
    Passing,
    /// Key, payment, quota or permission: no request of this engine will succeed.
    Closed,
    /// This request can't succeed, another may: too large, refused.
    Request,
}

impl EngineError {
    /// Whether sending the same request again may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind, Failure::Busy | Failure::Passing)
    }
}
