//! Reading XLIFF of any version unit by unit.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use compact_str::CompactString;

use crate::model::{Lang, Note};
use crate::xml::{self, Element, Event, Fault, Limits, Parser, Place, Problem, Tag, locate};

use super::error::{XliffError, XliffProblem};
use super::unit::{Meta, Unit, find};
use super::{Version, ns, v1_2, v2};

/// The text of an XLIFF file: byte order mark removed, UTF-16 and declared encodings decoded.
pub fn decode<'a>(
    path: &Path,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Cow<'a, str>, XliffError> {
    xml::decode(bytes, limits).map_err(|fault| {
        let place = Place::of(path, &String::from_utf8_lossy(bytes), fault.at);
        let problem = fault.problem.into();
        XliffError { place, problem }
    })
}

/// What stands between the start of an XLIFF file and its end, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A `<file>` begins.
    File(FileStart),
    /// A `<group>` begins.
    Group(GroupStart),
    /// A `<unit>` or `<trans-unit>`.
    Unit(Box<Unit>),
    /// A unit that can't be taken as it stands; given by [`Reader::lenient`] readers only.
    Broken(Box<BrokenUnit>),
    /// The innermost group ends.
    EndGroup,
    /// The file element ends.
    EndFile,
}

/// A unit with a fault of its own, in a file that can be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenUnit {
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The unit, where it is whole but its id was used before.
    pub unit: Option<Unit>,
    /// The text in it.
    pub text: String,
    /// The line of its start tag, from 1.
    pub line: u32,
    /// What is wrong.
    pub problem: XliffProblem,
}

/// What is said about a `<file>` before its units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileStart {
    /// Its id; in 1.2, which has none, `product-name`, where duizhao's hand-outs have it.
    pub id: Option<String>,
    /// Where the text came from.
    pub original: Option<String>,
    /// The language of the source.
    pub source_lang: Option<Lang>,
    /// The language of the target.
    pub target_lang: Option<Lang>,
    /// Notes on the whole file.
    pub notes: Vec<Note>,
    /// The metadata module's values.
    pub metadata: Vec<Meta>,
    /// The line of its start tag, from 1.
    pub line: u32,
}

/// What is said about a `<group>` before its units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupStart {
    /// Its id.
    pub id: Option<String>,
    /// `restype` of 1.2, `type` of 2.x.
    pub kind: Option<String>,
    /// The metadata module's values.
    pub metadata: Vec<Meta>,
    /// The line of its start tag, from 1.
    pub line: u32,
}

impl FileStart {
    /// The value of a piece of metadata.
    #[must_use]
    pub fn meta(&self, category: &str, name: &str) -> Option<&str> {
        find(&self.metadata, category, name)
    }
}

impl GroupStart {
    /// The value of a piece of metadata.
    #[must_use]
    pub fn meta(&self, category: &str, name: &str) -> Option<&str> {
        find(&self.metadata, category, name)
    }
}

/// Reads an XLIFF file unit by unit. Memory is bounded by the largest unit and by the ids, which
/// are kept to find duplicates.
pub struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    parser: Parser<'a>,
    version: Version,
    core: &'a str,
    source_lang: Option<Lang>,
    target_lang: Option<Lang>,
    /// Whether units are to be translated, for each open `file` and `group`.
    translate: Vec<bool>,
    /// Which elements are open.
    open: Vec<Open>,
    /// An event that was read ahead.
    ahead: Option<Event<'a>>,
    units: HashMap<CompactString, u32>,
    lenient: bool,
    /// How far lines are counted: an offset and the line that it lies on.
    counted: (usize, u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    File,
    Body,
    Group,
}

type Found<T> = Result<T, Fault<XliffProblem>>;

impl From<Fault> for Fault<XliffProblem> {
    fn from(fault: Fault<Problem>) -> Self {
        Self {
            at: fault.at,
            problem: XliffProblem::Xml(fault.problem),
        }
    }
}

impl<'a> Reader<'a> {
    /// Begins to read a text that [`decode`] gave; `path` is named in errors.
    ///
    /// Fails where the root is no `xliff` element of a version that is read.
    pub fn new(path: &'a Path, text: &'a str, limits: &Limits) -> Result<Self, XliffError> {
        let mut parser = Parser::new(text, limits);
        let placed = |fault: Fault<XliffProblem>| XliffError {
            place: Place::of(path, text, fault.at),
            problem: fault.problem,
        };
        let root = loop {
            // The parser gives no end of file before a root.
            if let Event::Start(tag) = parser.next().map_err(|fault| placed(fault.into()))? {
                break tag;
            }
        };
        let version = version(&root).map_err(placed)?;
        let lang = |name| lang(&root, name).map_err(placed);
        let (source_lang, target_lang) = match version {
            Version::V1 => (None, None),
            _ => (lang("srcLang")?, lang("trgLang")?),
        };
        Ok(Self {
            path,
            text,
            parser,
            version,
            core: root.ns,
            source_lang,
            target_lang,
            translate: Vec::new(),
            open: Vec::new(),
            ahead: None,
            units: HashMap::new(),
            lenient: false,
            counted: (0, 1),
        })
    }

