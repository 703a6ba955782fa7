//! EPUB 3.3: one file for each edition of a book.

mod container;
mod metadata;

use std::fmt::Write;

use self::container::{Page, Parts, Role, assemble};
pub use self::metadata::{authors, identifier, outlets};
use super::html::{escape, lang_attributes};
use super::phrases::{Phrases, spoken};
use super::{Book, page};
use crate::model::{Edition, Lang};

/// The stylesheet for every reader: no at-rules, no functions.
pub const BASE_STYLE: &str = include_str!("style/base.css");
/// The stylesheet for readers that know grids.
pub const COLUMNS_STYLE: &str = include_str!("style/columns.css");

const STYLES: [(&str, &str); 2] = [
    ("stylesheet.css", BASE_STYLE),
    ("columns.css", COLUMNS_STYLE),
];

/// Why a book could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EpubError {
    /// The container could not be put together.
    #[error("putting the EPUB container together failed: {0}")]
    Container(String),
    /// There is nothing to put into it.
    #[error("the book {0:?} has no articles; see `articles` in duizhao.toml")]
    Empty(String),
}

/// One edition of a book as an EPUB file.
pub fn write(book: &Book<'_>, edition: Edition) -> Result<Vec<u8>, EpubError> {
    if book.articles.is_empty() {
        return Err(EpubError::Empty(book.id.to_owned()));
    }
    let languages = book.languages(edition);
    let lang = languages[0];
    let mut pages = Vec::new();
    if let Some(cover) = book.cover {
        pages.push(cover_page(book, lang, cover.name));
    }
    for (index, article) in book.articles.iter().enumerate() {
        let titles: Vec<String> = languages
            .iter()
            .map(|lang| page::title(article, lang, book.target))
            .collect();
        let title = titles.join(" / ");
        let shown = title.clone();
        let xhtml = move || {
            let body = page::chapter(article, edition, book.target);
            document(lang, &shown, &body)
        };
        pages.push(Page {
            href: article_href(index),
            title,
            xhtml: Box::new(xhtml),
            role: Role::Text,
        });
    }
    pages.push(about_page(book, edition, lang));
    let identifier = metadata::identifier(book, edition);
    assemble(&Parts {
        lang: lang.to_string(),
        right_to_left: lang.is_right_to_left(),
        contents: Phrases::of(lang).contents.to_owned(),
        metadata: metadata::metadata(book, edition, &identifier),
        identifier,
        nav: navigation(book, &languages),
        styles: &STYLES,
        cover: book
            .cover
            .map(|cover| (cover.name, cover.media_type, cover.bytes.as_slice())),
        pages,
    })
}

fn article_href(index: usize) -> String {
    format!("article-{:04}.xhtml", index + 1)
}

const COVER_PAGE: &str = "cover.xhtml";
const ABOUT_PAGE: &str = "about.xhtml";

