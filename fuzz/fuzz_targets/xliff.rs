//! A file that is read as a record and written again is read as the same record.
#![no_main]

use std::path::Path;

use duizhao::xliff::{WriteOptions, lint, v2};
use duizhao::xml::Limits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("fuzz.xlf");
    let limits = Limits::default();
    let _ = lint::lint(path, bytes, &limits);
    let Ok(article) = v2::read(path, bytes, &limits) else {
        return;
    };
    let lang = article
        .segments()
        .chain(&article.obsolete)
        .find_map(|segment| segment.targets.keys().next().cloned());
    let Some(lang) = lang else { return };
    let written = v2::write(&article, &lang, &WriteOptions::default());
    // Ids that are no NMTOKEN can collide with others once they are escaped: then the second
    // reading refuses the file, and says so.
    if let Ok(again) = v2::read(path, written.as_bytes(), &limits) {
        assert_eq!(v2::write(&again, &lang, &WriteOptions::default()), written);
    }
});
