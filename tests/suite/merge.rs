//! Hand-outs that come back from translators' tools, merged into the article.

use std::path::Path;
use std::sync::Arc;

use duizhao::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Code, CodeKind, Content, Inline, Lang, Lines,
    Meta, NoteKind, Origin, Provenance, Segment, SegmentId, State, Target, Translation,
};
use duizhao::review::{
    Action, Class, Plan, Reviewer, Snapshot, merge, read_returned, read_returned_against,
};
use duizhao::xliff::{Version, WriteOptions, v1_2, v2};
use duizhao::xml::Limits;

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn en() -> Lang {
    lang("en")
}

fn segment(id: &str, source: &str, target: Option<(&str, State)>) -> Segment {
    let mut segment = Segment::new(SegmentId::new(id), Content::from_text(source), "");
    if let Some((text, state)) = target {
        segment.targets.insert(
            en(),
            Translation {
                target: Some(Target {
                    content: Content::from_text(text),
                    state,
                    provenance: vec![Provenance {
                        origin: Origin::Drafted,
                        by: Some("engine".into()),
                        when: None,
                    }],
                }),
                ..Translation::default()
            },
        );
    }
    segment
}

fn block(id: &str, segments: Vec<Segment>) -> Block {
    Block {
        id: BlockId::new(id),
        kind: BlockKind::Paragraph,
        level: None,
        position: None,
        lines: Lines { first: 1, last: 1 },
        segments,
        repairs: Vec::new(),
        suspects: Vec::new(),
    }
}

fn bold(text: &str) -> Content {
    [
        Inline::Open(Box::new(Code {
            id: "1".into(),
            kind: CodeKind::Bold,
        })),
        Inline::Text(text.into()),
        Inline::Close("1".into()),
        Inline::Text("。".into()),
    ]
    .into_iter()
    .collect()
}

fn article() -> Article {
    let translated = |text| Some((text, State::Translated));
    let mut coded = segment("s6", "", None);
    coded.source = bold("思想");
    Article {
        id: ArticleId::new("thinking"),
        lang: lang("zh-Hans"),
        original: "sources/thinking.txt".into(),
        meta: Meta::default(),
        blocks: vec![
            block(
                "b1",
                vec![
                    segment(
                        "s1",
                        "雨下了三天。",
                        translated("It rained for three days."),
                    ),
                    segment("s2", "河水涨了。", translated("The river rose.")),
                    segment("s3", "桥还在。", translated("The bridge stood.")),
                ],
            ),
            block(
                "b2",
                vec![
                    segment("s4", "人们回家了。", None),
                    segment("s5", "天晴了。", translated("The sky cleared.")),
                    coded,
                ],
            ),
        ],
        obsolete: Vec::new(),
    }
}

/// A hand-out of the article, with its snapshot.
fn export(article: &Article, version: Version) -> (String, Snapshot) {
    let mut options = WriteOptions {
        hand_out: true,
        ..WriteOptions::default()
    };
    let snapshot = Snapshot::of(article, &en(), &options);
    options.export = Some(snapshot.name.clone());
    let text = match version {
        Version::V1 => v1_2::write(article, &en(), &options),
        _ => v2::write(article, &en(), &options),
    };
    (text, snapshot)
}

fn reviewer() -> Reviewer {
    Reviewer {
        name: Some("Li Wei".into()),
        when: Some("2026-11-24".into()),
    }
}

fn merge_text(article: &Article, snapshots: &[Snapshot], text: &str) -> Plan {
    let path = Path::new("back.xlf");
    let returned = read_returned(path, text.as_bytes(), &Limits::default()).unwrap();
    let [file] = returned.files.as_slice() else {
        panic!("one file element")
    };
    let plan = merge(
        article.clone(),
        &en(),
        snapshots,
        file,
        returned.version,
        &reviewer(),
    );
    // What is left out when the snapshot is known from the start makes no difference.
    let named = |name: &str| snapshots.iter().find(|snapshot| snapshot.name == name);
    let against = read_returned_against(path, text.as_bytes(), &Limits::default(), |file| {
        file.export().and_then(named).cloned().map(Arc::new)
    })
    .unwrap();
    let again = merge(
        article.clone(),
        &en(),
        snapshots,
        &against.files[0],
        returned.version,
        &reviewer(),
    );
    assert_eq!(again, plan);
    plan
}

