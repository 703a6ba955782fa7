//! Sentences of Chinese text.
//!
//! A sentence ends with 。！？ or ……, and takes the quotes and brackets that close there with it;
//! `；：` do not end one. Stops inside a quotation count as well. Where a quotation that nothing
//! introduced has just closed, what follows says who spoke (“……。”某某说，……) and stays with its last
//! sentence. A quotation that began in mid-sentence is part of that sentence, whatever stop it
//! ends with.

use crate::script;

/// A quotation or bracket that is open.
struct Open {
    mark: char,
    /// How the sentence stood when it opened.
    place: Place,
}

/// Where a quotation began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of a sentence: who speaks is said after it, if at all.
    Start,
    /// After a colon or a verb of speech: who speaks has been said.
    Introduced,
    /// In mid-sentence: a word, a title, a phrase.
    Inside,
}

/// Openings of a sentence that never say who spoke: adverbials of time, place and order.
const OPENERS: &[&str] = &[
    "目前",
    "近日",
    "日前",
    "同时",
    "此外",
    "另外",
    "其中",
    "今年",
    "去年",
    "当前",
    "如今",
    "现在",
    "当天",
    "当日",
    "昨天",
    "昨日",
    "今天",
    "今日",
    "随后",
    "随着",
    "然而",
    "但是",
    "不过",
    "因此",
    "所以",
    "于是",
    "对此",
    "为此",
    "据",
    "截至",
    "近年来",
    "近年",
    "为了",
    "根据",
    "按照",
    "在",
    "从",
    "当",
    "自",
    "虽然",
    "尽管",
    "如果",
    "首先",
    "其次",
    "最后",
    "接着",
    "这",
    "那",
    "该",
    "而",
    "但",
    "由于",
    "通过",
    "經過",
    "目前",
    "同時",
    "據",
    "從",
    "當",
    "這",
    "為",
    "对于",
    "至此",
    "就在",
    "早在",
    "每",
    "此",
    "与此",
    "以",
    "走进",
    "来到",
    "有了",
    "经过",
    "正是",
    "一边",
    "围绕",
];

/// Verbs of speech and what stands for them, before a quotation or after it.
const SPEECH: &[&str] = &[
    "说", "說", "表示", "指出", "强调", "強調", "介绍", "介紹", "告诉", "告訴", "认为", "認為",
    "坦言", "直言", "称", "稱", "讲", "講", "道", "问", "問", "答", "回忆", "回憶", "感叹", "感慨",
    "解释", "透露", "写道", "提出", "要求", "呼吁", "宣布", "补充", "回答", "总结", "笑", "喊",
    "谈", "提到", "话",
];

pub(super) fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // Where the current sentence begins.
    let mut start = 0;
    // Whether the sentence has nothing yet but openers and a dash.
    let mut fresh = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if script::is_opener(c) {
            open.push(Open {
                mark: c,
                place: if fresh {
                    Place::Start
                } else {
                    place(last_clauses(&text[start..at]))
                },
            });
            continue;
        }
        fresh &= c == '—' || c.is_whitespace();
        if script::is_closer(c) {
            close(&mut open, c);
            continue;
        }
        let Some(mut end) = stop(text, at, c) else {
            continue;
        };
        // Closing marks after the stop go with it.
        let mut closed: Option<Open> = None;
        while let Some(closer) = text[end..].chars().next() {
            if !script::is_closer(closer) {
                break;
            }
            if let Some(opened) = close(&mut open, closer) {
                closed = Some(opened);
            }
            end += closer.len_utf8();
            // A further stop: “……！”。
            if let Some(more) = text[end..].chars().next()
                && let Some(further) = stop(text, end, more)
            {
                end = further;
            }
        }
        while chars.next_if(|&(at, _)| at < end).is_some() {}
        let rest = &text[end..];
        let blank = rest.len() - rest.trim_start().len();
        let after = &rest[blank..];
        if after.is_empty() {
            break;
        }
        if goes_on(after, closed.as_ref(), c) {
            continue;
        }
        cuts.push(end + blank);
        start = end + blank;
        fresh = true;
        while chars.next_if(|&(at, _)| at < end + blank).is_some() {}
    }
    cuts
}

