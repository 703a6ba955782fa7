//! What each service is sent, by its contract.

use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use duizhao::model::{Code, CodeKind, Content, Inline, Term, TermStatus};

use super::bench::{Bench, KEY, article, concept, sentences, targets};
use super::fake::{Fake, segments};

#[tokio::test]
async fn every_engine_fills_an_article() {
    for engine in ["openai", "anthropic", "deepl", "libretranslate"] {
        let fake = Fake::new();
        let server = fake.start().await;
        let bench = Bench::new(engine, &server.uri(), "");
        let mut articles = [article("a", &sentences(20))];
        let outcome = bench.fill(&mut articles).await.unwrap();
        assert!(outcome.stopped.is_none(), "{engine}: {:?}", outcome.stopped);
        assert_eq!(outcome.findings, [], "{engine}");
        super::all_right(&articles[0]);
        assert!(fake.requests() <= 3, "{engine}: {}", fake.requests());
        // A second run has nothing to do.
        let again = bench.fill(&mut articles).await.unwrap();
        assert_eq!(again.counts.kept, 20);
        // A run on a copy without targets is paid for already.
        let mut fresh = [article("a", &sentences(20))];
        let before = fake.requests();
        let outcome = bench.fill(&mut fresh).await.unwrap();
        assert_eq!((outcome.counts.journal, fake.requests()), (20, before));
        assert_eq!(targets(&fresh[0]), targets(&articles[0]));
    }
}

#[tokio::test]
async fn a_model_gets_json_a_schema_and_a_prefix_that_stays() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("openai", &server.uri(), "batch = 5\nmodel = 'm-1'").with_terms(vec![
        concept("第3项", "Item 3"),
        concept("不在文中", "Absent"),
    ]);
    let mut articles = [article("a", &sentences(10))];
    bench.fill(&mut articles).await.unwrap();
    let seen = fake.seen.lock().unwrap();
    let first = &seen.bodies[0];
    assert_eq!(first["model"], "m-1");
    assert_eq!(first["response_format"]["json_schema"]["strict"], true);
    let schema = &first["response_format"]["json_schema"]["schema"];
    assert_eq!(schema["required"], json!(["1", "2", "3", "4", "5"]));
    assert!(first.get("tools").is_none());
    assert!(seen.headers[0].contains("authorization"));
    // Two batches differ only behind the prefix.
    let user = |body: &Value| body["messages"][1]["content"].as_str().unwrap().to_owned();
    let (one, two) = (user(&seen.bodies[0]), user(&seen.bodies[1]));
    let cut = one.find("Translate 5 segments").unwrap();
    assert_eq!(one[..cut], two[..cut]);
    assert_eq!(first["messages"][0], seen.bodies[1]["messages"][0]);
    // Only terms that stand in the text go along, with the segment that they stand in too.
    assert!(!one.contains("不在文中"));
    let batch = segments(first);
    assert_eq!(batch[3].1["terms"]["第3项"]["use"], json!(["Item 3"]));
    assert!(batch[0].1.get("terms").is_none());
}

#[tokio::test]
async fn anthropic_is_given_its_version_key_and_cache_marks() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("anthropic", &server.uri(), "batch = 10");
    let outcome = bench
        .fill(&mut [article("a", &sentences(10))])
        .await
        .unwrap();
    let seen = fake.seen.lock().unwrap();
    let body = &seen.bodies[0];
    assert_eq!(
        body["messages"][0]["content"][0]["cache_control"]["type"],
        "ephemeral"
    );
    assert!(
        body["max_tokens"].as_u64().unwrap() > 4_000,
        "room to think"
    );
    assert_eq!(body["output_config"]["effort"], "low");
    assert!(seen.headers[0].contains("anthropic-version") && seen.headers[0].contains("x-api-key"));
    let usage = outcome.engines[0].usage;
    assert_eq!((usage.input_tokens, usage.cached_tokens), (100, 7));
}

#[tokio::test]
async fn a_model_that_cannot_be_told_how_much_to_think_is_asked_without() {
    let fake = Fake::new();
    let server = fake.start().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(400).set_body_json(json!({
            "error": {"message": "output_config.effort: this model has no effort levels"}
        })))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    let bench = Bench::new("anthropic", &server.uri(), "batch = 10\nconcurrency = 1");
    let mut articles = [article("a", &sentences(10))];
    bench.fill(&mut articles).await.unwrap();
    let seen = fake.seen.lock().unwrap();
    assert_eq!(seen.bodies.len(), 1);
    assert!(seen.bodies[0]["output_config"]["effort"].is_null());
    assert!(seen.bodies[0]["output_config"]["format"].is_object());
}

