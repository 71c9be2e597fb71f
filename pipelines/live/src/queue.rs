//! Frames and gaps of one camera in order of time, until it is known what became of them.

use std::collections::VecDeque;

use wayside_picture::Detection;
use wayside_proto::{Gap, GapCause};

use crate::clock::Stamp;

/// Names a frame that the detector was asked to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Gaps of one cause that follow each other this closely are one, microseconds.
const MERGE_US: i64 = 1_000_000;
/// A gap that may still grow is held back no longer than this, microseconds.
const HOLD_US: u64 = 1_000_000;
/// A gap is published in parts of this length, microseconds.
const GAP_US_MAX: i64 = 5_000_000;

/// A frame whose fate is known or awaited.
#[derive(Debug)]
pub(crate) enum Slot {
    Detecting { ticket: Ticket, stamp: Stamp, arrived_us: u64 },
    Detected { stamp: Stamp, arrived_us: u64, detections: Vec<Detection> },
    Still { stamp: Stamp, arrived_us: u64 },
    Gap { gap: Gap, since_us: u64 },
}

/// Slots in order of time.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    slots: VecDeque<Slot>,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Frames whose fate is not told yet.
    pub(crate) fn frames(&self) -> u64 {
        let frames = |slot: &Slot| match slot {
            Slot::Gap { gap, .. } => u64::from(gap.frames),
            _ => 1,
        };
        self.slots.iter().map(frames).sum()
    }

    pub(crate) fn push(&mut self, slot: Slot) {
        self.slots.push_back(slot);
    }

    /// Adds a gap, to the one before it where they are of one kind.
    pub(crate) fn push_gap(&mut self, gap: Gap, now_us: u64) {
        if let Some(Slot::Gap { gap: last, .. }) = self.slots.back_mut()
            && joins(last, &gap)
        {
            last.to = last.to.max(gap.to);
            last.frames = last.frames.saturating_add(gap.frames);
            return;
        }
        self.slots.push_back(Slot::Gap { gap, since_us: now_us });
    }

    /// The detector's answer. False where nobody waits for it.
    pub(crate) fn detected(&mut self, of: Ticket, detections: Vec<Detection>) -> bool {
        for slot in &mut self.slots {
            if let Slot::Detecting { ticket, stamp, arrived_us } = *slot
                && ticket == of
            {
                *slot = Slot::Detected { stamp, arrived_us, detections };
                return true;
            }
        }
        false
    }

    /// The frame is not looked at after all.
    pub(crate) fn dropped(&mut self, of: Ticket, cause: GapCause, now_us: u64) -> bool {
        let place = self
            .slots
            .iter()
            .position(|slot| matches!(slot, Slot::Detecting { ticket, .. } if *ticket == of));
        let Some(place) = place else { return false };
        let Some(Slot::Detecting { stamp, .. }) = self.slots.get(place) else { return false };
        let gap = Gap { from: stamp.time, to: stamp.time, cause, frames: 1 };
        let before = place.checked_sub(1).and_then(|before| self.slots.get_mut(before));
        if let Some(Slot::Gap { gap: last, .. }) = before
            && joins(last, &gap)
        {
            last.to = last.to.max(gap.to);
            last.frames = last.frames.saturating_add(1);
            self.slots.remove(place);
        } else if let Some(slot) = self.slots.get_mut(place) {
            *slot = Slot::Gap { gap, since_us: now_us };
        }
        true
    }

    /// Every frame that the detector was asked about, in order.
    pub(crate) fn tickets(&self) -> Vec<Ticket> {
        let ticket = |slot: &Slot| match slot {
            Slot::Detecting { ticket, .. } => Some(*ticket),
            _ => None,
        };
        self.slots.iter().filter_map(ticket).collect()
    }

    /// The first slot, where it is settled. A gap at the end is held for a moment, since it may grow;
    /// `all` takes it too.
    pub(crate) fn pop(&mut self, now_us: u64, all: bool) -> Option<Slot> {
        let held = |since_us: u64, gap: &Gap| {
            now_us.saturating_sub(since_us) < HOLD_US
                && gap.to.0.saturating_sub(gap.from.0) < GAP_US_MAX
        };
        match self.slots.front()? {
            Slot::Detecting { .. } => None,
            Slot::Gap { gap, since_us }
                if self.slots.len() == 1 && !all && held(*since_us, gap) =>
            {
                None
            }
            _ => self.slots.pop_front(),
        }
    }
}

fn joins(last: &Gap, next: &Gap) -> bool {
    last.cause == next.cause
        && next.from.0.saturating_sub(last.to.0) <= MERGE_US
        && next.to.0.saturating_sub(last.from.0) <= GAP_US_MAX
}
