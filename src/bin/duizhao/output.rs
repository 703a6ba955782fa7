//! Printing: reports to stdout, everything else to stderr.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use duizhao::align::revision::Changes;
use duizhao::translate::engine::Usage;

/// Bold red, for what stops the run.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Yellow, for what a person should look at.
pub const WARNING: Style = AnsiColor::Yellow.on_default();
/// Green, for what went well.
pub const GOOD: Style = AnsiColor::Green.on_default();

/// Standard output, without colours where it is no terminal or `NO_COLOR` is set.
pub fn stdout() -> impl Write {
    anstream::stdout()
}

/// A count with its noun: `1 sentence`, `2 sentences`.
pub fn count<N: Copy + std::fmt::Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// What became of the sentences of an article that are not as before: `2 added, 1 gone`.
pub fn changes(changes: &Changes) -> String {
    let parts = [
        (changes.added, "added"),
        (changes.changed, "changed"),
        (changes.carried, "repaired, translation kept for review"),
        (changes.moved, "moved"),
        (changes.revived, "back again"),
        (changes.gone, "gone"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// What a sum of usage and cost needs to have said of it where services did not count.
pub fn estimate(usage: &Usage) -> String {
    match usage.estimated {
        0 => String::new(),
        all if all == usage.requests => {
            " at most (the service did not say what was used)".to_owned()
        }
        some => format!(
            " at most (for {} the service did not say what was used)",
            count(some, "request")
        ),
    }
}

/// Prints a line to stderr. A closed stderr loses it, which nobody can be told.
pub fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints a warning to stderr.
pub fn warn(line: &str) {
    say(&format!("{WARNING}warning:{WARNING:#} {line}"));
}

/// Prints an error with its causes to stderr.
pub fn error(error: &anyhow::Error) {
    say(&format!("{ERROR}error:{ERROR:#} {error:#}"));
    if is_io(error, std::io::ErrorKind::StorageFull) {
        say("free some space and run the same command again; what was answered is not lost");
    }
}

/// Whether an error of the system lies behind this one.
fn is_io(error: &anyhow::Error, kind: std::io::ErrorKind) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
            // serde_json hides the error of the writer in its own.
            .or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind())
            == Some(kind)
    })
}

/// Whether the reader of our output went away, as `head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    is_io(error, std::io::ErrorKind::BrokenPipe)
}
