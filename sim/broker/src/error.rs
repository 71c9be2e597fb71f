//! What can be wrong, with what to do.

use std::path::PathBuf;

/// Why a broker was not started, or did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// Java, the jars or `setpriv` are missing.
    #[error("Apache Kafka cannot be started here: {what}\n  hint: {hint}")]
    Missing {
        /// What is missing.
        what: String,
        /// How to get it.
        hint: &'static str,
    },
    /// Options that contradict each other or cannot be written into Kafka's settings.
    #[error("options of the broker: {0}")]
    Options(String),
    /// A file or folder.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("certificates of the broker: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A program that was to be started, or a signal that was to be sent.
    #[error("{what}: {cause}")]
    Process {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        cause: std::io::Error,
    },
    /// No port was free.
    #[error("no free port between {from} and {to} on 127.0.0.1")]
    NoPort {
        /// First port tried.
        from: u16,
        /// Last port tried.
        to: u16,
    },
    /// A port of the broker is somebody else's.
    #[error("127.0.0.1:{port} cannot be listened on: {cause}")]
    PortTaken {
        /// Which.
        port: u16,
        /// Why.
        cause: std::io::Error,
    },
    /// The data folder could not be formatted.
    #[error("Kafka's data folder could not be formatted; it said\n{said}")]
    Format {
        /// The end of what the tool wrote.
        said: String,
    },
    /// The broker ended while it started.
    #[error(
        "the broker ended ({status}) before it answered on {address}; the end of its log:\n{log}"
    )]
    Ended {
        /// Its exit status.
        status: String,
        /// Where it should have answered.
        address: String,
        /// The last lines of its log.
        log: String,
    },
    /// The broker did not answer in time.
    #[error(
        "the broker did not answer on {address} within {seconds} s ({cause}); the end of its log:\n{log}"
    )]
    NoAnswer {
        /// Where it should have answered.
        address: String,
        /// How long it was waited for.
        seconds: u64,
        /// Why the last request failed.
        cause: String,
        /// The last lines of its log.
        log: String,
    },
    /// The broker is not running.
    #[error("the broker is not running; restart() starts it again")]
    NotRunning,
}

impl BrokerError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
