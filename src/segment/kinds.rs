//! What part a paragraph plays.

use super::credits;
use crate::model::{BlockKind, Passage, Position, is_code_block};
use crate::note_mark;
use crate::pattern::Pattern;
use crate::press::FOLIO;
use crate::script;

/// A block's kind and level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: BlockKind,
    pub(super) level: Option<u8>,
    pub(super) position: Option<Position>,
}

impl Part {
    fn new(kind: BlockKind) -> Self {
        let level = (kind == BlockKind::Heading).then_some(2);
        Self {
            kind,
            level,
            position: None,
        }
    }

    /// Titles, headings and bylines are one sentence whatever marks they hold.
    pub(super) fn is_one_sentence(self) -> bool {
        matches!(
            self.kind,
            BlockKind::Title
                | BlockKind::Kicker
                | BlockKind::Heading
                | BlockKind::Byline
                | BlockKind::Figure
        )
    }
}

/// What a paragraph looks like by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Running text.
    Prose,
    /// A short line without a stop: a headline, a heading, a fragment.
    Display,
    /// Who wrote it.
    Byline,
    /// An item of a list.
    Item,
    /// The text of a picture, or its credit.
    Caption,
    /// A source line, a responsible editor, an editors' note.
    Note,
}

/// The longest headline, in characters. Chinese newspapers rarely set one of more than thirty;
/// web headlines carry a site's name.
const LONGEST_HEADLINE: usize = 45;
/// The longest heading within an article.
const LONGEST_HEADING: usize = 28;

static BYLINE: Pattern = Pattern::new(concat!(
    r"^[/／|｜■□●◎【〔（(\[]*\s*(?:",
    // 河口日报记者 陈小雨, 本报记者 甲 乙, 记者：甲, 通讯员 甲
    r"[^，。；！？]{0,24}(?:记者|記者|通讯员|通訊員|特派员|实习生|特约撰稿人?|评论员|撰稿人?)",
    r"[\s:：/／]+[^，。！？]{0,50}",
    // 新华社记者刘芳、赵一: the names follow at once, and an outlet or nothing goes before.
    r"|(?:[\p{Han}·]{1,12}(?:报|報|社|网|網|台|刊|端|媒体|首席|特派|实习|见习))?",
    r"(?:记者|記者|通讯员|通訊員)[\p{Han}·]{2,4}",
    r"(?:[、\s]+(?:记者|記者|通讯员|通訊員|摄影)?[\p{Han}·]{2,4})*",
    // 文/甲 图/乙, 作者：甲, 撰文 甲
    r"|(?:文|撰文|作者|编译|编辑|译者|口述|整理|采写|图文|文字|文图)\s*[/／:：|｜\s]\s*[^，。！？]{1,40}",
    // □甲 乙, 图/甲
    r"|(?:^|□|■|◎)(?:图|圖|摄影)\s*[/／|｜]\s*[\p{Han}·]{2,4}",
    // By A Writer
    r"|(?i:by)\s+[A-Z][^.!?]{1,60}",
    r")[】〕）)\]]*$"
));

/// □甲 乙: a mark and names.
static SIGNED: Pattern = Pattern::new(r"^[□■◎◇]\s*[\p{Han}·]{2,4}(?:[\s、]+[\p{Han}·]{2,4}){0,4}$");

/// What minutes say before their text.
static MINUTES: Pattern = Pattern::new(
    r"^(?:会议|會議)?(?:时间|時間|地点|地點|出席|列席|缺席|请假|主持|主持人|记录|记录人|參加|参加|议题)(?:人员|人員|人)?\s*[:：][^。！？]{1,60}$",
);

static DATELINE: Pattern = Pattern::new(concat!(
    r"^(?:【[^】]{0,20}】\s*)?(?:",
    r"(?:新华社|新華社|中新社|中新网|中央社|本报|本報|本刊|本网|[\p{Han}·]{2,12}(?:社|报|報|网|網|讯|客户端))",
    r"[^，。；！？]{0,24}?(?:电|電|讯|訊)(?:\s*[（(\s]|$|[\p{Han}])",
    r")"
));

