//! TBX: term bases, as tools exchange them. Version 3 (ISO 30042:2019, DCA style) and version 2
//! (`martif`, which older tools read) are written; both are read.

use std::path::Path;

use crate::model::{Concept, Lang, Term, TermStatus};
use crate::xml::{
    self, Element, Event, Fault, Limits, Parser, Place, Writer, XML_NS, decode, unescape_illegal,
};

/// A dialect of TBX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// ISO 30042:2019: `<tbx>`, style DCA.
    V3,
    /// ISO 30042:2008: `<martif>`.
    V2,
}

/// A TBX file that is not read, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct TbxError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: TbxProblem,
}

/// Why a TBX file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TbxProblem {
    /// It is not XML that is read.
    #[error(transparent)]
    Xml(#[from] xml::Problem),
    /// The root is another element.
    #[error("the root element is {0:?}, not \"tbx\" or \"martif\"; this is no TBX file")]
    Root(String),
    /// No entry has terms of both languages.
    #[error("no entry has terms in both {source_lang} and {target}")]
    NoPair {
        /// The source language.
        source_lang: Lang,
        /// The target language.
        target: Lang,
    },
}

/// The names that differ between the dialects.
struct Names {
    entry: &'static str,
    language: &'static str,
    term: &'static str,
}

const V3: Names = Names {
    entry: "conceptEntry",
    language: "langSec",
    term: "termSec",
};
const V2: Names = Names {
    entry: "termEntry",
    language: "langSet",
    term: "tig",
};

/// The concepts as TBX: UTF-8, one element a line, the same bytes for the same input. The scope
/// stands as the subject field, statuses as `administrativeStatus`.
#[must_use]
pub fn write(concepts: &[Concept], source: &Lang, target: &Lang, dialect: Dialect) -> String {
    let mut out = Writer::new();
    let names = match dialect {
        Dialect::V3 => {
            let attrs = [
                ("type", "TBX-Basic"),
                ("style", "dca"),
                ("xml:lang", "en"),
                ("xmlns", "urn:iso:std:iso:30042:ed-2"),
            ];
            out.open("tbx", &attrs);
            out.open("tbxHeader", &[]);
            V3
        }
        Dialect::V2 => {
            out.line("<!DOCTYPE martif SYSTEM \"TBXcoreStructV02.dtd\">");
            out.open("martif", &[("type", "TBX"), ("xml:lang", "en")]);
            out.open("martifHeader", &[]);
            V2
        }
    };
    out.open("fileDesc", &[]);
    out.open("sourceDesc", &[]);
    out.text("p", &[], &format!("Terms from {source} to {target}"));
    out.close();
    out.close();
    if dialect == Dialect::V2 {
        out.open("encodingDesc", &[]);
        out.text("p", &[("type", "XCSURI")], "TBXXCS.xcs");
        out.close();
    }
    out.close();
    out.open("text", &[]);
    out.open("body", &[]);
    for (at, concept) in concepts.iter().enumerate() {
        let id = format!("c{}", at + 1);
        out.open(names.entry, &[("id", &id)]);
        if let Some(scope) = &concept.scope {
            out.text("descrip", &[("type", "subjectField")], scope);
        }
        out.open(names.language, &[("xml:lang", &source.to_string())]);
        out.open(names.term, &[]);
        out.text("term", &[], &concept.source);
        out.close();
        out.close();
        if !concept.terms.is_empty() {
            out.open(names.language, &[("xml:lang", &target.to_string())]);
            for term in &concept.terms {
                write_term(&mut out, term, &names);
            }
            out.close();
        }
        out.close();
    }
    out.finish()
}

fn write_term(out: &mut Writer, term: &Term, names: &Names) {
    out.open(names.term, &[]);
    out.text("term", &[], &term.text);
    out.text(
        "termNote",
        &[("type", "administrativeStatus")],
        match term.status {
            TermStatus::Preferred => "preferredTerm-admn-sts",
            TermStatus::Admitted => "admittedTerm-admn-sts",
            TermStatus::Forbidden => "deprecatedTerm-admn-sts",
        },
    );
    if let Some(note) = &term.note {
        out.text("note", &[], note);
    }
    out.close();
}

