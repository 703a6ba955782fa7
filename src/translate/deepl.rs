//! DeepL: `POST /v2/translate`, and its v3 glossaries, kept in step with the local one.
//!
//! A glossary is named after the languages, the workspace (and the article, where terms are
//! limited to it), so that the next run finds it and edits it in place instead of making another,
//! and no other workspace of the account edits it. Each request to it is a step of preparation,
//! which is paced as any other request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::TranslateError;
use super::codes::Tagged;
use super::engine::{
    Answering, Engine, EngineError, Entry, Failure, Forecast, KeyNeed, Limits, Preparing, Reply,
    Request, Setup, Usage, count,
};
use super::http::{Http, HttpError, TIMEOUT};
use super::libretranslate::positional;
use super::settings::Formality;
use crate::model::{Concept, Lang};

/// The engine's line in the table.
pub(super) const ENTRY: Entry = Entry {
    name: "deepl",
    key: Some(KeyNeed {
        variable: "DEEPL_AUTH_KEY",
        optional_elsewhere: false,
    }),
    build,
};

const BASE: &str = "https://api.deepl.com";
/// Where keys that end in `:fx` belong.
const FREE_BASE: &str = "https://api-free.deepl.com";
/// Texts in one request, by DeepL's documentation.
const TEXTS: usize = 50;
/// Source characters in one request: what keeps it below 128 KiB even where each character takes
/// four bytes, with room for the context.
const CHARACTERS: usize = 20_000;
/// Characters of context: it is not billed, but counts towards the request's size.
const CONTEXT: usize = 2_000;

struct DeepL {
    http: Http,
    items: usize,
    formality: Option<Formality>,
    workspace: String,
    glossaries: Mutex<Glossaries>,
}

/// What is known of the account's glossaries.
#[derive(Default)]
struct Glossaries {
    /// The ids of all, by name, once they were listed.
    listed: Option<BTreeMap<String, String>>,
    /// The names of those whose entries are others than ours.
    stale: BTreeSet<String>,
    /// The ids of those that are in step, by name.
    in_step: BTreeMap<String, String>,
}

/// A glossary that a request needs.
struct Wanted {
    name: String,
    from: String,
    to: String,
    /// Its entries.
    terms: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Engine>, TranslateError> {
    let free = setup
        .key
        .as_ref()
        .is_some_and(|key| key.expose().ends_with(":fx"));
    let base = setup
        .own
        .base_url
        .as_deref()
        .unwrap_or(if free { FREE_BASE } else { BASE });
    let timeout = setup.own.timeout.map_or(TIMEOUT, Duration::from_secs);
    Ok(Arc::new(DeepL {
        http: Http::new(base, setup.key.clone(), timeout)?,
        items: setup.own.batch.unwrap_or(TEXTS).clamp(1, TEXTS),
        formality: setup.settings.formality,
        workspace: setup.workspace.to_owned(),
        glossaries: Mutex::default(),
    }))
}

impl Engine for DeepL {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn model(&self) -> &'static str {
        ""
    }

    fn options(&self) -> String {
        match self.formality {
            None => String::new(),
            Some(Formality::More) => "formality=prefer_more".to_owned(),
            Some(Formality::Less) => "formality=prefer_less".to_owned(),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            items: self.items,
            characters: CHARACTERS,
        }
    }

    fn takes_complaints(&self) -> bool {
        false
    }

    fn forecast(&self, request: &Request) -> Forecast {
        let characters: usize = request
            .items
            .iter()
            .map(|item| item.source.text().chars().count())
            .sum();
        let usage = Usage {
            requests: 1,
            characters: characters as u64,
            ..Usage::default()
        };
        Forecast {
            likely: usage,
            at_most: usage,
        }
    }

    fn is_ready(&self, request: &Request) -> bool {
        self.wanted(request)
            .is_none_or(|wanted| self.known().in_step.contains_key(&wanted.name))
    }

    fn prepare<'a>(&'a self, request: &'a Request) -> Preparing<'a> {
        Box::pin(async move {
            match self.wanted(request) {
                Some(wanted) => self.step(&wanted).await,
                None => Ok(()),
            }
        })
    }

    fn translate<'a>(&'a self, request: &'a Request) -> Answering<'a> {
        Box::pin(self.ask(request))
    }
}

