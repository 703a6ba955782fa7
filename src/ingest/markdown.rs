//! Markdown.

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::html;
use super::paragraph::Paragraphs;
use crate::model::{BlockKind, CODE_BLOCK, CodeKind, LeftOut, Line, Meta, Position, Role};

#[expect(clippy::too_many_lines, reason = "one arm for each kind of event")]
pub(super) fn read(text: &str) -> (Vec<Line>, Vec<LeftOut>, Meta) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut paragraphs = Paragraphs::default();
    let mut meta = Meta::default();
    let mut kinds: Vec<Around> = Vec::new();
    let mut places = Places::default();
    // The front matter, while it is read.
    let mut front: Option<String> = None;
    let mut title = None;
    let mut left_out = Vec::new();
    // The line and text of a block of HTML, while it is read.
    let mut block: Option<(u32, String)> = None;
    // Whether text is a bracket around a reading (`<rp>`).
    let mut in_bracket = false;
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
                Tag::MetadataBlock(MetadataBlockKind::YamlStyle) => front = Some(String::new()),
                Tag::HtmlBlock => block = Some((line, String::new())),
                Tag::Heading { level, .. } => {
                    paragraphs.end();
                    if level == HeadingLevel::H1 {
                        paragraphs.set_role(BlockKind::Title, None);
                    } else {
                        paragraphs.set_role(BlockKind::Heading, Some(level as u8));
                    }
                }
                Tag::BlockQuote(_) => begin(&mut paragraphs, &mut kinds, BlockKind::Quote, None),
                Tag::Item => {
                    let position = places.item();
                    begin(&mut paragraphs, &mut kinds, BlockKind::ListItem, position);
                }
                Tag::FootnoteDefinition(_) => {
                    begin(&mut paragraphs, &mut kinds, BlockKind::Note, None);
                }
                Tag::Table(_) => places.row = 0,
                Tag::TableHead | Tag::TableRow => {
                    places.row = places.row.saturating_add(1);
                    places.column = 0;
                }
                Tag::TableCell => {
                    let position = places.cell();
                    begin(
                        &mut paragraphs,
                        &mut kinds,
                        BlockKind::Table,
                        Some(position),
                    );
                }
                Tag::CodeBlock(_) => {
                    paragraphs.end();
                    set(&mut paragraphs, &kinds);
                    in_code = true;
                    paragraphs.open("pre", CodeKind::Other(CODE_BLOCK.to_owned()));
                }
                Tag::Paragraph | Tag::List(_) => {
                    if let Tag::List(start) = &tag {
                        let first = start.map(|start| u32::try_from(start).unwrap_or(u32::MAX));
                        places.lists.push(first);
                    }
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
                TagEnd::MetadataBlock(_) => {
                    title = front_matter(&front.take().unwrap_or_default(), &mut meta);
                }
                TagEnd::HtmlBlock => {
                    if let Some((line, text)) = block.take() {
                        paragraphs.end();
                        left_out.extend(html_block(&mut paragraphs, &kinds, line, &text));
                        set(&mut paragraphs, &kinds);
                    }
                }
                TagEnd::BlockQuote(_)
                | TagEnd::Item
                | TagEnd::FootnoteDefinition
                | TagEnd::TableCell => {
                    paragraphs.end();
                    kinds.pop();
                    set(&mut paragraphs, &kinds);
                }
                TagEnd::List(_) => {
                    places.lists.pop();
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
            Event::Text(part) if front.is_some() => {
                front.get_or_insert_default().push_str(&part);
            }
            Event::Html(part) | Event::Text(part) if block.is_some() => {
                if let Some((_, text)) = &mut block {
                    text.push_str(&part);
                }
            }
            Event::Text(_) if in_bracket => {}
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
                    None => match tag_name(part) {
                        "br" => paragraphs.line_break(),
                        // Readings of characters stand in brackets.
                        "rt" => paragraphs.text("（", line),
                        "/rt" => paragraphs.text("）", line),
                        "rp" | "/rp" => in_bracket = !part.starts_with("</"),
                        "ruby" | "/ruby" | "rb" | "/rb" => {}
                        _ => paragraphs.placeholder(CodeKind::Other(part.to_owned())),
                    },
                }
            }
            Event::SoftBreak => {
                // The end of a line of the file: a blank between words, and left to cleaning.
                if paragraphs.last().is_some_and(|c| c != ' ') {
                    paragraphs.text(" ", line);
                }
            }
            Event::HardBreak => paragraphs.line_break(),
            Event::FootnoteReference(name) => {
                paragraphs.placeholder(CodeKind::Other(format!("footnote {name}")));
            }
            Event::Rule | Event::TaskListMarker(_) => {}
        }
    }
    let lines = paragraphs.finish();
    (with_front_matter(lines, title), left_out, meta)
}

