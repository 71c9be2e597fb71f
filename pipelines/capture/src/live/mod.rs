//! One live RTSP session: H.264, H.265 or Motion JPEG over TCP, UDP or TLS.
//!
//! [`Session::open`] returns at once. What happens comes as [`LiveEvent`]s: every compressed picture
//! ([`Unit`]) with its exact RTP timestamp, every decoded one ([`LiveFrame`]), the camera's sender
//! reports, what was lost or damaged, and the end with its cause. A picture that is predicted from a
//! missing one is never decoded, and one that the decoder made up in part is never delivered.
//!
//! How events account for frames: a unit has a cause in [`Unit::dropped`], or gives a frame with
//! the same `rtp`, or gives none, which the decoder could not make: then a later frame or the end
//! comes without it, and [`LiveEvent::Damage`] says why.
//!
//! Deliberately absent: connecting anew, watchdogs for a stream that falls silent, event time,
//! sound, metadata, retransmission.

mod decoder;
mod event;
mod gate;
mod graph;
mod nal;
mod notes;
mod outlet;
mod probes;
mod rtcp;
mod rtp;
mod session;
mod shared;
mod source;
mod stamps;
mod tls;
mod words;

pub use event::{Arrival, Ended, EndedWhy, LiveEvent, LiveFrame, Packet, SenderReport, Unit};
pub use nal::Codec;
pub use session::{Session, open_sessions};
pub use source::{Credentials, LiveOptions, LiveSource, Transport};
