//! All junctions at a glance.

use serde::Serialize;
use utoipa::ToSchema;

use super::EventJson;

/// How a camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// Frames come and are looked at.
    Live,
    /// Frames come and nothing moves in them.
    Still,
    /// The stream is there and silent, or cannot be read.
    Stalled,
    /// Nothing of it is believed for now; `why` says why.
    StoodDown,
    /// The stream is gone, or nobody has said anything of it for too long.
    Lost,
    /// Nothing was heard of it since the console looked.
    Unknown,
}

/// How a junction is: its worst camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteCondition {
    /// Every camera is live or still.
    Ok,
    /// Some are not.
    Degraded,
    /// None is.
    Down,
    /// Nothing was heard of any, or there is none.
    Unknown,
}

/// A camera at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CameraSummary {
    /// Its id, unique within the site.
    pub id: String,
    /// How it is.
    pub state: CameraState,
    /// One sentence for a person, where it is neither live nor still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Since when it is so; absent where nothing was heard of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Frames a second over the last few seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<f64>,
    /// From the capture of the last frame to its observation here, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Capture instant of the newest frame that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_frame: Option<String>,
    /// The camera's clock minus its reference, milliseconds; absent where it does not tell its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset_ms: Option<f64>,
    /// Share of the last minute's frames that were not looked at, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped_share: Option<f64>,
}

/// A junction at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SiteSummary {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Degrees north (WGS 84); absent where the site file has no position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude_deg: Option<f64>,
    /// Degrees east (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude_deg: Option<f64>,
    /// IANA time zone of the junction.
    pub timezone: String,
    /// How it is.
    pub state: SiteCondition,
    /// Its cameras, in the order of the site file.
    pub cameras: Vec<CameraSummary>,
    /// Violations of the last 24 hours.
    pub violations_24h: u64,
    /// Voids of the last 24 hours.
    pub voids_24h: u64,
    /// Cases that wait for a decision; absent where review is not part of this console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_review: Option<u64>,
}

/// The newest window of a section's travel times. Sums over vehicles, never one vehicle.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TravelTimeJson {
    /// The section.
    pub section: String,
    /// Its name for people; the id where the site files have none.
    pub name: String,
    /// End of the window.
    pub time: String,
    /// Length of the window, seconds.
    pub window_s: u32,
    /// Vehicles that were matched.
    pub matched: u32,
    /// Vehicles that crossed the entry.
    pub entered: u32,
    /// Vehicles that crossed the exit.
    pub left: u32,
    /// Half of the travel times are below, seconds; absent where too few vehicles were matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_s: Option<f64>,
    /// A quarter of them is below, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_quartile_s: Option<f64>,
    /// A quarter of them is above, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper_quartile_s: Option<f64>,
    /// Median of the mean speeds, metres a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_speed_ms: Option<f64>,
    /// Length of the section, metres; absent where no site file tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_m: Option<f64>,
    /// Speed limit of the section, metres a second; absent where no site file tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_ms: Option<f64>,
}

/// A camera that is not believed for now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CameraStoodDown {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// `moved`, `blurred`, `dark`, `frozen`, `clock`, `size` or `model`.
    pub condition: String,
    /// One sentence for a person.
    pub detail: String,
    /// Since when.
    pub since: String,
}

/// A rule of a camera that people found wrong too often.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RuleStoodDown {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// One sentence for a person.
    pub why: String,
    /// Since when.
    pub since: String,
    /// Cases that were decided.
    pub decided: u32,
    /// Those of them that were errors of the rule.
    pub errors: u32,
}

/// How the console itself follows the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedCondition {
    /// It still reads what was there before it started.
    CatchingUp,
    /// It reads what comes.
    Reading,
    /// The bus cannot be read; what is shown grows old.
    Away,
}

/// How the console follows the bus, and what it could not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeedJson {
    /// How it is.
    pub state: FeedCondition,
    /// One sentence for a person, where the bus is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Things that did not fit into the console's memory, by kind.
    pub dropped: u64,
}

/// All junctions at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Overview {
    /// The console's clock.
    pub now: String,
    /// The last live event that this includes: give it to `/api/v1/live` as `last_event_id`.
    pub event_id: String,
    /// How the console follows the bus.
    pub feed: FeedJson,
    /// Junctions, in order of id.
    pub sites: Vec<SiteSummary>,
    /// The newest travel times, in order of section.
    pub travel_times: Vec<TravelTimeJson>,
    /// Cameras that are not believed for now.
    pub stood_down: Vec<CameraStoodDown>,
    /// Rules that people found wrong too often.
    pub rules_stood_down: Vec<RuleStoodDown>,
    /// The newest events of all junctions, at most 100.
    pub events: Vec<EventJson>,
}
