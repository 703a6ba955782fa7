//! Files of every format and encoding give the same article.

use std::io::Write;

use duizhao::ingest::{IngestError, IngestOptions, ingest};
use duizhao::model::{CodeKind, Inline};

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
