//! What makes two requests for a translation the same.

use sha2::{Digest, Sha256};

use crate::model::{Concept, Content, Lang};

/// The key of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::translate) struct Key([u8; 32]);

/// All that an answer depends on. What else goes along with a segment (its neighbours, the rest of
/// the batch, terms of other segments) is context: it may change without billing the segment
/// again.
#[derive(Clone, Copy, Debug)]
pub(in crate::translate) struct KeyParts<'a> {
    /// The sentence with its inline codes.
    pub(in crate::translate) source: &'a Content,
    /// Its language.
    pub(in crate::translate) from: &'a Lang,
    /// The language of the answer.
    pub(in crate::translate) to: &'a Lang,
    /// The engine's name.
    pub(in crate::translate) engine: &'a str,
    /// Its model.
    pub(in crate::translate) model: &'a str,
    /// Its options, the prompt's version included.
    pub(in crate::translate) options: &'a str,
    /// The concepts whose terms stand in the sentence.
    pub(in crate::translate) terms: &'a [Concept],
}

impl Key {
    /// The key of these parts.
    pub(in crate::translate) fn of(parts: &KeyParts<'_>) -> Self {
        let mut terms: Vec<String> = parts.terms.iter().map(term).collect();
        // Two terms that change places in the glossary's file are still the same terms.
        terms.sort();
        // JSON sets the parts off from each other whatever they hold.
        let parts = serde_json::json!([
            parts.source,
            parts.from,
            parts.to,
            parts.engine,
            parts.model,
            parts.options,
            terms,
        ]);
        Self(Sha256::digest(parts.to_string()).into())
    }

    /// The key as the database holds it.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// What of a concept reaches the engine. A note or a scope that changes does not bill anything.
fn term(concept: &Concept) -> String {
    let terms: Vec<(&str, &str)> = concept
        .terms
        .iter()
        .map(|term| (term.text.as_str(), term.status.name()))
        .collect();
    serde_json::json!([concept.source, terms]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, TermStatus};

    #[test]
    fn each_part_counts_and_the_order_of_terms_does_not() {
        let (zh, en) = ("zh-Hans".parse().unwrap(), "en".parse().unwrap());
        let concept = |source: &str| Concept {
            source: source.into(),
            scope: None,
            terms: vec![Term {
                text: "t".into(),
                status: TermStatus::Preferred,
                note: None,
            }],
        };
        let (one, two) = (Content::from_text("一"), Content::from_text("二"));
        let terms = [concept("甲"), concept("乙")];
        let swapped = [concept("乙"), concept("甲")];
        let base = KeyParts {
            source: &one,
            from: &zh,
            to: &en,
            engine: "openai",
            model: "m",
            options: "",
            terms: &terms,
        };
        let key = Key::of(&base);
        assert_eq!(
            Key::of(&KeyParts {
                terms: &swapped,
                ..base
            }),
            key
        );
        for other in [
            KeyParts {
                source: &two,
                ..base
            },
            KeyParts { to: &zh, ..base },
            KeyParts {
                engine: "deepl",
                ..base
            },
            KeyParts { model: "n", ..base },
            KeyParts {
                options: "x",
                ..base
            },
            KeyParts {
                terms: &terms[..1],
                ..base
            },
        ] {
            assert_ne!(Key::of(&other), key, "{other:?}");
        }
    }
}
