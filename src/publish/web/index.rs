//! The index: volumes with their books and articles, and the search.

use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

use super::super::html::escape;
use super::super::phrases::Phrases;
use super::article::time;
use super::frame::{Frame, titles};
use super::{Download, PER_PAGE, Shelves, Site, Volume, escape_path};
use crate::model::Edition;

/// The pages of the index: name and HTML. The first is `index.html`.
pub fn index_pages<'a>(
    site: &'a Site<'_>,
    shelves: &'a impl Shelves,
) -> impl Iterator<Item = (String, String)> + 'a {
    let index = Index {
        site,
        pages: page_count(shelves),
        volumes: shelves.sizes().count(),
        description: shelves.volumes().next().and_then(|first| first.description),
    };
    let pages = paginate(shelves).enumerate();
    pages.map(move |(number, parts)| (index_name(number), page(&index, number, &parts)))
}

/// The name of a page, counted from 0.
#[must_use]
pub fn index_name(number: usize) -> String {
    if number == 0 {
        "index.html".to_owned()
    } else {
        format!("index-{}.html", number + 1)
    }
}

/// What each page needs to know of the whole.
struct Index<'a> {
    site: &'a Site<'a>,
    pages: usize,
    volumes: usize,
    description: Option<&'a str>,
}

/// A volume or a part of it, with whether it begins here.
struct Part<'a> {
    volume: Rc<Volume<'a>>,
    entries: Range<usize>,
    begins: bool,
}

/// How many pages the index has.
pub fn page_count(shelves: &impl Shelves) -> usize {
    let sizes = shelves.sizes().map(|(_, articles)| ((), articles));
    parts(sizes).filter(|part| part.opens_page).count().max(1)
}

/// What stands on each page, one page at least.
fn paginate(shelves: &impl Shelves) -> impl Iterator<Item = Vec<Part<'_>>> {
    let volumes = shelves.volumes().map(|volume| {
        let articles = volume.entries.len();
        (Rc::new(volume), articles)
    });
    let mut parts = parts(volumes).peekable();
    let mut first = true;
    std::iter::from_fn(move || {
        if parts.peek().is_none() && !std::mem::take(&mut first) {
            return None;
        }
        first = false;
        let mut page = Vec::new();
        while let Some(part) = parts.next_if(|part| page.is_empty() || !part.opens_page) {
            page.push(Part {
                volume: part.of,
                begins: part.entries.start == 0,
                entries: part.entries,
            });
        }
        Some(page)
    })
}

/// A part of something that has articles.
struct Stretch<T> {
    of: T,
    entries: Range<usize>,
    opens_page: bool,
}

/// Cuts things that have so many articles where pages end.
fn parts<T: Clone>(all: impl Iterator<Item = (T, usize)>) -> impl Iterator<Item = Stretch<T>> {
    let mut all = all.fuse();
    let mut rest: Option<(T, Range<usize>)> = None;
    let mut room = 0;
    std::iter::from_fn(move || {
        let (of, entries) = match rest.take() {
            Some(rest) => rest,
            None => all.next().map(|(of, count)| (of, 0..count))?,
        };
        let opens_page = room == 0;
        if opens_page {
            room = PER_PAGE;
        }
        let end = entries.end.min(entries.start + room);
        let here = entries.start..end;
        // A volume takes room even where it has no articles of its own.
        room -= here.len().max(1);
        if end < entries.end {
            rest = Some((of.clone(), end..entries.end));
        }
        Some(Stretch {
            of,
            entries: here,
            opens_page,
        })
    })
}

fn page(index: &Index<'_>, number: usize, parts: &[Part<'_>]) -> String {
    let Index { site, pages, .. } = *index;
    let words = Phrases::of(site.target);
    let mut main = format!(
        "<h1 class=\"titles\">{}</h1>\n",
        titles(
            site.title_in(site.source),
            site.source,
            site.title_in(site.target),
            site.target,
            " "
        )
    );
    if number == 0 {
        search(words, &mut main);
    }
    for part in parts {
        volume(part, index, words, &mut main);
    }
    if pages > 1 {
        let _ = writeln!(
            main,
            "<nav aria-label=\"{}\">\n<ul class=\"pages\">",
            escape(words.pages)
        );
        for other in 0..pages {
            let current = if other == number {
                " aria-current=\"page\""
            } else {
                ""
            };
            let _ = writeln!(
                main,
                "<li><a href=\"{}\"{current}>{}</a></li>",
                index_name(other),
                other + 1
            );
        }
        main.push_str("</ul>\n</nav>\n");
    }
    let foot = format!(
        "<p class=\"feeds\">{}: <a href=\"opds.xml\">OPDS 1.2</a> · \
         <a href=\"opds.json\">OPDS 2.0</a> · <a href=\"feed.atom\">Atom</a></p>\n",
        escape(words.feeds)
    );
    let mut title = format!(
        "{} · {}",
        site.title_in(site.source),
        site.title_in(site.target)
    );
    if number > 0 {
        let _ = write!(title, " ({})", number + 1);
    }
    Frame {
        title,
        description: index.description.unwrap_or_default(),
        href: &index_name(number),
        target: site.target,
        script: "search.js",
        bar: String::new(),
        main,
        foot,
    }
    .page(site)
}

