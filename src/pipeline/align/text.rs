//! One of the two texts, in sentences.

use std::path::Path;

use super::AlignFilesError;
use crate::clean::{CleanOptions, clean};
use crate::ingest::{IngestOptions, ingest};
use crate::model::{Article, Content, Lang};
use crate::segment::{SegmentOptions, segment};
use crate::workspace::read_file;

/// A text as paragraphs of sentences, none empty. Sentences are numbered from 0 through all paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The language.
    pub lang: Lang,
    /// All sentences.
    sentences: Vec<Content>,
    /// Behind how many sentences each paragraph ends; ascending.
    ends: Vec<usize>,
}

impl Text {
    /// Reads a file. The language is told by script where it is not given. With `lines`, each line
    /// is one sentence and blank lines end a paragraph; else the file is read, cleaned and cut
    /// into sentences as any source is.
    pub fn read(path: &Path, lang: Option<&Lang>, lines: bool) -> Result<Self, AlignFilesError> {
        let name = path.to_string_lossy();
        let bytes = read_file(path)?;
        if lines && let Ok(text) = std::str::from_utf8(&bytes) {
            return Ok(Self::of_lines(text, lang));
        }
        let document = ingest(&name, &bytes, &IngestOptions::default())?;
        drop(bytes);
        if lines {
            let mut text = String::new();
            for line in &document.lines {
                if line.blank_before > 0 {
                    text.push('\n');
                }
                text.push_str(&line.text);
                text.push('\n');
            }
            return Ok(Self::of_lines(&text, lang));
        }
        let lang = lang.cloned().unwrap_or_else(|| {
            let texts = document.lines.iter().map(|line| line.text.as_str());
            language_of(texts)
        });
        let mut options = CleanOptions::new(lang.clone());
        options.suspects = false;
        let cleaned = clean(document, &options);
        let articles = segment(cleaned, &SegmentOptions::new(&name, lang.clone()));
        Ok(Self::of_articles(lang, &articles))
    }

    /// Takes each line as a sentence.
    #[must_use]
    pub fn of_lines(text: &str, lang: Option<&Lang>) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lang = lang.cloned().unwrap_or_else(|| language_of(text.lines()));
        let mut sentences = Vec::new();
        let mut ends = Vec::new();
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.trim().is_empty() {
                ends.push(sentences.len());
            } else {
                sentences.push(Content::from_text(line));
            }
        }
        ends.push(sentences.len());
        Self::new(lang, sentences, ends)
    }

    fn new(lang: Lang, sentences: Vec<Content>, mut ends: Vec<usize>) -> Self {
        ends.retain(|&end| end > 0);
        ends.dedup();
        Self {
            lang,
            sentences,
            ends,
        }
    }

    /// The sentences of articles, each block a paragraph.
    #[must_use]
    pub fn of_articles(lang: Lang, articles: &[Article]) -> Self {
        let mut sentences = Vec::new();
        let mut ends = Vec::new();
        for block in articles.iter().flat_map(|article| &article.blocks) {
            sentences.extend(block.segments.iter().map(|segment| segment.source.clone()));
            ends.push(sentences.len());
        }
        Self::new(lang, sentences, ends)
    }

    /// The number of sentences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sentences.len()
    }

    /// Whether there is no sentence.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    /// All sentences as plain text, in paragraphs.
    #[must_use]
    pub fn strings(&self) -> Vec<Vec<String>> {
        let mut from = 0;
        self.ends
            .iter()
            .map(|&to| {
                let paragraph = &self.sentences[from..to];
                from = to;
                paragraph.iter().map(Content::text).collect()
            })
            .collect()
    }

    /// All sentences as plain text.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.sentences.iter().map(Content::text).collect()
    }

    /// What stands between two sentences of this language.
    #[must_use]
    pub fn space(&self) -> &'static str {
        if self.lang.separates_with_spaces() {
            " "
        } else {
            ""
        }
    }

    /// These sentences as one content.
    #[must_use]
    pub fn joined(&self, sentences: &[usize]) -> Content {
        let mut joined = Content::default();
        for sentence in sentences
            .iter()
            .filter_map(|&index| self.sentences.get(index))
        {
            if !joined.is_empty() {
                joined.push_text(self.space());
            }
            joined.extend(sentence);
        }
        joined
    }
}

/// The language that the script tells: Chinese, Japanese, Korean, Russian, Arabic; English for all
/// else.
fn language_of<'t>(texts: impl Iterator<Item = &'t str>) -> Lang {
    let (mut letters, mut han, mut kana, mut hangul, mut cyrillic, mut arabic) = (0, 0, 0, 0, 0, 0);
    for c in texts
        .flat_map(str::chars)
        .filter(|c| c.is_alphabetic())
        .take(50_000)
    {
        letters += 1;
        match c {
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => han += 1,
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            '\u{600}'..='\u{6ff}' => arabic += 1,
            _ => {}
        }
    }
    // A word of Chinese has few letters.
    let many = |count: i32| count * 6 > letters;
    let tag = if kana * 10 > letters {
        "ja"
    } else if many(han) {
        "zh-Hans"
    } else if many(hangul) {
        "ko"
    } else if many(cyrillic) {
        "ru"
    } else if many(arabic) {
        "ar"
    } else {
        "en"
    };
    #[expect(clippy::expect_used, reason = "the tags above are well formed")]
    tag.parse().expect("a literal tag is well formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_sentence_and_a_blank_line_ends_a_paragraph() {
        let text = Text::of_lines("\u{feff}甲。\r\n乙。\n\n \n丙。", None);
        assert_eq!(text.lang.to_string(), "zh-Hans");
        assert_eq!(text.strings(), [vec!["甲。", "乙。"], vec!["丙。"]]);
        assert_eq!(text.joined(&[0, 2]).text(), "甲。丙。");
    }

    #[test]
    fn the_script_tells_the_language() {
        for (text, tag) in [
            ("A 中 in English", "en"),
            ("对照 (duizhao)", "zh-Hans"),
            ("これは日本語", "ja"),
            ("한국어", "ko"),
            ("Привет", "ru"),
        ] {
            assert_eq!(Text::of_lines(text, None).lang.to_string(), tag, "{text}");
        }
    }
}
