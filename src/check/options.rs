//! What a workspace decides about checks.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::Rule;
use crate::glossary::Glossary;
use crate::model::{Finding, Severity};

/// How findings of a rule or family are to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Not reported.
    Off,
    /// Reported as this. A finding that its rule is less sure of keeps its distance: where the
    /// rule's default is error and the finding is a note, it stays a note.
    As(Severity),
}

/// A setting that can't be taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionError {
    /// No rule and no family has this name.
    #[error(
        "no rule and no family of rules is called {0:?}; `duizhao check --explain all` lists them"
    )]
    UnknownRule(String),
    /// Not off, info, warning or error.
    #[error("{0:?} is no severity; write off, info, warning or error")]
    UnknownSeverity(String),
}

impl FromStr for Setting {
    type Err = OptionError;

    fn from_str(text: &str) -> Result<Self, OptionError> {
        Ok(match text {
            "off" => Self::Off,
            "info" => Self::As(Severity::Info),
            "warning" => Self::As(Severity::Warning),
            "error" => Self::As(Severity::Error),
            other => return Err(OptionError::UnknownSeverity(other.to_owned())),
        })
    }
}

/// Options of the checks. The default runs every rule with its own severity and no glossary.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions<'a> {
    /// Settings by rule (`number.extra`) or family (`number`); a rule's own wins.
    settings: BTreeMap<String, Setting>,
    /// The terms to check; those of other articles are already left out.
    pub glossary: Option<&'a Glossary>,
}

impl<'a> CheckOptions<'a> {
    /// Options with this glossary.
    #[must_use]
    pub fn with_glossary(mut self, glossary: &'a Glossary) -> Self {
        self.glossary = Some(glossary);
        self
    }

    /// Sets a rule or a family.
    pub fn set(&mut self, rule: &str, setting: Setting) -> Result<(), OptionError> {
        let is_known = super::RULES
            .iter()
            .any(|known| known.name == rule || known.family() == rule);
        if !is_known {
            return Err(OptionError::UnknownRule(rule.to_owned()));
        }
        self.settings.insert(rule.to_owned(), setting);
        Ok(())
    }

    /// A finding that was made elsewhere, with the severity that its rule is set to; `None` if the
    /// rule is off.
    #[must_use]
    pub fn settle(&self, mut finding: Finding) -> Option<Finding> {
        let default = Rule::named(&finding.rule).map_or(finding.severity, |rule| rule.severity);
        finding.severity = self.severity(&finding.rule, finding.severity, default)?;
        Some(finding)
    }

    /// The severity that a finding is reported with; `None` if it is not reported.
    pub(super) fn severity(
        &self,
        rule: &str,
        found: Severity,
        default: Severity,
    ) -> Option<Severity> {
        let family = rule.split_once('.').map_or(rule, |(family, _)| family);
        match self
            .settings
            .get(rule)
            .or_else(|| self.settings.get(family))
        {
            None => Some(found),
            Some(Setting::Off) => None,
            Some(Setting::As(severity)) if found == default => Some(*severity),
            Some(Setting::As(severity)) => Some(found.min(*severity)),
        }
    }
}
