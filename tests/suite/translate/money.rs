//! What a run costs, and what it costs nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duizhao::model::{Content, Finding, Location, Severity, State, Suggestion, Target};
use duizhao::translate::{Session, TranslateError};
use serde_json::json;

use super::bench::{Bench, article, concept, en, sentences, targets};
use super::fake::{Fake, translation};

/// A hundred tokens in and fifty out a request: 0.15 with these prices.
const PRICE: &str = "[prices.openai]\ninput = 1000.0\noutput = 1000.0\n";

#[tokio::test]
async fn a_limit_stops_before_it_is_passed() {
    let fake = Fake::new().latency(30);
    let server = fake.start().await;
    let more = format!("batch = 1\nconcurrency = 8\nmax_cost = 6.0\n{PRICE}");
    let bench = Bench::new("openai", &server.uri(), &more);
    let mut articles = [article("a", &sentences(60))];
    let outcome = bench.fill(&mut articles).await.unwrap();
    let Some(error @ TranslateError::Budget { .. }) = &outcome.stopped else {
        panic!("{:?}", outcome.stopped)
    };
    assert_eq!(error.exit_status(), 5);
    let sent = fake.requests();
    assert!(sent >= 10 && sent as f64 * 0.15 <= 6.0, "{sent}");
    assert!((outcome.engines[0].cost.unwrap() - sent as f64 * 0.15).abs() < 1e-9);
    let filled = targets(&articles[0])
        .iter()
        .filter(|t| !t.is_empty())
        .count();
    assert_eq!(filled, sent, "all that was paid for is kept");
}

/// What broke off in one language may have been paid for, and counts in the next.
#[tokio::test]
async fn a_limit_holds_over_all_languages_of_a_run() {
    let broken = wiremock::ResponseTemplate::new(200).set_body_string("<html>oops");
    let fake = Fake::new().fault(move |n| (n < 2).then(|| broken.clone()));
    let server = fake.start().await;
    let texts = ["今天全县共同努力。"];
    let length = texts[0].chars().count() as f64;
    let more = format!(
        "max_cost = {}\n[prices.libretranslate]\ncharacters = 1_000_000.0",
        length * 3.5
    );
    let bench = Bench::new("libretranslate", &server.uri(), &more);
    let mut session = Session::default();
    let mut stopped = Vec::new();
    for lang in ["en", "fr"] {
        let outcome = bench
            .fill_in(
                &lang.parse().unwrap(),
                &mut [article("a", &texts)],
                &mut session,
            )
            .await
            .unwrap();
        stopped.push(outcome.stopped);
    }
    assert_eq!(fake.requests(), 3);
    assert!(stopped[0].is_none());
    let Some(TranslateError::Budget { spent, .. }) = &stopped[1] else {
        panic!("{stopped:?}")
    };
    assert!((spent - length * 3.0).abs() < 1e-6, "{spent}");
}

