//! An article's text as markup, in any edition and for the web.

mod table;

use std::collections::BTreeMap;
use std::fmt::Write;

use self::table::Grid;
use super::bead::{Bead, beads};
use super::html::{Dialect, Flow, escape, language};
use super::phrases::{Phrases, spoken};
use crate::model::{Article, Block, BlockKind, Edition, Lang, Position, SegmentId};

/// How an article is set.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub edition: Edition,
    pub target: &'a Lang,
    /// HTML marks each sentence with its id; a book, which nothing links into, does not.
    pub dialect: Dialect,
}

/// A `header` (kicker, title, standfirst) and the blocks below it. The title has the id `title`
/// in books.
pub(super) fn text(article: &Article, setting: Setting<'_>) -> String {
    let mut covers: BTreeMap<&SegmentId, Vec<&SegmentId>> = BTreeMap::new();
    for segment in article.segments() {
        if let Some(leader) = segment.covered_by(setting.target) {
            covers.entry(leader).or_default().push(&segment.id);
        }
    }
    let mut page = Page {
        article,
        setting,
        covers,
        html: String::new(),
        notes: Vec::new(),
        above: Vec::new(),
        bullets: false,
    };
    page.write();
    page.html
}

/// A book's chapter: the text in a `section`.
pub(super) fn chapter(article: &Article, edition: Edition, target: &Lang) -> String {
    let setting = Setting {
        edition,
        target,
        dialect: Dialect::Xhtml,
    };
    format!(
        "<section class=\"article\" epub:type=\"chapter\" role=\"doc-chapter\" \
         aria-labelledby=\"title\">\n{}</section>\n",
        text(article, setting)
    )
}

/// The title of an article in one language, for lists of contents.
pub(super) fn title(article: &Article, lang: &Lang, target: &Lang) -> String {
    match article.first_of(BlockKind::Title) {
        Some(block) => plain(block, lang, target),
        None => article.title(),
    }
}

/// The headings below the title: id and text in one language.
pub(super) fn headings<'a>(
    article: &'a Article,
    lang: &'a Lang,
    target: &'a Lang,
) -> impl Iterator<Item = (&'a str, String)> {
    article
        .blocks
        .iter()
        .filter(move |block| block.kind == BlockKind::Heading && is_shown(block, lang, target))
        .map(move |block| (block.id.as_str(), plain(block, lang, target)))
}

/// Whether a block stands in an edition in this language alone: a translation may say what it says
/// in another block.
fn is_shown(block: &Block, lang: &Lang, target: &Lang) -> bool {
    lang != target || !is_said_elsewhere(&beads(block, target))
}

