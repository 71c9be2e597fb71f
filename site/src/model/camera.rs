//! A camera, and where its picture lies on the road plane.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Footage, MetrePoint, Rtsp, WatchKeys};

/// One camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Name, unique within the site: letters, digits, `-` and `_`.
    pub id: String,
    /// Recording: a file, or a pattern such as `frames/%05d.jpg`, relative to the site file.
    #[serde(default)]
    pub source: Option<String>,
    /// The live stream, for `wayside run` and `wayside ingest`.
    #[serde(default)]
    pub rtsp: Option<Rtsp>,
    /// What the worker looks at besides road users.
    #[serde(default)]
    pub watch: WatchKeys,
    /// Whether this camera's footage is of a real road or from a simulation, where it differs from
    /// `site.footage`. A model that was trained on renderings alone is only to be relied on where
    /// the footage is `simulated`; elsewhere a replay warns.
    #[serde(default)]
    pub footage: Option<Footage>,
    /// Frame rate of an image sequence, frames a second; a video brings its own.
    #[serde(default)]
    pub sequence_fps: Option<f64>,
    /// Width of the picture that was calibrated, pixels.
    pub width_px: u32,
    /// Height of the picture that was calibrated, pixels.
    pub height_px: u32,
    /// Seconds from `site.start` to the capture of the first frame.
    #[serde(default)]
    pub offset_s: f64,
    /// Half-width of the 95% interval of this camera's clock, milliseconds.
    #[serde(default)]
    pub clock_uncertainty_ms: f64,
    /// Where the picture lies on the road plane.
    pub calibration: Calibration,
    /// Signal lamps that this camera sees.
    #[serde(default, rename = "lamp")]
    pub lamps: Vec<Lamp>,
}

/// Where the picture lies on the road plane: four or more points known in both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Points known in the picture and on the ground, spread over the road.
    pub points: Vec<CalibrationPoint>,
    /// The largest root-mean-square residual on the ground that is accepted, metres.
    #[serde(default = "residual_m_max")]
    pub residual_m_max: f64,
    /// Focal length, pixels. Derived from the points where absent.
    #[serde(default)]
    pub focal_px: Option<f64>,
}

fn residual_m_max() -> f64 {
    0.5
}

/// A point known in the picture and on the ground.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationPoint {
    /// Pixels from the left and from the top.
    pub image_px: [f64; 2],
    /// Metres on the road plane.
    pub ground_m: MetrePoint,
}

/// A signal head as seen by the camera: one region for each lamp, `[left, top, right, bottom]` in
/// pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lamp {
    /// The signal group that the head shows.
    pub group: String,
    /// The red lamp.
    pub red_px: [f64; 4],
    /// The yellow lamp; pedestrian heads have none.
    #[serde(default)]
    pub yellow_px: Option<[f64; 4]>,
    /// The green lamp.
    pub green_px: [f64; 4],
}
