//! What `duizhao.toml` says about sources holds for every command that reads them.

use crate::project::Project;

const CONFIG: &str = "source = \"zh-Hans\"\ntargets = [\"en\"]\n\n";

/// Rules by which only a semicolon ends a sentence.
const RULES: &str = r#"<?xml version="1.0"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
<header segmentsubflows="yes" cascade="no"/>
<body><languagerules><languagerule languagerulename="Chinese">
<rule break="yes"><beforebreak>；</beforebreak><afterbreak></afterbreak></rule>
</languagerule></languagerules>
<maprules><languagemap languagepattern="zh.*" languagerulename="Chinese"/></maprules></body></srx>"#;

fn json(project: &Project, args: &[&str]) -> serde_json::Value {
    let ran = project.run(args);
    assert_eq!(ran.status, 0, "{args:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The sentences of the last block of the first article.
fn sentences(project: &Project) -> Vec<String> {
    let report = json(project, &["segment", "--format", "json", "sources/a.txt"]);
    let blocks = report["articles"][0]["blocks"].as_array().unwrap();
    let last = blocks.last().unwrap()["sentences"].as_array().unwrap();
    last.iter()
        .map(|sentence| sentence["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn rules_for_sentences_are_a_setting() {
    let project = Project::new();
    project.write("duizhao.toml", CONFIG);
    project.write(
        "sources/a.txt",
        "茶乡新事\n\n茶园修了路；路通了山外。茶农都说好，今年的茶也卖得好。\n",
    );
    let own = ["茶园修了路；路通了山外。", "茶农都说好，今年的茶也卖得好。"];
    let others = ["茶园修了路；", "路通了山外。茶农都说好，今年的茶也卖得好。"];
    assert_eq!(sentences(&project), own);
    assert_eq!(project.run(&["publish"]).status, 0);
    let record = || std::fs::read_to_string(project.path("translations/a.en.xlf")).unwrap();
    assert!(record().contains("<source>茶园修了路；路通了山外。</source>"));

    project.write(
        "duizhao.toml",
        format!("{CONFIG}[segment]\nsrx = \"my.srx\"\n"),
    );
    for command in ["publish", "build", "translate"] {
        let ran = project.run(&[command]);
        assert_eq!(ran.status, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("duizhao.toml:5:"), "{}", ran.stderr);
        assert!(ran.stderr.contains("my.srx"), "{}", ran.stderr);
    }
    project.write("my.srx", RULES.replace("</beforebreak>", ""));
    let ran = project.run(&["build"]);
    assert_eq!(ran.status, 3);
    assert!(ran.stderr.contains("my.srx:5:"), "{}", ran.stderr);

    project.write("my.srx", RULES);
    assert_eq!(sentences(&project), others);
    assert_eq!(project.run(&["publish"]).status, 0);
    assert!(record().contains("<source>茶园修了路；</source>"));
    // A build that keeps what has not changed sees that the rules have.
    assert_eq!(project.run(&["build"]).status, 0);
    project.write("my.srx", RULES.replace('；', "，"));
    let built = project.run(&["build"]);
    assert!(built.stderr.contains("behind"), "{}", built.stderr);
}

#[test]
fn segment_reads_a_source_as_publish_does() {
    let project = Project::new();
    project.write("duizhao.toml", CONFIG);
    let text = "茶乡新事\n\n茶园修了路,茶农都说好。\n\n竹海歌声\n\n歌会今天举行。\n";
    let big5 = "茶鄉新事\n\n茶園修了路,茶農都說好。\n";
    project.write("sources/a.txt", text);
    let bytes = encoding_rs::BIG5.encode(big5).0.into_owned();
    project.write("sources/b.txt", bytes);
    let articles = |file: &str, options: &[&str]| {
        let args = [&["segment", "--format", "json", file], options].concat();
        json(&project, &args)["articles"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!(articles("sources/a.txt", &[]).len(), 1);
    project.write(
        "duizhao.toml",
        format!(
            "{CONFIG}[clean]\npolicy = \"none\"\n[[source-file]]\nfile = \"sources/a.txt\"\n\
             articles_at = [5]\n[[source-file]]\nfile = \"sources/b.txt\"\nencoding = \"big5\"\n"
        ),
    );
    let two = articles("sources/a.txt", &[]);
    assert_eq!(two.len(), 2);
    assert_eq!(two[0]["blocks"][1]["text"], "茶园修了路,茶农都说好。");
    assert_eq!(articles("sources/b.txt", &[])[0]["title"], "茶鄉新事");
    let safe = articles("sources/a.txt", &["--policy", "safe"]);
    assert_eq!(safe[0]["blocks"][1]["text"], "茶园修了路，茶农都说好。");
}

#[test]
fn settings_that_mean_nothing_are_told() {
    let project = Project::new();
    project.write("sources/a.txt", "茶乡新事\n\n茶园修了路，茶农都说好。\n");
    let about = "[[source-file]]\nfile = \"nope\"\n";
    project.write("duizhao.toml", format!("{CONFIG}{about}"));
    let ran = project.run(&["publish"]);
    assert_eq!(ran.status, 3);
    assert!(ran.stderr.contains("duizhao.toml:5:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\"nope\""), "{}", ran.stderr);

    project.write("duizhao.toml", CONFIG);
    let ran = project.run(&["segment", "--encoding", "klingon", "sources/a.txt"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("klingon"), "{}", ran.stderr);
}

#[test]
fn decisions_that_apply_to_nothing_are_told() {
    let project = Project::new();
    project.write("duizhao.toml", CONFIG);
    project.write("sources/a.txt", "茶乡新事\n\n茶园修了路，茶农都说好。\n");
    project.write(
        "sources/a.txt.repairs.toml",
        "[[decision]]\nline = 3\nas_read = \"纳人\"\naction = \"accept\"\n",
    );
    for args in [
        &["publish"][..],
        &["translate"],
        &["build"],
        &["check"],
        &["segment", "sources/a.txt"],
    ] {
        let ran = project.run(args);
        assert_eq!(ran.status, 0, "{args:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("a.txt.repairs.toml: line 3") && ran.stderr.contains("纳人"),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn articles_begin_only_at_lines_that_are_there() {
    let project = Project::new();
    project.write("sources/a.txt", "茶乡新事\n\n茶园修了路，茶农都说好。\n");
    project.write("sources/b.txt", "河口新事\n\n河口修了桥，乡亲都说好。\n");
    let other = "[[source-file]]\nfile = \"sources/b.txt\"\narticles_at = [1]\n\n";
    for (lines, told) in [
        ("[1, 2000]", "2000"),
        ("[3, 1]", "rising order"),
        ("[1, 1]", "rising order"),
        ("[0, 3]", "counted from 1"),
    ] {
        let about = format!(
            "[[source-file]]\nfile = \"sources/a.txt\"\n# articles\narticles_at = {lines}\n"
        );
        project.write("duizhao.toml", format!("{CONFIG}{other}{about}"));
        for args in [&["publish"][..], &["segment", "sources/a.txt"]] {
            let ran = project.run(args);
            assert_eq!(ran.status, 3, "{lines} {args:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("duizhao.toml:11:"), "{}", ran.stderr);
            assert!(ran.stderr.contains(told), "{lines}: {}", ran.stderr);
        }
    }
    let about = "[[source-file]]\nfile = \"sources/a.txt\"\narticles_at = [1, 3]\n";
    project.write("duizhao.toml", format!("{CONFIG}{about}"));
    assert_eq!(project.run(&["publish"]).status, 0);
}
