//! What operators see of a running worker: metrics, health pages, traces.
//!
//! [`Metric`] is the one list of metrics; `docs/metrics.md` follows from it. [`serve`] answers
//! `/metrics`, `/healthz` and `/readyz` over a [`Board`]. [`CameraMetrics`], [`InferenceMetrics`] and
//! [`BusMetrics`] hold handles for what happens often; [`add`], [`set`] and [`observe`] look the
//! series up each time, for what is rare. [`init_tracing`] sets up log lines and, where a collector
//! is named, traces; [`span!`] makes spans with names from [`SpanName`].
//!
//! Deliberately absent: anything about a road user (labels come from closed lists and from ids of the
//! site file), anything that a result depends on, anything that can stop or slow the worker.

mod board;
mod camera;
mod enforce;
mod error;
mod http;
mod labels;
mod metric;
mod page;
mod process;
mod recorder;
mod review;
mod trace;
mod worker;

use std::time::Duration;

pub use board::{Answer, BEAT_MAX, Board, START_MAX};
pub use camera::CameraMetrics;
pub use enforce::{EnforceMetrics, EvidenceMetrics, SectionMetrics};
pub use error::TelemetryError;
pub use http::{DEFAULT_ADDR, Serving, serve};
pub use labels::{
    CaseAct, CaseState, Condition, DisconnectCause, EndLabel, Invariant, Label, Labels,
    LookRefusal, Provider, Readiness, ReloadResult, Stage, Topic, UnmatchableCause, VerdictLabel,
    values,
};
pub use metric::{Kind, Metric, PREFIX, Row, Unit};
pub use page::{ALERTS, Alert, metrics_page};
pub use recorder::{install, render};
pub use review::ReviewMetrics;
pub use trace::{
    Export, LOG_DEFAULT, LogFormat, SpanName, TracingGuard, TracingOptions, init_tracing,
};
#[doc(hidden)]
pub use tracing;
pub use worker::{
    BusMetrics, InferenceMetrics, cameras_configured, invariant_violated, outcome, site_reloaded,
};

/// Adds to a counter. Labels that are not the metric's are a fault: a debug build panics, a release
/// build counts it in `wayside_series_refused_total`.
pub fn add(metric: Metric, labels: &Labels, by: u64) {
    recorder::counter(metric, labels).increment(by);
}

/// Adds to a counter of seconds.
pub fn add_duration(metric: Metric, labels: &Labels, by: Duration) {
    debug_assert_eq!(metric.kind(), Kind::SecondsCounter, "{metric:?}");
    recorder::counter(metric, labels).increment(camera::micros(by));
}

/// Sets a gauge; not a number hides it.
pub fn set(metric: Metric, labels: &Labels, value: f64) {
    recorder::gauge(metric, labels).set(value);
}

/// Sorts a value into a histogram; not a number is left out.
pub fn observe(metric: Metric, labels: &Labels, value: f64) {
    recorder::histogram(metric, labels).record(value);
}
