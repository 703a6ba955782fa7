//! Processes that work in one workspace at the same time, and what each may write.

use std::process::{Child, Command};
use std::time::Duration;

use crate::project::{Project, ended, peer};

/// Two articles of three sentences, in step with their records, and their hand-outs in `out/`.
fn two_articles() -> Project {
    let project = Project::new();
    project.write("sources/a.txt", "雨\n\n雨下了三天。桥还在。\n");
    project.write("sources/b.txt", "山\n\n山上有雪。路不通。\n");
    project.done(&["export", "--out", "out"]);
    project
}

/// The hand-out of an article with a target for the first sentence that has this source.
fn answered(project: &Project, article: &str, source: &str, target: &str) -> String {
    let text = project.read(&format!("out/{article}.en.xlf"));
    let source = format!("<source>{source}</source>");
    assert!(text.contains(&source), "{text}");
    text.replacen(
        &source,
        &format!("{source}<target state=\"translated\">{target}</target>"),
        1,
    )
}

/// Waits until a program that was started has read the workspace and stands at the lock, or is at
/// its end without.
fn at_the_lock(child: &mut Child) {
    let pid = child.id().to_string();
    let is_waiting = |locks: &str| {
        let waits = |line: &str| {
            let mut words = line.split_whitespace();
            words.any(|word| word == "->") && words.any(|word| word == pid)
        };
        locks.lines().any(waits)
    };
    for _ in 0..200 {
        match std::fs::read_to_string("/proc/locks") {
            Ok(locks) if is_waiting(&locks) => return,
            Ok(_) => std::thread::sleep(Duration::from_millis(50)),
            // Not Linux: long enough, as a rule.
            Err(_) => return std::thread::sleep(Duration::from_secs(3)),
        }
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
    }
    panic!("the program neither ends nor waits");
}

/// Writes a target into a record as a person does, or a run that is done meanwhile.
fn write_target(project: &Project, article: &str, source: &str, target: &str) {
    let name = format!("translations/{article}.en.xlf");
    let source = format!("<source>{source}</source>");
    let record = project.read(&name);
    assert!(record.contains(&source), "{record}");
    let with = format!("{source}<target>{target}</target>");
    project.write(&name, record.replacen(&source, &with, 1));
}

#[test]
fn two_merges_at_once_lose_no_edit() {
    let project = two_articles();
    project.write(
        "ra.xlf",
        answered(&project, "a", "雨下了三天。", "It rained."),
    );
    project.write("rb.xlf", answered(&project, "b", "山上有雪。", "Snow lay."));
    let held = project.hold();
    let mut merges = [
        project.start(&["merge", "ra.xlf"]),
        project.start(&["merge", "rb.xlf"]),
    ];
    merges.iter_mut().for_each(at_the_lock);
    // What others wrote before the lock was free is there when it is.
    write_target(&project, "a", "桥还在。", "The bridge stands.");
    write_target(&project, "b", "路不通。", "The road is closed.");
    drop(held);
    for merge in merges {
        let ran = ended(merge);
        assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    }
    let (a, b) = (
        project.read("translations/a.en.xlf"),
        project.read("translations/b.en.xlf"),
    );
    for (record, text) in [
        (&a, "It rained."),
        (&a, "The bridge stands."),
        (&b, "Snow lay."),
        (&b, "The road is closed."),
    ] {
        assert!(record.contains(text), "{text} is lost:\n{record}");
    }
}

#[test]
fn a_merge_looks_at_nothing_before_its_turn() {
    let project = two_articles();
    project.write(
        "ra.xlf",
        answered(&project, "a", "雨下了三天。", "It rained."),
    );
    let held = project.hold();
    let mut merge = project.start(&["merge", "ra.xlf"]);
    at_the_lock(&mut merge);
    write_target(&project, "a", "雨下了三天。", "Rain fell.");
    drop(held);
    let ran = ended(merge);
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("conflict"), "{}", ran.stdout);
    assert!(project.read("translations/a.en.xlf").contains("Rain fell."));
    // A dry run waits for nobody.
    let _held = project.hold();
    assert_eq!(project.run(&["merge", "--dry-run", "ra.xlf"]).status, 1);
}

