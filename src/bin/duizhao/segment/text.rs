//! The segmentation for a person: each block with what was changed and doubted in it.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use duizhao::model::{Article, Block, Repair};

use crate::output;

const TITLE: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CHANGED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default().strikethrough();
const DOUBTED: Style = AnsiColor::Yellow.on_default().bold();

/// Characters of context on each side of a change.
const CONTEXT: usize = 8;

/// Writes the report.
pub fn write(out: &mut impl Write, articles: impl Iterator<Item = Article>) -> anyhow::Result<()> {
    for article in articles {
        writeln!(out, "{TITLE}{}  {}{TITLE:#}", article.id, article.title())?;
        if let Some(byline) = article.byline() {
            writeln!(out, "{DIM}{byline}{DIM:#}")?;
        }
        for block in &article.blocks {
            write_block(out, block)?;
        }
        summary(out, &article)?;
    }
    Ok(())
}

fn write_block(out: &mut impl Write, block: &Block) -> anyhow::Result<()> {
    let lines = if block.lines.first == block.lines.last {
        format!("line {}", block.lines.first)
    } else {
        format!("lines {}-{}", block.lines.first, block.lines.last)
    };
    writeln!(
        out,
        "\n{DIM}{} {} ({lines}){DIM:#}",
        block.id,
        block.kind.name()
    )?;
    for segment in &block.segments {
        writeln!(
            out,
            "  {DIM}{:>4}{DIM:#} {}",
            segment.id.as_str(),
            segment.source.text()
        )?;
    }
    if block.repairs.is_empty() && block.suspects.is_empty() {
        return Ok(());
    }
    let text: Vec<char> = block.text().chars().collect();
    // Marks made full width are many and dull: they are counted, all else is shown in context.
    let dull = |repair: &&Repair| {
        matches!(
            repair.rule.as_str(),
            "punctuation.width" | "punctuation.quote"
        )
    };
    for repair in block.repairs.iter().filter(|repair| !dull(repair)) {
        let (left, right) = context(&text, repair.at, repair.after.chars().count());
        let before = shortened(visible(&repair.before));
        let after = visible(&repair.after);
        writeln!(
            out,
            "       {DIM}{:<22} line {:<5}{DIM:#} {left}{REMOVED}[{before}]{REMOVED:#}{CHANGED}[{after}]{CHANGED:#}{right}",
            repair.rule, repair.line
        )?;
    }
    let count = block.repairs.iter().filter(dull).count();
    if count > 0 {
        writeln!(
            out,
            "       {DIM}punctuation            {count} marks made full width or directed{DIM:#}"
        )?;
    }
    for suspect in &block.suspects {
        let (left, right) = context(&text, suspect.at, suspect.as_read.chars().count());
        let suggestion = suspect
            .suggestion
            .as_ref()
            .map(|text| format!(" → {text}"))
            .unwrap_or_default();
        writeln!(
            out,
            "       {DOUBTED}{:<22}{DOUBTED:#} {DIM}line {:<5}{DIM:#} {left}{DOUBTED}{}{DOUBTED:#}{right}{suggestion}  {DIM}{:.0} %, {}{DIM:#}",
            suspect.rule,
            suspect.line,
            suspect.as_read,
            suspect.confidence * 100.0,
            suspect.message
        )?;
    }
    Ok(())
}

/// The text on either side of what stands at `at`.
fn context(text: &[char], at: usize, length: usize) -> (String, String) {
    let at = at.min(text.len());
    let end = (at + length).min(text.len());
    let left = text[at.saturating_sub(CONTEXT)..at].iter().collect();
    let right = text[end..(end + CONTEXT).min(text.len())].iter().collect();
    (left, right)
}

/// The beginning of a long text, and how long it is.
fn shortened(text: String) -> String {
    const LONGEST: usize = 80;
    const SHOWN: usize = 60;
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}… ({length} characters)")
}

/// White space as a person can see it.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '␣',
            '\n' => '⏎',
            '\u{3000}' => '□',
            '\t' => '⇥',
            c => c,
        })
        .collect()
}

fn summary(out: &mut impl Write, article: &Article) -> anyhow::Result<()> {
    let blocks = &article.blocks;
    let count = |rule: &str| {
        blocks
            .iter()
            .flat_map(|block| &block.repairs)
            .filter(|repair| repair.rule == rule)
            .count()
    };
    let repairs: usize = blocks.iter().map(|block| block.repairs.len()).sum();
    let suspects: usize = blocks.iter().map(|block| block.suspects.len()).sum();
    writeln!(
        out,
        "\n{TITLE}{}: {}, {}; {} joined, {} split off, {} in all, {}{TITLE:#}\n",
        article.id,
        output::count(blocks.len(), "block"),
        output::count(article.segments().count(), "sentence"),
        output::count(count("line.join"), "line"),
        count("line.split"),
        output::count(repairs, "repair"),
        output::count(suspects, "suspect"),
    )?;
    Ok(())
}
