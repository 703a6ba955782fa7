//! What can't be applied, as a file that a person opens, mends and merges again.

use std::collections::BTreeMap;

use crate::model::{
    Article, Block, BlockId, BlockKind, Content, Lang, Lines, Note, NoteAbout, NoteKind, Segment,
    SegmentId, State, Target,
};
use crate::xliff::{Version, WriteOptions, v1_2, v2};

use super::normal::same_note;
use super::snapshot::Snapshot;

/// What can't be applied.
///
/// The file has the returned targets with the reasons as notes. Its snapshot has what the article
/// has now, so that merging the file again means: this is what I chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// The text of the XLIFF file, in the version of the returned one.
    pub text: String,
    /// What it is compared with when it is merged.
    pub snapshot: Snapshot,
    /// How many units are in it.
    pub units: usize,
}

/// A unit that can't be applied.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: SegmentId,
    /// The source that the file has.
    pub(super) source: Option<Content>,
    /// The target that the file has.
    pub(super) target: Option<Content>,
    pub(super) state: State,
    pub(super) reason: String,
    /// Reasons of earlier merges, where the unit comes from a quarantine.
    pub(super) earlier: Vec<String>,
    /// Notes of the reviewer that no segment of the article has taken over.
    pub(super) notes: Vec<Note>,
}

impl Quarantine {
    pub(super) fn new(
        article: &Article,
        lang: &Lang,
        version: Version,
        entries: Vec<Entry>,
    ) -> Option<Self> {
        if entries.is_empty() {
            return None;
        }
        let mut by_id: BTreeMap<SegmentId, Vec<Entry>> = BTreeMap::new();
        for entry in entries {
            by_id.entry(entry.id.clone()).or_default().push(entry);
        }
        let mut now = Article {
            blocks: Vec::new(),
            obsolete: Vec::new(),
            ..article.clone()
        };
        let mut shown = now.clone();
        let obsolete = Block {
            id: BlockId::new("obsolete"),
            segments: article.obsolete.clone(),
            ..unknown_block()
        };
        for block in article.blocks.iter().chain([&obsolete]) {
            let mut kept = Block {
                segments: Vec::new(),
                repairs: Vec::new(),
                suspects: Vec::new(),
                ..block.clone()
            };
            let mut changed = kept.clone();
            for segment in &block.segments {
                if let Some(entries) = by_id.remove(&segment.id) {
                    kept.segments.push(segment.clone());
                    changed.segments.push(show(segment, lang, &entries));
                }
            }
            if !kept.segments.is_empty() {
                now.blocks.push(kept);
                shown.blocks.push(changed);
            }
        }
        // What is left belongs to no segment of the article.
        let mut rest = unknown_block();
        for (number, entries) in by_id.into_values().enumerate() {
            for (at, entry) in entries.into_iter().enumerate() {
                let id = match (entry.id.as_str(), at) {
                    ("", at) => SegmentId::new(format!("unknown-{}-{}", number + 1, at + 1)),
                    (_, 0) => entry.id.clone(),
                    (id, at) => SegmentId::new(format!("{id}-{}", at + 1)),
                };
                let source = entry.source.clone().unwrap_or_default();
                let segment = Segment::new(id, source, "");
                rest.segments.push(show(&segment, lang, &[entry]));
            }
        }
        if !rest.segments.is_empty() {
            shown.blocks.push(rest);
        }
        let units = shown.segments().count();
        let snapshot = Snapshot::of(&now, lang, &WriteOptions::default());
        let options = WriteOptions {
            hand_out: true,
            export: Some(snapshot.name.clone()),
            ..WriteOptions::default()
        };
        let text = match version {
            Version::V1 => v1_2::write(&shown, lang, &options),
            _ => v2::write(&shown, lang, &options),
        };
        Some(Self {
            text,
            snapshot,
            units,
        })
    }

    /// A name for the file: that of its snapshot.
    #[must_use]
    pub fn file_name(&self) -> String {
        let Snapshot {
            article,
            target_lang,
            name,
            ..
        } = &self.snapshot;
        format!("{article}.{target_lang}.{name}.xlf")
    }
}

fn unknown_block() -> Block {
    Block {
        id: BlockId::new("unknown"),
        kind: BlockKind::Paragraph,
        level: None,
        position: None,
        lines: Lines { first: 1, last: 1 },
        segments: Vec::new(),
        repairs: Vec::new(),
        suspects: Vec::new(),
    }
}

/// The segment with the returned target and the reasons why it was not taken.
fn show(segment: &Segment, lang: &Lang, entries: &[Entry]) -> Segment {
    let mut shown = segment.clone();
    let translation = shown.targets.get_or_default(lang);
    translation.suggestions.clear();
    let current = translation.target.take().map(|target| target.content);
    for entry in entries {
        if translation.target.is_none() {
            translation.target = entry.target.clone().map(|content| Target {
                content,
                state: entry.state,
                provenance: Vec::new(),
            });
        }
        for reason in entry.earlier.iter().chain([&entry.reason]) {
            let reason = note(reason);
            if !translation.notes.contains(&reason) {
                translation.notes.push(reason);
            }
        }
        for note in &entry.notes {
            let known = translation.notes.iter().chain(&shown.notes);
            if !known
                .into_iter()
                .any(|known| same_note(&known.text, &note.text))
            {
                translation.notes.push(note.clone());
            }
        }
    }
    if let Some(current) = current.filter(|current| !current.is_blank()) {
        translation
            .notes
            .push(note(&format!("the article has: {}", current.text())));
    }
    shown
}

fn note(text: &str) -> Note {
    Note {
        kind: NoteKind::Other("duizhao".to_owned()),
        about: NoteAbout::Target,
        text: text.to_owned(),
    }
}
