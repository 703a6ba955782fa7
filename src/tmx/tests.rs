use std::path::Path;

use super::*;
use crate::model::{Code, CodeKind, Inline};
use crate::xml::Limits;

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn pair(source: Content, target: Content) -> Tmx {
    let variant = |tag, content| Variant {
        lang: lang(tag),
        content,
        by: Some("某人".to_owned()),
        when: Some("20261124T000000Z".to_owned()),
    };
    Tmx {
        source_lang: Some(lang("zh-Hans")),
        tool: ("duizhao".to_owned(), "1".to_owned()),
        units: vec![TmxUnit {
            id: Some("a/s1".to_owned()),
            properties: vec![("x-state".to_owned(), "reviewed".to_owned())],
            notes: vec!["a < b & \u{1}".to_owned()],
            variants: vec![variant("zh-Hans", source), variant("en", target)],
        }],
    }
}

#[test]
fn what_is_written_is_read() {
    let open = |id: &str| {
        Inline::Open(Box::new(Code {
            id: id.to_owned(),
            kind: CodeKind::Link("https://example.org/?a=1&b".to_owned()),
        }))
    };
    let source: Content = [
        Inline::Text("谈\u{1}<解放>".into()),
        open("1"),
        Inline::Text("思想".into()),
        Inline::Close("1".into()),
        Inline::Close("2".into()),
        Inline::Placeholder(Box::new(Code {
            id: "3".into(),
            kind: CodeKind::LineBreak,
        })),
        open("4"),
    ]
    .into_iter()
    .collect();
    let tmx = pair(source, Content::from_text("On emancipation \r\n"));
    let written = write(&tmx);
    let read = read(Path::new("a.tmx"), written.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(read, tmx, "{written}");
    assert_eq!(write(&read), written);
}

#[test]
fn what_tools_write_is_read() {
    let text = r#"<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1"><header srclang="ZH_CN" creationtool="OmegaT"/><body>
<tu><tuv lang="ZH-CN"><seg>一<bpt i="7">&lt;b&gt;</bpt>二<ept i="7">&lt;/b&gt;</ept></seg></tuv>
<tuv lang="EN-US"><seg>one <hi>two</hi></seg></tuv></tu><tu/></body></tmx>"#;
    let tmx = read(Path::new("a.tmx"), text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(tmx.source_lang, Some(lang("zh-CN")));
    assert_eq!(tmx.units.len(), 1);
    let unit = &tmx.units[0];
    assert_eq!(
        unit.variant(&lang("zh-Hans")).unwrap().content.text(),
        "一二"
    );
    assert_eq!(unit.variant(&lang("en")).unwrap().content.text(), "one two");
    assert!(unit.variant(&lang("fr")).is_none());
}

#[test]
fn what_is_no_memory_is_refused_with_its_place() {
    let error = |text: &str| {
        read(Path::new("a.tmx"), text.as_bytes(), &Limits::default())
            .unwrap_err()
            .to_string()
    };
    assert!(error("<xliff/>").starts_with("a.tmx:1:1: the root element"));
    assert!(error("<tmx><body>\n<tu><tuv/></tu></body></tmx>").starts_with("a.tmx:2:5: <tuv>"));
    assert!(error("<tmx>").contains("ends inside"));
}
