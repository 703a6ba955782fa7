//! The EPUB container, made with epub-builder, and the one place where what epub-builder 0.8.3
//! gets wrong is put right:
//!
//! | what it does | what is done here |
//! |---|---|
//! | EPUB 2.0.1 by default | 3.3 is asked for |
//! | `dc:language` and `dc:creator` share ids; no publisher, source, contributor; a `scheme` that is no URL | the whole `metadata` element is written anew |
//! | no `xml:lang` on `package`; page direction ignored | both attributes are set |
//! | `nav` without `lang`, with an empty list of landmarks | the navigation document is replaced |
//! | the navigation document is not in the spine | it is put behind the cover |
//! | an NCX without the identifier | the identifier is put in |
//! | files of the ZIP archive are dated by the clock | every file is dated 1980-01-01, the earliest that ZIP knows |
//!
//! epub-builder keeps the whole archive in memory and packs with its own ZIP library, so it gets
//! empty pages; the real ones are made, packed and forgotten one by one when its archive is copied.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, ZipLibrary};
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::EpubError;
use crate::publish::html::printable;

/// A page of the book.
pub(super) struct Page<'a> {
    /// The file name, below the book's folder.
    pub href: String,
    /// The title, as the NCX shows it; a page without one is not in it.
    pub title: String,
    /// Makes the whole XHTML document.
    pub xhtml: Box<dyn Fn() -> String + 'a>,
    /// What the page is.
    pub role: Role,
}

/// What a page is, for the guide and the landmarks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Cover,
    Text,
    About,
}

/// All that goes into one EPUB file.
pub(super) struct Parts<'a> {
    /// The book's main language, for `package`.
    pub lang: String,
    /// Whether pages turn from right to left.
    pub right_to_left: bool,
    /// The identifier, as `dc:identifier` has it.
    pub identifier: String,
    /// The title of the list of contents.
    pub contents: String,
    /// The children of `metadata`, as XML.
    pub metadata: String,
    /// The navigation document.
    pub nav: String,
    /// The stylesheets: name and text. The first must be `stylesheet.css`.
    pub styles: &'a [(&'a str, &'a str)],
    /// The cover image: name, media type, bytes.
    pub cover: Option<(&'a str, &'a str, &'a [u8])>,
    /// The pages in reading order; where there is a cover image, the first one is the cover's.
    pub pages: Vec<Page<'a>>,
}

/// The EPUB file. Same parts, same bytes.
pub(super) fn assemble(parts: &Parts<'_>) -> Result<Vec<u8>, EpubError> {
    let draft = draft(parts).map_err(|error| EpubError::Container(error.to_string()))?;
    finish(&draft, parts)
}

fn draft(parts: &Parts<'_>) -> epub_builder::Result<Vec<u8>> {
    let mut builder = EpubBuilder::new(ZipLibrary::new()?)?;
    builder.epub_version(EpubVersion::V33);
    builder.set_toc_name(parts.contents.clone());
    for (index, (name, text)) in parts.styles.iter().enumerate() {
        if index == 0 {
            builder.stylesheet(text.as_bytes())?;
        } else {
            builder.add_resource(name, text.as_bytes(), "text/css")?;
        }
    }
    if let Some((name, media_type, _)) = parts.cover {
        builder.add_cover_image(name, std::io::empty(), media_type)?;
    }
    for page in &parts.pages {
        let mut content = EpubContent::new(&page.href, std::io::empty());
        if !page.title.is_empty() {
            content = content.title(printable(&page.title));
        }
        content = content.reftype(match page.role {
            Role::Cover => ReferenceType::Cover,
            Role::Text => ReferenceType::Text,
            Role::About => ReferenceType::Colophon,
        });
        builder.add_content(content)?;
    }
    let mut bytes = Vec::new();
    builder.generate(&mut bytes)?;
    Ok(bytes)
}

