//! Anonymous road users.

use serde::Serialize;
use utoipa::ToSchema;
use wayside_proto::TrackState;

use super::rounded;

/// A road user on the road plane. Anonymous: the id holds within one run of one camera.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TrackJson {
    /// The track.
    pub id: u64,
    /// `car`, `truck`, `bus`, `motorcycle`, `bicycle` or `person`.
    pub class: String,
    /// Left, top, right and bottom edge in the picture; absent where there was no picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_px: Option<[f64; 4]>,
    /// Middle of the front edge of the footprint.
    pub front_m: [f64; 2],
    /// Where the front looks, counter-clockwise from east.
    pub heading_rad: f64,
    /// Length of the footprint.
    pub length_m: f64,
    /// Width of the footprint.
    pub width_m: f64,
    /// Speed over ground.
    pub speed_ms: f64,
    /// The detector's score, 0 to 1; 0 where the state was only predicted.
    pub confidence: f64,
    /// Whether a detection of this frame supports the state.
    pub measured: bool,
}

impl From<&TrackState> for TrackJson {
    fn from(track: &TrackState) -> Self {
        let px = |value: f32| rounded(f64::from(value), 10.0);
        Self {
            id: track.id.0,
            class: track.class.as_str().to_owned(),
            box_px: track.box_px.map(|b| [px(b.x0), px(b.y0), px(b.x1), px(b.y1)]),
            front_m: track.front_m.map(|value| rounded(value, 1e3)),
            heading_rad: rounded(track.heading_rad, 1e4),
            length_m: rounded(track.length_m, 1e2),
            width_m: rounded(track.width_m, 1e2),
            speed_ms: rounded(track.speed_ms(), 1e2),
            confidence: rounded(f64::from(track.confidence), 1e2),
            measured: track.measured,
        }
    }
}

/// What one camera saw last.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CameraTracks {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// Capture instant.
    pub time: String,
    /// The road users, in order of id.
    pub tracks: Vec<TrackJson>,
    /// Road users beyond those that are told.
    pub more: u32,
    /// Nothing moved: what was found before stands for this frame too.
    pub still: bool,
}
