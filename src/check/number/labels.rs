//! Amounts that changed places: "30 men and 20 women" for 女性30人、男性20人.

use super::Amounts;
use super::fit::Fit;
use super::matching::Matching;
use crate::check::{Pair, Sink};
use crate::quantity::{Kind, Mention, Weight};

/// Things that are counted against each other, in Chinese and in English (stems in lower case).
/// Two of one group in a sentence tell whose number is whose.
const GROUPS: &[&[(&str, &[&str])]] = &[
    &[
        ("男", &["men", "male", "boy", "man"]),
        ("女", &["women", "female", "girl", "woman"]),
    ],
    &[("出口", &["export"]), ("进口", &["import"])],
    &[
        ("死", &["dead", "die", "death", "kill", "fatal"]),
        ("伤", &["injur", "wound", "hurt"]),
        ("失踪", &["missing"]),
        ("失联", &["missing"]),
    ],
    &[
        ("确诊", &["confirmed"]),
        ("治愈", &["recover", "cured", "discharged"]),
        ("疑似", &["suspected"]),
        ("无症状", &["asymptomatic"]),
    ],
    &[
        ("金牌", &["gold"]),
        ("银牌", &["silver"]),
        ("铜牌", &["bronze"]),
    ],
    &[("金", &["gold"]), ("银", &["silver"]), ("铜", &["bronze"])],
    &[("城镇", &["urban", "city", "cities"]), ("农村", &["rural"])],
    &[("城市", &["urban", "city", "cities"]), ("乡村", &["rural"])],
    &[("最高", &["high", "max", "top"]), ("最低", &["low", "min"])],
    &[
        (
            "增长",
            &["rose", "increas", "grew", "growth", "rise", "up "],
        ),
        ("下降", &["fell", "declin", "decreas", "drop", "down "]),
    ],
    &[
        ("收入", &["revenue", "income"]),
        ("支出", &["spending", "expend", "expenditure"]),
        ("利润", &["profit"]),
    ],
    &[
        ("胜", &["win", "won", "victor"]),
        ("负", &["loss", "lost", "defeat"]),
        ("平", &["draw", "drew", "tie"]),
    ],
    &[
        ("东", &["east"]),
        ("西", &["west"]),
        ("南", &["south"]),
        ("北", &["north"]),
    ],
    &[
        ("长", &["long", "length"]),
        ("宽", &["wide", "width"]),
        ("高", &["high", "tall", "height"]),
        ("深", &["deep", "depth"]),
    ],
    &[
        ("小学", &["primary", "elementary"]),
        ("中学", &["middle school", "secondary"]),
        ("大学", &["universit", "college"]),
    ],
    &[("医生", &["doctor"]), ("护士", &["nurse"])],
    &[("教师", &["teacher"]), ("学生", &["student", "pupil"])],
    &[
        ("支持", &["support", "favor", "favour"]),
        ("反对", &["oppos", "against"]),
    ],
    &[
        ("赞成", &["support", "favor", "favour", "for"]),
        ("反对", &["oppos", "against"]),
    ],
    &[
        ("第一产业", &["primary"]),
        ("第二产业", &["secondary"]),
        ("第三产业", &["tertiary", "service"]),
    ],
    &[
        ("小麦", &["wheat"]),
        ("玉米", &["corn", "maize"]),
        ("水稻", &["rice"]),
        ("大豆", &["soy"]),
    ],
];

