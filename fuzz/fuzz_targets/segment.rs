//! Any text becomes articles: nothing is lost, and segments make their block.
#![no_main]

use duizhao::clean::{CleanOptions, Policy, clean};
use duizhao::ingest::{IngestOptions, ingest};
use duizhao::segment::{SegmentOptions, segment};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(document) = ingest("a.txt", text.as_bytes(), &IngestOptions::default()) else {
        return;
    };
    let read: String = document.lines.iter().map(|line| line.text.as_str()).collect();
    for policy in [Policy::None, Policy::Safe, Policy::All] {
        let mut options = CleanOptions::new("zh-Hans".parse().expect("a tag"));
        options.policy = policy;
        let cleaned = clean(document.clone(), &options);
        let restored: String = cleaned.passages.iter().map(|passage| passage.restore()).collect();
        assert_eq!(restored.replace('\n', ""), read);
        let texts: Vec<String> = cleaned.passages.iter().map(|p| p.text.clone()).collect();
        let articles = segment(cleaned, &SegmentOptions::new("a.txt", options.lang.clone()));
        let blocks: Vec<String> = articles
            .iter()
            .flat_map(|article| &article.blocks)
            .map(|block| block.text())
            .collect();
        assert_eq!(blocks, texts);
    }
});
