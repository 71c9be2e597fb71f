//! Cuts out of the rings of cameras at work, for whoever asks from another thread.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use wayside_capture::ring::{Clip, CutError as RingError};
use wayside_proto::{BoxPx, EventTime, RunId};
use wayside_telemetry::span;

use super::CameraSetup;
use super::runner::Request;
use super::worker::CameraName;

/// How long a clip may take.
const CUT_WAIT: Duration = Duration::from_secs(20);

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// No such camera is at work.
    #[error("no camera {0}/{1} is at work here")]
    NoCamera(String, String),
    /// The camera is at work in another run: what was seen in the one asked for is gone.
    #[error(
        "camera {0}/{1} is at work here in the run {2}; the pictures of the run {3} went with it"
    )]
    OtherRun(String, String, RunId, RunId),
    /// The camera's thread did not answer.
    #[error("camera {0}/{1}: no clip within {CUT_WAIT:?}")]
    NoAnswer(String, String),
    /// The ring does not hold it.
    #[error(transparent)]
    Ring(#[from] RingError),
}

/// The way to the rings of a worker's cameras. Clones lead to the same.
#[derive(Clone, Default)]
pub struct Cutter {
    cameras: Arc<Mutex<BTreeMap<CameraName, At>>>,
}

/// A camera at work.
#[derive(Clone)]
struct At {
    run: RunId,
    /// Lamps of traffic signals, pixels.
    signals: Vec<BoxPx>,
    requests: Sender<Request>,
}

impl Cutter {
    pub(super) fn add(&self, name: CameraName, setup: &CameraSetup, requests: Sender<Request>) {
        let (run, signals) = (setup.config.run.clone(), wayside_clips::signals(&setup.lamps));
        self.lock().insert(name, At { run, signals, requests });
    }

    /// Boxes around the signal heads that the camera sees; none where it is not here.
    pub(super) fn signals(&self, name: &CameraName) -> Vec<BoxPx> {
        self.lock().get(name).map_or_else(Vec::new, |at| at.signals.clone())
    }

    pub(super) fn remove(&self, name: &CameraName) {
        self.lock().remove(name);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// Clips of the camera's own packets from `from` or a little earlier to `to`, or as far as it has come.
    /// With a `run`, only of that run. The pictures are not redacted: they must not leave the worker as they
    /// are (PV-1).
    ///
    /// # Errors
    /// Where the camera is not here, or is here in another run, or its ring does not reach back to `from`.
    pub fn cut(
        &self,
        name: &CameraName,
        run: Option<&RunId>,
        from: EventTime,
        to: EventTime,
    ) -> Result<Vec<Clip>, CutError> {
        let _span = span!(IngestCut, site = %name.0, camera = %name.1).entered();
        let of = || (name.0.clone(), name.1.clone());
        let gone = || CutError::NoCamera(of().0, of().1);
        let At { run: here, requests, .. } = self.lock().get(name).cloned().ok_or_else(gone)?;
        if let Some(run) = run.filter(|run| **run != here) {
            return Err(CutError::OtherRun(of().0, of().1, here, run.clone()));
        }
        let (reply, answer) = bounded(1);
        let late = || CutError::NoAnswer(of().0, of().1);
        let request = Request::Cut { from, to, reply };
        requests.send_timeout(request, CUT_WAIT).map_err(|error| match error {
            crossbeam_channel::SendTimeoutError::Timeout(_) => late(),
            crossbeam_channel::SendTimeoutError::Disconnected(_) => gone(),
        })?;
        let cut = answer.recv_timeout(CUT_WAIT).map_err(|_| late())??;
        // Put together here, so that the camera's thread goes on.
        Ok(cut.mux()?)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CameraName, At>> {
        self.cameras.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