/// What merging does to the units that something happened to: id, class, action.
fn events(plan: &Plan) -> Vec<(String, Class, Action)> {
    plan.rows
        .iter()
        .filter(|row| row.class != Class::Unchanged)
        .map(|row| (row.id.to_string(), row.class, row.action))
        .collect()
}

fn event(id: &str, class: Class, action: Action) -> (String, Class, Action) {
    (id.to_owned(), class, action)
}

fn target(article: &Article, id: &str) -> Option<Target> {
    let segment = article.segments().find(|s| s.id.as_str() == id).unwrap();
    segment.targets.get(&en())?.target.clone()
}

/// Edits the text and checks that the edit was possible.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in\n{text}");
    text.replacen(from, to, 1)
}

const VERSIONS: [Version; 2] = [Version::V1, Version::V2_0];

#[test]
fn what_comes_back_as_it_went_changes_nothing() {
    for version in VERSIONS {
        let article = article();
        let (text, snapshot) = export(&article, version);
        let plan = merge_text(&article, &[snapshot], &text);
        assert_eq!(events(&plan), []);
        assert_eq!(plan.article, article);
        assert!(plan.quarantine.is_none());
    }
}

#[test]
fn edits_arrive_whatever_the_state_says_and_only_once() {
    for version in VERSIONS {
        let article = article();
        let (text, snapshot) = export(&article, version);
        let text = replace(&text, "The river rose.", "The river swelled.");
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        assert_eq!(events(&plan), [event("s2", Class::Edited, Action::Applied)]);
        let edited = target(&plan.article, "s2").unwrap();
        assert_eq!(edited.content.text(), "The river swelled.");
        assert_eq!(edited.state, State::Translated);
        let last = edited.provenance.last().unwrap();
        assert_eq!(
            (last.origin, last.by.as_deref()),
            (Origin::Edited, Some("Li Wei"))
        );
        let again = merge_text(&plan.article, &[snapshot], &text);
        assert_eq!(events(&again), []);
        assert_eq!(again.article, plan.article);
    }
}

#[test]
fn pretty_printing_marks_and_prefixes_are_no_edits() {
    let article = article();
    let (text, snapshot) = export(&article, Version::V1);
    let text = text
        .replace(
            "<target state=\"translated\">",
            "<target  state='translated'>\n      ",
        )
        .replace("</target>", "\n   </target>")
        .replace("<source>", "<source>\n      ")
        .replace(
            "It rained for",
            "It <mrk mtype=\"x-term\">rained</mrk>\n     for",
        );
    let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
    assert_eq!(events(&plan), []);
    // Now with an edit inside of it, another prefix and UTF-16.
    let text = replace(&text, "three days", "three\n     long days")
        .replace("<target", "<x:target")
        .replace("</target", "</x:target")
        .replace(
            "version=\"1.2\"",
            "version=\"1.2\" xmlns:x=\"urn:oasis:names:tc:xliff:document:1.2\"",
        )
        .replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    let bytes: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let returned = read_returned(Path::new("back.xlf"), &bytes, &Limits::default()).unwrap();
    let plan = merge(
        article,
        &en(),
        &[snapshot],
        &returned.files[0],
        returned.version,
        &reviewer(),
    );
    assert_eq!(events(&plan), [event("s1", Class::Edited, Action::Applied)]);
    assert_eq!(
        target(&plan.article, "s1").unwrap().content.text(),
        "It rained for three long days."
    );
}

