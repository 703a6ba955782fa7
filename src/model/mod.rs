//! The data that every stage speaks: articles of blocks of segments, content with inline codes,
//! targets with state and provenance, terms and findings. Data only: nothing here reads, writes
//! or prints.

mod article;
mod content;
mod document;
mod edition;
mod finding;
mod lang;
mod origin;
mod position;
mod repair;
mod target;
mod term;
mod translations;

pub use article::{Article, ArticleId, Block, BlockId, BlockKind, Lines, Meta, Segment, SegmentId};
pub use content::{Code, CodeKind, Content, ContentError, Inline};
pub(crate) use document::undo;
pub use document::{
    CODE_BLOCK, CleanDocument, Document, LeftOut, Line, Passage, Role, is_code_block, restore,
};
pub use edition::Edition;
pub use finding::{Finding, Location, Severity, Span};
pub use lang::{Lang, LangError};
pub use origin::{TranslationOrigin, translation_origin};
pub use position::Position;
pub use repair::{Repair, RepairRef, Repairs, Suspect};
pub use target::{
    Note, NoteAbout, NoteKind, Origin, Provenance, State, Suggestion, Target, Translation,
};
pub use term::{Concept, Term, TermMatch, TermStatus};
pub use translations::Translations;
