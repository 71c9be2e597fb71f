//! Composes capture, inference and tracking into observations of one camera; reads tracks from a
//! file in place of a picture.
//!
//! `video` runs a recording through detector and tracker, frame by frame and in order, with
//! bounded queues between its threads. `lamps` reads signal heads in the picture. `tracks_file`
//! reads tracks of a simulation or a radar.
//!
//! Deliberately absent: rules, signals' meaning, anything written to disk. Live cameras and the
//! publishing of observations to a bus come with their own part.

pub mod lamps;
pub mod tracks_file;
pub mod video;
