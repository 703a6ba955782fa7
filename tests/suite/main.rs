//! The integration tests, one binary.

mod xliff;