/// Copies the archive, with fixed dates, the pages and the cover filled in, and the package,
/// navigation and NCX put right.
fn finish(draft: &[u8], parts: &Parts<'_>) -> Result<Vec<u8>, EpubError> {
    let failed = |error: &dyn std::fmt::Display| EpubError::Container(error.to_string());
    let pages: BTreeMap<&str, &Page<'_>> = parts
        .pages
        .iter()
        .map(|page| (page.href.as_str(), page))
        .collect();
    let mut archive = ZipArchive::new(Cursor::new(draft)).map_err(|e| failed(&e))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let deflated = stored.compression_method(CompressionMethod::Deflated);
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|e| failed(&e))?;
        let name = file.name().map_err(|e| failed(&e))?.into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|e| failed(&e))?;
        let href = name.strip_prefix("OEBPS/").unwrap_or(&name);
        // The container format wants `mimetype` first and stored.
        let mut options = if name == "mimetype" { stored } else { deflated };
        let bytes = match href {
            "content.opf" => package(&bytes, parts)?,
            "nav.xhtml" => parts.nav.clone().into_bytes(),
            "toc.ncx" => ncx(&bytes, parts)?,
            href => match (pages.get(href), parts.cover) {
                (Some(page), _) => (page.xhtml)().into_bytes(),
                (None, Some((cover, _, picture))) if cover == href => {
                    // A picture is compressed already.
                    options = stored;
                    picture.to_vec()
                }
                _ => bytes,
            },
        };
        writer.start_file(name, options).map_err(|e| failed(&e))?;
        writer.write_all(&bytes).map_err(|e| failed(&e))?;
    }
    Ok(writer.finish().map_err(|e| failed(&e))?.into_inner())
}

/// Rewrites an XML document: `change` gets each event and writes what it wants instead.
fn rewrite(
    xml: &[u8],
    mut change: impl FnMut(Event<'_>, &mut Writer<Vec<u8>>) -> std::io::Result<()>,
) -> Result<Vec<u8>, EpubError> {
    let text = std::str::from_utf8(xml).map_err(|e| EpubError::Container(e.to_string()))?;
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::new(Vec::new());
    loop {
        match reader
            .read_event()
            .map_err(|e| EpubError::Container(e.to_string()))?
        {
            Event::Eof => return Ok(writer.into_inner()),
            event => change(event, &mut writer)
                .map_err(|e: std::io::Error| EpubError::Container(e.to_string()))?,
        }
    }
}

fn package(opf: &[u8], parts: &Parts<'_>) -> Result<Vec<u8>, EpubError> {
    let mut in_metadata = false;
    let mut cover_is_next = parts.cover.is_some();
    rewrite(opf, |event, writer| match event {
        Event::Start(tag) if tag.name().as_ref() == "package" => {
            let mut tag = tag.into_owned();
            tag.push_attribute(("xml:lang", parts.lang.as_str()));
            writer.write_event(Event::Start(tag))
        }
        Event::Start(tag) if tag.name().as_ref() == "metadata" => {
            in_metadata = true;
            let mut metadata = BytesStart::new("metadata");
            metadata.push_attribute(("xmlns:dc", "http://purl.org/dc/elements/1.1/"));
            writer.write_event(Event::Start(metadata))?;
            let inner = BytesText::from_escaped(format!("\n{}  ", parts.metadata));
            writer.write_event(Event::Text(inner))
        }
        Event::End(tag) if tag.name().as_ref() == "metadata" => {
            in_metadata = false;
            writer.write_event(Event::End(tag))
        }
        _ if in_metadata => Ok(()),
        Event::Start(tag) if tag.name().as_ref() == "spine" => {
            let mut spine = BytesStart::new("spine");
            spine.push_attribute(("toc", "ncx"));
            let direction = if parts.right_to_left { "rtl" } else { "ltr" };
            spine.push_attribute(("page-progression-direction", direction));
            writer.write_event(Event::Start(spine))?;
            if cover_is_next {
                Ok(())
            } else {
                nav_in_spine(writer)
            }
        }
        Event::Empty(tag) if tag.name().as_ref() == "itemref" && cover_is_next => {
            cover_is_next = false;
            writer.write_event(Event::Empty(tag))?;
            nav_in_spine(writer)
        }
        event => writer.write_event(event),
    })
}

fn nav_in_spine(writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    writer.write_event(Event::Text(BytesText::new("\n    ")))?;
    let mut nav = BytesStart::new("itemref");
    nav.push_attribute(("idref", "nav"));
    writer.write_event(Event::Empty(nav))
}

fn ncx(ncx: &[u8], parts: &Parts<'_>) -> Result<Vec<u8>, EpubError> {
    rewrite(ncx, |event, writer| match event {
        Event::Start(tag) if tag.name().as_ref() == "head" => {
            writer.write_event(Event::Start(tag))?;
            writer.write_event(Event::Text(BytesText::new("\n    ")))?;
            let mut uid = BytesStart::new("meta");
            uid.push_attribute(("name", "dtb:uid"));
            uid.push_attribute(("content", parts.identifier.as_str()));
            writer.write_event(Event::Empty(uid))
        }
        Event::Start(tag) if tag.name().as_ref() == "ncx" => {
            let mut tag = tag.into_owned();
            tag.push_attribute(("xml:lang", parts.lang.as_str()));
            writer.write_event(Event::Start(tag))
        }
        event => writer.write_event(event),
    })
}
