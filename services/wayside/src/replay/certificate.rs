//! What went in and what came out, by digest: two replays of the same inputs with the same version
//! have the same certificate, but for `partial` ones (EV-2).

use std::collections::BTreeMap;

use serde::Serialize;

/// `certificate.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    /// Version of this format.
    pub format: u32,
    /// Version of the program.
    pub program: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// Capture instant of the first frame, RFC 3339.
    pub start: String,
    /// Whether the replay ended before the recording did.
    pub partial: bool,
    /// Frames that were looked at.
    pub frames: u64,
    /// Whether the model was made for such footage; none without a model.
    pub model_fits_footage: Option<bool>,
    /// SHA-256 of inputs by name: video or tracks, site, signals, model, ONNX Runtime.
    pub inputs: BTreeMap<&'static str, String>,
    /// SHA-256 of outputs by file name.
    pub outputs: BTreeMap<&'static str, String>,
}
