use proptest::prelude::*;

use super::*;
use crate::model::{ArticleId, BlockKind, Lang, Lines, Meta};

fn en() -> Lang {
    "en".parse().unwrap()
}

/// An article of blocks of sentences, as a first segmentation numbers them.
fn fresh(blocks: &[&[&str]]) -> Article {
    let mut count = 0;
    let blocks = blocks.iter().enumerate().map(|(index, sentences)| Block {
        id: BlockId::new(format!("b{}", index + 1)),
        kind: BlockKind::Paragraph,
        level: None,
        position: None,
        lines: Lines { first: 1, last: 1 },
        segments: sentences
            .iter()
            .map(|text| {
                count += 1;
                Segment::new(
                    SegmentId::new(format!("s{count}")),
                    Content::from_text(text),
                    "",
                )
            })
            .collect(),
        repairs: vec![],
        suspects: vec![],
    });
    Article {
        id: ArticleId::new("a"),
        lang: "zh-Hans".parse().unwrap(),
        original: "sources/a.txt".into(),
        meta: Meta::default(),
        blocks: blocks.collect(),
        obsolete: vec![],
    }
}

/// The same, with every sentence translated and reviewed.
fn translated(blocks: &[&[&str]]) -> Article {
    let mut article = fresh(blocks);
    for segment in article.segments_mut() {
        let content = Content::from_text(&format!("EN {}", segment.source.text()));
        let target = Target {
            content,
            state: State::Reviewed,
            provenance: vec![],
        };
        let translation = Translation {
            target: Some(target),
            ..Translation::default()
        };
        segment.targets.insert(en(), translation);
    }
    article
}

fn ids(article: &Article) -> Vec<(String, String)> {
    article
        .segments()
        .map(|s| (s.id.to_string(), s.source.text()))
        .collect()
}

fn english(article: &Article, id: &str) -> Option<String> {
    let segment = article
        .segments()
        .find(|segment| segment.id.as_str() == id)?;
    segment.target(&en()).map(|target| target.content.text())
}

const OLD: &[&[&str]] = &[
    &["标题在此"],
    &["第一句话。", "第二句话更长。"],
    &["第三段只有一句。"],
];

#[test]
fn nothing_changes_when_nothing_changed() {
    let (article, changes) = revise(translated(OLD), fresh(OLD));
    assert_eq!(article, translated(OLD));
    assert_eq!(
        changes,
        Changes {
            unchanged: 4,
            ..Changes::default()
        }
    );
}

#[test]
fn a_moved_paragraph_keeps_ids_and_targets() {
    let moved: &[&[&str]] = &[OLD[0], OLD[2], OLD[1]];
    let (article, changes) = revise(translated(OLD), fresh(moved));
    let order: Vec<String> = ids(&article).into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, ["s1", "s4", "s2", "s3"]);
    assert_eq!(article.blocks[1].id.as_str(), "b3");
    assert_eq!(english(&article, "s4").unwrap(), "EN 第三段只有一句。");
    assert_eq!(
        (changes.unchanged + changes.moved, changes.any()),
        (4, true)
    );
}

#[test]
fn an_inserted_paragraph_gets_new_numbers() {
    let longer: &[&[&str]] = &[OLD[0], &["全新的内容来了！"], OLD[1], OLD[2]];
    let (article, changes) = revise(translated(OLD), fresh(longer));
    assert_eq!(ids(&article)[1].0, "s5");
    assert_eq!(article.blocks[1].id.as_str(), "b4");
    assert_eq!(
        changes,
        Changes {
            unchanged: 4,
            added: 1,
            ..Changes::default()
        }
    );
}

#[test]
fn a_changed_sentence_keeps_its_id_and_its_target_becomes_a_suggestion() {
    let edited: &[&[&str]] = &[OLD[0], &["第一句话。", "第二句话比以前更长。"], OLD[2]];
    let (article, changes) = revise(translated(OLD), fresh(edited));
    assert_eq!(
        changes,
        Changes {
            unchanged: 3,
            changed: 1,
            ..Changes::default()
        }
    );
    assert_eq!(english(&article, "s3"), None);
    let segment = article
        .segments()
        .find(|segment| segment.id.as_str() == "s3")
        .unwrap();
    let offers = &segment.targets.get(&en()).unwrap().suggestions;
    assert_eq!(offers[0].target.content.text(), "EN 第二句话更长。");
    assert_eq!(offers[0].source.text(), "第二句话更长。");

    let (back, _) = revise(article, fresh(OLD));
    assert_eq!(
        back,
        translated(OLD),
        "the old wording takes its translation back"
    );
}

