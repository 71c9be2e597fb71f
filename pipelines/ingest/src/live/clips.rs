//! Redacted clips of cameras at work: one redaction at a time, in a thread of its own below the detectors',
//! with a short queue.
//!
//! Unredacted pictures go from the ring into that thread and no further; what comes out is redacted (PV-1).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use wayside_capture::ring::CutError as RingError;
use wayside_clips::{ClipError, Eyes, Source};
use wayside_proto::{BoxPx, ClipRequest, EventTime, EvidenceFailure, RedactedClip};

use super::{CutError, Cutter, WorkerClock};

/// Clips that may wait for the one that is being made.
pub const CLIPS_WAITING_MAX: usize = 8;
/// How long the end of a clip is waited for by the worker's clock; then what there is has to do: the camera may
/// have gone. Above what a jitter buffer and a slow link hold back.
const LATE_US_MAX: i64 = 15_000_000;
/// The last picture of a clip may be this much before its end: an interval at 2 frames a second.
const END_US: i64 = 500_000;
/// How often whoever waits looks whether anybody is still at work.
const LOOK_UP: Duration = Duration::from_secs(1);
/// Cuts, where the ring is asked; replaced in tests.
type Cut = Box<dyn Fn(&ClipRequest) -> Result<(Source, Vec<BoxPx>), Refused> + Send + Sync>;

/// Why there is no clip.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// So many wait already; to be asked again.
    #[error("one clip is being redacted and {CLIPS_WAITING_MAX} wait. Ask again in some seconds.")]
    Busy,
    /// The camera has not come so far; to be asked again.
    #[error("{0}")]
    NotYet(String),
    /// There is none, and asking again will not help.
    #[error("{1}")]
    Failed(EvidenceFailure, String),
}

/// Makes redacted clips. Clones share its thread, which ends with the last of them.
#[derive(Clone)]
pub struct Clips {
    desk: Arc<Desk>,
}

struct Desk {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    waiting: Mutex<VecDeque<Job>>,
    wake: Condvar,
    ended: Arc<AtomicBool>,
}

struct Job {
    request: ClipRequest,
    reply: Sender<Result<RedactedClip, Refused>>,
}

impl Clips {
    /// Starts the thread. It lowers its own priority, then redacts with `eyes` what `cutter` gives.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(eyes: Eyes, cutter: Cutter, clock: WorkerClock) -> std::io::Result<Self> {
        Self::start_with(eyes, Box::new(move |request| cut(&cutter, &clock, request)))
    }

    fn start_with(eyes: Eyes, cut: Cut) -> std::io::Result<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        let (waiting, wake) = (Mutex::new(VecDeque::new()), Condvar::new());
        let shared = Arc::new(Shared { waiting, wake, ended: Arc::clone(&ended) });
        let mut eyes = eyes.stopped_by(ended);
        let at_work = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("clips".to_owned());
        let thread = thread.spawn(move || {
            super::priority::lower();
            while let Some(job) = at_work.next() {
                let made = cut(&job.request).and_then(|(source, signals)| {
                    eyes.set_signals(signals);
                    make(&source, &job.request, &mut eyes)
                });
                if let Err(refused) = &made {
                    tracing::warn!("no clip of violation {}: {refused}", job.request.violation);
                }
                // Whoever does not wait any more needs no answer.
                let _ = job.reply.try_send(made);
            }
        })?;
        Ok(Self { desk: Arc::new(Desk { shared, thread: Mutex::new(Some(thread)) }) })
    }

    /// A redacted clip; waits for it.
    ///
    /// # Errors
    /// Where there is none now, or never will be.
    pub fn ask(&self, request: &ClipRequest) -> Result<RedactedClip, Refused> {
        let (reply, answer) = bounded(1);
        {
            let mut waiting = self.desk.shared.lock();
            if self.desk.shared.ended.load(Ordering::Relaxed) {
                return Err(stopped());
            }
            if waiting.len() >= CLIPS_WAITING_MAX {
                return Err(Refused::Busy);
            }
            waiting.push_back(Job { request: request.clone(), reply });
        }
        self.desk.shared.wake.notify_one();
        loop {
            match answer.recv_timeout(LOOK_UP) {
                Ok(made) => return made,
                // A thread that failed takes nothing out of the queue any more.
                Err(RecvTimeoutError::Timeout) if !self.desk.is_over() => {}
                Err(_) => return Err(stopped()),
            }
        }
    }

    /// Gives up what is under way and what waits; further questions are refused.
    pub fn stop(&self) {
        self.desk.stop();
    }
}

impl Desk {
    fn is_over(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn stop(&self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.lock().clear();
        self.shared.wake.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a job; none at the end.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            if self.ended.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(job) = waiting.pop_front() {
                return Some(job);
            }
            let wait = self.wake.wait_timeout(waiting, Duration::from_secs(1));
            waiting = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn stopped() -> Refused {
    let said = "the worker is being stopped; its pictures go with it";
    Refused::Failed(EvidenceFailure::WorkerGone, said.to_owned())
}

fn make(source: &Source, request: &ClipRequest, eyes: &mut Eyes) -> Result<RedactedClip, Refused> {
    wayside_clips::redact(source, request, eyes)
        .map_err(|error: ClipError| Refused::Failed(error.failure(), error.to_string()))
}

/// The pictures that are asked for, out of the camera's ring, and where signal heads are in them.
fn cut(
    cutter: &Cutter,
    clock: &WorkerClock,
    request: &ClipRequest,
) -> Result<(Source, Vec<BoxPx>), Refused> {
    let name = (request.site.0.clone(), request.camera.0.clone());
    let found = cutter.cut(&name, Some(&request.run), request.from, request.to);
    let clips = found.map_err(|error| refused(&error, request))?;
    let newest = clips.iter().map(|clip| clip.to).max().unwrap_or(request.from);
    let missing = newest.0 < request.to.0.saturating_sub(END_US);
    if missing && clock.now().wall.0 < request.to.0.saturating_add(LATE_US_MAX) {
        return Err(not_yet(request, newest));
    }
    let source = Source::ring(&format!("{}/{}", request.site, request.camera), clips);
    Ok((source, cutter.signals(&name)))
}

fn not_yet(request: &ClipRequest, newest: EventTime) -> Refused {
    let ClipRequest { site, camera, to, .. } = request;
    Refused::NotYet(format!(
        "camera {site}/{camera} has come to {newest}, not yet to {to}. Ask again in some seconds."
    ))
}

fn refused(error: &CutError, request: &ClipRequest) -> Refused {
    let ClipRequest { site, camera, .. } = request;
    let about = |text: &dyn std::fmt::Display| format!("camera {site}/{camera}: {text}");
    match error {
        CutError::NoCamera(..) | CutError::OtherRun(..) => {
            Refused::Failed(EvidenceFailure::WorkerGone, error.to_string())
        }
        CutError::NoAnswer(..) => Refused::NotYet(error.to_string()),
        CutError::Ring(RingError::NotYet { newest, .. }) => not_yet(request, *newest),
        CutError::Ring(ring @ (RingError::TooOld { .. } | RingError::Empty)) => {
            Refused::Failed(EvidenceFailure::RingMovedOn, about(ring))
        }
        CutError::Ring(ring) => Refused::Failed(EvidenceFailure::NoPictures, about(ring)),
    }
}

#[cfg(test)]
mod tests;