static CAPTION: Pattern = Pattern::new(concat!(
    r"^(?:图[为：:①-⑳\d一二三四]|圖[為：:]|[▲△↑↓▼]|上图|下图|左图|右图|资料图|資料圖|配图|题图)",
    r"|(?:记者|通讯员|新华社|摄影|中新社|資料)?[^。]{0,12}[\s（(/／](?:摄|摄影|攝|供图|图|資料照片)[）)]?$",
    r"|(?:摄影|攝影|供图|图片来源|图源|制图)[:：/／\s]?[^，。]{1,20}$"
));

static NOTE: Pattern = Pattern::new(concat!(
    r"^[（(\[【]?\s*(?:来源|來源|原标题|原題|原文|责任编辑|責任編輯|责编|編輯|编辑|校对|审核|监制|版权|",
    r"编者按|编者注|注|附记|转载|摘自|链接|网址|发布时间|时间|日期|字号|编审|值班编委|统筹)\s*[:：/／]",
    r"|^[（(【]?(?:完|待续|编者按|下转|上接|本文|版权声明)[^。]{0,20}[）)】]$",
    // The links around an article on a web page.
    r"|^(?:上一篇|下一篇|上一页|下一页|上一条|下一条|分享到|分享至|相关链接|相关阅读)\s*[:：]",
    r"|^[^|｜，。！？]{1,20}(?:[|｜][^|｜，。！？]{1,20}){2,}$",
    r"|^(?:\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?)(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:来源[:：].*)?$"
));

static ITEM: Pattern = Pattern::new(
    // A hyphen is a bullet where a blank follows it: "- 第一项".
    r"^(?:——|—|[-*+–]\s|[•·●■◆▲★○※▪]|[①-⑳⑴-⒇㈠-㈩]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?:[^\d]|$)|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[，、：])",
);

/// Text longer than this, in bytes, is prose: no pattern need look at it.
const LONGEST_LINE: usize = 400;

/// Whether a note says when and where the article was published, as it stands above its text.
pub(super) fn is_imprint(text: &str) -> bool {
    text.len() <= LONGEST_LINE
        && (text.starts_with(|c: char| c.is_ascii_digit())
            || ["来源", "來源", "发布时间", "时间", "日期"]
                .iter()
                .any(|label| text.starts_with(label)))
}

/// Whether a note closes an article: its editor, （完）.
pub(super) fn closes(text: &str) -> bool {
    let bare = text.trim_start_matches(['（', '(', '[', '【']);
    [
        "责任编辑",
        "責任編輯",
        "责编",
        "编辑",
        "編輯",
        "校对",
        "审核",
        "编审",
        "值班编委",
        "完）",
        "完)",
    ]
    .iter()
    .any(|label| bare.starts_with(label))
}

/// Whether a paragraph opens with a dateline (新华社北京7月1日电).
pub(super) fn opens_with_dateline(text: &str) -> bool {
    DATELINE.is_match(&text[..text.floor_char_boundary(LONGEST_LINE)])
}

pub(super) fn shape(passage: &Passage) -> Shape {
    let text = passage.text.as_str();
    if is_code_block(&passage.codes) {
        return Shape::Prose;
    }
    if let Some(role) = passage.role {
        match role.kind {
            BlockKind::Title | BlockKind::Heading | BlockKind::Kicker | BlockKind::Standfirst => {
                return Shape::Display;
            }
            BlockKind::Byline => return Shape::Byline,
            BlockKind::ListItem => return Shape::Item,
            BlockKind::Caption | BlockKind::Figure => return Shape::Caption,
            BlockKind::Note => return Shape::Note,
            BlockKind::Quote | BlockKind::Table => return Shape::Prose,
            BlockKind::Paragraph => {}
        }
    }
    if text.len() > LONGEST_LINE {
        return if ITEM.is_match(&text[..text.floor_char_boundary(60)]) {
            Shape::Item
        } else {
            Shape::Prose
        };
    }
    let stop = ends_with_stop(note_mark::stripped(text, &passage.codes));
    let length = text.chars().count();
    if NOTE.is_match(text) || !stop && (FOLIO.is_match(text) || MINUTES.is_match(text)) {
        Shape::Note
    } else if !stop && (BYLINE.is_match(text) || SIGNED.is_match(text))
        || credits::is_signature(text)
    {
        Shape::Byline
    } else if length <= 80 && CAPTION.is_match(text) {
        Shape::Caption
    } else if ITEM.is_match(text) && (stop || length > LONGEST_HEADING) {
        Shape::Item
    } else if stop && !is_exclamation(text)
        || length > LONGEST_HEADLINE
        || has_columns(text)
        || opens_with_dateline(text)
    {
        Shape::Prose
    } else {
        Shape::Display
    }
}

