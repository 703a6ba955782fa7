//! What a build has to know of each article.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::align::revision::Changes;
use crate::model::{Article, ArticleId, CodeKind, Inline, Lang, Meta, State};
use crate::pipeline::moved::left_and_wanted;
use crate::publish::manifest::{Counts, Digest};
use crate::publish::web::{Entry, article_href, entry};

/// What a build has to know of an article all the time: little, for of a large workspace there are
/// many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::pipeline) struct Card {
    pub(in crate::pipeline) id: ArticleId,
    /// The language of its source text.
    pub(in crate::pipeline) lang: Lang,
    /// The file that it came from.
    #[serde(skip)]
    pub(in crate::pipeline) original: Arc<str>,
    /// Outlet, date and authors; nothing else of what is known.
    pub(in crate::pipeline) meta: Meta,
    /// SHA-256 of all that is stored about it.
    pub(in crate::pipeline) digest: Digest,
    /// Its title in its own language and in the target language, for each of those.
    titles: Box<[[Box<str>; 2]]>,
    /// Where its text is: file, and place in it.
    #[serde(skip)]
    pub(super) place: (u32, u32),
}

impl Card {
    #[cfg(test)]
    pub(in crate::pipeline) fn empty(id: ArticleId, original: &str, meta: Meta) -> Self {
        Self {
            id,
            lang: "zh-Hans".parse().unwrap(),
            original: original.into(),
            meta,
            digest: crate::publish::manifest::Sum::default().digest(),
            titles: Box::default(),
            place: (0, 0),
        }
    }

    /// What lists say of it in the target language that has this number, but for the summary.
    pub(in crate::pipeline) fn entry(&self, targets: &[Lang], number: usize) -> Option<Entry> {
        let ([title, translated_title], target) = (self.titles.get(number)?, targets.get(number)?);
        Some(Entry {
            href: article_href(self.id.as_str(), target, &targets[0]),
            id: self.id.to_string(),
            source: self.lang.clone(),
            target: target.clone(),
            title: title.to_string(),
            translated_title: translated_title.to_string(),
            summary: String::new(),
            outlet: self.meta.outlet.clone(),
            date: self.meta.date.clone(),
            authors: self.meta.authors.clone(),
        })
    }
}

/// A card with what is only asked for when it is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) card: Card,
    pub(super) counts: Counts,
    /// How many pictures its source has.
    pub(super) pictures: usize,
    /// Whether its records are not what its source gives.
    pub(super) is_behind: bool,
    /// See [`left_and_wanted`].
    pub(super) left_and_wanted: [Box<[u64]>; 2],
}

/// The card of an article of which `digest` is the SHA-256.
pub(super) fn note(article: &Article, targets: &[Lang], digest: Digest, changes: Changes) -> Noted {
    let mut counts = Counts {
        articles: 1,
        ..Counts::default()
    };
    for segment in article.segments() {
        counts.segments += 1;
        for lang in targets {
            let target = segment.target(lang).filter(|target| !target.is_pseudo());
            let covered = segment.covered_by(lang).is_some();
            counts.translated += usize::from(target.is_some() || covered);
            counts.missing += usize::from(target.is_none() && !covered);
            let approved = target.is_some_and(|target| target.state >= State::Reviewed);
            counts.reviewed += usize::from(approved);
        }
    }
    let titles = targets.iter().map(|target| {
        let entry = entry(article, target, &targets[0]);
        [entry.title.into(), entry.translated_title.into()]
    });
    Noted {
        card: Card {
            id: article.id.clone(),
            lang: article.lang.clone(),
            original: Arc::default(),
            meta: Meta {
                outlet: article.meta.outlet.clone(),
                date: article.meta.date.clone(),
                authors: article.meta.authors.clone(),
                ..Meta::default()
            },
            digest,
            titles: titles.collect(),
            place: (0, 0),
        },
        counts,
        pictures: pictures(article),
        is_behind: changes.any(),
        left_and_wanted: left_and_wanted(article).map(Vec::into),
    }
}

fn pictures(article: &Article) -> usize {
    let is_picture = |inline: &&Inline| match inline {
        Inline::Placeholder(code) => matches!(code.kind, CodeKind::Image { .. }),
        _ => false,
    };
    article
        .segments()
        .flat_map(|segment| segment.source.inlines())
        .filter(is_picture)
        .count()
}
