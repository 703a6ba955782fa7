//! The title of a page, which its text may have or lack.

use crate::ingest::paragraph::Paragraphs;
use crate::model::{BlockKind, Line, Role};

/// A page's title without the site's name behind it.
pub(super) fn without_site(title: &str) -> &str {
    let title = title.trim();
    let cut = [" - ", "_", " | ", "|", "--", " – ", " — "]
        .iter()
        .filter_map(|mark| title.find(mark))
        .min();
    match cut {
        Some(at) if title[..at].trim().chars().count() >= 4 => title[..at].trim(),
        _ => title,
    }
}

/// Puts the page's title first where the text has none of its own.
pub(super) fn with_title(mut lines: Vec<Line>, title: &str) -> Vec<Line> {
    let has_title = lines
        .iter()
        .any(|line| line.role.is_some_and(|role| role.kind == BlockKind::Title));
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    if has_title || title.is_empty() || lines.is_empty() {
        return lines;
    }
    if let Some(line) = lines
        .iter_mut()
        .take(3)
        .find(|line| squeeze(&line.text) == squeeze(title))
    {
        line.role = Some(Role::new(BlockKind::Title));
        return lines;
    }
    let mut paragraphs = Paragraphs::default();
    paragraphs.set_role(BlockKind::Title, None);
    paragraphs.text(title, 1);
    let mut with = paragraphs.finish();
    if let Some(first) = lines.first_mut() {
        first.blank_before = 1;
    }
    with.append(&mut lines);
    with
}
