//! `wayside review`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::bus_args::BusArgs;
use super::desk_args::DeskArgs;
use super::run::stopped;
use super::store_args::StoreArgs;
use crate::failure::{Exit, Failure};
use crate::review;

/// `wayside review`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReviewArgs {
    /// Tokens and secrets.
    #[command(subcommand)]
    pub command: Option<ReviewCommand>,
    /// The service.
    #[command(flatten)]
    pub serve: ReviewServeArgs,
}

/// Tokens and secrets.
#[derive(Debug, Clone, Subcommand)]
pub enum ReviewCommand {
    /// Make, list or revoke tokens of the API.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Print a new secret for a webhook: keep it in a file, and give it to the receiver.
    Secret,
    /// Print a new master key for plates, as a line for --vault-key.
    VaultKey,
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
}

/// `wayside review token`.
#[derive(Debug, Clone, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, this once. The file keeps its digest alone.
    New {
        /// Account it is for: a role's, such as reviewer-07, not the name of a person.
        #[arg(long, value_name = "NAME")]
        account: String,
        /// reviewer, senior, engineer, auditor, operator or ticketing.
        #[arg(long, value_name = "ROLE")]
        role: String,
        /// Tokens file; made where it does not exist.
        #[arg(long, value_name = "FILE", env = "WAYSIDE_TOKENS")]
        tokens: PathBuf,
        /// How long it holds, days.
        #[arg(long, value_name = "DAYS", default_value_t = 90,
              value_parser = clap::value_parser!(u16).range(1..=400))]
        days: u16,
    },
    /// List tokens: account, role, expiry. No token can be read from the file.
    List {
        /// Tokens file.
        #[arg(long, value_name = "FILE", env = "WAYSIDE_TOKENS")]
        tokens: PathBuf,
    },
    /// Take every token of an account out. A running service sees it within seconds.
    Revoke {
        /// The account.
        #[arg(long, value_name = "NAME")]
        account: String,
        /// Tokens file.
        #[arg(long, value_name = "FILE", env = "WAYSIDE_TOKENS")]
        tokens: PathBuf,
    },
}

/// `wayside review` without a further word: serves.
#[derive(Debug, Clone, Args)]
pub struct ReviewServeArgs {
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Name of this process, unique in the fleet and the same after a restart.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// Where cases and decisions are.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// Where packages are.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Where the API listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9480")]
    pub listen: SocketAddr,
    /// Certificate of the API (PEM), with those of its authorities after it. Without it, answers go out in
    /// the clear: on this machine alone, or behind something that encrypts.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Tokens of the API: see `wayside review token`.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_TOKENS", required = true)]
    pub tokens: Option<PathBuf>,
    /// File with the master keys for plates, `ID BASE64` a line; or set WAYSIDE_VAULT_KEY.
    #[arg(long, value_name = "FILE")]
    pub vault_key: Option<PathBuf>,
    /// Public key of whoever may seal packages (PEM), or a folder of such keys; may be given more than
    /// once. Without it nobody vouches for the key that a package names.
    #[arg(long, value_name = "FILE|DIR")]
    pub verify_key: Vec<PathBuf>,
    /// Where citations go; may be given more than once.
    #[arg(long, value_name = "URL")]
    pub webhook: Vec<String>,
    /// File with the webhook's secrets, one a line, as `wayside review secret` prints them: one file for
    /// each --webhook, in the same order.
    #[arg(long, value_name = "FILE")]
    pub webhook_secret_file: Vec<PathBuf>,
    /// Certificates (PEM) of the authorities of receivers, instead of the public ones.
    #[arg(long, value_name = "FILE")]
    pub webhook_ca: Option<PathBuf>,
    /// Let citations go out over http:// to other machines, where something else protects the way.
    #[arg(long)]
    pub webhook_plain: bool,
    /// How long a receiver may take to answer, seconds.
    #[arg(long, value_name = "S", default_value_t = 15,
          value_parser = clap::value_parser!(u16).range(1..=300))]
    pub webhook_timeout_s: u16,
    /// How long a claim holds without a sign of life, seconds.
    #[arg(long, value_name = "S", default_value_t = 600)]
    pub claim_s: u32,
    /// How long an approval can be undone before its citation is issued, seconds.
    #[arg(long, value_name = "S", default_value_t = 600)]
    pub undo_s: u32,
    /// Share of cases that two reviewers decide, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub second_review_share: f64,
    /// Share of claims that get a known case, 0 to 0.5.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02)]
    pub known_share: f64,
    /// Share of errors above which a rule of a camera stands down, 0 to 1, at sites that no --site names.
    #[arg(long, value_name = "SHARE", default_value_t = wayside_site::model::ERROR_RATE_MAX)]
    pub error_rate_max: f64,
    /// Site file whose rules say that share themselves; may be given more than once.
    #[arg(long, value_name = "SITE")]
    pub site: Vec<PathBuf>,
    /// Folder to look for models in; a manifest.toml in it adds models.
    #[arg(long, value_name = "DIR", env = "WAYSIDE_MODELS")]
    pub models_dir: Option<PathBuf>,
    /// ONNX Runtime library; looked for in the usual places where absent.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,
    /// Suggest no plates: reviewers read them from the stills.
    #[arg(long)]
    pub no_plate_reader: bool,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9467")]
    pub http: SocketAddr,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
}

/// Serves until it is asked to stop, or makes a token or a secret.
pub fn run(args: &ReviewArgs) -> Result<Option<Exit>, Failure> {
    match &args.command {
        Some(ReviewCommand::Token(command)) => review::token(command),
        Some(ReviewCommand::Secret) => review::secret(),
        Some(ReviewCommand::VaultKey) => review::vault_key(),
        Some(ReviewCommand::Openapi) => {
            print!("{}", wayside_review::http::openapi_json());
            Ok(())
        }
        None => review::serve(&args.serve, &*stopped()?),
    }
    .map(|()| None)
}
