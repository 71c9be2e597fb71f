//! Roadside signs: what each is, what it may show, and how it is reached.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sign by the road, or a page on a screen. It shows text and pictograms and nothing else, each for a
/// time that is stated beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Name, unique among all sites that share a bus.
    pub id: String,
    /// Name for people; the id where absent.
    #[serde(default)]
    pub name: String,
    /// What it is made of.
    pub kind: SignKind,
    /// Width of a matrix sign, lamps; absent where it has `columns`.
    #[serde(default)]
    pub width_px: Option<u32>,
    /// Height of a matrix sign, lamps; absent where it has `rows`.
    #[serde(default)]
    pub height_px: Option<u32>,
    /// Lines of a matrix sign that has a module for each character.
    #[serde(default)]
    pub rows: Option<u32>,
    /// Characters of a line of such a sign.
    #[serde(default)]
    pub columns: Option<u32>,
    /// Pages that one message may have; each is shown for three seconds, in turn.
    #[serde(default = "pages_max")]
    pub pages_max: u32,
    /// Language of its texts, two letters; a template has to have it.
    #[serde(default = "language")]
    pub language: String,
    /// A source of messages that is silent for this long has its messages withdrawn, seconds.
    #[serde(default = "source_timeout_s")]
    pub source_timeout_s: f64,
    /// How a sign by the road is reached; absent where it is a page only.
    #[serde(default)]
    pub snmp: Option<SignSnmp>,
    /// What it may show.
    #[serde(default, rename = "message")]
    pub messages: Vec<SignEntry>,
}

fn pages_max() -> u32 {
    2
}

fn language() -> String {
    "en".to_owned()
}

fn source_timeout_s() -> f64 {
    15.0
}

impl Sign {
    /// The name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

/// What a sign is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// Lamps in rows and columns, one colour.
    Matrix,
    /// A screen that shows a page.
    Billboard,
}

/// One kind of message that a sign may show, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignEntry {
    /// Name of the template: its texts, its pictogram, and what brings it about.
    pub template: String,
    /// Where it has to happen: crossings, stop lines, lanes, approaches or conflict areas of this file.
    /// Anywhere at the junction where absent.
    #[serde(default)]
    pub places: Option<Vec<String>>,
    /// The section whose travel time or speed is meant, for templates that tell one.
    #[serde(default)]
    pub section: Option<String>,
    /// 1 to 255, the highest is shown; the template's where absent.
    #[serde(default)]
    pub priority: Option<u32>,
    /// How long it is shown after what brought it about, seconds, 2 to 3600; the template's where absent.
    #[serde(default)]
    pub hold_s: Option<f64>,
    /// How often it has to happen within `window_s`.
    #[serde(default = "count_min")]
    pub count_min: u32,
    /// Seconds over which is counted.
    #[serde(default = "window_s")]
    pub window_s: f64,
    /// Shown where the section's median speed is at most this, kilometres an hour; the template's where
    /// absent.
    #[serde(default)]
    pub speed_kmh_max: Option<f64>,
    /// Hours of the day, local time, in which it is not shown, as in "22:00-05:00".
    #[serde(default)]
    pub quiet_hours: Vec<String>,
}

fn count_min() -> u32 {
    1
}

fn window_s() -> f64 {
    60.0
}

/// How a sign by the road is reached: NTCIP 1203 over SNMP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignSnmp {
    /// Host and port, as in "10.1.2.3:161".
    pub address: String,
    /// Version of the protocol.
    #[serde(default)]
    pub version: SnmpVersion,
    /// File with the community, relative to the site file; for `v1` and `v2c`.
    #[serde(default)]
    pub community_file: Option<String>,
    /// User; for `v3`.
    #[serde(default)]
    pub user: Option<String>,
    /// File with the password of authentication (SHA-256), relative to the site file; for `v3`.
    #[serde(default)]
    pub auth_file: Option<String>,
    /// File with the password of encryption (AES-128), relative to the site file; for `v3`. Where absent,
    /// what is sent is signed and not encrypted.
    #[serde(default)]
    pub privacy_file: Option<String>,
}

/// Version of SNMP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnmpVersion {
    /// SNMPv1, which NTCIP asks for at least: the community goes over the network as it is.
    V1,
    /// SNMPv2c: the same.
    #[default]
    V2c,
    /// SNMPv3: signed, and encrypted where there is a password for it.
    V3,
}
