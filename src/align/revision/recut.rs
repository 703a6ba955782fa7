//! Sentences whose text stayed and was only cut anew: joined to one, or parted.
//!
//! Their targets say all that the new sentences say, so that they are kept, marked for review,
//! and not translated again. Where the text changed too, targets are offered as suggestions.

use std::collections::{BTreeMap, BTreeSet};

use super::{differs_by_repairs, percent, repairs_within};
use crate::align::pairing::{Kinship, Recut, alike};
use crate::model::{
    Block, Content, Inline, Lang, Segment, SegmentId, Suggestion, Target, Translation,
};

/// From this likeness on, the target of an old sentence is worth offering for a new one.
const WORTH_OFFERING: f64 = 0.3;

/// What becomes of new sentences, by their place in the article.
#[derive(Default)]
pub(super) struct Plan {
    /// Old sentences as one, for the new sentence that has their text; and the places of these
    /// old sentences.
    pub(super) joined: BTreeMap<usize, (Vec<usize>, Segment)>,
    /// The first part of a parted sentence, and the old sentence's place.
    pub(super) first_parts: BTreeMap<usize, usize>,
    /// Its other parts: the id that the first one has, and the languages in which it has a target.
    pub(super) other_parts: BTreeMap<usize, (SegmentId, Vec<Lang>)>,
    /// Targets of other old sentences of the row.
    pub(super) offers: BTreeMap<usize, Vec<(Lang, Suggestion)>>,
}

impl Plan {
    /// The plan for these rows; `settled` are new sentences whose origin is known otherwise.
    pub(super) fn new(
        recuts: &[Recut],
        old: &[Option<Segment>],
        blocks: &[Block],
        settled: impl Fn(usize) -> bool,
    ) -> Self {
        let mut plan = Self::default();
        if recuts.is_empty() {
            return plan;
        }
        let places = places(blocks);
        for recut in recuts {
            if recut.new.iter().any(|&new| settled(new)) {
                continue;
            }
            let olds: Option<Vec<&Segment>> =
                recut.old.iter().map(|&at| old.get(at)?.as_ref()).collect();
            let news: Option<Vec<Place<'_>>> = recut
                .new
                .iter()
                .map(|&at| places.get(at).copied())
                .collect();
            let (Some(olds), Some(news)) = (olds, news) else {
                continue;
            };
            let same = same_text(&olds, &news, blocks);
            match (recut.old.as_slice(), recut.new.as_slice()) {
                (_, &[new]) if same => {
                    plan.joined.insert(new, (recut.old.clone(), join(&olds)));
                }
                (&[from], &[first, ref others @ ..]) if same && is_plain(olds[0]) => {
                    plan.first_parts.insert(first, from);
                    let targets = olds[0].targets.iter();
                    let langs: Vec<Lang> = targets
                        .filter(|(_, translation)| translation.target.is_some())
                        .map(|(lang, _)| lang.clone())
                        .collect();
                    for &other in others {
                        let by = (olds[0].id.clone(), langs.clone());
                        plan.other_parts.insert(other, by);
                    }
                }
                _ => plan.offer(&recut.new, &olds, &news),
            }
        }
        plan
    }

    /// Pairs new sentences with the old ones that the plan takes for them.
    pub(super) fn settle(&self, pairs: &mut [Option<(usize, Kinship)>]) {
        for (&new, &from) in &self.first_parts {
            pairs[new] = Some((from, Kinship::Recut));
        }
        for &new in self.other_parts.keys() {
            pairs[new] = None;
        }
        for (&new, (from, _)) in &self.joined {
            pairs[new] = from.first().map(|&from| (from, Kinship::Recut));
        }
    }

    fn offer(&mut self, at: &[usize], olds: &[&Segment], news: &[Place<'_>]) {
        for (&at, new) in at.iter().zip(news) {
            for old in olds {
                let likeness = alike(&old.source.text(), &new.segment.source.text());
                if likeness < WORTH_OFFERING {
                    continue;
                }
                for (lang, translation) in old.targets.iter() {
                    if let Some(target) = worth_offering(translation) {
                        let suggestion = Suggestion {
                            source: old.source.clone(),
                            target: target.clone(),
                            similarity: percent(likeness),
                        };
                        let offers = self.offers.entry(at).or_default();
                        offers.push((lang.clone(), suggestion));
                    }
                }
            }
        }
    }
}

/// A new sentence, and where it begins in its block, in characters.
#[derive(Clone, Copy)]
struct Place<'a> {
    block: usize,
    at: usize,
    segment: &'a Segment,
}

fn places(blocks: &[Block]) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        let mut at = 0;
        for segment in &block.segments {
            places.push(Place {
                block: number,
                at,
                segment,
            });
            at += segment.source.text().chars().count() + segment.space_after.chars().count();
        }
    }
    places
}

/// Marks that part or join sentences: where only these differ, a translation still says the same.
const MARKS: &str = "。，；！？：、,;!?";

