//! What goes over the wire besides what the parts themselves say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which live picture to calibrate on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameRequest {
    /// The site.
    pub site: String,
    /// Its camera.
    pub camera: String,
}

/// Which picture of a recording to calibrate on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingFrameRequest {
    /// The recording.
    pub recording: String,
    /// Seconds from its beginning.
    #[serde(default)]
    pub at_s: f64,
    /// Whether it is a rendering and not a real road.
    #[serde(default)]
    pub simulated: bool,
}

/// A picture to calibrate on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftJson {
    /// Its id.
    pub draft: String,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
    /// Where it is, redacted; for an hour.
    pub picture: String,
}

/// A site file's text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextRequest {
    /// The text.
    pub toml: String,
}

/// A changed text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveRequest {
    /// The text.
    pub toml: String,
    /// SHA-256 of the text that was changed, hex.
    pub sha256: String,
}

/// A site file as an object.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComposeRequest {
    /// The object: keys and values of the site file.
    #[schema(value_type = Object)]
    pub site: serde_json::Value,
    /// The text that it was made of: what did not change keeps its form and its comments.
    #[serde(default)]
    pub onto: Option<String>,
}

/// A site file that is stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileJson {
    /// The text.
    pub toml: String,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// The same as an object, as it is written; none where it is no TOML.
    #[schema(value_type = Option<Object>)]
    pub site: Option<serde_json::Value>,
}

/// The sites that can be edited.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SitesJson {
    /// The sites.
    pub sites: Vec<crate::sites::ListedSite>,
    /// Whether new ones can be made.
    pub can_create: bool,
}

/// The recordings that are there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordingsJson {
    /// The recordings, the newest first.
    pub recordings: Vec<crate::recordings::Recording>,
    /// Most bytes of one.
    pub bytes_max: u64,
    /// Bytes that the disk still takes; none where the system does not say.
    pub bytes_left: Option<u64>,
    /// Endings of files that are usually decoded.
    pub extensions: Vec<&'static str>,
}

/// Jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobsJson {
    /// The jobs, the newest first.
    pub jobs: Vec<crate::jobs::Job>,
}

/// Whether a picture that is brought is a rendering.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// Whether it is a rendering and not a real road.
    #[serde(default)]
    pub simulated: bool,
}

/// What is to be done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderRequest {
    /// A recording under a site file.
    Replay {
        /// The recording.
        recording: String,
        /// The site; that of the draft where absent.
        #[serde(default)]
        site: Option<String>,
        /// A draft to use in place of the site's file.
        #[serde(default)]
        toml: Option<String>,
        /// Its camera; may be left out where it has one.
        #[serde(default)]
        camera: Option<String>,
        /// When the recording begins, RFC 3339; as the site file says where absent.
        #[serde(default)]
        start: Option<String>,
    },
    /// Stored observations under a draft: of a span of time, or of a replay that is done.
    Whatif {
        /// The site.
        site: String,
        /// The draft.
        toml: String,
        /// From this instant, RFC 3339.
        #[serde(default)]
        from: Option<String>,
        /// Up to this one; a day at most.
        #[serde(default)]
        to: Option<String>,
        /// The job whose observations are judged.
        #[serde(default)]
        observations: Option<String>,
    },
}

/// Name of a recording.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameQuery {
    /// What it is called.
    #[serde(default)]
    pub name: String,
}

/// Two jobs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairQuery {
    /// The first.
    pub a: String,
    /// The second.
    pub b: String,
}
