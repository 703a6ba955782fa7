//! Sentences that moved from one article to another.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::model::{Article, ArticleId, Content, Segment, Target, Translation, Translations};

/// Shorter sentences (in characters) say little about where they come from.
const TELLING: usize = 8;

/// Gives sentences without any translation the one that an article keeps for the same text, which
/// it no longer has. Nothing is taken away: the text may come back. Gives the articles that got
/// one.
pub(super) fn follow(articles: &mut [Article]) -> BTreeSet<ArticleId> {
    let mut left: BTreeMap<String, (Content, Translations)> = BTreeMap::new();
    for segment in articles.iter().flat_map(|article| &article.obsolete) {
        let translations = translations(segment);
        if !translations.is_empty() && is_telling(segment) {
            left.entry(segment.source.text())
                .or_insert_with(|| (segment.source.clone(), translations));
        }
    }
    let mut followed = BTreeSet::new();
    if left.is_empty() {
        return followed;
    }
    for article in articles {
        let id = article.id.clone();
        for segment in article.segments_mut().filter(|one| one.targets.is_empty()) {
            if let Some((source, translations)) = left.get(&segment.source.text())
                && *source == segment.source
            {
                segment.targets = translations.clone();
                followed.insert(id.clone());
            }
        }
    }
    followed
}

/// The texts, as hashes, whose translations an article keeps though it no longer has them, and
/// those that it has without any translation: where the two meet, [`follow`] has something to do.
pub(super) fn left_and_wanted(article: &Article) -> [Vec<u64>; 2] {
    let left = article
        .obsolete
        .iter()
        .filter(|segment| is_telling(segment) && !translations(segment).is_empty());
    let wanted = article
        .segments()
        .filter(|segment| segment.targets.is_empty() && is_telling(segment));
    [left.map(hash).collect(), wanted.map(hash).collect()]
}

fn hash(segment: &Segment) -> u64 {
    let mut hasher = FxHasher::default();
    segment.source.text().hash(&mut hasher);
    hasher.finish()
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
