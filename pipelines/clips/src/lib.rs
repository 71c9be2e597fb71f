//! From the pictures around one violation to a redacted clip and redacted stills.
//!
//! [`redact`] decodes the frames twice: first the detectors of [`Eyes`] look at them and the policy of
//! `wayside_redaction::evidence` learns what is static; then what must be hidden is hidden, and only then a
//! picture is encoded. A [`Source`] is a recording, or what was cut out of a camera's evidence ring in memory.
//!
//! No unredacted pixel leaves this crate and none is written to a disk (PV-1): pictures before the second
//! pass live in this process's memory only, a few at a time. It fails closed: a frame that cannot be decoded
//! or redacted is an error of the whole clip.
//!
//! Deliberately absent: the policy itself, rules, sealing, the network.

mod encode;
mod error;
mod eyes;
mod faces;
mod frames;
mod mp4_times;
mod redact;
mod signals;
mod source;
mod spent;
mod tiles;

pub use error::ClipError;
pub use eyes::{Eyes, Looks, SCORE_LOW, for_redaction, outline};
pub use redact::{redact, redact_measured};
pub use signals::signals;
pub use source::Source;
pub use spent::Spent;
pub use tiles::tiles;
