//! The record as people and their tools leave it: what duizhao does not know is kept, and what it
//! can't take is told.

use crate::project::Project;

const SOURCE: &str = "标题\n\n雨下了三天。桥还在。\n\n天气好。\n";

/// A workspace whose record has a translation and things that duizhao does not write.
fn edited() -> Project {
    let project = Project::new();
    project.write("sources/a.txt", SOURCE);
    project.done(&["translate"]);
    let record = project.read("translations/a.en.xlf");
    let record = record
        .replace(
            "version=\"2.0\"",
            "xmlns:my=\"urn:x-my\" version=\"2.0\" my:root=\"r\"",
        )
        .replace("<file id", "<!-- before the file -->\n  <file my:file=\"f\" id")
        .replacen(
            "<group id=\"b2\"",
            "<my:of-file>kept</my:of-file>\n<group my:group=\"g\" id=\"b2\"",
            1,
        )
        .replace(
            "<unit id=\"s2\">",
            "<!-- before s2 -->\n<unit id=\"s2\" name=\"n2\" my:unit='u \"2\"'>\n<my:ext a=\"1\"><my:in/>text</my:ext>\n\
             <mda:metadata><mda:metaGroup category=\"crm\"><mda:meta type=\"ticket\">7</mda:meta></mda:metaGroup></mda:metadata>\n\
             <!-- in s2 -->",
        )
        .replace(
            "<source>雨下了三天。</source>",
            "<source>雨下了<mrk id=\"m1\" type=\"term\">三天</mrk>。</source>\n<target>It rained.</target>",
        )
        .replacen("<segment>", "<segment canResegment=\"no\">", 2)
        .replace("</file>", "<!-- the end -->\n</file>");
    project.write("translations/a.en.xlf", &record);
    project
}

/// What must stand in the record whatever is saved.
const ADDED: [&str; 12] = [
    "xmlns:my=\"urn:x-my\"",
    "my:root=\"r\"",
    "<!-- before the file -->",
    "my:file=\"f\"",
    "<my:of-file>kept</my:of-file>",
    "<!-- before s2 -->",
    "name=\"n2\"",
    "my:unit='u \"2\"'",
    "<my:ext a=\"1\"><my:in/>text</my:ext>",
    "<mda:meta type=\"ticket\">7</mda:meta>",
    "<!-- in s2 -->",
    "<!-- the end -->",
];

fn assert_kept(project: &Project) -> String {
    let record = project.read("translations/a.en.xlf");
    for added in ADDED {
        assert_eq!(record.matches(added).count(), 1, "{added}\n{record}");
    }
    let lint = project.run(&["xliff", "lint", "translations/a.en.xlf"]);
    assert_eq!(lint.status, 0, "{}\n{record}", lint.stdout);
    record
}

#[test]
fn what_stands_in_a_record_beside_the_text_survives_saving() {
    let project = edited();
    // Another unit changes.
    project.write(
        "sources/a.txt",
        SOURCE.replace("天气好。", "天气很好，有风。"),
    );
    project.done(&["translate"]);
    let record = assert_kept(&project);
    assert!(record.contains("天气很好"), "{record}");
    assert!(
        record.contains("<mrk id=\"m1\" type=\"term\">三天</mrk>"),
        "{record}"
    );
    assert!(record.contains("canResegment=\"no\""), "{record}");
    // The unit itself changes: its target is merged.
    project.done(&["export", "--out", "out"]);
    let sent = project.read("out/a.en.xlf");
    project.write(
        "back.xlf",
        sent.replace("It rained.", "It rained for three days."),
    );
    project.done(&["merge", "back.xlf"]);
    let record = assert_kept(&project);
    assert!(record.contains("It rained for three days."), "{record}");
    assert!(
        record.contains("<mrk id=\"m1\" type=\"term\">三天</mrk>"),
        "{record}"
    );
    assert!(record.contains("canResegment=\"no\""), "{record}");
    // Nothing more changes.
    project.done(&["translate"]);
    project.done(&["merge", "back.xlf"]);
    assert_eq!(project.read("translations/a.en.xlf"), record);
}

#[test]
fn a_state_that_does_not_exist_is_told_with_its_line() {
    let project = edited();
    let record = project.read("translations/a.en.xlf");
    let odd = record.replacen(
        "<segment canResegment=\"no\"",
        "<segment state=\"bogus\" canResegment=\"no\"",
        2,
    );
    let line = 1 + odd
        .lines()
        .position(|line| line.contains("<unit id=\"s1\""))
        .unwrap();
    project.write("translations/a.en.xlf", &odd);
    let ran = project.run(&["check"]);
    assert_eq!(ran.status, 3, "{}", ran.stdout);
    assert!(
        ran.stderr.contains(&format!("a.en.xlf:{line}:")) && ran.stderr.contains("bogus"),
        "{}",
        ran.stderr
    );
    project.write("translations/a.en.xlf", record);
    project.done(&["export", "--out", "out"]);
    for (name, from, to) in [
        ("out/a.en.xlf", "state=\"new\"", "state=\"bogus\""),
        (
            "out/a.en.xlf",
            "state=\"needs-translation\"",
            "state=\"bogus\"",
        ),
        ("out/a.en.xlf", "approved=\"no\"", "approved=\"bogus\""),
    ] {
        let sent = project.read(name);
        if !sent.contains(from) {
            continue;
        }
        project.write("back.xlf", sent.replacen(from, to, 1));
        let ran = project.run(&["merge", "back.xlf"]);
        assert!(
            ran.stdout.contains("back.xlf:") && ran.stdout.contains("bogus"),
            "{}",
            ran.stdout
        );
    }
    project.done(&["export", "--xliff", "2.0", "--out", "two"]);
    let sent = project.read("two/a.en.xlf");
    project.write(
        "back.xlf",
        sent.replacen("state=\"initial\"", "state=\"bogus\"", 1),
    );
    let ran = project.run(&["merge", "back.xlf"]);
    assert!(ran.stdout.contains("bogus"), "{}\n{sent}", ran.stdout);
}