/// Reports two amounts whose labels are crosswise: each stands in the target with the label that
/// the other has in the source.
pub(super) fn swapped(
    pair: &Pair<'_>,
    amounts: &Amounts,
    matching: &Matching,
    sink: &mut Sink<'_>,
) {
    let zh_first = pair.source_lang.is_chinese();
    if zh_first == pair.target_lang.is_chinese() || matching.pairs.len() > 60 {
        return;
    }
    let lower_source = pair.source.to_ascii_lowercase();
    let lower_target = pair.target.to_ascii_lowercase();
    let counted = |m: &Mention| {
        matches!(m.kind, Kind::Count | Kind::Percent | Kind::Fraction) && m.weight > Weight::Soft
    };
    let pairs: Vec<(usize, usize)> = matching
        .pairs
        .iter()
        .map(|(i, j, _)| (*i, *j))
        .filter(|(i, j)| counted(&amounts.source[*i]) && counted(&amounts.target[*j]))
        .collect();
    for group in GROUPS {
        let mut seen: Vec<(usize, usize, usize, usize)> = Vec::new();
        for &(i, j) in &pairs {
            let (a, b) = (&amounts.source[i], &amounts.target[j]);
            let (chinese, english) = if zh_first { (a, b) } else { (b, a) };
            let (zh, en) = if zh_first {
                (&lower_source, &lower_target)
            } else {
                (&lower_target, &lower_source)
            };
            let (all_zh, all_en) = if zh_first {
                (&amounts.source, &amounts.target)
            } else {
                (&amounts.target, &amounts.source)
            };
            if let (Some(x), Some(y)) = (
                label(zh, chinese, all_zh, group, true),
                label(en, english, all_en, group, false),
            ) {
                seen.push((i, j, x, y));
            }
        }
        for (at, &(i, j, x, y)) in seen.iter().enumerate() {
            for &(k, l, u, v) in &seen[at + 1..] {
                let (a, c) = (&amounts.source[i], &amounts.source[k]);
                if x != y && x == v && u == y && a.low != c.low {
                    let raw = |m: &Mention| m.raw(pair.source).trim().to_owned();
                    let both = [
                        amounts.target[j].span[0].min(amounts.target[l].span[0]),
                        amounts.target[j].span[1].max(amounts.target[l].span[1]),
                    ];
                    let from = [a.span[0].min(c.span[0]), a.span[1].max(c.span[1])];
                    sink.at_both(
                        "number.swapped",
                        format!(
                            "{} and {} have changed places in the translation",
                            raw(a),
                            raw(c)
                        ),
                        from,
                        both,
                    );
                }
            }
        }
    }
}

/// Reports two neighbours of an enumeration that stand in the other order in the target's:
/// 9个项目签约，8个项目落地 and "eight … signed and nine …". Where labels tell that each number is
/// still with its own thing, the order is the translator's choice.
pub(super) fn reordered(
    pair: &Pair<'_>,
    amounts: &Amounts,
    matching: &Matching,
    sink: &mut Sink<'_>,
) {
    if matching.pairs.len() > 60 {
        return;
    }
    let is_listed = |m: &Mention| {
        matches!(m.kind, Kind::Count | Kind::Percent | Kind::Points)
            && m.weight > Weight::Soft
            && m.is_exact()
    };
    let is_single =
        |all: &[Mention], m: &Mention| all.iter().filter(|other| other.low == m.low).count() == 1;
    let pairs: Vec<(usize, usize)> = matching
        .pairs
        .iter()
        .filter(|(i, j, fit)| {
            *fit <= Fit::Alike && is_listed(&amounts.source[*i]) && is_listed(&amounts.target[*j])
        })
        .map(|(i, j, _)| (*i, *j))
        .collect();
    // Places among the listed mentions alone: dates may stand between.
    let place_in = |all: &[Mention], at: usize| all[..at].iter().filter(|m| is_listed(m)).count();
    for window in pairs.windows(2) {
        let [first, second] = [window[0], window[1]];
        let sources = [&amounts.source[first.0], &amounts.source[second.0]];
        let targets = [&amounts.target[first.1], &amounts.target[second.1]];
        let is_inverted = targets[1].range.end <= targets[0].range.start;
        let adjacent = place_in(&amounts.source, second.0)
            == place_in(&amounts.source, first.0) + 1
            && place_in(&amounts.target, first.1) == place_in(&amounts.target, second.1) + 1;
        let same_sort =
            |both: [&Mention; 2]| both[0].kind == both[1].kind && both[0].unit == both[1].unit;
        if !is_inverted || !adjacent || !same_sort(sources) || !same_sort(targets) {
            continue;
        }
        let single = sources.iter().all(|m| is_single(&amounts.source, m))
            && targets.iter().all(|m| is_single(&amounts.target, m));
        let source_gap = between(pair.source, sources[0], sources[1]);
        let target_gap = between(pair.target, targets[1], targets[0]);
        if !single
            || !is_enumeration(source_gap)
            || !is_enumeration(target_gap)
            // 比去年多40万人，达到874万: the second is no item beside the first.
            || sources.iter().any(|m| compares(pair, m))
            || keep_their_labels(pair, amounts, [first, second])
        {
            continue;
        }
        let raw = |m: &Mention| m.raw(pair.source).trim().to_owned();
        sink.at_both(
            "number.swapped",
            format!(
                "{} and {} stand in the other order in the translation",
                raw(sources[0]),
                raw(sources[1])
            ),
            [sources[0].span[0], sources[1].span[1]],
            [targets[1].span[0], targets[0].span[1]],
        );
    }
}

