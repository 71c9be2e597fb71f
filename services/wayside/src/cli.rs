//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Turns traffic cameras' pictures into events that people can trust.
#[derive(Debug, Parser)]
#[command(name = "wayside", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 an input was refused; \
4 done in part (what was finished is kept and marked as partial).";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replay recorded footage, or tracks, through detector, tracker and rules.
    Replay(Box<ReplayArgs>),
    /// Watch live cameras: ingest, rules, and a durable log of it all, in one process.
    Run(Box<crate::commands::run::RunArgs>),
    /// Watch live cameras and keep what they see, without rules.
    Ingest(Box<crate::commands::run::IngestArgs>),
    /// Judge what cameras saw, over the bus: one of the processes that share a city.
    Enforce(Box<crate::commands::enforce::EnforceArgs>),
    /// Make, seal and store the evidence packages of violations, over the bus.
    Evidence(Box<crate::commands::evidence::EvidenceArgs>),
    /// Let people decide: cases for reviewers over HTTP, citations to the bus and to webhooks.
    Review(Box<crate::commands::review::ReviewArgs>),
    /// Drive roadside signs: warnings and travel times, each with an end, to NTCIP signs and to pages.
    Signs(Box<crate::commands::signs::SignsArgs>),
    /// Show junctions, review, calibration and replays in a browser.
    Console(Box<crate::commands::console::ConsoleArgs>),
    /// Make, list or disable accounts of the console.
    Accounts(crate::commands::accounts::AccountsArgs),
    /// Compare the violations of a replay with the truth.
    Eval(EvalArgs),
    /// Check, describe or draw a site file.
    #[command(subcommand)]
    Site(SiteCommand),
    /// List, download, check or measure models.
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Check what this machine has: GStreamer, ONNX Runtime, execution providers, models.
    Doctor(DoctorArgs),
    /// Serve a recorded clip as an RTSP camera, to test an installation before its cameras are there.
    Camera(crate::commands::camera::CameraArgs),
    /// Simulate a city of cameras, to size an installation and to test what consumes observations.
    Simulate(Box<crate::commands::simulate::SimulateArgs>),
    /// Make or show the topics of Apache Kafka.
    #[command(subcommand)]
    Topics(crate::commands::topics::TopicsCommand),
    /// Judge stored observations under a draft site file, and show what it would change.
    Whatif(Box<crate::commands::whatif::WhatifArgs>),
    /// List what could not be read from the bus, and put it back.
    #[command(subcommand)]
    Deadletter(crate::commands::deadletter::DeadletterCommand),
    /// Check or list the receipts of deletions.
    #[command(subcommand)]
    Receipts(crate::commands::receipts::ReceiptsCommand),
    /// Verify evidence packages: offline, with nothing but the public key.
    Verify(Box<crate::commands::verify::VerifyArgs>),
    /// Make, list and rotate the keys that sign evidence packages.
    #[command(subcommand)]
    Keys(crate::commands::keys::KeysCommand),
    /// Delete evidence and cases whose time is over, or show what will be deleted when.
    #[command(subcommand)]
    Retention(Box<crate::commands::retention::RetentionCommand>),
    /// Measure one stage alone; `make bench` uses it.
    #[command(subcommand, hide = true)]
    Bench(BenchCommand),
}

/// The detector where `--model` names none and the site file does not say that the footage is
/// simulated.
pub const MODEL_REAL: &str = "yolox-nano";

/// The detector where `--model` names none and the site file says that the footage is simulated: it
/// ships with the program.
pub const MODEL_SIMULATED: &str = "wayside-junction";

/// Where models and the ONNX Runtime library are.
#[derive(Debug, Clone, Args)]
pub struct ModelArgs {
    /// Folder to look for models in before anything is downloaded; a manifest.toml in it adds models.
    #[arg(long, value_name = "DIR", env = "WAYSIDE_MODELS")]
    pub models_dir: Option<PathBuf>,
    /// Name of the detector in the model manifest. Where absent: wayside-junction on footage that the
    /// site file declares simulated, yolox-nano on all other.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// ONNX Runtime library; looked for in the usual places where absent.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,
    /// Execution provider: cpu, cuda, tensorrt or openvino.
    #[arg(long, value_name = "NAME", default_value = "cpu")]
    pub provider: String,
}

