//! What a book says of itself to shops, libraries and reading systems.

use std::fmt::Write;

use super::super::Book;
use super::super::html::escape;
use super::super::phrases::Phrases;
use crate::model::{Edition, Meta};

/// The identifier of an edition: the book's own with the edition behind it, or a UUID made from
/// id, title and edition (version 5 of RFC 9562), so that each run gives the same one.
#[must_use]
pub fn identifier(book: &Book<'_>, edition: Edition) -> String {
    if let (Some(own), Edition::Bilingual, false) = (book.identifier, edition, book.is_part) {
        return own.to_owned();
    }
    let edition = edition.name();
    let base = match book.identifier {
        Some(own) if book.is_part => format!("{own}:{}", book.id),
        Some(own) => own.to_owned(),
        None => book.id.to_owned(),
    };
    let name = format!(
        "duizhao:{base}:{}:{}:{edition}",
        book.title_in(book.source),
        book.target
    );
    let uuid = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes());
    uuid.urn().to_string()
}

/// The newspapers, magazines and sites that the articles come from, each once, in order.
#[must_use]
pub fn outlets<'a>(articles: impl Iterator<Item = &'a Meta>) -> Vec<String> {
    once(articles.filter_map(|meta| meta.outlet.clone()))
}

/// The authors of the articles, each once, in order.
#[must_use]
pub fn authors<'a>(articles: impl Iterator<Item = &'a Meta>) -> Vec<String> {
    once(articles.flat_map(|meta| meta.authors.clone()))
}

fn once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The children of the package's `metadata` element.
pub(super) fn metadata(book: &Book<'_>, edition: Edition, identifier: &str) -> String {
    let mut xml = String::new();
    let mut line = |text: String| {
        let _ = writeln!(xml, "    {text}");
    };
    let languages = book.languages(edition);
    line(format!(
        "<dc:identifier id=\"epub-id-1\">{}</dc:identifier>",
        escape(identifier)
    ));
    for (index, lang) in languages.iter().enumerate() {
        let title = escape(book.title_in(lang));
        line(format!(
            "<dc:title id=\"title-{index}\" xml:lang=\"{lang}\">{title}</dc:title>"
        ));
        if index == 0 {
            line("<meta refines=\"#title-0\" property=\"title-type\">main</meta>".into());
        }
        line(format!(
            "<meta refines=\"#title-{index}\" property=\"display-seq\">{}</meta>",
            index + 1
        ));
    }
    for (index, lang) in languages.iter().enumerate() {
        if let Some(subtitle) = book.subtitle.get(lang) {
            let id = format!("subtitle-{index}");
            let text = escape(subtitle);
            line(format!(
                "<dc:title id=\"{id}\" xml:lang=\"{lang}\">{text}</dc:title>"
            ));
            line(format!(
                "<meta refines=\"#{id}\" property=\"title-type\">subtitle</meta>"
            ));
        }
    }
    for lang in &languages {
        line(format!("<dc:language>{lang}</dc:language>"));
    }
    for (index, author) in authors(book.metas()).iter().enumerate() {
        let id = format!("author-{index}");
        let (lang, author) = (book.source, escape(author));
        line(format!(
            "<dc:creator id=\"{id}\" xml:lang=\"{lang}\">{author}</dc:creator>"
        ));
        line(format!(
            "<meta refines=\"#{id}\" property=\"role\" scheme=\"marc:relators\">aut</meta>"
        ));
    }
    if edition.shows_translation() {
        contributors(book, &mut line);
    }
    let simple = [
        ("publisher", book.publisher.map(str::to_owned)),
        ("date", book.date.map(str::to_owned)),
        ("rights", book.rights.map(str::to_owned)),
        (
            "description",
            Some(description(book, edition)).filter(|text| !text.is_empty()),
        ),
    ];
    for (name, value) in simple {
        if let Some(value) = value {
            line(format!("<dc:{name}>{}</dc:{name}>", escape(&value)));
        }
    }
    for outlet in outlets(book.metas()) {
        line(format!("<dc:source>{}</dc:source>", escape(&outlet)));
    }
    for subject in book.subjects {
        line(format!("<dc:subject>{}</dc:subject>", escape(subject)));
    }
    for address in once(
        book.articles
            .iter()
            .filter_map(|article| article.meta.address.clone()),
    ) {
        line(format!("<dc:source>{}</dc:source>", escape(&address)));
    }
    series(book, languages[0], &mut line);
    line(format!(
        "<meta property=\"dcterms:modified\">{}</meta>",
        modified(book.modified)
    ));
    accessibility(book, languages[0], &mut line);
    if book.cover.is_some() {
        // EPUB 2's way, which Kindle's converter still looks for.
        line("<meta name=\"cover\" content=\"cover-image\"/>".into());
    }
    xml
}

