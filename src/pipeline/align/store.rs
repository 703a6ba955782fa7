//! An alignment becomes targets.

use std::collections::BTreeSet;

use super::codes;
use super::text::Text;
use crate::align::{Alignment, Row};
use crate::model::{
    Article, ArticleId, Content, Finding, Lang, Location, Note, Origin, Provenance, Segment,
    SegmentId, Severity, State, Suggestion, Target, Translation,
};

/// What was stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The articles that the source holds.
    pub articles: Vec<ArticleId>,
    /// The records that changed, relative to the workspace.
    pub written: Vec<String>,
    /// Sentences that got a target.
    pub translated: usize,
    /// Sentences whose target stands with the first sentence of their row.
    pub covered: usize,
    /// Sentences that already had a target that was not aligned; the aligned one is a suggestion.
    pub kept: usize,
    /// Rows that a person should look at, and text that only one side has: `segment.alignment`.
    pub findings: Vec<Finding>,
}

/// Who made rows that a person corrected, in the provenance of their targets.
const BY_HAND: &str = "corrected rows";

/// The rule of findings about alignment.
pub const RULE: &str = "segment.alignment";

/// Puts the rows into the articles, whose sentences, one after the other, are the source's. Rows
/// that a person corrected (`by_hand`) come before those that were found; the reverse is not so.
pub fn store(
    articles: &mut [Article],
    target: &Text,
    lang: &Lang,
    alignment: &Alignment,
    by_hand: bool,
) -> Stored {
    let mut segments = Vec::new();
    for article in articles {
        let kept = clear(article, lang, by_hand);
        let id = article.id.clone();
        segments.extend(article.segments_mut().map(|segment| Place {
            article: id.clone(),
            kept: kept.contains(&segment.id),
            segment,
        }));
    }
    let mut store = Store {
        segments,
        lang,
        by_hand,
        stored: Stored::default(),
    };
    let mut before = 0;
    for row in &alignment.rows {
        let content = target.joined(&row.target);
        match row.source.as_slice() {
            [] => store.target_only(before, &content),
            sources if row.target.is_empty() => {
                for &index in sources {
                    store.source_only(index);
                }
            }
            [first, rest @ ..] => store.row(*first, rest, &content, row),
        }
        before = row.source.last().copied().unwrap_or(before);
    }
    store.stored
}

/// A sentence of the source.
struct Place<'a> {
    article: ArticleId,
    segment: &'a mut Segment,
    /// Whether it has a target that must not be touched.
    kept: bool,
}

struct Store<'a> {
    segments: Vec<Place<'a>>,
    lang: &'a Lang,
    by_hand: bool,
    stored: Stored,
}

impl Store<'_> {
    fn row(&mut self, first: usize, rest: &[usize], content: &Content, row: &Row) {
        let Some(place) = self.segments.get_mut(first) else {
            return;
        };
        let target = Target {
            content: codes::fit(content, &place.segment.source),
            state: State::Translated,
            provenance: vec![Provenance {
                origin: Origin::Aligned(percent(row.score)),
                by: self.by_hand.then(|| BY_HAND.to_owned()),
                when: None,
            }],
        };
        let translation = place.segment.targets.get_or_default(self.lang);
        let kept = place.kept;
        if kept {
            self.stored.kept += 1;
            let same = |known: &Target| known.content == target.content;
            let known = translation.target.as_ref().is_some_and(same)
                || translation.suggestions.iter().any(|s| same(&s.target));
            if !known {
                translation.suggestions.push(Suggestion {
                    source: place.segment.source.clone(),
                    similarity: percent(row.score),
                    target,
                });
            }
        } else {
            self.stored.translated += 1;
            translation.target = Some(target);
        }
        let (article, id) = (place.article.clone(), place.segment.id.clone());
        for &index in rest {
            let Some(place) = self.segments.get_mut(index) else {
                continue;
            };
            if place.kept {
                self.stored.kept += 1;
            } else if kept || place.article != article {
                // Another's target does not cover it, nor can one of another article.
                self.source_only(index);
            } else {
                self.stored.covered += 1;
                let translations = &mut place.segment.targets;
                translations.get_or_default(self.lang).covered_by = Some(id.clone());
            }
        }
        if row.is_doubtful() && !kept {
            let message = format!(
                "it is not sure (score {:.2}) that these are translations of each other; compare \
                 them, and correct the rows with `duizhao align --review` and `--rows`",
                row.score
            );
            self.finding(first, message);
        }
    }

    fn source_only(&mut self, index: usize) {
        if self.segments.get(index).is_some_and(|place| place.kept) {
            self.stored.kept += 1;
            return;
        }
        self.note(index, Note::source_only());
        let message = "the translation has nothing for this sentence; translate it, or merge it \
             with its neighbour if that covers it";
        self.finding(index, message.to_owned());
    }

    fn target_only(&mut self, index: usize, content: &Content) {
        let text = content.text();
        self.note(index, Note::target_only(&text));
        let message =
            format!("the translation says after this sentence what the source does not: {text}");
        self.finding(index, message);
    }

    fn note(&mut self, index: usize, note: Note) {
        if let Some(place) = self.segments.get_mut(index) {
            let translation = place.segment.targets.get_or_default(self.lang);
            translation.notes.push(note);
        }
    }

    fn finding(&mut self, index: usize, message: String) {
        let place = self.segments.get(index);
        self.stored.findings.push(Finding {
            rule: RULE.to_owned(),
            severity: Severity::Warning,
            location: Location {
                article: place.map(|place| place.article.clone()),
                segment: place.map(|place| place.segment.id.clone()),
                pair: None,
                language: Some(self.lang.clone()),
            },
            message,
            source_span: None,
            target_span: None,
        });
    }
}

/// Takes away what an earlier alignment left, and says which segments have something else.
fn clear(article: &mut Article, lang: &Lang, by_hand: bool) -> BTreeSet<SegmentId> {
    let theirs = |translation: &Translation| {
        translation.target.as_ref().is_some_and(|target| {
            let last = target.provenance.last();
            let aligned = last.is_some_and(|step| {
                let corrected = step.by.as_deref() == Some(BY_HAND);
                matches!(step.origin, Origin::Aligned(_)) && (by_hand || !corrected)
            });
            let untouched = aligned && target.state <= State::Translated;
            !target.content.is_blank() && !untouched && !target.is_pseudo()
        })
    };
    let mut kept: BTreeSet<SegmentId> = article
        .segments()
        .filter(|segment| segment.targets.get(lang).is_some_and(theirs))
        .map(|segment| segment.id.clone())
        .collect();
    let covered: Vec<SegmentId> = article
        .segments()
        .filter(|segment| segment.covered_by(lang).is_some_and(|id| kept.contains(id)))
        .map(|segment| segment.id.clone())
        .collect();
    kept.extend(covered);
    for segment in article.segments_mut() {
        let Some(translation) = segment.targets.get_mut(lang) else {
            continue;
        };
        translation.notes.retain(|note| !note.is_of_alignment());
        if !kept.contains(&segment.id) {
            translation.target = None;
            translation.covered_by = None;
        }
        if translation.is_empty() {
            segment.targets.remove(lang);
        }
    }
    kept
}

/// A score in percent, 0 to 100.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=100"
)]
fn percent(score: f64) -> u8 {
    (score * 100.0).round().clamp(0.0, 100.0) as u8
}