fn is_said_elsewhere(beads: &[Bead<'_>]) -> bool {
    beads.iter().all(|bead| bead.covered)
}

/// A block's text in one language, without codes; the source's where the translation says it in
/// another block.
pub(super) fn plain(block: &Block, lang: &Lang, target: &Lang) -> String {
    if lang != target {
        return block.text();
    }
    let beads = beads(block, target);
    if is_said_elsewhere(&beads) {
        return block.text();
    }
    if beads.iter().all(|bead| bead.target.is_none()) {
        return Phrases::of(target).missing.to_owned();
    }
    let mut text = String::new();
    for bead in beads.iter().filter(|bead| !bead.covered) {
        let sentence = bead.target.map_or_else(
            || Phrases::of(target).missing.to_owned(),
            |target| target.content.text(),
        );
        join(&mut text, target);
        text.push_str(&sentence);
    }
    text
}

fn join(text: &mut String, lang: &Lang) {
    if lang.separates_with_spaces() && !text.is_empty() && !text.ends_with(char::is_whitespace) {
        text.push(' ');
    }
}

/// The element that a kind of block is set in, around its pair and around each language.
struct Shape {
    outer: &'static str,
    inner: &'static str,
    class: &'static str,
}

impl Shape {
    /// `depth` is how many headings a heading stands below, itself among them.
    fn of(block: &Block, main_title: bool, depth: usize) -> Self {
        let shape = |outer, inner, class| Self {
            outer,
            inner,
            class,
        };
        match block.kind {
            BlockKind::Title if main_title => shape("h1", "span", "title"),
            BlockKind::Title => shape("div", "p", "title"),
            BlockKind::Kicker => shape("div", "p", "kicker"),
            BlockKind::Standfirst => shape("div", "p", "standfirst"),
            BlockKind::Heading => match depth {
                ..=1 => shape("h2", "span", "heading"),
                2 => shape("h3", "span", "heading"),
                3.. => shape("h4", "span", "heading"),
            },
            BlockKind::Paragraph | BlockKind::Table => shape("div", "p", "paragraph"),
            BlockKind::ListItem => match block.position {
                Some(Position::Item { depth: 2, .. }) => shape("li", "p", "item inner"),
                Some(Position::Item { depth: 3.., .. }) => shape("li", "p", "item innermost"),
                _ => shape("li", "p", "item"),
            },
            BlockKind::Quote => shape("blockquote", "p", "quote"),
            BlockKind::Byline => shape("div", "p", "byline"),
            BlockKind::Caption | BlockKind::Figure => shape("div", "p", "caption"),
            BlockKind::Note => shape("div", "p", "note"),
        }
    }

    /// Whether it is a line that names what follows, and so shows both languages at once even
    /// where the translation is hidden in notes.
    fn is_heading(&self) -> bool {
        self.inner == "span" || matches!(self.class, "title" | "kicker")
    }

    /// The element where one language stands alone.
    fn alone(&self) -> &'static str {
        match self.outer {
            "div" => "p",
            outer => outer,
        }
    }
}

/// Pairs whose source is shorter than this many characters are kept on one page; longer ones may
/// break, or an e-reader would leave half a page blank.
const SHORT: usize = 60;

struct Page<'a> {
    article: &'a Article,
    setting: Setting<'a>,
    /// The sentences that a sentence's target covers beside its own.
    covers: BTreeMap<&'a SegmentId, Vec<&'a SegmentId>>,
    html: String,
    /// The notes of a study edition: markup.
    notes: Vec<String>,
    /// The levels of the headings that the text at hand stands below.
    above: Vec<u8>,
    /// Whether the reader's program sets the bullets of the list at hand.
    bullets: bool,
}

/// One language of a block.
struct Side {
    class: &'static str,
    /// The attributes that name the language.
    lang: String,
    html: String,
}

