//! The one binary: reads the command line, runs the command, says what went wrong.
//!
//! Deliberately absent: anything that a library crate could do. Commands read and write files and
//! terminals; judgement lives in `wayside-rules`, pictures in the pipelines.

mod background;
mod cli;
mod commands;
mod eval;
mod failure;
mod models;
mod replay;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use failure::{Exit, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WAYSIDE_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,ort=error")),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(&cli.command) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(exit)) => ExitCode::from(exit as u8),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn run(command: &Command) -> Result<Option<Exit>, Failure> {
    match command {
        Command::Replay(args) => commands::replay::run(args),
        Command::Eval(args) => commands::eval::run(args).map(|()| None),
        Command::Site(command) => commands::site::run(command).map(|()| None),
        Command::Models(command) => commands::models::run(command),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Camera(args) => commands::camera::run(args).map(|()| None),
        Command::Bench(command) => commands::bench::run(command).map(|()| None),
    }
}