impl DeepL {
    async fn ask(&self, request: &Request) -> Result<Reply, EngineError> {
        let glossary = self
            .wanted(request)
            .and_then(|wanted| self.known().in_step.get(&wanted.name).cloned());
        let xml = request
            .items
            .iter()
            .any(|item| Tagged::new(&item.source, false).has_codes());
        let tagged: Vec<Tagged> = request
            .items
            .iter()
            .map(|item| Tagged::new(&item.source, xml))
            .collect();
        let texts: Vec<&str> = tagged.iter().map(|tagged| tagged.text.as_str()).collect();
        let mut body = Map::new();
        body.insert("text".to_owned(), json!(texts));
        body.insert(
            "source_lang".to_owned(),
            json!(source_lang(&request.source)),
        );
        body.insert(
            "target_lang".to_owned(),
            json!(target_lang(&request.target)),
        );
        body.insert("context".to_owned(), json!(context(request)));
        body.insert("preserve_formatting".to_owned(), json!(true));
        // Segments are sentences already.
        body.insert("split_sentences".to_owned(), json!("0"));
        body.insert("show_billed_characters".to_owned(), json!(true));
        if xml {
            body.insert("tag_handling".to_owned(), json!("xml"));
        }
        if let Some(formality) = self.formality {
            let wish = match formality {
                Formality::More => "prefer_more",
                Formality::Less => "prefer_less",
            };
            body.insert("formality".to_owned(), json!(wish));
        }
        if let Some(glossary) = glossary {
            body.insert("glossary_id".to_owned(), json!(glossary));
        }
        let said = self
            .http
            .post(
                "/v2/translate",
                &self.headers(),
                &Value::Object(body),
                "/translations",
            )
            .await
            .map_err(failure)?;
        let translations = said
            .get("translations")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let billed: Option<u64> = translations
            .iter()
            .map(|one| count(one, "/billed_characters"))
            .sum();
        let mut usage = self.forecast(request).likely;
        // The contract says what is billed: source characters. So this is no estimate.
        usage.characters = count(&said, "/billed_characters")
            .or(billed.filter(|_| !translations.is_empty()))
            .unwrap_or(usage.characters);
        let answers = translations
            .iter()
            .map(|one| {
                let text = one.get("text").and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            })
            .collect();
        Ok(positional(request, &tagged, answers, usage))
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        self.http
            .key()
            .map(|key| {
                let value = format!("DeepL-Auth-Key {}", key.expose());
                ("authorization", value)
            })
            .into_iter()
            .collect()
    }

    fn known(&self) -> MutexGuard<'_, Glossaries> {
        self.glossaries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The glossary with the article's terms; None where there are none.
    fn wanted(&self, request: &Request) -> Option<Wanted> {
        let terms = entries(&request.context.glossary);
        if terms.is_empty() {
            return None;
        }
        let (from, to) = (
            glossary_lang(&request.source),
            glossary_lang(&request.target),
        );
        let mut name = format!("duizhao {from}-{to} {}", self.workspace);
        let limited = |concept: &Concept| {
            concept
                .scope
                .as_deref()
                .is_some_and(|scope| scope.starts_with("article:"))
        };
        if request.context.glossary.iter().any(limited) {
            name = format!("{name} {}", request.context.article);
        }
        Some(Wanted {
            name,
            from,
            to,
            terms,
        })
    }

    /// Takes the next step to bring a glossary into step, one request: lists all, makes it or reads
    /// its entries, replaces them.
    async fn step(&self, wanted: &Wanted) -> Result<(), EngineError> {
        let Wanted {
            name,
            from,
            to,
            terms,
        } = wanted;
        let listed = self.known().listed.clone();
        let Some(listed) = listed else {
            let list = self.v3(Method::GET, "/v3/glossaries", None).await;
            let list = list.map_err(failure)?;
            self.known().listed = Some(names(&list));
            return Ok(());
        };
        let dictionary = json!({
            "source_lang": from,
            "target_lang": to,
            "entries": terms,
            "entries_format": "tsv",
        });
        let Some(id) = listed.get(name) else {
            let body = json!({"name": name, "dictionaries": [dictionary]});
            let made = self.v3(Method::POST, "/v3/glossaries", Some(&body)).await;
            let made = made.map_err(no_room)?;
            let id = made
                .get("glossary_id")
                .and_then(Value::as_str)
                .ok_or_else(|| no_id("made a glossary without an id"))?;
            self.known().in_step.insert(name.clone(), id.to_owned());
            return Ok(());
        };
        // The id goes into a path: nothing but what an id is made of.
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(no_id("gave a glossary an id that is none"));
        }
        let stale = self.known().stale.contains(name);
        let in_step = if stale {
            let path = format!("/v3/glossaries/{id}/dictionaries");
            let put = self.v3(Method::PUT, &path, Some(&dictionary)).await;
            put.map_err(failure)?;
            true
        } else {
            let path = format!("/v3/glossaries/{id}/entries?source_lang={from}&target_lang={to}");
            let stored = match self.v3(Method::GET, &path, None).await {
                Ok(stored) => stored,
                // It has no dictionary of these languages yet.
                Err(HttpError::Refused(refused)) if refused.status == 404 => Value::Null,
                Err(error) => return Err(failure(error)),
            };
            let stored = stored.pointer("/dictionaries/0/entries");
            stored.and_then(Value::as_str).map(sorted) == Some(sorted(terms))
        };
        let mut known = self.known();
        if in_step {
            known.in_step.insert(name.clone(), id.clone());
        } else {
            known.stale.insert(name.clone());
        }
        Ok(())
    }

    async fn v3(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, HttpError> {
        self.http.call(method, path, &self.headers(), body).await
    }
}

