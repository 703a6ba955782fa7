//! Who wrote an article, for whom and when, as its byline and dateline say.

use super::kinds::{Part, opens_with_dateline};
use crate::model::{BlockKind, Meta, Passage};
use crate::pattern::Pattern;
use crate::press::{REPORTERS, ROLES};
use crate::script::is_han;

static OUTLET: Pattern = Pattern::new(
    r"([\p{Han}]{2,12}(?:日报|晚报|时报|早报|晨报|周刊|日報|晚報|時報|报|報|网|網|社))(?:·[^\s]{1,12})?(?:全媒体|首席|驻[\p{Han}]{2,6})?(?:记者|記者)",
);

/// The month and day of a dateline (新华社北京7月1日电), perhaps with the year.
static DATELINE: Pattern = Pattern::new(
    r"^[^，。；！？\d]{2,24}(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日[^，。；！？]{0,12}?(?:电|電|讯|訊)",
);

/// A whole date in a note or byline.
static DATE: Pattern = Pattern::new(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})(?:\D|$)");

/// Fills what `meta` does not say yet and the paragraphs say for sure.
pub(super) fn read(passages: &[Passage], parts: &[Part], meta: &mut Meta) {
    date(passages, parts, meta);
    let byline = parts.iter().position(|part| part.kind == BlockKind::Byline);
    let Some(byline) = byline.and_then(|at| passages.get(at)) else {
        if meta.authors.is_empty() {
            meta.authors = passages
                .iter()
                .zip(parts)
                .filter(|(_, part)| part.kind == BlockKind::Note)
                .find_map(|(passage, _)| {
                    let at = passage
                        .text
                        .find("作者：")
                        .or_else(|| passage.text.find("作者:"))?;
                    Some(authors(&passage.text[at..]))
                })
                .unwrap_or_default();
        }
        return;
    };
    let byline = byline.text.as_str();
    if meta.outlet.is_none()
        && let Some(found) = OUTLET.captures(byline)
    {
        let outlet = &found[1];
        if !matches!(outlet, "本报" | "本網" | "本网" | "本社") {
            meta.outlet = Some(outlet.to_owned());
        }
    }
    if meta.authors.is_empty() {
        meta.authors = authors(byline);
    }
}

/// The day of the dateline, if the year is known: it says it, or what is known of the date or a note
/// does. Without a dateline, the date of a note.
fn date(passages: &[Passage], parts: &[Part], meta: &mut Meta) {
    let known = meta.date.as_deref().unwrap_or_default();
    if known.len() > 7 {
        return;
    }
    let note = passages
        .iter()
        .zip(parts)
        .filter(|(_, part)| matches!(part.kind, BlockKind::Note | BlockKind::Byline))
        .find_map(|(passage, _)| {
            let found = DATE.captures(&passage.text)?;
            day(&found[1], &found[2], &found[3])
        });
    let dateline = passages
        .iter()
        .filter(|passage| opens_with_dateline(&passage.text))
        .find_map(|passage| DATELINE.captures(&passage.text));
    let found = match dateline {
        Some(found) => {
            let year = found.get(1).map(|year| year.as_str());
            let year = year
                .or(known.get(..4))
                .or(note.as_deref().and_then(|note| note.get(..4)));
            year.and_then(|year| day(year, &found[2], &found[3]))
        }
        None => note,
    };
    // What is known already is not contradicted, only made more exact.
    if let Some(found) = found
        && found.starts_with(known)
    {
        meta.date = Some(found);
    }
}

/// A date as ISO 8601 writes it, if there is such a day.
fn day(year: &str, month: &str, day: &str) -> Option<String> {
    let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(date.ok()?.to_string())
}

/// The commonest family names.
const FAMILY_NAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖萧蕭田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鐘谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫段雷侯龙龍史陶黎贺賀顾顧毛郝龚邵万钱錢严嚴武戴莫孔向汤常温康施文牛樊葛邢安齐齊易乔喬伍庞颜倪庄聂章鲁岳翟殷詹申耿关焦左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华祁房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";

/// Those of them that begin hardly any word of two characters: 金融 and 文化 are no names.
const PLAIN_FAMILY_NAMES: &str = "王李张張刘劉陈陳杨楊赵趙吴吳徐孙孫朱胡郭罗羅郑鄭谢謝宋韩韓冯馮邓鄧曹彭萧蕭袁董潘蒋蔣蔡余杜魏吕呂沈姚卢盧姜崔谭譚汪贾賈韦韋邹鄒熊秦邱尹薛侯陶黎郝龚邵戴";

