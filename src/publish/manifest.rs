//! `manifest.json`: what a build made, and from what.

use std::borrow::Borrow;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use sha2::Sha256;

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
    pub files: Vec<Listed>,
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
    /// The SHA-256.
    pub sha256: Digest,
    /// SHA-256 over everything that this file was made from; none where it is made each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Digest>,
}

/// A SHA-256, which is written in hexadecimal. A large build has many thousands of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(hex: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a SHA-256 has 64 hexadecimal digits";
        let digits: &[u8; 64] = hex.as_bytes().try_into().map_err(|_| WRONG)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or(WRONG);
            *byte = u8::try_from(digit(0)? * 16 + digit(1)?).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        hex.parse().map_err(serde::de::Error::custom)
    }
}

/// A file that the lists of two builds share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed(Arc<File>);

impl From<File> for Listed {
    fn from(file: File) -> Self {
        Self(Arc::new(file))
    }
}

impl Deref for Listed {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

/// Files are found by their names, by which they are sorted.
impl Borrow<str> for Listed {
    fn borrow(&self) -> &str {
        &self.name
    }
}

impl Serialize for Listed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        File::deserialize(deserializer).map(Self::from)
    }
}

impl File {
    /// The entry for a file of these bytes that was made from what `from` is a digest of.
    #[must_use]
    pub fn of(name: &str, from: Option<Digest>, bytes: &[u8]) -> Self {
        let mut sum = Sum::default();
        sum.add(bytes);
        Self {
            name: name.to_owned(),
            size: sum.size(),
            sha256: sum.digest(),
            from,
        }
    }
}

impl Manifest {
    /// Writes the manifest as JSON.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }

    /// Reads what [`Manifest::write`] wrote; none where it is something else.
    #[must_use]
    pub fn read(json: impl io::Read) -> Option<Self> {
        serde_json::from_reader(io::BufReader::new(json)).ok()
    }
}

/// The SHA-256 of byte strings one after the other, in hexadecimal.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut sum = Sum::default();
    for part in parts {
        sum.add(part);
    }
    sum.digest().to_string()
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

    /// How many bytes there were so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The digest.
    #[must_use]
    pub fn digest(self) -> Digest {
        Digest(self.hasher.finalize().into())
    }
}

impl io::Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let manifest = Manifest {
            files: vec![
                File::of("a", None, b"one").into(),
                File::of("b", Some(Sum::default().digest()), b"two").into(),
            ],
            ..Manifest::default()
        };
        let mut json = Vec::new();
        manifest.write(&mut json).unwrap();
        assert_eq!(Manifest::read(json.as_slice()), Some(manifest));
        for wrong in ["", "é".repeat(32).as_str(), "0g".repeat(32).as_str()] {
            assert!(wrong.parse::<Digest>().is_err());
        }
    }
}
