//! Terms on 200 and more sentence pairs, written and labelled by hand: which terms apply to the
//! source, and which of them the translation misses. A third of the translations was written to
//! miss, with a word that is near; the others inflect, reorder, hyphenate, abbreviate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::type_complexity,
    clippy::disallowed_methods,
    reason = "what goes wrong in a test ends it, and its figures are for people"
)]

use std::collections::BTreeSet;

use duizhao::glossary::{Glossary, read_csv, term_uses};

const TERMS: &str = include_str!("terms.csv");
const PAIRS: &str = include_str!("pairs.tsv");

/// Hits, false alarms, and what was overlooked.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: Vec<String>,
    overlooked: Vec<String>,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<String>, expected: &BTreeSet<String>, pair: &str) {
        self.right += found.intersection(expected).count();
        let note = |term: &String| format!("{term}: {pair}");
        self.wrong.extend(found.difference(expected).map(note));
        self.overlooked.extend(expected.difference(found).map(note));
    }

    fn assert_at_least(&self, what: &str, least: f64) {
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let share = |other: &[String]| self.right as f64 / (self.right + other.len()) as f64;
        let (precision, recall) = (share(&self.wrong), share(&self.overlooked));
        eprintln!(
            "{what}: precision {precision:.3}, recall {recall:.3} of {}",
            self.right
        );
        eprintln!("wrong {:#?} overlooked {:#?}", self.wrong, self.overlooked);
        assert!(
            precision >= least && recall >= least,
            "{what}\nwrong: {:#?}\noverlooked: {:#?}",
            self.wrong,
            self.overlooked
        );
    }
}

#[test]
fn terms_that_apply_and_terms_that_miss_are_found() {
    let en = "en".parse().unwrap();
    let concepts = read_csv("terms.csv", TERMS.as_bytes()).unwrap();
    assert!(concepts.len() >= 150, "{}", concepts.len());
    let glossary = Glossary::new("zh-Hans".parse().unwrap(), en, concepts).unwrap();
    let (mut applying, mut missing) = (Score::default(), Score::default());
    let mut pairs = 0;
    for line in PAIRS.lines().skip(1) {
        let [source, target, labels] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        pairs += 1;
        let labels: Vec<&str> = labels.split(' ').collect();
        let expected = |missed: bool| -> BTreeSet<String> {
            labels
                .iter()
                .filter(|label| !missed || label.starts_with('-'))
                .map(|label| label.trim_start_matches('-').to_owned())
                .collect()
        };
        let found = glossary.applying(source);
        let names = found.iter().map(|concept| concept.source.clone()).collect();
        applying.add(&names, &expected(false), line);
        let missed = found
            .iter()
            .zip(term_uses(&found, target, glossary.target()))
            .filter(|(_, found)| !found.is_right())
            .map(|(concept, _)| concept.source.clone())
            .collect();
        missing.add(&missed, &expected(true), line);
    }
    assert!(pairs >= 200, "{pairs}");
    applying.assert_at_least("terms that apply", 0.98);
    missing.assert_at_least("terms that miss", 0.98);
}