    /// Goes on after a unit with a fault of its own, and gives it as [`Item::Broken`].
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// The version of the file.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The next item; none at the end of the file. Not to be called again after an error.
    pub fn next_item(&mut self) -> Result<Option<Item>, XliffError> {
        self.advance().map_err(|fault| XliffError {
            place: Place::of(self.path, self.text, fault.at),
            problem: fault.problem,
        })
    }

    fn advance(&mut self) -> Found<Option<Item>> {
        loop {
            let event = match self.ahead.take() {
                Some(event) => event,
                None => self.parser.next()?,
            };
            match event {
                Event::Start(tag) => {
                    if let Some(item) = self.start(tag)? {
                        return Ok(Some(item));
                    }
                }
                Event::End { .. } => match self.open.pop() {
                    Some(Open::Group) => {
                        self.translate.pop();
                        return Ok(Some(Item::EndGroup));
                    }
                    Some(Open::File) => {
                        self.translate.pop();
                        self.units.clear();
                        return Ok(Some(Item::EndFile));
                    }
                    Some(Open::Body) | None => {}
                },
                Event::Text(text, at) => stray(&text, at)?,
                Event::Eof => return Ok(None),
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>) -> Found<Option<Item>> {
        let inside = self.open.last().copied();
        if tag.ns != self.core {
            self.parser.element(tag)?;
            return Ok(None);
        }
        match (tag.local, inside) {
            ("file", None) => self.file(&tag).map(|file| Some(Item::File(file))),
            ("body", Some(Open::File)) => {
                self.open.push(Open::Body);
                Ok(None)
            }
            ("group", Some(_)) => self.group(&tag).map(|group| Some(Item::Group(group))),
            ("unit" | "trans-unit", Some(_)) => self.unit(tag).map(Some),
            ("file" | "body" | "group" | "unit" | "trans-unit", _) => Err(Fault {
                at: tag.start,
                problem: XliffProblem::Misplaced {
                    child: tag.local.to_owned(),
                    parent: match inside {
                        None => "xliff",
                        Some(Open::File) => "file",
                        Some(Open::Body) => "body",
                        Some(Open::Group) => "group",
                    }
                    .to_owned(),
                },
            }),
            _ => {
                self.parser.element(tag)?;
                Ok(None)
            }
        }
    }

    fn file(&mut self, tag: &Tag<'a>) -> Found<FileStart> {
        let (source_lang, target_lang) = match self.version {
            Version::V1 => (lang(tag, "source-language")?, lang(tag, "target-language")?),
            _ => (self.source_lang.clone(), self.target_lang.clone()),
        };
        let id = match self.version {
            Version::V1 => "product-name",
            _ => "id",
        };
        let mut file = FileStart {
            id: tag
                .attr(id)
                .map(|id| xml::unescape_illegal(id).into_owned()),
            original: tag
                .attr("original")
                .map(|original| xml::unescape_illegal(original).into_owned()),
            source_lang,
            target_lang,
            line: self.line(tag.start),
            ..FileStart::default()
        };
        self.enter(tag, Open::File);
        while let Some(element) = self.leading_element()? {
            self.file_part(&element, &mut file);
        }
        Ok(file)
    }

    fn file_part(&self, element: &Element<'a>, file: &mut FileStart) {
        if element.is(ns::METADATA, "metadata") {
            v2::absorb_metadata(element, &mut file.metadata);
        } else if element.is(self.core, "notes") || element.is(self.core, "header") {
            let notes = element
                .elements()
                .filter(|child| child.is(self.core, "note"));
            for note in notes {
                file.notes.push(match self.version {
                    Version::V1 => v1_2::read_note(note),
                    _ => v2::read_note(note).note,
                });
            }
            v1_2::absorb_header(element, &mut file.metadata);
        }
    }

    fn group(&mut self, tag: &Tag<'a>) -> Found<GroupStart> {
        let kind = match self.version {
            Version::V1 => "restype",
            _ => "type",
        };
        let mut group = GroupStart {
            id: tag
                .attr("id")
                .map(|id| xml::unescape_illegal(id).into_owned()),
            kind: tag.attr(kind).map(str::to_owned),
            metadata: Vec::new(),
            line: self.line(tag.start),
        };
        self.enter(tag, Open::Group);
        while let Some(element) = self.leading_element()? {
            if element.is(ns::METADATA, "metadata") {
                v2::absorb_metadata(&element, &mut group.metadata);
            }
        }
        Ok(group)
    }

    fn enter(&mut self, tag: &Tag<'a>, open: Open) {
        let inherited = self.translate.last().copied().unwrap_or(true);
        self.translate.push(match tag.attr("translate") {
            Some(value) => value != "no",
            None => inherited,
        });
        self.open.push(open);
    }

    /// The next element before the first structural one, read whole.
    fn leading_element(&mut self) -> Found<Option<Element<'a>>> {
        loop {
            match self.parser.next()? {
                Event::Start(tag) => {
                    let structural =
                        matches!(tag.local, "file" | "body" | "group" | "unit" | "trans-unit");
                    if tag.ns == self.core && structural {
                        self.ahead = Some(Event::Start(tag));
                        return Ok(None);
                    }
                    return Ok(Some(self.parser.element(tag)?));
                }
                Event::Text(text, at) => stray(&text, at)?,
                event => {
                    self.ahead = Some(event);
                    return Ok(None);
                }
            }
        }
    }

    fn unit(&mut self, tag: Tag<'a>) -> Found<Item> {
        let line = self.line(tag.start);
        let at = tag.start;
        let element = self.parser.element(tag)?;
        let translate = self.translate.last().copied().unwrap_or(true);
        let read = match self.version {
            Version::V1 => v1_2::read_unit(&element, self.core, translate, line),
            _ => v2::read_unit(&element, self.core, translate, line),
        };
        let broken = |unit: Option<Unit>, problem| {
            let id = element.attr("id").map(xml::unescape_illegal);
            Item::Broken(Box::new(BrokenUnit {
                id: id.map(Cow::into_owned),
                unit,
                text: element.text(),
                line,
                problem,
            }))
        };
        let unit = match read {
            Ok(unit) => unit,
            Err(fault) if self.lenient => return Ok(broken(None, fault.problem)),
            Err(fault) => return Err(fault),
        };
        if let Some(&first) = self.units.get(unit.id.as_str()) {
            let id = unit.id.clone();
            let problem = XliffProblem::Duplicate { id, first };
            if self.lenient {
                return Ok(broken(Some(unit), problem));
            }
            return Err(Fault { at, problem });
        }
        self.units.insert(CompactString::new(&unit.id), line);
        Ok(Item::Unit(Box::new(unit)))
    }

    /// The line of an offset; offsets grow from call to call.
    fn line(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let (more, _) = locate(&self.text[from..], at.saturating_sub(from));
        self.counted = (at.max(from), line + more - 1);
        self.counted.1
    }
}

fn stray(text: &str, at: usize) -> Found<()> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let text = text.trim().chars().take(40).collect();
    Err(Fault {
        at,
        problem: XliffProblem::StrayText(text),
    })
}

