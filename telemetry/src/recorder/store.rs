//! All series, in the order of the page, with a bound on their number; those of cameras that are gone
//! go too.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::{GaugeFn, Key};

use super::cell::{CounterCell, GaugeCell, HistogramCell};
use crate::labels::Label;
use crate::metric::{Kind, Metric};

/// Most series at a time. A camera has about 50.
pub(crate) const SERIES_MAX: usize = 100_000;

/// Longest value of a label, characters; more is cut off.
const VALUE_CHARS_MAX: usize = 128;

/// How long counters of a removed camera stay, so that the last scrapes see how it ended.
pub(crate) const REMOVED_SHOWN: Duration = Duration::from_secs(300);

/// A series.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Counter(Arc<CounterCell>),
    Gauge(Arc<GaugeCell>),
    Histogram(Arc<HistogramCell>),
}

/// A metric with the values of its labels, in its order.
pub(crate) type SeriesKey = (Metric, Vec<String>);

/// Site and camera.
type CameraKey = (String, String);

#[derive(Debug, Default)]
struct Inner {
    series: BTreeMap<SeriesKey, Cell>,
    /// How many hold the camera's handles.
    holders: BTreeMap<CameraKey, usize>,
    /// When the last of them let go.
    removed: BTreeMap<CameraKey, Instant>,
}

/// All series.
#[derive(Debug, Default)]
pub(crate) struct Store {
    inner: Mutex<Inner>,
    refused: AtomicU64,
}

impl Store {
    /// The cell of the series; a new one where there is none. None where the facade's key is not of the
    /// table or there are too many.
    pub(crate) fn cell(&self, key: &Key) -> Option<Cell> {
        let found = series_key(key).and_then(|key| {
            let mut inner = self.lock();
            if let Some(cell) = inner.series.get(&key) {
                return Some(cell.clone());
            }
            if inner.series.len() >= SERIES_MAX {
                return None;
            }
            let cell = new_cell(key.0);
            inner.series.insert(key, cell.clone());
            Some(cell)
        });
        if found.is_none() {
            self.refuse();
        }
        found
    }

    /// The handle for a series of another kind than was asked for, or of none.
    pub(crate) fn refuse_kind<T>(&self, found: Option<Cell>, noop: T) -> T {
        // Where there is none, it was counted already.
        if found.is_some() {
            self.refuse();
        }
        noop
    }

    /// Counts a registration that was refused.
    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    /// Registrations that were refused so far.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// Somebody holds the camera's handles.
    pub(crate) fn hold(&self, camera: &CameraKey) {
        let mut inner = self.lock();
        *inner.holders.entry(camera.clone()).or_default() += 1;
        inner.removed.remove(camera);
    }

    /// Somebody let go of the camera's handles. With the last one its gauges vanish at once, and its
    /// counters after [`REMOVED_SHOWN`].
    pub(crate) fn release(&self, camera: &CameraKey, now: Instant) {
        let mut inner = self.lock();
        let Some(holders) = inner.holders.get_mut(camera) else { return };
        *holders = holders.saturating_sub(1);
        if *holders > 0 {
            return;
        }
        inner.holders.remove(camera);
        inner.removed.insert(camera.clone(), now);
        for (key, cell) in &inner.series {
            if let Cell::Gauge(gauge) = cell
                && camera_of(key).is_some_and(|of| of == (camera.0.as_str(), camera.1.as_str()))
            {
                gauge.set(f64::NAN);
            }
        }
    }

    /// Every series in order, after those that have been gone for long enough were taken out.
    pub(crate) fn snapshot(&self, now: Instant) -> Vec<(SeriesKey, Cell)> {
        let mut inner = self.lock();
        let long_gone: Vec<CameraKey> = inner
            .removed
            .iter()
            .filter(|(_, since)| now.saturating_duration_since(**since) >= REMOVED_SHOWN)
            .map(|(camera, _)| camera.clone())
            .collect();
        for camera in &long_gone {
            inner.removed.remove(camera);
            let of = (camera.0.as_str(), camera.1.as_str());
            inner.series.retain(|key, _| camera_of(key) != Some(of));
        }
        inner.series.iter().map(|(key, cell)| (key.clone(), cell.clone())).collect()
    }

    /// A panic elsewhere leaves the maps whole: each change is one insertion or removal.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_cell(metric: Metric) -> Cell {
    match metric.kind() {
        Kind::Counter | Kind::SecondsCounter => Cell::Counter(Arc::default()),
        Kind::Gauge => Cell::Gauge(Arc::default()),
        Kind::Histogram(bounds) => Cell::Histogram(Arc::new(HistogramCell::new(bounds))),
    }
}

/// The series that the facade's key names; none where name or labels are not the table's.
fn series_key(key: &Key) -> Option<SeriesKey> {
    let metric = Metric::from_name(key.name())?;
    let mut given = key.labels();
    let mut values = Vec::with_capacity(metric.labels().len());
    for label in metric.labels() {
        let pair = given.next().filter(|pair| pair.key() == label.as_str())?;
        values.push(pair.value().chars().take(VALUE_CHARS_MAX).collect());
    }
    given.next().is_none().then_some((metric, values))
}

/// Site and camera of a series that belongs to one.
fn camera_of((metric, values): &SeriesKey) -> Option<(&str, &str)> {
    let at = metric.labels().iter().position(|label| *label == Label::Camera)?;
    let site = at.checked_sub(1).and_then(|before| values.get(before))?;
    Some((site, values.get(at)?))
}
