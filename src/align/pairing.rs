//! Pairs the sentences of an old and a new segmentation of one source.
//!
//! Contract: pure; every index is paired at most once; equal sentences are told apart by place.
//! Equal sentences are the anchors; what lies between them is aligned as two languages are (see
//! [`Versions`]), which also finds sentences that were cut anew. Near-linear: only sentences
//! without an equal partner are aligned, and what moved is compared with at most [`REACH`]
//! neighbours.

use std::collections::{BTreeMap, VecDeque};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::versions::Versions;
use crate::model::Lang;

/// A sentence that stays between the same neighbours counts as changed, not as new, from this
/// likeness (Dice coefficient of character pairs) on.
const ALIKE_IN_PLACE: f64 = 0.4;
/// One that also moved has to be more alike.
const ALIKE_ELSEWHERE: f64 = 0.7;
/// How many unpaired sentences before and after the expected place are looked at.
const REACH: usize = 60;

/// How a new sentence comes from an old one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kinship {
    /// The same text at the same place among its neighbours.
    Same,
    /// The same text at another place.
    Moved,
    /// Another text, this much alike (0 to 1).
    Changed(f64),
    /// The same text, with more or less of its neighbours'.
    Recut,
}

/// How the sentences of both segmentations belong together.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// For each new sentence the old one that it comes from, if any.
    pub(super) pairs: Vec<Option<(usize, Kinship)>>,
    /// Where the text was cut anew.
    pub(super) recuts: Vec<Recut>,
}

/// Sentences that say together what others said together, at least one side having several.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recut {
    /// Old sentences, ascending.
    pub(super) old: Vec<usize>,
    /// New sentences, ascending.
    pub(super) new: Vec<usize>,
}

/// Pairs the sentences of two segmentations of a text in this language.
pub(super) fn pair(old: &[String], new: &[String], lang: &Lang) -> Pairing {
    let mut pairs: Vec<Option<(usize, Kinship)>> = vec![None; new.len()];
    let mut free_old = vec![true; old.len()];
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        {
            for step in 0..len {
                pairs[new_index + step] = Some((old_index + step, Kinship::Same));
                free_old[old_index + step] = false;
            }
        }
    }
    pair_moved(old, new, &mut pairs, &mut free_old);
    let likeness = Likeness::between(old, new, &free_old, &pairs);
    let gaps = gaps(old.len(), &pairs, &free_old);
    let mut recuts = Vec::new();
    if !gaps.is_empty() {
        let versions = Versions::read(old, new, lang);
        let rows = gaps
            .iter()
            .flat_map(|(olds, news)| versions.rows(olds, news));
        for (olds, news) in rows {
            pair_changed_in_place(
                &likeness,
                olds,
                news,
                &mut pairs,
                &mut free_old,
                &mut recuts,
            );
        }
    }
    pair_changed_elsewhere(&likeness, &mut pairs, &mut free_old);
    Pairing { pairs, recuts }
}

/// Character pairs of the sentences that have no equal partner, sorted; empty for the others.
struct Likeness {
    old: Vec<Vec<[char; 2]>>,
    new: Vec<Vec<[char; 2]>>,
}

impl Likeness {
    fn between(
        old: &[String],
        new: &[String],
        free_old: &[bool],
        pairs: &[Option<(usize, Kinship)>],
    ) -> Self {
        let pairs_of = |text: &String, wanted: bool| {
            if wanted {
                character_pairs(text)
            } else {
                Vec::new()
            }
        };
        Self {
            old: old
                .iter()
                .zip(free_old)
                .map(|(text, &free)| pairs_of(text, free))
                .collect(),
            new: new
                .iter()
                .zip(pairs)
                .map(|(text, pair)| pairs_of(text, pair.is_none()))
                .collect(),
        }
    }

    /// The Dice coefficient of the two multisets of character pairs: 0 to 1.
    fn of(&self, old: usize, new: usize) -> f64 {
        dice(&self.old[old], &self.new[new])
    }

    /// The same for several sentences together.
    fn of_all(&self, olds: &[usize], news: &[usize]) -> f64 {
        let together = |texts: &[Vec<[char; 2]>], places: &[usize]| {
            let mut all: Vec<[char; 2]> = places
                .iter()
                .flat_map(|&at| texts[at].iter().copied())
                .collect();
            all.sort_unstable();
            all
        };
        dice(&together(&self.old, olds), &together(&self.new, news))
    }
}

/// How alike two texts are: the Dice coefficient of their character pairs, 0 to 1.
pub(super) fn alike(a: &str, b: &str) -> f64 {
    dice(&character_pairs(a), &character_pairs(b))
}

