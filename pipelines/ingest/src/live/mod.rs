//! Live cameras: a thread for each, one exchange of frames for all, and a few detector threads.
//!
//! A camera's thread owns its core ([`wayside_live::Camera`], which decides), its session, its evidence
//! ring and its sink, and does what the core asks for. Frames to be looked at go to the [`Exchange`],
//! which keeps the newest of each camera and serves cameras in turn; detector threads take batches from
//! it. All channels are bounded: a session waits for its camera's thread, and a camera's thread waits
//! for its sink, so that nothing is dropped where nobody counts it.
//!
//! [`Clips`] redacts what evidence asks for, [`LivePictures`] the newest frame of a camera that somebody watches.

mod clips;
mod clock;
mod cores;
mod cutter;
mod exchange;
mod knock;
mod passing;
mod pictures;
mod priority;
mod report;
mod runner;
mod session;
mod setup;
mod sink;
mod worker;

pub use clips::{CLIPS_WAITING_MAX, Clips, Refused};
pub use clock::WorkerClock;
pub use cores::detector_threads;
pub use cutter::{CutError, Cutter};
pub use exchange::{DetectEach, Exchange};
pub use pictures::{LivePicture, LivePictures, NoPicture, PICTURE_WIDTH_MAX};
pub use setup::CameraSetup;
pub use sink::{Sink, SinkError};
pub use wayside_live::schedule::BatchConfig;
pub use worker::{CameraName, Worker};
