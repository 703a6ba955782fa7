//! The integration tests, one binary. `project` makes workspaces and finds peers; each other
//! module tells the story of one part, with its fixtures beside it.

mod epub;
mod errors;
mod merge;
mod project;
mod publish;
mod translate;
mod update;
mod web;
mod xliff;
