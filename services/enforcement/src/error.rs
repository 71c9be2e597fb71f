//! What can go wrong.

use wayside_bus::BusError;

/// Why an enforcer could not go on. Nothing is lost: the next call takes up where this one stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnforceError {
    /// The log could not be read or written.
    #[error("the rules of site {site} cannot go on: {cause}")]
    Bus {
        /// The site.
        site: String,
        /// What the log said.
        cause: BusError,
    },
}
