//! The translation memory: approved pairs, found again by exact and by fuzzy look-up.
//!
//! Only pairs that a person has approved enter from articles; a TMX file that somebody imports is
//! taken to be approved, unless a unit says in `x-state` that it is not. The memory is a resource:
//! it knows no stage and reads no file.

use std::collections::BTreeMap;

use crate::model::{Article, Content, Inline, Lang, Origin, Provenance, State, Suggestion, Target};
use crate::tmx::{Tmx, TmxUnit, Variant};

/// How many candidates of the index are compared in full.
const CANDIDATES: usize = 40;

/// An approved pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The source.
    pub source: Content,
    /// Its translation.
    pub target: Content,
    /// Where it comes from: `article/segment`, or the id in the TMX file.
    pub origin: String,
    /// Who approved it or wrote it.
    pub by: Option<String>,
    /// When, as ISO 8601 or TMX writes it.
    pub when: Option<String>,
}

/// A pair that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'m> {
    /// The pair.
    pub entry: &'m Entry,
    /// How like its source is to the one looked up, in percent; 100 is the same text with the
    /// same codes.
    pub similarity: u8,
}

/// Approved pairs of one pair of languages.
#[derive(Clone, Debug)]
pub struct Memory {
    source_lang: Lang,
    target_lang: Lang,
    entries: Vec<Entry>,
    /// Entries by the text of their source, the latest last.
    exact: BTreeMap<String, Vec<usize>>,
    /// Entries by pairs of neighbouring characters in their source.
    grams: BTreeMap<[char; 2], Vec<usize>>,
}

impl Memory {
    /// An empty memory.
    #[must_use]
    pub fn new(source_lang: Lang, target_lang: Lang) -> Self {
        Self {
            source_lang,
            target_lang,
            entries: Vec::new(),
            exact: BTreeMap::new(),
            grams: BTreeMap::new(),
        }
    }

    /// The pairs, in the order in which they came.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds the approved pairs of an article. Sentences whose target also covers another one are
    /// left out: they would teach a wrong pair.
    pub fn add_article(&mut self, article: &Article) {
        if article.lang != self.source_lang {
            return;
        }
        let pairs = Tmx::from_articles(
            [article],
            &self.target_lang,
            State::Reviewed,
            (String::new(), String::new()),
        );
        self.add_tmx(&pairs);
    }

    /// Adds the pairs of a TMX that have both languages; units that say that nobody approved them
    /// are left out. Gives how many were taken.
    pub fn add_tmx(&mut self, tmx: &Tmx) -> usize {
        let before = self.entries.len();
        for unit in &tmx.units {
            if let Some(entry) = self.entry(unit) {
                self.add(entry);
            }
        }
        self.entries.len() - before
    }

    fn entry(&self, unit: &TmxUnit) -> Option<Entry> {
        let state = unit
            .properties
            .iter()
            .find(|(name, _)| name == "x-state")
            .and_then(|(_, value)| State::from_name(value));
        if state.is_some_and(|state| state < State::Reviewed) {
            return None;
        }
        let source = unit.variant(&self.source_lang)?;
        let target = unit.variant(&self.target_lang)?;
        if source.content.is_blank() || target.content.is_blank() {
            return None;
        }
        Some(Entry {
            source: source.content.clone(),
            target: target.content.clone(),
            origin: unit.id.clone().unwrap_or_default(),
            by: target.by.clone(),
            when: target.when.clone(),
        })
    }

    /// Adds a pair. One that is there already, from wherever, is not added again.
    pub fn add(&mut self, entry: Entry) {
        let key = key(&entry.source);
        let same = self.exact.entry(key).or_default();
        if same.iter().any(|&at| {
            self.entries[at].source == entry.source && self.entries[at].target == entry.target
        }) {
            return;
        }
        let at = self.entries.len();
        same.push(at);
        for gram in grams(&entry.source.text()) {
            self.grams.entry(gram).or_default().push(at);
        }
        self.entries.push(entry);
    }

    /// The latest pair whose source has this text and codes of the same kinds in the same order.
    #[must_use]
    pub fn exact(&self, source: &Content) -> Option<&Entry> {
        let shape = shape(source);
        self.exact
            .get(&key(source))?
            .iter()
            .rev()
            .map(|&at| &self.entries[at])
            .find(|entry| self::shape(&entry.source) == shape)
    }

