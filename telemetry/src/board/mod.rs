//! What the worker says of itself: whether it lives, whether it is ready, how its cameras are.

mod scrub;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wayside_proto::{CameraId, SiteId};

use crate::labels::Readiness;

pub(crate) use scrub::text as hide_secrets;

/// The main loop must say that it runs at least this often.
pub const BEAT_MAX: Duration = Duration::from_secs(15);

/// Before its first beat a worker may take this long: a TensorRT engine is built for minutes.
pub const START_MAX: Duration = Duration::from_secs(15 * 60);

/// Most cameras that are shown.
const CAMERAS_MAX: usize = 10_000;

/// No beat yet.
const NEVER: u64 = u64::MAX;

/// Shared by the worker, which writes, and the pages, which read. A clone is the same board.
#[derive(Clone, Debug)]
pub struct Board {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    since: Instant,
    beat_max: Duration,
    start_max: Duration,
    /// Milliseconds from `since` to the last beat.
    beat_ms: AtomicU64,
    items: Mutex<BTreeMap<Readiness, Option<(bool, String)>>>,
    cameras: Mutex<BTreeMap<(String, String), Value>>,
}

/// What a page answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Whether all is well: 200, else 503.
    pub well: bool,
    /// What is told.
    pub body: Value,
}

impl Board {
    /// A board on which these must become ready, with the usual limits.
    #[must_use]
    pub fn new(needs: &[Readiness]) -> Self {
        Self::with_limits(needs, BEAT_MAX, START_MAX)
    }

    /// The same with limits on the time between beats and on the time before the first.
    #[must_use]
    pub fn with_limits(needs: &[Readiness], beat_max: Duration, start_max: Duration) -> Self {
        let inner = Inner {
            since: Instant::now(),
            beat_max,
            start_max,
            beat_ms: AtomicU64::new(NEVER),
            items: Mutex::new(needs.iter().map(|item| (*item, None)).collect()),
            cameras: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Says whether a part is ready, with one sentence for people. Passwords in it are hidden.
    pub fn ready(&self, item: Readiness, ready: bool, detail: &str) {
        let detail = scrub::text(detail);
        lock(&self.inner.items).insert(item, Some((ready, detail)));
    }

    /// The main loop runs. Cheap enough for every turn of it.
    pub fn beat(&self) {
        self.inner.beat_ms.store(self.age_ms(), Relaxed);
    }

    /// How a camera is, replacing what was told before. Passwords in it are hidden, and what is
    /// longer than 16 KiB is left out.
    pub fn camera(&self, site: &SiteId, camera: &CameraId, health: Value) {
        let health = scrub::value(health);
        let mut cameras = lock(&self.inner.cameras);
        let key = (site.0.clone(), camera.0.clone());
        if cameras.len() < CAMERAS_MAX || cameras.contains_key(&key) {
            cameras.insert(key, health);
        }
    }

    /// The camera was taken out of the site file.
    pub fn forget_camera(&self, site: &SiteId, camera: &CameraId) {
        lock(&self.inner.cameras).remove(&(site.0.clone(), camera.0.clone()));
    }

    /// Whether the worker lives: the main loop beats, or is still allowed to start.
    #[must_use]
    pub fn health(&self) -> Answer {
        let (started, age) = self.beat_age();
        let limit = if started { self.inner.beat_max } else { self.inner.start_max };
        let well = age <= limit;
        let status = match (well, started) {
            (true, true) => "alive",
            (true, false) => "starting",
            (false, _) => "hung",
        };
        let mut cameras: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for ((site, camera), health) in lock(&self.inner.cameras).iter() {
            cameras.entry(site.clone()).or_default().insert(camera.clone(), health.clone());
        }
        let body = json!({
            "status": status,
            "version": env!("CARGO_PKG_VERSION"),
            "uptime_s": self.inner.since.elapsed().as_secs(),
            "beat_age_ms": millis(age),
            "beat_age_ms_max": millis(limit),
            "cameras": cameras,
        });
        Answer { well, body }
    }

    /// Whether all parts are ready, and which are not.
    #[must_use]
    pub fn readiness(&self) -> Answer {
        let items = lock(&self.inner.items);
        let told = |state: &Option<(bool, String)>| match state {
            Some((ready, detail)) => json!({ "ready": ready, "detail": detail }),
            None => json!({ "ready": false, "detail": "nothing was told yet" }),
        };
        let missing: Vec<&str> = items
            .iter()
            .filter(|(_, state)| !is_ready(state))
            .map(|(item, _)| item.as_str())
            .collect();
        let well = missing.is_empty();
        let shown: BTreeMap<&str, Value> =
            items.iter().map(|(item, state)| (item.as_str(), told(state))).collect();
        let status = if well { "ready" } else { "not ready" };
        Answer { well, body: json!({ "status": status, "missing": missing, "items": shown }) }
    }

    /// Puts the board's state among the metrics.
    pub(crate) fn show(&self) {
        let items: Vec<(Readiness, bool)> =
            lock(&self.inner.items).iter().map(|(item, state)| (*item, is_ready(state))).collect();
        let (started, age) = self.beat_age();
        crate::worker::show_board(&items, started.then_some(age));
    }

    /// Whether there was a beat, and the time since it or since the start.
    fn beat_age(&self) -> (bool, Duration) {
        let now = self.age_ms();
        match self.inner.beat_ms.load(Relaxed) {
            NEVER => (false, Duration::from_millis(now)),
            beat => (true, Duration::from_millis(now.saturating_sub(beat))),
        }
    }

    fn age_ms(&self) -> u64 {
        millis(self.inner.since.elapsed())
    }
}

fn is_ready(state: &Option<(bool, String)>) -> bool {
    state.as_ref().is_some_and(|(ready, _)| *ready)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(NEVER - 1)
}

/// A panic elsewhere leaves the maps whole: each change is one insertion or removal.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