fn document(lang: &Lang, title: &str, body: &str) -> String {
    let mut links = String::new();
    for (name, _) in STYLES {
        let _ = writeln!(
            links,
            "<link rel=\"stylesheet\" type=\"text/css\" href=\"{name}\"/>"
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" {}>\n\
         <head>\n<meta charset=\"utf-8\"/>\n<title>{}</title>\n{links}</head>\n\
         <body>\n{body}</body>\n</html>\n",
        lang_attributes(lang),
        escape(title),
    )
}

fn cover_page(book: &Book<'_>, lang: &Lang, image: &str) -> Page<'static> {
    let words = Phrases::of(lang);
    let title = book.title_in(lang);
    let alternative = format!("{}: {title}", words.cover);
    let body = format!(
        "<section class=\"cover\" epub:type=\"cover\">\
         <img src=\"{}\" alt=\"{}\"/></section>\n",
        escape(image),
        escape(&alternative)
    );
    let xhtml = document(lang, title, &body);
    Page {
        href: COVER_PAGE.into(),
        title: words.cover.into(),
        xhtml: Box::new(move || xhtml.clone()),
        role: Role::Cover,
    }
}

/// What the book is, where its text comes from, and who translated it.
fn about_page(book: &Book<'_>, edition: Edition, lang: &Lang) -> Page<'static> {
    let mut body = String::from(
        "<section class=\"about\" epub:type=\"colophon\" role=\"doc-colophon\" \
         aria-labelledby=\"about\">\n",
    );
    let mut languages = vec![spoken(lang)];
    if book.languages(edition).len() > 1 && !languages.contains(&spoken(book.target)) {
        languages.push(spoken(book.target));
    }
    for (index, lang) in languages.iter().enumerate() {
        let words = Phrases::of(lang);
        let attributes = lang_attributes(lang);
        let (level, id) = if index == 0 {
            ("h1", " id=\"about\"")
        } else {
            ("h2", "")
        };
        let _ = writeln!(
            body,
            "<{level}{id} {attributes}>{}</{level}>",
            escape(words.about)
        );
        for line in about_lines(book, edition, lang, words) {
            let _ = writeln!(body, "<p {attributes}>{}</p>", escape(&line));
        }
    }
    body.push_str("</section>\n");
    let title = Phrases::of(lang).about.to_owned();
    let xhtml = document(lang, &title, &body);
    Page {
        href: ABOUT_PAGE.into(),
        title,
        xhtml: Box::new(move || xhtml.clone()),
        role: Role::About,
    }
}

fn about_lines(book: &Book<'_>, edition: Edition, lang: &Lang, words: &Phrases) -> Vec<String> {
    let chinese = lang.is_simplified_chinese();
    let labelled = |label: &str, text: &str| {
        if chinese {
            format!("{label}：{text}")
        } else {
            format!("{label}: {text}")
        }
    };
    let mut lines = vec![book.title_in(lang).to_owned()];
    lines.extend(book.subtitle.get(lang).cloned());
    if !metadata::outlets(book.metas()).is_empty() {
        let outlets = metadata::outlets(book.metas()).join(words.list_separator);
        let authors = metadata::authors(book.metas()).join(words.list_separator);
        let sources = if authors.is_empty() {
            outlets
        } else {
            format!("{outlets} ({authors})")
        };
        lines.push(labelled(words.source_text, &sources));
    }
    if edition.shows_translation() {
        let origin = crate::model::translation_origin(book.articles, book.target);
        lines.push(if chinese {
            origin.in_chinese()
        } else {
            origin.in_english()
        });
    }
    lines.extend(book.date.map(|date| labelled(words.published, date)));
    lines.extend(
        book.publisher
            .map(|publisher| labelled(words.publisher, publisher)),
    );
    lines.extend(book.rights.map(|rights| labelled(words.rights, rights)));
    lines
}

fn navigation(book: &Book<'_>, languages: &[&Lang]) -> String {
    let lang = languages[0];
    let words = Phrases::of(lang);
    // A title in both languages, each marked as what it is.
    let label = |texts: Vec<(&Lang, String)>| -> String {
        let sides = ["cp-original", "cp-translation"];
        if let [(_, only)] = texts.as_slice() {
            return escape(only);
        }
        let spans = texts.iter().zip(sides).map(|((lang, text), side)| {
            format!(
                "<span class=\"{side}\" {}>{}</span>",
                lang_attributes(lang),
                escape(text)
            )
        });
        spans.collect::<Vec<_>>().join(" ")
    };
    let mut body = String::new();
    let _ = writeln!(body, "<nav epub:type=\"toc\" id=\"toc\" role=\"doc-toc\">");
    let _ = writeln!(body, "<h1>{}</h1>\n<ol>", escape(words.contents));
    for (index, article) in book.articles.iter().enumerate() {
        let href = article_href(index);
        let titles = languages
            .iter()
            .map(|lang| (*lang, page::title(article, lang, book.target)))
            .collect();
        let _ = write!(body, "<li><a href=\"{href}\">{}</a>", label(titles));
        let by_language: Vec<Vec<(&str, String)>> = languages
            .iter()
            .map(|lang| page::headings(article, lang, book.target).collect())
            .collect();
        if !by_language[0].is_empty() {
            body.push_str("\n<ol>\n");
            for (at, (id, _)) in by_language[0].iter().enumerate() {
                let texts = languages
                    .iter()
                    .zip(&by_language)
                    .map(|(lang, headings)| (*lang, headings[at].1.clone()))
                    .collect();
                let _ = writeln!(
                    body,
                    "<li><a href=\"{href}#{id}\">{}</a></li>",
                    label(texts)
                );
            }
            body.push_str("</ol>\n");
        }
        body.push_str("</li>\n");
    }
    let _ = writeln!(
        body,
        "<li><a href=\"{ABOUT_PAGE}\">{}</a></li>",
        escape(words.about)
    );
    body.push_str("</ol>\n</nav>\n");
    let _ = writeln!(body, "<nav epub:type=\"landmarks\" hidden=\"hidden\">");
    let _ = writeln!(body, "<h2>{}</h2>\n<ol>", escape(words.landmarks));
    let mut landmark = |kind: &str, href: &str, text: &str| {
        let text = escape(text);
        let _ = writeln!(
            body,
            "<li><a epub:type=\"{kind}\" href=\"{href}\">{text}</a></li>"
        );
    };
    if book.cover.is_some() {
        landmark("cover", COVER_PAGE, words.cover);
    }
    landmark("toc", "nav.xhtml", words.contents);
    landmark("bodymatter", &article_href(0), words.start);
    landmark("colophon", ABOUT_PAGE, words.about);
    body.push_str("</ol>\n</nav>\n");
    document(lang, words.contents, &body)
}
