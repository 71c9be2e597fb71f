//! How a server is reached.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::IndexError;

/// How the points are reached on a server.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerOptions {
    /// Its gRPC address, `http://HOST:6334`, or `https://` for TLS.
    pub url: String,
    /// The key it wants, if it wants one. Never printed.
    pub api_key: Option<String>,
    /// Certificate of the authority that signed the server's, PEM; none: the system's authorities.
    pub ca_file: Option<PathBuf>,
    /// The collection; made if it is not there.
    pub collection: String,
    /// Numbers in a vector, 1 to [`crate::DIMENSION_MAX`].
    pub dimension: usize,
    /// Points in it at most. With several processes on one collection each looks now and then, so
    /// that together they may exceed it by a sixteenth each.
    pub points_max: u64,
    /// An attempt may take so long.
    pub timeout: Duration,
    /// A call is attempted so often, 1 to 20. Every call can be repeated without harm.
    pub attempts_max: u32,
    /// Pause before the second attempt; doubles up to 5 s, give or take a quarter.
    pub backoff: Duration,
    /// Where the give or take comes from: another number in each process.
    pub jitter_seed: u64,
}

impl ServerOptions {
    /// Options with a time-out of 5 s, 6 attempts, a first pause of 100 ms, and room for 200,000
    /// points.
    #[must_use]
    pub fn new(url: &str, collection: &str, dimension: usize) -> Self {
        Self {
            url: url.to_owned(),
            api_key: None,
            ca_file: None,
            collection: collection.to_owned(),
            dimension,
            points_max: 200_000,
            timeout: Duration::from_secs(5),
            attempts_max: 6,
            backoff: Duration::from_millis(100),
            jitter_seed: 0,
        }
    }

    pub(super) fn check(&self) -> Result<(), IndexError> {
        crate::limits::check_options(self.dimension, self.points_max)?;
        let wrong = |what: String, hint| Err(IndexError::Options { what, hint });
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=255).contains(&self.collection.len()) || !self.collection.bytes().all(plain) {
            return wrong(
                format!("a collection cannot have the name {:?}", self.collection),
                "letters, digits, `-` and `_`, at most 255",
            );
        }
        if !(1..=20).contains(&self.attempts_max) {
            return wrong(
                format!("{} attempts; 1 to 20 are possible", self.attempts_max),
                "leave the default",
            );
        }
        if self.timeout.is_zero() || self.timeout > Duration::from_secs(300) {
            return wrong(
                format!("a time-out of {:?}; up to 300 s is possible", self.timeout),
                "leave the default",
            );
        }
        Ok(())
    }
}

impl fmt::Debug for ServerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerOptions")
            .field("url", &self.url)
            .field("api_key", &self.api_key.as_ref().map(|_| "(hidden)"))
            .field("ca_file", &self.ca_file)
            .field("collection", &self.collection)
            .field("dimension", &self.dimension)
            .field("points_max", &self.points_max)
            .finish_non_exhaustive()
    }
}
