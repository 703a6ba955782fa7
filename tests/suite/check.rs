//! Checks: what they catch, what they leave alone, and how they report it.
//!
//! `check/pairs.tsv` holds pairs of our own, each labelled `ok` or `bad` with the reason.

#![allow(clippy::expect_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::path::Path;

use duizhao::check::{CheckOptions, Setting, check_pairs};
use duizhao::model::{Finding, Lang, Severity};

use crate::project::{Project, run_in, sample, shared};

fn langs() -> (Lang, Lang) {
    (
        "zh-Hans".parse().expect("a language tag"),
        "en".parse().expect("a language tag"),
    )
}

/// A labelled pair: source, target, whether it is right, and the whole line.
type Labelled = (String, String, bool, String);

fn labelled(path: &Path) -> Vec<Labelled> {
    std::fs::read_to_string(path)
        .expect("the labelled pairs")
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (
                columns[0].into(),
                columns[1].into(),
                columns[2] == "ok",
                line.into(),
            )
        })
        .collect()
}

/// The rows with an error in one of the families about numbers.
fn flagged(pairs: &[(String, String)], source: &Lang, target: &Lang) -> BTreeSet<usize> {
    check_pairs(pairs, source, target, &CheckOptions::default())
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && is_about_numbers(finding))
        .filter_map(|finding| finding.location.pair)
        .collect()
}

fn is_about_numbers(finding: &Finding) -> bool {
    ["number.", "date.", "percent.", "currency.", "unit."]
        .iter()
        .any(|family| finding.rule.starts_with(family))
}

/// Bad pairs caught and good pairs flagged, with what went wrong.
fn judge(rows: &[Labelled], turned: bool) -> (usize, usize, usize, usize, String) {
    let (mut source, mut target) = langs();
    let mut pairs: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.0.clone(), row.1.clone()))
        .collect();
    if turned {
        std::mem::swap(&mut source, &mut target);
        for pair in &mut pairs {
            std::mem::swap(&mut pair.0, &mut pair.1);
        }
    }
    let flagged = flagged(&pairs, &source, &target);
    let (mut bad, mut caught, mut good, mut false_alarms) = (0, 0, 0, 0);
    let mut story = String::new();
    for (at, row) in rows.iter().enumerate() {
        let is_flagged = flagged.contains(&(at + 1));
        match (row.2, is_flagged) {
            (true, true) => {
                false_alarms += 1;
                story.extend(["false: ", &row.3, "\n"]);
            }
            (false, false) => story.extend(["missed: ", &row.3, "\n"]),
            _ => {}
        }
        good += usize::from(row.2);
        bad += usize::from(!row.2);
        caught += usize::from(!row.2 && is_flagged);
    }
    (caught, bad, false_alarms, good, story)
}

#[test]
fn numbers_are_caught_and_good_translations_left_alone() {
    let rows = labelled(&sample().join("tests/suite/check/pairs.tsv"));
    assert!(rows.len() >= 200, "{} pairs", rows.len());
    for turned in [false, true] {
        let (caught, bad, false_alarms, good, story) = judge(&rows, turned);
        assert!(
            caught * 100 >= bad * 95,
            "{caught} of {bad} caught\n{story}"
        );
        assert!(
            false_alarms * 100 <= good * 2,
            "{false_alarms} of {good} false\n{story}"
        );
    }
}

