//! duizhao (对照, "set side by side") turns articles into bilingual publications.

pub mod model;
pub mod quantity;
