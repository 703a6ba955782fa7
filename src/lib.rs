//! duizhao (对照, "set side by side") turns articles into bilingual publications.

pub mod align;
pub mod check;
pub mod clean;
pub mod glossary;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod publish;
pub mod quantity;
pub mod script;
pub mod segment;
pub mod workspace;
pub mod xliff;
pub mod xml;
