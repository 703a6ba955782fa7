//! Services that fail, shift, merge, drop, refuse or lie: nothing wrong becomes a target, all that
//! is right is kept, and nothing is sent before its time.

use std::time::{Duration, Instant};

use duizhao::translate::{Session, TranslateError};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::bench::{Bench, KEY, article, concept, en, sentences, targets};
use super::fake::{Fake, Said, translation};

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code).set_body_json(json!({"error": {"message": "no", "code": "x"}}))
}

/// Runs twenty sentences through a fake; gives targets, and how it stopped.
async fn through(
    fake: &Fake,
    engine: &str,
    more: &str,
) -> (Vec<String>, duizhao::translate::Outcome) {
    let server = fake.start().await;
    let bench = Bench::new(engine, &server.uri(), more);
    let mut articles = [article("a", &sentences(20))];
    let outcome = bench.fill(&mut articles).await.unwrap();
    (targets(&articles[0]), outcome)
}

fn expected() -> Vec<String> {
    sentences(20)
        .iter()
        .map(|source| translation(source))
        .collect()
}

fn assert_all_right(got: &(Vec<String>, duizhao::translate::Outcome)) {
    assert!(got.1.stopped.is_none(), "{:?}", got.1.stopped);
    assert_eq!(got.0, expected());
}

#[tokio::test]
async fn passing_faults_are_outlived() {
    for fault in [
        status(500),
        status(503),
        status(529),
        status(408),
        ResponseTemplate::new(200).set_body_string("<html><body>Bad gateway</body></html>"),
        ResponseTemplate::new(200).set_body_string("{\"choices\": [{\"mess"),
        ResponseTemplate::new(502).set_body_string("<html>oops</html>"),
    ] {
        for engine in ["openai", "deepl", "libretranslate", "anthropic"] {
            let fault = fault.clone();
            let fake = Fake::new().fault(move |n| (n == 1).then(|| fault.clone()));
            let got = through(&fake, engine, "batch = 7").await;
            assert_all_right(&got);
            assert!(fake.paid_twice().is_empty());
        }
    }
}

