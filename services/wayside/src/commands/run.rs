//! `wayside run` and `wayside ingest`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use wayside_enforcement::Options;

use super::bus_args::BusArgs;
use super::index_args::IndexArgs;

use crate::cli::ModelArgs;
use crate::enforce::{Judging, Telling};
use crate::evidence::{Packing, SealArgs};
use crate::failure::{Exit, Failure};

/// `wayside run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The ingest worker.
    #[command(flatten)]
    pub ingest: IngestArgs,
    /// How long rules wait for late signals, seconds of event time.
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    pub lateness_s: f64,
    /// Print each violation and void as a JSON line, once it is durable.
    #[arg(long)]
    pub json: bool,
    /// Seal an evidence package of each violation into this folder (or s3://BUCKET[/PREFIX]), with pictures of
    /// this process. Needs a key: `wayside keys new --out DIR` makes one.
    #[arg(long, value_name = "DIR|s3://")]
    pub evidence: Option<String>,
    /// How packages are sealed.
    #[command(flatten)]
    pub seal: SealArgs,
}

/// `wayside ingest`.
#[derive(Debug, Clone, Args)]
pub struct IngestArgs {
    /// Site files, one a junction. They are read again when they change: cameras come, go and change
    /// without a restart of the others.
    #[arg(value_name = "SITE", required = true)]
    pub sites: Vec<PathBuf>,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Where vectors are.
    #[command(flatten)]
    pub index: IndexArgs,
    /// Name of this process, unique in the fleet; made up where absent. Used with Kafka.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// How long records of the embedded log are kept, hours.
    #[arg(long, value_name = "H", default_value_t = 24,
          value_parser = clap::value_parser!(u32).range(1..=87_600))]
    pub retention_h: u32,
    /// Most bytes of observations and of health in the embedded log, MiB each; the oldest go first.
    #[arg(long, value_name = "MIB", default_value_t = 16_384,
          value_parser = clap::value_parser!(u64).range(1..=16_777_216))]
    pub retention_mib_max: u64,
    /// Detector threads; one for each physical core where absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Frames of one batch; where absent, as many as the provider gains from: 1 on a processor, 8 else.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub batch_max: Option<u16>,
    /// How long the oldest frame of a batch waits for others, milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub batch_wait_ms_max: u32,
    /// How much of each camera's own packets is kept in memory for evidence, seconds.
    #[arg(long, value_name = "S", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub evidence_window_s: u64,
    /// Most bytes of them, MiB a camera.
    #[arg(long, value_name = "MIB", default_value_t = 64,
          value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub evidence_mib_max: u32,
    /// Decode with hardware where GStreamer offers it.
    #[arg(long)]
    pub hardware_decoders: bool,
    /// Look at every frame, also where nothing moves.
    #[arg(long)]
    pub no_motion_gate: bool,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9464")]
    pub http: SocketAddr,
    /// Redacted clips.
    #[command(flatten)]
    pub clips: ClipArgs,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
    /// Models.
    #[command(flatten)]
    pub models: ModelArgs,
}

/// How redacted clips are served to the evidence service.
#[derive(Debug, Clone, Args)]
pub struct ClipArgs {
    /// Serve redacted clips of violations here (`POST /v1/clips`); port 0 takes a free one. Needs a token.
    #[arg(long, value_name = "ADDR")]
    pub clips: Option<SocketAddr>,
    /// File with the bearer token that callers must know; else WAYSIDE_CLIPS_TOKEN holds it.
    #[arg(long, value_name = "FILE", requires = "clips")]
    pub clips_token_file: Option<PathBuf>,
    /// The address that others know the clips by; the one that is listened on where absent.
    #[arg(long, value_name = "URL", requires = "clips")]
    pub clips_url: Option<String>,
    /// Certificate for TLS, PEM, those of its authorities after it.
    #[arg(long, value_name = "FILE", requires_all = ["clips", "clips_tls_key"])]
    pub clips_tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires_all = ["clips", "clips_tls_cert"])]
    pub clips_tls_key: Option<PathBuf>,
}

/// Watches, judges, and keeps it all, until it is asked to stop.
pub fn run(args: &RunArgs) -> Result<Option<Exit>, Failure> {
    let options = Options { lateness_s: args.lateness_s, ..Options::default() };
    let judging = Judging { options, telling: Telling { json: args.json, count: true } };
    // Keys and store are opened before any camera is.
    let packing =
        args.evidence.as_deref().map(|place| Packing::open(place, &args.seal)).transpose()?;
    crate::run::run(&args.ingest, Some(&judging), packing, &*stopped()?).map(|()| None)
}

/// Watches and keeps it all.
pub fn ingest(args: &IngestArgs) -> Result<Option<Exit>, Failure> {
    crate::run::run(args, None, None, &*stopped()?).map(|()| None)
}

/// Set by Ctrl-C and by SIGTERM.
pub(super) fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        // A second time does not wait for what is under way.
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure::failed(format!("Ctrl-C cannot be caught: {error}")))?;
    Ok(stop)
}
