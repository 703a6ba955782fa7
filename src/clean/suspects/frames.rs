//! Adverbs that are read as a noun like them (己 for 已, 末 for 未), known by the verb that follows.

use super::Doubts;
use crate::script::is_han;

/// A character as read, what it may be, the verbs that show it, and what it belongs to when it
/// stands right before it.
const FRAMES: [(char, char, &str, &str); 2] = [
    (
        '己',
        '已',
        "在有经被成将是达到于完超基无能获建开投",
        "自知异利律克舍为由私各损排安非严待修唯体戊丁庚",
    ),
    (
        '末',
        '未',
        "有能曾必经见及免知被得完",
        "年月周季期纪本岁学最始夏秋冬春元朝清明宋唐代段句篇尾文章毫旬晚日赛",
    ),
];

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    for (read, other, verbs, owners) in FRAMES {
        for (at, _) in text.match_indices(read) {
            let end = at + read.len_utf8();
            let Some(verb) = text[end..].chars().next().filter(|&c| verbs.contains(c)) else {
                continue;
            };
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| owners.contains(c) || !is_han(c) && c.is_alphanumeric()) {
                continue;
            }
            doubts.raise(
                at..end + verb.len_utf8(),
                "ocr.lookalike",
                Some(format!("{other}{verb}")),
                0.8,
                format!("{read} may be {other}: a verb follows"),
            );
        }
    }
}