fn version(root: &Tag<'_>) -> Found<Version> {
    let fault = |problem| Fault {
        at: root.start,
        problem,
    };
    if root.local != "xliff" {
        return Err(fault(XliffProblem::Root(
            root.local.chars().take(40).collect(),
        )));
    }
    let stated = root.attr("version").ok_or_else(|| {
        fault(XliffProblem::Attribute {
            element: "xliff".to_owned(),
            attribute: "version",
        })
    })?;
    let (version, expected) = match stated {
        "1.0" | "1.1" | "1.2" => (Version::V1, ns::V1_2),
        "2.0" => (Version::V2_0, ns::V2),
        "2.1" => (Version::V2_1, ns::V2),
        "2.2" => (Version::V2_2, ns::V2_2),
        _ => {
            let stated = stated.chars().take(40).collect();
            return Err(fault(XliffProblem::Version(stated)));
        }
    };
    let known = match version {
        // 1.0 has no namespace, and tools leave it out of 1.2.
        Version::V1 => matches!(root.ns, ns::V1_2 | ns::V1_1 | ""),
        // Drafts of 2.2 kept the namespace of 2.0.
        Version::V2_2 => matches!(root.ns, ns::V2_2 | ns::V2),
        _ => root.ns == expected,
    };
    if known {
        Ok(version)
    } else {
        Err(fault(XliffProblem::Namespace {
            namespace: root.ns.chars().take(80).collect(),
            version: stated.to_owned(),
            expected,
        }))
    }
}

fn lang(tag: &Tag<'_>, attribute: &'static str) -> Found<Option<Lang>> {
    match tag.attr(attribute) {
        None => Ok(None),
        // Tools write POSIX's underscore where BCP 47 has a hyphen.
        Some(value) => match value.replace('_', "-").parse() {
            Ok(lang) => Ok(Some(lang)),
            Err(error) => Err(Fault {
                at: tag.start,
                problem: XliffProblem::Language {
                    attribute,
                    message: format!("{error}"),
                },
            }),
        },
    }
}
