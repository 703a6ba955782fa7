//! Term bases: concepts with their terms, read from CSV, and the places in a text where they
//! apply.
//!
//! Contract: [`Glossary::matches`] gives the longest match at the leftmost place first, matches
//! never overlap, and the work is linear in the text (an Aho-Corasick automaton).

mod audit;
mod csv;
mod merge;
mod people;
mod review;
mod suggest;
mod usage;

use aho_corasick::{AhoCorasick, MatchKind};

pub use self::audit::{Misuse, TermUse, term_uses};
pub use self::csv::{read_csv, write_csv};
pub use self::people::FirstMentions;
pub use self::review::{conflicts, unused};
pub use self::suggest::{SuggestedKind, SuggestedTerm, suggest};
pub use self::usage::{find_term, find_term_all};
use crate::model::{ArticleId, Concept, Lang, TermMatch};

/// Why a term base could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GlossaryError {
    /// The file is no CSV, or a row breaks the format.
    #[error("{path}:{line}: {message}")]
    Row {
        /// The file.
        path: String,
        /// The 1-based line.
        line: u64,
        /// What is wrong and what to do.
        message: String,
    },
    /// The terms are too many or too long for one automaton.
    #[error("the glossary is too large to search: {0}")]
    Size(#[from] aho_corasick::BuildError),
}

/// A term base for one language pair.
#[derive(Clone, Debug)]
pub struct Glossary {
    source: Lang,
    target: Lang,
    concepts: Vec<Concept>,
    /// What the automaton's patterns stand for.
    entries: Vec<Concept>,
    automaton: AhoCorasick,
}

impl Glossary {
    /// A glossary of these concepts. A concept without a source term never matches.
    pub fn new(source: Lang, target: Lang, concepts: Vec<Concept>) -> Result<Self, GlossaryError> {
        let entries = merge::merged(&concepts);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(entries.iter().map(|concept| concept.source.as_str()))?;
        Ok(Self {
            source,
            target,
            concepts,
            entries,
            automaton,
        })
    }

    /// The language of the texts that are searched.
    #[must_use]
    pub fn source(&self) -> &Lang {
        &self.source
    }

    /// The language of the terms that are to be used.
    #[must_use]
    pub fn target(&self) -> &Lang {
        &self.target
    }

    /// All concepts, in the order of their files.
    #[must_use]
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// What holds for each source, each source once: where several concepts have one source, the
    /// terms of all of them. Terms of an article (scope `article:ID`) come first; if one of them is
    /// preferred, the general terms are not to be used there.
    #[must_use]
    pub fn entries(&self) -> &[Concept] {
        &self.entries
    }

    /// The entry that a match speaks of.
    #[must_use]
    pub fn concept(&self, found: &TermMatch) -> Option<&Concept> {
        self.entries.get(found.concept)
    }

    /// Whether some terms hold in some articles only.
    #[must_use]
    pub fn is_scoped(&self) -> bool {
        self.concepts.iter().any(merge::is_limited)
    }

    /// The terms that hold in one article: those without a scope or with a domain as scope, and
    /// those whose scope is `article:ID` with this id.
    pub fn for_article(&self, article: &ArticleId) -> Result<Self, GlossaryError> {
        let holds = |concept: &&Concept| {
            concept
                .scope
                .as_deref()
                .and_then(|scope| scope.strip_prefix("article:"))
                .is_none_or(|id| id.trim() == article.as_str())
        };
        let concepts = self.concepts.iter().filter(holds).cloned().collect();
        Self::new(self.source.clone(), self.target.clone(), concepts)
    }

    /// Where terms stand in `text`: leftmost, longest, never overlapping. In languages that
    /// separate words, a match begins and ends at a word's edge.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<TermMatch> {
        let whole_words = self.source.separates_with_spaces();
        self.automaton
            .find_iter(text)
            .filter(|found| !found.is_empty())
            .filter(|found| !whole_words || at_word_edges(text, found.start(), found.end()))
            .map(|found| TermMatch {
                concept: found.pattern().as_usize(),
                range: found.range(),
            })
            .collect()
    }

    /// The entries that apply to `text`, each once, in the order of their first match.
    #[must_use]
    pub fn applying(&self, text: &str) -> Vec<&Concept> {
        let mut seen = std::collections::BTreeSet::new();
        self.matches(text)
            .iter()
            .filter(|found| seen.insert(found.concept))
            .filter_map(|found| self.concept(found))
            .collect()
    }
}

