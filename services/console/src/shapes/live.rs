//! The data of live events, by the name of the event.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CameraSummary, CitationState, EvidenceFailureJson, EvidenceState};

/// `signals`: a signal group shows something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveSignal {
    /// The junction.
    pub site: String,
    /// The group.
    pub group: String,
    /// From when on.
    pub time: String,
    /// `red`, `yellow` or `green`.
    pub state: String,
}

/// `health`: a camera is another way, or its numbers are new.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LiveHealth {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: CameraSummary,
}

/// `evidence`: a package is sealed, or there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveEvidence {
    /// The violation.
    pub event: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// Sealed or failed.
    pub state: EvidenceState,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<EvidenceFailureJson>,
}

/// `citation`: a citation was issued or voided. Who decided stays in review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveCitation {
    /// The violation.
    pub event: String,
    /// The citation.
    pub citation: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// Issued or voided.
    pub state: CitationState,
    /// When it was decided.
    pub time: String,
}

/// `stand_down`: a camera's condition or a rule begins or ends to stand down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveStandDown {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule; absent where it is the camera that stands down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The camera's condition; absent where it is a rule that stands down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// It stands down, or it is back.
    pub stood_down: bool,
    /// One sentence for a person.
    pub detail: String,
    /// Since when.
    pub since: String,
}

/// `clock`: every second. It has no id.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LiveClock {
    /// The console's clock.
    pub now: String,
    /// From the capture of the newest frame to now, milliseconds; absent where no frame was seen yet.
    /// Negative where a camera's clock is ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_ms: Option<f64>,
}

/// `reset`: the stream cannot go on where the client left it. Ask for the state again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveReset {
    /// Events that the client has missed; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<u64>,
}

/// Events of one name that were missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedTopic {
    /// Name of the events.
    pub topic: String,
    /// How many.
    pub count: u64,
}

/// `missed`: the client was too slow and goes on with the newest. Ask for the state again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveMissed {
    /// How many events.
    pub count: u64,
    /// The same by name, in order of name.
    pub topics: Vec<MissedTopic>,
}
