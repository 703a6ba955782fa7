//! HTML: the body of an article, out of a page with menus, advertisements and scripts.
//!
//! html5ever's tokenizer reads the page as browsers do, with character references and scripts, and
//! tells the line of each token; the elements that make paragraphs are followed here, without a
//! tree, so that no page is too deep. Text of a page with `article` or `main` elements is that of
//! these; else it is that of the container that holds most running text.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::paragraph::Paragraphs;
use crate::model::{BlockKind, CodeKind, Line, Meta};

/// What a page gives.
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) meta: Meta,
}

/// Reads a page or a chapter. `whole` takes all text of the body, as for a chapter of a book.
pub(super) fn read(html: &str, whole: bool) -> Page {
    let sink = Sink(RefCell::new(Reader::new()));
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // The sink never stops the tokenizer (scripts are not run), so that once is enough.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish(whole)
}

struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match token {
            Token::TagToken(tag) => return reader.tag(&tag, line),
            Token::CharacterTokens(text) => reader.text(&text, line),
            Token::CommentToken(comment) if comment.trim() == super::ARTICLE_MARK => {
                reader.paragraphs.end();
                reader.paragraphs.begin_article();
                reader.marked = true;
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Where a paragraph stands.
#[derive(Clone, Copy)]
struct Place {
    /// The innermost element that groups paragraphs, numbered in the order of their start.
    container: usize,
    /// The `article` or `main` element that it stands in, zero outside.
    article: usize,
}

struct Reader {
    paragraphs: Paragraphs,
    /// The place of each paragraph that is done.
    places: Vec<Place>,
    /// Elements that are open, as far as they matter.
    open: Vec<Element>,
    containers: usize,
    articles: usize,
    /// Depth in elements whose text is no text of the article.
    skipped: usize,
    title: Option<String>,
    in_title: bool,
    names: BTreeMap<String, String>,
    /// Line breaks in a row.
    breaks: usize,
    preformatted: usize,
    marked: bool,
    /// Whether a script or a style sheet is open: its text comes between its tags.
    raw: bool,
}

struct Element {
    name: String,
    container: usize,
    article: usize,
    /// The paragraphs inside are of this kind.
    kind: Option<BlockKind>,
}

/// Deeper elements are read as if they stood at this depth.
const DEEPEST: usize = 512;

fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "nav"
            | "aside"
            | "footer"
            | "form"
            | "button"
            | "select"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "audio"
            | "video"
            | "dialog"
            | "menu"
    )
}

fn is_raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

fn is_container(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "main"
            | "body"
            | "td"
            | "th"
            | "blockquote"
            | "ul"
            | "ol"
            | "dl"
            | "figure"
            | "header"
            | "center"
            | "table"
    )
}

/// Elements before and after which a paragraph ends.
fn is_block(name: &str) -> bool {
    is_container(name)
        || matches!(
            name,
            "p" | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "li"
                | "dt"
                | "dd"
                | "pre"
                | "address"
                | "figcaption"
                | "caption"
                | "tr"
                | "hr"
                | "details"
                | "summary"
                | "fieldset"
                | "tbody"
                | "thead"
                | "tfoot"
                | "html"
                | "head"
                | "hgroup"
        )
}

fn inline_kind(name: &str) -> Option<CodeKind> {
    Some(match name {
        "b" | "strong" => CodeKind::Bold,
        "i" | "em" | "cite" => CodeKind::Italic,
        "u" | "ins" => CodeKind::Underline,
        "sup" => CodeKind::Superscript,
        "sub" => CodeKind::Subscript,
        "ruby" | "mark" | "s" | "del" | "code" | "small" => CodeKind::Other(name.to_owned()),
        _ => return None,
    })
}

impl Reader {
    fn new() -> Self {
        Self {
            paragraphs: Paragraphs::default(),
            places: Vec::new(),
            open: Vec::new(),
            containers: 0,
            articles: 0,
            skipped: 0,
            title: None,
            in_title: false,
            names: BTreeMap::new(),
            breaks: 0,
            preformatted: 0,
            marked: false,
            raw: false,
        }
    }