/// A short line with a number or mark may be a heading; two such lines in a row are a list, and so
/// is a line that a bullet opens.
fn mark_runs_of_items(passages: &[Passage], shapes: &mut [Shape]) {
    let marked = |i: usize| {
        passages.get(i).is_some_and(|passage| {
            passage.role.is_none()
                && ITEM.is_match(&passage.text[..passage.text.floor_char_boundary(60)])
        })
    };
    let was: Vec<Shape> = shapes.to_vec();
    let is_item = |i: usize| marked(i) && matches!(was[i], Shape::Display | Shape::Item);
    for i in 0..shapes.len() {
        let bullet = passages[i].role.is_none()
            && passages[i]
                .text
                .starts_with(['-', '*', '+', '•', '●', '■', '◆'])
            && marked(i);
        let in_run =
            is_item(i) && ((i > 0 && is_item(i - 1)) || (i + 1 < was.len() && is_item(i + 1)));
        if was[i] == Shape::Display && (bullet || in_run) {
            shapes[i] = Shape::Item;
        }
    }
}

/// A headline may end with `！` or `？`, and then has no other stop.
fn is_exclamation(text: &str) -> bool {
    let bare = text.trim_end_matches(script::is_closer);
    bare.ends_with(['！', '？', '!', '?'])
        && text.chars().filter(|&c| script::is_stop(c)).count() == 1
        && text.chars().count() <= LONGEST_HEADING
        && !text.starts_with(['“', '‘', '「', '—'])
        && !asks_or_answers(text)
        && !["说：“", "道：“", "问：“", "說：「", "道：「"]
            .iter()
            .any(|speech| text.contains(speech))
}

/// Whether a line of two columns of text was read as one: it has a wide gap, and marks.
fn has_columns(text: &str) -> bool {
    text.contains(['，', '。', '、', '；'])
        && text
            .split(|c: char| !c.is_whitespace())
            .any(|gap| gap.chars().count() >= 3)
}

/// 问：…, 答：…: an interview.
fn asks_or_answers(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('问' | '問' | '答')) && matches!(chars.next(), Some('：' | ':'))
}

fn ends_with_stop(text: &str) -> bool {
    let bare = text.trim_end_matches(|c| script::is_closer(c) || matches!(c, '"' | '\''));
    bare.ends_with(|c| script::is_stop(c) || matches!(c, '：' | ':' | '；'))
        || (bare.ends_with('.') && !bare.ends_with("No."))
}

/// The parts that an article's passages, which have these shapes, play.
pub(super) fn kinds(passages: &[Passage], shapes: &[Shape]) -> Vec<Part> {
    let mut shapes = shapes.to_vec();
    mark_runs_of_items(passages, &mut shapes);
    let head = shapes
        .iter()
        .position(|shape| matches!(shape, Shape::Prose | Shape::Item))
        .unwrap_or(shapes.len());
    let has_title = passages.iter().any(|passage| {
        passage
            .role
            .is_some_and(|role| role.kind == BlockKind::Title)
    });
    let title = (!has_title)
        .then(|| title_of(passages, &shapes[..head]))
        .flatten();
    passages
        .iter()
        .zip(&shapes)
        .enumerate()
        .map(|(i, (passage, shape))| {
            if let Some(role) = passage.role
                && role.kind != BlockKind::Paragraph
            {
                let level = role
                    .level
                    .or((role.kind == BlockKind::Heading).then_some(2));
                return Part {
                    kind: role.kind,
                    level,
                    position: role.position,
                };
            }
            if i < head
                && *shape == Shape::Display
                && title.is_some_and(|title| title < i)
                && credits::is_names(&passage.text)
            {
                return Part::new(BlockKind::Byline);
            }
            if i < head && *shape == Shape::Display {
                return Part::new(head_kind(passages, &shapes[..head], i, title));
            }
            let length = passage.text.chars().take(LONGEST_HEADING + 1).count();
            Part::new(match shape {
                Shape::Byline => BlockKind::Byline,
                Shape::Item => BlockKind::ListItem,
                Shape::Caption => BlockKind::Caption,
                Shape::Note => BlockKind::Note,
                Shape::Display if length <= LONGEST_HEADING && i + 1 < passages.len() => {
                    BlockKind::Heading
                }
                Shape::Display | Shape::Prose => BlockKind::Paragraph,
            })
        })
        .collect()
}

