//! What all language models share: the prompt, the segments as JSON, the answer's schema.
//!
//! The request is a fixed prefix (rules, article, terms) and the batch, in this order, so that
//! prompt caches can reuse the prefix and batches of one article can run side by side. Segments
//! are numbered within their batch: every full batch has the same schema, which is part of what
//! services cache.

use std::fmt::Write as _;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::codes::Tagged;
use super::engine::{Answer, Forecast, Item, Request, Setup, Usage};
use super::settings::Formality;
use crate::model::{Concept, Lang};

/// duizhao's own instructions. A change of this file changes the prompt's version.
const PROMPT: &str = include_str!("prompt.md");

/// Source characters that the article may have to go along whole; of a longer one the part around
/// the batch goes along.
const CONTEXT: usize = 12_000;

/// Characters of the source that an answer repeats.
pub(super) const ECHO: usize = 8;

/// The instructions to a language model.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    template: String,
    style: String,
    formality: Option<Formality>,
    temperature: Option<f64>,
}

impl Prompt {
    pub(super) fn new(setup: &Setup<'_>) -> Self {
        Self {
            template: setup.prompt.unwrap_or(PROMPT).to_owned(),
            style: setup.settings.style.clone().unwrap_or_default(),
            formality: setup.settings.formality,
            temperature: setup.own.temperature,
        }
    }

    /// The instructions as they are written, before anything is filled in.
    pub(super) fn template(&self) -> &str {
        &self.template
    }

    /// The sampling temperature, where one is set.
    pub(super) fn temperature(&self) -> Option<f64> {
        self.temperature
    }

