//! A source is edited and `translate` runs again: ids and translations of all else stay.

use std::collections::BTreeMap;

use crate::project::Project;

/// Unit id → (source, target) of a record.
fn units(record: &str) -> BTreeMap<String, (String, String)> {
    let between = |text: &str, from: &str, to: &str| {
        let start = text.find(from)? + from.len();
        Some(text[start..start + text[start..].find(to)?].to_owned())
    };
    record
        .split("<unit id=\"")
        .skip(1)
        .map(|unit| {
            let id = unit[..unit.find('"').expect("an id")].to_owned();
            let segment = &unit[unit.find("<segment").expect("a segment")..];
            let source = between(segment, "<source>", "</source>").unwrap_or_default();
            let target = between(segment, "<target>", "</target>").unwrap_or_default();
            (id, (source, target))
        })
        .collect()
}

const SOURCE: &str = "sources/jilin-daily-liberate-thinking.txt";
const RECORD: &str = "translations/jilin-daily-liberate-thinking-2.en.xlf";

/// The sample with its second article's source changed; gives the units before and after, and
/// the report.
fn after(change: impl Fn(&str) -> String) -> (Units, Units, String) {
    let project = Project::sample();
    let before = units(&project.read(RECORD));
    project.write(SOURCE, change(&project.read(SOURCE)));
    let report = project.done(&["translate"]);
    (before, units(&project.read(RECORD)), report)
}

type Units = BTreeMap<String, (String, String)>;

const FIRST: &str = "抓发展说到底";
const SECOND: &str = "在解放思想中直面挑战";

fn paragraph<'a>(text: &'a str, part: &str) -> &'a str {
    text.split("\n\n")
        .find(|paragraph| paragraph.contains(part))
        .expect("the paragraph")
}

#[test]
fn a_moved_paragraph_keeps_its_ids_and_translations() {
    let (before, after, report) = after(|text| {
        let (first, second) = (paragraph(text, FIRST), paragraph(text, SECOND));
        text.replace(first, "@")
            .replace(second, first)
            .replace('@', second)
    });
    assert_eq!(before, after);
    assert!(report.contains("moved"), "{report}");
}

#[test]
fn a_changed_sentence_keeps_its_id_and_offers_its_old_translation() {
    let (before, after, report) =
        after(|text| text.replace("累计兑现政策扶持资金8792万元", "累计兑现扶持资金8793万元"));
    let changed: Vec<&String> = before
        .keys()
        .filter(|id| before[*id] != after[*id])
        .collect();
    assert_eq!(changed.len(), 1, "{report}");
    assert_eq!(
        after[changed[0]].1, "",
        "an outdated translation is no translation"
    );
    assert!(report.contains("1 changed"), "{report}");
}

#[test]
fn an_inserted_paragraph_gets_ids_of_its_own() {
    let (before, after, report) = after(|text| {
        let second = paragraph(text, SECOND);
        text.replace(
            second,
            &format!("这一段文字此前并不存在。它有两句话。\n\n{second}"),
        )
    });
    for (id, unit) in &before {
        assert_eq!(after.get(id), Some(unit));
    }
    assert_eq!(after.len(), before.len() + 2);
    assert!(report.contains("2 added"), "{report}");
}

#[test]
fn a_deleted_paragraph_is_kept_aside_and_comes_back() {
    let project = Project::sample();
    let (text, record) = (project.read(SOURCE), project.read(RECORD));
    project.write(SOURCE, text.replace(paragraph(&text, FIRST), ""));
    let report = project.done(&["translate"]);
    assert!(report.contains("gone"), "{report}");
    let kept = units(&project.read(RECORD));
    assert_eq!(kept, units(&record), "nobody's work is thrown away");
    assert_ne!(project.read(RECORD), record);
    project.write(SOURCE, text);
    project.done(&["translate"]);
    assert_eq!(units(&project.read(RECORD)), units(&record));
    assert!(
        !project.read(RECORD).contains("obsolete"),
        "what came back is no longer set aside"
    );
}

#[test]
fn pseudo_translation_fills_what_is_empty_and_nothing_else() {
    let project = Project::sample();
    let text = project.read(SOURCE);
    let second = paragraph(&text, SECOND).to_owned();
    project.write(
        SOURCE,
        text.replace(&second, &format!("全新的一段话写在这里。\n\n{second}")),
    );
    let report = project.done(&["translate", "--engine", "pseudo"]);
    assert!(report.contains("1 sentence pseudo-translated"), "{report}");
    let status = project.done(&["status"]);
    assert!(
        status.contains("45 sentences, 44 translated"),
        "a filler does not count: {status}"
    );
}

#[test]
fn an_approved_sentence_is_taken_from_the_memory_and_an_unapproved_one_is_not() {
    let sentence = "正视问题，解决问题。";
    for (state, from_memory) in [("reviewed", true), ("translated", false)] {
        let project = Project::sample();
        let record = project.read(RECORD.replace("-2.", "-1.").as_str());
        let record = record.replace("state=\"translated\"", &format!("state=\"{state}\""));
        project.write(RECORD.replace("-2.", "-1.").as_str(), record);
        project.write("sources/other.txt", format!("另一篇文章\n\n{sentence}\n"));
        project.done(&["translate", "--engine", "pseudo"]);
        let other = units(&project.read("translations/other.en.xlf"));
        let taken = other.values().any(|(source, target)| {
            source == sentence && target == "The county is facing its problems and solving them."
        });
        assert_eq!(taken, from_memory, "{state}: {other:?}");
    }
}
