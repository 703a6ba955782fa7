//! Fake services: OpenAI, Anthropic, DeepL and LibreTranslate by their contracts, with faults on
//! demand. What they answer is no English, but is as long as a translation, carries the source's
//! digits, and differs for each source.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What a fake translation of `source` is. Tags are kept.
pub fn translation(source: &str) -> String {
    const WORDS: [&str; 12] = [
        "county", "the", "of", "project", "work", "and", "people", "road", "growth", "in", "plan",
        "new",
    ];
    let mut hash = source.bytes().fold(7u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let wide = source.chars().filter(|&c| c > '\u{2e80}').count();
    let mut text = format!("T{:x}", hash % 0xffff);
    while text.len() < wide * 7 / 2 {
        text.push(' ');
        text.push_str(WORDS[(hash % 12) as usize]);
        hash = hash.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    }
    // Digits and tags are carried over; everything else is made up.
    let mut rest = source;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || c == '<') {
        rest = &rest[at..];
        let end = if rest.starts_with('<') {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        } else {
            rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(rest.len())
        };
        if !rest.starts_with("</") {
            text.push(' ');
        }
        text.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    text
}

/// One answer before it is put into the service's form.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: String,
    pub echo: String,
    pub target: String,
}

/// What the service has seen.
#[derive(Default)]
pub struct Seen {
    /// When each request came.
    pub times: Vec<Instant>,
    /// The bodies.
    pub bodies: Vec<Value>,
    /// All headers, as text.
    pub headers: Vec<String>,
    /// How often each source text was answered well (not by a fault).
    pub answered: BTreeMap<String, usize>,
    /// Requests to DeepL's glossaries: method, path.
    pub glossary_calls: Vec<String>,
    /// DeepL's glossary, if one was made.
    pub glossary: Option<Value>,
}

type Fault = dyn Fn(usize) -> Option<ResponseTemplate> + Send + Sync;
type Mangle = dyn Fn(usize, Vec<Said>) -> Vec<Said> + Send + Sync;

/// How a fake behaves.
#[derive(Clone)]
pub struct Fake {
    pub seen: Arc<Mutex<Seen>>,
    latency: Duration,
    fault: Arc<Fault>,
    mangle: Arc<Mangle>,
    usage: Option<Value>,
}

impl Fake {
    pub fn new() -> Self {
        Self {
            seen: Arc::default(),
            latency: Duration::ZERO,
            fault: Arc::new(|_| None),
            mangle: Arc::new(|_, said| said),
            usage: None,
        }
    }

    pub fn latency(mut self, ms: u64) -> Self {
        self.latency = Duration::from_millis(ms);
        self
    }

    /// What it says was used, in place of a hundred tokens in and fifty out.
    pub fn usage(mut self, usage: Value) -> Self {
        self.usage = Some(usage);
        self
    }

    /// What the n-th request (from 0) gets in place of an answer.
    pub fn fault(
        mut self,
        fault: impl Fn(usize) -> Option<ResponseTemplate> + Send + Sync + 'static,
    ) -> Self {
        self.fault = Arc::new(fault);
        self
    }

    /// What becomes of the answers to the n-th request.
    pub fn mangle(
        mut self,
        mangle: impl Fn(usize, Vec<Said>) -> Vec<Said> + Send + Sync + 'static,
    ) -> Self {
        self.mangle = Arc::new(mangle);
        self
    }

    pub async fn start(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(self.clone())
            .mount(&server)
            .await;
        server
    }

    pub fn requests(&self) -> usize {
        self.seen.lock().unwrap().times.len()
    }

    /// Texts that were answered more than once.
    pub fn paid_twice(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.answered
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|(text, _)| text.clone())
            .collect()
    }
}

/// The segments that a request to a language model holds, in order.
pub fn segments(body: &Value) -> Vec<(String, Value)> {
    let content = body["messages"].as_array().unwrap().last().unwrap()["content"].clone();
    let text = match &content {
        Value::String(text) => text.clone(),
        parts => parts.as_array().unwrap().last().unwrap()["text"]
            .as_str()
            .unwrap()
            .to_owned(),
    };
    let (_, json) = text.rsplit_once(":\n{\"segments\"").unwrap();
    let batch: Value = serde_json::from_str(&format!("{{\"segments\"{json}")).unwrap();
    batch["segments"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, segment)| (id.clone(), segment.clone()))
        .collect()
}

