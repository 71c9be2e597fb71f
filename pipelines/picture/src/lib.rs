//! A decoded picture (planar YUV 4:2:0, BT.601 or BT.709 limited range) and plain operations on it.
//!
//! Deliberately absent: decoding, drawing of text, models.

use std::sync::Arc;

/// A decoded picture in planar YUV 4:2:0 without padding. Width and height are even.
///
/// Planes are shared: a clone is cheap, and writing to a shared plane copies it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Luma, `width * height` bytes.
    pub y: Arc<Vec<u8>>,
    /// Blue difference, `width / 2 * height / 2` bytes.
    pub u: Arc<Vec<u8>>,
    /// Red difference, as `u`.
    pub v: Arc<Vec<u8>>,
    /// Which matrix leads to RGB.
    pub matrix: Matrix,
}

/// The colour matrix of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matrix {
    /// ITU-R BT.601, usual below 720 lines.
    Bt601,
    /// ITU-R BT.709, usual from 720 lines.
    #[default]
    Bt709,
}

/// A rectangle of whole pixels inside a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PixelRect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// One object that a detector found in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// What it is.
    pub class: wayside_proto::RoadUserClass,
    /// The detector's score, 0 to 1.
    pub score: f32,
    /// Where it is.
    pub box_px: wayside_proto::BoxPx,
}
