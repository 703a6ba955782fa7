//! Pseudo-translation, for trying layouts without an engine.
//!
//! Contract: deterministic; inline codes stay where they are; the text is as long as a translation
//! would be, plainly no translation, and set in brackets so that cut text shows. A pseudo-target
//! has state initial and says who made it, so that every later run replaces it.

use crate::model::{Content, Inline, Lang, Origin, Provenance, State, Target};

use super::engine::PSEUDO;

/// A pseudo-translation of `source` into `lang`. `when` is the day of the run.
#[must_use]
pub fn pseudo_target(source: &Content, lang: &Lang, when: Option<&str>) -> Target {
    Target {
        content: pseudo_content(source, lang),
        state: State::Initial,
        provenance: vec![Provenance {
            origin: Origin::Drafted,
            by: Some(PSEUDO.to_owned()),
            when: when.map(ToOwned::to_owned),
        }],
    }
}

/// Whether this target is a pseudo-translation that nobody has touched since.
#[must_use]
pub fn is_pseudo(target: &Target) -> bool {
    target.state == State::Initial
        && target.provenance.last().is_some_and(|step| {
            step.origin == Origin::Drafted && step.by.as_deref() == Some(PSEUDO)
        })
}

fn pseudo_content(source: &Content, lang: &Lang) -> Content {
    let spaced = lang.separates_with_spaces();
    let mut content = Content::from_text("[");
    let mut last = None;
    for inline in source.inlines() {
        match inline {
            Inline::Text(run) => {
                let mut text = String::with_capacity(run.len() * 2);
                for c in run.chars() {
                    push(&mut text, c, last, spaced);
                    last = Some(c);
                }
                content.push_text(&text);
            }
            code => content.push(code.clone()),
        }
    }
    content.push_text("]");
    content
}

/// Syllables that a Han character becomes: an English translation has about four letters and
/// spaces for each.
const SYLLABLES: [&str; 16] = [
    "bâ", "çé", "dîn", "fô", "ĝü", "ħál", "jö", "kêr", "lù", "mí", "ñar", "pö", "rì", "şëm", "ťá",
    "vôl",
];

fn push(text: &mut String, c: char, before: Option<char>, spaced: bool) {
    if is_han(c) {
        if !spaced {
            text.push(c);
            return;
        }
        if before.is_some_and(|before| !is_han(before) && before.is_alphanumeric()) {
            text.push(' ');
        }
        // Two characters make a word, as most Chinese words have two.
        let code = u32::from(c);
        let ends_word = code % 2 == 0;
        text.push_str(SYLLABLES[(code / 2 % 16) as usize]);
        if ends_word {
            text.push(' ');
        }
        return;
    }
    if spaced && before.is_some_and(is_han) && c.is_alphanumeric() && !text.ends_with(' ') {
        text.push(' ');
    }
    let western = if spaced { western_mark(c) } else { None };
    if let Some(mark) = western {
        while text.ends_with(' ') && !mark.starts_with(' ') {
            text.pop();
        }
        text.push_str(mark);
        return;
    }
    let accented = accent(c);
    text.push(accented);
    // A third more letters: what English gains on its way into German or Russian.
    if accented != c && matches!(c, 'a' | 'e' | 'o' | 'u') {
        text.push(accented);
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn western_mark(c: char) -> Option<&'static str> {
    Some(match c {
        '，' | '、' => ", ",
        '。' => ".",
        '；' => "; ",
        '：' => ": ",
        '！' => "!",
        '？' => "?",
        '（' => " (",
        '）' => ") ",
        '《' => " “",
        '》' => "” ",
        _ => return None,
    })
}

fn accent(c: char) -> char {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const ACCENTED: &str = "åƀçđéƒĝħíĵķļɱñöþɋŕşŧûṽŵẋýžÅƁÇĐÉƑĜĦÍĴĶĻṀÑÖÞɊŔŞŦÛṼŴẊÝŽ";
    PLAIN
        .chars()
        .position(|plain| plain == c)
        .and_then(|at| ACCENTED.chars().nth(at))
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, CodeKind};

    #[test]
    fn codes_stay_and_text_is_no_translation() {
        let source: Content = [
            Inline::Text("谈".into()),
            Inline::Open(Box::new(Code {
                id: "1".into(),
                kind: CodeKind::Bold,
            })),
            Inline::Text("解放思想，总投资221亿元".into()),
            Inline::Close("1".into()),
        ]
        .into_iter()
        .collect();
        let en = "en".parse().unwrap();
        let target = pseudo_target(&source, &en, None);
        assert_eq!(target.content.check_codes(&source), Ok(()));
        let text = target.content.text();
        assert!(text.starts_with('[') && text.ends_with(']'), "{text}");
        assert!(text.contains("221") && !text.chars().any(is_han), "{text}");
        assert!(is_pseudo(&target));
        assert_eq!(pseudo_target(&source, &en, None), target);
    }

    #[test]
    fn a_touched_target_is_no_pseudo_target() {
        let en = "en".parse().unwrap();
        let mut target = pseudo_target(&Content::from_text("Hello"), &en, Some("2024-01-01"));
        assert_eq!(target.content.text(), "[Ħééļļöö]");
        target.provenance.push(Provenance {
            origin: Origin::Edited,
            by: None,
            when: None,
        });
        assert!(!is_pseudo(&target));
    }
}
