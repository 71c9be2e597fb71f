//! `wayside retention`: deletes what is over, and tells what will be (PV-2).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use wayside_cases::retention::RetentionPolicy;
use wayside_cases::{Account, Actor, Role};
use wayside_desk::{Desk, DeskOptions};
use wayside_ingest::live::WorkerClock;
use wayside_retention::{Kept, Retention};

use super::bus_args::BusArgs;
use super::desk_args::DeskArgs;
use super::run::stopped;
use super::store_args::StoreArgs;
use crate::failure::{Exit, Failure};
use crate::retention::text;

const DAY_S: u64 = 86_400;
/// How often the end is looked for between two runs.
const LOOK: Duration = Duration::from_millis(100);

/// `wayside retention`.
#[derive(Debug, Clone, Subcommand)]
pub enum RetentionCommand {
    /// Delete packages and cases whose time is over, with receipts.
    Run(RunArgs),
    /// Show what will be deleted when, and why. Deletes nothing.
    Show(ShowArgs),
}

/// How long what is kept.
#[derive(Debug, Clone, Copy, Args)]
pub struct Spans {
    /// How long the package and the case of a citation are kept after it was paid or cancelled, days.
    #[arg(long, value_name = "N", default_value_t = 90,
          value_parser = clap::value_parser!(u64).range(0..=3_650))]
    pub closed_days: u64,
    /// How long a package is kept that nobody decides on, days.
    #[arg(long, value_name = "N", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=3_650))]
    pub undecided_days: u64,
}

impl Spans {
    /// In the words of the law of retention.
    pub(crate) fn policy(self) -> RetentionPolicy {
        RetentionPolicy {
            closed_s: self.closed_days * DAY_S,
            undecided_s: self.undecided_days * DAY_S,
        }
    }
}

/// What both commands need.
#[derive(Debug, Clone, Args)]
pub struct RetentionArgs {
    /// Where packages are.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Where cases are.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// Nobody reviews here: packages go by their age alone.
    #[arg(long, conflicts_with_all = ["desk", "database_url"])]
    pub no_desk: bool,
    /// How long.
    #[command(flatten)]
    pub spans: Spans,
    /// Print JSON lines.
    #[arg(long)]
    pub json: bool,
}

/// `wayside retention run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// What is kept where, and how long.
    #[command(flatten)]
    pub common: RetentionArgs,
    /// Where the bus is: receipts go there.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Run again and again, so many minutes apart, until it is asked to stop.
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=10_080))]
    pub every: Option<u64>,
}

/// `wayside retention show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// What is kept where, and how long.
    #[command(flatten)]
    pub common: RetentionArgs,
    /// How far to look ahead, days.
    #[arg(long, value_name = "N", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(0..=3_650))]
    pub days: u32,
}

/// Runs the command.
pub fn run(command: &RetentionCommand) -> Result<Option<Exit>, Failure> {
    match command {
        RetentionCommand::Run(args) => delete(args, &*stopped()?).map(|()| None),
        RetentionCommand::Show(args) => show(args).map(|()| None),
    }
}

impl RetentionArgs {
    /// The desk; none where the arguments say that there is none. A desk that is not found would let the
    /// packages of living cases go by their age.
    fn open_desk(&self) -> Result<Option<Desk>, Failure> {
        if self.no_desk {
            return Ok(None);
        }
        if !self.desk.is_there() {
            return Err(Failure::input(format!(
                "{} is no database of cases\n  hint: name it with --desk or --database-url, or say --no-desk \
                 where nobody reviews",
                self.desk.file().display()
            )));
        }
        self.desk.open(DeskOptions::default()).map(Some)
    }
}

/// Who deletes, in the audit log.
pub(crate) fn actor() -> Result<Actor, Failure> {
    let account = Account::new("retention").map_err(Failure::failed)?;
    Ok(Actor::new(account, Role::System))
}

fn delete(args: &RunArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let (store, desk) = (args.common.store.open()?, args.common.open_desk()?);
    let bus = args.bus.open()?;
    let clock = WorkerClock::start();
    let kept = Kept {
        shelf: &store,
        desk: desk.as_ref(),
        sites: None,
        policy: args.common.spans.policy(),
    };
    let retention = Retention { bus: &*bus, kept, actor: actor()? };
    loop {
        let began = Instant::now();
        let done = retention.run(clock.now().wall);
        match (&done, args.every) {
            (Ok(done), _) => print!("{}", text::deleted(done, args.common.json)),
            (Err(error), None) => return Err(Failure::failed(error)),
            // The next one goes on where this one stopped.
            (Err(error), Some(_)) => eprintln!("error: {error}"),
        }
        let Some(minutes) = args.every else { return Ok(()) };
        while began.elapsed() < Duration::from_secs(minutes * 60) {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
    }
}

fn show(args: &ShowArgs) -> Result<(), Failure> {
    let (store, desk) = (args.common.store.open()?, args.common.open_desk()?);
    let now = WorkerClock::start().now().wall;
    let kept = Kept {
        shelf: &store,
        desk: desk.as_ref(),
        sites: None,
        policy: args.common.spans.policy(),
    };
    let forecast = kept.forecast(now, args.days).map_err(Failure::failed)?;
    print!("{}", text::forecast(&forecast, args.days, args.common.json));
    Ok(())
}
