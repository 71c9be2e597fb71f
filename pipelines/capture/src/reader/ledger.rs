//! Which frames went into the decoder and did not come out.
//!
//! A decoder that cannot read a frame says nothing and goes on; what follows up to the next key
//! frame is then predicted from a picture that is missing. So every frame that goes in is written
//! down with its time, and struck out when it comes out. Frames leave in the order of their times:
//! what is still there and earlier is lost. A decoder that complains while it has a frame spoils
//! that frame, even if it gives a picture (made up from its neighbours). Nothing that follows up to
//! the next key frame is believed.

use std::collections::BTreeMap;

/// Frames inside a decoder at most: far above the reorder depth (16) plus threads.
const PENDING_MAX: usize = 1024;

/// Two stamps of one frame differ by less than this, nanoseconds.
const SAME_NS: u64 = 500_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    key: bool,
    /// Why the frame cannot be used, or never will come.
    cause: Option<String>,
}

/// A run of frames that must not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// Time of the first, nanoseconds.
    pub(crate) first_ns: u64,
    /// Time of the last, nanoseconds.
    pub(crate) last_ns: u64,
    /// How many in all.
    pub(crate) frames: u64,
    /// How many of them never came out of the decoder.
    pub(crate) missing: u64,
    /// What is known about the first.
    pub(crate) cause: Option<String>,
}

/// The frames inside the decoder.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pending: BTreeMap<u64, Entry>,
    loss: Option<Loss>,
    last_entered_ns: Option<u64>,
    /// What the decoder said since the last key frame that went in.
    complaint: Option<String>,
}

impl Ledger {
    /// A frame goes into the decoder.
    pub(crate) fn entered(&mut self, time_ns: u64, key: bool) {
        if key {
            self.complaint = None;
        }
        self.last_entered_ns = Some(time_ns);
        self.insert(time_ns, Entry { key, cause: self.complaint.clone() });
    }

    /// The decoder complains about the frame that went in last.
    pub(crate) fn complained(&mut self, text: &str) {
        let cause = self.complaint.get_or_insert_with(|| format!("the decoder says: {text}"));
        if let Some(entry) = self.last_entered_ns.and_then(|at| self.pending.get_mut(&at)) {
            entry.cause.get_or_insert_with(|| cause.clone());
        }
    }

    /// A frame that should be here never reached the decoder. Only for recordings of key frames.
    pub(crate) fn absent(&mut self, time_ns: u64, cause: String) {
        self.insert(time_ns, Entry { key: true, cause: Some(cause) });
    }

    fn insert(&mut self, time_ns: u64, entry: Entry) {
        if self.pending.len() >= PENDING_MAX {
            // Times that never match: without knowledge, no claims.
            self.pending.clear();
        }
        self.pending.insert(time_ns, entry);
    }

    /// Time of the first frame that has not come out.
    pub(crate) fn first_ns(&self) -> Option<u64> {
        self.pending.keys().next().copied()
    }

    /// A frame comes out of the decoder, `corrupt` by its own flags: whether it can be used, and
    /// the loss that ends with it.
    pub(crate) fn left(&mut self, time_ns: u64, corrupt: bool) -> (bool, Option<Loss>) {
        let Some((at, mut entry)) = self.take(time_ns) else { return (!corrupt, None) };
        let later = self.pending.split_off(&at);
        let missing = std::mem::replace(&mut self.pending, later);
        for (lost_ns, lost) in missing {
            self.lose(lost_ns, lost.cause, true);
        }
        if corrupt {
            entry.cause.get_or_insert_with(|| "the decoder marks it as corrupt".to_owned());
        }
        let spoiled = entry.cause.is_some() || self.loss.is_some() && !entry.key;
        if spoiled {
            self.lose(at, entry.cause, false);
            return (false, None);
        }
        (true, self.loss.take())
    }

    /// No frame will come any more: what is inside is lost.
    pub(crate) fn finish(&mut self) -> Option<Loss> {
        for (lost_ns, lost) in std::mem::take(&mut self.pending) {
            self.lose(lost_ns, lost.cause, true);
        }
        self.loss.take()
    }

