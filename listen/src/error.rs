//! Why nothing is served.

use std::io;
use std::net::SocketAddr;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address.
    #[error(
        "{addr} cannot be listened on: {cause}\n  hint: is another process there? Take another address, or port 0 for a free one"
    )]
    Address {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// Certificate or key.
    #[error("{0}")]
    Tls(String),
    /// No thread, or no means to wait for the network.
    #[error("the system gives no thread: {0}")]
    Thread(io::Error),
}
