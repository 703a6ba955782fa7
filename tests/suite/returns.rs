//! Hand-outs sent out, edited in real tools, and brought back by the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::project::{Project, peer, peers};

const ARTICLE: &str = "jilin-daily-liberate-thinking-1";

/// A copy of the sample with the hand-outs of its first article.
fn exported() -> Project {
    let project = Project::sample();
    project.done(&[
        "export", "--xliff", "1.2", "--xliff", "2.0", "--out", "out", ARTICLE,
    ]);
    project
}

fn hand_out(version: &str) -> String {
    match version {
        "1.2" => format!("out/{ARTICLE}.en.xlf"),
        _ => format!("out/{ARTICLE}.en.2.0.xlf"),
    }
}

/// The report of a merge: its exit status, and how many units of a class there are.
struct Report {
    status: i32,
    json: Value,
}

impl Report {
    fn of(project: &Project, args: &[&str]) -> Self {
        let mut all = vec!["merge", "--format", "json"];
        all.extend(args);
        let ran = project.run(&all);
        let json = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr));
        Self {
            status: ran.status,
            json,
        }
    }

    fn count(&self, class: &str) -> usize {
        self.rows().filter(|row| row["class"] == class).count()
    }

    fn total(&self) -> usize {
        self.rows().count()
    }

    fn rows(&self) -> impl Iterator<Item = &Value> {
        let files = self.json["files"].as_array().into_iter().flatten();
        files.flat_map(|file| file["rows"].as_array().into_iter().flatten())
    }
}

