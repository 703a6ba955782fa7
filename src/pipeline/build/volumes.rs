//! Splitting a long publication into volumes.

use std::collections::BTreeSet;

use crate::model::ArticleId;
use crate::pipeline::library::Card;
use crate::workspace::VolumeRule;

/// A part of a book's articles.
#[derive(Debug)]
pub(super) struct Split<'a> {
    /// What its file's name has behind the book's id; none where the book is one volume.
    pub suffix: Option<String>,
    /// What its title has behind the book's; none where its number stands there.
    pub label: Option<String>,
    /// Its articles.
    pub articles: Box<[&'a Card]>,
}

/// Splits articles, keeping their order: volumes come in the order of their first articles.
pub(super) fn split<'a>(articles: &[&'a Card], rule: Option<&VolumeRule>) -> Vec<Split<'a>> {
    let Some(rule) = rule else {
        return vec![Split {
            suffix: None,
            label: None,
            articles: articles.into(),
        }];
    };
    if let VolumeRule::Size(most) = rule {
        return articles
            .chunks((*most).max(1))
            .enumerate()
            .map(|(index, articles)| Split {
                suffix: Some(format!("{:04}", index + 1)),
                label: None,
                articles: articles.into(),
            })
            .collect();
    }
    let mut groups: Vec<(Option<String>, Vec<&Card>)> = Vec::new();
    for article in articles {
        let label = label(article, rule);
        match groups.iter_mut().find(|(other, _)| *other == label) {
            Some((_, group)) => group.push(article),
            None => groups.push((label, vec![article])),
        }
    }
    let mut taken = BTreeSet::new();
    groups
        .into_iter()
        .map(|(label, articles)| {
            let stem = stem(label.as_deref().unwrap_or(match rule {
                VolumeRule::Outlet => "other",
                _ => "undated",
            }));
            let mut suffix = stem.clone();
            let mut number = 1;
            while !taken.insert(suffix.clone()) {
                number += 1;
                suffix = format!("{stem}-{number}");
            }
            Split {
                suffix: Some(suffix),
                label,
                articles: articles.into(),
            }
        })
        .collect()
}

/// What the articles of one volume have in common. Articles that lack it share a volume, whose
/// title has its number.
fn label(article: &Card, rule: &VolumeRule) -> Option<String> {
    let date = |length: usize| {
        let date = article.meta.date.as_deref()?;
        Some(date.get(..length).unwrap_or(date).to_owned())
    };
    match rule {
        VolumeRule::Day => date(10),
        VolumeRule::Month => date(7),
        VolumeRule::Year => date(4),
        VolumeRule::Source => Some(ArticleId::of_file(&article.original).to_string()),
        VolumeRule::Outlet => article.meta.outlet.clone(),
        // Told apart above.
        VolumeRule::Size(_) => None,
    }
}

/// A label as a part of a file's name.
fn stem(label: &str) -> String {
    let stem: String = label
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let stem = stem.trim_matches(['-', '.']).to_owned();
    if stem.is_empty() {
        "other".into()
    } else {
        stem
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Meta;

    fn article(id: &str, date: Option<&str>, outlet: Option<&str>) -> Card {
        let original = format!("sources/{}.txt", id.split('-').next().unwrap());
        let meta = Meta {
            date: date.map(str::to_owned),
            outlet: outlet.map(str::to_owned),
            ..Meta::default()
        };
        Card::empty(ArticleId::new(id), &original, meta)
    }

    fn names(articles: &[Card], rule: &VolumeRule) -> Vec<(String, usize)> {
        let articles: Vec<&Card> = articles.iter().collect();
        split(&articles, Some(rule))
            .into_iter()
            .map(|volume| (volume.suffix.unwrap_or_default(), volume.articles.len()))
            .collect()
    }

    #[test]
    fn articles_are_split_by_rule_and_none_is_lost() {
        let articles = [
            article("a-1", Some("2020-06-18"), Some("甲报")),
            article("a-2", Some("2020-06"), Some("乙/报")),
            article("b-1", Some("2020-07-01"), Some("乙:报")),
            article("b-2", None, None),
        ];
        let name = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            names(&articles, &VolumeRule::Size(3)),
            [name("0001", 3), name("0002", 1)]
        );
        assert_eq!(
            names(&articles, &VolumeRule::Month),
            [name("2020-06", 2), name("2020-07", 1), name("undated", 1)]
        );
        assert_eq!(
            names(&articles, &VolumeRule::Source),
            [name("a", 2), name("b", 2)]
        );
        assert_eq!(
            names(&articles, &VolumeRule::Outlet),
            [
                name("甲报", 1),
                name("乙-报", 1),
                name("乙-报-2", 1),
                name("other", 1)
            ]
        );
    }
}
