//! `manifest.json`: what a build made, and from what.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The list of a build's files, with what tells whether they are up to date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program and its version.
    pub generator: String,
    /// SHA-256 over everything that the files depend on.
    pub inputs: String,
    /// The engine that `duizhao.toml` names.
    pub engine: String,
    /// How many articles, sentences and translated sentences there are.
    pub counts: Counts,
    /// What a person should know, again when nothing had to be done.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The files, sorted by name; this one is not among them.
    pub files: Vec<File>,
}

/// Numbers over the whole workspace; targets are counted in each language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Sentences.
    pub segments: usize,
    /// Sentences with a translation, summed over the languages.
    pub translated: usize,
    /// Sentences without a translation, summed over the languages.
    pub missing: usize,
    /// Sentences that a person approved, summed over the languages.
    pub reviewed: usize,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct File {
    /// The path below `build/`, with `/` between folders.
    pub name: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 in hexadecimal.
    pub sha256: String,
    /// SHA-256 over everything that this file was made from; empty where it is made each time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
}

impl File {
    /// The entry for a file of these bytes that was made from what `from` is a digest of.
    #[must_use]
    pub fn of(name: &str, from: String, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            size: bytes.len() as u64,
            sha256: sha256(&[bytes]),
            from,
        }
    }
}

impl Manifest {
    /// The manifest as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[expect(clippy::expect_used, reason = "strings and numbers are always JSON")]
        let json = serde_json::to_string_pretty(self).expect("strings and numbers are JSON");
        json + "\n"
    }

    /// Reads what [`Manifest::to_json`] wrote; none where it is something else.
    #[must_use]
    pub fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

/// The SHA-256 of byte strings one after the other, in hexadecimal.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut sum = Sum::default();
    for part in parts {
        sum.add(part);
    }
    sum.hex()
}

/// The SHA-256 of bytes that come in parts.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    hasher: Sha256,
    size: u64,
}

impl Sum {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
    }

    /// How many bytes there were.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The digest in hexadecimal.
    #[must_use]
    pub fn hex(self) -> String {
        let digest = self.hasher.finalize();
        digest
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }
}
