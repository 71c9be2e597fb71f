//! What the manifest says of a detector's output.

use std::collections::BTreeMap;

use serde::Deserialize;
use wayside_proto::RoadUserClass;

/// How the output of a detector of road users becomes boxes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionLayout {
    /// The meaning of the numbers.
    pub format: DetectionFormat,
    /// Pixels of the input per cell, for each level in order of the rows.
    pub strides: Vec<u32>,
    /// Score from which a detection alone is believed, 0 to 1.
    pub score_min: f32,
    /// Score from which a detection may continue a track, 0 to 1.
    pub score_low: f32,
    /// Overlap (intersection over union) from which two boxes are one object.
    pub nms_iou: f32,
    /// Which box of an object leaves the detector.
    #[serde(default, rename = "box")]
    pub box_kind: BoxKind,
    /// Share of vehicles that the model finds, 0 to 1, by their height in its input, pixels,
    /// ascending: `[height, share]`. Regions are chosen by it; empty where nobody measured it.
    #[serde(default, deserialize_with = "points")]
    pub found_by_height_px: Vec<[f64; 2]>,
    /// Class number of the model (a string, since TOML keys are) to class of road user. Numbers
    /// that are not listed are not road users.
    #[serde(deserialize_with = "labels")]
    pub labels: BTreeMap<u32, RoadUserClass>,
}

/// The meaning of a detector's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectionFormat {
    /// YOLOX without decoding: a row per cell with `x, y, log w, log h, objectness, class scores`;
    /// centre = (value + cell) x stride, extent = exp(value) x stride, score = objectness x class.
    Yolox,
    /// Class heat and distances, as in "Training-Time-Friendly Network for Real-Time Object
    /// Detection" (Liu et al. 2020), one level. `heat` `[batch, classes, rows, columns]` is the
    /// score; `boxes` `[batch, 8, rows, columns]` are the distances, in pixels of the input, from
    /// the cell's centre to left, top, right, bottom of the modal box, then of the amodal one. An
    /// object is where the heat is the largest of its 3 x 3 neighbourhood in its class.
    Ttfnet,
}

/// Which box of an object is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxKind {
    /// Around what is visible.
    #[default]
    Modal,
    /// Around the whole object, what other objects hide included, as far as it is in the picture.
    Amodal,
}

impl DetectionLayout {
    /// Rows of the output for an input of this size: a cell per stride.
    #[must_use]
    pub fn rows(&self, height_px: u32, width_px: u32) -> u64 {
        self.strides
            .iter()
            .map(|&stride| {
                u64::from(height_px / stride.max(1)) * u64::from(width_px / stride.max(1))
            })
            .sum()
    }

    /// Rows and columns of the first level's cells for an input of this size.
    #[must_use]
    pub fn cells(&self, height_px: u32, width_px: u32) -> (u32, u32) {
        let stride = self.strides.first().copied().unwrap_or(1).max(1);
        (height_px / stride, width_px / stride)
    }
}

/// Pairs of numbers. (Into an array of two, a third number would be dropped without a word.)
fn points<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<[f64; 2]>, D::Error> {
    use serde::de::Error as _;
    let raw = Vec::<Vec<f64>>::deserialize(deserializer)?;
    raw.into_iter()
        .map(|point| {
            <[f64; 2]>::try_from(point)
                .map_err(|point| D::Error::custom(format!("{point:?} is not [height, share]")))
        })
        .collect()
}

fn labels<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<u32, RoadUserClass>, D::Error> {
    use serde::de::Error as _;
    let raw = BTreeMap::<String, String>::deserialize(deserializer)?;
    raw.into_iter()
        .map(|(number, name)| {
            let number = number.parse().map_err(|_| {
                D::Error::custom(format!("label `{number}` is not a class number of the model"))
            })?;
            let class = RoadUserClass::parse(&name).ok_or_else(|| {
                let known = RoadUserClass::ALL.map(RoadUserClass::as_str).join(", ");
                D::Error::custom(format!("`{name}` is not a class of road user: {known}"))
            })?;
            Ok((number, class))
        })
        .collect()
}
