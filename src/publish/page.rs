//! An article as a page of XHTML body markup, in any edition.

use std::fmt::Write;

use super::html::{escape, lang_attributes, render};
use super::phrases::{Phrases, spoken};
use crate::model::{Article, Block, BlockKind, Content, Edition, Lang};

/// An article's body: a `section` with a header (kicker, title, standfirst) and its blocks.
pub(super) fn article(article: &Article, edition: Edition, target: &Lang) -> String {
    let page = Page {
        article,
        edition,
        target,
    };
    let mut html = String::from(
        "<section class=\"article\" epub:type=\"chapter\" role=\"doc-chapter\" \
         aria-labelledby=\"title\">\n",
    );
    let opening = article
        .blocks
        .iter()
        .take_while(|block| opens(block.kind))
        .count();
    let (head, body) = article.blocks.split_at(opening);
    html.push_str("<header>\n");
    // A kicker stands above the headline in print, wherever the source file has it.
    let order = |block: &&Block| match block.kind {
        BlockKind::Kicker => 0,
        BlockKind::Title => 1,
        _ => 2,
    };
    let mut head: Vec<&Block> = head.iter().collect();
    head.sort_by_key(order);
    let mut titled = false;
    for block in head {
        page.block(block, !titled && block.kind == BlockKind::Title, &mut html);
        titled |= block.kind == BlockKind::Title;
    }
    if !titled {
        let _ = writeln!(html, "<h1 id=\"title\">{}</h1>", escape(&article.title()));
    }
    html.push_str("</header>\n");
    let mut in_list = false;
    for block in body {
        let item = block.kind == BlockKind::ListItem;
        if item != in_list {
            html.push_str(if item { "<ul>\n" } else { "</ul>\n" });
            in_list = item;
        }
        page.block(block, false, &mut html);
    }
    if in_list {
        html.push_str("</ul>\n");
    }
    html.push_str("</section>\n");
    html
}

/// The title of an article in one language, for lists of contents.
pub(super) fn title(article: &Article, lang: &Lang, target: &Lang) -> String {
    match article.first_of(BlockKind::Title) {
        Some(block) if lang == target => plain(&translation(block, target).0),
        _ => article.title(),
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
        .filter(|block| block.kind == BlockKind::Heading)
        .map(move |block| {
            let text = if lang == target {
                plain(&translation(block, target).0)
            } else {
                block.text()
            };
            (block.id.as_str(), text)
        })
}

fn plain(contents: &[Content]) -> String {
    contents.iter().map(Content::text).collect()
}

fn opens(kind: BlockKind) -> bool {
    matches!(
        kind,
        BlockKind::Title | BlockKind::Kicker | BlockKind::Standfirst
    )
}

struct Page<'a> {
    article: &'a Article,
    edition: Edition,
    target: &'a Lang,
}

/// The element that a kind of block is set in, around its pair and around each language.
struct Shape {
    outer: &'static str,
    inner: &'static str,
    class: &'static str,
}

impl Shape {
    fn of(block: &Block, main_title: bool) -> Self {
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
            BlockKind::Heading => match block.level {
                Some(3) => shape("h3", "span", "heading"),
                Some(4..) => shape("h4", "span", "heading"),
                _ => shape("h2", "span", "heading"),
            },
            BlockKind::Paragraph | BlockKind::Table => shape("div", "p", "paragraph"),
            BlockKind::ListItem => shape("li", "p", "item"),
            BlockKind::Quote => shape("blockquote", "p", "quote"),
            BlockKind::Byline => shape("div", "p", "byline"),
            BlockKind::Caption | BlockKind::Figure => shape("div", "p", "caption"),
            BlockKind::Note => shape("div", "p", "note"),
        }
    }
}

/// Pairs whose source is shorter than this many characters are kept on one page; longer ones may
/// break, or an e-reader would leave half a page blank.
const SHORT: usize = 120;

impl Page<'_> {
    fn block(&self, block: &Block, main_title: bool, html: &mut String) {
        let shape = Shape::of(block, main_title);
        let id = if main_title {
            "title"
        } else {
            block.id.as_str()
        };
        let mut sides = Vec::new();
        if self.edition.shows_source() {
            let contents: Vec<Content> = block
                .segments
                .iter()
                .map(crate::model::Segment::full)
                .collect();
            sides.push(("cp-original", &self.article.lang, render(&contents), false));
        }
        let words = Phrases::of(self.target);
        let words_lang = spoken(self.target);
        if self.edition.shows_translation() {
            let (contents, missing) = translation(block, self.target);
            if missing {
                let text = escape(words.missing);
                sides.push(("cp-translation missing", &words_lang, text, false));
            } else {
                // The dash that opens a Chinese list item stands for a bullet: the English of it
                // shows one where the two stand side by side.
                let dash = block.kind == BlockKind::ListItem
                    && self.edition == Edition::Bilingual
                    && block.text().starts_with('—');
                sides.push(("cp-translation", self.target, render(&contents), dash));
            }
        }
        if let [(_, lang, text, _)] = sides.as_slice() {
            let lang = lang_attributes(lang);
            let class = shape.class;
            let (open, close) = match shape.outer {
                "div" => ("<p", "</p>"),
                "blockquote" => ("<blockquote", "</blockquote>"),
                "li" => ("<li", "</li>"),
                "h1" => ("<h1", "</h1>"),
                "h3" => ("<h3", "</h3>"),
                "h4" => ("<h4", "</h4>"),
                _ => ("<h2", "</h2>"),
            };
            let text = if shape.outer == "blockquote" {
                format!("<p>{text}</p>")
            } else {
                text.clone()
            };
            let _ = writeln!(
                html,
                "{open} class=\"{class}\" id=\"{id}\" {lang}>{text}{close}"
            );
            return;
        }
        let short = if block.text().chars().count() < SHORT {
            " short"
        } else {
            ""
        };
        let Shape {
            outer,
            inner,
            class,
        } = shape;
        let _ = writeln!(html, "<{outer} class=\"pair {class}{short}\" id=\"{id}\">");
        for (side, lang, text, dash) in sides {
            let dash = if dash { "— " } else { "" };
            let lang = lang_attributes(lang);
            let _ = writeln!(
                html,
                "<{inner} class=\"{side}\" {lang}>{dash}{text}</{inner}>"
            );
        }
        let _ = writeln!(html, "</{outer}>");
    }
}

/// A block's translation, sentence by sentence with the spaces between them, and whether there is
/// none at all. A sentence that is not translated yet says so, unless all are.
fn translation(block: &Block, target: &Lang) -> (Vec<Content>, bool) {
    let mut contents: Vec<Content> = Vec::new();
    let mut any = false;
    for segment in &block.segments {
        if segment.covered_by(target).is_some() {
            any = true;
            continue;
        }
        let content = if let Some(found) = segment.target(target) {
            any = true;
            found.content.clone()
        } else {
            Content::from_text(Phrases::of(target).missing)
        };
        if target.separates_with_spaces()
            && let Some(last) = contents.last_mut()
            && !last.text().ends_with(char::is_whitespace)
        {
            last.push_text(" ");
        }
        contents.push(content);
    }
    (contents, !any)
}
