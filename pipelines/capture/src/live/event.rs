//! What a session tells its caller.

use std::time::Instant;

use gstreamer as gst;
use wayside_picture::Picture;
use wayside_proto::{EventTime, GapCause};

use super::nal::Codec;
use crate::CaptureError;

/// When the first packet of something came in from the network, on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// This machine's wall clock.
    pub wall: EventTime,
    /// This machine's monotonic clock.
    pub mono: Instant,
}

/// A compressed access unit: one picture as the camera sent it. Clones share the bytes.
#[derive(Clone, Debug)]
pub struct Packet {
    pub(crate) buffer: gst::Buffer,
    pub(crate) caps: gst::Caps,
}

impl Packet {
    /// A packet that came in by another way than a session: a whole access unit, H.264 and H.265 as
    /// a byte stream with start codes.
    ///
    /// # Errors
    /// When GStreamer does not start.
    pub fn new(
        codec: Codec,
        width: u32,
        height: u32,
        access_unit: Vec<u8>,
    ) -> Result<Self, CaptureError> {
        crate::elements::start()?;
        let signed = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let caps = gst::Caps::builder(codec.caps_name())
            .field("width", signed(width))
            .field("height", signed(height));
        let caps = if codec.predicts() {
            caps.field("stream-format", "byte-stream").field("alignment", "au")
        } else {
            caps
        };
        Ok(Self { buffer: gst::Buffer::from_slice(access_unit), caps: caps.build() })
    }
}

/// One compressed picture, as it came in.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Number in the session, from 0, in order of arrival.
    pub index: u64,
    /// RTP timestamp as sent, unwrapped, 1/90000 s. The first of a session lies in 0 to 2^32 - 1.
    pub rtp: i64,
    /// Whether decoding can begin here.
    pub key: bool,
    /// Size of the compressed picture; 0 where nothing could be made of what came in.
    pub bytes: usize,
    /// When its first packet came in.
    pub arrived: Arrival,
    /// Why it was not handed to the decoder: `Lost` (packets of it, or of what it is predicted from,
    /// are missing), `Undecodable` (packets of it, or of what it is predicted from, hold rubbish) or
    /// `Overload` (the decoder is behind).
    pub dropped: Option<GapCause>,
    /// The compressed picture, for the evidence ring.
    pub packet: Packet,
}

/// One decoded picture.
#[derive(Clone, Debug)]
pub struct LiveFrame {
    /// RTP timestamp of its unit.
    pub rtp: i64,
    /// The picture.
    pub picture: Picture,
    /// When it left the decoder.
    pub decoded: Instant,
    /// When the first packet of its unit came in.
    pub arrived: Arrival,
}

/// The camera's own statement which of its instants an RTP timestamp means (RFC 3550, 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    /// The camera's clock.
    pub ntp: EventTime,
    /// RTP timestamp of that instant, unwrapped as those of the units, 1/90000 s.
    pub rtp: i64,
    /// When the report came in.
    pub arrived: Arrival,
}

/// What happens in a session, in order.
#[derive(Clone, Debug)]
pub enum LiveEvent {
    /// The camera sends; first of all events but for a report that may come earlier.
    Connected {
        /// Name of the codec, such as H.264.
        codec: String,
        /// Name of the element that decodes it.
        decoder: String,
    },
    /// A compressed picture came in.
    Unit(Unit),
    /// A picture was decoded.
    Frame(LiveFrame),
    /// The camera told its time.
    Report(SenderReport),
    /// RTP packets that never came. The units they spoil are dropped as `Lost`.
    PacketsLost {
        /// How many, by their sequence numbers; 1 where the numbering itself began anew.
        count: u32,
    },
    /// Pictures that the decoder could not make, or made up in part: they give no frame.
    Damage {
        /// What, for people.
        text: String,
    },
    /// The end. Comes once and last, unless the session was dropped.
    Ended(Ended),
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// For programs.
    pub why: EndedWhy,
    /// For people: camera, cause, hint; never a password.
    pub text: String,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndedWhy {
    /// Nobody answers at this address.
    Unreachable,
    /// User or password are wrong or missing.
    Unauthorized,
    /// The camera has no such stream.
    NotFound,
    /// The camera refuses, or its certificate is not trusted.
    Refused,
    /// The stream was there and ended: the camera went away or began another one.
    Closed,
    /// The decoder gave up.
    Undecodable,
    /// A codec that Wayside does not read, or whose decoder is not installed.
    Unsupported,
    /// Anything else.
    Failed,
}
