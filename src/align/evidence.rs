//! Reads both texts and gathers what is known beforehand about which word renders which.

use rustc_hash::FxHashSet;

use super::AlignOptions;
use super::english;
use super::lexicon::Listed;
use super::romanization;
use super::tokens::{self, Side};
use super::words::Words;
use crate::model::Lang;

/// The two texts and the listed translations.
pub(super) struct Evidence {
    pub source: Side,
    pub target: Side,
    pub listed: Listed,
    /// Pairs of sentences from the memory, as types of the two texts.
    pub memory: Vec<(Vec<u32>, Vec<u32>)>,
}

/// The commonest Chinese surnames, which alone are told by one syllable.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘\
    袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史\
    陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸韋賈鄒\
    閻龍賀顧龔萬錢嚴湯";

/// Gathers the evidence.
pub(super) fn gather(
    source: &[Vec<String>],
    target: &[Vec<String>],
    options: &AlignOptions<'_>,
) -> Evidence {
    let chinese_english = |a: &Lang, b: &Lang| a.is_chinese() && b.primary() == "en";
    let forward = chinese_english(&options.source, &options.target);
    let backward = chinese_english(&options.target, &options.source);
    let source_side = read_first(source, &options.source);
    let target_side = read_first(target, &options.target);

    let mut own = OwnWords::default();
    let source_side = source_side.unwrap_or_else(|| {
        let words = own.of(source, options, forward, true, target_side.as_ref());
        tokens::read_unspaced(source, &options.source, &words)
    });
    let target_side = target_side.unwrap_or_else(|| {
        let words = own.of(target, options, backward, false, Some(&source_side));
        tokens::read_unspaced(target, &options.target, &words)
    });

    let mut listed = Listed::default();
    list_same(&source_side, &target_side, &mut listed);
    if forward || backward {
        let words = Words {
            chinese: true,
            dictionary: options.dictionary,
            own: FxHashSet::default(),
        };
        let (chinese, english) = if forward {
            (&source_side, &target_side)
        } else {
            (&target_side, &source_side)
        };
        let mut add = |z: u32, e: u32, weight: f32| {
            if forward {
                listed.add(z, e, weight);
            } else {
                listed.add(e, z, weight);
            }
        };
        for &(ref name, e, weight) in &own.names {
            if let Some(z) = chinese.find(name) {
                add(z, e, weight);
            }
        }
        let mut unused = Vec::new();
        for (z, word) in (0_u32..).zip(&chinese.types) {
            if word.starts_with(|c: char| !tokens::is_ideographic(c)) {
                continue;
            }
            for (stem, weight) in words.english_of(word) {
                match english.find(&stem) {
                    Some(e) => add(z, e, weight),
                    None => unused.push((z, weight)),
                }
            }
        }
        if forward {
            for (z, weight) in unused {
                listed.add_unused(z, weight);
            }
        }
    }
    let (source_terms, target_terms): (Vec<&str>, Vec<&str>) = both(&options.terms);
    let source_terms = types_of(&source_side, &source_terms, &options.source, &own, options);
    let target_terms = types_of(&target_side, &target_terms, &options.target, &own, options);
    for (s, t) in source_terms.iter().zip(&target_terms) {
        #[expect(clippy::cast_precision_loss, reason = "words of a term")]
        let weight = 2.0 / (s.len().max(1) as f32);
        for &s in s {
            for &t in t {
                listed.add(s, t, weight);
            }
        }
    }
    let (sources, targets): (Vec<&str>, Vec<&str>) = both(&options.memory);
    let sources = types_of(&source_side, &sources, &options.source, &own, options);
    let targets = types_of(&target_side, &targets, &options.target, &own, options);
    let memory = sources
        .into_iter()
        .zip(targets)
        .filter(|(s, t)| !s.is_empty() && !t.is_empty())
        .collect();
    Evidence {
        source: source_side,
        target: target_side,
        listed,
        memory,
    }
}

