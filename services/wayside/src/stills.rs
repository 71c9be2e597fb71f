//! Pictures in files of their own.

use std::path::Path;

use wayside_picture::{Matrix, Picture};

/// Largest side of a picture, pixels.
const SIDE_PX_MAX: u32 = 8_192;

/// A PNG or JPEG; a last column or row that is odd is cut off.
pub fn read(path: &Path) -> Result<Picture, String> {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(SIDE_PX_MAX);
    limits.max_image_height = Some(SIDE_PX_MAX);
    let mut reader = image::ImageReader::open(path)
        .and_then(image::ImageReader::with_guessed_format)
        .map_err(|error| error.to_string())?;
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| error.to_string())?.to_rgb8();
    let (width, height) = (picture.width() & !1, picture.height() & !1);
    let even = image::imageops::crop_imm(&picture, 0, 0, width, height).to_image();
    Picture::from_rgb(width, height, even.as_raw(), Matrix::Bt709)
        .map_err(|error| error.to_string())
}
