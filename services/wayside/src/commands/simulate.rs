//! `wayside simulate`.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use wayside_city::{CityOptions, FPS_MAX};
use wayside_proto::EventTime;

use super::bus_args::BusArgs;
use crate::failure::{Exit, Failure};
use crate::simulate;

const AFTER_HELP: &str = "The same arguments give the same messages in the same order for each key: a run that is \
repeated gives the same violations.

Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 an input was refused; 4 interrupted (what was \
published stays).";

/// `wayside simulate`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_HELP)]
pub struct SimulateArgs {
    /// Cameras of the city; four share a site.
    #[arg(long, value_name = "N", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(wayside_city::CAMERAS_MAX)))]
    pub cameras: u32,
    /// How much traffic, seconds of event time.
    #[arg(long, value_name = "S", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=31_536_000))]
    pub seconds: u32,
    /// Everything follows from it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Event time of the beginning, RFC 3339.
    #[arg(long, value_name = "TIME", default_value_t = CityOptions::default().start,
          value_parser = EventTime::parse)]
    pub start: EventTime,
    /// Frames a second of each camera.
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(FPS_MAX)))]
    pub fps: u32,
    /// How fast: real, max, or how many times as fast as real.
    #[arg(long, value_name = "SPEED", default_value = "real")]
    pub speed: Speed,
    /// Share of drivers who are set on breaking a rule, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = CityOptions::default().offenders)]
    pub offenders: f64,
    /// Gaps of each camera an hour, 0 to 360.
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    pub gaps_per_hour: f64,
    /// Generate so many sites only, encode a few minutes of each once, and let all others play them from
    /// different places: for very many cameras on one machine.
    #[arg(long, value_name = "K", conflicts_with = "from_observations",
          value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub templates: Option<u32>,
    /// Recorded observations instead of generated ones (length-delimited, as a replay leaves them),
    /// repeated for every site and as long as needed.
    #[arg(long, value_name = "FILE", requires = "from_site")]
    pub from_observations: Option<PathBuf>,
    /// The site file of the recorded observations; its signal log goes with them.
    #[arg(long, value_name = "SITE", requires = "from_observations")]
    pub from_site: Option<PathBuf>,
    /// Publish only from this second of event time on: to go on where a run was interrupted.
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub skip_until: u32,
    /// Share of observations that go wrong, 0 to 1: random bytes, cut, of a later version, huge, a year
    /// ahead, twice, out of order.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub poison: f64,
    /// Write a site file for each junction into this folder, for `wayside enforce DIR/*.toml`.
    #[arg(long, value_name = "DIR")]
    pub sites_out: Option<PathBuf>,
    /// Write observations into this file, length-delimited.
    #[arg(long, value_name = "FILE")]
    pub observations: Option<PathBuf>,
    /// Write signal reports into this file, length-delimited.
    #[arg(long, value_name = "FILE")]
    pub signals: Option<PathBuf>,
    /// Write what the ends of sections have to say into this file, length-delimited.
    #[arg(long, value_name = "FILE")]
    pub passages: Option<PathBuf>,
    /// Write what is true into this file, CSV.
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
    /// Publish nothing; write the files alone.
    #[arg(long, conflicts_with = "kafka")]
    pub no_bus: bool,
    /// The bus.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Print the summary as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors.
    #[arg(long)]
    pub quiet: bool,
}

/// How fast event time goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many times as fast as real.
    Times(f64),
    /// As fast as it goes.
    Max,
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "real" => Ok(Self::Times(1.0)),
            "max" => Ok(Self::Max),
            number => number
                .parse()
                .ok()
                .filter(|times| (0.01..=10_000.0).contains(times))
                .map(Self::Times)
                .ok_or_else(|| "it is real, max, or a number from 0.01 to 10000".to_owned()),
        }
    }
}

/// Simulates the city until its time is over, or Ctrl-C.
pub fn run(args: &SimulateArgs) -> Result<Option<Exit>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        // A second time does not wait for what is under way.
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure::failed(format!("Ctrl-C cannot be caught: {error}")))?;
    simulate::run(args, &stop)
}
