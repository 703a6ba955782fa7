//! XLIFF 1.2 (transitional): the hand-out that every tool reads, and what comes back.

mod inline;
mod unit;
mod write;

pub(super) use unit::{absorb_header, read_note, read_unit};
pub use write::write;
