//! The page of an article.

use std::fmt::Write;

use super::super::html::{Dialect, escape};
use super::super::page::{self, Setting};
use super::super::phrases::Phrases;
use super::frame::{Frame, titles};
use super::{Entry, Site, escape_path};
use crate::model::{Article, Edition};

/// An article with what its page shows beside its text.
#[derive(Clone, Copy, Debug)]
pub struct ArticlePage<'a> {
    /// The article.
    pub article: &'a Article,
    /// What lists say of it.
    pub entry: &'a Entry,
    /// The article before it.
    pub previous: Option<&'a Entry>,
    /// The article after it.
    pub next: Option<&'a Entry>,
}

/// The page of an article: HTML.
#[must_use]
pub fn article_page(site: &Site<'_>, page: &ArticlePage<'_>) -> String {
    let ArticlePage { article, entry, .. } = page;
    let words = Phrases::of(site.target);
    let setting = Setting {
        edition: Edition::Bilingual,
        target: &entry.target,
        dialect: Dialect::Html,
    };
    let mut main = format!("<article>\n{}</article>\n", page::text(article, setting));
    near(page, words, &mut main);
    let _ = writeln!(
        main,
        "<div class=\"sheet\" id=\"page-sheet\" role=\"region\" aria-label=\"{}\" hidden>\
         <p aria-live=\"polite\"></p><button type=\"button\">{}</button></div>",
        escape(words.partner),
        escape(words.close)
    );
    let title = format!("{} · {}", entry.title, entry.translated_title);
    Frame {
        title,
        description: &entry.summary,
        href: &entry.href,
        target: &entry.target,
        script: "reader.js",
        bar: switch(entry, words),
        main,
        foot: foot(site, page, words),
    }
    .page(site)
}

/// The switch of views. It works with a script only, which shows it.
fn switch(entry: &Entry, words: &Phrases) -> String {
    let mut html = format!(
        "<form id=\"page-switch\" hidden>\n<fieldset class=\"switch\"><legend>{}</legend>\n",
        escape(words.layout)
    );
    let (source, target) = (entry.source.own_name(), entry.target.own_name());
    let options = [
        ("columns", words.side_by_side, None),
        ("stacked", words.stacked, None),
        ("source", source.as_str(), Some(&entry.source)),
        ("target", target.as_str(), Some(&entry.target)),
    ];
    for (value, label, lang) in options {
        let lang = lang.map_or_else(String::new, |lang| format!(" lang=\"{lang}\""));
        let _ = writeln!(
            html,
            "<label{lang}><input type=\"radio\" name=\"view\" value=\"{value}\">{}</label>",
            escape(label)
        );
    }
    html.push_str("</fieldset>\n</form>\n");
    html
}

fn near(page: &ArticlePage<'_>, words: &Phrases, html: &mut String) {
    if page.previous.is_none() && page.next.is_none() {
        return;
    }
    let _ = writeln!(
        html,
        "<nav class=\"near\" aria-label=\"{}\">",
        escape(words.articles)
    );
    let sides = [
        (page.previous, "prev", words.previous),
        (page.next, "next", words.next),
    ];
    for (entry, rel, label) in sides {
        let Some(entry) = entry else {
            continue;
        };
        let _ = writeln!(
            html,
            "<p>{}<br><a rel=\"{rel}\" href=\"{}\">{}</a></p>",
            escape(label),
            escape(&escape_path(&entry.href)),
            titles(
                &entry.title,
                &entry.source,
                &entry.translated_title,
                &entry.target,
                " · "
            )
        );
    }
    html.push_str("</nav>\n");
}

/// Where the text comes from and who translated it.
fn foot(site: &Site<'_>, page: &ArticlePage<'_>, words: &Phrases) -> String {
    let ArticlePage { article, entry, .. } = page;
    let mut html = String::new();
    let meta = &article.meta;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(meta.outlet.as_deref().map(|outlet| in_lang(outlet, entry)));
    facts.extend(
        meta.section
            .as_deref()
            .map(|section| in_lang(section, entry)),
    );
    facts.extend(meta.date.as_deref().map(time));
    if !meta.authors.is_empty() {
        facts.push(in_lang(&meta.authors.join("、"), entry));
    }
    if let Some(address) = meta.address.as_deref().filter(|address| is_web(address)) {
        let address = escape(address);
        facts.push(format!("<a href=\"{address}\">{address}</a>"));
    }
    if !facts.is_empty() {
        let _ = writeln!(
            html,
            "<p>{}: {}</p>",
            escape(words.source_text),
            facts.join(" · ")
        );
    }
    let origin = crate::model::translation_origin(&[article], &entry.target);
    let said = if super::super::phrases::spoken(site.target).is_simplified_chinese() {
        origin.in_chinese()
    } else {
        origin.in_english()
    };
    let _ = writeln!(html, "<p>{}</p>", escape(&said));
    if let Some(rights) = &meta.rights {
        let _ = writeln!(html, "<p>{}</p>", escape(rights));
    }
    html
}

fn in_lang(text: &str, entry: &Entry) -> String {
    format!("<span lang=\"{}\">{}</span>", entry.source, escape(text))
}

fn is_web(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://"))
        && !address.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A date as HTML marks one; a date that is no date stays text.
pub(super) fn time(date: &str) -> String {
    let text = escape(date);
    if super::super::seconds_of(date).is_some() {
        format!("<time datetime=\"{text}\">{text}</time>")
    } else {
        text
    }
}