#[test]
fn the_sample_of_the_judges_is_told_apart() {
    let Some(shared) = shared() else { return };
    let path = shared.join("data/numbers/pairs.tsv");
    if !path.is_file() {
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let (caught, bad, false_alarms, _, story) = judge(&labelled(&path), false);
    assert_eq!((caught, false_alarms), (bad, 0), "{story}");
}

/// The rules that one pair breaks, with the words that each finding marks in the target.
fn broken(source: &str, target: &str) -> Vec<(String, String)> {
    let (from, to) = langs();
    check_pairs(
        &[(source.into(), target.into())],
        &from,
        &to,
        &CheckOptions::default(),
    )
    .into_iter()
    .map(|finding| {
        let [start, end] = finding.target_span.unwrap_or_default();
        let words = target.chars().skip(start).take(end - start).collect();
        (finding.rule, words)
    })
    .collect()
}

#[test]
fn each_rule_finds_its_slip_and_marks_it() {
    for (source, target, rule, words) in [
        (
            "共2030万元。",
            "It was 203 million yuan.",
            "number.scale",
            "203 million yuan",
        ),
        (
            "共有56家企业。",
            "There are 65 companies.",
            "number.value",
            "65",
        ),
        (
            "共有132个问题。",
            "There are problems.",
            "number.missing",
            "",
        ),
        (
            "达到90%以上。",
            "It reached less than 90%.",
            "number.bound",
            "90%",
        ),
        (
            "男30人，女20人。",
            "20 men and 30 women.",
            "number.swapped",
            "20 men and 30",
        ),
        (
            "增至30亿元。",
            "It rose by 3 billion yuan.",
            "number.by-to",
            "3 billion yuan",
        ),
        ("出口增长5%。", "Exports fell 5%.", "number.direction", "5%"),
        (
            "代码000651.SZ。",
            "The code is 000615.SZ.",
            "number.code",
            "000615.SZ",
        ),
        (
            "前0亿元以上项目。",
            "The first projects.",
            "number.suspect",
            "",
        ),
        (
            "晚上8点30分开始。",
            "It begins at 8:45 p.m.",
            "date.value",
            "8:45 p.m.",
        ),
        ("上升2个百分点。", "It rose 2%.", "percent.points", "2%"),
        ("占5%。", "It is 7 percent.", "percent.value", "7 percent"),
        (
            "共100万美元。",
            "It was 1 million yuan.",
            "currency.wrong",
            "1 million yuan",
        ),
        (
            "共6000亩。",
            "It was 6,000 hectares.",
            "unit.wrong",
            "6,000 hectares",
        ),
        ("他说好。", "He said 好.", "script.han", "好"),
        ("他说好。", "He said yes。", "script.full-width", "。"),
        ("他说好。", "He said  yes.", "space.double", "  "),
        ("他说好。", " He said yes.", "space.edge", " "),
        ("他说好。", "He said yes .", "space.before-mark", " ."),
        ("他说，好。", "He said,yes.", "space.missing", ",y"),
        ("他说好。", "He said “yes.", "punctuation.unpaired", "“"),
        ("他说好。", "He said,, yes.", "punctuation.doubled", ",,"),
        ("他说好吗？", "He said yes.", "punctuation.end", "."),
        (
            "他说好。",
            "He said the the word.",
            "segment.repeated-word",
            "the the",
        ),
        ("他说好。", "他说好。", "segment.untranslated", ""),
        ("他说好。", "", "segment.missing", ""),
    ] {
        let found = broken(source, target);
        assert!(
            found.contains(&(rule.to_owned(), words.to_owned())),
            "{source} {target}: {rule} {words:?} is not among {found:?}"
        );
    }
}

#[test]
fn good_sentences_break_no_rule() {
    for (source, target) in [
        ("“他说：好的。”", "“He said: ‘All right.’”"),
        ("他问：“为什么？”", "“Why?” he asked."),
        ("见附件（一）。", "See annex (1)."),
        ("1）总则", "1) General"),
        ("省略……", "And so on..."),
        ("他说好。", "He said that that was what he had had in mind."),
        ("王炸一词", "The word “wangzha” (王炸)"),
    ] {
        assert_eq!(broken(source, target), [], "{source} {target}");
    }
}

#[test]
fn what_stands_across_sentences_is_compared() {
    let (from, to) = langs();
    let pairs: Vec<(String, String)> = [
        ("通化县会议", "They met in Tonghua County today."),
        ("在通化县", "Near Tong Hua County it rained."),
        ("天气好。", "The weather is fine."),
        ("天气好。", "It is fine weather."),
        ("甲来了。", "He came."),
        ("乙到了。", "He came."),
    ]
    .map(|(source, target)| (source.to_owned(), target.to_owned()))
    .into();
    let found = check_pairs(&pairs, &from, &to, &CheckOptions::default());
    let rules: Vec<(&str, Option<usize>)> = found
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.location.pair))
        .collect();
    assert!(
        rules.contains(&("consistency.source", Some(4))),
        "{rules:?}"
    );
    assert!(
        rules.contains(&("consistency.target", Some(6))),
        "{rules:?}"
    );
    assert!(
        rules.iter().any(|(rule, _)| *rule == "name.variant"),
        "{rules:?}"
    );
}

