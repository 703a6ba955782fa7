//! LibreTranslate: `POST /translate` with an array of texts.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::TranslateError;
use super::codes::Tagged;
use super::engine::{
    Answer, Answering, Engine, EngineError, Entry, Forecast, KeyNeed, Limits, Reply, Request,
    Setup, Usage,
};
use super::http::{Http, TIMEOUT};
use crate::model::Lang;

/// The engine's line in the table.
pub(super) const ENTRY: Entry = Entry {
    name: "libretranslate",
    key: Some(KeyNeed {
        variable: "LIBRETRANSLATE_API_KEY",
        optional_elsewhere: true,
    }),
    build,
};

const BASE: &str = "https://libretranslate.com";

struct LibreTranslate {
    http: Http,
    items: usize,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Engine>, TranslateError> {
    let base = setup.own.base_url.as_deref().unwrap_or(BASE);
    let timeout = setup.own.timeout.map_or(TIMEOUT, Duration::from_secs);
    Ok(Arc::new(LibreTranslate {
        http: Http::new(base, setup.key.clone(), timeout)?,
        items: setup.own.batch.unwrap_or(16).max(1),
    }))
}

impl Engine for LibreTranslate {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn model(&self) -> &'static str {
        ""
    }

    fn options(&self) -> String {
        String::new()
    }

    fn limits(&self) -> Limits {
        Limits {
            items: self.items,
            // Public servers refuse texts above 2,000 characters.
            characters: 2_000,
        }
    }

    fn takes_complaints(&self) -> bool {
        false
    }

    fn forecast(&self, request: &Request) -> Forecast {
        let usage = used(request);
        Forecast {
            likely: usage,
            at_most: usage,
        }
    }

    fn translate<'a>(&'a self, request: &'a Request) -> Answering<'a> {
        Box::pin(self.ask(request))
    }
}

impl LibreTranslate {
    async fn ask(&self, request: &Request) -> Result<Reply, EngineError> {
        let html = request.items.iter().any(|item| {
            let tagged = Tagged::new(&item.source, false);
            tagged.has_codes()
        });
        let tagged: Vec<Tagged> = request
            .items
            .iter()
            .map(|item| Tagged::new(&item.source, html))
            .collect();
        let texts: Vec<&str> = tagged.iter().map(|tagged| tagged.text.as_str()).collect();
        let mut body = Map::new();
        body.insert("q".to_owned(), json!(texts));
        body.insert("source".to_owned(), json!(language(&request.source)));
        body.insert("target".to_owned(), json!(language(&request.target)));
        body.insert(
            "format".to_owned(),
            json!(if html { "html" } else { "text" }),
        );
        if let Some(key) = self.http.key() {
            body.insert("api_key".to_owned(), json!(key.expose()));
        }
        let said = self
            .http
            .post("/translate", &[], &Value::Object(body), "/translatedText")
            .await
            .map_err(super::http::HttpError::into_error)?;
        let answers: Vec<String> = match said.get("translatedText") {
            Some(Value::Array(answers)) => answers
                .iter()
                .map(|answer| answer.as_str().unwrap_or_default().to_owned())
                .collect(),
            Some(Value::String(answer)) => vec![answer.clone()],
            _ => Vec::new(),
        };
        Ok(positional(request, &tagged, answers, used(request)))
    }
}

/// A reply of a service that answers an array with an array. Another number of answers can't be
/// told apart, so none of them is taken; they are paid for all the same, and the segments are asked
/// for alone.
pub(super) fn positional(
    request: &Request,
    tagged: &[Tagged],
    answers: Vec<String>,
    usage: Usage,
) -> Reply {
    if answers.len() != request.items.len() {
        let count = |count: usize| match count {
            1 => "1 text".to_owned(),
            _ => format!("{count} texts"),
        };
        return Reply {
            answers: Vec::new(),
            usage: Some(usage),
            remark: Some(format!(
                "answered {} with {}",
                count(request.items.len()),
                count(answers.len())
            )),
        };
    }
    let answers = request
        .items
        .iter()
        .zip(tagged)
        .zip(answers)
        .map(|((item, tagged), raw)| Answer {
            id: item.id.clone(),
            echo: None,
            content: tagged.read(raw.trim()),
            raw,
        })
        .collect();
    Reply {
        answers,
        usage: Some(usage),
        remark: None,
    }
}

fn used(request: &Request) -> Usage {
    let characters: usize = request
        .items
        .iter()
        .map(|item| item.source.text().chars().count())
        .sum();
    Usage {
        requests: 1,
        characters: characters as u64,
        ..Usage::default()
    }
}

fn language(lang: &Lang) -> String {
    match (lang.primary(), lang.is_simplified_chinese()) {
        ("zh", true) => "zh-Hans".to_owned(),
        ("zh", false) => "zh-Hant".to_owned(),
        (primary, _) => primary.to_owned(),
    }
}
