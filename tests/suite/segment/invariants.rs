//! What holds for any input.

use duizhao::clean::Policy;
use duizhao::ingest::{IngestOptions, ingest};
use duizhao::model::{Block, Content};
use proptest::prelude::*;

use super::{articles, cleaned, read};

/// Text of the characters and marks that rules act on.
fn damaged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[一二人入大天日目水利项目公司发展记者说省市的了在]{1,9}",
        2 => prop::sample::select(vec![
            ",", ".", "。", "!", "?", ":", ";", "、", "…", "...", "……", "-", "--", "——", "—", "(", ")",
            "（", "）", "\"", "'", "“", "”", "‘", "’", "《", "》", "**", "*", " ", "  ", "\u{3000}", "\u{a0}",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\n", "\n\n", "\r\n", "\n\n\n\n", "\n　　", "\u{2028}", "\t", "\n42\n", "\n\n· 43 ·\n\n", "\n山城纪事\n"]).prop_map(str::to_owned),
        1 => "[a-zA-Z]{1,6}",
        1 => "[0-9]{1,4}",
        1 => prop::sample::select(vec!["记者", "新华社北京7月1日电", "/本报记者 王一 报道", "——", "1.", "龍", "亿元"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check_restores(text: &str, policy: Policy) {
    let Ok(document) = ingest("text.txt", text.as_bytes(), &IngestOptions::default()) else {
        return;
    };
    let lines: Vec<String> = document
        .lines
        .iter()
        .map(|line| line.text.clone())
        .collect();
    let restored: String = cleaned(text, policy)
        .passages
        .iter()
        .map(|passage| passage.restore() + "\n")
        .collect();
    // Paragraphs that were split off a line are followed by no line end in the file.
    let squeeze = |text: &str| text.replace('\n', "");
    assert_eq!(
        squeeze(&restored),
        squeeze(&lines.concat()),
        "{policy:?} {text:?}"
    );
}

proptest! {
    #[test]
    fn no_character_is_lost_without_a_repair(text in damaged()) {
        for policy in [Policy::None, Policy::Safe, Policy::All] {
            check_restores(&text, policy);
        }
    }

    #[test]
    fn cleaning_what_is_clean_changes_nothing(text in damaged()) {
        let Ok(_) = ingest("text.txt", text.as_bytes(), &IngestOptions::default()) else {
            return Ok(());
        };
        let once: Vec<String> = cleaned(&text, Policy::Safe).passages.into_iter().map(|p| p.text).collect();
        for paragraph in once.iter().filter(|paragraph| !paragraph.trim().is_empty()) {
            let twice: Vec<String> = cleaned(paragraph, Policy::Safe).passages.into_iter().map(|p| p.text).collect();
            prop_assert_eq!(&twice.concat(), paragraph);
        }
    }

    #[test]
    fn segments_make_their_block(text in damaged()) {
        if ingest("text.txt", text.as_bytes(), &IngestOptions::default()).is_err() {
            return Ok(());
        }
        let found = articles("text.txt", text.as_bytes());
        let clean: Vec<String> = cleaned(&text, Policy::Safe).passages.into_iter().map(|p| p.text).collect();
        let blocks: Vec<&Block> = found.iter().flat_map(|article| &article.blocks).collect();
        prop_assert_eq!(blocks.len(), clean.len());
        for (block, clean) in blocks.iter().zip(&clean) {
            prop_assert_eq!(&block.text(), clean);
            let mut whole = Content::default();
            for segment in &block.segments {
                whole.extend(&segment.full());
                let source = segment.source.text();
                prop_assert_eq!(source.trim(), &source);
            }
            prop_assert_eq!(&whole.text(), clean);
            let length = clean.chars().count();
            for suspect in &block.suspects {
                let as_read: String = clean.chars().skip(suspect.at).take(suspect.as_read.chars().count()).collect();
                prop_assert_eq!(&as_read, &suspect.as_read);
                prop_assert!(suspect.line >= block.lines.first && suspect.line <= block.lines.last);
                prop_assert!((0.0..=1.0).contains(&suspect.confidence));
            }
            prop_assert!(block.repairs.iter().all(|repair| repair.at <= length));
            prop_assert!(block.repairs.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for name in ["a.txt", "a.md", "a.html", "a.docx", "a.epub", "a"] {
            if let Ok(document) = ingest(name, &bytes, &IngestOptions::default()) {
                prop_assert!(!document.lines.is_empty());
            }
        }
    }
}

/// Markup, well formed or not, with words between the tags.
fn markup() -> impl Strategy<Value = Vec<String>> {
    let element = prop::sample::select(vec![
        "p",
        "div",
        "div class=nav",
        "div class=\"related ad\"",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "dl",
        "dt",
        "dd",
        "nav",
        "aside",
        "footer",
        "header",
        "form",
        "blockquote",
        "figure",
        "figcaption",
        "a href=x",
        "b",
        "span",
        "ruby",
        "rt",
        "rp",
        "button",
        "select",
        "noscript",
        "object",
        "pre",
        "center",
        "details",
        "summary",
        "math",
        "svg",
    ]);
    let piece = (element, 0..4_u8).prop_map(|(element, how)| {
        let name = element.split(' ').next().unwrap_or_default();
        match how {
            0 => format!("</{name}>"),
            1 => "<br>".to_owned(),
            _ => format!("<{element}>"),
        }
    });
    prop::collection::vec(piece, 0..40)
}

proptest! {
    #[test]
    fn the_text_of_a_page_is_kept_or_named(tags in markup(), markdown in any::<bool>()) {
        let words: Vec<String> = (0..=tags.len()).map(|i| format!("字{i}，尾{i}")).collect();
        let page: String = words
            .iter()
            .zip(tags.iter().map(String::as_str).chain([""]))
            .map(|(word, tag)| format!("{word}{tag}"))
            .collect();
        let (name, page) = if markdown {
            ("a.md", format!("<div>{page}"))
        } else {
            ("a.html", page)
        };
        let document = read(name, page.as_bytes());
        let mut all: Vec<&str> = document.lines.iter().map(|line| line.text.as_str()).collect();
        all.extend(document.left_out.iter().map(|piece| piece.text.as_str()));
        let all = all.join("\n");
        for word in words {
            prop_assert!(all.contains(&word), "{word} of {page}");
        }
        for piece in &document.left_out {
            prop_assert!(piece.before <= document.lines.len());
        }
    }
}

#[test]
fn same_bytes_give_the_same_articles() {
    let text = "标题在此\n\n他说:\"今天 很好。\"记者问:\"为什么?\"".as_bytes();
    assert_eq!(articles("a.txt", text), articles("a.txt", text));
}

#[test]
fn ids_and_texts_of_other_paragraphs_stay_when_one_changes() {
    let text = "水利工程开工\n\n第一段说明情况。\n\n第二段说明原因。\n\n第三段说明结果。";
    let before = articles("a.txt", text.as_bytes());
    let after = articles("a.txt", text.replace("原因", "详细的原因").as_bytes());
    for (old, new) in before[0].blocks.iter().zip(&after[0].blocks) {
        assert_eq!(old.id, new.id);
        if !old.text().contains("原因") {
            assert_eq!(old, new);
        }
    }
}

/// Hostile input takes time in proportion to its length: four times the text must not take
/// much more than four times as long, where a quadratic step would take sixteen times.
#[test]
fn hostile_input_takes_linear_time() {
    let cases: [(&str, fn(usize) -> String); 12] = [
        ("one line", |n| "水利项目公司发展".repeat(n / 8)),
        ("quotes", |n| "\"".repeat(n)),
        ("quotes in Chinese", |n| "\"".repeat(n) + "人"),
        ("marks in Chinese", |n| {
            "人".to_owned() + &",!".repeat(n / 2)
        }),
        ("nested brackets", |n| {
            "（".repeat(n / 2) + &"）".repeat(n / 2)
        }),
        ("stops", |n| "。".repeat(n)),
        ("blanks", |n| "人 ".repeat(n / 2)),
        ("asterisks", |n| "**人".repeat(n / 3)),
        ("short lines", |n| "的人在水利项目中\n\n".repeat(n / 10)),
        ("page numbers", |n| "他们走在大\n42\n路上\n".repeat(n / 10)),
        ("running heads", |n| {
            "山城纪事\n".repeat(n / 5) + "他们走\n7\n山城纪事\n在路上"
        }),
        ("open quotes", |n| "说：“人".repeat(n / 4)),
    ];
    for (name, make) in cases {
        let time = |n: usize| {
            let text = make(n);
            let document = read("a.txt", text.as_bytes());
            drop(document);
            let start = std::time::Instant::now();
            let found = articles("a.txt", text.as_bytes());
            assert!(!found.is_empty());
            start.elapsed().as_secs_f64()
        };
        time(2_000);
        // Another program can take the processor away: that does not happen every time.
        let linear = (0..5).any(|_| time(40_000) < 12.0 * time(10_000).max(0.002) + 0.3);
        assert!(linear, "{name}");
    }
}
