//! Servers that speak OpenAI's chat completions: OpenAI, `DeepSeek`, Qwen, Ollama, vLLM, llama.cpp.
//!
//! Their differences end here: OpenAI's own limit has another name; `DeepSeek` knows JSON but no
//! schema; a 429 may mean an empty account; Qwen-MT takes one text and its terms apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::TranslateError;
use super::codes::Tagged;
use super::engine::{
    Answer, Answering, Engine, EngineError, Entry, Failure, Forecast, KeyNeed, Limits, Reply,
    Request, Setup, Usage, count,
};
use super::http::{Http, HttpError, TIMEOUT};
use super::llm::{self, Prompt};
use crate::model::Lang;

/// The engine's line in the table.
pub(super) const ENTRY: Entry = Entry {
    name: "openai",
    key: Some(KeyNeed {
        variable: "OPENAI_API_KEY",
        optional_elsewhere: true,
    }),
    build,
};

const BASE: &str = "https://api.openai.com/v1";
const MODEL: &str = "gpt-6-luna";

/// How strictly an answer can be bound, strictest first: a schema, any JSON, the prompt alone.
const SCHEMA: u8 = 0;
const JSON: u8 = 1;
const FREE: u8 = 2;

struct OpenAi {
    http: Http,
    model: String,
    prompt: Prompt,
    items: usize,
    /// What the server has shown that it takes.
    format: AtomicU8,
    /// Whether it is OpenAI itself.
    home: bool,
    /// Whether the model thinks before it answers, by what is known so far.
    thinks: AtomicBool,
    /// Whether its answers may tell that it does.
    learns: bool,
    /// Whether the server has not yet refused to be told how much to think.
    efforts: AtomicBool,
    /// Whether the model is one of Qwen's translation models.
    qwen_mt: bool,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Engine>, TranslateError> {
    let base = setup.own.base_url.as_deref().unwrap_or(BASE);
    let timeout = setup.own.timeout.map_or(TIMEOUT, Duration::from_secs);
    let model = setup.own.model.as_deref().unwrap_or(MODEL);
    Ok(Arc::new(OpenAi {
        http: Http::new(base, setup.key.clone(), timeout)?,
        model: model.to_owned(),
        prompt: Prompt::new(setup),
        items: setup.own.batch.unwrap_or(8).max(1),
        format: AtomicU8::new(if base.contains("deepseek.com") {
            JSON
        } else {
            SCHEMA
        }),
        home: base.starts_with(BASE),
        thinks: AtomicBool::new(setup.own.thinks.unwrap_or_else(|| thinks(base, model))),
        learns: setup.own.thinks.is_none(),
        efforts: AtomicBool::new(true),
        qwen_mt: model.starts_with("qwen-mt"),
    }))
}

/// Whether a model thinks before it answers, as far as its name tells: OpenAI's own from the fifth
/// generation on, `DeepSeek`'s, and those that are named after it.
fn thinks(base: &str, model: &str) -> bool {
    const NAMES: &[&str] = &[
        "reason",
        "think",
        "deepseek-r",
        "-r1",
        "qwq",
        "qwen3",
        "gpt-oss",
        "gpt-5",
        "magistral",
    ];
    let model = model.to_lowercase();
    if base.starts_with(BASE) {
        return !model.starts_with("gpt-4") && !model.starts_with("gpt-3");
    }
    base.contains("deepseek.com") || NAMES.iter().any(|name| model.contains(name))
}

/// Whether an answer was thought about first, in any of the ways in which servers tell.
fn thought(said: &Value, message: &Value, text: &str) -> bool {
    let tokens = said.pointer("/usage/completion_tokens_details/reasoning_tokens");
    let words = ["reasoning_content", "reasoning"]
        .iter()
        .filter_map(|name| message.get(name)?.as_str());
    tokens
        .and_then(Value::as_u64)
        .is_some_and(|count| count > 0)
        || words.into_iter().any(|words| !words.trim().is_empty())
        || text.trim_start().starts_with("<think>")
}

impl Engine for OpenAi {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn options(&self) -> String {
        if self.qwen_mt {
            "qwen-mt".to_owned()
        } else {
            self.prompt.options()
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            items: if self.qwen_mt { 1 } else { self.items },
            characters: 2_000,
        }
    }

    fn takes_complaints(&self) -> bool {
        !self.qwen_mt
    }

