//! What the workbench has done by others: pictures and judgements. The program that it runs in does them,
//! with the same code as its commands.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayside_proto::EventTime;

/// A redacted picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// JPEG.
    pub jpeg: Vec<u8>,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
}

/// What a recording is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Probe {
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
    /// Frames a second; none where the container does not say.
    pub frame_rate: Option<f64>,
    /// Seconds; none where the container does not say.
    pub duration_s: Option<f64>,
}

/// What is to be replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayOrder {
    /// The recording.
    pub recording: PathBuf,
    /// The site file in force; none where the site is a draft alone.
    pub site_file: Option<PathBuf>,
    /// Text to use in its place; what it names stays relative to the file.
    pub draft: Option<String>,
    /// When the recording begins, RFC 3339; as the site file says where there is none.
    pub start: Option<String>,
    /// Which camera of it; may be none where it has only one.
    pub camera: Option<String>,
    /// Folder of the job: results go to `out` in it, the site file and the signal log that were used beside that.
    pub folder: PathBuf,
}

/// Which stored observations are to be judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatifOrder {
    /// Text of the draft.
    pub draft: String,
    /// What is judged.
    pub source: Judged,
}

/// What a draft is tried on.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// What is on the bus.
    Span {
        /// The site file in force.
        site_file: PathBuf,
        /// From this instant on.
        from: EventTime,
        /// Up to this one.
        to: EventTime,
    },
    /// The observations of a replay, under the site file that it used: its folder.
    Replay(PathBuf),
}

/// An event of a job, to be seen again.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneOrder {
    /// Folder of the replay that saw it.
    pub folder: PathBuf,
    /// The event.
    pub event: FoundEvent,
}

/// What a signal log is about.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SignalLog {
    /// The signal groups that it names, in the order in which they come.
    pub groups: Vec<String>,
    /// Changes of state.
    pub records: u64,
    /// The last of them, seconds from the beginning of the recording.
    pub until_s: f64,
}

/// An event that a replay or a draft yields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundEvent {
    /// Its id.
    pub id: String,
    /// `violation` or `void`.
    pub kind: String,
    /// The rule.
    pub rule: String,
    /// The site.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The track, unique within camera and run; none in results of before it was kept.
    #[serde(default)]
    pub track: Option<u64>,
    /// When, RFC 3339.
    pub time: String,
    /// Class of the vehicle.
    pub vehicle_class: Option<String>,
    /// Its lane.
    pub lane: Option<String>,
    /// Stop line, zone, crossing, conflict area or lane.
    pub place: Option<String>,
    /// Why nothing could be decided.
    pub cause: Option<String>,
    /// The same in words.
    pub detail: Option<String>,
    /// What was measured.
    pub quantities: Vec<FoundQuantity>,
}

/// A quantity with its 95% interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundQuantity {
    /// Its name.
    pub name: String,
    /// Best estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Symbol of the unit.
    pub unit: String,
}

/// A file of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// `report`, `video` or `data`.
    pub kind: String,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Of a replay.
    Replay {
        /// What rules found.
        violations: Vec<FoundEvent>,
        /// What could not be decided.
        voids: Vec<FoundEvent>,
        /// Files to look at or to keep.
        files: Vec<FoundFile>,
        /// Frames that were looked at.
        #[serde(default)]
        frames: Option<u64>,
        /// What to know before one believes it.
        #[serde(default)]
        warnings: Vec<String>,
    },
    /// Of a draft.
    Whatif {
        /// Only under the draft.
        appear: Vec<FoundEvent>,
        /// Only under the file in force.
        disappear: Vec<FoundEvent>,
        /// Under both, and judged otherwise.
        change: Vec<FoundEvent>,
        /// How many are the same under both.
        stay: u64,
        /// What to know before one believes it.
        warnings: Vec<String>,
    },
}

/// How far a job is, for whoever watches it.
#[derive(Debug, Default)]
pub struct Watched {
    per_mille: AtomicU32,
    cancel: AtomicBool,
}

impl Watched {
    /// Says how far it is, 0 to 1.
    pub fn at(&self, share: f64) {
        // In range by the clamp; less than a per mille is of no interest.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let per_mille = (share.clamp(0.0, 1.0) * 1000.0) as u32;
        self.per_mille.store(per_mille, Ordering::Relaxed);
    }

    /// How far it is, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.per_mille.load(Ordering::Relaxed)) / 1000.0
    }

    /// Asks it to end.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// Does the work.
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// The empty road of a file from `at_s` seconds on, redacted; `simulated` says which detector knows its
    /// people.
    ///
    /// # Errors
    /// Why there is none, with a hint.
    fn frame(&self, file: &Path, at_s: f64, simulated: bool) -> Result<Frame, String>;

    /// The newest picture of a live camera, redacted.
    ///
    /// # Errors
    /// Why there is none.
    fn live_frame(&self, site: &str, camera: &str) -> Result<Frame, String>;

    /// What a file is.
    ///
    /// # Errors
    /// Where it cannot be decoded.
    fn probe(&self, file: &Path) -> Result<Probe, String>;

    /// Replays. Returns soon after `watched` is cancelled.
    ///
    /// # Errors
    /// Why it did not work, for the person who ordered it.
    fn replay(&self, order: &ReplayOrder, watched: &Watched) -> Result<Outcome, String>;

    /// Judges stored observations again. Returns soon after `watched` is cancelled.
    ///
    /// # Errors
    /// Why it did not work.
    fn whatif(&self, order: &WhatifOrder, watched: &Watched) -> Result<Outcome, String>;

    /// What an event's camera saw around it, with the plan of the road: as the console shows events of the bus.
    ///
    /// # Errors
    /// Where the observations cannot be read.
    fn scene(&self, order: &SceneOrder) -> Result<serde_json::Value, String>;

    /// Looks at a signal log, CSV or JSON lines.
    ///
    /// # Errors
    /// What is wrong with it, a line each.
    fn signal_log(&self, text: &str, lines: bool) -> Result<SignalLog, String>;

    /// Recordings were deleted: `count` of them, of so many bytes together. The receipt is written before this
    /// returns (PV-2).
    ///
    /// # Errors
    /// Where it could not be written; they are tried again then.
    fn receipt(&self, count: u64, bytes: u64, now: EventTime) -> Result<(), String>;

    /// The time.
    fn now(&self) -> EventTime;
}