/// A server that does not say what it used is taken to have used all that it was allowed.
#[tokio::test]
async fn a_limit_holds_where_no_usage_is_said() {
    let more = format!("batch = 1\nconcurrency = 2\nmax_cost = 12.0\n{PRICE}");
    for (engine, usage) in [
        ("openai", json!(null)),
        ("openai", json!({"total_tokens": 150})),
        (
            "openai",
            json!({"prompt_tokens": 0, "completion_tokens": 0}),
        ),
        ("anthropic", json!(null)),
    ] {
        let fake = Fake::new().usage(usage);
        let server = fake.start().await;
        let more = more.replace("openai", engine);
        let bench = Bench::new(engine, &server.uri(), &more);
        let outcome = bench
            .fill(&mut [article("a", &sentences(60))])
            .await
            .unwrap();
        assert!(
            matches!(outcome.stopped, Some(TranslateError::Budget { .. })),
            "{engine}: {:?}",
            outcome.stopped
        );
        let sum = &outcome.engines[0];
        assert_eq!(sum.usage.requests, fake.requests() as u64);
        assert_eq!(sum.usage.estimated, sum.usage.requests);
        assert!(sum.cost.unwrap() > 1.0 && sum.cost.unwrap() <= 12.0);
        let recorded = duizhao::translate::Journal::sums(&bench.journal()).unwrap();
        assert_eq!(recorded[0].usage, sum.usage);
    }
    // Whole numbers with a point are numbers.
    let fake = Fake::new().usage(json!({"prompt_tokens": 1000.0, "completion_tokens": 500.0}));
    let server = fake.start().await;
    let bench = Bench::new("openai", &server.uri(), &more);
    let outcome = bench
        .fill(&mut [article("a", &sentences(2))])
        .await
        .unwrap();
    let sum = &outcome.engines[0];
    assert_eq!(
        (
            sum.usage.input_tokens,
            sum.usage.output_tokens,
            sum.usage.estimated
        ),
        (2000, 1000, 0)
    );
    assert!((sum.cost.unwrap() - 3.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_limit_needs_a_price() {
    let bench = Bench::new(
        "openai",
        "http://127.0.0.1:9",
        "max_cost = 1.0\nmodel = 'mystery'",
    );
    let error = bench
        .fill(&mut [article("a", &sentences(1))])
        .await
        .unwrap_err();
    assert_eq!(error.exit_status(), 2);
    assert!(error.to_string().contains("openai/mystery"), "{error}");
}

#[tokio::test]
async fn repeated_sentences_are_sent_once() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("openai", &server.uri(), "");
    let mut texts = sentences(5);
    texts.extend(sentences(5));
    let mut articles = [article("a", &texts), article("b", &texts[..3])];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!((outcome.counts.translated, outcome.counts.repeated), (5, 8));
    assert!(fake.paid_twice().is_empty());
    super::all_right(&articles[0]);
    super::all_right(&articles[1]);
}

#[tokio::test]
async fn one_new_sentence_or_term_bills_that_sentence_only() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("openai", &server.uri(), "");
    bench
        .fill(&mut [article("a", &sentences(12))])
        .await
        .unwrap();
    let answered = || fake.seen.lock().unwrap().answered.values().sum::<usize>();
    assert_eq!(answered(), 12);
    let mut edited = sentences(12);
    edited[4] = "这句话是新的，别的都没有变。".into();
    bench.fill(&mut [article("a", &edited)]).await.unwrap();
    assert_eq!(answered(), 13);
    // A term that stands in one sentence.
    let bench = bench.with_terms(vec![concept("第7项", "T")]);
    bench.fill(&mut [article("a", &edited)]).await.unwrap();
    let seen = fake.seen.lock().unwrap();
    assert_eq!(
        seen.answered.values().filter(|count| **count > 1).count(),
        1
    );
}

#[tokio::test]
async fn the_memory_comes_first_and_fuzzy_matches_go_along() {
    let fake = Fake::new();
    let server = fake.start().await;
    let texts = sentences(4);
    let (exact, fuzzy) = (texts[0].clone(), texts[1].clone());
    let mut bench = Bench::new("openai", &server.uri(), "batch = 10");
    bench.memory = Box::new(move |source, _, _| {
        let offer = |similarity| Suggestion {
            source: Content::from_text("从前的一句话。"),
            target: Target {
                content: Content::from_text("An approved sentence."),
                state: State::Final,
                provenance: vec![],
            },
            similarity,
        };
        match source.text() {
            text if text == exact => vec![offer(100)],
            text if text == fuzzy => vec![offer(83), offer(60)],
            _ => vec![],
        }
    });
    let mut articles = [article("a", &texts)];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!((outcome.counts.memory, outcome.counts.translated), (1, 3));
    assert_eq!(targets(&articles[0])[0], "An approved sentence.");
    let seen = fake.seen.lock().unwrap();
    let sent = super::fake::segments(&seen.bodies[0]);
    assert_eq!(sent.len(), 3);
    let examples = sent[0].1["examples"].as_array().unwrap();
    assert_eq!(
        (examples.len(), &examples[0]["similarity"]),
        (1, &serde_json::json!(83))
    );
}

#[tokio::test]
async fn a_plan_sends_nothing_and_needs_no_key() {
    let fake = Fake::new();
    let server = fake.start().await;
    let mut bench = Bench::new("openai", &server.uri(), "model = 'gpt-4o'");
    bench.keys = duizhao::translate::Keys::default();
    let mut texts = sentences(30);
    texts.push(texts[0].clone());
    let plan = bench.plan(&[article("a", &texts)]).await.unwrap();
    assert_eq!(fake.requests(), 0);
    assert_eq!((plan.segments, plan.repeated, plan.free), (31, 1, 0));
    let names: Vec<&str> = plan.rows.iter().map(|row| row.engine.as_str()).collect();
    assert_eq!(names, ["deepl", "openai", "anthropic", "libretranslate"]);
    let openai = &plan.rows[1];
    assert!(openai.chosen && openai.segments == 30 && openai.usage.tokens() > 1000);
    assert!(openai.cost.unwrap() > 0.0 && openai.as_of.is_some());
    let deepl = &plan.rows[0];
    let characters: usize = sentences(30).iter().map(|text| text.chars().count()).sum();
    assert_eq!(deepl.characters, characters);
    assert!((deepl.cost.unwrap() - characters as f64 * 25.0 / 1e6).abs() < 1e-9);
}

#[tokio::test]
async fn where_nothing_is_left_to_send_no_key_is_needed() {
    let fake = Fake::new();
    let server = fake.start().await;
    let mut bench = Bench::new("deepl", &server.uri(), "max_cost = 5.0");
    let mut articles = [article("a", &sentences(5))];
    bench.fill(&mut articles).await.unwrap();
    bench.keys = duizhao::translate::Keys::default();
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!(outcome.counts.kept, 5);
    // All of these answers are in the journal.
    let mut fresh = [article("a", &sentences(5))];
    let outcome = bench.fill(&mut fresh).await.unwrap();
    assert_eq!((outcome.counts.journal, fake.requests()), (5, 1));
    let error = bench
        .fill(&mut [article("a", &sentences(6))])
        .await
        .unwrap_err();
    assert!(error.to_string().contains("DEEPL_AUTH_KEY"), "{error}");
}

#[tokio::test]
async fn a_plan_has_for_each_engine_what_it_would_be_sent() {
    let fake = Fake::new();
    let server = fake.start().await;
    let articles = || {
        [
            article("a", &sentences(4)),
            article("b", &sentences(12)[4..]),
        ]
    };
    let segments = |plan: &duizhao::translate::Plan| -> Vec<(String, bool, usize)> {
        let rows = plan.rows.iter();
        rows.map(|row| (row.engine.clone(), row.chosen, row.segments))
            .collect()
    };
    let bench = Bench::new("openai", &server.uri(), "[articles.a]\nengine = 'deepl'");
    let plan = bench.plan(&articles()).await.unwrap();
    assert_eq!(
        segments(&plan),
        [
            ("deepl".into(), true, 4),
            ("openai".into(), true, 8),
            ("anthropic".into(), false, 12),
            ("libretranslate".into(), false, 12)
        ]
    );
    let bench = Bench::new("openai", &server.uri(), "[articles.a]\nengine = 'none'");
    let plan = bench.plan(&articles()).await.unwrap();
    assert_eq!(segments(&plan)[0], ("deepl".into(), false, 8));
    assert_eq!(segments(&plan)[1], ("openai".into(), true, 8));
}

#[tokio::test]
async fn a_plan_leaves_out_what_was_given_up() {
    let fake = Fake::new().mangle(|_, mut said| {
        said[0].target.clear();
        said
    });
    let server = fake.start().await;
    let mut bench = Bench::new("openai", &server.uri(), "batch = 20");
    let articles = || [article("a", &sentences(5))];
    bench.fill(&mut articles()).await.unwrap();
    let plan = bench.plan(&articles()).await.unwrap();
    assert_eq!((plan.free, plan.given_up, plan.rows[1].segments), (4, 1, 0));
    bench.retry_rejected = true;
    let plan = bench.plan(&articles()).await.unwrap();
    assert_eq!((plan.free, plan.given_up, plan.rows[1].segments), (4, 0, 1));
}

#[tokio::test]
async fn a_wrong_number_is_asked_for_twice_more_and_then_left_with_an_offer() {
    let fake = Fake::new();
    let server = fake.start().await;
    let mut bench = Bench::new("openai", &server.uri(), "batch = 5");
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let bad = sentences(5)[2].clone();
    bench.verify = Box::new(move |article, segment, _, _| {
        counter.fetch_add(1, Ordering::Relaxed);
        if segment.source.text() != bad {
            return vec![];
        }
        vec![Finding {
            rule: "number.value".into(),
            severity: Severity::Error,
            location: Location {
                article: Some(article.id.clone()),
                segment: Some(segment.id.clone()),
                pair: None,
                language: None,
            },
            message: "5 is not 6".into(),
            source_span: None,
            target_span: None,
        }]
    });
    let mut articles = [article("a", &sentences(5))];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!(fake.requests(), 3);
    assert!(calls.load(Ordering::Relaxed) >= 7);
    let got = targets(&articles[0]);
    assert!(got[2].is_empty() && got.iter().filter(|t| !t.is_empty()).count() == 4);
    assert!(outcome.findings[0].message.contains("5 is not 6"));
    let segment = articles[0].segments().nth(2).unwrap();
    let offered = &segment.targets.get(&en()).unwrap().suggestions[0];
    assert_eq!(offered.target.content.text(), translation(&sentences(5)[2]));

    // DeepL can't be told: the finding stands on an accepted target.
    let fake = Fake::new();
    let server = fake.start().await;
    let mut deepl = Bench::new("deepl", &server.uri(), "");
    deepl.verify = bench.verify;
    let mut articles = [article("a", &sentences(5))];
    let outcome = deepl.fill(&mut articles).await.unwrap();
    assert_eq!((fake.requests(), outcome.findings.len()), (1, 1));
    super::all_right(&articles[0]);
}

#[tokio::test]
async fn pseudo_targets_are_replaced_and_edited_ones_are_not() {
    let fake = Fake::new();
    let server = fake.start().await;
    let mut pseudo = Bench::new("openai", &server.uri(), "");
    pseudo.settings.engine = Some("pseudo".into());
    let mut articles = [article("a", &sentences(6))];
    let outcome = pseudo.fill(&mut articles).await.unwrap();
    assert_eq!((outcome.counts.pseudo, fake.requests()), (6, 0));
    let target = articles[0]
        .segments()
        .next()
        .unwrap()
        .target(&en())
        .unwrap()
        .clone();
    assert_eq!(target.state, State::Initial);
    let kept = Target {
        content: Content::from_text("By hand."),
        state: State::Translated,
        provenance: vec![],
    };
    articles[0]
        .segments_mut()
        .nth(1)
        .unwrap()
        .targets
        .get_mut(&en())
        .unwrap()
        .target = Some(kept);
    let bench = Bench::new("openai", &server.uri(), "");
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!((outcome.counts.kept, outcome.counts.translated), (1, 5));
    assert_eq!(targets(&articles[0])[1], "By hand.");
}