    fn tag(&mut self, tag: &Tag, line: u32) -> TokenSinkResult<()> {
        let name = tag.name.as_ref();
        let starts = tag.kind == TagKind::StartTag;
        if name == "title" {
            self.in_title = starts && self.title.is_none();
        }
        if matches!(
            name,
            "script" | "style" | "xmp" | "noembed" | "noframes" | "textarea"
        ) {
            self.raw = starts && !tag.self_closing;
        }
        if name == "meta" && starts {
            self.meta(tag);
        }
        if is_skipped(name) {
            self.end_paragraph();
            if starts && !tag.self_closing {
                self.skipped += 1;
            } else if !starts {
                self.skipped = self.skipped.saturating_sub(1);
            }
        }
        if name == "br" {
            self.line_break();
        } else if is_block(name) {
            self.end_paragraph();
            if starts {
                self.start(name);
            } else {
                self.finish_element(name);
            }
        } else if name == "img" && starts {
            self.image(tag, line);
        } else if name == "a" {
            match attribute(tag, "href") {
                Some(address) if starts => self.paragraphs.open("a", CodeKind::Link(address)),
                _ if !starts => self.paragraphs.close("a"),
                _ => {}
            }
        } else if let Some(kind) = inline_kind(name) {
            if starts && !tag.self_closing {
                self.paragraphs.open(name, kind);
            } else {
                self.paragraphs.close(name);
            }
        }
        match is_raw(name) {
            Some(kind) if starts && !tag.self_closing => TokenSinkResult::RawData(kind),
            _ => TokenSinkResult::Continue,
        }
    }

    fn start(&mut self, name: &str) {
        let above = self.open.last();
        let (mut container, mut article, mut kind) =
            above.map_or((0, 0, None), |e| (e.container, e.article, e.kind));
        if is_container(name) {
            self.containers += 1;
            container = self.containers;
        }
        if matches!(name, "article" | "main") && article == 0 {
            self.articles += 1;
            article = self.articles;
        }
        match name {
            "blockquote" => kind = Some(BlockKind::Quote),
            "li" | "dd" | "dt" => kind = Some(BlockKind::ListItem),
            "td" | "th" => kind = Some(BlockKind::Table),
            "figcaption" | "caption" => kind = Some(BlockKind::Caption),
            "pre" => self.preformatted += 1,
            _ => {}
        }
        if self.open.len() < DEEPEST {
            self.open.push(Element {
                name: name.to_owned(),
                container,
                article,
                kind,
            });
        }
        let level = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok());
        match (level, kind) {
            (Some(1), _) => self.paragraphs.set_role(BlockKind::Title, None),
            (Some(level), _) => self.paragraphs.set_role(BlockKind::Heading, Some(level)),
            (None, Some(kind)) => self.paragraphs.set_role(kind, None),
            _ => {}
        }
    }

    fn finish_element(&mut self, name: &str) {
        if name == "pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        // The innermost open element of that name; what is not closed in it is closed with it.
        let from = self.open.len().saturating_sub(32);
        if let Some(at) = self.open[from..].iter().rposition(|e| e.name == name) {
            self.open.truncate(from + at);
        }
        if let Some(kind) = self.open.last().and_then(|element| element.kind) {
            self.paragraphs.set_role(kind, None);
        }
    }

    fn end_paragraph(&mut self) {
        self.breaks = 0;
        let had_text = !self.paragraphs.is_blank();
        self.paragraphs.end();
        if had_text {
            let place = self.open.last().map_or(
                Place {
                    container: 0,
                    article: 0,
                },
                |element| Place {
                    container: element.container,
                    article: element.article,
                },
            );
            self.places.push(place);
        }
        if let Some(kind) = self.open.last().and_then(|element| element.kind) {
            self.paragraphs.set_role(kind, None);
        }
    }

    fn text(&mut self, text: &str, line: u32) {
        if self.in_title {
            self.title.get_or_insert_default().push_str(text);
            return;
        }
        if self.skipped > 0
            || self
                .open
                .last()
                .is_some_and(|element| element.name == "head")
        {
            return;
        }
        if self.raw {
            return;
        }
        // Pages that set paragraphs off with line breaks indent them too.
        if self.breaks > 0
            && text
                .trim_start_matches(['\n', '\r', ' '])
                .starts_with('\u{3000}')
        {
            self.end_paragraph();
        } else if self.breaks > 0 && !text.trim().is_empty() {
            if !self.paragraphs.is_blank() {
                self.paragraphs.placeholder(CodeKind::LineBreak);
            }
            self.breaks = 0;
        }
        // The token's line is that of its end.
        let first = line.saturating_sub(super::paragraph::lines_in(text)).max(1);
        if self.preformatted > 0 {
            for (i, part) in text.split('\n').enumerate() {
                if i > 0 {
                    self.end_paragraph();
                }
                let place = first.saturating_add(u32::try_from(i).unwrap_or(u32::MAX));
                self.paragraphs.text(part, place);
            }
        } else {
            self.paragraphs.collapsed(text, first);
        }
    }

    fn line_break(&mut self) {
        if self.skipped > 0 {
            return;
        }
        self.breaks += 1;
        if self.breaks >= 2 {
            self.end_paragraph();
        }
    }

    /// An image in the midst of text is a code of it; one that stands before any is a paragraph, the
    /// caption that a reader is given who can't see it.
    fn image(&mut self, tag: &Tag, line: u32) {
        if self.skipped > 0 {
            return;
        }
        let Some(src) = attribute(tag, "src") else {
            return;
        };
        let alt = attribute(tag, "alt").unwrap_or_default();
        let heads = matches!(
            self.paragraphs.role(),
            Some(BlockKind::Title | BlockKind::Heading)
        );
        if !self.paragraphs.is_blank() || heads && !alt.trim().is_empty() {
            self.paragraphs.placeholder(CodeKind::Image { src, alt });
        } else if !alt.trim().is_empty() {
            self.paragraphs.set_role(BlockKind::Caption, None);
            let kind = CodeKind::Image {
                src,
                alt: String::new(),
            };
            self.paragraphs.open("img", kind);
            self.paragraphs.collapsed(&alt, line);
            self.paragraphs.close("img");
            self.end_paragraph();
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "name").or_else(|| attribute(tag, "property"));
        if let (Some(name), Some(content)) = (name, attribute(tag, "content"))
            && self.names.len() < 256
        {
            self.names
                .entry(name.to_ascii_lowercase())
                .or_insert(content);
        }
    }

    fn finish(mut self, whole: bool) -> Page {
        self.end_paragraph();
        let places = std::mem::take(&mut self.places);
        let marked = self.marked;
        let (lines, places) = without_repeated_captions(self.paragraphs.finish(), places);
        let kept = if whole || marked {
            lines
        } else {
            article_lines(lines, &places, self.articles > 0)
        };
        let mut meta = Meta::default();
        let get = |keys: &[&str]| {
            keys.iter()
                .find_map(|key| self.names.get(*key))
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        meta.outlet = get(&["og:site_name", "source", "mediaid"]);
        meta.address = get(&["og:url"]);
        meta.section = get(&["article:section"]);
        meta.rights = get(&["copyright", "rights"]);
        meta.authors = get(&["author"]).into_iter().collect();
        meta.date = get(&["article:published_time", "publishdate", "pubdate", "date"])
            .and_then(|date| super::iso_date(&date));
        let title = self.title.as_deref().map(without_site).unwrap_or_default();
        Page {
            lines: with_title(kept, title, whole),
            meta,
        }
    }
}

