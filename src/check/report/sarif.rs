//! SARIF 2.1.0, which GitHub shows on a pull request.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Report, place};
use crate::check::{RULES, Rule};
use crate::model::{Location, Severity};

/// Where a finding is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the root of the repository, with `/` between folders.
    pub file: String,
    /// The 1-based line.
    pub line: usize,
}

/// Writes a SARIF log. `locate` says where in a file a finding belongs; it must give the same
/// answer for the same place.
pub fn write(
    out: &mut impl Write,
    report: &Report,
    locate: &dyn Fn(&Location) -> Option<Place>,
) -> io::Result<()> {
    let rules: Vec<Value> = RULES.iter().map(rule).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let index = RULES.iter().position(|rule| rule.name == finding.rule);
            let at = place(&finding.location, report);
            let message = if at.is_empty() {
                finding.message.clone()
            } else {
                format!("{at}: {}", finding.message)
            };
            // Line numbers move with every edit; what was found where does not.
            let mut hash = Sha256::new();
            for part in [at.as_str(), &finding.rule, &finding.message] {
                hash.update(part.as_bytes());
                hash.update([0]);
            }
            let digest = hash.finalize();
            let mut fingerprint = String::with_capacity(32);
            for byte in digest.iter().take(16) {
                let _ = write!(fingerprint, "{byte:02x}");
            }
            let mut result = json!({
                "ruleId": finding.rule,
                "level": level(finding.severity),
                "message": { "text": message },
                "partialFingerprints": { "duizhao/v1": fingerprint },
            });
            if let Some(index) = index {
                result["ruleIndex"] = json!(index);
            }
            let mut location = json!({
                "logicalLocations": [{ "fullyQualifiedName": at, "kind": "element" }],
            });
            if let Some(place) = locate(&finding.location) {
                location["physicalLocation"] = json!({
                    "artifactLocation": { "uri": uri(&place.file), "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": place.line },
                });
            }
            result["locations"] = json!([location]);
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "duizhao",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.explanation },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.family()] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A path as a URI reference: all but unreserved ASCII and `/` in percent form.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
