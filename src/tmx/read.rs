//! TMX of any 1.x version as tools write it.

use std::path::Path;

use crate::model::Lang;
use crate::xml::{Element, Event, Fault, Limits, Parser, Place, XML_NS, decode, unescape_illegal};

use super::inline::read_content;
use super::{Tmx, TmxError, TmxProblem, TmxUnit, Variant};

/// Reads a TMX file; `path` is named in errors. Units without text are left out.
pub fn read(path: &Path, bytes: &[u8], limits: &Limits) -> Result<Tmx, TmxError> {
    let text = decode(bytes, limits).map_err(|fault| TmxError {
        place: Place::of(path, &String::from_utf8_lossy(bytes), fault.at),
        problem: fault.problem.into(),
    })?;
    read_text(&text, limits).map_err(|fault| TmxError {
        place: Place::of(path, &text, fault.at),
        problem: fault.problem,
    })
}

impl From<Fault> for Fault<TmxProblem> {
    fn from(fault: Fault) -> Self {
        Self {
            at: fault.at,
            problem: fault.problem.into(),
        }
    }
}

fn read_text(text: &str, limits: &Limits) -> Result<Tmx, Fault<TmxProblem>> {
    let mut parser = Parser::new(text, limits);
    let mut tmx = Tmx {
        source_lang: None,
        tool: (String::new(), String::new()),
        units: Vec::new(),
    };
    let mut depth = 0;
    loop {
        match parser.next()? {
            Event::Start(tag) => match (depth, tag.local) {
                (0, "tmx") => depth = 1,
                (0, other) => {
                    return Err(Fault {
                        at: tag.start,
                        problem: TmxProblem::Root(other.chars().take(40).collect()),
                    });
                }
                (1, "header") => {
                    let header = parser.element(tag)?;
                    let value = |name| header.attr(name).unwrap_or_default().to_owned();
                    tmx.tool = (value("creationtool"), value("creationtoolversion"));
                    tmx.source_lang = header.attr("srclang").and_then(|tag| lang(tag).ok());
                }
                (1, "body") => depth = 2,
                (2, "tu") => {
                    let unit = parser.element(tag)?;
                    let unit = read_unit(&unit)?;
                    if !unit.variants.is_empty() {
                        tmx.units.push(unit);
                    }
                }
                _ => {
                    parser.element(tag)?;
                }
            },
            Event::End { .. } => depth -= 1,
            Event::Text(..) => {}
            Event::Eof => return Ok(tmx),
        }
    }
}

fn lang(tag: &str) -> Result<Lang, crate::model::LangError> {
    // Tools write POSIX's underscore where BCP 47 has a hyphen.
    tag.replace('_', "-").parse()
}

fn read_unit(element: &Element<'_>) -> Result<TmxUnit, Fault<TmxProblem>> {
    let mut unit = TmxUnit {
        id: element
            .attr("tuid")
            .map(|id| unescape_illegal(id).into_owned()),
        ..TmxUnit::default()
    };
    for child in element.elements() {
        match child.local {
            "note" => unit
                .notes
                .push(unescape_illegal(&child.text()).into_owned()),
            "prop" => unit.properties.push((
                unescape_illegal(child.attr("type").unwrap_or_default()).into_owned(),
                unescape_illegal(&child.text()).into_owned(),
            )),
            "tuv" => {
                let fault = |message: String| Fault {
                    at: child.span.start,
                    problem: TmxProblem::Language(message),
                };
                // `lang` is what TMX 1.1 had.
                let tag = child.attr_in(XML_NS, "lang").or(child.attr("lang"));
                let tag = tag.ok_or_else(|| fault("no xml:lang attribute".to_owned()))?;
                let lang = lang(tag).map_err(|error| fault(error.to_string()))?;
                let Some(seg) = child.elements().find(|element| element.local == "seg") else {
                    continue;
                };
                let value = |name| {
                    child
                        .attr(name)
                        .map(|value| unescape_illegal(value).into_owned())
                };
                unit.variants.push(Variant {
                    lang,
                    content: read_content(seg),
                    by: value("changeid").or_else(|| value("creationid")),
                    when: value("changedate").or_else(|| value("creationdate")),
                });
            }
            _ => {}
        }
    }
    Ok(unit)
}