    /// The pairs whose sources are at least `threshold` percent like this one: at most `limit`,
    /// the best first, later ones first among equals.
    #[must_use]
    pub fn fuzzy(&self, source: &Content, threshold: u8, limit: usize) -> Vec<Hit<'_>> {
        let text: Vec<char> = source.text().chars().collect();
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for gram in grams(&source.text()) {
            for &at in self.grams.get(&gram).into_iter().flatten() {
                *shared.entry(at).or_default() += 1;
            }
        }
        let mut candidates: Vec<(usize, usize)> =
            shared.into_iter().map(|(at, count)| (count, at)).collect();
        candidates.sort_unstable_by(|one, other| other.cmp(one));
        candidates.truncate(CANDIDATES);
        // A text of one character has no pair of characters; only an equal one is like it.
        for &at in self.exact.get(&key(source)).into_iter().flatten() {
            if !candidates.iter().any(|&(_, other)| other == at) {
                candidates.push((0, at));
            }
        }
        let mut hits: Vec<(u8, usize)> = candidates
            .into_iter()
            .map(|(_, at)| (self.similarity(source, &text, at), at))
            .filter(|&(similarity, _)| similarity >= threshold)
            .collect();
        hits.sort_unstable_by(|one, other| other.cmp(one));
        hits.truncate(limit);
        hits.into_iter()
            .map(|(similarity, at)| Hit {
                entry: &self.entries[at],
                similarity,
            })
            .collect()
    }

    /// What the memory has for a sentence, best first: the exact pair (similarity 100), then
    /// similar ones of at least `threshold` percent; at most `limit`. Codes are those of `source`
    /// where the pair is exact; a similar pair whose codes don't fit is offered as it is.
    #[must_use]
    pub fn suggestions(&self, source: &Content, threshold: u8, limit: usize) -> Vec<Suggestion> {
        let exact = self.exact(source);
        let fitting = exact.and_then(|entry| Some((entry, entry.target_for(source)?)));
        let mut found: Vec<Suggestion> = fitting
            .map(|(entry, content)| entry.suggestion(content, 100))
            .into_iter()
            .collect();
        for hit in self.fuzzy(source, threshold, limit) {
            // The same text was offered with its codes in place, or can't have them.
            if hit.similarity == 100 {
                continue;
            }
            found.push(
                hit.entry
                    .suggestion(hit.entry.target.clone(), hit.similarity),
            );
        }
        found.truncate(limit);
        found
    }

    fn similarity(&self, source: &Content, text: &[char], at: usize) -> u8 {
        let other = &self.entries[at].source;
        let other_text: Vec<char> = other.text().chars().collect();
        let longest = text.len().max(other_text.len());
        if longest == 0 {
            return 0;
        }
        let distance = strsim::generic_levenshtein(&Slice(text), &Slice(&other_text));
        let percent = (longest - distance.min(longest)) * 100 / longest;
        let percent = u8::try_from(percent).unwrap_or(100);
        // The same text with other codes is not the same sentence.
        if percent == 100 && shape(source) != shape(other) {
            99
        } else {
            percent
        }
    }

    /// The memory as TMX, in the order of its entries.
    #[must_use]
    pub fn to_tmx(&self, tool: (String, String)) -> Tmx {
        let units = self
            .entries
            .iter()
            .map(|entry| TmxUnit {
                id: (!entry.origin.is_empty()).then(|| entry.origin.clone()),
                properties: Vec::new(),
                notes: Vec::new(),
                variants: vec![
                    Variant {
                        lang: self.source_lang.clone(),
                        content: entry.source.clone(),
                        by: None,
                        when: None,
                    },
                    Variant {
                        lang: self.target_lang.clone(),
                        content: entry.target.clone(),
                        by: entry.by.clone(),
                        when: entry.when.clone(),
                    },
                ],
            })
            .collect();
        Tmx {
            source_lang: Some(self.source_lang.clone()),
            tool,
            units,
        }
    }
}

impl Entry {
    fn suggestion(&self, content: Content, similarity: u8) -> Suggestion {
        Suggestion {
            source: self.source.clone(),
            target: Target {
                content,
                state: State::Translated,
                provenance: vec![Provenance {
                    origin: Origin::Memory(similarity),
                    by: self.by.clone(),
                    when: self.when.clone(),
                }],
            },
            similarity,
        }
    }

