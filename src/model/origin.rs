//! Where a translation comes from, told from its targets' provenance.

use std::collections::{BTreeMap, BTreeSet};

use super::{Article, Lang, Origin, State};

/// How many sentences of a translation have which origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranslationOrigin {
    /// All sentences.
    pub segments: usize,
    /// Without a translation.
    pub missing: usize,
    /// Drafted by a machine and read by nobody, by the name of the engine.
    pub machine: BTreeMap<String, usize>,
    /// Written, changed, or brought along by a person, not read by a second one.
    pub person: usize,
    /// Read and approved by a person.
    pub reviewed: usize,
    /// The people who wrote or changed sentences, where the targets name them.
    pub translators: BTreeSet<String>,
    /// The people who approved sentences, where the targets name them.
    pub reviewers: BTreeSet<String>,
}

/// Counts the origins of the translations of these articles. What a covering unit says counts
/// with it.
#[must_use]
pub fn translation_origin(articles: &[&Article], lang: &Lang) -> TranslationOrigin {
    let mut origin = TranslationOrigin::default();
    for segment in articles.iter().flat_map(|article| article.segments()) {
        origin.segments += 1;
        if segment.covered_by(lang).is_some() {
            origin.person += 1;
            continue;
        }
        let Some(target) = segment.target(lang) else {
            origin.missing += 1;
            continue;
        };
        for step in &target.provenance {
            let people = match step.origin {
                Origin::Edited => &mut origin.translators,
                Origin::Reviewed => &mut origin.reviewers,
                _ => continue,
            };
            people.extend(step.by.clone());
        }
        let by_person = target.provenance.iter().any(|step| {
            matches!(
                step.origin,
                Origin::Edited | Origin::Reviewed | Origin::Aligned(_)
            )
        });
        let drafted_by = target
            .provenance
            .iter()
            .rev()
            .find(|step| step.origin == Origin::Drafted);
        if matches!(target.state, State::Reviewed | State::Final) {
            origin.reviewed += 1;
        } else if let (false, Some(step)) = (by_person, drafted_by) {
            let engine = step.by.clone().unwrap_or_else(|| "unknown".to_owned());
            *origin.machine.entry(engine).or_insert(0) += 1;
        } else {
            origin.person += 1;
        }
    }
    origin
}

impl TranslationOrigin {
    /// What a reader should know, in English.
    #[must_use]
    pub fn in_english(&self) -> String {
        let mut parts = Vec::new();
        for (engine, count) in &self.machine {
            parts.push(format!(
                "{} machine-made ({engine}), not reviewed by a person",
                self.of(*count)
            ));
        }
        if self.person > 0 {
            parts.push(format!(
                "{} made or changed by a person",
                self.of(self.person)
            ));
        }
        if self.reviewed > 0 {
            parts.push(format!("{} reviewed by a person", self.of(self.reviewed)));
        }
        if self.missing > 0 {
            parts.push(format!("{} not translated", self.of(self.missing)));
        }
        format!("Translation: {}.", parts.join("; "))
    }

    /// The same in Chinese.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        let part = |count: usize| {
            if count == self.segments {
                "全文".to_owned()
            } else {
                format!("{count}句")
            }
        };
        let mut parts = Vec::new();
        for (engine, &count) in &self.machine {
            parts.push(format!(
                "{}为机器翻译（{engine}），未经人工审校",
                part(count)
            ));
        }
        if self.person > 0 {
            parts.push(format!("{}由人工翻译或修改", part(self.person)));
        }
        if self.reviewed > 0 {
            parts.push(format!("{}经人工审校", part(self.reviewed)));
        }
        if self.missing > 0 {
            parts.push(format!("{}尚无译文", part(self.missing)));
        }
        format!("译文：{}。", parts.join("；"))
    }

    fn of(&self, count: usize) -> String {
        if count == self.segments {
            "all of it".to_owned()
        } else {
            format!("{count} of {} sentences", self.segments)
        }
    }
}
