//! Cropping and scaling.

use std::sync::Arc;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::picture::plane_lengths;
use crate::{Matrix, Picture, PictureError, PixelRect};

/// Crops and scales pictures; keeps its buffers from call to call.
///
/// The filter is a triangle as wide as the ratio (bilinear convolution): when it scales down, every
/// source pixel counts, so thin things do not flicker. The sums are on integers, and the vector
/// and the plain code give the same bytes.
pub struct Scaler {
    resizer: Resizer,
    out: Picture,
}

impl Default for Scaler {
    fn default() -> Self {
        Self::new()
    }
}

impl Scaler {
    /// A scaler without buffers yet.
    #[must_use]
    pub fn new() -> Self {
        let empty = || Arc::new(Vec::new());
        let out = Picture {
            width: 0,
            height: 0,
            y: empty(),
            u: empty(),
            v: empty(),
            matrix: Matrix::default(),
        };
        Self { resizer: Resizer::new(), out }
    }

    /// The part of `source` inside `rect` (clipped and grown to even edges), scaled to `width` x
    /// `height` pixels, both even. The result is overwritten by the next call; a clone of it stays.
    ///
    /// # Errors
    /// When nothing of the rectangle is inside, or the size asked for is zero or odd.
    pub fn scale(
        &mut self,
        source: &Picture,
        rect: PixelRect,
        width: u32,
        height: u32,
    ) -> Result<&Picture, PictureError> {
        let (luma, chroma) = plane_lengths(width, height)?;
        let rect = source.clip(rect)?;
        let out = &mut self.out;
        (out.width, out.height, out.matrix) = (width, height, source.matrix);
        for (plane, length) in [(&mut out.y, luma), (&mut out.u, chroma), (&mut out.v, chroma)] {
            // A plane that the caller still holds is left to the caller.
            match Arc::get_mut(plane) {
                Some(plane) => plane.resize(length, 0),
                None => *plane = Arc::new(vec![0; length]),
            }
        }
        let size = (source.width, source.height);
        let half_size = (source.width / 2, source.height / 2);
        let half = rect.halved();
        let resizer = &mut self.resizer;
        resize(resizer, &source.y, size, rect, &mut out.y, (width, height))?;
        resize(resizer, &source.u, half_size, half, &mut out.u, (width / 2, height / 2))?;
        resize(resizer, &source.v, half_size, half, &mut out.v, (width / 2, height / 2))?;
        Ok(out)
    }
}

fn resize(
    resizer: &mut Resizer,
    source: &[u8],
    size: (u32, u32),
    rect: PixelRect,
    out: &mut Arc<Vec<u8>>,
    out_size: (u32, u32),
) -> Result<(), PictureError> {
    let mismatch = || PictureError::Mismatch { expected: out_size, found: size };
    let source = ImageRef::new(size.0, size.1, source, PixelType::U8).map_err(|_| mismatch())?;
    let out = Arc::make_mut(out).as_mut_slice();
    let mut out =
        Image::from_slice_u8(out_size.0, out_size.1, out, PixelType::U8).map_err(|_| mismatch())?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
        .crop(rect.x.into(), rect.y.into(), rect.width.into(), rect.height.into());
    resizer.resize(&source, &mut out, &options).map_err(|_| mismatch())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(width: u32, height: u32) -> Picture {
        let plane = |w: u32, h: u32, k: u32| {
            (0..w * h).map(|i| (((i % w) * k) ^ ((i / w) * (k + 2))) as u8).collect::<Vec<u8>>()
        };
        let (y, u, v) = (
            plane(width, height, 3),
            plane(width / 2, height / 2, 5),
            plane(width / 2, height / 2, 7),
        );
        Picture::new(width, height, y, u, v, Matrix::Bt709).unwrap()
    }

    fn checksum(picture: &Picture) -> u64 {
        let bytes = picture.y.iter().chain(picture.u.iter()).chain(picture.v.iter());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    #[test]
    fn the_bytes_are_the_same_on_every_machine() {
        let source = pattern(320, 200);
        let rect = PixelRect { x: 21, y: 11, width: 201, height: 155 };
        let mut scaler = Scaler::new();
        let down = checksum(scaler.scale(&source, rect, 96, 64).unwrap());
        let up = checksum(scaler.scale(&source, rect, 416, 300).unwrap());
        insta::assert_snapshot!(format!("{down:016x} {up:016x}"), @"ec34bda4019df13f 5d3e0a4b7c3c1c0c");
    }

    #[test]
    fn scaling_down_averages() {
        let mut source = Picture::filled(64, 64, [0, 128, 128], Matrix::Bt601).unwrap();
        for row in Arc::make_mut(&mut source.y).chunks_exact_mut(64) {
            row.iter_mut().step_by(2).for_each(|s| *s = 200);
        }
        let mut scaler = Scaler::new();
        let small = scaler.scale(&source, source.rect(), 16, 16).unwrap();
        assert!(small.y.iter().all(|s| s.abs_diff(100) <= 7), "{:?}", &small.y[..16]);
    }

    #[test]
    fn a_result_that_is_kept_is_not_overwritten() {
        let source = pattern(64, 64);
        let mut scaler = Scaler::new();
        let kept = scaler.scale(&source, source.rect(), 32, 32).unwrap().clone();
        let copy = kept.crop(kept.rect()).unwrap();
        let other = PixelRect { x: 0, y: 0, width: 16, height: 16 };
        scaler.scale(&source, other, 32, 32).unwrap();
        assert_eq!(kept, copy);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn one_colour_stays_and_sizes_hold(
            x in 0u32..70, y in 0u32..70, w in 1u32..90, h in 1u32..90,
            half_w in 1u32..40, half_h in 1u32..40, yuv in any::<[u8; 3]>(),
        ) {
            let source = Picture::filled(66, 62, yuv, Matrix::Bt601).unwrap();
            let rect = PixelRect { x, y, width: w, height: h };
            let mut scaler = Scaler::new();
            match scaler.scale(&source, rect, 2 * half_w, 2 * half_h) {
                Ok(out) => {
                    let want = Picture::filled(2 * half_w, 2 * half_h, yuv, Matrix::Bt601).unwrap();
                    prop_assert_eq!(out, &want);
                }
                Err(_) => prop_assert!(x >= 66 || y >= 62),
            }
        }
    }
}
