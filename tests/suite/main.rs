//! The integration tests, one binary. `project` makes workspaces and finds peers; each other
//! module tells the story of one part, with its fixtures beside it.

mod align;
mod check;
mod epub;
mod errors;
mod glossary;
mod journal;
mod merge;
mod project;
mod publish;
mod returns;
mod segment;
mod translate;
mod update;
mod web;
mod xliff;
