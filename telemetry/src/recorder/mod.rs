//! Behind the `metrics` facade: a recorder that knows the table of metrics, and the page it writes.
//!
//! It is our own because the usual one buffers every histogram value until somebody reads it, has
//! whole-number counters only (gaps last fractions of a second), forgets a series by idleness alone
//! (a camera that is removed must vanish, a quiet one must not), and takes any name and any number
//! of series.

mod cell;
mod store;
mod text;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};

use crate::error::TelemetryError;
use crate::labels::Labels;
use crate::metric::Metric;
use store::{Cell, Store};

pub(crate) use text::CONTENT_TYPE;

static INSTALLED: OnceLock<Installed> = OnceLock::new();

#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) store: Arc<Store>,
    pub(crate) since: Instant,
}

/// Hands out cells of the store.
struct Registrar(Arc<Store>);

impl metrics::Recorder for Registrar {
    // Kind, unit and help are the table's.
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        match self.0.cell(key) {
            Some(Cell::Counter(cell)) => Counter::from_arc(cell),
            other => self.0.refuse_kind(other, Counter::noop()),
        }
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        match self.0.cell(key) {
            Some(Cell::Gauge(cell)) => Gauge::from_arc(cell),
            other => self.0.refuse_kind(other, Gauge::noop()),
        }
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        match self.0.cell(key) {
            Some(Cell::Histogram(cell)) => Histogram::from_arc(cell),
            other => self.0.refuse_kind(other, Histogram::noop()),
        }
    }
}

/// Takes over the facade for the whole process; a second call changes nothing. Handles made before it
/// count nothing.
///
/// # Errors
///
/// Where another recorder was installed before.
pub fn install() -> Result<(), TelemetryError> {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if INSTALLED.get().is_some() {
        return Ok(());
    }
    let store = Arc::new(Store::default());
    metrics::set_global_recorder(Registrar(Arc::clone(&store)))
        .map_err(|_| TelemetryError::OtherRecorder)?;
    // Nobody else sets it: the guard is held.
    let _ = INSTALLED.set(Installed { store, since: Instant::now() });
    crate::worker::show_from_the_start();
    Ok(())
}

pub(crate) fn installed() -> Option<&'static Installed> {
    INSTALLED.get()
}

/// The page in the Prometheus text format; empty where [`install`] was not called.
#[must_use]
pub fn render() -> String {
    let Some(installed) = installed() else { return String::new() };
    crate::worker::refresh(installed);
    text::render(&installed.store.snapshot(Instant::now()))
}

static METADATA: Metadata<'static> =
    Metadata::new("wayside", metrics::Level::INFO, Some("wayside_telemetry"));

/// The handle of a counter.
pub(crate) fn counter(metric: Metric, labels: &Labels) -> Counter {
    match checked(metric, labels) {
        Some(key) => metrics::with_recorder(|recorder| recorder.register_counter(&key, &METADATA)),
        None => Counter::noop(),
    }
}

/// The handle of a gauge.
pub(crate) fn gauge(metric: Metric, labels: &Labels) -> Gauge {
    match checked(metric, labels) {
        Some(key) => metrics::with_recorder(|recorder| recorder.register_gauge(&key, &METADATA)),
        None => Gauge::noop(),
    }
}

/// The handle of a histogram.
pub(crate) fn histogram(metric: Metric, labels: &Labels) -> Histogram {
    match checked(metric, labels) {
        Some(key) => {
            metrics::with_recorder(|recorder| recorder.register_histogram(&key, &METADATA))
        }
        None => Histogram::noop(),
    }
}

/// The key of the series. Labels that are not the metric's are a fault of the caller: a test fails on
/// it, a worker counts it and goes on.
fn checked(metric: Metric, labels: &Labels) -> Option<Key> {
    let fit = labels.fit(metric);
    debug_assert!(fit, "{metric:?} has the labels {:?}, not {labels:?}", metric.labels());
    if !fit && let Some(installed) = installed() {
        installed.store.refuse();
    }
    fit.then(|| labels.key(metric))
}