impl Respond for Fake {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let path = request.url.path();
        if path.starts_with("/v3/") {
            return self.glossaries(request, &body);
        }
        let n = {
            let mut seen = self.seen.lock().unwrap();
            seen.times.push(Instant::now());
            seen.bodies.push(body.clone());
            seen.headers.push(format!("{:?}", request.headers));
            seen.times.len() - 1
        };
        if let Some(fault) = (self.fault)(n) {
            return fault;
        }
        let sources: Vec<(String, String)> = match path {
            "/translate" => texts(&body["q"]),
            "/v2/translate" => texts(&body["text"]),
            _ => segments(&body)
                .into_iter()
                .map(|(id, segment)| (id, segment["source"].as_str().unwrap().to_owned()))
                .collect(),
        };
        let said = sources
            .iter()
            .map(|(id, source)| Said {
                id: id.clone(),
                echo: source.chars().take(8).collect(),
                target: translation(source),
            })
            .collect();
        let said = (self.mangle)(n, said);
        {
            let mut seen = self.seen.lock().unwrap();
            for (_, source) in &sources {
                *seen.answered.entry(source.clone()).or_default() += 1;
            }
        }
        let mut reply = form(path, &said);
        if let Some(usage) = &self.usage {
            reply["usage"] = usage.clone();
        }
        ResponseTemplate::new(200)
            .set_body_json(reply)
            .set_delay(self.latency)
    }
}

fn texts(array: &Value) -> Vec<(String, String)> {
    let texts = array.as_array().unwrap().iter();
    texts
        .enumerate()
        .map(|(n, text)| (n.to_string(), text.as_str().unwrap().to_owned()))
        .collect()
}

fn form(path: &str, said: &[Said]) -> Value {
    let targets: Vec<&str> = said.iter().map(|one| one.target.as_str()).collect();
    match path {
        "/translate" => json!({ "translatedText": targets }),
        "/v2/translate" => {
            let translations: Vec<Value> = targets
                .iter()
                .map(|text| json!({"detected_source_language": "ZH", "text": text, "billed_characters": 10}))
                .collect();
            json!({ "translations": translations })
        }
        _ => {
            // By hand, so that ids can be doubled.
            let answers: Vec<String> = said
                .iter()
                .map(|one| {
                    let answer = json!({"echo": one.echo, "target": one.target});
                    format!("{}:{answer}", json!(one.id))
                })
                .collect();
            let text = format!("{{{}}}", answers.join(","));
            if path.ends_with("/messages") {
                json!({
                    "content": [{"type": "text", "text": text}],
                    "stop_reason": "end_turn",
                    "usage": {"input_tokens": 100, "output_tokens": 50, "cache_read_input_tokens": 7},
                })
            } else {
                json!({
                    "model": "fake-1",
                    "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
                })
            }
        }
    }
}

impl Fake {
    fn glossaries(&self, request: &Request, body: &Value) -> ResponseTemplate {
        let mut seen = self.seen.lock().unwrap();
        let path = request.url.path().to_owned();
        seen.glossary_calls
            .push(format!("{} {path}", request.method));
        match (request.method.as_str(), path.as_str()) {
            ("GET", "/v3/glossaries") => {
                let all: Vec<Value> = seen.glossary.iter().cloned().collect();
                ResponseTemplate::new(200).set_body_json(json!({ "glossaries": all }))
            }
            ("POST", "/v3/glossaries") => {
                let mut made = body.clone();
                made["glossary_id"] = json!("0ab-1");
                seen.glossary = Some(made.clone());
                ResponseTemplate::new(201).set_body_json(made)
            }
            ("GET", "/v3/glossaries/0ab-1/entries") => {
                let dictionaries = seen.glossary.as_ref().unwrap()["dictionaries"].clone();
                ResponseTemplate::new(200).set_body_json(json!({ "dictionaries": dictionaries }))
            }
            ("PUT", "/v3/glossaries/0ab-1/dictionaries") => {
                seen.glossary.as_mut().unwrap()["dictionaries"] = json!([body]);
                ResponseTemplate::new(200).set_body_json(body)
            }
            _ => ResponseTemplate::new(404),
        }
    }
}