/// The name of a tag, with the slash of one that closes.
fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches('<');
    let closes = usize::from(name.starts_with('/'));
    let end = name[closes..].find(|c: char| !c.is_ascii_alphanumeric());
    &name[..end.map_or(name.len(), |end| closes + end)]
}

/// Reads the text of a block of HTML, which begins on `line`; gives what is left out of it.
fn html_block(
    paragraphs: &mut Paragraphs,
    kinds: &[Around],
    line: u32,
    text: &str,
) -> Vec<LeftOut> {
    let page = html::read(text, html::Kind::Chapter);
    let before = paragraphs.len();
    let mut lines = page.lines;
    for made in &mut lines {
        made.number = made.number.saturating_add(line - 1);
        if made.role.is_none()
            && let Some(&Around { kind, .. }) = kinds.last()
        {
            made.role = Some(Role::new(kind));
        }
    }
    paragraphs.append(lines);
    if page.begins_article {
        paragraphs.begin_article();
    }
    let mut left_out = page.left_out;
    for piece in &mut left_out {
        piece.line = piece.line.saturating_add(line - 1);
        piece.before += before;
    }
    left_out
}

/// What the paragraphs at hand stand in.
#[derive(Clone, Copy)]
struct Around {
    kind: BlockKind,
    position: Option<Position>,
    /// How many paragraphs there were before it.
    before: usize,
}

/// Lists that are open, and the table at hand.
#[derive(Default)]
struct Places {
    /// The number of each list's next item, where it is an ordered one; the innermost is last.
    lists: Vec<Option<u32>>,
    row: u16,
    column: u16,
}

impl Places {
    fn item(&mut self) -> Option<Position> {
        let depth = u8::try_from(self.lists.len()).unwrap_or(u8::MAX);
        let next = self.lists.last_mut()?;
        let number = *next;
        *next = number.map(|number| number.saturating_add(1));
        Some(Position::Item {
            depth,
            number,
            continues: false,
        })
    }

    fn cell(&mut self) -> Position {
        self.column = self.column.saturating_add(1);
        Position::Cell {
            row: self.row,
            column: self.column,
            rows: 1,
            columns: 1,
            header: self.row == 1,
        }
    }
}

fn begin(
    paragraphs: &mut Paragraphs,
    kinds: &mut Vec<Around>,
    kind: BlockKind,
    position: Option<Position>,
) {
    paragraphs.end();
    kinds.push(Around {
        kind,
        position,
        before: paragraphs.len(),
    });
    set(paragraphs, kinds);
}

fn set(paragraphs: &mut Paragraphs, kinds: &[Around]) {
    match kinds.last() {
        Some(around) => {
            paragraphs.set_role(around.kind, None);
            let mut position = around.position;
            if let Some(Position::Item { continues, .. }) = &mut position {
                *continues = paragraphs.len() > around.before;
            }
            paragraphs.set_position(position);
        }
        None if paragraphs.role().is_some() => paragraphs.set_role(BlockKind::Paragraph, None),
        None => {}
    }
}

/// Reads the simple `key: value` lines of the front matter, and lists of names; gives the title.
fn front_matter(text: &str, meta: &mut Meta) -> Option<String> {
    let mut title = None;
    let mut in_authors = false;
    for line in text.lines() {
        let unquoted = |value: &str| value.trim().trim_matches(['"', '\'']).trim().to_owned();
        if let Some(name) = line.trim_start().strip_prefix("- ") {
            if in_authors {
                meta.authors.push(unquoted(name));
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let key = key.trim().to_ascii_lowercase();
        in_authors = matches!(key.as_str(), "author" | "authors");
        let value = unquoted(value);
        if value.is_empty() {
            continue;
        }
        match key.as_str() {
            "title" => title = Some(value),
            "author" | "authors" => {
                meta.authors = value
                    .trim_matches(['[', ']'])
                    .split([',', '，', '、'])
                    .map(unquoted)
                    .filter(|name| !name.is_empty())
                    .collect();
            }
            "date" => meta.date = super::iso_date(&value),
            "outlet" | "source" => meta.outlet = Some(value),
            "section" => meta.section = Some(value),
            "address" | "url" => meta.address = Some(value),
            "rights" => meta.rights = Some(value),
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
