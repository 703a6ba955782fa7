//! Aligns two versions of one text where they differ.
//!
//! The machinery is that of two languages: anchors, the band, the lattice. The lexicon is the
//! simplest there is: every word renders itself.

use super::AlignOptions;
use super::band::Band;
use super::evidence;
use super::lattice::{Lattice, Scorer, Step};
use super::lexicon::Lexicon;
use super::settings::Settings;
use super::shapes::{self, Shapes};
use super::tokens::Side;
use crate::model::Lang;

/// Two versions of a text, read.
pub(super) struct Versions {
    old: Side,
    new: Side,
    lexicon: Lexicon,
    settings: Settings,
}

impl Versions {
    /// Reads both versions, each a list of sentences in this language.
    pub(super) fn read(old: &[String], new: &[String], lang: &Lang) -> Self {
        let options = AlignOptions::new(lang.clone(), lang.clone());
        let evidence = evidence::gather(&[old.to_vec()], &[new.to_vec()], &options);
        let settings = Settings::one_language();
        let (old, new) = (evidence.source, evidence.target);
        let lexicon = Lexicon::from_listed(&old, &new, &evidence.listed, &settings);
        Self {
            old,
            new,
            lexicon,
            settings,
        }
    }

    /// The rows that these sentences of both versions make, as places in the two lists.
    pub(super) fn rows(&self, olds: &[usize], news: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
        if olds.is_empty() || news.is_empty() {
            return Vec::new();
        }
        let (old, new) = (self.old.part(olds), self.new.part(news));
        let shapes = Shapes::usual(&old, &new, &self.settings);
        let band = Band::around_anchors(&old, &new, &self.lexicon);
        let mut scorer = Scorer::new(
            &old,
            &new,
            &self.lexicon,
            &band,
            1.0,
            &shapes,
            &self.settings,
        );
        let (path, _) = Lattice::new(&mut scorer, &shapes::common()).decode(&scorer);
        let places = |all: &[usize], (first, count): (usize, usize)| -> Vec<usize> {
            all[first..first + count].to_vec()
        };
        path.iter()
            .map(|step: &Step| (places(olds, step.source), places(news, step.target)))
            .collect()
    }
}
