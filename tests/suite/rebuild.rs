//! A build that keeps what was made before gives what a build from nothing gives.

use super::project::Project;

const BRIDGE: &str =
    "古桥修好了\n\n石桥建于明代，是河上最老的一座。\n\n桥头的茶馆每天清晨六点开门。\n";
const BRIDGE_EN: &str = "The Old Bridge Is Mended\n\nThe stone bridge was built in the Ming dynasty, the oldest on the river.\n\nThe teahouse at its head opens at six every morning.\n";
const MARKET: &str = "夜市重新开张\n\n停了三年的夜市昨天重新开张。\n\n摊主们盼了很久。\n";
const MARKET_EN: &str = "The Night Market Reopens\n\nThe night market, closed for three years, reopened yesterday.\n\nThe stallholders had long waited for it.\n";
const TEAHOUSE: &str = "The teahouse at its head opens at six every morning.";

/// Two translated articles, in step with their records, and a build of them.
fn two_articles() -> Project {
    let project = Project::new();
    for (id, source, target) in [("bridge", BRIDGE, BRIDGE_EN), ("market", MARKET, MARKET_EN)] {
        project.write(&format!("sources/{id}.txt"), source);
        project.write("target.txt", target);
        project.done(&["align", &format!("sources/{id}.txt"), "target.txt"]);
    }
    project.done(&["build"]);
    project
}

/// The outputs of a build now, and of one that starts from nothing.
fn kept_and_fresh(project: &Project) -> [Vec<(String, Vec<u8>)>; 2] {
    project.done(&["build"]);
    let kept = project.files("build");
    for folder in ["build", ".duizhao"] {
        std::fs::remove_dir_all(project.path(folder)).expect("a folder");
    }
    project.done(&["build"]);
    [kept, project.files("build")]
}

fn assert_same(project: &Project) {
    let [kept, fresh] = kept_and_fresh(project);
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&kept), names(&fresh));
    for (kept, fresh) in kept.iter().zip(&fresh) {
        // A build says of each file what it was made from, which is the same too.
        assert!(kept == fresh, "{} is not what it would be", kept.0);
    }
}

#[test]
fn the_first_target_language_is_another() {
    let project = two_articles();
    project.write(
        "target.txt",
        "Le vieux pont est réparé\n\nLe pont de pierre date des Ming.\n",
    );
    let settings = project.read("duizhao.toml");
    let settings = settings.replace("en = \"Book\"", "en = \"Book\", fr = \"Livre\"");
    let languages = |list: &str| settings.replace("[\"en\"]", list);
    project.write("duizhao.toml", languages("[\"en\", \"fr\"]"));
    project.done(&[
        "align",
        "sources/bridge.txt",
        "target.txt",
        "--langs",
        "zh-Hans:fr",
    ]);
    project.done(&["build"]);
    project.write("duizhao.toml", languages("[\"fr\", \"en\"]"));
    assert_same(&project);
}

#[test]
fn a_sentence_moves_to_another_article() {
    let project = two_articles();
    let moved = "桥头的茶馆每天清晨六点开门。";
    project.write(
        "sources/bridge.txt",
        BRIDGE.replace(&format!("\n\n{moved}"), ""),
    );
    project.write("sources/market.txt", format!("{MARKET}\n{moved}\n"));
    assert_same(&project);
    assert!(project.read("build/web/market.html").contains(TEAHOUSE));
    // And what it came with is corrected, where it still stands aside.
    project.write("sources/bridge.txt", BRIDGE);
    project.write("sources/market.txt", MARKET);
    project.done(&["translate"]);
    project.write(
        "sources/bridge.txt",
        BRIDGE.replace(&format!("\n\n{moved}"), ""),
    );
    project.done(&["translate"]);
    project.write("sources/market.txt", format!("{MARKET}\n{moved}\n"));
    project.done(&["build"]);
    let record = project.read("translations/bridge.en.xlf");
    assert!(record.contains(TEAHOUSE), "{record}");
    let corrected = "The teahouse by the bridge opens at six.";
    project.write(
        "translations/bridge.en.xlf",
        record.replace(TEAHOUSE, corrected),
    );
    assert_same(&project);
    assert!(project.read("build/web/market.html").contains(corrected));
}

/// A number that stands in the record of where articles are in a memory.
fn shift(record: &str) -> String {
    let at = record.find("\"head\":").expect("a place") + "\"head\":".len();
    format!("{}1{}", &record[..at], &record[at..])
}

