//! `duizhao completions` and `duizhao man`.

use std::path::PathBuf;

use anyhow::Context;
use clap_complete::Shell;

use crate::exit::Status;
use crate::output;

/// Options of `completions`.
#[derive(clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Options of `man`.
#[derive(clap::Args)]
pub struct ManArgs {
    /// Write duizhao.1 and a page a command into this folder instead of printing duizhao.1
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the completions.
pub fn run(args: &Args, mut program: clap::Command) -> anyhow::Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "duizhao", &mut script);
    std::io::Write::write_all(&mut output::stdout(), &script)?;
    Ok(Status::Done)
}

/// Prints or writes the manual pages.
pub fn man(args: &ManArgs, program: clap::Command) -> anyhow::Result<Status> {
    match &args.out {
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(program, folder))
                .with_context(|| format!("{}: writing manual pages failed", folder.display()))?;
        }
        None => clap_mangen::Man::new(program).render(&mut output::stdout())?,
    }
    Ok(Status::Done)
}
