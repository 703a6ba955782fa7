//! The web edition: a page for each article, and what lists them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::books::{BookPlan, NINETEEN_EIGHTY};
use super::output::{Output, key};
use super::{BuildOptions, collision, search};
use crate::model::Lang;
use crate::pipeline::PipelineError;
use crate::pipeline::library::{Card, Library};
use crate::publish::epub::{authors, outlets};
use crate::publish::seconds_of;
use crate::publish::web::{
    ASSETS, ArticlePage, Entry, Shelves, Site, Volume, article_page, atom, entry, index_name,
    index_pages, newest, opds1, opds2, page_count, sitemap,
};
use crate::workspace::Workspace;

/// The web edition, ready to be made.
pub(super) struct WebPlan<'a> {
    title: BTreeMap<Lang, String>,
    address: Option<String>,
    source: &'a Lang,
    targets: &'a [Lang],
    modified: i64,
    plans: &'a [BookPlan<'a>],
    /// Within a book they lead to each other in this order.
    pages: Vec<Page<'a>>,
}

/// An article's page in a language.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub card: &'a Card,
    /// The number of the target language.
    target: u32,
    /// The number of the book; that of the books where it is in none.
    book: u32,
}

impl<'a> WebPlan<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        library: &'a Library,
        plans: &'a [BookPlan<'a>],
        options: &BuildOptions,
    ) -> Result<Self, PipelineError> {
        let config = workspace.config();
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
        let plan = Self {
            title,
            address: config.web.address.as_ref().map(|address| {
                let slash = if address.ends_with('/') { "" } else { "/" };
                format!("{address}{slash}")
            }),
            source: &config.source,
            targets: &config.targets,
            modified: options
                .source_date_epoch
                .or(dates.max())
                .unwrap_or(NINETEEN_EIGHTY),
            plans,
            pages: pages(&config.targets, library, plans),
        };
        let mut names = FxHashSet::default();
        for page in &plan.pages {
            if let Some(name) = names.replace(plan.entry(page).href) {
                return Err(collision(&format!("web/{name}")));
            }
        }
        Ok(plan)
    }

    fn site(&self) -> Site<'_> {
        Site {
            title: &self.title,
            address: self.address.as_deref(),
            source: self.source,
            target: &self.targets[0],
            modified: self.modified,
        }
    }

    /// The pages of articles in order.
    pub(super) fn pages(&self) -> &[Page<'a>] {
        &self.pages
    }

    /// The language of a page's translation.
    pub(super) fn target(&self, page: &Page<'_>) -> &'a Lang {
        &self.targets[page.target as usize]
    }

    /// What lists say of a page, but for the summary.
    pub(super) fn entry(&self, page: &Page<'_>) -> Entry {
        let entry = page.card.entry(self.targets, page.target as usize);
        #[expect(
            clippy::expect_used,
            reason = "`pages` takes only targets that a card has"
        )]
        entry.expect("a card has the page's target")
    }

    /// Makes the page of an article, which needs nothing of the other outputs.
    pub(super) fn make(
        &self,
        at: usize,
        library: &Library,
        output: &Output<'_>,
    ) -> Result<(), PipelineError> {
        let page = &self.pages[at];
        let near_by = |at: Option<usize>| {
            let other = at.and_then(|at| self.pages.get(at));
            let other = other.filter(|other| other.book == page.book);
            other.map(|other| self.entry(other))
        };
        let (previous, next) = (near_by(at.checked_sub(1)), near_by(Some(at + 1)));
        let near = |entry: &Option<Entry>| {
            entry.as_ref().map_or_else(String::new, |entry| {
                format!(
                    "{}\n{}\n{}",
                    entry.href, entry.title, entry.translated_title
                )
            })
        };
        let target = self.target(page);
        let name = format!("web/{}", self.entry(page).href);
        let from = key([
            "web",
            &target.to_string(),
            &format!("{:?} {:?}", self.title, self.address),
            &page.card.digest.to_string(),
            &near(&previous),
            &near(&next),
        ]);
        output.make(&name, from, || {
            let article = &*library.text(page.card)?;
            let page = ArticlePage {
                article,
                entry: &entry(article, target, &self.targets[0]),
                previous: previous.as_ref(),
                next: next.as_ref(),
            };
            Ok(article_page(&self.site(), &page).into_bytes())
        })?;
        Ok(())
    }

    /// What lists the pages and books, which have to be there already.
    pub(super) fn finish(
        &self,
        library: &Library,
        output: &Output<'_>,
    ) -> Result<(), PipelineError> {
        for plan in self.plans {
            if let (Some(picture), Some((href, _))) = (&plan.cover, cover_of(plan)) {
                output.write(&format!("web/{href}"), None, &picture.bytes)?;
            }
        }
        let site = self.site();
        // One page at a time: of a large publication they are many.
        let files = ASSETS
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .chain(index_pages(&site, self))
            .chain(opds1(&site, self))
            .chain(opds2(&site, self));
        for (name, text) in files {
            output.write(&format!("web/{name}"), None, text.as_bytes())?;
        }
        let mut newest_entries = Vec::new();
        let listed = self.listed();
        for page in newest(&site, listed, |page| page.card.meta.date.as_deref()) {
            let target = self.target(&page);
            let article = library.text(page.card)?;
            newest_entries.push(entry(&article, target, &self.targets[0]));
        }
        let feed = atom(&site, self, &newest_entries);
        output.write("web/feed.atom", None, feed.as_bytes())?;
        let lists = (0..page_count(self)).map(index_name);
        let articles = self.listed().map(|page| self.entry(&page).href);
        if let Some(parts) = sitemap(&site, lists.chain(articles)) {
            output.stream("web/sitemap.xml", None, |stream| {
                let mut parts = parts;
                parts.try_for_each(|part| stream.write(part.as_bytes()))
            })?;
        }
        search::make(self, library, output)
    }

    /// The articles of all volumes, each once, then those that no book has.
    fn listed(&self) -> impl Iterator<Item = Page<'a>> {
        let mut seen = FxHashSet::default();
        let of_books = (0..).zip(self.plans).flat_map(move |(book, plan)| {
            let articles = plan.volumes.iter().flat_map(|volume| &volume.articles);
            articles.filter_map(move |card| page_of(card, self.targets, plan, book))
        });
        of_books
            .chain(self.others().copied())
            .filter(move |page| seen.insert((std::ptr::from_ref(page.card), page.target)))
    }

    /// The pages of articles that no book has.
    fn others(&self) -> impl Iterator<Item = &Page<'a>> {
        // They come last.
        let count = self.plans.len();
        let first = (self.pages).partition_point(|page| (page.book as usize) < count);
        self.pages[first..].iter()
    }

    /// A book's volume; its number is counted from 0.
    fn volume<'b>(&'b self, plan: &'b BookPlan<'a>, number: usize) -> Volume<'b> {
        let config = plan.config;
        let volume = &plan.volumes[number];
        let title = plan.title(volume);
        let metas = || volume.articles.iter().map(|card| &card.meta);
        let entries = volume.articles.iter().filter_map(|card| {
            let page = page_of(card, self.targets, plan, 0)?;
            Some(self.entry(&page))
        });
        Volume {
            id: &volume.id,
            subtitle: Some(&config.subtitle),
            target: plan.target,
            description: config.description.as_deref(),
            publisher: config.publisher.as_deref(),
            rights: config.rights.as_deref(),
            date: config.date.as_deref(),
            subjects: &config.subjects,
            authors: authors(metas()),
            outlets: outlets(metas()),
            series: plan.series(volume),
            cover: cover_of(plan),
            downloads: plan.downloads(number, &title),
            entries: entries.collect(),
            title,
        }
    }
}

