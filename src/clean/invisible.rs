//! Characters that nobody sees and nobody meant: zero-width spaces, soft hyphens, control
//! characters, marks that turn the direction of text round.
//!
//! What a script needs stays: joiners in Arabic, Indic scripts and emoji, zero-width spaces between
//! Thai or Khmer words, marks of direction where text runs from right to left.

use super::rewrite::Rewriter;
use crate::script::is_invisible;

const RULE: &str = "character.invisible";

/// Deals with an invisible character at the writer's position. Says whether there was one.
pub(super) fn write(writer: &mut Rewriter<'_>) -> bool {
    let Some(c) = writer.rest().chars().next().filter(|&c| is_invisible(c)) else {
        return false;
    };
    let length = c.len_utf8();
    let before = writer.raw.text[..writer.pos].chars().next_back();
    let after = writer.rest()[length..].chars().next();
    let beside = |needs: fn(char) -> bool| before.is_some_and(needs) || after.is_some_and(needs);
    let needed = match c {
        '\u{200b}' => beside(has_no_spaces),
        '\u{200c}' | '\u{200d}' => beside(joins),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' => {
            writer.runs_from_right()
        }
        _ => false,
    };
    if needed {
        writer.keep(length);
    } else {
        writer.change(length, "", RULE);
    }
    true
}

/// Scripts that set no spaces between words.
fn has_no_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Scripts and signs in which letters are joined or kept apart.
fn joins(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{18af}' | '\u{2190}'..='\u{2bff}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe0f}' | '\u{fe70}'..='\u{fefc}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a text has letters that run from right to left.
pub(super) fn runs_from_right(text: &str) -> bool {
    text.chars().any(
        |c| matches!(c, '\u{590}'..='\u{61b}' | '\u{61d}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'),
    )
}
