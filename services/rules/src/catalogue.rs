//! The catalogue of rules.

/// What a rule is called and what it states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Name, as in the site file.
    pub name: &'static str,
    /// Version of the rule's definition; it grows with every change of meaning.
    pub version: u32,
    /// What the rule recognises, in one sentence.
    pub sentence: &'static str,
    /// Names of the quantities that an outcome states, in order.
    pub quantities: &'static [&'static str],
}

pub(crate) const RED_LIGHT: RuleInfo = RuleInfo {
    name: "red_light",
    version: 1,
    sentence: "A vehicle's front crosses the stop line on red and goes on into the conflict area.",
    quantities: &["time_into_red", "speed_at_line"],
};
pub(crate) const STOP_LINE: RuleInfo = RuleInfo {
    name: "stop_line",
    version: 1,
    sentence: "A vehicle crosses the stop line on red and stands beyond it.",
    quantities: &["overrun", "time_into_red"],
};
pub(crate) const WRONG_WAY: RuleInfo = RuleInfo {
    name: "wrong_way",
    version: 1,
    sentence: "A vehicle drives against the direction of its lane.",
    quantities: &["distance", "duration", "speed"],
};
pub(crate) const ILLEGAL_TURN: RuleInfo = RuleInfo {
    name: "illegal_turn",
    version: 1,
    sentence: "A vehicle leaves the junction by an exit that the lane it came from does not allow.",
    quantities: &["time_in_junction"],
};
pub(crate) const BOX_JUNCTION: RuleInfo = RuleInfo {
    name: "box_junction",
    version: 1,
    sentence: "A vehicle stands in the conflict area for too long.",
    quantities: &["dwell"],
};
pub(crate) const RESERVED_LANE: RuleInfo = RuleInfo {
    name: "reserved_lane",
    version: 1,
    sentence: "A vehicle drives in a lane that its class may not use at that hour.",
    quantities: &["distance"],
};
pub(crate) const NO_STOPPING: RuleInfo = RuleInfo {
    name: "no_stopping",
    version: 1,
    sentence: "A vehicle stands in a no-stopping zone for too long without queueing.",
    quantities: &["dwell"],
};
pub(crate) const CROSSING_YIELD: RuleInfo = RuleInfo {
    name: "crossing_yield",
    version: 1,
    sentence: "A vehicle passes a crossing while a person is on the half that it drives over.",
    quantities: &["distance_to_person", "speed"],
};
/// `section_speed`, which the crate `wayside-sections` runs: it needs two cameras.
pub const SECTION_SPEED: RuleInfo = RuleInfo {
    name: "section_speed",
    version: 1,
    sentence: "A vehicle's mean speed between two cameras is above the limit.",
    quantities: &["mean_speed", "travel_time", "distance", "spot_speed_entry", "spot_speed_exit"],
};

static CATALOGUE: [RuleInfo; 9] = [
    RED_LIGHT,
    STOP_LINE,
    WRONG_WAY,
    ILLEGAL_TURN,
    BOX_JUNCTION,
    RESERVED_LANE,
    NO_STOPPING,
    CROSSING_YIELD,
    SECTION_SPEED,
];

/// Every rule, in the order of the design. All run in this crate but `section_speed`.
#[must_use]
pub fn catalogue() -> &'static [RuleInfo] {
    &CATALOGUE
}
