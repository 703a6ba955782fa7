//! A count that contradicts what it counts: 甲、乙和丙四个.

use super::Doubts;
use crate::script::is_han;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    let mut start = 0;
    for part in text.split_inclusive(['，', '。', '；', '：', '“', '”', '（', '）', '！', '？'])
    {
        clause(doubts, start, part);
        start += part.len();
    }
}

/// Counts what is listed right before a numeral and a measure.
fn clause(doubts: &mut Doubts<'_>, offset: usize, clause: &str) {
    if !clause.contains('、') || clause.len() > 400 {
        return;
    }
    // The list is short items set off by 、, the last perhaps by 和 or 及; 等 leaves it open.
    let items: Vec<&str> = clause.split('、').collect();
    let Some(last) = items.last() else { return };
    let Some((numeral_at, numeral, count)) = numeral(last) else {
        return;
    };
    let name = &last[..numeral_at];
    if name.contains('等') || name.is_empty() {
        return;
    }
    let short = |item: &str| (1..=6).contains(&item.chars().count()) && item.chars().all(is_han);
    let middle = items.len().saturating_sub(1);
    // The first item may have words before it: only its end belongs to the list.
    let even = items.get(1..middle).unwrap_or_default();
    let split: Vec<&str> = name.split(['和', '及', '与']).collect();
    if !even.iter().all(|item| short(item))
        || !split.iter().all(|item| short(item))
        || items.len() + split.len() < 4
    {
        return;
    }
    let listed = items.len() - 1 + split.len();
    if listed != count {
        let at = offset + clause.len() - last.len() + numeral_at;
        doubts.raise(
            at..at + numeral.len(),
            "number.count",
            None,
            0.4,
            format!("{listed} are listed before it: the count or the list may be misread"),
        );
    }
}

/// A numeral with a measure in a clause: where it begins, the numeral, and its value.
fn numeral(text: &str) -> Option<(usize, &str, usize)> {
    const NUMERALS: [(char, usize); 10] = [
        ('两', 2),
        ('二', 2),
        ('三', 3),
        ('四', 4),
        ('五', 5),
        ('六', 6),
        ('七', 7),
        ('八', 8),
        ('九', 9),
        ('十', 10),
    ];
    for (at, c) in text.char_indices() {
        let Some(&(_, value)) = NUMERALS.iter().find(|(numeral, _)| *numeral == c) else {
            continue;
        };
        let after = &text[at + c.len_utf8()..];
        let measure = [
            "个", "项", "家", "名", "位", "种", "类", "地", "市", "省", "县", "国", "方面", "大",
        ];
        let plain = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !"第十百千万初周期".contains(c));
        if plain && at > 0 && measure.iter().any(|measure| after.starts_with(measure)) {
            return Some((at, &text[at..at + c.len_utf8()], value));
        }
    }
    None
}