#[test]
fn segmenting_and_double_escapes_are_no_edits() {
    let mut article = article();
    let first = article.segments_mut().next().unwrap();
    let translation = first.targets.get_mut(&en()).unwrap();
    let content = Content::from_text("It rained for days. “R&D” (wet) went on.");
    translation.target.as_mut().unwrap().content = content;
    let (text, snapshot) = export(&article, Version::V2_0);
    let cut = replace(
        &text,
        "<source>雨下了三天。</source>",
        "<source>雨下了</source><target>It rained for days.</target></segment>\
         <segment><source>三天。</source>",
    );
    let cut = replace(&cut, "<target>It rained for days. “R", "<target>“R");
    let plan = merge_text(&article, std::slice::from_ref(&snapshot), &cut);
    assert_eq!(events(&plan), []);
    let (text, _) = export(&article, Version::V1);
    let twice = replace(&text, "“R&amp;D”", "“R&amp;amp;D”");
    assert_eq!(events(&merge_text(&article, &[snapshot], &twice)), []);
}

#[test]
fn approval_is_a_raised_state() {
    let article = article();
    let (text, snapshot) = export(&article, Version::V1);
    let approved = replace(
        &text,
        "<trans-unit id=\"s3\" approved=\"no\"",
        "<trans-unit id=\"s3\" approved=\"yes\"",
    );
    let plan = merge_text(&article, std::slice::from_ref(&snapshot), &approved);
    assert_eq!(
        events(&plan),
        [event("s3", Class::Approved, Action::Applied)]
    );
    assert_eq!(target(&plan.article, "s3").unwrap().state, State::Reviewed);
    // An empty target that says it is approved is nothing.
    let empty = replace(
        &text,
        "<trans-unit id=\"s4\" approved=\"no\"",
        "<trans-unit id=\"s4\" approved=\"yes\"",
    );
    assert_eq!(merge_text(&article, &[snapshot], &empty).article, article);
}

/// The article with its second and third sentence approved.
fn approved_article() -> Article {
    let mut article = article();
    for at in [1, 2] {
        let segment = article.segments_mut().nth(at).unwrap();
        let translation = segment.targets.get_mut(&en()).unwrap();
        translation.target.as_mut().unwrap().state = State::Reviewed;
    }
    article
}

const SIGNED: &str = "<target state=\"signed-off\">The river rose.";
const UNSIGNED: &str = "<target state=\"needs-review-translation\">The river rose.";

#[test]
fn a_rejected_sentence_wants_review_again() {
    for version in VERSIONS {
        let article = approved_article();
        let (text, snapshot) = export(&article, version);
        let text = match version {
            Version::V1 => replace(
                &replace(&text, SIGNED, UNSIGNED),
                "id=\"s2\" approved=\"yes\"",
                "id=\"s2\" approved=\"no\"",
            ),
            _ => replace(&text, "state=\"reviewed\"", "state=\"initial\""),
        };
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        assert_eq!(
            events(&plan),
            [event("s2", Class::Rejected, Action::Applied)]
        );
        let rejected = plan.article.segments().nth(1).unwrap();
        let translation = rejected.targets.get(&en()).unwrap();
        let target_now = translation.target.as_ref().unwrap();
        assert_eq!(target_now.state, State::Translated);
        assert_eq!(target_now.content.text(), "The river rose.");
        assert_eq!(translation.notes[0].kind, NoteKind::Doubt);
        assert!(
            translation.notes[0].text.contains("Li Wei"),
            "{translation:?}"
        );
        assert_eq!(target(&plan.article, "s3").unwrap().state, State::Reviewed);
        let again = merge_text(&plan.article, std::slice::from_ref(&snapshot), &text);
        assert_eq!(events(&again), []);
        assert_eq!(again.article, plan.article);
        // Who has raised it further meanwhile is not overruled.
        let mut further = article;
        let segment = further.segments_mut().nth(1).unwrap();
        let translation = segment.targets.get_mut(&en()).unwrap();
        translation.target.as_mut().unwrap().state = State::Final;
        let plan = merge_text(&further, &[snapshot], &text);
        assert_eq!(events(&plan), [event("s2", Class::Rejected, Action::Kept)]);
        assert_eq!(plan.article, further);
    }
}

