//! Which segments a run is to fill, and what an engine is told of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::TranslateError;
use super::accept;
use super::engine::{self, Complaint, Context, Engine, Item, Limits, NONE, PSEUDO, Request};
use super::journal::{Key, KeyParts, Wanted};
use super::pseudo::{is_pseudo, pseudo_target};
use super::run::{Counts, Run};
use crate::glossary::{FirstMentions, Glossary};
use crate::model::{
    Article, ArticleId, Concept, Content, Inline, Lang, Origin, Provenance, Segment, State,
    Suggestion, Target,
};

/// A segment's place: the index of its article, and its own among the article's segments.
pub(super) type Place = (usize, usize);

/// One text to translate, wherever it stands.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// The segments that have this very text and terms, in reading order. Never empty.
    pub(super) places: Vec<Place>,
    /// The text, with the neighbours and terms of its first place.
    pub(super) item: Item,
    /// Its language.
    pub(super) from: Lang,
    /// The article of its first place.
    pub(super) context: Arc<Context>,
    /// The engines to try, in order, each with the key of its answer.
    pub(super) chain: Vec<(String, Key)>,
    /// The engine of the chain that is being tried.
    pub(super) engine: usize,
    /// The answers that were rejected, oldest first.
    pub(super) rejected: Vec<Complaint>,
    /// Whether it has been sent alone.
    pub(super) alone: bool,
    /// The best answer so far that only checks of numbers or terms have against it.
    pub(super) best: Option<Content>,
}

impl Job {
    /// The name of its engine.
    pub(super) fn engine(&self) -> &str {
        &self.chain[self.engine].0
    }

    /// The key of its engine's answer.
    pub(super) fn key(&self) -> Key {
        self.chain[self.engine].1
    }

    /// What to ask the journal for: an answer of another engine of the chain will do as well.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            key: self.key(),
            also: self.chain.iter().map(|(_, key)| *key).collect(),
        }
    }
}

/// What there is to do.
#[derive(Default)]
pub(super) struct Work {
    pub(super) jobs: Vec<Job>,
    /// Targets that cost nothing, by place.
    pub(super) free: Vec<(Place, Target)>,
    pub(super) counts: Counts,
}

/// The engines of a run, by name.
pub(super) type Engines = BTreeMap<String, Arc<dyn Engine>>;

/// The engines of all articles, to find the work with; they may lack their keys. Errors name the
/// first that is unknown or has an address that can't be used.
pub(super) fn sketch_engines(
    articles: &[Article],
    run: &Run<'_>,
) -> Result<Engines, TranslateError> {
    let mut engines = Engines::new();
    for article in articles {
        for name in run.settings.chain(&article.id)? {
            if engines.contains_key(&name) {
                continue;
            }
            if let Some(engine) = engine::sketch(&name, run)? {
                engines.insert(name, engine);
            }
        }
    }
    Ok(engines)
}

/// Makes the engines ready that may have to be asked for one of these jobs, but for those in
/// `opened`, and adds them there. A job that the journal answers, or that was given up, asks
/// none. Errors name the first engine that has no key.
pub(super) async fn open_engines(
    jobs: &[Job],
    run: &Run<'_>,
    sketches: &Engines,
    opened: &mut Engines,
) -> Result<(), TranslateError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let known = run.journal.known(jobs.iter().map(Job::wanted).collect());
    for (job, known) in jobs.iter().zip(known.await?) {
        let asks = sketches
            .get(job.engine())
            .map(|engine| accept::asks(engine.as_ref()));
        let given_up = asks.is_some_and(|asks| known.rejected >= asks) && !run.retry_rejected;
        if known.answered || given_up {
            continue;
        }
        for (name, _) in &job.chain {
            if !opened.contains_key(name)
                && let Some(engine) = engine::open(name, run)?
            {
                opened.insert(name.clone(), engine);
            }
        }
    }
    Ok(())
}

