//! What can go wrong when telemetry starts. Afterwards it may count less, and never stops the worker.

use std::io;
use std::net::SocketAddr;

/// Telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// Somebody else listens on the port.
    #[error(
        "metrics: {addr} is in use by another program\n  \
         hint: is another worker running? `--http 127.0.0.1:0` takes any free port"
    )]
    PortInUse {
        /// The address that was asked for.
        addr: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error(
        "metrics: cannot listen on {addr}: {source}\n  \
         hint: the address must be one of this machine, as 127.0.0.1 is; a port below 1024 needs a \
         privilege"
    )]
    Listen {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// No thread or no event loop for the pages.
    #[error(
        "metrics: cannot start the thread that serves the pages: {source}\n  hint: see `ulimit -u` and `ulimit -n`"
    )]
    Thread {
        /// What the system said.
        source: io::Error,
    },
    /// The facade is taken.
    #[error(
        "metrics: another recorder was installed in this process before\n  hint: call `wayside_telemetry::install` first"
    )]
    OtherRecorder,
    /// The log filter cannot be read.
    #[error("{variable}={value}: {cause}\n  hint: {hint}")]
    Setting {
        /// The environment variable.
        variable: &'static str,
        /// What it said, shortened.
        value: String,
        /// What is wrong.
        cause: String,
        /// What would be right.
        hint: &'static str,
    },
    /// Tracing was set up before.
    #[error(
        "tracing: a subscriber was installed in this process before\n  hint: call `init_tracing` once, first thing in main"
    )]
    OtherSubscriber,
}