fn edit(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

const TITLE: &str = "Tonghua County: Emancipating the Mind to Tap Potential";
const NEW_TITLE: &str = "Tonghua County: Freeing the Mind to Tap Potential";

#[test]
fn an_edit_arrives_once_and_nothing_else_changes() {
    for version in ["1.2", "2.0"] {
        let project = exported();
        let record = format!("translations/{ARTICLE}.en.xlf");
        let before = project.read(&record);
        let file = hand_out(version);
        project.write("back.xlf", edit(&project.read(&file), TITLE, NEW_TITLE));

        let dry = Report::of(&project, &["--dry-run", "back.xlf"]);
        assert_eq!((dry.status, dry.count("edited")), (0, 1));
        assert_eq!(project.read(&record), before);

        let merged = Report::of(&project, &["--by", "Li Wei", "back.xlf"]);
        assert_eq!((merged.status, merged.count("edited")), (0, 1));
        assert_eq!(merged.count("unchanged"), merged.total() - 1);
        let after = project.read(&record);
        assert!(after.contains(NEW_TITLE) && after.contains("Li Wei"));
        // The target, a step of its history, and the line that says whose work the file is:
        // nothing else.
        let is_origin = |line: &&str| line.contains("category=\"origin\"");
        let lines = |text: &str| {
            let kept = text.lines().filter(|line| !is_origin(line));
            kept.map(str::to_owned).collect::<Vec<_>>()
        };
        let (old, new) = (lines(&before), lines(&after));
        let gone = old.iter().filter(|line| !new.contains(line)).count();
        let come = new.iter().filter(|line| !old.contains(line)).count();
        assert!(gone <= 1 && come <= 2, "{gone} lines gone, {come} come");

        let again = Report::of(&project, &["back.xlf"]);
        assert_eq!(again.count("unchanged"), again.total());
        assert_eq!(project.read(&record), after);
    }
}

#[test]
fn another_clone_merges_with_the_snapshot_in_git() {
    let project = exported();
    let back = edit(&project.read(&hand_out("1.2")), TITLE, NEW_TITLE);
    let clone = Project::sample();
    for (name, bytes) in project.files("translations") {
        clone.write(&name, bytes);
    }
    clone.write("back.xlf", back);
    assert_eq!(Report::of(&clone, &["back.xlf"]).count("edited"), 1);
}

#[test]
fn what_can_not_be_merged_waits_in_a_file_that_can() {
    let project = exported();
    let text = project.read(&hand_out("1.2"));
    let at = text.find(TITLE).unwrap();
    let end = at + text[at..].find("</target>").unwrap();
    project.write("back.xlf", format!("{}{}", &text[..at], &text[end..]));
    let merged = Report::of(&project, &["back.xlf"]);
    assert_eq!((merged.status, merged.count("emptied")), (1, 1));
    let path = PathBuf::from(merged.json["files"][0]["quarantine"].as_str().unwrap());
    let waiting = std::fs::read_to_string(&path).unwrap();
    assert!(waiting.contains("emptied:"), "{waiting}");
    assert_eq!(waiting.matches("<trans-unit").count(), 1);
    let lint = project.run(&["xliff", "lint", path.to_str().unwrap()]);
    assert_eq!(lint.status, 0, "{}", lint.stdout);
    // A person writes a target into it.
    let mended = edit(
        &waiting,
        "</source>",
        "</source><target>Mended title</target>",
    );
    project.write(
        "mended.xlf",
        mended.replace("<target state=\"translated\"></target>", ""),
    );
    let merged = Report::of(&project, &["mended.xlf"]);
    assert_eq!(
        (merged.status, merged.count("edited")),
        (0, 1),
        "{}",
        merged.json
    );
    let record = project.read(&format!("translations/{ARTICLE}.en.xlf"));
    assert!(record.contains("Mended title"));
}

/// The target of a unit of an XLIFF 1.2 file, written anew.
fn with_target(text: &str, id: &str, target: &str) -> String {
    let start = text
        .find(&format!("<trans-unit id=\"{id}\""))
        .unwrap_or_else(|| panic!("{id} is not in {text}"));
    let source = start + text[start..].find("</source>").unwrap() + "</source>".len();
    let end = start + text[start..].find("</trans-unit>").unwrap();
    let rest = &text[source..end];
    let rest = match (rest.find("<target"), rest.find("</target>")) {
        (Some(_), Some(close)) => &rest[close + "</target>".len()..],
        _ => rest,
    };
    format!(
        "{}<target>{target}</target>{rest}{}",
        &text[..source],
        &text[end..]
    )
}

fn waiting(project: &Project) -> Vec<String> {
    let files = project.files("translations/quarantine");
    files.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_quarantine_is_settled_file_by_file() {
    let project = exported();
    let text = project.read(&hand_out("1.2"));
    // s3 loses its codes, and s4 comes back twice, with different texts.
    let text = with_target(&text, "s3", "No codes here");
    let first = with_target(&text, "s4", "First text.");
    let start = first.find("<trans-unit id=\"s4\"").unwrap();
    let end = start + first[start..].find("</trans-unit>").unwrap() + "</trans-unit>".len();
    let second = first[start..end].replace("First text.", "Second text.");
    project.write(
        "back.xlf",
        format!("{}{second}{}", &first[..end], &first[end..]),
    );
    let told = project.run(&["merge", "back.xlf"]);
    assert!(told.stdout.contains("2 units wait in"), "{}", told.stdout);
    let [file] = &waiting(&project)[..] else {
        panic!("{:?}", waiting(&project));
    };
    // Neither text is taken unless a person says which; status and check tell of it.
    let before = project.read(file);
    let again = Report::of(&project, &[file]);
    assert_eq!((again.status, again.count("duplicate")), (1, 1));
    assert_eq!(waiting(&project), std::slice::from_ref(file));
    for text in ["First text.", "Second text."] {
        assert!(before.contains(text) && project.read(file).contains(text));
    }
    for command in ["status", "check"] {
        let ran = project.run(&[command]);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains("2 units wait in"), "{said}");
    }
    // One of the two is mended: the rest takes the place of the file.
    project.write(file, with_target(&before, "s4", "Second text."));
    let partly = Report::of(&project, &[file]);
    assert_eq!((partly.status, partly.count("edited")), (1, 1));
    let [rest] = &waiting(&project)[..] else {
        panic!("{:?}", waiting(&project));
    };
    assert_eq!(project.read(rest).matches("<trans-unit").count(), 1);
    let whole = with_target(&project.read(rest), "s3", "On <g id=\"b1\">Thinking</g>");
    project.write(rest, &whole);
    assert_eq!(Report::of(&project, &["--dry-run", rest]).status, 0);
    assert_eq!(waiting(&project).len(), 1);
    assert_eq!(Report::of(&project, &[rest]).status, 0);
    assert_eq!(waiting(&project), Vec::<String>::new());
    let record = project.read(&format!("translations/{ARTICLE}.en.xlf"));
    assert!(record.contains("Second text.") && record.contains("Thinking</pc>"));
}

#[test]
fn what_a_person_changed_in_a_quarantine_is_not_written_over() {
    let project = exported();
    let text = project.read(&hand_out("1.2"));
    project.write("back.xlf", with_target(&text, "s3", "No codes here"));
    Report::of(&project, &["back.xlf"]);
    let file = waiting(&project).remove(0);
    let begun = with_target(&project.read(&file), "s3", "Begun");
    project.write(&file, &begun);
    Report::of(&project, &["back.xlf"]);
    assert_eq!(project.read(&file), begun);
    assert_eq!(waiting(&project).len(), 2);
}

#[test]
fn a_file_that_is_not_there_hides_no_findings() {
    let project = exported();
    let text = project.read(&hand_out("1.2"));
    project.write(
        "broken.xlf",
        edit(&text, "<trans-unit id=\"s2\"", "<trans-unit id=\"s1\""),
    );
    let ran = project.run(&["xliff", "lint", "broken.xlf", "nofile.xlf"]);
    assert_eq!(ran.status, 3);
    assert!(ran.stdout.contains("id.unit"), "{}", ran.stdout);
    assert!(ran.stderr.contains("nofile.xlf"), "{}", ran.stderr);
}

#[test]
fn files_that_are_none_are_refused_with_their_place() {
    let project = exported();
    for (text, said) in [
        ("<xliff", "back.xlf:1:"),
        ("<html/>", "no XLIFF file"),
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]><xliff version='1.2'/>",
            "document type",
        ),
        (
            "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>\
             <file original='x' target-language='fr'><body/></file></xliff>",
            "translates into en",
        ),
        (
            "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>\
             <file original='x' target-language='en'><body>\
             <trans-unit id='1'><source>x</source></trans-unit></body></file></xliff>",
            "no article",
        ),
    ] {
        project.write("back.xlf", text);
        let ran = project.run(&["merge", "back.xlf"]);
        assert_eq!(ran.status, 3, "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn lint_tells_the_line_and_the_rule() {
    let project = exported();
    for version in ["1.2", "2.0"] {
        project.done(&["xliff", "lint", &hand_out(version)]);
    }
    let text = project.read(&hand_out("1.2"));
    let broken = edit(&text, "<trans-unit id=\"s2\"", "<trans-unit id=\"s1\"");
    let line = broken
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("<trans-unit id=\"s1\""))
        .nth(1)
        .unwrap()
        .0
        + 1;
    project.write("broken.xlf", broken);
    let ran = project.run(&["xliff", "lint", "--format", "json", "broken.xlf"]);
    assert_eq!(ran.status, 1);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["results"][0]["rule"], "id.unit");
    assert_eq!(json["results"][0]["line"], line);
}