/// The search works with a script only, which shows it.
fn search(words: &Phrases, html: &mut String) {
    let _ = writeln!(
        html,
        "<search>\n<form class=\"search\" id=\"page-search\" data-searching=\"{}\" \
         data-nothing=\"{}\" data-failed=\"{}\" hidden>\n\
         <label for=\"page-query\">{}</label>\n\
         <input type=\"search\" id=\"page-query\" name=\"q\" maxlength=\"100\" autocomplete=\"off\">\n\
         <button type=\"submit\">{}</button>\n</form>\n\
         <p id=\"page-status\" role=\"status\"></p>\n<ol class=\"hits\" id=\"page-hits\"></ol>\n\
         <button type=\"button\" id=\"page-more\" hidden>{}</button>\n</search>",
        escape(words.searching),
        escape(words.none_found),
        escape(words.search_failed),
        escape(words.search),
        escape(words.find),
        escape(words.more),
    );
}

fn volume(part: &Part<'_>, index: &Index<'_>, words: &Phrases, html: &mut String) {
    let Index { site, volumes, .. } = *index;
    let volume = &*part.volume;
    let entries = &volume.entries[part.entries.clone()];
    html.push_str("<section class=\"volume\">\n");
    // A site of one volume has said its title already.
    if volumes > 1 || volume.title_in(site.source) != site.title_in(site.source) {
        let _ = writeln!(
            html,
            "<h2>{}</h2>",
            titles(
                volume.title_in(site.source),
                site.source,
                volume.title_in(volume.target),
                volume.target,
                " "
            )
        );
    }
    if part.begins {
        about(volume, words, html);
    }
    if !entries.is_empty() {
        let level = if volumes > 1 { "h3" } else { "h2" };
        let _ = writeln!(
            html,
            "<{level}>{}</{level}>\n<ol class=\"list\">",
            escape(words.articles)
        );
        for entry in entries {
            let mut facts: Vec<String> = Vec::new();
            facts.extend(entry.outlet.as_deref().map(|outlet| {
                format!("<span lang=\"{}\">{}</span>", entry.source, escape(outlet))
            }));
            facts.extend(entry.date.as_deref().map(time));
            let facts = if facts.is_empty() {
                String::new()
            } else {
                format!("<p>{}</p>", facts.join(" · "))
            };
            let _ = writeln!(
                html,
                "<li><a href=\"{}\">{}</a>{facts}</li>",
                escape(&escape_path(&entry.href)),
                titles(
                    &entry.title,
                    &entry.source,
                    &entry.translated_title,
                    &entry.target,
                    " "
                )
            );
        }
        html.push_str("</ol>\n");
    }
    html.push_str("</section>\n");
}

fn about(volume: &Volume<'_>, words: &Phrases, html: &mut String) {
    html.push_str("<div class=\"about\">\n");
    if let Some((href, _)) = &volume.cover {
        let _ = writeln!(
            html,
            "<img class=\"cover\" src=\"{}\" alt=\"{}\" width=\"160\" height=\"256\" loading=\"lazy\">",
            escape(&escape_path(href)),
            escape(words.cover)
        );
    }
    html.push_str("<div>\n");
    if let Some(description) = &volume.description {
        let _ = writeln!(html, "<p>{}</p>", escape(description));
    }
    let mut facts: Vec<String> = Vec::new();
    facts.extend(volume.publisher.map(escape));
    facts.extend(volume.date.map(time));
    if !facts.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", facts.join(" · "));
    }
    if let Some(rights) = &volume.rights {
        let _ = writeln!(html, "<p>{}</p>", escape(rights));
    }
    if !volume.downloads.is_empty() {
        let _ = writeln!(
            html,
            "<ul class=\"downloads\" aria-label=\"{}\">",
            escape(words.downloads)
        );
        for file in &volume.downloads {
            download(file, words, html);
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</div>\n</div>\n");
}

fn download(file: &Download, words: &Phrases, html: &mut String) {
    let languages: Vec<String> = file
        .languages
        .iter()
        .map(|lang| format!("<span lang=\"{lang}\">{}</span>", escape(&lang.own_name())))
        .collect();
    let _ = writeln!(
        html,
        "<li><a href=\"{}\" type=\"application/epub+zip\">{}</a> · {} · EPUB · {}\
         <code>SHA-256 {}</code></li>",
        escape(&escape_path(&file.href)),
        escape(edition_name(file.edition, words)),
        languages.join(", "),
        size(file.size),
        file.sha256
    );
}

/// What an edition is called in a list.
pub(super) fn edition_name(edition: Edition, words: &Phrases) -> &'static str {
    match edition {
        Edition::Bilingual => words.bilingual,
        Edition::Translation => words.translation_only,
        Edition::Source => words.source_only,
        Edition::Study => words.study,
        Edition::Interleaved => words.interleaved,
    }
}

/// A size in kilobytes or megabytes of a thousand, rounded up.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        let tenths = bytes.div_ceil(100_000);
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(size(1), "1 kB");
        assert_eq!(size(145_001), "146 kB");
        assert_eq!(size(1_200_001), "1.3 MB");
    }
}
