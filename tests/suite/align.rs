//! A translation that exists is brought in: two files are aligned, printed, corrected, and made
//! the record of the source.

use std::collections::BTreeSet;

use crate::project::{Project, run_in};

const ZH: &str = include_str!("align/harbour.zh.txt");
const EN: &str = include_str!("align/harbour.en.txt");

/// The article's sentences, one a line, with a blank line between paragraphs.
const ZH_LINES: &str = include_str!("align/harbour.lines.zh.txt");
const EN_LINES: &str = include_str!("align/harbour.lines.en.txt");

/// What a person would align, by lines.
const GOLD: [(&[usize], &[usize]); 10] = [
    (&[0], &[0]),
    (&[1], &[1]),
    (&[2], &[2, 3]),
    (&[3], &[4]),
    (&[4], &[5]),
    (&[5], &[6]),
    (&[6], &[7, 8]),
    (&[7, 8], &[9]),
    (&[9], &[10]),
    (&[10], &[11]),
];

type Rows = Vec<(Vec<usize>, Vec<usize>, f64)>;

fn rows(json: &str) -> Rows {
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let numbers = |value: &serde_json::Value| -> Vec<usize> {
        serde_json::from_value(value.clone()).expect("sentence numbers")
    };
    let rows = value["rows"].as_array().expect("rows").iter();
    rows.map(|row| {
        let score = row["score"].as_f64().expect("a score");
        (numbers(&row["source"]), numbers(&row["target"]), score)
    })
    .collect()
}

/// Aligns two texts by lines, outside any workspace.
fn by_lines(zh: &str, en: &str) -> Rows {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a"), zh).expect("written");
    std::fs::write(folder.path().join("b"), en).expect("written");
    let ran = run_in(
        folder.path(),
        &["align", "a", "b", "--lines", "--format", "json"],
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    rows(&ran.stdout)
}

fn plain(rows: &Rows) -> Vec<(Vec<usize>, Vec<usize>)> {
    rows.iter()
        .map(|(s, t, _)| (s.clone(), t.clone()))
        .collect()
}

fn gold() -> Vec<(Vec<usize>, Vec<usize>)> {
    GOLD.iter().map(|(s, t)| (s.to_vec(), t.to_vec())).collect()
}

/// Drops the paragraphs that `keep` refuses, by number.
fn paragraphs(text: &str, keep: impl Fn(usize) -> bool) -> String {
    let kept: Vec<&str> = text
        .split("\n\n")
        .enumerate()
        .filter(|(number, _)| keep(*number))
        .map(|(_, paragraph)| paragraph)
        .collect();
    kept.join("\n\n")
}

#[test]
fn sentences_meet_their_translations() {
    assert_eq!(plain(&by_lines(ZH_LINES, EN_LINES)), gold());
}

#[test]
fn the_other_direction_gives_the_same_rows() {
    let turned: BTreeSet<_> = plain(&by_lines(EN_LINES, ZH_LINES))
        .into_iter()
        .map(|(s, t)| (t, s))
        .collect();
    assert_eq!(turned, gold().into_iter().collect());
}

#[test]
fn paragraphs_help_but_are_not_needed() {
    let flat = |text: &str| text.replace("\n\n", "\n");
    assert_eq!(plain(&by_lines(&flat(ZH_LINES), &flat(EN_LINES))), gold());
}

#[test]
fn a_paragraph_that_is_missing_does_no_harm_elsewhere() {
    // The third paragraph of the English is gone: sentences 6 to 8.
    let en = paragraphs(EN_LINES, |number| number != 3);
    let found = plain(&by_lines(ZH_LINES, &en));
    for (source, target) in gold() {
        if source.iter().any(|s| (5..=6).contains(s)) {
            continue;
        }
        let moved = |t: usize| if t > 8 { t - 3 } else { t };
        let target: Vec<usize> = target.into_iter().map(moved).collect();
        assert!(
            found.contains(&(source.clone(), target)),
            "{source:?}: {found:?}"
        );
    }
    for lost in [5, 6] {
        let alone = found.iter().find(|(s, _)| s.contains(&lost));
        assert!(alone.is_some_and(|(_, t)| t.is_empty()), "{found:?}");
    }
}

#[test]
fn paragraphs_that_changed_places_are_found() {
    let parts: Vec<&str> = EN_LINES.trim_end().split("\n\n").collect();
    let en = [parts[0], parts[1], parts[3], parts[2], parts[4], parts[5]].join("\n\n");
    let found = by_lines(ZH_LINES, &en);
    // English sentences 6 to 8 came before 4 and 5.
    let place = |t: usize| match t {
        4 | 5 => t + 3,
        6..=8 => t - 2,
        _ => t,
    };
    let wanted: Vec<_> = gold()
        .into_iter()
        .map(|(s, t)| (s, t.into_iter().map(place).collect::<Vec<_>>()))
        .collect();
    assert_eq!(plain(&found), wanted);
}

#[test]
fn a_headline_that_only_one_side_has_stays_alone() {
    let en = format!("Dark clouds over the sea\n\n{EN_LINES}");
    let found = by_lines(ZH_LINES, &en);
    let lone: Vec<_> = found.iter().filter(|(s, ..)| s.is_empty()).collect();
    assert_eq!(lone.len(), 1, "{found:?}");
    assert_eq!(lone[0].1, [0]);
    assert_eq!(found.len(), GOLD.len() + 1);
}

#[test]
fn texts_that_have_nothing_to_do_with_each_other_get_low_scores() {
    let en = "She had never liked the cat.\nIt slept on her piano all winter.\n\
        When her aunt came for tea, it bit the old lady in the leg.\n\
        Nobody laughed except the gardener.\nThat evening the violin was gone.\n";
    let found = by_lines(ZH_LINES, en);
    let paired = found
        .iter()
        .filter(|(s, t, score)| !s.is_empty() && !t.is_empty() && *score >= 0.6);
    assert!(paired.count() <= 1, "{found:?}");
}

#[test]
fn a_dictionary_helps_where_words_are_rare() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("a", "蜥蜴晒壁。\n鹦鹉学舌。\n");
    write("b", "Lizards sun themselves on walls.\nParrots mimic.\n");
    write(
        "d",
        "# a dictionary\n蜥蜴 蜥蜴 [xi1 yi4] /lizard/\n鸚鵡 鹦鹉 [ying1 wu3] /parrot/\n\
         學舌 学舌 [xue2 she2] /to mimic/\n壁 壁 [bi4] /wall/\n曬 晒 [shai4] /to sun oneself/\n",
    );
    let args = ["align", "a", "b", "--lines", "--format", "json"];
    let without = run_in(folder.path(), &args);
    let with = run_in(folder.path(), &[&args[..], &["--dictionary", "d"]].concat());
    assert_eq!((without.status, with.status), (0, 0), "{}", with.stderr);
    let (without, with) = (rows(&without.stdout), rows(&with.stdout));
    assert_eq!(plain(&with), [(vec![0], vec![0]), (vec![1], vec![1])]);
    for (row, before) in with.iter().zip(&without) {
        assert!(row.2 > before.2, "{with:?} {without:?}");
    }

    write("d", "蜥蜴 lizard\n");
    let bad = run_in(folder.path(), &[&args[..], &["--dictionary", "d"]].concat());
    assert_eq!(bad.status, 3);
    assert!(bad.stderr.contains("d:1:"), "{}", bad.stderr);
}

