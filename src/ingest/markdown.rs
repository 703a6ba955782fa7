//! Markdown.

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::paragraph::Paragraphs;
use crate::model::{BlockKind, CODE_BLOCK, CodeKind, Line, Meta};

#[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
pub(super) fn read(text: &str) -> (Vec<Line>, Meta) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut paragraphs = Paragraphs::default();
    let mut meta = Meta::default();
    let mut kinds: Vec<BlockKind> = Vec::new();
    let mut in_front_matter = false;
    let mut front_matter_title = None;
    // In a block of code, whose lines stay lines.
    let mut in_code = false;
    // Whether the paragraph at hand has had nothing but images: their texts are its caption.
    let mut only_images = false;
    let mut in_image = false;
    // Line numbers are counted on from event to event.
    let (mut line, mut counted) = (1_u32, 0);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        if range.start > counted {
            line = line.saturating_add(super::paragraph::lines_in(&text[counted..range.start]));
            counted = range.start;
        }
        match event {
            Event::Start(tag) => match tag {
                Tag::MetadataBlock(MetadataBlockKind::YamlStyle) => in_front_matter = true,
                Tag::Heading { level, .. } => {
                    paragraphs.end();
                    if level == HeadingLevel::H1 {
                        paragraphs.set_role(BlockKind::Title, None);
                    } else {
                        paragraphs.set_role(BlockKind::Heading, Some(level as u8));
                    }
                }
                Tag::BlockQuote(_) => begin(&mut paragraphs, &mut kinds, BlockKind::Quote),
                Tag::Item => begin(&mut paragraphs, &mut kinds, BlockKind::ListItem),
                Tag::FootnoteDefinition(_) => begin(&mut paragraphs, &mut kinds, BlockKind::Note),
                Tag::TableCell => begin(&mut paragraphs, &mut kinds, BlockKind::Table),
                Tag::CodeBlock(_) => {
                    paragraphs.end();
                    set(&mut paragraphs, &kinds);
                    in_code = true;
                    paragraphs.open("pre", CodeKind::Other(CODE_BLOCK.to_owned()));
                }
                Tag::Paragraph | Tag::List(_) => {
                    paragraphs.end();
                    set(&mut paragraphs, &kinds);
                    only_images = false;
                }
                Tag::Strong => paragraphs.open("strong", CodeKind::Bold),
                Tag::Emphasis => paragraphs.open("em", CodeKind::Italic),
                Tag::Strikethrough => paragraphs.open("s", CodeKind::Other("s".into())),
                Tag::Link { dest_url, .. } => {
                    paragraphs.open("a", CodeKind::Link(dest_url.into_string()));
                }
                Tag::Image { dest_url, .. } => {
                    in_image = true;
                    if kinds.is_empty()
                        && paragraphs.is_blank()
                        && matches!(paragraphs.role(), None | Some(BlockKind::Paragraph))
                    {
                        only_images = true;
                        paragraphs.set_role(BlockKind::Caption, None);
                    }
                    paragraphs.open(
                        "img",
                        CodeKind::Image {
                            src: dest_url.into_string(),
                            alt: String::new(),
                        },
                    );
                }
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::MetadataBlock(_) => in_front_matter = false,
                TagEnd::BlockQuote(_)
                | TagEnd::Item
                | TagEnd::FootnoteDefinition
                | TagEnd::TableCell => {
                    paragraphs.end();
                    kinds.pop();
                    set(&mut paragraphs, &kinds);
                }
                TagEnd::CodeBlock => {
                    in_code = false;
                    paragraphs.close("pre");
                    paragraphs.end();
                    set(&mut paragraphs, &kinds);
                }
                TagEnd::Heading(_) | TagEnd::Paragraph => {
                    paragraphs.end();
                    only_images = false;
                    set(&mut paragraphs, &kinds);
                }
                TagEnd::Strong => paragraphs.close("strong"),
                TagEnd::Emphasis => paragraphs.close("em"),
                TagEnd::Strikethrough => paragraphs.close("s"),
                TagEnd::Link => paragraphs.close("a"),
                TagEnd::Image => {
                    in_image = false;
                    paragraphs.close("img");
                }
                _ => {}
            },
            Event::Text(part) if in_front_matter => {
                front_matter_title = front_matter(&part, &mut meta);
            }
            Event::Text(part) if in_code => {
                for (i, part) in part.split_inclusive('\n').enumerate() {
                    if !paragraphs.is_blank() && i > 0 {
                        paragraphs.placeholder(CodeKind::LineBreak);
                    }
                    let place = line.saturating_add(u32::try_from(i).unwrap_or(u32::MAX));
                    paragraphs.text(part, place);
                }
            }
            Event::Text(part) => {
                if only_images && !in_image && !part.trim().is_empty() {
                    only_images = false;
                    paragraphs.set_role(BlockKind::Paragraph, None);
                }
                paragraphs.text(&part, line);
            }
            Event::Code(part) | Event::InlineMath(part) | Event::DisplayMath(part) => {
                paragraphs.open("code", CodeKind::Other("code".into()));
                paragraphs.text(&part, line);
                paragraphs.close("code");
            }
            Event::Html(part) | Event::InlineHtml(part) => {
                let part = part.trim();
                let comment = part
                    .strip_prefix("<!--")
                    .and_then(|rest| rest.strip_suffix("-->"));
                match comment {
                    Some(mark) if mark.trim() == super::ARTICLE_MARK => {
                        paragraphs.end();
                        paragraphs.begin_article();
                    }
                    Some(_) => {}
                    None => paragraphs.placeholder(CodeKind::Other(part.to_owned())),
                }
            }
            Event::SoftBreak => {
                // The end of a line of the file: a blank between words, and left to cleaning.
                if paragraphs.last().is_some_and(|c| c != ' ') {
                    paragraphs.text(" ", line);
                }
            }
            Event::HardBreak => paragraphs.placeholder(CodeKind::LineBreak),
            Event::FootnoteReference(name) => {
                paragraphs.placeholder(CodeKind::Other(format!("footnote {name}")));
            }
            Event::Rule | Event::TaskListMarker(_) => {}
        }
    }
    let lines = paragraphs.finish();
    (with_front_matter(lines, front_matter_title), meta)
}

