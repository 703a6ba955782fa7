//! A book's pairs as TMX: written article by article, and what the last build wrote of an article
//! that is as it was is copied.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::output::{Output, key};
use super::tool;
use crate::model::{Lang, State};
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::tmx::{Tmx, TmxWriter};
use crate::workspace::write_if_changed;

/// Where the articles stand in a file that was made, kept in `.duizhao/memory/`; safe to delete.
#[derive(Serialize, Deserialize)]
struct Parts {
    /// SHA-256 of the file.
    file: String,
    /// How many bytes stand before the first article.
    head: u64,
    /// For each article in order a digest of what its part was made from, and the part's length.
    parts: Vec<(String, u64)>,
    /// [`Parts::sum`] when it was written.
    sum: String,
}

impl Parts {
    /// A digest of the rest.
    fn sum(&self) -> String {
        let parts = self.parts.iter();
        let parts = parts.map(|(digest, length)| format!("{digest} {length}"));
        let all: Vec<String> = [self.file.clone(), self.head.to_string()]
            .into_iter()
            .chain(parts)
            .collect();
        key(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn path(library: &Library, book: &str) -> PathBuf {
        let name = format!("memory/{}.json", key(&[book]));
        library.state_dir.join(name)
    }

    /// Start and length of each part of the last build's file, where that is intact.
    fn of_last(
        path: &std::path::Path,
        name: &str,
        output: &Output<'_>,
    ) -> HashMap<String, (u64, u64)> {
        let known = std::fs::read(path)
            .ok()
            .and_then(|json| serde_json::from_slice::<Self>(&json).ok())
            .filter(|known| known.sum == known.sum())
            .filter(|known| output.digest(name) == Some(known.file.as_str()));
        let mut places = HashMap::new();
        if let Some(known) = known {
            let mut start = known.head;
            for (digest, length) in known.parts {
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
    let mut made = Parts {
        file: String::new(),
        head: 0,
        parts: Vec::with_capacity(articles.len()),
        sum: String::new(),
    };
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
        let head = writer.take();
        stream.write(head.as_bytes())?;
        made.head = head.len() as u64;
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
            made.parts.push((digest, length));
        }
        stream.write(writer.finish().as_bytes())
    })?;
    if let Some(file) = digest {
        made.file = file;
        made.sum = made.sum();
        // Without it the next build only takes longer.
        if let Ok(json) = serde_json::to_vec(&made) {
            let _ = write_if_changed(&path, &json);
        }
    }
    Ok(())
}
