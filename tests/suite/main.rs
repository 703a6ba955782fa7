//! The integration tests, one binary. `project` makes workspaces and finds peers; each other
//! module tells the story of one part, with its fixtures beside it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "a test stops where something is wrong, says what it skips, and reads where its peers \
              are from the environment"
)]

mod align;
mod check;
mod damage;
mod epub;
mod errors;
mod glossary;
mod journal;
mod merge;
mod project;
mod publish;
mod rebuild;
mod record;
mod returns;
mod segment;
mod tables;
mod together;
mod translate;
mod update;
mod web;
mod xliff;
