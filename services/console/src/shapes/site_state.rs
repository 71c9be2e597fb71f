//! What is going on at a junction.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CameraSummary, CameraTracks, EventJson, SiteCondition};

/// From when on a signal group shows something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignalChange {
    /// From when on.
    pub time: String,
    /// `red`, `yellow` or `green`.
    pub state: String,
}

/// What a signal group has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignalHistory {
    /// The group.
    pub group: String,
    /// Oldest first; the last one holds now, as far as is known. The first may lie before the span asked for.
    pub history: Vec<SignalChange>,
    /// Changes in the span that did not fit.
    pub dropped: u64,
}

/// One minute of one lane.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LaneMinute {
    /// Its begin.
    pub from: String,
    /// Vehicles that came into the lane and drove 10 m in it, each counted once.
    pub vehicles: u32,
    /// Share of the observed time in which a vehicle covered the lane's counting point, 0 to 1; absent where
    /// nothing was observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupancy: Option<f64>,
    /// Seconds of the minute that the lane's camera observed: below 60 there were gaps, or it is not over.
    pub observed_s: f64,
}

/// Flow and occupancy of one lane.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LaneFlow {
    /// The lane.
    pub lane: String,
    /// The camera that counts it: the one that sees most of it.
    pub camera: String,
    /// Minutes of the last hour, oldest first; those in which nothing was observed are left out.
    pub minutes: Vec<LaneMinute>,
}

/// What is going on at a junction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SiteState {
    /// The console's clock.
    pub now: String,
    /// The last live event that this includes: give it to `/api/v1/live` as `last_event_id`.
    pub event_id: String,
    /// How the junction is.
    pub state: SiteCondition,
    /// Its cameras.
    pub cameras: Vec<CameraSummary>,
    /// What each camera saw last.
    pub tracks: Vec<CameraTracks>,
    /// Signal groups over the last 5 minutes.
    pub signals: Vec<SignalHistory>,
    /// Lanes over the last 60 minutes.
    pub flow: Vec<LaneFlow>,
    /// The newest events, at most 100.
    pub events: Vec<EventJson>,
}
