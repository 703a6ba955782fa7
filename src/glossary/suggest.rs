//! Terms that a text suggests: what recurs, and what names look like.
//!
//! Chinese is written without spaces, so candidates are runs of characters that come back in
//! different surroundings: a run whose neighbours on both sides vary stands on its own (branching
//! entropy), and one that is held together more often than chance would (mutual information) is a
//! unit. Names of people are also found by what stands beside them: a family name behind a title
//! or before a word of saying. In languages with spaces, runs of words in capitals.

use std::collections::{BTreeMap, BTreeSet};

use super::Glossary;
use crate::model::Lang;

/// The longest candidate, in characters.
const LONGEST: usize = 10;
/// Characters of a context on each side.
const AROUND: usize = 12;
/// Contexts that a suggestion shows.
const CONTEXTS: usize = 3;
/// The least branching entropy, in bits, on either side.
const BRANCHING: f64 = 0.9;
/// The least mutual information, in bits, at the weakest seam.
const COHESION: f64 = 2.0;

/// A term that the sources suggest.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SuggestedTerm {
    /// The run of text.
    pub source: String,
    /// What it looks like.
    pub kind: SuggestedKind,
    /// How often it stands in the texts.
    pub count: usize,
    /// Some of the places, with what stands around it.
    pub contexts: Vec<String>,
}

/// What a suggested term looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestedKind {
    /// A person's name.
    Person,
    /// An organisation.
    Organisation,
    /// A place.
    Place,
    /// Words in quotation marks that recur or are set as a slogan.
    Slogan,
    /// Something else that recurs.
    Phrase,
}

/// Suggests terms that `glossary` lacks, the most frequent first; those that stand at least
/// `least` times. Names of people and organisations and quoted words are suggested from two times
/// on, or from `least` if that is smaller.
#[must_use]
pub fn suggest(
    texts: &[&str],
    lang: &Lang,
    glossary: &Glossary,
    least: usize,
) -> Vec<SuggestedTerm> {
    let mut found = if lang.separates_with_spaces() {
        capitalized(texts)
    } else {
        unspaced(texts, least.max(2))
    };
    let known: BTreeSet<&str> = glossary
        .concepts()
        .iter()
        .map(|c| c.source.as_str())
        .collect();
    found.retain(|source, _| !known.contains(source.as_str()) && !covered(source, &known));
    let mut suggestions: Vec<SuggestedTerm> = found
        .into_iter()
        .filter_map(|(source, kind)| {
            let places = places(texts, &source);
            let enough = if kind == SuggestedKind::Phrase {
                least
            } else {
                least.min(2)
            };
            (places.len() >= enough.max(1)).then(|| SuggestedTerm {
                count: places.len(),
                contexts: places.into_iter().take(CONTEXTS).collect(),
                source,
                kind,
            })
        })
        .collect();
    drop_parts(&mut suggestions);
    suggestions.sort_by(|a, b| {
        (std::cmp::Reverse(a.count), a.kind, &a.source).cmp(&(
            std::cmp::Reverse(b.count),
            b.kind,
            &b.source,
        ))
    });
    suggestions
}

/// Whether known terms make up the whole of it.
fn covered(source: &str, known: &BTreeSet<&str>) -> bool {
    let chars: Vec<(usize, char)> = source.char_indices().collect();
    let mut at = 0;
    while at < source.len() {
        let longest = chars
            .iter()
            .map(|(end, c)| end + c.len_utf8())
            .filter(|&end| end > at && known.contains(&source[at..end]))
            .max();
        match longest {
            Some(end) => at = end,
            None => return false,
        }
    }
    true
}

/// A run that nearly always stands inside a longer suggestion is no suggestion of its own.
fn drop_parts(suggestions: &mut Vec<SuggestedTerm>) {
    let all: Vec<(String, usize)> = suggestions
        .iter()
        .map(|one| (one.source.clone(), one.count))
        .collect();
    suggestions.retain(|one| {
        let inside: usize = all
            .iter()
            .filter(|(source, _)| source.len() > one.source.len() && source.contains(&one.source))
            .map(|(_, count)| *count)
            .max()
            .unwrap_or(0);
        inside * 4 < one.count * 3
    });
}