impl Shelves for WebPlan<'_> {
    fn sizes(&self) -> impl Iterator<Item = (usize, usize)> {
        let of_books = self.plans.iter().flat_map(|plan| {
            let editions = plan.editions.len();
            let volumes = plan.volumes.iter();
            volumes.map(move |volume| (editions, volume.articles.len()))
        });
        let others = self.others().count();
        of_books.chain((others > 0).then_some((0, others)))
    }

    fn volumes(&self) -> impl Iterator<Item = Volume<'_>> {
        let of_books = self.plans.iter().flat_map(move |plan| {
            (0..plan.volumes.len()).map(move |number| self.volume(plan, number))
        });
        let others = std::iter::once_with(|| {
            let entries: Vec<Entry> = self.others().map(|page| self.entry(page)).collect();
            (!entries.is_empty()).then(|| Volume {
                title: crate::publish::other_articles([self.source, &self.targets[0]]),
                entries,
                ..Volume::empty(&self.targets[0])
            })
        });
        of_books.chain(others.flatten())
    }
}

/// The pages: book by book, each once, then the articles that no book has.
fn pages<'a>(
    targets: &'a [Lang],
    library: &'a Library,
    plans: &'a [BookPlan<'a>],
) -> Vec<Page<'a>> {
    let mut pages = Vec::with_capacity(library.cards.len());
    let mut seen = FxHashSet::default();
    let mut in_books: FxHashSet<*const Card> = FxHashSet::default();
    for (book, plan) in (0..).zip(plans) {
        for card in &plan.articles {
            in_books.insert(std::ptr::from_ref(*card));
            let page = page_of(card, targets, plan, book);
            pages.extend(page.filter(|page| seen.insert((std::ptr::from_ref(*card), page.target))));
        }
    }
    let book = u32::try_from(plans.len()).unwrap_or(u32::MAX);
    let others = library.cards.iter();
    let others = others.filter(|card| !in_books.contains(&std::ptr::from_ref(*card)));
    pages.extend(others.map(|card| Page {
        card,
        target: 0,
        book,
    }));
    pages
}

/// The page that an article of a book has.
fn page_of<'a>(
    card: &'a Card,
    targets: &[Lang],
    plan: &BookPlan<'_>,
    book: u32,
) -> Option<Page<'a>> {
    let target = (0..).zip(targets).find(|(_, lang)| *lang == plan.target);
    target.map(|(target, _)| Page { card, target, book })
}

/// Where a book's cover lies beside the pages, and its media type.
fn cover_of(plan: &BookPlan<'_>) -> Option<(String, &'static str)> {
    let picture = plan.cover.as_ref()?;
    let extension = picture.name.rsplit('.').next().unwrap_or("png");
    let href = format!("books/{}.{extension}", plan.config.id);
    Some((href, picture.media_type))
}
