//! One camera's metrics, with handles that are looked up once: a count is one atomic addition.
//!
//! A caller that has the camera's messages at hand gives them to [`CameraMetrics::observed`] and
//! [`CameraMetrics::health`], which count all that messages tell; the other functions are for what no
//! message tells (stages, packets, the ring), or for callers without messages.

mod messages;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use metrics::{Counter, Gauge, Histogram};
use wayside_proto::{CameraId, EventTime, GapCause, SiteId};

use crate::labels::{Condition, DisconnectCause, Labels, Stage, name};
use crate::metric::Metric;
use crate::recorder::{counter, gauge, histogram, installed};

/// The metrics of one camera. A clone is the same; when the last one goes, the camera's gauges vanish
/// from the page at once and its counters five minutes later.
#[derive(Clone, Debug)]
pub struct CameraMetrics {
    handles: Arc<Handles>,
}

#[derive(Debug)]
struct Handles {
    camera: (String, String),
    received: Counter,
    processed: Counter,
    still: Counter,
    dropped: [Counter; 5],
    gaps: [Counter; 5],
    gap_seconds: [Counter; 5],
    packets_lost: Counter,
    connections: Counter,
    disconnections: Vec<Counter>,
    published: Counter,
    connected: Gauge,
    stood_down: Vec<Gauge>,
    clock_offset: Gauge,
    clock_uncertainty: Gauge,
    frame_rate: Gauge,
    last_frame: Gauge,
    ring_bytes: Gauge,
    ring_seconds: Gauge,
    stages: Vec<Histogram>,
    frame_to_observation: Histogram,
    told: Mutex<messages::Told>,
}

impl CameraMetrics {
    /// Registers the camera's series; all counters stand at 0 from now on. Call [`crate::install`]
    /// before, or nothing is counted.
    #[must_use]
    pub fn new(site: &SiteId, camera: &CameraId) -> Self {
        let of = || Labels::camera(site, camera);
        let key = (name(site.as_str()).into_owned(), name(camera.as_str()).into_owned());
        if let Some(installed) = installed() {
            installed.store.hold(&key);
        }
        let by_cause = |metric| GapCause::ALL.map(|cause| counter(metric, &of().gap_cause(cause)));
        let disconnections = DisconnectCause::ALL
            .iter()
            .map(|cause| counter(Metric::Disconnections, &of().disconnect_cause(*cause)));
        let stood_down = Condition::ALL
            .iter()
            .map(|condition| gauge(Metric::CameraStoodDown, &of().condition(*condition)));
        let stages =
            Stage::ALL.iter().map(|stage| histogram(Metric::StageSeconds, &of().stage(*stage)));
        let handles = Handles {
            camera: key,
            received: counter(Metric::FramesReceived, &of()),
            processed: counter(Metric::FramesProcessed, &of()),
            still: counter(Metric::FramesStill, &of()),
            dropped: by_cause(Metric::FramesDropped),
            gaps: by_cause(Metric::Gaps),
            gap_seconds: by_cause(Metric::GapSeconds),
            packets_lost: counter(Metric::PacketsLost, &of()),
            connections: counter(Metric::Connections, &of()),
            disconnections: disconnections.collect(),
            published: counter(Metric::ObservationsPublished, &of()),
            connected: gauge(Metric::CameraConnected, &of()),
            stood_down: stood_down.collect(),
            clock_offset: gauge(Metric::CameraClockOffset, &of()),
            clock_uncertainty: gauge(Metric::CameraClockUncertainty, &of()),
            frame_rate: gauge(Metric::CameraFrameRate, &of()),
            last_frame: gauge(Metric::CameraLastFrame, &of()),
            ring_bytes: gauge(Metric::EvidenceRingBytes, &of()),
            ring_seconds: gauge(Metric::EvidenceRingSeconds, &of()),
            stages: stages.collect(),
            frame_to_observation: histogram(Metric::FrameToObservation, &of()),
            told: Mutex::default(),
        };
        handles.connected.set(0.0);
        handles.stood_down.iter().for_each(|gauge| gauge.set(0.0));
        Self { handles: Arc::new(handles) }
    }

