//! The index of the web edition's search, made in bounded memory: terms are sorted in runs that lie
//! on the disk, and merged. What the last build's index has of articles that are as they were is
//! one more run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::kept;
use super::output::{Output, key};
use super::web::{Page, WebPlan};
use crate::pipeline::PipelineError;
use crate::pipeline::library::Library;
use crate::pipeline::parallel::each;
use crate::publish::manifest::Digest;
use crate::publish::web::search::{
    Term, names, read_shard, shard, shard_name, shard_of, shards, shards_in_order, terms,
};
use crate::workspace::WorkspaceError;

/// How many terms of articles are sorted in memory at once: some 10 MB.
const RUN: usize = 300_000;
/// How many runs are merged at once; each is an open file.
const RUNS: usize = 64;
/// How many articles are cut into terms at once.
const PORTION: usize = 64;

/// Where the index lies, below `build/`.
const FOLDER: &str = "web/search/";

/// A term and the articles that have it.
type Posting = (Term, Vec<u32>);
type Postings<'a> = Box<dyn Iterator<Item = Result<Posting, PipelineError>> + 'a>;

/// What the last build's index was made from, kept in `.duizhao/search.json`.
#[derive(Serialize, Deserialize)]
struct Record {
    /// What its files are made from.
    from: Digest,
    /// How many files it has.
    files: usize,
    shards: u32,
    /// Of each article, in order, a digest of what its terms are made from, and their number.
    articles: Vec<(Digest, u32)>,
}

/// Makes the index of the site's pages.
pub(super) fn make(
    site: &WebPlan<'_>,
    library: &Library,
    output: &Output<'_>,
) -> Result<(), PipelineError> {
    let mut articles: Vec<(Digest, u32)> = Vec::with_capacity(site.pages().len());
    for page in site.pages() {
        let (target, text) = (site.target(page), page.card.digest);
        let digest = key(["terms", &target.to_string(), &text.to_string()]);
        articles.push((digest, 0));
    }
    let parts = site.pages().iter().zip(&articles);
    let parts = parts.flat_map(|(page, (digest, _))| [site.entry(page).href, digest.to_string()]);
    let from = key(std::iter::once("search".to_owned()).chain(parts));
    let path = library.state_dir.join("search.json");
    let last = kept::read::<Record>(&path)
        .filter(|last| output.count_below(FOLDER, last.from) == last.files);
    if let Some(last) = last.as_ref().filter(|last| last.from == from) {
        output.keep_below(FOLDER, last.from);
        return Ok(());
    }
    let known = last.as_ref().map_or(&[][..], |last| &last.articles);
    let mut by_digest: Vec<u32> = (0..).zip(known).map(|(number, _)| number).collect();
    by_digest.sort_unstable_by_key(|&number| known[number as usize].0);
    let before = |digest: &Digest| {
        let found = by_digest.binary_search_by_key(digest, |&number| known[number as usize].0);
        found.ok().map(|at| by_digest[at] as usize)
    };
    let mut runs = Runs::new(&library.state_dir);
    let mut moved: Vec<Option<u32>> = vec![None; known.len()];
    let mut fresh: Vec<(u32, &Page<'_>)> = Vec::new();
    for ((number, page), (digest, count)) in (0..).zip(site.pages()).zip(&mut articles) {
        if let Some(before) = before(digest) {
            moved[before] = Some(number);
            *count = known[before].1;
        } else {
            fresh.push((number, page));
        }
    }
    for portion in fresh.chunks(PORTION) {
        let found = each(portion, |(_, page)| {
            Ok(terms(&*library.text(page.card)?, site.target(page)))
        })?;
        for ((number, _), found) in portion.iter().zip(found) {
            articles[*number as usize].1 = u32::try_from(found.len()).unwrap_or(u32::MAX);
            runs.add(*number, &found)?;
        }
    }
    let mut merged = runs.finish();
    if let Some(last) = &last {
        merged.push(Box::new(of_last(last.shards, &moved, output, &path)));
    }
    let mut record = Record {
        files: 0,
        shards: shards(articles.iter().map(|(_, count)| *count as usize).sum()),
        articles,
        from,
    };
    write(merge(merged)?, &record, output)?;
    let entries = site.pages().iter().map(|page| site.entry(page));
    record.files = record.shards as usize;
    for (name, text) in names(entries, record.shards) {
        let name = format!("web/{name}");
        output.write(&name, Some(record.from), text.as_bytes())?;
        record.files += 1;
    }
    kept::write(&path, &record);
    Ok(())
}

/// Writes the files of terms, one after the other.
fn write(
    postings: impl Iterator<Item = Result<Posting, PipelineError>>,
    record: &Record,
    output: &Output<'_>,
) -> Result<(), PipelineError> {
    let mut postings = postings.peekable();
    for number in shards_in_order(record.shards) {
        let mut of_file = Vec::new();
        while let Some(posting) = postings.next_if(|posting| {
            let term = posting.as_ref().map(|(term, _)| *term);
            term.map_or(true, |term| shard_of(term, record.shards) == number)
        }) {
            of_file.push(posting?);
        }
        let name = format!("web/{}", shard_name(number));
        output.write(&name, Some(record.from), shard(of_file).as_bytes())?;
    }
    Ok(())
}

/// The postings of the last build's index, in order, with the numbers that articles have now;
/// those that are gone or made anew are left out.
fn of_last<'a>(
    shards: u32,
    moved: &'a [Option<u32>],
    output: &'a Output<'_>,
    record: &'a Path,
) -> impl Iterator<Item = Result<Posting, PipelineError>> + 'a {
    let read = move |number: u32| -> Result<Vec<Posting>, PipelineError> {
        let json = output.read_last(&format!("web/{}", shard_name(number)));
        let Some(mut postings) = json.and_then(|json| read_shard(&json)) else {
            // The next try is made from nothing.
            let _ = std::fs::remove_file(record);
            return Err(PipelineError::Kept(record.to_owned()));
        };
        for (_, numbers) in &mut postings {
            let now = |number: &u32| moved.get(*number as usize).copied().flatten();
            *numbers = numbers.iter().filter_map(now).collect();
        }
        postings.retain(|(_, numbers)| !numbers.is_empty());
        postings.sort_unstable_by_key(|(term, _)| (term.order(), *term));
        Ok(postings)
    };
    shards_in_order(shards).flat_map(move |number| match read(number) {
        Ok(postings) => postings.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error)],
    })
}

