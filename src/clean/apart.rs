//! Lines that stand by themselves, whatever stands before or after them: imprints, credits, folios,
//! lists of links, the formulas of a letter.

use crate::pattern::Pattern;
use crate::press::FOLIO;
use crate::script;

/// Longer lines, in bytes, are text.
const LONGEST: usize = 200;

/// When and where something was published, and by whom it was edited.
static IMPRINT: Pattern = Pattern::new(concat!(
    r"^(?:(?:发布)?(?:时间|日期)\s*[:：]\s*)?\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})",
    r"(?:\s+|\s*\d{1,2}:\d{2}(?::\d{2})?\s*)(?:(?:来源|來源|稿源|作者|编辑|編輯|记者|記者|浏览|阅读|字号)[^。！？]{0,60})?$",
    r"|^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$",
    r"|^(?:来源|來源|稿源|作者|责任编辑|責任編輯|责编|编辑|校对|审核|摄影|字号|发布时间|浏览次数)\s*[:：][^，。！？；]{0,60}$"
));

/// Who wrote or photographed: □甲, 图/甲, 本报记者 甲 乙.
static CREDIT: Pattern = Pattern::new(concat!(
    r"^(?:[□■◎◇]\s*(?:[^，。；：]{0,12}(?:记者|記者)\s*)?[\p{Han}·]{2,4}(?:[\s、]+[\p{Han}·]{2,4}){0,4}",
    r"|(?:[□■◎◇]\s*)?(?:文|图|圖|图文|文图|撰文|摄影|供图|制图)\s*[/／|｜]\s*[\p{Han}·]{2,4}(?:[\s、]+(?:[图圖文]\s*[/／|｜]\s*)?[\p{Han}·]{2,4}){0,4}",
    r"|[\p{Han}·]{0,12}(?:记者|記者|通讯员|通訊員)[\s:：]+[\p{Han}·]{2,4}(?:[\s、]+[\p{Han}·]{2,5}){0,4})$"
));

/// Whether a line is joined to no other.
pub(super) fn stands_apart(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > LONGEST {
        return false;
    }
    line == "此致"
        || is_link_list(line)
        || [&IMPRINT, &CREDIT, &FOLIO]
            .into_iter()
            .any(|pattern| pattern.is_match(line))
}

/// Whether a short line is a list of links or labels (甲 | 乙 | 丙), as web pages have them.
fn is_link_list(line: &str) -> bool {
    is_short_phrase(line) && line.matches(['|', '｜']).count() >= 2
}

/// Whether a short line is a label and what it labels (甲乙：丙).
pub(super) fn is_labelled(line: &str) -> bool {
    is_short_phrase(line)
        && line.split_once(['：', ':']).is_some_and(|(label, rest)| {
            (2..=6).contains(&label.chars().count())
                && label.chars().all(script::is_han)
                && !rest.trim_start().starts_with(['“', '"', '‘', '「'])
        })
}

fn is_short_phrase(line: &str) -> bool {
    line.len() <= 120
        && line.chars().count() <= 40
        && !line.contains(['，', '。', ',', '！', '？', '；'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_and_imprints_stand_apart_and_text_does_not() {
        for pattern in [&IMPRINT, &CREDIT, &FOLIO] {
            pattern.compile();
        }
        for line in [
            "2020-06-18 08:02:44 来源：江城日报 作者：李文",
            "2020年6月18日 08:02",
            "2020/6/18",
            "来源：江城日报",
            "责任编辑：王川",
            "□王川",
            "□ 本报记者 王川 李文",
            "图/王川",
            "文|王川",
            "记者 孙立",
            "江城日报 2019年5月3日 第4版",
            "一版",
            "第A12版",
            "此致",
            "首页 | 新闻 | 关于",
        ] {
            assert!(stands_apart(line), "{line}");
        }
        for line in [
            "2019年5月3日",
            "2019年5月3日开工的工程",
            "编辑部的故事：一",
            "图文并茂",
            "记者来到茶园",
            "他翻开第一版",
            "来源：他说，是山里。",
        ] {
            assert!(!stands_apart(line), "{line}");
        }
    }
}
