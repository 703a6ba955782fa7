//! Words, and which of them are forms of one.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word of a text: a run of letters and digits, inner apostrophes, and points and commas inside
/// numbers. Hyphens separate.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
    /// Whether the end of a sentence or clause stands between it and the word before.
    pub(super) after_stop: bool,
    /// Whether a comma does, or "and" comes with it.
    pub(super) after_comma: bool,
    /// What it may be a form of, itself first; in lower case, but for abbreviations.
    forms: Vec<String>,
    abbreviation: bool,
}

impl<'a> Word<'a> {
    fn new(text: &'a str, range: Range<usize>, between: &str, english: bool) -> Self {
        let abbreviation = text.chars().filter(|c| c.is_alphabetic()).count() > 1
            && text.chars().all(|c| !c.is_lowercase());
        Self {
            text,
            range,
            after_stop: between.contains(['.', ';', '!', '?', '\u{2014}', ':', '\n']),
            after_comma: between.contains([',', '\u{3001}']),
            forms: if english {
                forms(text)
            } else {
                vec![text.to_lowercase()]
            },
            abbreviation,
        }
    }

    /// An English word that stands alone.
    pub(super) fn alone(text: &'a str) -> Self {
        Self::new(text, 0..text.len(), "", true)
    }

    /// Whether the two are forms of one word; `self` is the term's.
    pub(super) fn same(&self, other: &Self) -> bool {
        if self.text == other.text {
            return true;
        }
        if self.abbreviation {
            let bare = possessive(other.text);
            return bare == self.text || bare.strip_suffix('s') == Some(self.text);
        }
        self.forms.iter().any(|form| other.forms.contains(form))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_be(&self) -> bool {
        self.is_one_of(&[
            "be", "is", "are", "was", "were", "been", "being", "get", "got",
        ])
    }

    pub(super) fn is_auxiliary(&self) -> bool {
        self.is_one_of(&[
            "have", "has", "had", "will", "would", "shall", "should", "must", "can", "could",
            "may", "might", "to", "not", "need", "needs",
        ])
    }

    pub(super) fn is_adverb(&self) -> bool {
        self.text.ends_with("ly")
            || self.is_one_of(&[
                "further", "also", "now", "well", "fast", "always", "never", "still", "again",
                "already", "more", "better", "all", "first", "since", "then", "just",
            ])
    }

    pub(super) fn is_particle(&self) -> bool {
        self.is_one_of(&[
            "out", "up", "off", "on", "in", "down", "over", "away", "back", "through", "forward",
        ])
    }

    /// Whether it can be the participle of a passive.
    pub(super) fn is_participle(&self) -> bool {
        let word = self.text.to_lowercase();
        word.ends_with("ed")
            || word.ends_with("en")
            || irregular(&word).is_some()
            || PARTICIPLES.contains(&word.as_str())
            || compound(&word, |rest| PARTICIPLES.contains(&rest).then(String::new)).is_some()
    }
}

/// The words of a text. `english` says whether they are to be known by their forms.
pub(super) fn words(text: &str, english: bool) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = 0;
    loop {
        while chars.next_if(|&(_, c)| !c.is_alphanumeric()).is_some() {}
        let Some(&(start, _)) = chars.peek() else {
            return words;
        };
        let mut end = start;
        while let Some(&(at, c)) = chars.peek() {
            let next = text[at + c.len_utf8()..].chars().next();
            let inner_apostrophe = is_apostrophe(c) && next.is_some_and(char::is_alphanumeric);
            let inner_point = (c == '.' || c == ',')
                && text[..at].ends_with(|c: char| c.is_ascii_digit())
                && next.is_some_and(|c| c.is_ascii_digit());
            if !c.is_alphanumeric() && !inner_apostrophe && !inner_point {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        // A point after a capital or a short word is an abbreviation's: "U.S.", "Co. Ltd".
        let between = &text[before..start];
        let abbreviated = words.last().is_some_and(|word: &Word<'_>| {
            word.text.chars().count() == 1 || equivalent(&word.text.to_lowercase()).is_some()
        });
        let between = if abbreviated {
            between.trim_start_matches('.')
        } else {
            between
        };
        let mut word = Word::new(&text[start..end], start..end, between, english);
        word.after_comma |= word.is("and") || word.is("or");
        words.push(word);
        before = end;
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Articles and possessive pronouns, which come and go without a change of the term.
pub(super) fn is_determiner(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "the"
            | "a"
            | "an"
            | "its"
            | "their"
            | "our"
            | "his"
            | "her"
            | "your"
            | "my"
            | "one's"
            | "one\u{2019}s"
            | "this"
            | "these"
            | "that"
            | "those"
    )
}

fn possessive(word: &str) -> &str {
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word)
}

/// What a word may be a form of: itself in lower case and one spelling, then its stems.
fn forms(word: &str) -> Vec<String> {
    let lower = plain_letters(&possessive(word).to_lowercase());
    let lower = equivalent(&lower).map_or(lower, ToOwned::to_owned);
    let mut forms = vec![lower.clone()];
    if let Some(base) = irregular(&lower) {
        forms.push(base);
    }
    forms.extend(stems(&lower));
    for form in &mut forms {
        if let Cow::Owned(spelled) = one_spelling(form) {
            *form = spelled;
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// What an English word may be a regular inflection of.
fn stems(word: &str) -> Vec<String> {
    let mut stems = Vec::new();
    if INVARIABLE.contains(&word) {
        return stems;
    }
    let vowel = |stem: &str| stem.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let long = |stem: &str| stem.chars().count() >= 3 && vowel(stem);
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() >= 2) {
        stems.push(format!("{stem}y"));
        stems.push(format!("{stem}ie"));
    } else if let Some(stem) = word.strip_suffix("es").filter(|stem| {
        long(stem)
            && ["s", "x", "z", "ch", "sh", "o"]
                .iter()
                .any(|end| stem.ends_with(end))
    }) {
        stems.push(stem.to_owned());
        stems.push(format!("{stem}e"));
    } else if let Some(stem) = word
        .strip_suffix('s')
        .filter(|stem| long(stem) && !["s", "u", "i"].iter().any(|end| stem.ends_with(end)))
    {
        stems.push(stem.to_owned());
    }
    if let Some(stem) = word.strip_suffix("ied") {
        stems.push(format!("{stem}y"));
    } else {
        for suffix in ["ed", "ing"] {
            let Some(stem) = word
                .strip_suffix(suffix)
                .filter(|stem| stem.chars().count() >= 2 && vowel(stem))
            else {
                continue;
            };
            if long(stem) {
                stems.push(stem.to_owned());
            }
            stems.push(format!("{stem}e"));
            let mut ends = stem.chars().rev();
            if let (Some(last), Some(other)) = (ends.next(), ends.next())
                && last == other
                && long(stem)
            {
                stems.push(stem[..stem.len() - last.len_utf8()].to_owned());
            }
        }
        if let Some(stem) = word.strip_suffix("ying") {
            stems.push(format!("{stem}ie"));
        }
    }
    stems
}

/// Words that look inflected and are not.
const INVARIABLE: &[&str] = &[
    "news",
    "species",
    "series",
    "means",
    "thing",
    "during",
    "spring",
    "string",
    "evening",
    "morning",
    "ceiling",
    "need",
    "feed",
    "seed",
    "speed",
    "indeed",
    "bed",
    "red",
    "hundred",
    "economics",
    "politics",
    "physics",
    "mathematics",
    "always",
    "perhaps",
    "besides",
    "across",
    "this",
    "his",
    "its",
    "as",
    "is",
    "was",
    "has",
    "us",
    "gas",
    "bus",
    "plus",
    "thus",
    "lens",
    "sing",
    "ring",
    "king",
    "wing",
    "bring",
    "nothing",
    "something",
    "everything",
    "anything",
    "interesting",
];

/// Words that are written short or long.
fn equivalent(word: &str) -> Option<&'static str> {
    Some(match word {
        "co" => "company",
        "ltd" => "limited",
        "corp" => "corporation",
        "dept" => "department",
        "govt" => "government",
        "mt" => "mount",
        "km" => "kilometre",
        "kv" => "kilovolt",
        "first" | "1st" => "1st",
        "second" | "2nd" => "2nd",
        "third" | "3rd" => "3rd",
        "fourth" | "4th" => "4th",
        "fifth" | "5th" => "5th",
        "sixth" | "6th" => "6th",
        "seventh" | "7th" => "7th",
        "eighth" | "8th" => "8th",
        "ninth" | "9th" => "9th",
        "tenth" | "10th" => "10th",
        "twelfth" | "12th" => "12th",
        "thirteenth" | "13th" => "13th",
        "fourteenth" | "14th" => "14th",
        "fifteenth" | "15th" => "15th",
        "eighteenth" | "18th" => "18th",
        "nineteenth" | "19th" => "19th",
        "twentieth" | "20th" => "20th",
        "one" | "1" => "1",
        "two" | "2" => "2",
        "three" | "3" => "3",
        "four" | "4" => "4",
        "five" | "5" => "5",
        "six" | "6" => "6",
        "seven" | "7" => "7",
        "eight" | "8" => "8",
        "nine" | "9" => "9",
        "ten" | "10" => "10",
        _ => return None,
    })
}

/// British and American spellings as one. Only compared, never shown.
fn one_spelling(word: &str) -> Cow<'_, str> {
    const ENDS: &[(&str, &str)] = &[
        ("ctise", "ctice"),
        ("ctising", "cticing"),
        ("ctised", "cticed"),
        ("isation", "ization"),
        ("iser", "izer"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ise", "ize"),
        ("yse", "yze"),
        ("our", "or"),
        ("ourer", "orer"),
        ("tre", "ter"),
        ("ogue", "og"),
        ("ence", "ense"),
        ("amme", "am"),
        ("lled", "led"),
        ("lling", "ling"),
        ("lment", "llment"),
    ];
    let found = ENDS.iter().find_map(|(british, american)| {
        let stem = word.strip_suffix(british)?;
        (stem.len() >= 2).then(|| format!("{stem}{american}"))
    });
    match found {
        Some(word) => Cow::Owned(word),
        None => Cow::Borrowed(word),
    }
}

/// A word without accents, which English writes or leaves out, and with straight apostrophes.
fn plain_letters(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    word.nfd()
        .filter(|&c| !is_combining_mark(c))
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .collect()
}

/// The base of an irregular form, also behind a prefix: `withstand` of `withstood`.
fn irregular(word: &str) -> Option<String> {
    let base = |word: &str| {
        let found = IRREGULAR
            .iter()
            .find(|(_, forms)| forms.split(' ').any(|form| form == word))?;
        Some(found.0.to_owned())
    };
    base(word).or_else(|| compound(word, base))
}

/// What `of` says of the rest of a word behind a prefix, with the prefix.
fn compound(word: &str, of: impl Fn(&str) -> Option<String>) -> Option<String> {
    const PREFIXES: &[&str] = &[
        "re", "over", "with", "fore", "out", "mis", "under", "un", "up", "inter",
    ];
    PREFIXES.iter().find_map(|prefix| {
        let rest = word.strip_prefix(prefix)?;
        Some(format!("{prefix}{}", of(rest)?))
    })
}

/// Participles that look like their verb.
const PARTICIPLES: &[&str] = &[
    "beset",
    "bet",
    "broadcast",
    "burst",
    "cast",
    "come",
    "cost",
    "cut",
    "fit",
    "forecast",
    "hit",
    "hurt",
    "knit",
    "let",
    "offset",
    "overcome",
    "proofread",
    "put",
    "quit",
    "read",
    "rid",
    "run",
    "set",
    "shed",
    "shut",
    "split",
    "spread",
    "thrust",
];

/// English words whose forms no rule gives: each with its forms, and those that look like their
/// base left out.
const IRREGULAR: &[(&str, &str)] = &[
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("person", "people persons"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("life", "lives"),
    ("leaf", "leaves"),
    ("half", "halves"),
    ("wolf", "wolves"),
    ("shelf", "shelves"),
    ("knife", "knives"),
    ("wife", "wives"),
    ("thief", "thieves"),
    ("analysis", "analyses"),
    ("basis", "bases"),
    ("crisis", "crises"),
    ("thesis", "theses"),
    ("hypothesis", "hypotheses"),
    ("axis", "axes"),
    ("quiz", "quizzes quizzed quizzing"),
    ("ox", "oxen"),
    ("phenomenon", "phenomena"),
    ("criterion", "criteria"),
    ("medium", "media"),
    ("datum", "data"),
    ("bacterium", "bacteria"),
    ("chairman", "chairmen"),
    ("businessman", "businessmen"),
    ("spokesman", "spokesmen"),
    ("fisherman", "fishermen"),
    ("craftsman", "craftsmen"),
    ("salesman", "salesmen"),
    ("arise", "arose arisen"),
    ("be", "is are was were been being"),
    ("bear", "bore borne"),
    ("beat", "beaten"),
    ("become", "became"),
    ("begin", "began begun"),
    ("bend", "bent"),
    ("bind", "bound"),
    ("bite", "bit bitten"),
    ("bleed", "bled"),
    ("blow", "blew blown"),
    ("break", "broke broken"),
    ("breed", "bred"),
    ("bring", "brought"),
    ("build", "built"),
    ("burn", "burnt"),
    ("buy", "bought"),
    ("catch", "caught"),
    ("choose", "chose chosen"),
    ("cling", "clung"),
    ("come", "came"),
    ("creep", "crept"),
    ("deal", "dealt"),
    ("dig", "dug"),
    ("do", "did done does doing"),
    ("draw", "drew drawn"),
    ("drive", "drove driven"),
    ("dwell", "dwelt"),
    ("eat", "ate eaten"),
    ("fall", "fell fallen"),
    ("feed", "fed"),
    ("feel", "felt"),
    ("fight", "fought"),
    ("find", "found"),
    ("flee", "fled"),
    ("fling", "flung"),
    ("fly", "flew flown"),
    ("forbid", "forbade forbidden"),
    ("forget", "forgot forgotten"),
    ("forgive", "forgave forgiven"),
    ("forsake", "forsook forsaken"),
    ("freeze", "froze frozen"),
    ("get", "got gotten"),
    ("give", "gave given"),
    ("go", "went gone goes going"),
    ("grind", "ground"),
    ("grow", "grew grown"),
    ("hang", "hung"),
    ("have", "has had"),
    ("hear", "heard"),
    ("hide", "hid hidden"),
    ("hold", "held"),
    ("keep", "kept"),
    ("kneel", "knelt"),
    ("know", "knew known"),
    ("lay", "laid"),
    ("lead", "led"),
    ("lean", "leant"),
    ("leap", "leapt"),
    ("learn", "learnt"),
    ("leave", "left"),
    ("lend", "lent"),
    ("lie", "lay lain lying"),
    ("light", "lit"),
    ("lose", "lost"),
    ("make", "made"),
    ("mean", "meant"),
    ("meet", "met"),
    ("overcome", "overcame"),
    ("pay", "paid"),
    ("prove", "proven"),
    ("ride", "rode ridden"),
    ("ring", "rang rung"),
    ("rise", "rose risen"),
    ("run", "ran"),
    ("say", "said"),
    ("see", "saw seen"),
    ("seek", "sought"),
    ("sell", "sold"),
    ("send", "sent"),
    ("sew", "sewn"),
    ("shake", "shook shaken"),
    ("shine", "shone"),
    ("shoot", "shot"),
    ("show", "shown"),
    ("shrink", "shrank shrunk"),
    ("sing", "sang sung"),
    ("sink", "sank sunk"),
    ("sit", "sat"),
    ("sleep", "slept"),
    ("slide", "slid"),
    ("sow", "sown"),
    ("speak", "spoke spoken"),
    ("spend", "spent"),
    ("spin", "spun"),
    ("spring", "sprang sprung"),
    ("stand", "stood"),
    ("steal", "stole stolen"),
    ("stick", "stuck"),
    ("sting", "stung"),
    ("strike", "struck stricken"),
    ("strive", "strove striven"),
    ("swear", "swore sworn"),
    ("sweep", "swept"),
    ("swell", "swollen"),
    ("swim", "swam swum"),
    ("swing", "swung"),
    ("take", "took taken"),
    ("teach", "taught"),
    ("tear", "tore torn"),
    ("tell", "told"),
    ("think", "thought"),
    ("throw", "threw thrown"),
    ("tread", "trod trodden"),
    ("undergo", "underwent undergone"),
    ("understand", "understood"),
    ("undertake", "undertook undertaken"),
    ("uphold", "upheld"),
    ("wake", "woke woken"),
    ("wear", "wore worn"),
    ("weave", "wove woven"),
    ("weep", "wept"),
    ("win", "won"),
    ("wind", "wound"),
    ("withdraw", "withdrew withdrawn"),
    ("write", "wrote written"),
];