fn read_first(text: &[Vec<String>], lang: &Lang) -> Option<Side> {
    lang.separates_with_spaces()
        .then(|| tokens::read_spaced(text, lang))
}

fn both(pairs: &[(String, String)]) -> (Vec<&str>, Vec<&str>) {
    pairs
        .iter()
        .map(|(source, target)| (source.as_str(), target.as_str()))
        .unzip()
}

/// For each of the texts, the types of its words that occur in this side.
fn types_of(
    side: &Side,
    texts: &[&str],
    lang: &Lang,
    own: &OwnWords,
    options: &AlignOptions<'_>,
) -> Vec<Vec<u32>> {
    let sentences = [texts.iter().map(|&text| text.to_owned()).collect()];
    let read = if lang.separates_with_spaces() {
        tokens::read_spaced(&sentences, lang)
    } else {
        let words = Words {
            chinese: lang.is_chinese(),
            dictionary: options.dictionary,
            own: own.words.clone(),
        };
        tokens::read_unspaced(&sentences, lang, &words)
    };
    let known: Vec<Option<u32>> = read.types.iter().map(|word| side.find(word)).collect();
    read.sentences
        .iter()
        .map(|sentence| {
            let types = sentence.tokens.iter();
            types.filter_map(|&word| known[word as usize]).collect()
        })
        .collect()
}

/// What the text itself and the options add to the words that it is cut into.
#[derive(Default)]
struct OwnWords {
    words: FxHashSet<String>,
    /// Chinese strings that spell an English type, and how telling that is.
    names: Vec<(String, u32, f32)>,
}

impl OwnWords {
    fn of<'d>(
        &mut self,
        text: &[Vec<String>],
        options: &AlignOptions<'d>,
        with_english: bool,
        is_source: bool,
        other: Option<&Side>,
    ) -> Words<'d> {
        self.words.extend(tokens::repeated_strings(text));
        self.words.extend(
            options
                .terms
                .iter()
                .map(|(s, t)| if is_source { s } else { t }.clone())
                .filter(|term| term.chars().all(tokens::is_ideographic)),
        );
        if with_english && let Some(english) = other {
            self.add_names(text, english);
        }
        let chinese = if is_source {
            options.source.is_chinese()
        } else {
            options.target.is_chinese()
        };
        Words {
            chinese,
            dictionary: options.dictionary,
            own: self.words.clone(),
        }
    }

    fn add_names(&mut self, text: &[Vec<String>], english: &Side) {
        let names = english
            .names
            .iter()
            .filter(|&(_, &id)| english.capitals[id as usize] >= 0)
            .map(|(name, &id)| (name.as_str(), id));
        let mut names = romanization::Names::new(names);
        let mut seen = FxHashSet::default();
        for sentence in text.iter().flatten() {
            for (string, id) in names.find(sentence) {
                if !seen.insert((string, id)) {
                    continue;
                }
                let mut characters = string.chars();
                let single = characters.next().is_some() && characters.next().is_none();
                let weight = if !single {
                    2.0
                } else if SURNAMES.contains(string) && english.capitals[id as usize] > 0 {
                    0.8
                } else {
                    continue;
                };
                self.words.insert(string.to_owned());
                self.names.push((string.to_owned(), id, weight));
            }
        }
    }
}

/// Words, numbers and marks that are written the same on both sides.
fn list_same(source: &Side, target: &Side, listed: &mut Listed) {
    for (s, word) in (0_u32..).zip(&source.types) {
        let Some(t) = target.find(word) else {
            continue;
        };
        let weight = if word.starts_with('#') {
            2.0
        } else if word.chars().any(char::is_alphanumeric) {
            if word.chars().count() < 2 || english::is_function_word(word) {
                0.3
            } else {
                1.5
            }
        } else {
            0.9
        };
        listed.add(s, t, weight);
    }
}
