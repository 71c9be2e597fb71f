//! From picture planes to red, green and blue, for stills and the drawn site.

use image::{Rgb, RgbImage};
use wayside_picture::{Matrix, Picture, PixelRect};

/// One pixel; black outside the picture. Limited range, chroma of the nearest sample.
pub(crate) fn pixel_rgb(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let across = picture.width / 2;
    let at = |plane: &[u8], index: u32| plane.get(index as usize).copied();
    let chroma = (y / 2) * across + (x / 2).min(across.saturating_sub(1));
    if x >= picture.width || y >= picture.height {
        return [0; 3];
    }
    let (Some(y), Some(u), Some(v)) = (
        at(&picture.y, y * picture.width + x),
        at(&picture.u, chroma).or(Some(128)),
        at(&picture.v, chroma).or(Some(128)),
    ) else {
        return [0; 3];
    };
    let (kr, kb) = match picture.matrix {
        Matrix::Bt601 => (0.299f32, 0.114f32),
        Matrix::Bt709 => (0.2126, 0.0722),
    };
    let kg = 1.0 - kr - kb;
    let luma = (f32::from(y) - 16.0) * (255.0 / 219.0);
    let (cb, cr) =
        ((f32::from(u) - 128.0) * (255.0 / 112.0), (f32::from(v) - 128.0) * (255.0 / 112.0));
    let (r, b) = (luma + (1.0 - kr) * cr, luma + (1.0 - kb) * cb);
    let g = (luma - kr * r - kb * b) / kg;
    [r, g, b].map(|value| value.round().clamp(0.0, 255.0) as u8)
}

/// A part of the picture; parts outside are cut off.
pub(crate) fn crop_rgb(picture: &Picture, crop: PixelRect) -> RgbImage {
    let x = crop.x.min(picture.width);
    let y = crop.y.min(picture.height);
    let width = crop.width.min(picture.width - x);
    let height = crop.height.min(picture.height - y);
    RgbImage::from_fn(width, height, |dx, dy| Rgb(pixel_rgb(picture, x + dx, y + dy)))
}