fn places(texts: &[&str], source: &str) -> Vec<String> {
    let mut places = Vec::new();
    for text in texts {
        for (at, _) in text.match_indices(source) {
            let before: String = text[..at].chars().rev().take(AROUND).collect();
            let before: String = before.chars().rev().collect();
            let after: String = text[at + source.len()..].chars().take(AROUND).collect();
            places.push(format!("{before}{source}{after}"));
        }
    }
    places
}

#[derive(Default)]
struct Run {
    count: usize,
    left: BTreeMap<Option<char>, usize>,
    right: BTreeMap<Option<char>, usize>,
}

fn unspaced(texts: &[&str], least: usize) -> BTreeMap<String, SuggestedKind> {
    let (runs, total) = count_runs(texts);
    let mut found = BTreeMap::new();
    for (run, seen) in &runs {
        let length = run.chars().count();
        if length < 2 || seen.count < least || is_weak(run) {
            continue;
        }
        if entropy(&seen.left) < BRANCHING || entropy(&seen.right) < BRANCHING {
            continue;
        }
        if cohesion(run, seen.count, &runs, total) < COHESION {
            continue;
        }
        // Two characters that are no name are nearly always a word of the general language.
        if length == 2 && kind(run) == SuggestedKind::Phrase {
            continue;
        }
        found.insert(run.clone(), kind(run));
    }
    for text in texts {
        for quoted in quoted(text) {
            found.insert(quoted, SuggestedKind::Slogan);
        }
        for name in people(text) {
            found.insert(name, SuggestedKind::Person);
        }
        for name in organisations(text) {
            found.insert(name, SuggestedKind::Organisation);
        }
    }
    found
}

/// All runs of Han characters up to the longest candidate and one more for their neighbours.
fn count_runs(texts: &[&str]) -> (BTreeMap<String, Run>, usize) {
    let mut runs: BTreeMap<String, Run> = BTreeMap::new();
    let mut total = 0;
    for text in texts {
        for piece in text
            .split(|c: char| !is_han(c))
            .filter(|piece| !piece.is_empty())
        {
            let chars: Vec<char> = piece.chars().collect();
            total += chars.len();
            for start in 0..chars.len() {
                for length in 1..=LONGEST.min(chars.len() - start) {
                    let run: String = chars[start..start + length].iter().collect();
                    let seen = runs.entry(run).or_default();
                    seen.count += 1;
                    // The edge of a clause sets a run off as well as any character does, and
                    // each edge by itself.
                    let left = start.checked_sub(1).map(|at| chars[at]);
                    let right = chars.get(start + length).copied();
                    *seen.left.entry(left).or_default() += 1;
                    *seen.right.entry(right).or_default() += 1;
                }
            }
        }
    }
    (runs, total)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of characters stay far below 2 to the 52nd"
)]
fn entropy(neighbours: &BTreeMap<Option<char>, usize>) -> f64 {
    let edges = neighbours.get(&None).copied().unwrap_or(0);
    let total: usize = neighbours.values().sum();
    let term = |count: usize| {
        let share = count as f64 / total as f64;
        -share * share.log2()
    };
    // Each edge of a clause is a neighbour of its own.
    let edge = if edges == 0 {
        0.0
    } else {
        edges as f64 * term(1)
    };
    let chars = neighbours.iter().filter(|(c, _)| c.is_some());
    edge + chars.map(|(_, &count)| term(count)).sum::<f64>()
}

