//! Whether a segment is translated at all, and words that stand twice.

use super::{Pair, Sink};
use crate::model::{Article, Lang, Segment};
use crate::script::is_han;

/// A segment without a target of its own.
pub(super) fn without_target(
    article: &Article,
    segment: &Segment,
    lang: &Lang,
    sink: &mut Sink<'_>,
) {
    match segment.covered_by(lang) {
        None => sink.whole(
            "segment.empty",
            "the sentence has no translation".to_owned(),
        ),
        Some(other) => {
            let covers = article
                .segments()
                .find(|candidate| candidate.id == *other)
                .is_some_and(|candidate| candidate.target(lang).is_some());
            if !covers {
                sink.whole(
                    "segment.covered",
                    format!("{other} is said to cover this sentence, but has no translation"),
                );
            }
        }
    }
}

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    untranslated(pair, sink);
    repeated(pair, sink);
}

/// Whether the text has words: letters that are no code, unit or name in Latin letters alone.
fn has_words(text: &str, lang: &Lang) -> bool {
    if lang.is_chinese() {
        text.chars().filter(|c| is_han(*c)).count() >= 2
    } else {
        text.split_whitespace()
            .filter(|word| word.chars().filter(|c| c.is_lowercase()).count() >= 2)
            .count()
            >= 2
    }
}

fn untranslated(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    if pair.source_lang == pair.target_lang {
        return;
    }
    if pair.source.trim() == pair.target.trim() && has_words(pair.source, pair.source_lang) {
        sink.whole(
            "segment.untranslated",
            "the translation is the source, word for word".to_owned(),
        );
    }
}

/// Words that English doubles rightly.
const DOUBLED: &[&str] = &[
    "had", "that", "bye", "no", "very", "ha", "so", "many", "far", "is", "her", "in", "on",
];

fn repeated(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    if pair.target_lang.is_chinese() {
        // 的的, 了了, 是是: particles that are never doubled.
        let mut chars = pair.target.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if matches!(c, '的' | '地' | '在' | '和' | '与' | '于' | '对')
                && chars.peek().is_some_and(|(_, next)| *next == c)
            {
                let end = at + 2 * c.len_utf8();
                let rest = &pair.target[end..];
                // 的的确确, 地地道道
                if !matches!(rest.chars().next(), Some('确' | '道')) {
                    sink.in_target(
                        "segment.repeated-word",
                        format!("{c}{c} stands twice"),
                        pair,
                        at..end,
                    );
                }
            }
        }
        return;
    }
    let mut previous: Option<(usize, &str)> = None;
    let mut at = 0;
    for word in pair.target.split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let word = word.trim_end();
        if let Some((first, before)) = previous
            && word.chars().all(char::is_alphabetic)
            && word.chars().count() > 1
            && before.to_lowercase() == word.to_lowercase()
            && !DOUBLED.contains(&word.to_lowercase().as_str())
            // Duran Duran, New York New York: names may double.
            && !(word.starts_with(char::is_uppercase) && before.starts_with(char::is_uppercase))
        {
            sink.in_target(
                "segment.repeated-word",
                format!("{word:?} stands twice"),
                pair,
                first..start + word.len(),
            );
        }
        previous = word
            .chars()
            .all(char::is_alphabetic)
            .then_some((start, word))
            .filter(|(_, word)| !word.is_empty());
    }
}
