//! The loop with an engine of its own.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::model::{ArticleId, Block, BlockId, BlockKind, Lines, Meta, Segment, SegmentId};
use crate::translate::engine::{Answering, Engine, Failure, Forecast, Limits, Request};
use crate::translate::work;
use crate::translate::{Cancel, Journal, Keys, Settings, nothing_to_recall};

struct Scripted(fn() -> Result<Reply, EngineError>);

impl Engine for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn model(&self) -> &'static str {
        ""
    }

    fn options(&self) -> String {
        String::new()
    }

    fn limits(&self) -> Limits {
        Limits {
            items: 2,
            characters: 1000,
        }
    }

    fn takes_complaints(&self) -> bool {
        false
    }

    fn forecast(&self, _: &Request) -> Forecast {
        Forecast::default()
    }

    fn translate<'a>(&'a self, _: &'a Request) -> Answering<'a> {
        let script = self.0;
        Box::pin(async move { script() })
    }
}

fn article() -> Article {
    let segment = |n: usize| {
        let id = SegmentId::new(format!("s{n}"));
        Segment::new(id, Content::from_text(&format!("第{n}句话。")), "")
    };
    let block = Block {
        id: BlockId::new("b1"),
        kind: BlockKind::Paragraph,
        level: None,
        position: None,
        lines: Lines { first: 1, last: 1 },
        segments: (1..=2).map(segment).collect(),
        repairs: vec![],
        suspects: vec![],
    };
    Article {
        id: ArticleId::new("a"),
        lang: "zh-Hans".parse().unwrap(),
        original: "sources/a.txt".into(),
        meta: Meta::default(),
        blocks: vec![block],
        obsolete: vec![],
    }
}

/// What the loop did, and the troubles that it told of.
async fn run(script: fn() -> Result<Reply, EngineError>) -> (Done, Vec<Trouble>) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).unwrap();
    let troubles = Mutex::new(Vec::new());
    let mut settings = Settings::default();
    settings
        .engines
        .entry("scripted".into())
        .or_default()
        .retries = Some(1);
    let run = Run {
        settings: &settings,
        keys: &Keys::default(),
        prompt: None,
        glossaries: &[],
        memory: &nothing_to_recall,
        verify: &|_, _, _, _| vec![],
        journal: &journal,
        progress: &|snapshot: &Snapshot| {
            let mut told = troubles.lock().unwrap();
            if let Some(trouble) = &snapshot.trouble
                && told.last() != Some(trouble)
            {
                told.push(trouble.clone());
            }
        },
        cancel: &Cancel::default(),
        today: "2024-05-01",
        retry_rejected: false,
        workspace: "w",
    };
    let articles = [article()];
    let lang = "en".parse().unwrap();
    let engine: Arc<dyn Engine> = Arc::new(Scripted(script));
    let engines = Engines::from([("scripted".to_owned(), engine)]);
    let chain = |_: &ArticleId| Ok(vec!["scripted".to_owned()]);
    let mut work = work::collect(&articles, &lang, &run, &engines, &chain).unwrap();
    let mut session = Session::default();
    let loop_ = Dispatcher::new(
        &articles,
        &lang,
        &run,
        &mut work.jobs,
        &mut session,
        &engines,
    );
    let done = tokio::time::timeout(Duration::from_secs(20), loop_.run())
        .await
        .expect("it ends");
    let told = troubles.lock().unwrap().clone();
    (done, told)
}

#[tokio::test]
#[expect(clippy::panic, reason = "it is what is tested")]
async fn an_engine_that_panics_does_not_stop_the_loop() {
    let (done, told) = run(|| panic!("a fault of ours")).await;
    assert!(done.stopped.is_none());
    assert_eq!(done.filled.len(), 2);
    assert!(matches!(&done.filled[0].1, Filled::Left { reason, .. } if reason.contains("report")));
    assert_eq!(told.len(), 2);
    assert!(told[0].again && !told[1].again, "in parts, then not at all");
}

#[tokio::test]
async fn only_what_is_asked_again_is_said_to_be() {
    let (done, told) = run(|| Err(error(Failure::Closed))).await;
    assert!(done.stopped.is_some());
    assert_eq!(told, [], "the run says it at its end");
    let (done, told) = run(|| Err(error(Failure::Passing))).await;
    assert!(done.stopped.is_some());
    assert_eq!(told.iter().map(|one| one.again).collect::<Vec<_>>(), [true]);
}

fn error(kind: Failure) -> EngineError {
    EngineError {
        kind,
        message: "failed".into(),
        retry_after: None,
        maybe_billed: false,
    }
}
