//! Runs a recording of one camera through detector and tracker, frame by frame and in order.
//!
//! One thread decodes (inside capture), `detectors.len()` threads detect, the caller's thread tracks
//! and hands each frame on. Frame `k` goes to detector `k` modulo their number and comes back in
//! order, so that the result does not depend on how many there are. All queues are bounded, and a
//! full one makes its writer wait: in a replay nothing is dropped.

mod observe;
mod pool;

use std::sync::atomic::{AtomicBool, Ordering};

use wayside_capture::{CaptureError, Frame};
use wayside_picture::{Detection, Picture};
use wayside_proto::{
    BoxPx, CameraId, EventTime, Observation, Passage, RoadUserClass, RunId, SiteId,
};
use wayside_tracking::Tracker;
use wayside_watch::Gate;

use crate::lamps::{LampChange, LampReader};
use crate::sections::Ends;
use observe::Observer;
use pool::{Hole, Job, Pool};

/// A function that finds road users in a picture. Each thread has its own.
pub type Detect = Box<dyn FnMut(&Picture) -> Result<Vec<Detection>, String> + Send>;

/// Whose frames these are.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run.
    pub run: RunId,
    /// Capture instant of the first frame.
    pub start: EventTime,
    /// Half-width of the 95% interval of capture instants, microseconds.
    pub clock_uncertainty_us: u32,
    /// Nominal frame rate, frames a second, where the recording tells it.
    pub fps: Option<f64>,
}

/// What came of one frame, or of a span of missing frames.
#[derive(Debug)]
pub struct Processed {
    /// For the rules and the bus.
    pub observation: Observation,
    /// The picture, not redacted; none for a gap. It must not leave the worker as it is (PV-1).
    pub picture: Option<Picture>,
    /// Every road user that is known to be in the picture, confirmed or not, for redaction.
    pub road_users: Vec<(RoadUserClass, BoxPx)>,
    /// Lamps that changed.
    pub lamps: Vec<LampChange>,
    /// What ends of sections have to say.
    pub passages: Vec<Passage>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Ended {
    /// At the end of the recording.
    Whole,
    /// The caller asked to stop.
    Cancelled,
    /// The recording could not be read to its end.
    Broken(CaptureError),
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Run {
    /// How.
    pub ended: Ended,
    /// What was damaged in the recording and left out as gaps, at most [`DAMAGES_MAX`] sentences.
    pub damages: Vec<String>,
    /// The last words of ends of sections.
    pub passages: Vec<Passage>,
}

/// Damages of a recording after which it is given up.
pub const DAMAGES_MAX: usize = 1_000;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError<E> {
    /// The detector failed.
    #[error("camera {camera}, frame {frame}: the detector failed: {cause}")]
    Detector {
        /// The camera.
        camera: CameraId,
        /// The frame.
        frame: u64,
        /// What it said.
        cause: String,
    },
    /// A detector thread is gone.
    #[error("camera {camera}, frame {frame}: a detector thread ended before its time")]
    DetectorGone {
        /// The camera.
        camera: CameraId,
        /// The frame.
        frame: u64,
    },
    /// The receiver of the frames failed.
    #[error(transparent)]
    Sink(E),
}

/// What frames go through.
pub struct Stages {
    /// Each runs in a thread of its own.
    pub detectors: Vec<Detect>,
    /// Links what they find.
    pub tracker: Tracker,
    /// Reads signal heads.
    pub lamps: LampReader,
    /// Where there is one, the detectors rest while nothing moves.
    pub gate: Option<Gate>,
    /// The ends of sections that the camera sees.
    pub ends: Option<Ends>,
}

/// Frames under way at one detector, at the most.
const FRAMES_PER_DETECTOR_MAX: usize = 2;

/// Runs `frames` through the stages and hands what comes of each to `sink`, in order.
///
/// # Errors
/// Where a detector or the sink fails. A recording that is damaged or breaks off is no error here:
/// what it held is processed, gaps are handed on, and the [`Run`] says why.
pub fn run<E>(
    origin: &Origin,
    mut frames: impl FnMut() -> Result<Option<Frame>, CaptureError>,
    stages: Stages,
    cancel: &AtomicBool,
    sink: &mut dyn FnMut(Processed) -> Result<(), E>,
) -> Result<Run, RunError<E>> {
    let Stages { detectors, tracker, lamps, mut gate, mut ends } = stages;
    let window = detectors.len().max(1) * FRAMES_PER_DETECTOR_MAX;
    let mut damages = Vec::new();
    let mut observer = Observer::new(origin.clone(), tracker, lamps);
    std::thread::scope(|scope| {
        let mut pool = Pool::start(scope, detectors, FRAMES_PER_DETECTOR_MAX);
        let mut ended = None;
        let mut holes = Vec::new();
        loop {
            while ended.is_none() && pool.under_way() < window {
                if cancel.load(Ordering::Relaxed) {
                    ended = Some(Ended::Cancelled);
                    break;
                }
                match frames() {
                    Ok(Some(frame)) => {
                        let index = frame.index;
                        let holes = std::mem::take(&mut holes);
                        let still =
                            gate.as_mut().is_some_and(|gate| is_still(gate, origin, &frame));
                        pool.send(Job { frame, holes, still }).map_err(|()| gone(origin, index))?;
                    }
                    Ok(None) => ended = Some(Ended::Whole),
                    Err(error) if error.is_recoverable() && damages.len() < DAMAGES_MAX => {
                        holes.extend(hole(&error));
                        damages.push(error.to_string());
                    }
                    Err(error) => ended = Some(Ended::Broken(error)),
                }
            }
            let Some(detected) = pool.receive().map_err(|frame| gone(origin, frame))? else {
                break;
            };
            let job = detected.job;
            let detections = detected.detections.map_err(|cause| RunError::Detector {
                camera: origin.camera.clone(),
                frame: job.frame.index,
                cause,
            })?;
            for processed in observer.frame(job, detections) {
                sink(with_passages(&mut ends, processed)).map_err(RunError::Sink)?;
            }
        }
        let ended = ended.unwrap_or(Ended::Whole);
        for gap in observer.end(&holes, matches!(ended, Ended::Broken(_))) {
            sink(with_passages(&mut ends, gap)).map_err(RunError::Sink)?;
        }
        let passages = ends.as_mut().map_or_else(Vec::new, Ends::finish);
        Ok(Run { ended, damages, passages })
    })
}

/// Adds what the ends of sections say to it.
fn with_passages(ends: &mut Option<Ends>, mut processed: Processed) -> Processed {
    if let Some(ends) = ends {
        processed.passages = ends.observe(&processed.observation, processed.picture.as_ref());
    }
    processed
}

/// Whether nothing has moved; otherwise the frame is what later ones are compared with.
fn is_still(gate: &mut Gate, origin: &Origin, frame: &Frame) -> bool {
    let time = origin.start.plus_s(frame.pts.as_secs_f64());
    let still = !gate.look(time, &frame.picture).is_moving();
    if !still {
        gate.accept(&frame.picture);
    }
    still
}

fn gone<E>(origin: &Origin, frame: u64) -> RunError<E> {
    RunError::DetectorGone { camera: origin.camera.clone(), frame }
}

/// The span that could not be decoded.
fn hole(error: &CaptureError) -> Option<Hole> {
    match error {
        CaptureError::Undecodable { time, until, .. } => {
            Some(Hole { from: *time, to: until.unwrap_or(*time) })
        }
        _ => None,
    }
}
