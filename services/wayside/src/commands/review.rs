//! `wayside review`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::bus_args::BusArgs;
use super::review_args::ReviewSettings;
use super::run::stopped;
use super::store_args::StoreArgs;
use crate::failure::{Exit, Failure};
use crate::review;

/// Where the API of review listens where nothing else is said.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:9480";

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
#[command(mut_arg("tokens", |tokens| tokens.required(true)))]
pub struct ReviewServeArgs {
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Name of this process, unique in the fleet and the same after a restart.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE")]
    pub instance: Option<String>,
    /// Where packages are.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Where the API listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_LISTEN)]
    pub listen: SocketAddr,
    /// How people decide.
    #[command(flatten)]
    pub settings: ReviewSettings,
    /// Site file whose rules say their share of errors themselves; may be given more than once.
    #[arg(long, value_name = "SITE")]
    pub site: Vec<PathBuf>,
    /// Folder to look for models in; a manifest.toml in it adds models.
    #[arg(long, value_name = "DIR", env = "WAYSIDE_MODELS")]
    pub models_dir: Option<PathBuf>,
    /// ONNX Runtime library; looked for in the usual places where absent.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,
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