/// Reads the concepts of one language pair; `path` is named in errors. Where the file has a
/// variety of a language only (`zh-CN` for `zh-Hans`), that is taken. A concept with several
/// source terms gives one [`Concept`] for each.
pub fn read(
    path: &Path,
    bytes: &[u8],
    source: &Lang,
    target: &Lang,
    limits: &Limits,
) -> Result<Vec<Concept>, TbxError> {
    let text = decode(bytes, limits).map_err(|fault| TbxError {
        place: Place::of(path, &String::from_utf8_lossy(bytes), fault.at),
        problem: fault.problem.into(),
    })?;
    read_text(&text, source, target, limits).map_err(|fault| TbxError {
        place: Place::of(path, &text, fault.at),
        problem: fault.problem,
    })
}

impl From<Fault> for Fault<TbxProblem> {
    fn from(fault: Fault) -> Self {
        Self {
            at: fault.at,
            problem: fault.problem.into(),
        }
    }
}

fn read_text(
    text: &str,
    source: &Lang,
    target: &Lang,
    limits: &Limits,
) -> Result<Vec<Concept>, Fault<TbxProblem>> {
    let mut parser = Parser::new(text, limits);
    let mut concepts = Vec::new();
    let mut entries = 0;
    let mut at_root = true;
    loop {
        match parser.next()? {
            Event::Start(tag) if at_root => {
                if !matches!(tag.local, "tbx" | "martif") {
                    return Err(Fault {
                        at: tag.start,
                        problem: TbxProblem::Root(tag.local.chars().take(40).collect()),
                    });
                }
                at_root = false;
            }
            Event::Start(tag) if matches!(tag.local, "conceptEntry" | "termEntry") => {
                let entry = parser.element(tag)?;
                entries += 1;
                concepts.extend(read_entry(&entry, source, target));
            }
            Event::Eof if entries > 0 && concepts.is_empty() => {
                return Err(Fault {
                    at: 0,
                    problem: TbxProblem::NoPair {
                        source_lang: source.clone(),
                        target: target.clone(),
                    },
                });
            }
            Event::Eof => return Ok(concepts),
            Event::Start(_) | Event::End { .. } | Event::Text(..) => {}
        }
    }
}

fn read_entry(entry: &Element<'_>, source: &Lang, target: &Lang) -> Vec<Concept> {
    let scope = entry
        .elements()
        .flat_map(|child| {
            let nested = child.elements().filter(|_| child.local == "descripGrp");
            std::iter::once(child).chain(nested)
        })
        .find(|child| child.local == "descrip" && child.attr("type") == Some("subjectField"))
        .map(|descrip| text_of(descrip));
    let mut terms: Vec<Term> = language(entry, target).map(read_term).collect();
    // The order of a file says nothing; statuses do.
    terms.sort_by_key(|term| match term.status {
        TermStatus::Preferred => 0,
        TermStatus::Admitted => 1,
        TermStatus::Forbidden => 2,
    });
    if terms.is_empty() {
        return Vec::new();
    }
    language(entry, source)
        .map(|element| Concept {
            source: read_term(element).text,
            scope: scope.clone(),
            terms: terms.clone(),
        })
        .filter(|concept| !concept.source.is_empty())
        .collect()
}

