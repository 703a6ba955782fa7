//! Sentences that moved from one article to another.

use std::collections::BTreeMap;

use crate::model::{Article, Content, Segment, Target, Translation, Translations};

/// Shorter sentences (in characters) say little about where they come from.
const TELLING: usize = 8;

/// Gives sentences without any translation the one that an article keeps for the same text, which
/// it no longer has. Nothing is taken away: the text may come back.
pub(super) fn follow(articles: &mut [Article]) {
    let mut left: BTreeMap<String, (Content, Translations)> = BTreeMap::new();
    for segment in articles.iter().flat_map(|article| &article.obsolete) {
        let translations = translations(segment);
        if !translations.is_empty() && is_telling(segment) {
            left.entry(segment.source.text())
                .or_insert_with(|| (segment.source.clone(), translations));
        }
    }
    if left.is_empty() {
        return;
    }
    let segments = articles.iter_mut().flat_map(Article::segments_mut);
    for segment in segments.filter(|segment| segment.targets.is_empty()) {
        if let Some((source, translations)) = left.get(&segment.source.text())
            && *source == segment.source
        {
            segment.targets = translations.clone();
        }
    }
}

fn is_telling(segment: &Segment) -> bool {
    segment.source.text().chars().count() >= TELLING
}

/// The targets alone: what covers or is covered stands in the other article.
fn translations(segment: &Segment) -> Translations {
    let mut kept = Translations::default();
    for (lang, translation) in segment.targets.iter() {
        let target = translation.target.as_ref();
        if let Some(target) = target.filter(|target| !Target::is_pseudo(target)) {
            let own = Translation {
                target: Some(target.clone()),
                ..Translation::default()
            };
            kept.insert(lang.clone(), own);
        }
    }
    kept
}
