//! Settings that say nothing.

use super::Config;

impl Config {
    /// Takes what is blank for left out: formats forbid empty titles, names and subjects.
    pub(super) fn drop_blanks(&mut self) {
        self.web.title.retain(|_, title| !is_blank(title));
        for book in &mut self.books {
            book.title.retain(|_, title| !is_blank(title));
            book.subtitle.retain(|_, subtitle| !is_blank(subtitle));
            book.translators.retain(|name| !is_blank(name));
            book.subjects.retain(|subject| !is_blank(subject));
            book.cover.image = filled(book.cover.image.take());
            let texts = [
                &mut book.publisher,
                &mut book.rights,
                &mut book.identifier,
                &mut book.description,
            ];
            for text in texts {
                *text = filled(text.take());
            }
            if let Some(series) = &mut book.series {
                series.name.retain(|_, name| !is_blank(name));
            }
            book.series = book.series.take().filter(|series| !series.name.is_empty());
        }
        for article in &mut self.articles {
            let texts = [
                &mut article.outlet,
                &mut article.section,
                &mut article.address,
                &mut article.rights,
            ];
            for text in texts {
                *text = filled(text.take());
            }
            if let Some(authors) = &mut article.authors {
                authors.retain(|name| !is_blank(name));
            }
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !is_blank(text))
}
