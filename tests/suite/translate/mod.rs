//! Translation through fake services and real ones.

mod bench;
mod contracts;
mod fake;
mod faults;
mod money;
mod peers;
pub mod server;
mod speed;

pub use fake::translation;

/// Every target is the fake's translation of its own source, and none is missing.
fn all_right(article: &duizhao::model::Article) {
    for (segment, target) in article.segments().zip(bench::targets(article)) {
        let source = segment.source.text();
        assert_eq!(target, fake::translation(&source), "{source}");
    }
}
