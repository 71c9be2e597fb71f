//! Where cameras leave frames and detector threads take them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::Sender;
use wayside_live::Ticket;
use wayside_live::schedule::{BatchConfig, CameraKey, Schedule};
use wayside_picture::{Detection, Picture, PixelRect};
use wayside_telemetry::{InferenceMetrics, span};

use super::WorkerClock;

/// A function that finds road users in pictures of several cameras. Each thread has its own.
pub type DetectEach =
    Box<dyn FnMut(&[(&Picture, &[PixelRect])]) -> Result<Vec<Vec<Detection>>, String> + Send>;

/// A frame to be looked at.
pub(super) struct Job {
    pub(super) ticket: Ticket,
    pub(super) picture: Picture,
    pub(super) regions: Arc<[PixelRect]>,
    pub(super) offered_us: u64,
    pub(super) answers: Sender<Answer>,
}

/// What came of it.
pub(super) struct Answer {
    pub(super) ticket: Ticket,
    pub(super) found: Result<Vec<Detection>, String>,
    pub(super) waited: Duration,
    pub(super) took: Duration,
}

/// The exchange and its threads; they end when it is dropped.
pub struct Exchange {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    schedule: Mutex<Schedule<Job>>,
    wake: Condvar,
    ended: AtomicBool,
    clock: WorkerClock,
    metrics: InferenceMetrics,
}

impl Exchange {
    /// Starts a thread for each detector.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(
        batch: BatchConfig,
        detectors: Vec<DetectEach>,
        metrics: InferenceMetrics,
        clock: WorkerClock,
    ) -> std::io::Result<Self> {
        let schedule = Mutex::new(Schedule::new(batch));
        let shared = Arc::new(Shared {
            schedule,
            wake: Condvar::new(),
            ended: AtomicBool::new(false),
            clock,
            metrics,
        });
        let mut exchange = Self { shared, threads: Vec::new() };
        for (number, detect) in detectors.into_iter().enumerate() {
            let shared = Arc::clone(&exchange.shared);
            let thread = std::thread::Builder::new().name(format!("detector-{number}"));
            exchange.threads.push(thread.spawn(move || shared.work(detect))?);
        }
        Ok(exchange)
    }

    /// Whether a detector thread has ended before its time.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.threads.iter().any(JoinHandle::is_finished)
    }

    pub(super) fn desk(&self) -> Desk {
        Desk(Arc::clone(&self.shared))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.wake.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A camera's way to the exchange.
#[derive(Clone)]
pub(super) struct Desk(Arc<Shared>);

impl Desk {
    /// Leaves a frame. Returns the one of the same camera that it takes the place of.
    pub(super) fn offer(&self, camera: CameraKey, job: Job) -> Option<Ticket> {
        let now_us = self.0.clock.now().mono_us;
        let displaced = self.0.lock().offer(camera, job, now_us);
        self.0.wake.notify_one();
        displaced.map(|job| job.ticket)
    }

    /// Forgets a camera.
    pub(super) fn leave(&self, camera: CameraKey) {
        self.0.lock().remove(camera);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Schedule<Job>> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, mut detect: DetectEach) {
        while let Some(batch) = self.next() {
            let began = std::time::Instant::now();
            let began_us = self.clock.mono_us(began);
            let pictures: Vec<(&Picture, &[PixelRect])> =
                batch.iter().map(|(_, job)| (&job.picture, &*job.regions)).collect();
            let span = span!(IngestInference, frames = batch.len());
            let found = span.in_scope(|| detect(&pictures));
            let took = began.elapsed();
            self.metrics.batch(batch.len(), took);
            let mut found = match found {
                Ok(found) => found.into_iter().map(Ok).collect::<Vec<_>>(),
                Err(cause) => batch.iter().map(|_| Err(cause.clone())).collect(),
            }
            .into_iter();
            for (_, job) in batch {
                let none = || Err("the detector gave too few answers".to_owned());
                let answer = Answer {
                    ticket: job.ticket,
                    found: found.next().unwrap_or_else(none),
                    waited: Duration::from_micros(began_us.saturating_sub(job.offered_us)),
                    took,
                };
                // A camera that is gone needs no answer.
                let _ = job.answers.try_send(answer);
            }
        }
    }

    /// Waits for a batch; none at the end.
    fn next(&self) -> Option<Vec<(CameraKey, Job)>> {
        let mut schedule = self.lock();
        loop {
            if self.ended.load(Ordering::Relaxed) {
                return None;
            }
            let now_us = self.clock.now().mono_us;
            if let Some(batch) = schedule.take(now_us) {
                if schedule.waiting() > 0 {
                    self.wake.notify_one();
                }
                return Some(batch);
            }
            let due_us = schedule.due_in_us(now_us).unwrap_or(1_000_000).clamp(100, 1_000_000);
            let wait = self.wake.wait_timeout(schedule, Duration::from_micros(due_us));
            schedule = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
