//! Which units go to the decoder. Pure.
//!
//! A picture that is predicted from a missing one would be made up, so after a loss nothing is
//! decoded up to the next key frame. The same holds where the decoder is behind and a unit must be
//! dropped: the queue stays short, and what comes out is true.

use std::collections::VecDeque;

use wayside_proto::GapCause;

use super::nal::Codec;
use super::rtp::{Header, unwrap_near};

/// Spoiled units remembered: they leave the depayloader soon.
const SPOILED_MAX: usize = 64;

/// A larger step in the sequence numbers is a new numbering (RFC 3550, A.1).
const DROPOUT_MAX: u16 = 3000;

/// What one RTP packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its timestamp, unwrapped.
    pub(super) rtp: i64,
    /// Whether it is the first packet with this timestamp.
    pub(super) first: bool,
    /// Packets missing before it.
    pub(super) lost: u32,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    rtp: i64,
    sequence: u16,
    marker: bool,
}

/// Why units are held back, and where that ended.
#[derive(Clone, Copy, Debug, Default)]
struct Hold {
    waits: bool,
    /// Timestamp of the key frame that ended it: pictures shown before it need what was missing.
    resumed: Option<i64>,
}

impl Hold {
    fn begin(&mut self) {
        *self = Self { waits: true, resumed: None };
    }

    fn blocks(&mut self, rtp: i64, key: bool) -> bool {
        if self.waits && key {
            *self = Self { waits: false, resumed: Some(rtp) };
        } else if key {
            // Whatever follows needs no more than this one. (Its time may be earlier, where the
            // camera's clock was set back.)
            self.resumed = None;
        }
        self.waits || self.resumed.is_some_and(|at| rtp < at)
    }
}

/// Follows the packets and the units of a stream.
#[derive(Debug)]
pub(super) struct Gate {
    codec: Codec,
    waiting_max: usize,
    last: Option<Last>,
    spoiled: VecDeque<i64>,
    lost: Hold,
    broken: Hold,
    /// Units of which a packet was no such thing.
    unreadable: VecDeque<i64>,
    overload: Hold,
    /// Units that wait for the decoder.
    waiting: usize,
}

impl Gate {
    /// A stream is joined in its middle: the first units wait for a key frame.
    pub(super) fn new(codec: Codec, waiting_max: usize) -> Self {
        let mut lost = Hold::default();
        if codec.predicts() {
            lost.begin();
        }
        Self {
            codec,
            waiting_max: waiting_max.max(1),
            last: None,
            spoiled: VecDeque::new(),
            lost,
            broken: Hold::default(),
            unreadable: VecDeque::new(),
            overload: Hold::default(),
            waiting: 0,
        }
    }

    /// Unwrapped timestamp of the last packet.
    pub(super) fn last_rtp(&self) -> Option<i64> {
        self.last.map(|last| last.rtp)
    }

    /// A packet in the order of its stream; `begins` says that a unit begins with it for certain.
    pub(super) fn packet(&mut self, header: &Header, begins: bool) -> Seen {
        let Some(last) = self.last else {
            let rtp = i64::from(header.timestamp);
            self.last = Some(Last { rtp, sequence: header.sequence, marker: header.marker });
            return Seen { rtp, first: true, lost: 0 };
        };
        let rtp = unwrap_near(last.rtp, header.timestamp);
        let gap = header.sequence.wrapping_sub(last.sequence).wrapping_sub(1);
        if gap > 0 {
            if !last.marker {
                remember(&mut self.spoiled, last.rtp);
            }
            if !begins {
                remember(&mut self.spoiled, rtp);
            }
            if self.codec.predicts() {
                self.lost.begin();
            }
        }
        self.last = Some(Last { rtp, sequence: header.sequence, marker: header.marker });
        let lost = if gap <= DROPOUT_MAX { u32::from(gap) } else { 1 };
        Seen { rtp, first: rtp != last.rtp, lost }
    }