#[test]
fn a_kit_has_all_that_a_translator_needs() {
    let project = Project::sample();
    project.done(&["export", "--kit", "--out", "out", ARTICLE]);
    let path = project.path(&format!("out/{ARTICLE}.en.zip"));
    let bytes = std::fs::read(&path).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    for wanted in ["README.txt", ".xlf", ".tmx", ".tbx", ".html"] {
        assert!(names.iter().any(|name| name.ends_with(wanted)), "{names:?}");
    }
    let mut xliff = String::new();
    let name = format!("{ARTICLE}.en.xlf");
    std::io::Read::read_to_string(&mut zip.by_name(&name).unwrap(), &mut xliff).unwrap();
    project.write("back.xlf", edit(&xliff, TITLE, NEW_TITLE));
    assert_eq!(
        Report::of(&project, &["--dry-run", "back.xlf"]).count("edited"),
        1
    );
    // The same again is the same.
    project.done(&["export", "--kit", "--out", "again", ARTICLE]);
    let again = std::fs::read(project.path(&format!("again/{ARTICLE}.en.zip"))).unwrap();
    assert!(again == bytes);
}

#[test]
fn approved_pairs_enter_the_memory_and_others_do_not() {
    let project = exported();
    assert!(!project.done(&["memory", "export"]).contains("<tu "));
    let text = project.read(&hand_out("1.2"));
    let approved = edit(
        &text,
        "id=\"s1\" approved=\"no\"",
        "id=\"s1\" approved=\"yes\"",
    );
    project.write("back.xlf", approved);
    assert_eq!(Report::of(&project, &["back.xlf"]).count("approved"), 1);
    let memory = project.done(&["memory", "export"]);
    assert_eq!(memory.matches("<tu ").count(), 1);
    assert!(memory.contains(TITLE));
    // What is exported can be imported elsewhere.
    let other = Project::new();
    other.write("sources/a.txt", "天晴了。\n");
    other.write("theirs.tmx", &memory);
    let said = other.done(&["memory", "import", "theirs.tmx"]);
    assert!(said.contains("1 of 1 unit"), "{said}");
    assert!(other.done(&["memory", "export"]).contains(TITLE));
    // It costs nothing, so it is used without an engine too.
    let pair = regex::Regex::new("(?s)<seg>(.*?)</seg>").unwrap();
    let source = pair.captures(&memory).unwrap()[1].to_owned();
    other.write("sources/a.txt", format!("{source}\n\n天晴了。\n"));
    let said = other.done(&["translate"]);
    assert!(said.contains("1 sentence from the memory"), "{said}");
}

