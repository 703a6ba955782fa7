//! Any text is read without a panic, and every mention lies in it, in order, on character
//! boundaries.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for tag in ["zh-Hans", "en", "fr"] {
        let lang = tag.parse().expect("a language tag");
        let mut before = 0;
        for mention in duizhao::quantity::read(text, &lang) {
            assert!(text.get(mention.range.clone()).is_some_and(|raw| !raw.is_empty()));
            assert_eq!(text[..mention.range.start].chars().count(), mention.span[0]);
            assert_eq!(text[..mention.range.end].chars().count(), mention.span[1]);
            assert!(mention.low <= mention.high);
            assert!(mention.range.start >= before);
            before = mention.range.start;
        }
    }
});
