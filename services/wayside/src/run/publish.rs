//! From a camera's thread to the bus.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_bus::{Bus, BusError, Pending, Record, Topic};
use wayside_ingest::lamps::LampChange;
use wayside_ingest::live::{Sink, SinkError, WorkerClock};
use wayside_live::{Now, Observed};
use wayside_proto::convert::{FrameProblem, Message};
use wayside_proto::{CameraHealth, CameraId, Passage, ReportSource, SignalReport, SiteId};
use wayside_telemetry::{Board, BusMetrics, CameraMetrics, span};

/// Batches whose arrival on the disk is waited for, of all cameras together.
const PENDING_MAX: usize = 16_384;
/// How long a full bus is waited for before the worker gives up.
const FULL_WAIT: Duration = Duration::from_secs(60);

/// Waits for what was handed to the bus, and remembers the first failure.
pub(super) struct Acknowledgements {
    sender: Option<Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
    failure: Arc<Mutex<Option<String>>>,
}

struct Waiting {
    pending: Pending,
    topic: Topic,
    sent: Instant,
    /// Of an observation: the camera's metrics, and when its frame came.
    of: Option<(CameraMetrics, Option<u64>)>,
}

impl Acknowledgements {
    pub(super) fn start(clock: WorkerClock) -> std::io::Result<Self> {
        let (sender, receiver) = bounded(PENDING_MAX);
        let failure = Arc::new(Mutex::new(None));
        let told = Arc::clone(&failure);
        let thread = std::thread::Builder::new().name("bus-acknowledged".to_owned());
        let thread = thread.spawn(move || wait_for_all(&receiver, clock, &told))?;
        Ok(Self { sender: Some(sender), thread: Some(thread), failure })
    }

    /// Why the bus failed; none while it works.
    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn sink(
        &self,
        (site, camera): (SiteId, CameraId),
        bus: &Arc<dyn Bus>,
        board: &Board,
        metrics: &CameraMetrics,
    ) -> Option<Box<dyn Sink>> {
        let acknowledged = self.sender.clone()?;
        let (bus, board, metrics) = (Arc::clone(bus), board.clone(), metrics.clone());
        Some(Box::new(BusSink { site, camera, bus, board, metrics, acknowledged }))
    }
}

impl Drop for Acknowledgements {
    /// Cameras are gone by now, so that the thread ends with the last batch.
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn wait_for_all(waiting: &Receiver<Waiting>, clock: WorkerClock, told: &Mutex<Option<String>>) {
    let metrics = BusMetrics::new();
    for Waiting { pending, topic, sent, of } in waiting {
        let topic_label = super::topic_label(topic);
        let done = span!(BusAppend, topic = topic.name()).in_scope(|| pending.wait());
        match done {
            Ok(appended) => {
                metrics.appended(topic_label, appended.stored, sent.elapsed());
                let Some((camera, arrived_us)) = of else { continue };
                camera.published(appended.stored);
                if let Some(arrived_us) = arrived_us {
                    let took = clock.now().mono_us.saturating_sub(arrived_us);
                    camera.frame_to_observation(Duration::from_micros(took));
                }
            }
            Err(error) => {
                metrics.failed(topic_label);
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                told.get_or_insert(error.to_string());
            }
        }
    }
}

/// One camera's way to the bus.
struct BusSink {
    site: SiteId,
    camera: CameraId,
    bus: Arc<dyn Bus>,
    board: Board,
    metrics: CameraMetrics,
    acknowledged: Sender<Waiting>,
}

impl BusSink {
    fn append(
        &self,
        topic: Topic,
        record: Record,
        of: Option<(CameraMetrics, Option<u64>)>,
    ) -> Result<(), SinkError> {
        let sent = Instant::now();
        let pending = loop {
            // A full bus makes the camera wait; its frames are dropped meanwhile, and counted.
            match self.bus.append_later(topic, vec![record.clone()]) {
                Ok(pending) => break pending,
                Err(BusError::Full { .. }) if sent.elapsed() < FULL_WAIT => {}
                Err(error) => return Err(SinkError(error.to_string())),
            }
        };
        let waiting = Waiting { pending, topic, sent, of };
        self.acknowledged.send(waiting).map_err(|_| SinkError("the bus is closed".to_owned()))
    }

    fn key(&self) -> String {
        camera_key(&self.site, &self.camera)
    }
}

/// The key of a camera's records: its id is unique only within its site.
pub(super) fn camera_key(site: &SiteId, camera: &CameraId) -> String {
    format!("{site}/{camera}")
}

fn broken(error: FrameProblem) -> SinkError {
    SinkError(format!("a message breaks its own contract: {error}"))
}

impl Sink for BusSink {
    fn observed(&mut self, observed: Observed, _: Now) -> Result<(), SinkError> {
        let Observed { observation, arrived_us, .. } = observed;
        let value = observation.to_bytes().map_err(broken)?;
        let record = Record { key: self.key(), time: observation.time.0, id: None, value };
        self.append(Topic::Observations, record, Some((self.metrics.clone(), arrived_us)))
    }

    fn lamp(&mut self, change: LampChange) -> Result<(), SinkError> {
        // A head that shows nothing readable leaves no record: its last state is believed only as long
        // as `signals.state_s_max` says.
        let Some(state) = change.state else { return Ok(()) };
        let report = SignalReport {
            site: self.site.clone(),
            group: change.group,
            state,
            time: change.since,
            source: ReportSource::Lamp(self.camera.clone()),
        };
        let value = report.to_bytes().map_err(broken)?;
        let record = Record { key: self.site.0.clone(), time: report.time.0, id: None, value };
        self.append(Topic::Signals, record, None)
    }

    fn passage(&mut self, passage: Passage) -> Result<(), SinkError> {
        let value = passage.to_bytes().map_err(broken)?;
        let record = Record { key: passage.section.0, time: passage.time.0, id: None, value };
        self.append(Topic::Passages, record, None)
    }

    fn health(&mut self, health: CameraHealth) -> Result<(), SinkError> {
        self.board.camera(&self.site, &self.camera, super::board::health(&health));
        let value = health.to_bytes().map_err(broken)?;
        let record = Record { key: self.key(), time: health.time.0, id: None, value };
        self.append(Topic::Health, record, None)
    }

    fn tick(&mut self, _: Now) -> Result<(), SinkError> {
        Ok(())
    }
}