    /// What changes the answers: the prompt's version, style, formality, temperature.
    pub(super) fn options(&self) -> String {
        let version: String =
            Sha256::digest(&self.template)[..6]
                .iter()
                .fold(String::new(), |mut hex, byte| {
                    // Writing to a string can't fail.
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
        json!({
            "prompt": version,
            "style": self.style,
            "formality": self.formality,
            "temperature": self.temperature,
        })
        .to_string()
    }

    /// The rules: the same for every request of a language pair.
    pub(super) fn system(&self, from: &Lang, to: &Lang) -> String {
        let formality = match self.formality {
            None => "",
            Some(Formality::More) => "Address the reader formally.",
            Some(Formality::Less) => "Address the reader informally.",
        };
        self.template
            .replace("{source_language}", &language(from))
            .replace("{target_language}", &language(to))
            .replace("{formality}", formality)
            .replace("{style}", &self.style)
            .trim()
            .to_owned()
    }

    /// The article and its terms: the same for every batch of an article that is not too long.
    pub(super) fn context(request: &Request) -> String {
        let context = &request.context;
        let terms: Map<String, Value> = context.terms.iter().map(term).collect();
        let article = json!({"title": context.title, "text": excerpt(request)});
        format!(
            "The article, for context only:\n{article}\n\nIts terms:\n{}\n\n",
            Value::Object(terms)
        )
    }

    /// The segments to translate.
    pub(super) fn batch(request: &Request) -> String {
        let segments: Map<String, Value> = request
            .items
            .iter()
            .map(|item| (item.id.clone(), segment(item)))
            .collect();
        let count = request.items.len();
        format!(
            "Translate {count} segment{}:\n{}",
            if count == 1 { "" } else { "s" },
            json!({ "segments": segments })
        )
    }

    /// What a request will use of a model that `thinks` before it answers or does not. Characters
    /// become tokens at the rate of the common tokenizers, on the high side.
    pub(super) fn forecast(&self, request: &Request, thinks: bool) -> Forecast {
        let input = tokens(&self.system(&request.source, &request.target))
            + tokens(&Self::context(request))
            + tokens(&Self::batch(request));
        let likely: u64 = request
            .items
            .iter()
            .map(|item| answer_tokens(item, request) + 20)
            .sum();
        let usage = |output_tokens| Usage {
            requests: 1,
            input_tokens: input,
            output_tokens,
            ..Usage::default()
        };
        let mut at_most = usage(Self::output_limit(request, thinks));
        at_most.input_tokens += input / 4;
        Forecast {
            likely: usage(likely),
            at_most,
        }
    }

    /// Output tokens that the request allows: three times what is likely, and room to think, which
    /// counts as output, where the model `thinks`.
    pub(super) fn output_limit(request: &Request, thinks: bool) -> u64 {
        const THOUGHTS: u64 = 4_000;
        let likely: u64 = request
            .items
            .iter()
            .map(|item| answer_tokens(item, request) + 30)
            .sum();
        likely * 3 + 100 + if thinks { THOUGHTS } else { 0 }
    }
}

fn answer_tokens(item: &Item, request: &Request) -> u64 {
    let source = tokens(&item.source.text());
    // A Chinese character becomes about three quarters of an English word.
    if request.source.separates_with_spaces() {
        source * 2
    } else {
        source + source / 4
    }
}

/// About how many tokens a text has: one for each Han character or the like, one for every three
/// other characters.
pub(super) fn tokens(text: &str) -> u64 {
    let (mut wide, mut narrow) = (0u64, 0u64);
    for c in text.chars() {
        if c >= '\u{2e80}' {
            wide += 1;
        } else {
            narrow += 1;
        }
    }
    wide + narrow.div_ceil(3)
}

fn language(lang: &Lang) -> String {
    let name = match lang.primary() {
        "zh" if lang.is_simplified_chinese() => "Simplified Chinese",
        "zh" => "Traditional Chinese",
        "en" => "English",
        "fr" => "French",
        "de" => "German",
        "es" => "Spanish",
        "it" => "Italian",
        "pt" => "Portuguese",
        "ru" => "Russian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "ar" => "Arabic",
        "vi" => "Vietnamese",
        _ => return format!("the language {lang}"),
    };
    let tag = lang.to_string();
    if tag.contains('-') {
        format!("{name} ({tag})")
    } else {
        name.to_owned()
    }
}

fn excerpt(request: &Request) -> Vec<&str> {
    let text = &request.context.text;
    let length: usize = text.iter().map(|block| block.chars().count()).sum();
    if length <= CONTEXT {
        return text.iter().map(String::as_str).collect();
    }
    let first = request.items.first().map(|item| item.source.text());
    let around = first
        .and_then(|first| text.iter().position(|block| block.contains(&first)))
        .unwrap_or(0);
    // A third of the room for what goes before, the rest for the batch and what follows.
    let mut before = CONTEXT / 3;
    let mut start = around;
    while let Some(at) = start.checked_sub(1) {
        let length = text[at].chars().count();
        if length > before {
            break;
        }
        before -= length;
        start = at;
    }
    let mut budget = CONTEXT;
    let mut taken = Vec::new();
    for block in &text[start..] {
        let length = block.chars().count();
        if length > budget && !taken.is_empty() {
            break;
        }
        budget = budget.saturating_sub(length);
        taken.push(block.as_str());
    }
    taken
}

fn term(concept: &Concept) -> (String, Value) {
    let allowed: Vec<&str> = concept.allowed().map(|term| term.text.as_str()).collect();
    let forbidden: Vec<&str> = concept.forbidden().map(|term| term.text.as_str()).collect();
    let mut value = Map::new();
    if !allowed.is_empty() {
        value.insert("use".to_owned(), json!(allowed));
    }
    if !forbidden.is_empty() {
        value.insert("forbidden".to_owned(), json!(forbidden));
    }
    if let Some(note) = concept.terms.iter().find_map(|term| term.note.as_deref()) {
        value.insert("note".to_owned(), json!(note));
    }
    (concept.source.clone(), Value::Object(value))
}

fn segment(item: &Item) -> Value {
    let mut segment = Map::new();
    segment.insert(
        "source".to_owned(),
        json!(Tagged::new(&item.source, false).text),
    );
    segment.insert("kind".to_owned(), json!(item.kind.name()));
    for (name, neighbour) in ["before", "after"].iter().zip(&item.neighbours) {
        if let Some(text) = neighbour
            && item.complaint.is_some()
        {
            segment.insert((*name).to_owned(), json!(text));
        }
    }
    if !item.terms.is_empty() {
        let terms: Map<String, Value> = item.terms.iter().map(term).collect();
        segment.insert("terms".to_owned(), Value::Object(terms));
    }
    if !item.examples.is_empty() {
        let examples: Vec<Value> = item
            .examples
            .iter()
            .map(|example| {
                json!({
                    "source": example.source.text(),
                    "target": example.target.content.text(),
                    "similarity": example.similarity,
                })
            })
            .collect();
        segment.insert("examples".to_owned(), Value::Array(examples));
    }
    if let Some(complaint) = &item.complaint {
        segment.insert(
            "rejected".to_owned(),
            json!({"answer": complaint.answer, "because": complaint.reasons}),
        );
    }
    Value::Object(segment)
}

/// The JSON schema that the answer must fit: every segment required, nothing else allowed.
pub(super) fn schema(request: &Request) -> Value {
    let answer = json!({
        "type": "object",
        "properties": {"echo": {"type": "string"}, "target": {"type": "string"}},
        "required": ["echo", "target"],
        "additionalProperties": false,
    });
    let ids: Vec<&str> = request.items.iter().map(|item| item.id.as_str()).collect();
    let properties: Map<String, Value> = ids
        .iter()
        .map(|id| ((*id).to_owned(), answer.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": ids,
        "additionalProperties": false,
    })
}

/// Reads what the model said. An error is a text in which there is no such object: a refusal,
/// say. Of an object that breaks off, the answers before the break are read. Properties that are
/// doubled or unknown come out as they stand; validation sees them.
pub(super) fn read(said: &str, request: &Request) -> Result<Vec<Answer>, String> {
    // A model that no schema binds may set its answer in a fence or a sentence, or inside another
    // object. Not many braces are tried: each is read to its end.
    const TRIES: usize = 4;
    let said = without_thoughts(said);
    let known = |pairs: &[(String, Value)]| {
        pairs
            .iter()
            .any(|(id, _)| request.items.iter().any(|item| item.id == *id))
    };
    let mut others = None;
    for (start, _) in said.match_indices('{').take(TRIES) {
        let (pairs, whole) = pairs(&said[start..]);
        if known(&pairs) {
            return Ok(pairs
                .into_iter()
                .map(|(id, value)| answer(id, &value, request))
                .collect());
        }
        if whole && others.is_none() {
            others = Some(pairs);
        }
    }
    if let Some(others) = others {
        return Ok(others
            .into_iter()
            .map(|(id, value)| answer(id, &value, request))
            .collect());
    }
    let start: String = said.chars().take(160).collect();
    Err(if start.trim().is_empty() {
        "the model said nothing".to_owned()
    } else {
        format!("the model said no JSON: {start}")
    })
}

/// What a model said after it thought aloud, as some servers hand it on: `<think>…</think>`, or
/// without the first mark. Inside an answer, which is a JSON string, no mark begins a line.
fn without_thoughts(said: &str) -> &str {
    const END: &str = "</think>";
    let said = said.trim_start();
    let opened = said.starts_with("<think>");
    let mut after = said
        .match_indices(END)
        .filter(|(at, _)| opened || said[..*at].ends_with('\n'))
        .map(|(at, _)| said[at + END.len()..].trim_start());
    let answer = after.clone().find(|rest| rest.starts_with(['{', '`']));
    answer
        .or_else(|| after.next())
        .unwrap_or(if opened { "" } else { said })
}

fn answer(id: String, value: &Value, request: &Request) -> Answer {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let raw = text("target").unwrap_or_default().trim().to_owned();
    let content = match request.items.iter().find(|item| item.id == id) {
        Some(item) => Tagged::new(&item.source, false).read(&raw),
        None => Err("the answer is for no segment of the batch".to_owned()),
    };
    Answer {
        id,
        echo: Some(text("echo").unwrap_or_default().to_owned()),
        content,
        raw,
    }
}

/// The properties of the JSON object that `text` begins with, in order, doubled ones included, as
/// far as they are whole; and whether the object is.
fn pairs(text: &str) -> (Vec<(String, Value)>, bool) {
    let mut pairs = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let whole = Pairs(&mut pairs).deserialize(&mut json).is_ok();
    (pairs, whole)
}

struct Pairs<'a>(&'a mut Vec<(String, Value)>);

impl<'de> DeserializeSeed<'de> for Pairs<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pairs<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of answers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(pair) = map.next_entry()? {
            self.0.push(pair);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ArticleId, BlockKind, Content};
    use crate::translate::engine::Context;
    use std::sync::Arc;

