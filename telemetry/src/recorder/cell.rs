//! One series: a few atomics. Writers never wait for each other nor for a reader.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use metrics::{CounterFn, GaugeFn, HistogramFn};

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct CounterCell(AtomicU64);

impl CounterCell {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl CounterFn for CounterCell {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.0.fetch_max(value, Relaxed);
    }
}

/// A number that goes up and down; not a number until somebody sets it.
#[derive(Debug)]
pub(crate) struct GaugeCell(AtomicU64);

impl Default for GaugeCell {
    fn default() -> Self {
        Self(AtomicU64::new(f64::NAN.to_bits()))
    }
}

impl GaugeCell {
    pub(crate) fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Relaxed))
    }

    fn change(&self, by: f64) {
        let change = |bits| {
            let old = f64::from_bits(bits);
            Some((if old.is_nan() { by } else { old + by }).to_bits())
        };
        // The closure never refuses.
        let _ = self.0.fetch_update(Relaxed, Relaxed, change);
    }
}

impl GaugeFn for GaugeCell {
    fn increment(&self, value: f64) {
        self.change(value);
    }

    fn decrement(&self, value: f64) {
        self.change(-value);
    }

    fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Relaxed);
    }
}

/// Values sorted into buckets. It has a fixed size, however rarely anybody reads it.
#[derive(Debug)]
pub(crate) struct HistogramCell {
    bounds: &'static [f64],
    /// One more than there are bounds.
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl HistogramCell {
    pub(crate) fn new(bounds: &'static [f64]) -> Self {
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, buckets, sum: AtomicU64::new(0f64.to_bits()) }
    }

    /// Upper bounds with the number of values up to each, then the number of all values, and their sum.
    pub(crate) fn read(&self) -> (Vec<(f64, u64)>, u64, f64) {
        let mut upto = 0;
        let mut rows = Vec::with_capacity(self.bounds.len());
        let mut counts = self.buckets.iter().map(|bucket| bucket.load(Relaxed));
        for (bound, count) in self.bounds.iter().zip(counts.by_ref()) {
            upto += count;
            rows.push((*bound, upto));
        }
        upto += counts.sum::<u64>();
        (rows, upto, f64::from_bits(self.sum.load(Relaxed)))
    }
}

impl HistogramFn for HistogramCell {
    fn record(&self, value: f64) {
        self.record_many(value, 1);
    }

    /// A value that is not a number is left out: it would spoil the sum for ever.
    fn record_many(&self, value: f64, count: usize) {
        if value.is_nan() {
            return;
        }
        let index = self.bounds.partition_point(|bound| *bound < value);
        if let Some(bucket) = self.buckets.get(index) {
            bucket.fetch_add(count as u64, Relaxed);
        }
        let add = |bits| Some((f64::from_bits(bits) + value * count as f64).to_bits());
        // The closure never refuses.
        let _ = self.sum.fetch_update(Relaxed, Relaxed, add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_belongs_to_it() {
        let cell = HistogramCell::new(&[1.0, 2.0]);
        for value in [-1.0, 1.0, 1.5, 2.0, 2.1, 1e9, f64::NAN] {
            cell.record(value);
        }
        let (rows, count, sum) = cell.read();
        assert_eq!(rows, [(1.0, 2), (2.0, 4)]);
        assert_eq!(count, 6);
        assert_eq!(sum, 1e9 + 5.6);
    }

    #[test]
    fn a_gauge_is_unknown_until_it_is_set() {
        let gauge = GaugeCell::default();
        assert!(gauge.get().is_nan());
        gauge.increment(2.0);
        gauge.decrement(0.5);
        assert_eq!(gauge.get(), 1.5);
    }

    #[test]
    fn writers_do_not_lose_each_others_values() {
        let cell = HistogramCell::new(&[0.5]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..2_500).for_each(|_| cell.record(1.0)));
            }
        });
        assert_eq!(cell.read(), (vec![(0.5, 0)], 10_000, 10_000.0));
    }
}
