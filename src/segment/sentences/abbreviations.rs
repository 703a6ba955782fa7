//! Abbreviations that stand before a name or a figure, so that their full stop ends no sentence.

use crate::model::Lang;

const GERMAN: &[&str] = &[
    "Hr", "Fr", "Dr", "Prof", "Nr", "Bd", "Abb", "bzw", "z.B", "z. B", "d.h", "d. h", "u.a",
    "u. a", "ca", "vgl", "St", "Str", "Abs", "Art", "evtl", "ggf", "usw",
];
const FRENCH: &[&str] = &[
    "M", "MM", "Mme", "Mlle", "Dr", "Pr", "St", "Ste", "n", "p", "pp", "cf", "av", "vol", "fig",
];
const SPANISH: &[&str] = &[
    "Sr", "Sra", "Srta", "Dr", "Dra", "Ud", "Uds", "núm", "pág", "vol", "fig", "p. ej",
];
const RUSSIAN: &[&str] = &[
    "г", "гг", "им", "ул", "т", "стр", "рис", "см", "проф", "акад", "т. е", "т. н", "т. п",
];

/// Whether the text ends with an abbreviation or an initial, its full stop and white space.
pub(super) fn ends_with_one(text: &str, lang: &Lang) -> bool {
    let text = text.trim_end();
    let Some(head) = text.strip_suffix('.') else {
        return false;
    };
    let known = match lang.primary() {
        "de" => GERMAN,
        "fr" => FRENCH,
        "es" | "pt" | "it" => SPANISH,
        "ru" => RUSSIAN,
        _ => &[],
    };
    let begins_word = |rest: &str| {
        rest.chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric())
    };
    if known
        .iter()
        .any(|word| head.strip_suffix(word).is_some_and(begins_word))
    {
        return true;
    }
    // An initial (J. Smith).
    let mut back = head.chars().rev();
    let initial = back.next().is_some_and(char::is_uppercase);
    let before = back.next();
    initial && before.is_none_or(|c| c == '.' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_initials_end_no_sentence() {
        let german: Lang = "de".parse().unwrap();
        for text in ["Dann kam Dr. ", "von J. ", "siehe Nr. ", "E.T.A. "] {
            assert!(ends_with_one(text, &german), "{text}");
        }
        for text in ["Er ging. ", "Das war Hildr. ", "Es regnete."] {
            assert!(!ends_with_one(text, &german), "{text}");
        }
    }
}
