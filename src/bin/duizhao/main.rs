//! The command line of duizhao: parse, load, call the library, report.

mod args;
mod completions;
mod exit;
mod init;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::exit::Status;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(status) => status.into(),
        Err(error) if output::is_broken_pipe(&error) => Status::Done.into(),
        Err(error) => {
            output::error(&error);
            Status::of(&error).into()
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Status> {
    match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => completions::man(&args),
    }
}