/// Leaves out captions from images' texts that only say what stands beside them: a caption of the
/// page's own, or a headline.
fn without_repeated_captions(lines: Vec<Line>, places: Vec<Place>) -> (Vec<Line>, Vec<Place>) {
    if lines.len() != places.len() {
        return (lines, places);
    }
    let is_repeated = |i: usize| {
        let text = lines[i].text.trim();
        let beside = |j: Option<usize>| {
            j.and_then(|j| lines.get(j))
                .is_some_and(|line| line.text.trim() == text)
        };
        is_image(&lines[i]) && (beside(i.checked_sub(1)) || beside(i.checked_add(1)))
    };
    let kept: Vec<bool> = (0..lines.len()).map(|i| !is_repeated(i)).collect();
    lines
        .into_iter()
        .zip(places)
        .zip(kept)
        .filter_map(|(both, kept)| kept.then_some(both))
        .unzip()
}

/// Whether a line is the text of an image.
fn is_image(line: &Line) -> bool {
    line.role.is_some_and(|role| role.kind == BlockKind::Caption)
        && line.codes.iter().any(|(_, code)| {
            matches!(code, crate::model::Inline::Open(code) if matches!(code.kind, CodeKind::Image { .. }))
        })
}

/// The paragraphs of the article: those in `article` or `main`, else those of the container with
/// most running text, with the title above it.
fn article_lines(lines: Vec<Line>, places: &[Place], has_article: bool) -> Vec<Line> {
    if lines.is_empty() {
        return lines;
    }
    let prose = |line: &Line| {
        let length = line.text.chars().count();
        if length >= 15 && line.text.contains(['。', '，', '.', ',', '！', '？']) {
            length
        } else {
            0
        }
    };
    if has_article {
        let in_article = |place: &Place| place.article > 0;
        let inside: usize = lines
            .iter()
            .zip(places)
            .filter(|(_, p)| in_article(p))
            .map(|(l, _)| prose(l))
            .sum();
        if inside > 0 {
            return mark_articles(lines, places);
        }
    }
    let mut weights: BTreeMap<usize, usize> = BTreeMap::new();
    for (line, place) in lines.iter().zip(places) {
        *weights.entry(place.container).or_default() += prose(line);
    }
    let best = weights
        .iter()
        .max_by_key(|&(container, weight)| (*weight, std::cmp::Reverse(*container)))
        .map_or(0, |(container, _)| *container);
    // From the title to the last paragraph of that container; what is linked all through (lists of
    // other articles) is left out.
    let last = places
        .iter()
        .rposition(|place| place.container == best)
        .unwrap_or(0);
    let first_prose = places
        .iter()
        .position(|place| place.container == best)
        .unwrap_or(0);
    let first = lines[..=first_prose.min(lines.len().saturating_sub(1))]
        .iter()
        .rposition(|line| line.role.is_some_and(|role| role.kind == BlockKind::Title))
        .unwrap_or(first_prose);
    lines
        .into_iter()
        .enumerate()
        .filter(|(i, line)| (first..=last).contains(i) && !is_all_link(line))
        .map(|(_, line)| line)
        .collect()
}

