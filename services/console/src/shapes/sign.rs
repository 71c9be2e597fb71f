//! Roadside signs. Text and pictograms only: there is no place for a picture, a plate or a person.

use serde::Serialize;
use utoipa::ToSchema;

/// What a sign does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignCondition {
    /// It shows a message.
    Showing,
    /// It shows nothing.
    Blank,
    /// Nothing is heard of its source, so it shows nothing.
    NoSource,
}

/// A sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignJson {
    /// Its id.
    pub sign: String,
    /// The junction.
    pub site: String,
    /// Its name for people.
    pub name: String,
    /// `matrix` or `billboard`.
    pub kind: String,
    /// What it does.
    pub state: SignCondition,
    /// Why it shows nothing: `nothing`, `expired`, `no_source`, `clock_back` or `clock_ahead`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The lines that it shows.
    pub text: Vec<String>,
    /// Name of the pictogram that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pictogram: Option<String>,
    /// The same in MULTI (NTCIP 1203) markup; empty where it is blank, and of a billboard.
    pub multi: String,
    /// Priority of the message, 1 to 255; the highest is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Since when what is shown holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When the message ends at the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Where its full-screen page is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_url: Option<String>,
    /// Lamps of each page of a matrix sign; empty where it is blank or has none.
    pub pages: Vec<SignPage>,
    /// Why the sign by the road does not do what it is told; absent where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// A page of a matrix sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignPage {
    /// Row by row from the top, `#` lit and `.` dark.
    pub rows: Vec<String>,
    /// How long it is shown, milliseconds.
    pub on_ms: u32,
    /// How long the sign is dark after it, milliseconds.
    pub off_ms: u32,
}
