//! Translation through fake services and real ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::type_complexity,
    clippy::disallowed_methods,
    reason = "what goes wrong in a test ends it, and its figures are for people"
)]

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