#[test]
fn a_translation_changes_in_one_of_two_articles() {
    let project = two_articles();
    let record = project.read("translations/market.en.xlf");
    let change = |to: &str| {
        let changed = record.replace("long waited", to);
        assert_ne!(record, changed);
        project.write("translations/market.en.xlf", changed);
    };
    change("waited a long time");
    assert_same(&project);
    assert!(
        project
            .read("build/tmx/book.tmx")
            .contains("waited a long time")
    );
    // What says where the other article's pairs stand is not what was written there.
    let kept = project.files(".duizhao/memory");
    assert_eq!(kept.len(), 1);
    project.write(
        &kept[0].0,
        shift(std::str::from_utf8(&kept[0].1).expect("JSON")),
    );
    change("waited for ages");
    assert_same(&project);
}

/// The numbers of the articles that the index of the search has for a term.
fn articles_of(project: &Project, term: &str) -> Vec<u64> {
    let files = project.files("build/web/search");
    let found = files.iter().find_map(|(_, json)| {
        let json: serde_json::Value = serde_json::from_slice(json).expect("JSON");
        json.get(term)?
            .as_array()
            .map(|steps| steps.iter().filter_map(serde_json::Value::as_u64).collect())
    });
    let mut number = 0;
    let steps: Vec<u64> = found.unwrap_or_default();
    let mut numbers = Vec::new();
    for step in steps {
        number += step;
        numbers.push(number);
    }
    numbers
}

#[test]
fn articles_come_and_go_and_the_search_follows() {
    let project = two_articles();
    assert_eq!(articles_of(&project, "石桥"), [0]);
    assert_eq!(articles_of(&project, "昨天"), [1]);
    // One before the others, so that each gets another number.
    project.write("sources/apple.txt", "苹果熟了\n\n昨天摘了第一批苹果。\n");
    project.done(&["build"]);
    assert_eq!(articles_of(&project, "苹果"), [0]);
    assert_eq!(articles_of(&project, "石桥"), [1]);
    assert_eq!(articles_of(&project, "昨天"), [0, 2]);
    assert_same(&project);
    std::fs::remove_file(project.path("sources/apple.txt")).expect("a file");
    project.write("sources/bridge.txt", BRIDGE.replace("石桥", "木桥"));
    project.done(&["build"]);
    assert_eq!(articles_of(&project, "苹果"), [] as [u64; 0]);
    assert_eq!(articles_of(&project, "石桥"), [] as [u64; 0]);
    assert_eq!(articles_of(&project, "木桥"), [0]);
    assert_same(&project);
    // A file of the index that is not as it was left.
    project.write("sources/bridge.txt", BRIDGE);
    for (name, _) in project.files("build/web/search") {
        project.write(&name, "{}");
    }
    assert_same(&project);
}

#[test]
fn what_was_kept_is_damaged() {
    let project = two_articles();
    let kept = project.files("build");
    for damage in ["", "[]", "[{\"id\":"] {
        for (name, _) in project.files(".duizhao/articles") {
            if name.ends_with(".texts.json") {
                project.write(&name, damage);
            }
        }
        std::fs::remove_file(project.path("build/manifest.json")).expect("a manifest");
        std::fs::remove_dir_all(project.path("build/epub")).expect("books");
        project.done(&["build"]);
        assert!(project.files("build") == kept, "{damage:?}");
    }
}

#[test]
fn what_was_kept_of_a_book_goes_with_it() {
    let project = two_articles();
    let kept = |project: &Project| project.files(".duizhao/memory").len();
    let config = project.read("duizhao.toml");
    let other = "\n[[book]]\nid = \"other\"\ntitle = { zh-Hans = \"又\", en = \"Other\" }\n";
    project.write("duizhao.toml", config.clone() + other);
    project.done(&["build"]);
    assert_eq!(kept(&project), 2);
    project.write("duizhao.toml", config);
    project.done(&["build"]);
    assert_eq!(kept(&project), 1);
    assert_same(&project);
}

#[test]
fn two_outputs_of_one_name_are_told_before_any_is_written() {
    let project = Project::new();
    let settings = project.read("duizhao.toml");
    project.write(
        "duizhao.toml",
        settings.replace("[\"en\"]", "[\"en\", \"fr\"]")
            + "articles = [\"bridge*\"]\n\n[[book]]\nid = \"livre\"\ntarget = \"fr\"\n\
               title = { zh-Hans = \"书\", fr = \"Livre\" }\n",
    );
    // The French page of one and the English page of the other.
    project.write("sources/bridge.txt", BRIDGE);
    project.write("sources/bridge.fr.txt", MARKET);
    let ran = project.run(&["build"]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("build/web/bridge.fr.html"),
        "{}",
        ran.stderr
    );
    let names: Vec<String> = project
        .files("build")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["build/.gitignore"]);
}
