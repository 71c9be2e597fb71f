//! What a signal group shows.

use crate::{CameraId, EventTime, SignalColour, SiteId};

/// What a signal group shows since an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalReport {
    /// The junction.
    pub site: SiteId,
    /// The signal group.
    pub group: String,
    /// What it shows.
    pub state: SignalColour,
    /// Since when.
    pub time: EventTime,
    /// Who says so.
    pub source: ReportSource,
}

/// Who says what a signal group shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportSource {
    /// The controller, by its log or a live feed.
    Log,
    /// A lamp, as seen by this camera.
    Lamp(CameraId),
}
