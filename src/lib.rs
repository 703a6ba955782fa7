//! duizhao (对照, "set side by side") turns articles into bilingual publications.

pub mod align;
pub mod check;
pub mod clean;
pub mod glossary;
pub mod ingest;
pub mod memory;
pub mod model;
mod pattern;
pub mod pipeline;
mod press;
pub mod publish;
pub mod quantity;
pub mod review;
pub mod script;
pub mod segment;
pub mod tbx;
pub mod tmx;
pub mod translate;
pub mod workspace;
pub mod xliff;
pub mod xml;
