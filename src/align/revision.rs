//! Brings the stored translation of an article up to date with a new segmentation of its source.
//!
//! Contract: what is the same keeps its id and targets wherever it moved; a changed sentence
//! keeps its id, and its targets become suggestions; a change by repair alone, or by cutting the
//! same text anew, keeps its targets, marked for review; what is gone but was translated or noted is kept as obsolete, and revived
//! when its text comes back. No id is ever given twice. Pure.

use std::collections::{BTreeMap, BTreeSet};

mod recut;

use super::pairing::{Kinship, Pairing, Recut, alike, pair};
use crate::model::{
    Article, Block, BlockId, Content, Lang, Note, NoteAbout, NoteKind, Origin, Provenance, Repair,
    Segment, SegmentId, State, Suggestion, Target, Translation,
};
use recut::Plan;

/// What a revision did, in numbers of segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Changes {
    /// Same text, same place.
    pub unchanged: usize,
    /// Same text, another place.
    pub moved: usize,
    /// Another text: targets became suggestions.
    pub changed: usize,
    /// Changed by a repair alone, or the same text cut anew: targets were kept, marked for review.
    pub carried: usize,
    /// New.
    pub added: usize,
    /// Back again from the obsolete ones.
    pub revived: usize,
    /// No longer in the source.
    pub gone: usize,
}

impl Changes {
    /// Whether anything but the unchanged is there.
    #[must_use]
    pub fn any(&self) -> bool {
        *self
            != Self {
                unchanged: self.unchanged,
                ..Self::default()
            }
    }
}

/// How much of each other two articles are: the part of their sentences, 0 to 1, that both have
/// letter for letter (Dice coefficient). Tells which stored article a file's article is.
#[must_use]
pub fn shared_part(stored: &Article, fresh: &Article) -> f64 {
    let texts = |article: &Article| -> BTreeSet<String> {
        article
            .segments()
            .map(|segment| segment.source.text())
            .collect()
    };
    let (ours, theirs) = (texts(stored), texts(fresh));
    ratio(
        2 * ours.intersection(&theirs).count(),
        ours.len() + theirs.len(),
    )
}

/// How alike the texts of two articles are, 0 to 1, also where every sentence was touched: the
/// Dice coefficient of their character pairs. Linear in the texts.
#[must_use]
pub fn likeness(stored: &Article, fresh: &Article) -> f64 {
    let text = |article: &Article| -> String {
        article
            .segments()
            .map(|segment| segment.source.text())
            .collect()
    };
    alike(&text(stored), &text(fresh))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of sentences are far below 2^52"
)]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Lays what another record of the same segment says about one language over it: its translation,
/// as a suggestion where the sources differ, and the notes that are not there yet.
pub fn lay_over(segment: &mut Segment, lang: &Lang, mut other: Segment) {
    if let Some(translation) = other.targets.remove(lang) {
        let translation = if other.source == segment.source {
            translation
        } else {
            let alike = alike(&other.source.text(), &segment.source.text());
            supersede(
                translation,
                &other.source,
                &segment.source,
                Kinship::Changed(alike),
            )
        };
        if !translation.is_empty() {
            segment.targets.insert(lang.clone(), translation);
        }
    }
    for note in other.notes {
        if note.kind != NoteKind::Suspect && !segment.notes.contains(&note) {
            segment.notes.push(note);
        }
    }
}

