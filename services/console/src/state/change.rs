//! What a record changes, as live events tell it.

use crate::shapes::{
    EventJson, LiveCitation, LiveEvidence, LiveHealth, LiveSignal, LiveStandDown, SignJson,
    TravelTimeJson,
};

/// A change that every client is told of. Tracks are not among them: only the newest count.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A signal group shows something else.
    Signals(LiveSignal),
    /// How a camera is.
    Health(LiveHealth),
    /// A violation, a void or a notice.
    Event(Box<EventJson>),
    /// A window of travel times.
    TravelTime(TravelTimeJson),
    /// What became of evidence.
    Evidence(LiveEvidence),
    /// What people decided.
    Citation(LiveCitation),
    /// A camera or a rule stands down, or is back.
    StandDown(LiveStandDown),
    /// What a sign shows.
    Sign(SignJson),
}
