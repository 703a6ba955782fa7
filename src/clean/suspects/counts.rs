//! A count that contradicts what it counts: 甲、乙和丙四个, 五个镇，分别是甲、乙、丙, 58人，男30人，女18人.

use super::Doubts;
use crate::pattern::Pattern;
use crate::script::is_han;

pub(super) fn look(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    halves(doubts);
    points(doubts);
    named(doubts);
    let mut start = 0;
    for part in text.split_inclusive(['，', '。', '；', '：', '“', '”', '（', '）', '！', '？'])
    {
        clause(doubts, start, part);
        start += part.len();
    }
}

/// 58人，男30人，女18人: men and women are everybody.
static HALVES: Pattern = Pattern::new(concat!(
    r"(\d{1,7})(?:名|人|位|口)[^\d。；！？]{0,10}?[，、,（(：:；]\s*(?:其中[，：:]?)?男(?:性|生|职工|代表|同志)?(\d{1,7})(?:名|人|位|口)",
    r"[，、,；]\s*女(?:性|生|职工|代表|同志)?(\d{1,7})(?:名|人|位|口)"
));

fn halves(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    if !text.contains('男') {
        return;
    }
    for found in HALVES.captures_iter(text) {
        let value = |i: usize| found[i].parse::<u32>().unwrap_or(0);
        let (all, men, women) = (value(1), value(2), value(3));
        let place = found.get(1).map(|all| all.range());
        if let Some(place) = place.filter(|_| all != men + women) {
            doubts.raise(
                place,
                "number.sum",
                None,
                0.7,
                format!(
                    "{men} and {women} make {}: one of the figures may be misread",
                    men + women
                ),
            );
        }
    }
}

/// 五个镇，分别是甲、乙、丙。
static NAMED: Pattern = Pattern::new(concat!(
    r"(?:^|[^\d.第一二三四五六七八九十百千万余多])(\d{1,2}|[两二三四五六七八九十])(?:个|名|位|家|座|条|项|种|所|处)[\p{Han}]{0,8}",
    r"[，：:](?:它们|他们|她们)?分别(?:是|为)[：:]?([\p{Han}\d·、《》“”]{2,200})[。；！]"
));

/// A count before names that are listed whole.
fn named(doubts: &mut Doubts<'_>) {
    let text = doubts.text;
    if !text.contains("分别") {
        return;
    }
    for found in NAMED.captures_iter(text) {
        let (Some(numeral), Some(list)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let list = list.as_str();
        let numerals = |c| numeral.as_str().starts_with(c);
        let count = (NUMERALS
            .iter()
            .find(|&&(c, _)| numerals(c))
            .map(|&(_, n)| n))
        .or_else(|| numeral.as_str().parse().ok());
        let items = list.split('、').count();
        // The last two may be joined by a word, which may also be part of a name.
        let joined = list.rsplit('、').next();
        let more = joined.is_some_and(|last| last.contains(['和', '及', '与']));
        let fits = |count| count == items || more && count == items + 1;
        if items < 2 || list.contains('等') || count.is_none_or(fits) {
            continue;
        }
        let listed = items + usize::from(more);
        doubts.raise(
            numeral.range(),
            "number.count",
            None,
            0.6,
            format!("{listed} are named after it: the count or the list may be misread"),
        );
    }
}

/// 三方面……一是……二是……三是……四是: a count that the points after it contradict.
fn points(doubts: &mut Doubts<'_>) {
    const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    /// Points are near their count.
    const REACH: usize = 1500;
    let text = doubts.text;
    let mut read_to = 0;
    for (first, _) in text.match_indices("一是") {
        if first < read_to {
            continue;
        }
        let before = &text[text.ceil_char_boundary(first.saturating_sub(120))..first];
        // The sentence that announces them, and what follows up to the next one.
        let clause_at = before
            .rfind(['。', '！', '？'])
            .map_or(0, |at| at + '。'.len_utf8());
        let Some((at, numeral, count)) = announced(&before[clause_at..]) else {
            continue;
        };
        let rest = &text[first..text.floor_char_boundary(first + REACH)];
        let (mut listed, mut from) = (1, "一是".len());
        while let Some(numeral) = NUMERALS.get(listed)
            && let Some(next) = rest[from..].find(&format!("{numeral}是"))
        {
            from += next + "一是".len();
            listed += 1;
        }
        read_to = first + from;
        if listed >= 2 && listed != count && listed < NUMERALS.len() {
            let at = first - before.len() + clause_at + at;
            doubts.raise(
                at..at + numeral.len(),
                "number.count",
                None,
                0.5,
                format!("{listed} points follow: the count or a point may be misread"),
            );
        }
    }
}

/// The last count of points in a clause: where it begins, the numeral, and its value.
fn announced(text: &str) -> Option<(usize, &str, usize)> {
    const MEASURES: [&str; 8] = ["方面", "个方面", "点", "项", "件", "条", "个问题", "大"];
    NUMERALS
        .iter()
        .filter_map(|&(numeral, value)| {
            let (at, _) = text.rmatch_indices(numeral).find(|&(at, _)| {
                let after = &text[at + numeral.len_utf8()..];
                let plain = text[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|c| !"第十百千万初周期〇零一二三四五六七八九".contains(c));
                plain && MEASURES.iter().any(|measure| after.starts_with(measure))
            })?;
            Some((at, &text[at..at + numeral.len_utf8()], value))
        })
        .max_by_key(|&(at, _, _)| at)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        HALVES.compile();
        NAMED.compile();
    }
}
