//! Cleaning: repairs what can be proved, doubts what cannot, and records both.
//!
//! The work goes from the large to the small. [`layout`] measures the lines and finds the column
//! width that a page had; [`breaks`] says which lines belong together and which line holds two
//! paragraphs, [`rows`] which lines are rows and [`furniture`] what a page has beside its text; then each paragraph is rewritten in one pass in which every kind of repair has a
//! file of its own ([`space`], [`width`], [`quotes`], [`dashes`], [`emphasis`], [`invisible`]), but
//! not in [`code`]; [`settle`] goes over it again until nothing is left to repair.
//! [`Passage::restore`](crate::model::Passage::restore) undoes it all.

mod apart;
mod breaks;
mod code;
mod dashes;
mod decisions;
mod emphasis;
mod fences;
mod furniture;
mod invisible;
mod layout;
mod lexicon;
mod quotes;
mod repeats;
mod rewrite;
mod rows;
mod sense;
mod settle;
mod space;
mod suspects;
mod width;

pub use decisions::{DecisionError, Decisions};

use crate::model::{CleanDocument, Document, Lang};

/// How much cleaning may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Nothing: each line is a paragraph as it stands.
    None,
    /// What can be proved from the page or the text.
    #[default]
    Safe,
    /// Also what is only very likely.
    All,
}

impl Policy {
    /// The policy of this name (`none`, `safe`, `all`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "safe" => Some(Self::Safe),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// How to clean.
#[derive(Clone, Debug)]
pub struct CleanOptions {
    /// How much may change.
    pub policy: Policy,
    /// The language of the text.
    pub lang: Lang,
    /// Whether to look for suspects, which takes most of the time.
    pub suspects: bool,
    /// What a person has decided about this file.
    pub decisions: Decisions,
}

impl CleanOptions {
    /// Safe repairs and suspects, for text in `lang`.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            policy: Policy::Safe,
            lang,
            suspects: true,
            decisions: Decisions::default(),
        }
    }
}

/// Cleans a document.
#[must_use]
pub fn clean(document: Document, options: &CleanOptions) -> CleanDocument {
    let Document {
        path, meta, lines, ..
    } = document;
    let page = layout::measure(&lines);
    let mut passages = Vec::with_capacity(lines.len());
    breaks::passages(lines, &page, options, |raw| {
        passages.push(settle::clean(&raw, &page, options));
    });
    if options.suspects && options.policy != Policy::None {
        suspects::raise(&mut passages, options);
    }
    let stale_decisions = decisions::apply(&options.decisions, &mut passages);
    CleanDocument {
        path,
        meta,
        passages,
        stale_decisions,
    }
}
