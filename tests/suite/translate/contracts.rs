//! What each service is sent, by its contract.

use serde_json::json;

use super::bench::{Bench, article, concept, sentences, targets};
use super::fake::{Fake, segments};

#[tokio::test]
async fn every_engine_fills_an_article() {
    for engine in ["openai", "anthropic", "deepl", "libretranslate"] {
        let fake = Fake::new();
        let server = fake.start().await;
        let bench = Bench::new(engine, &server.uri(), "");
        let mut articles = [article("a", &sentences(20))];
        let outcome = bench.fill(&mut articles).await.unwrap();
        assert!(outcome.stopped.is_none(), "{engine}: {:?}", outcome.stopped);
        assert_eq!(outcome.findings, [], "{engine}");
        super::all_right(&articles[0]);
        assert!(fake.requests() <= 3, "{engine}: {}", fake.requests());
        // A second run has nothing to do.
        let again = bench.fill(&mut articles).await.unwrap();
        assert_eq!(again.counts.kept, 20);
        // A run on a copy without targets is paid for already.
        let mut fresh = [article("a", &sentences(20))];
        let before = fake.requests();
        let outcome = bench.fill(&mut fresh).await.unwrap();
        assert_eq!((outcome.counts.journal, fake.requests()), (20, before));
        assert_eq!(targets(&fresh[0]), targets(&articles[0]));
    }
}
