//! A condition that begins and ends with patience.

use wayside_proto::EventTime;

/// What one picture says about a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is there.
    Bad,
    /// It is not.
    Good,
    /// Neither, or the picture does not tell: everything stays as it was.
    Open,
}

/// Begins after `enter_s` of nothing but bad, ends after `leave_s` of nothing but good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latch {
    pub(crate) active: bool,
    pending: Option<EventTime>,
}

impl Latch {
    pub(crate) const NEW: Self = Self { active: false, pending: None };

    /// Whether the condition begins (`Some(true)`) or ends (`Some(false)`) with this picture.
    pub(crate) fn step(
        &mut self,
        time: EventTime,
        verdict: Verdict,
        enter_s: f64,
        leave_s: f64,
    ) -> Option<bool> {
        let turning = verdict == if self.active { Verdict::Good } else { Verdict::Bad };
        if !turning {
            self.pending = None;
            return None;
        }
        let since = *self.pending.get_or_insert(time);
        let patience = if self.active { leave_s } else { enter_s };
        if time.since_s(since) < patience {
            return None;
        }
        Some(self.set(!self.active))
    }

    /// Begins or ends it at once.
    pub(crate) fn set(&mut self, active: bool) -> bool {
        *self = Self { active, pending: None };
        active
    }

    /// Forgets for how long the verdict has been another.
    pub(crate) fn restart(&mut self) {
        self.pending = None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn begins_and_ends_with_patience() {
        let mut latch = Latch::NEW;
        let mut seen = String::new();
        for (second, c) in "bbgbbbb-gbgg-ggg-bbb".chars().enumerate() {
            let verdict = match c {
                'b' => Verdict::Bad,
                'g' => Verdict::Good,
                _ => Verdict::Open,
            };
            let step = latch.step(EventTime(second as i64 * 1_000_000), verdict, 3.0, 2.0);
            seen.push(match step {
                Some(true) => 'B',
                Some(false) => 'G',
                None => c,
            });
        }
        insta::assert_snapshot!(seen, @"bbgbbbB-gbgg-ggG-bbb");
    }

    proptest! {
        #[test]
        fn changes_alternate(verdicts in prop::collection::vec(0u8..3, 0..200)) {
            let (mut latch, mut active) = (Latch::NEW, false);
            for (second, verdict) in verdicts.into_iter().enumerate() {
                let verdict = [Verdict::Bad, Verdict::Good, Verdict::Open][usize::from(verdict)];
                let time = EventTime(second as i64 * 1_000_000);
                if let Some(now) = latch.step(time, verdict, 2.0, 1.0) {
                    prop_assert_ne!(now, active);
                    active = now;
                }
                prop_assert_eq!(latch.active, active);
            }
        }
    }
}