fn begin(paragraphs: &mut Paragraphs, kinds: &mut Vec<BlockKind>, kind: BlockKind) {
    paragraphs.end();
    kinds.push(kind);
    set(paragraphs, kinds);
}

fn set(paragraphs: &mut Paragraphs, kinds: &[BlockKind]) {
    match kinds.last() {
        Some(kind) => paragraphs.set_role(*kind, None),
        None if paragraphs.role().is_some() => paragraphs.set_role(BlockKind::Paragraph, None),
        None => {}
    }
}

/// Reads the simple `key: value` lines of the front matter; gives the title.
fn front_matter(text: &str, meta: &mut Meta) -> Option<String> {
    let mut title = None;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if value.is_empty() {
            continue;
        }
        let own = || Some(value.to_owned());
        match key.trim() {
            "title" => title = own(),
            "author" | "authors" => {
                meta.authors = value
                    .trim_matches(['[', ']'])
                    .split([',', '，', '、'])
                    .map(|name| name.trim().to_owned())
                    .filter(|name| !name.is_empty())
                    .collect();
            }
            "date" => meta.date = super::iso_date(value),
            "outlet" | "source" => meta.outlet = own(),
            "section" => meta.section = own(),
            "address" | "url" => meta.address = own(),
            "rights" => meta.rights = own(),
            _ => {}
        }
    }
    title
}

fn with_front_matter(mut lines: Vec<Line>, title: Option<String>) -> Vec<Line> {
    let Some(title) = title else { return lines };
    let has_title = lines
        .iter()
        .any(|line| line.role.is_some_and(|role| role.kind == BlockKind::Title));
    if has_title {
        return lines;
    }
    let mut paragraphs = Paragraphs::default();
    paragraphs.set_role(BlockKind::Title, None);
    paragraphs.text(&title, 1);
    let mut with = paragraphs.finish();
    if let Some(first) = lines.first_mut() {
        first.blank_before = 1;
    }
    with.append(&mut lines);
    with
}
