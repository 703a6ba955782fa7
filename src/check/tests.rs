use proptest::prelude::*;

use super::*;
use crate::model::{
    ArticleId, Block, BlockId, BlockKind, Code, CodeKind, Inline, Lines, Meta, Note, NoteAbout,
    Segment, SegmentId, State, Target, Translation,
};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn target(content: Content) -> Target {
    Target {
        content,
        state: State::Translated,
        provenance: Vec::new(),
    }
}

/// An article of one paragraph with these sentences and translations.
fn article(pairs: &[(&str, &str)]) -> Article {
    let segments = pairs
        .iter()
        .enumerate()
        .map(|(at, (source, english))| {
            let mut segment = Segment::new(
                SegmentId::new(format!("s{}", at + 1)),
                Content::from_text(source),
                "",
            );
            if !english.is_empty() {
                segment.targets.insert(
                    lang("en"),
                    Translation {
                        target: Some(target(Content::from_text(english))),
                        ..Translation::default()
                    },
                );
            }
            segment
        })
        .collect();
    Article {
        id: ArticleId::new("a"),
        lang: lang("zh-Hans"),
        original: "sources/a.txt".into(),
        meta: Meta::default(),
        blocks: vec![Block {
            id: BlockId::new("b1"),
            kind: BlockKind::Paragraph,
            level: None,
            position: None,
            lines: Lines { first: 1, last: 1 },
            segments,
            repairs: Vec::new(),
            suspects: Vec::new(),
        }],
        obsolete: Vec::new(),
    }
}

/// Rule and segment of each finding.
fn found(article: &Article) -> Vec<(String, String)> {
    check_article(article, &lang("en"), &CheckOptions::default())
        .into_iter()
        .map(|finding| {
            let segment = finding.location.segment.unwrap();
            (finding.rule, segment.to_string())
        })
        .collect()
}

#[test]
fn a_number_may_move_to_the_next_sentence() {
    let moved = article(&[
        ("去年共有132家企业。", "There were many last year."),
        ("企业发展良好。", "The 132 companies did well."),
    ]);
    assert_eq!(found(&moved), []);
    let lost = article(&[("去年共有132家企业。", "There were many last year.")]);
    assert_eq!(
        found(&lost),
        [("number.missing".to_owned(), "s1".to_owned())]
    );
}

#[test]
fn a_judged_finding_is_put_aside_with_its_reason() {
    let mut article = article(&[("共2030万元。", "It was 203 million yuan.")]);
    assert_eq!(found(&article).len(), 1);
    let note = |text: &str| Note {
        kind: NoteKind::Other(SUPPRESS.into()),
        about: NoteAbout::Target,
        text: text.into(),
    };
    let translation = article.blocks[0].segments[0]
        .targets
        .get_mut(&lang("en"))
        .unwrap();
    translation.notes.push(note("number.scale"));
    let rules: Vec<String> = found(&article).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(
        rules,
        ["number.scale", "segment.suppression"],
        "no reason, no suppression"
    );
    let translation = article.blocks[0].segments[0]
        .targets
        .get_mut(&lang("en"))
        .unwrap();
    translation.notes = vec![note("number.scale: the source has a slip")];
    assert_eq!(found(&article), []);
    let translation = article.blocks[0].segments[0]
        .targets
        .get_mut(&lang("en"))
        .unwrap();
    translation.notes.push(note("segment.nosuch: read"));
    let findings = check_article(&article, &lang("en"), &CheckOptions::default());
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].message.contains("segment.nosuch"),
        "{findings:?}"
    );
}

#[test]
fn what_has_no_translation_is_said_once() {
    let mut article = article(&[
        ("甲说话。", ""),
        ("乙说话。", "He spoke."),
        ("丙说话。", ""),
    ]);
    let covered = Translation {
        covered_by: Some(SegmentId::new("s2")),
        ..Translation::default()
    };
    article.blocks[0].segments[2]
        .targets
        .insert(lang("en"), covered);
    assert_eq!(
        found(&article),
        [("segment.empty".to_owned(), "s1".to_owned())]
    );
    article.blocks[0].segments[1].targets.clear();
    assert!(found(&article).contains(&("segment.covered".to_owned(), "s3".to_owned())));
}

