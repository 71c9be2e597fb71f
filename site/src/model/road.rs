//! Lanes, lines and areas on the road plane.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ClassName;

/// A point on the road plane, metres, `[x east, y north]`.
pub type MetrePoint = [f64; 2];

/// A lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// Name, unique within the site.
    pub id: String,
    /// The arm of the junction, and way along it, that the lane belongs to, for example `Nin`.
    #[serde(default)]
    pub approach: Option<String>,
    /// Middle of the lane, two points or more, in the direction of travel.
    pub centreline_m: Vec<MetrePoint>,
    /// Width, metres.
    pub width_m: f64,
    /// Classes that may use the lane; all where absent. Used by `reserved_lane`.
    #[serde(default)]
    pub classes: Option<Vec<ClassName>>,
    /// Local times of day in which `classes` holds, for example `["06:00-09:30"]`; always where
    /// absent.
    #[serde(default)]
    pub hours: Vec<String>,
    /// Exit lines by which a vehicle that entered from this lane may leave; any where absent. Used
    /// by `illegal_turn`.
    #[serde(default)]
    pub exits: Option<Vec<String>>,
}

/// A line at which vehicles wait for a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopLine {
    /// Name, unique within the site.
    pub id: String,
    /// The two ends of the line's upstream edge.
    pub line_m: [MetrePoint; 2],
    /// Lanes that end at the line. Their direction says which way it is crossed.
    pub lanes: Vec<String>,
    /// Signal group that controls the line.
    #[serde(default)]
    pub signal_group: Option<String>,
    /// Conflict area behind the line.
    #[serde(default)]
    pub conflict_area: Option<String>,
}

/// A line by which vehicles leave the junction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExitLine {
    /// Name, unique within the site.
    pub id: String,
    /// The two ends of the line. It is crossed in either direction, by vehicles that are leaving.
    pub line_m: [MetrePoint; 2],
}

/// The area inside the junction where streams of traffic conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConflictArea {
    /// Name, unique within the site.
    pub id: String,
    /// Corners in order, three or more.
    pub polygon_m: Vec<MetrePoint>,
}

/// A pedestrian crossing: a band along the way that people walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    /// Name, unique within the site.
    pub id: String,
    /// From kerb to kerb, along the middle of the crossing.
    pub axis_m: [MetrePoint; 2],
    /// Width of the band, across the axis, metres.
    pub width_m: f64,
    /// Where the road's halves meet, as a share of the axis; 1 on a one-way road.
    #[serde(default = "half")]
    pub split_at: f64,
    /// Signal group of the people on the crossing.
    #[serde(default)]
    pub signal_group: Option<String>,
}

fn half() -> f64 {
    0.5
}

/// A zone where stopping is forbidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoStoppingZone {
    /// Name, unique within the site.
    pub id: String,
    /// Corners in order, three or more.
    pub polygon_m: Vec<MetrePoint>,
    /// Classes that may stop there, for example buses at their stop.
    #[serde(default)]
    pub exempt: Vec<ClassName>,
}
