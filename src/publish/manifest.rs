//! `manifest.json`: what a build made, and from what.

use std::fmt;
use std::io;
use std::str::FromStr;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use sha2::Sha256;

/// The list of a build's files, with what tells whether they are up to date. `F` is how the list is
/// held: [`Files`], or what is written as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest<F = Files> {
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
    pub files: F,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct File<'a> {
    /// The path below `build/`, with `/` between folders.
    pub name: &'a str,
    /// What it is.
    #[serde(flatten)]
    pub facts: Facts,
}

/// What is known of a file beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256.
    pub sha256: Digest,
    /// SHA-256 over everything that this file was made from; none where it is made each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Digest>,
}

impl Facts {
    /// Those of a file of these bytes that was made from what `from` is a digest of.
    #[must_use]
    pub fn of(from: Option<Digest>, bytes: &[u8]) -> Self {
        let mut sum = Sum::default();
        sum.add(bytes);
        sum.facts(from)
    }
}

/// Many files, in little memory: a large build has ten for each article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The names one after the other.
    names: String,
    /// Where each name ends, and what is known of the file.
    files: Vec<(usize, Facts)>,
}

impl Files {
    /// Adds a file.
    pub fn push(&mut self, name: &str, facts: Facts) {
        self.names.push_str(name);
        self.files.push((self.names.len(), facts));
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file in this place, counted from 0.
    ///
    /// # Panics
    /// Where there are not so many.
    #[must_use]
    pub fn get(&self, at: usize) -> File<'_> {
        let begin = at.checked_sub(1).map_or(0, |before| self.files[before].0);
        let (end, facts) = self.files[at];
        File {
            name: &self.names[begin..end],
            facts,
        }
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = File<'_>> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Of files that are sorted by name, the place of the first whose name is not before this one.
    #[must_use]
    pub fn place_of(&self, name: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).name < name {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The place of a file in files that are sorted by name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        let at = self.place_of(name);
        (at < self.len() && self.get(at).name == name).then_some(at)
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Takes only a list that is sorted by name and has none twice.
impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Read {
            name: String,
            size: u64,
            sha256: Digest,
            #[serde(default)]
            from: Option<Digest>,
        }

        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Files;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of files, sorted by name")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Files, A::Error> {
                let mut files = Files::default();
                while let Some(read) = list.next_element::<Read>()? {
                    let before = files.len().checked_sub(1).map(|at| files.get(at).name);
                    if before.is_some_and(|name| name >= read.name.as_str()) {
                        return Err(serde::de::Error::custom("the files are not sorted by name"));
                    }
                    let facts = Facts {
                        size: read.size,
                        sha256: read.sha256,
                        from: read.from,
                    };
                    files.push(&read.name, facts);
                }
                Ok(files)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

/// A SHA-256, which is written in hexadecimal. A large build has many thousands of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&hex).unwrap_or_default())
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

impl<F: Serialize> Manifest<F> {
    /// Writes the manifest as JSON.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}

impl Manifest {
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

    /// What is known of a file of these bytes.
    #[must_use]
    pub fn facts(self, from: Option<Digest>) -> Facts {
        Facts {
            size: self.size,
            sha256: self.digest(),
            from,
        }
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
        let from = Some(Sum::default().digest());
        let mut manifest: Manifest = Manifest::default();
        manifest.files.push("a", Facts::of(None, b"one"));
        manifest.files.push("b/c", Facts::of(from, b"two"));
        let mut json = Vec::new();
        manifest.write(&mut json).unwrap();
        assert_eq!(Manifest::read(json.as_slice()), Some(manifest.clone()));
        for wrong in ["", "é".repeat(32).as_str(), "0g".repeat(32).as_str()] {
            assert!(wrong.parse::<Digest>().is_err());
        }
        manifest.files.push("b", Facts::of(None, b"three"));
        json.clear();
        manifest.write(&mut json).unwrap();
        assert_eq!(Manifest::read(json.as_slice()), None, "not sorted");
    }

    #[test]
    fn files_are_found_by_name() {
        let mut files = Files::default();
        for name in ["a", "b/1", "b/2", "d"] {
            files.push(name, Facts::of(None, name.as_bytes()));
        }
        assert_eq!(files.get(2).facts, Facts::of(None, b"b/2"));
        for (at, file) in files.iter().enumerate() {
            assert_eq!(files.find(file.name), Some(at));
        }
        assert_eq!(["", "b/", "c"].map(|name| files.find(name)), [None; 3]);
        assert_eq!(["", "b/", "e"].map(|name| files.place_of(name)), [0, 1, 4]);
    }
}
