//! How long to wait after failed sign-ins. It delays, and never locks for good: else anybody could lock
//! somebody out who must work.

use std::collections::BTreeMap;

use wayside_proto::EventTime;

/// Keys whose failures are remembered; the one that failed least lately goes.
pub const FAILURES_MAX: usize = 10_000;

/// How the wait grows: twice as long after each failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait, seconds.
    pub first_s: f64,
    /// The longest, seconds.
    pub max_s: f64,
    /// Without a failure for so long, all are forgotten, seconds.
    pub forget_s: f64,
}

impl Backoff {
    /// Seconds to wait after so many failures.
    #[must_use]
    pub fn wait_s(&self, failures: u32) -> f64 {
        match failures.checked_sub(self.free) {
            None | Some(0) => 0.0,
            // 2^30 times anything is beyond every maximum.
            Some(over) => {
                let doubled = f64::from(1_u32 << (over - 1).min(30));
                (self.first_s * doubled).min(self.max_s)
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Failed {
    count: u32,
    last: EventTime,
}

/// Tries by whoever, or at whatever. A try counts as failed from its beginning until it succeeds, so that many
/// at once gain nothing.
#[derive(Debug)]
pub struct Tries<K> {
    backoff: Backoff,
    failed: BTreeMap<K, Failed>,
}

impl<K: Ord + Clone> Tries<K> {
    /// Nobody has failed yet.
    #[must_use]
    pub fn new(backoff: Backoff) -> Self {
        Self { backoff, failed: BTreeMap::new() }
    }

    /// Whether a try may begin. Counts nothing.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn look(&self, key: &K, now: EventTime) -> Result<(), u32> {
        let Some(failed) = self.remembered(key, now) else { return Ok(()) };
        let left_s = self.backoff.wait_s(failed.count) - now.since_s(failed.last).max(0.0);
        if left_s <= 0.0 { Ok(()) } else { Err((left_s.ceil() as u32).max(1)) }
    }

    /// A try begins.
    ///
    /// # Errors
    /// Seconds to wait, where it may not. A try that may not begin does not make the wait longer.
    pub fn begin(&mut self, key: &K, now: EventTime) -> Result<(), u32> {
        self.look(key, now)?;
        let count = self.remembered(key, now).map_or(0, |failed| failed.count);
        if self.failed.len() >= FAILURES_MAX && !self.failed.contains_key(key) {
            let oldest = self.failed.iter().min_by_key(|(_, failed)| failed.last);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.failed.remove(&oldest);
            }
        }
        let failed = Failed { count: count.saturating_add(1), last: now };
        self.failed.insert(key.clone(), failed);
        Ok(())
    }

    /// It succeeded: nothing is held against the key any more.
    pub fn succeeded(&mut self, key: &K) {
        self.failed.remove(key);
    }

    /// It neither failed nor succeeded: the service was busy.
    pub fn forget_one(&mut self, key: &K) {
        if let Some(failed) = self.failed.get_mut(key) {
            failed.count = failed.count.saturating_sub(1);
        }
    }

    fn remembered(&self, key: &K, now: EventTime) -> Option<Failed> {
        let failed = self.failed.get(key)?;
        (now.since_s(failed.last) < self.backoff.forget_s).then_some(*failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: Backoff = Backoff { free: 4, first_s: 2.0, max_s: 900.0, forget_s: 3_600.0 };

    fn at(s: f64) -> EventTime {
        EventTime(0).plus_s(s)
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let waits: Vec<f64> = [0, 4, 5, 6, 7, 13, 14, 400, u32::MAX].map(|n| PAIR.wait_s(n)).into();
        assert_eq!(waits, [0.0, 0.0, 2.0, 4.0, 8.0, 512.0, 900.0, 900.0, 900.0]);
    }

    #[test]
    fn a_guesser_waits_and_nobody_else() {
        let mut tries = Tries::new(PAIR);
        for _ in 0..5 {
            assert_eq!(tries.begin(&"a", at(0.0)), Ok(()));
        }
        assert_eq!(tries.begin(&"a", at(0.0)), Err(2));
        assert_eq!(tries.begin(&"b", at(0.0)), Ok(()));
        // Hammering does not make it longer, and the wait ends.
        assert_eq!(tries.begin(&"a", at(1.5)), Err(1));
        assert_eq!(tries.begin(&"a", at(2.0)), Ok(()));
        assert_eq!(tries.begin(&"a", at(2.0)), Err(4));
        tries.succeeded(&"a");
        assert_eq!(tries.begin(&"a", at(2.0)), Ok(()));
    }

    #[test]
    fn in_a_day_a_guesser_gets_few_tries() {
        let mut tries = Tries::new(PAIR);
        let mut begun = 0;
        for second in 0..86_400 {
            begun += u32::from(tries.begin(&"a", at(f64::from(second))).is_ok());
        }
        assert!((90..130).contains(&begun), "{begun}");
    }

    #[test]
    fn memory_has_a_bound() {
        let mut tries = Tries::new(PAIR);
        for key in 0..FAILURES_MAX + 100 {
            assert_eq!(tries.begin(&key, EventTime(key as i64)), Ok(()));
        }
        assert_eq!(tries.failed.len(), FAILURES_MAX);
        assert!(!tries.failed.contains_key(&0));
    }
}
