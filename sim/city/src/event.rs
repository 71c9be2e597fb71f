//! What a site yields.

use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Observation, SignalReport, SiteId, TrackId,
};

/// Something that a site publishes, or that is true of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A signal group shows something else.
    Signal(SignalReport),
    /// A camera saw a frame, or missed some.
    Observation(Observation),
    /// A rule was broken. It comes once that is decided, so later than its own time.
    Truth(Truth),
}

/// A rule that was broken, by exact motion.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// The junction.
    pub site: SiteId,
    /// The camera that saw it.
    pub camera: CameraId,
    /// Name of the rule.
    pub rule: &'static str,
    /// When: the crossing of the line, or the beginning of the stretch or stand that was seen.
    pub time: EventTime,
    /// The track.
    pub track: TrackId,
    /// Class of the vehicle.
    pub class: MotorVehicleClass,
    /// Quantity: time into red (s), overrun (m), distance (m) or dwell (s), by rule.
    pub value: f64,
    /// Beyond the limit by more than a camera can be wrong. A rule may abstain from what is not.
    pub certain: bool,
}
