//! The newest events, numbered, within bounds of number and bytes.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use wayside_proto::EventTime;

use super::frame::{Counts, Topic, count};

/// Events that are kept for clients that come back.
pub const RING_EVENTS_MAX: usize = 16_384;
/// Bytes of them.
pub const RING_BYTES_MAX: usize = 16 << 20;
/// Bytes that a client takes at once; a single event that is larger is taken nevertheless.
const BATCH_BYTES: usize = 64 << 10;
/// Batches that are kept for others at the same place.
const BATCHES_MAX: usize = 4;

/// An event.
#[derive(Debug)]
struct Entry {
    topic: Topic,
    bytes: Bytes,
    at: EventTime,
}

/// What a client takes at once.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) bytes: Bytes,
    pub(super) counts: Counts,
    from: u64,
    to: u64,
}

impl Batch {
    /// The event after the last one of it.
    pub(super) fn to(&self) -> u64 {
        self.to
    }
}

/// The newest events. The first that ever was has number 1.
#[derive(Debug)]
pub(super) struct Ring {
    entries: VecDeque<Entry>,
    /// Number of the first that is kept.
    first: u64,
    bytes: usize,
    /// All that ever were, by topic.
    pub(super) total: Counts,
    batches: VecDeque<Batch>,
    limits: (usize, usize),
}

impl Ring {
    pub(super) fn new(events_max: usize, bytes_max: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            first: 1,
            bytes: 0,
            total: Counts::default(),
            batches: VecDeque::new(),
            limits: (events_max.max(1), bytes_max),
        }
    }

    /// Number of the first that is kept.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Number of the one that comes next.
    pub(super) fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// Bytes that are kept.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends one; its number is [`Ring::next`].
    pub(super) fn push(&mut self, topic: Topic, bytes: Bytes, at: EventTime) {
        self.bytes += bytes.len();
        count(&mut self.total, topic);
        self.entries.push_back(Entry { topic, bytes, at });
        while self.entries.len() > self.limits.0
            || (self.bytes > self.limits.1 && self.entries.len() > 1)
        {
            if let Some(gone) = self.entries.pop_front() {
                self.bytes -= gone.bytes.len();
                self.first += 1;
            }
        }
    }

    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    /// When the event of this number happened.
    pub(super) fn at(&self, number: u64) -> Option<EventTime> {
        self.entries.get(self.place(number)?).map(|entry| entry.at)
    }

    /// How many of each topic have come before this number.
    pub(super) fn counts_before(&self, number: u64) -> Counts {
        let mut counts = self.total;
        let skip = self.place(number).unwrap_or(0);
        for entry in self.entries.iter().skip(skip) {
            if let Some(count) = counts.get_mut(entry.topic as usize) {
                *count -= 1;
            }
        }
        counts
    }

    /// The events from this number on; none where there is none, or the first is not kept any more.
    pub(super) fn batch(&mut self, from: u64) -> Option<Batch> {
        let place = self.place(from)?;
        let next = self.next();
        if from >= next {
            return None;
        }
        // Most clients are at the same place: they share.
        if let Some(known) = self.batches.iter().find(|batch| batch.from == from) {
            let whole = known.to == next || known.bytes.len() >= BATCH_BYTES;
            if whole {
                return Some(known.clone());
            }
        }
        let (mut taken, mut size, mut counts) = (0_usize, 0_usize, Counts::default());
        for entry in self.entries.iter().skip(place) {
            if taken > 0 && size + entry.bytes.len() > BATCH_BYTES {
                break;
            }
            taken += 1;
            size += entry.bytes.len();
            count(&mut counts, entry.topic);
        }
        let chosen = self.entries.iter().skip(place).take(taken);
        let bytes = if taken == 1 {
            chosen.map(|entry| entry.bytes.clone()).next().unwrap_or_default()
        } else {
            let mut all = BytesMut::with_capacity(size);
            chosen.for_each(|entry| all.extend_from_slice(&entry.bytes));
            all.freeze()
        };
        let batch = Batch { bytes, counts, from, to: from + taken as u64 };
        self.batches.retain(|known| known.from != from);
        self.batches.push_back(batch.clone());
        if self.batches.len() > BATCHES_MAX {
            self.batches.pop_front();
        }
        Some(batch)
    }
}