/// Terms that are sorted in memory, and on the disk where they are many.
struct Runs<'a> {
    folder: &'a Path,
    /// Place in the order, term, and number of the article.
    open: Vec<(u32, Term, u32)>,
    closed: Vec<File>,
}

impl<'a> Runs<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            open: Vec::new(),
            closed: Vec::new(),
        }
    }

    fn add(&mut self, number: u32, terms: &[Term]) -> Result<(), PipelineError> {
        if !self.open.is_empty() && self.open.len() + terms.len() > RUN {
            self.spill()?;
        }
        let open = terms.iter().map(|term| (term.order(), *term, number));
        self.open.extend(open);
        Ok(())
    }

    /// Puts what is in memory on the disk.
    fn spill(&mut self) -> Result<(), PipelineError> {
        let open = grouped(std::mem::take(&mut self.open));
        let run = self.close(open)?;
        self.closed.push(run);
        if self.closed.len() == RUNS {
            let closed = std::mem::take(&mut self.closed);
            let run = self.close(merge(self.read(closed))?)?;
            self.closed.push(run);
        }
        Ok(())
    }

    fn finish(mut self) -> Vec<Postings<'a>> {
        let closed = std::mem::take(&mut self.closed);
        let mut runs = self.read(closed);
        runs.push(Box::new(grouped(std::mem::take(&mut self.open))));
        runs
    }

    /// Writes a run: of each term its bytes, the number of articles, and their numbers.
    fn close(
        &self,
        postings: impl Iterator<Item = Result<Posting, PipelineError>>,
    ) -> Result<File, PipelineError> {
        let file = std::fs::create_dir_all(self.folder)
            .and_then(|()| tempfile::tempfile_in(self.folder))
            .map_err(|source| failed(self.folder, source))?;
        let mut out = BufWriter::new(file);
        for posting in postings {
            let (term, numbers) = posting?;
            let mut bytes = Vec::from(term.to_bytes());
            bytes.extend(
                u32::try_from(numbers.len())
                    .unwrap_or(u32::MAX)
                    .to_le_bytes(),
            );
            bytes.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
            let written = out.write_all(&bytes);
            written.map_err(|source| failed(self.folder, source))?;
        }
        let file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error);
        file.and_then(|mut file| file.rewind().map(|()| file))
            .map_err(|source| failed(self.folder, source).into())
    }

    fn read(&self, closed: Vec<File>) -> Vec<Postings<'a>> {
        let folder = self.folder;
        let read = |file| -> Postings<'a> {
            let mut file = BufReader::new(file);
            Box::new(std::iter::from_fn(move || {
                let posting = read_posting(&mut file).transpose()?;
                Some(posting.map_err(|source| failed(folder, source).into()))
            }))
        };
        closed.into_iter().map(read).collect()
    }
}

