//! What goes wrong is said with file and line, and with what to do; exit statuses are a contract.

use crate::project::{Project, run_in};

fn fails(project: &Project, args: &[&str], status: i32, words: &[&str]) {
    let ran = project.run(args);
    assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(
            ran.stderr.contains(word),
            "{args:?} should say {word:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn no_workspace() {
    let empty = tempfile::tempdir().expect("a folder");
    let ran = run_in(empty.path(), &["publish"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("duizhao init"), "{}", ran.stderr);
}

#[test]
fn bad_configuration() {
    let project = Project::new();
    project.write(
        "duizhao.toml",
        "source = \"zh-Hans\"\ntargets = [\"en\"]\n\nengine = \"x\"\n",
    );
    fails(&project, &["build"], 3, &["duizhao.toml:4:", "engine"]);
    project.write("duizhao.toml", "source = \"zh-Hans\"\ntargets = [\"en\"\n");
    fails(&project, &["build"], 3, &["duizhao.toml:"]);
    project.write(
        "duizhao.toml",
        "source = \"zh-Hans\"\ntargets = [\"en\"]\n[translate]\napi_key = \"x\"\n",
    );
    fails(&project, &["translate"], 3, &["duizhao.toml:4:", "api_key"]);
    project.write(
        "duizhao.toml",
        "source = \"zh-Hans\"\ntargets = [\"en\"]\n[check]\n\"no.rule\" = \"off\"\n",
    );
    for command in ["build", "check"] {
        fails(&project, &[command], 3, &["duizhao.toml:4:", "no.rule"]);
    }
}

#[test]
fn a_language_that_is_none_of_the_workspace() {
    let project = Project::new();
    for args in [
        ["glossary", "--lang", "de", "check"].as_slice(),
        &["memory", "export", "--lang", "de"],
    ] {
        fails(&project, args, 2, &["--lang en"]);
    }
}

#[test]
fn bad_sources() {
    let project = Project::new();
    project.write("sources/empty.txt", "\n \n");
    fails(&project, &["publish"], 3, &["sources/empty.txt"]);
    std::fs::remove_file(project.path("sources/empty.txt")).expect("removed");
    // Many file systems would take their records for one file.
    project.write("sources/a.txt", "标题\n\n正文内容。\n");
    project.write("sources/A.md", "标题\n\n另一篇的正文。\n");
    fails(
        &project,
        &["publish"],
        3,
        &["sources/A.md", "sources/a.txt", "rename"],
    );
    std::fs::remove_file(project.path("sources/A.md")).expect("removed");
    project.write("sources/a.txt", b"\xff\xfe\x00\xd8zz\x00\x01\x02\x80\x81");
    fails(&project, &["publish"], 3, &["sources/a.txt"]);
}

#[test]
fn unknown_engine() {
    let project = Project::new();
    project.write("sources/a.txt", "标题\n\n正文内容。\n");
    fails(
        &project,
        &["translate", "--engine", "babelfish"],
        2,
        &["babelfish", "deepl"],
    );
    fails(
        &project,
        &["translate", "--engine", "deepl"],
        2,
        &["DEEPL_AUTH_KEY"],
    );
}

#[test]
fn a_record_that_is_not_well_formed() {
    let project = Project::new();
    project.write("sources/a.txt", "标题\n\n正文内容。\n");
    project.write(
        "translations/a.en.xlf",
        "<?xml version=\"1.0\"?>\n<xliff>\n  <file>\n",
    );
    fails(&project, &["build"], 3, &["translations/a.en.xlf:", "git"]);
}

#[test]
fn bad_glossary() {
    let project = Project::new();
    project.write("sources/a.txt", "标题\n\n正文内容。\n");
    project.write(
        "glossary/zh-Hans.en.csv",
        "source,target,status\n县,county,best\n",
    );
    fails(
        &project,
        &["publish"],
        3,
        &["glossary/zh-Hans.en.csv:2:", "best"],
    );
}

#[test]
fn a_book_that_asks_for_what_is_not_there() {
    let project = Project::sample();
    let config = project.read("duizhao.toml");
    project.write("duizhao.toml", config.replace("thinking-*", "thinking-9"));
    fails(
        &project,
        &["build"],
        3,
        &["thinking-9", "jilin-daily-liberate-thinking-1"],
    );
    project.write("duizhao.toml", config.replace("cover.png", "cover.gif"));
    fails(&project, &["build"], 3, &["cover.gif"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let project = Project::sample();
    let mut child = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["segment", "--format", "json"])
        .arg(project.path("sources/jilin-daily-liberate-thinking.txt"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
