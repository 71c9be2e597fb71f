//! A decoded picture (planar YUV 4:2:0, BT.601 or BT.709 limited range) and plain operations on it.
//!
//! `picture` checks sizes, `rect` clips, `colour` and `rgb` convert, `scale` and `tensor` lead to a
//! detector's input, `hide` makes parts unrecognisable, `blocks` measures change.
//!
//! Deliberately absent: decoding, drawing of text, models, threads. The same input gives the same
//! bytes on every machine: all arithmetic on samples is on integers.

mod blocks;
mod colour;
mod hide;
mod letterbox;
mod picture;
mod rect;
mod rgb;
mod scale;
mod tensor;

pub use blocks::{BlockMeans, MEAN_STEPS};
pub use colour::Matrix;
pub use letterbox::{LetterBox, PAD};
pub use picture::{Picture, PictureError};
pub use rect::PixelRect;
pub use scale::Scaler;

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
