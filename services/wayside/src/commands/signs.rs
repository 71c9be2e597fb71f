//! `wayside signs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::bus_args::BusArgs;
use super::run::stopped;
use crate::failure::{Exit, Failure};
use crate::signs;

/// Where the pages of signs listen where nothing else is said.
pub const DEFAULT_PAGES: &str = "127.0.0.1:9490";

/// How signs are driven, in a process of its own or inside `wayside run`.
#[derive(Debug, Clone, Args)]
pub struct SignsSettings {
    /// Folder with templates of your own, one TOML file each; one of the same name takes the place of a
    /// built-in one.
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Where the public pages listen; port 0 takes a free one. Screens must reach it.
    #[arg(long = "signs-listen", value_name = "ADDR", default_value = DEFAULT_PAGES)]
    pub signs_listen: SocketAddr,
    /// Certificate of the pages (PEM), with those of its authorities after it.
    #[arg(long = "signs-tls-cert", value_name = "FILE", requires = "signs_tls_key")]
    pub signs_tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long = "signs-tls-key", value_name = "FILE", requires = "signs_tls_cert")]
    pub signs_tls_key: Option<PathBuf>,
}

/// `wayside signs`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER)]
pub struct SignsArgs {
    /// Site files with `[[sign]]` tables.
    #[arg(value_name = "SITE", required_unless_present = "print_templates")]
    pub site: Vec<PathBuf>,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Name of this process, unique in the fleet and the same after a restart; its messages carry it.
    #[arg(long, value_name = "NAME", env = "WAYSIDE_INSTANCE", default_value = "signs")]
    pub instance: String,
    /// How signs are driven.
    #[command(flatten)]
    pub settings: SignsSettings,
    /// Show what others write, and write nothing: for a second place with the same signs.
    #[arg(long)]
    pub show_only: bool,
    /// Only check: print every message of every sign, and what its lamps look like.
    #[arg(long, conflicts_with = "show_only")]
    pub check: bool,
    /// Only print the built-in templates, as a start for your own.
    #[arg(long)]
    pub print_templates: bool,
    /// Print each change of a sign as one JSON object a line (with --check, each message).
    #[arg(long)]
    pub json: bool,
    /// Where metrics, health and readiness are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9468")]
    pub http: SocketAddr,
    /// Stop after so many seconds.
    #[arg(long = "for", value_name = "S")]
    pub for_s: Option<f64>,
}

const AFTER: &str = "Every message ends. A sign whose source is silent goes blank within its `source_timeout_s`, a page \
whose service is silent within 10 seconds, a sign on SNMP within two minutes and never after the end of its message. \
Exit codes: 0 it was asked to stop; 1 failed; 3 a site file, a template or a secret was refused.";

/// Drives signs until it is asked to stop, or checks them.
pub fn run(args: &SignsArgs) -> Result<Option<Exit>, Failure> {
    if args.print_templates {
        signs::print_templates();
    } else if args.check {
        signs::check(args)?;
    } else {
        signs::serve(args, &*stopped()?)?;
    }
    Ok(None)
}
