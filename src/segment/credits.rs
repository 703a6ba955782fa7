//! Who wrote an article, for whom and when, as its byline and dateline say.

use std::sync::LazyLock;

use regex::Regex;

use super::kinds::Part;
use crate::model::{BlockKind, Meta, Passage};
use crate::script::is_han;

static OUTLET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([\p{Han}]{2,12}(?:日报|晚报|时报|早报|晨报|周刊|日報|晚報|時報|报|報|网|網|社))(?:·[^\s]{1,12})?(?:全媒体|首席|驻[\p{Han}]{2,6})?(?:记者|記者)").ok()
});

/// Fills what `meta` does not say yet and the paragraphs say for sure.
pub(super) fn read(passages: &[Passage], parts: &[Part], meta: &mut Meta) {
    let byline = parts.iter().position(|part| part.kind == BlockKind::Byline);
    let Some(byline) = byline.and_then(|at| passages.get(at)) else {
        return;
    };
    let byline = byline.text.as_str();
    if meta.outlet.is_none()
        && let Some(pattern) = OUTLET.as_ref()
        && let Some(found) = pattern.captures(byline)
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

/// The names of a byline: what stands between blanks after 记者 and its like, if each is as long
/// as a name.
fn authors(byline: &str) -> Vec<String> {
    const ROLES: [&str; 12] = [
        "记者",
        "記者",
        "通讯员",
        "通訊員",
        "作者",
        "撰文",
        "文",
        "报道",
        "報道",
        "实习生",
        "摄影",
        "图",
    ];
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
        if word.is_empty() || ROLES.contains(&word) {
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
