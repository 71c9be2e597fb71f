//! `wayside console`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::bus_args::BusArgs;
use super::console_args::{ConsoleSettings, DEFAULT_CONSOLE};
use super::review_args::ReviewSettings;
use super::run::stopped;
use super::store_args::StoreArgs;
use crate::cli::ModelArgs;
use crate::console;
use crate::failure::{Exit, Failure};

/// `wayside console`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER, mut_arg("tokens", |tokens| tokens.required(true)))]
pub struct ConsoleArgs {
    /// Site files that are shown. They are read again when they change.
    #[arg(value_name = "SITE", required_unless_present = "sites_folder")]
    pub sites: Vec<PathBuf>,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Name of this process, unique in the fleet and the same after a restart.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// Where packages are.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Where the console listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_CONSOLE)]
    pub listen: SocketAddr,
    /// Folder for accounts, recordings and jobs.
    #[arg(long, value_name = "DIR", default_value = "wayside-console")]
    pub home: PathBuf,
    /// File with the token that workers ask for, for live pictures; or set WAYSIDE_CLIPS_TOKEN.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_CLIPS_TOKEN_FILE")]
    pub clips_token_file: Option<PathBuf>,
    /// Certificate (PEM) of the authority of the workers' certificates, where it is one of your own.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_CLIPS_CA_FILE")]
    pub clips_ca: Option<PathBuf>,
    /// Folder with the templates of signs, as `wayside signs` has them.
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Where the pages of signs are, as a browser reaches them, for links to them.
    #[arg(long, value_name = "URL")]
    pub signs_url: Option<String>,
    /// How people get in.
    #[command(flatten)]
    pub settings: ConsoleSettings,
    /// How people decide.
    #[command(flatten, next_help_heading = "Review")]
    pub review: ReviewSettings,
    /// Models.
    #[command(flatten)]
    pub models: ModelArgs,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9469")]
    pub http: SocketAddr,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
}

const AFTER: &str = "It shares the work of review with every `wayside review` of the same desk. Live pictures come from \
the workers that serve clips (`wayside ingest --clips`). What signs show is worked out from the bus; nothing is told to a sign. \
Exit codes: 0 it was asked to stop; 1 failed; 3 a site file, a key or an address was refused.";

/// Serves until it is asked to stop.
pub fn run(args: &ConsoleArgs) -> Result<Option<Exit>, Failure> {
    console::serve(args, &*stopped()?).map(|()| None)
}