impl Page<'_> {
    fn write(&mut self) {
        let article = self.article;
        let opens = |block: &&Block| {
            matches!(
                block.kind,
                BlockKind::Title | BlockKind::Kicker | BlockKind::Standfirst
            )
        };
        let opening = article.blocks.iter().take_while(opens).count();
        let (head, body) = article.blocks.split_at(opening);
        // A kicker stands above the headline in print, wherever the source file has it.
        let mut head: Vec<&Block> = head.iter().collect();
        head.sort_by_key(|block| match block.kind {
            BlockKind::Kicker => 0,
            BlockKind::Title => 1,
            _ => 2,
        });
        self.html.push_str("<header>\n");
        let mut titled = false;
        for block in head {
            let is_title = !titled && block.kind == BlockKind::Title;
            self.block(block, is_title);
            titled |= is_title;
        }
        if !titled {
            let _ = writeln!(
                self.html,
                "<h1 id=\"title\">{}</h1>",
                escape(&article.title())
            );
        }
        self.html.push_str("</header>\n");
        let mut rest = body;
        while !rest.is_empty() {
            let is_item = |block: &&Block| block.kind == BlockKind::ListItem;
            let items = rest.iter().take_while(is_item).count();
            let cells = table::length(rest);
            let length = items.max(cells).max(1);
            let (run, others) = rest.split_at(length);
            rest = others;
            match Grid::of(&run[..cells]) {
                Some(grid) => self.table(&grid),
                None if items > 0 => self.list(run),
                None => run.iter().for_each(|block| self.block(block, false)),
            }
        }
        self.write_notes();
    }

    /// How many headings this one stands below, itself among them: a page whose headings skip a
    /// level can't be found the way through.
    fn depth(&mut self, block: &Block) -> usize {
        if block.kind == BlockKind::Heading {
            let level = block.level.unwrap_or(2);
            while self.above.pop_if(|above| *above >= level).is_some() {}
            self.above.push(level);
        }
        self.above.len()
    }

    fn list(&mut self, items: &[Block]) {
        let has_mark = |block: &Block| {
            let numbered = |position| {
                matches!(
                    position,
                    Position::Item {
                        number: Some(_),
                        ..
                    }
                )
            };
            block.position.is_some_and(numbered) || is_numbered(&block.text())
        };
        let edition = self.setting.edition;
        self.bullets = edition == Edition::Translation && !items.iter().any(has_mark);
        self.html.push_str(if self.bullets {
            "<ul class=\"bullets\">\n"
        } else {
            "<ul>\n"
        });
        for block in items {
            self.block(block, false);
        }
        self.html.push_str("</ul>\n");
    }

    fn write_notes(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        let target = self.setting.target;
        let words = Phrases::of(target);
        let _ = writeln!(
            self.html,
            "<section class=\"notes\" epub:type=\"footnotes\" aria-labelledby=\"notes\">\n\
             <h2 id=\"notes\" {}>{}</h2>",
            language(&spoken(target), self.setting.dialect),
            escape(words.translation)
        );
        for note in self.notes.drain(..) {
            self.html.push_str(&note);
        }
        self.html.push_str("</section>\n");
    }

    fn block(&mut self, block: &Block, main_title: bool) {
        let beads = beads(block, self.setting.target);
        // A heading that is left out is none that others stand below.
        let left_out = self.setting.edition == Edition::Translation && is_said_elsewhere(&beads);
        let depth = if left_out { 0 } else { self.depth(block) };
        let shape = Shape::of(block, main_title, depth);
        let id = match self.setting.dialect {
            // On the web the sentences have the ids.
            Dialect::Html => String::new(),
            Dialect::Xhtml if main_title => " id=\"title\"".to_owned(),
            Dialect::Xhtml => format!(" id=\"{}\"", escape(block.id.as_str())),
        };
        let short = block.text().chars().count() < SHORT;
        match self.setting.edition {
            Edition::Source => {
                let [mark, _] = bullets(block, true);
                self.single(&shape, &id, &self.source_side(&beads, &mark));
            }
            Edition::Translation if left_out => {
                // Every article has a title.
                if main_title {
                    self.single(&shape, &id, &self.source_side(&beads, ""));
                }
            }
            Edition::Translation => {
                let [_, mark] = bullets(block, !self.bullets);
                self.single(&shape, &id, &self.translation_side(&beads, &mark));
            }
            Edition::Study if !shape.is_heading() => {
                let [mark, _] = bullets(block, true);
                let side = self.annotated_side(&beads, &mark);
                self.single(&shape, &id, &side);
            }
            Edition::Interleaved if !shape.is_heading() && beads.len() > 1 => {
                let container = if shape.outer == "div" {
                    "div"
                } else {
                    shape.outer
                };
                let _ = writeln!(self.html, "<{container} class=\"{}\"{id}>", shape.class);
                let sentence = Shape {
                    outer: "div",
                    inner: "p",
                    class: "sentence",
                };
                let mut source = Flow::new(self.setting.dialect);
                let mut target = Flow::new(self.setting.dialect);
                for (at, bead) in beads.iter().enumerate() {
                    let [mark, translated_mark] = bullets(block, at == 0);
                    source.markup(&mark);
                    self.write_source(&mut source, bead);
                    let original = self.original(source.take());
                    if bead.covered {
                        self.pair(&sentence, "", true, &[original]);
                        continue;
                    }
                    target.markup(&translated_mark);
                    self.write_target(&mut target, bead);
                    let html = target.take();
                    let translation = match bead.target {
                        Some(_) => self.translation(html),
                        None => self.missing(),
                    };
                    self.pair(&sentence, "", true, &[original, translation]);
                }
                let _ = writeln!(self.html, "</{container}>");
            }
            _ if is_said_elsewhere(&beads) => {
                let [mark, _] = bullets(block, true);
                let side = self.source_side(&beads, &mark);
                self.pair(&shape, &id, short, &[side]);
            }
            Edition::Bilingual | Edition::Interleaved | Edition::Study => {
                let [mark, translated_mark] = bullets(block, true);
                let sides = [
                    self.source_side(&beads, &mark),
                    self.translation_side(&beads, &translated_mark),
                ];
                self.pair(&shape, &id, short, &sides);
            }
        }
    }

    fn single(&mut self, shape: &Shape, id: &str, side: &Side) {
        let element = shape.alone();
        let text = if element == "blockquote" {
            format!("<p>{}</p>", side.html)
        } else {
            side.html.clone()
        };
        let _ = writeln!(
            self.html,
            "<{element} class=\"{}\"{id} {}>{text}</{element}>",
            shape.class, side.lang
        );
    }

    fn pair(&mut self, shape: &Shape, id: &str, short: bool, sides: &[Side]) {
        let Shape {
            outer,
            inner,
            class,
        } = shape;
        let short = if short { " short" } else { "" };
        let _ = writeln!(self.html, "<{outer} class=\"pair {class}{short}\"{id}>");
        for side in sides {
            let _ = writeln!(
                self.html,
                "<{inner} class=\"{}\" {}>{}</{inner}>",
                side.class, side.lang, side.html
            );
        }
        let _ = writeln!(self.html, "</{outer}>");
    }

    fn source_side(&self, beads: &[Bead<'_>], mark: &str) -> Side {
        let mut flow = Flow::new(self.setting.dialect);
        flow.markup(mark);
        for bead in beads {
            self.write_source(&mut flow, bead);
        }
        self.original(flow.finish())
    }

    fn write_source<'b>(&self, flow: &mut Flow<'b>, bead: &Bead<'b>) {
        for segment in &bead.segments {
            match self.setting.dialect {
                Dialect::Xhtml => flow.sentence(&segment.source),
                Dialect::Html => {
                    let id = escape(segment.id.as_str());
                    flow.markup(&format!("<span id=\"{id}\" data-s=\"{id}\">"));
                    flow.sentence(&segment.source);
                    flow.markup("</span>");
                }
            }
            flow.text(&segment.space_after);
        }
    }

    fn original(&self, html: String) -> Side {
        Side {
            class: "cp-original",
            lang: self.language(&self.article.lang),
            html,
        }
    }

    /// The translation, sentence by sentence with the spaces between them. A sentence that is not
    /// translated yet says so, unless all are: then the paragraph says it once.
    fn translation_side(&self, beads: &[Bead<'_>], mark: &str) -> Side {
        if beads
            .iter()
            .all(|bead| bead.target.is_none() && !bead.covered)
        {
            return self.missing();
        }
        let mut flow = Flow::new(self.setting.dialect);
        flow.markup(mark);
        let mut first = true;
        for bead in beads.iter().filter(|bead| !bead.covered) {
            if self.setting.target.separates_with_spaces() && !first {
                flow.text(" ");
            }
            first = false;
            self.write_target(&mut flow, bead);
        }
        self.translation(flow.finish())
    }

    fn write_target<'b>(&self, flow: &mut Flow<'b>, bead: &Bead<'b>) {
        if self.setting.dialect == Dialect::Html {
            flow.markup(&format!("<span data-s=\"{}\">", self.ids(bead)));
        }
        match bead.target {
            Some(target) => flow.sentence(&target.content),
            None => flow.text(Phrases::of(self.setting.target).missing),
        }
        if self.setting.dialect == Dialect::Html {
            flow.markup("</span>");
        }
    }

    fn translation(&self, html: String) -> Side {
        Side {
            class: "cp-translation",
            lang: self.language(self.setting.target),
            html,
        }
    }

    fn missing(&self) -> Side {
        let target = self.setting.target;
        Side {
            class: "cp-translation missing",
            lang: self.language(&spoken(target)),
            html: escape(Phrases::of(target).missing),
        }
    }

    /// The source with a mark behind each sentence that opens its translation as a note.
    fn annotated_side(&mut self, beads: &[Bead<'_>], mark: &str) -> Side {
        let target = self.setting.target;
        let words = Phrases::of(target);
        let mut html = Flow::new(self.setting.dialect);
        html.markup(mark);
        let mut note = Flow::new(self.setting.dialect);
        for bead in beads {
            for (at, segment) in bead.segments.iter().enumerate() {
                html.sentence(&segment.source);
                if at + 1 == bead.segments.len() && !bead.covered {
                    let number = self.notes.len() + 1;
                    html.markup(&format!(
                        "\u{2060}<sup class=\"mark\"><a epub:type=\"noteref\" role=\"doc-noteref\" \
                         href=\"#n{number}\" id=\"r{number}\">{number}</a></sup>"
                    ));
                    match bead.target {
                        Some(target) => note.sentence(&target.content),
                        None => note.text(words.missing),
                    }
                    let lang = match bead.target {
                        Some(_) => self.language(target),
                        None => self.language(&spoken(target)),
                    };
                    self.notes.push(format!(
                        "<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"n{number}\">\
                         <p {lang}><a href=\"#r{number}\" role=\"doc-backlink\">{number}</a> \
                         {}</p></aside>\n",
                        note.take()
                    ));
                }
                html.text(&segment.space_after);
            }
        }
        Side {
            class: "cp-original",
            lang: self.language(&self.article.lang),
            html: html.finish(),
        }
    }

    fn language(&self, lang: &Lang) -> String {
        language(lang, self.setting.dialect)
    }

    /// The ids of the sentences that a bead's target translates, with blanks between them.
    fn ids(&self, bead: &Bead<'_>) -> String {
        let mut ids: Vec<&str> = Vec::new();
        for segment in &bead.segments {
            let covered = self.covers.get(&segment.id).into_iter().flatten();
            for id in std::iter::once(&&segment.id).chain(covered) {
                if !ids.contains(&id.as_str()) {
                    ids.push(id.as_str());
                }
            }
        }
        escape(&ids.join(" "))
    }
}