/// Looks through the articles. `chain_of` names the engines of an article.
pub(super) fn collect(
    articles: &[Article],
    lang: &Lang,
    run: &Run<'_>,
    engines: &Engines,
    chain_of: &dyn Fn(&ArticleId) -> Result<Vec<String>, TranslateError>,
) -> Result<Work, TranslateError> {
    let mut work = Work::default();
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for (index, article) in articles.iter().enumerate() {
        let chain = chain_of(&article.id)?;
        let glossary = glossary_for(article, lang, run)?;
        let mut people = FirstMentions::default();
        let mut context = None;
        let segments: Vec<&Segment> = article.segments().collect();
        let kinds = article
            .blocks
            .iter()
            .flat_map(|block| block.segments.iter().map(move |_| block.kind));
        for (at, (segment, kind)) in segments.iter().zip(kinds).enumerate() {
            if segment.source.is_blank() {
                continue;
            }
            work.counts.segments += 1;
            let text = segment.source.text();
            let applying: Vec<&Concept> = glossary
                .iter()
                .flat_map(|glossary| glossary.applying(&text))
                .collect();
            // Every segment counts as a mention, also those that are translated already.
            let terms = people.terms(&applying);
            if !wants_target(segment, lang) {
                work.counts.kept += 1;
                continue;
            }
            let recalled = run.memory.recall(&segment.source, &article.lang, lang);
            let remembered = exact(segment, &recalled, run);
            work.counts.memory += usize::from(remembered.is_some());
            let figure = || figure(&segment.source, lang, run, &mut work.counts);
            if let Some(target) = remembered.or_else(figure) {
                work.free.push(((index, at), target));
                continue;
            }
            if chain[0] == NONE {
                work.counts.left += 1;
                continue;
            }
            if chain[0] == PSEUDO {
                work.counts.pseudo += 1;
                let target = pseudo_target(&segment.source, lang, Some(run.today));
                work.free.push(((index, at), target));
                continue;
            }
            let chain: Vec<(String, Key)> = chain
                .iter()
                .filter_map(|name| {
                    let engine = engines.get(name)?;
                    let key = Key::of(&KeyParts {
                        source: &segment.source,
                        from: &article.lang,
                        to: lang,
                        engine: engine.name(),
                        model: engine.model(),
                        options: &engine.options(),
                        terms: &terms,
                    });
                    Some((name.clone(), key))
                })
                .collect();
            let Some((_, key)) = chain.first() else {
                continue;
            };
            if let Some(&job) = known.get(key) {
                let job: &mut Job = &mut work.jobs[job];
                job.places.push((index, at));
                continue;
            }
            known.insert(*key, work.jobs.len());
            let context =
                context.get_or_insert_with(|| Arc::new(context_of(article, glossary.as_ref())));
            let neighbour = |at: Option<usize>| {
                at.and_then(|at| segments.get(at))
                    .map(|segment| segment.source.text())
            };
            work.jobs.push(Job {
                places: vec![(index, at)],
                item: Item {
                    id: String::new(),
                    kind,
                    source: segment.source.clone(),
                    terms,
                    neighbours: [neighbour(at.checked_sub(1)), neighbour(Some(at + 1))],
                    examples: examples(recalled),
                    complaint: None,
                },
                from: article.lang.clone(),
                context: Arc::clone(context),
                chain,
                engine: 0,
                rejected: Vec::new(),
                alone: false,
                best: None,
            });
        }
    }
    Ok(work)
}

/// How many of the first jobs go into one request: of one article, and within the limits. At
/// least one.
pub(super) fn batch_length(jobs: &[&Job], limits: Limits) -> usize {
    let mut characters = 0;
    jobs.iter()
        .take(limits.items)
        .take_while(|job| {
            let first = characters == 0;
            characters += job.item.source.text().chars().count();
            Arc::ptr_eq(&job.context, &jobs[0].context)
                && (first || characters <= limits.characters)
        })
        .count()
        .max(1)
}

