//! Metrics of the rules as a consumer of the bus.

use metrics::{Counter, Gauge, Histogram};
use wayside_proto::EvidenceFailure;

use crate::labels::Labels;
use crate::metric::Metric;
use crate::recorder::{counter, gauge, histogram};

/// The rules' metrics, with handles that are looked up once.
#[derive(Clone)]
pub struct EnforceMetrics {
    partitions: Gauge,
    lag: Gauge,
    cameras: Gauge,
    tracks: Gauge,
    observed: Counter,
    dead_letters: Counter,
}

impl EnforceMetrics {
    /// Registers the series; all stand at 0 from now on.
    #[must_use]
    pub fn new() -> Self {
        let (gauge, counter) =
            (|metric| gauge(metric, &Labels::none()), |metric| counter(metric, &Labels::none()));
        Self {
            partitions: gauge(Metric::ConsumerPartitions),
            lag: gauge(Metric::ConsumerLag),
            cameras: gauge(Metric::CamerasJudged),
            tracks: gauge(Metric::TracksAlive),
            observed: counter(Metric::ObservationsJudged),
            dead_letters: counter(Metric::DeadLetters),
        }
    }

    /// How it stands now.
    pub fn state(&self, partitions: usize, lag: u64, cameras: u64, tracks: u64) {
        self.partitions.set(partitions as f64);
        self.lag.set(lag as f64);
        self.cameras.set(cameras as f64);
        self.tracks.set(tracks as f64);
    }

    /// Observations taken and records that could not be read, since the start.
    pub fn so_far(&self, observed: u64, dead_letters: u64) {
        self.observed.absolute(observed);
        self.dead_letters.absolute(dead_letters);
    }
}

/// The sections' metrics.
#[derive(Clone)]
pub struct SectionMetrics {
    lag: Gauge,
    counters: [Counter; 4],
}

impl SectionMetrics {
    /// Registers the series; all stand at 0 from now on.
    #[must_use]
    pub fn new() -> Self {
        let counters = [
            Metric::PassagesTaken,
            Metric::VehiclesMatched,
            Metric::VehiclesNotMatched,
            Metric::VectorsDeleted,
        ];
        Self {
            lag: gauge(Metric::PassagesLag, &Labels::none()),
            counters: counters.map(|metric| counter(metric, &Labels::none())),
        }
    }

    /// Records that are still to be read.
    pub fn state(&self, lag: u64) {
        self.lag.set(lag as f64);
    }

    /// Since the start: messages taken, vehicles matched, not matched, vectors deleted.
    pub fn so_far(&self, counts: [u64; 4]) {
        self.counters.iter().zip(counts).for_each(|(counter, count)| counter.absolute(count));
    }
}

/// The evidence service's metrics.
#[derive(Clone)]
pub struct EvidenceMetrics {
    lag: Gauge,
    pending: Gauge,
    counters: [Counter; 3],
    failures: Vec<Counter>,
    took: Histogram,
    fetch: Histogram,
}

impl EvidenceMetrics {
    /// Registers the series; all stand at 0 from now on.
    #[must_use]
    pub fn new() -> Self {
        let counters = [Metric::EvidenceSealed, Metric::EvidenceBytes, Metric::EvidenceRetries];
        let failure = |cause: &EvidenceFailure| {
            counter(Metric::EvidenceFailures, &Labels::none().evidence_failure(*cause))
        };
        Self {
            lag: gauge(Metric::EvidenceLag, &Labels::none()),
            pending: gauge(Metric::EvidencePending, &Labels::none()),
            counters: counters.map(|metric| counter(metric, &Labels::none())),
            failures: EvidenceFailure::ALL.iter().map(failure).collect(),
            took: histogram(Metric::EvidenceSeconds, &Labels::none()),
            fetch: histogram(Metric::EvidenceFetchSeconds, &Labels::none()),
        }
    }

    /// How it stands now: records that are still to be read, violations on their way.
    pub fn state(&self, lag: u64, pending: usize) {
        self.lag.set(lag as f64);
        self.pending.set(pending as f64);
    }

    /// Since the start: packages, their bytes, tries that are made again.
    pub fn so_far(&self, counts: [u64; 3]) {
        self.counters.iter().zip(counts).for_each(|(counter, count)| counter.absolute(count));
    }

    /// Failures of one cause since the start.
    pub fn failed(&self, cause: EvidenceFailure, count: u64) {
        let at = EvidenceFailure::ALL.iter().position(|known| *known == cause);
        if let Some(counter) = at.and_then(|at| self.failures.get(at)) {
            counter.absolute(count);
        }
    }

    /// How long a violation took, seconds, and, of that, its pictures.
    pub fn took(&self, seconds: f64, fetch_seconds: f64) {
        self.took.record(seconds);
        self.fetch.record(fetch_seconds);
    }
}

impl Default for EvidenceMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for SectionMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for EnforceMetrics {
    fn default() -> Self {
        Self::new()
    }
}
