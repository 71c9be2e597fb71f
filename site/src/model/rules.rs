//! The rules and their thresholds. A rule that is not listed does not run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rules of the site: `[rules.NAME]`, each with its thresholds or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// A vehicle crosses the stop line on red and goes on into the conflict area.
    pub red_light: Option<RedLight>,
    /// A vehicle stops beyond the stop line on red.
    pub stop_line: Option<StopLineRule>,
    /// A vehicle drives against the direction of its lane.
    pub wrong_way: Option<WrongWay>,
    /// A vehicle leaves by an exit that its lane does not allow.
    pub illegal_turn: Option<IllegalTurn>,
    /// A vehicle stands in the conflict area.
    pub box_junction: Option<BoxJunction>,
    /// A vehicle uses a lane that its class may not use.
    pub reserved_lane: Option<ReservedLane>,
    /// A vehicle stands in a no-stopping zone.
    pub no_stopping: Option<NoStopping>,
    /// A vehicle passes a crossing while a person is on its half.
    pub crossing_yield: Option<CrossingYield>,
    /// A vehicle's mean speed over a section is above its limit. Judged where it leaves.
    pub section_speed: Option<SectionSpeed>,
    /// People who step on a crossing on red: a count, never a violation.
    pub pedestrian_on_red: Option<PedestrianOnRed>,
    /// Flow and occupancy of each lane: counts.
    pub flow: Option<Flow>,
}

impl Rules {
    /// Share of decided cases that may be errors of this rule; the default of a rule that is not listed.
    #[must_use]
    pub fn error_rate_max(&self, rule: &str) -> f64 {
        let listed = match rule {
            "red_light" => self.red_light.as_ref().map(|rule| rule.error_rate_max),
            "stop_line" => self.stop_line.as_ref().map(|rule| rule.error_rate_max),
            "wrong_way" => self.wrong_way.as_ref().map(|rule| rule.error_rate_max),
            "illegal_turn" => self.illegal_turn.as_ref().map(|rule| rule.error_rate_max),
            "box_junction" => self.box_junction.as_ref().map(|rule| rule.error_rate_max),
            "reserved_lane" => self.reserved_lane.as_ref().map(|rule| rule.error_rate_max),
            "no_stopping" => self.no_stopping.as_ref().map(|rule| rule.error_rate_max),
            "crossing_yield" => self.crossing_yield.as_ref().map(|rule| rule.error_rate_max),
            "section_speed" => self.section_speed.as_ref().map(|rule| rule.error_rate_max),
            _ => None,
        };
        listed.unwrap_or(ERROR_RATE_MAX)
    }
}

macro_rules! thresholds {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident = $default:expr),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: f64,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

/// Share of decided cases that may be errors of a rule, where the site file does not say.
pub const ERROR_RATE_MAX: f64 = 0.05;

/// As `thresholds`, of a rule that accuses: people decide its cases.
macro_rules! accusing {
    ($(#[$doc:meta])* $name:ident { $($body:tt)* }) => {
        thresholds!(
            $(#[$doc])*
            $name {
                $($body)*
                /// Share of this rule's cases at one camera that people may find to be errors, 0 to 1. Where the
                /// lower end of its 95% interval is above, the rule stands down there until it is reinstated.
                error_rate_max = ERROR_RATE_MAX,
            }
        );
    };
}

accusing!(
    /// Thresholds of `red_light`.
    RedLight {
        /// Time into red that is still tolerated, seconds.
        grace_s = 0.3,
        /// How long after the line the vehicle may take to enter the conflict area, seconds.
        enter_s_max = 15.0,
    }
);
accusing!(
    /// Thresholds of `stop_line`.
    StopLineRule {
        /// Overrun that is still tolerated, metres.
        overrun_m_min = 0.5,
        /// How long it must stand, seconds.
        stand_s_min = 1.0,
    }
);
accusing!(
    /// Thresholds of `wrong_way`.
    WrongWay {
        /// Distance driven against the direction, metres.
        distance_m_min = 5.0,
        /// Time driven against the direction, seconds.
        duration_s_min = 0.5,
    }
);
accusing!(
    /// Thresholds of `illegal_turn`.
    IllegalTurn {}
);
accusing!(
    /// Thresholds of `box_junction`.
    BoxJunction {
        /// Standing time that is still tolerated, seconds.
        dwell_s_max = 10.0,
    }
);
accusing!(
    /// Thresholds of `reserved_lane`.
    ReservedLane {
        /// Distance driven in the lane, metres.
        distance_m_min = 30.0,
    }
);
accusing!(
    /// Thresholds of `no_stopping`.
    NoStopping {
        /// Standing time that is still tolerated, seconds.
        dwell_s_max = 30.0,
        /// A vehicle that stands this close behind another standing vehicle is queueing, metres.
        queue_gap_m = 8.0,
    }
);
accusing!(
    /// Thresholds of `crossing_yield`.
    CrossingYield {
        /// Speed below which a vehicle on a crossing does not count as passing, metres a second.
        speed_ms_min = 1.0,
    }
);
accusing!(
    /// Thresholds of `section_speed`. The similarities also hold for travel times.
    SectionSpeed {
        /// What the mean speed may exceed the limit by, beyond its interval, kilometres an hour.
        tolerance_kmh = 0.0,
        /// Least similarity (cosine) of the vehicles at the two ends, 0 to 1.
        similarity_min = 0.75,
        /// How much more similar they have to be than the next at either end, 0 to 1.
        margin_min = 0.12,
        /// Least similarity of a violation, 0 to 1: a match below it counts for travel times alone.
        violation_similarity_min = 0.85,
        /// Least margin of a violation, 0 to 1.
        violation_margin_min = 0.25,
        /// How far mean speed and spot speeds may differ, as a share of the mean speed.
        speeds_agree_share = 0.1,
        /// Least share of the class in the votes of both tracks, 0 to 1.
        class_confidence_min = 0.6,
    }
);
thresholds!(
    /// Thresholds of `pedestrian_on_red`.
    PedestrianOnRed {
        /// Time into red that is still tolerated, seconds.
        grace_s = 0.3,
    }
);
thresholds!(
    /// Thresholds of flow and occupancy.
    Flow {
        /// Length of a counting interval, seconds.
        interval_s = 60.0,
    }
);
