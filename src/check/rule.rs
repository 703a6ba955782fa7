//! The table of rules: what each finding's name means.

use crate::model::Severity;

/// A rule of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `family.name`.
    pub name: &'static str,
    /// How bad its findings are unless the workspace says otherwise. A single finding may be
    /// milder where the rule is not sure, never worse.
    pub severity: Severity,
    /// The rule in one line.
    pub summary: &'static str,
    /// What it looks for, why, and what to do: for `check --explain`.
    pub explanation: &'static str,
}

impl Rule {
    /// The part of the name before the point.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(family, _)| family)
    }

    /// The rule of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.name == name)
    }
}

macro_rules! rules {
    ($($name:literal $severity:ident $summary:literal $explanation:literal;)*) => {
        /// Every rule, by family.
        pub const RULES: &[Rule] = &[$(Rule {
            name: $name,
            severity: Severity::$severity,
            summary: $summary,
            explanation: $explanation,
        }),*];
    };
}

rules! {
"number.scale" Error "A number is off by a power of ten"
"The digits agree, the scale does not: 2030万元 is 20.3 million yuan, not 203 million; 1.77万亿 is 1.77 trillion. 万 is ten thousand and 亿 a hundred million, so the point moves in translation. Recount the zeros.";
"number.value" Error "A number became another number"
"The source states an amount, and in its place the translation states a different one. If the translation is right (the source is wrong, or counts otherwise), suppress the finding with that reason.";
"number.missing" Error "A number is not in the translation"
"The source states a figure that the translation does not, neither here nor in the sentences beside it, neither rounded nor converted nor in words. An error for figures; milder for small numbers and words, which a translator may leave out.";
"number.extra" Warning "The translation states a number that the source does not"
"A figure in the translation has no counterpart in the source. Explanations (a conversion, a year) are fine; inventions are not.";
"number.bound" Error "A limit is turned round"
"以上, 超过, 余, 多, 至少 say that much or more; 以下, 不足, 不到, 以内, 近 say less. The translation says the opposite (\"less than\" for 以上).";
"number.modifier" Info "\"More than\" or \"less than\" is dropped"
"The source gives a limit (600余, 90%以上, 不到5%) and the translation an exact number.";
"number.rounded" Info "A number is rounded"
"The translation states fewer digits of the same number. Fine in running text, if it is meant.";
"number.swapped" Error "Two numbers have changed places"
"Both numbers are in the translation, but each stands with the thing that the other counts in the source (men and women, exports and imports, dead and injured).";
"number.by-to" Error "The step of a change and its result are confused"
"增长了30% and 增加30万 are the step: \"by\". 增至30% and 增加到30万 are what was reached: \"to\".";
"number.direction" Error "A rise became a fall, or a fall a rise"
"The verb beside the number goes up in one language and down in the other (增长 and \"fell\").";
"number.code" Error "A name with digits is not copied letter for letter"
"Model names, stock codes, standards and fixed phrases (Ka-52M, 000651.SZ, GB/T 1.1, 1+11) are the same in every language. An error where the translation has one that differs by a slip, a note where it has none.";
"number.suspect" Info "A number looks misread"
"前0亿元 or 00万: no writer would write it, so a scan or a typing slip is behind it. Look at the original; the number is not compared.";
"date.value" Error "A date or time became another one"
"Year, month, day, weekday, hour, quarter, decade or century differ (19时54分 and \"7:45 p.m.\"). 12-hour and 24-hour clocks are the same; 90后 and \"born in the 1990s\" too.";
"date.missing" Info "A date or time is not in the translation"
"Often fine: \"last year\" for 2019年 where the year is known.";
"percent.value" Error "A percentage became another one"
"百分之五, 5% and 六成 are percentages; so are \"five percent\", \"a half\" and \"two thirds\".";
"percent.points" Error "Percentage points and percent are confused"
"From 10% to 12% is two percentage points (2个百分点), but 20 percent.";
"percent.missing" Error "A percentage is not in the translation"
"The source states a share that the translation does not, in figures or in words.";
"currency.wrong" Error "The same amount in another currency"
"元 and 人民币 are yuan (CNY), 美元 US dollars, 港元 Hong Kong dollars, 日元 yen, 欧元 euros. The number was kept and the currency changed.";
"unit.wrong" Error "The same number with another unit"
"亩 is a fifteenth of a hectare, 斤 half a kilogram, 公里 a kilometre, 千伏 a kilovolt. The number was kept and the unit changed without conversion.";
"unit.converted" Info "An amount is converted to another unit"
"The amounts agree to two hundredths (6000亩 and 400 hectares). Worth a look where the unit matters.";
"term.conflict" Error "The glossary contradicts itself"
"One source has two preferred terms (a warning: keep one and admit the others), or a term is both to be used and forbidden, in scopes that hold together. No translation can satisfy it: mend the glossary.";
"term.duplicate" Warning "The glossary has a term twice"
"The same term stands twice for one source in the same scope. One of the rows can go.";
"term.missing" Warning "A term of the glossary is not used"
"The source has a term of the glossary, and the translation none of its allowed terms; inflection and letter case don't count. Use the term, or admit another one in the glossary.";
"term.forbidden" Error "A forbidden term is used"
"The glossary says that this translation of the term must not be used, and no allowed term that contains it stands there.";
"name.variant" Warning "A name is spelled in two ways"
"The translations of sentences with the same name spell it in two ways (Sun Jimin, Sun Ji-min, Jimin Sun, Sun Jimim), or otherwise than the glossary. A Chinese name is known by its pinyin, a name of the glossary by its letters. Choose one spelling and put it into the glossary.";
"segment.empty" Info "A sentence has no translation"
"The target is missing or blank, and no other unit covers the sentence. `build --strict` refuses such a book.";
"segment.untranslated" Warning "The translation is the source"
"Source and target are the same text though it has words to translate; numbers and names in Latin letters alone may stay.";
"segment.repeated-word" Warning "A word is doubled"
"\"the the\", 的的. \"had had\" and \"that that\" are left alone.";
"segment.alignment" Warning "An aligned translation may stand with the wrong sentence"
"The target was taken from an existing translation, and either its score is low or one side has text that the other does not. Compare the two; mend the rows with `align --review` and `--rows`, or approve the target (state reviewed) and delete the note.";
"segment.missing" Error "A pair lacks its source or its target"
"In a list of pairs, one side of a row is blank.";
"segment.covered" Warning "A unit that is said to cover this one does not"
"The unit named as covering this sentence has no target, or is not in the article.";
"script.han" Error "Chinese characters in a translation that is not Chinese"
"Han characters are left in the target. A term may keep them in brackets: those are left alone.";
"script.full-width" Warning "Full-width marks in a text that has none"
"，。：（）and full-width letters or digits belong to Chinese text; use , . : ( ) here.";
"script.half-width" Info "Half-width marks between Chinese characters"
"Chinese text has ，。：；？！（） in full width.";
"code.missing" Error "An inline code of the source is missing"
"Bold, links, images and other codes of the source must each stand once in the target.";
"code.unknown" Error "An inline code that the source does not have"
"The target has a code that the source lacks; a tool invented or renamed it.";
"code.unpaired" Error "An inline code is repeated, or closed before it is opened"
"Each code of the source stands once, its start before its end.";
"punctuation.unpaired" Warning "A quotation mark or bracket has no partner"
"An opening mark is not closed, or a closing mark was never opened, though the source is balanced.";
"punctuation.end" Info "The sentence ends otherwise"
"The source ends as a question or exclamation and the target does not, or the target lacks its full stop.";
"punctuation.doubled" Warning "A mark is doubled"
"Two commas or full stops in a row, or a comma before a full stop.";
"space.double" Warning "Two spaces in a row"
"One space separates words and sentences; a second one shows as a gap on the page.";
"space.edge" Warning "Space at the start or end"
"The target begins or ends with white space that the source does not have.";
"space.before-mark" Warning "A space before a comma or full stop"
"In English no space stands before , . ; : ? ! and closing brackets, none after opening ones.";
"space.missing" Warning "No space after a mark"
"A comma, full stop or bracket is followed by a letter without a space.";
"consistency.source" Info "One source, several targets"
"The same sentence is translated in two ways. Where context does not ask for it, choose one.";
"consistency.target" Info "Several sources, one target"
"Sentences that differ in the source have the same translation.";
"length.ratio" Warning "The translation is much longer or shorter than usual"
"Its length against the source's is far outside what pairs of these languages have: something may be missing, or added.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_families_are_known() {
        let families = [
            "number",
            "date",
            "percent",
            "currency",
            "unit",
            "term",
            "name",
            "segment",
            "script",
            "code",
            "punctuation",
            "space",
            "consistency",
            "length",
        ];
        let mut names = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(names.insert(rule.name), "{} twice", rule.name);
            assert!(families.contains(&rule.family()), "{}", rule.name);
            assert!(
                rule.explanation.len() > 40,
                "{} is not explained",
                rule.name
            );
        }
    }
}
