//! Blanks: ends of printed lines inside Chinese text, and line ends inside a paragraph.

use super::rewrite::Rewriter;
use super::rows::Arrangement;
use super::sense::{self, is_dateline};
use crate::press::{REPORTERS, ROLES};
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
    if writer.raw.arrangement == Some(Arrangement::Row)
        && run.chars().count() > 1
        && !run.contains('\t')
    {
        writer.change(run.len(), "\t", "space.cell");
        return true;
    }
    // Nobody sets a tab but to set off; a row is one wherever it stands, alone too.
    if !writer.chinese || writer.raw.arrangement.is_some() || writer.has_cells {
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
    } else if !wrapped && is_inside_figure(writer, run) {
        writer.change(run.len(), "", "space.figure");
    } else if !wrapped
        && writer.running
        && !sets_off_head(&writer.out, run)
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

/// Whether a blank sets off what opens a paragraph: the number of a provision (第一条), or, two
/// blanks or more, a few words without a mark.
fn sets_off_head(out: &str, run: &str) -> bool {
    if out.len() > 80 {
        return false;
    }
    let numbered = || {
        out.strip_prefix('第')
            .and_then(|rest| rest.strip_suffix(['条', '條', '章', '节', '節', '款', '编', '篇']))
            .is_some_and(|number| {
                let digit =
                    |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百千".contains(c);
                !number.is_empty() && number.chars().all(digit)
            })
    };
    let length = out.chars().count();
    numbered() || run.chars().count() >= 2 && (4..=20).contains(&length) && out.chars().all(is_han)
}

/// The digits of a figure set with a blank between them, around the blank at `at`: how many there
/// are, if a unit or measure follows.
fn spaced_figure(text: &str, at: usize) -> Option<usize> {
    /// No figure has more digits.
    const MOST: usize = 12;
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let blank = |at: usize| bytes.get(at) == Some(&b' ');
    let (mut start, mut end) = (at.checked_sub(1)?, at + 1);
    if !digit(start) || !blank(at) || !digit(end) {
        return None;
    }
    let mut count = 2;
    while count < MOST && start >= 2 && blank(start - 1) && digit(start - 2) {
        start -= 2;
        count += 1;
    }
    while count < MOST && blank(end + 1) && digit(end + 2) {
        end += 2;
        count += 1;
    }
    let before = text[..start].chars().next_back();
    let after = text[end + 1..].chars().next();
    let alone = before.is_none_or(|c| script::is_cjk(c) || c == '\n');
    (alone && after.is_some_and(super::sense::is_unit)).then_some(count)
}

/// Whether a paragraph has a figure of three digits or more with a blank between all.
pub(super) fn has_spaced_figure(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(next) = bytes[from..].iter().position(|&byte| byte == b' ') {
        let at = from + next;
        if spaced_figure(text, at).is_some_and(|count| count >= 3) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether the blank at the position stands between the digits of a figure.
fn is_inside_figure(writer: &Rewriter<'_>, run: &str) -> bool {
    writer.spaced_figures && run == " " && spaced_figure(&writer.raw.text, writer.pos).is_some()
}

/// Whether a blank splits a name: the document has it whole elsewhere, or a byline sets its
/// characters wide, two or three of them.
fn is_inside_name(writer: &Rewriter<'_>, blank: usize) -> bool {
    let label = |c: char| matches!(c, '：' | ':' | '/' | '／' | '（' | '(');
    let text = writer.raw.text.as_str();
    if text.len() > 400 {
        return false;
    }
    let (head, rest) = (&text[..writer.pos], &text[writer.pos + blank..]);
    let start = head.rfind(label).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    let end = rest.find(label).unwrap_or(rest.len());
    let words = |part: &str| {
        part.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, after) = (words(&head[start..]), words(&rest[..end]));
    let (Some(left), Some(right)) = (before.last(), after.first()) else {
        return false;
    };
    let size = |word: &str| word.chars().count();
    if size(left) + size(right) > 4 || !left.chars().chain(right.chars()).all(is_han) {
        return false;
    }
    let singles = |word: &&String| size(word) == 1 && word.chars().all(is_han);
    let single_before = before.iter().rev().take_while(singles).count();
    let single_after = after.iter().take_while(singles).count();
    // 大 中 小 after another label are no name.
    let labelled = text[..start].trim_end_matches(label);
    let has_role = |text: &str| ROLES.iter().any(|role| text.contains(role));
    let byline = if start == 0 {
        has_role(text)
    } else {
        let own = labelled
            .rsplit(|c: char| c.is_whitespace() || label(c))
            .next()
            .unwrap_or_default();
        has_role(text)
            && (labelled.is_empty()
                || has_role(own)
                || matches!(own, "文" | "图" | "圖" | "图文" | "文图"))
    };
    (size(left) == 1 || size(right) == 1) && writer.page.names.contains(&format!("{left}{right}"))
        || byline
            && single_before > 0
            && single_after > 0
            && matches!(single_before + single_after, 2 | 3)
}

/// What a line end inside a paragraph becomes: nothing in Chinese, a blank between words.
fn joint(writer: &Rewriter<'_>, run: &str) -> &'static str {
    let before = writer.before();
    let after = writer.after(run.len());
    let left = &writer.raw.text[..writer.pos];
    if left.ends_with('\u{ad}') || sense::cut_in_address(left, &writer.rest()[run.len()..]) {
        return "";
    }
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

/// Deals with a hyphen at the end of a line inside a word. Says whether there was one. It goes where
/// the text has the word without it elsewhere, and not with it.
pub(super) fn write_hyphen(writer: &mut Rewriter<'_>, end: usize) -> bool {
    let rest = &writer.raw.text[writer.pos..end];
    let Some(after) = rest.strip_prefix('-') else {
        return false;
    };
    let run = &after[..after.len() - after.trim_start().len()];
    let letter = |c: char| c.is_alphabetic() && !is_cjk(c);
    let right = &after[run.len()..];
    if !run.contains('\n')
        || !writer.out.ends_with(letter)
        || !right.starts_with(|c: char| letter(c) && c.is_lowercase())
    {
        return false;
    }
    let first = &writer.out[writer.out.trim_end_matches(letter).len()..];
    let second = &right[..right.len() - right.trim_start_matches(letter).len()];
    let whole = writer.page.has_word(&format!("{first}{second}"));
    if whole && !writer.page.has_word(&format!("{first}-{second}")) {
        writer.change(1 + run.len(), "", "line.join");
    } else {
        writer.keep(1);
        writer.change(run.len(), "", "line.join");
    }
    true
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
            // Also what is too short to be a role elsewhere: nothing but a credit is in brackets
            // that are open here.
            && REPORTERS
                .iter()
                .chain(&["摄影", "文", "图"])
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
