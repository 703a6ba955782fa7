//! The few words that a book says of itself, in its reader's language.

use crate::model::Lang;

/// Words in one language. English stands in for languages that are not listed.
pub(super) struct Phrases {
    pub contents: &'static str,
    pub cover: &'static str,
    pub landmarks: &'static str,
    pub start: &'static str,
    pub about: &'static str,
    pub missing: &'static str,
    pub source_text: &'static str,
    pub published: &'static str,
    pub publisher: &'static str,
    pub rights: &'static str,
    pub list_separator: &'static str,
    pub accessibility: &'static str,
}

const ENGLISH: Phrases = Phrases {
    contents: "Contents",
    cover: "Cover",
    landmarks: "Landmarks",
    start: "Start of text",
    about: "About this book",
    missing: "[Not yet translated.]",
    source_text: "Source text",
    published: "Published",
    publisher: "Publisher",
    rights: "Rights",
    list_separator: ", ",
    accessibility: "Text with headings, a table of contents and a marked language for every \
                    paragraph; the cover is the only image and has a text alternative.",
};

const CHINESE: Phrases = Phrases {
    contents: "目录",
    cover: "封面",
    landmarks: "导览",
    start: "正文",
    about: "关于本书",
    missing: "［尚无译文］",
    source_text: "原文",
    published: "刊发日期",
    publisher: "出版",
    rights: "权利",
    list_separator: "、",
    accessibility: "全书为带标题层级和目录的文本，每段均标明语言；仅封面为图像，并附文字说明。",
};

impl Phrases {
    pub(super) fn of(lang: &Lang) -> &'static Self {
        if lang.is_simplified_chinese() {
            &CHINESE
        } else {
            &ENGLISH
        }
    }

    /// Whether these are the language's own words.
    pub(super) fn speaks(lang: &Lang) -> bool {
        lang.is_simplified_chinese() || lang.primary() == "en"
    }
}

/// The language whose words are used for a reader of `lang`.
pub(super) fn spoken(lang: &Lang) -> Lang {
    if Phrases::speaks(lang) {
        return lang.clone();
    }
    #[expect(clippy::expect_used, reason = "en is a language tag")]
    "en".parse().expect("en is a language tag")
}