/// The term sections of the language: of the exact tag, or else of the first variety of it.
fn language<'e, 'a>(
    entry: &'e Element<'a>,
    lang: &Lang,
) -> impl Iterator<Item = &'e Element<'a>> + use<'e, 'a> {
    let tagged: Vec<(Lang, &Element<'a>)> = entry
        .elements()
        .filter(|child| matches!(child.local, "langSec" | "langSet"))
        .filter_map(|child| {
            let tag = child.attr_in(XML_NS, "lang")?;
            Some((tag.replace('_', "-").parse().ok()?, child))
        })
        .collect();
    let exact = tagged.iter().find(|(tag, _)| tag == lang);
    let near = || {
        tagged
            .iter()
            .find(|(tag, _)| tag.primary() == lang.primary())
    };
    exact
        .or_else(near)
        .map(|(_, element)| *element)
        .into_iter()
        .flat_map(Element::elements)
        .filter(|child| matches!(child.local, "termSec" | "tig" | "ntig"))
}

fn read_term(section: &Element<'_>) -> Term {
    let mut term = Term {
        text: String::new(),
        status: TermStatus::default(),
        note: None,
    };
    let mut open: Vec<&Element<'_>> = vec![section];
    while let Some(element) = open.pop() {
        for child in element.elements() {
            match (child.local, child.attr("type")) {
                ("term", _) => term.text = text_of(child),
                ("termNote", Some("administrativeStatus" | "normativeAuthorization")) => {
                    term.status = status(&text_of(child));
                }
                ("note", _) => term.note = Some(text_of(child)),
                // `ntig` wraps its term in a `termGrp`.
                ("termGrp" | "termNoteGrp", _) => open.push(child),
                _ => {}
            }
        }
    }
    term
}

fn status(name: &str) -> TermStatus {
    match name.trim().trim_end_matches("-admn-sts") {
        "admittedTerm" | "admitted" => TermStatus::Admitted,
        "deprecatedTerm" | "supersededTerm" | "deprecated" | "forbidden" => TermStatus::Forbidden,
        _ => TermStatus::Preferred,
    }
}

fn text_of(element: &Element<'_>) -> String {
    unescape_illegal(element.text().trim()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    fn term(text: &str, status: TermStatus, note: Option<&str>) -> Term {
        Term {
            text: text.into(),
            status,
            note: note.map(str::to_owned),
        }
    }

    #[test]
    fn both_dialects_give_the_concepts_back() {
        let concepts = vec![
            Concept {
                source: "提法".into(),
                scope: Some("article:thinking".into()),
                terms: vec![
                    term("formulation", TermStatus::Preferred, Some("of <doctrine>")),
                    term("wording", TermStatus::Admitted, None),
                    term("expression", TermStatus::Forbidden, Some("a & b")),
                ],
            },
            Concept {
                source: "思想".into(),
                scope: None,
                terms: vec![term("thinking", TermStatus::Preferred, None)],
            },
        ];
        let (zh, en) = (lang("zh-Hans"), lang("en"));
        for dialect in [Dialect::V2, Dialect::V3] {
            let written = write(&concepts, &zh, &en, dialect);
            let path = Path::new("a.tbx");
            let back = read(path, written.as_bytes(), &zh, &en, &Limits::default()).unwrap();
            assert_eq!(back, concepts, "{written}");
        }
    }

    #[test]
    fn what_other_tools_write_is_read() {
        let text = r#"<martif type="TBX"><text><body><termEntry id="1">
            <descripGrp><descrip type="subjectField">law</descrip></descripGrp>
            <langSet xml:lang="zh_CN"><ntig><termGrp><term>法</term></termGrp></ntig>
              <tig><term>法律</term></tig></langSet>
            <langSet xml:lang="en-US"><tig><term>act</term>
              <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></tig>
              <tig><term>law</term></tig></langSet>
            </termEntry></body></text></martif>"#;
        let (zh, en) = (lang("zh-Hans"), lang("en"));
        let limits = Limits::default();
        let read_as = |from: &Lang| read(Path::new("a.tbx"), text.as_bytes(), from, &en, &limits);
        let concepts = read_as(&zh).unwrap();
        let sources: Vec<&str> = concepts.iter().map(|c| c.source.as_str()).collect();
        assert_eq!(sources, ["法", "法律"]);
        assert_eq!(concepts[0].scope.as_deref(), Some("law"));
        assert_eq!(concepts[0].preferred().unwrap().text, "law");
        assert_eq!(concepts[0].forbidden().next().unwrap().text, "act");
        let error = read_as(&lang("fr")).unwrap_err().to_string();
        assert!(
            error.contains("no entry has terms in both fr and en"),
            "{error}"
        );
    }
}
