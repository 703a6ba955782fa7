//! The file's text against the clean text, block by block, as a unified diff shows it.

use std::fmt::Write as _;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use duizhao::model::{Article, Block, restore};

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
const LOST: Style = AnsiColor::Red.on_default().bold().invert();
const MADE: Style = AnsiColor::Green.on_default().bold().invert();

/// Writes the difference; blocks that cleaning left alone are context lines.
pub fn write(out: &mut impl Write, articles: impl Iterator<Item = Article>) -> anyhow::Result<()> {
    for article in articles {
        writeln!(out, "--- {}", article.original)?;
        writeln!(out, "+++ {} (clean)", article.id)?;
        for block in &article.blocks {
            let (first, last) = (block.lines.first, block.lines.last);
            writeln!(
                out,
                "{PLACE}@@ -{first},{} {} {} @@{PLACE:#}",
                last - first + 1,
                block.id,
                block.kind.name()
            )?;
            write_block(out, block)?;
        }
    }
    Ok(())
}

fn write_block(out: &mut impl Write, block: &Block) -> anyhow::Result<()> {
    let clean = block.text();
    if block.repairs.is_empty() {
        writeln!(out, " {clean}")?;
        return Ok(());
    }
    debug_assert!(
        !restore(&clean, &block.repairs).is_empty(),
        "a repair keeps what it replaces"
    );
    let (mut old, mut new) = (String::new(), String::new());
    let mut chars = clean.chars();
    let mut at = 0;
    for repair in &block.repairs {
        let kept: String = chars.by_ref().take(repair.at.saturating_sub(at)).collect();
        old.push_str(&kept);
        new.push_str(&kept);
        let length = repair.after.chars().count();
        at = repair.at + chars.by_ref().take(length).count();
        if !repair.before.is_empty() {
            let _ = write!(old, "{LOST}{}{LOST:#}{OLD}", repair.before);
        }
        if !repair.after.is_empty() {
            let _ = write!(new, "{MADE}{}{MADE:#}{NEW}", repair.after);
        }
    }
    let rest = chars.as_str();
    old.push_str(rest);
    new.push_str(rest);
    for line in old.split('\n') {
        writeln!(out, "{OLD}-{line}{OLD:#}")?;
    }
    writeln!(out, "{NEW}+{new}{NEW:#}")?;
    Ok(())
}