/// The paragraphs inside `article` elements; each begins an article.
fn mark_articles(lines: Vec<Line>, places: &[Place]) -> Vec<Line> {
    let mut current = 0;
    let mut kept: Vec<Line> = Vec::new();
    for (mut line, place) in lines.into_iter().zip(places) {
        if place.article == 0 || is_all_link(&line) {
            continue;
        }
        if place.article != current {
            if current != 0 {
                let mut role = line.role.unwrap_or(crate::model::Role {
                    kind: BlockKind::Paragraph,
                    level: None,
                    begins_article: true,
                });
                role.begins_article = true;
                line.role = Some(role);
            }
            current = place.article;
        }
        kept.push(line);
    }
    kept
}

/// A line that is one link and no sentence: navigation.
fn is_all_link(line: &Line) -> bool {
    use crate::model::Inline;
    let first = line.codes.first();
    let last = line.codes.last();
    let head = |at: usize| line.text[..at].trim().is_empty();
    let foot = |at: usize| line.text[at..].trim().is_empty();
    // A picture that links to its larger self is no navigation.
    let enlarges = |address: &str| {
        let address = address.to_ascii_lowercase();
        [".jpg", ".jpeg", ".png", ".gif", ".webp"]
            .iter()
            .any(|ending| address.ends_with(ending))
    };
    if let Some((_, Inline::Open(code))) = first
        && matches!(&code.kind, CodeKind::Link(address) if enlarges(address))
        && is_image(line)
    {
        return false;
    }
    matches!(first, Some((at, Inline::Open(code))) if head(*at) && matches!(code.kind, CodeKind::Link(_)))
        && matches!(last, Some((at, Inline::Close(_))) if foot(*at))
        && !line.text.contains('。')
        && line.role.is_none_or(|role| role.kind != BlockKind::Title)
}

/// A page's title without the site's name behind it.
fn without_site(title: &str) -> &str {
    let title = title.trim();
    let cut = [" - ", "_", " | ", "|", "--", " – ", " — "]
        .iter()
        .filter_map(|mark| title.find(mark))
        .min();
    match cut {
        Some(at) if title[..at].trim().chars().count() >= 4 => title[..at].trim(),
        _ => title,
    }
}

/// Puts the page's title first where the text has none of its own.
fn with_title(mut lines: Vec<Line>, title: &str, whole: bool) -> Vec<Line> {
    let has_title = lines
        .iter()
        .any(|line| line.role.is_some_and(|role| role.kind == BlockKind::Title));
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    if whole || has_title || title.is_empty() || lines.is_empty() {
        return lines;
    }
    if let Some(line) = lines
        .iter_mut()
        .take(3)
        .find(|line| squeeze(&line.text) == squeeze(title))
    {
        line.role = Some(crate::model::Role {
            kind: BlockKind::Title,
            level: None,
            begins_article: false,
        });
        return lines;
    }
    let mut paragraphs = Paragraphs::default();
    paragraphs.set_role(BlockKind::Title, None);
    paragraphs.text(title, 1);
    let mut with = paragraphs.finish();
    if let Some(first) = lines.first_mut() {
        first.blank_before = 1;
    }
    with.append(&mut lines);
    with
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| attribute.value.to_string())
}