/// Who translated it and who approved the translation: people first, then engines.
fn contributors(book: &Book<'_>, line: &mut impl FnMut(String)) {
    let origin = crate::model::translation_origin(book.articles, book.target);
    let machines = origin
        .machine
        .keys()
        .map(|engine| (format!("machine translation: {engine}"), "trl"));
    let people = once(book.translators.iter().cloned().chain(origin.translators))
        .into_iter()
        .map(|name| (name, "trl"));
    // Who reads a translation over and approves it is its editor.
    let reviewers = origin.reviewers.into_iter().map(|name| (name, "edt"));
    for (index, (name, role)) in people.chain(reviewers).chain(machines).enumerate() {
        let id = format!("contributor-{index}");
        line(format!(
            "<dc:contributor id=\"{id}\">{}</dc:contributor>",
            escape(&name)
        ));
        line(format!(
            "<meta refines=\"#{id}\" property=\"role\" scheme=\"marc:relators\">{role}</meta>"
        ));
    }
}

/// EPUB 3's way, and calibre's, which more reading systems know.
fn series(book: &Book<'_>, lang: &crate::model::Lang, line: &mut impl FnMut(String)) {
    let Some(series) = &book.series else {
        return;
    };
    let Some((lang, name)) = series
        .name
        .get_key_value(lang)
        .or_else(|| series.name.first_key_value())
    else {
        return;
    };
    let name = escape(name);
    line(format!(
        "<meta id=\"series\" property=\"belongs-to-collection\" xml:lang=\"{lang}\">{name}</meta>"
    ));
    line("<meta refines=\"#series\" property=\"collection-type\">series</meta>".into());
    line(format!(
        "<meta name=\"calibre:series\" content=\"{name}\"/>"
    ));
    if let Some(position) = series.position {
        line(format!(
            "<meta refines=\"#series\" property=\"group-position\">{position}</meta>"
        ));
        line(format!(
            "<meta name=\"calibre:series_index\" content=\"{position}\"/>"
        ));
    }
}

fn description(book: &Book<'_>, edition: Edition) -> String {
    let mut sentences: Vec<String> = book
        .description
        .iter()
        .map(|&text| text.to_owned())
        .collect();
    if edition.shows_translation() {
        sentences.push(crate::model::translation_origin(book.articles, book.target).in_english());
    }
    sentences.join(" ")
}

/// What is true of every book that is made here. No conformance is claimed: that takes an audit
/// by a person.
fn accessibility(book: &Book<'_>, lang: &crate::model::Lang, line: &mut impl FnMut(String)) {
    let words = Phrases::of(lang);
    let mut summary = words.accessibility.to_owned();
    let mut properties = vec![("accessMode", "textual")];
    if book.cover.is_some() {
        properties.push(("accessMode", "visual"));
        properties.push(("accessibilityFeature", "alternativeText"));
        summary.push_str(words.accessible_cover);
    }
    properties.extend([
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "displayTransformability"),
        ("accessibilityFeature", "readingOrder"),
        ("accessibilityFeature", "structuralNavigation"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityHazard", "none"),
        ("accessibilitySummary", &summary),
    ]);
    for (name, value) in properties {
        line(format!(
            "<meta property=\"schema:{name}\">{}</meta>",
            escape(value)
        ));
    }
}

/// `CCYY-MM-DDThh:mm:ssZ`, which `dcterms:modified` wants.
fn modified(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
