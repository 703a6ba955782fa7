//! `duizhao init`: a new workspace.

use std::path::PathBuf;

use anyhow::Context;
use duizhao::workspace::{CONFIG_FILE, write_durably};

use crate::exit::{BadUsage, Status};
use crate::output;

const CONFIG: &str = include_str!("init/duizhao.toml");
const GLOSSARY: &str = "source,target,status,scope,note\n";
const IGNORED: &str = "/build/*\n!/build/.gitignore\n/.duizhao/\n";

/// Options of `init`.
#[derive(clap::Args)]
pub struct Args {
    /// The folder [default: this one]
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
}

/// Makes the folders and a commented configuration; leaves alone what is there.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let root = &args.directory;
    if root.join(CONFIG_FILE).exists() {
        return Err(BadUsage(format!(
            "{} exists: this is a workspace already",
            root.join(CONFIG_FILE).display()
        ))
        .into());
    }
    for folder in ["sources", "glossary", "translations"] {
        let path = root.join(folder);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("{}: making the folder failed", path.display()))?;
    }
    let files = [
        ("glossary/zh-Hans.en.csv", GLOSSARY),
        (".gitignore", IGNORED),
        // Last: the folder counts as a workspace once this is there.
        (CONFIG_FILE, CONFIG),
    ];
    for (name, text) in files {
        let path = root.join(name);
        if !path.exists() {
            write_durably(&path, text.as_bytes())?;
        }
    }
    output::say(&format!(
        "made a workspace in {}; put articles into sources/, then run `duizhao publish`",
        root.display()
    ));
    Ok(Status::Done)
}
