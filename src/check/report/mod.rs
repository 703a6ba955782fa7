//! Reports of findings.