/// The request for these jobs of one article, numbered from 1.
pub(super) fn request(jobs: &[&Job], lang: &Lang) -> Request {
    Request {
        source: jobs[0].from.clone(),
        target: lang.clone(),
        context: Arc::clone(&jobs[0].context),
        items: jobs
            .iter()
            .enumerate()
            .map(|(n, job)| Item {
                id: (n + 1).to_string(),
                ..job.item.clone()
            })
            .collect(),
    }
}

/// Whether a run is to fill this segment: it has no target, or a pseudo-translation.
pub(super) fn wants_target(segment: &Segment, lang: &Lang) -> bool {
    !segment.source.is_blank()
        && segment.covered_by(lang).is_none()
        && segment.target(lang).is_none_or(is_pseudo)
}

fn glossary_for(
    article: &Article,
    lang: &Lang,
    run: &Run<'_>,
) -> Result<Option<Glossary>, TranslateError> {
    let fits = |glossary: &&Glossary| {
        glossary.source().primary() == article.lang.primary()
            && glossary.target().primary() == lang.primary()
    };
    let found = run.glossaries.iter().find(fits);
    Ok(found
        .map(|glossary| glossary.for_article(&article.id))
        .transpose()?)
}

fn context_of(article: &Article, glossary: Option<&Glossary>) -> Context {
    let text: Vec<String> = article
        .blocks
        .iter()
        .map(crate::model::Block::text)
        .collect();
    let terms = glossary.map_or_else(Vec::new, |glossary| {
        glossary
            .applying(&text.join("\n"))
            .into_iter()
            .cloned()
            .collect()
    });
    Context {
        article: article.id.clone(),
        title: article.title(),
        text,
        terms,
        glossary: glossary.map_or_else(Vec::new, |glossary| glossary.entries().to_vec()),
    }
}

/// Fuzzy matches that go along as examples.
const EXAMPLES: usize = 2;
/// The similarity, in percent, below which a match teaches nothing.
const ALIKE: u8 = 70;

fn examples(mut recalled: Vec<Suggestion>) -> Vec<Suggestion> {
    recalled.retain(|remembered| remembered.similarity >= ALIKE);
    recalled.truncate(EXAMPLES);
    recalled
}

/// The target of a figure that stands alone, as in the cell of a table, and that the target language
/// writes as the source does: no engine is asked for it.
fn figure(source: &Content, lang: &Lang, run: &Run<'_>, counts: &mut Counts) -> Option<Target> {
    // Languages that part decimals with a point and set a percent sign right behind the number.
    const POINT: [&str; 4] = ["en", "ja", "ko", "zh"];
    let [Inline::Text(text)] = source.inlines() else {
        return None;
    };
    let is_figure = text.contains(|c: char| c.is_ascii_digit())
        && (text.chars()).all(|c| c.is_ascii_digit() || " +-.,%".contains(c));
    let alike = POINT.contains(&lang.primary()) || text.chars().all(|c| c.is_ascii_digit());
    if !is_figure || !alike {
        return None;
    }
    counts.copied += 1;
    Some(Target {
        content: source.clone(),
        state: State::Translated,
        provenance: vec![Provenance {
            origin: Origin::Copied,
            by: None,
            when: Some(run.today.to_owned()),
        }],
    })
}

fn exact(segment: &Segment, recalled: &[Suggestion], run: &Run<'_>) -> Option<Target> {
    let found = recalled.iter().find(|found| found.similarity == 100)?;
    let content = &found.target.content;
    if content.is_blank() || content.check_codes(&segment.source).is_err() {
        return None;
    }
    Some(Target {
        content: content.clone(),
        state: State::Translated,
        provenance: vec![Provenance {
            origin: Origin::Memory(100),
            by: None,
            when: Some(run.today.to_owned()),
        }],
    })
}