#[tokio::test]
async fn a_stalled_request_is_given_up_and_sent_again() {
    let stall = ResponseTemplate::new(200).set_delay(Duration::from_secs(10));
    let fake = Fake::new().fault(move |n| (n == 1).then(|| stall.clone()));
    let started = Instant::now();
    let got = through(&fake, "openai", "batch = 5\n[engines.openai]\ntimeout = 1").await;
    assert_all_right(&got);
    assert!(started.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn nothing_is_sent_before_a_retry_after_has_passed() {
    let wait = |name: &'static str, value: &'static str| status(429).insert_header(name, value);
    for (fault, least) in [
        (wait("retry-after", "1"), 1000),
        (wait("retry-after-ms", "700"), 700),
    ] {
        let fake = Fake::new()
            .latency(50)
            .fault(move |n| (n == 2).then(|| fault.clone()));
        let got = through(&fake, "libretranslate", "batch = 1\nconcurrency = 4").await;
        assert_all_right(&got);
        let times = fake.seen.lock().unwrap().times.clone();
        let rejected = times[2];
        // What was on its way when the answer came may still arrive within the latency.
        let early = times[3..]
            .iter()
            .filter(|at| **at > rejected + Duration::from_millis(40))
            .filter(|at| **at < rejected + Duration::from_millis(least))
            .count();
        assert_eq!(early, 0, "{least}");
    }
}

/// As for sentences, so for the glossary that goes before them.
#[tokio::test]
async fn nothing_is_sent_to_glossaries_before_a_retry_after_has_passed() {
    let fake = Fake::new();
    let server = fake.start().await;
    let terms = || vec![concept("项目", "project")];
    let busy = |at: &'static str| {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(status(429).insert_header("retry-after-ms", "600"))
            .up_to_n_times(1)
            .with_priority(1)
    };
    let settings = "batch = 1\nconcurrency = 4";
    let times = || fake.seen.lock().unwrap().times.clone();
    let calls = || fake.seen.lock().unwrap().glossary_calls.clone();

    busy("/v3/glossaries").mount(&server).await;
    let bench = Bench::new("deepl", &server.uri(), settings).with_terms(terms());
    let start = Instant::now();
    let mut articles = [article("a", &sentences(8))];
    bench.fill(&mut articles).await.unwrap();
    super::all_right(&articles[0]);
    assert!(times()[0] >= start + Duration::from_millis(600));
    assert_eq!(calls(), ["GET /v3/glossaries", "POST /v3/glossaries"]);

    busy("/v3/glossaries/0ab-1/entries").mount(&server).await;
    let bench = Bench::new("deepl", &server.uri(), settings).with_terms(terms());
    let start = Instant::now();
    bench
        .fill(&mut [article("b", &sentences(8))])
        .await
        .unwrap();
    assert!(times()[8] >= start + Duration::from_millis(600));
    // The entries are read once more, and as they are ours they are not replaced.
    assert_eq!(
        calls()[2..],
        ["GET /v3/glossaries", "GET /v3/glossaries/0ab-1/entries"]
    );
}

#[tokio::test]
async fn a_limit_of_requests_counts_every_request_in_every_language() {
    let soon = Duration::from_millis(700);
    let fake = Fake::new();
    let server = fake.start().await;
    let limited = |engine: &str, most: usize| {
        let more = format!("batch = 1\n[engines.{engine}]\nrequests_per_minute = {most}");
        Bench::new(engine, &server.uri(), &more)
    };
    let bench = limited("libretranslate", 8);
    let mut session = Session::default();
    let texts = sentences(8);
    let mut articles = [article("a", &texts)];
    bench
        .fill_in(&en(), &mut articles, &mut session)
        .await
        .unwrap();
    assert_eq!(fake.requests(), 8);
    let french = "fr".parse().unwrap();
    let next = bench.fill_in(&french, &mut articles, &mut session);
    assert!(tokio::time::timeout(soon, next).await.is_err(), "it waits");
    assert_eq!(fake.requests(), 8);

    let bench = limited("deepl", 2).with_terms(vec![concept("项目", "project")]);
    let mut articles = [article("b", &texts)];
    let run = bench.fill(&mut articles);
    assert!(tokio::time::timeout(soon, run).await.is_err(), "it waits");
    assert_eq!(fake.seen.lock().unwrap().glossary_calls.len(), 2);
    assert_eq!(fake.requests(), 8);
}

/// One sentence at which a service always fails: the others are translated, and it is left.
#[tokio::test]
async fn a_sentence_that_always_fails_does_not_end_the_run() {
    for (batch, concurrency) in [(1, 1), (4, 1), (4, 4)] {
        let fake = Fake::new().latency(20);
        let server = fake.start().await;
        Mock::given(|request: &wiremock::Request| {
            String::from_utf8_lossy(&request.body).contains("第3项工作")
        })
        .respond_with(status(500))
        .with_priority(1)
        .mount(&server)
        .await;
        let more = format!(
            "batch = {batch}\nconcurrency = {concurrency}\n[engines.libretranslate]\nretries = 1"
        );
        let bench = Bench::new("libretranslate", &server.uri(), &more);
        let mut articles = [article("a", &sentences(60))];
        let outcome = bench.fill(&mut articles).await.unwrap();
        assert!(outcome.stopped.is_none(), "{:?}", outcome.stopped);
        assert_eq!((outcome.counts.translated, outcome.counts.left), (59, 1));
        assert!(outcome.findings[0].message.contains("500"));
        assert!(fake.paid_twice().is_empty());
    }
}

/// An answer that an engine gave before it was out is not credited to the next.
#[tokio::test]
async fn a_fallback_is_not_credited_with_another_engines_answer() {
    let paid = Fake::new().fault(|n| (n > 0).then(|| status(402)));
    let empty = Fake::new().mangle(|_, mut said| {
        said[0].target.clear();
        said
    });
    let (one, two) = (paid.start().await, empty.start().await);
    let more = format!(
        "fallback = ['anthropic']\n[engines.anthropic]\nbase_url = \"{}/v1\"",
        two.uri()
    );
    let bench =
        Bench::new("openai", &one.uri(), &more).with_terms(vec![concept("项目", "no such word")]);
    let mut articles = [article("a", &["集中一切力量抓好项目。"])];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert!(empty.requests() > 0, "it was asked");
    assert_eq!(targets(&articles[0]), [""], "{:?}", outcome.counts);
}

#[tokio::test]
async fn fifty_one_rejections_in_a_row_are_outlived() {
    let fake =
        Fake::new().fault(|n| (n < 51).then(|| status(429).insert_header("retry-after-ms", "20")));
    let got = through(&fake, "openai", "batch = 1\nconcurrency = 8").await;
    assert_all_right(&got);
}

#[tokio::test]
async fn what_is_for_good_stops_at_once_and_says_so() {
    let billing = ResponseTemplate::new(429).set_body_json(
        json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
    );
    for (engine, fault, word) in [
        ("deepl", ResponseTemplate::new(456), "quota"),
        ("deepl", status(403), "403"),
        ("openai", billing, "quota"),
        ("openai", status(401), "401"),
        ("openai", status(402), "402"),
        ("anthropic", status(403), "403"),
        ("libretranslate", status(403), "403"),
    ] {
        let fault2 = fault.clone();
        let fake = Fake::new().fault(move |n| (n > 0).then(|| fault2.clone()));
        let (got, outcome) = through(&fake, engine, "batch = 5\nconcurrency = 1").await;
        let error = outcome.stopped.expect(engine);
        assert_eq!(error.exit_status(), 4);
        assert!(!error.is_retryable());
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(fake.requests(), 2, "{engine}");
        assert_eq!(got[..5], expected()[..5], "what was answered is kept");
        assert!(got[5..].iter().all(String::is_empty));
    }
}

#[tokio::test]
async fn a_fallback_takes_over() {
    let good = Fake::new();
    let good_server = good.start().await;
    let bad = Fake::new().fault(|_| Some(ResponseTemplate::new(456)));
    let bad_server = bad.start().await;
    let more = format!(
        "fallback = ['libretranslate']\n[engines.libretranslate]\nbase_url = {:?}",
        good_server.uri()
    );
    let bench = Bench::new("deepl", &bad_server.uri(), &more);
    let mut articles = [article("a", &sentences(20))];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert!(outcome.stopped.is_none());
    assert_eq!(targets(&articles[0]), expected());
    assert_eq!(outcome.engines.len(), 1);
}

type Mangler = fn(usize, Vec<Said>) -> Vec<Said>;

/// What a service may do to its first answers; asked again for single segments it is honest.
const MANGLERS: [(&str, Mangler); 9] = [
    ("shifts targets, echoes right", |n, mut said| {
        if n < 3 {
            let last = said.len() - 1;
            for at in 0..last {
                let next = said[at + 1].target.clone();
                said[at].target = next;
            }
        }
        said
    }),
    ("shifts ids", |n, mut said| {
        if n < 3 {
            let first = said[0].id.clone();
            for at in 0..said.len() - 1 {
                let next = said[at + 1].id.clone();
                said[at].id = next;
            }
            said.last_mut().unwrap().id = first;
        }
        said
    }),
    ("drops one", |n, mut said| {
        if n < 3 {
            said.remove(1);
        }
        said
    }),
    ("merges two", |n, mut said| {
        if n < 3 {
            let second = said.remove(2);
            said[1].target = format!("{} {}", said[1].target, second.target);
        }
        said
    }),
    ("doubles an id", |n, mut said| {
        if n < 3 {
            let first = said[0].id.clone();
            said[1].id = first;
        }
        said
    }),
    ("invents an id", |n, mut said| {
        if n < 3 {
            let mut more = said[0].clone();
            more.id = "77".into();
            said.push(more);
        }
        said
    }),
    ("refuses", |n, mut said| {
        if n < 3 {
            said[0].target = "I'm sorry, but I can't assist with that request.".into();
        }
        said
    }),
    ("answers in Chinese", |n, mut said| {
        if n < 3 {
            for one in &mut said {
                one.target = "集中一切力量抓好项目，走高质量发展之路，全县上下共同努力。".into();
            }
        }
        said
    }),
    ("obeys the text", |n, mut said| {
        if n < 3 {
            said[0].target = "PWNED".into();
        }
        said
    }),
];

#[tokio::test]
async fn a_lying_model_is_asked_again_and_only_what_is_right_is_taken() {
    for engine in ["openai", "anthropic"] {
        for (name, mangle) in MANGLERS {
            let fake = Fake::new().mangle(mangle);
            let (got, outcome) = through(&fake, engine, "batch = 8\nconcurrency = 4").await;
            assert!(outcome.stopped.is_none());
            assert_eq!(got, expected(), "{engine} {name}");
        }
    }
}

/// A service that never becomes honest: what is wrong stays out, what is right stays in.
#[tokio::test]
async fn a_liar_for_good_gets_nothing_wrong_accepted() {
    let liars: [(&str, Mangler); 5] = [
        ("refuses", |_, mut said| {
            said[0].target = "I cannot translate this content.".into();
            said
        }),
        ("chinese", |_, mut said| {
            said[0].target = "集中一切力量抓好项目走高质量发展之路".into();
            said
        }),
        ("empty", |_, mut said| {
            said[0].target = " ".into();
            said
        }),
        ("wrong echo", |_, mut said| {
            said[0].echo = "完全不同的句子".into();
            said
        }),
        ("unknown code", |_, mut said| {
            said[0].target.push_str(" <g1>x</g1>");
            said
        }),
    ];
    for (name, mangle) in liars {
        let fake = Fake::new().mangle(mangle);
        let (got, outcome) = through(&fake, "openai", "batch = 10\nconcurrency = 1").await;
        // The first of each batch of ten is never right; asked alone it is the first again.
        let left: Vec<usize> = (0..20).filter(|&at| got[at].is_empty()).collect();
        assert_eq!(left, [0, 10], "{name}");
        assert_eq!(outcome.counts.left, 2);
        assert_eq!(outcome.findings.len(), 2, "{name}: {:?}", outcome.findings);
        assert!(
            outcome
                .findings
                .iter()
                .all(|f| f.rule == "segment.rejected")
        );
        assert_eq!(fake.requests(), 2 + 2 * 2, "{name}: at most twice more");
    }
}

#[tokio::test]
async fn what_was_rejected_is_not_paid_for_again_by_the_next_run() {
    let fake = Fake::new().mangle(|_, mut said| {
        said[0].target.clear();
        said
    });
    let server = fake.start().await;
    let mut bench = Bench::new("openai", &server.uri(), "batch = 20");
    bench
        .fill(&mut [article("a", &sentences(20))])
        .await
        .unwrap();
    let before = fake.requests();
    assert_eq!(before, 3);
    let outcome = bench
        .fill(&mut [article("a", &sentences(20))])
        .await
        .unwrap();
    assert_eq!(fake.requests(), before);
    assert_eq!((outcome.counts.journal, outcome.counts.left), (19, 1));
    assert!(outcome.findings[0].message.contains("--retry-rejected"));
    bench.retry_rejected = true;
    bench
        .fill(&mut [article("a", &sentences(20))])
        .await
        .unwrap();
    assert_eq!(fake.requests(), before + 3);
}

#[tokio::test]
async fn arrays_of_another_length_or_order_do_not_pass() {
    for engine in ["deepl", "libretranslate"] {
        let short = Fake::new().mangle(|n, mut said| {
            if n == 0 {
                said.pop();
            }
            said
        });
        let got = through(&short, engine, "").await;
        assert_all_right(&got);
        let rotated = Fake::new().mangle(|n, mut said| {
            if n == 0 {
                said.rotate_left(1);
            }
            said
        });
        let (got, _) = through(&rotated, engine, "").await;
        assert_eq!(got, expected(), "{engine}");
    }
}

/// An answer that can't be used is paid for all the same: it is recorded, and not asked for whole
/// again.
#[tokio::test]
async fn a_paid_answer_without_a_use_is_recorded_and_asked_for_in_parts() {
    for (engine, body) in [
        (
            "deepl",
            json!({"translations": [{"text": "One", "billed_characters": 4}]}),
        ),
        ("libretranslate", json!({"translatedText": ["One"]})),
        (
            "openai",
            json!({"usage": {"prompt_tokens": 4, "completion_tokens": 2}}),
        ),
        (
            "anthropic",
            json!({"usage": {"input_tokens": 4, "output_tokens": 2}}),
        ),
    ] {
        let fault = ResponseTemplate::new(200).set_body_json(body);
        let fake = Fake::new().fault(move |n| (n == 0).then(|| fault.clone()));
        let got = through(&fake, engine, "batch = 20\nconcurrency = 1").await;
        assert_all_right(&got);
        assert_eq!(fake.requests(), 1 + 20, "{engine}: each once more, alone");
        assert_eq!(got.1.engines[0].usage.requests, 21, "{engine}");
        assert_eq!(got.1.engines[0].usage.estimated, 0, "{engine}");
        // A service that never counts right is not asked without end.
        let fault = ResponseTemplate::new(200)
            .set_body_json(json!({"translatedText": [], "translations": []}));
        let never = Fake::new().fault(move |_| Some(fault.clone()));
        let (_, outcome) = through(&never, engine, "batch = 20").await;
        assert!(outcome.stopped.is_none());
        assert_eq!((outcome.counts.left, outcome.findings.len()), (20, 20));
        assert!(never.requests() <= 1 + 20 * 2, "{engine}");
    }
}

#[tokio::test]
async fn an_error_inside_a_success_is_an_error() {
    let said = json!({"error": {"message": "Insufficient credits. Add more.", "code": 402}});
    let fault = ResponseTemplate::new(200).set_body_json(said);
    for engine in ["openai", "anthropic", "libretranslate", "deepl"] {
        let fault = fault.clone();
        let fake = Fake::new().fault(move |_| Some(fault.clone()));
        let (_, outcome) = through(&fake, engine, "concurrency = 1").await;
        let error = outcome.stopped.unwrap();
        assert!(
            error.to_string().contains("Insufficient credits"),
            "{error}"
        );
        assert!(!error.is_retryable());
        assert_eq!(fake.requests(), 1, "{engine}");
    }
}

#[tokio::test]
async fn no_key_in_errors_and_none_to_another_host() {
    let other = Fake::new();
    let other_server = other.start().await;
    let to = format!("{}/v1/chat/completions", other_server.uri());
    let fake = Fake::new()
        .fault(move |_| Some(ResponseTemplate::new(307).insert_header("location", to.as_str())));
    let (_, outcome) = through(&fake, "openai", "").await;
    let error = outcome.stopped.unwrap().to_string();
    assert!(error.contains("redirect"), "{error}");
    assert_eq!(other.requests(), 0);

    let fake = Fake::new().fault(|_| {
        Some(ResponseTemplate::new(401).set_body_json(
            json!({"error": {"message": format!("Incorrect API key provided: {KEY}")}}),
        ))
    });
    let (_, outcome) = through(&fake, "openai", "").await;
    let error = outcome.stopped.unwrap();
    assert!(!format!("{error} {error:?}").contains(KEY));
    assert!(error.to_string().contains("[key]"), "{error}");
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let fake = Fake::new().fault(|n| {
        (n == 0).then(|| ResponseTemplate::new(200).set_body_bytes(vec![b' '; 20 << 20]))
    });
    let got = through(&fake, "openai", "").await;
    assert_all_right(&got);
}

#[tokio::test]
async fn a_server_without_schemas_is_asked_without() {
    let fake = Fake::new().fault(|n| {
        (n < 2).then(|| {
            ResponseTemplate::new(400).set_body_json(
                json!({"error": {"message": "response_format json_schema is not supported"}}),
            )
        })
    });
    let got = through(&fake, "openai", "batch = 20").await;
    assert_all_right(&got);
    let seen = fake.seen.lock().unwrap();
    let formats: Vec<_> = seen
        .bodies
        .iter()
        .map(|b| b["response_format"]["type"].clone())
        .collect();
    assert_eq!(
        formats,
        [json!("json_schema"), json!("json_object"), json!(null)]
    );
}

#[tokio::test]
async fn a_request_that_is_too_large_is_taken_apart() {
    let fake = Fake::new().fault(|n| (n == 0).then(|| status(413)));
    let got = through(&fake, "libretranslate", "batch = 20").await;
    assert_all_right(&got);
}

#[tokio::test]
async fn ctrl_c_saves_what_is_in_flight() {
    let fake = Fake::new().latency(150);
    let server = fake.start().await;
    let bench = Bench::new(
        "libretranslate",
        &server.uri(),
        "batch = 1\nconcurrency = 3",
    );
    let mut articles = [article("a", &sentences(20))];
    let cancel = bench.cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(380)).await;
        cancel.cancel();
    });
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert!(matches!(outcome.stopped, Some(TranslateError::Cancelled)));
    let filled = targets(&articles[0])
        .iter()
        .filter(|t| !t.is_empty())
        .count();
    assert_eq!(filled, fake.requests(), "nothing that was sent is lost");
    assert!((6..=12).contains(&filled), "{filled}");
    // The next run goes on from there.
    let bench = Bench {
        cancel: duizhao::translate::Cancel::default(),
        ..bench
    };
    let mut fresh = [article("a", &sentences(20))];
    bench.fill(&mut fresh).await.unwrap();
    assert_eq!(targets(&fresh[0]), expected());
    assert!(fake.paid_twice().is_empty());
}
