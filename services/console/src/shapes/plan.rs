//! The plan of a junction, out of its site file.

use serde::Serialize;
use utoipa::ToSchema;

/// A lane.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LanePlan {
    /// Its id.
    pub id: String,
    /// The arm of the junction that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approach: Option<String>,
    /// Its middle, in the direction of travel.
    pub centreline_m: Vec<[f64; 2]>,
    /// Its width.
    pub width_m: f64,
    /// Classes that may use it; all where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Exit lines that it leads to; any where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exits: Option<Vec<String>>,
}

/// A line at which vehicles wait.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StopLinePlan {
    /// Its id.
    pub id: String,
    /// Its two ends.
    pub line_m: [[f64; 2]; 2],
    /// Lanes that end at it.
    pub lanes: Vec<String>,
    /// The signal group that controls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal_group: Option<String>,
}

/// A line by which vehicles leave.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExitLinePlan {
    /// Its id.
    pub id: String,
    /// Its two ends.
    pub line_m: [[f64; 2]; 2],
}

/// A conflict area or a no-stopping zone.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AreaPlan {
    /// Its id.
    pub id: String,
    /// Its corners, in order.
    pub polygon_m: Vec<[f64; 2]>,
}

/// A pedestrian crossing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CrossingPlan {
    /// Its id.
    pub id: String,
    /// From kerb to kerb, along its middle.
    pub axis_m: [[f64; 2]; 2],
    /// Its width, across the axis.
    pub width_m: f64,
    /// Signal group of the people on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal_group: Option<String>,
}

/// A signal group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignalGroupPlan {
    /// Its id.
    pub id: String,
    /// `vehicle` or `pedestrian`.
    pub kind: String,
}

/// A lane in a camera's picture.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LanePath {
    /// The lane.
    pub lane: String,
    /// The part of its middle that lies in the picture, in the direction of travel; two points or more.
    pub path_px: Vec<[f64; 2]>,
}

/// A camera.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CameraPlan {
    /// Its id.
    pub id: String,
    /// Width of the calibrated picture.
    pub width_px: u32,
    /// Height of the calibrated picture.
    pub height_px: u32,
    /// Root mean square of the calibration's residuals on the ground.
    pub residual_m: f64,
    /// Matrix from ground metres to picture pixels, row by row.
    pub ground_to_image: [f64; 9],
    /// Where the camera stands, and how high, metres.
    pub position_m: [f64; 3],
    /// The part of the road that it sees: corners on the ground, in order.
    pub view_m: Vec<[f64; 2]>,
    /// Lanes in its picture.
    pub lane_paths_px: Vec<LanePath>,
}

/// A rule that runs here.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RulePlan {
    /// Its name.
    pub rule: String,
    /// Its thresholds: names with units at their end, and numbers.
    pub parameters: std::collections::BTreeMap<String, f64>,
}

/// The plan of a junction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SitePlan {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its IANA time zone.
    pub timezone: String,
    /// `right` or `left`.
    pub driving_side: String,
    /// Degrees north (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude_deg: Option<f64>,
    /// Degrees east (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude_deg: Option<f64>,
    /// West, south, east and north end of everything drawn.
    pub bounds_m: [f64; 4],
    /// Lanes.
    pub lanes: Vec<LanePlan>,
    /// Stop lines.
    pub stop_lines: Vec<StopLinePlan>,
    /// Exit lines.
    pub exit_lines: Vec<ExitLinePlan>,
    /// Conflict areas.
    pub conflict_areas: Vec<AreaPlan>,
    /// Pedestrian crossings.
    pub crossings: Vec<CrossingPlan>,
    /// No-stopping zones.
    pub no_stopping_zones: Vec<AreaPlan>,
    /// Signal groups.
    pub signal_groups: Vec<SignalGroupPlan>,
    /// Cameras.
    pub cameras: Vec<CameraPlan>,
    /// Rules that run here.
    pub rules: Vec<RulePlan>,
    /// Speed limits of the sections that have a gate here.
    pub limits: Vec<LimitPlan>,
}

/// The speed limit of a section.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LimitPlan {
    /// The section.
    pub section: String,
    /// Limit for cars, metres a second.
    pub limit_ms: f64,
}
