//! Puts packets and frames of a recording together.

use gstreamer as gst;

use super::{Clip, Media, Payload, Unit};

/// A frame on its way into the payloader, in decode order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Timestamp of the buffer, by which its packets know it, nanoseconds.
    pub(super) pts: Option<u64>,
    /// Presentation time on the recording's own axis, nanoseconds.
    pub(super) running_ns: Option<i64>,
    pub(super) duration_ns: Option<u64>,
    pub(super) key: bool,
}

/// An RTP packet of the payloader.
pub(super) struct Piece<'a> {
    pub(super) pts: Option<u64>,
    pub(super) packet: &'a [u8],
}

/// What has come so far.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) frames: Vec<Frame>,
    pub(super) caps: Option<gst::Caps>,
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    packets: Vec<(Option<u64>, Payload)>,
    arena: Vec<u8>,
}

/// Bytes of an RTP header without extension and contributing sources, as payloaders write it.
const HEADER_BYTES: usize = 12;
/// A frame may take no longer; longer gaps between frames are kept, only the last frame's length is
/// bounded by it.
const FRAME_NS_MAX: u64 = 2_000_000_000;

impl Collected {
    pub(super) fn len(&self) -> usize {
        self.packets.len()
    }

    /// Keeps a packet; false where there is no more room.
    pub(super) fn push(&mut self, piece: Piece<'_>, bytes_max: u64) -> bool {
        let Some((header, payload)) = piece.packet.split_at_checked(HEADER_BYTES) else {
            return true;
        };
        let marker = header.get(1).is_some_and(|byte| byte & 0x80 != 0);
        let from = self.arena.len();
        self.arena.extend_from_slice(payload);
        self.packets.push((piece.pts, Payload { bytes: from..self.arena.len(), marker }));
        self.arena.len() as u64 <= bytes_max
    }

    /// The clip, from its first key frame on.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(super) fn clip(self) -> Result<Clip, String> {
        let media = self.caps.as_ref().and_then(media).ok_or("the video has no frames")?;
        let mut units: Vec<Unit> = Vec::new();
        let mut raw: Vec<(i64, Option<u64>)> = Vec::new();
        let mut next = 0;
        for (number, frame) in self.frames.iter().enumerate() {
            let from = next;
            while self.packets.get(next).is_some_and(|packet| packet.0 == frame.pts) {
                next += 1;
            }
            // Packets of frames without packets belong to nobody; frames before the first key frame
            // cannot be decoded.
            if from == next || (units.is_empty() && !frame.key) {
                continue;
            }
            let running_ns =
                frame.running_ns.ok_or_else(|| format!("frame {} has no time", number + 1))?;
            raw.push((running_ns, frame.duration_ns));
            units.push(Unit { pts_ns: 0, due_ns: 0, packets: from..next });
        }
        if next != self.packets.len() {
            return Err(format!(
                "{} of {} packets belong to no frame",
                self.packets.len() - next,
                self.packets.len()
            ));
        }
        let Some(first_ns) = raw.iter().map(|(running_ns, _)| *running_ns).min() else {
            return Err("the video has no key frame".to_owned());
        };
        for (unit, (running_ns, _)) in units.iter_mut().zip(&raw) {
            unit.pts_ns = running_ns.abs_diff(first_ns);
        }
        let mut shown: Vec<u64> = units.iter().map(|unit| unit.pts_ns).collect();
        shown.sort_unstable();
        // Each frame is captured before it is sent, and they leave as evenly as they were captured.
        let ahead =
            units.iter().zip(&shown).map(|(unit, shown)| unit.pts_ns.saturating_sub(*shown));
        let delay_ns = ahead.max().unwrap_or(0);
        for (unit, shown_ns) in units.iter_mut().zip(&shown) {
            unit.due_ns = shown_ns + delay_ns;
        }
        let period_ns = shown.last().copied().unwrap_or(0) + last_frame_ns(&raw);
        let packets = self.packets.into_iter().map(|(_, packet)| packet).collect();
        let (width_px, height_px) = (self.width_px, self.height_px);
        Ok(Clip { media, width_px, height_px, period_ns, units, packets, arena: self.arena })
    }
}

/// How long the frame that is shown last lasts: as it says, or as long as frames usually do.
fn last_frame_ns(frames: &[(i64, Option<u64>)]) -> u64 {
    let said = frames.iter().max_by_key(|(running_ns, _)| *running_ns).and_then(|frame| frame.1);
    let mut times: Vec<i64> = frames.iter().map(|(running_ns, _)| *running_ns).collect();
    times.sort_unstable();
    let mut steps: Vec<u64> =
        times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.abs_diff(*a)).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied();
    let sound = |ns: &u64| (1_000_000..=FRAME_NS_MAX).contains(ns);
    said.filter(sound).or(usual.filter(sound)).unwrap_or(40_000_000)
}

/// What the payloader says of its stream.
fn media(caps: &gst::Caps) -> Option<Media> {
    let structure = caps.structure(0)?;
    let encoding = structure.get::<String>("encoding-name").ok()?;
    let payload_type = structure.get::<i32>("payload").ok()?;
    let value = |name: &str| structure.get::<String>(name).ok();
    let parameters = [
        "packetization-mode",
        "profile-level-id",
        "profile-id",
        "sprop-parameter-sets",
        "sprop-vps",
        "sprop-sps",
        "sprop-pps",
    ];
    let fmtp: Vec<String> = parameters
        .iter()
        .filter_map(|name| value(name).map(|value| format!("{name}={value}")))
        .collect();
    let attributes = [("x-dimensions", "x-dimensions"), ("a-framerate", "framerate")]
        .iter()
        .filter_map(|(field, name)| value(field).map(|value| ((*name).to_owned(), value)))
        .collect();
    Some(Media {
        encoding,
        payload_type: u8::try_from(payload_type).ok()?,
        fmtp: fmtp.join(";"),
        attributes,
    })
}
