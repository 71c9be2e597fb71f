//! Notices that nothing moves in a camera's picture, and that the camera no longer sees what it should.
//!
//! [`Gate`] compares pictures with one that the detector has looked at, so that a still scene costs little.
//! [`Watch`] compares the view of the last seconds with a [`Reference`] and tells when the camera was moved,
//! is blurred or dirty, sees darkness, or is frozen; others tell it of the clock and the size.
//!
//! Deliberately absent: pixels that outlive a call in full resolution, clocks, disks, threads, and any
//! judgement about what moves: movement is all that is looked for.

mod alignment;
mod condition;
mod config;
mod darkness;
mod frozen;
mod gate;
mod gradient;
mod judgement;
mod latch;
mod median;
mod reference;
mod small;
mod template;
mod watch;
mod words;

pub use condition::{Change, Condition};
pub use config::WatchConfig;
pub use gate::{Gate, GateConfig, Motion, Why};
pub use reference::{Reference, ReferenceError, ReferenceKind};
pub use watch::Watch;
