//! Whether a line reads on in the next, judged by words and marks.

use super::lexicon::{self, Word};
use crate::script::{self, is_han};

/// How far into either line words are looked at, in characters.
const REACH: usize = 10;

/// Words that open a sentence, so that nothing before them is left open: conjunctions and
/// adverbials of time, order and source.
const OPENERS: &[&str] = &[
    "至此",
    "目前",
    "近日",
    "日前",
    "此次",
    "这次",
    "同时",
    "与此同时",
    "此外",
    "另外",
    "其中",
    "今年",
    "去年",
    "明年",
    "当前",
    "当下",
    "如今",
    "现在",
    "昨天",
    "昨日",
    "今天",
    "今日",
    "当天",
    "当日",
    "随后",
    "随着",
    "接着",
    "然而",
    "但是",
    "不过",
    "因此",
    "所以",
    "于是",
    "对此",
    "为此",
    "据",
    "据悉",
    "据了解",
    "据介绍",
    "截至",
    "自从",
    "近年来",
    "近年",
    "为了",
    "为",
    "根据",
    "按照",
    "在",
    "从",
    "当",
    "虽然",
    "尽管",
    "如果",
    "首先",
    "其次",
    "最后",
    "第一",
    "第二",
    "第三",
    "一是",
    "二是",
    "三是",
    "记者",
    "他",
    "她",
    "我们",
    "这",
    "该",
    "本报",
    "新华社",
    "对于",
    "关于",
    "通过",
    "经过",
    "针对",
    "围绕",
    "面对",
    "作为",
    "由于",
    "正如",
    "不仅",
    "未来",
    "下一步",
    "接下来",
    "今後",
    "此後",
    "據",
    "為",
    "從",
    "當",
    "這",
    "該",
    "對此",
    "為了",
    "同時",
];

/// Words after which a sentence must go on.
const HANGING: &[&str] = &[
    "的", "地", "得", "和", "与", "及", "以及", "或", "或者", "在", "对", "把", "被", "将", "向",
    "从", "以", "为", "于", "是", "有", "由", "使", "让", "给", "就", "并", "并且", "而", "但",
    "且", "也", "都", "还", "又", "很", "最", "更", "不", "没", "没有", "各", "每", "该", "这",
    "那", "其", "所", "因", "因为", "如", "如果", "若", "虽然", "通过", "关于", "根据", "按照",
    "與", "對", "將", "從", "為", "並", "還", "這",
];

/// Verbs that say nothing without an object: a sentence does not end with one.
const TRANSITIVE: &[&str] = &[
    "显示", "表示", "预计", "实现", "推动", "包括", "分为", "成为", "作为", "提供", "进行", "开展",
    "加强", "获得", "促进", "推进", "助力", "需要", "采用", "利用", "具有", "拥有", "围绕", "组织",
    "建设", "打造", "坚持", "提升", "带动", "确保", "导致", "引发", "达到", "超过", "称为", "位于",
    "来自", "属于", "涉及", "涵盖", "包含", "形成", "构建", "制定", "出台", "发布", "召开", "举办",
    "举行", "设立", "建立", "完善", "支持", "鼓励", "引导", "帮助", "加快", "坚守", "看到", "认为",
    "指出", "强调", "介绍", "发现", "揭示", "拟", "可", "能", "会", "应", "须", "需", "要", "获",
    "较", "經", "經過", "實現", "顯示", "預計", "推動", "提供", "進行", "開展", "加強",
];

/// Words that stand inside a clause and never open a sentence.
const INNER: &[&str] = &[
    "的", "地", "得", "了", "着", "过", "等", "则", "且", "就", "所", "也", "都", "又", "及",
    "以及", "和", "与", "或", "并", "并且", "中", "上", "下", "里", "内", "外", "后", "前", "时",
    "间", "之", "者", "们", "以上", "以下", "左右", "之间", "與", "將", "並", "裡", "後", "時",
    "們", "個", "為",
];

/// Measures and units that follow a figure.
const UNITS: &[char] = &[
    '年', '月', '日', '时', '分', '秒', '元', '万', '亿', '个', '家', '人', '名', '位', '项', '条',
    '件', '次', '倍', '点', '股', '只', '批', '台', '套', '座', '处', '所', '户', '吨', '米', '公',
    '平', '千', '百', '度', '届', '岁', '%', '.', '％', '億', '萬', '個', '項', '條', '時',
];

/// Whether a character is a measure or unit that follows a figure.
pub(super) fn is_unit(c: char) -> bool {
    UNITS.contains(&c)
}

/// Parts of speech (of jieba's dictionary) after which a sentence rarely ends.
fn goes_on_after(tag: &str) -> bool {
    matches!(
        tag,
        "d" | "ad" | "p" | "c" | "u" | "uj" | "ud" | "uv" | "b" | "r" | "m" | "df" | "dg"
    )
}

/// Parts of speech with which a sentence rarely begins.
fn reads_on_with(tag: &str) -> bool {
    matches!(
        tag,
        "v" | "vi" | "vd" | "u" | "uj" | "ul" | "uz" | "ug" | "f" | "k" | "q" | "y" | "zg" | "vq"
    )
}