/// `wayside replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// The site file.
    #[arg(value_name = "SITE")]
    pub site: PathBuf,
    /// Folder for the results; made where it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Which camera of the site; may be left out where it has only one.
    #[arg(long, value_name = "ID")]
    pub camera: Option<String>,
    /// Recording to use in place of the camera's own source.
    #[arg(long, value_name = "FILE", conflicts_with = "tracks")]
    pub video: Option<PathBuf>,
    /// Tracks to use in place of a picture (CSV, plain or gzipped).
    #[arg(long, value_name = "FILE")]
    pub tracks: Option<PathBuf>,
    /// Signal log to use in place of the site's own.
    #[arg(long, value_name = "FILE")]
    pub signals: Option<PathBuf>,
    /// Do not write annotated.mp4, nor the stills of the report.
    #[arg(long)]
    pub no_pictures: bool,
    /// Seal an evidence package of each violation into this folder (or s3://BUCKET[/PREFIX]). Needs a key:
    /// `wayside keys new --out DIR` makes one.
    #[arg(long, value_name = "DIR|s3://", conflicts_with = "tracks")]
    pub evidence: Option<String>,
    /// How packages are sealed.
    #[command(flatten)]
    pub seal: crate::evidence::SealArgs,
    /// Rest while nothing moves, as a live camera does; results may differ from those of every frame.
    #[arg(long, conflicts_with = "tracks")]
    pub motion_gate: bool,
    /// Detector threads; results do not depend on it. All cores but one where absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Print the summary as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors.
    #[arg(long)]
    pub quiet: bool,
    /// Print how far it is as lines of JSON on standard error; the console reads them.
    #[arg(long, hide = true)]
    pub progress_lines: bool,
    /// Models.
    #[command(flatten)]
    pub models: ModelArgs,
}

/// `wayside eval`.
#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// The site file.
    #[arg(value_name = "SITE")]
    pub site: PathBuf,
    /// What really happened (CSV).
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,
    /// Folder that a replay left.
    #[arg(long, value_name = "DIR")]
    pub results: PathBuf,
    /// How far violation and truth may be apart, seconds. Without it: 1, and 5 for rules of a
    /// stretch or a stand (wrong_way, no_stopping, box_junction, reserved_lane).
    #[arg(long, value_name = "S")]
    pub tolerance_s: Option<f64>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// `wayside site`.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Say whether a site file is sound, and what is wrong with it.
    Check {
        /// The site file.
        #[arg(value_name = "SITE")]
        site: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of site files.
    Schema,
    /// Print the parts of the picture that a detector looks at, as the site file implies them.
    Regions {
        /// The site file.
        #[arg(value_name = "SITE")]
        site: PathBuf,
        /// Which camera; may be left out where the site has only one.
        #[arg(long, value_name = "ID")]
        camera: Option<String>,
        /// Name of the detector in the model manifest, as for replay; its file is not needed.
        #[arg(long, value_name = "NAME")]
        model: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// Where its manifest may be.
        #[command(flatten)]
        dirs: ModelDirs,
    },
    /// Keep a picture of the empty road that the camera watch compares with (`watch.reference`): the
    /// median over seconds of a recording, with people and plates hidden.
    Reference {
        /// Picture to write (PNG).
        #[arg(long, value_name = "FILE", default_value = "reference.png")]
        out: PathBuf,
        /// Whose view.
        #[command(flatten)]
        view: ViewArgs,
    },
    /// Draw the site over a frame of a camera, so that a wrong homography is seen at once.
    Draw {
        /// Picture to write (PNG).
        #[arg(long, value_name = "FILE", default_value = "site.png")]
        out: PathBuf,
        /// Whose view.
        #[command(flatten)]
        view: ViewArgs,
    },
}

/// A camera's view of the empty road.
#[derive(Debug, Clone, Args)]
pub struct ViewArgs {
    /// The site file.
    #[arg(value_name = "SITE")]
    pub site: PathBuf,
    /// Which camera; may be left out where the site has only one.
    #[arg(long, value_name = "ID")]
    pub camera: Option<String>,
    /// Recording to take the frame from, in place of the camera's own source.
    #[arg(long, value_name = "FILE")]
    pub video: Option<PathBuf>,
    /// From which second of the recording.
    #[arg(long, value_name = "S", default_value_t = 0.0)]
    pub at: f64,
    /// Models, to hide people and plates that stand still.
    #[command(flatten)]
    pub models: ModelArgs,
}