    /// The translation for a source that [`Memory::exact`] found it for: with the ids that the
    /// codes have in that source. None where the two don't have the same codes.
    #[must_use]
    pub fn target_for(&self, source: &Content) -> Option<Content> {
        let ids: BTreeMap<&str, &str> = code_ids(&self.source).zip(code_ids(source)).collect();
        let mut target = Content::default();
        for inline in self.target.inlines() {
            target.push(match inline {
                Inline::Text(text) => Inline::Text(text.clone()),
                Inline::Close(id) => Inline::Close((*ids.get(id.as_str())?).to_owned()),
                Inline::Open(code) | Inline::Placeholder(code) => {
                    let id = *ids.get(code.id.as_str())?;
                    // The meaning comes from the source: a link may lead elsewhere there.
                    let renamed = source.inlines().iter().find_map(|other| match other {
                        Inline::Open(other) | Inline::Placeholder(other) if other.id == id => {
                            Some(other.clone())
                        }
                        _ => None,
                    })?;
                    match inline {
                        Inline::Open(_) => Inline::Open(renamed),
                        _ => Inline::Placeholder(renamed),
                    }
                }
            });
        }
        target.check_codes(source).ok()?;
        Some(target)
    }
}

fn code_ids(content: &Content) -> impl Iterator<Item = &str> {
    content.inlines().iter().filter_map(|inline| match inline {
        Inline::Text(_) => None,
        Inline::Open(code) | Inline::Placeholder(code) => Some(code.id.as_str()),
        Inline::Close(id) => Some(id.as_str()),
    })
}

/// The text with white space made even.
fn key(source: &Content) -> String {
    source
        .text()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where codes stand, and of what kind they are, whatever their ids and addresses.
fn shape(content: &Content) -> Vec<(usize, String)> {
    let mut offset = 0;
    let mut shape = Vec::new();
    for inline in content.inlines() {
        match inline {
            Inline::Text(text) => offset += text.split_whitespace().map(str::len).sum::<usize>(),
            Inline::Open(code) => shape.push((offset, format!("({}", kind(code)))),
            Inline::Placeholder(code) => shape.push((offset, format!("={}", kind(code)))),
            Inline::Close(_) => shape.push((offset, ")".to_owned())),
        }
    }
    shape
}

fn kind(code: &crate::model::Code) -> &'static str {
    use crate::model::CodeKind;
    match code.kind {
        CodeKind::Bold => "bold",
        CodeKind::Italic => "italic",
        CodeKind::Underline => "underline",
        CodeKind::Superscript => "superscript",
        CodeKind::Subscript => "subscript",
        CodeKind::Link(_) => "link",
        CodeKind::LineBreak => "break",
        CodeKind::Image { .. } => "image",
        CodeKind::Other(_) => "other",
    }
}

/// The pairs of neighbouring characters of a text, each once.
fn grams(text: &str) -> std::collections::BTreeSet<[char; 2]> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    characters
        .windows(2)
        .map(|pair| [pair[0], pair[1]])
        .collect()
}

/// Characters that `strsim` can go through.
struct Slice<'a>(&'a [char]);

