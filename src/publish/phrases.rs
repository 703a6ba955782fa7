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
    pub accessible_cover: &'static str,
    pub translation: &'static str,
    pub side_by_side: &'static str,
    pub stacked: &'static str,
    pub layout: &'static str,
    pub skip: &'static str,
    pub downloads: &'static str,
    pub articles: &'static str,
    pub search: &'static str,
    pub find: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub pages: &'static str,
    pub feeds: &'static str,
    pub bilingual: &'static str,
    pub translation_only: &'static str,
    pub source_only: &'static str,
    pub study: &'static str,
    pub interleaved: &'static str,
    pub partner: &'static str,
    pub none_found: &'static str,
    pub searching: &'static str,
    pub search_failed: &'static str,
    pub close: &'static str,
    pub more: &'static str,
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
                    paragraph.",
    accessible_cover: " The cover is the only image and has a text alternative.",
    translation: "Translation",
    side_by_side: "Side by side",
    stacked: "Stacked",
    layout: "Layout",
    skip: "Skip to the text",
    downloads: "Books to download",
    articles: "Articles",
    search: "Search both languages",
    find: "Find",
    previous: "Previous",
    next: "Next",
    pages: "Pages",
    feeds: "Catalogs and feeds",
    bilingual: "Bilingual, side by side",
    translation_only: "Translation only",
    source_only: "Source only",
    study: "Study edition, translation in notes",
    interleaved: "Bilingual, sentence by sentence",
    partner: "The same sentence in the other language",
    none_found: "Nothing was found.",
    searching: "Searching …",
    search_failed: "The search index could not be loaded.",
    close: "Close",
    more: "More",
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
    accessibility: "全书为带标题层级和目录的文本，每段均标明语言。",
    accessible_cover: "仅封面为图像，并附文字说明。",
    translation: "译文",
    side_by_side: "对照",
    stacked: "上下",
    layout: "版式",
    skip: "跳到正文",
    downloads: "下载图书",
    articles: "文章",
    search: "双语检索",
    find: "检索",
    previous: "上一篇",
    next: "下一篇",
    pages: "分页",
    feeds: "书目与订阅",
    bilingual: "双语对照版",
    translation_only: "译文版",
    source_only: "原文版",
    study: "研读版（译文在注释中）",
    interleaved: "逐句对照版",
    partner: "该句的另一种语言",
    none_found: "没有找到。",
    searching: "正在检索……",
    search_failed: "无法载入检索索引。",
    close: "关闭",
    more: "更多",
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
