//! Compressed frames that have arrived and have not come out of the decoder.

use std::collections::BTreeMap;

use wayside_proto::GapCause;

use crate::clock::Stamp;

/// A frame that does not come out of the decoder for this long is lost in it, microseconds.
const WAIT_US_MAX: u64 = 3_000_000;
/// Frames kept, a bound: a decoder holds a few dozen.
const FRAMES_MAX: usize = 4_096;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) stamp: Stamp,
    pub(crate) arrived_us: u64,
    /// Why it was not handed to the decoder; none where it was.
    pub(crate) dropped: Option<GapCause>,
}

/// By RTP timestamp, which is the order of presentation.
#[derive(Debug, Default)]
pub(crate) struct Decoding {
    entries: BTreeMap<i64, Entry>,
}

impl Decoding {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a frame. Returns one that has to be given up for it.
    pub(crate) fn push(&mut self, rtp: i64, entry: Entry) -> Option<Entry> {
        // Two frames with one timestamp cannot be told apart when they come out: the first gives way.
        if let Some(twin) = self.entries.insert(rtp, entry) {
            return Some(twin);
        }
        if self.entries.len() > FRAMES_MAX {
            self.entries.pop_first().map(|(_, e)| e)
        } else {
            None
        }
    }

    /// The frame that came out of the decoder, and those before it that never will.
    pub(crate) fn out(&mut self, rtp: i64) -> (Vec<Entry>, Option<Entry>) {
        let later = self.entries.split_off(&rtp);
        let before = std::mem::replace(&mut self.entries, later);
        (before.into_values().collect(), self.entries.remove(&rtp))
    }

    /// Frames at the head that will not come out: never handed in, or too old.
    pub(crate) fn settled(&mut self, now_us: u64) -> Vec<Entry> {
        let mut out = Vec::new();
        while let Some(first) = self.entries.first_entry() {
            let entry = *first.get();
            let old = now_us.saturating_sub(entry.arrived_us) > WAIT_US_MAX;
            if entry.dropped.is_none() && !old {
                break;
            }
            first.remove();
            out.push(entry);
        }
        out
    }

    /// All of them, at the end of a session.
    pub(crate) fn drain(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries).into_values().collect()
    }
}