#[test]
fn a_state_that_a_tool_may_have_written_is_told_and_lowers_nothing() {
    let article = approved_article();
    let (text, snapshot) = export(&article, Version::V1);
    let told = |text: &str, ids: &[&str]| {
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), text);
        let expected: Vec<_> = ids
            .iter()
            .map(|id| event(id, Class::Rejected, Action::Kept))
            .collect();
        assert_eq!(events(&plan), expected, "{text}");
        assert_eq!(plan.article, article);
        let rows = plan.rows.iter().filter(|row| row.class == Class::Rejected);
        for row in rows {
            assert!(row.message.contains("set the state"), "{}", row.message);
        }
    };
    // One flag, the state of a sentence that was only opened, one state for all.
    let flag = text.replacen("approved=\"yes\"", "approved=\"no\"", 1);
    told(&flag, &["s2"]);
    let opened = text.replacen("state=\"signed-off\"", "state=\"translated\"", 1);
    told(&opened, &["s2"]);
    let all = text.replace("state=\"signed-off\"", "state=\"needs-review-translation\"");
    told(&all, &["s2", "s3"]);
    // No state at all is no word of a person.
    let none = text
        .replace(" state=\"signed-off\"", "")
        .replace(" approved=\"yes\"", "");
    told(&none, &[]);
    // A note beside it is.
    let noted = replace(
        &all,
        "needs-review-translation\">The river rose.</target>",
        "needs-review-translation\">The river rose.</target><note>Which river?</note>",
    );
    let plan = merge_text(&article, std::slice::from_ref(&snapshot), &noted);
    assert_eq!(
        events(&plan),
        [
            event("s2", Class::Rejected, Action::Applied),
            event("s3", Class::Rejected, Action::Kept),
        ]
    );
}

#[test]
fn an_untouched_copy_of_the_source_is_no_edit_whatever_its_script() {
    let mut article = article();
    for (at, text) in [(3, "iPhone 12 Pro"), (4, "COVID-19")] {
        let segment = article.segments_mut().nth(at).unwrap();
        segment.source = Content::from_text(text);
        segment.targets = duizhao::model::Translations::default();
    }
    let mut options = WriteOptions {
        hand_out: true,
        copy_source: true,
        ..WriteOptions::default()
    };
    let snapshot = Snapshot::of(&article, &en(), &options);
    options.export = Some(snapshot.name.clone());
    let text = v1_2::write(&article, &en(), &options);
    // As `export --copy-source` wrote it, and as a tool does that leaves the state out.
    for text in [text.clone(), text.replace(" state=\"new\"", "")] {
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        let kept = |id| event(id, Class::TargetEqualsSource, Action::Kept);
        assert_eq!(events(&plan), [kept("s4"), kept("s5"), kept("s6")]);
        assert_eq!(plan.article, article);
        let row = &plan.rows[3];
        assert!(row.message.contains("set its state"), "{}", row.message);
    }
    // Who says that it is a translation is believed, where it may be one.
    for (from, to) in [
        ("state=\"new\">COVID", "state=\"translated\">COVID"),
        ("id=\"s5\" approved=\"no\"", "id=\"s5\" approved=\"yes\""),
    ] {
        let said = replace(&text, from, to);
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &said);
        assert_eq!(
            target(&plan.article, "s5").unwrap().content.text(),
            "COVID-19"
        );
        assert_eq!(target(&plan.article, "s4"), None);
    }
    // The source has changed since: its old wording is still no translation.
    let mut current = article.clone();
    current.segments_mut().nth(3).unwrap().source = Content::from_text("iPhone 13");
    let plan = merge_text(&current, std::slice::from_ref(&snapshot), &text);
    assert_eq!(plan.article, current);
}

