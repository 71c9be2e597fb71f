//! `wayside whatif`: stored observations judged twice, under the site file in force and under a draft.
//!
//! `file` and `topic` read observations, `rerun` judges them, `compare` and `differ` say what became
//! of each event, `keys` what the draft changes, `blind` what of that stored observations cannot
//! show, `text` and `object` print it.
//!
//! `compare`, `differ`, `keys` and `text` are pure: the same observations and site files give the
//! same bytes. Deliberately absent: pictures (a camera's calibration cannot be tried on tracks that
//! were made with another), counts of people and traffic, `section_speed` (passages expire within
//! minutes), and any change to what runs: whoever wants the draft puts it in the site file's place.

pub mod blind;
pub mod compare;
pub mod differ;
pub mod file;
pub mod keys;
pub mod object;
pub mod rerun;
pub mod text;
pub mod topic;

use std::collections::BTreeMap;

use wayside_proto::EventTime;

/// What is told about a rerun besides its events.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The junction.
    pub site: String,
    /// The site file in force, as named.
    pub in_force: String,
    /// The draft, as named.
    pub draft: String,
    /// Where the observations come from.
    pub source: String,
    /// Observations judged, by camera.
    pub cameras: BTreeMap<String, u64>,
    /// First and last instant of them.
    pub span: Option<(EventTime, EventTime)>,
    /// Keys that differ.
    pub keys: Vec<keys::KeyChange>,
    /// What to know before one believes the result.
    pub warnings: Vec<String>,
}
