//! What a person should know of a workspace that is built.

use crate::pipeline::library::Library;
use crate::workspace::Workspace;

/// A sentence for each thing.
pub(super) fn warnings(workspace: &Workspace, library: &Library) -> Vec<String> {
    let mut warnings = Vec::new();
    for about in &workspace.config().articles {
        if !library
            .cards
            .iter()
            .any(|card| card.id.as_str() == about.id)
        {
            warnings.push(format!(
                "duizhao.toml: [[article]] {:?} is about no article; `duizhao status` lists them",
                about.id
            ));
        }
    }
    let behind = library.behind;
    if behind > 0 {
        warnings.push(format!(
            "translations/ is behind sources/ for {behind} article(s); run `duizhao translate`"
        ));
    }
    let pictures = library.pictures;
    if pictures > 0 {
        warnings.push(format!(
            "the sources have {pictures} picture(s); books and pages have what is said of them, not \
             the pictures"
        ));
    }
    warnings.extend(library.stale_decisions.iter().cloned());
    let unread = workspace.unread_sources().unwrap_or_default();
    if !unread.is_empty() {
        warnings.push(format!(
            "no article is made of {}: duizhao reads txt, md, html, docx and epub; give the file one \
             of these endings, name it in a [[source-file]], or move it out of sources/",
            unread.join(", ")
        ));
    }
    for lang in workspace.config().targets.iter().skip(1) {
        let books = workspace.config().books.iter();
        if !books
            .map(|book| workspace.config().target_of(book))
            .any(|target| target == lang)
        {
            warnings.push(format!(
                "no book is in {lang}, so there are no EPUB and no web pages in it; give a [[book]] \
                 target = \"{lang}\""
            ));
        }
    }
    for orphan in &library.orphans {
        warnings.push(format!(
            "translations/ has the article {orphan}, which no source gives any more; it is left out"
        ));
    }
    warnings
}
