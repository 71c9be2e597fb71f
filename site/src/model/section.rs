//! Sections: stretches of road between two gates, for travel times and mean speeds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wayside_proto::{MotorVehicleClass, SectionEnd};

use super::MetrePoint;

/// Slowest mean speed that the default of `travel_time_s_max` allows for, kilometres an hour.
const SLOW_KMH: f64 = 10.0;
/// What a passage has to live beyond two travel times, seconds: a restart looks at everything once
/// more that a decision or a window still needs.
pub const EXPIRY_MARGIN_S: f64 = 90.0;

/// A stretch of road between an entry gate and an exit gate, each seen by a camera. Where the gates
/// belong to two junctions, the section stands in the files of both with the same values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Name, unique among all sites that share a bus.
    pub id: String,
    /// Name for people; the id where absent.
    #[serde(default)]
    pub name: String,
    /// Length along the road from the entry gate to the exit gate, metres; by the shortest way that
    /// a vehicle can take.
    pub length_m: f64,
    /// Standard deviation of the length, metres. Where absent, a thousandth of the length, at least
    /// 0.2.
    #[serde(default)]
    pub length_sigma_m: Option<f64>,
    /// Speed limit, kilometres an hour. Where absent, only travel times are measured.
    #[serde(default)]
    pub limit_kmh: Option<f64>,
    /// Speed limit of trucks, where it differs.
    #[serde(default)]
    pub limit_truck_kmh: Option<f64>,
    /// Speed limit of buses, where it differs.
    #[serde(default)]
    pub limit_bus_kmh: Option<f64>,
    /// How long a passage may be kept, seconds, 120 to 3600. At least twice `travel_time_s_max` and
    /// 90 more.
    #[serde(default = "expiry_s")]
    pub expiry_s: f64,
    /// The longest travel time that is matched, seconds. Where absent, the time that the length
    /// takes at 10 km/h, or what `expiry_s` allows.
    #[serde(default)]
    pub travel_time_s_max: Option<f64>,
    /// No vehicle is faster, kilometres an hour.
    #[serde(default = "speed_kmh_max")]
    pub speed_kmh_max: f64,
    /// The gate by which vehicles come in.
    pub entry: SectionGate,
    /// The gate by which they leave.
    pub exit: SectionGate,
}

fn expiry_s() -> f64 {
    600.0
}

fn speed_kmh_max() -> f64 {
    250.0
}

/// A gate of a section: a line across the road that a vehicle's front crosses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionGate {
    /// The site whose file describes the gate, where that is not this one; the other keys are
    /// absent then.
    #[serde(default)]
    pub site: Option<String>,
    /// The camera of this file that sees the gate.
    #[serde(default)]
    pub camera: Option<String>,
    /// The two ends of the line, on the road plane.
    #[serde(default)]
    pub line_m: Option<[MetrePoint; 2]>,
    /// Lanes whose vehicles count. Their direction says which way the line is crossed.
    #[serde(default)]
    pub lanes: Option<Vec<String>>,
    /// Which way the line is crossed, degrees clockwise from north, where no lanes are named; every
    /// lane counts then.
    #[serde(default)]
    pub direction_deg: Option<f64>,
}

impl Section {
    /// One of its gates.
    #[must_use]
    pub fn gate(&self, end: SectionEnd) -> &SectionGate {
        match end {
            SectionEnd::Entry => &self.entry,
            SectionEnd::Exit => &self.exit,
        }
    }

    /// The name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// Standard deviation of the length, metres, with its default.
    #[must_use]
    pub fn length_sigma_m_or_default(&self) -> f64 {
        self.length_sigma_m.unwrap_or_else(|| (self.length_m / 1_000.0).max(0.2))
    }

    /// The longest travel time that is matched, seconds, with its default.
    #[must_use]
    pub fn travel_time_s_max_or_default(&self) -> f64 {
        let longest = (self.expiry_s - EXPIRY_MARGIN_S) / 2.0;
        self.travel_time_s_max.unwrap_or_else(|| (self.length_m / SLOW_KMH * 3.6).min(longest))
    }

    /// The shortest travel time that physics allows, seconds: the length, less three standard
    /// deviations, at `speed_kmh_max`.
    #[must_use]
    pub fn travel_time_s_min(&self) -> f64 {
        let shortest = self.length_m - 3.0 * self.length_sigma_m_or_default();
        (shortest / self.speed_kmh_max * 3.6).max(0.0)
    }

    /// The speed limit of a class, kilometres an hour; none where the section has none.
    #[must_use]
    pub fn limit_kmh_of(&self, class: MotorVehicleClass) -> Option<f64> {
        let own = match class {
            MotorVehicleClass::Truck => self.limit_truck_kmh,
            MotorVehicleClass::Bus => self.limit_bus_kmh,
            MotorVehicleClass::Car | MotorVehicleClass::Motorcycle => None,
        };
        own.or(self.limit_kmh)
    }
}