#[tokio::test]
async fn only_what_a_server_refuses_is_left_out_also_where_many_are_refused_at_once() {
    let fake = Fake::new();
    let server = fake.start().await;
    Mock::given(method("POST"))
        .and(|request: &wiremock::Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            !body["output_config"]["effort"].is_null()
        })
        .respond_with(
            ResponseTemplate::new(400)
                .set_body_json(json!({
                    "error": {"message": "output_config.effort: this model has no effort levels"}
                }))
                .set_delay(std::time::Duration::from_millis(60)),
        )
        .with_priority(1)
        .mount(&server)
        .await;
    let bench = Bench::new("anthropic", &server.uri(), "batch = 2\nconcurrency = 5");
    let mut articles = [article("a", &sentences(20))];
    bench.fill(&mut articles).await.unwrap();
    super::all_right(&articles[0]);
    let seen = fake.seen.lock().unwrap();
    assert_eq!(seen.bodies.len(), 10);
    for body in &seen.bodies {
        assert!(body["output_config"]["format"].is_object());
    }
}

#[tokio::test]
async fn a_model_that_is_seen_to_think_gets_room_for_it() {
    let cut = |message: Value| {
        ResponseTemplate::new(200).set_body_json(json!({
            "choices": [{"message": message, "finish_reason": "length"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 50},
        }))
    };
    for (message, settings, room) in [
        (json!({"content": "<think>Hm, {\"1\""}), "", true),
        (json!({"content": "", "reasoning_content": "Hm"}), "", true),
        (json!({"content": ""}), "", false),
        (json!({"content": ""}), "model = 'org/Qwen3-8B'", true),
        (
            json!({"content": ""}),
            "[engines.openai]\nthinks = true",
            true,
        ),
        (
            json!({"content": "<think>Hm"}),
            "[engines.openai]\nthinks = false",
            false,
        ),
    ] {
        let fake = Fake::new();
        let server = fake.start().await;
        Mock::given(method("POST"))
            .respond_with(cut(message))
            .up_to_n_times(1)
            .with_priority(1)
            .mount(&server)
            .await;
        let settings = format!("batch = 3\nconcurrency = 1\n{settings}");
        let bench = Bench::new("openai", &server.uri(), &settings);
        let mut articles = [article("a", &sentences(3))];
        bench.fill(&mut articles).await.unwrap();
        super::all_right(&articles[0]);
        let seen = fake.seen.lock().unwrap();
        for body in &seen.bodies {
            assert_eq!(
                body["max_tokens"].as_u64().unwrap() > 4_000,
                room,
                "{settings}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_was_cut_off_keeps_its_whole_pairs() {
    let fake = Fake::new();
    let server = fake.start().await;
    let sources = sentences(3);
    let whole: Vec<String> = sources[..2]
        .iter()
        .enumerate()
        .map(|(n, source)| {
            let echo: String = source.chars().take(8).collect();
            let target = super::fake::translation(source);
            format!("\"{}\":{}", n + 1, json!({"echo": echo, "target": target}))
        })
        .collect();
    let text = format!("{{{},\"3\":{{\"echo\":\"", whole.join(","));
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "choices": [{"message": {"content": text}, "finish_reason": "length"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 50},
        })))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    let bench = Bench::new("openai", &server.uri(), "batch = 3\nconcurrency = 1");
    let mut articles = [article("a", &sources)];
    bench.fill(&mut articles).await.unwrap();
    super::all_right(&articles[0]);
    assert_eq!(fake.requests(), 1, "the third sentence alone");
}

#[tokio::test]
async fn deepl_is_given_an_articles_own_term_before_the_general_one() {
    let fake = Fake::new();
    let server = fake.start().await;
    let mut own = concept("项目", "scheme");
    own.scope = Some("article:a".to_owned());
    let bench =
        Bench::new("deepl", &server.uri(), "").with_terms(vec![concept("项目", "project"), own]);
    bench
        .fill(&mut [article("a", &sentences(3))])
        .await
        .unwrap();
    let seen = fake.seen.lock().unwrap();
    let glossary = seen.glossary.as_ref().unwrap();
    assert_eq!(glossary["dictionaries"][0]["entries"], "项目\tscheme");
    assert_eq!(glossary["name"], "duizhao zh-en bench a");
}

#[tokio::test]
async fn deepl_keeps_one_glossary_in_step() {
    let fake = Fake::new();
    let server = fake.start().await;
    let terms = || vec![concept("项目", "project"), concept("优势", "strength")];
    let bench = Bench::new("deepl", &server.uri(), "formality = 'more'").with_terms(terms());
    bench
        .fill(&mut [article("a", &sentences(60))])
        .await
        .unwrap();
    {
        let seen = fake.seen.lock().unwrap();
        assert_eq!(
            seen.glossary_calls,
            ["GET /v3/glossaries", "POST /v3/glossaries"]
        );
        assert_eq!(seen.bodies.len(), 2, "fifty texts a request");
        for body in &seen.bodies {
            assert_eq!(body["glossary_id"], "0ab-1");
            assert_eq!(body["source_lang"], "ZH");
            assert_eq!(body["target_lang"], "EN-US");
            assert_eq!(body["formality"], "prefer_more");
            assert!(body["text"].as_array().unwrap().len() <= 50);
            assert!(!body["context"].as_str().unwrap().is_empty());
        }
        assert!(seen.headers[0].contains("authorization"));
        let entries = &seen.glossary.as_ref().unwrap()["dictionaries"][0]["entries"];
        assert_eq!(entries, "优势\tstrength\n项目\tproject");
    }
    // The same terms are left as they are; a new one edits the glossary in place.
    bench
        .fill(&mut [article("b", &["全新的一句话。"])])
        .await
        .unwrap();
    let mut more = terms();
    more.push(concept("新", "new"));
    let bench = bench.with_terms(more);
    bench
        .fill(&mut [article("c", &["又一句新的话。"])])
        .await
        .unwrap();
    let seen = fake.seen.lock().unwrap();
    assert_eq!(
        seen.glossary_calls[2..],
        [
            "GET /v3/glossaries",
            "GET /v3/glossaries/0ab-1/entries",
            "GET /v3/glossaries",
            "GET /v3/glossaries/0ab-1/entries",
            "PUT /v3/glossaries/0ab-1/dictionaries",
        ]
    );
}

#[tokio::test]
async fn workspaces_of_one_account_leave_each_others_glossaries_alone() {
    let fake = Fake::new();
    let server = fake.start().await;
    for (workspace, term) in [("one", "project"), ("two", "item")] {
        let mut bench =
            Bench::new("deepl", &server.uri(), "").with_terms(vec![concept("项目", term)]);
        bench.workspace = workspace;
        bench
            .fill(&mut [article("a", &sentences(2))])
            .await
            .unwrap();
    }
    let seen = fake.seen.lock().unwrap();
    let pair = ["GET /v3/glossaries", "POST /v3/glossaries"];
    assert_eq!(seen.glossary_calls, [pair, pair].concat());
}

#[tokio::test]
async fn billed_characters_and_costs_are_in_the_journal() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("deepl", &server.uri(), "");
    let outcome = bench
        .fill(&mut [article("a", &sentences(3))])
        .await
        .unwrap();
    assert_eq!(outcome.engines[0].usage.characters, 30);
    let sums = duizhao::translate::Journal::sums(&bench.journal()).unwrap();
    assert_eq!(
        (sums[0].article.as_str(), sums[0].usage.characters),
        ("a", 30)
    );
    assert!((sums[0].cost.unwrap() - 30.0 * 25.0 / 1e6).abs() < 1e-9);
}

