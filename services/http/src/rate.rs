//! How often somebody may ask: a bucket of tokens each, in bounded memory. Takes the time as a value.

use std::collections::BTreeMap;

use wayside_proto::EventTime;

/// Buckets that are kept; the one that was used least lately goes.
pub const BUCKETS_MAX: usize = 10_000;

/// So many at once, so many a second on end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// At once.
    pub burst: f64,
    /// A second.
    pub per_s: f64,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: EventTime,
}

/// Buckets by whoever asks.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    buckets: BTreeMap<K, Bucket>,
}

impl<K: Ord + Clone> Buckets<K> {
    /// Full buckets for everybody.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: BTreeMap::new() }
    }

    fn left(&self, who: &K, now: EventTime) -> f64 {
        self.buckets.get(who).map_or(self.rate.burst, |bucket| {
            let since_s = now.since_s(bucket.at).max(0.0);
            (bucket.left + since_s * self.rate.per_s).min(self.rate.burst)
        })
    }

    /// Whether there is something left, and takes nothing.
    ///
    /// # Errors
    /// Seconds after which there is.
    pub fn look(&self, who: &K, now: EventTime) -> Result<(), u32> {
        let left = self.left(who, now);
        if left >= 1.0 {
            return Ok(());
        }
        Err((((1.0 - left) / self.rate.per_s.max(1e-6)).ceil() as u32).clamp(1, 3_600))
    }

    /// Takes one.
    ///
    /// # Errors
    /// Seconds after which there is one; nothing is taken.
    pub fn take(&mut self, who: &K, now: EventTime) -> Result<(), u32> {
        self.look(who, now)?;
        let left = self.left(who, now) - 1.0;
        if self.buckets.len() >= BUCKETS_MAX && !self.buckets.contains_key(who) {
            let oldest = self.buckets.iter().min_by_key(|(_, bucket)| bucket.at);
            if let Some(oldest) = oldest.map(|(who, _)| who.clone()) {
                self.buckets.remove(&oldest);
            }
        }
        self.buckets.insert(who.clone(), Bucket { left, at: now });
        Ok(())
    }

    /// Gives one back that was taken for nothing.
    pub fn give_back(&mut self, who: &K) {
        if let Some(bucket) = self.buckets.get_mut(who) {
            bucket.left = (bucket.left + 1.0).min(self.rate.burst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate_and_nobody_pays_for_another() {
        let mut buckets = Buckets::new(Rate { burst: 3.0, per_s: 0.5 });
        let at = |s: f64| EventTime(0).plus_s(s);
        for _ in 0..3 {
            assert_eq!(buckets.take(&"a", at(0.0)), Ok(()));
        }
        assert_eq!(buckets.take(&"a", at(0.0)), Err(2));
        assert_eq!(buckets.take(&"b", at(0.0)), Ok(()));
        assert_eq!(buckets.take(&"a", at(2.0)), Ok(()));
        assert_eq!(buckets.look(&"a", at(2.0)), Err(2));
        buckets.give_back(&"a");
        assert_eq!(buckets.take(&"a", at(2.0)), Ok(()));
        // A clock that runs backwards gives nothing and takes nothing.
        assert_eq!(buckets.take(&"a", at(1.0)), Err(2));
    }

    #[test]
    fn memory_has_a_bound() {
        let mut buckets = Buckets::new(Rate { burst: 1.0, per_s: 1.0 });
        for who in 0..BUCKETS_MAX + 500 {
            assert_eq!(buckets.take(&who, EventTime(who as i64)), Ok(()));
        }
        assert_eq!(buckets.buckets.len(), BUCKETS_MAX);
    }
}
