//! Keys of engines: from the environment, a file or a command that the environment names.
//!
//! `OPENAI_API_KEY` is the key, `OPENAI_API_KEY_FILE` a file that holds it, `OPENAI_API_KEY_COMMAND`
//! a command that prints it (of a password manager, say); the same for every engine's variable.
//! Only the environment can name them, never duizhao.toml: a workspace that somebody else wrote must
//! not run commands or read files. A key is read when an engine is about to be asked, and never
//! where nothing is left to send.

use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::Context;
use duizhao::translate::{Keys, Secret, engine};

/// The keys of all engines, each read when it is needed.
pub fn of_environment() -> Keys {
    Keys::from_source(Arc::new(|name| {
        let Some(variable) = engine::key_variable(name) else {
            return Ok(None);
        };
        key(variable).map_err(|error| format!("{error:#}"))
    }))
}

fn key(variable: &str) -> anyhow::Result<Option<Secret>> {
    if let Some(key) = environment(variable).as_deref().and_then(Secret::new) {
        return Ok(Some(key));
    }
    let (file, command) = (format!("{variable}_FILE"), format!("{variable}_COMMAND"));
    if let Some(path) = environment(&file) {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{file}: {path} can't be read"))?;
        return Ok(Secret::new(&text));
    }
    if let Some(line) = environment(&command) {
        let output = Command::new("sh")
            .args(["-c", &line])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("{command} can't be run"))?;
        if !output.status.success() {
            anyhow::bail!("{command} ended with {}", output.status);
        }
        return Ok(Secret::new(&String::from_utf8_lossy(&output.stdout)));
    }
    Ok(None)
}

fn environment(variable: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the binary is where the environment is read"
    )]
    std::env::var(variable).ok()
}