/// Whether both sides are the same text, but for white space, [`MARKS`] and repairs.
fn same_text(olds: &[&Segment], news: &[Place<'_>], blocks: &[Block]) -> bool {
    let old = text_of(olds.iter().copied());
    let new = text_of(news.iter().map(|place| place.segment));
    let letters = |text: &str| -> String {
        let said = |c: &char| !c.is_whitespace() && !MARKS.contains(*c);
        text.chars().filter(said).collect()
    };
    if letters(&old) == letters(&new) {
        return true;
    }
    let (Some(first), Some(last)) = (news.first(), news.last()) else {
        return false;
    };
    let to = first.at + new.chars().count();
    first.block == last.block
        && differs_by_repairs(
            &old,
            &new,
            &repairs_within(&blocks[first.block].repairs, first.at, to),
        )
}

fn text_of<'a>(segments: impl Iterator<Item = &'a Segment>) -> String {
    let mut text = String::new();
    let mut space = "";
    for segment in segments {
        text.push_str(space);
        text.push_str(&segment.source.text());
        space = &segment.space_after;
    }
    text
}

/// Whether neither the sentence nor its targets have inline codes, which could not be shared out.
fn is_plain(segment: &Segment) -> bool {
    let plain = |content: &Content| {
        let inlines = content.inlines().iter();
        inlines
            .clone()
            .all(|inline| matches!(inline, Inline::Text(_)))
    };
    let targets = segment.targets.values();
    plain(&segment.source)
        && targets
            .filter_map(|translation| translation.target.as_ref())
            .all(|target| plain(&target.content))
}

/// Old sentences as one, with the id of the first. In each language in which all are translated
/// it has their targets joined; in the others they are suggestions.
fn join(olds: &[&Segment]) -> Segment {
    let Some((first, others)) = olds.split_first() else {
        return Segment::new(SegmentId::new(""), Content::default(), "");
    };
    let mut joined = (*first).clone();
    joined.source = Content::from_text(&text_of(olds.iter().copied()));
    let langs: BTreeSet<&Lang> = olds.iter().flat_map(|old| old.targets.keys()).collect();
    for lang in langs {
        let mut translation = joined.targets.remove(lang).unwrap_or_default();
        let target = join_targets(olds, lang);
        // Each for itself is offered too; the others stay among what is gone, should the text be
        // cut as before.
        let offered = if target.is_some() { 1 } else { olds.len() };
        for old in olds[..offered].iter().rev() {
            // A target that says what a neighbour says too is none of this sentence alone.
            let covers = olds
                .iter()
                .any(|other| other.covered_by(lang) == Some(&old.id));
            if let Some(own) = (old.targets.get(lang).and_then(worth_offering)).filter(|_| !covers)
            {
                let likeness = alike(&old.source.text(), &joined.source.text());
                let offer = Suggestion {
                    source: old.source.clone(),
                    target: own.clone(),
                    similarity: percent(likeness),
                };
                translation.suggestions.insert(0, offer);
            }
        }
        for other in others {
            if let Some(theirs) = other.targets.get(lang).filter(|_| target.is_some()) {
                translation.notes.extend(theirs.notes.iter().cloned());
                let offers = theirs.suggestions.iter().cloned();
                translation.suggestions.extend(offers);
            }
        }
        translation.covered_by = None;
        translation.target = target;
        if !translation.is_empty() {
            joined.targets.insert(lang.clone(), translation);
        }
    }
    joined
}

/// The targets of all one after another; none where one has none of its own and none that covers
/// it, or has inline codes.
fn join_targets(olds: &[&Segment], lang: &Lang) -> Option<Target> {
    let mut joined: Option<Target> = None;
    for old in olds {
        let translation = old.targets.get(lang)?;
        let Some(target) = &translation.target else {
            let by = translation.covered_by.as_ref()?;
            if olds.iter().any(|other| other.id == *by) {
                continue;
            }
            return None;
        };
        if !is_plain(old) || target.is_pseudo() {
            return None;
        }
        let Some(all) = &mut joined else {
            joined = Some(target.clone());
            continue;
        };
        let text = target.content.text();
        if lang.separates_with_spaces() && !all.content.text().ends_with(char::is_whitespace) {
            all.content.push_text(" ");
        }
        all.content.push_text(&text);
        all.state = all.state.min(target.state);
        for step in &target.provenance {
            if !all.provenance.contains(step) {
                all.provenance.push(step.clone());
            }
        }
    }
    joined
}

/// Keeps what was translated from the uncut text as a suggestion, should the text be so again.
pub(super) fn remember(translation: &mut Translation, old: &Content) {
    let known = translation
        .suggestions
        .iter()
        .any(|offer| offer.source == *old);
    if let Some(target) = worth_offering(translation).filter(|_| !known) {
        let offer = Suggestion {
            source: old.clone(),
            target: target.clone(),
            similarity: 99,
        };
        translation.suggestions.insert(0, offer);
    }
}

fn worth_offering(translation: &Translation) -> Option<&Target> {
    let target = translation.target.as_ref()?;
    (!target.content.is_blank() && !target.is_pseudo()).then_some(target)
}