/// What stands before an item of a list on the side of its original and of its translation, where
/// the text itself has no number or mark there.
fn bullets(block: &Block, first: bool) -> [String; 2] {
    let none = [String::new(), String::new()];
    if !first || block.kind != BlockKind::ListItem {
        return none;
    }
    let text = block.text();
    match (text.trim_start().chars().next(), block.position) {
        (
            _,
            Some(Position::Item {
                continues: true, ..
            }),
        ) => none,
        // The dash that opens a Chinese list item stands for a bullet.
        (Some('—'), _) => [String::new(), "— ".into()],
        _ if is_numbered(&text) => none,
        (
            _,
            Some(Position::Item {
                number: Some(number),
                ..
            }),
        ) => {
            let number = format!("{number}. ");
            [number.clone(), number]
        }
        _ => ["• ".into(), "• ".into()],
    }
}

/// Whether a text has a number or mark of its own: 1. (2) 三、 ① 第一条 ● -.
fn is_numbered(text: &str) -> bool {
    let text = text.trim_start();
    let marks = "•·●■◆○□▪◇※*-–+（([【①②③④⑤⑥⑦⑧⑨⑩";
    if text.starts_with(|c: char| marks.contains(c)) || text.starts_with('第') {
        return true;
    }
    let number = |c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十百".contains(c);
    let rest = text.trim_start_matches(number);
    let length = text.len() - rest.len();
    length > 0 && length <= 12 && rest.starts_with(['.', '、', '．', ')', '）', ':', '：'])
}