#[test]
fn what_is_unsafe_is_quarantined_and_can_be_merged_again() {
    for version in VERSIONS {
        let article = article();
        let (text, snapshot) = export(&article, version);
        let text = replace(&text, ">The sky cleared.<", "><");
        let text = replace(&text, ">The bridge stood.<", ">桥还在。<");
        // The code of s6 is dropped.
        let (before, after) = text.split_once("</source>").unwrap();
        let at = text.find("思想").unwrap();
        let end = at + text[at..].find("</source>").unwrap() + "</source>".len();
        let text = format!("{}<target>Thought.</target>{}", &text[..end], &text[end..]);
        assert!(!before.is_empty() && !after.is_empty());
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        assert_eq!(
            events(&plan),
            [
                event("s3", Class::TargetEqualsSource, Action::Quarantined),
                event("s5", Class::Emptied, Action::Quarantined),
                event("s6", Class::CodesBroken, Action::Quarantined),
            ]
        );
        assert_eq!(plan.article, article);
        let quarantine = plan.quarantine.unwrap();
        assert_eq!(quarantine.units, 3);
        assert!(quarantine.text.contains("codes-broken: the inline code"));
        // Merged again as it is, it is quarantined again, in the same file.
        let snapshots = [snapshot, quarantine.snapshot.clone()];
        let again = merge_text(&article, &snapshots, &quarantine.text);
        assert_eq!(again.article, article);
        // A person mends the code; 1.2 has g where 2.0 has pc.
        let mended = match version {
            Version::V1 => "<g id=\"1\">Thought</g>.",
            _ => "<pc id=\"1\">Thought</pc>.",
        };
        let mended = replace(&quarantine.text, ">Thought.<", &format!(">{mended}<"));
        let plan = merge_text(&article, &snapshots, &mended);
        let content = target(&plan.article, "s6").unwrap().content;
        assert_eq!(content.text(), "Thought.");
        assert_eq!(content.check_codes(&bold("思想")), Ok(()));
        // The code means what it means in the source.
        assert_eq!(content.inlines()[0], bold("思想").inlines()[0]);
    }
}

#[test]
fn codes_that_enclose_a_sentence_are_put_back() {
    let mut article = article();
    let coded: Content = bold("思想").inlines()[..3].iter().cloned().collect();
    article.segments_mut().nth(5).unwrap().source = coded.clone();
    let (text, snapshot) = export(&article, Version::V1);
    let at = text.find("思想").unwrap();
    let end = at + text[at..].find("</source>").unwrap() + "</source>".len();
    let text = format!("{}<target>Thought</target>{}", &text[..end], &text[end..]);
    let plan = merge_text(&article, &[snapshot], &text);
    assert_eq!(events(&plan), [event("s6", Class::Edited, Action::Applied)]);
    let content = target(&plan.article, "s6").unwrap().content;
    assert_eq!(content.text(), "Thought");
    assert_eq!(content.check_codes(&coded), Ok(()));
}

#[test]
fn without_a_snapshot_no_persons_work_is_replaced() {
    let mut article = article();
    let (text, _) = export(&article, Version::V2_0);
    let text = replace(&text, "The river rose.", "The river swelled.");
    let text = replace(&text, "The bridge stood.", "The bridge held.");
    let reviewed = article.segments_mut().nth(2).unwrap();
    let translation = reviewed.targets.get_mut(&en()).unwrap();
    translation.target.as_mut().unwrap().state = State::Reviewed;
    let plan = merge_text(&article, &[], &text);
    assert_eq!(
        events(&plan),
        [
            event("s2", Class::Edited, Action::Applied),
            event("s3", Class::Conflict, Action::Quarantined),
        ]
    );
}

#[test]
fn a_newer_edit_is_never_overwritten() {
    let exported = article();
    let (text, snapshot) = export(&exported, Version::V2_0);
    let text = replace(&text, "The river rose.", "The river swelled.");
    let mut current = exported.clone();
    let segment = current.segments_mut().nth(1).unwrap();
    let translation = segment.targets.get_mut(&en()).unwrap();
    translation.target = Some(Target {
        content: Content::from_text("The waters rose."),
        state: State::Translated,
        provenance: vec![Provenance {
            origin: Origin::Edited,
            by: None,
            when: None,
        }],
    });
    let plan = merge_text(&current, std::slice::from_ref(&snapshot), &text);
    assert_eq!(
        events(&plan),
        [event("s2", Class::Conflict, Action::Quarantined)]
    );
    assert_eq!(plan.article, current);
    // Merging the quarantine says that the person has chosen.
    let quarantine = plan.quarantine.unwrap();
    assert!(quarantine.text.contains("The waters rose."));
    let chosen = merge_text(&current, &[snapshot, quarantine.snapshot], &quarantine.text);
    assert_eq!(
        target(&chosen.article, "s2").unwrap().content.text(),
        "The river swelled."
    );
}

