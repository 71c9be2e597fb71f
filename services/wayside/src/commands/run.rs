//! `wayside run` and `wayside ingest`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use wayside_enforcement::Options;

use super::bus_args::BusArgs;
use super::console_args::{ConsoleSettings, DEFAULT_CONSOLE};
use super::index_args::IndexArgs;
use super::retention::Spans;
use super::review::DEFAULT_LISTEN;
use super::review_args::ReviewSettings;
use super::signs::SignsSettings;
use crate::cli::ModelArgs;
use crate::console::Opened;
use crate::enforce::{Judging, Telling};
use crate::evidence::{Packing, SealArgs};
use crate::failure::{Exit, Failure};
use crate::keys::Folder;
use crate::review::{Home, Reviewing};
use crate::run::{Doing, PackageRetention};
use crate::sites::Sites;

/// `wayside run`.
#[derive(Debug, Clone, Args)]
#[command(mut_arg("sites", |sites| sites.required(false).required_unless_present("sites_folder")))]
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
    /// this process. Needs a key: `wayside keys new --out DIR` makes one. With --review: the folder evidence
    /// below --data where absent.
    #[arg(long, value_name = "DIR|s3://")]
    pub evidence: Option<String>,
    /// How packages are sealed.
    #[command(flatten)]
    pub seal: SealArgs,
    /// Let people decide in this process: cases, the API of review here, citations, webhooks. Database, packages,
    /// tokens, and keys that are not named are below --data; keys that are not there are made.
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = DEFAULT_LISTEN,
          value_parser = address)]
    pub review: Option<SocketAddr>,
    /// Where a browser sees it all: junctions live, review, calibration, replays, accounts; and people decide in this
    /// process, as with --review. Without Kafka it is there from the start, on 127.0.0.1:8088 where that is free.
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = DEFAULT_CONSOLE,
          value_parser = address, overrides_with = "no_console")]
    pub console: Option<SocketAddr>,
    /// Only watch, judge and keep: no console, and nobody decides here unless --review is given. Of this and
    /// --console, the last counts.
    #[arg(long, overrides_with = "console")]
    pub no_console: bool,
    /// How people get into the console.
    #[command(flatten, next_help_heading = "With --console")]
    pub console_settings: ConsoleSettings,
    /// Drive the signs of the site files from this process, and serve their pages.
    #[arg(long)]
    pub signs: bool,
    /// How signs are driven.
    #[command(flatten, next_help_heading = "With --signs")]
    pub signs_settings: SignsSettings,
    /// Delete packages and cases whose time is over, so many minutes apart, where this process makes packages.
    #[arg(long, value_name = "MINUTES", default_value_t = 15,
          value_parser = clap::value_parser!(u64).range(1..=10_080))]
    pub retention_every: u64,
    /// How long packages and cases are kept.
    #[command(flatten)]
    pub spans: Spans,
    /// How people decide.
    #[command(flatten, next_help_heading = "With --review")]
    pub settings: ReviewSettings,
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

/// An address, or what a site file in its place is for.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "no address such as 127.0.0.1:9480; without one, --review stands behind the site files"
            .to_owned()
    })
}

/// Watches, judges, and keeps it all, until it is asked to stop.
pub fn run(args: &RunArgs) -> Result<Option<Exit>, Failure> {
    let options = Options { lateness_s: args.lateness_s, ..Options::default() };
    let judging = Judging { options, telling: Telling { json: args.json, count: true } };
    // A site file that is refused leaves nothing behind: no folder, no key, no account.
    Sites::load(&args.ingest.sites)?;
    // Keys and stores are opened before any camera is.
    let opened = console_at(args)
        .map(|listen| Opened::open(&console_settings(args), listen, &args.ingest.bus.data));
    let console = opened.transpose()?;
    let (evidence, review) = match (args.review, &console) {
        (Some(_), _) | (None, Some(_)) => {
            let (packing, reviewing) = deciding(args)?;
            (Some(packing), Some(reviewing))
        }
        (None, None) => {
            if let Some(said) = args.settings.said_in_vain() {
                return Err(Failure::input(format!(
                    "{said} is for people who decide, and nobody does here\n  hint: say --review as well, or leave out --no-console"
                )));
            }
            let place = args.evidence.as_deref();
            (place.map(|place| Packing::open(place, &args.seal)).transpose()?, None)
        }
    };
    let retention = PackageRetention::of(args);
    let doing = Doing {
        judging: Some(&judging),
        evidence,
        review,
        retention: Some(retention),
        console,
        signs: args.signs.then_some(&args.signs_settings),
    };
    crate::run::run(&args.ingest, doing, &*stopped()?).map(|()| None)
}

/// How the console is set: what engineers make in it goes below the folder of data, unless another one is named or
/// other processes watch cameras too.
fn console_settings(args: &RunArgs) -> ConsoleSettings {
    let mut settings = args.console_settings.clone();
    if args.ingest.bus.kafka.is_none() {
        settings.sites_folder.get_or_insert_with(|| args.ingest.bus.data.join("sites"));
    }
    settings
}

/// Where the console is: where it was said, and with the embedded log at its usual place, where that is free.
fn console_at(args: &RunArgs) -> Option<SocketAddr> {
    if args.console.is_some() || args.no_console || args.ingest.bus.kafka.is_some() {
        return args.console;
    }
    let usual: SocketAddr = DEFAULT_CONSOLE.parse().ok()?;
    match std::net::TcpListener::bind(usual) {
        Ok(_) => Some(usual),
        Err(error) => {
            tracing::warn!(
                "no console: {usual} cannot be listened on: {error}\n  hint: --console ADDR:PORT puts it elsewhere"
            );
            None
        }
    }
}

/// Evidence and review of one process: what is not named is below its folder of data.
fn deciding(args: &RunArgs) -> Result<(Packing, Reviewing), Failure> {
    let home = Home::below(&args.ingest.bus.data)?;
    let place = args.evidence.clone().map_or_else(|| home.evidence(), Ok)?;
    let seal = SealArgs { key: home.signing_key(&args.seal.key)?, ..args.seal.clone() };
    let packing = Packing::open(&place, &seal)?;
    let mut ring = packing.ring();
    // What a key sealed before its rotation is as good as it was.
    if let Some(folder) = seal.key.signing_key.filter(|path| path.is_dir()) {
        Folder::at(&folder).list()?.into_iter().for_each(|listed| ring.add(listed.key));
    }
    let reviewing = Reviewing::open(&args.settings, args.review, Some((&home, ring)))?;
    Ok((packing, reviewing))
}

/// Watches and keeps it all.
pub fn ingest(args: &IngestArgs) -> Result<Option<Exit>, Failure> {
    crate::run::run(args, Doing::default(), &*stopped()?).map(|()| None)
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
