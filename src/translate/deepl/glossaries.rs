//! `DeepL`'s glossaries, kept in step with the local one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use reqwest::Method;
use serde_json::{Value, json};

use super::{DeepL, failure};
use crate::model::{Concept, Lang};
use crate::translate::engine::{EngineError, Failure, Request};
use crate::translate::http::HttpError;

/// What is known of the account's glossaries.
#[derive(Default)]
pub(super) struct Glossaries {
    /// The ids of all, by name, once they were listed.
    listed: Option<BTreeMap<String, String>>,
    /// The names of those whose entries are others than ours.
    stale: BTreeSet<String>,
    /// The ids of those that are in step, by name.
    pub(super) in_step: BTreeMap<String, String>,
}

/// A glossary that a request needs.
pub(super) struct Wanted {
    pub(super) name: String,
    from: String,
    to: String,
}

impl DeepL {
    pub(super) fn known(&self) -> MutexGuard<'_, Glossaries> {
        self.glossaries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The glossary with the article's terms; None where there are none.
    pub(super) fn wanted(&self, request: &Request) -> Option<Wanted> {
        let glossary = &request.context.glossary;
        if !glossary
            .iter()
            .any(|concept| concept.allowed().next().is_some())
        {
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
        if glossary.iter().any(limited) {
            name = format!("{name} {}", request.context.article);
        }
        Some(Wanted { name, from, to })
    }

    /// Takes the next step to bring a glossary into step, one request: lists all, makes it or reads
    /// its entries, replaces them.
    pub(super) async fn step(&self, wanted: &Wanted, request: &Request) -> Result<(), EngineError> {
        let Wanted { name, from, to } = wanted;
        let listed = self.known().listed.clone();
        let Some(listed) = listed else {
            let list = self.v3(Method::GET, "/v3/glossaries", None).await;
            let list = list.map_err(failure)?;
            self.known().listed = Some(names(&list));
            return Ok(());
        };
        let terms = entries(&request.context.glossary);
        let dictionary = json!({
            "source_lang": from,
            "target_lang": to,
            "entries": terms,
            "entries_format": "tsv",
        });
        let Some(id) = listed.get(name) else {
            let body = json!({"name": name, "dictionaries": [dictionary]});
            // It may be made although no answer says so: before another is made they are listed.
            self.known().listed = None;
            let made = self.v3(Method::POST, "/v3/glossaries", Some(&body)).await;
            let made = made.map_err(no_room)?;
            let id = made
                .get("glossary_id")
                .and_then(Value::as_str)
                .ok_or_else(|| no_id("made a glossary without an id"))?;
            self.known().listed = Some(listed.clone());
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
            stored.and_then(Value::as_str).map(sorted) == Some(sorted(&terms))
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

fn glossary_lang(lang: &Lang) -> String {
    lang.primary().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, TermStatus};

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