/// The Dice coefficient of two sorted multisets of character pairs: 0 to 1.
fn dice(a: &[[char; 2]], b: &[[char; 2]]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                (i, j, shared) = (i + 1, j + 1, shared + 1);
            }
        }
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "text lengths are far below 2^52"
    )]
    let coefficient = 2.0 * shared as f64 / (a.len() + b.len()) as f64;
    coefficient
}

/// With a mark at each end, so that a sentence of one character has pairs, too.
fn character_pairs(text: &str) -> Vec<[char; 2]> {
    let mut pairs = Vec::new();
    let mut last = '\u{2}';
    for c in text.chars().filter(|c| !c.is_whitespace()).chain(['\u{3}']) {
        pairs.push([last, c]);
        last = c;
    }
    pairs.sort_unstable();
    pairs
}

fn pair_moved(
    old: &[String],
    new: &[String],
    pairs: &mut [Option<(usize, Kinship)>],
    free_old: &mut [bool],
) {
    let mut places: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
    for (index, text) in old.iter().enumerate().filter(|(index, _)| free_old[*index]) {
        places.entry(text).or_default().push_back(index);
    }
    for (index, text) in new.iter().enumerate() {
        if pairs[index].is_none()
            && let Some(found) = places.get_mut(text.as_str()).and_then(VecDeque::pop_front)
        {
            pairs[index] = Some((found, Kinship::Moved));
            free_old[found] = false;
        }
    }
}

/// The sentences without partner between two neighbours that stayed, where both sides have some.
fn gaps(
    olds: usize,
    pairs: &[Option<(usize, Kinship)>],
    free_old: &[bool],
) -> Vec<(Vec<usize>, Vec<usize>)> {
    let anchors = pairs
        .iter()
        .enumerate()
        .filter_map(|(index, pair)| match pair {
            Some((old_index, Kinship::Same)) => Some((*old_index, index)),
            _ => None,
        })
        .chain([(olds, pairs.len())]);
    let mut gaps = Vec::new();
    let (mut old_from, mut new_from) = (0, 0);
    for (old_to, new_to) in anchors {
        let olds: Vec<usize> = (old_from..old_to).filter(|&i| free_old[i]).collect();
        let news: Vec<usize> = (new_from..new_to).filter(|&i| pairs[i].is_none()).collect();
        if !olds.is_empty() && !news.is_empty() {
            gaps.push((olds, news));
        }
        (old_from, new_from) = (old_to + 1, new_to + 1);
    }
    gaps
}

/// Takes a row of the lattice where its sides are alike enough, and pairs the sentences in it that
/// are most alike, in order.
fn pair_changed_in_place(
    likeness: &Likeness,
    olds: Vec<usize>,
    news: Vec<usize>,
    pairs: &mut [Option<(usize, Kinship)>],
    free_old: &mut [bool],
    recuts: &mut Vec<Recut>,
) {
    if likeness.of_all(&olds, &news) < ALIKE_IN_PLACE {
        return;
    }
    for (old_index, new_index, alike) in best_in_order(likeness, &olds, &news) {
        pairs[new_index] = Some((old_index, Kinship::Changed(alike)));
        free_old[old_index] = false;
    }
    if olds.len() > 1 || news.len() > 1 {
        recuts.push(Recut {
            old: olds,
            new: news,
        });
    }
}

/// The pairs, in order on both sides, whose likenesses sum up highest. For the few sentences of a
/// row.
fn best_in_order(likeness: &Likeness, olds: &[usize], news: &[usize]) -> Vec<(usize, usize, f64)> {
    let width = news.len() + 1;
    let mut best = vec![0.0_f64; (olds.len() + 1) * width];
    let mut like = vec![0.0_f64; olds.len() * news.len()];
    for (r, &old_index) in olds.iter().enumerate() {
        for (c, &new_index) in news.iter().enumerate() {
            let alike = likeness.of(old_index, new_index);
            like[r * news.len() + c] = alike;
            best[(r + 1) * width + c + 1] = (best[r * width + c] + alike)
                .max(best[r * width + c + 1])
                .max(best[(r + 1) * width + c]);
        }
    }
    let (mut r, mut c) = (olds.len(), news.len());
    let mut found = Vec::new();
    while r > 0 && c > 0 {
        let here = best[r * width + c];
        if here <= best[(r - 1) * width + c] {
            r -= 1;
        } else if here <= best[r * width + c - 1] {
            c -= 1;
        } else {
            let alike = like[(r - 1) * news.len() + c - 1];
            found.push((olds[r - 1], news[c - 1], alike));
            (r, c) = (r - 1, c - 1);
        }
    }
    found.reverse();
    found
}