fn project() -> Project {
    let project = Project::new();
    project.write("sources/harbour.txt", ZH);
    project.write("harbour.en.txt", EN);
    project
}

const RECORD: &str = "translations/harbour.en.xlf";

#[test]
fn the_record_has_every_word_of_the_translation() {
    let project = project();
    let said = project.done(&["align", "sources/harbour.txt", "harbour.en.txt"]);
    assert!(said.contains(RECORD), "{said}");
    let record = project.read(RECORD);
    for word in EN.split(|c: char| !c.is_alphanumeric()) {
        assert!(record.contains(word), "{word}: {record}");
    }
    assert!(record.contains("aligned"), "{record}");
    let status = project.done(&["status", "--format", "json"]);
    assert!(status.contains("harbour"), "{status}");

    let again = project.done(&["align", "sources/harbour.txt", "harbour.en.txt"]);
    assert!(again.contains("already"), "{again}");
    assert_eq!(project.read(RECORD), record);
}

#[test]
fn what_only_one_side_has_is_kept_and_said() {
    let project = project();
    let extra = "A ferry sank in 1987, and nobody was saved.";
    let zh = ZH.replace("不过，并不是所有人都高兴。", "");
    project.write("sources/harbour.txt", zh);
    project.write("harbour.en.txt", format!("{EN}\n{extra}\n"));
    let said = project.done(&["align", "sources/harbour.txt", "harbour.en.txt"]);
    assert!(said.contains("segment.alignment"), "{said}");
    assert!(project.read(RECORD).contains(extra));
    let findings = project.run(&["check", "--format", "json"]).stdout;
    assert!(findings.contains("segment.alignment"), "{findings}");
}

