//! The `[translate]` table of duizhao.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use globset::Glob;
use serde::{Deserialize, Serialize};

use super::TranslateError;
use super::price::Price;
use crate::model::ArticleId;

/// What duizhao.toml says about translation. It holds no key: keys come from the binary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The engine for every article without one of its own; `none` where it is absent.
    pub engine: Option<String>,
    /// Engines to go on with, in this order, when the one before has failed for good.
    pub fallback: Vec<String>,
    /// Where the main engine listens, in place of its public address.
    pub base_url: Option<String>,
    /// The main engine's model.
    pub model: Option<String>,
    /// Requests under way at a time; 4 where it is absent.
    pub concurrency: Option<usize>,
    /// The limit of one run's cost, in the price table's currency. The run stops before it.
    pub max_cost: Option<f64>,
    /// How polite the translation is, where the engine knows such a thing.
    pub formality: Option<Formality>,
    /// A file with the instructions to a language model, in place of duizhao's own, relative to
    /// the workspace.
    pub prompt: Option<String>,
    /// What the instructions should know of this publication: style guide, readers, tone.
    pub style: Option<String>,
    /// Segments in one request to a language model or batch engine; the engine's own number
    /// where it is absent.
    pub batch: Option<usize>,
    /// Settings of single engines, over those above.
    pub engines: BTreeMap<String, EngineSettings>,
    /// Engines of single articles, by id or pattern (`jilin-*`). The first that fits, in the
    /// order of the alphabet, holds.
    pub articles: BTreeMap<String, ArticleSettings>,
    /// Prices by `engine/model`, or `engine` alone, over duizhao's own table.
    pub prices: BTreeMap<String, Price>,
}

/// Settings of one engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSettings {
    /// Where it listens, in place of its public address.
    pub base_url: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Requests under way at a time.
    pub concurrency: Option<usize>,
    /// Requests a minute at most.
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute at most, sent and expected.
    pub tokens_per_minute: Option<u32>,
    /// Source characters a minute at most.
    pub characters_per_minute: Option<u32>,
    /// Seconds until an unanswered request counts as failed; 120 where it is absent.
    pub timeout: Option<u64>,
    /// How often a request that failed for a passing reason is sent again; 8 where it is absent.
    /// An answer that says when to come back (429, 529) does not count against it.
    pub retries: Option<u32>,
    /// Segments in one request.
    pub batch: Option<usize>,
    /// The sampling temperature of a language model; its own default where it is absent.
    pub temperature: Option<f64>,
    /// Whether a language model thinks before it answers, so that its limit needs room for it;
    /// told by its name and its answers where it is absent.
    pub thinks: Option<bool>,
}

/// Settings of one article or pattern of articles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArticleSettings {
    /// The engine.
    pub engine: Option<String>,
    /// Engines to go on with.
    pub fallback: Option<Vec<String>>,
}

/// How polite a translation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formality {
    /// Formal.
    More,
    /// Informal.
    Less,
}

impl Settings {
    /// The name of the engine that holds where no article says otherwise.
    #[must_use]
    pub fn engine(&self) -> &str {
        self.engine.as_deref().unwrap_or("none")
    }

    /// The engines of an article in the order in which they are tried: its own, then its
    /// fallbacks. Never empty; each name once.
    pub fn chain(&self, article: &ArticleId) -> Result<Vec<String>, TranslateError> {
        let mut own = None;
        for (pattern, settings) in &self.articles {
            let glob = Glob::new(pattern).map_err(|error| TranslateError::Settings {
                message: format!("[translate.articles.{pattern:?}]: {error}"),
            })?;
            if glob.compile_matcher().is_match(article.as_str()) {
                own = Some(settings);
                break;
            }
        }
        let first = own
            .and_then(|own| own.engine.clone())
            .unwrap_or_else(|| self.engine().to_owned());
        let fallback = own
            .and_then(|own| own.fallback.as_ref())
            .unwrap_or(&self.fallback);
        let mut chain = vec![first];
        for name in fallback {
            if !chain.contains(name) {
                chain.push(name.clone());
            }
        }
        Ok(chain)
    }

    /// The names of all engines that these settings may use, each once.
    #[must_use]
    pub fn engines_in_use(&self) -> BTreeSet<String> {
        let own = self.articles.values().flat_map(|own| {
            let fallback = own.fallback.iter().flatten();
            own.engine.iter().chain(fallback)
        });
        std::iter::once(self.engine().to_owned())
            .chain(self.fallback.iter().cloned())
            .chain(own.cloned())
            .collect()
    }

    /// The file with the user's own instructions. A path that leads out of the workspace is
    /// refused: whoever wrote duizhao.toml must not have other files sent to a service.
    pub fn prompt_file(&self) -> Result<Option<&str>, TranslateError> {
        let Some(file) = self.prompt.as_deref() else {
            return Ok(None);
        };
        let inside = Path::new(file)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !inside {
            return Err(TranslateError::Settings {
                message: format!("[translate] prompt: {file:?} leads out of the workspace"),
            });
        }
        Ok(Some(file))
    }

    /// What holds for one engine: its own table, and the settings above it for the main engine.
    #[must_use]
    pub fn for_engine(&self, name: &str) -> EngineSettings {
        let mut settings = self.engines.get(name).cloned().unwrap_or_default();
        if name == self.engine() {
            settings.base_url = settings.base_url.or_else(|| self.base_url.clone());
            settings.model = settings.model.or_else(|| self.model.clone());
        }
        settings.concurrency = settings.concurrency.or(self.concurrency);
        settings.batch = settings.batch.or(self.batch);
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str) -> Settings {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn an_article_has_its_own_engine_and_fallbacks() {
        let settings = settings(
            "engine = 'openai'\nfallback = ['deepl', 'openai']\nmodel = 'm'\nconcurrency = 6\n\
             [engines.deepl]\nbase_url = 'https://api-free.deepl.com'\n\
             [articles.'jilin-*']\nengine = 'anthropic'\n",
        );
        let chain = |id: &str| settings.chain(&ArticleId::new(id)).unwrap();
        assert_eq!(chain("other"), ["openai", "deepl"]);
        assert_eq!(chain("jilin-daily"), ["anthropic", "deepl", "openai"]);
        assert_eq!(settings.for_engine("openai").model.as_deref(), Some("m"));
        assert_eq!(settings.for_engine("deepl").model, None);
        assert_eq!(settings.for_engine("deepl").concurrency, Some(6));
    }

    #[test]
    fn a_prompt_comes_from_the_workspace() {
        let prompt = |file: &str| settings(&format!("prompt = {file:?}"));
        assert!(prompt("prompts/own.md").prompt_file().is_ok());
        for out in ["/etc/passwd", "../key", "a/../../b"] {
            assert!(prompt(out).prompt_file().is_err(), "{out}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Settings>("api_key = 'x'").is_err());
    }
}
