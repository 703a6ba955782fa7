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
        folder(library).join(format!("{}.json", key([book])))
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

fn folder(library: &Library) -> PathBuf {
    library.state_dir.join("memory")
}

/// Removes what is kept of books that are gone.
pub(super) fn forget<'a>(library: &Library, books: impl Iterator<Item = &'a str>) {
    let wanted: BTreeSet<PathBuf> = books.map(|book| Parts::path(library, book)).collect();
    for entry in std::fs::read_dir(folder(library))
        .into_iter()
        .flatten()
        .flatten()
    {
        let path = entry.path();
        let ours = path
            .extension()
            .is_some_and(|extension| extension == "json");
        if ours && !wanted.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
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
    let digests = articles.iter().map(|card| card.digest.to_string());
    let from = key(["tmx".to_owned(), target.clone()]
        .into_iter()
        .chain(digests));
    let name = format!("tmx/{book}.tmx");
    let path = Parts::path(library, book);
    let mut head = 0;
    let mut parts = Vec::with_capacity(articles.len());
    let digest = output.stream(&name, Some(from), |stream| {
        let last = Parts::of_last(&path, &name, output);
        let tool = tool();
        let tool = (tool.name, tool.version);
        let langs: BTreeSet<&Lang> = articles.iter().map(|card| &card.lang).collect();
        let source = langs.first().copied().filter(|_| langs.len() == 1);
        let mut writer = TmxWriter::new(source, &tool);
        let beginning = writer.take();
        stream.write(beginning.as_bytes())?;
        head = beginning.len() as u64;
        for card in articles {
            let digest = key(["tmx", &target, &card.digest.to_string()]);
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
