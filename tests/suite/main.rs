//! The integration tests, one binary.

mod translate;
mod xliff;