#[test]
fn a_rule_can_be_set_and_an_unknown_one_is_refused() {
    let (from, to) = langs();
    let mut options = CheckOptions::default();
    options.set("number", Setting::Off).unwrap();
    options
        .set("number.scale", Setting::As(Severity::Warning))
        .unwrap();
    let pairs = [(
        "共2030万元，56家。".to_owned(),
        "It was 203 million yuan and 65 firms.".to_owned(),
    )];
    let found = check_pairs(&pairs, &from, &to, &options);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].rule.as_str(), found[0].severity),
        ("number.scale", Severity::Warning)
    );
    assert!(options.set("numbers", Setting::Off).is_err());
}

#[test]
fn the_command_reports_pairs_in_every_format() {
    let project = Project::new();
    project.write(
        "pairs.tsv",
        "source\ttarget\tnote\n共2030万元。\tIt was 203 million yuan.\tx\n好。\tGood.\t\n",
    );
    let check = |more: &[&str]| {
        let mut args = vec!["check", "--pairs", "pairs.tsv", "--langs", "zh-Hans:en"];
        args.extend(more);
        project.run(&args)
    };
    let json: serde_json::Value =
        serde_json::from_str(&check(&["--format", "json"]).stdout).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], "number.scale");
    assert_eq!(finding["pair"], 1);
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["source_span"], serde_json::json!([1, 7]));
    assert_eq!(finding["target_span"], serde_json::json!([7, 23]));
    assert!(finding["article"].is_null() && finding["segment"].is_null());

    let sarif: serde_json::Value =
        serde_json::from_str(&check(&["--format", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (
            &place["artifactLocation"]["uri"],
            &place["region"]["startLine"]
        ),
        (&"pairs.tsv".into(), &2.into())
    );

    let html = check(&["--format", "html"]).stdout;
    assert!(
        html.contains("<mark class=\"worst-error error in-number number-error\">203 million yuan"),
        "{html}"
    );
    assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("src="));

    assert_eq!(check(&[]).status, 0);
    let strict = check(&["--strict"]);
    assert_eq!(strict.status, 1);
    assert!(
        strict.stdout.contains("⟦203 million yuan⟧"),
        "{}",
        strict.stdout
    );
    assert_eq!(
        check(&["--strict", "--rule", "number.scale=warning"]).status,
        0
    );
}

#[test]
fn bad_lists_are_refused_with_their_line() {
    let project = Project::new();
    for (text, line) in [
        (&b"a\tb\n"[..], ":1:"),
        (b"source\ttarget\nonly one column\n", ":2:"),
        (b"source\ttarget\nx\ty\n\xff\t\n", ":3:"),
    ] {
        project.write("bad.tsv", text);
        let ran = project.run(&["check", "--pairs", "bad.tsv", "--langs", "zh-Hans:en"]);
        assert_eq!(ran.status, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains(line), "{}", ran.stderr);
    }
    let ran = project.run(&["check", "--pairs", "bad.tsv"]);
    assert_eq!(ran.status, 2, "--pairs without --langs");
}

#[test]
fn every_rule_can_be_explained() {
    let all = run_in(sample(), &["check", "--explain", "all"]).stdout;
    for rule in duizhao::check::RULES {
        assert!(all.contains(rule.name));
        let one = run_in(sample(), &["check", "--explain", rule.name]).stdout;
        assert!(one.contains(rule.explanation), "{}", rule.name);
    }
    assert_eq!(
        run_in(sample(), &["check", "--explain", "nothing"]).status,
        2
    );
}