    /// Something of this unit is rubbish: whether this is news.
    pub(super) fn unreadable(&mut self, rtp: i64) -> bool {
        let news = !self.broken.waits && self.unreadable.back() != Some(&rtp);
        remember(&mut self.unreadable, rtp);
        if self.codec.predicts() {
            self.broken.begin();
        }
        news
    }

    /// A unit comes in: why it must not be decoded. Without a cause it counts as waiting for the
    /// decoder until [`Gate::taken`].
    pub(super) fn unit(&mut self, rtp: i64, key: bool) -> Option<GapCause> {
        let lost = Self::blocked(&mut self.lost, &self.spoiled, self.codec, rtp, key);
        let sound = key && !lost;
        let broken = Self::blocked(&mut self.broken, &self.unreadable, self.codec, rtp, sound);
        let full = self.waiting >= self.waiting_max;
        if full {
            self.overload.begin();
        }
        // A key frame that is not decoded itself ends nothing.
        let behind = full || self.overload.blocks(rtp, sound && !broken);
        if lost {
            return Some(GapCause::Lost);
        }
        if broken {
            return Some(GapCause::Undecodable);
        }
        if behind {
            return Some(GapCause::Overload);
        }
        self.waiting += 1;
        None
    }

    /// A unit of which packets came in, and of which nothing was made: why.
    pub(super) fn swallowed(&mut self, rtp: i64) -> GapCause {
        let lost = self.spoiled.contains(&rtp) || self.lost.waits;
        if self.codec.predicts() {
            let hold = if lost { &mut self.lost } else { &mut self.broken };
            hold.begin();
        }
        if lost { GapCause::Lost } else { GapCause::Undecodable }
    }

    fn blocked(hold: &mut Hold, bad: &VecDeque<i64>, codec: Codec, rtp: i64, key: bool) -> bool {
        let bad = bad.contains(&rtp);
        if bad && codec.predicts() {
            hold.begin();
        }
        bad || hold.blocks(rtp, key)
    }

    /// The decoder takes a unit.
    pub(super) fn taken(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
    }
}

