//! People's names have a rule of their own: an article's first mention uses the full form.

use std::collections::BTreeSet;

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};

use crate::model::{Concept, Term, TermStatus};

/// The scope of concepts that are people's names.
const PERSON: &str = "person";

/// What is to be used for people's names in an article, sentence after sentence. The first mention
/// uses the full form (`Sun Jimin`: the first preferred term, or the first admitted one); later
/// ones may use the other admitted forms, or the family name.
#[derive(Clone, Debug, Default)]
pub struct FirstMentions(BTreeSet<String>);

impl FirstMentions {
    /// The terms of the concepts that apply to the article's next sentence, in their order. Every
    /// sentence counts as a mention, also one without a translation.
    #[must_use]
    pub fn terms(&mut self, applying: &[&Concept]) -> Vec<Concept> {
        applying
            .iter()
            .map(|concept| {
                if concept.scope.as_deref() == Some(PERSON) && self.0.insert(concept.source.clone())
                {
                    first(concept)
                } else {
                    Self::later(concept)
                }
            })
            .collect()
    }

    /// The terms of a concept where it may have been mentioned before.
    #[must_use]
    pub fn later(concept: &Concept) -> Concept {
        let mut later = concept.clone();
        if concept.scope.as_deref() == Some(PERSON)
            && let Some(full) = concept.allowed().next()
            && let Some(family) = family_name(&concept.source, &full.text)
            && concept.allowed().all(|term| term.text != family)
        {
            let term = Term {
                text: family.to_owned(),
                status: TermStatus::Admitted,
                note: None,
            };
            later.terms.insert(concept.allowed().count(), term);
        }
        later
    }
}

fn first(concept: &Concept) -> Concept {
    let mut concept = concept.clone();
    let full = concept.allowed().next().map(|term| term.text.clone());
    concept
        .terms
        .retain(|term| term.status == TermStatus::Forbidden || Some(&term.text) == full.as_ref());
    concept
}

/// The family name in a full name: the word that is the pinyin of what the source begins with
/// (`Sun` for 孙继民), else the last one (`Trump` for 特朗普). A last word with a hyphen is a given
/// name as Taiwan and Hong Kong write it (`Chiang Kai-shek`).
fn family_name<'a>(source: &str, full: &'a str) -> Option<&'a str> {
    let words: Vec<&str> = full.split_whitespace().collect();
    let (first, last) = (words.first()?, words.last()?);
    if words.len() < 2 {
        return None;
    }
    let begins = words.iter().find(|word| begins_in_pinyin(source, word));
    Some(match begins {
        Some(word) => word,
        None if last.contains('-') && words.len() == 2 => first,
        None => last,
    })
}

/// Whether `word` is the pinyin of the first one or two characters of the source.
fn begins_in_pinyin(source: &str, word: &str) -> bool {
    let word = word.to_lowercase().replace('ü', "v");
    let mut chars = source.chars();
    let readings = |c: Option<char>| -> Vec<&'static str> {
        let Some(c) = c else { return Vec::new() };
        let others = c.to_pinyin_multi().into_iter().flatten();
        let all = c.to_pinyin().into_iter().chain(others);
        all.map(Pinyin::plain).collect()
    };
    // A family name writes ü as u or v.
    let same = |word: &str, reading: &str| {
        word == reading || word.replace('v', "u") == reading.replace(['v', 'ü'], "u")
    };
    let (one, two) = (readings(chars.next()), readings(chars.next()));
    one.iter()
        .any(|one| same(&word, one) || two.iter().any(|two| same(&word, &format!("{one}{two}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(concepts: &[Concept]) -> Vec<String> {
        concepts[0]
            .allowed()
            .map(|term| term.text.clone())
            .collect()
    }

    #[test]
    fn a_person_is_named_in_full_once() {
        let term = |text: &str, status| Term {
            text: text.into(),
            status,
            note: None,
        };
        let sun = Concept {
            source: "孙继民".into(),
            scope: Some(PERSON.into()),
            terms: vec![
                term("Sun Jimin", TermStatus::Preferred),
                term("the secretary", TermStatus::Admitted),
                term("Jimin", TermStatus::Forbidden),
            ],
        };
        let mut people = FirstMentions::default();
        let mut admitted = sun.clone();
        admitted.terms[0].status = TermStatus::Admitted;
        assert_eq!(
            allowed(&FirstMentions::default().terms(&[&admitted])),
            ["Sun Jimin"]
        );
        assert_eq!(allowed(&people.terms(&[&sun])), ["Sun Jimin"]);
        assert_eq!(
            allowed(&people.terms(&[&sun])),
            ["Sun Jimin", "the secretary", "Sun"]
        );
    }

    #[test]
    fn the_family_name_is_where_the_source_has_it() {
        for (source, full, family) in [
            ("孙继民", "Sun Jimin", Some("Sun")),
            ("吕秀莲", "Lü Xiulian", Some("Lü")),
            ("曾国藩", "Zeng Guofan", Some("Zeng")),
            ("欧阳修", "Ouyang Xiu", Some("Ouyang")),
            ("孙继民", "Jimin Sun", Some("Sun")),
            ("特朗普", "Donald Trump", Some("Trump")),
            ("蒋介石", "Chiang Kai-shek", Some("Chiang")),
            ("马克龙", "Emmanuel Macron", Some("Macron")),
            ("鲁迅", "Lu Xun", Some("Lu")),
            ("贝利", "Pelé", None),
        ] {
            assert_eq!(family_name(source, full), family, "{full}");
        }
    }
}