#[test]
fn terms_in_tbx_reach_the_hand_out() {
    let project = Project::new();
    project.write("sources/a.txt", "雨下了三天。\n");
    project.write(
        "glossary/zh-Hans.en.tbx",
        "<tbx><text><body><conceptEntry id='1'><langSec xml:lang='zh-Hans'><termSec><term>雨</term>\
         </termSec></langSec><langSec xml:lang='en'><termSec><term>rain</term></termSec></langSec>\
         </conceptEntry></body></text></tbx>",
    );
    project.done(&["export", "--out", "out"]);
    assert!(project.read("out/a.en.xlf").contains("雨 → rain"));
}

/// Adds words to every fifth target and approves every seventh unit with translate-toolkit.
const TOOLKIT: &str = r#"
import sys
from translate.storage import xliff, xliff2
source, target, version = sys.argv[1:]
kind = xliff.xlifffile if version == "1.2" else xliff2.Xliff2File
store = kind.parsefile(source)
units = [unit for unit in store.units if not unit.isheader()]
for at, unit in enumerate(units):
    if at % 5 == 0:
        unit.target = unit.target + " Toolkit."
    if at % 7 == 1:
        unit.markapproved(True)
store.savefile(target)
print(len(units))
"#;

fn python() -> Option<PathBuf> {
    Some(peers()?.join("venv/bin/python"))
}

