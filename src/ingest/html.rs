//! HTML: the body of an article, out of a page with menus, advertisements and scripts.
//!
//! html5ever's tokenizer reads the page as browsers do, with character references and scripts, and
//! tells the line of each token; the elements that make paragraphs are followed here, without a
//! tree, so that no page is too deep. [`furniture`] says what of a page is not its article; that is
//! left out, and told. [`elements`] is what the names of elements mean, [`title`] how the page's title
//! and its text go together.

mod elements;
mod furniture;
mod position;
mod title;

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use self::elements::{inline_kind, is_block, is_container, is_raw, is_set_aside};
use self::furniture::{Doubt, Place, Region};
use self::position::{Group, group, position};
use self::title::{with_title, without_site};
use super::paragraph::Paragraphs;
use crate::model::{BlockKind, CodeKind, LeftOut, Line, Meta, Position};

/// What a page gives.
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// What is not part of the article.
    pub(super) left_out: Vec<LeftOut>,
    pub(super) meta: Meta,
    /// Whether a new article begins behind it.
    pub(super) begins_article: bool,
}

/// The rule that names what is left out of a page.
const FURNITURE: &str = "page.furniture";

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page of a site, with an article or several in it.
    Page,
    /// A chapter of a book, or a piece of a text: all of it is text.
    Chapter,
}