/// The mutual information at the weakest seam of a run, in bits.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of characters stay far below 2 to the 52nd"
)]
fn cohesion(run: &str, count: usize, runs: &BTreeMap<String, Run>, total: usize) -> f64 {
    run.char_indices()
        .skip(1)
        .map(|(at, _)| {
            let part = |part: &str| runs.get(part).map_or(1, |run| run.count) as f64;
            let (left, right) = (part(&run[..at]), part(&run[at..]));
            (count as f64 * total as f64 / (left * right)).log2()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Runs that begin or end with a word of grammar are parts of sentences, not terms.
fn is_weak(run: &str) -> bool {
    const EDGES: &str = "的了在是和与及或就都也还又才把被让使对向从于以为而且但并将要会能可不没有这那其此每各等着过地得之所个们我你他她它说年月日一二三四五六七八九十两几多";
    let edge = |c: Option<char>| c.is_some_and(|c| EDGES.contains(c));
    edge(run.chars().next()) || edge(run.chars().next_back())
}

fn kind(run: &str) -> SuggestedKind {
    const ORGANISATIONS: &[&str] = &[
        "公司",
        "集团",
        "委员会",
        "大学",
        "学院",
        "医院",
        "银行",
        "协会",
        "学会",
        "研究院",
        "研究所",
        "局",
        "部",
        "厅",
        "党委",
        "政府",
        "法院",
        "出版社",
        "报社",
        "日报",
        "通讯社",
        "基金会",
        "合作社",
        "中心",
        "办公室",
        "联合会",
        "总会",
    ];
    const PLACES: &[&str] = &[
        "省",
        "市",
        "县",
        "区",
        "镇",
        "乡",
        "村",
        "州",
        "旗",
        "路",
        "街",
        "山",
        "河",
        "江",
        "湖",
        "海",
        "岛",
        "湾",
        "港",
        "广场",
        "景区",
        "公园",
        "园区",
        "度假区",
        "自治区",
    ];
    let ends = |list: &[&str]| {
        list.iter()
            .any(|end| run.len() > end.len() && run.ends_with(end))
    };
    if ends(ORGANISATIONS) {
        SuggestedKind::Organisation
    } else if ends(PLACES) {
        SuggestedKind::Place
    } else {
        SuggestedKind::Phrase
    }
}

/// Words in quotation marks or book-title marks, short enough to be a name or slogan.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [('“', '”'), ('「', '」'), ('《', '》')] {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inside, behind)) = after.split_once(close) else {
                break;
            };
            let length = inside.chars().count();
            let plain = inside.chars().all(|c| c.is_alphanumeric() || c == '·');
            if (2..=12).contains(&length) && plain {
                found.push(inside.to_owned());
            }
            rest = behind;
        }
    }
    found
}

/// The commonest Chinese family names of one character, by the 2020 census's order.
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤裴";

/// Words that stand right before a name.
const TITLES: &[&str] = &[
    "书记",
    "市长",
    "县长",
    "省长",
    "镇长",
    "乡长",
    "村长",
    "主任",
    "局长",
    "部长",
    "厅长",
    "处长",
    "科长",
    "校长",
    "院长",
    "经理",
    "董事长",
    "总裁",
    "主席",
    "总理",
    "总统",
    "教授",
    "医生",
    "记者",
    "村民",
    "居民",
    "队长",
    "所长",
    "会长",
    "站长",
    "行长",
    "导演",
    "演员",
    "教师",
    "老师",
    "专家",
    "工程师",
    "负责人",
    "代表",
    "委员",
    "院士",
    "研究员",
    "发言人",
];

/// Words that stand right behind a name.
const SAYING: &[&str] = &[
    "说", "表示", "介绍", "告诉", "认为", "坦言", "指出", "强调", "透露", "回忆", "称", "道",
    "感慨", "解释", "补充",
];

fn people(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if !FAMILY_NAMES.contains(*c) {
            continue;
        }
        for length in [3, 2] {
            let Some(name) = chars.get(at..at + length) else {
                continue;
            };
            let name: String = name.iter().collect();
            let before: String = chars[at.saturating_sub(4)..at].iter().collect();
            let behind: String = chars[at + length..].iter().take(3).collect();
            let titled = TITLES.iter().any(|title| before.ends_with(title));
            let says = SAYING.iter().any(|word| behind.starts_with(word));
            let ends = behind.chars().next().is_none_or(|c| !is_han(c));
            let sure = says && (titled || at == 0 || !is_han(chars[at - 1])) || titled && ends;
            if sure && name.chars().all(is_han) && !is_weak(&name[c.len_utf8()..]) {
                found.push(name);
                break;
            }
        }
    }
    found
}