#[tokio::test]
async fn inline_codes_come_back_with_every_engine() {
    let code = |id: &str, kind| Code {
        id: id.into(),
        kind,
    };
    let source: Content = [
        Inline::Text("县委书记谈".into()),
        Inline::Open(Box::new(code("1", CodeKind::Bold))),
        Inline::Text("解放思想 & <优势>".into()),
        Inline::Close("1".into()),
        Inline::Placeholder(Box::new(code("2", CodeKind::LineBreak))),
    ]
    .into_iter()
    .collect();
    for engine in ["openai", "anthropic", "deepl", "libretranslate"] {
        // Answers with the text as it came, Chinese put into Latin letters.
        let fake = Fake::new().mangle(|_, mut said| {
            for one in &mut said {
                one.target = "County Party secretary on <x2/><g1>Emancipating the Mind</g1>".into();
            }
            said
        });
        let server = fake.start().await;
        let bench = Bench::new(engine, &server.uri(), "");
        let mut articles = [article("a", &["x"])];
        articles[0].blocks[0].segments[0].source = source.clone();
        let outcome = bench.fill(&mut articles).await.unwrap();
        assert_eq!(
            outcome.counts.translated, 1,
            "{engine}: {:?}",
            outcome.findings
        );
        let target = articles[0]
            .segments()
            .next()
            .unwrap()
            .target(&"en".parse().unwrap())
            .unwrap();
        assert_eq!(target.content.check_codes(&source), Ok(()));
        if engine == "deepl" {
            let seen = fake.seen.lock().unwrap();
            assert_eq!(seen.bodies[0]["tag_handling"], "xml");
            let text = seen.bodies[0]["text"][0].as_str().unwrap();
            assert!(
                text.contains("<g1>解放思想 &amp; &lt;优势&gt;</g1><x2/>"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn qwen_mt_is_sent_the_text_alone_and_its_terms_apart() {
    let fake = Fake::new().fault(|_| {
        Some(wiremock::ResponseTemplate::new(200).set_body_json(json!({
            "choices": [{"message": {"content": "Let us grasp projects together."}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 7},
        })))
    });
    let server = fake.start().await;
    let mut together = concept("一起", "together");
    together.terms[0].status = TermStatus::Admitted;
    let bench = Bench::new("openai", &server.uri(), "model = 'qwen-mt-plus'")
        .with_terms(vec![concept("项目", "project"), together]);
    let mut articles = [article("a", &["我们一起抓项目。"])];
    bench.fill(&mut articles).await.unwrap();
    assert_eq!(targets(&articles[0]), ["Let us grasp projects together."]);
    // A plan counts what is sent, not the instructions to other models.
    let plan = bench
        .plan(&[article("b", &["他们也在一起抓项目。"])])
        .await
        .unwrap();
    assert!(
        (10..100).contains(&plan.rows[1].usage.input_tokens),
        "{:?}",
        plan.rows[1].usage
    );
    let body = fake.seen.lock().unwrap().bodies[0].clone();
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": "我们一起抓项目。"}])
    );
    assert_eq!(
        body["translation_options"]["terms"],
        json!([
            {"source": "一起", "target": "together"},
            {"source": "项目", "target": "project"},
        ])
    );
    assert!(body["max_tokens"].as_u64().unwrap() > 50);
}

#[tokio::test]
async fn a_missing_term_is_repaired_once_and_then_a_finding() {
    for obeys in [true, false] {
        let fake = Fake::new().mangle(move |n, mut said| {
            for one in &mut said {
                if n > 0 && obeys {
                    one.target.push_str(" key projects");
                }
            }
            said
        });
        let server = fake.start().await;
        let bench = Bench::new("openai", &server.uri(), "batch = 4")
            .with_terms(vec![concept("重点工程", "key project")]);
        let mut articles = [article(
            "a",
            &["全县共同抓好重点工程建设。", "走高质量发展之路。"],
        )];
        let outcome = bench.fill(&mut articles).await.unwrap();
        assert_eq!(fake.requests(), 2, "one repair, for one segment");
        let seen = fake.seen.lock().unwrap();
        let repair = segments(&seen.bodies[1]);
        assert_eq!(repair.len(), 1);
        let because = repair[0].1["rejected"]["because"][0].as_str().unwrap();
        assert!(because.contains("key project"), "{because}");
        assert!(repair[0].1["after"].is_string(), "its neighbours go along");
        assert!(
            targets(&articles[0])
                .iter()
                .all(|target| !target.is_empty())
        );
        assert_eq!(outcome.counts.terms, 1);
        assert_eq!(outcome.counts.terms_used, usize::from(obeys));
        assert_eq!(outcome.findings.len(), usize::from(!obeys));
    }
}

#[tokio::test]
async fn a_forbidden_term_of_another_engine_is_a_finding_on_an_accepted_target() {
    let fake = Fake::new().mangle(|_, mut said| {
        said[0].target = "The county will grasp major engineering works firmly.".into();
        said
    });
    let server = fake.start().await;
    let mut term = concept("重点工程", "key project");
    term.terms.push(Term {
        text: "engineering work".into(),
        status: TermStatus::Forbidden,
        note: None,
    });
    let bench = Bench::new("libretranslate", &server.uri(), "").with_terms(vec![term]);
    let mut articles = [article("a", &["全县抓好重点工程建设。"])];
    let outcome = bench.fill(&mut articles).await.unwrap();
    assert_eq!(outcome.counts.translated, 1);
    assert!(
        outcome.findings[0].message.contains("engineering works"),
        "{:?}",
        outcome.findings
    );
}

#[tokio::test]
async fn no_key_is_in_the_journal() {
    let fake = Fake::new();
    let server = fake.start().await;
    let bench = Bench::new("libretranslate", &server.uri(), "");
    bench
        .fill(&mut [article("a", &sentences(3))])
        .await
        .unwrap();
    assert_eq!(fake.seen.lock().unwrap().bodies[0]["api_key"], KEY);
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes
                .windows(KEY.len())
                .any(|window| window == KEY.as_bytes())
        );
    }
}
