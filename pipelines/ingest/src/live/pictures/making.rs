//! The thread that redacts and encodes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use axum::body::Bytes;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use wayside_picture::Picture;
use wayside_redaction::Redactor;
use wayside_telemetry::{Labels, Metric};

use super::slot::{Frame, Slot};
use super::{LOOK_UP, LivePicture, PICTURE_WIDTH_MAX, WANTED_US};
use crate::live::WorkerClock;
use crate::live::worker::CameraName;

/// Quality, 1 to 100: lamps and lanes can be told, and a picture stays below about 200 kB.
const JPEG_QUALITY: u8 = 75;
/// A camera whose last frame is longer ago than this has a new redactor: its picture of what stands still is old.
const FORGET_US: u64 = WANTED_US;
/// Frames that a new redactor sees before one is given out: only with two it knows what moves without having been
/// found by the detector.
const FRAMES_MIN: u32 = 2;

/// The thread; it ends when this is stopped or dropped.
pub(super) struct Making {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    /// Cameras with a frame that waits, each once.
    queue: Mutex<VecDeque<Arc<Slot>>>,
    wake: Condvar,
    ended: AtomicBool,
}

/// A camera's way to the thread.
#[derive(Clone)]
pub(super) struct Desk(Arc<Shared>);

impl Making {
    pub(super) fn start(clock: WorkerClock) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let at_work = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("live-pictures".to_owned());
        let thread = thread.spawn(move || {
            crate::live::priority::lower();
            let mut eyes = BTreeMap::new();
            while let Some(slot) = at_work.next() {
                make(&slot, &mut eyes, &clock);
            }
        })?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn desk(&self) -> Desk {
        Desk(Arc::clone(&self.shared))
    }

    pub(super) fn stop(&self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.lock().clear();
        self.shared.wake.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Desk {
    /// This camera has a frame that waits. Each camera is in the queue once, so that it is bounded by their number.
    pub(super) fn tell(&self, slot: Arc<Slot>) {
        self.0.lock().push_back(slot);
        self.0.wake.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Slot>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Arc<Slot>> {
        let mut queue = self.lock();
        loop {
            if self.ended.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(slot) = queue.pop_front() {
                return Some(slot);
            }
            let waited = self.wake.wait_timeout(queue, LOOK_UP);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// What is known of one camera's scene.
struct Eye {
    redactor: Redactor,
    size: (u32, u32),
    last_us: u64,
    frames: u32,
}

fn make(slot: &Slot, eyes: &mut BTreeMap<CameraName, Eye>, clock: &WorkerClock) {
    let Some(Frame { mut picture, time, road_users, at_us }) = slot.take() else { return };
    let began = Instant::now();
    // Scenes of cameras that nobody watches any more are let go.
    eyes.retain(|_, eye| at_us.saturating_sub(eye.last_us) < FORGET_US);
    let size = (picture.width, picture.height);
    let eye = eyes.entry(slot.name().clone()).and_modify(|eye| {
        if eye.size != size {
            *eye = Eye::new(size);
        }
    });
    let eye = eye.or_insert_with(|| Eye::new(size));
    // Nothing below this line sees a pixel that was not redacted (PV-1).
    eye.redactor.redact(&mut picture, &road_users);
    (eye.last_us, eye.frames) = (at_us, eye.frames.saturating_add(1));
    if eye.frames < FRAMES_MIN {
        return;
    }
    let Some((jpeg, width_px, height_px)) = encode(&picture) else {
        tracing::error!("a picture of {}x{} cannot be encoded", size.0, size.1);
        return;
    };
    let picture = LivePicture { jpeg: Bytes::from(jpeg), frame_time: time, width_px, height_px };
    slot.made(picture, clock.now().mono_us);
    wayside_telemetry::add(Metric::LivePictures, &Labels::none(), 1);
    let took = began.elapsed().as_secs_f64();
    wayside_telemetry::observe(Metric::LivePictureSeconds, &Labels::none(), took);
}

impl Eye {
    fn new(size: (u32, u32)) -> Self {
        Self { redactor: Redactor::new(size.0, size.1), size, last_us: 0, frames: 0 }
    }
}

/// A redacted picture as JPEG, with its size.
fn encode(picture: &Picture) -> Option<(Vec<u8>, u32, u32)> {
    let rgb = RgbImage::from_raw(picture.width, picture.height, picture.to_rgb())?;
    let rgb = if picture.width > PICTURE_WIDTH_MAX {
        let share = f64::from(PICTURE_WIDTH_MAX) / f64::from(picture.width);
        let height = (f64::from(picture.height) * share).round().max(1.0) as u32;
        resize(&rgb, PICTURE_WIDTH_MAX, height, FilterType::Triangle)
    } else {
        rgb
    };
    let mut jpeg = Vec::with_capacity(256 << 10);
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&rgb).ok()?;
    Some((jpeg, rgb.width(), rgb.height()))
}
