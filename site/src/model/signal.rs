//! Signal groups and where their states come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the states of signal groups come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// Log of the controller, relative to the site file: CSV `time_s,group,state` or JSON lines
    /// with the same keys, seconds from `site.start`.
    #[serde(default)]
    pub log: Option<String>,
    /// How far two sources may be apart at a change before they disagree, seconds.
    #[serde(default = "tolerance_s")]
    pub tolerance_s: f64,
    /// How long a recorded state is believed when no further record of its group follows, seconds.
    #[serde(default = "state_s_max")]
    pub state_s_max: f64,
}

impl Default for Signals {
    fn default() -> Self {
        Self { log: None, tolerance_s: tolerance_s(), state_s_max: state_s_max() }
    }
}

fn tolerance_s() -> f64 {
    0.5
}

fn state_s_max() -> f64 {
    120.0
}

/// A set of signal heads that always show the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalGroup {
    /// Name, as in the log.
    pub id: String,
    /// For whom the heads are.
    #[serde(default)]
    pub kind: SignalGroupKind,
}

/// For whom signal heads are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalGroupKind {
    /// Vehicles.
    #[default]
    Vehicle,
    /// People on foot.
    Pedestrian,
}
