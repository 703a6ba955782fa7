//! Makes the trie of `lexicon/words.txt`, which the program holds as it is: nothing has to be read
//! when it starts.
//!
//! A word's value is its part of speech, an index into the sorted list of all, in the low six bits,
//! and above it the natural logarithm of its frequency in steps of 2⁻²⁰. `src/clean/lexicon.rs`
//! reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use yada::builder::DoubleArrayBuilder;

const WORDS: &str = "lexicon/words.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={WORDS}");
    let text = fs::read_to_string(WORDS)?;
    let mut words = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = || {
            format!(
                "{WORDS}, line {}: not a word, frequency and tag",
                number + 1
            )
        };
        let fields: Vec<&str> = line.split(' ').collect();
        let [word, frequency, tag] = fields[..] else {
            return Err(wrong().into());
        };
        let frequency: u32 = frequency.parse().map_err(|_| wrong())?;
        if word.is_empty() || word.contains('\0') || !(1..1 << 23).contains(&frequency) {
            return Err(wrong().into());
        }
        if words.insert(word.as_bytes(), (frequency, tag)).is_some() {
            return Err(format!("{WORDS}, line {}: {word} stands twice", number + 1).into());
        }
    }
    let tags: BTreeSet<&str> = words.values().map(|&(_, tag)| tag).collect();
    let tags: Vec<&str> = tags.into_iter().collect();
    if tags.len() > 64 {
        return Err(format!("{WORDS}: more than 64 tags").into());
    }
    let mut keys = Vec::with_capacity(words.len());
    for (word, (frequency, tag)) in words {
        let tag = u32::try_from(
            tags.binary_search(&tag)
                .map_err(|_| "a tag is not listed")?,
        )?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "ln 2²³ is below 16, so that it has 24 bits"
        )]
        let logarithm = (f64::from(frequency).ln() * f64::from(1 << 20)).round() as u32;
        keys.push((word, tag | logarithm << 6));
    }
    let trie = DoubleArrayBuilder::build(&keys).ok_or("the trie cannot be built")?;
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo tells a build script in the environment where to write"
    )]
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("words.trie"), trie)?;
    let mut list = String::from("[");
    for tag in tags {
        write!(list, "{tag:?}, ")?;
    }
    list.push(']');
    fs::write(Path::new(&folder).join("tags.rs"), list)?;
    Ok(())
}