    fn take(&mut self, time_ns: u64) -> Option<(u64, Entry)> {
        if let Some(entry) = self.pending.remove(&time_ns) {
            return Some((time_ns, entry));
        }
        let range = time_ns.saturating_sub(SAME_NS)..=time_ns.saturating_add(SAME_NS);
        let near =
            self.pending.range(range).map(|(at, _)| *at).min_by_key(|at| at.abs_diff(time_ns))?;
        self.pending.remove(&near).map(|entry| (near, entry))
    }

    fn lose(&mut self, time_ns: u64, cause: Option<String>, missing: bool) {
        let loss = self.loss.get_or_insert(Loss {
            first_ns: time_ns,
            last_ns: time_ns,
            frames: 0,
            missing: 0,
            cause,
        });
        loss.last_ns = loss.last_ns.max(time_ns);
        loss.frames += 1;
        loss.missing += u64::from(missing);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEP: u64 = 40_000_000;

    #[test]
    fn frames_in_another_order_are_all_there() {
        let mut ledger = Ledger::default();
        for n in [0u64, 4, 2, 1, 3] {
            ledger.entered(n * STEP, n == 0);
        }
        for n in 0..5u64 {
            assert_eq!(ledger.left(n * STEP, false), (true, None));
        }
        assert_eq!(ledger.finish(), None);
    }

    #[test]
    fn a_lost_frame_spoils_all_up_to_the_next_key_frame() {
        let mut ledger = Ledger::default();
        for n in 0..10u64 {
            ledger.entered(n * STEP, n % 5 == 0);
        }
        let (mut used, mut losses) = (Vec::new(), Vec::new());
        for n in (0..9u64).filter(|n| *n != 2) {
            let (usable, loss) = ledger.left(n * STEP, n == 7);
            used.extend(usable.then_some(n));
            losses.extend(loss);
        }
        losses.extend(ledger.finish());
        assert_eq!(used, [0, 1, 5, 6]);
        let spans: Vec<_> = losses.iter().map(|l| (l.first_ns / STEP, l.last_ns / STEP)).collect();
        assert_eq!(spans, [(2, 4), (7, 9)]);
    }

    #[test]
    fn a_complaint_spoils_what_is_decoded_after_it() {
        let mut ledger = Ledger::default();
        // Decoding order of a key frame, a predicted one and two between them, then a key frame.
        ledger.entered(0, true);
        ledger.entered(3 * STEP, false);
        ledger.complained("error while decoding MB 3 4");
        ledger.entered(STEP, false);
        ledger.entered(2 * STEP, false);
        ledger.entered(4 * STEP, true);
        assert_eq!(ledger.left(0, false), (true, None));
        for n in 1..4u64 {
            assert_eq!(ledger.left(n * STEP, false), (false, None));
        }
        let (usable, loss) = ledger.left(4 * STEP, false);
        let loss = loss.unwrap();
        assert!(usable);
        assert_eq!((loss.first_ns, loss.last_ns, loss.missing), (STEP, 3 * STEP, 0));
        assert_eq!(loss.cause.as_deref(), Some("the decoder says: error while decoding MB 3 4"));
    }

    #[test]
    fn a_missing_image_is_a_loss_of_one() {
        let mut ledger = Ledger::default();
        ledger.entered(0, true);
        ledger.absent(STEP, "b.jpg is missing".to_owned());
        ledger.entered(2 * STEP, true);
        assert_eq!(ledger.left(0, false), (true, None));
        let (usable, loss) = ledger.left(2 * STEP, false);
        let loss = loss.unwrap();
        assert!(usable);
        assert_eq!((loss.frames, loss.missing), (1, 1));
        assert_eq!(loss.cause.as_deref(), Some("b.jpg is missing"));
    }

    proptest! {
        #[test]
        fn every_frame_is_used_or_lost(
            gop in 1u64..8, lost in proptest::collection::btree_set(0u64..40, 0..10),
        ) {
            let mut ledger = Ledger::default();
            let (mut used, mut gone) = (0, 0);
            for n in 0..40u64 {
                ledger.entered(n * STEP, n % gop == 0);
                if lost.contains(&n) {
                    continue;
                }
                let (usable, loss) = ledger.left(n * STEP, false);
                used += u64::from(usable);
                gone += loss.map_or(0, |loss| loss.frames);
            }
            gone += ledger.finish().map_or(0, |loss| loss.frames);
            prop_assert_eq!(used + gone, 40);
            prop_assert!(gone >= lost.len() as u64);
        }
    }
}
