//! Whatever comes back, merging it twice is merging it once, and nothing panics.
#![no_main]

use std::path::Path;

use duizhao::model::Article;
use duizhao::review::{Reviewer, Snapshot, merge, read_returned};
use duizhao::xliff::{WriteOptions, v2};
use duizhao::xml::Limits;
use libfuzzer_sys::fuzz_target;

const RECORD: &str = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0"
srcLang="zh-Hans" trgLang="en"><file id="a"><group id="b1" type="duizhao:paragraph">
<unit id="s1"><segment state="translated"><source>雨下了三天。</source>
<target>It rained for three days.</target></segment></unit>
<unit id="s2"><segment><source><pc id="1" type="fmt" subType="xlf:b">桥</pc>还在。</source></segment>
</unit></group></file></xliff>"#;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let path = Path::new("fuzz.xlf");
    let Ok(returned) = read_returned(path, bytes, &limits) else {
        return;
    };
    let Ok(article) = v2::read(path, RECORD.as_bytes(), &limits) else {
        return;
    };
    let Ok(lang) = "en".parse() else { return };
    let snapshot = [Snapshot::of(&article, &lang, &WriteOptions::default())];
    let reviewer = Reviewer::default();
    for file in &returned.files {
        let merge = |article: &Article| {
            merge(article.clone(), &lang, &snapshot, file, returned.version, &reviewer)
        };
        let once = merge(&article);
        assert_eq!(merge(&once.article).article, once.article);
    }
});