/// `wayside models`.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Say which models there are, what for, and where their files are.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// Where models are.
        #[command(flatten)]
        dirs: ModelDirs,
    },
    /// Download models, check them and keep them.
    #[command(after_help = PULL_CODES)]
    Pull {
        /// Names of models.
        #[arg(value_name = "NAME", required_unless_present = "all")]
        names: Vec<String>,
        /// Every model of the manifest.
        #[arg(long, conflicts_with = "names")]
        all: bool,
        /// Where models are.
        #[command(flatten)]
        dirs: ModelDirs,
    },
    /// Check models that are here: checksum, tensors as in the manifest, one run on a grey picture.
    #[command(after_help = VERIFY_CODES)]
    Verify {
        /// Names of models; all that are here where there is none.
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// Where models are.
        #[command(flatten)]
        dirs: ModelDirs,
        /// ONNX Runtime library; looked for in the usual places where absent.
        #[arg(long, value_name = "FILE", env = "WAYSIDE_ONNXRUNTIME")]
        onnxruntime: Option<PathBuf>,
    },
    /// Measure models against each other: in turn, one thread, on a grey picture.
    #[command(after_help = BENCH_CODES)]
    Bench(ModelsBenchArgs),
}

/// `wayside models bench`.
#[derive(Debug, Clone, Args)]
pub struct ModelsBenchArgs {
    /// Names of models; times are compared with the first.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// How often each model runs.
    #[arg(long, value_name = "N", default_value_t = 50,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rounds: u32,
    /// Execution provider: cpu, cuda, tensorrt or openvino. One that cannot be opened is an error: the
    /// processor never stands in for it here.
    #[arg(long, value_name = "NAME", default_value = "cpu")]
    pub provider: String,
    /// Pictures of one call, where the model's file leaves their number free.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u16).range(1..=64))]
    pub batch: u16,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Where models are.
    #[command(flatten)]
    pub dirs: ModelDirs,
    /// ONNX Runtime library; looked for in the usual places where absent.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,
}

const PULL_CODES: &str = "Exit codes: 0 every model is here; 1 none could be had; 3 there is no such model; \
4 some could be had, others not.";

const VERIFY_CODES: &str = "Exit codes: 0 every model that was looked at is right; 1 one is wrong, or ONNX \
Runtime is missing; 3 there is no such model, or one that was named is not here.";

const BENCH_CODES: &str = "Nobody has run it on a GPU yet. It needs an ONNX Runtime that was built with the provider \
(--onnxruntime): the one that `make setup` brings has the processor alone, and `wayside doctor` tells what a \
library really opens.

Exit codes: 0 measured; 1 a model is wrong, or ONNX Runtime or the provider is missing; 3 there is no such model \
or provider, or the model is not here.";

/// Where models are.
#[derive(Debug, Clone, Args)]
pub struct ModelDirs {
    /// Folder to look for models in before anything is downloaded; a manifest.toml in it adds models.
    #[arg(long, value_name = "DIR", env = "WAYSIDE_MODELS")]
    pub models_dir: Option<PathBuf>,
}

/// `wayside doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Models.
    #[command(flatten)]
    pub models: ModelArgs,
}

/// `wayside bench`.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Decode a recording and throw the frames away.
    Decode {
        /// The recording.
        video: PathBuf,
    },
    /// Run the detector over the site's regions of frames that were decoded before.
    Inference {
        /// The site file.
        site: PathBuf,
        /// The recording.
        video: PathBuf,
        /// Which camera.
        #[arg(long)]
        camera: Option<String>,
        /// How many frames to keep in memory and run over.
        #[arg(long, default_value_t = 50)]
        frames: usize,
        /// Models.
        #[command(flatten)]
        models: ModelArgs,
    },
    /// Print the regions that the detector looks at, as JSON.
    Regions {
        /// The site file.
        site: PathBuf,
        /// Which camera.
        #[arg(long)]
        camera: Option<String>,
    },
}
