//! Metrics of the worker as a whole: detector, bus, reloads, promises, the process itself.

use std::time::Duration;

use metrics::{Counter, Histogram};
use wayside_proto::{Outcome, SiteId, Verdict};

use crate::camera::micros;
use crate::labels::{Invariant, Labels, Provider, Readiness, ReloadResult, Topic};
use crate::metric::Metric;
use crate::process;
use crate::recorder::{Installed, counter, gauge, histogram};

/// The detector's metrics, with handles that are looked up once.
#[derive(Clone, Debug)]
pub struct InferenceMetrics {
    size: Histogram,
    seconds: Histogram,
}

impl InferenceMetrics {
    /// Says which provider is used, and whether another was asked for.
    #[must_use]
    pub fn new(used: Provider, asked: Provider) -> Self {
        for provider in Provider::ALL {
            let is = if *provider == used { 1.0 } else { 0.0 };
            gauge(Metric::InferenceProvider, &Labels::none().provider(*provider)).set(is);
        }
        let fallback = if used == asked { 0.0 } else { 1.0 };
        gauge(Metric::InferenceFallback, &Labels::none()).set(fallback);
        Self {
            size: histogram(Metric::BatchSize, &Labels::none()),
            seconds: histogram(Metric::BatchSeconds, &Labels::none()),
        }
    }

    /// The detector took a batch of so many frames.
    pub fn batch(&self, frames: usize, took: Duration) {
        self.size.record(frames as f64);
        self.seconds.record(took.as_secs_f64());
    }
}

/// The bus's metrics, with handles that are looked up once.
#[derive(Clone, Debug)]
pub struct BusMetrics {
    seconds: Histogram,
    appended: Vec<Counter>,
    failures: Vec<Counter>,
    deleted: Vec<Counter>,
}

impl BusMetrics {
    /// Registers the series of every topic; all counters stand at 0 from now on.
    #[must_use]
    pub fn new() -> Self {
        let by_topic = |metric| {
            let of = |topic: &Topic| counter(metric, &Labels::none().topic(*topic));
            Topic::ALL.iter().map(of).collect::<Vec<_>>()
        };
        Self {
            seconds: histogram(Metric::BusAppendSeconds, &Labels::none()),
            appended: by_topic(Metric::BusAppended),
            failures: by_topic(Metric::BusAppendFailures),
            deleted: by_topic(Metric::BusRecordsDeleted),
        }
    }

    /// One append, durable after this long, of so many records on a topic.
    pub fn appended(&self, topic: Topic, records: u64, took: Duration) {
        self.seconds.record(took.as_secs_f64());
        count(&self.appended, topic, records);
    }

    /// An append failed.
    pub fn failed(&self, topic: Topic) {
        count(&self.failures, topic, 1);
    }

    /// Records were deleted because their retention ended.
    pub fn deleted(&self, topic: Topic, records: u64) {
        count(&self.deleted, topic, records);
    }

    /// Size of the log on disk.
    pub fn bytes(&self, bytes: u64) {
        gauge(Metric::BusBytes, &Labels::none()).set(bytes as f64);
    }
}

impl Default for BusMetrics {
    fn default() -> Self {
        Self::new()
    }
}

fn count(counters: &[Counter], topic: Topic, by: u64) {
    if let Some(counter) = counters.get(topic as usize) {
        counter.increment(by);
    }
}

/// A site has so many cameras for the worker to take; 0 when the site is gone.
pub fn cameras_configured(site: &SiteId, cameras: usize) {
    gauge(Metric::CamerasConfigured, &Labels::site(site)).set(cameras as f64);
}

/// A site file was read again.
pub fn site_reloaded(result: ReloadResult) {
    crate::add(Metric::SiteReloads, &Labels::none().reload(result), 1);
}

/// A rule concluded.
pub fn outcome(outcome: &Outcome) {
    let of = || Labels::site(&outcome.site).rule(outcome.rule);
    crate::add(Metric::Outcomes, &of().verdict(&outcome.verdict), 1);
    if let Verdict::Void { cause, .. } = &outcome.verdict {
        crate::add(Metric::Voids, &of().void_cause(*cause), 1);
    }
}

/// The program found one of its own promises broken. It is counted, and logged as an error with what
/// was found; `found` must hold nothing of a picture, a plate or a password.
pub fn invariant_violated(invariant: Invariant, found: &str) {
    tracing::error!(invariant = invariant.as_str(), found, "a promise is broken");
    crate::add(Metric::InvariantViolations, &Labels::none().invariant(invariant), 1);
}

/// A batch of spans did not reach the collector.
pub(crate) fn trace_export_failed(spans: u64) {
    crate::add(Metric::TraceExportFailures, &Labels::none(), 1);
    trace_spans_dropped(spans);
}

/// Spans were dropped.
pub(crate) fn trace_spans_dropped(spans: u64) {
    crate::add(Metric::TraceSpansDropped, &Labels::none(), spans);
}

/// What an alert compares with must be there before it first happens.
pub(crate) fn show_from_the_start() {
    let none = Labels::none;
    gauge(Metric::BuildInfo, &none().version(env!("CARGO_PKG_VERSION"))).set(1.0);
    for invariant in Invariant::ALL {
        counter(Metric::InvariantViolations, &none().invariant(*invariant)).increment(0);
    }
    for result in ReloadResult::ALL {
        counter(Metric::SiteReloads, &none().reload(*result)).increment(0);
    }
    for metric in [Metric::TraceSpansDropped, Metric::TraceExportFailures, Metric::SeriesRefused] {
        counter(metric, &none()).increment(0);
    }
}

/// What is read when somebody asks.
pub(crate) fn refresh(installed: &Installed) {
    let none = Labels::none();
    let set = |metric, value: f64| gauge(metric, &none).set(value);
    set(Metric::Uptime, installed.since.elapsed().as_secs_f64());
    counter(Metric::SeriesRefused, &none).absolute(installed.store.refused());
    let now = process::read();
    if let Some(cpu) = now.cpu {
        counter(Metric::ProcessCpu, &none).absolute(micros(cpu));
    }
    let gauges = [
        (Metric::ProcessResident, now.resident_bytes),
        (Metric::ProcessResidentPeak, now.resident_peak_bytes),
        (Metric::ProcessThreads, now.threads),
        (Metric::ProcessOpenFiles, now.open_files),
        (Metric::ProcessOpenFilesMax, now.open_files_max),
    ];
    for (metric, value) in gauges {
        set(metric, value.map_or(f64::NAN, |value| value as f64));
    }
}

/// Shows what of the worker is ready and when its main loop last ran, where it did.
pub(crate) fn show_board(ready: &[(Readiness, bool)], beat_age: Option<Duration>) {
    for (item, ready) in ready {
        let value = if *ready { 1.0 } else { 0.0 };
        gauge(Metric::Ready, &Labels::none().item(*item)).set(value);
    }
    let age_s = beat_age.map_or(f64::NAN, |age| age.as_secs_f64());
    gauge(Metric::BeatAge, &Labels::none()).set(age_s);
}