#[test]
fn codes_must_be_those_of_the_source() {
    let mut article = article(&[("谈解放思想。", "On freeing minds.")]);
    article.blocks[0].segments[0].source = [
        Inline::Open(Box::new(Code {
            id: "1".into(),
            kind: CodeKind::Bold,
        })),
        Inline::Text("谈解放思想。".into()),
        Inline::Close("1".into()),
    ]
    .into_iter()
    .collect();
    assert_eq!(
        found(&article),
        [("code.missing".to_owned(), "s1".to_owned())]
    );
}

#[test]
fn an_answer_is_checked_alone() {
    let (zh, en) = (lang("zh-Hans"), lang("en"));
    let pair = Pair {
        source: "增长12.8%。",
        target: "It rose 18.2%.",
        source_lang: &zh,
        target_lang: &en,
        contents: None,
        beside: Beside::default(),
    };
    let findings = check_segment(&pair, &CheckOptions::default());
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rule, "percent.value");
}

/// Text with much of what the checks look for.
#[test]
fn a_person_is_named_in_full_where_the_article_first_does() {
    let csv = "source,target,status,scope\n孙继民,Sun Jimin,preferred,person\n\
               特朗普,Donald Trump,preferred,person\n";
    let concepts = crate::glossary::read_csv("t.csv", csv.as_bytes()).unwrap();
    let glossary = crate::glossary::Glossary::new(lang("zh-Hans"), lang("en"), concepts).unwrap();
    let options = CheckOptions::default().with_glossary(&glossary);
    let missing = |pairs: &[(&str, &str)]| -> Vec<String> {
        check_article(&article(pairs), &lang("en"), &options)
            .into_iter()
            .filter(|finding| finding.rule == "term.missing")
            .filter_map(|finding| Some(finding.location.segment?.to_string()))
            .collect()
    };
    let full = ("孙继民走进小学。", "Sun Jimin walked into the school.");
    let short = ("孙继民和老师谈了很久。", "Sun talked with the teachers.");
    assert_eq!(missing(&[full, short]), [""; 0]);
    assert_eq!(missing(&[short, full]), ["s1"]);
    // A sentence without a translation is a mention too.
    assert_eq!(missing(&[(full.0, ""), short]), [""; 0]);
    let west = [
        ("特朗普走进小学。", "Donald Trump walked into the school."),
        ("特朗普和老师谈了很久。", "Trump talked with the teachers."),
        ("特朗普走了。", "Donald left."),
    ];
    assert_eq!(missing(&west), ["s3"]);
}

fn text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "共", "12", "万", "元", "5%", "增长", "至", "，", "。", "（", "“", "好", " ", "  ", "the",
        "the", "Tonghua", "Tong Hua", "3.5", "million", "yuan", "rose", "by", "to", ",", ".", "?",
        "(", "\"", "男", "女", "men", "women", "Ka-52M", "\u{0}", "𠀀", "\u{feff}", "７", "half",
    ]);
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_pair_is_checked_and_spans_lie_in_it(source in text(), target in text()) {
        for (from, to) in [("zh-Hans", "en"), ("en", "zh-Hans"), ("zh-Hans", "fr")] {
            let pairs = [(source.clone(), target.clone())];
            let findings = check_pairs(&pairs, &lang(from), &lang(to), &CheckOptions::default());
            for finding in findings {
                prop_assert!(Rule::named(&finding.rule).is_some(), "{}", finding.rule);
                for (span, text) in [(finding.source_span, &source), (finding.target_span, &target)] {
                    if let Some([start, end]) = span {
                        prop_assert!(start <= end && end <= text.chars().count(), "{} {span:?}", finding.rule);
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_agrees_with_itself(text in text()) {
        // The same amounts on both sides: nothing about numbers is wrong.
        let pairs = [(text.clone(), text)];
        let findings = check_pairs(&pairs, &lang("zh-Hans"), &lang("zh-Hant"), &CheckOptions::default());
        for finding in findings {
            let family = finding.rule.split('.').next().unwrap_or_default();
            prop_assert!(
                !(matches!(family, "number" | "date" | "percent" | "currency" | "unit")
                    && finding.severity == Severity::Error),
                "{finding:?}"
            );
        }
    }
}
