//! All cameras of a worker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_capture::ring::Clip;
use wayside_live::schedule::CameraKey;
use wayside_proto::EventTime;
use wayside_telemetry::span;

use super::runner::{Request, Runner};
use super::{CameraSetup, Exchange, Sink, SinkError, WorkerClock};

/// Requests that may wait for a camera's thread.
const REQUESTS_MAX: usize = 8;
/// How long a clip may take.
const CUT_WAIT: Duration = Duration::from_secs(20);

/// Site and camera.
pub type CameraName = (String, String);

/// Cameras at work. Dropping it stops them all.
pub struct Worker {
    exchange: Exchange,
    clock: WorkerClock,
    provider: Arc<(String, String)>,
    cameras: BTreeMap<CameraName, Running>,
    next_key: CameraKey,
}

struct Running {
    requests: Sender<Request>,
    thread: JoinHandle<Result<(), SinkError>>,
}

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// No such camera is at work.
    #[error("no camera {0}/{1} is at work here")]
    NoCamera(String, String),
    /// The camera's thread did not answer.
    #[error("camera {0}/{1}: no clip within {CUT_WAIT:?}")]
    NoAnswer(String, String),
    /// The ring does not hold it.
    #[error(transparent)]
    Ring(#[from] wayside_capture::ring::CutError),
}

impl Worker {
    /// A worker without cameras. `provider` is what runs the model, and why it is not what was asked
    /// for, for the cameras' health.
    #[must_use]
    pub fn new(exchange: Exchange, provider: (String, String), clock: WorkerClock) -> Self {
        let provider = Arc::new(provider);
        Self { exchange, clock, provider, cameras: BTreeMap::new(), next_key: 0 }
    }

    /// Takes a camera. One of the same name is let go first.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn add(&mut self, setup: CameraSetup, sink: Box<dyn Sink>) -> std::io::Result<()> {
        let name = (setup.config.site.0.clone(), setup.config.camera.0.clone());
        self.remove(&name);
        let (requests, received): (_, Receiver<Request>) = bounded(REQUESTS_MAX);
        let thread = std::thread::Builder::new().name(format!("camera-{}", name.1));
        let (desk, clock) = (self.exchange.desk(), self.clock);
        let (key, provider) = (self.next_key, Arc::clone(&self.provider));
        self.next_key += 1;
        let thread = thread
            .spawn(move || Runner::new(key, setup, desk, sink, clock, provider).run(&received))?;
        self.cameras.insert(name, Running { requests, thread });
        Ok(())
    }

    /// Lets a camera go, and waits until its last observation is with its sink.
    pub fn remove(&mut self, name: &CameraName) {
        if let Some(running) = self.cameras.remove(name) {
            let _ = running.requests.send(Request::Stop);
            let _ = running.thread.join();
        }
    }

    /// The cameras at work.
    pub fn cameras(&self) -> impl Iterator<Item = &CameraName> {
        self.cameras.keys()
    }

    /// A camera whose thread has ended by itself, and why; or a detector's.
    pub fn broken(&mut self) -> Option<String> {
        if self.exchange.is_broken() {
            return Some("a detector thread ended before its time".to_owned());
        }
        let ended = self.cameras.iter().find(|(_, running)| running.thread.is_finished());
        let name = ended.map(|(name, _)| name.clone())?;
        let running = self.cameras.remove(&name)?;
        let why = match running.thread.join() {
            Ok(Ok(())) => "its thread ended".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "its thread failed".to_owned(),
        };
        Some(format!("camera {}/{}: {why}", name.0, name.1))
    }

    /// A clip of the camera's own packets from `from` or a little earlier to `to`. Its pictures are not
    /// redacted: it must not leave the worker as it is (PV-1).
    ///
    /// # Errors
    /// Where the camera is not here, or its ring does not reach back to `from`.
    pub fn cut(
        &self,
        name: &CameraName,
        from: EventTime,
        to: EventTime,
    ) -> Result<Vec<Clip>, CutError> {
        let _span = span!(IngestCut, site = %name.0, camera = %name.1).entered();
        let of = || (name.0.clone(), name.1.clone());
        let gone = || CutError::NoCamera(of().0, of().1);
        let running = self.cameras.get(name).ok_or_else(gone)?;
        let (reply, answer) = bounded(1);
        running.requests.send(Request::Cut { from, to, reply }).map_err(|_| gone())?;
        let answer = answer.recv_timeout(CUT_WAIT);
        let cut = answer.map_err(|_| CutError::NoAnswer(of().0, of().1))??;
        // Put together here, so that the camera's thread goes on.
        Ok(cut.mux()?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        for running in self.cameras.values() {
            let _ = running.requests.send(Request::Stop);
        }
        for (_, running) in std::mem::take(&mut self.cameras) {
            let _ = running.thread.join();
        }
    }
}
