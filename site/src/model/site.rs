//! The file as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Camera, ConflictArea, Crossing, ExitLine, Lane, NoStoppingZone, Rules, Section, Sign,
    SignalGroup, Signals, StopLine,
};

/// A site file: one junction. Ground coordinates are metres on the road plane, x east, y north,
/// from an origin of your choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Version of the format; 1.
    pub schema: u32,
    /// What the junction is called and where its recordings begin.
    pub site: SiteHead,
    /// Cameras.
    #[serde(default, rename = "camera")]
    pub cameras: Vec<Camera>,
    /// Where the states of signal groups come from.
    #[serde(default)]
    pub signals: Signals,
    /// Signal groups.
    #[serde(default, rename = "signal_group")]
    pub signal_groups: Vec<SignalGroup>,
    /// Lanes.
    #[serde(default, rename = "lane")]
    pub lanes: Vec<Lane>,
    /// Stop lines.
    #[serde(default, rename = "stop_line")]
    pub stop_lines: Vec<StopLine>,
    /// Lines by which vehicles leave the junction.
    #[serde(default, rename = "exit_line")]
    pub exit_lines: Vec<ExitLine>,
    /// Areas inside the junction where streams of traffic conflict.
    #[serde(default, rename = "conflict_area")]
    pub conflict_areas: Vec<ConflictArea>,
    /// Pedestrian crossings.
    #[serde(default, rename = "crossing")]
    pub crossings: Vec<Crossing>,
    /// Zones where stopping is forbidden.
    #[serde(default, rename = "no_stopping_zone")]
    pub no_stopping_zones: Vec<NoStoppingZone>,
    /// Sections: stretches of road between two gates.
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
    /// Roadside signs.
    #[serde(default, rename = "sign", skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<Sign>,
    /// Rules; a rule that is not listed does not run.
    #[serde(default)]
    pub rules: Rules,
}

impl SiteFile {
    /// Whether this camera's footage is of a real road or from a simulation: what the camera says,
    /// else what the site says.
    #[must_use]
    pub fn footage_of(&self, camera: &str) -> Footage {
        let camera = self.cameras.iter().find(|known| known.id == camera);
        camera.and_then(|camera| camera.footage).unwrap_or(self.site.footage)
    }
}

/// What the junction is called and where its recordings begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteHead {
    /// Short name in ids and topics: letters, digits, `-` and `_`.
    pub id: String,
    /// Name for people; the id where absent.
    #[serde(default)]
    pub name: String,
    /// Capture instant of second 0 of recordings, signal logs, tracks and truth files, RFC 3339.
    pub start: String,
    /// IANA time zone in which hours of lanes are given.
    #[serde(default = "utc")]
    pub timezone: String,
    /// On which side of the road traffic keeps.
    #[serde(default)]
    pub driving_side: DrivingSide,
    /// Whether the footage is of a real road or from a simulation. A model that was trained on
    /// renderings alone is only to be relied on where it is `simulated`; elsewhere a replay warns.
    #[serde(default)]
    pub footage: Footage,
    /// Where the junction is, for maps. Nothing is measured with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// A place on the earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Degrees north of the equator, -90 to 90; negative in the south.
    pub latitude_deg: f64,
    /// Degrees east of Greenwich, -180 to 180; negative in the west.
    pub longitude_deg: f64,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// On which side of the road traffic keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrivingSide {
    /// On the right.
    #[default]
    Right,
    /// On the left.
    Left,
}

/// Whether the footage is of a real road or from a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Footage {
    /// A real road.
    #[default]
    Real,
    /// A rendering.
    Simulated,
}

/// A class of road user, as the site file names it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ClassName {
    /// Passenger car or van.
    Car,
    /// Goods vehicle.
    Truck,
    /// Bus or coach.
    Bus,
    /// Motorcycle or moped.
    Motorcycle,
    /// Bicycle.
    Bicycle,
    /// A person on foot.
    Person,
}

impl From<ClassName> for wayside_proto::RoadUserClass {
    fn from(name: ClassName) -> Self {
        match name {
            ClassName::Car => Self::Car,
            ClassName::Truck => Self::Truck,
            ClassName::Bus => Self::Bus,
            ClassName::Motorcycle => Self::Motorcycle,
            ClassName::Bicycle => Self::Bicycle,
            ClassName::Person => Self::Person,
        }
    }
}
