//! Stills for the report.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use wayside_picture::{Picture, PixelRect};

use super::rgb::crop_rgb;

/// JPEG quality, 1 to 100.
const QUALITY: u8 = 80;

/// A part of a picture as JPEG, scaled down to at most `width_max` pixels across (never up).
///
/// The picture must be redacted already (PV-1). The part is cut to the picture; where nothing of
/// it lies inside, or the encoder fails, the result is empty.
#[must_use]
pub fn encode_still(picture: &Picture, crop: PixelRect, width_max: u32) -> Vec<u8> {
    let whole = crop_rgb(picture, crop);
    if whole.width() == 0 || whole.height() == 0 || width_max == 0 {
        return Vec::new();
    }
    let scaled = if whole.width() > width_max {
        let share = f64::from(width_max) / f64::from(whole.width());
        let height = (f64::from(whole.height()) * share).round().max(1.0) as u32;
        resize(&whole, width_max, height, FilterType::Triangle)
    } else {
        whole
    };
    let mut jpeg = Vec::new();
    match JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&scaled) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn picture() -> Picture {
        Picture {
            width: 64,
            height: 32,
            y: Arc::new((0..64 * 32).map(|i| (i % 200) as u8 + 16).collect()),
            u: Arc::new(vec![120; 32 * 16]),
            v: Arc::new(vec![140; 32 * 16]),
            matrix: wayside_picture::Matrix::Bt709,
        }
    }

    #[test]
    fn stills_are_scaled_down_and_never_up() {
        let crop = PixelRect { x: 8, y: 4, width: 40, height: 20 };
        let size = |width_max| {
            let jpeg = encode_still(&picture(), crop, width_max);
            let read = image::load_from_memory(&jpeg).expect("a JPEG");
            (read.width(), read.height())
        };
        assert_eq!(size(20), (20, 10));
        assert_eq!(size(640), (40, 20));
    }

    #[test]
    fn a_crop_outside_the_picture_is_cut() {
        let beyond = PixelRect { x: 60, y: 30, width: 4000, height: u32::MAX };
        let read = image::load_from_memory(&encode_still(&picture(), beyond, 640)).expect("a JPEG");
        assert_eq!((read.width(), read.height()), (4, 2));
        let outside = PixelRect { x: 64, y: 0, width: 10, height: 10 };
        assert!(encode_still(&picture(), outside, 640).is_empty());
    }
}