#[test]
fn what_is_gone_is_kept_and_revived() {
    let shorter: &[&[&str]] = &[OLD[0], OLD[1]];
    let (without, changes) = revise(translated(OLD), fresh(shorter));
    assert_eq!((changes.gone, without.obsolete.len()), (1, 1));
    let (with, changes) = revise(without, fresh(OLD));
    assert_eq!(changes.revived, 1);
    assert_eq!(english(&with, "s4").unwrap(), "EN 第三段只有一句。");
    assert!(with.obsolete.is_empty());
}

#[test]
fn a_change_by_repair_alone_keeps_its_target_marked_for_review() {
    let old: &[&[&str]] = &[&["项目已纳人规划,很好。"]];
    let mut new = fresh(&[&["项目已纳入规划，很好。"]]);
    let repair = |at, before: &str, after: &str| Repair {
        rule: "test.repair".into(),
        line: 1,
        before: before.into(),
        after: after.into(),
        at,
    };
    new.blocks[0].repairs = vec![repair(4, "人", "入"), repair(7, ",", "，")];
    let (article, changes) = revise(translated(old), new);
    assert_eq!(
        changes,
        Changes {
            carried: 1,
            ..Changes::default()
        }
    );
    let translation = &article
        .segments()
        .next()
        .unwrap()
        .targets
        .get(&en())
        .unwrap();
    let target = translation.target.as_ref().unwrap();
    assert_eq!(
        target.state,
        State::Translated,
        "what was reviewed wants another look"
    );
    assert_eq!(target.provenance.last().unwrap().origin, Origin::Carried);
    assert_eq!(translation.notes.len(), 1);
}

#[test]
fn pseudo_translations_are_no_work_of_anybody() {
    let mut stored = translated(&[&["甲乙丙丁。"], &["子丑寅卯。"]]);
    for segment in stored.segments_mut() {
        let target = segment
            .targets
            .get_mut(&en())
            .unwrap()
            .target
            .as_mut()
            .unwrap();
        target.provenance = vec![Provenance {
            origin: Origin::Drafted,
            by: Some(Target::PSEUDO.into()),
            when: None,
        }];
    }
    let (article, _) = revise(stored, fresh(&[&["甲乙丙丁戊。"]]));
    assert!(
        article
            .obsolete
            .iter()
            .all(|segment| segment.targets.is_empty())
    );
    assert!(article.segments().next().unwrap().targets.is_empty());
}

#[test]
fn no_id_is_given_twice_even_if_nobody_translated_it() {
    let (shorter, _) = revise(fresh(OLD), fresh(&OLD[..2]));
    let longer: &[&[&str]] = &[OLD[0], OLD[1], &["与前文毫不相干！"]];
    let (longer, _) = revise(shorter, fresh(longer));
    assert_eq!(ids(&longer).last().unwrap().0, "s5");
}

#[test]
fn a_sentence_is_covered_as_long_as_its_cover_is_there() {
    let mut stored = translated(OLD);
    let cover = Translation {
        covered_by: Some(SegmentId::new("s2")),
        ..Translation::default()
    };
    stored
        .segments_mut()
        .nth(2)
        .unwrap()
        .targets
        .insert(en(), cover);
    let (same, _) = revise(stored.clone(), fresh(OLD));
    assert!(same.segments().nth(2).unwrap().covered_by(&en()).is_some());
    let edited: &[&[&str]] = &[OLD[0], &["第一句话改了。", "第二句话更长。"], OLD[2]];
    let (changed, _) = revise(stored, fresh(edited));
    assert!(
        changed
            .segments()
            .nth(2)
            .unwrap()
            .covered_by(&en())
            .is_none()
    );
}

const APART: &[&[&str]] = &[&[
    "全县开工32个项目。",
    "合作社去年签订了合同。",
    "今年的订单已经排到了秋天。",
]];
const JOINED: &[&[&str]] = &[&[
    "全县开工32个项目。",
    "合作社去年签订了合同。今年的订单已经排到了秋天。",
]];

#[test]
fn sentences_that_are_cut_together_have_their_targets_together() {
    let (article, changes) = revise(translated(APART), fresh(JOINED));
    assert_eq!(
        changes,
        Changes {
            unchanged: 1,
            carried: 1,
            gone: 1,
            ..Changes::default()
        }
    );
    assert_eq!(
        english(&article, "s2").unwrap(),
        "EN 合作社去年签订了合同。 EN 今年的订单已经排到了秋天。"
    );
    let translation = &article
        .segments()
        .nth(1)
        .unwrap()
        .targets
        .get(&en())
        .unwrap();
    assert_eq!(
        translation.target.as_ref().unwrap().state,
        State::Translated,
        "a person looks at it again"
    );
    assert_eq!(translation.notes.len(), 1);

    let (back, _) = revise(article, fresh(APART));
    for segment in translated(APART).segments() {
        let id = segment.id.as_str();
        let own = segment.target(&en()).unwrap().content.text();
        assert_eq!(english(&back, id), Some(own), "cut as before: {id}");
    }
}

