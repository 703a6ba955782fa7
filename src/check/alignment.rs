//! Targets that came from an existing translation and may stand with the wrong sentence.

use super::Sink;
use crate::model::{Lang, Segment, Target};

/// A doubtful row, and text that only one side has.
pub(super) fn check(segment: &Segment, lang: &Lang, sink: &mut Sink<'_>) {
    let Some(translation) = segment.targets.get(lang) else {
        return;
    };
    let score = translation
        .target
        .as_ref()
        .and_then(Target::doubtful_alignment);
    if let Some(score) = score {
        let message = format!(
            "it is not sure ({score} %) that this is the translation of this sentence; compare them"
        );
        sink.whole("segment.alignment", message);
    }
    for note in &translation.notes {
        if note.is_of_alignment() {
            sink.whole("segment.alignment", note.text.clone());
        }
    }
}
