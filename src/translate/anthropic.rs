//! Anthropic's messages.
//!
//! The rules and the article are marked for its prompt cache. A server that does not know output
//! formats, or how to be told how much to think, is asked again without.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::TranslateError;
use super::engine::{
    Answering, Engine, EngineError, Entry, Failure, Forecast, KeyNeed, Limits, Reply, Request,
    Setup, Usage, count,
};
use super::http::{Http, HttpError, TIMEOUT};
use super::llm::{self, Prompt};

/// The engine's line in the table.
pub(super) const ENTRY: Entry = Entry {
    name: "anthropic",
    key: Some(KeyNeed {
        variable: "ANTHROPIC_API_KEY",
        optional_elsewhere: true,
    }),
    build,
};

const BASE: &str = "https://api.anthropic.com/v1";
const MODEL: &str = "claude-sonnet-5-5";
const VERSION: &str = "2023-06-01";

struct Anthropic {
    http: Http,
    model: String,
    prompt: Prompt,
    items: usize,
    /// Whether the model thinks before it answers.
    thinks: bool,
    /// Whether the server has not yet refused an output format.
    formats: AtomicBool,
    /// Whether the server has not yet refused to be told how much to think.
    efforts: AtomicBool,
}

/// Whether a model thinks before it answers where nothing is said: from generation 5 on, which
/// its name tells (`claude-opus-5`, `claude-haiku-5-5`; `claude-sonnet-4-5` is of generation 4).
fn thinks(model: &str) -> bool {
    let mut parts = model.split('-').skip(1);
    let generation = parts.find_map(|part| part.parse::<u32>().ok());
    // Older names have a date there, or the generation before the family.
    generation.is_some_and(|generation| (5..100).contains(&generation))
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Engine>, TranslateError> {
    let base = setup.own.base_url.as_deref().unwrap_or(BASE);
    let timeout = setup.own.timeout.map_or(TIMEOUT, Duration::from_secs);
    let model = setup.own.model.as_deref().unwrap_or(MODEL);
    Ok(Arc::new(Anthropic {
        http: Http::new(base, setup.key.clone(), timeout)?,
        model: model.to_owned(),
        thinks: setup.own.thinks.unwrap_or_else(|| thinks(model)),
        prompt: Prompt::new(setup),
        items: setup.own.batch.unwrap_or(8).max(1),
        formats: AtomicBool::new(true),
        efforts: AtomicBool::new(true),
    }))
}

impl Engine for Anthropic {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn options(&self) -> String {
        self.prompt.options()
    }

    fn limits(&self) -> Limits {
        Limits {
            items: self.items,
            characters: 2_000,
        }
    }

    fn takes_complaints(&self) -> bool {
        true
    }

    fn instructions(&self) -> &str {
        self.prompt.template()
    }

    fn forecast(&self, request: &Request) -> Forecast {
        let mut forecast = self.prompt.forecast(request, self.thinks);
        // Writing to the cache costs more than reading, so the worst case is all of it written.
        forecast.at_most.cache_write_tokens = forecast.at_most.input_tokens;
        forecast.at_most.input_tokens = 0;
        forecast
    }

    fn translate<'a>(&'a self, request: &'a Request) -> Answering<'a> {
        Box::pin(self.ask(request))
    }
}

impl Anthropic {
    async fn ask(&self, request: &Request) -> Result<Reply, EngineError> {
        let format = self.formats.load(Ordering::Relaxed);
        let mut headers = vec![("anthropic-version", VERSION.to_owned())];
        if let Some(key) = self.http.key() {
            headers.push(("x-api-key", key.expose().to_owned()));
        }
        let effort = self.thinks && self.efforts.load(Ordering::Relaxed);
        let body = self.body(request, format, effort);
        let said = self
            .http
            .post("/messages", &headers, &body, "/content")
            .await;
        match said {
            Ok(said) => Ok(reply(&said, request)),
            Err(error) => Err(self.failure(error, format, effort)),
        }
    }

    fn body(&self, request: &Request, format: bool, effort: bool) -> Value {
        let cached = json!({"type": "ephemeral"});
        let mut body = Map::new();
        body.insert("model".to_owned(), json!(self.model));
        body.insert(
            "max_tokens".to_owned(),
            json!(Prompt::output_limit(request, self.thinks)),
        );
        body.insert(
            "system".to_owned(),
            json!([{
                "type": "text",
                "text": self.prompt.system(&request.source, &request.target),
            }]),
        );
        body.insert(
            "messages".to_owned(),
            json!([{"role": "user", "content": [
                {
                    "type": "text",
                    "text": Prompt::context(request),
                    "cache_control": cached,
                },
                {"type": "text", "text": Prompt::batch(request)},
            ]}]),
        );
        let mut config = Map::new();
        if format {
            config.insert(
                "format".to_owned(),
                json!({"type": "json_schema", "schema": llm::schema(request)}),
            );
        }
        // Translation gains little from long thought, which is paid for.
        if effort {
            config.insert("effort".to_owned(), json!("low"));
        }
        if !config.is_empty() {
            body.insert("output_config".to_owned(), Value::Object(config));
        }
        if let Some(temperature) = self.prompt.temperature() {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        Value::Object(body)
    }

    /// `format` and `effort` say what the request carried: several may be under way when the
    /// server refuses the first.
    fn failure(&self, error: HttpError, format: bool, effort: bool) -> EngineError {
        let refused = match error {
            HttpError::Refused(refused) => refused,
            broken @ HttpError::Broken(..) => return broken.into_error(),
        };
        if refused.status == 400 {
            if effort && refused.message.contains("effort") {
                self.efforts.store(false, Ordering::Relaxed);
                return refused.into_error(Failure::Passing);
            }
            if format
                && ["output_config", "json_schema", "schema", "Extra inputs"]
                    .iter()
                    .any(|word| refused.message.contains(word))
            {
                self.formats.store(false, Ordering::Relaxed);
                return refused.into_error(Failure::Passing);
            }
            if refused.message.contains("credit balance") {
                return refused.into_error(Failure::Closed);
            }
        }
        HttpError::Refused(refused).into_error()
    }
}

/// What the request used; None where the service does not say: no request takes nothing.
fn usage(said: &Value) -> Option<Usage> {
    let more = |at: &str| count(said, at).unwrap_or(0);
    let usage = Usage {
        requests: 1,
        input_tokens: count(said, "/usage/input_tokens")?,
        cached_tokens: more("/usage/cache_read_input_tokens"),
        cache_write_tokens: more("/usage/cache_creation_input_tokens"),
        output_tokens: count(said, "/usage/output_tokens")?,
        ..Usage::default()
    };
    (usage.tokens() > 0).then_some(usage)
}

fn reply(said: &Value, request: &Request) -> Reply {
    let mut reply = Reply {
        usage: usage(said),
        ..Reply::default()
    };
    let Some(content) = said.get("content").and_then(Value::as_array) else {
        reply.remark = Some("answered without content".to_owned());
        return reply;
    };
    let text: String = content
        .iter()
        .filter_map(|part| part.get("text").and_then(Value::as_str))
        .collect();
    match said.get("stop_reason").and_then(Value::as_str) {
        Some("refusal") => reply.remark = Some("the model refused".to_owned()),
        stop => {
            match llm::read(&text, request) {
                Ok(answers) => reply.answers = answers,
                Err(remark) => reply.remark = Some(remark),
            }
            if stop == Some("max_tokens") && reply.answers.len() < request.items.len() {
                reply.remark = Some("the answer was cut off at its length limit".to_owned());
            }
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::thinks;

    #[test]
    fn generations_are_told_by_name() {
        for model in [
            "claude-opus-5",
            "claude-haiku-5-5",
            "claude-sonnet-5-5-20261001",
        ] {
            assert!(thinks(model), "{model}");
        }
        for model in [
            "claude-sonnet-4-5",
            "claude-3-5-haiku-20241022",
            "claude-opus-4-20250514",
        ] {
            assert!(!thinks(model), "{model}");
        }
    }
}