#[test]
fn a_sentence_that_is_cut_in_two_keeps_its_target() {
    let (article, changes) = revise(translated(JOINED), fresh(APART));
    assert_eq!(
        changes,
        Changes {
            unchanged: 1,
            carried: 2,
            ..Changes::default()
        }
    );
    assert_eq!(
        english(&article, "s2").unwrap(),
        "EN 合作社去年签订了合同。今年的订单已经排到了秋天。"
    );
    let other = article.segments().nth(2).unwrap();
    assert_eq!(other.id.as_str(), "s3");
    assert_eq!(other.covered_by(&en()).unwrap().as_str(), "s2");
    let (same, changes) = revise(article.clone(), fresh(APART));
    assert_eq!((same, changes.any()), (article, false));
}

#[test]
fn a_cut_that_is_undone_leaves_no_trace() {
    let mut article = translated(JOINED);
    for _ in 0..3 {
        article = revise(article, fresh(APART)).0;
        let parted = &article
            .segments()
            .nth(1)
            .unwrap()
            .targets
            .get(&en())
            .unwrap();
        assert_eq!(parted.notes.len(), 1);
        article = revise(article, fresh(JOINED)).0;
        article.obsolete.clear();
    }
    assert_eq!(article, translated(JOINED));
}

#[test]
fn a_mark_that_parts_sentences_changes_nothing_in_what_they_say() {
    let commas: &[&[&str]] = &[&["合作社去年签订了合同，今年的订单已经排到了秋天。"]];
    let stops: &[&[&str]] = &[&["合作社去年签订了合同。", "今年的订单已经排到了秋天。"]];
    let (article, changes) = revise(translated(commas), fresh(stops));
    assert_eq!(changes.carried, 2);
    assert_eq!(
        english(&article, "s1").unwrap(),
        format!("EN {}", commas[0][0])
    );
}

#[test]
fn what_is_cut_and_changed_is_offered() {
    let edited: &[&[&str]] = &[&[
        "全县开工32个项目。",
        "合作社去年签订了新合同。",
        "今年的订单也已经排到了秋天。",
    ]];
    let (article, changes) = revise(translated(JOINED), fresh(edited));
    assert_eq!((changes.changed, changes.added), (1, 1));
    for segment in article.segments().skip(1) {
        let offers = &segment.targets.get(&en()).unwrap().suggestions;
        assert_eq!(offers.len(), 1, "{}", segment.source.text());
        assert!(offers[0].similarity >= 50);
    }
}

proptest! {
    /// Ids stay unique, and no reviewed target is ever lost: it stands in the text, as a
    /// suggestion, or among the obsolete.
    #[test]
    fn no_work_is_lost(
        before in prop::collection::vec("[甲乙丙丁]{1,6}。", 0..12),
        after in prop::collection::vec("[甲乙丙丁]{1,6}。", 0..12),
    ) {
        let old: Vec<&str> = before.iter().map(String::as_str).collect();
        let new: Vec<&str> = after.iter().map(String::as_str).collect();
        let mut stored = translated(&[&old]);
        let mut work = Vec::new();
        for (number, segment) in stored.segments_mut().enumerate() {
            let target = segment.targets.get_mut(&en()).and_then(|t| t.target.as_mut()).unwrap();
            work.push(format!("<{number}>"));
            target.content = Content::from_text(&work[number]);
        }
        let (article, changes) = revise(stored, fresh(&[&new]));
        let all: Vec<&Segment> = article.segments().chain(&article.obsolete).collect();
        let unique: BTreeSet<_> = all.iter().map(|segment| &segment.id).collect();
        prop_assert_eq!(unique.len(), all.len());
        let mut kept = String::new();
        for translation in all.iter().flat_map(|segment| segment.targets.values()) {
            let offers = translation.suggestions.iter().map(|offer| &offer.target);
            for target in translation.target.iter().chain(offers) {
                kept.push_str(&target.content.text());
            }
        }
        for work in work {
            prop_assert!(kept.contains(&work), "{work} is not in {kept}");
        }
        let texts: Vec<String> = article.segments().map(|s| s.source.text()).collect();
        prop_assert_eq!(&texts, &after);
        let sum = changes.unchanged + changes.moved + changes.changed + changes.carried
            + changes.added + changes.revived;
        prop_assert_eq!(sum, after.len());
    }
}
