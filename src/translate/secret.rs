//! Keys of engines. Read by the binary, shown by nobody.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A key that no log, error or debug output shows. The binary reads it from the environment, a
/// file or a command; the library never does.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a key; white space at its ends (a file's last line break) is no part of it.
    /// None where nothing is left.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        (!key.is_empty()).then(|| Self(key.to_owned()))
    }

    /// The key itself, for the header of a request.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the key taken out: servers repeat a wrong key in the
    /// message of their error.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(&self.0, "[key]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([key])")
    }
}

/// Says what the key of an engine is, if there is one, or why it can't be had.
pub type KeySource = dyn Fn(&str) -> Result<Option<Secret>, String> + Send + Sync;

/// The keys that a run may use, by the name of the engine.
#[derive(Clone, Default)]
pub struct Keys {
    known: BTreeMap<String, Secret>,
    source: Option<Arc<KeySource>>,
}

impl Keys {
    /// Keys that are asked for when they are needed: a run that has nothing to send needs none.
    #[must_use]
    pub fn from_source(source: Arc<KeySource>) -> Self {
        Self {
            known: BTreeMap::new(),
            source: Some(source),
        }
    }

    /// Adds the key of an engine; a later one takes the place of an earlier one.
    pub fn insert(&mut self, engine: &str, key: Secret) {
        self.known.insert(engine.to_owned(), key);
    }

    /// The key of this engine. The error says why it can't be had.
    pub fn get(&self, engine: &str) -> Result<Option<Secret>, String> {
        match (self.known.get(engine), &self.source) {
            (Some(key), _) => Ok(Some(key.clone())),
            (None, Some(source)) => source(engine),
            (None, None) => Ok(None),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.known).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_a_key() {
        let secret = Secret::new(" sk-abc\n").unwrap();
        let mut keys = Keys::default();
        keys.insert("openai", secret.clone());
        assert!(!format!("{secret:?} {keys:?}").contains("abc"));
        assert_eq!(secret.redact("bad key sk-abc."), "bad key [key].");
        assert!(Secret::new("\n").is_none());
    }
}
