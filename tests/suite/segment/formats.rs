//! Files of every format and encoding give the same article.

use std::io::Write;

use duizhao::clean::CleanOptions;
use duizhao::ingest::{IngestError, IngestOptions, ingest};
use duizhao::model::{CodeKind, Inline};
use duizhao::pipeline::source::clean_bytes;

use super::{articles, blocks, chinese, read, sentences};

const TITLE: &str = "山村小学来了新老师";
const FIRST: &str =
    "本报讯（记者 陈晓）九月一日，青石村小学迎来了三位新老师。孩子们早早等在校门口。";
const SECOND: &str = "“他们一来，学校就热闹了。”校长周明说，学校有了音乐课和美术课。";

fn plain() -> String {
    format!("{TITLE}\n\n{FIRST}\n\n{SECOND}\n")
}

fn wanted() -> Vec<(&'static str, String)> {
    vec![
        ("title", TITLE.to_owned()),
        ("paragraph", FIRST.to_owned()),
        ("paragraph", SECOND.to_owned()),
    ]
}

#[test]
fn encodings_are_detected() {
    let text = plain();
    let utf16 = |big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let with = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    let files: [(&str, Vec<u8>); 8] = [
        ("UTF-8", text.clone().into_bytes()),
        ("UTF-8", with(b"\xef\xbb\xbf", text.clone().into_bytes())),
        ("UTF-16LE", with(b"\xff\xfe", utf16(false))),
        ("UTF-16BE", with(b"\xfe\xff", utf16(true))),
        ("UTF-16LE", utf16(false)),
        ("UTF-16BE", utf16(true)),
        ("gb18030", gbk.clone()),
        ("gb18030", encoding_rs::GB18030.encode(&text).0.into_owned()),
    ];
    for (encoding, bytes) in files {
        let document = read("a.txt", &bytes);
        assert_eq!(document.encoding, encoding);
        assert_eq!(blocks(&articles("a.txt", &bytes)), wanted(), "{encoding}");
    }
}

#[test]
fn big5_is_detected_and_a_wrong_guess_overridden() {
    let text = "山村小學來了新老師\n\n九月一日，青石村小學迎來了三位新老師。孩子們早早等在校門口，老師們說，這裡的山水很美。\n";
    let big5 = encoding_rs::BIG5.encode(text).0.into_owned();
    assert_eq!(read("a.txt", &big5).encoding, "Big5");
    let options = IngestOptions {
        encoding: Some("gb18030".into()),
        ..IngestOptions::default()
    };
    let forced = ingest("a.txt", &big5, &options);
    assert!(forced.is_err() || forced.unwrap().lines[0].text != "山村小學來了新老師");
    let options = IngestOptions {
        encoding: Some("big5".into()),
        ..IngestOptions::default()
    };
    assert_eq!(
        ingest("a.txt", &big5, &options).unwrap().lines[0].text,
        "山村小學來了新老師"
    );
}

