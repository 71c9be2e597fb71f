//! How a sign is, for the console and for scripts.

use serde::Serialize;

/// How a sign is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignState {
    /// The sign.
    pub sign: String,
    /// Its junction.
    pub site: String,
    /// Its name for people.
    pub name: String,
    /// `matrix` or `billboard`.
    pub kind: &'static str,
    /// Whether it shows something.
    pub state: Standing,
    /// Why it is blank: `nothing`, `expired`, `no_source`, `clock_back` or `clock_ahead`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Lines of the text; empty where it is blank.
    pub text: Vec<String>,
    /// Name of the pictogram.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pictogram: Option<&'static str>,
    /// The same in MULTI; empty for a billboard.
    pub multi: String,
    /// Of what is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Since when what is shown holds, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When what is shown ends, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Who said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The page of the sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_url: Option<String>,
    /// Lamps of each page of a matrix sign; empty where it is blank.
    pub pages: Vec<Lamps>,
    /// Where the sign by the road is, for one that is reached over SNMP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Why the sign by the road does not do what it is told; none where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// Whether a sign shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It does.
    Showing,
    /// There is nothing to say.
    Blank,
    /// Nobody is there who could say anything, or the clock cannot be believed.
    NoSource,
}

/// A page of a matrix sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lamps {
    /// Row by row from the top, `#` lit and `.` dark.
    pub rows: Vec<String>,
    /// How long it is shown, milliseconds.
    pub on_ms: u32,
    /// How long the sign is dark after it, milliseconds.
    pub off_ms: u32,
}