/// Pairs what moved and changed at once, the most alike first.
fn pair_changed_elsewhere(
    likeness: &Likeness,
    pairs: &mut [Option<(usize, Kinship)>],
    free_old: &mut [bool],
) {
    let olds: Vec<usize> = (0..free_old.len())
        .filter(|&index| free_old[index])
        .collect();
    let news: Vec<usize> = (0..pairs.len())
        .filter(|&index| pairs[index].is_none())
        .collect();
    let mut candidates = Vec::new();
    for (rank, &new_index) in news.iter().enumerate() {
        let expected = rank * olds.len() / news.len();
        let reach = expected.saturating_sub(REACH)..(expected + REACH).min(olds.len());
        for &old_index in &olds[reach] {
            let alike = likeness.of(old_index, new_index);
            if alike >= ALIKE_ELSEWHERE {
                candidates.push((alike, old_index, new_index));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    for (alike, old_index, new_index) in candidates {
        if free_old[old_index] && pairs[new_index].is_none() {
            pairs[new_index] = Some((old_index, Kinship::Changed(alike)));
            free_old[old_index] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    fn kin(old: &[&str], new: &[&str]) -> Vec<Option<usize>> {
        pairing(old, new)
            .pairs
            .into_iter()
            .map(|pair| pair.map(|(old, _)| old))
            .collect()
    }

    fn pairing(old: &[&str], new: &[&str]) -> Pairing {
        pair(&texts(old), &texts(new), &"zh-Hans".parse().unwrap())
    }

    #[test]
    fn insertions_and_deletions_leave_the_rest_paired() {
        assert_eq!(
            kin(&["甲乙丙", "丁戊己"], &["新的句子", "甲乙丙", "丁戊己"]),
            [None, Some(0), Some(1)]
        );
        assert_eq!(
            kin(&["甲乙丙", "丁戊己", "庚辛壬"], &["甲乙丙", "庚辛壬"]),
            [Some(0), Some(2)]
        );
    }

    #[test]
    fn a_changed_sentence_is_paired_by_likeness() {
        let pairs = pairing(
            &["总投资2亿元。", "全县开工32个项目。"],
            &["总投资2亿元。", "全县已开工33个项目。"],
        )
        .pairs;
        assert!(matches!(pairs[1], Some((1, Kinship::Changed(likeness))) if likeness > 0.6));
    }

    #[test]
    fn equal_sentences_are_told_apart_by_place() {
        assert_eq!(
            kin(&["好。", "甲。", "好。"], &["好。", "甲。", "乙。", "好。"]),
            [Some(0), Some(1), None, Some(2)]
        );
    }

    #[test]
    fn what_was_cut_anew_is_found() {
        let (first, second) = (
            "合作社去年与三家公司签订了合同。",
            "今年的订单已经排到了秋天。",
        );
        let whole = "合作社去年与三家公司签订了合同，今年的订单已经排到了秋天。";
        let others = ["全县开工32个项目。", "镇里修好了一条路。"];
        let apart = [others[0], first, second, others[1]];
        let joined = [others[0], whole, others[1]];
        let recut = |old: &[usize], new: &[usize]| {
            vec![Recut {
                old: old.to_vec(),
                new: new.to_vec(),
            }]
        };
        assert_eq!(pairing(&apart, &joined).recuts, recut(&[1, 2], &[1]));
        assert_eq!(pairing(&joined, &apart).recuts, recut(&[1], &[1, 2]));
        let long = "去年秋天，村里修好了一条通往县城的公路，全长12公里，村民再也不用翻山了。";
        let all = "去年秋天，村里修好了一条通往县城的公路，全长12公里，村民再也不用翻山了，\
                   镇里修好了一条路。";
        assert_eq!(
            pairing(&[long, others[1]], &[all]).recuts,
            recut(&[0, 1], &[0])
        );
    }

    #[test]
    fn what_moved_is_found() {
        let pairs = pairing(
            &["一二三", "四五六", "七八九"],
            &["七八九", "一二三", "四五六"],
        )
        .pairs;
        assert_eq!(pairs.iter().filter(|pair| pair.is_some()).count(), 3);
    }

    #[test]
    fn long_gaps_stay_fast_and_in_order() {
        let old: Vec<String> = (0..3000)
            .map(|n| format!("第{n}句话讲了{}个人", n * 7))
            .collect();
        let new: Vec<String> = (0..3000)
            .map(|n| format!("第{n}句话，讲了{}个人", n * 7))
            .collect();
        let pairs = pair(&old, &new, &"zh-Hans".parse().unwrap()).pairs;
        let right = pairs
            .iter()
            .enumerate()
            .filter(|(new, pair)| pair.is_some_and(|(old, _)| old == *new))
            .count();
        assert!(right > 2900, "{right}");
    }
}
