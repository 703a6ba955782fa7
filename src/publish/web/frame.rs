//! What every page of the web edition has around its text.

use super::super::html::escape;
use super::super::phrases::{Phrases, spoken};
use super::Site;
use crate::model::Lang;

/// Scripts, styles, pictures and data from the site itself and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'self'";

/// The parts that make a page.
pub(super) struct Frame<'a> {
    /// The title of the page.
    pub title: String,
    /// A sentence about it, for search engines.
    pub description: &'a str,
    /// Its address, relative to the site.
    pub href: &'a str,
    /// The language of its translation, in which the page speaks.
    pub target: &'a Lang,
    /// The name of its script.
    pub script: &'a str,
    /// What stands in the bar beside the site's title.
    pub bar: String,
    /// What is inside `main`.
    pub main: String,
    /// What is inside the footer, if there is something.
    pub foot: String,
}

impl Frame<'_> {
    /// The whole document.
    pub(super) fn page(&self, site: &Site<'_>) -> String {
        let words = Phrases::of(self.target);
        let canonical = site.address.map_or_else(String::new, |_| {
            format!(
                "<link rel=\"canonical\" href=\"{}\">\n",
                escape(&site.address_of(self.href))
            )
        });
        let description = if self.description.is_empty() {
            String::new()
        } else {
            format!(
                "<meta name=\"description\" content=\"{}\">\n",
                escape(self.description)
            )
        };
        let foot = if self.foot.is_empty() {
            String::new()
        } else {
            format!("<footer class=\"foot\">\n{}</footer>\n", self.foot)
        };
        // The index says its title itself.
        let bar = if self.href == "index.html" {
            String::new()
        } else {
            let title = titles(
                site.title_in(site.source),
                site.source,
                site.title_in(self.target),
                self.target,
                " ",
            );
            format!(
                "<header class=\"bar\">\n<p><a href=\"index.html\">{title}</a></p>\n{}</header>\n",
                self.bar
            )
        };
        let spoken = spoken(self.target);
        let direction = if spoken.is_right_to_left() {
            " dir=\"rtl\""
        } else {
            ""
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{spoken}\"{direction}>\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{}</title>\n{description}{canonical}\
             <link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">\n\
             <link rel=\"stylesheet\" href=\"style.css\">\n\
             <link rel=\"alternate\" type=\"application/atom+xml\" href=\"feed.atom\" title=\"Atom\">\n\
             <script src=\"{}\" defer></script>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#page-text\">{}</a>\n\
             {bar}\
             <main id=\"page-text\">\n{}</main>\n{foot}</body>\n</html>\n",
            escape(&self.title),
            self.script,
            escape(words.skip),
            self.main,
        )
    }
}

/// A title in both languages, each marked as what it is.
pub(super) fn titles(
    source: &str,
    source_lang: &Lang,
    target: &str,
    target_lang: &Lang,
    between: &str,
) -> String {
    format!(
        "<span lang=\"{source_lang}\">{}</span>{between}<span lang=\"{target_lang}\">{}</span>",
        escape(source),
        escape(target)
    )
}
