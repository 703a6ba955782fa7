//! The feed of articles (Atom, RFC 4287) and the sitemap (sitemaps.org 0.9).

use std::fmt::Write;

use super::super::html::escape;
use super::index::index_names;
use super::{Entry, Site, timestamp};

/// How many articles a feed has: readers of feeds want the newest only.
const NEWEST: usize = 50;

/// The newest articles as an Atom feed, the latest date first; articles of one date in the order
/// of the books.
#[must_use]
pub fn atom(site: &Site<'_>) -> String {
    let mut entries = site.entries();
    let when = |entry: &Entry| timestamp(entry.date.as_deref(), site.modified);
    entries.sort_by_key(|entry| std::cmp::Reverse(when(entry)));
    entries.truncate(NEWEST);
    let updated = entries
        .first()
        .map_or_else(|| timestamp(None, site.modified), |entry| when(entry))
        .max(timestamp(None, site.modified));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <author><name>{}</name></author>\n",
        site.target,
        site.urn("feed"),
        escape(&both(
            site.title_in(site.source),
            site.title_in(site.target)
        )),
        escape(&site.address_of("feed.atom")),
        escape(&site.address_of("index.html")),
        escape(
            site.volumes
                .iter()
                .find_map(|volume| volume.publisher)
                .unwrap_or("duizhao")
        ),
    );
    for entry in entries {
        let _ = write!(
            xml,
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            site.urn(&format!("{}:{}", entry.id, entry.target)),
            escape(&both(&entry.title, &entry.translated_title)),
            when(entry),
            escape(&site.address_of(&entry.href)),
        );
        for author in &entry.authors {
            let _ = writeln!(xml, "<author><name>{}</name></author>", escape(author));
        }
        if !entry.summary.is_empty() {
            let _ = writeln!(
                xml,
                "<summary xml:lang=\"{}\">{}</summary>",
                entry.target,
                escape(&entry.summary)
            );
        }
        xml.push_str("</entry>\n");
    }
    xml.push_str("</feed>\n");
    xml
}

fn both(source: &str, target: &str) -> String {
    format!("{source} · {target}")
}

/// The pages of the site, for search engines.
#[must_use]
pub fn sitemap(site: &Site<'_>) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let indexes = index_names(site);
    let articles = site.entries();
    let articles = articles.iter().map(|entry| entry.href.as_str());
    for href in indexes.iter().map(String::as_str).chain(articles) {
        let _ = writeln!(
            xml,
            "<url><loc>{}</loc></url>",
            escape(&site.address_of(href))
        );
    }
    xml.push_str("</urlset>\n");
    xml
}
