//! A picture as the input of a detector.

use crate::colour::ToRgb;
use crate::{Picture, PictureError};

/// Pixels converted at a time: a few vector registers, a multiple of two.
const STEP: usize = 32;

impl Picture {
    /// Writes the picture as planar BGR, 0 to 255, into the top left of an input of 3 x `height` x
    /// `width` values; the rest becomes `pad`. Values are those of [`Picture::to_rgb`].
    ///
    /// # Errors
    /// When the picture is larger than the input, or `out` is not as long as the input.
    pub fn to_bgr_planar_f32(
        &self,
        out: &mut [f32],
        width: u32,
        height: u32,
        pad: f32,
    ) -> Result<(), PictureError> {
        if self.width > width || self.height > height {
            return Err(PictureError::Mismatch {
                expected: (width, height),
                found: (self.width, self.height),
            });
        }
        let (stride, plane) = (width as usize, width as usize * height as usize);
        if out.len() != 3 * plane {
            let (expected, found) = (3 * plane, out.len());
            let what = "an input of three planes";
            return Err(PictureError::Length { what, width, height, expected, found });
        }
        let (blue, rest) = out.split_at_mut(plane);
        let (green, red) = rest.split_at_mut(plane);
        let (w, used) = (self.width as usize, self.height as usize * stride);
        for (row, y) in self.y.chunks_exact(w).enumerate() {
            let at = row * stride;
            let half = row / 2 * (w / 2);
            let (u, v) = (&self.u[half..half + w / 2], &self.v[half..half + w / 2]);
            let planes = [&mut red[at..at + w], &mut green[at..at + w], &mut blue[at..at + w]];
            write_row(&self.matrix.yuv_to_rgb(), y, u, v, planes);
            for plane in [&mut *red, &mut *green, &mut *blue] {
                plane[at + w..at + stride].fill(pad);
            }
        }
        for plane in [red, green, blue] {
            plane[used..].fill(pad);
        }
        Ok(())
    }
}

fn write_row(k: &ToRgb, y: &[u8], u: &[u8], v: &[u8], planes: [&mut [f32]; 3]) {
    let [red, green, blue] = planes;
    let mut chroma = [[0i32; STEP]; 3];
    let chunks = y.chunks(STEP).zip(u.chunks(STEP / 2)).zip(v.chunks(STEP / 2));
    let outs = red.chunks_mut(STEP).zip(green.chunks_mut(STEP)).zip(blue.chunks_mut(STEP));
    for (((y, u), v), ((red, green), blue)) in chunks.zip(outs) {
        for (i, (u, v)) in u.iter().zip(v).enumerate() {
            let terms = k.chroma(*u, *v);
            for (row, term) in chroma.iter_mut().zip(terms) {
                row[2 * i] = term;
                row[2 * i + 1] = term;
            }
        }
        for (out, chroma) in [red, green, blue].into_iter().zip(&chroma) {
            for ((out, y), chroma) in out.iter_mut().zip(y).zip(chroma) {
                *out = ToRgb::value(k.luma(*y) + chroma) as f32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Matrix, PAD};

    fn noise(width: u32, height: u32, seed: u32, matrix: Matrix) -> Picture {
        let mut state = seed | 1;
        let mut next = |n: u32| {
            (0..n)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect::<Vec<u8>>()
        };
        let n = width * height;
        Picture::new(width, height, next(n), next(n / 4), next(n / 4), matrix).unwrap()
    }

    proptest! {
        #[test]
        fn the_input_holds_the_values_of_to_rgb_and_the_pad(
            half_w in 1u32..40, half_h in 1u32..6, more_w in 0u32..5, more_h in 0u32..5,
            seed in any::<u32>(), hd in any::<bool>(),
        ) {
            let matrix = if hd { Matrix::Bt709 } else { Matrix::Bt601 };
            let picture = noise(2 * half_w, 2 * half_h, seed, matrix);
            let (w, h) = (picture.width + more_w, picture.height + more_h);
            let plane = (w * h) as usize;
            let mut out = vec![-1.0; 3 * plane];
            picture.to_bgr_planar_f32(&mut out, w, h, PAD).unwrap();
            let rgb = picture.to_rgb();
            for y in 0..h {
                for x in 0..w {
                    for c in 0..3usize {
                        let got = out[(2 - c) * plane + (y * w + x) as usize];
                        let want = if x < picture.width && y < picture.height {
                            f32::from(rgb[3 * (y * picture.width + x) as usize + c])
                        } else {
                            PAD
                        };
                        prop_assert_eq!(got, want);
                    }
                }
            }
        }
    }

    #[test]
    fn a_picture_that_is_too_large_is_refused() {
        let picture = noise(8, 8, 1, Matrix::Bt601);
        let error = picture.to_bgr_planar_f32(&mut [0.0; 3 * 6 * 8], 6, 8, PAD).unwrap_err();
        insta::assert_snapshot!(error, @"a picture of 8x8 pixels does not fit 6x8");
        let error = picture.to_bgr_planar_f32(&mut [0.0; 10], 8, 8, PAD).unwrap_err();
        insta::assert_snapshot!(error, @"an input of three planes of 8x8 pixels has 192 values, not 10");
    }
}