    fn instructions(&self) -> &str {
        self.prompt.template()
    }

    fn forecast(&self, request: &Request) -> Forecast {
        if self.qwen_mt {
            return self.qwen_mt_forecast(request);
        }
        let mut forecast = self.prompt.forecast(request, self.thinks());
        // Newer models of OpenAI charge more for what is written to the cache.
        if self.home {
            forecast.at_most.cache_write_tokens = forecast.at_most.input_tokens;
            forecast.at_most.input_tokens = 0;
        }
        forecast
    }

    fn translate<'a>(&'a self, request: &'a Request) -> Answering<'a> {
        Box::pin(self.ask(request))
    }
}

impl OpenAi {
    fn thinks(&self) -> bool {
        self.thinks.load(Ordering::Relaxed)
    }

    async fn ask(&self, request: &Request) -> Result<Reply, EngineError> {
        let format = self.format.load(Ordering::Relaxed);
        let effort = self.home && self.thinks() && self.efforts.load(Ordering::Relaxed);
        let body = if self.qwen_mt {
            self.qwen_mt_body(request)
        } else {
            self.body(request, format, effort)
        };
        let mut headers = Vec::new();
        if let Some(key) = self.http.key() {
            headers.push(("authorization", format!("Bearer {}", key.expose())));
        }
        let said = self
            .http
            .post("/chat/completions", &headers, &body, "/choices/0/message")
            .await;
        match said {
            Ok(said) => Ok(self.reply(&said, request)),
            Err(error) => Err(self.failure(error, format, effort)),
        }
    }