#[test]
fn what_cannot_be_read_says_where_and_what_to_do() {
    let cases: [(&[u8], &str); 4] = [
        (b"", "a.txt: the file holds no text"),
        (b" \n\t\n", "a.txt: the file holds no text"),
        (
            "第一行。\n第二行，好。\n第\u{0}三行".as_bytes(),
            "a.txt:3: the file looks binary",
        ),
        (
            &[plain().as_bytes(), plain().as_bytes(), b"\xff\xfe bad"].concat(),
            "a.txt:11: the bytes are not valid UTF-8",
        ),
    ];
    for (bytes, message) in cases {
        let error = ingest("a.txt", bytes, &IngestOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
    let unknown = IngestOptions {
        encoding: Some("klingon".into()),
        ..IngestOptions::default()
    };
    let error = ingest("a.txt", b"x", &unknown).unwrap_err();
    assert!(
        matches!(error, IngestError::UnknownEncoding { .. }),
        "{error}"
    );
    let error = ingest("a.docx", b"no archive", &IngestOptions::default()).unwrap_err();
    assert!(
        matches!(error, IngestError::Container { format: "DOCX", .. }),
        "{error}"
    );
}

/// What reading these bytes as text in this language gives: the text, or the error.
fn read_in(lang: &str, bytes: &[u8]) -> Result<String, String> {
    let options = IngestOptions {
        lang: Some(lang.parse().unwrap()),
        ..IngestOptions::default()
    };
    match ingest("a.txt", bytes, &options) {
        Ok(document) => Ok(document.lines[0].text.clone()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn chinese_bytes_are_read_as_chinese_or_not_at_all() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
    for text in [
        "你好",
        "春天",
        "今天开会",
        "中文",
        "编后",
        "第一章 山村来了新老师。",
    ] {
        assert_eq!(read_in("zh-Hans", &gbk(text)).as_deref(), Ok(text));
    }
    for text in ["你好", "臺灣的山村小學來了新老師。", "今天開會，討論山水。"]
    {
        assert_eq!(read_in("zh-Hant", &big5(text)).as_deref(), Ok(text));
    }
    let traditional = "九月一日，青石村小學迎來了三位新老師。孩子們早早等在校門口。";
    assert_eq!(
        read_in("zh-Hans", &big5(traditional)).as_deref(),
        Ok(traditional)
    );
    // A few accented letters in Latin text may be what they seem to be.
    assert_eq!(
        read_in("zh-Hans", b"The caf\xe9 was full of people that day.").as_deref(),
        Ok("The café was full of people that day.")
    );

    let split = [&gbk(FIRST)[..], b"\xff", &gbk(SECOND)].concat();
    let bad = gbk(FIRST).len();
    let mixed = [&gbk(&plain())[..], SECOND.as_bytes()].concat();
    let start = gbk(&plain()).len();
    let korean = encoding_rs::EUC_KR
        .encode("안녕하세요 여러분 오늘은 학교에 갑니다")
        .0;
    let western = encoding_rs::WINDOWS_1252.encode("éàèùç âêîôû ëïü").0;
    let cases: [(&[u8], String); 7] = [
        (
            &split,
            format!("a.txt:1: the bytes are not valid gb18030 (first at byte {bad})"),
        ),
        (
            &mixed,
            format!("a.txt:6: the text from byte {start} on is UTF-8"),
        ),
        (
            &"春天".as_bytes()[..5],
            "a.txt:1: the bytes are not valid UTF-8 (first at byte 3)".into(),
        ),
        (
            b"\xe6\x98\xa5\xff\xe5\xa4\xa9",
            "a.txt:1: the bytes are not valid UTF-8 (first at byte 3)".into(),
        ),
        (&western, "a.txt:1: read as".into()),
        (b"{\\rtf1\\ansi}", "a.txt: this is a rich text file".into()),
        (b"%PDF-1.4\n%", "a.txt: this is a PDF file".into()),
    ];
    for (bytes, message) in cases {
        let error = read_in("zh-Hans", bytes).unwrap_err();
        assert!(error.starts_with(&message), "{error} {message}");
    }
    let hangul = read_in("zh-Hans", &korean);
    assert!(
        hangul.clone().is_err_and(|e| e.contains("EUC-KR"))
            || hangul.is_ok_and(|text| !text.contains('녕'))
    );
    assert!(read_in("ko", &korean).unwrap().starts_with("안녕하세요"));
}

#[test]
fn a_page_in_utf8_may_declare_what_it_was() {
    for label in ["gb2312", "big5", "iso-8859-1", "utf-16"] {
        let page = format!("<meta charset={label}><h1>{TITLE}</h1><p>{FIRST}</p>");
        assert_eq!(
            read("a.html", page.as_bytes()).lines[0].text,
            TITLE,
            "{label}"
        );
    }
}

#[test]
fn the_text_of_html_in_markdown_is_kept() {
    let cases = [
        "<center>图说文字</center>",
        "<div align=center>\n图说文字\n</div>",
        "<table><tr><td>图说文字</td></tr></table>",
        "<p>图说文字</p>",
        "<figure><figcaption>图说文字</figcaption></figure>",
        "<details>\n<summary>图说文字</summary>\n</details>",
    ];
    for html in cases {
        let text = format!("# 题目\n\n甲段讲的是山。\n{html}\n\n乙段讲的是水。\n");
        let found = articles("a.md", text.as_bytes());
        let blocks = blocks(&found);
        let texts: Vec<&str> = blocks.iter().map(|block| block.1.as_str()).collect();
        assert_eq!(
            texts,
            ["题目", "甲段讲的是山。", "图说文字", "乙段讲的是水。"],
            "{html}"
        );
        assert!((4..=5).contains(&found[0].blocks[2].lines.first), "{html}");
    }
    let text = "> <p>图说文字</p>\n\n<!-- article -->\n\n# 二\n\n<ruby>衢<rp>(</rp><rt>qú</rt><rp>)</rp></ruby>州在江边。\n";
    let found = articles("a.md", text.as_bytes());
    assert_eq!(blocks(&found[..1])[0].0, "quote");
    assert_eq!(blocks(&found[1..])[1].1, "衢（qú）州在江边。");
}

#[test]
fn the_mark_of_a_note_belongs_to_the_sentence_before_it() {
    for mark in [
        "<a href=\"#n1\"><sup>1</sup></a>",
        "<sup>12</sup>",
        "[3]",
        "〔4〕[5]",
    ] {
        let html = format!(
            "<html lang=\"zh-Hans\"><body><h1>江城改造记</h1><p>规划局公布了规划。{mark}水清了，岸\
             绿了，人也多了。市里把它列为重点。{mark}</p><p>水清了。</p><p>人们都知道。</p></body></html>"
        );
        let found = articles("a.html", html.as_bytes());
        let mark: String = (mark.split(['<', '>']).enumerate())
            .filter_map(|(at, part)| (at % 2 == 0).then_some(part))
            .collect();
        assert_eq!(
            sentences(&found),
            [
                "江城改造记",
                &format!("规划局公布了规划。{mark}"),
                "水清了，岸绿了，人也多了。",
                &format!("市里把它列为重点。{mark}"),
                "水清了。",
                "人们都知道。",
            ]
        );
        let kinds: Vec<&str> = blocks(&found).iter().map(|block| block.0).collect();
        assert_eq!(kinds, ["title", "paragraph", "paragraph", "paragraph"]);
    }
}

#[test]
fn front_matter_is_read_with_any_line_ends() {
    let text = "---\ntitle: 夜市开张\nauthors:\n  - 陈晓\n  - \"周明\"\ndate: 2021-09-01\n---\n\n第一段讲的是桥。\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let found = articles("a.md", text.as_bytes());
        assert_eq!(found[0].title(), "夜市开张");
        assert_eq!(found[0].meta.authors, ["陈晓", "周明"]);
        assert_eq!(found[0].meta.date.as_deref(), Some("2021-09-01"));
    }
}

#[test]
fn a_line_break_of_the_author_parts_words() {
    let markdown = "# 题\n\n山上有花\\\n水里有鱼\n\n山上有花<br>水里有鱼\n";
    let page = "<h1>题</h1><p>山上有花<br>水里有鱼</p><p>山上有花<br/>\n  水里有鱼</p>";
    for (name, text) in [("a.md", markdown), ("a.html", page)] {
        let found = articles(name, text.as_bytes());
        for block in &found[0].blocks[1..] {
            assert_eq!(block.text(), "山上有花 水里有鱼", "{name}");
        }
        assert!(found[0].blocks[1].segments[0].source.inlines().iter().any(
            |inline| matches!(inline, Inline::Placeholder(code) if code.kind == CodeKind::LineBreak)
        ));
    }
}

#[test]
fn markdown_keeps_structure_and_emphasis() {
    let text = "---\ntitle: 不用\ndate: 2021-09-01\nauthor: 陈晓\n---\n# 山村**小学**\n\n九月一日，[青石村](https://example.org/a)小学开学。\n学校很热闹。\n\n## 三位老师\n\n- 第一位来自城里。\n- 第二位来自邻村。\n\n> 他们一来，学校就热闹了。\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n\n<!-- article -->\n\n# 另一篇\n\n正文在这里。\n";
    let found = articles("a.md", text.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].id.as_str(), "a-1");
    let kinds: Vec<&str> = blocks(&found[..1]).iter().map(|block| block.0).collect();
    assert_eq!(
        kinds,
        [
            "title",
            "paragraph",
            "heading",
            "list_item",
            "list_item",
            "quote",
            "table",
            "table",
            "table",
            "table"
        ]
    );
    assert_eq!(found[0].title(), "山村小学");
    assert_eq!(
        found[0].blocks[1].text(),
        "九月一日，青石村小学开学。学校很热闹。"
    );
    assert_eq!(found[0].blocks[2].level, Some(2));
    assert_eq!(found[0].meta.date.as_deref(), Some("2021-09-01"));
    let title = found[0].blocks[0].segments[0].source.inlines();
    assert!(
        matches!(&title[1], Inline::Open(code) if code.kind == CodeKind::Bold),
        "{title:?}"
    );
    let links = found[0].blocks[1].segments[0].source.inlines();
    assert!(
        links
            .iter()
            .any(|inline| matches!(inline, Inline::Open(code)
            if code.kind == CodeKind::Link("https://example.org/a".into()))),
        "{links:?}"
    );
}

#[test]
fn a_web_page_gives_its_article() {
    let html = format!(
        "<!DOCTYPE html><html><head><meta charset=\"gbk\"><title>{TITLE} - 某某网</title>\
         <meta name=\"author\" content=\"陈晓\"><style>p {{ color: red }}</style></head><body>\n\
         <div class=\"nav\"><ul><li><a href=\"/\">首页</a></li><li><a href=\"/a\">教育</a></li></ul></div>\n\
         <div id=\"content\"><h1>{TITLE}</h1>\n<p>　　{FIRST}</p>\n<script>var a = '<p>没有</p>';</script>\
         <p>　　{}&nbsp;</p></div>\n<div class=\"more\"><a href=\"/b\">更多新闻</a></div>\
         <footer>版权所有，不得转载，违者必究。</footer></body></html>",
        SECOND.replace("热闹", "<b>热闹</b>")
    );
    let gbk = encoding_rs::GBK.encode(&html).0.into_owned();
    let found = articles("a.html", &gbk);
    assert_eq!(blocks(&found), wanted());
    assert_eq!(found[0].blocks[1].lines.first, 4);
    let codes = found[0].blocks[2].segments[0].source.inlines().len();
    assert_eq!(codes, 5, "text, bold, text, end of bold, text");
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_word_file_keeps_styles_lists_and_emphasis() {
    let w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let document = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="{w}" xmlns:r="{r}"><w:body>
        <w:p><w:pPr><w:pStyle w:val="a3"/></w:pPr><w:r><w:t>{TITLE}</w:t></w:r></w:p>
        <w:p><w:r><w:t>{FIRST}</w:t></w:r><w:del><w:r><w:delText>删</w:delText><w:t>删去</w:t></w:r></w:del></w:p>
        <w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>三位老师</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>第一位</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>来自</w:t></w:r>
        <w:hyperlink r:id="rId1"><w:r><w:t>城里</w:t></w:r></w:hyperlink><w:r><w:t>。</w:t></w:r></w:p>
        </w:body></w:document>"#
    );
    let styles = format!(
        r#"<w:styles xmlns:w="{w}"><w:style w:styleId="a3"><w:name w:val="Title"/></w:style>
        <w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>"#
    );
    let rels = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="https://example.org/"/></Relationships>"#;
    let bytes = zipped(&[
        ("word/document.xml", &document),
        ("word/styles.xml", &styles),
        ("word/_rels/document.xml.rels", rels),
    ]);
    let found = articles("文件 名.docx", &bytes);
    assert_eq!(found[0].id.as_str(), "文件-名");
    assert_eq!(
        blocks(&found),
        [
            ("title", TITLE.to_owned()),
            ("paragraph", FIRST.to_owned()),
            ("heading", "三位老师".to_owned()),
            ("list_item", "第一位来自城里。".to_owned()),
        ]
    );
    let kinds: Vec<&CodeKind> = found[0].blocks[3].segments[0]
        .source
        .inlines()
        .iter()
        .filter_map(|inline| match inline {
            Inline::Open(code) => Some(&code.kind),
            _ => None,
        })
        .collect();
    assert_eq!(
        kinds,
        [
            &CodeKind::Bold,
            &CodeKind::Link("https://example.org/".into())
        ]
    );
}

/// A Word file with this body and these further parts.
fn word(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let spaces = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
        xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
        xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
        xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
        xmlns:v=\"urn:schemas-microsoft-com:vml\"";
    let wrap = |name: &str, inside: &str| format!("<w:{name} {spaces}>{inside}</w:{name}>");
    let styles = "<w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style>";
    let mut all = vec![
        (
            "word/document.xml".to_owned(),
            wrap("document", &format!("<w:body>{body}</w:body>")),
        ),
        ("word/styles.xml".to_owned(), wrap("styles", styles)),
    ];
    for (name, inside) in parts {
        let text = if name.contains("_rels/") {
            (*inside).to_owned()
        } else {
            wrap("part", inside)
        };
        all.push(((*name).to_owned(), text));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    zipped(&all)
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

#[test]
fn nothing_that_stands_in_a_word_file_is_lost() {
    let (a, b) = (run("甲"), run("乙"));
    let boxed = format!(
        "<w:txbxContent><w:p>{}</w:p><w:p>{}</w:p></w:txbxContent>",
        run("框一"),
        run("框二")
    );
    let cases = [
        (
            format!(
                "{a}<w:r><w:pict><v:shape><v:textbox>{boxed}</v:textbox></v:shape></w:pict></w:r>{b}"
            ),
            vec!["甲乙", "框一", "框二"],
        ),
        (
            format!(
                "{a}<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{boxed}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{boxed}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{b}"
            ),
            vec!["甲乙", "框一", "框二"],
        ),
        (
            format!(
                "{a}<w:sdt><w:sdtContent>{b}</w:sdtContent></w:sdt><w:smartTag>{a}</w:smartTag><w:ins>{b}</w:ins>"
            ),
            vec!["甲乙甲乙"],
        ),
        (
            format!(
                "{a}<m:oMath><m:r><m:t>x</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:d><m:e><m:r><m:t>y</m:t></m:r></m:e></m:d></m:oMath>{b}"
            ),
            vec!["甲x1/2(y)乙"],
        ),
        (
            format!(
                "{a}<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/><w:noBreakHyphen/><w:t>9</w:t></w:r>"
            ),
            vec!["甲✓\u{2011}9"],
        ),
        (
            "<w:r><w:t>山上有花</w:t><w:br/><w:t>水里有鱼</w:t></w:r>".to_owned(),
            vec!["山上有花 水里有鱼"],
        ),
        (
            format!(
                "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>{a}",
                run("qú"),
                run("衢")
            ),
            vec!["衢（qú）甲"],
        ),
    ];
    for (body, wanted) in cases {
        let document = read("a.docx", &word(&format!("<w:p>{body}</w:p>"), &[]));
        let texts: Vec<&str> = document
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        assert_eq!(texts, wanted, "{body}");
        assert!(document.left_out.is_empty(), "{body}");
    }
}

#[test]
fn what_a_word_file_has_beside_its_text_is_named() {
    let body = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"1\"/></w:pPr>{}</w:p><w:p>{}<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>{}<w:r><w:commentReference w:id=\"7\"/></w:r></w:p>",
        run("题目"),
        run("第一段讲的是山。"),
        run("还有水。")
    );
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header1.xml\"/></Relationships>";
    let comment = format!(
        "<w:comment w:id=\"7\"><w:p>{}</w:p></w:comment>",
        run("查一查")
    );
    let head = format!("<w:p>{}</w:p>", run("青石日报"));
    let bytes = word(
        &body,
        &[
            ("word/_rels/document.xml.rels", rels),
            ("word/comments.xml", &comment),
            ("word/header1.xml", &head),
        ],
    );
    let (reading, cleaning) = (IngestOptions::default(), CleanOptions::new(chinese()));
    let cleaned = clean_bytes("a.docx", bytes, &reading, &cleaning).unwrap();
    let of = |i: usize| -> Vec<(&str, &str)> {
        let repairs = cleaned.passages[i].repairs.iter();
        repairs.map(|repair| (repair.rule, repair.before)).collect()
    };
    assert_eq!(of(0), [("page.running-head", "青石日报\n")]);
    assert_eq!(
        of(1),
        [("page.deleted", "\n删去"), ("page.comment", "\n查一查")]
    );
    assert_eq!(cleaned.passages[1].text, "第一段讲的是山。还有水。");
    // The only first heading of a file without a title is its title.
    let role = cleaned.passages[0].role.unwrap();
    assert_eq!(role.kind.name(), "title");
}

#[test]
fn a_book_keeps_notes_and_asides_and_leaves_out_page_numbers() {
    let chapter = "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><body class=\"nav\"><h1>第一章</h1><p>正文讲的是山。</p><div epub:type=\"pagebreak\">12</div><aside epub:type=\"footnote\"><p>脚注文字</p></aside><div class=\"comment\">按语</div><footer>尾声</footer><form>表格</form><p><a href=\"c2.xhtml\">下一章</a></p></body></html>";
    let package = r#"<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>"#;
    let container = r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"#;
    let bytes = zipped(&[
        ("META-INF/container.xml", container),
        ("book.opf", package),
        ("a.xhtml", chapter),
    ]);
    let document = read("book.epub", &bytes);
    let texts: Vec<&str> = document
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(
        texts,
        [
            "第一章",
            "正文讲的是山。",
            "脚注文字",
            "按语",
            "尾声",
            "表格",
            "下一章"
        ]
    );
    let out: Vec<(&str, u32)> = (document.left_out.iter())
        .map(|piece| (piece.text.as_str(), piece.line))
        .collect();
    assert_eq!(out, [("12", 2)]);
}

#[test]
fn a_book_gives_its_chapters() {
    let chapter = |title: &str, text: &str| {
        format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
        )
    };
    let package = r#"<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>陈晓</dc:creator><dc:date>2021-09-01</dc:date></metadata>
        <manifest><item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="b" href="text/two%20.xhtml" media-type="application/xhtml+xml"/><item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/></manifest>
        <spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"#;
    let bytes = zipped(&[
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"#,
        ),
        ("OPS/book.opf", package),
        ("OPS/text/one.xhtml", &chapter("第一章", FIRST)),
        ("OPS/text/two .xhtml", &chapter("第二章", SECOND)),
        ("OPS/nav.xhtml", &chapter("目录", "不是正文。")),
    ]);
    let found = articles("book.epub", &bytes);
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].id.as_str(), "book-2");
    assert_eq!(found[0].title(), "第一章");
    assert_eq!(found[1].blocks[1].text(), SECOND);
    assert_eq!(found[0].meta.authors, ["陈晓"]);
    // Told by its content as well.
    assert_eq!(articles("book", &bytes).len(), 2);
}