/// Organisations by their last word, from the edge of a clause or a word of grammar on.
fn organisations(text: &str) -> Vec<String> {
    const LAST: &[&str] = &[
        "集团公司",
        "有限公司",
        "股份公司",
        "委员会",
        "大学",
        "研究院",
        "研究所",
        "出版社",
        "通讯社",
        "基金会",
        "联合会",
        "合作社",
    ];
    const EDGES: &str = "的在是和与及由为向从对把被到了、，。；：“”（）《》";
    let mut found = Vec::new();
    for last in LAST {
        for (at, _) in text.match_indices(last) {
            let head: Vec<char> = text[..at]
                .chars()
                .rev()
                .take_while(|&c| is_han(c) && !EDGES.contains(c))
                .take(14)
                .collect();
            if head.len() >= 2 {
                let head: String = head.into_iter().rev().collect();
                found.push(format!("{head}{last}"));
            }
        }
    }
    found
}

/// Runs of words in capitals that don't just begin a sentence.
fn capitalized(texts: &[&str]) -> BTreeMap<String, SuggestedKind> {
    let mut found = BTreeMap::new();
    for text in texts {
        let mut run: Vec<&str> = Vec::new();
        let mut begins = true;
        for word in text.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let capital = bare.chars().next().is_some_and(char::is_uppercase);
            if capital && !(begins && run.is_empty() && bare.chars().count() < 4) {
                run.push(bare);
            }
            let ends = word.ends_with([',', '.', ';', ':', '!', '?', ')', '"', '”']);
            if !capital || ends {
                if run.len() > 1 {
                    found.insert(run.join(" "), SuggestedKind::Phrase);
                }
                run.clear();
            }
            begins = word.ends_with(['.', '!', '?']);
        }
        if run.len() > 1 {
            found.insert(run.join(" "), SuggestedKind::Phrase);
        }
    }
    found
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestions(texts: &[&str], known: &str) -> Vec<(String, SuggestedKind, usize)> {
        let csv = format!("source,target\n{known}");
        let concepts = super::super::read_csv("t.csv", csv.as_bytes()).unwrap();
        let zh: Lang = "zh-Hans".parse().unwrap();
        let glossary = Glossary::new(zh.clone(), "en".parse().unwrap(), concepts).unwrap();
        suggest(texts, &zh, &glossary, 3)
            .into_iter()
            .map(|one| (one.source, one.kind, one.count))
            .collect()
    }

    const TEXTS: [&str; 5] = [
        "县委书记周海峰告诉记者，数字乡村是今年的重点。",
        "我们建设数字乡村，要听群众的。周海峰说，“一村一品”要做实。",
        "数字乡村让村民受益，“一村一品”也让村民受益。",
        "龙江米业有限公司负责人王芳表示，公司会参加数字乡村。",
        "去年龙江米业有限公司卖了很多大米。村民都夸数字乡村好。",
    ];

    #[test]
    fn names_slogans_and_phrases_are_suggested_with_counts() {
        let found = suggestions(&TEXTS, "");
        let has = |source: &str, kind, count| found.contains(&(source.into(), kind, count));
        assert!(has("数字乡村", SuggestedKind::Place, 5), "{found:?}");
        assert!(has("周海峰", SuggestedKind::Person, 2), "{found:?}");
        assert!(has("一村一品", SuggestedKind::Slogan, 2), "{found:?}");
        assert!(
            found
                .iter()
                .any(|(source, kind, _)| source.ends_with("龙江米业有限公司")
                    && *kind == SuggestedKind::Organisation),
            "{found:?}"
        );
        assert!(
            !found.iter().any(|(source, ..)| source == "数字乡"),
            "{found:?}"
        );
    }

    #[test]
    fn what_the_glossary_has_is_not_suggested() {
        let found = suggestions(&TEXTS, "数字乡村,digital village\n");
        assert!(
            !found.iter().any(|(source, ..)| source.contains("数字乡村")),
            "{found:?}"
        );
    }
}
