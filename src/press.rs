//! What Chinese newspapers set around their articles: the roles before names, the page.

use crate::pattern::Pattern;

/// Who reports: a byline's first word.
pub(crate) const REPORTERS: [&str; 4] = ["记者", "記者", "通讯员", "通訊員"];

/// Roles that stand before names. Each is long enough to be looked for inside of a line.
pub(crate) const ROLES: [&str; 12] = [
    REPORTERS[0],
    REPORTERS[1],
    REPORTERS[2],
    REPORTERS[3],
    "作者",
    "撰文",
    "摄影",
    "攝影",
    "编辑",
    "編輯",
    "实习生",
    "實習生",
];

/// The page of a newspaper: 一版, 第4版, 江城日报 2019年5月3日 第4版.
pub(crate) static FOLIO: Pattern = Pattern::new(concat!(
    r"^(?:[\p{Han}《》]{2,12}[报報刊]》?\s*[·|｜]?\s*\d{4}年\d{1,2}月\d{1,2}日[^，。！？：]{0,20}",
    r"|\d{4}年\d{1,2}月\d{1,2}日\s*(?:星期[一二三四五六日天])?\s*第?\s*[A-Z]?\d{1,3}\s*版[^，。！？：]{0,8}",
    r"|第?\s*(?:[一二三四五六七八九十]{1,3}|[A-Z]?\d{1,3})\s*版|头版|頭版)$"
));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_text() {
        for line in ["一版", "第A12版", "江城日报 2019年5月3日 第4版"] {
            assert!(FOLIO.is_match(line), "{line}");
        }
        assert!(!FOLIO.is_match("他翻开第一版"));
    }

    #[test]
    fn a_role_is_no_single_character() {
        assert!(ROLES.iter().all(|role| role.chars().count() >= 2));
    }
}
