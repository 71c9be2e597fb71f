//! All cameras of a worker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_capture::ring::Clip;
use wayside_live::schedule::CameraKey;
use wayside_proto::EventTime;

use super::runner::{Request, Runner};
use super::{CameraSetup, CutError, Cutter, Exchange, LivePictures, Sink, SinkError, WorkerClock};

/// Requests that may wait for a camera's thread.
const REQUESTS_MAX: usize = 8;

/// Site and camera.
pub type CameraName = (String, String);

/// Cameras at work. Dropping it stops them all.
pub struct Worker {
    exchange: Exchange,
    clock: WorkerClock,
    about: Arc<About>,
    cameras: BTreeMap<CameraName, Running>,
    cutter: Cutter,
    pictures: LivePictures,
    next_key: CameraKey,
}

/// What a worker says of itself in the health of its cameras.
#[derive(Debug, Default)]
pub(super) struct About {
    /// What runs the model.
    pub(super) provider: String,
    /// Why it is not what was asked for.
    pub(super) fallback: String,
    /// Where redacted clips are served.
    pub(super) clips_url: Option<String>,
}

struct Running {
    requests: Sender<Request>,
    thread: JoinHandle<Result<(), SinkError>>,
}

impl Worker {
    /// A worker without cameras. `provider` is what runs the model, and why it is not what was asked
    /// for, for the cameras' health.
    ///
    /// # Errors
    /// Where the system gives no thread for live pictures.
    pub fn new(
        exchange: Exchange,
        provider: (String, String),
        clock: WorkerClock,
    ) -> std::io::Result<Self> {
        let (provider, fallback) = provider;
        let about = Arc::new(About { provider, fallback, clips_url: None });
        let (cameras, cutter) = (BTreeMap::new(), Cutter::default());
        let pictures = LivePictures::start(clock)?;
        Ok(Self { exchange, clock, about, cameras, cutter, pictures, next_key: 0 })
    }

    /// The same, whose cameras' health says where redacted clips are served. For cameras taken from here on.
    #[must_use]
    pub fn with_clips_url(mut self, clips_url: Option<String>) -> Self {
        let About { provider, fallback, .. } = &*self.about;
        let (provider, fallback) = (provider.clone(), fallback.clone());
        self.about = Arc::new(About { provider, fallback, clips_url });
        self
    }

    /// The way to the rings of the cameras at work, for other threads.
    #[must_use]
    pub fn cutter(&self) -> Cutter {
        self.cutter.clone()
    }

    /// The newest redacted pictures of the cameras at work, for other threads.
    #[must_use]
    pub fn pictures(&self) -> LivePictures {
        self.pictures.clone()
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
        let (key, about) = (self.next_key, Arc::clone(&self.about));
        self.next_key += 1;
        self.cutter.add(name.clone(), &setup, requests.clone());
        let told = (about, self.pictures.add(&name));
        let thread = thread
            .spawn(move || Runner::new(key, setup, desk, sink, clock, told).run(&received))
            .inspect_err(|_| self.forget(&name))?;
        self.cameras.insert(name, Running { requests, thread });
        Ok(())
    }

    /// Lets a camera go, and waits until its last observation is with its sink.
    pub fn remove(&mut self, name: &CameraName) {
        self.forget(name);
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
        self.forget(&name);
        let why = match running.thread.join() {
            Ok(Ok(())) => "its thread ended".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "its thread failed".to_owned(),
        };
        Some(format!("camera {}/{}: {why}", name.0, name.1))
    }

    /// Nobody gets anything of it any more.
    fn forget(&self, name: &CameraName) {
        self.cutter.remove(name);
        self.pictures.remove(name);
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
        self.cutter.cut(name, None, from, to)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.cutter.clear();
        self.pictures.stop();
        for running in self.cameras.values() {
            let _ = running.requests.send(Request::Stop);
        }
        for (_, running) in std::mem::take(&mut self.cameras) {
            let _ = running.thread.join();
        }
    }
}
