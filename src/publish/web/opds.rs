//! Catalogs that reading apps take: OPDS 1.2 (Atom) and OPDS 2.0 (JSON), in pages.

use std::fmt::Write;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::super::html::escape;
use super::super::phrases::Phrases;
use super::index::edition_name;
use super::{Download, PER_PAGE, Shelves, Site, Volume, publisher, timestamp};
use crate::model::Lang;

const ACQUISITION: &str = "application/atom+xml;profile=opds-catalog;kind=acquisition";
const OPEN_ACCESS: &str = "http://opds-spec.org/acquisition/open-access";

/// A publication: a volume in one edition, by the edition's place.
type Publication<'a> = (Rc<Volume<'a>>, usize);

/// What stands on each page of a catalog, one page at least.
fn pages(shelves: &impl Shelves) -> impl Iterator<Item = Vec<Publication<'_>>> {
    let mut publications = shelves.volumes().flat_map(|volume| {
        let volume = Rc::new(volume);
        (0..volume.downloads.len()).map(move |at| (Rc::clone(&volume), at))
    });
    (0..page_count(count(shelves))).map(move |_| publications.by_ref().take(PER_PAGE).collect())
}

/// How many publications there are.
fn count(shelves: &impl Shelves) -> usize {
    shelves.sizes().map(|(books, _)| books).sum()
}

fn page_name(number: usize, extension: &str) -> String {
    if number == 0 {
        format!("opds.{extension}")
    } else {
        format!("opds-{}.{extension}", number + 1)
    }
}

/// How many pages a catalog of so many publications has; one at least.
fn page_count(publications: usize) -> usize {
    publications.div_ceil(PER_PAGE).max(1)
}

/// The links of a page of a catalog: relation and page.
fn links(number: usize, count: usize, extension: &str) -> Vec<(&'static str, String)> {
    let mut links = vec![("self", page_name(number, extension))];
    if count > 1 {
        links.push(("first", page_name(0, extension)));
        links.push(("last", page_name(count - 1, extension)));
    }
    if number > 0 {
        links.push(("previous", page_name(number - 1, extension)));
    }
    if number + 1 < count {
        links.push(("next", page_name(number + 1, extension)));
    }
    links
}

/// A title that tells editions of one volume apart.
fn title(volume: &Volume<'_>, file: &Download, lang: &Lang) -> String {
    let title = volume.title_in(lang);
    if volume.downloads.len() < 2 {
        return title.to_owned();
    }
    let words = Phrases::of(lang);
    let edition = edition_name(file.edition, words);
    if lang.is_simplified_chinese() {
        format!("{title}（{edition}）")
    } else {
        format!("{title} ({edition})")
    }
}

/// The catalog in OPDS 1.2: name and XML of each page, the first one `opds.xml`.
pub fn opds1<'a>(
    site: &'a Site<'_>,
    shelves: &'a impl Shelves,
) -> impl Iterator<Item = (String, String)> + 'a {
    let count = page_count(count(shelves));
    let publisher = publisher(shelves);
    (pages(shelves).enumerate()).map(move |(number, publications)| {
        let words = Phrases::of(site.target);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/terms/\" \
             xmlns:opds=\"http://opds-spec.org/2010/catalog\" xml:lang=\"{}\">\n\
             <id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <author><name>{}</name></author>\n\
             <link rel=\"start\" type=\"{ACQUISITION}\" href=\"{}\"/>\n",
            site.target,
            site.urn("opds"),
            escape(&format!(
                "{} · {}",
                site.title_in(site.source),
                site.title_in(site.target)
            )),
            timestamp(None, site.modified),
            escape(&publisher),
            escape(&site.address_of("opds.xml")),
        );
        for (rel, page) in links(number, count, "xml") {
            let _ = writeln!(
                xml,
                "<link rel=\"{rel}\" type=\"{ACQUISITION}\" href=\"{}\"/>",
                escape(&site.address_of(&page))
            );
        }
        let _ = writeln!(
            xml,
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\" title=\"{}\"/>",
            escape(&site.address_of("index.html")),
            escape(words.contents)
        );
        for (volume, at) in publications {
            entry(site, &volume, &volume.downloads[at], &mut xml);
        }
        xml.push_str("</feed>\n");
        (page_name(number, "xml"), xml)
    })
}

