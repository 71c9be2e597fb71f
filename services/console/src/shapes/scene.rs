//! An event, to be seen again on the plan.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SignalHistory, TrackJson};

/// One frame.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SceneFrame {
    /// Capture instant; of a gap, its begin.
    pub time: String,
    /// Anonymous road users; empty in a gap.
    pub tracks: Vec<TrackJson>,
    /// Why nothing is known from this instant on: `lost`, `stalled`, `undecodable`, `overload` or
    /// `stood_down`; absent where the frame was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
}

/// What the event's camera saw around it, without pictures.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Scene {
    /// The event.
    pub event: String,
    /// Its camera.
    pub camera: String,
    /// The track that the event is about.
    pub track: u64,
    /// Begin of the span: 8 s before the event.
    pub from: String,
    /// End of the span: 8 s after it.
    pub to: String,
    /// Whether the camera has gone on beyond the span: if not, ask again in a few seconds.
    pub complete: bool,
    /// Frames, oldest first.
    pub frames: Vec<SceneFrame>,
    /// Frames of the span that did not fit.
    pub dropped: u64,
    /// Signal groups over the span.
    pub signals: Vec<SignalHistory>,
}