#[test]
fn a_target_of_an_earlier_source_becomes_a_suggestion() {
    let exported = article();
    let (text, snapshot) = export(&exported, Version::V1);
    let text = replace(&text, "The river rose.", "The river swelled.");
    let mut current = exported;
    current.segments_mut().nth(1).unwrap().source = Content::from_text("江水涨了。");
    let plan = merge_text(&current, std::slice::from_ref(&snapshot), &text);
    assert_eq!(
        events(&plan),
        [event("s2", Class::SourceChanged, Action::Suggested)]
    );
    let segment = plan.article.segments().nth(1).unwrap();
    let suggestion = &segment.targets.get(&en()).unwrap().suggestions[0];
    assert_eq!(suggestion.source.text(), "河水涨了。");
    assert_eq!(suggestion.target.content.text(), "The river swelled.");
    let again = merge_text(&plan.article, &[snapshot], &text);
    assert_eq!(again.article, plan.article);
}

#[test]
fn merged_sentences_are_understood() {
    for version in VERSIONS {
        let article = article();
        let (text, snapshot) = export(&article, version);
        let text = replace(
            &text,
            "It rained for three days.",
            "It rained for three days and the river rose.",
        );
        let text = replace(&text, ">The river rose.<", "><");
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        assert_eq!(
            events(&plan),
            [
                event("s1", Class::Edited, Action::Applied),
                event("s2", Class::Covered, Action::Applied),
            ]
        );
        let covered = plan.article.segments().nth(1).unwrap();
        assert_eq!(covered.covered_by(&en()), Some(&SegmentId::new("s1")));
        let again = merge_text(&plan.article, &[snapshot], &text);
        assert_eq!(events(&again), []);
        assert_eq!(again.article, plan.article);
    }
}

/// The hand-out with the first two sentences merged into the first, and the second left empty.
fn merged_by_hand(text: &str, merged: &str) -> String {
    let text = replace(text, "It rained for three days.", merged);
    replace(&text, ">The river rose.<", "><")
}

const MERGED: &str = "It rained for three days and the river rose.";

#[test]
fn a_covered_sentence_keeps_its_target_until_the_one_that_covers_it_arrives() {
    for version in VERSIONS {
        let exported = article();
        let (text, snapshot) = export(&exported, version);
        // Somebody else has changed the first sentence meanwhile.
        let mut current = exported.clone();
        let newer = current.segments_mut().next().unwrap();
        let translation = newer.targets.get_mut(&en()).unwrap();
        let target_now = translation.target.as_mut().unwrap();
        target_now.content = Content::from_text("Rain fell for three days.");
        target_now.state = State::Reviewed;
        let text = merged_by_hand(&text, MERGED);
        let plan = merge_text(&current, std::slice::from_ref(&snapshot), &text);
        assert_eq!(
            events(&plan),
            [
                event("s1", Class::Conflict, Action::Quarantined),
                event("s2", Class::Conflict, Action::Quarantined),
            ]
        );
        assert_eq!(plan.article, current);
        assert!(
            plan.rows[1].message.contains("merged into s1"),
            "{}",
            plan.rows[1].message
        );
        // Both wait together, so that one choice settles both.
        let quarantine = plan.quarantine.unwrap();
        assert_eq!(quarantine.units, 2);
        let snapshots = [snapshot, quarantine.snapshot.clone()];
        let chosen = merge_text(&current, &snapshots, &quarantine.text);
        assert_eq!(
            events(&chosen),
            [
                event("s1", Class::Edited, Action::Applied),
                event("s2", Class::Covered, Action::Applied),
            ]
        );
        assert_eq!(
            target(&chosen.article, "s1").unwrap().content.text(),
            MERGED
        );
    }
}

