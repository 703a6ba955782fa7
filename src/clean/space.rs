//! Blanks: ends of printed lines inside Chinese text, and line ends inside a paragraph.

use super::rewrite::Rewriter;
use super::sense::is_dateline;
use crate::script::{self, is_cjk, is_han};

/// Deals with the white space at the writer's position, up to `end`. Says whether there was any.
pub(super) fn write(writer: &mut Rewriter<'_>, end: usize) -> bool {
    let rest = &writer.raw.text[writer.pos..end];
    let run = &rest[..rest.len() - rest.trim_start().len()];
    if run.is_empty() {
        return false;
    }
    if run.contains('\n') {
        let joint = joint(writer, run);
        writer.change(run.len(), joint, "line.join");
        return true;
    }
    let start = writer.pos;
    let before = writer.before();
    let after = match writer.rest().trim_start() {
        // What these become, so that it makes no difference in which order repairs are made.
        rest if rest.starts_with("...") => Some('…'),
        rest if rest.starts_with("--") => Some('—'),
        rest if rest.starts_with('.') && !rest[1..].starts_with(|c: char| c.is_alphanumeric()) => {
            Some('。')
        }
        rest => rest.chars().next(),
    };
    let wrapped = writer
        .raw
        .wraps
        .binary_search_by(|at| {
            if *at < start {
                std::cmp::Ordering::Less
            } else if *at >= start + run.len() {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok();
    if !writer.chinese {
        writer.keep(run.len());
        return true;
    }
    if wrapped && run.len() > 1 {
        // One of them is the line end; what else there is stands in the text.
        let kept = run.len() - 1;
        writer.keep(kept);
        writer.change(1, "", "space.wrap");
    } else if wrapped && (writer.raw.exact || !words_on_both_sides(before, after)) {
        writer.change(run.len(), "", "space.wrap");
    } else if !wrapped
        && writer.running
        && is_inside_chinese(before, after)
        && !sets_names_off(&writer.out)
    {
        writer.change(run.len(), "", "space.chinese");
    } else if !writer.running && is_inside_name(writer, run.len()) {
        writer.change(run.len(), "", "space.name");
    } else {
        writer.keep(run.len());
    }
    true
}

/// Whether a blank splits a name: the document has it whole elsewhere, or it is a name of two
/// characters that a byline sets as wide as one of three.
fn is_inside_name(writer: &Rewriter<'_>, blank: usize) -> bool {
    let last = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '/' | '／' | '（' | '(');
    let left = writer.out.rsplit(last).next().unwrap_or_default();
    let rest = &writer.rest()[blank..];
    let right = rest.split(last).next().unwrap_or_default();
    let (before, after) = (left.chars().count(), right.chars().count());
    if before == 0
        || after == 0
        || before + after > 4
        || !(left.chars().chain(right.chars())).all(is_han)
    {
        return false;
    }
    let byline = || {
        ["记者", "記者", "通讯员", "通訊員", "作者"]
            .iter()
            .any(|role| writer.raw.text.contains(role))
    };
    (before == 1 || after == 1) && writer.page.names.contains(&format!("{left}{right}"))
        || before == 1 && after == 1 && byline()
}

/// What a line end inside a paragraph becomes: nothing in Chinese, a blank between words.
fn joint(writer: &Rewriter<'_>, run: &str) -> &'static str {
    let before = writer.before();
    let after = writer.after(run.len());
    let wordy = |c: Option<char>| c.is_some_and(|c| !is_cjk(c) && !script::is_kana(c));
    match (before, after) {
        _ if !writer.chinese => " ",
        (Some(b), Some(a)) if b.is_ascii_alphabetic() && a.is_ascii_alphabetic() => " ",
        _ if wordy(before) && wordy(after) && !is_number(before, after) => {
            if writer.chinese {
                ""
            } else {
                " "
            }
        }
        _ => "",
    }
}

fn is_number(before: Option<char>, after: Option<char>) -> bool {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%');
    before.is_some_and(part) && after.is_some_and(part)
}

/// Latin words are set off by a blank even where a line ends between them.
fn words_on_both_sides(before: Option<char>, after: Option<char>) -> bool {
    let word = |c: char| c.is_alphabetic() && !is_cjk(c);
    before.is_some_and(word) && after.is_some_and(word)
}

/// A blank with Chinese on both sides has no business in running text.
fn is_inside_chinese(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let mark = |c: char| matches!(c, '"' | '\'' | ',' | '(' | ')' | ';' | ':' | '!' | '?');
    (is_cjk(before) || mark(before))
        && (is_cjk(after) || mark(after))
        && (is_cjk(before) || is_cjk(after))
}

/// A blank after a dateline, after an ellipsis, or between the names in brackets that follow it
/// (记者甲 通讯员乙), is meant.
fn sets_names_off(out: &str) -> bool {
    let out = out.trim_end();
    if out.ends_with('…') {
        return true;
    }
    if out.len() <= 90 && out.ends_with(['电', '讯', '電', '訊', '道', '）']) && is_dateline(out)
    {
        return true;
    }
    let from = out.len().saturating_sub(90);
    let tail = &out[out.ceil_char_boundary(from)..];
    tail.rfind(['（', '(']).is_some_and(|open| {
        let inside = &tail[open..];
        !inside.contains(['）', ')', '，', '。'])
            && ["记者", "記者", "通讯员", "通訊員", "摄影", "文", "图"]
                .iter()
                .any(|role| inside.contains(role))
    })
}

/// Whether a paragraph is running text. Headlines, bylines and the like set their halves and
/// names off with blanks; running text, which has stops or commas, does not.
pub(super) fn is_running_text(text: &str) -> bool {
    // Only what cleaning leaves alone is looked at, so that clean text is judged as its source.
    let han = text.chars().filter(|&c| is_han(c)).take(67).count();
    han > 66 || super::breaks::ends_with_stop(text) || (han > 30 && text.contains(['，', ',']))
}
