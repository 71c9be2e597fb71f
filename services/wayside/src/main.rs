//! The one binary: reads the command line, runs the command, says what went wrong.
//!
//! Deliberately absent: anything that a library crate could do. Commands read and write files and
//! terminals; judgement lives in `wayside-rules`, pictures in the pipelines.

mod background;
mod cli;
mod commands;
mod console;
mod deadletter;
mod enforce;
mod eval;
mod evidence;
mod failure;
mod keys;
mod models;
mod replay;
mod retention;
mod review;
mod run;
mod signs;
mod simulate;
mod sites;
mod stills;
mod verify;
mod whatif;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use failure::{Exit, Failure};
use wayside_telemetry::{TelemetryError, TracingOptions};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let _tracing = match tracing_options(&cli.command)
        .and_then(|options| wayside_telemetry::init_tracing(&options))
    {
        Ok(guard) => guard,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(Exit::InputRefused as u8);
        }
    };
    match run(&cli.command) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(exit)) => ExitCode::from(exit as u8),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}

/// What the environment says. A worker that runs for months tells more than a command that ends.
fn tracing_options(command: &Command) -> Result<TracingOptions, TelemetryError> {
    let mut options = TracingOptions::from_env()?;
    let long = matches!(
        command,
        Command::Run(_)
            | Command::Ingest(_)
            | Command::Enforce(_)
            | Command::Evidence(_)
            | Command::Review(_)
            | Command::Signs(_)
            | Command::Console(_)
    );
    if long && std::env::var_os("WAYSIDE_LOG").is_none() {
        options.log = "info,ort=error".to_owned();
    }
    Ok(options)
}

fn run(command: &Command) -> Result<Option<Exit>, Failure> {
    match command {
        Command::Replay(args) => commands::replay::run(args),
        Command::Run(args) => commands::run::run(args),
        Command::Ingest(args) => commands::run::ingest(args),
        Command::Enforce(args) => commands::enforce::run(args),
        Command::Evidence(args) => commands::evidence::run(args),
        Command::Review(args) => commands::review::run(args),
        Command::Signs(args) => commands::signs::run(args),
        Command::Console(args) => commands::console::run(args),
        Command::Accounts(args) => commands::accounts::run(args).map(|()| None),
        Command::Eval(args) => commands::eval::run(args).map(|()| None),
        Command::Site(command) => commands::site::run(command).map(|()| None),
        Command::Models(command) => commands::models::run(command),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Camera(args) => commands::camera::run(args).map(|()| None),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Deadletter(command) => commands::deadletter::run(command),
        Command::Topics(command) => commands::topics::run(command),
        Command::Whatif(args) => commands::whatif::run(args),
        Command::Receipts(command) => commands::receipts::run(command),
        Command::Verify(args) => commands::verify::run(args),
        Command::Keys(command) => commands::keys::run(command).map(|()| None),
        Command::Retention(command) => commands::retention::run(command),
        Command::Bench(command) => commands::bench::run(command).map(|()| None),
    }
}
