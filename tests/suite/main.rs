//! The integration tests, one binary.

mod merge;
mod xliff;