fn failed(folder: &Path, source: std::io::Error) -> WorkspaceError {
    WorkspaceError::Io {
        path: folder.to_owned(),
        action: "sorting the terms of the search in a temporary file",
        source,
    }
}

/// The next term of a run; none at its end.
fn read_posting(run: &mut impl BufRead) -> std::io::Result<Option<Posting>> {
    if run.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut term = [0; 14];
    run.read_exact(&mut term)?;
    let mut number = || -> std::io::Result<u32> {
        let mut bytes = [0; 4];
        run.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    };
    let count = number()?;
    let numbers = (0..count).map(|_| number()).collect::<Result<_, _>>()?;
    Ok(Some((Term::from_bytes(term), numbers)))
}

/// The postings of these terms, in order.
fn grouped(
    mut terms: Vec<(u32, Term, u32)>,
) -> impl Iterator<Item = Result<Posting, PipelineError>> {
    terms.sort_unstable();
    let mut terms = terms.into_iter().peekable();
    std::iter::from_fn(move || {
        let (_, term, first) = terms.next()?;
        let mut numbers = vec![first];
        while let Some((_, _, number)) = terms.next_if(|(_, other, _)| *other == term) {
            numbers.push(number);
        }
        Some(Ok((term, numbers)))
    })
}

/// Brings runs together, each of which is in order.
fn merge(
    mut runs: Vec<Postings<'_>>,
) -> Result<impl Iterator<Item = Result<Posting, PipelineError>>, PipelineError> {
    /// The next posting of each run that has one, the first in order on top.
    type Heads = BinaryHeap<Reverse<(u32, Term, usize, Vec<u32>)>>;
    fn advance(
        runs: &mut [Postings<'_>],
        run: usize,
        heads: &mut Heads,
    ) -> Result<(), PipelineError> {
        if let Some((term, numbers)) = runs[run].next().transpose()? {
            heads.push(Reverse((term.order(), term, run, numbers)));
        }
        Ok(())
    }
    let mut heads = Heads::new();
    for run in 0..runs.len() {
        advance(&mut runs, run, &mut heads)?;
    }
    Ok(std::iter::from_fn(move || {
        let Reverse((_, term, run, mut numbers)) = heads.pop()?;
        if let Err(error) = advance(&mut runs, run, &mut heads) {
            return Some(Err(error));
        }
        while heads.peek().is_some_and(|Reverse(head)| head.1 == term) {
            if let Some(Reverse((_, _, run, others))) = heads.pop() {
                numbers.extend(others);
                if let Err(error) = advance(&mut runs, run, &mut heads) {
                    return Some(Err(error));
                }
            }
        }
        numbers.sort_unstable();
        Some(Ok((term, numbers)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_on_the_disk_give_what_one_in_memory_gives() {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = [0; 14];
        // More terms than two levels of runs have room for in memory.
        let mut terms_of = |article: u32| -> Vec<Term> {
            let terms = (0..40u32).map(|n| {
                bytes[13] = u8::try_from((article * 7 + n * n) % 90 + 33).unwrap();
                Term::from_bytes(bytes)
            });
            let mut terms: Vec<Term> = terms.collect();
            terms.sort_unstable();
            terms.dedup();
            terms
        };
        let mut runs = Runs::new(dir.path());
        let mut all = Vec::new();
        for article in 0..200 {
            let terms = terms_of(article);
            runs.add(article, &terms).unwrap();
            if article % 2 == 0 {
                runs.spill().unwrap();
            }
            all.extend(terms.into_iter().map(|term| (term.order(), term, article)));
        }
        assert!(!runs.closed.is_empty() && runs.closed.len() <= RUNS);
        let merged: Vec<Posting> = merge(runs.finish()).unwrap().map(Result::unwrap).collect();
        let expected: Vec<Posting> = grouped(all).map(Result::unwrap).collect();
        assert_eq!(merged, expected);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