#[test]
fn a_sentence_is_not_covered_by_a_target_whose_codes_are_broken_or_that_is_only_offered() {
    for version in VERSIONS {
        // The first sentence has a code, which the merged target loses.
        let mut coded = article();
        let mut source = bold("雨");
        source.push(Inline::Text("下了三天。".into()));
        coded.segments_mut().next().unwrap().source = source;
        let (text, snapshot) = export(&coded, version);
        let plan = merge_text(&coded, &[snapshot], &merged_by_hand(&text, MERGED));
        assert_eq!(
            events(&plan),
            [
                event("s1", Class::CodesBroken, Action::Quarantined),
                event("s2", Class::CodesBroken, Action::Quarantined),
            ]
        );
        assert_eq!(plan.article, coded);

        // The first sentence has another source now.
        let exported = article();
        let (text, snapshot) = export(&exported, version);
        let text = merged_by_hand(&text, MERGED);
        let mut current = exported;
        current.segments_mut().next().unwrap().source = Content::from_text("雨下了五天。");
        let plan = merge_text(&current, std::slice::from_ref(&snapshot), &text);
        assert_eq!(
            events(&plan),
            [
                event("s1", Class::SourceChanged, Action::Suggested),
                event("s2", Class::SourceChanged, Action::Quarantined),
            ]
        );
        assert_eq!(
            target(&plan.article, "s2").unwrap().content.text(),
            "The river rose."
        );
        // Merging the same file twice changes nothing, in the quarantine either.
        let again = merge_text(&plan.article, &[snapshot], &text);
        assert_eq!(again.article, plan.article);
        assert_eq!(
            again.quarantine.unwrap().text,
            plan.quarantine.unwrap().text
        );
    }
}

#[test]
fn units_are_never_paired_by_number_alone() {
    let article = article();
    let (text, snapshot) = export(&article, Version::V1);
    // A tool numbers the units anew, from another start.
    let mut renumbered = text.clone();
    for n in (1..=6).rev() {
        renumbered = renumbered.replace(&format!("id=\"s{n}\""), &format!("id=\"s{}\"", n + 1));
    }
    let renumbered = replace(&renumbered, "The river rose.", "The river swelled.");
    let plan = merge_text(&article, std::slice::from_ref(&snapshot), &renumbered);
    assert_eq!(events(&plan), [event("s2", Class::Edited, Action::Applied)]);
    assert_eq!(
        target(&plan.article, "s2").unwrap().content.text(),
        "The river swelled."
    );
    // A unit with a source that nobody sent out stays out.
    let strange = replace(&text, "天晴了。", "下雪了。");
    let strange = replace(&strange, "The sky cleared.", "It snowed.");
    let plan = merge_text(&article, &[snapshot], &strange);
    assert_eq!(
        events(&plan),
        [event("s5", Class::SourceAltered, Action::Quarantined)]
    );
    assert_eq!(plan.article, article);
}

#[test]
fn lost_strange_repeated_and_broken_units_are_told() {
    let article = article();
    let (text, snapshot) = export(&article, Version::V1);
    let start = text.find("      <group id=\"b2\"").unwrap();
    let end = text.find("    </body>").unwrap();
    let extra = "<trans-unit id='x9'><source>新的</source><target>New</target></trans-unit>\
        <trans-unit id='s1'><source>雨下了三天。</source><target>Other</target></trans-unit>\
        <trans-unit id='s2'><target>No source</target></trans-unit>";
    let text = format!("{}{extra}{}", &text[..start], &text[end..]);
    let plan = merge_text(&article, &[snapshot], &text);
    assert_eq!(
        events(&plan),
        [
            event("s1", Class::Duplicate, Action::Quarantined),
            event("s4", Class::Missing, Action::Kept),
            event("s5", Class::Missing, Action::Kept),
            event("s6", Class::Missing, Action::Kept),
            event("x9", Class::Unknown, Action::Quarantined),
            event("s1", Class::Duplicate, Action::Quarantined),
            event("s2", Class::Broken, Action::Quarantined),
        ]
    );
    assert_eq!(plan.article, article);
    let quarantine = plan.quarantine.unwrap();
    for kept in ["New", "Other", "No source"] {
        assert!(quarantine.text.contains(kept), "{}", quarantine.text);
    }
}

