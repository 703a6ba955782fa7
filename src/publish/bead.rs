//! Sentences and what translates them, as alignment calls it: beads.

use crate::model::{Block, Lang, Segment, Target};

/// Sentences of the source that stand side by side, and the target that says what they say.
pub(super) struct Bead<'a> {
    /// At least one.
    pub segments: Vec<&'a Segment>,
    /// None where nothing is translated yet, or where an earlier or later bead says it.
    pub target: Option<&'a Target>,
    /// Whether another bead's target says what this one says.
    pub covered: bool,
}

/// The beads of a block in reading order; their segments are the block's. A sentence that a
/// translator merged with its neighbour shares its neighbour's bead.
pub(super) fn beads<'a>(block: &'a Block, lang: &Lang) -> Vec<Bead<'a>> {
    let lead = |segment: &'a Segment| segment.covered_by(lang).unwrap_or(&segment.id);
    let mut beads: Vec<Bead<'a>> = Vec::new();
    let mut last = None;
    for segment in &block.segments {
        let leader = lead(segment);
        if last == Some(leader)
            && let Some(bead) = beads.last_mut()
        {
            bead.segments.push(segment);
        } else {
            beads.push(Bead {
                segments: vec![segment],
                target: None,
                covered: true,
            });
        }
        if *leader == segment.id
            && let Some(bead) = beads.last_mut()
        {
            bead.covered = false;
            bead.target = segment.target(lang);
        }
        last = Some(leader);
    }
    beads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockKind, Content, SegmentId, State, Translation};

    fn segment(id: &str, english: Option<&str>, covered_by: Option<&str>) -> Segment {
        let mut segment = Segment::new(SegmentId::new(id), Content::from_text(id), "");
        let translation = Translation {
            target: english.map(|text| Target {
                content: Content::from_text(text),
                state: State::Translated,
                provenance: vec![],
            }),
            covered_by: covered_by.map(SegmentId::new),
            ..Translation::default()
        };
        segment.targets.insert("en".parse().unwrap(), translation);
        segment
    }

    fn shape(segments: Vec<Segment>) -> Vec<(usize, Option<String>, bool)> {
        let block = Block {
            id: crate::model::BlockId::new("b1"),
            kind: BlockKind::Paragraph,
            level: None,
            position: None,
            lines: crate::model::Lines::default(),
            segments,
            repairs: vec![],
            suspects: vec![],
        };
        beads(&block, &"en".parse().unwrap())
            .iter()
            .map(|bead| {
                let text = bead.target.map(|target| target.content.text());
                (bead.segments.len(), text, bead.covered)
            })
            .collect()
    }

    #[test]
    fn merged_neighbours_share_a_bead() {
        let merged = vec![
            segment("s1", Some("A and B."), None),
            segment("s2", None, Some("s1")),
            segment("s3", None, None),
        ];
        assert_eq!(
            shape(merged),
            [(2, Some("A and B.".into()), false), (1, None, false)]
        );
        let backward = vec![
            segment("s1", None, Some("s2")),
            segment("s2", Some("A and B."), None),
        ];
        assert_eq!(shape(backward), [(2, Some("A and B.".into()), false)]);
    }

    #[test]
    fn a_sentence_covered_from_afar_stands_alone() {
        let moved = vec![
            segment("s1", Some("A and C."), None),
            segment("s2", Some("B."), None),
            segment("s3", None, Some("s1")),
        ];
        assert_eq!(
            shape(moved),
            [
                (1, Some("A and C.".into()), false),
                (1, Some("B.".into()), false),
                (1, None, true)
            ]
        );
    }
}