/// The article of the new segmentation with the ids, targets and notes of the stored one.
#[must_use]
pub fn revise(stored: Article, mut fresh: Article) -> (Article, Changes) {
    let mut changes = Changes::default();
    let mut ids = Ids::of(&stored);
    let last_id = ids.segment;
    let old_blocks: Vec<BlockId> = stored
        .blocks
        .iter()
        .flat_map(|block| std::iter::repeat_n(block.id.clone(), block.segments.len()))
        .collect();
    let live = stored.blocks.into_iter().flat_map(|block| block.segments);
    let mut old: Vec<Option<Segment>> = live.map(Some).collect();
    let mut obsolete: Vec<Option<Segment>> = stored.obsolete.into_iter().map(Some).collect();

    let texts_of = |segments: &[Option<Segment>]| -> Vec<String> {
        segments
            .iter()
            .flatten()
            .map(|segment| segment.source.text())
            .collect()
    };
    let new_texts: Vec<String> = fresh
        .segments()
        .map(|segment| segment.source.text())
        .collect();
    let Pairing { mut pairs, recuts } = pair(&texts_of(&old), &new_texts, &fresh.lang);
    let revived = revive(&mut pairs, &new_texts, &obsolete);
    pair_what_is_left(&mut pairs, &recuts, &texts_of(&old), &new_texts, &revived);
    let mut plan = Plan::new(&recuts, &old, &fresh.blocks, |new| {
        revived.contains_key(&new)
    });
    plan.settle(&mut pairs);

    let mut index = 0;
    let mut block_votes: Vec<BTreeMap<BlockId, usize>> = Vec::new();
    for block in &mut fresh.blocks {
        let mut votes = BTreeMap::new();
        let mut at = 0;
        for segment in &mut block.segments {
            let length = segment.source.text().chars().count();
            let repairs = repairs_within(&block.repairs, at, at + length);
            at += length + segment.space_after.chars().count();
            let (came_from, kinship) = match (revived.get(&index), pairs[index]) {
                (Some(&from), _) => (obsolete[from].take(), Kinship::Same),
                (None, Some((from, kinship))) => {
                    *votes.entry(old_blocks[from].clone()).or_insert(0) += 1;
                    let came_from = old[from].take();
                    match plan.joined.remove(&index) {
                        Some((_, joined)) => (Some(joined), kinship),
                        None => (came_from, kinship),
                    }
                }
                (None, None) => (None, Kinship::Same),
            };
            if let Some(from) = came_from {
                let outcome = inherit(segment, from, kinship, &repairs);
                match outcome {
                    _ if revived.contains_key(&index) => changes.revived += 1,
                    Outcome::Kept if kinship == Kinship::Moved => changes.moved += 1,
                    Outcome::Kept => changes.unchanged += 1,
                    Outcome::Carried if segment.targets.is_empty() => changes.changed += 1,
                    Outcome::Carried => changes.carried += 1,
                    Outcome::Changed => changes.changed += 1,
                }
            } else {
                segment.id = ids.next_segment();
                match plan.other_parts.remove(&index) {
                    Some((first, langs)) if !langs.is_empty() => {
                        cover(segment, &first, langs);
                        changes.carried += 1;
                    }
                    _ => changes.added += 1,
                }
            }
            for (lang, offer) in plan.offers.remove(&index).unwrap_or_default() {
                let offers = &mut segment.targets.get_or_default(&lang).suggestions;
                if !offers.contains(&offer) {
                    offers.push(offer);
                }
            }
            index += 1;
        }
        block_votes.push(votes);
    }
    name_blocks(&mut fresh.blocks, &block_votes, &mut ids);

    fresh.id = stored.id;
    fresh.obsolete = obsolete.into_iter().flatten().collect();
    for gone in old.into_iter().flatten() {
        changes.gone += 1;
        if worth_keeping(&gone) {
            fresh.obsolete.push(gone);
        } else if Ids::number(gone.id.as_str(), 's') == Some(last_id) {
            // Nobody would miss it, but its id must not be given again.
            fresh.obsolete.push(Segment::new(gone.id, gone.source, ""));
        }
    }
    uncover(&mut fresh);
    (fresh, changes)
}

/// Obsolete segments whose text is back: index of the new segment → index of the obsolete one.
/// An exact text wins over a sentence that is only alike.
fn revive(
    pairs: &mut [Option<(usize, Kinship)>],
    new_texts: &[String],
    obsolete: &[Option<Segment>],
) -> BTreeMap<usize, usize> {
    let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, segment) in obsolete.iter().enumerate().rev() {
        if let Some(segment) = segment {
            by_text
                .entry(segment.source.text())
                .or_default()
                .push(index);
        }
    }
    let mut revived = BTreeMap::new();
    for (index, text) in new_texts.iter().enumerate() {
        if !matches!(pairs[index], None | Some((_, Kinship::Changed(_)))) {
            continue;
        }
        if let Some(from) = by_text.get_mut(text).and_then(Vec::pop) {
            pairs[index] = None;
            revived.insert(index, from);
        }
    }
    revived
}

/// In rows whose text was cut anew, an old sentence whose partner was revived goes with another
/// new one.
fn pair_what_is_left(
    pairs: &mut [Option<(usize, Kinship)>],
    recuts: &[Recut],
    old_texts: &[String],
    new_texts: &[String],
    revived: &BTreeMap<usize, usize>,
) {
    for recut in recuts {
        let paired: BTreeSet<usize> = recut
            .new
            .iter()
            .filter_map(|&new| pairs[new].map(|(old, _)| old))
            .collect();
        let olds = recut.old.iter().filter(|old| !paired.contains(old));
        let free = |new: &&usize| pairs[**new].is_none() && !revived.contains_key(new);
        let news: Vec<usize> = recut.new.iter().filter(free).copied().collect();
        for (&old, new) in olds.zip(news) {
            let alike = alike(&old_texts[old], &new_texts[new]);
            pairs[new] = Some((old, Kinship::Changed(alike)));
        }
    }
}

