//! A rule of a camera that people found wrong too often.

use crate::{CameraId, EventTime, SiteId};

/// Whether a rule of a camera stands down, from an event time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStandDown {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// Name of the rule.
    pub rule: &'static str,
    /// It stands down, or it is back.
    pub stood_down: bool,
    /// From when on.
    pub since: EventTime,
    /// One sentence for a person.
    pub why: String,
    /// Cases that were decided.
    pub decided: u32,
    /// Those of them that were rejected as errors of the rule.
    pub errors: u32,
}