impl<'s> IntoIterator for &'s Slice<'_> {
    type Item = char;
    type IntoIter = std::iter::Copied<std::slice::Iter<'s, char>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, CodeKind};

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    fn memory(pairs: &[(&str, &str)]) -> Memory {
        let mut memory = Memory::new(lang("zh-Hans"), lang("en"));
        for (source, target) in pairs {
            memory.add(Entry {
                source: Content::from_text(source),
                target: Content::from_text(target),
                origin: String::new(),
                by: None,
                when: None,
            });
        }
        memory
    }

    #[test]
    fn the_same_sentence_is_found_and_the_latest_counts() {
        let memory = memory(&[
            ("天晴了。", "It cleared."),
            ("天晴了。", "The sky cleared."),
            ("天晴了。", "It cleared."),
        ]);
        assert_eq!(memory.entries().len(), 2);
        let found = memory.exact(&Content::from_text("天晴了。")).unwrap();
        assert_eq!(found.target.text(), "The sky cleared.");
        assert!(memory.exact(&Content::from_text("天晴。")).is_none());
    }

    #[test]
    fn similar_sentences_come_best_first() {
        let memory = memory(&[
            ("雨下了三天，河水涨了。", "one"),
            ("雨下了三天，江水涨了。", "two"),
            ("人们回家了。", "three"),
        ]);
        let source = Content::from_text("雨下了三天，河水涨了！");
        let hits = memory.fuzzy(&source, 70, 5);
        let found: Vec<(&str, u8)> = hits
            .iter()
            .map(|hit| (hit.entry.target.inlines(), hit.similarity))
            .map(|(inlines, similarity)| match inlines {
                [Inline::Text(text)] => (text.as_str(), similarity),
                _ => ("", similarity),
            })
            .collect();
        assert_eq!(found, [("one", 90), ("two", 81)]);
        assert_eq!(
            memory
                .fuzzy(&Content::from_text("雨下了三天，河水涨了。"), 100, 5)
                .len(),
            1
        );
    }

    fn coded(text: &str, id: &str, kind: CodeKind) -> Content {
        [
            Inline::Open(Box::new(Code {
                id: id.into(),
                kind,
            })),
            Inline::Text(text.into()),
            Inline::Close(id.into()),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn codes_must_be_of_the_same_kind_and_take_the_ids_of_the_source() {
        let mut memory = memory(&[]);
        let link = |at: &str| CodeKind::Link(at.to_owned());
        memory.add(Entry {
            source: coded("思想", "1", link("https://old")),
            target: coded("Thought", "1", link("https://old")),
            origin: String::new(),
            by: None,
            when: None,
        });
        let source = coded("思想", "7", link("https://new"));
        let found = memory.exact(&source).unwrap();
        assert_eq!(
            found.target_for(&source),
            Some(coded("Thought", "7", link("https://new")))
        );
        let offered = memory.suggestions(&source, 70, 3);
        assert_eq!(offered.len(), 1);
        assert_eq!(offered[0].similarity, 100);
        assert_eq!(offered[0].target.content.check_codes(&source), Ok(()));
        assert!(memory.exact(&coded("思想", "7", CodeKind::Bold)).is_none());
        let plain = Content::from_text("思想");
        assert!(memory.exact(&plain).is_none());
        assert_eq!(memory.fuzzy(&plain, 50, 1)[0].similarity, 99);
    }

    #[test]
    fn only_approved_pairs_enter() {
        use crate::model::{
            ArticleId, Block, BlockId, BlockKind, Lines, Meta, Segment, SegmentId, Translation,
        };
        let segment = |id: &str, state, covered_by: Option<&str>| {
            let mut segment = Segment::new(SegmentId::new(id), Content::from_text(id), "");
            let target = Target {
                content: Content::from_text(id),
                state,
                provenance: Vec::new(),
            };
            segment.targets.insert(
                lang("en"),
                Translation {
                    target: covered_by.is_none().then_some(target),
                    covered_by: covered_by.map(SegmentId::new),
                    ..Translation::default()
                },
            );
            segment
        };
        let article = Article {
            id: ArticleId::new("a"),
            lang: lang("zh-Hans"),
            original: String::new(),
            meta: Meta::default(),
            blocks: vec![Block {
                id: BlockId::new("b1"),
                kind: BlockKind::Paragraph,
                level: None,
                position: None,
                lines: Lines { first: 1, last: 1 },
                segments: vec![
                    segment("drafted", State::Translated, None),
                    segment("read", State::Reviewed, None),
                    segment("covering", State::Final, None),
                    segment("covered", State::Final, Some("covering")),
                ],
                repairs: Vec::new(),
                suspects: Vec::new(),
            }],
            obsolete: Vec::new(),
        };
        let mut memory = memory(&[]);
        memory.add_article(&article);
        let origins: Vec<&str> = memory.entries().iter().map(|e| e.origin.as_str()).collect();
        assert_eq!(origins, ["a/read"]);
        // A TMX of drafts says so of itself.
        let drafts = Tmx::from_articles(
            [&article],
            &lang("en"),
            State::Initial,
            (String::new(), String::new()),
        );
        assert_eq!(memory.add_tmx(&drafts), 0);
    }
}
