//! Recorded footage and live cameras in, annotated video out: a thin shell around GStreamer.
//!
//! [`Reader`] decodes a file, on disk or in memory, or an image sequence into pictures with the time since the first
//! frame. Nothing is dropped: the queue is bounded and the source waits. What cannot be decoded is
//! an error that names frame and time, never a silent hole and never a hang. [`Mp4Writer`] writes
//! pictures to a file that appears only when it is finished. [`live`] is one RTSP session, and
//! [`ring`] keeps its last seconds as evidence. [`probe_elements`] says which of the GStreamer
//! elements used here are installed.
//!
//! Deliberately absent: the declared start of a recording (callers add it to [`Frame::pts`]),
//! connecting anew to a live camera, scaling, rotation, audio.

mod container;
mod edits;
mod elements;
mod error;
mod info;
pub mod live;
mod reader;
pub mod ring;
mod source;
mod writer;

pub use container::{Damage, check_container};
pub use elements::{ElementStatus, probe_elements};
pub use error::{CaptureError, seconds};
pub use info::{Expected, Rotation, VideoInfo};
pub use reader::{Frame, Reader, ReaderOptions};
pub use source::{MemoryFile, Source};
pub use writer::Mp4Writer;