#[test]
fn a_person_s_translation_is_not_replaced() {
    let project = project();
    project.done(&["align", "sources/harbour.txt", "harbour.en.txt"]);
    let mine = "Donggang gets a new terminal";
    let record = project.read(RECORD);
    let from = record.find("<unit ").expect("a unit");
    let to = from + record[from..].find("</unit>").expect("its end");
    let unit = record[from..to]
        .replace("New terminal opens in Donggang", mine)
        .replace("state=\"translated\"", "state=\"reviewed\"");
    project.write(
        RECORD,
        format!("{}{unit}{}", &record[..from], &record[to..]),
    );
    let said = project.done(&["align", "sources/harbour.txt", "harbour.en.txt"]);
    assert!(said.contains("1 kept"), "{said}");
    let record = project.read(RECORD);
    assert!(record.contains(mine));
    assert!(
        record.contains("New terminal opens in Donggang"),
        "{record}"
    );
}

#[test]
fn a_review_is_corrected_and_read_back() {
    let project = project();
    let args = ["align", "sources/harbour.txt", "harbour.en.txt"];
    let review = project.done(&[&args[..], &["--review"]].concat());
    let lines: Vec<&str> = review.lines().collect();
    // A person says that the headline was not translated.
    let mut cells: Vec<&str> = lines[1].split('\t').collect();
    assert_eq!((cells[0], cells[1]), ("0", "0"));
    cells[1] = "";
    let alone = format!("\t0\t\t\t\t\n{}", cells.join("\t"));
    let table = [&[lines[0], &alone], &lines[2..]].concat().join("\n");
    project.write("rows.tsv", &table);
    let printed = project.done(&[&args[..], &["--rows", "rows.tsv", "--format", "json"]].concat());
    let found = rows(&printed);
    assert_eq!(found[0], (vec![], vec![0], 1.0));
    assert_eq!(found[1], (vec![0], vec![], 1.0));
    let said = project.done(&[&args[..], &["--rows", "rows.tsv"]].concat());
    assert!(said.contains("nothing for this sentence"), "{said}");

    let said = project.done(&args);
    assert!(said.contains("1 sentence"), "{said}");
    let by_hand = |record: String| record.matches("corrected rows").count();
    let kept = by_hand(project.read("translations/harbour.en.xlf"));
    assert!(kept > 5, "what a person corrected stays: {kept}");

    project.write(
        "rows.tsv",
        table.replace("\n1 ", "\n0 1 ").replace("\n1\t", "\n0 1\t"),
    );
    let bad = project.run(&[&args[..], &["--rows", "rows.tsv"]].concat());
    assert_eq!(bad.status, 3);
    assert!(bad.stderr.contains("rows.tsv:4:"), "{}", bad.stderr);
}

#[test]
fn pairs_are_printed_for_other_tools() {
    let project = project();
    let args = ["align", "sources/harbour.txt", "harbour.en.txt", "--format"];
    let tsv = project.done(&[&args[..], &["tsv"]].concat());
    assert!(tsv.starts_with("source\ttarget\tscore\t"));
    project.write("pairs.tsv", &tsv);
    let checked = project.run(&["check", "--pairs", "pairs.tsv", "--langs", "zh-Hans:en"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let tmx = project.done(&[&args[..], &["tmx"]].concat());
    assert!(tmx.contains("<tmx") && tmx.contains("东港新码头投入使用"));
    assert!(!project.path("translations").exists());
}

#[test]
fn misuse_says_what_to_do() {
    let project = project();
    let outside = project.run(&["align", "harbour.en.txt", "harbour.en.txt"]);
    assert_eq!(outside.status, 3);
    assert!(outside.stderr.contains("sources/"), "{}", outside.stderr);
    let lines = project.run(&["align", "sources/harbour.txt", "harbour.en.txt", "--lines"]);
    assert_eq!(lines.status, 2, "{}", lines.stderr);
    let french = project.run(&[
        "align",
        "sources/harbour.txt",
        "harbour.en.txt",
        "--langs",
        "zh-Hans:fr",
    ]);
    assert_eq!(french.status, 3);
    assert!(french.stderr.contains("en"), "{}", french.stderr);
    let missing = project.run(&["align", "sources/harbour.txt", "nowhere.txt"]);
    assert_eq!(missing.status, 3);
    assert!(missing.stderr.contains("nowhere.txt"), "{}", missing.stderr);
}
