//! Segmentation rules of the user's (SRX 2.0, LISA/GALA, April 2008).
//!
//! A rule says of a place in the text, by a pattern for what goes before and one for what follows,
//! whether a sentence ends there; at each place the first rule that fits decides. Which rules a
//! language has is told by patterns for language tags, in order: all that fit where the file
//! cascades, else the first.
//!
//! Every rule counts, or the file is refused: a pattern that can't be understood is named with its
//! line.

use std::collections::BTreeMap;

use fancy_regex::Regex;

use crate::model::Lang;
use crate::xml::{Event, Limits, Parser, decode, locate};

/// A file of rules.
#[derive(Clone, Debug)]
pub struct Srx {
    cascades: bool,
    languages: Vec<(Regex, usize)>,
    sets: Vec<Rules>,
}

/// Why a file of rules can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SrxError {
    /// It is not XML, or not SRX 2.0.
    #[error("{path}:{line}: {problem}")]
    Syntax {
        /// The file.
        path: String,
        /// The 1-based line.
        line: u32,
        /// What is wrong, and what to do.
        problem: String,
    },
}

/// The rules of a language, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    breaks: bool,
    before: Option<Regex>,
    /// Anchored at its start.
    after: Option<Regex>,
}

/// A match that is longer than this, in bytes, is searched for no other match inside it.
const LONGEST_OVERLAP: usize = 64;

impl Rules {
    /// The byte offsets at which `text` breaks, sorted.
    pub(super) fn breaks(&self, text: &str) -> Vec<usize> {
        // The first rule that fits a place decides.
        let mut places: BTreeMap<usize, bool> = BTreeMap::new();
        for rule in &self.0 {
            rule.for_each_place(text, |place| {
                places.entry(place).or_insert(rule.breaks);
            });
        }
        places
            .into_iter()
            .filter_map(|(place, breaks)| breaks.then_some(place))
            .collect()
    }
}

impl Rule {
    /// Calls `found` with every place that the rule fits.
    fn for_each_place(&self, text: &str, mut found: impl FnMut(usize)) {
        let fits_after = |place: usize| {
            self.after
                .as_ref()
                .is_none_or(|after| after.is_match(&text[place..]).unwrap_or(false))
        };
        let Some(before) = &self.before else {
            for (place, _) in text.char_indices() {
                if fits_after(place) {
                    found(place);
                }
            }
            return;
        };
        let mut from = 0;
        // A pattern that backtracks without end gives up: then it fits nowhere further.
        while let Ok(Some(hit)) = before.find_from_pos(text, from) {
            if fits_after(hit.end()) {
                found(hit.end());
            }
            let length = hit.end() - hit.start();
            // Matches may overlap: the next is looked for one character on.
            let next = if length > LONGEST_OVERLAP {
                hit.end()
            } else {
                let step = text[hit.start()..].chars().next().map_or(1, char::len_utf8);
                hit.start() + step
            };
            if next > text.len() {
                break;
            }
            from = next.max(from);
        }
    }
}

impl Srx {
    /// Reads a file of rules; `path` names it in errors.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, SrxError> {
        let limits = Limits {
            bytes: 16 << 20,
            depth: 32,
            attributes: 64,
        };
        let fail = |line: u32, problem: String| SrxError::Syntax {
            path: path.to_owned(),
            line,
            problem,
        };
        let text = decode(bytes, &limits).map_err(|fault| fail(1, fault.problem.to_string()))?;
        let line_of = |offset: usize| locate(&text, offset).0;
        let mut reader = Reader::default();
        let mut parser = Parser::new(&text, &limits);
        loop {
            let event = parser
                .next()
                .map_err(|fault| fail(line_of(fault.at), fault.problem.to_string()))?;
            match event {
                Event::Start(tag) => reader
                    .start(tag.local, |name| tag.attr(name).map(str::to_owned))
                    .map_err(|problem| fail(line_of(tag.start), problem))?,
                Event::End { start, .. } => reader
                    .end()
                    .map_err(|problem| fail(line_of(start), problem))?,
                Event::Text(part, _) => reader.text.push_str(&part),
                Event::Eof => break,
            }
        }
        reader.finish().map_err(|problem| fail(1, problem))
    }

    /// The rules for a language, if the file maps it.
    pub(super) fn rules_for(&self, lang: &Lang) -> Option<Rules> {
        let tag = lang.to_string();
        let mut fitting = self
            .languages
            .iter()
            .filter(|(pattern, _)| pattern.is_match(&tag).unwrap_or(false))
            .filter_map(|&(_, set)| self.sets.get(set));
        let first = fitting.next()?;
        let mut rules = first.clone();
        if self.cascades {
            for more in fitting {
                rules.0.extend(more.0.iter().cloned());
            }
        }
        Some(rules)
    }
}

/// The state of reading.
#[derive(Default)]
struct Reader {
    open: Vec<String>,
    text: String,
    seen_root: bool,
    cascades: bool,
    names: Vec<String>,
    sets: Vec<Rules>,
    maps: Vec<(String, String)>,
    breaks: bool,
    before: Option<Regex>,
    after: Option<Regex>,
}

