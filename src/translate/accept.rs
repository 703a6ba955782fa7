//! What becomes of an answer whose form is right: the checks of numbers and terms.

use super::engine::{Complaint, Engine};
use super::run::Verify;
use super::validate::Verdict;
use super::work::Job;
use crate::glossary::term_uses;
use crate::model::{Article, Concept, Content, Lang, Severity};

/// How often an engine that takes complaints is asked for one segment: once, and twice more.
const ASKS: usize = 3;

/// What to do with one answer.
pub(super) enum Decision {
    /// Take it.
    Accept(Content),
    /// Ask for the segment alone, with this complaint.
    AskAgain(Complaint),
    /// Leave the segment without a target.
    GiveUp(Complaint),
}

/// The checks that belong to the article, not to the batch.
pub(super) struct Checks<'a> {
    pub(super) articles: &'a [Article],
    pub(super) lang: &'a Lang,
    pub(super) verify: &'a Verify<'a>,
}

/// How many answers of this engine are looked at for one segment.
pub(super) fn asks(engine: &dyn Engine) -> usize {
    if engine.takes_complaints() { ASKS } else { 2 }
}

/// Decides. An engine that takes complaints is asked again for wrong numbers, and once for a term
/// that misses; then a wrong number leaves the segment without a target, and a term is a finding on
/// one. An engine that can't be told is asked again only where its batch was in disorder; what its
/// answer lacks in numbers and terms is a finding.
pub(super) fn decide(
    job: &mut Job,
    verdict: Verdict,
    engine: &dyn Engine,
    checks: &Checks<'_>,
) -> Decision {
    let may_ask = if engine.takes_complaints() {
        job.rejected.len() + 1 < ASKS
    } else {
        !job.alone
    };
    let content = match verdict {
        Verdict::Good(content) => content,
        Verdict::Bad(complaint) | Verdict::Doubtful(complaint) if may_ask => {
            return Decision::AskAgain(complaint);
        }
        // An answer that only its terms speak against is better than none.
        Verdict::Bad(complaint) | Verdict::Doubtful(complaint) => {
            return match job.best.take() {
                Some(best) if numbers(job, &best, checks).is_empty() => Decision::Accept(best),
                best => {
                    job.best = best;
                    Decision::GiveUp(complaint)
                }
            };
        }
    };
    if !engine.takes_complaints() {
        return Decision::Accept(content);
    }
    let text = content.text();
    let wrong = numbers(job, &content, checks);
    let missing = terms(&job.item.terms, &text, checks.lang);
    if wrong.is_empty() && missing.is_empty() {
        return Decision::Accept(content);
    }
    let told = |reason: &str| {
        job.rejected
            .iter()
            .any(|before| before.reasons.iter().any(|known| known == reason))
    };
    let only_terms = wrong.is_empty();
    // One repair for a term; a model that does not use it when asked won't when asked again.
    let repaired = only_terms && missing.iter().all(|reason| told(reason));
    let mut reasons = wrong;
    reasons.extend(missing);
    let complaint = Complaint {
        answer: text,
        reasons,
    };
    if only_terms && (repaired || !may_ask) {
        return Decision::Accept(content);
    }
    if only_terms || job.best.is_none() {
        job.best = Some(content);
    }
    if may_ask {
        return Decision::AskAgain(complaint);
    }
    match job.best.take() {
        Some(best) if numbers(job, &best, checks).is_empty() => Decision::Accept(best),
        best => {
            job.best = best;
            Decision::GiveUp(complaint)
        }
    }
}

/// What the pipeline's checks call an error, a sentence each.
fn numbers(job: &Job, content: &Content, checks: &Checks<'_>) -> Vec<String> {
    let (article, at) = job.places[0];
    let article = &checks.articles[article];
    let Some(segment) = article.segments().nth(at) else {
        return Vec::new();
    };
    (checks.verify)(article, segment, checks.lang, content)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && !finding.rule.starts_with("term."))
        .map(|finding| finding.message)
        .collect()
}

/// What the terms have against a translation, a sentence each.
pub(super) fn terms(concepts: &[Concept], target: &str, lang: &Lang) -> Vec<String> {
    concepts
        .iter()
        .zip(term_uses(concepts, target, lang))
        .filter(|(_, found)| !found.is_right())
        .map(|(concept, found)| {
            let allowed: Vec<&str> = concept.allowed().map(|term| term.text.as_str()).collect();
            let source = &concept.source;
            match found.forbidden.first() {
                Some(misuse) if allowed.is_empty() => {
                    format!("{source} must not be {:?}", &target[misuse.range.clone()])
                }
                Some(misuse) => format!(
                    "{source} must not be {:?}; use {}",
                    &target[misuse.range.clone()],
                    list(&allowed)
                ),
                None => format!("the term for {source} is missing; use {}", list(&allowed)),
            }
        })
        .collect()
}

fn list(terms: &[&str]) -> String {
    let quoted: Vec<String> = terms.iter().map(|term| format!("{term:?}")).collect();
    quoted.join(" or ")
}
