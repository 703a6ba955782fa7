//! The kit for a translator: everything about one article in one zip.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::PipelineError;
use crate::model::{Article, BlockKind, Concept, Content, Inline, Lang, State};
use crate::tbx::{self, Dialect};
use crate::tmx::{self, Tmx};
use crate::xliff::{Tool, WriteOptions, v1_2, v2};

/// XLIFF 1.2 and 2.0, the pairs as TMX, the terms as TBX, the article as a page to read, and how
/// to go about it. The same input gives the same bytes.
pub(super) fn kit(
    article: &Article,
    lang: &Lang,
    hand_out: &WriteOptions,
    concepts: &[Concept],
) -> Result<Vec<u8>, PipelineError> {
    let name = format!("{}.{lang}", article.id);
    let Tool {
        name: tool,
        version,
    } = super::build::tool();
    let memory = Tmx::from_articles([article], lang, State::Reviewed, (tool, version));
    let mut files = vec![
        ("README.txt".to_owned(), readme(article, lang, &name)),
        (format!("{name}.xlf"), v1_2::write(article, lang, hand_out)),
        (
            format!("xliff2/{name}.xlf"),
            v2::write(article, lang, hand_out),
        ),
        (format!("{name}.tmx"), tmx::write(&memory)),
    ];
    if article
        .segments()
        .any(|segment| segment.target(lang).is_none())
    {
        let filled = WriteOptions {
            copy_source: true,
            ..hand_out.clone()
        };
        let text = v1_2::write(article, lang, &filled);
        files.push((format!("omegat3/{name}.xlf"), text));
    }
    if !concepts.is_empty() {
        let terms = |dialect| tbx::write(concepts, &article.lang, lang, dialect);
        files.push((format!("{name}.tbx"), terms(Dialect::V3)));
        files.push((format!("tbx2/{name}.tbx"), terms(Dialect::V2)));
    }
    files.push((format!("{name}.html"), preview(article, lang)));
    pack(&files).map_err(|error| {
        PipelineError::Nothing(format!("{name}.zip: making the zip failed: {error}"))
    })
}

fn pack(files: &[(String, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time: the clock would make each run's bytes differ.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (name, text) in files {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn readme(article: &Article, lang: &Lang, name: &str) -> String {
    let sentences = article.segments().count();
    let done = article
        .segments()
        .filter(|segment| segment.target(lang).is_some())
        .count();
    format!(
        "{title}\n\
         {source} to {lang}: {sentences} sentences, {done} of them translated so far\n\
         \n\
         {name}.xlf          the text to translate or review (XLIFF 1.2)\n\
         xliff2/{name}.xlf   the same as XLIFF 2.0, for tools that prefer it; use one of the two\n\
         omegat3/{name}.xlf  for OmegaT 3, which shows only what has a target (if there is need)\n\
         {name}.tmx          approved translations of this article, for your memory\n\
         {name}.tbx          the terms, if there are any (TBX 3; tbx2/ has TBX 2)\n\
         {name}.html         the article as it reads, both languages side by side\n\
         \n\
         1. Open the XLIFF file in your tool. One sentence is one unit.\n\
         2. Terms and doubts stand as notes beside the sentences. Terms marked \"must not be used\"\n   \
            must not.\n\
         3. Keep the inline codes: each once, in the order that your language wants.\n\
         4. If two sentences belong together in your language, write both into the first unit and\n   \
            leave the second empty.\n\
         5. Mark a sentence as approved (or final, signed off) only when you have read it. What\n   \
            you change arrives whatever its state. To send an approved sentence back, set it to\n   \
            \"needs review\" and say why in a note.\n\
         6. Write questions as notes or comments.\n\
         7. Send back the XLIFF file. Its name does not matter; the ids in it do.\n",
        title = article.title(),
        source = article.lang,
    )
}

/// The article as a page: source and target of each block side by side.
fn preview(article: &Article, lang: &Lang) -> String {
    let mut page = String::new();
    let title = escape(&article.title());
    let direction = |lang: &Lang| {
        if lang.is_right_to_left() {
            "rtl"
        } else {
            "ltr"
        }
    };
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{source}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <table>\n<thead><tr><th scope=\"col\">{from}</th><th scope=\"col\">{to}</th></tr></thead>\n\
         <tbody>\n",
        source = article.lang,
        from = escape(&article.lang.own_name()),
        to = escape(&lang.own_name()),
    );
    for block in &article.blocks {
        let (mut from, mut to) = (String::new(), String::new());
        for segment in &block.segments {
            let id = escape(segment.id.as_str());
            let _ = write!(
                from,
                "<span title=\"{id}\">{}</span>{}",
                inlines(&segment.source),
                escape(&segment.space_after)
            );
            let text = match (segment.target(lang), segment.covered_by(lang)) {
                (Some(target), _) => inlines(&target.content),
                (None, Some(_)) => continue,
                (None, None) => "<mark>…</mark>".to_owned(),
            };
            if !to.is_empty() && lang.separates_with_spaces() {
                to.push(' ');
            }
            let _ = write!(to, "<span title=\"{id}\">{text}</span>");
        }
        let class = match block.kind {
            BlockKind::Title => "title",
            BlockKind::Kicker | BlockKind::Standfirst | BlockKind::Heading => "heading",
            _ => "text",
        };
        let _ = writeln!(
            page,
            "<tr class=\"{class}\"><td>{from}</td><td lang=\"{lang}\" dir=\"{}\">{to}</td></tr>",
            direction(lang)
        );
    }
    page.push_str("</tbody>\n</table>\n</body>\n</html>\n");
    page
}

const STYLE: &str = "body{margin:2rem auto;max-width:70rem;padding:0 1rem;line-height:1.6;\
    font-family:serif}table{border-collapse:collapse;width:100%}td,th{vertical-align:top;\
    text-align:start;padding:.5rem 1rem;width:50%;border-bottom:1px solid #ccc}\
    .title td{font-size:1.5rem;font-weight:bold}.heading td{font-weight:bold}";

fn inlines(content: &Content) -> String {
    use crate::model::CodeKind::{Bold, Italic, LineBreak, Subscript, Superscript, Underline};
    let mut html = String::new();
    let mut open: Vec<(&str, &str)> = Vec::new();
    for inline in content.inlines() {
        match inline {
            Inline::Text(text) => html.push_str(&escape(text)),
            Inline::Placeholder(code) => html.push_str(match &code.kind {
                LineBreak => "<br>",
                _ => "<small>[·]</small>",
            }),
            Inline::Open(code) => {
                let tag = match &code.kind {
                    Bold => "b",
                    Italic => "i",
                    Underline => "u",
                    Superscript => "sup",
                    Subscript => "sub",
                    _ => "span",
                };
                let _ = write!(html, "<{tag}>");
                open.push((&code.id, tag));
            }
            // HTML nests: an end closes what was opened inside of it too.
            Inline::Close(id) => {
                if open.iter().any(|(other, _)| other == id) {
                    while let Some((other, tag)) = open.pop() {
                        let _ = write!(html, "</{tag}>");
                        if other == id {
                            break;
                        }
                    }
                }
            }
        }
    }
    while let Some((_, tag)) = open.pop() {
        let _ = write!(html, "</{tag}>");
    }
    html
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
