//! What holds for a source that several concepts have.
//!
//! Term bases may say of one source in two files, or for all articles and for one, what is to be
//! used and what is not. All of it holds; where an article's own terms and the general ones do not
//! agree, its own do.

use std::collections::BTreeMap;

use crate::model::{Concept, TermStatus};

/// One concept for each source, in the order in which the sources first come. Letter case of ASCII
/// makes no other source.
pub(super) fn merged(concepts: &[Concept]) -> Vec<Concept> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Concept>> = Vec::new();
    for concept in concepts {
        let key = concept.source.to_ascii_lowercase();
        let place = *places.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(concept);
    }
    groups.into_iter().filter_map(one).collect()
}

/// Whether a concept holds in one article only.
pub(super) fn is_limited(concept: &Concept) -> bool {
    let scope = concept.scope.as_deref();
    scope.is_some_and(|scope| scope.starts_with("article:"))
}

fn one(mut group: Vec<&Concept>) -> Option<Concept> {
    // A stable sort: what is limited first, else the order of the files.
    group.sort_by_key(|concept| !is_limited(concept));
    let (first, others) = group.split_first()?;
    let mut whole = (*first).clone();
    for other in others {
        // An article that has a term of its own does not want the general one.
        let decided = !is_limited(other)
            && group
                .iter()
                .any(|concept| is_limited(concept) && concept.preferred().is_some());
        for term in &other.terms {
            let known = whole
                .terms
                .iter()
                .any(|known| known.text.to_lowercase() == term.text.to_lowercase());
            if !known && (!decided || term.status == TermStatus::Forbidden) {
                whole.terms.push(term.clone());
            }
        }
    }
    if !others.is_empty() {
        whole.terms.sort_by_key(|term| match term.status {
            TermStatus::Preferred => 0,
            TermStatus::Admitted => 1,
            TermStatus::Forbidden => 2,
        });
    }
    Some(whole)
}