/// The end of the stop that begins at `at` with `c`, all marks of a run taken together; none where
/// `c` ends no sentence.
fn stop(text: &str, at: usize, c: char) -> Option<usize> {
    let rest = &text[at..];
    let run = |is: fn(char) -> bool| -> usize {
        rest.chars()
            .take_while(|&c| is(c))
            .map(char::len_utf8)
            .sum()
    };
    match c {
        '。' | '！' | '？' | '!' | '?' | '｡' => {
            let length = run(|c| matches!(c, '。' | '！' | '？' | '!' | '?' | '｡' | '…'));
            // ASCII marks end a sentence before Han, a blank or a closing mark only.
            if matches!(c, '!' | '?')
                && rest[length..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
            {
                return None;
            }
            Some(at + length)
        }
        '…' => {
            let length = run(|c| matches!(c, '…' | '。' | '！' | '？'));
            (length > c.len_utf8()).then_some(at + length)
        }
        _ => None,
    }
}

/// Takes the innermost open mark that `closer` closes off the stack, with what it left open.
fn close(open: &mut Vec<Open>, closer: char) -> Option<Open> {
    let opener = match closer {
        '”' => '“',
        '’' => '‘',
        '」' => '「',
        '』' => '『',
        '）' => '（',
        ')' => '(',
        '》' => '《',
        '〉' => '〈',
        '】' => '【',
        '〕' => '〔',
        ']' => '[',
        '］' => '［',
        '}' => '{',
        '｝' => '｛',
        '〗' => '〖',
        _ => return None,
    };
    // Few marks nest: a stray closer must not search a million open ones.
    let from = open.len().saturating_sub(8);
    let at = from + open[from..].iter().rposition(|open| open.mark == opener)?;
    open.truncate(at + 1);
    open.pop()
}

/// The end of a text, long enough for the clause that introduces a quotation.
fn last_clauses(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(300))..]
}

fn place(before: &str) -> Place {
    let before = before.trim_end();
    let Some(last) = before.chars().next_back() else {
        return Place::Start;
    };
    if matches!(last, '：' | ':') {
        return Place::Introduced;
    }
    let clause = before.trim_end_matches(['，', ',']);
    if SPEECH.iter().any(|verb| clause.ends_with(verb)) {
        return Place::Introduced;
    }
    if matches!(last, '，' | ',') {
        let from = clause.rfind(['，', ',', '。', '；']).map_or(0, |at| at);
        if SPEECH.iter().any(|verb| clause[from..].contains(verb)) {
            return Place::Introduced;
        }
    }
    Place::Inside
}

/// Whether the sentence goes on in `after` although a stop stands before it.
fn goes_on(after: &str, closed: Option<&Open>, stop: char) -> bool {
    let Some(first) = after.chars().next() else {
        return true;
    };
    if matches!(first, '，' | ',' | '、' | '；' | '：' | '—' | '～') && !after.starts_with("——")
    {
        return true;
    }
    let Some(closed) = closed else {
        return false;
    };
    if script::is_opener(first) && first != '（' {
        return false;
    }
    let is_quote = matches!(closed.mark, '“' | '‘' | '「' | '『');
    match closed.place {
        Place::Inside => !is_quote || stop != '。' || !begins_sentence(after),
        Place::Start if is_quote => says_who(after),
        Place::Introduced | Place::Start => false,
    }
}

fn begins_sentence(after: &str) -> bool {
    OPENERS.iter().any(|opener| after.starts_with(opener))
}

/// Whether what follows an unintroduced quotation says who spoke.
fn says_who(after: &str) -> bool {
    let end = after.find(['。', '！', '？']).unwrap_or(after.len());
    let sentence = &after[..end];
    let clause = &sentence[..sentence.find(['，', ',']).unwrap_or(sentence.len())];
    if begins_sentence(after) {
        return false;
    }
    SPEECH.iter().any(|verb| clause.contains(verb)) || sentence.chars().take(61).count() <= 60
}
