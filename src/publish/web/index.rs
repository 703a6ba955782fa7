//! The index: volumes with their books and articles, and the search.

use std::fmt::Write;

use super::super::html::escape;
use super::super::phrases::Phrases;
use super::article::time;
use super::frame::{Frame, titles};
use super::{Download, Entry, PER_PAGE, Site, Volume, escape_path};
use crate::model::Edition;

/// The pages of the index: name and HTML. The first is `index.html`.
pub fn index_pages<'a>(site: &'a Site<'_>) -> impl Iterator<Item = (String, String)> + 'a {
    let pages = paginate(site.volumes);
    let count = pages.len();
    let pages = pages.into_iter().enumerate();
    pages.map(move |(number, parts)| (name(number), page(site, number, count, &parts)))
}

/// The names of the index's pages.
pub(super) fn index_names(site: &Site<'_>) -> Vec<String> {
    (0..paginate(site.volumes).len()).map(name).collect()
}

fn name(number: usize) -> String {
    if number == 0 {
        "index.html".to_owned()
    } else {
        format!("index-{}.html", number + 1)
    }
}

/// A volume or a part of it, with whether it begins here.
struct Part<'a> {
    volume: &'a Volume<'a>,
    entries: &'a [&'a Entry],
    begins: bool,
}

fn paginate<'a>(volumes: &'a [Volume<'a>]) -> Vec<Vec<Part<'a>>> {
    let mut pages = vec![Vec::new()];
    let mut room = PER_PAGE;
    for volume in volumes {
        let mut rest = volume.entries.as_slice();
        let mut begins = true;
        while begins || !rest.is_empty() {
            if room == 0 {
                pages.push(Vec::new());
                room = PER_PAGE;
            }
            let (entries, later) = rest.split_at(rest.len().min(room));
            if let Some(page) = pages.last_mut() {
                page.push(Part {
                    volume,
                    entries,
                    begins,
                });
            }
            // A volume takes room even where it has no articles of its own.
            room -= entries.len().max(1).min(room);
            rest = later;
            begins = false;
        }
    }
    pages
}

fn page(site: &Site<'_>, number: usize, count: usize, parts: &[Part<'_>]) -> String {
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
        volume(part, site, words, &mut main);
    }
    if count > 1 {
        let _ = writeln!(
            main,
            "<nav aria-label=\"{}\">\n<ul class=\"pages\">",
            escape(words.pages)
        );
        for other in 0..count {
            let current = if other == number {
                " aria-current=\"page\""
            } else {
                ""
            };
            let _ = writeln!(
                main,
                "<li><a href=\"{}\"{current}>{}</a></li>",
                name(other),
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
    let description = site
        .volumes
        .first()
        .and_then(|volume| volume.description)
        .unwrap_or_default();
    Frame {
        title,
        description,
        href: &name(number),
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

fn volume(part: &Part<'_>, site: &Site<'_>, words: &Phrases, html: &mut String) {
    let Part {
        volume, entries, ..
    } = part;
    html.push_str("<section class=\"volume\">\n");
    let title = |lang| volume.title.get(lang).map_or(volume.id, String::as_str);
    // A site of one volume has said its title already.
    if site.volumes.len() > 1 || title(site.source) != site.title_in(site.source) {
        let _ = writeln!(
            html,
            "<h2>{}</h2>",
            titles(
                title(site.source),
                site.source,
                title(volume.target),
                volume.target,
                " "
            )
        );
    }
    if part.begins {
        about(volume, words, html);
    }
    if !entries.is_empty() {
        let level = if site.volumes.len() > 1 { "h3" } else { "h2" };
        let _ = writeln!(
            html,
            "<{level}>{}</{level}>\n<ol class=\"list\">",
            escape(words.articles)
        );
        for entry in *entries {
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
