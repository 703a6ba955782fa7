//! Any pair is checked without a panic, and every span lies in its text.
#![no_main]

use duizhao::check::{CheckOptions, check_pairs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pair: (&str, &str)| {
    let (zh, en) = (
        "zh-Hans".parse().expect("a language tag"),
        "en".parse().expect("a language tag"),
    );
    for (source, target) in [(&zh, &en), (&en, &zh)] {
        let pairs = [(pair.0.to_owned(), pair.1.to_owned())];
        for finding in check_pairs(&pairs, source, target, &CheckOptions::default()) {
            for (span, text) in [(finding.source_span, pair.0), (finding.target_span, pair.1)] {
                if let Some([start, end]) = span {
                    assert!(start <= end && end <= text.chars().count());
                }
            }
        }
    }
});
