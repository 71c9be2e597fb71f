//! `wayside evidence`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::bus_args::BusArgs;
use super::run::stopped;
use crate::cli::ModelDirs;
use crate::evidence::{self, SealArgs};
use crate::failure::{Exit, Failure};

/// `wayside evidence`.
#[derive(Debug, Clone, Args)]
#[command(after_help = STORES)]
pub struct EvidenceArgs {
    /// Site files, one a junction: the same for every process of the fleet. They are read again when
    /// they change.
    #[arg(value_name = "SITE", required = true)]
    pub sites: Vec<PathBuf>,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Where packages are kept: a folder, or s3://BUCKET[/PREFIX].
    #[arg(long, value_name = "DIR|s3://", env = "WAYSIDE_EVIDENCE_STORE")]
    pub store: String,
    /// How packages are sealed.
    #[command(flatten)]
    pub seal: SealArgs,
    /// Ask this worker for the pictures of every camera, in place of the one that a camera's health names.
    #[arg(long, value_name = "URL")]
    pub worker: Option<String>,
    /// File with the token that workers ask for; or set WAYSIDE_CLIPS_TOKEN.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_CLIPS_TOKEN_FILE")]
    pub clips_token_file: Option<PathBuf>,
    /// Certificate (PEM) of the authority of the workers' certificates, where it is one of your own.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_CLIPS_CA_FILE")]
    pub clips_ca: Option<PathBuf>,
    /// How long a worker is asked for pictures before the failure is recorded, seconds.
    #[arg(long, value_name = "S", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub worker_wait_s: u64,
    /// How long the store is tried before the failure is recorded, seconds.
    #[arg(long, value_name = "S", default_value_t = 600,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub store_wait_s: u64,
    /// Violations older than this get no package, days.
    #[arg(long, value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub age_days_max: u32,
    /// Packages that are made at once.
    #[arg(long, value_name = "N", default_value_t = 2,
          value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: u16,
    /// Name of this process, unique in the fleet and the same after a restart, as a pod has it; made up
    /// where absent.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// Name of the workers' detector in the model manifest, as for ingest; its file is not needed.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Where its manifest may be.
    #[command(flatten)]
    pub dirs: ModelDirs,
    /// Print what became of each violation as a JSON line, once it is published.
    #[arg(long)]
    pub json: bool,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9466")]
    pub http: SocketAddr,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
}

const STORES: &str = "A folder is written durably and never overwritten. A bucket must know conditional writes \
(If-None-Match), as Amazon's and most others do. What reaches it comes from AWS_REGION, AWS_ENDPOINT_URL, \
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ALLOW_HTTP, or, for the key, from the files that \
WAYSIDE_S3_ACCESS_KEY_ID_FILE and WAYSIDE_S3_SECRET_ACCESS_KEY_FILE name; WAYSIDE_S3_CA_FILE names the certificate \
of an authority of your own.";

/// Makes packages until it is asked to stop.
pub fn run(args: &EvidenceArgs) -> Result<Option<Exit>, Failure> {
    evidence::serve(args, &*stopped()?).map(|()| None)
}
