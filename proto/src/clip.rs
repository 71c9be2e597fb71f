//! What a worker is asked for when a rule has fired, and what it gives: redacted pictures, nothing else
//! (PV-1).

use crate::{BoxPx, CameraId, EventTime, MotorVehicleClass, OutcomeId, RunId, SiteId, TrackId};

/// A request for the pictures around one violation.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipRequest {
    /// The violation.
    pub violation: OutcomeId,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker that saw it; another run does not have the pictures.
    pub run: RunId,
    /// The track of the offending vehicle.
    pub track: TrackId,
    /// What it is.
    pub class: MotorVehicleClass,
    /// First instant that is wanted.
    pub from: EventTime,
    /// Last instant that is wanted.
    pub to: EventTime,
    /// Where the offending vehicle is in the picture, in order of time: the one thing besides the
    /// static background that stays clear.
    pub subject: Vec<SubjectAt>,
    /// The stills that are wanted, in order of time.
    pub moments: Vec<(Moment, EventTime)>,
}

/// Where the offending vehicle is at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SubjectAt {
    /// Capture instant of the frame.
    pub time: EventTime,
    /// The tracker's box around it, pixels of the camera's picture.
    pub box_px: BoxPx,
}

/// Which moment of a violation a still shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// Before the vehicle reaches the line, or where the event begins.
    Before,
    /// At the line, or at the event time.
    AtLine,
    /// Beyond it: in the conflict area, or where the event ends.
    After,
}

impl Moment {
    /// Every moment, in order of time.
    pub const ALL: [Self; 3] = [Self::Before, Self::AtLine, Self::After];

    /// The moment's name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::AtLine => "at_line",
            Self::After => "after",
        }
    }

    /// The moment with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|moment| moment.as_str() == name)
    }
}

/// Redacted pictures of one violation.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactedClip {
    /// The violation.
    pub violation: OutcomeId,
    /// Size of the pictures.
    pub width_px: u32,
    /// Size of the pictures.
    pub height_px: u32,
    /// An MP4 file (H.264).
    pub mp4: Vec<u8>,
    /// Capture instant of each of its frames, in order.
    pub frames: Vec<EventTime>,
    /// The stills, in the order of the request.
    pub stills: Vec<RedactedStill>,
    /// How it was redacted.
    pub redaction: RedactionRecord,
}

/// One redacted picture.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactedStill {
    /// Which moment it shows.
    pub moment: Moment,
    /// Capture instant of the frame.
    pub time: EventTime,
    /// A JPEG file.
    pub jpeg: Vec<u8>,
}

/// How pictures were redacted: part of the package, so that anybody can judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactionRecord {
    /// Name and version of the method.
    pub method: String,
    /// Detectors that were used: name, SHA-256 of the file in hex.
    pub models: Vec<(String, String)>,
    /// Frames redacted.
    pub frames: u32,
    /// Regions hidden, summed over frames: detected people and vehicles, faces, and what moves without
    /// having been detected.
    pub hidden_road_users: u64,
    /// Faces inside the offending vehicle, summed over frames.
    pub hidden_faces: u64,
    /// Blocks hidden because they differ from the static background, summed over frames.
    pub hidden_movers: u64,
    /// Mean share of the picture that is hidden, 0 to 1.
    pub hidden_share: f64,
    /// Smallest and largest side of a block that replaces pixels.
    pub block_px: (u32, u32),
}
