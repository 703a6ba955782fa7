//! A book's pairs as TMX: written article by article, and what the last build wrote of an article
//! that is as it was is copied.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::kept;
use super::output::{Output, key};
use super::tool;
use crate::model::{Lang, State};
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::publish::manifest::Digest;
use crate::tmx::{Tmx, TmxWriter};

/// Where the articles stand in a file that was made, kept in `.duizhao/memory/`; safe to delete.
#[derive(Serialize, Deserialize)]
struct Parts {
    /// SHA-256 of the file.
    file: Digest,
    /// How many bytes stand before the first article.
    head: u64,
    /// For each article in order a digest of what its part was made from, and the part's length.
    articles: Vec<(Digest, u64)>,
}

impl Parts {
    fn path(library: &Library, book: &str) -> PathBuf {
        let name = format!("memory/{}.json", key(&[book]));
        library.state_dir.join(name)
    }

    /// Start and length of each part of the last build's file, where that is intact.
    fn of_last(
        path: &std::path::Path,
        name: &str,
        output: &Output<'_>,
    ) -> HashMap<Digest, (u64, u64)> {
        let known =
            kept::read::<Self>(path).filter(|known| output.digest(name) == Some(known.file));
        let mut places = HashMap::new();
        if let Some(known) = known {
            let mut start = known.head;
            for (digest, length) in known.articles {
                places.insert(digest, (start, length));
                start += length;
            }
        }
        places
    }
}

/// Makes the translated pairs of a book's articles, whoever has read them: translators want them
/// all.
pub(super) fn make(
    book: &str,
    articles: &[&Card],
    lang: &Lang,
    library: &Library,
    output: &Output<'_>,
) -> Result<(), PipelineError> {
    let target = lang.to_string();
    let mut from = vec!["tmx", &target];
    from.extend(articles.iter().map(|card| card.digest.as_str()));
    let name = format!("tmx/{book}.tmx");
    let path = Parts::path(library, book);
    let mut head = 0;
    let mut parts = Vec::with_capacity(articles.len());
    let digest = output.stream(&name, key(&from), |stream| {
        let last = Parts::of_last(&path, &name, output);
        let tool = tool();
        let tool = (tool.name, tool.version);
        let langs: BTreeSet<&Lang> = articles
            .iter()
            .filter_map(|card| card.entries.first())
            .map(|entry| &entry.source)
            .collect();
        let source = langs.first().copied().filter(|_| langs.len() == 1);
        let mut writer = TmxWriter::new(source, &tool);
        let beginning = writer.take();
        stream.write(beginning.as_bytes())?;
        head = beginning.len() as u64;
        for card in articles {
            let digest = key(&["tmx", &target, &card.digest]);
            let length = if let Some(&(start, length)) = last.get(&digest) {
                stream.copy(start, length)?;
                length
            } else {
                let text = library.text(card)?;
                let pairs = Tmx::from_articles([&*text], lang, State::Translated, tool.clone());
                pairs.units.iter().for_each(|unit| writer.add(unit));
                let part = writer.take();
                stream.write(part.as_bytes())?;
                part.len() as u64
            };
            parts.push((digest, length));
        }
        stream.write(writer.finish().as_bytes())
    })?;
    if let Some(file) = digest {
        kept::write(
            &path,
            &Parts {
                file,
                head,
                articles: parts,
            },
        );
    }
    Ok(())
}
