//! The feed of articles (Atom, RFC 4287) and the sitemap (sitemaps.org 0.9).

use std::fmt::Write;

use super::super::html::escape;
use super::super::seconds_of;
use super::{Entry, Shelves, Site, publisher, timestamp};

/// How many articles a feed has: readers of feeds want the newest only.
const NEWEST: usize = 50;

/// The newest of these things that have a date, or else the site's: the latest date first, those of
/// one date in the order in which they come.
pub fn newest<T>(
    site: &Site<'_>,
    all: impl Iterator<Item = T>,
    date: impl Fn(&T) -> Option<&str>,
) -> Vec<T> {
    let mut newest: Vec<(i64, T)> = Vec::new();
    let cut = |newest: &mut Vec<(i64, T)>| {
        newest.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
        newest.truncate(NEWEST);
    };
    for one in all {
        let when = date(&one).and_then(seconds_of).unwrap_or(site.modified);
        newest.push((when, one));
        if newest.len() == 2 * NEWEST {
            cut(&mut newest);
        }
    }
    cut(&mut newest);
    newest.into_iter().map(|(_, one)| one).collect()
}

/// The [`newest`] articles as an Atom feed.
#[must_use]
pub fn atom(site: &Site<'_>, shelves: &impl Shelves, newest: &[Entry]) -> String {
    let when = |entry: &Entry| timestamp(entry.date.as_deref(), site.modified);
    let updated = newest
        .first()
        .map_or_else(|| timestamp(None, site.modified), when)
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
        escape(&publisher(shelves)),
    );
    for entry in newest {
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

/// The pages of the site, for search engines, part by part; none without an address of the site,
/// for a sitemap takes absolute addresses only.
pub fn sitemap<'a>(
    site: &'a Site<'_>,
    pages: impl Iterator<Item = String> + 'a,
) -> Option<impl Iterator<Item = String> + 'a> {
    const BEGINNING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    site.address?;
    let pages = pages.map(|href| {
        let address = escape(&site.address_of(&href));
        format!("<url><loc>{address}</loc></url>\n")
    });
    let beginning = std::iter::once(BEGINNING.to_owned());
    Some(beginning.chain(pages).chain(["</urlset>\n".to_owned()]))
}