fn run_python(script: &str, args: &[&Path], version: &str) -> Option<String> {
    let output = peer(
        Command::new(python()?)
            .args(["-c", script])
            .args(args)
            .arg(version),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[test]
fn translate_toolkit_edits_arrive() {
    for version in ["1.2", "2.0"] {
        let project = exported();
        let from = project.path(&hand_out(version));
        let to = project.path("back.xlf");
        let Some(units) = run_python(TOOLKIT, &[&from, &to], version) else {
            return;
        };
        let units: usize = units.parse().unwrap();
        let merged = Report::of(&project, &["back.xlf"]);
        // Units with inline codes are flattened by the tool's interface, and so lose them.
        let edited = merged.count("edited");
        let broken = merged.count("codes-broken");
        assert_eq!(edited + broken, units.div_ceil(5), "{version}");
        assert!(broken <= 1, "{version}: {broken} broken");
        let record = project.read(&format!("translations/{ARTICLE}.en.xlf"));
        assert_eq!(record.matches("Toolkit.").count(), edited, "{version}");
        assert!(merged.count("approved") > 0, "{version}");
        assert_eq!(
            merged.count("unchanged") + merged.count("approved") + edited + broken,
            units
        );
    }
}

#[test]
fn po_and_back_keeps_every_edit() {
    let Some(peers) = peers() else { return };
    let project = exported();
    let file = project.path(&hand_out("1.2"));
    let (po, back) = (project.path("a.po"), project.path("back.xlf"));
    let tool = |name: &str| Command::new(peers.join("venv/bin").join(name));
    let output = peer(tool("xliff2po").arg(&file).arg(&po));
    assert!(output.status.success());
    let text = project.read("a.po");
    // The second unit's target stands on one line of the file.
    let (old, new) = ("msgstr \"Further Emancipating", "msgstr \"Further Freeing");
    project.write("a.po", edit(&text, old, new));
    let output = peer(tool("po2xliff").arg("-t").arg(&file).arg(&po).arg(&back));
    assert!(output.status.success());
    let merged = Report::of(&project, &["back.xlf"]);
    assert_eq!(
        (merged.status, merged.count("edited")),
        (0, 1),
        "{}",
        merged.json
    );
    assert!(
        project
            .read(&format!("translations/{ARTICLE}.en.xlf"))
            .contains(">Further Freeing the Mind")
    );
}

/// An enforced memory that gives every third target other words. OmegaT 3 takes the target of a
/// bilingual file for its source text.
const ENFORCED: &str = r#"
import sys
from lxml import etree
from xml.sax.saxutils import escape
source, target, _ = sys.argv[1:]
ns = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
pairs = []
for at, unit in enumerate(etree.parse(source).iterfind(".//x:trans-unit", ns)):
    old = unit.find("x:target", ns)
    if at % 3 == 0 and old is not None and len(old) == 0:
        old = escape(old.text)
        pairs.append('<tu><tuv xml:lang="ZH-CN"><seg>%s</seg></tuv>'
                     '<tuv xml:lang="EN-US"><seg>%s OmegaT.</seg></tuv></tu>' % (old, old))
open(target, "w", encoding="utf-8").write(
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header creationtool="x" '
    'creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="ZH-CN" '
    'datatype="plaintext"/><body>' + "".join(pairs) + "</body></tmx>")
print(len(pairs))
"#;

const OMEGAT_PROJECT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<omegat><project version="1.0"><source_dir>__DEFAULT__</source_dir>
<target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>ZH-CN</source_lang><target_lang>EN-US</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags></project></omegat>"#;

/// Runs OmegaT on the project in `omegat/`; false, with a word on stderr, where there is none.
fn omegat(project: &Project, mode: &[&str]) -> bool {
    let jar = Path::new("/usr/share/omegat/OmegaT.jar");
    if !jar.is_file() {
        eprintln!("skipped: {} is not there (Debian: omegat)", jar.display());
        return false;
    }
    project.write("omegat/omegat.project", OMEGAT_PROJECT);
    for folder in ["target", "glossary", "dictionary", "omegat", "tm/enforce"] {
        std::fs::create_dir_all(project.path("omegat").join(folder)).unwrap();
    }
    let output = peer(
        Command::new("java")
            .arg("-Djava.awt.headless=true")
            .arg(format!("-Duser.home={}", project.path("home").display()))
            .args(["-cp", "/usr/share/omegat/OmegaT.jar:/usr/share/java/*"])
            .arg("org.omegat.Main")
            .arg(project.path("omegat"))
            .args(mode)
            .arg(format!("--config-dir={}", project.path("config").display())),
    );
    assert!(output.status.success());
    true
}

#[test]
fn omegat_edits_arrive() {
    let project = exported();
    let name = format!("{ARTICLE}.en.xlf");
    let file = hand_out("1.2");
    project.write(&format!("omegat/source/{name}"), project.read(&file));
    let memory = project.path("omegat/tm/enforce/a.tmx");
    std::fs::create_dir_all(memory.parent().unwrap()).unwrap();
    let Some(pairs) = run_python(ENFORCED, &[&project.path(&file), &memory], "1.2") else {
        return;
    };
    if !omegat(&project, &["--mode=console-translate"]) {
        return;
    }
    let back = format!("omegat/target/{name}");
    let merged = Report::of(&project, &[&back]);
    let edited: usize = pairs.parse().unwrap();
    assert!(edited > 10);
    assert_eq!((merged.status, merged.count("edited")), (0, edited));
    assert_eq!(merged.count("unchanged"), merged.total() - edited);
    let record = project.read(&format!("translations/{ARTICLE}.en.xlf"));
    assert_eq!(record.matches("OmegaT.").count(), edited);
}

#[test]
fn a_memory_made_by_omegat_is_taken() {
    let project = Project::new();
    project.write("sources/a.txt", "雨下了三天。\n\n桥还在。\n");
    project.done(&["export", "--copy-source", "--out", "omegat/source"]);
    let path = project.path("pseudo.tmx");
    let file = format!("--pseudotranslatetmx={}", path.display());
    let mode = "--mode=console-createpseudotranslatetmx";
    if !omegat(&project, &[mode, &file, "--pseudotranslatetype=equal"]) {
        return;
    }
    let said = project.done(&["memory", "import", "pseudo.tmx"]);
    assert!(said.contains("2 of 2 units"), "{said}");
    assert!(project.done(&["memory", "export"]).contains("桥还在。"));
    // What is only copied is no translation.
    let back = Report::of(&project, &["omegat/source/a.en.xlf"]);
    assert_eq!((back.status, back.count("target-equals-source")), (0, 2));
    assert!(!project.read("translations/a.en.xlf").contains("<target>"));
}
