//! The last seconds of a live camera, as the camera compressed them.
//!
//! A rule fires seconds after the fact. So the units of [`crate::live`] stay in memory, in whole
//! groups of pictures, and [`Ring::cut`] makes a playable file of any part of them, without
//! decoding or encoding.
//!
//! # Unredacted pictures (PV-1)
//! What comes out of here shows everything that the camera saw. It is bytes in memory and must stay
//! there: a caller decodes and redacts it before anything is written or sent. Nothing here touches
//! a disk.
//!
//! # Bounds
//! Groups leave oldest first: while the rest still covers `window`, and, above all else, while there
//! are more than `bytes_max`. A single group larger than that is let go whole, and what follows it
//! up to the next key frame is not taken; [`RingStats`] counts both. Units that are damaged, or depend
//! on such ones, are not kept: a player would make their pictures up.
//!
//! Deliberately absent: clocks (event times come from the caller), disk, decoding, redaction.

mod clip;
mod cut;
mod group;
mod mux;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use wayside_proto::{EventTime, GapCause};

pub use self::clip::{Clip, CutError};
pub use self::cut::Cut;
use self::group::{Entry, Format, Group};
use crate::live::Unit;

/// A key frame this much earlier than what came before it means that the clock was set back: the
/// rest can no longer be put in order.
const CLOCK_BACK_US: i64 = 1_000_000;

/// How much a ring keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingLimits {
    /// At least so much, as long as it fits into `bytes_max`.
    pub window: Duration,
    /// Compressed bytes at most; never exceeded.
    pub bytes_max: usize,
}

/// What a ring let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingStats {
    /// Groups that left because of `bytes_max` although the window wanted them.
    pub groups_crowded_out: u64,
    /// Groups larger than `bytes_max`.
    pub groups_oversized: u64,
    /// Units not taken: lost in part, or without a key frame to begin with.
    pub units_refused: u64,
    /// Times that the clock was set back, which empties the ring.
    pub clock_set_back: u64,
}

/// The last compressed pictures of one camera.
#[derive(Clone, Debug)]
pub struct Ring {
    limits: RingLimits,
    groups: VecDeque<Group>,
    bytes: usize,
    /// Whether the newest group may grow.
    open: bool,
    stats: RingStats,
}

impl Ring {
    /// An empty ring.
    #[must_use]
    pub fn new(limits: RingLimits) -> Self {
        let stats = RingStats::default();
        Self { limits, groups: VecDeque::new(), bytes: 0, open: false, stats }
    }

    /// Takes a unit, in the order in which units come in. `time` is its event time; with B-frames
    /// the times are not in order.
    pub fn push(&mut self, time: EventTime, unit: &Unit) {
        if unit.dropped.is_some_and(|cause| cause != GapCause::Overload) {
            self.stats.units_refused += 1;
            // Of a group in which something is missing, nothing more can be played.
            self.open = false;
            return;
        }
        if unit.key {
            let Some(format) = Format::of(&unit.packet) else {
                self.stats.units_refused += 1;
                self.open = false;
                return;
            };
            self.begin(time, format);
        }
        let entry = Entry { time, packet: unit.packet.clone() };
        match self.groups.back_mut().filter(|_| self.open) {
            Some(group) => {
                self.bytes += entry.packet.len();
                group.push(entry);
                self.evict();
            }
            None => self.stats.units_refused += 1,
        }
    }

    fn begin(&mut self, time: EventTime, format: Format) {
        let last = self.groups.back();
        if last.is_some_and(|last| last.latest.0.saturating_sub(time.0) > CLOCK_BACK_US) {
            self.stats.clock_set_back += 1;
            self.clear();
        }
        // Groups of one format share its description.
        let shared = self.groups.back().map(|group| &group.format).filter(|f| ***f == format);
        let format = shared.cloned().unwrap_or_else(|| format.into());
        self.groups.push_back(Group::new(time, format));
        self.open = true;
    }

    fn evict(&mut self) {
        let Some(newest) = self.groups.back().map(|group| group.latest) else { return };
        let window = i64::try_from(self.limits.window.as_micros()).unwrap_or(i64::MAX);
        let from = EventTime(newest.0.saturating_sub(window));
        while self.groups.get(1).is_some_and(|second| second.start <= from) {
            self.pop();
        }
        while self.bytes > self.limits.bytes_max {
            if self.groups.len() > 1 {
                self.stats.groups_crowded_out += 1;
                self.pop();
            } else {
                self.stats.groups_oversized += 1;
                self.clear();
            }
        }
    }

    fn pop(&mut self) {
        if let Some(group) = self.groups.pop_front() {
            self.bytes -= group.bytes;
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.groups.clear();
        self.bytes = 0;
        self.open = false;
    }

    /// Event times of the oldest and the newest picture; none when empty. A cut may begin at the
    /// oldest.
    #[must_use]
    pub fn span(&self) -> Option<(EventTime, EventTime)> {
        let newest = self.groups.iter().map(|group| group.latest).max()?;
        self.groups.front().map(|group| (group.start, newest))
    }

    /// Compressed bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What was let go so far.
    #[must_use]
    pub fn stats(&self) -> RingStats {
        self.stats
    }

    /// Playable files of what lies between two event times, both included: the first begins at the
    /// last key frame at or before `from`, and each change of codec, size or parameter sets begins
    /// another. See [`Ring::select`] for a cut that does not hold the ring for the time of muxing.
    ///
    /// The clips are **not redacted** (PV-1): they must not leave this process's memory.
    ///
    /// # Errors
    /// When the ring does not reach back to `from` or has not come to it yet, or muxing fails.
    pub fn cut(&self, from: EventTime, to: EventTime) -> Result<Vec<Clip>, CutError> {
        self.select(from, to)?.mux()
    }

    /// The pictures of [`Ring::cut`], not yet muxed: cheap, and independent of the ring.
    ///
    /// # Errors
    /// When the ring does not reach back to `from` or has not come to it yet.
    pub fn select(&self, from: EventTime, to: EventTime) -> Result<Cut, CutError> {
        if to < from {
            return Err(CutError::Backwards { from, to });
        }
        let (oldest, newest) = self.span().ok_or(CutError::Empty)?;
        if from < oldest {
            return Err(CutError::TooOld { from, oldest });
        }
        if from > newest {
            return Err(CutError::NotYet { from, newest });
        }
        let first = self.groups.iter().rposition(|group| group.start <= from).unwrap_or(0);
        Ok(Cut::new(self.groups.iter().skip(first), to))
    }
}