#[test]
fn the_sample_workspace_has_no_errors() {
    let project = Project::sample();
    let ran = project.run(&["check", "--strict"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
}

#[test]
fn findings_of_several_languages_say_which() {
    let project = Project::new();
    project.write(
        "duizhao.toml",
        "source = \"zh-Hans\"\ntargets = [\"en\", \"fr\"]\n\n[[book]]\nid = \"book\"\n\
         title = { zh-Hans = \"书\", en = \"Book\", fr = \"Livre\" }\n",
    );
    project.write("sources/a.txt", "标题\n\n共2030万元。天气好。\n");
    project.done(&["translate"]);
    for (lang, number) in [
        ("en", "It was 203 million yuan."),
        ("fr", "Total : 203 millions de yuans."),
    ] {
        let name = format!("translations/a.{lang}.xlf");
        let record = std::fs::read_to_string(project.path(&name)).unwrap();
        let source = "<source>共2030万元。</source>";
        let at = record.find(source).unwrap() + source.len();
        let (before, after) = record.split_at(at);
        // The records need not have the same lines.
        let before = if lang == "fr" {
            before.replacen("<group", "\n\n<group", 1)
        } else {
            before.to_owned()
        };
        let target = format!("\n<target>{number}  Twice.</target>");
        project.write(&name, format!("{before}{target}{after}"));
    }
    let run = |format| project.run(&["check", "--format", format]).stdout;
    let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    let of = |lang: &str| -> Vec<&serde_json::Value> {
        let all = json["findings"].as_array().unwrap();
        all.iter()
            .filter(|one| one["language"] == lang && one["rule"] == "space.double")
            .collect()
    };
    assert_eq!((of("en").len(), of("fr").len()), (1, 1), "{json:#}");

    let sarif: serde_json::Value = serde_json::from_str(&run("sarif")).unwrap();
    let places: BTreeSet<(String, u64)> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["ruleId"] == "space.double")
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let file = place["artifactLocation"]["uri"]
                .as_str()
                .unwrap()
                .to_owned();
            (file, place["region"]["startLine"].as_u64().unwrap())
        })
        .collect();
    let line = |lang: &str| {
        let name = format!("translations/a.{lang}.xlf");
        let record = std::fs::read_to_string(project.path(&name)).unwrap();
        let unit = record
            .lines()
            .position(|line| line.contains("<unit id=\"s2\""))
            .unwrap();
        (name, unit as u64 + 1)
    };
    assert_eq!(places, BTreeSet::from([line("en"), line("fr")]));
    assert_ne!(line("en").1, line("fr").1);

    let text = run("text");
    assert!(
        text.contains("a s2 (en)") && text.contains("a s2 (fr)"),
        "{text}"
    );
    let html = run("html");
    assert!(
        html.contains("<p lang=\"fr\">") && html.contains("<p lang=\"en\">"),
        "{html}"
    );
}

