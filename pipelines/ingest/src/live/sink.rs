//! Where observations go.

use wayside_live::{Now, Observed};
use wayside_proto::{CameraHealth, Passage};

use crate::lamps::LampChange;

/// What a camera's thread publishes to. Calls come in order of time, from one thread. A call may wait
/// where the bus is slow; the camera's packets wait meanwhile, and what then comes too late to be
/// looked at is dropped and counted as overload.
pub trait Sink: Send {
    /// An observation is complete.
    ///
    /// # Errors
    /// Where it cannot be kept. The camera then stops, and the worker says so.
    fn observed(&mut self, observed: Observed, now: Now) -> Result<(), SinkError>;

    /// A lamp has changed.
    ///
    /// # Errors
    /// As above.
    fn lamp(&mut self, change: LampChange) -> Result<(), SinkError>;

    /// An end of a section has something to say.
    ///
    /// # Errors
    /// As above.
    fn passage(&mut self, passage: Passage) -> Result<(), SinkError>;

    /// The camera's health was told.
    ///
    /// # Errors
    /// As above.
    fn health(&mut self, health: CameraHealth) -> Result<(), SinkError>;

    /// Time has passed; to look after what is under way.
    ///
    /// # Errors
    /// As above.
    fn tick(&mut self, now: Now) -> Result<(), SinkError>;
}

/// Why something could not be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);
