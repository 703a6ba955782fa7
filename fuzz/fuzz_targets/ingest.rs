//! No bytes make reading panic, whatever format they are taken for.
#![no_main]

use duizhao::ingest::{Format, IngestOptions, ingest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [
        Format::Text,
        Format::Markdown,
        Format::Html,
        Format::Docx,
        Format::Epub,
    ] {
        let options = IngestOptions {
            format: Some(format),
            ..IngestOptions::default()
        };
        if let Ok(document) = ingest("a", bytes, &options) {
            assert!(document.lines.iter().all(|line| !line.text.trim().is_empty()));
            assert!(document.lines.iter().all(|line| {
                line.codes.iter().all(|(at, _)| line.text.is_char_boundary(*at))
            }));
        }
    }
});
