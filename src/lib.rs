//! duizhao (对照, "set side by side") turns articles into bilingual publications.

pub mod align;
pub mod glossary;
pub mod model;
pub mod translate;
pub mod workspace;