/// The ids of glossaries in a list, by name; of several with one name the first.
fn names(list: &Value) -> BTreeMap<String, String> {
    let all = list.get("glossaries").and_then(Value::as_array);
    let mut names = BTreeMap::new();
    for one in all.into_iter().flatten() {
        let text = |key: &str| one.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
        if let (Some(name), Some(id)) = (text("name"), text("glossary_id")) {
            names.entry(name).or_insert(id);
        }
    }
    names
}

/// Why no glossary could be made.
fn no_room(error: HttpError) -> EngineError {
    match error {
        HttpError::Refused(mut refused) if refused.status == 456 => {
            "has no room for another glossary (456): delete one of the account's"
                .clone_into(&mut refused.message);
            refused.into_error(Failure::Closed)
        }
        other => failure(other),
    }
}

fn no_id(message: &str) -> EngineError {
    EngineError {
        kind: Failure::Passing,
        message: message.to_owned(),
        retry_after: None,
        maybe_billed: false,
    }
}

fn failure(error: HttpError) -> EngineError {
    match error {
        HttpError::Refused(mut refused) if refused.status == 456 => {
            "has no quota left (456): the account's characters are used up"
                .clone_into(&mut refused.message);
            refused.into_error(Failure::Closed)
        }
        other => other.into_error(),
    }
}

/// The terms to be used, as DeepL's tab-separated entries: each source once.
fn entries(concepts: &[Concept]) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut seen = BTreeMap::new();
    for concept in concepts {
        if let Some(term) = concept.allowed().next() {
            seen.entry(one_line(&concept.source))
                .or_insert_with(|| one_line(&term.text));
        }
    }
    seen.iter()
        .map(|(source, target)| format!("{source}\t{target}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn sorted(entries: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = entries.lines().map(str::trim_end).collect();
    lines.sort_unstable();
    lines
}

/// The blocks around the batch: DeepL's array items don't see each other.
fn context(request: &Request) -> String {
    let text = &request.context.text;
    let first = request.items.first().map(|item| item.source.text());
    let around = first
        .and_then(|first| text.iter().position(|block| block.contains(&first)))
        .unwrap_or(0);
    let mut context = request.context.title.clone();
    for block in &text[around.saturating_sub(2)..] {
        if context.chars().count() > CONTEXT {
            break;
        }
        context.push('\n');
        context.push_str(block);
    }
    context.chars().take(CONTEXT).collect()
}

fn source_lang(lang: &Lang) -> String {
    lang.primary().to_uppercase()
}

fn target_lang(lang: &Lang) -> String {
    let tag = lang.to_string().to_uppercase();
    match (lang.primary(), lang.is_simplified_chinese()) {
        ("zh", true) => "ZH-HANS".to_owned(),
        ("zh", false) => "ZH-HANT".to_owned(),
        // Plain English and Portuguese are no targets any more.
        ("en", _) if tag == "EN" => "EN-US".to_owned(),
        ("pt", _) if tag == "PT" => "PT-PT".to_owned(),
        ("en" | "pt" | "es", _) => tag,
        (primary, _) => primary.to_uppercase(),
    }
}

fn glossary_lang(lang: &Lang) -> String {
    lang.primary().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, TermStatus};

    #[test]
    fn languages_have_deepls_names() {
        let target = |tag: &str| target_lang(&tag.parse().unwrap());
        assert_eq!(target("en"), "EN-US");
        assert_eq!(target("en-GB"), "EN-GB");
        assert_eq!(target("zh-TW"), "ZH-HANT");
        assert_eq!(target("fr-CA"), "FR");
        assert_eq!(source_lang(&"zh-Hans".parse().unwrap()), "ZH");
    }

    #[test]
    fn entries_are_sorted_and_no_source_comes_twice() {
        let concept = |source: &str, text: &str, status| Concept {
            source: source.into(),
            scope: None,
            terms: vec![Term {
                text: text.into(),
                status,
                note: None,
            }],
        };
        let concepts = [
            concept("b", "B\tB", TermStatus::Preferred),
            concept("a", "A", TermStatus::Admitted),
            concept("b", "C", TermStatus::Preferred),
            concept("c", "bad", TermStatus::Forbidden),
        ];
        assert_eq!(entries(&concepts), "a\tA\nb\tB B");
    }
}