/// Whether a comparison stands before an amount in its clause: 比去年多40万.
fn compares(pair: &Pair<'_>, mention: &Mention) -> bool {
    const BREAKS: [char; 5] = ['，', '。', '；', ',', ';'];
    let before = &pair.source[..mention.range.start];
    let clause = before.rsplit(BREAKS).next().unwrap_or(before);
    let words = [
        "比去", "比上", "比前", "比同", "比往", "比今", "比20", "比19", "较去", "较上", "较前",
        " than ",
    ];
    let after = &pair.source[mention.range.end..];
    let rest = after.split(BREAKS).next().unwrap_or(after);
    words.iter().any(|word| clause.contains(word)) || rest.contains(" than ")
}

/// The text between two mentions.
fn between<'t>(text: &'t str, first: &Mention, second: &Mention) -> &'t str {
    text.get(first.range.end..second.range.start)
        .unwrap_or_default()
}

/// Reports two numbers of which one has a unit in the source and the other in the target:
/// 40集, 45分钟 and "45 episodes … 40 minutes".
pub(super) fn crossed(
    pair: &Pair<'_>,
    amounts: &Amounts,
    matching: &Matching,
    sink: &mut Sink<'_>,
) {
    if matching.pairs.len() > 60 {
        return;
    }
    let counted = |m: &Mention| m.kind == Kind::Count && m.weight > Weight::Soft && m.is_exact();
    let open: Vec<(&Mention, &Mention)> = matching
        .pairs
        .iter()
        .map(|(i, j, _)| (&amounts.source[*i], &amounts.target[*j]))
        .filter(|(a, b)| counted(a) && counted(b) && a.unit.is_some() != b.unit.is_some())
        .collect();
    for (at, (a, b)) in open.iter().enumerate() {
        for (c, d) in &open[at + 1..] {
            let same = |x: &Mention, y: &Mention| matches!((&x.unit, &y.unit), (Some(x), Some(y)) if crate::quantity::agree(x, y));
            if a.low != c.low && (same(a, d) || same(c, b)) {
                let raw = |m: &Mention| m.raw(pair.source).trim().to_owned();
                sink.at_both(
                    "number.swapped",
                    format!(
                        "{} and {} have changed places in the translation",
                        raw(a),
                        raw(c)
                    ),
                    [a.span[0].min(c.span[0]), a.span[1].max(c.span[1])],
                    [b.span[0].min(d.span[0]), b.span[1].max(d.span[1])],
                );
            }
        }
    }
}