enum Outcome {
    Kept,
    Carried,
    Changed,
}

/// Takes over id, targets and notes from the old segment.
fn inherit(new: &mut Segment, old: Segment, kinship: Kinship, repairs: &[Repair]) -> Outcome {
    let outcome = if kinship == Kinship::Recut {
        Outcome::Carried
    } else if old.source == new.source {
        Outcome::Kept
    } else if differs_by_repairs(&old.source.text(), &new.source.text(), repairs) {
        Outcome::Carried
    } else {
        Outcome::Changed
    };
    new.id = old.id;
    // Suspicions are found anew at each run; what a person noted stays.
    let kept = old
        .notes
        .into_iter()
        .filter(|note| note.kind != NoteKind::Suspect);
    new.notes.splice(0..0, kept);
    for (lang, translation) in old.targets {
        let translation = match outcome {
            Outcome::Kept => translation,
            Outcome::Carried => {
                let mut translation = translation;
                // What was joined has its parts' own targets among its suggestions already.
                if kinship == Kinship::Recut && old.source != new.source {
                    recut::remember(&mut translation, &old.source);
                }
                carry(translation, &new.source)
            }
            Outcome::Changed => supersede(translation, &old.source, &new.source, kinship),
        };
        if !translation.is_empty() {
            new.targets.insert(lang, translation);
        }
    }
    outcome
}

/// Marks a part of a sentence as said by the target of the first part.
fn cover(part: &mut Segment, first: &SegmentId, langs: Vec<Lang>) {
    for lang in langs {
        let translation = part.targets.get_or_default(&lang);
        translation.covered_by = Some(first.clone());
    }
}

/// What a person is told where a target was kept although its source is not what it was.
const CARRIED: &str =
    "The source was repaired or cut anew after this was translated; check that it still fits.";

/// Keeps a target although its source was repaired or cut anew, marked for review. Where the
/// source is again what a suggestion was made from, that is the target again.
fn carry(mut translation: Translation, new: &Content) -> Translation {
    if take_back(&mut translation, new) || translation.target.is_none() {
        translation.notes.retain(|note| note.text != CARRIED);
        return translation;
    }
    if let Some(target) = &mut translation.target {
        target.state = target.state.min(State::Translated);
        let carried = |step: &Provenance| step.origin == Origin::Carried;
        if !target.provenance.last().is_some_and(carried) {
            target.provenance.push(Provenance {
                origin: Origin::Carried,
                by: None,
                when: None,
            });
        }
        let note = Note {
            kind: NoteKind::Doubt,
            about: NoteAbout::Target,
            text: CARRIED.to_owned(),
        };
        if !translation.notes.contains(&note) {
            translation.notes.push(note);
        }
    }
    translation
}

/// Turns the target of a sentence that changed into a suggestion, and takes one back whose
/// source has the new wording.
fn supersede(
    mut translation: Translation,
    old: &Content,
    new: &Content,
    kinship: Kinship,
) -> Translation {
    translation.covered_by = None;
    if let Some(target) = translation.target.take()
        && !target.content.is_blank()
        && !target.is_pseudo()
    {
        let similarity = match kinship {
            Kinship::Changed(likeness) => percent(likeness),
            Kinship::Same | Kinship::Moved | Kinship::Recut => 100,
        };
        let suggestion = Suggestion {
            source: old.clone(),
            target,
            similarity,
        };
        if !translation.suggestions.contains(&suggestion) {
            translation.suggestions.insert(0, suggestion);
        }
    }
    take_back(&mut translation, new);
    translation
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a likeness lies between 0 and 1"
)]
fn percent(likeness: f64) -> u8 {
    (likeness * 100.0).floor().clamp(0.0, 99.0) as u8
}

/// Makes a suggestion whose source has the new wording the target again, and says whether there is
/// one.
fn take_back(translation: &mut Translation, new: &Content) -> bool {
    let same = |offer: &Suggestion| offer.source == *new && offer.target.state > State::Initial;
    let back = translation.suggestions.iter().position(same);
    if let Some(back) = back {
        translation.target = Some(translation.suggestions.remove(back).target);
    }
    back.is_some()
}