#[test]
fn a_mark_begins_an_article_in_plain_text() {
    let text = "甲地开工\n\n工程今天开工。\n\n<!-- article -->\n\n乙地竣工\n\n工程今天竣工。\n";
    let found = articles("a.txt", text.as_bytes());
    let titles: Vec<String> = found.iter().map(duizhao::model::Article::title).collect();
    assert_eq!(titles, ["甲地开工", "乙地竣工"]);
    let _ = (chinese(), sentences(&found));
}

#[test]
fn code_and_the_texts_of_images_are_no_headings() {
    let text = "# 茶香满山\n\n茶节今天开幕，来了很多人。\n\n```js\nlet x = \"茶\";\n\nlet y = 1;\n```\n\n![采茶的姑娘](a.jpg)\n\n明年还要再办，![图标](b.png)后面还有文字。\n";
    let found = articles("a.md", text.as_bytes());
    assert_eq!(
        blocks(&found)[2..],
        [
            ("paragraph", "let x = \"茶\";  let y = 1;".to_owned()),
            ("caption", "采茶的姑娘".to_owned()),
            ("paragraph", "明年还要再办，图标后面还有文字。".to_owned()),
        ]
    );
}

#[test]
fn the_text_of_an_image_on_a_page_is_a_caption() {
    let page = "<html><body><article><h1>茶香满山</h1><p>茶节今天开幕，来了很多人，茶农都说好。</p><p><img src=\"a.jpg\" alt=\"采茶的姑娘\"></p><a href=\"B.JPG\"><img src=\"b.jpg\" alt=\"炒茶的师傅\"></a><figure><img src=\"c.jpg\" alt=\"茶山远景\"><figcaption>茶山远景</figcaption></figure><p>明年还要再办。</p></article></body></html>";
    let found = articles("a.html", page.as_bytes());
    assert_eq!(
        blocks(&found)[2..],
        [
            ("caption", "采茶的姑娘".to_owned()),
            ("caption", "炒茶的师傅".to_owned()),
            ("caption", "茶山远景".to_owned()),
            ("paragraph", "明年还要再办。".to_owned()),
        ]
    );
}
