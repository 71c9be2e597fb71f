//! Decides what becomes of each frame of a live camera: the pure heart of an ingest worker.
//!
//! A [`Camera`] is told what happens (a compressed frame arrived, a picture came out of the decoder, the
//! detector answered, the session ended, time passed) and returns what is to be done ([`Action`]s:
//! connect, look, publish). Every frame that arrives ends in exactly one of three fates: looked at, skipped
//! as still, or part of a published gap with its cause; the sums close ([`wayside_proto::FrameCounts`]).
//! Where nothing arrives, the span is a gap too (EV-3).
//!
//! `clock` turns RTP timestamps into capture instants, `reconnect` times the attempts, `decoding` and
//! `queue` hold frames whose fate is open, `schedule` says whose frame is looked at next.
//!
//! Deliberately absent: clocks, sockets, threads, decoders, models: callers read the time, move the
//! bytes and run the detector. Pictures pass through and are never kept.

mod action;
mod camera;
pub mod clock;
mod config;
mod decoding;
mod now;
mod queue;
mod rate;
pub mod reconnect;
pub mod schedule;

pub use action::{Action, Observed};
pub use camera::{Arrived, Camera, Ended};
pub use config::CameraConfig;
pub use now::Now;
pub use queue::Ticket;
