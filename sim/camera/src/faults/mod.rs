//! How a camera fails: what there is, the file that says when, and what it does at an instant.

mod file;
mod kind;
mod weather;

pub use file::{FaultFileError, FaultFileErrors, ScheduledFault, parse_faults};
pub use kind::{Fault, FaultKind};
pub(crate) use weather::{Conditions, Weather};
