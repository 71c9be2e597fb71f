//! A key frame and all that is predicted from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use gstreamer as gst;
use wayside_proto::EventTime;

use crate::live::{Codec, Packet};

/// What a player must know before the first picture. Pictures of one format make one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) codec: Codec,
    width: i32,
    height: i32,
    /// As the key frame carries them.
    parameters: BTreeSet<Vec<u8>>,
}

impl Format {
    /// Format of a key frame; none for what is no video.
    pub(super) fn of(packet: &Packet) -> Option<Self> {
        let description = packet.caps.structure(0)?;
        let codec = Codec::from_caps_name(description.name())?;
        let map = packet.buffer.map_readable().ok()?;
        Some(Self {
            codec,
            width: description.get("width").ok()?,
            height: description.get("height").ok()?,
            parameters: codec.parameter_sets(&map),
        })
    }
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) time: EventTime,
    pub(super) packet: Packet,
}

/// Whole, or cut off at its end; never without its key frame.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Event time of the key frame.
    pub(super) start: EventTime,
    /// Latest event time.
    pub(super) latest: EventTime,
    pub(super) format: Arc<Format>,
    pub(super) bytes: usize,
    entries: Vec<Entry>,
}

impl Group {
    pub(super) fn new(start: EventTime, format: Arc<Format>) -> Self {
        Self { start, latest: start, format, bytes: 0, entries: Vec::new() }
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.latest = self.latest.max(entry.time);
        self.bytes += entry.packet.len();
        self.entries.push(entry);
    }

    /// In the order of decoding.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Packet {
    /// Size of the compressed picture.
    pub(super) fn len(&self) -> usize {
        self.buffer.size()
    }

    /// The same bytes, with times of a file.
    pub(super) fn at(&self, times: super::mux::Times, key: bool) -> gst::Buffer {
        let mut out = gst::Buffer::new();
        if let Some(inside) = out.get_mut() {
            for memory in self.buffer.iter_memories_owned() {
                inside.append_memory(memory);
            }
            inside.set_pts(gst::ClockTime::from_useconds(times.pts_us));
            inside.set_dts(gst::ClockTime::from_useconds(times.dts_us));
            inside.set_duration(gst::ClockTime::from_useconds(times.duration_us));
            if !key {
                inside.set_flags(gst::BufferFlags::DELTA_UNIT);
            }
        }
        out
    }
}
