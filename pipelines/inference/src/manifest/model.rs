//! What the manifest says of a model.

use serde::Deserialize;

use super::layout::DetectionLayout;

/// One model: where it comes from, and what its tensors mean.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Short name, unique in the manifest: lower-case letters, digits and `-`.
    pub name: String,
    /// What it does.
    pub task: Task,
    /// Name of its file, without folders.
    pub file: String,
    /// Whether the file lies beside the manifest and is built into the program.
    #[serde(default)]
    pub embedded: bool,
    /// Addresses (https) that it can be had from, in order; none where it ships with the project.
    #[serde(default)]
    pub url: Vec<String>,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Size of the file, bytes.
    pub size_bytes: u64,
    /// Licence of the weights, as SPDX writes it.
    pub licence: String,
    /// Who trained it, on what, and where the file was taken from, in a sentence.
    pub source: String,
    /// What footage it was trained for.
    pub footage: ModelFootage,
    /// Its card, a file beside the manifest.
    pub card: String,
    /// The picture that goes in.
    pub input: Input,
    /// The tensors that come out, in any order.
    pub output: Vec<Tensor>,
    /// How the output becomes boxes; for `task = "road_users"`.
    #[serde(default)]
    pub detection: Option<DetectionLayout>,
}

/// What a model does. There is no task that tells one person from another, by design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Boxes of vehicles, bicycles and people. People only to be blurred and counted.
    RoadUsers,
    /// Boxes of faces, only to be blurred.
    Faces,
    /// Reads the plate inside the evidence of a recorded violation.
    PlateText,
    /// A vector from a vehicle's appearance, for sections.
    VehicleEmbedding,
    /// Which pixels are a vehicle's and which are others', only to hide those.
    VehicleOutline,
}

impl Task {
    /// The task's name in the manifest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RoadUsers => "road_users",
            Self::Faces => "faces",
            Self::PlateText => "plate_text",
            Self::VehicleEmbedding => "vehicle_embedding",
            Self::VehicleOutline => "vehicle_outline",
        }
    }
}

/// What footage a model was trained for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelFootage {
    /// Real roads.
    Real,
    /// Renderings: not to be relied on anywhere else.
    Simulated,
}

impl ModelFootage {
    /// The footage's name in the manifest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Simulated => "simulated",
        }
    }
}

/// A tensor of 32-bit floats.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tensor {
    /// Its name in the model.
    pub name: String,
    /// Extents; -1 where the model leaves one free.
    pub shape: Vec<i64>,
}

/// The picture that goes in, as planes: `[batch, 3, height, width]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The tensor's name in the model.
    pub name: String,
    /// Extents; -1 where the model leaves one free.
    pub shape: Vec<i64>,
    /// Order of the planes.
    pub colour: ColourOrder,
    /// What black and white become: `[0, 255]` is the byte itself.
    pub range: [f32; 2],
    /// Where the picture lies in the input when the aspect differs.
    pub letterbox: Letterbox,
    /// What fills the rest, as a byte before `range` is applied.
    #[serde(default)]
    pub pad: u8,
}

impl Input {
    /// Height and width, pixels; none where the model leaves them free.
    #[must_use]
    pub fn size_px(&self) -> Option<(u32, u32)> {
        let [_, _, height, width] = self.shape[..] else { return None };
        Some((u32::try_from(height).ok()?, u32::try_from(width).ok()?))
    }
}

/// Order of the colour planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourOrder {
    /// Blue first.
    Bgr,
    /// Red first.
    Rgb,
}

/// Where the picture lies in the input when the aspect differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letterbox {
    /// At the top left, aspect kept.
    TopLeft,
    /// In the middle, aspect kept.
    Centre,
    /// Stretched to fill the input.
    Stretch,
}