/// The headline among the lines above the text: the first that may be one, unless it only names a
/// column or a series, or ends with a colon, and a headline follows.
fn title_of(passages: &[Passage], head: &[Shape]) -> Option<usize> {
    let displays = || (0..head.len()).filter(|&i| head[i] == Shape::Display);
    let mut lines = displays().filter(|&i| may_be_headline(&passages[i].text));
    let Some(first) = lines.next() else {
        return displays().next();
    };
    let text = passages[first].text.as_str();
    match lines.next() {
        Some(second)
            if !passages[second].text.starts_with(['—', '-', '（', '('])
                && (names_a_section(text) && !names_a_section(&passages[second].text)
                    || names_a_column(text)
                        && !names_a_column(&passages[second].text)
                        && !is_cut_off(passages, second)) =>
        {
            Some(second)
        }
        _ => Some(first),
    }
}

/// Not a number alone.
fn may_be_headline(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether a line without a stop is the beginning of text whose line ends were kept: it has a
/// comma, and the text goes on right below it, where it stands apart from what is above.
fn is_cut_off(passages: &[Passage], i: usize) -> bool {
    let text = passages[i].text.as_str();
    text.contains(['，', '；'])
        && passages[i].blank_before > 0
        && (passages.get(i + 1)).is_some_and(|next| next.blank_before == 0)
}

/// What newspapers call their sections and series: no headline by itself.
fn names_a_section(text: &str) -> bool {
    const ENDS: [&str; 32] = [
        "报道", "報道", "要闻", "要聞", "新闻", "新聞", "时评", "評論", "评论", "论坛", "論壇",
        "专题", "专栏", "专版", "专刊", "专访", "聚焦", "观察", "关注", "头条", "社论", "特写",
        "访谈", "纪实", "连载", "副刊", "速递", "快讯", "简讯", "导读", "文摘", "短评",
    ];
    text.chars().count() <= 6 && ENDS.iter().any(|end| text.ends_with(end))
}

/// 【今日谈】, 时评, 人民论坛: what stands above a headline and is no headline.
fn names_a_column(text: &str) -> bool {
    let length = text.chars().count();
    length <= 6
        || (length <= 12
            && text.starts_with(['【', '［', '[', '■', '●', '“'])
            && text.ends_with(['】', '］', ']', '■', '●', '”']))
        || (length <= 20 && text.ends_with(['：', ':']))
}

/// The part of a short line above the text.
fn head_kind(passages: &[Passage], head: &[Shape], i: usize, title: Option<usize>) -> BlockKind {
    let Some(title) = title else {
        return if i == 0 {
            BlockKind::Kicker
        } else {
            BlockKind::Standfirst
        };
    };
    if i == title {
        return BlockKind::Title;
    }
    if i < title {
        return BlockKind::Kicker;
    }
    let dashed = |text: &str| text.starts_with('—');
    // The name of a series has a line of its own that explains it, set off by a dash.
    let explained = passages.get(i + 1).is_some_and(|next| dashed(&next.text))
        && head.get(i + 1) == Some(&Shape::Display);
    if explained && !dashed(&passages[i].text) {
        BlockKind::Kicker
    } else {
        BlockKind::Standfirst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in [
            &BYLINE, &SIGNED, &MINUTES, &DATELINE, &CAPTION, &NOTE, &ITEM,
        ] {
            pattern.compile();
        }
    }
}