#[test]
fn an_alignment_is_added_to_the_record_as_it_is_then() {
    let project = two_articles();
    project.write(
        "a.en.txt",
        "Rain\n\nIt rained for three days. The bridge is there.\n",
    );
    let before = project.read("translations/b.en.xlf");
    project.write("sources/b.txt", "山\n\n山上有雪。路不通。天黑了。\n");
    let held = project.hold();
    let mut align = project.start(&["align", "sources/a.txt", "a.en.txt"]);
    at_the_lock(&mut align);
    write_target(&project, "a", "桥还在。", "The bridge stands.");
    drop(held);
    let ran = ended(align);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let record = project.read("translations/a.en.xlf");
    for text in ["It rained for three days.", "The bridge stands."] {
        assert!(record.contains(text), "{text} is lost:\n{record}");
    }
    assert_eq!(project.read("translations/b.en.xlf"), before);
}

#[test]
fn a_source_that_changes_under_an_alignment_is_aligned_anew() {
    let project = two_articles();
    project.write(
        "a.en.txt",
        "Rain\n\nIt rained for three days. The bridge is there.\n",
    );
    let held = project.hold();
    let mut align = project.start(&["align", "sources/a.txt", "a.en.txt"]);
    at_the_lock(&mut align);
    project.write("sources/a.txt", "雨\n\n雨\n\n雨下了三天。桥还在。\n");
    drop(held);
    let ran = ended(align);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let record = project.read("translations/a.en.xlf");
    let at = record.find("<source>雨下了三天。</source>").unwrap();
    let rest = record[at..].lines().nth(1).unwrap();
    assert!(rest.contains("It rained for three days."), "{record}");
}

#[test]
fn a_merge_writes_what_it_touched_and_says_so() {
    let project = two_articles();
    let before = project.read("translations/b.en.xlf");
    project.write("sources/b.txt", "山\n\n山上有雪。路不通。天黑了。\n");
    project.write(
        "ra.xlf",
        answered(&project, "a", "雨下了三天。", "It rained."),
    );
    let said = project.done(&["merge", "ra.xlf"]);
    assert!(said.contains("wrote   translations/a.en.xlf"), "{said}");
    assert!(!said.contains("b.en.xlf"), "{said}");
    assert_eq!(project.read("translations/b.en.xlf"), before);
    // Again it changes nothing, and writes nothing, though the article's own source has grown.
    project.write("sources/a.txt", "雨\n\n雨下了三天。桥还在。天黑了。\n");
    let before = project.read("translations/a.en.xlf");
    let said = project.done(&["merge", "ra.xlf"]);
    assert!(!said.contains("wrote"), "{said}");
    assert_eq!(project.read("translations/a.en.xlf"), before);
    // What is brought in line with its source on the way is told.
    project.write("ra.xlf", answered(&project, "a", "桥还在。", "It stands."));
    let said = project.done(&["merge", "ra.xlf"]);
    assert!(
        said.contains("a: brought in line with its source: 3 sentences as before, 1 added"),
        "{said}"
    );
    let report = project.done(&["merge", "--format", "json", "ra.xlf"]);
    assert!(report.contains("\"written\": []"), "{report}");
}

/// The files that a run of the program flushes to the disk before it ends.
fn flushed(project: &Project, args: &[&str]) -> Option<String> {
    let trace = project.path("trace.txt");
    let works = Command::new("strace").args(["-f", "true"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: strace is not there, or may not trace");
        return None;
    }
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-e", "trace=fsync,fdatasync", "-o"]);
    command.arg(&trace).arg(env!("CARGO_BIN_EXE_duizhao"));
    peer(command.args(args).current_dir(project.path(".")));
    Some(project.read("trace.txt"))
}

#[test]
fn what_a_persons_work_hangs_on_is_on_the_disk() {
    let project = two_articles();
    let Some(trace) = flushed(&project, &["export", "--out", "again", "a"]) else {
        return;
    };
    assert!(trace.contains("translations/exports/"), "{trace}");
    write_target(&project, "a", "雨下了三天。", "Rain fell.");
    project.write(
        "ra.xlf",
        answered(&project, "a", "雨下了三天。", "It rained."),
    );
    let trace = flushed(&project, &["merge", "ra.xlf"]).unwrap_or_default();
    for folder in ["translations/exports/", "translations/quarantine/"] {
        assert!(trace.contains(folder), "{folder}: {trace}");
    }
}