    fn body(&self, request: &Request, format: u8, effort: bool) -> Value {
        let mut body = Map::new();
        body.insert("model".to_owned(), json!(self.model));
        body.insert(
            "messages".to_owned(),
            json!([
                {"role": "system", "content": self.prompt.system(&request.source, &request.target)},
                {"role": "user", "content": format!(
                    "{}{}",
                    Prompt::context(request),
                    Prompt::batch(request)
                )},
            ]),
        );
        match format {
            SCHEMA => {
                let schema = json!({
                    "type": "json_schema",
                    "json_schema": {
                        "name": "translations",
                        "strict": true,
                        "schema": llm::schema(request),
                    },
                });
                body.insert("response_format".to_owned(), schema);
            }
            JSON => {
                body.insert("response_format".to_owned(), json!({"type": "json_object"}));
            }
            _ => {}
        }
        // Models of OpenAI that think refuse the older name of the limit.
        let name = if self.home {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        let limit = Prompt::output_limit(request, self.thinks());
        body.insert(name.to_owned(), json!(limit));
        // Translation gains little from long thought, which is paid for.
        if effort {
            body.insert("reasoning_effort".to_owned(), json!("low"));
        }
        if let Some(temperature) = self.prompt.temperature() {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        Value::Object(body)
    }

    /// Qwen-MT takes the bare text as its one message, languages, terms and memory as options.
    fn qwen_mt_body(&self, request: &Request) -> Value {
        let item = &request.items[0];
        let pairs = |source: &str, target: &str| json!({"source": source, "target": target});
        let terms: Vec<Value> = item
            .terms
            .iter()
            .filter_map(|concept| Some(pairs(&concept.source, &concept.allowed().next()?.text)))
            .collect();
        let memory: Vec<Value> = item
            .examples
            .iter()
            .map(|e| pairs(&e.source.text(), &e.target.content.text()))
            .collect();
        json!({
            "model": self.model,
            "messages": [{"role": "user", "content": Tagged::new(&item.source, false).text}],
            "max_tokens": qwen_mt_limit(request),
            "translation_options": {
                "source_lang": qwen_language(&request.source),
                "target_lang": qwen_language(&request.target),
                "terms": terms,
                "tm_list": memory,
            },
        })
    }

    /// What a request to Qwen-MT uses: its text, and its terms and memory, which the service makes
    /// instructions of.
    fn qwen_mt_forecast(&self, request: &Request) -> Forecast {
        let body = self.qwen_mt_body(request);
        let text = body.pointer("/messages/0/content").and_then(Value::as_str);
        let text = llm::tokens(text.unwrap_or_default());
        let input = text + llm::tokens(&body["translation_options"].to_string());
        let usage = |input_tokens, output_tokens| Usage {
            requests: 1,
            input_tokens,
            output_tokens,
            ..Usage::default()
        };
        Forecast {
            likely: usage(input, text + text / 4),
            at_most: usage(input + input / 4 + QWEN_MT_WORDS, qwen_mt_limit(request)),
        }
    }

    fn reply(&self, said: &Value, request: &Request) -> Reply {
        let mut reply = Reply {
            usage: usage(said),
            ..Reply::default()
        };
        let Some(message) = said.pointer("/choices/0/message") else {
            reply.remark = Some("answered without a message".to_owned());
            return reply;
        };
        let text = message
            .get("content")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if self.learns && thought(said, message, text) {
            self.thinks.store(true, Ordering::Relaxed);
        }
        if self.qwen_mt {
            let item = &request.items[0];
            reply.answers.push(Answer {
                id: item.id.clone(),
                echo: None,
                content: Tagged::new(&item.source, false).read(text.trim()),
                raw: text.to_owned(),
            });
            return reply;
        }
        let cut = said
            .pointer("/choices/0/finish_reason")
            .and_then(Value::as_str)
            == Some("length");
        if let Some(refusal) = message.get("refusal").and_then(Value::as_str) {
            reply.remark = Some(format!("the model refused: {refusal}"));
        } else {
            match llm::read(text, request) {
                Ok(answers) => reply.answers = answers,
                Err(remark) => reply.remark = Some(remark),
            }
            if cut && reply.answers.len() < request.items.len() {
                reply.remark = Some("the answer was cut off at its length limit".to_owned());
            }
        }
        reply
    }

    /// `format` and `effort` say what the request carried: several may be under way when the
    /// server refuses the first.
    fn failure(&self, error: HttpError, format: u8, effort: bool) -> EngineError {
        let refused = match error {
            HttpError::Refused(refused) => refused,
            broken @ HttpError::Broken(..) => return broken.into_error(),
        };
        let code = ["/error/code", "/error/type"]
            .iter()
            .filter_map(|at| refused.body.pointer(at)?.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let billing = ["insufficient_quota", "billing", "balance", "arrearage"]
            .iter()
            .any(|word| code.to_lowercase().contains(word));
        if matches!(refused.status, 200 | 429) && billing {
            return refused.into_error(Failure::Closed);
        }
        if effort && refused.status == 400 && refused.message.contains("reasoning_effort") {
            self.efforts.store(false, Ordering::Relaxed);
            return refused.into_error(Failure::Passing);
        }
        let about_format = refused.message.contains("response_format")
            || refused.message.contains("json_schema")
            || refused.message.contains("json_object");
        if matches!(refused.status, 400 | 422) && about_format && format < FREE {
            // The server does not know this format; the next request asks for less. The prompt
            // asks for the same JSON, and validation does not depend on the format.
            self.format.fetch_max(format + 1, Ordering::Relaxed);
            return refused.into_error(Failure::Passing);
        }
        HttpError::Refused(refused).into_error()
    }
}

/// Tokens that Qwen-MT may put around a text to tell its model what to do.
const QWEN_MT_WORDS: u64 = 200;

/// Output tokens that a request to Qwen-MT allows: some three times what is likely.
fn qwen_mt_limit(request: &Request) -> u64 {
    Prompt::output_limit(request, false)
}

/// What the request used; None where the server does not say: no request takes nothing.
fn usage(said: &Value) -> Option<Usage> {
    let more = |at: &str| count(said, at).unwrap_or(0);
    let cached_tokens = more("/usage/prompt_tokens_details/cached_tokens")
        .max(more("/usage/prompt_cache_hit_tokens"));
    let cache_write_tokens = more("/usage/prompt_tokens_details/cache_write_tokens");
    let usage = Usage {
        requests: 1,
        input_tokens: count(said, "/usage/prompt_tokens")?
            .saturating_sub(cached_tokens.saturating_add(cache_write_tokens)),
        cached_tokens,
        cache_write_tokens,
        output_tokens: count(said, "/usage/completion_tokens")?,
        ..Usage::default()
    };
    (usage.tokens() > 0).then_some(usage)
}

fn qwen_language(lang: &Lang) -> String {
    match lang.primary() {
        "zh" if lang.is_simplified_chinese() => "Chinese".to_owned(),
        "zh" => "Traditional Chinese".to_owned(),
        _ => lang.primary().to_owned(),
    }
}
