//! When each RTP packet came in from the network, before the jitter buffer held it.

use std::time::Instant;

/// Packets remembered; a power of two that divides the sequence numbers.
const PACKETS: usize = 4096;

/// Packets that may wait between the network and the depayloader while the caller is slow: about
/// three megabytes.
const BACKLOG_MAX: u64 = 2048;

#[derive(Clone, Copy, Debug)]
struct Stamp {
    sequence: u16,
    ordinal: u64,
    at: Instant,
}

/// Stamps by sequence number.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    /// Grows to [`PACKETS`].
    ring: Vec<Option<Stamp>>,
    entered: u64,
    left: u64,
}

impl Stamps {
    /// A packet comes in.
    pub(super) fn enter(&mut self, sequence: u16, at: Instant) {
        let slot = usize::from(sequence) % PACKETS;
        if self.ring.len() <= slot {
            self.ring.resize(slot + 1, None);
        }
        self.entered += 1;
        if let Some(place) = self.ring.get_mut(slot) {
            *place = Some(Stamp { sequence, ordinal: self.entered, at });
        }
    }

    /// A packet goes on to the depayloader: when it came in.
    pub(super) fn leave(&mut self, sequence: u16) -> Option<Instant> {
        let stamp = (*self.ring.get(usize::from(sequence) % PACKETS)?)?;
        if stamp.sequence != sequence {
            return None;
        }
        self.left = self.left.max(stamp.ordinal);
        Some(stamp.at)
    }

    /// Whether too much waits.
    pub(super) fn is_full(&self) -> bool {
        self.entered - self.left > BACKLOG_MAX
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn stamps_are_found_by_number_until_they_are_overwritten() {
        let (mut stamps, start) = (Stamps::default(), Instant::now());
        let at = |n: u64| start + Duration::from_millis(n);
        for n in 0..10u16 {
            stamps.enter(65530u16.wrapping_add(n), at(u64::from(n)));
        }
        assert_eq!(stamps.leave(65531), Some(at(1)));
        assert_eq!(stamps.leave(2), Some(at(8)));
        assert_eq!(stamps.leave(4), None);
        stamps.enter(65531u16.wrapping_add(PACKETS as u16), at(99));
        assert_eq!(stamps.leave(65531), None);
    }

    #[test]
    fn the_backlog_is_bounded() {
        let (mut stamps, now) = (Stamps::default(), Instant::now());
        for n in 0..=BACKLOG_MAX as u16 {
            assert!(!stamps.is_full());
            stamps.enter(n, now);
        }
        assert!(stamps.is_full());
        stamps.leave(1500);
        assert!(!stamps.is_full());
    }
}
