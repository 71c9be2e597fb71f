//! Serves a recorded clip as an RTSP camera, with faults on demand.
//!
//! [`Server::start`] reads the clip into memory once, cuts it into RTP packets with GStreamer's
//! payloaders (no transcoding) and serves them over TCP (interleaved), UDP and TLS. Every client
//! gets a stream of its own that begins with the clip's first frame, runs in real time and loops
//! without a seam. RTCP sender reports give frame `k` exactly the capture time `START + pts(k)`.
//! [`Server::fault`] makes the camera fail the way real cameras do.
//!
//! The RTSP, RTP and RTCP side is written here and not taken from a library, because the faults act
//! below what a library shows: bytes that stay unanswered on an open connection, a session that is
//! forgotten, a report whose time is wrong. It also means one thread and no pipeline per client.
//!
//! Deliberately absent: anything that a real camera would not do, more than one video stream,
//! sound, multicast, SRTP, recording, pausing and seeking. Edit lists that hide frames of a
//! recording are not applied: such frames are served too.

mod clip;
mod error;
mod event;
mod faults;
mod options;
mod rtsp;
mod server;
mod stream;

pub use error::CameraError;
pub use event::Event;
pub use faults::{Fault, FaultFileError, FaultFileErrors, FaultKind, ScheduledFault, parse_faults};
pub use options::{Credentials, EventSink, Options, TlsFiles};
pub use server::{ClipInfo, Server};
