//! Composes capture, inference and tracking into observations; reads tracks from a file in place of a
//! picture.
//!
//! `video` runs a recording through detector and tracker, frame by frame and in order, with
//! bounded queues between its threads. `live` does the same with many live cameras at once, and says
//! what it could not look at. `lamps` reads signal heads in the picture. `tracks_file` reads tracks of a
//! simulation or a radar. `sections` looks at vehicles that pass the end of a section. `serve` gives redacted
//! clips of live cameras to the evidence service.
//!
//! Deliberately absent: rules, signals' meaning, anything written to disk, the bus: a [`live::Sink`]
//! takes what is to be published.

pub mod lamps;
pub mod live;
pub mod sections;
pub mod serve;
pub mod tracks_file;
pub mod video;