#[test]
fn notes_of_the_reviewer_are_kept_once() {
    let article = article();
    for (version, note) in [
        (
            Version::V1,
            "<note from=\"Li Wei\">Which river?</note></trans-unit>",
        ),
        (Version::V2_0, ""),
    ] {
        let (text, snapshot) = export(&article, version);
        let text = if version == Version::V1 {
            replace(&text, "</trans-unit>", note)
        } else {
            replace(
                &text,
                "<segment",
                "<notes><note>Which river?</note></notes><segment",
            )
        };
        let plan = merge_text(&article, std::slice::from_ref(&snapshot), &text);
        let segment = plan.article.segments().next().unwrap();
        let notes = &segment.targets.get(&en()).unwrap().notes;
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].text, "Which river?");
        assert_eq!(plan.rows[0].notes, 1);
        let again = merge_text(&plan.article, &[snapshot], &text);
        assert_eq!(again.article, plan.article);
    }
}

#[test]
fn notes_on_what_the_article_does_not_have_wait_in_the_quarantine() {
    let exported = article();
    let (text, snapshot) = export(&exported, Version::V1);
    let unit = |id: &str, source: &str, target: &str, note: &str| {
        format!(
            "<trans-unit id='{id}'><source>{source}</source>{target}<note from='Li Wei'>{note}\
             </note></trans-unit>"
        )
    };
    let extra = [
        unit("x1", "新的", "<target>New</target>", "Is this ours?"),
        unit("x2", "另外", "", "And this?"),
        unit("x3", "", "<target>Head</target>", "made by a tool"),
        unit(
            "s1",
            "雨下了三天。",
            "<target>It rained for three days.</target>",
            "Said with the repeated unit.",
        ),
        unit(
            "s2",
            "河水涨了。",
            "<target>The river swelled.</target>",
            "Said with the other text.",
        ),
    ];
    let text = replace(&text, "</body>", &format!("{}</body>", extra.concat()));
    // A note on a sentence that the article has lost meanwhile.
    let text = replace(
        &text,
        "<target state=\"translated\">The sky cleared.</target>",
        "<target state=\"translated\">The sky cleared.</target><note>On what is gone.</note>",
    );
    let mut current = exported;
    current.blocks[1].segments.remove(1);
    let snapshots = [snapshot];
    let plan = merge_text(&current, &snapshots, &text);
    let row = |id: &str| plan.rows.iter().rev().find(|row| row.id.as_str() == id);
    assert_eq!(row("x2").unwrap().action, Action::Quarantined);
    assert!(row("x3").unwrap().message.contains("made by a tool"));
    assert_eq!(row("s5").unwrap().action, Action::Quarantined);
    let first = plan.article.segments().next().unwrap();
    let notes = &first.targets.get(&en()).unwrap().notes;
    assert_eq!(notes[0].text, "Said with the repeated unit.");
    assert_eq!(row("s1").unwrap().notes, 1);
    let quarantine = plan.quarantine.as_ref().unwrap();
    let waiting = [
        "Is this ours?",
        "And this?",
        "Said with the other text.",
        "On what is gone.",
    ];
    for note in waiting {
        let count = quarantine.text.matches(note).count();
        assert_eq!(count, 1, "{note}\n{}", quarantine.text);
    }
    // Nor are they lost or multiplied when the quarantine is merged.
    let snapshots = [snapshots[0].clone(), quarantine.snapshot.clone()];
    let again = merge_text(&plan.article, &snapshots, &quarantine.text);
    let left = again.quarantine.unwrap().text;
    for note in ["Is this ours?", "And this?", "On what is gone."] {
        assert_eq!(left.matches(note).count(), 1, "{note}\n{left}");
    }
    let second = again.article.segments().nth(1).unwrap();
    let notes = &second.targets.get(&en()).unwrap().notes;
    assert_eq!(notes[0].text, "Said with the other text.");
}

#[test]
fn a_snapshot_is_what_its_file_says() {
    let (_, snapshot) = export(&article(), Version::V1);
    let read = Snapshot::read(Path::new(&snapshot.file_name()), &snapshot.to_text()).unwrap();
    assert_eq!(read, snapshot);
    let error = Snapshot::read(Path::new("a.jsonl"), "{\n").unwrap_err();
    assert!(error.to_string().starts_with("a.jsonl:1: "));
}