/// Whether a line is the names of its authors in brackets (（李文）), as they stand below a text.
pub(super) fn is_signature(line: &str) -> bool {
    let Some(names) = line
        .strip_prefix(['（', '('])
        .and_then(|rest| rest.strip_suffix(['）', ')']))
    else {
        return false;
    };
    let names = names.trim();
    let single = || {
        let length = names.chars().count();
        let families = if length == 2 {
            PLAIN_FAMILY_NAMES
        } else {
            FAMILY_NAMES
        };
        (2..=3).contains(&length)
            && names.chars().all(is_han)
            && names.starts_with(|c| families.contains(c))
    };
    line.len() <= 60 && (single() || is_names(names))
}

/// Whether a line under a headline is the names of its authors and nothing else: two to five names
/// set off by blanks or 、, or one of two characters that is set as wide as one of three.
pub(super) fn is_names(line: &str) -> bool {
    let separator = |c: char| c.is_whitespace() || c == '、';
    let words: Vec<&str> = line
        .split(separator)
        .filter(|word| !word.is_empty())
        .collect();
    let family = |word: &str| {
        let names = if word.chars().count() == 2 {
            PLAIN_FAMILY_NAMES
        } else {
            FAMILY_NAMES
        };
        word.starts_with(|c| names.contains(c))
    };
    if let [first, last] = words.as_slice()
        && first.chars().count() == 1
        && last.chars().count() == 1
    {
        return family(first) && last.chars().all(is_han) && !line.contains('、');
    }
    let is_name = |word: &&str| {
        family(word) && (2..=3).contains(&word.chars().count()) && word.chars().all(is_han)
    };
    (2..=5).contains(&words.len()) && words.iter().all(is_name)
}

/// The names of a byline: what stands between blanks after 记者 and its like, if each is as long
/// as a name.
fn authors(byline: &str) -> Vec<String> {
    // Too short, or too common, to be looked for inside of a line: only whole words count.
    const WORDS: [&str; 4] = ["文", "图", "报道", "報道"];
    if is_signature(byline) {
        let names = byline.trim_matches(['（', '）', '(', ')']);
        return if is_names(names) {
            authors(names)
        } else {
            vec![names.trim().to_owned()]
        };
    }
    let byline = byline.trim_start_matches(['□', '■', '◎', '◇']).trim_start();
    if is_names(byline) {
        let names: Vec<&str> = byline
            .split(|c: char| c.is_whitespace() || c == '、')
            .collect();
        // One name of two characters, set wide.
        if names.iter().all(|name| name.chars().count() <= 1) {
            return vec![names.concat()];
        }
        let names = names.into_iter().filter(|name| !name.is_empty());
        return names.map(str::to_owned).collect();
    }
    let Some(start) = ["记者", "記者", "作者", "撰文", "文/", "文／"]
        .iter()
        .filter_map(|role| byline.find(role).map(|at| at + role.len()))
        .min()
    else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for word in byline[start..].split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '/' | '／' | '：' | ':' | '、' | '，' | '（' | '）' | '(' | ')'
            )
    }) {
        // 通讯员赵一 is a role with its name.
        let word = REPORTERS
            .iter()
            .find_map(|role| word.strip_prefix(role))
            .unwrap_or(word);
        if word.is_empty() || ROLES.contains(&word) || WORDS.contains(&word) {
            continue;
        }
        let length = word.chars().count();
        let is_name = (2..=4).contains(&length) && word.chars().all(is_han)
            || (length > 4 && word.contains('·') && word.chars().all(|c| is_han(c) || c == '·'));
        if !is_name {
            return Vec::new();
        }
        names.push(word.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&OUTLET, &DATELINE, &DATE] {
            pattern.compile();
        }
    }

    #[test]
    fn a_role_between_names_is_no_name() {
        for role in ["摄影", "攝影", "编辑", "編輯", "实习生", "實習生", "图"] {
            let byline = format!("本报记者 李文 {role} 王川");
            assert_eq!(authors(&byline), ["李文", "王川"], "{byline}");
        }
    }
}
