//! The newest redacted picture of each camera at work, for whoever watches now.
//!
//! Nothing is done for a camera that nobody has asked for in the last seconds. Else its thread hands over a frame
//! at most twice a second, with all that is known to be in it, and one thread for all cameras, below the detectors' in
//! priority, redacts and encodes it. A frame that comes while one waits takes its place.
//!
//! Unredacted pictures go into that thread and no further (PV-1). Nothing is written to a disk, and of each camera one
//! picture at most is kept, for seconds.

mod making;
mod slot;
#[cfg(test)]
mod tests;
mod viewing;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use wayside_proto::{CameraId, EventTime, SiteId};

use self::making::Making;
use self::slot::Slot;
pub(super) use self::viewing::Viewing;
use super::WorkerClock;
use super::worker::CameraName;

/// For so long after a question pictures of a camera are made.
const WANTED_US: u64 = 10_000_000;
/// Between two pictures of a camera.
const EVERY_US: u64 = 500_000;
/// A picture that is older than this is not given out as the newest.
const FRESH_US: u64 = 5_000_000;
/// Widest picture, pixels; a larger one is scaled down.
pub const PICTURE_WIDTH_MAX: u32 = 1_280;

/// A redacted picture.
#[derive(Clone, PartialEq, Eq)]
pub struct LivePicture {
    /// The picture as JPEG.
    pub jpeg: Bytes,
    /// Capture instant of its frame.
    pub frame_time: EventTime,
    /// Its width, pixels: at most [`PICTURE_WIDTH_MAX`], so it may be less than the camera's.
    pub width_px: u32,
    /// Its height, pixels.
    pub height_px: u32,
}

impl std::fmt::Debug for LivePicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LivePicture({} of {}x{})", self.frame_time, self.width_px, self.height_px)
    }
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NoPicture {
    /// In a sentence for people.
    pub why: String,
    /// Whether one is on its way: ask again in a second.
    pub soon: bool,
}

/// Gives out pictures. Clones share one thread, which ends with the last of them or with the worker.
#[derive(Clone)]
pub struct LivePictures(Arc<Inner>);

struct Inner {
    cameras: Mutex<BTreeMap<CameraName, Arc<Slot>>>,
    making: Making,
    clock: WorkerClock,
}

impl LivePictures {
    /// No cameras yet, and a thread that rests.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(clock: WorkerClock) -> std::io::Result<Self> {
        let making = Making::start(clock)?;
        Ok(Self(Arc::new(Inner { cameras: Mutex::default(), making, clock })))
    }

    /// The newest redacted picture of a camera. Never waits: the first question gets none, and has pictures made
    /// from then on, until nobody has asked for ten seconds.
    ///
    /// # Errors
    /// Where there is none now, with the reason: no such camera, no frames, stood down, or not yet.
    pub fn newest(&self, site: &SiteId, camera: &CameraId) -> Result<LivePicture, NoPicture> {
        let slot = self.lock().get(&(site.0.clone(), camera.0.clone())).cloned();
        let Some(slot) = slot else {
            let why = format!("no camera {site}/{camera} is at work here");
            return Err(NoPicture { why, soon: false });
        };
        slot.newest(self.now_us()).map_err(|(why, soon)| NoPicture {
            why: format!("camera {site}/{camera}: {why}"),
            soon,
        })
    }

    /// The cameras at work: site and camera.
    #[must_use]
    pub fn cameras(&self) -> Vec<(SiteId, CameraId)> {
        let name = |(site, camera): &CameraName| (SiteId(site.clone()), CameraId(camera.clone()));
        self.lock().keys().map(name).collect()
    }

    /// The side of a camera's thread.
    pub(super) fn add(&self, name: &CameraName) -> Viewing {
        let slot = Arc::new(Slot::new(name.clone()));
        self.lock().insert(name.clone(), Arc::clone(&slot));
        Viewing::new(slot, self.0.making.desk(), self.0.clock)
    }

    pub(super) fn remove(&self, name: &CameraName) {
        self.lock().remove(name);
    }

    /// No more pictures: the worker ends.
    pub(super) fn stop(&self) {
        self.lock().clear();
        self.0.making.stop();
    }

    fn now_us(&self) -> u64 {
        self.0.clock.now().mono_us
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CameraName, Arc<Slot>>> {
        self.0.cameras.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long whoever waits for work looks up.
const LOOK_UP: Duration = Duration::from_secs(1);