    fn request(sources: &[&str]) -> Request {
        Request {
            source: "zh-Hans".parse().unwrap(),
            target: "en".parse().unwrap(),
            context: Arc::new(Context {
                article: ArticleId::new("a"),
                title: "题".into(),
                text: sources.iter().map(|&s| s.to_owned()).collect(),
                terms: vec![],
                glossary: vec![],
            }),
            items: sources
                .iter()
                .enumerate()
                .map(|(n, source)| Item {
                    id: (n + 1).to_string(),
                    kind: BlockKind::Paragraph,
                    source: Content::from_text(source),
                    terms: vec![],
                    neighbours: [None, None],
                    examples: vec![],
                    complaint: None,
                })
                .collect(),
        }
    }

    #[test]
    fn doubled_and_unknown_ids_are_seen() {
        let said = "```json\n{\"1\":{\"echo\":\"一\",\"target\":\"One\"},\"1\":{\"echo\":\"一\",\
                    \"target\":\"Two\"},\"9\":{\"target\":\"x\"}}\n```";
        let answers = read(said, &request(&["一"])).unwrap();
        let ids: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
        assert_eq!(ids, ["1", "1", "9"]);
        assert!(answers[2].content.is_err());
        assert!(read("I'm sorry, I can't.", &request(&["一"])).is_err());
    }