fn at_word_edges(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let inside = |edge: Option<char>| edge.is_some_and(char::is_alphanumeric);
    !inside(before) && !inside(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, TermStatus};

    fn concept(source: &str, target: &str, scope: Option<&str>) -> Concept {
        Concept {
            source: source.into(),
            scope: scope.map(Into::into),
            terms: vec![Term {
                text: target.into(),
                status: TermStatus::Preferred,
                note: None,
            }],
        }
    }

    fn glossary(concepts: Vec<Concept>) -> Glossary {
        Glossary::new("zh-Hans".parse().unwrap(), "en".parse().unwrap(), concepts).unwrap()
    }

    #[test]
    fn the_longest_term_wins_and_matches_do_not_overlap() {
        let glossary = glossary(vec![
            concept("书记", "secretary", None),
            concept("县委", "county Party committee", None),
            concept("县委书记", "county Party secretary", None),
        ]);
        let text = "县委书记说，县委和书记";
        let found: Vec<&str> = glossary
            .matches(text)
            .iter()
            .map(|found| &text[found.range.clone()])
            .collect();
        assert_eq!(found, ["县委书记", "县委", "书记"]);
    }

    #[test]
    fn a_term_of_another_article_does_not_apply() {
        let all = glossary(vec![
            concept("龙", "dragon", Some("article:a-1")),
            concept("凤", "phoenix", Some("animals")),
        ]);
        let here = all.for_article(&ArticleId::new("a-2")).unwrap();
        assert_eq!(here.applying("龙凤").len(), 1);
        assert_eq!(
            all.for_article(&ArticleId::new("a-1"))
                .unwrap()
                .applying("龙凤")
                .len(),
            2
        );
    }

    #[test]
    fn all_that_is_said_of_one_source_holds() {
        use TermStatus::{Admitted, Forbidden, Preferred};
        let of = |rows: &[(&str, TermStatus, Option<&str>)], article: &str| -> Vec<String> {
            let concepts = rows.iter().map(|(text, status, scope)| {
                let mut concept = concept("龙", text, *scope);
                concept.terms[0].status = *status;
                concept
            });
            let glossary = glossary(concepts.collect());
            let here = glossary.for_article(&ArticleId::new(article)).unwrap();
            let found = here.applying("龙舞");
            assert_eq!(found.len(), 1);
            let allowed = found[0].allowed().map(|term| term.text.clone());
            let forbidden = found[0].forbidden().map(|term| format!("-{}", term.text));
            allowed.chain(forbidden).collect()
        };
        let general = ("dragon", Preferred, None);
        // Two files.
        assert_eq!(
            of(&[("serpent", Forbidden, None), general], "a"),
            ["dragon", "-serpent"]
        );
        // An article's own term, in either order.
        let own = ("loong", Preferred, Some("article:a"));
        for rows in [[general, own], [own, general]] {
            assert_eq!(of(&rows, "a"), ["loong"]);
            assert_eq!(of(&rows, "b"), ["dragon"]);
        }
        let also = ("loong", Admitted, Some("article:a"));
        assert_eq!(of(&[also, general], "a"), ["dragon", "loong"]);
        let never = ("dragon", Forbidden, Some("article:a"));
        assert_eq!(of(&[general, never], "a"), ["-dragon"]);
    }

    #[test]
    fn words_are_matched_whole_where_words_are_separated() {
        let glossary = Glossary::new(
            "en".parse().unwrap(),
            "zh-Hans".parse().unwrap(),
            vec![concept("art", "艺术", None)],
        )
        .unwrap();
        assert_eq!(glossary.matches("The party of Art.").len(), 1);
    }
}
