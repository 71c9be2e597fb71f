//! Serves a recorded clip as an RTSP camera, with faults on demand.
//!
//! Deliberately absent: anything that a real camera would not do.