impl Reader {
    fn start(
        &mut self,
        name: &str,
        attribute: impl Fn(&str) -> Option<String>,
    ) -> Result<(), String> {
        self.text.clear();
        match name {
            "srx" => {
                self.seen_root = true;
                let version = attribute("version").unwrap_or_default();
                if version != "2.0" {
                    return Err(format!(
                        "this is SRX {version:?}; duizhao reads SRX 2.0, into which other \
                         programs can save it"
                    ));
                }
            }
            "header" => self.cascades = attribute("cascade").as_deref() == Some("yes"),
            "languagerule" => {
                let name = attribute("languagerulename")
                    .ok_or("a languagerule has no languagerulename; give it one")?;
                self.names.push(name);
                self.sets.push(Rules::default());
            }
            "rule" => {
                self.breaks = match attribute("break").as_deref() {
                    None | Some("yes") => true,
                    Some("no") => false,
                    Some(other) => {
                        return Err(format!("break is {other:?}; write yes or no"));
                    }
                };
                (self.before, self.after) = (None, None);
            }
            "languagemap" => {
                let pattern = attribute("languagepattern")
                    .ok_or("a languagemap has no languagepattern; give it one")?;
                let name = attribute("languagerulename")
                    .ok_or("a languagemap has no languagerulename; give it one")?;
                self.maps.push((pattern, name));
            }
            _ => {}
        }
        self.open.push(name.to_owned());
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        match self.open.pop().as_deref() {
            Some("beforebreak") if !self.text.is_empty() => {
                self.before = Some(compile(&self.text)?);
            }
            Some("afterbreak") if !self.text.is_empty() => {
                self.after = Some(compile(&format!(r"\A(?:{})", self.text))?);
            }
            Some("rule") => {
                let rule = Rule {
                    breaks: self.breaks,
                    before: self.before.take(),
                    after: self.after.take(),
                };
                let set = self
                    .sets
                    .last_mut()
                    .ok_or("a rule stands outside of a languagerule; move it into one")?;
                set.0.push(rule);
            }
            _ => {}
        }
        self.text.clear();
        Ok(())
    }

    fn finish(self) -> Result<Srx, String> {
        if !self.seen_root {
            return Err("there is no srx element in it; give a file of SRX 2.0".into());
        }
        let mut languages = Vec::with_capacity(self.maps.len());
        for (pattern, name) in self.maps {
            let set = self
                .names
                .iter()
                .position(|own| *own == name)
                .ok_or_else(|| {
                    format!(
                        "the languagemap {pattern:?} names the rules {name:?}, which are not there"
                    )
                })?;
            // The pattern is for the whole tag; many files write codes with an underscore.
            let pattern = pattern.replace('_', "[-_]");
            languages.push((compile(&format!(r"(?i)\A(?:{pattern})\z"))?, set));
        }
        Ok(Srx {
            cascades: self.cascades,
            languages,
            sets: self.sets,
        })
    }
}

/// Patterns are written for ICU; what differs from ours is put into our terms.
fn compile(pattern: &str) -> Result<Regex, String> {
    // Possessive quantifiers and \h are known; \Q…\E and \N{…} are hardly ever used.
    Regex::new(pattern).map_err(|error| {
        format!("the pattern {pattern:?} can't be used ({error}); change it or take the rule out")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
<header segmentsubflows="yes" cascade="yes"><formathandle type="start" include="no"/></header>
<body><languagerules>
<languagerule languagerulename="English">
<rule break="no"><beforebreak>\b(Mr|etc)\.</beforebreak><afterbreak>\s</afterbreak></rule>
</languagerule>
<languagerule languagerulename="Default">
<rule break="yes"><beforebreak>[.?!]+["”]?</beforebreak><afterbreak>\s</afterbreak></rule>
<rule break="yes"><beforebreak></beforebreak><afterbreak>\|</afterbreak></rule>
</languagerule>
</languagerules><maprules>
<languagemap languagepattern="EN.*" languagerulename="English"/>
<languagemap languagepattern=".*" languagerulename="Default"/>
</maprules></body></srx>"#;

    fn pieces(text: &str, lang: &str) -> Vec<String> {
        let srx = Srx::parse("a.srx", RULES.as_bytes()).unwrap();
        let cuts = super::super::cuts(text, &lang.parse().unwrap(), Some(&srx));
        let mut from = 0;
        let mut pieces = Vec::new();
        for cut in cuts.into_iter().chain([text.len()]) {
            pieces.push(text[from..cut].to_owned());
            from = cut;
        }
        pieces
    }

    #[test]
    fn the_first_rule_that_fits_decides_and_all_count() {
        assert_eq!(
            pieces("Mr. Li came. \"He left.\" So| did I.", "en-GB"),
            ["Mr. Li came. ", "\"He left.\" ", "So", "| did I."]
        );
        assert_eq!(pieces("Mr. Li came.", "fr"), ["Mr. ", "Li came."]);
    }

    #[test]
    fn bad_files_are_refused_with_their_line() {
        for (from, to, line) in [
            ("2.0\">", "1.0\">", 2),
            ("[.?!]+", "[.?!+", 9),
            ("\"Default\"/>", "\"Other\"/>", 1),
            ("break=\"no\"", "break=\"maybe\"", 6),
        ] {
            let bad = RULES.replace(from, to);
            let error = Srx::parse("a.srx", bad.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("a.srx:{line}:")), "{error}");
        }
        assert!(Srx::parse("a.srx", b"<x/>").is_err());
    }

    #[test]
    fn a_million_stops_take_linear_time() {
        let text = ".".repeat(200_000);
        assert!(pieces(&text, "fr").len() <= 2);
    }
}