    #[test]
    fn what_was_thought_aloud_is_no_answer() {
        let request = request(&["一", "二"]);
        let answers = "{\"1\":{\"echo\":\"一\",\"target\":\"One\"},\
                       \"2\":{\"echo\":\"二\",\"target\":\"Say </think> {\"}}";
        for before in [
            "<think>\nThe user wants {\"1\": …}, so </think> ends this.\n</think>\n\n",
            "First {one}, then two.\n</think>\n",
            "Here: ",
            "{\"segments\": ",
        ] {
            let said = format!("{before}{answers}");
            let read = read(&said, &request).unwrap();
            let texts: Vec<&str> = read.iter().map(|answer| answer.raw.as_str()).collect();
            assert_eq!(texts, ["One", "Say </think> {"], "{before}");
        }
        assert!(super::read("<think>{\"1\": {\"target\": \"One\"}}", &request).is_err());
    }

    #[test]
    fn of_an_answer_that_breaks_off_the_whole_pairs_are_read() {
        let said =
            "{\"1\":{\"echo\":\"一\",\"target\":\"One\"},\"2\":{\"echo\":\"二\",\"target\":\"Tw";
        let answers = read(said, &request(&["一", "二"])).unwrap();
        let ids: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
        assert_eq!(ids, ["1"]);
        assert!(read("{\"1\":{\"echo\":\"一\"", &request(&["一"])).is_err());
    }

    #[test]
    fn every_id_is_required_and_full_batches_share_a_schema() {
        let schema_of = |sources: &[&str]| schema(&request(sources));
        assert_eq!(schema_of(&["一", "二"])["required"], json!(["1", "2"]));
        assert_eq!(schema_of(&["一", "二"]), schema_of(&["三", "四"]));
    }

    #[test]
    fn a_long_article_goes_along_in_part() {
        let long: Vec<String> = (0..200)
            .map(|n| format!("{n}{}", "长".repeat(200)))
            .collect();
        let mut request = request(&long.iter().map(String::as_str).collect::<Vec<_>>());
        request.items = request.items.split_off(150);
        let part = excerpt(&request);
        let length: usize = part.iter().map(|block| block.chars().count()).sum();
        assert!(length <= CONTEXT + 210 && length > CONTEXT / 2, "{length}");
        assert!(part.contains(&long[150].as_str()));
    }
}