fn remember(units: &mut VecDeque<i64>, rtp: i64) {
    if units.len() >= SPOILED_MAX {
        units.pop_front();
    }
    units.push_back(rtp);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(sequence: u16, timestamp: u32, marker: bool) -> Header {
        Header { marker, sequence, timestamp, ssrc: 1, payload: 12 }
    }

    /// Feeds one packet a unit, without those in `missing`; units of `keys` are key frames.
    fn run(gate: &mut Gate, units: std::ops::Range<u16>, missing: &[u16], keys: u16) -> Vec<u16> {
        let mut decoded = Vec::new();
        for n in units.filter(|n| !missing.contains(n)) {
            let seen = gate.packet(&header(n, 3600 * u32::from(n), true), false);
            if gate.unit(seen.rtp, n % keys == 0).is_none() {
                gate.taken();
                decoded.push(n);
            }
        }
        decoded
    }

    #[test]
    fn after_a_loss_nothing_is_decoded_up_to_the_next_key_frame() {
        let mut gate = Gate::new(Codec::H264, 8);
        let decoded = run(&mut gate, 3..25, &[12], 5);
        assert_eq!(decoded, [5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
        let mut gate = Gate::new(Codec::Jpeg, 8);
        assert_eq!(run(&mut gate, 3..10, &[5], 5), [3, 4, 7, 8, 9]);
    }

    #[test]
    fn a_loss_is_counted_and_spoils_both_sides() {
        let mut gate = Gate::new(Codec::Jpeg, 8);
        assert_eq!(gate.packet(&header(65535, 10, false), true).lost, 0);
        assert_eq!(gate.packet(&header(2, 20, true), false).lost, 2);
        assert_eq!(gate.packet(&header(3, 30, true), true).lost, 0);
        let causes: Vec<_> = [10, 20, 30].map(|rtp| gate.unit(rtp, true)).into();
        assert_eq!(causes, [Some(GapCause::Lost), Some(GapCause::Lost), None]);
        // One that begins for certain after a loss is whole.
        assert_eq!(gate.packet(&header(9, 40, true), true).lost, 5);
        assert_eq!(gate.unit(40, true), None);
        // A new numbering.
        assert_eq!(gate.packet(&header(9000, 50, true), true).lost, 1);
    }

    #[test]
    fn what_depends_on_a_swallowed_unit_is_not_decoded() {
        let mut gate = Gate::new(Codec::H264, 8);
        assert_eq!(gate.unit(0, true), None);
        assert_eq!(gate.swallowed(1), GapCause::Undecodable);
        assert_eq!(gate.unit(2, false), Some(GapCause::Undecodable));
        assert_eq!(gate.unit(3, true), None);
        gate.packet(&header(1, 3, true), false);
        gate.packet(&header(3, 4, true), false);
        assert_eq!(gate.swallowed(4), GapCause::Lost);
        assert_eq!(gate.unit(5, false), Some(GapCause::Lost));
        let mut gate = Gate::new(Codec::Jpeg, 8);
        assert_eq!(gate.swallowed(1), GapCause::Undecodable);
        assert_eq!(gate.unit(2, true), None);
    }

    #[test]
    fn an_unreadable_packet_is_not_a_lost_one() {
        let mut gate = Gate::new(Codec::H264, 8);
        let mut causes = Vec::new();
        for n in 0..12u16 {
            let seen = gate.packet(&header(n, u32::from(n), true), false);
            if n == 3 || n == 4 {
                assert_eq!(gate.unreadable(seen.rtp), n == 3, "told once");
            }
            causes.push(gate.unit(seen.rtp, n % 5 == 0));
            gate.taken();
        }
        assert!(causes[3..5].iter().all(|cause| *cause == Some(GapCause::Undecodable)));
        assert!(causes[..3].iter().chain(&causes[5..]).all(Option::is_none), "{causes:?}");
    }

    #[test]
    fn pictures_before_the_key_frame_that_ends_a_loss_are_not_decoded() {
        let mut gate = Gate::new(Codec::H265, 8);
        let units = [
            (40, true),
            (20, false),
            (30, false),
            (70, false),
            (50, false),
            (80, true),
            (75, false),
        ];
        let causes = units.map(|(rtp, key)| gate.unit(rtp, key).is_none());
        assert_eq!(causes, [true, false, false, true, true, true, true]);
    }

    #[test]
    fn a_decoder_that_is_behind_gets_no_more_up_to_the_next_key_frame() {
        let mut gate = Gate::new(Codec::H264, 3);
        let mut causes = Vec::new();
        for n in 0..20i64 {
            if n == 8 || n == 12 {
                gate.taken();
            }
            causes.push(gate.unit(n, n % 5 == 0));
        }
        let decoded: Vec<_> = (0..20).filter(|n| causes[*n].is_none()).collect();
        assert_eq!(decoded, [0, 1, 2, 10, 15]);
        assert!(causes.iter().all(|cause| cause.is_none_or(|c| c == GapCause::Overload)));
    }

    proptest! {
        #[test]
        fn what_is_decoded_needs_nothing_that_is_missing(
            keys in 1u16..9, missing in proptest::collection::btree_set(0u16..120, 0..20),
        ) {
            let missing: Vec<u16> = missing.into_iter().collect();
            let mut gate = Gate::new(Codec::H264, 8);
            let decoded = run(&mut gate, 0..120, &missing, keys);
            for n in &decoded {
                for needed in n - n % keys..*n {
                    prop_assert!(decoded.contains(&needed), "{n} without {needed}");
                }
            }
            // No more is dropped than the loss, the unit behind it, and what needs them.
            if missing.is_empty() {
                prop_assert_eq!(decoded.len(), 120);
            }
        }
    }
}