/// What the marks, figures and letters at a seam say; `last` and `first` are the characters beside
/// it.
fn marks(before: &str, after: &str, last: char, first: char) -> i32 {
    let mut score = 0;
    if closes_what_is_open(before, after) {
        score += 3;
    }
    if matches!(
        last,
        '，' | '、' | ',' | '；' | ';' | '《' | '（' | '(' | '“'
    ) {
        score += 3;
    }
    if matches!(
        first,
        '，' | '。' | '、' | ',' | '；' | '：' | '）' | '》' | '！' | '？' | '%'
    ) {
        score += 3;
    }
    if last.is_ascii_alphanumeric() && (first.is_ascii_alphanumeric() || UNITS.contains(&first))
        || matches!(first, '.' | '%' | '％')
        || matches!(last, '.' | ',')
            && first.is_ascii_digit()
            && before[..before.len() - 1].ends_with(|c: char| c.is_ascii_digit())
    {
        score += 3;
    }
    if last == '-'
        && before[..before.len() - 1].ends_with(|c: char| c.is_alphabetic() && !is_han(c))
        && first.is_lowercase()
    {
        score += 4;
    }
    if cut_in_address(before, after) {
        score += 6;
    }
    if matches!(first, '(' | '（') && !starts_item(after) {
        score += 2;
    }
    if opens_with_dateline(after) {
        score -= 4;
    }
    if matches!(first, '"' | '“' | '「') && score == 0 {
        score -= 2;
    }
    score
}

/// Evidence that `before`, which ends without a stop, reads on in `after`: positive for, negative
/// against, in steps of which three are as good as proof.
pub(super) fn reads_on(before: &str, after: &str) -> i32 {
    let before = before.trim_end();
    let after = after.trim_start();
    if counts_with_hyphen(after) {
        return reads_on(before, &format!("一{}", &after[1..]));
    }
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return 0;
    };
    let mut score = marks(before, after, last, first);
    score += edges(before, after);
    if is_dateline(before) {
        score += 4;
    }
    if starts_item(after) {
        score -= 4;
    }
    if !is_han(last) {
        return score;
    }
    let tail = tail(before);
    let head = head(after);
    let joint = format!("{tail}{head}");
    let across = {
        let mut end = 0;
        lexicon::cut(&joint).into_iter().find(|word| {
            let start = end;
            end += word.text.len();
            start < tail.len() && end > tail.len()
        })
    };
    let Some(last_word) = lexicon::cut(tail).pop() else {
        return score;
    };
    if HANGING.contains(&last_word.text) || TRANSITIVE.contains(&last_word.text) {
        score += 2;
    } else if goes_on_after(last_word.tag()) {
        score += 1;
    }
    if first.is_ascii_digit() && last_word.tag().starts_with('v') {
        score += 2;
    }
    let Some(&first_word) = lexicon::cut(head).first() else {
        return score;
    };
    if let Some(word) = across {
        // A fragment on either side that only the other line makes a word of.
        let fragment = last_word.is_single() || first_word.is_single();
        score += if fragment { 3 } else { 1 };
        if word.text.chars().count() > 2 {
            score += 1;
        }
    } else if OPENERS.iter().any(|opener| after.starts_with(opener)) {
        score -= 3;
    }
    if INNER.contains(&first_word.text) {
        score += 2;
    } else if reads_on_with(first_word.tag()) {
        score += 1;
    } else if matches!(first_word.tag(), "nr" | "t" | "nt") {
        score -= 1;
    }
    score
}

/// Whether a hyphen at the beginning of a line is a misread 一: a measure follows (-个, -项), and not
/// a word that begins with its character (-项目).
pub(super) fn counts_with_hyphen(line: &str) -> bool {
    const MEASURES: &str = "个位名项群份轮批座场支笔股种件条家次张篇部段番";
    let Some(rest) = line.strip_prefix('-') else {
        return false;
    };
    let head = head(rest);
    rest.starts_with(|c| MEASURES.contains(c))
        && lexicon::cut(head).first().is_some_and(Word::is_single)
}

/// Whether a web or mail address is cut between these two.
pub(super) fn cut_in_address(before: &str, after: &str) -> bool {
    /// Far longer than any line.
    const MOST: usize = 200;
    let part = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '(' | ')');
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(MOST))..];
    let left = &near[near.trim_end_matches(part).len()..];
    let near = &after[..after.floor_char_boundary(MOST)];
    let right = &near[..near.len() - near.trim_start_matches(part).len()];
    if left.is_empty()
        || !right.starts_with(|c: char| c.is_ascii_alphanumeric() || "/?&=%_.-".contains(c))
    {
        return false;
    }
    if left.contains("://") || left.starts_with("www.") {
        return left.ends_with(['/', '-', '=', '&', '?', '_', '%', '.'])
            || right.contains(['/', '=', '?']);
    }
    let Some((user, host)) = left.rsplit_once('@') else {
        return false;
    };
    let rest = right.trim_end_matches(['.', ',', ';']);
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    !user.is_empty()
        && (!host.contains('.') || host.ends_with(['.', '-']))
        && (rest.contains('.') || host.ends_with('.'))
        && rest.chars().all(in_host)
}