#[test]
fn a_glossary_at_odds_with_itself_is_told() {
    let project = Project::new();
    project.write("sources/a.txt", "标题\n\n通化县。\n");
    project.write(
        "glossary/zh-Hans.en.csv",
        "source,target\n通化县,Tonghua County\n通化县,Tonghua County\n书记,secretary\n书记,chief\n",
    );
    let json = project.run(&["check", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rules: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["rule"].as_str())
        .filter(|rule| rule.starts_with("term."))
        .collect();
    assert_eq!(rules, ["term.duplicate", "term.conflict"], "{json:#}");
    assert!(project.run(&["check"]).stdout.contains("chief"));
    let built = project.run(&["build"]);
    assert!(
        built.stderr.contains("duizhao glossary check"),
        "{}",
        built.stderr
    );
    let again = project.run(&["build"]);
    assert!(
        again.stderr.contains("duizhao glossary check"),
        "{}",
        again.stderr
    );
}

#[test]
fn options_that_make_no_sense_are_bad_usage() {
    let project = Project::new();
    project.write("pairs.tsv", "source\ttarget\n好。\tGood.\n");
    for more in [
        &["--langs", "zh"][..],
        &["--langs", "zh:?"],
        &["--langs", "zh:en", "--rule", "bogus=off"],
        &["--langs", "zh:en", "--rule", "bogus"],
        &["--langs", "zh:en", "--rule", "number=loud"],
    ] {
        let mut args = vec!["check", "--pairs", "pairs.tsv"];
        args.extend(more);
        let ran = project.run(&args);
        assert_eq!(ran.status, 2, "{more:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty());
    }
}

/// The words that `name.variant` marks, by pair.
fn variants(pairs: &[(&str, &str)], terms: &str) -> Vec<(usize, String)> {
    let (from, to) = langs();
    let csv = format!("source,target\n{terms}");
    let concepts = duizhao::glossary::read_csv("t.csv", csv.as_bytes()).unwrap();
    let glossary = duizhao::glossary::Glossary::new(from.clone(), to.clone(), concepts).unwrap();
    let options = CheckOptions::default().with_glossary(&glossary);
    let pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|&(source, target)| (source.to_owned(), target.to_owned()))
        .collect();
    check_pairs(&pairs, &from, &to, &options)
        .into_iter()
        .filter(|finding| finding.rule == "name.variant")
        .map(|finding| {
            let pair = finding.location.pair.unwrap();
            let [start, end] = finding.target_span.unwrap();
            let words = pairs[pair - 1].1.chars().skip(start).take(end - start);
            (pair, words.collect())
        })
        .collect()
}

#[test]
fn a_name_that_is_spelled_in_two_ways_is_found() {
    let usual = [
        ("张卫国来了。", "Zhang Weiguo came."),
        ("我见过张卫国。", "I have met Zhang Weiguo’s brother."),
    ];
    for (source, target, marked) in [
        ("张卫国走了。", "Zhang Wei-guo left.", "Zhang Wei-guo"),
        ("张卫国走了。", "Zhang Wei Guo left.", "Zhang Wei Guo"),
        (
            "他说张卫国走了。",
            "He said ZhangWeiguo left.",
            "ZhangWeiguo",
        ),
        ("张卫国走了。", "Weiguo Zhang left.", "Weiguo Zhang"),
        ("张卫国走了。", "Comrade Zhang Weigou left.", "Zhang Weigou"),
    ] {
        let mut pairs = usual.to_vec();
        pairs.push((source, target));
        assert_eq!(variants(&pairs, ""), [(3, marked.to_owned())], "{target}");
    }
    assert_eq!(
        variants(
            &[("通化县下雨了。", "It rained in Tong Hua County.")],
            "通化县,Tonghua County\n"
        ),
        [(1, "Tong Hua County".to_owned())]
    );
    assert_eq!(
        variants(
            &[
                ("在西安。", "In Xi'an."),
                ("到西安。", "To Xi’an."),
                ("去西安。", "Off to Xian.")
            ],
            ""
        ),
        [(3, "Xian".to_owned())]
    );
}

#[test]
fn names_that_differ_are_left_alone() {
    for pairs in [
        // Two people, two provinces, a surname alone, another name in the same sentence.
        &[
            ("张卫国来了。", "Zhang Weiguo came."),
            ("张卫果走了。", "Then Zhang Weiguo left."),
        ][..],
        &[
            ("陕西和山西。", "Both Shaanxi and Shanxi."),
            ("陕西很大。", "How large Shaanxi is."),
        ],
        &[
            ("张卫国来了。", "Zhang Weiguo came."),
            ("张卫国说是。", "Mr. Zhang said yes."),
        ],
        &[
            ("张卫国来了。", "Zhang Weiguo came."),
            (
                "张卫国和张卫果。",
                "The brothers Zhang Weiguo and Zhang Weiguo.",
            ),
        ],
        &[
            ("通化县很好。", "How fine Tonghua County is."),
            ("通化县。", "The county of Tonghua."),
        ],
        &[
            ("北京。", "In Beijing."),
            ("北京大学。", "At Peking University."),
        ],
    ] {
        assert_eq!(variants(pairs, "通化县,Tonghua County\n"), [], "{pairs:?}");
    }
}
