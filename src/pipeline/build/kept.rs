//! What a build keeps in `.duizhao/` so that the next one takes less time. Safe to delete; what is
//! damaged counts as absent.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::publish::manifest::sha256;
use crate::workspace::write_if_changed;

/// Keeps a value: a line with the SHA-256 of its JSON, and the JSON.
pub(super) fn write(path: &Path, value: &impl Serialize) {
    // Without it the next build only takes longer.
    if let Ok(json) = serde_json::to_string(value) {
        let text = format!("{}\n{json}", sha256(&[json.as_bytes()]));
        let _ = write_if_changed(path, text.as_bytes());
    }
}

/// Reads what [`write()`] kept.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let text = std::fs::read_to_string(path).ok()?;
    let (sum, json) = text.split_once('\n')?;
    let whole = sha256(&[json.as_bytes()]) == sum;
    whole.then(|| serde_json::from_str(json).ok()).flatten()
}