/// Reads a page or a chapter.
pub(super) fn read(html: &str, kind: Kind) -> Page {
    let sink = Sink(RefCell::new(Reader::new(kind)));
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // The sink never stops the tokenizer (scripts are not run), so that once is enough.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
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

struct Reader {
    kind: Kind,
    paragraphs: Paragraphs,
    /// The place of each paragraph that is done.
    places: Vec<Place>,
    /// Elements that are open, as far as they matter.
    open: Vec<Element>,
    containers: usize,
    articles: usize,
    regions: Vec<Region>,
    /// The element at hand whose text is none of the article's, and how often it is open.
    aside: Option<(String, usize)>,
    /// Its text so far, and the line where that begins.
    aside_text: String,
    aside_line: u32,
    /// The text of these elements, with the number of paragraphs before it.
    set_aside: Vec<(usize, LeftOut)>,
    ruby: Ruby,
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

/// Readings of characters, which are set in brackets behind the word.
#[derive(Default)]
struct Ruby {
    /// How many `ruby` elements are open.
    depth: usize,
    /// Whether text is a reading (`rt`), or a bracket around one (`rp`).
    part: Option<&'static str>,
    readings: Vec<String>,
}

struct Element {
    name: String,
    place: Place,
    /// The paragraphs inside are of this kind.
    kind: Option<BlockKind>,
    /// Where they stand in a list or table.
    position: Option<Position>,
    /// The list or table that it is.
    group: Option<Group>,
}

/// Deeper elements are read as if they stood at this depth.
const DEEPEST: usize = 512;

impl Reader {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            paragraphs: Paragraphs::default(),
            places: Vec::new(),
            open: Vec::new(),
            containers: 0,
            articles: 0,
            regions: Vec::new(),
            aside: None,
            aside_text: String::new(),
            aside_line: 1,
            set_aside: Vec::new(),
            ruby: Ruby::default(),
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
        let result = match is_raw(name) {
            Some(kind) if starts && !tag.self_closing => TokenSinkResult::RawData(kind),
            _ => TokenSinkResult::Continue,
        };
        if self.is_set_aside(name, starts, tag.self_closing) {
            return result;
        }
        if name == "title" {
            self.in_title = starts && self.title.is_none();
        }
        if matches!(
            name,
            "script" | "style" | "template" | "xmp" | "noembed" | "noframes"
        ) {
            self.raw = starts && !tag.self_closing;
        }
        if name == "meta" && starts {
            self.meta(tag);
        }
        match name {
            "br" => self.line_break(),
            "ruby" | "rt" | "rp" | "rb" | "rtc" => self.ruby(name, starts),
            name if is_block(name) => {
                self.end_paragraph();
                if starts {
                    self.start(tag);
                } else {
                    self.finish_element(name);
                }
            }
            "img" if starts => self.image(tag, line),
            "a" => match attribute(tag, "href") {
                Some(address) if starts => self.paragraphs.open("a", CodeKind::Link(address)),
                _ if !starts => self.paragraphs.close("a"),
                _ => {}
            },
            name => {
                if let Some(kind) = inline_kind(name) {
                    if starts && !tag.self_closing {
                        self.paragraphs.open(name, kind);
                    } else {
                        self.paragraphs.close(name);
                    }
                }
            }
        }
        result
    }

    /// Follows the elements whose text is set aside; whether this tag belongs to one.
    fn is_set_aside(&mut self, name: &str, starts: bool, self_closing: bool) -> bool {
        match &mut self.aside {
            Some((open, depth)) if open == name => {
                if starts && !self_closing {
                    *depth += 1;
                } else if !starts {
                    *depth -= 1;
                }
                if *depth == 0 {
                    self.end_aside();
                }
                true
            }
            // Pages are not well formed: what holds a control ends it.
            Some((open, _))
                if matches!(open.as_str(), "button" | "select")
                    && (matches!(
                        name,
                        "p" | "h1" | "h2" | "h3" | "article" | "table" | "form"
                    ) || name == "div" && !starts) =>
            {
                self.end_aside();
                false
            }
            Some(_) => {
                self.aside_text.push(' ');
                true
            }
            None if starts && is_set_aside(name) => {
                if !self_closing {
                    self.aside = Some((name.to_owned(), 1));
                }
                true
            }
            None => is_set_aside(name),
        }
    }

    /// Ends what an element ends without a tag of its own.
    fn imply_ends(&mut self, name: &str) {
        if self.open.last().is_some_and(|above| above.name == "p") {
            self.open.pop();
        }
        let (same, within): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            _ => return,
        };
        for at in (0..self.open.len()).rev().take(32) {
            let above = self.open[at].name.as_str();
            if same.contains(&above) {
                self.open.truncate(at);
                return;
            }
            if within.contains(&above) {
                return;
            }
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name.as_ref();
        self.imply_ends(name);
        if name == "hr" {
            return;
        }
        let above = self.open.last();
        let (mut place, mut kind) = above.map_or((Place::default(), None), |e| (e.place, e.kind));
        if is_container(name) {
            self.containers += 1;
            let is_cell = matches!(name, "td" | "th");
            place.table = match place.table {
                0 if is_cell => place.container,
                table if is_cell => table,
                _ => 0,
            };
            if name == "table" || (is_cell && place.table == 0) {
                place.table = self.containers;
            }
            place.container = self.containers;
        }
        if matches!(name, "article" | "main") && place.article == 0 {
            self.articles += 1;
            place.article = self.articles;
        }
        if let Some(doubt) = self.doubt(tag) {
            self.regions.push(Region {
                doubt,
                above: place.region,
            });
            place.region = self.regions.len();
        }
        match name {
            "blockquote" => kind = Some(BlockKind::Quote),
            "li" | "dd" | "dt" => kind = Some(BlockKind::ListItem),
            "td" | "th" => kind = Some(BlockKind::Table),
            "figcaption" | "caption" => kind = Some(BlockKind::Caption),
            "pre" => self.preformatted += 1,
            _ => {}
        }
        let above = self.open.last().and_then(|element| element.position);
        let position = position(tag, &mut self.open).or(above);
        if self.open.len() < DEEPEST {
            self.open.push(Element {
                name: name.to_owned(),
                place,
                kind,
                position,
                group: group(tag, &self.open),
            });
        }
        let level = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok());
        match (level, kind) {
            (Some(1), _) => self.paragraphs.set_role(BlockKind::Title, None),
            (Some(level), _) => self.paragraphs.set_role(BlockKind::Heading, Some(level)),
            (None, Some(_)) => self.set_role(),
            _ => {}
        }
    }

    /// Gives the next paragraph the role of the element that it stands in.
    fn set_role(&mut self) {
        let Some(Element {
            kind: Some(kind),
            position,
            ..
        }) = self.open.last()
        else {
            return;
        };
        self.paragraphs.set_role(*kind, None);
        let fits = matches!(
            (kind, position),
            (BlockKind::ListItem, Some(Position::Item { .. }))
                | (BlockKind::Table, Some(Position::Cell { .. }))
        );
        self.paragraphs.set_position(position.filter(|_| fits));
    }

    /// What follows in the items that are open continues them.
    fn continue_items(&mut self) {
        for element in &mut self.open {
            if let Some(Position::Item { continues, .. }) = &mut element.position {
                *continues = true;
            }
        }
    }

    /// Whether an element may be no part of the text.
    fn doubt(&self, tag: &Tag) -> Option<Doubt> {
        let name = tag.name.as_ref();
        let get = |name| attribute(tag, name).unwrap_or_default();
        match self.kind {
            Kind::Chapter => {
                let types = format!("{} {}", get("epub:type"), get("role"));
                let is_mark = |word: &str| matches!(word, "pagebreak" | "doc-pagebreak");
                (name == "nav" || types.split_whitespace().any(is_mark)).then_some(Doubt::None)
            }
            Kind::Page => {
                let style: String = get("style").split_whitespace().collect();
                let hidden = attribute(tag, "hidden").is_some() || style.contains("display:none");
                let words = format!("{} {}", get("class"), get("id"));
                furniture::doubt(name, &get("role"), &words, hidden)
            }
        }
    }

    /// Follows `ruby` and its parts.
    fn ruby(&mut self, name: &str, starts: bool) {
        if name != "ruby" && self.ruby.depth == 0 {
            return;
        }
        match (name, starts) {
            ("ruby", true) => {
                self.ruby.depth += 1;
                self.ruby.part = None;
            }
            ("ruby", false) => {
                self.ruby.depth = self.ruby.depth.saturating_sub(1);
                self.ruby.part = None;
            }
            ("rt", true) => {
                self.ruby.part = Some("rt");
                self.ruby.readings.push(String::new());
            }
            ("rp", true) => self.ruby.part = Some("rp"),
            ("rb", true) | (_, false) => self.ruby.part = None,
            _ => {}
        }
    }

    /// Sets the readings of the word that is at its end in brackets behind it.
    fn end_ruby(&mut self) {
        let readings = std::mem::take(&mut self.ruby.readings);
        let readings: Vec<&str> = readings
            .iter()
            .map(|reading| reading.trim())
            .filter(|reading| !reading.is_empty())
            .collect();
        if !readings.is_empty() {
            let text = format!("（{}）", readings.join(" "));
            self.paragraphs.behind(&text);
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
        self.set_role();
    }

    fn end_paragraph(&mut self) {
        self.end_ruby();
        self.ruby = Ruby::default();
        self.breaks = 0;
        let had_text = !self.paragraphs.is_blank();
        self.paragraphs.end();
        if had_text {
            let place = self.open.last().map(|element| element.place);
            self.places.push(place.unwrap_or_default());
            self.continue_items();
        }
        self.set_role();
    }

    fn text(&mut self, text: &str, line: u32) {
        if self.in_title {
            self.title.get_or_insert_default().push_str(text);
            return;
        }
        if self.raw || (self.open.last()).is_some_and(|element| element.name == "head") {
            return;
        }
        // The token's line is that of its end.
        let first = line.saturating_sub(super::paragraph::lines_in(text)).max(1);
        if self.aside.is_some() {
            self.set_aside(text, first);
            return;
        }
        match self.ruby.part {
            Some("rt") => {
                if let Some(reading) = self.ruby.readings.last_mut() {
                    reading.push_str(text);
                }
                return;
            }
            Some(_) if !text.contains(char::is_alphanumeric) => return,
            None if self.ruby.depth == 0 && !text.trim().is_empty() => self.end_ruby(),
            _ => {}
        }
        // Pages that set paragraphs off with line breaks indent them too.
        if self.breaks > 0
            && text
                .trim_start_matches(['\n', '\r', ' '])
                .starts_with('\u{3000}')
        {
            self.end_paragraph();
        } else if self.breaks > 0 && !text.trim().is_empty() {
            self.paragraphs.line_break();
            self.breaks = 0;
        }
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

    /// Sets text aside: that of one element is one piece.
    fn set_aside(&mut self, text: &str, line: u32) {
        if self.aside_text.trim().is_empty() {
            self.aside_line = line;
        }
        self.aside_text.push_str(text);
    }

    /// Ends the element whose text is set aside.
    fn end_aside(&mut self) {
        self.aside = None;
        let text = std::mem::take(&mut self.aside_text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            let before = self.places.len() + usize::from(!self.paragraphs.is_blank());
            let piece = LeftOut::new(FURNITURE, self.aside_line, text);
            self.set_aside.push((before, piece));
        }
    }

    fn line_break(&mut self) {
        self.breaks += 1;
        if self.breaks >= 2 {
            self.end_paragraph();
        }
    }

    /// An image in the midst of text is a code of it; one that stands before any is a paragraph, the
    /// caption that a reader is given who can't see it.
    fn image(&mut self, tag: &Tag, line: u32) {
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

    fn finish(mut self) -> Page {
        self.end_aside();
        self.end_paragraph();
        let places = std::mem::take(&mut self.places);
        let begins_article = self.paragraphs.begins_article();
        let lines = std::mem::take(&mut self.paragraphs).finish();
        let title = self.title.as_deref().map(without_site).unwrap_or_default();
        let get = |keys: &[&str]| {
            keys.iter()
                .find_map(|key| self.names.get(*key))
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let meta = Meta {
            outlet: get(&["og:site_name", "source", "mediaid"]),
            address: get(&["og:url"]),
            section: get(&["article:section"]),
            rights: get(&["copyright", "rights"]),
            authors: get(&["author"]).into_iter().collect(),
            date: get(&["article:published_time", "publishdate", "pubdate", "date"])
                .and_then(|date| super::iso_date(&date)),
        };
        let site = get(&["og:site_name"]).or_else(|| {
            let rest = self.title.as_deref()?.trim().strip_prefix(title)?;
            let site = rest.trim_start_matches([' ', '-', '_', '|', '–', '—']);
            (!site.is_empty()).then(|| site.to_owned())
        });
        let lists = self.kind == Kind::Page && !self.marked;
        let is_out = furniture::find(&lines, &places, &self.regions, site.as_deref(), lists);
        let repeated = repeated_captions(&lines);
        let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
        let mut left_out: Vec<LeftOut> = Vec::new();
        let mut set_aside = self.set_aside.into_iter().peekable();
        let mut article = 0;
        for (i, mut line) in lines.into_iter().enumerate() {
            while let Some((_, piece)) = set_aside.next_if(|(before, _)| *before <= i) {
                left_out.push(piece.before(kept.len()));
            }
            if repeated[i] {
                continue;
            }
            if is_out[i] {
                let piece = LeftOut::new(FURNITURE, line.number, line.text.trim().to_owned());
                left_out.push(piece.before(kept.len()));
                continue;
            }
            let place = places[i];
            if place.article != 0 && place.article != article && lists {
                if article != 0 {
                    line.begin_article();
                }
                article = place.article;
            }
            kept.push(line);
        }
        left_out.extend(set_aside.map(|(_, piece)| piece.before(kept.len())));
        let before = kept.len();
        let lines = match self.kind {
            Kind::Page => with_title(kept, title),
            Kind::Chapter => kept,
        };
        // The page's title stands before all.
        for piece in &mut left_out {
            if piece.before > 0 {
                piece.before += lines.len() - before;
            }
        }
        Page {
            lines,
            left_out,
            meta,
            begins_article,
        }
    }
}

/// Says of each line whether it is the text of an image that only says what stands beside it: a
/// caption of the page's own, or a headline.
fn repeated_captions(lines: &[Line]) -> Vec<bool> {
    let is_repeated = |i: usize| {
        let text = lines[i].text.trim();
        let beside = |j: Option<usize>| {
            j.and_then(|j| lines.get(j))
                .is_some_and(|line| line.text.trim() == text)
        };
        is_image(&lines[i]) && (beside(i.checked_sub(1)) || beside(i.checked_add(1)))
    };
    (0..lines.len()).map(is_repeated).collect()
}

/// Whether a line is the text of an image.
fn is_image(line: &Line) -> bool {
    line.role.is_some_and(|role| role.kind == BlockKind::Caption)
        && line.codes.iter().any(|(_, code)| {
            matches!(code, crate::model::Inline::Open(code) if matches!(code.kind, CodeKind::Image { .. }))
        })
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| attribute.value.to_string())
}
