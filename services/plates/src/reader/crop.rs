//! Pictures: decoding with limits, and the vehicle cut out.

use std::io::Cursor;

use image::{ImageReader, Limits, RgbImage};
use wayside_proto::BoxPx;

/// The largest side of a still, pixels.
const SIDE_PX_MAX: u32 = 8192;
/// Bytes that decoding may take.
const DECODE_BYTES_MAX: u64 = 512 << 20;
/// A vehicle smaller than this shows no plate, pixels.
const VEHICLE_PX_MIN: u32 = 40;

/// A still as a picture.
pub(super) fn decode(jpeg: &[u8]) -> Result<RgbImage, String> {
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), image::ImageFormat::Jpeg);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PX_MAX);
    limits.max_image_height = Some(SIDE_PX_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    reader.decode().map(image::DynamicImage::into_rgb8).map_err(|error| error.to_string())
}

/// The part of the picture inside the box, which is in pixels of a picture of `size`; none where it is
/// too small or outside.
pub(super) fn vehicle(picture: &RgbImage, box_px: BoxPx, size: (u32, u32)) -> Option<RgbImage> {
    let (sx, sy) = (
        picture.width() as f32 / size.0.max(1) as f32,
        picture.height() as f32 / size.1.max(1) as f32,
    );
    let clip = |value: f32, max: u32| value.round().clamp(0.0, max as f32) as u32;
    let (x0, x1) = (clip(box_px.x0 * sx, picture.width()), clip(box_px.x1 * sx, picture.width()));
    let (y0, y1) = (clip(box_px.y0 * sy, picture.height()), clip(box_px.y1 * sy, picture.height()));
    let (width, height) = (x1.saturating_sub(x0), y1.saturating_sub(y0));
    if width < VEHICLE_PX_MIN || height < VEHICLE_PX_MIN {
        return None;
    }
    Some(image::imageops::crop_imm(picture, x0, y0, width, height).to_image())
}
