//! One source with several targets, several sources with one target.

use std::collections::BTreeMap;

use super::{Sink, Suppression};
use crate::model::Location;

/// A pair within its article or list.
pub(super) struct Text<'a> {
    pub source: &'a str,
    pub target: &'a str,
    pub location: Location,
    pub suppressed: Vec<Suppression>,
}

/// The text with what does not make it another sentence taken out.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn check(texts: &[Text<'_>], sink: &mut Sink<'_>) {
    let mut by_source: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_target: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        let (source, target) = (key(text.source), key(text.target));
        if source.is_empty() || target.is_empty() {
            continue;
        }
        by_source.entry(source).or_default().push(at);
        by_target.entry(target).or_default().push(at);
    }
    for places in by_source.values() {
        differing(
            texts,
            places,
            |text| key(text.target),
            "consistency.source",
            sink,
            |first| format!("the same sentence is translated otherwise in {first}"),
        );
    }
    for places in by_target.values() {
        differing(
            texts,
            places,
            |text| key(text.source),
            "consistency.target",
            sink,
            |first| format!("another sentence, {first}, has the same translation"),
        );
    }
}

fn differing(
    texts: &[Text<'_>],
    places: &[usize],
    other_side: impl Fn(&Text<'_>) -> String,
    rule: &'static str,
    sink: &mut Sink<'_>,
    message: impl Fn(String) -> String,
) {
    let Some((&first, rest)) = places.split_first() else {
        return;
    };
    let expected = other_side(&texts[first]);
    for &at in rest {
        if other_side(&texts[at]) != expected {
            sink.location = texts[at].location.clone();
            sink.suppressed.clone_from(&texts[at].suppressed);
            sink.whole(rule, message(name_of(&texts[first].location)));
        }
    }
}

pub(super) fn name_of(location: &Location) -> String {
    match (&location.segment, location.pair) {
        (Some(segment), _) => segment.to_string(),
        (None, Some(pair)) => format!("pair {pair}"),
        (None, None) => "another place".to_owned(),
    }
}