    /// Frames came in.
    pub fn received(&self, frames: u64) {
        self.handles.received.increment(frames);
    }

    /// The detector looked at a frame with this capture instant.
    pub fn processed(&self, time: EventTime) {
        self.handles.processed.increment(1);
        self.handles.last_frame.set(time.0 as f64 / 1e6);
    }

    /// The motion gate skipped a frame with this capture instant.
    pub fn still(&self, time: EventTime) {
        self.handles.still.increment(1);
        self.handles.last_frame.set(time.0 as f64 / 1e6);
    }

    /// Frames were dropped.
    pub fn dropped(&self, cause: GapCause, frames: u64) {
        if let Some(counter) = self.handles.dropped.get(index(cause)) {
            counter.increment(frames);
        }
    }

    /// A gap was published. Its frames are counted by [`Self::dropped`].
    pub fn gap(&self, cause: GapCause, lasted: Duration) {
        let at = index(cause);
        if let (Some(gaps), Some(seconds)) =
            (self.handles.gaps.get(at), self.handles.gap_seconds.get(at))
        {
            gaps.increment(1);
            seconds.increment(micros(lasted));
        }
    }

    /// RTP packets never came.
    pub fn packets_lost(&self, packets: u64) {
        self.handles.packets_lost.increment(packets);
    }

    /// Pictures come in.
    pub fn connected(&self) {
        self.told().connected = true;
        self.handles.connections.increment(1);
        self.handles.connected.set(1.0);
    }

    /// The stream ended, or could not be opened. What is known only of a running stream is unknown
    /// from now on.
    pub fn disconnected(&self, cause: DisconnectCause) {
        self.told().connected = false;
        if let Some(counter) = self.handles.disconnections.get(cause as usize) {
            counter.increment(1);
        }
        self.handles.connected.set(0.0);
        self.handles.frame_rate.set(0.0);
        self.handles.clock_offset.set(f64::NAN);
        self.handles.clock_uncertainty.set(f64::NAN);
    }

    /// The camera watch stood the rules down for a condition, or reinstated them.
    pub fn stood_down(&self, condition: Condition, down: bool) {
        if let Some(gauge) = self.handles.stood_down.get(condition as usize) {
            gauge.set(if down { 1.0 } else { 0.0 });
        }
    }

    /// How far the camera's clock is off, where that is known, and half of the 95% interval of a
    /// capture instant; seconds.
    pub fn clock(&self, offset_s: Option<f64>, uncertainty_s: f64) {
        self.handles.clock_offset.set(offset_s.unwrap_or(f64::NAN));
        self.handles.clock_uncertainty.set(uncertainty_s);
    }

    /// Frames a second over the last seconds.
    pub fn frame_rate(&self, fps: f64) {
        self.handles.frame_rate.set(fps);
    }

    /// What the evidence ring holds.
    pub fn evidence_ring(&self, bytes: u64, reaches: Duration) {
        self.handles.ring_bytes.set(bytes as f64);
        self.handles.ring_seconds.set(reaches.as_secs_f64());
    }

    /// A frame spent this long in a stage.
    pub fn stage(&self, stage: Stage, took: Duration) {
        if let Some(histogram) = self.handles.stages.get(stage as usize) {
            histogram.record(took.as_secs_f64());
        }
    }

    /// Runs the stage and measures it.
    pub fn timed<T>(&self, stage: Stage, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.stage(stage, start.elapsed());
        result
    }

    /// From a frame's capture instant to its published observation. Where the camera's clock runs
    /// ahead, 0.
    pub fn frame_to_observation(&self, took: Duration) {
        self.handles.frame_to_observation.record(took.as_secs_f64());
    }

    /// The bus took observations.
    pub fn published(&self, observations: u64) {
        self.handles.published.increment(observations);
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        if let Some(installed) = installed() {
            installed.store.release(&self.camera, Instant::now());
        }
    }
}

/// The cause's place in [`GapCause::ALL`]; a test holds the two together.
fn index(cause: GapCause) -> usize {
    cause as usize
}

/// Whole microseconds, up to half a million years.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
