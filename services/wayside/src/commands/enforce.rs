//! `wayside enforce`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use wayside_enforcement::Options;

use super::bus_args::BusArgs;
use super::index_args::IndexArgs;
use super::run::stopped;
use crate::enforce::{self, Judging, Telling};
use crate::failure::{Exit, Failure};

/// Records taken at once: one commit over Kafka takes some milliseconds.
const RECORDS_MAX: usize = 2_000;

/// `wayside enforce`.
#[derive(Debug, Clone, Args)]
pub struct EnforceArgs {
    /// Site files, one a junction: the same for every process of the fleet. They are read again when
    /// they change.
    #[arg(value_name = "SITE", required = true)]
    pub sites: Vec<PathBuf>,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Where vectors are.
    #[command(flatten)]
    pub index: IndexArgs,
    /// Name of this process, unique in the fleet and the same after a restart, as a pod has it; made up
    /// where absent.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// How long rules wait for late signals, seconds of event time.
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    pub lateness_s: f64,
    /// Print each violation and void of the whole fleet as a JSON line, once it is durable.
    #[arg(long)]
    pub json: bool,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9465")]
    pub http: SocketAddr,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
}

/// Judges until it is asked to stop.
pub fn run(args: &EnforceArgs) -> Result<Option<Exit>, Failure> {
    let options =
        Options { lateness_s: args.lateness_s, records_max: RECORDS_MAX, ..Options::default() };
    let telling = Telling { json: args.json, count: false };
    enforce::serve(args, &Judging { options, telling }, &*stopped()?).map(|()| None)
}
