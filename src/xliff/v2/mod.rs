//! XLIFF 2.0: the record of the workspace, and hand-outs.
//!
//! [`write()`] gives the whole of an article for one target language, and [`read()`] gives it back:
//! `read(write(article))` is `article` without its repairs and suspects, which cleaning finds
//! anew, and without its other target languages. A hand-out ([`WriteOptions::hand_out`](super::WriteOptions::hand_out)) is the
//! same file without what only the record needs.

pub(super) mod inline;
mod keep;
mod read;
mod unit;
mod write;

pub use read::read;
pub(super) use unit::{absorb_metadata, percent, read_note, read_unit};
pub use write::{write, write_to};

use super::WriteOptions;
use crate::model::{Article, Lang, Origin};

/// What [`write()`] gives, with all that an older record of the article has beside: extensions,
/// foreign attributes, comments, annotations. `old` is the older record's text.
///
/// A unit whose content is as it was stands as it stood. What belongs to units and groups that the
/// article no longer has goes with them.
#[must_use]
pub fn write_over(old: &str, article: &Article, target: &Lang, options: &WriteOptions) -> String {
    // Git and editors may have changed the ends of lines.
    let old = old
        .strip_prefix('\u{feff}')
        .unwrap_or(old)
        .replace("\r\n", "\n");
    let kept = keep::Kept::of(&old, target, options);
    write::write_over(article, target, options, kept.as_ref())
}

/// The id of the group that stands in a file without text: the standard wants one.
const EMPTY: &str = "empty";

/// Names of duizhao's own metadata.
mod names {
    pub(super) const ARTICLE: &str = "article";
    pub(super) const BLOCK: &str = "block";
    pub(super) const TARGET: &str = "target";
    pub(super) const PROVENANCE: &str = "provenance";
    pub(super) const EXPORT: &str = "export";
    pub(super) const COVERED_BY: &str = "covered-by";
    pub(super) const TYPE_PREFIX: &str = "duizhao:";
    pub(super) const OBSOLETE: &str = "duizhao:obsolete";
}

/// The name that the metadata give to a step of a target's history.
fn origin_name(origin: Origin) -> String {
    match origin {
        Origin::Drafted => "drafted".to_owned(),
        Origin::Memory(score) => format!("memory:{score}"),
        Origin::Aligned(score) => format!("aligned:{score}"),
        Origin::Edited => "edited".to_owned(),
        Origin::Reviewed => "reviewed".to_owned(),
        Origin::Copied => "copied".to_owned(),
        Origin::Carried => "carried".to_owned(),
    }
}

fn origin_from_name(name: &str) -> Option<Origin> {
    match name {
        "drafted" => Some(Origin::Drafted),
        "edited" => Some(Origin::Edited),
        "reviewed" => Some(Origin::Reviewed),
        "copied" => Some(Origin::Copied),
        "carried" => Some(Origin::Carried),
        _ => {
            let (name, score) = name.split_once(':')?;
            let score = score.parse().ok()?;
            match name {
                "memory" => Some(Origin::Memory(score)),
                "aligned" => Some(Origin::Aligned(score)),
                _ => None,
            }
        }
    }
}
