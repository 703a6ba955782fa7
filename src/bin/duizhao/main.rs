//! The command line of duizhao: parse, load, call the library, report.

mod align;
mod args;
mod build;
mod check;
mod completions;
mod exit;
mod export;
mod glossary;
mod init;
mod keys;
mod memory;
mod merge;
mod options;
mod output;
mod progress;
mod publish;
mod segment;
mod serve;
mod status;
mod translate;
mod xliff;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

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
    let place = &cli.place;
    match cli.command {
        Command::Publish(args) => publish::run(&args, place),
        Command::Translate(args) => translate::run(&args, place),
        Command::Align(args) => align::run(&args, place),
        Command::Build(args) => build::run(&args, place),
        Command::Check(args) => check::run(&args, place),
        Command::Export(args) => export::run(&args, place),
        Command::Glossary(args) => glossary::run(&args, place),
        Command::Memory(args) => memory::run(&args, place),
        Command::Merge(args) => merge::run(&args, place),
        Command::Serve(args) => serve::run(&args, place),
        Command::Xliff(args) => xliff::run(&args),
        Command::Status(args) => status::run(&args, place),
        Command::Init(args) => init::run(&args),
        Command::Segment(args) => segment::run(&args, place),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => completions::man(&args, Cli::command()),
    }
}
