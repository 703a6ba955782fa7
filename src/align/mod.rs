//! Alignment: which sentence of one text answers to which of another.

mod pairing;
pub mod revision;
