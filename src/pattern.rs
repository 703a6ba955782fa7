//! Regular expressions that are constants of the code.

use std::ops::Deref;
use std::sync::OnceLock;

use regex::Regex;

/// A regular expression that is compiled when it is first used.
///
/// A file that has some has a test that uses each ([`Pattern::compile`]), so that one that is none
/// fails there and switches no rule off in silence.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: &'static str,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// A pattern in the syntax of the crate `regex`.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// The expression, ready for use.
    pub(crate) fn compile(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            #[expect(
                clippy::expect_used,
                reason = "patterns are constants, and a test of each file compiles them"
            )]
            Regex::new(self.text).expect("a constant pattern is a regular expression")
        })
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        self.compile()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_regular_expression() {
        static PATTERN: Pattern = Pattern::new(r"^\d{4}年$");
        assert!(PATTERN.is_match("2019年") && !PATTERN.is_match("19年"));
    }

    #[test]
    #[should_panic(expected = "a constant pattern is a regular expression")]
    fn a_bad_pattern_is_no_rule_that_never_applies() {
        let _ = Pattern::new("(").compile();
    }
}
