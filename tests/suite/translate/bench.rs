//! What every test of translation needs: articles, settings and a run.

use std::path::PathBuf;

use duizhao::glossary::Glossary;
use duizhao::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Concept, Content, Finding, Lang, Lines, Meta,
    Segment, SegmentId, Suggestion, Term, TermStatus,
};
use duizhao::translate::{
    Cancel, Journal, Keys, Outcome, Plan, Run, Secret, Session, Settings, TranslateError, fill,
    nothing_to_recall, plan,
};

pub fn zh() -> Lang {
    "zh-Hans".parse().unwrap()
}

pub fn en() -> Lang {
    "en".parse().unwrap()
}

/// An article with one paragraph for each text.
pub fn article(id: &str, texts: &[impl AsRef<str>]) -> Article {
    let blocks = texts
        .iter()
        .enumerate()
        .map(|(n, text)| Block {
            id: BlockId::new(format!("b{}", n + 1)),
            kind: BlockKind::Paragraph,
            level: None,
            position: None,
            lines: Lines { first: 1, last: 1 },
            segments: vec![Segment::new(
                SegmentId::new(format!("s{}", n + 1)),
                Content::from_text(text.as_ref()),
                "",
            )],
            repairs: vec![],
            suspects: vec![],
        })
        .collect();
    Article {
        id: ArticleId::new(id),
        lang: zh(),
        original: format!("sources/{id}.txt"),
        meta: Meta::default(),
        blocks,
        obsolete: vec![],
    }
}

/// Chinese sentences that differ in length, wording and number.
pub fn sentences(count: usize) -> Vec<String> {
    const PARTS: [&str; 10] = [
        "全县上下共同努力",
        "集中一切力量抓好项目",
        "走高质量发展之路",
        "对内寻求解决办法",
        "借鉴域外先进经验",
        "挖掘自身潜力",
        "放大优势补齐短板",
        "把要解决的问题挖深定准做实",
        "转变观念显优势",
        "提质增效扩大产能",
    ];
    (0..count)
        .map(|n| {
            let mut text = format!("第{n}项工作：");
            for at in 0..=(n * 7 % 4) {
                text.push_str(PARTS[(n * 3 + at * 7) % 10]);
                text.push('，');
            }
            text.push_str("完成。");
            text
        })
        .collect()
}

pub fn concept(source: &str, target: &str) -> Concept {
    Concept {
        source: source.into(),
        scope: None,
        terms: vec![Term {
            text: target.into(),
            status: TermStatus::Preferred,
            note: None,
        }],
    }
}

pub type Verify = dyn Fn(&Article, &Segment, &Lang, &Content) -> Vec<Finding>;

/// A journal in a folder of its own, and all that a run takes.
pub struct Bench {
    pub folder: tempfile::TempDir,
    pub settings: Settings,
    pub keys: Keys,
    pub glossaries: Vec<Glossary>,
    pub memory: Box<dyn Fn(&Content, &Lang, &Lang) -> Vec<Suggestion>>,
    pub verify: Box<Verify>,
    pub cancel: Cancel,
    pub retry_rejected: bool,
    pub workspace: &'static str,
}

impl Bench {
    /// For an engine at `base`, with more settings as TOML.
    pub fn new(engine: &str, base: &str, more: &str) -> Self {
        let base = if engine == "openai" || engine == "anthropic" {
            format!("{base}/v1")
        } else {
            base.to_owned()
        };
        let toml = format!("engine = {engine:?}\nbase_url = {base:?}\n{more}");
        let mut keys = Keys::default();
        for name in ["deepl", "openai", "anthropic", "libretranslate"] {
            keys.insert(name, Secret::new(KEY).unwrap());
        }
        Self {
            folder: tempfile::tempdir().unwrap(),
            settings: toml::from_str(&toml).unwrap(),
            keys,
            glossaries: vec![],
            memory: Box::new(nothing_to_recall),
            verify: Box::new(|_, _, _, _| vec![]),
            cancel: Cancel::default(),
            retry_rejected: false,
            workspace: "bench",
        }
    }

    pub fn with_terms(mut self, concepts: Vec<Concept>) -> Self {
        self.glossaries = vec![Glossary::new(zh(), en(), concepts).unwrap()];
        self
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal.sqlite")
    }

    pub async fn fill(&self, articles: &mut [Article]) -> Result<Outcome, TranslateError> {
        self.fill_in(&en(), articles, &mut Session::default()).await
    }

    /// One language of a run over several.
    pub async fn fill_in(
        &self,
        lang: &Lang,
        articles: &mut [Article],
        session: &mut Session,
    ) -> Result<Outcome, TranslateError> {
        let journal = Journal::open(&self.journal())?;
        fill(articles, lang, &self.run(&journal), session).await
    }

    pub async fn plan(&self, articles: &[Article]) -> Result<Plan, TranslateError> {
        let journal = Journal::open(&self.journal())?;
        plan(articles, &en(), &self.run(&journal)).await
    }

    fn run<'a>(&'a self, journal: &'a Journal) -> Run<'a> {
        Run {
            settings: &self.settings,
            keys: &self.keys,
            prompt: None,
            glossaries: &self.glossaries,
            memory: &self.memory,
            verify: &self.verify,
            journal,
            progress: &|_: &duizhao::translate::Snapshot| {},
            cancel: &self.cancel,
            today: "2024-05-01",
            retry_rejected: self.retry_rejected,
            workspace: self.workspace,
        }
    }
}

/// The key that no file and no message may show.
pub const KEY: &str = "sk-test-0123456789-secret";

/// The targets of an article, "" where there is none.
pub fn targets(article: &Article) -> Vec<String> {
    article
        .segments()
        .map(|segment| {
            segment
                .target(&en())
                .map_or_else(String::new, |target| target.content.text())
        })
        .collect()
}