/// A sentence is covered only as long as the unit that covers it is there and translated.
fn uncover(article: &mut Article) {
    let mut covering: BTreeSet<(SegmentId, Lang)> = BTreeSet::new();
    for segment in article.segments() {
        for lang in segment.targets.keys() {
            if segment.target(lang).is_some() {
                covering.insert((segment.id.clone(), lang.clone()));
            }
        }
    }
    for segment in article.segments_mut() {
        for (lang, translation) in segment.targets.iter_mut() {
            let by = translation.covered_by.as_ref();
            if by.is_some_and(|by| !covering.contains(&(by.clone(), lang.clone()))) {
                translation.covered_by = None;
            }
        }
        segment
            .targets
            .retain(|_, translation| !translation.is_empty());
    }
}

/// The repairs that fall into a stretch of the block, with places relative to it.
fn repairs_within(repairs: &[Repair], from: usize, to: usize) -> Vec<Repair> {
    repairs
        .iter()
        .filter(|repair| repair.at >= from && repair.at <= to)
        .map(|repair| Repair {
            at: repair.at - from,
            ..repair.clone()
        })
        .collect()
}

/// Whether `old` is `new` with some of its repairs undone (or is the same text).
fn differs_by_repairs(old: &str, new: &str, repairs: &[Repair]) -> bool {
    let old: Vec<char> = old.chars().collect();
    let new: Vec<char> = new.chars().collect();
    // Where in `old` we may be, having read `new` up to `at`.
    let mut places = BTreeSet::from([0_usize]);
    let mut at = 0;
    let read = |places: BTreeSet<usize>, text: &[char]| -> BTreeSet<usize> {
        let fits = |place: &usize| old.get(*place..).is_some_and(|rest| rest.starts_with(text));
        places
            .into_iter()
            .filter(fits)
            .map(|place| place + text.len())
            .collect()
    };
    for repair in repairs {
        let after: Vec<char> = repair.after.chars().collect();
        let before: Vec<char> = repair.before.chars().collect();
        if repair.at < at || repair.at + after.len() > new.len() {
            continue;
        }
        places = read(places, &new[at..repair.at]);
        let undone = read(places.clone(), &before);
        places = read(places, &after);
        places.extend(undone);
        at = repair.at + after.len();
    }
    read(places, &new[at..]).contains(&old.len())
}

/// Gives each block the id of the stored block that most of its sentences come from; each stored
/// id once, earlier blocks first; a new number where none is left.
fn name_blocks(blocks: &mut [Block], votes: &[BTreeMap<BlockId, usize>], ids: &mut Ids) {
    let mut taken = BTreeSet::new();
    for (block, votes) in blocks.iter_mut().zip(votes) {
        let mut ranked: Vec<_> = votes.iter().collect();
        ranked.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let kept = ranked
            .into_iter()
            .map(|(id, _)| id)
            .find(|id| !taken.contains(*id))
            .cloned();
        block.id = kept.unwrap_or_else(|| ids.next_block());
        taken.insert(block.id.clone());
    }
}

/// Whether somebody's work would be lost with this segment.
fn worth_keeping(segment: &Segment) -> bool {
    let of_a_person = |note: &Note| !matches!(note.kind, NoteKind::Suspect | NoteKind::Term);
    segment.notes.iter().any(of_a_person)
        || segment.targets.values().any(|translation| {
            let pseudo = translation.target.as_ref().is_some_and(Target::is_pseudo);
            !(translation.is_empty() || pseudo && translation.suggestions.is_empty())
        })
}

/// Hands out ids that were never used in the article.
struct Ids {
    block: usize,
    segment: usize,
}

impl Ids {
    fn of(article: &Article) -> Self {
        let segments = article.segments().chain(&article.obsolete);
        Self {
            block: article
                .blocks
                .iter()
                .filter_map(|block| Self::number(block.id.as_str(), 'b'))
                .max()
                .unwrap_or(0),
            segment: segments
                .filter_map(|segment| Self::number(segment.id.as_str(), 's'))
                .max()
                .unwrap_or(0),
        }
    }

    fn number(id: &str, prefix: char) -> Option<usize> {
        id.strip_prefix(prefix)?.parse().ok()
    }

    fn next_block(&mut self) -> BlockId {
        self.block += 1;
        BlockId::new(format!("b{}", self.block))
    }

    fn next_segment(&mut self) -> SegmentId {
        self.segment += 1;
        SegmentId::new(format!("s{}", self.segment))
    }
}

#[cfg(test)]
mod tests;
