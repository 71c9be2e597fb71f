//! What is shared about one camera: who asked, what waits, what there is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime, RoadUserClass};

use super::{FRESH_US, LivePicture, WANTED_US};
use crate::live::worker::CameraName;

/// A frame to be redacted and encoded. Not redacted: it goes to the making thread alone (PV-1).
pub(super) struct Frame {
    pub(super) picture: Picture,
    pub(super) time: EventTime,
    /// All that is known to be in it, detected, tentative or predicted.
    pub(super) road_users: Vec<(RoadUserClass, BoxPx)>,
    /// When it was handed over.
    pub(super) at_us: u64,
}

/// One camera.
pub(super) struct Slot {
    name: CameraName,
    /// When somebody asked last, worker's microseconds and one; 0: nobody has.
    asked_us: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Option<Frame>,
    /// Whether the making thread has been told of it.
    queued: bool,
    newest: Option<(LivePicture, u64)>,
    /// Why the camera has no pictures now.
    why: Option<String>,
}

impl Slot {
    pub(super) fn new(name: CameraName) -> Self {
        Self { name, asked_us: AtomicU64::new(0), state: Mutex::default() }
    }

    pub(super) fn name(&self) -> &CameraName {
        &self.name
    }

    /// Whether somebody has asked lately.
    pub(super) fn wanted(&self, now_us: u64) -> bool {
        let asked = self.asked_us.load(Ordering::Relaxed);
        asked > 0 && now_us.saturating_sub(asked - 1) < WANTED_US
    }

    /// Somebody asks. Where there is nothing: why, and whether there soon will be.
    pub(super) fn newest(&self, now_us: u64) -> Result<LivePicture, (String, bool)> {
        self.asked_us.store(now_us + 1, Ordering::Relaxed);
        let mut state = self.lock();
        let is_fresh = |at_us: u64| now_us.saturating_sub(at_us) < FRESH_US;
        match &state.newest {
            Some((picture, at_us)) if is_fresh(*at_us) => return Ok(picture.clone()),
            Some(_) => state.newest = None,
            None => {}
        }
        Err(match &state.why {
            Some(why) => (why.clone(), false),
            None => ("a picture is on its way".to_owned(), true),
        })
    }

    /// Leaves a frame; the one that waited goes. Whether the making thread has to be told.
    pub(super) fn hand(&self, frame: Frame) -> bool {
        let mut state = self.lock();
        state.waiting = Some(frame);
        !std::mem::replace(&mut state.queued, true)
    }

    pub(super) fn take(&self) -> Option<Frame> {
        let mut state = self.lock();
        state.queued = false;
        state.waiting.take()
    }

    pub(super) fn made(&self, picture: LivePicture, at_us: u64) {
        let mut state = self.lock();
        // One that stood down meanwhile has none.
        if state.why.is_none() {
            state.newest = Some((picture, at_us));
        }
    }

    /// Why there are no pictures now; none while there are. What there was goes with the reason.
    pub(super) fn set_why(&self, why: Option<String>) {
        let mut state = self.lock();
        if why.is_some() {
            state.newest = None;
            state.waiting = None;
        }
        state.why = why;
    }

    /// Nobody watches.
    pub(super) fn rest(&self) {
        let mut state = self.lock();
        state.newest = None;
        state.waiting = None;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
