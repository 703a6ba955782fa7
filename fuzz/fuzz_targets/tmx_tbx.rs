//! A memory or term base that is read, written and read again is the same.
#![no_main]

use std::path::Path;

use duizhao::tbx::{self, Dialect};
use duizhao::tmx;
use duizhao::xml::Limits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("fuzz");
    let limits = Limits::default();
    if let Ok(memory) = tmx::read(path, bytes, &limits) {
        let _ = tmx::read(path, tmx::write(&memory).as_bytes(), &limits)
            .expect("what is written is read");
    }
    let (Ok(source), Ok(target)) = ("zh-Hans".parse(), "en".parse()) else {
        return;
    };
    if let Ok(concepts) = tbx::read(path, bytes, &source, &target, &limits)
        && !concepts.is_empty()
    {
        let written = tbx::write(&concepts, &source, &target, Dialect::V3);
        let again = tbx::read(path, written.as_bytes(), &source, &target, &limits)
            .expect("what is written is read");
        assert_eq!(again, concepts);
    }
});
