//! What can go wrong.

use wayside_bus::BusError;

/// Why the rules could not go on: the bus could not be read or written. Nothing is lost: the next call
/// takes up where this one stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules cannot go on: {0}")]
pub struct EnforceError(pub BusError);