fn entry(site: &Site<'_>, volume: &Volume<'_>, file: &Download, xml: &mut String) {
    let mut line = |text: String| {
        xml.push_str(&text);
        xml.push('\n');
    };
    let lang = &file.languages[0];
    line("<entry>".into());
    line(format!("<id>{}</id>", escape(&file.identifier)));
    line(format!(
        "<title xml:lang=\"{lang}\">{}</title>",
        escape(&title(volume, file, lang))
    ));
    line(format!(
        "<updated>{}</updated>",
        timestamp(volume.date, site.modified)
    ));
    for author in &volume.authors {
        line(format!("<author><name>{}</name></author>", escape(author)));
    }
    for lang in &file.languages {
        line(format!("<dc:language>{lang}</dc:language>"));
    }
    if let Some(publisher) = &volume.publisher {
        line(format!(
            "<dc:publisher>{}</dc:publisher>",
            escape(publisher)
        ));
    }
    if let Some(date) = &volume.date {
        line(format!("<dc:issued>{}</dc:issued>", escape(date)));
    }
    for outlet in &volume.outlets {
        line(format!("<dc:source>{}</dc:source>", escape(outlet)));
    }
    for subject in volume.subjects {
        let subject = escape(subject);
        line(format!(
            "<category term=\"{subject}\" label=\"{subject}\"/>"
        ));
    }
    if let Some(rights) = &volume.rights {
        line(format!("<rights>{}</rights>", escape(rights)));
    }
    let other = file.languages.get(1).unwrap_or(lang);
    let mut summary = String::new();
    if other != lang {
        summary.push_str(&title(volume, file, other));
        summary.push_str(". ");
    }
    summary.push_str(volume.description.unwrap_or_default());
    if !summary.trim().is_empty() {
        line(format!(
            "<summary type=\"text\">{}</summary>",
            escape(summary.trim())
        ));
    }
    if let Some((href, media_type)) = &volume.cover {
        let href = escape(&site.address_of(href));
        for rel in ["image", "image/thumbnail"] {
            line(format!(
                "<link rel=\"http://opds-spec.org/{rel}\" type=\"{media_type}\" href=\"{href}\"/>"
            ));
        }
    }
    line(format!(
        "<link rel=\"{OPEN_ACCESS}\" type=\"application/epub+zip\" length=\"{}\" href=\"{}\"/>",
        file.size,
        escape(&site.address_of(&file.href))
    ));
    line("</entry>".into());
}

/// The catalog in OPDS 2.0: name and JSON of each page, the first one `opds.json`.
pub fn opds2<'a>(
    site: &'a Site<'_>,
    shelves: &'a impl Shelves,
) -> impl Iterator<Item = (String, String)> + 'a {
    let all = count(shelves);
    let count = page_count(all);
    (pages(shelves).enumerate()).map(move |(number, publications)| {
        let links: Vec<Value> = links(number, count, "json")
            .into_iter()
            .map(|(rel, page)| {
                json!({"rel": rel, "href": site.address_of(&page), "type": "application/opds+json"})
            })
            .chain([json!({
                "rel": "alternate",
                "href": site.address_of("index.html"),
                "type": "text/html",
            })])
            .collect();
        let mut metadata = json!({
            "title": format!("{} · {}", site.title_in(site.source), site.title_in(site.target)),
            "modified": timestamp(None, site.modified),
            "numberOfItems": all,
        });
        if count > 1 {
            metadata["itemsPerPage"] = json!(PER_PAGE);
            metadata["currentPage"] = json!(number + 1);
        }
        let publications: Vec<Value> = publications
            .iter()
            .map(|(volume, at)| publication2(site, volume, &volume.downloads[*at]))
            .collect();
        let feed = json!({"metadata": metadata, "links": links, "publications": publications});
        (page_name(number, "json"), format!("{feed:#}\n"))
    })
}

fn publication2(site: &Site<'_>, volume: &Volume<'_>, file: &Download) -> Value {
    let mut metadata = Map::new();
    let by_language = |text: &dyn Fn(&Lang) -> Option<String>| -> Option<Value> {
        let texts: Map<String, Value> = file
            .languages
            .iter()
            .filter_map(|lang| Some((lang.to_string(), json!(text(lang)?))))
            .collect();
        (!texts.is_empty()).then_some(Value::Object(texts))
    };
    metadata.insert("@type".into(), json!("http://schema.org/Book"));
    metadata.insert("identifier".into(), json!(file.identifier));
    metadata.extend(
        by_language(&|lang| Some(title(volume, file, lang))).map(|title| ("title".into(), title)),
    );
    metadata.extend(
        by_language(&|lang| volume.subtitle?.get(lang).cloned())
            .map(|title| ("subtitle".into(), title)),
    );
    let languages: Vec<String> = file.languages.iter().map(Lang::to_string).collect();
    metadata.insert("language".into(), json!(languages));
    if !volume.authors.is_empty() {
        metadata.insert("author".into(), json!(volume.authors));
    }
    metadata.extend(
        volume
            .publisher
            .iter()
            .map(|name| ("publisher".into(), json!(name))),
    );
    metadata.extend(volume.date.iter().map(|_| {
        (
            "published".into(),
            json!(timestamp(volume.date, site.modified)),
        )
    }));
    metadata.insert("modified".into(), json!(timestamp(None, site.modified)));
    metadata.extend(
        volume
            .description
            .iter()
            .map(|text| ("description".into(), json!(text))),
    );
    if !volume.subjects.is_empty() {
        metadata.insert("subject".into(), json!(volume.subjects));
    }
    if let Some((name, position)) = &volume.series {
        let lang = &file.languages[0];
        let mut series = Map::new();
        let name = name.get(lang).or_else(|| name.values().next());
        series.extend(name.map(|name| ("name".into(), json!(name))));
        series.extend(position.map(|position| ("position".into(), json!(position))));
        metadata.insert("belongsTo".into(), json!({"series": series}));
    }
    let mut publication = json!({
        "metadata": metadata,
        "links": [{
            "rel": OPEN_ACCESS,
            "href": site.address_of(&file.href),
            "type": "application/epub+zip",
            "size": file.size,
        }],
    });
    if let Some((href, media_type)) = &volume.cover {
        publication["images"] = json!([{"href": site.address_of(href), "type": media_type}]);
    }
    publication
}
