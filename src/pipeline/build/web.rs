//! The web edition: a page for each article, and what lists them.

use std::collections::{BTreeMap, BTreeSet};

use super::BuildOptions;
use super::books::{BookPlan, NINETEEN_EIGHTY};
use super::output::{Output, key};
use super::search;
use crate::model::Lang;
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::pipeline::parallel::Job;
use crate::publish::epub::{authors, identifier, outlets};
use crate::publish::web::{
    ASSETS, ArticlePage, Download, Entry, Site, Volume, article_page, atom, index_pages, opds1,
    opds2, sitemap,
};
use crate::publish::{other_articles, seconds_of};
use crate::workspace::Workspace;

/// The web edition, ready to be made.
pub(super) struct WebPlan<'a> {
    title: BTreeMap<Lang, String>,
    /// What the articles that no book has are listed under.
    others: BTreeMap<Lang, String>,
    address: Option<String>,
    source: &'a Lang,
    target: &'a Lang,
    modified: i64,
    plans: &'a [BookPlan<'a>],
    /// The pages with their books' numbers; within a book they lead to each other in this order.
    pages: Vec<(&'a Card, &'a Entry, usize)>,
}

impl<'a> WebPlan<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        library: &'a Library,
        plans: &'a [BookPlan<'a>],
        options: &BuildOptions,
    ) -> Self {
        let config = workspace.config();
        let first = &config.targets[0];
        let mut pages: Vec<(&Card, &Entry, usize)> = Vec::new();
        let mut seen = BTreeSet::new();
        let of_books = plans.iter().enumerate().flat_map(|(number, plan)| {
            let articles = plan.articles.iter();
            articles.map(move |article| (*article, plan.target, number))
        });
        let in_books: BTreeSet<&str> = plans
            .iter()
            .flat_map(|plan| plan.articles.iter().map(|article| article.id.as_str()))
            .collect();
        let others = library
            .cards
            .iter()
            .filter(|article| !in_books.contains(article.id.as_str()))
            .map(|article| (article, first, plans.len()));
        for (article, target, number) in of_books.chain(others) {
            let entry = article.entries.iter().find(|entry| entry.target == *target);
            if let Some(entry) = entry.filter(|_| seen.insert((article.id.as_str(), target))) {
                pages.push((article, entry, number));
            }
        }
        let dates = plans
            .iter()
            .filter_map(|plan| plan.config.date.as_deref().and_then(seconds_of));
        let mut title = config.web.title.clone();
        if title.is_empty() {
            // The first book's, and what it lacks from the others.
            for (lang, name) in plans.iter().flat_map(|plan| &plan.config.title) {
                title.entry(lang.clone()).or_insert_with(|| name.clone());
            }
        }
        Self {
            title,
            others: other_articles([&config.source, first]),
            address: config.web.address.as_ref().map(|address| {
                let slash = if address.ends_with('/') { "" } else { "/" };
                format!("{address}{slash}")
            }),
            source: &config.source,
            target: first,
            modified: options
                .source_date_epoch
                .or(dates.max())
                .unwrap_or(NINETEEN_EIGHTY),
            plans,
            pages,
        }
    }

    fn site<'b>(&'b self, volumes: &'b [Volume<'b>]) -> Site<'b> {
        Site {
            title: &self.title,
            address: self.address.as_deref(),
            source: self.source,
            target: self.target,
            volumes,
            modified: self.modified,
        }
    }

    /// The pages of the articles, which need nothing of the other outputs.
    pub(super) fn jobs<'b>(
        &'b self,
        library: &'b Library,
        output: &'b Output<'_>,
        jobs: &mut Vec<Job<'b>>,
    ) {
        let about = format!("{:?} {:?}", self.title, self.address);
        for (at, &(article, entry, book)) in self.pages.iter().enumerate() {
            let about = about.clone();
            jobs.push(Box::new(move || {
                let near_by = |at: Option<usize>| {
                    let page = at.and_then(|at| self.pages.get(at));
                    page.filter(|(_, _, other)| *other == book)
                        .map(|&(_, entry, _)| entry)
                };
                let (previous, next) = (near_by(at.checked_sub(1)), near_by(Some(at + 1)));
                let near = |entry: Option<&Entry>| {
                    entry.map_or_else(String::new, |entry| {
                        format!(
                            "{}\n{}\n{}",
                            entry.href, entry.title, entry.translated_title
                        )
                    })
                };
                let target = entry.target.to_string();
                let from = key(&[
                    "web",
                    &target,
                    &about,
                    &article.digest,
                    &near(previous),
                    &near(next),
                ]);
                output.make(&format!("web/{}", entry.href), from, || {
                    let page = ArticlePage {
                        article: &*library.text(article)?,
                        entry,
                        previous,
                        next,
                    };
                    Ok(article_page(&self.site(&[]), &page).into_bytes())
                })
            }));
        }
    }

    /// What lists the pages and books, which have to be there already.
    pub(super) fn finish(
        &self,
        library: &Library,
        output: &Output<'_>,
    ) -> Result<(), PipelineError> {
        let mut volumes = Vec::new();
        for plan in self.plans {
            self.shelve(plan, output, &mut volumes)?;
        }
        self.shelve_others(&mut volumes);
        let site = self.site(&volumes);
        // One page at a time: of a large publication they are many.
        let files = ASSETS
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .chain(index_pages(&site))
            .chain(opds1(&site))
            .chain(opds2(&site))
            .chain(std::iter::once_with(|| ("feed.atom".into(), atom(&site))))
            .chain(std::iter::once_with(|| {
                ("sitemap.xml".into(), sitemap(&site))
            }));
        for (name, text) in files {
            output.write(&format!("web/{name}"), None, text.as_bytes())?;
        }
        drop(volumes);
        let pages: Vec<(&Card, &Entry)> = self
            .pages
            .iter()
            .map(|&(card, entry, _)| (card, entry))
            .collect();
        search::make(&pages, library, output)
    }

    /// A book's volumes with the files that readers can take away, which are put beside the pages
    /// so that the folder `web/` is whole.
    fn shelve<'b>(
        &'b self,
        plan: &'b BookPlan<'_>,
        output: &Output<'_>,
        volumes: &mut Vec<Volume<'b>>,
    ) -> Result<(), PipelineError> {
        let config = plan.config;
        let entries: BTreeMap<&str, &Entry> = self
            .pages
            .iter()
            .filter(|(_, entry, _)| entry.target == *plan.target)
            .map(|&(article, entry, _)| (article.id.as_str(), entry))
            .collect();
        let mut cover = None;
        if let Some(picture) = &plan.cover {
            let extension = picture.name.rsplit('.').next().unwrap_or("png");
            let href = format!("books/{}.{extension}", config.id);
            output.write(&format!("web/{href}"), None, &picture.bytes)?;
            cover = Some((href.into(), picture.media_type));
        }
        for volume in &plan.volumes {
            let book = plan.book(volume, &[]);
            let metas = || volume.articles.iter().map(|card| &card.meta);
            let mut downloads = Vec::new();
            for &edition in &plan.editions {
                let made = plan.file_name(volume, edition);
                let href = format!("books/{}", book.file_name(edition));
                output.link(&made, &format!("web/{href}"))?;
                let Some(file) = output.file(&made) else {
                    continue;
                };
                downloads.push(Download {
                    edition,
                    languages: book.languages(edition).into_iter().cloned().collect(),
                    href,
                    size: file.size,
                    sha256: file.sha256,
                    identifier: identifier(&book, edition),
                });
            }
            let articles = volume.articles.iter();
            let mut entries_here: Vec<&Entry> = articles
                .filter_map(|article| entries.get(article.id.as_str()).copied())
                .collect();
            // Of one article to a volume, room for more would be most of it.
            entries_here.shrink_to_fit();
            volumes.push(Volume {
                id: &volume.id,
                title: &volume.title,
                subtitle: &config.subtitle,
                target: plan.target,
                description: config.description.as_deref(),
                publisher: config.publisher.as_deref(),
                rights: config.rights.as_deref(),
                date: config.date.as_deref(),
                subjects: &config.subjects,
                authors: authors(metas()),
                outlets: outlets(metas()),
                series: volume.series,
                cover: cover.clone(),
                downloads,
                entries: entries_here,
            });
        }
        Ok(())
    }

    /// Articles that no book has are listed too.
    fn shelve_others<'b>(&'b self, volumes: &mut Vec<Volume<'b>>) {
        let listed: BTreeSet<&str> = volumes
            .iter()
            .flat_map(|volume| &volume.entries)
            .map(|entry| entry.href.as_str())
            .collect();
        let entries: Vec<&Entry> = self
            .pages
            .iter()
            .map(|&(_, entry, _)| entry)
            .filter(|entry| !listed.contains(entry.href.as_str()))
            .collect();
        if entries.is_empty() {
            return;
        }
        volumes.push(Volume {
            title: &self.others,
            entries,
            ..Volume::empty(self.target)
        });
    }
}