/// Whether labels of one group tell that each number still stands with its own thing.
fn keep_their_labels(pair: &Pair<'_>, amounts: &Amounts, both: [(usize, usize); 2]) -> bool {
    let zh_first = pair.source_lang.is_chinese();
    let lower_source = pair.source.to_ascii_lowercase();
    let lower_target = pair.target.to_ascii_lowercase();
    GROUPS.iter().any(|group| {
        both.iter().all(|&(i, j)| {
            let x = label(
                &lower_source,
                &amounts.source[i],
                &amounts.source,
                group,
                zh_first,
            );
            let y = label(
                &lower_target,
                &amounts.target[j],
                &amounts.target,
                group,
                !zh_first,
            );
            x.is_some() && x == y
        })
    })
}

/// Whether the text between two numbers is short and goes on to the next item of a list.
fn is_enumeration(gap: &str) -> bool {
    let length = gap.chars().count();
    let is_short = length <= if gap.is_ascii() { 60 } else { 20 };
    // 和 alone may join what one number counts: 24个国家和地区签署了16个协定.
    let joints: &[&str] = if length <= 4 {
        &[" and ", " with ", " to ", "和", "与", "及", "至", "到"]
    } else {
        &[
            " and ",
            " with ",
            " to ",
            "增至",
            "升至",
            "降至",
            "增加到",
            "提高到",
            "下降到",
            "减少到",
        ]
    };
    let goes_on = gap.contains(['、', '，', ',', ';', '；'])
        || joints.iter().any(|joint| gap.contains(joint));
    // 其中 and 共 set a part against its whole.
    let is_sum = ["共", "其中", "累计", "合计", "总", "占"]
        .iter()
        .any(|word| gap.contains(word));
    is_short && goes_on && !is_sum && !gap.contains(['。', '！', '？', '(', '（'])
}

/// The member of the group whose word stands nearest to an amount within its clause, if another
/// member's word is not as near.
fn label(
    text: &str,
    mention: &Mention,
    all: &[Mention],
    group: &[(&str, &[&str])],
    is_chinese: bool,
) -> Option<usize> {
    let breaks: &[char] = if is_chinese {
        &['，', '。', '；', '、', ',', ';']
    } else {
        &[',', ';', '.']
    };
    let previous_end = all
        .iter()
        .filter(|other| other.range.end <= mention.range.start)
        .map(|other| other.range.end)
        .max()
        .unwrap_or(0);
    let next_start = all
        .iter()
        .filter(|other| other.range.start >= mention.range.end)
        .map(|other| other.range.start)
        .min()
        .unwrap_or(text.len());
    let before = text.get(previous_end..mention.range.start)?;
    let before = before.rsplit(breaks).next().unwrap_or(before);
    let joints: &[&str] = if is_chinese {
        &["和", "与", "而"]
    } else {
        &[" and ", " while ", " but ", " with "]
    };
    // What stands before "and" speaks of the number before it.
    let before = joints
        .iter()
        .filter_map(|joint| before.rfind(joint).map(|at| at + joint.len()))
        .max()
        .map_or(before, |from| &before[from..]);
    let after = text.get(mention.range.end..next_start)?;
    let after = after.split(breaks).next().unwrap_or(after);
    let mut best: Option<(usize, usize)> = None;
    let mut tied = false;
    let mut consider = |distance: usize, member: usize| match best {
        Some((nearest, other)) if nearest == distance => tied |= other != member,
        Some((nearest, _)) if nearest < distance => {}
        _ => {
            best = Some((distance, member));
            tied = false;
        }
    };
    for (member, (zh, en)) in group.iter().enumerate() {
        let words: &[&str] = if is_chinese {
            std::slice::from_ref(zh)
        } else {
            en
        };
        for word in words {
            let at_word = |text: &str, at: usize| {
                is_chinese || !text[..at].ends_with(|c: char| c.is_ascii_alphabetic())
            };
            if let Some(at) = before.rfind(word).filter(|at| at_word(before, *at)) {
                consider(before.len() - at - word.len(), member);
            }
            if let Some(at) = after.find(word).filter(|at| at_word(after, *at)) {
                consider(at + 1, member);
            }
        }
    }
    best.filter(|(distance, _)| !tied && *distance < 40)
        .map(|(_, member)| member)
}
