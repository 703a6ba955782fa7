//! Checks XLIFF files against the standard.