/// Evidence of the clauses at the seam: one that is hardly begun, or of which only the end is
/// left, is half of one.
fn edges(before: &str, after: &str) -> i32 {
    const MARKS: [char; 11] = ['，', ',', '。', '；', ';', '、', '：', ':', '！', '？', '…'];
    let last = before.rsplit(MARKS).next().unwrap_or_default();
    let first = after.split(MARKS).next().unwrap_or_default();
    let mut score = 0;
    if last.len() < before.len() && last.chars().take(4).count() <= 3 {
        score += 1;
    }
    let opens = OPENERS.iter().any(|opener| first.starts_with(opener));
    if first.len() < after.len() && !opens && first.chars().take(4).count() <= 3 {
        score += 1;
    }
    score
}

/// The two characters on either side of the seam, if all are Han: where the document has them
/// together elsewhere, they belong together here.
pub(super) fn seam(before: &str, after: &str) -> Option<String> {
    let mut seam: Vec<char> = before.trim_end().chars().rev().take(2).collect();
    seam.reverse();
    seam.extend(after.trim_start().chars().take(2));
    (seam.len() == 4 && seam.iter().all(|&c| is_han(c))).then(|| seam.into_iter().collect())
}

fn tail(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take(REACH)
        .take_while(|&(_, c)| is_han(c))
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn head(text: &str) -> &str {
    let end = text
        .char_indices()
        .take(REACH)
        .take_while(|&(_, c)| is_han(c))
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    &text[..end]
}

/// Whether `after` closes a quotation or bracket that `before` leaves open.
fn closes_what_is_open(before: &str, after: &str) -> bool {
    const PAIRS: [(char, char); 8] = [
        ('“', '”'),
        ('‘', '’'),
        ('（', '）'),
        ('(', ')'),
        ('《', '》'),
        ('「', '」'),
        ('『', '』'),
        ('【', '】'),
    ];
    let opened = PAIRS.into_iter().any(|(open, close)| {
        before
            .chars()
            .rev()
            .find(|&c| c == open || c == close)
            .is_some_and(|c| c == open)
            && after
                .chars()
                .find(|&c| c == open || c == close)
                .is_some_and(|c| c == close)
    });
    // Straight quotes have no direction: an odd number on either side leaves one open.
    opened
        || ['"', '\''].into_iter().any(|quote| {
            before.matches(quote).count() % 2 == 1
                && after.matches(quote).count() % 2 == 1
                && !after.starts_with(quote)
        })
        || ['"', '\''].into_iter().any(|quote| {
            before.matches(quote).count() % 2 == 1
                && after
                    .strip_prefix(quote)
                    .is_some_and(|rest| rest.chars().next().is_some_and(script::is_cjk_or_mark))
                && after.matches(quote).count() % 2 == 1
        })
}

/// Who sends reports under a dateline.
const AGENCIES: [&str; 9] = [
    "新华社",
    "中新社",
    "中新网",
    "本报",
    "本刊",
    "本网",
    "新華社",
    "中央社",
    "人民网",
];

/// A dateline alone on its line (新华社北京7月1日电, 本报讯（记者…）): its paragraph follows.
pub(super) fn is_dateline(line: &str) -> bool {
    let line = line.trim();
    if line.chars().count() > 60 {
        return false;
    }
    let mut bare = line;
    if let Some(open) = line.rfind(['(', '（'])
        && line.ends_with([')', '）'])
    {
        bare = line[..open].trim_end();
    }
    let by_agency = AGENCIES.iter().any(|agency| bare.starts_with(agency));
    let dated = bare.contains('月') && bare.contains('日');
    bare.ends_with(['电', '讯', '電', '訊']) && (by_agency || dated)
}

/// Whether a line opens with a dateline (新华社北京7月1日电).
fn opens_with_dateline(line: &str) -> bool {
    let head: String = line.chars().take(24).collect();
    head.find(['电', '讯', '電', '訊']).is_some_and(|at| {
        head[..at].contains('日') && head[..at].contains('月') || head.starts_with("本报讯")
    })
}

/// Whether a line begins as an item of a list does, or as a byline or a rule.
#[expect(
    clippy::unnested_or_patterns,
    reason = "one pattern for each way of marking an item"
)]
pub(super) fn starts_item(line: &str) -> bool {
    let line = line.trim_start();
    if counts_with_hyphen(line) {
        return false;
    }
    let mut chars = line.chars();
    match (chars.next(), chars.next()) {
        (Some('1'..='9'), Some('.')) => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        (Some('-' | '—' | '–' | '―'), Some(_))
        | (Some('•' | '●' | '■' | '◆' | '▲' | '★' | '○' | '※' | '①'..='⑳' | '㈠'..='㈩'), _)
        | (
            Some('(' | '（'),
            Some('一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '1'..='9'),
        )
        | (
            Some('一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'),
            Some('、' | '.' | '．'),
        )
        | (Some('1'..='9'), Some('、' | '．'))
        | (Some('/' | '／'), _) => true,
        _ => false,
    }
}
