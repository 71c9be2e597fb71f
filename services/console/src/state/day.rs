//! How often something happened in the last 24 hours.

use std::collections::BTreeMap;

use wayside_proto::EventTime;

/// Length of a bucket, microseconds: a quarter of an hour.
const BUCKET_US: i64 = 900_000_000;
/// Buckets of a day. One more is kept: the oldest is only partly within the day, and counts.
const BUCKETS: i64 = 96;

/// Counts in quarters of an hour; at most 97 of them.
#[derive(Clone, Debug, Default)]
pub(super) struct DayCount {
    buckets: BTreeMap<i64, u32>,
}

impl DayCount {
    /// Counts one at an event time.
    pub(super) fn add(&mut self, time: EventTime) {
        let bucket = time.0.div_euclid(BUCKET_US);
        let newest = self.buckets.keys().next_back().copied().unwrap_or(bucket).max(bucket);
        if bucket < newest - BUCKETS {
            return;
        }
        let count = self.buckets.entry(bucket).or_default();
        *count = count.saturating_add(1);
        while self.buckets.first_key_value().is_some_and(|(first, _)| *first < newest - BUCKETS) {
            self.buckets.pop_first();
        }
    }

    /// How many in the 24 hours before `now`, to a quarter of an hour.
    pub(super) fn sum(&self, now: EventTime) -> u64 {
        let first = now.0.div_euclid(BUCKET_US).saturating_sub(BUCKETS);
        self.buckets.range(first..).map(|(_, count)| u64::from(*count)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_kept_and_no_more() {
        let mut count = DayCount::default();
        let at = |hours: f64| EventTime(0).plus_s(hours * 3_600.0);
        for hour in 0..100 {
            count.add(at(f64::from(hour)));
        }
        assert_eq!(count.sum(at(99.0)), 25, "23 whole hours and both ends");
        assert_eq!(count.sum(at(110.0)), 14);
        assert!(count.buckets.len() <= 97);
        count.add(at(1.0));
        assert_eq!(count.sum(at(99.0)), 25, "what is older than a day is not counted");
    }
}
