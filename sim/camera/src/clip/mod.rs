//! A recording in memory, cut into RTP packets.

mod assemble;
mod elements;
mod graph;
mod jpeg;
mod load;

use std::ops::Range;

pub(crate) use load::{Want, load};

/// Ticks of the RTP clock a second; the same for H.264, H.265 and JPEG.
pub(crate) const RTP_HZ: u64 = 90_000;

/// What the SDP says of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Media {
    /// `H264`, `H265` or `JPEG`.
    pub(crate) encoding: String,
    /// RTP payload type.
    pub(crate) payload_type: u8,
    /// Parameters for `a=fmtp`, empty where there are none.
    pub(crate) fmtp: String,
    /// Further attributes: name and value.
    pub(crate) attributes: Vec<(String, String)>,
}

/// One RTP packet without its header: bytes of the arena, and the marker bit.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) bytes: Range<usize>,
    pub(crate) marker: bool,
}

/// One frame, in decode order.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Presentation time since the clip's first frame, nanoseconds.
    pub(crate) pts_ns: u64,
    /// When a camera would have sent it: never before it was captured, and as evenly as frames are captured,
    /// which is later by a delay of the whole clip where it has B-frames. Without them the same as `pts_ns`.
    pub(crate) due_ns: u64,
    /// Its packets.
    pub(crate) packets: Range<usize>,
}

/// A clip that is ready to be served.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    pub(crate) media: Media,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    /// Last presentation time and one frame more, nanoseconds: when the loop begins anew.
    pub(crate) period_ns: u64,
    pub(crate) units: Vec<Unit>,
    packets: Vec<Payload>,
    arena: Vec<u8>,
}

impl Clip {
    /// Payload and marker of the packets of a unit.
    pub(crate) fn packets(&self, unit: &Unit) -> impl Iterator<Item = (&[u8], bool)> {
        let packets = self.packets.get(unit.packets.clone()).unwrap_or_default();
        packets
            .iter()
            .map(|packet| (self.arena.get(packet.bytes.clone()).unwrap_or_default(), packet.marker))
    }

    /// Mean frames a second over the loop.
    pub(crate) fn fps(&self) -> f64 {
        self.units.len() as f64 * 1e9 / self.period_ns as f64
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> u64 {
        (self.arena.len()
            + self.packets.len() * size_of::<Payload>()
            + self.units.len() * size_of::<Unit>()) as u64
    }

    /// Name of the codec for people.
    pub(crate) fn codec(&self) -> &'static str {
        match self.media.encoding.as_str() {
            "H264" => "H.264",
            "H265" => "H.265",
            _ => "Motion JPEG",
        }
    }
}
